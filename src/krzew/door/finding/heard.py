"""What a text says, in concepts: which ones, how strongly, by which of its words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from krzew.door.finding.index import Floats, Index
from krzew.door.finding.matcher import Hit
from krzew.door.finding.words import SHORT, Token, normal, tokens_of
from krzew.door.thesaurus.concepts import AREA, GROUP, OTHER, PROBLEM, SERVICE, SETTING

KINDS = {AREA: 0.8, PROBLEM: 1.0, SERVICE: 0.75, GROUP: 0.5, SETTING: 0.3, OTHER: 1.0}
PHRASE, AGAIN, MOST = 1.35, 0.3, 4
HINT, FEW, IMPLIED = 0.45, 3, 0.25
AGE = re.compile(r"(?<!\d)(\d{1,3})(?:\s*-?\s*(?:lat\b|latk|latek|letni|l\.|years old|yo\b|rok))")
OLD, YOUNG, CHILD = 62, 13, 3


@dataclass
class Heard:
    """Concepts by number with their weight and the positions of the words that said them."""

    text: str
    tokens: list[Token]
    weights: dict[int, float] = field(default_factory=dict)
    places: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    known: set[int] = field(default_factory=set)
    implied: dict[int, set[int]] = field(
        default_factory=lambda: defaultdict(set)
    )  # areas by their parts heard

    plain: dict[str, Floats] = field(default_factory=dict)  # likenesses that need no concept, once computed

    def of_kind(self, index: Index, *kinds: str) -> dict[int, float]:
        return {c: w for c, w in self.weights.items() if index.concepts[c].kind in kinds}

    def content(self) -> list[int]:
        """Positions of words that say something."""
        return [i for i, t in enumerate(self.tokens) if not t.is_plain and not t.bare.isdigit()]

    def telling(self) -> list[Token]:
        """The words themselves."""
        return [self.tokens[i] for i in self.content()]


def hear(text: str, index: Index) -> Heard:
    whole = normal(text)
    heard = Heard(whole, tokens_of(whole))
    hits = index.matcher.hits(heard.tokens, _unknown(heard.tokens, index))
    few = len(heard.content()) <= FEW
    counts: dict[int, dict[tuple[int, ...], float]] = defaultdict(dict)
    for hit in hits:
        heard.known.update(hit.at)
        if not hit.taken_back:
            counts[hit.concept][hit.at] = HINT if hit.is_hint and not few else 1.0
            heard.places[hit.concept].update(hit.at)
    for concept, where in counts.items():
        heard.weights[concept] = _weight(index, concept, where)
    _imply_areas(heard, index)
    _note_ages(heard, index)
    return heard


def _imply_areas(heard: Heard, index: Index) -> None:
    """Whoever speaks of a part of an area speaks a little of the area: after a death, of loneliness."""
    for concept, weight in list(heard.weights.items()):
        if index.concepts[concept].kind != PROBLEM:
            continue
        for code in index.concepts[concept].broader:
            area = index.numbers.get(code)
            if area is None:
                continue
            if area not in heard.weights or area in heard.implied:
                heard.implied[area].add(concept)
            heard.weights[area] = max(heard.weights.get(area, 0.0), IMPLIED * weight)


def _unknown(tokens: Iterable[Token], index: Index) -> list[int]:
    return [
        i
        for i, t in enumerate(tokens)
        if len(t.bare) > SHORT + 1 and t.bare not in index.stop and t.key not in index.roots
    ]


def _weight(index: Index, concept: int, where: dict[tuple[int, ...], float]) -> float:
    """A phrase says more than a word, two mentions more than one, a rare concept more than a common one."""
    base = KINDS[index.concepts[concept].kind]
    best = max(worth * (PHRASE if len(at) > 1 else 1.0) for at, worth in where.items())
    words = len({i for at in where for i in at})
    again = 1 + AGAIN * (min(len(where), MOST, words) - 1)
    return float(base * best * again * (0.4 + 0.6 * index.rarity[concept]))


def _note_ages(heard: Heard, index: Index) -> None:
    """ "Mam 76 lat" speaks of an older person, "syn ma 15 lat" of a young one."""
    for match in AGE.finditer(heard.text.lower()):
        age = int(match[1])
        code = "older" if OLD <= age < 110 else "youth" if YOUNG <= age < 20 else ""
        if age < YOUNG:
            code = "babies" if age <= CHILD else "children"
        number = index.numbers.get(code)
        if number is None or heard.text[match.start() :].lower().startswith(("od ", "przez ")):
            continue
        before = heard.text[: match.start()].lower().rstrip()[-8:]
        if age < OLD and before.endswith((" od", "przez", " za", " po", "już", "ponad", "for")):
            continue
        at = [i for i, t in enumerate(heard.tokens) if t.start >= match.start() and t.end <= match.end() + 4]
        heard.places[number].update(at)
        heard.weights[number] = max(heard.weights.get(number, 0.0), KINDS[GROUP] * 0.8)


def hits_words(heard: Heard, places: Iterable[int]) -> tuple[str, ...]:
    """Words as written, once each, in the order of the text; small words inside a phrase are left out."""
    kept = [heard.tokens[i] for i in sorted(set(places))]
    telling = [t for t in kept if not t.is_plain] or kept
    return tuple(dict.fromkeys(t.text for t in telling))


__all__ = ["Heard", "Hit", "hear", "hits_words"]
