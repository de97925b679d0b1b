"""The assignment as an integer programme, for requirements that cross (an expert who has also lived it)."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from ..record import BoolArray, FloatArray, IntArray
from .problem import Problem, Requirement

TIE = 1e-7
"""Share of the span of affinities within which the seed chooses between equal assignments."""


def programme(
    problem: Problem,
    values: FloatArray,
    arcs: BoolArray,
    requirements: tuple[Requirement, ...],
    seed: int,
    kept: BoolArray | None = None,
    time_limit: float | None = None,
) -> tuple[BoolArray, float] | None:
    """The best assignment and an upper bound on the total; None when there is none (or none in time)."""
    from scipy.optimize import Bounds, milp

    rows, columns = np.nonzero(arcs)
    if not len(rows):
        return None
    worth = values[rows, columns].copy()
    span = max(float(np.ptp(worth)), 1e-12)
    if kept is not None:
        worth += kept[rows, columns] * span * (problem.total + 1)
    noise = np.random.default_rng(seed).random(values.shape)[rows, columns] * span * TIE / problem.total
    options = {"mip_rel_gap": 0.0} | ({} if time_limit is None else {"time_limit": time_limit})
    solved = milp(
        -(worth + noise),
        constraints=_constraints(problem, requirements, rows, columns),
        integrality=np.ones(len(rows)),
        bounds=Bounds(0, 1),
        options=options,
    )
    if solved.x is None:
        return None
    matrix = np.zeros(arcs.shape, dtype=bool)
    used = solved.x > 0.5
    matrix[rows[used], columns[used]] = True
    total = float(values[matrix].sum())
    bound = -float(solved.mip_dual_bound) if kept is None else total + span * TIE
    return matrix, max(bound, total)


def _constraints(
    problem: Problem, requirements: tuple[Requirement, ...], rows: IntArray, columns: IntArray
) -> list[Any]:
    from scipy.optimize import LinearConstraint

    n, m = problem.affinity.shape
    made = [
        LinearConstraint(_table(columns, m, np.arange(len(rows))), problem.per_idea, problem.per_idea),
        LinearConstraint(_table(rows, n, np.arange(len(rows))), problem.min_load, problem.load),
    ]
    for r in requirements:
        where = np.flatnonzero(r.mask[rows, columns] & (r.count[columns] > 0))
        made.append(LinearConstraint(_table(columns[where], m, where, len(rows)), r.count, np.inf))
    return made


def _table(group: IntArray, size: int, variables: IntArray, width: int | None = None) -> csr_matrix:
    """One row per member of the group: the sum of its variables."""
    shape = (size, len(variables) if width is None else width)
    return csr_matrix((np.ones(len(group)), (group, variables)), shape=shape)
