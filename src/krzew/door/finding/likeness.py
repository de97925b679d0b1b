"""Plain words that a text and a card have in common: BM25 over roots (Robertson and Zaragoza 2009)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import csc_matrix

Floats = npt.NDArray[np.float64]
Counts = Mapping[tuple[int, int], float]

SATURATION, LENGTH = 1.2, 0.4


class Bm25:
    """BM25 over terms of weighted fields: rows are cards."""

    def __init__(self, cards: Sequence[Iterable[tuple[str, float]]]) -> None:
        self.terms: dict[str, int] = {}
        counts: dict[tuple[int, int], float] = {}
        for row, terms in enumerate(cards):
            for term, weight in terms:
                at = row, self.terms.setdefault(term, len(self.terms))
                counts[at] = counts.get(at, 0.0) + weight
        self.weights = _weights(counts, len(cards), len(self.terms))

    def scores(self, terms: Iterable[str]) -> Floats:
        """The sum over terms, each once, for every row."""
        asked = np.zeros(self.weights.shape[1])
        asked[[self.terms[term] for term in terms if term in self.terms]] = 1.0
        total: Floats = self.weights @ asked
        return total


def _weights(counts: Counts, rows: int, terms: int) -> csc_matrix:
    shape = (rows, max(terms, 1))
    if not counts:
        return csc_matrix(shape)
    pairs = np.array(list(counts))
    tf = np.array(list(counts.values()))
    lengths = np.bincount(pairs[:, 0], tf, minlength=rows)
    norm = 1 - LENGTH + LENGTH * lengths / max(lengths.mean(), 1e-9)
    holders = np.bincount(pairs[:, 1], minlength=shape[1])
    telling = np.log1p((rows - holders + 0.5) / (holders + 0.5))
    values = telling[pairs[:, 1]] * tf * (SATURATION + 1) / (tf + SATURATION * norm[pairs[:, 0]])
    return csc_matrix((values, (pairs[:, 0], pairs[:, 1])), shape=shape)
