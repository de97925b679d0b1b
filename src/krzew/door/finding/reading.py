"""What is on a card, in the terms of finding: concepts said and leant to, words, names. A card is read once."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from krzew.door.finding.cards import FIELDS, Entry
from krzew.door.finding.leaning import Leaning
from krzew.door.finding.matcher import Matcher
from krzew.door.finding.words import EN_STOP, STOP, Token, key_of, latin, normal, tokens_of
from krzew.door.thesaurus.concepts import AREA, OTHER, PROBLEM, SERVICE, Concept

Floats = npt.NDArray[np.float64]

Roots = tuple[str, ...]
HEAD = re.compile(r"\s*[:(–—]")
HALF, AGAIN = 0.45, 0.35
"""Mentions of a concept (weighted by field) at which it is said half, and what a mention in a field said before counts."""
CODED, CODED_GROUP = 0.55, 0.8
MOST_BESIDE = 1_000
"""Cards kept beside those read last: other libraries are read in between, such as the one card that looks for needs."""


@dataclass(frozen=True)
class Card:
    """One card as it was read. `said` are whole phrases and codes, `leans` what its words lean to (both by concept);
    `terms` weighted roots; `met` and `words` the fields in which a concept and a root stand; `names` its names in
    roots, `heads` what of them stands before a colon, a dash or a bracket."""

    said: Floats
    leans: Floats
    terms: tuple[tuple[str, float], ...]
    met: Mapping[int, set[str]]
    words: Mapping[str, set[str]]
    names: frozenset[Roots]
    heads: frozenset[Roots]


class Reader:
    """Reads cards in one language by one thesaurus. Cards that did not change since the last time are not read again, so that
    a publication costs one card."""

    def __init__(self, concepts: tuple[Concept, ...], language: str) -> None:
        self.concepts = concepts
        self.numbers = {concept.code: i for i, concept in enumerate(concepts)}
        self.matcher = Matcher(concepts, language)
        self.leaning = Leaning(concepts, language)
        self.stop = EN_STOP if language == "en" else STOP
        self.labels = [key_of(latin(concept.label(language))) for concept in concepts]
        self.needs = self._of_kinds(AREA, PROBLEM, SERVICE)
        self.others = self._of_kinds(OTHER)
        self.related = _both_ways(concepts, self.numbers)
        self._cards: dict[object, Card] = {}

    def _of_kinds(self, *kinds: str) -> list[int]:
        return [i for i, concept in enumerate(self.concepts) if concept.kind in kinds]

    def cards(self, entries: Sequence[Entry]) -> list[Card]:
        """The cards of these entries, in their order."""
        keys = [_key(entry) for entry in entries]
        new = {key: entry for key, entry in zip(keys, entries, strict=True) if key not in self._cards}
        known = self._cards | dict(zip(new, self._read(list(new.values())), strict=True))
        read = {key: known[key] for key in keys}
        self._cards = known if len(known) <= len(read) + MOST_BESIDE else read
        return [read[key] for key in keys]

    def _read(self, entries: Sequence[Entry]) -> list[Card]:
        texts = [{name: tokens_of(normal(text)) for name, text in e.texts.items()} for e in entries]
        sentences = [
            (row, sentence, FIELDS[name])
            for row, fields in enumerate(texts)
            for name, tokens in fields.items()
            for sentence in _by_sentence(tokens)
        ]
        leans = self.leaning.of_texts(sentences, len(entries))
        leans[:, self.others] = 0.0  # no social solution answers them
        return [self._card(*row) for row in zip(entries, texts, leans, strict=True)]

    def _card(self, entry: Entry, fields: Mapping[str, Sequence[Token]], leans: Floats) -> Card:
        met: dict[int, set[str]] = defaultdict(set)
        words: dict[str, set[str]] = defaultdict(set)
        terms, mentions = [], np.zeros(len(self.concepts))
        for name, tokens in fields.items():
            self._note_concepts(name, tokens, met, mentions)
            for token in tokens:
                if token.bare not in self.stop and len(token.bare) >= 2:
                    words[token.key].add(name)
                    terms.append((token.key, FIELDS[name]))
        said = mentions / (mentions + HALF)
        self._note_facets(entry, met, said)
        heads = (HEAD.split(name)[0] for name in entry.names)
        return Card(said, leans, tuple(terms), met, words, _roots(entry.names), _roots(heads))

    def _note_concepts(
        self, name: str, tokens: Sequence[Token], met: dict[int, set[str]], mentions: Floats
    ) -> None:
        for hit in self.matcher.hits(tokens):
            if not hit.taken_back:
                mentions[hit.concept] += FIELDS[name] * (AGAIN if name in met[hit.concept] else 1.0)
                met[hit.concept].add(name)

    @cached_property
    def _by_facet(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for number, concept in enumerate(self.concepts):
            for facet in concept.facets:
                found[facet].append(number)
        return found

    def _note_facets(self, entry: Entry, met: dict[int, set[str]], said: Floats) -> None:
        for facet, strength in entry.facets.items():
            kind = facet.partition(":")[0]
            for number in self._by_facet.get(facet, ()):
                said[number] = max(said[number], (CODED_GROUP if kind == "group" else CODED) * strength)
                met[number].add(kind)


@lru_cache(maxsize=4)
def reader(concepts: tuple[Concept, ...], language: str) -> Reader:
    """The reader of a thesaurus, kept with what it read."""
    return Reader(concepts, language)


def _key(entry: Entry) -> object:
    return entry.slug, entry.names, tuple(entry.texts.items()), tuple(entry.facets.items())


def _by_sentence(tokens: Sequence[Token]) -> list[list[Token]]:
    found: dict[int, list[Token]] = defaultdict(list)
    for token in tokens:
        found[token.sentence].append(token)
    return list(found.values())


def _roots(names: Iterable[str]) -> frozenset[Roots]:
    return frozenset(tuple(t.key for t in tokens_of(normal(name))) for name in names) - {()}


def _both_ways(concepts: Sequence[Concept], numbers: Mapping[str, int]) -> list[set[int]]:
    """Of each concept, those related to it from either side."""
    related: list[set[int]] = [set() for _ in concepts]
    for number, concept in enumerate(concepts):
        for code in concept.related:
            if code in numbers:
                related[number].add(numbers[code])
                related[numbers[code]].add(number)
    return related
