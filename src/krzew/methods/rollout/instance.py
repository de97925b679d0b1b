"""A roll-out as arrays: candidate pairs, groups of people with the same catchments, rows of envelopes.

A column is one possible start: pair p in year t, column p * T + t. Every limit is a row "sum of amounts of
the chosen columns <= limit", also the share of the weakest places: cost * (share - weak) <= 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix, csc_matrix, csr_matrix

from ..record import BoolArray, FloatArray, IntArray

if TYPE_CHECKING:
    from .problem import RolloutProblem

TOLERANCE = 1e-9
"""Relative room for rounding when an envelope is filled to the brim."""

Int32Array = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Rows:
    """Where each kind of envelope has its rows."""

    budget: slice
    hours: slice
    capacity: slice
    place: slice
    equity: slice

    def kind(self, row: int) -> str:
        """The name of the kind to which a row belongs."""
        for name in ("budget", "hours", "capacity", "place", "equity"):
            span: slice = getattr(self, name)
            if span.start <= row < span.stop:
                return name
        raise IndexError(row)


@dataclass(frozen=True, eq=False)
class Instance:
    """`place`, `model` (P,) of each pair; `covers` (P, V) which groups of people a start serves; `people`
    (V,); `use` (rows, P * T) and `limit` (rows,) of the envelopes; `worth` (T + 1,): value of a person
    reached from year t on, 0 at T (never)."""

    place: IntArray
    model: IntArray
    covers: csr_matrix
    people: FloatArray
    use: csc_matrix
    limit: FloatArray
    weights: FloatArray
    worth: FloatArray
    rows: Rows
    cost: FloatArray
    weak: BoolArray

    @property
    def pairs(self) -> int:
        return len(self.place)

    @property
    def years(self) -> int:
        return len(self.weights)

    @cached_property
    def room(self) -> FloatArray:
        """Limits with the room for rounding."""
        scale = np.where(np.isfinite(self.limit), np.abs(self.limit), 0.0)
        result: FloatArray = self.limit + TOLERANCE * np.maximum(scale, 1.0)
        return result

    def first_years(self, start: IntArray) -> IntArray:
        """(V,) the year from which each group is served, T for never."""
        served = np.full(len(self.people), self.years)
        years = np.repeat(start, np.diff(self.covers.indptr))
        np.minimum.at(served, self.covers.indices, years)
        return served

    def value(self, start: IntArray) -> float:
        """Discounted person-years of a schedule (P,) of year numbers, T for never."""
        return float(self.people @ self.worth[self.first_years(start)])

    def used(self, start: IntArray) -> FloatArray:
        """(rows,) what a schedule takes from each envelope."""
        chosen = np.flatnonzero(start < self.years)
        columns = np.zeros(self.pairs * self.years)
        columns[chosen * self.years + start[chosen]] = 1.0
        result: FloatArray = self.use @ columns
        return result


def build(problem: RolloutProblem) -> Instance:
    """The arrays of a problem."""
    allowed = problem.allowed & (problem.cost <= problem.budget.max())
    place, model = np.nonzero(allowed)
    covers, people = _covers(problem, place, model)
    useful = np.diff(covers.indptr) > 0
    place, model, covers = place[useful], model[useful], covers[useful]
    cost = problem.cost[place, model]
    weak = np.zeros(len(place), bool) if problem.equity is None else problem.equity.weak[place]
    use, limit, rows = _envelopes(problem, place, model)
    worth = np.append(np.cumsum(problem.weights[::-1])[::-1], 0.0)
    return Instance(
        place, model, covers, people, use, limit, problem.weights, worth, rows, cost, weak.astype(bool)
    )


def _covers(problem: RolloutProblem, place: IntArray, model: IntArray) -> tuple[csr_matrix, FloatArray]:
    """Pairs by groups of people (place j, model m) with a need that some pair can serve."""
    models = problem.shape[1]
    rows, columns = [], []
    for m in range(models):
        own = np.flatnonzero(model == m)
        table = problem.catchment.of(m)
        starts, sizes = table.indptr[place[own]], np.diff(table.indptr)[place[own]]
        inside = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        served = table.indices[np.repeat(starts, sizes) + inside]
        rows.append(np.repeat(own, sizes))
        columns.append(served.astype(np.int64) * models + m)
    row, column = np.concatenate(rows), np.concatenate(columns)
    needed = problem.need.ravel()[column] > 0
    groups, at = np.unique(column[needed], return_inverse=True)
    shape = (len(place), len(groups))
    covers = coo_matrix((np.ones(needed.sum()), (row[needed], at.ravel())), shape=shape).tocsr()
    covers.sort_indices()
    return covers, problem.need.ravel()[groups]


def _envelopes(
    problem: RolloutProblem, place: IntArray, model: IntArray
) -> tuple[csc_matrix, FloatArray, Rows]:
    n, m, t = problem.shape
    pairs = len(place)
    p, year = np.repeat(np.arange(pairs), t), np.tile(np.arange(t), pairs)
    column = np.arange(pairs * t)
    cost = problem.cost[place, model][p]
    hour_rows = 0 if problem.advisers is None else problem.advisers.hours.size
    sizes = np.cumsum([0, t, hour_rows, m * t, n, int(problem.equity is not None)])
    spans = [slice(int(a), int(b)) for a, b in pairwise(sizes)]
    rows = Rows(*spans)
    parts = [(year, column, cost)]
    if problem.advisers is not None:
        parts += _hours(problem, place[p], model[p], year, column, rows.hours.start)
    parts.append((rows.capacity.start + model[p] * t + year, column, np.ones(len(p))))
    parts.append((rows.place.start + place[p], column, np.ones(len(p))))
    limits = [problem.budget, np.zeros(0) if problem.advisers is None else problem.advisers.hours.ravel()]
    limits += [problem.capacity.ravel(), np.full(n, float(problem.per_place))]
    if problem.equity is not None:
        lacking = problem.equity.share - problem.equity.weak[place[p]]
        parts.append((np.full(len(p), rows.equity.start), column, cost * lacking))
        limits.append(np.zeros(1))
    row, col, amount = (np.concatenate(part) for part in zip(*parts, strict=True))
    kept = amount != 0
    shape = (int(sizes[-1]), pairs * t)
    use = coo_matrix((amount[kept], (row[kept], col[kept])), shape=shape).tocsc()
    return use, np.concatenate(limits), rows


def _hours(
    problem: RolloutProblem, place: IntArray, model: IntArray, year: IntArray, column: IntArray, first: int
) -> list[tuple[IntArray, IntArray, FloatArray]]:
    advisers, t = problem.advisers, problem.shape[2]
    parts = []
    for later in range(advisers.effort.shape[1]):
        inside = year + later < t
        row = first + advisers.region[place[inside]] * t + year[inside] + later
        parts.append((row, column[inside], advisers.effort[model[inside], later]))
    return parts
