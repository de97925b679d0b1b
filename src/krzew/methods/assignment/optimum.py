"""The largest total: a flow over a short list, then prices that prove that no other pair would add to it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..record import BoolArray, FloatArray, IntArray
from . import flow
from .problem import Problem, Requirement
from .program import programme

SHORT = 24
ROUNDS = 60


@dataclass(frozen=True, eq=False)
class Optimum:
    """`matrix` (assessors, ideas) and an upper bound on the total of any other assignment."""

    matrix: BoolArray
    total: float
    bound: float
    step: float


def optimum(
    problem: Problem,
    values: FloatArray,
    arcs: BoolArray,
    requirements: tuple[Requirement, ...],
    seed: int,
    kept: BoolArray | None = None,
    time_limit: float | None = None,
) -> Optimum | None:
    """The assignment over `arcs` with the largest total of `values`; None when there is no whole one.

    Nested requirements go by flow, crossing ones by an integer programme (HiGHS).
    """
    layout = flow.stations(problem, requirements)
    if layout is None:
        return _crossing(problem, values, arcs, requirements, seed, kept, time_limit)
    cost, step = flow.whole_costs(problem, values, seed, kept)
    if not layout.active.any() and kept is None:
        short = _by_short_list(problem, values, arcs, layout, cost, step)
        if short is not None:
            return short
    matrix = flow.best(problem, arcs, layout, cost)
    if matrix is None:
        return None
    total = float(values[matrix].sum())
    return Optimum(matrix, total, total + step * problem.total, step)


def _crossing(
    problem: Problem,
    values: FloatArray,
    arcs: BoolArray,
    requirements: tuple[Requirement, ...],
    seed: int,
    kept: BoolArray | None,
    time_limit: float | None,
) -> Optimum | None:
    """Crossing requirements often hold by themselves; only when they do not, the programme is solved."""
    free = optimum(problem, values, arcs, (), seed, kept)
    if free is None or all((((free.matrix & r.mask).sum(axis=0)) >= r.count).all() for r in requirements):
        return free
    solved = programme(problem, values, arcs, requirements, seed, kept, time_limit)
    if solved is None:
        return None
    return Optimum(solved[0], float(values[solved[0]].sum()), solved[1], 0.0)


def _by_short_list(
    problem: Problem, values: FloatArray, arcs: BoolArray, layout: flow.Stations, cost: IntArray, step: float
) -> Optimum | None:
    """Solve over the best few assessors of each idea, then let prices call in the pairs left out."""
    n = len(values)
    size = SHORT + int(problem.per_idea.max())
    if n <= 2 * size:
        return None
    shown = np.where(arcs, values, -np.inf)
    listed = arcs & (shown >= np.partition(shown, n - size, axis=0)[n - size])
    for _ in range(4):
        matrix = flow.best(problem, listed, layout, cost)
        if matrix is None:
            return None
        price, paid = prices(problem, values, arcs, matrix)
        called = arcs & ~matrix & (values - price[:, None] > paid + step)
        total = float(values[matrix].sum())
        if not (called & ~listed).any():
            bound = upper_bound(problem, values, arcs, price)
            return Optimum(matrix, total, bound, step) if bound - total <= 2 * step * problem.total else None
        listed |= called
    return None


def prices(
    problem: Problem, values: FloatArray, arcs: BoolArray, matrix: BoolArray
) -> tuple[FloatArray, FloatArray]:
    """The lowest prices (assessors,) at which every idea would choose the assessors it has (Bellman-Ford),
    and what the weakest assessor of each idea (ideas,) is worth above the price.

    An assessor who could take more has a price not above 0, one who could take less not below 0.
    """
    taken = matrix.sum(axis=1)
    span = float(np.ptp(values[arcs])) if arcs.any() else 0.0
    price = np.where((taken > problem.min_load) | (problem.min_load == 0), 0.0, -4 * span)
    rivals = np.where(arcs & ~matrix, values, -np.inf)
    ideas, people = np.nonzero(matrix.T)
    own, starts = values[people, ideas], np.cumsum(problem.per_idea) - problem.per_idea
    for _ in range(ROUNDS):
        paid = np.minimum.reduceat(own - price[people], starts)
        raised = np.maximum(price, (rivals - paid).max(axis=1))
        if (raised <= price + 1e-15 * max(span, 1.0)).all():
            break
        price = raised
    return price, paid


def upper_bound(problem: Problem, values: FloatArray, arcs: BoolArray, price: FloatArray) -> float:
    """No assignment over `arcs` has a larger total, whatever the prices (the Lagrangean dual)."""
    worth = np.where(arcs, values - price[:, None], -np.inf)
    most = int(problem.per_idea.max())
    top = -np.sort(-np.partition(worth, len(worth) - most, axis=0)[len(worth) - most :], axis=0)
    counted = np.where(np.arange(most)[:, None] < problem.per_idea, top, 0.0)
    limits = np.where(price > 0, problem.load, problem.min_load)
    return float(counted.sum() + (price * limits).sum())
