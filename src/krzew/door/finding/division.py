"""Two needs in one text: where it falls into parts that speak of different things."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from krzew.door.finding.heard import Heard, strength
from krzew.door.finding.index import Index, unit
from krzew.door.finding.ranking import Asked
from krzew.door.finding.reading import Floats
from krzew.door.finding.sure import says_enough

Places = tuple[int, ...]
ALIKE, AS_GOOD = 0.3, 0.85
"""Parts speak of different things when their cosine is below this, and each must find its card nearly as well as the whole
text does."""
MOST_PIECES, LEAST_WORDS = 10, 2
_JOINING = """
a i oraz ale bo no wiec poza do jeszcze dodatkowo and also but
"""
JOINING = frozenset(_JOINING.split())
ADDING = frozenset(["i", "oraz", "and"])
"""Words after which a clause, and those at which any phrase, may turn to something else."""


def parts_of(whole: Asked, most: int) -> list[Asked]:
    """The whole text, or its parts when each of them says enough by itself; the one that the whole leans to comes first."""
    found = [whole.places]
    while len(found) < most:
        divided = ((_divided(whole, part), n) for n, part in enumerate(found))
        two, at = next(((two, n) for two, n in divided if two), ((), 0))
        if not two:
            break
        found[at : at + 1] = two
    if len(found) == 1:
        return [whole]
    first, *later = found
    return [whole.part(first, lit=True), *(whole.part(part) for part in later)]


def _divided(whole: Asked, part: Places) -> tuple[Places, ...]:
    """The best division of a part into one stretch and the rest; nothing when it speaks of one thing."""
    heard, index = whole.heard, whole.index
    pairs = _stretches(_pieces(heard, part))
    if not pairs:
        return ()
    power = strength(np.array([heard.raw(side) for pair in pairs for side in pair]))
    sense, before = index.sense(power), index.sense(strength(heard.raw(part)))[0]
    good = sense.max(axis=1).reshape(-1, 2)
    best = int(good.sum(axis=1).argmax())
    if good[best].mean() < AS_GOOD * before.max() or _alike(index, power[2 * best : 2 * best + 2]) >= ALIKE:
        return ()
    if not all(says_enough(whole.part(side)) for side in pairs[best]):
        return ()
    first = int(sense[2 * best + 1, before.argmax()] > sense[2 * best, before.argmax()])
    return pairs[best][first], pairs[best][1 - first]


def _alike(index: Index, power: Floats) -> float:
    one, two = unit(power * index.rarity)
    return float(one @ two)


def _pieces(heard: Heard, part: Places) -> list[Places]:
    """Sentences and joined clauses, each with a few words that say something."""
    least = max(LEAST_WORDS, len(heard.telling(part)) // MOST_PIECES)
    pieces: list[Places] = []
    for before, at in zip((-1, *part), part, strict=False):
        turns = not pieces or _turns(heard, before, at)
        if turns and (not pieces or len(heard.telling(pieces[-1])) >= least):
            pieces.append(())
        pieces[-1] += (at,)
    if len(pieces) > 1 and len(heard.telling(pieces[-1])) < least:
        pieces[-2:] = [pieces[-2] + pieces[-1]]
    return pieces


def _turns(heard: Heard, before: int, at: int) -> bool:
    one, two = heard.tokens[before], heard.tokens[at]
    if one.sentence != two.sentence or two.bare in ADDING:
        return True
    return one.clause != two.clause and bool({one.bare, two.bare} & JOINING)


def _stretches(pieces: Sequence[Places]) -> list[tuple[Places, Places]]:
    """Every stretch of neighbouring pieces with what is left."""
    count = len(pieces)
    spans = [(i, j) for i in range(count) for j in range(i + 1, count + 1) if j - i < count]
    return [(_joined(pieces[i:j]), _joined([*pieces[:i], *pieces[j:]])) for i, j in spans]


def _joined(pieces: Sequence[Places]) -> Places:
    return tuple(i for piece in pieces for i in piece)
