"""How like a text and a card are, whatever concept was recognised: what lets finding work in a library that it has
never seen.

Three likenesses, each 0 to 1 for every card. `words`: BM25 over roots. `starts`: BM25 over the first letters of longer
words, so that "sprzątam" and "sprzątanie" meet. `sense`: every word leans towards the concepts in whose forms it stands,
also when the whole phrase is not there; a text and a card are alike when they lean the same way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import csc_matrix, csr_matrix

from krzew.door.finding.matcher import Matcher
from krzew.door.finding.words import DIACRITICS, Token
from krzew.door.thesaurus.concepts import GROUP, OTHER, SETTING

Floats = npt.NDArray[np.float64]
Counts = Mapping[tuple[int, int], float]

START, LEAST = 5, 6
"""Letters that longer words are compared by, and how long a word must be for it."""
SATURATION, LENGTH, HALF = 1.2, 0.4, 6.0
LESS = {GROUP: 0.45, SETTING: 0.3, OTHER: 0.8}
NEAR, HINT = 0.35, 0.5


def start_of(bare: str) -> str:
    """The letters by which a word is compared roughly."""
    return bare[:START] if len(bare) >= LEAST else bare


class Bm25:
    """BM25 over terms of weighted fields."""

    def __init__(self, counts: Counts, rows: int, terms: int) -> None:
        shape = (rows, max(terms, 1))
        self.telling: Floats = np.full(shape[1], np.log1p(rows + 1))
        if not counts:
            self.weights = csc_matrix(shape)
            return
        pairs = np.array(list(counts))
        tf = np.array(list(counts.values()))
        lengths = np.bincount(pairs[:, 0], tf, minlength=rows)
        norm = 1 - LENGTH + LENGTH * lengths / max(lengths.mean(), 1e-9)
        holders = np.bincount(pairs[:, 1], minlength=shape[1])
        self.telling = np.log1p((rows - holders + 0.5) / (holders + 0.5))
        values = self.telling[pairs[:, 1]] * tf * (SATURATION + 1) / (tf + SATURATION * norm[pairs[:, 0]])
        self.weights = csc_matrix((values, (pairs[:, 0], pairs[:, 1])), shape=shape)

    def scores(self, terms: Iterable[int]) -> Floats:
        """The sum over terms, for every row."""
        asked = np.zeros(self.weights.shape[1])
        asked[list(terms)] = 1.0
        total: Floats = self.weights @ asked
        return total


class Likeness:
    """The cards of a library, ready to be compared with a text."""

    def __init__(self, cards: Sequence[Sequence[tuple[Token, float]]], matcher: Matcher) -> None:
        self.matcher = matcher
        self.starts: dict[str, int] = {}
        self._leaning = _leanings(matcher)
        self._kinds = np.array([LESS.get(concept.kind, 1.0) for concept in matcher.concepts])
        self._near = _nearness(matcher)
        counts: dict[tuple[int, int], float] = defaultdict(float)
        terms: dict[str, int] = {}
        uses: dict[tuple[int, int], float] = defaultdict(float)
        samples: list[Token] = []
        for row, tokens in enumerate(cards):
            for token, weight in tokens:
                counts[row, self.starts.setdefault(start_of(token.bare), len(self.starts))] += weight
                if token.text not in terms:
                    terms[token.text] = len(terms)
                    samples.append(token)
                uses[row, terms[token.text]] += weight
        self.rough = Bm25(counts, len(cards), len(self.starts))
        self._place(uses, samples, len(cards))

    # --- concepts leaned to ----------------------------------------------------------------------
    def _place(self, uses: Counts, samples: Sequence[Token], rows: int) -> None:
        """Where each card stands among the concepts; rare ones count more, length does not matter."""
        leaning = self._of_tokens(samples, marked=True)
        if not uses:
            self.rarity, self.cards = np.ones(leaning.shape[1]), np.zeros((rows, leaning.shape[1]))
            return
        pairs = np.array(list(uses))
        values = np.array(list(uses.values()))
        matrix = csr_matrix((values, (pairs[:, 0], pairs[:, 1])), shape=(rows, len(samples)))
        raw = np.asarray((matrix @ leaning).todense())
        raw = raw / (raw + 0.8)
        self.rarity = np.log1p(rows / (1.0 + (raw > 0.25).sum(axis=0))) / np.log1p(rows)
        self.cards = _unit(raw * self.rarity * self._kinds)

    def _of_tokens(self, tokens: Sequence[Token], marked: bool) -> csr_matrix:
        """Tokens x concepts."""
        rows, columns = [], []
        for row, token in enumerate(tokens):
            for pattern in self.matcher.patterns(token, marked):
                rows.append(row)
                columns.append(pattern)
        shape = (len(tokens), self._leaning.shape[0])
        met = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)
        return csr_matrix(met @ self._leaning)

    def sense(self, tokens: Sequence[Token], heard: Mapping[int, float]) -> Floats:
        """Cosine of the text with every card; concepts heard as whole phrases count beside single words."""
        if not tokens:
            return np.zeros(len(self.cards))
        marked = any(DIACRITICS.search(token.text) for token in tokens)
        raw = np.asarray(self._of_tokens(tokens, marked).sum(axis=0)).ravel()
        for concept, weight in heard.items():
            raw[concept] += 1.5 * weight
        raw = raw / (raw + 0.8)
        wide = np.maximum(raw, NEAR * (raw @ self._near))
        found: Floats = self.cards @ _unit((wide * self.rarity * self._kinds)[None, :])[0]
        return found

    def roughly(self, tokens: Sequence[Token]) -> Floats:
        """BM25 over the first letters of words."""
        known = {self.starts[start] for t in tokens if (start := start_of(t.bare)) in self.starts}
        raw = self.rough.scores(known)
        return raw / (raw + HALF)


def _unit(matrix: Floats) -> Floats:
    lengths = np.sqrt((matrix**2).sum(axis=1, keepdims=True))
    unit: Floats = matrix / np.maximum(lengths, 1e-9)
    return unit


def _leanings(matcher: Matcher) -> csr_matrix:
    """Patterns x concepts: how much a single word of a form says of its concept. A word of a long phrase says little, a
    word of many concepts too."""
    best: dict[tuple[int, int], float] = {}
    for forms in matcher.forms():
        for form in forms:
            telling = [p for p in form.needed if matcher.is_telling(p)]
            for pattern in telling:
                worth = (HINT if form.is_hint else 1.0) / (2 * len(telling) - 1)
                key = (pattern, form.concept)
                best[key] = max(best.get(key, 0.0), worth)
    shape = (matcher.count, len(matcher.concepts))
    if not best:
        return csr_matrix(shape)
    pairs = np.array(list(best))
    values = np.array(list(best.values()))
    share = np.bincount(pairs[:, 0], values, minlength=shape[0])
    values = values / np.maximum(share[pairs[:, 0]], 1.0) ** 0.5
    return csr_matrix((values, (pairs[:, 0], pairs[:, 1])), shape=shape)


def _nearness(matcher: Matcher) -> Floats:
    """Concepts x concepts: broader, narrower and related ones."""
    numbers = {concept.code: i for i, concept in enumerate(matcher.concepts)}
    near = np.zeros((len(numbers), len(numbers)))
    for number, concept in enumerate(matcher.concepts):
        for code in (*concept.broader, *concept.related):
            if code in numbers:
                near[number, numbers[code]] = near[numbers[code], number] = 1.0
    return near
