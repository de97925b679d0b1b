"""What a text says, in concepts: how much of each, by which of its words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from krzew.door.finding.index import Index
from krzew.door.finding.manners import without_manners
from krzew.door.finding.reading import Floats
from krzew.door.finding.words import SHORT, Token, normal, tokens_of
from krzew.door.thesaurus.concepts import GROUP

AGE = re.compile(r"(?<!\d)(\d{1,3})(?:\s*-?\s*(?:lat\b|latk|latek|letni|l\.|years old|yo\b|rok))")
OLD, YOUNG, CHILD = 62, 13, 3
AGED = 0.4
"""What an age says of a group."""
HALF, LEAST = 0.5, 1.0
"""A concept counts half at this share of the strongest one, which is taken to be at least so strong."""
CLEAR, PHRASE = 0.3, 0.3
"""From where on a group is clear, and what a whole phrase of the thesaurus, or its label, adds to what its words say."""


@dataclass
class Heard:
    """A text with what each of its words adds to each concept (words x concepts)."""

    text: str
    tokens: list[Token]
    leans: Floats
    known: set[int] = field(default_factory=set)

    def content(self) -> list[int]:
        """Positions of words that say something."""
        return [i for i, t in enumerate(self.tokens) if not t.is_plain and not t.bare.isdigit()]

    def telling(self, places: Sequence[int]) -> list[Token]:
        """Those of these words that say something."""
        return [t for i in places if not (t := self.tokens[i]).is_plain and not t.bare.isdigit()]

    def led(self, places: Sequence[int], towards: Floats) -> Floats:
        """How much each of these words leads towards concepts of these weights."""
        found: Floats = np.maximum(self.leans[list(places)], 0.0) @ towards
        return found

    def raw(self, places: Sequence[int] | None = None) -> Floats:
        """How much of each concept is in the text or in a part of it; nothing below zero."""
        rows = self.leans if places is None else self.leans[list(places)]
        total: Floats = np.maximum(rows.sum(axis=0), 0.0)
        return total


def strength(raw: Floats) -> Floats:
    """0 to 1 for every concept, against the strongest one."""
    top = np.maximum(raw.max(axis=-1, initial=0.0, keepdims=True), LEAST)
    found: Floats = raw / (raw + HALF * top)
    return found


def hear(text: str, index: Index) -> Heard:
    whole = normal(text)
    tokens = tokens_of(whole)
    hits = index.matcher.hits(tokens, _unknown(tokens, index))
    tokens = without_manners(tokens, whole, [hit.at for hit in hits])
    heard = Heard(whole, tokens, index.leaning.of_words(tokens))
    hits = [hit for hit in hits if not any(tokens[i].mute for i in hit.at)]
    for hit in hits:
        heard.known.update(hit.at)
        named = heard.tokens[hit.at[0]].key == index.labels[hit.concept]
        if (len(hit.at) > 1 or named) and not hit.taken_back and not hit.is_hint:
            heard.leans[list(hit.at), hit.concept] += PHRASE / len(hit.at)
    said = {hit.concept for hit in hits if not hit.taken_back}
    heard.leans[:, [hit.concept for hit in hits if hit.taken_back and hit.concept not in said]] = 0.0
    heard.known.update(int(i) for i in np.flatnonzero(heard.leans.max(axis=1, initial=0.0) > 0))
    _note_ages(heard, index)
    return heard


def _unknown(tokens: Iterable[Token], index: Index) -> list[int]:
    return [
        i
        for i, t in enumerate(tokens)
        if len(t.bare) > SHORT + 1 and t.bare not in index.stop and t.key not in index.roots.terms
    ]


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
        heard.leans[at[:1], number] += AGED


def groups_of(index: Index, power: Floats) -> dict[int, float]:
    """For whom, as far as it is clear."""
    return {i: float(power[i]) for i, c in enumerate(index.concepts) if c.kind == GROUP and power[i] >= CLEAR}


def words_at(heard: Heard, places: Iterable[int]) -> tuple[str, ...]:
    """Words as written, once each, in the order of the text; small words inside a phrase are left out."""
    kept = [heard.tokens[i] for i in sorted(set(places))]
    telling = [t for t in kept if not t.is_plain] or kept
    return tuple(dict.fromkeys(t.text for t in telling))
