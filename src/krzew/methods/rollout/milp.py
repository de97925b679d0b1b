"""A part of a roll-out as a mixed-integer programme for HiGHS, passed as arrays.

Columns: z[p, t] (pair p runs in year t; whole numbers, rising) and y[g, t] (group g is served in year t).
Groups that the free pairs reach alike are one; a group that only one pair reaches needs no column of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, eye, hstack, kron, vstack

from ..record import BoolArray, FloatArray, IntArray

HEURISTIC_EFFORT = 0.3
"""Six times the default of HiGHS: here good plans are harder to find than bounds."""


@dataclass(frozen=True, eq=False)
class Part:
    """What may change, and within what: `covers` (p, g) of the free pairs, `worth` (g, T) of serving a group
    in a year, `use` (rows, p * T) and `limit` of the envelopes, `start` (p,) the schedule so far; `floor`
    the worth that must be kept while `aim` (p, T), a price on running, is what counts instead."""

    pairs: IntArray
    covers: csr_matrix
    worth: FloatArray
    use: csr_matrix
    limit: FloatArray
    start: IntArray
    gap: float = 1e-6
    nodes: int | None = None
    seconds: float | None = None
    seed: int = 0
    floor: float | None = None
    aim: FloatArray | None = None
    effort: float = HEURISTIC_EFFORT
    threads: int = 1


@dataclass(frozen=True, eq=False)
class Answer:
    """`start` (p,) of the free pairs; `value` of the aim; `bound` on it; whether it is proved."""

    pairs: IntArray
    start: IntArray
    value: float
    bound: float
    proved: bool


def merged(covers: csr_matrix, worth: FloatArray) -> tuple[csr_matrix, FloatArray]:
    """Groups reached by the same pairs, with the same years open, as one."""
    table = covers.tocsc()
    table.sort_indices()
    ends, at = table.indptr, table.indices
    seen: dict[bytes, int] = {}
    target = np.full(table.shape[1], -1)
    reached = np.flatnonzero((np.diff(ends) > 0) & (worth > 0).any(axis=1))
    open_years = np.packbits(worth > 0, axis=1)
    for v in reached:
        key = at[ends[v] : ends[v + 1]].tobytes() + open_years[v].tobytes()
        target[v] = seen.setdefault(key, len(seen))
    total = np.zeros((len(seen), worth.shape[1]))
    np.add.at(total, target[reached], worth[reached])
    first = np.full(len(seen), -1)
    first[target[reached][::-1]] = reached[::-1]
    return table[:, first].tocsr(), total


def solve_part(part: Part) -> Answer:
    """Solve with HiGHS, on one thread unless told otherwise: the answer depends on the part alone, unless
    `seconds` end it."""
    import highspy

    model = _Model(part)
    solver = highspy.Highs()
    options: dict[str, Any] = {"output_flag": False, "threads": part.threads, "mip_rel_gap": part.gap}
    options |= {"random_seed": part.seed, "mip_abs_gap": 0.0, "mip_feasibility_tolerance": 1e-7}
    options["mip_heuristic_effort"] = part.effort
    if part.nodes is not None:
        options["mip_max_nodes"] = part.nodes
    if part.seconds is not None:
        options["time_limit"] = max(float(part.seconds), 0.05)
    for name, value in options.items():
        solver.setOptionValue(name, value)
    solver.passModel(model.lp(highspy))
    solution = highspy.HighsSolution()
    solution.col_value = model.point(part.start).tolist()
    solver.setSolution(solution)
    solver.run()
    proved = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    info = solver.getInfo()
    values = np.asarray(solver.getSolution().col_value)
    if len(values) == 0 or not np.isfinite(info.objective_function_value):
        return Answer(part.pairs, part.start, model.value(part.start), np.inf, False)
    start = model.starts(values)
    return Answer(part.pairs, start, model.value(start), model.constant - info.mip_dual_bound, proved)


class _Model:
    """The arrays of one part."""

    def __init__(self, part: Part) -> None:
        self.part, self.years = part, part.worth.shape[1]
        self.pairs = len(part.pairs)
        covers, worth = merged(part.covers, part.worth)
        reach = np.asarray((covers != 0).sum(axis=0)).ravel()
        single = reach == 1
        self.gain = covers[:, single] @ worth[single]  # (p, T) of groups that nobody else reaches
        self.covers, self.worth = covers[:, ~single].tocsr(), worth[~single]
        self.open: BoolArray = self.worth > 0
        self.constant = 0.0

    def value(self, start: IntArray) -> float:
        running = start[:, None] <= np.arange(self.years)
        if self.part.aim is not None:
            return float((self.part.aim * running).sum())
        served = (self.covers.T @ running.astype(float)) > 0
        return float((self.gain * running).sum() + (self.worth * served).sum())

    def _objective(self) -> FloatArray:
        return np.concatenate([self.gain.ravel(), self.worth[self.open]])

    def _matrix(self) -> tuple[csr_matrix, FloatArray, FloatArray]:
        t, running = self.years, self.pairs * self.years
        groups = int(self.open.sum())
        change = kron(eye(self.pairs), eye(t) - eye(t, k=-1), format="csr")
        rising = change[np.tile(np.arange(t) > 0, self.pairs)]
        g, year = np.nonzero(self.open)
        served = kron(self.covers.T, eye(t), format="csr")[g * t + year]
        blocks = [
            hstack([self.part.use @ change, csr_matrix((self.part.use.shape[0], groups))]),
            hstack([-rising, csr_matrix((rising.shape[0], groups))]),
            hstack([-served, eye(groups)]),
        ]
        upper = [self.part.limit, np.zeros(rising.shape[0] + groups)]
        if self.part.floor is not None:
            blocks.append(csr_matrix(-self._objective()))
            upper.append(np.array([-self.part.floor]))
        matrix = vstack(blocks).tocsr()
        matrix.eliminate_zeros()
        return matrix, np.concatenate(upper), np.full(running + groups, 1.0)

    def lp(self, highspy: Any) -> Any:
        matrix, upper, ones = self._matrix()
        running = self.pairs * self.years
        cost = -self._objective()
        if self.part.aim is not None:
            cost = np.concatenate([-self.part.aim.ravel(), np.zeros(len(ones) - running)])
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(ones), len(upper)
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost, np.zeros(len(ones)), ones
        lp.row_lower_ = np.full(len(upper), -highspy.kHighsInf)
        lp.row_upper_ = np.where(np.isfinite(upper), upper, highspy.kHighsInf)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_, lp.a_matrix_.index_ = matrix.indptr, matrix.indices
        lp.a_matrix_.value_ = matrix.data
        whole, any_ = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
        lp.integrality_ = [whole] * running + [any_] * (len(ones) - running)
        return lp

    def point(self, start: IntArray) -> FloatArray:
        """The schedule so far as values of the columns."""
        running = (start[:, None] <= np.arange(self.years)).astype(float)
        served = np.minimum(self.covers.T @ running, 1.0)
        return np.concatenate([running.ravel(), served[self.open]])

    def starts(self, values: FloatArray) -> IntArray:
        running = values[: self.pairs * self.years].reshape(-1, self.years) > 0.5
        start: IntArray = np.where(running.any(axis=1), running.argmax(axis=1), self.years)
        return start
