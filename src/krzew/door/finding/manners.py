"""What people say around a need: a greeting, thanks, who they are and where to call. None of it is the need."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from krzew.door.finding.masking import mask
from krzew.door.finding.words import Token
from krzew.methods.similarity import fold

_POLITE = r"""
dzien dobry
dobry wieczor
witam( serdecznie)?
szanown[iaey] (panstwo|panie|pani)
czesc
hej
nazywam sie
(mam )?na imie
moj (telefon|numer)( telefonu)?( to)?(?=\W*\d)
(nr )?tel(efon)?\.?(?=\W*\d)
(z gory )?(bardzo |serdecznie )?dziekuje(my)?( za (odpowiedz|pomoc|rade|uwage))?
((bardzo|uprzejmie) )?prosz[ea]( bardzo)? o (pomoc|rade|porade|odpowiedz|kontakt|informacje|wskazowk[ei])
(serdecznie )?pozdrawiam(y)?( serdecznie)?
z (powazaniem|wyrazami szacunku)
(pisze|zwracam sie) (do (panstwa|was) )?(w|z) (takiej |nastepujacej |taka )?(sprawie|sprawa|prosba)( o pomoc)?
nie wiem,? (juz )?(do kogo|gdzie|dokad) (mam )?sie (z tym )?(zwrocic|udac|zglosic)
hello
good (morning|afternoon|evening)
dear (sir|madam|all)( or madam)?
my name is
my (tele)?phone( number)? is(?=\W*\d)
(many )?thank(s| you)( (very|so) much)?( in advance)?( for (your )?(help|answer|reply))?
((could|can) you )?please help( me| us)?
(could|can) you help( me| us)?
(kind|best) regards
yours (sincerely|faithfully)
i (do not|don't) know (who|whom|where) (to (ask|turn)|i should ask)( to)?
"""
POLITE = re.compile(rf"(?<!\w)({'|'.join(_POLITE.strip().splitlines())})(?!\w)")
"""Over folded text."""
PLACE = re.compile(
    r"(?<!\w)((?i:mieszkamy?|jestem|jeste[sś]my|pisz[eę])\s(w|we|z|ze|pod|ko[lł]o|spod)"
    r"|(I|i|We|we)\slive\s(in|near))"
    r"\s[A-ZĆŁŚŹŻ][\w-]+(\s[A-ZĆŁŚŹŻ][\w-]+)?(?=\s*[.,;!?\n]|\s+(i|and)\s|$)"
)
"""Where somebody lives, if a sentence or a clause says nothing else."""


def without_manners(tokens: list[Token], text: str, named: Sequence[tuple[int, ...]] = ()) -> list[Token]:
    """Words of greetings, names, numbers and addresses say nothing; all others stay as they are. `named`: positions of each
    phrase that the thesaurus names: who says that she is from Ukraine says something."""
    telling = {tokens[at[-1]].end for at in named}
    spans = [*_spans(text), *(m.span() for m in PLACE.finditer(text) if m.end() not in telling)]
    return [replace(t, mute=True) if any(a <= t.start < b for a, b in spans) else t for t in tokens]


def _spans(text: str) -> Iterator[tuple[int, int]]:
    plain = fold(text)
    if len(plain) == len(text):  # a rare letter that folds into two would move everything behind it
        yield from (match.span() for match in POLITE.finditer(plain))
    yield from ((found.start, found.end) for found in mask(text).found)
