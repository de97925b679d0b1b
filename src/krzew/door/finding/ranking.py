"""How well each card of a library answers a part of a text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from krzew.door.finding.heard import Heard, strength
from krzew.door.finding.index import Index
from krzew.door.finding.reading import Floats

SENSE, WORDS, HALF_WORDS = 0.9, 0.1, 12.0
"""Shares of the score: whether text and card lean towards the same concepts, and plain words in common. Found by
bench/door/calibrate.py."""
LIGHT = 0.8
"""What the whole text says of the order of cards for its first part."""
STRANGER, HALF_STRANGER = 0.72, 0.92
"""A card made for a group of its own of which the text says nothing."""
_NARROW = """
deaf blind autism intellectual mental_group dementia_group homeless_group prison_group addict_group foreign_group
care_leavers mobility_group
"""
NARROW, BROAD = (
    frozenset(_NARROW.split()),
    frozenset({"older", "families", "children", "youth", "women", "carers"}),
)
SURE, MEANT = 0.5, 0.2


@dataclass(frozen=True)
class Asked:
    """A text or a part of it, by the positions of its words, asked of a library. `wish`: a concept that its author chose.
    `whole`: the text that this is a part of; `lit`: the part that it leans to most is heard in its light."""

    heard: Heard
    index: Index
    places: tuple[int, ...]
    wish: int = -1
    whole: Asked | None = None
    lit: bool = False

    @classmethod
    def of(cls, heard: Heard, index: Index, wish: int = -1) -> Asked:
        """A whole text."""
        return cls(heard, index, tuple(range(len(heard.tokens))), wish)

    @cached_property
    def raw(self) -> Floats:
        found = self.heard.raw(self.places)
        if self.wish >= 0:
            found[self.wish] = max(2 * float(found.max(initial=0.0)), 1.0)
        return found

    @cached_property
    def power(self) -> Floats:
        """Strength of every concept, 0 to 1."""
        return strength(self.raw)

    @cached_property
    def sense(self) -> Floats:
        """Whether each card leans as the text does, 0 to 1."""
        found: Floats = self.index.sense(self.power)[0]
        return found

    @cached_property
    def words(self) -> Floats:
        """Plain words in common, 0 to 1."""
        scores = self.index.roots.scores({t.key for t in self.heard.telling(self.places)})
        found: Floats = scores / (scores + HALF_WORDS)
        return found

    @cached_property
    def own(self) -> Floats:
        """What its own words say of every card, 0 to 1; what trials say is in it."""
        whole = SENSE * self.sense + WORDS * self.words
        found: Floats = whole * self.strange * self.index.factors
        return found

    @cached_property
    def strange(self) -> Floats:
        """How much a card for strangers loses; the same for every part of a text."""
        return self.whole.strange if self.whole else strangers(self.index, self.heard)

    @cached_property
    def scores(self) -> Floats:
        """The same in the light of the whole text, for the part that it leans to most."""
        if self.whole is None or not self.lit:
            return self.own
        return LIGHT * self.whole.own + (1 - LIGHT) * self.own

    @cached_property
    def other(self) -> float:
        """Which share of what the words lean to are matters that no social solution answers."""
        return float(self.raw[self.index.others].sum() / max(self.raw.sum(), 1e-9))

    def part(self, places: tuple[int, ...], lit: bool = False) -> Asked:
        """A part of the same text."""
        return Asked(self.heard, self.index, places, whole=self, lit=lit)

    @property
    def best(self) -> int:
        return int(self.own.argmax())


def strangers(index: Index, heard: Heard) -> Floats:
    """Less than 1 where a card is made for a narrow group and the text speaks of nobody like that."""
    wanted = {int(i) for i in np.flatnonzero(strength(heard.raw()) >= MEANT)}
    near = wanted | {n for c in wanted for n in index.related[c]}
    narrow = [i for i, c in enumerate(index.concepts) if c.code in NARROW]
    broad = [i for i, c in enumerate(index.concepts) if c.code in BROAD]
    strange = _said(index, narrow) & ~_said(index, [n for n in narrow if n in near])
    lower: Floats = np.where(_said(index, broad), HALF_STRANGER, STRANGER)
    return np.where(strange, lower, 1.0).astype(float)


def _said(index: Index, concepts: Sequence[int]) -> npt.NDArray[np.bool_]:
    """Whether each card names one of these concepts."""
    return np.asarray((index.said[:, list(concepts)] >= SURE).any(axis=1), np.bool_)
