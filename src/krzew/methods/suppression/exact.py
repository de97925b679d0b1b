"""The pattern that loses least, proved: a master programme of what to hide, and attackers who object.

M. Fischetti and J. J. Salazar González, "Models and algorithms for optimizing cell suppression in tabular data
with linear constraints", JASA 95 (2000) 916-928. Each attack that succeeds gives, by linear duality, an
inequality that every safe pattern meets; coefficients are cut to the requirement, since a cell is hidden or
not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix, vstack

from ..record import BoolArray, FloatArray
from ..work import Work
from .linear import PRIMAL, TOLERANCE, Linear, Unbounded
from .pattern import LEAST_COST, Deviations, Task, fast


@dataclass(frozen=True, eq=False)
class Best:
    """A safe pattern, its cost, and a bound under the cost of every safe pattern."""

    hidden: BoolArray
    objective: float
    bound: float
    proved: bool


def exact(task: Task, start: BoolArray, work: Work) -> Best:
    """The cheapest safe pattern; with too little time the better of `start` and nothing, and a bound."""
    cost = task.weights
    best, bound = start, float(cost[task.must].sum())
    cuts = [_no_lone_cells(task)]
    attackers = _Attackers(task)
    while not work.over:
        chosen, bound_now = _master(task, cuts, work)
        bound = max(bound, bound_now)
        if chosen is None or bound >= float(cost[best].sum()) - 1e-9:
            break
        objections = attackers.object_to(chosen)
        if not objections:
            best = chosen
            break
        cuts.append(csr_matrix(np.array(objections)))
        best = _cheaper(task, best, chosen, work)
        work.report(min(bound / float(cost[best].sum()), 1.0), "optimal pattern")
    objective = float(cost[best].sum())
    bound = min(bound, objective)
    return Best(best, objective, bound, bound >= objective - 1e-6 * max(objective, 1.0))


def _cheaper(task: Task, best: BoolArray, chosen: BoolArray, work: Work) -> BoolArray:
    """The better of the best so far and the master's pattern mended by the fast solver."""
    leaning = replace(task, weights=np.where(chosen, LEAST_COST, task.weights))
    mended = fast(leaning, Work(None if work.left == np.inf else max(work.left, 0.01)))
    return mended if task.weights[mended].sum() < task.weights[best].sum() - 1e-9 else best


def _no_lone_cells(task: Task) -> csr_matrix:
    """A cell hidden alone in a sum is no secret: with each hidden cell another one of every sum."""
    pattern = abs(task.equations)
    rows = []
    for i in range(pattern.shape[0]):
        cells = pattern.indices[pattern.indptr[i] : pattern.indptr[i + 1]]
        block = np.ones((len(cells), len(cells))) - 2 * np.eye(len(cells))
        own = np.repeat(np.arange(len(cells)), len(cells))
        shape = (len(cells), pattern.shape[1])
        rows.append(csr_matrix((block.ravel(), (own, np.tile(cells, len(cells)))), shape=shape))
    return csr_matrix(vstack([*rows, csr_matrix((1, pattern.shape[1]))]))


def _master(task: Task, cuts: list[csr_matrix], work: Work) -> tuple[BoolArray | None, float]:
    """The cheapest pattern that meets all objections so far, and a bound under every safe one."""
    matrix = csr_matrix(vstack(cuts))
    low = np.zeros(matrix.shape[0])
    low[cuts[0].shape[0] :] = 1.0  # objections are scaled to 1
    options = {} if work.left == np.inf else {"time_limit": max(work.left, 0.05)}
    result: Any = milp(
        task.weights,
        constraints=LinearConstraint(matrix, low, np.full(len(low), np.inf)),
        bounds=Bounds(task.must.astype(float), (~task.never).astype(float)),
        integrality=np.ones(len(task.weights)),
        options={"mip_rel_gap": 0.0, **options},
    )
    bound = 0.0 if result.mip_dual_bound is None else float(result.mip_dual_bound)
    return (None if result.x is None or result.status != 0 else result.x > 0.5), bound


class _Attackers:
    """One attack for each requirement, on deviations of all cells that may be hidden."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.low, self.high = -task.values, np.full(len(task.values), np.inf)
        zero = np.zeros(len(task.values))
        self.model = Linear(task.equations, np.zeros(task.equations.shape[0]), zero, zero, PRIMAL)

    def object_to(self, hidden: BoolArray) -> list[FloatArray]:
        """An inequality for each requirement that the pattern fails; rows of coefficients, at least 1."""
        every = np.arange(len(hidden))
        self.model.bounds(every, np.where(hidden, self.low, 0.0), np.where(hidden, self.high, 0.0))
        rows = [self._objection(r) for r in range(len(self.task.cell))]
        found = [row for row in rows if row is not None]
        return found or self._in_whole_numbers(hidden)

    def _objection(self, r: int) -> FloatArray | None:
        task, column = self.task, np.array([self.task.cell[r]])
        self.model.costs(column, np.array([-task.sign[r]]))
        try:
            x = self.model.solve()
        except Unbounded:
            return None
        finally:
            self.model.costs(column, np.array([0.0]))
        amount = task.amount[r]
        if x is None or task.sign[r] * x[task.cell[r]] >= amount - TOLERANCE:
            return None
        slope = -self.model.reduced_costs()
        slope[np.abs(slope) < TOLERANCE] = 0.0
        gain = np.where(slope > 0, np.inf, 0.0)
        gain[slope < 0] = -slope[slope < 0] * task.values[slope < 0]
        objection: FloatArray = np.minimum(gain, amount) / amount
        return objection

    def _in_whole_numbers(self, hidden: BoolArray) -> list[FloatArray]:
        """Safe in fractions may be unsafe in whole numbers: then something outside the pattern is needed."""
        if not self.task.whole or self.task.network:
            return []
        programme = Deviations(self.task, np.flatnonzero(hidden))
        programme.charge(np.flatnonzero(hidden), 1.0)
        for r in range(len(self.task.cell)):
            if programme.reaching(r) is None:
                return [(~hidden & ~self.task.never).astype(float)]
        return []
