"""Hearing the concepts of the thesaurus in a text: phrases whatever their inflection, order and small gaps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from krzew.door.finding.words import DIACRITICS, EN_STOP, STOP, Token, key_of, latin, misspellings
from krzew.door.thesaurus.concepts import Concept

GAP, SMALL_GAP = 3, 1
"""Words that may stand between those of a phrase, and of one that denies or has a single word with content."""
KEPT = frozenset(["nie", "bez", "nikt", "nikogo", "sam", "sama", "no", "not", "nobody"])
_LIGHT = """
kim kogo komu czego czemu czym co kto jak ja ty my wy mi mnie mu jej go ich gdzie kiedy brat siostra corka syn mama tata
lekarz lekarza lekarze wie wiem umie zna mieszka rady da dac chce moge moze ma mam robi daje kolega kolegi kolegow
dziecko dziecka dzieci wszystko wszystkiego sie trzeba jest juz tu tam raz
"""
LIGHT = frozenset(_LIGHT.split())
"""Words that stand everywhere: alone they do not carry a phrase."""
_TELLING = {"ę": "e", "ą": "a", "ż": "z", "ź": "z"}
LEAST_MISSPELT, MOST_ENDING = 6, 4
MOST_KEPT = 50_000  # single words, so that no flood of texts fills the memory


@dataclass(frozen=True)
class Hit:
    """A concept heard: its number, the positions of the words that said it, whether "nie" took it back, and whether
    the words only hint at it."""

    concept: int
    at: tuple[int, ...]
    taken_back: bool = False
    is_hint: bool = False


@dataclass(frozen=True)
class _Form:
    concept: int
    needed: tuple[int, ...]  # patterns, the anchor first
    reach: int  # how far from the anchor the other words may stand
    denies: bool  # the form itself says "nie" or "bez"
    is_hint: bool
    first: int  # the pattern that must stand before the others, -1 when any order will do


class Matcher:
    """Patterns of every form of every concept, found by the words of a text."""

    def __init__(self, concepts: Sequence[Concept], language: str) -> None:
        self.concepts = tuple(concepts)
        self._stop = EN_STOP if language == "en" else STOP
        self._patterns: list[str] = []
        self._prefixes: dict[str, list[int]] = defaultdict(list)
        self._keys: dict[str, list[int]] = defaultdict(list)
        self._numbers: dict[str, int] = {}
        self._forms: dict[int, list[_Form]] = defaultdict(list)
        self._cache: dict[tuple[str, bool], frozenset[int]] = {}
        for number, concept in enumerate(self.concepts):
            hints = set(concept.hints(language))
            for form in dict.fromkeys([*concept.forms(language), *concept.hints(language)]):
                self._add(number, form, form in hints)

    def _add(self, number: int, form: str, is_hint: bool) -> None:
        words = form.lower().split()
        kept = [w for w in words if latin(w) not in self._stop or w in KEPT] or words
        telling = [w for w in kept if w not in KEPT and latin(w) not in LIGHT]
        if len(words) > 1 and (not telling or len(kept) == 1):
            kept = words  # "raz na jakiś czas" is not "raz", "nie wie, kim jest" not every "nie" near "kim"
        needed = [self._pattern(word) for word in kept]
        anchor = max(range(len(needed)), key=lambda i: len(kept[i]))
        order = (needed[anchor], *(p for i, p in enumerate(needed) if i != anchor))
        denies = any(w in ("nie", "bez", "no", "not", "nobody", "nikt") for w in words)
        reach = _reach(words, denies, len(telling))
        first = needed[0] if denies and kept[0] in ("nie", "bez", "nikt", "not", "no") else -1
        self._forms[needed[anchor]].append(_Form(number, order, reach, denies, is_hint, first))

    def _pattern(self, word: str) -> int:
        if word in self._numbers:
            return self._numbers[word]
        number = self._numbers[word] = len(self._patterns)
        self._patterns.append(word)
        if word.endswith("*"):
            self._prefixes[latin(word[:-1])].append(number)
        else:
            self._keys[key_of(latin(word))].append(number)
        return number

    # --- words ---------------------------------------------------------------------------------
    def patterns(self, token: Token, marked: bool) -> frozenset[int]:
        """Which patterns a word meets. `marked`: the text has diacritics, so their absence says something."""
        found = self._cache.get((token.text, marked))
        if found is None:
            met = self._met(token.bare, token.key)
            found = frozenset(p for p in met if not _clash(self._patterns[p], token.text.lower(), marked))
            if len(self._cache) >= MOST_KEPT:
                self._cache.clear()
            self._cache[token.text, marked] = found
        return found

    def _met(self, bare: str, key: str) -> list[int]:
        met = list(self._keys.get(key, ()))
        for length in range(2, len(bare) + 1):
            met += self._prefixes.get(bare[:length], ())
        return met

    def misspelt(self, token: Token) -> frozenset[int]:
        """Patterns that the word meets when one typing error is forgiven."""
        for candidate in misspellings(token.bare):
            met = [p for p in self._met(candidate, key_of(candidate)) if self._is_near(p, candidate)]
            if met:
                return frozenset(met)
        return frozenset()

    def _is_near(self, pattern: int, candidate: str) -> bool:
        """Only long patterns that the word nearly fills: "wylądowałam" is not "wygląd"."""
        word = self._patterns[pattern].rstrip("*")
        return len(word) >= LEAST_MISSPELT and len(candidate) - len(word) <= MOST_ENDING

    # --- phrases -------------------------------------------------------------------------------
    def hits(self, tokens: Sequence[Token], forgiven: Iterable[int] = ()) -> list[Hit]:
        """Concepts heard. `forgiven` are positions of words that nobody knows: they may hold an error."""
        marked = any(DIACRITICS.search(token.text) for token in tokens)
        met = [self.patterns(token, marked) for token in tokens]
        for at in forgiven:
            met[at] = met[at] or self.misspelt(tokens[at])
        anywhere = frozenset().union(*met)
        found: dict[tuple[int, tuple[int, ...]], Hit] = {}
        for at, patterns in enumerate(met):
            for pattern in patterns:
                for form in self._forms.get(pattern, ()):
                    if len(form.needed) == 1 and tokens[at].bare in self._stop:
                        continue  # "lat" is not "latem"
                    if not anywhere.issuperset(form.needed):
                        continue
                    where = self._whole(form, at, met, tokens)
                    if where:
                        back = self._taken_back(form, where, tokens)
                        known = found.get((form.concept, where))
                        if known is None or known.is_hint:
                            found[form.concept, where] = Hit(form.concept, where, back, form.is_hint)
        return _longest(list(found.values()))

    @staticmethod
    def _whole(
        form: _Form, at: int, met: Sequence[frozenset[int]], tokens: Sequence[Token]
    ) -> tuple[int, ...]:
        """Positions of all the words of a form around its anchor; nothing when one is missing."""
        where = [at]
        reach = form.reach
        low, high = max(0, at - reach), min(len(tokens), at + reach + 1)
        for pattern in form.needed[1:]:
            near = [
                i
                for i in range(low, high)
                if i not in where and pattern in met[i] and tokens[i].sentence == tokens[at].sentence
            ]
            if not near:
                return ()
            where.append(min(near, key=lambda i: abs(i - at)))
        if max(where) - min(where) > reach:
            return ()
        if len({tokens[i].clause for i in where}) > 1 and max(where) - min(where) >= len(where):
            return ()  # words of two clauses are a phrase only side by side
        if form.first >= 0 and form.first not in met[min(where)]:
            return ()
        return tuple(sorted(where))

    def _taken_back(self, form: _Form, where: tuple[int, ...], tokens: Sequence[Token]) -> bool:
        if form.denies or not self.concepts[form.concept].yields:
            return False
        first = tokens[where[0]]
        for i in range(max(0, where[0] - 2), where[0]):
            token, after = tokens[i], tokens[i + 1].bare
            if token.clause != first.clause or token.bare not in ("nie", "not", "bez", "no"):
                continue
            if after not in ("tylko", "only", "radzi", "radze", "moze", "moge", "wiem", "wie"):
                return True
        return False


def _reach(words: Sequence[str], denies: bool, telling: int) -> int:
    """How far from one another the words of a form may stand."""
    if denies and len(words) == 2:
        return 1
    return len(words) - 1 + (SMALL_GAP if denies or telling < 2 else GAP)


def _clash(pattern: str, word: str, marked: bool) -> bool:
    """Letters that tell words apart: "leki" are not "lęki" where the text writes diacritics at all."""
    telling = _TELLING | {"ł": "l"} if pattern.endswith("*") else _TELLING
    for ours, theirs in zip(pattern.rstrip("*"), word, strict=False):
        if ours == theirs:
            continue
        if theirs in telling and telling[theirs] == ours:
            return True
        if marked and ours in telling and telling[ours] == theirs:
            return True
        if latin(ours) != latin(theirs):
            return False
    return False


def _longest(hits: list[Hit]) -> list[Hit]:
    """Hits that are not a part of a longer phrase of another concept."""
    sets = [(hit, frozenset(hit.at)) for hit in hits]
    long = [(hit, at) for hit, at in sets if len(at) > 1]
    return [
        hit
        for hit, at in sets
        if not any(at < other and hit.concept != longer.concept for longer, other in long)
    ]
