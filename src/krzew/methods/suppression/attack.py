"""The attacker: what can be told about hidden cells from everything that was published.

For each hidden cell two linear programmes give the least and the greatest value that fits all published
figures. Nothing here sees the true figures.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from ..record import FloatArray, IntArray, MethodError
from ..work import Work
from .linear import PRIMAL, TOLERANCE, Linear, Unbounded, is_whole, whole_best


@dataclass(frozen=True, eq=False)
class Reach:
    """Least and greatest value of each cell that fits what is known; equal to the figure where published."""

    low: FloatArray
    high: FloatArray


def reach(
    equations: csr_matrix,
    published: FloatArray,
    whole: bool,
    known_low: FloatArray | None = None,
    known_high: FloatArray | None = None,
    work: Work | None = None,
) -> Reach:
    """Least and greatest value of every cell that is NaN in `published` (cells,).

    `known_low` and `known_high` are what the attacker knows besides (0 and no limit unless given); with
    `whole`, hidden cells are whole numbers. Raises `MethodError` when nothing fits what is known.
    """
    work = work or Work()
    hidden = np.flatnonzero(np.isnan(published))
    low, high = published.copy(), published.copy()
    floor = np.zeros(len(published)) if known_low is None else known_low
    ceiling = np.full(len(published), np.inf) if known_high is None else known_high
    right = -(equations @ np.nan_to_num(published))
    part = csr_matrix(equations[:, hidden])
    for done, (rows, columns) in enumerate(_parts(part)):
        cells = hidden[columns]
        matrix = csr_matrix(part[rows][:, columns])
        attacker = _Attacker(matrix, right[rows], floor[cells], ceiling[cells], whole)
        low[cells], high[cells] = attacker.ranges(work)
        work.report(done / (done + 1), "attack")
    return Reach(low, high)


def _parts(part: csr_matrix) -> list[tuple[IntArray, IntArray]]:
    """Hidden cells that share no sum with one another are separate riddles."""
    rows, columns = part.shape
    pattern = part.tocoo()
    graph = csr_matrix(
        (np.ones(len(pattern.row)), (pattern.col, pattern.row + columns)), shape=(rows + columns,) * 2
    )
    count, label = connected_components(graph, directed=False)
    found = [np.flatnonzero(label == c) for c in range(count)] if count < 64 else _split(label, count)
    parts = [(p[p >= columns] - columns, p[p < columns]) for p in found]
    return [(r, c) for r, c in parts if len(c)]


def _split(label: IntArray, count: int) -> list[IntArray]:
    order = np.argsort(label, kind="stable")
    return np.split(order, np.cumsum(np.bincount(label, minlength=count))[:-1])


class _Attacker:
    """One riddle: hidden cells tied together by sums."""

    def __init__(
        self, matrix: csr_matrix, right: FloatArray, low: FloatArray, high: FloatArray, whole: bool
    ) -> None:
        self.matrix, self.right, self.low, self.high = matrix, right, low, high
        self.whole = whole
        self.model = Linear(matrix, right, low, high, PRIMAL)

    def ranges(self, work: Work) -> tuple[FloatArray, FloatArray]:
        """The least and the greatest value of each cell. Solutions on the way settle other cells."""
        size = self.matrix.shape[1]
        least, most = np.full(size, np.nan), np.full(size, np.nan)
        for i in range(size):
            for sign, found in ((1.0, least), (-1.0, most)):
                if np.isnan(found[i]):
                    found[i] = self._extreme(i, sign, least, most)
            if work.over:
                raise MethodError("time_limit", "is too short to try every hidden cell")
        if self.whole:
            least, most = np.ceil(least - 1e-6) + 0.0, np.floor(most + 1e-6) + 0.0
        return least, most

    def _extreme(self, i: int, sign: float, least: FloatArray, most: FloatArray) -> float:
        column = np.array([i])
        self.model.costs(column, np.array([sign]))
        try:
            x = self.model.solve()
        except Unbounded:
            return np.inf if sign < 0 else -np.inf
        finally:
            self.model.costs(column, np.array([0.0]))
        if x is None:
            raise MethodError(
                "published", "no figures fit: the totals do not add up, or what is known is wrong"
            )
        if self.whole and not is_whole(x):
            cost = np.zeros(len(x))
            cost[i] = sign
            x = whole_best(self.matrix, self.right, self.low, self.high, cost)
            if x is None:
                raise MethodError("published", "no whole figures fit what is known")
        at_floor, at_ceiling = x <= self.low + TOLERANCE, x >= self.high - TOLERANCE
        least[at_floor] = self.low[at_floor]  # no value can be lower: settled on the way
        most[at_ceiling] = self.high[at_ceiling]
        return float(x[i])
