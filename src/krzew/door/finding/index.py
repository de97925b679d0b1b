"""The library ready to be searched: which concepts each card speaks of, and BM25 over its own words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from krzew.door.finding.cards import FACTORS, FIELDS, Entry, entry_of, without_boilerplate
from krzew.door.finding.likeness import Bm25, Likeness
from krzew.door.finding.matcher import Matcher
from krzew.door.finding.words import EN_STOP, STOP, Token, normal, tokens_of
from krzew.door.thesaurus import load
from krzew.door.thesaurus.concepts import OTHER, Concept

Floats = npt.NDArray[np.float64]

HALF = 0.45
"""Mentions of a concept (weighted by field) at which it counts half."""
SHORT_TEXT = 3
NARROWER, RELATED, SIBLING, CODED = 0.6, 0.5, 0.15, 0.55


class Index:
    """One library in one language."""

    def __init__(self, entries: Sequence[Entry], concepts: Sequence[Concept], language: str) -> None:
        self.entries = without_boilerplate(entries)
        self.concepts = tuple(concepts)
        self.numbers = {concept.code: i for i, concept in enumerate(self.concepts)}
        self.related = _both_ways(self.concepts, self.numbers)
        self.matcher = Matcher(self.concepts, language)
        self.stop = EN_STOP if language == "en" else STOP
        self.factors = np.array([FACTORS[entry.evidence] for entry in self.entries])
        self.roots: dict[str, int] = {}
        self.names = _names(self.entries)
        self._read()
        self.spoken = self._spread(self.said)
        frequency = (self.spoken >= 0.3).sum(axis=0)
        self.rarity = np.log1p((len(self.entries) + 1) / (frequency + 1.0)) / np.log1p(len(self.entries) + 1)

    def __len__(self) -> int:
        return len(self.entries)

    # --- reading of the cards --------------------------------------------------------------------
    def _read(self) -> None:
        """Concepts and roots of every field of every card; how each concept was met is kept for reasons."""
        mentions = np.zeros((len(self.entries), len(self.concepts)))
        self.met: list[dict[int, set[str]]] = [defaultdict(set) for _ in self.entries]
        self.words: list[dict[int, set[str]]] = [defaultdict(set) for _ in self.entries]
        counts: dict[tuple[int, int], float] = defaultdict(float)
        cards: list[list[tuple[Token, float]]] = [[] for _ in self.entries]
        for row, entry in enumerate(self.entries):
            for field, text in entry.texts.items():
                tokens = tokens_of(normal(text))
                cards[row] += [(t, FIELDS[field]) for t in tokens if self._tells(t)]
                self._note_concepts(row, field, tokens, mentions)
                self._note_roots(row, field, tokens, counts)
        self.said = mentions / (mentions + HALF)
        self._forget_chance_mentions()
        self._note_facets()
        self._weigh(counts)
        self.likeness = Likeness(cards, self.matcher)

    def _tells(self, token: Token) -> bool:
        return token.bare not in self.stop and len(token.bare) >= 2

    def _forget_chance_mentions(self) -> None:
        """A matter that no social solution answers counts only where a card says it in more than one field."""
        for number, concept in enumerate(self.concepts):
            if concept.kind == OTHER:
                once = [row for row, met in enumerate(self.met) if len(met.get(number, ())) < 2]
                self.said[once, number] = 0.0

    def _note_concepts(self, row: int, field: str, tokens: Sequence[Token], mentions: Floats) -> None:
        for hit in self.matcher.hits(tokens):
            if hit.taken_back:
                continue
            first = field not in self.met[row][hit.concept]
            mentions[row, hit.concept] += FIELDS[field] * (1.0 if first else 0.35)
            self.met[row][hit.concept].add(field)

    def _note_roots(
        self, row: int, field: str, tokens: Sequence[Token], counts: dict[tuple[int, int], float]
    ) -> None:
        for token in tokens:
            if not self._tells(token):
                continue
            number = self.roots.setdefault(token.key, len(self.roots))
            counts[row, number] += FIELDS[field]
            self.words[row][number].add(field)

    def _note_facets(self) -> None:
        by_facet: dict[str, list[int]] = defaultdict(list)
        for number, concept in enumerate(self.concepts):
            for facet in concept.facets:
                by_facet[facet].append(number)
        for row, entry in enumerate(self.entries):
            for facet, strength in entry.facets.items():
                for number in by_facet.get(facet, ()):
                    whole = 0.8 if facet.startswith("group:") else CODED
                    self.said[row, number] = max(self.said[row, number], whole * strength)
                    self.met[row][number].add(facet.partition(":")[0])

    def _weigh(self, counts: Mapping[tuple[int, int], float]) -> None:
        """BM25 over the weighted fields; `weights` is cards x roots."""
        self.weights = Bm25(counts, len(self.entries), len(self.roots)).weights

    # --- concepts near one another ---------------------------------------------------------------
    def _spread(self, said: Floats) -> Floats:
        """What a card says of a concept, also through narrower, related and broader ones."""
        near = np.zeros_like(said)
        down = said.copy()
        for number, concept in enumerate(self.concepts):
            for code in concept.broader:
                up = self.numbers.get(code)
                if up is not None:
                    down[:, up] = np.maximum(down[:, up], NARROWER * said[:, number])
        for number, concept in enumerate(self.concepts):
            for other in self.related[number]:
                near[:, number] = np.maximum(near[:, number], RELATED * said[:, other])
            for code in concept.broader:
                up = self.numbers.get(code)
                if up is not None:
                    near[:, number] = np.maximum(near[:, number], SIBLING / NARROWER * down[:, up])
        return np.maximum(down, near)

    def named(self, tokens: Sequence[Token]) -> list[int]:
        """Cards whose name stands in the text; a name of one word only where there is little else."""
        keys, few = [t.key for t in tokens], len(tokens) <= SHORT_TEXT
        lengths = {len(name) for name in self.names if len(name) > 1 or few}
        spans = ((i, n) for n in lengths for i in range(len(keys) - n + 1))
        found = [row for i, n in spans for row in self.names.get(tuple(keys[i : i + n]), ())]
        return sorted(set(found))

    def lexical(self, token: Token) -> tuple[npt.NDArray[np.int32], Floats]:
        """Cards that hold the root of a word, with BM25 of each."""
        number = self.roots.get(token.key)
        if number is None or token.bare in self.stop:
            return np.empty(0, np.int32), np.empty(0)
        start, end = self.weights.indptr[number], self.weights.indptr[number + 1]
        return self.weights.indices[start:end], self.weights.data[start:end]


def _names(entries: Sequence[Entry]) -> dict[tuple[str, ...], set[int]]:
    """Cards by the roots of their name and of each other name."""
    found: dict[tuple[str, ...], set[int]] = defaultdict(set)
    for row, entry in enumerate(entries):
        for name in (entry.name, *entry.texts["name"].split(". ")):
            found[tuple(t.key for t in tokens_of(normal(name)))].add(row)
    found.pop((), None)
    return found


def _both_ways(concepts: Sequence[Concept], numbers: Mapping[str, int]) -> list[set[int]]:
    """Of each concept, those related to it from either side."""
    related: list[set[int]] = [set() for _ in concepts]
    for number, concept in enumerate(concepts):
        for code in concept.related:
            if code in numbers:
                related[number].add(numbers[code])
                related[numbers[code]].add(number)
    return related


class Library:
    """Cards to find among. `Library.of(cards)` reads them; an index for each language is made when asked for."""

    def __init__(self, cards: Iterable[Mapping[str, Any]], extra: Iterable[Concept] = ()) -> None:
        self.cards = tuple(cards)
        self.concepts = load(extra)
        self._indexes: dict[str, Index] = {}

    @classmethod
    def of(cls, cards: Iterable[Mapping[str, Any]], extra: Iterable[Concept] = ()) -> Library:
        return cls(cards, extra)

    def index(self, language: str) -> Index:
        if language not in self._indexes:
            entries = [entry_of(card, language) for card in self.cards]
            self._indexes[language] = Index(entries, self.concepts, language)
        return self._indexes[language]
