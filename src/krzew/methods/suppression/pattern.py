"""Which further cells to hide so that the sensitive ones cannot be worked out: what both solvers share, and the
fast one.

A hidden cell is safe when figures exist that fit everything published and lie as far from the truth as
required: a deviation, zero where published, that keeps every sum. The fast solver finds such a deviation for
one requirement after another at the least new cost (the linear programme of Kelly, Golden and Assad, Networks
22 (1992) 397-417) and then publishes again what proves needless.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, hstack

from ..record import BoolArray, FloatArray, IntArray, MethodError
from ..work import Work
from .linear import DUAL, TOLERANCE, Linear, Unbounded, is_whole, whole_best

LEAST_COST = 1e-4
"""Of a cell hidden already: not quite nothing, so that deviations stay short."""

MOST_FACTOR = 6


@dataclass(frozen=True, eq=False)
class Task:
    """Cells with what hiding each costs; `must` are hidden anyway, `never` stay published.

    Requirement r: the deviation of cell `cell[r]`, times `sign[r]`, must be able to reach `amount[r]`.
    """

    values: FloatArray
    equations: csr_matrix
    weights: FloatArray
    must: BoolArray
    never: BoolArray
    cell: IntArray
    sign: FloatArray
    amount: FloatArray
    whole: bool
    network: bool


class Deviations:
    """The programme for deviations over some of the cells, kept between requirements."""

    def __init__(self, task: Task, cells: IntArray) -> None:
        self.task, self.cells, self.size = task, cells, len(cells)
        self.place = np.full(len(task.values), -1)
        self.place[cells] = np.arange(self.size)
        part = task.equations[:, cells]
        part = csr_matrix(part[np.flatnonzero(np.diff(part.indptr))])
        self.matrix = csr_matrix(hstack([part, -part]))
        self.low = np.zeros(2 * self.size)
        self.high = np.concatenate([np.full(self.size, np.inf), task.values[cells]])
        self.right = np.zeros(self.matrix.shape[0])
        self.model = Linear(self.matrix, self.right, self.low, self.high, DUAL)
        self.cost = np.zeros(2 * self.size)

    def charge(self, cells: IntArray, cost: FloatArray | float) -> None:
        """The cost of one unit of deviation of these cells."""
        columns = self._both(cells)
        self.cost[columns] = np.tile(np.broadcast_to(cost, len(cells)), 2)
        self.model.costs(columns, self.cost[columns])

    def allow(self, cells: IntArray, allowed: bool) -> None:
        """Let cells deviate, or hold them at their figures."""
        columns = self._both(cells)
        ceiling = np.concatenate([np.full(len(cells), np.inf), self.task.values[cells]])
        self.high[columns] = ceiling if allowed else 0.0
        self.model.bounds(columns, self.low[columns], self.high[columns])

    def reaching(self, requirement: int, thorough: bool = True) -> FloatArray | None:
        """A cheap deviation (all cells) that meets a requirement, the cheapest one unless whole figures ask for
        another; None when there is none (or, not `thorough`, when none is found at once)."""
        task = self.task
        at = int(self.place[task.cell[requirement]])
        forward, back = (at, at + self.size) if task.sign[requirement] > 0 else (at + self.size, at)
        columns = np.array([forward, back])
        before = self.high[columns].copy()
        if task.amount[requirement] > before[0] * (1 + 1e-12) + TOLERANCE:
            return None
        self.low[forward], self.high[back] = min(task.amount[requirement], before[0]), 0.0
        self.model.bounds(columns, self.low[columns], self.high[columns])
        try:
            x = self.model.solve()
            if x is not None and task.whole and not is_whole(x):
                x = self._in_whole_numbers(x, thorough)
        except Unbounded:  # costs are not negative, so this is numerical trouble
            x = None
        self.low[forward], self.high[columns] = 0.0, before
        self.model.bounds(columns, self.low[columns], self.high[columns])
        return None if x is None else self._spread(x)

    def _in_whole_numbers(self, x: FloatArray, thorough: bool) -> FloatArray | None:
        """Corners of these programmes are small fractions: a multiple of one is whole, and reaches further."""
        for factor in range(2, MOST_FACTOR + 1):
            if is_whole(factor * x) and (factor * x <= self.high + TOLERANCE).all():
                return np.round(factor * x)
        if not thorough:
            return None
        cheap = np.where((x > TOLERANCE) | (self.cost <= LEAST_COST), self.high, 0.0)
        found = whole_best(self.matrix, self.right, self.low, np.maximum(cheap, self.low), self.cost)
        return whole_best(self.matrix, self.right, self.low, self.high, self.cost) if found is None else found

    def _spread(self, x: FloatArray) -> FloatArray:
        deviation = np.zeros(len(self.task.values))
        deviation[self.cells] = x[: self.size] - x[self.size :]
        deviation[np.abs(deviation) < TOLERANCE] = 0.0
        return deviation

    def _both(self, cells: IntArray) -> IntArray:
        columns: IntArray = np.concatenate([self.place[cells], self.place[cells] + self.size])
        return columns


class Pattern:
    """Hidden cells, and for each requirement met the cells of a deviation that meets it."""

    def __init__(self, task: Task) -> None:
        self.task, self.hidden = task, task.must.copy()
        self.proof: dict[int, frozenset[int]] = {}

    def learn(self, deviation: FloatArray) -> None:
        """Every requirement that a deviation within the hidden cells meets."""
        task, support = self.task, frozenset(np.flatnonzero(deviation).tolist())
        met = task.sign * deviation[task.cell] >= task.amount - TOLERANCE
        for r in np.flatnonzero(met).tolist():
            self.proof.setdefault(r, support)


def fast(task: Task, work: Work) -> BoolArray:
    """Cells to hide, by deviations at the least new cost, one requirement after another."""
    pattern = Pattern(task)
    free = np.flatnonzero(~task.never)
    programme = Deviations(task, free)
    programme.charge(free, np.where(pattern.hidden[free], LEAST_COST, task.weights[free]))
    order = np.argsort(-task.amount, kind="stable").tolist()
    for done, r in enumerate(order):
        if r not in pattern.proof:
            deviation = programme.reaching(r)
            if deviation is None:
                raise MethodError("keep", "leaves no way to protect a cell", str(int(task.cell[r])))
            new = np.flatnonzero((deviation != 0) & ~pattern.hidden)
            pattern.hidden[new] = True
            if len(new):
                programme.charge(new, LEAST_COST)
            pattern.learn(deviation)
        work.report(0.5 * (done + 1) / len(order), "hide")
    return cleaned(pattern, work)


def cleaned(pattern: Pattern, work: Work) -> BoolArray:
    """Publish again, dearest first, every cell without which all requirements can still be met."""
    task = pattern.task
    hidden = np.flatnonzero(pattern.hidden)
    programme = Deviations(task, hidden)
    programme.charge(hidden, 1.0)
    spare = np.flatnonzero(pattern.hidden & ~task.must)
    spare = spare[np.argsort(-task.weights[spare], kind="stable")]
    for done, cell in enumerate(spare.tolist()):
        if work.over:
            break
        _try_publishing(pattern, programme, cell)
        work.report(0.5 + 0.5 * (done + 1) / len(spare), "publish again")
    return pattern.hidden


def _try_publishing(pattern: Pattern, programme: Deviations, cell: int) -> None:
    touched = [r for r, support in pattern.proof.items() if cell in support]
    programme.allow(np.array([cell]), False)
    proof: dict[int, frozenset[int]] = {}
    for r in touched:
        if r in proof:
            continue
        deviation = programme.reaching(r, thorough=False)
        if deviation is None:
            programme.allow(np.array([cell]), True)
            return
        support = frozenset(np.flatnonzero(deviation).tolist())
        task = pattern.task
        met = task.sign * deviation[task.cell] >= task.amount - TOLERANCE
        proof |= {other: support for other in touched if met[other] and other not in proof}
    pattern.hidden[cell] = False
    pattern.proof |= proof
