"""The library ready to be searched: how much of each concept every card speaks of, and BM25 over its own words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from krzew.door.finding.cards import FACTORS, Entry, entry_of, without_boilerplate
from krzew.door.finding.likeness import Bm25
from krzew.door.finding.reading import Floats, Reader, Roots, reader
from krzew.door.finding.words import Token
from krzew.door.thesaurus import load
from krzew.door.thesaurus.concepts import GROUP, OTHER, SETTING, Concept

FULL, WHOLE, NEAR = 3.0, 0.3, 0.1
"""Leaning of a card at which it speaks half of a concept, what a whole phrase adds, and what concepts near it add."""
SPEAKS, USUAL, SHARPER = 0.35, 0.6, 1.8
"""From where on a card speaks of a concept, which part of what it has in common with any text is taken off, and the power that
lets what a text says most stand out."""
KINDS = {GROUP: 0.6, SETTING: 0.4, OTHER: 0.8}
"""What concepts of these kinds count beside needs."""
SHORT_TEXT = 3
SOURCE = "pl"


class Index:
    """One library in one language. `other`: the same library in the language of its source, where a card says more."""

    def __init__(self, entries: Sequence[Entry], by: Reader, other: Index | None = None) -> None:
        self.concepts, self.numbers = by.concepts, by.numbers
        self.needs, self.others, self.related = by.needs, by.others, by.related
        self.matcher, self.leaning, self.stop, self.labels = by.matcher, by.leaning, by.stop, by.labels
        self.entries = without_boilerplate(entries)
        self.factors = np.array([FACTORS[entry.evidence] for entry in self.entries])
        cards = by.cards(self.entries)
        self.met, self.words = [card.met for card in cards], [card.words for card in cards]
        self.roots = Bm25([card.terms for card in cards])
        self.names: dict[Roots, set[int]] = defaultdict(set)
        self.heads: dict[Roots, set[int]] = defaultdict(set)
        for row, card in enumerate(cards):
            for name in card.names:
                self.names[name].add(row)
            for head in card.heads:
                self.heads[head].add(row)
        self.lengths = {len(name) for name in self.names}
        empty = np.zeros((0, len(self.concepts)))
        self.said = np.vstack([empty, *(card.said for card in cards)])
        self._speak(np.vstack([empty, *(card.leans for card in cards)]), other)
        self._weigh()

    def __len__(self) -> int:
        return len(self.entries)

    def _speak(self, leans: Floats, other: Index | None) -> None:
        """How much every card speaks of every concept."""
        spoken = leans / (leans + FULL) + WHOLE * self.said
        self.speaks = spoken + NEAR * spoken @ self._nearness()
        if other is not None:
            self.said = np.maximum(self.said, other.said)
            self.speaks = np.maximum(self.speaks, other.speaks)

    def _nearness(self) -> Floats:
        """Concepts x concepts: 1 for broader, narrower and related ones."""
        near = np.zeros((len(self.concepts), len(self.concepts)))
        for number, concept in enumerate(self.concepts):
            broader = [self.numbers[code] for code in concept.broader if code in self.numbers]
            around = [*broader, *self.related[number]]
            near[number, around] = near[around, number] = 1.0
        return near

    def _weigh(self) -> None:
        """What each concept counts here (a rare one more), and the cards as unit vectors."""
        rows = max(len(self.entries), 1)
        kinds = np.array([KINDS.get(concept.kind, 1.0) for concept in self.concepts])
        self.rarity = kinds * np.log1p(rows / (1 + (self.speaks > SPEAKS).sum(axis=0))) / np.log1p(rows)
        self.unit = unit(self.speaks * self.rarity)
        usual = unit(self.leaning.usual() ** SHARPER * self.rarity) @ self.unit.T
        self.usual = USUAL * usual.mean(axis=0)

    # --- asking ----------------------------------------------------------------------------------
    def sense(self, power: Floats) -> Floats:
        """How texts (rows of strengths of concepts) and every card lean the same way: the cosine above what a card has with
        any text. Texts x cards, 0 to 1."""
        cosine = unit(np.atleast_2d(power) ** SHARPER * self.rarity) @ self.unit.T
        found: Floats = np.maximum((cosine - self.usual) / (1 - self.usual), 0.0)
        return found

    def named(self, tokens: Sequence[Token]) -> list[int]:
        """Cards whose name stands in the text, a name of one word only where there is little else; or whose name begins with the
        whole text and a colon, a dash or a bracket."""
        keys, meant = tuple(t.key for t in tokens), tuple(t.key for t in tokens if not t.mute)
        few = len(meant) <= SHORT_TEXT
        lengths = (n for n in self.lengths if n > 1 or few)
        spans = ((i, n) for n in lengths for i in range(len(keys) - n + 1))
        found = {row for i, n in spans for row in self.names.get(keys[i : i + n], ())}
        return sorted(found | self.heads.get(keys, set()) | self.heads.get(meant, set()))


def unit(matrix: Floats) -> Floats:
    """Rows of length one; a row of nothing stays so."""
    lengths = np.sqrt((matrix**2).sum(axis=1, keepdims=True))
    found: Floats = matrix / np.maximum(lengths, 1e-9)
    return found


class Library:
    """Cards to find among. `Library.of(cards)` reads them; an index for each language is made when asked for."""

    def __init__(self, cards: Iterable[Mapping[str, Any]], extra: Iterable[Concept] = ()) -> None:
        self.cards = tuple(cards)
        self.concepts: tuple[Concept, ...] = load(extra)
        self._indexes: dict[str, Index] = {}

    @classmethod
    def of(cls, cards: Iterable[Mapping[str, Any]], extra: Iterable[Concept] = ()) -> Library:
        return cls(cards, extra)

    def index(self, language: str) -> Index:
        if language not in self._indexes:
            entries = [entry_of(card, language) for card in self.cards]
            source = None if language == SOURCE else self.index(SOURCE)
            self._indexes[language] = Index(entries, reader(self.concepts, language), source)
        return self._indexes[language]
