"""An independent check of a schedule: straight from the definitions, sharing nothing with the solvers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..record import FloatArray, IntArray, MethodError
from .problem import RolloutProblem

ROUNDING = 1e-6
"""Relative excess that counts as rounding."""


@dataclass(frozen=True)
class Broken:
    """A limit that a schedule breaks: `rule`, where, and both figures."""

    rule: str
    where: tuple[Any, ...]
    used: float
    limit: float

    def __str__(self) -> str:
        where = ", ".join(map(str, self.where))
        return f"{self.rule} [{where}]: {self.used:g}, limit {self.limit:g}"


@dataclass(frozen=True)
class Checked:
    """`ok`, the limits that are `broken`, and the value of the schedule. True in a condition when ok."""

    ok: bool
    broken: tuple[Broken, ...]
    objective: float

    def __bool__(self) -> bool:
        return self.ok


def check_schedule(problem: RolloutProblem, schedule: npt.ArrayLike) -> Checked:
    """Check a table (places, models) of year rows, -1 for no start, against every limit of the problem."""
    table = np.asarray(schedule)
    n, m, t = problem.shape
    if table.shape != (n, m) or not np.issubdtype(table.dtype, np.integer):
        raise MethodError("schedule", f"must hold whole numbers in the shape {(n, m)}, not {table.shape}")
    if table.min() < -1 or table.max() >= t:
        raise MethodError("schedule", f"must hold rows of years from 0 to {t - 1}, or -1")
    broken = [*_eligibility(problem, table), *_money(problem, table), *_advisers(problem, table)]
    broken += [*_starts_a_year(problem, table), *_models_a_place(problem, table), *_equity(problem, table)]
    people = coverage_of(problem, table)
    objective = sum(float(people[:, year].sum()) / (1 + problem.discount) ** year for year in range(t))
    return Checked(not broken, tuple(broken), objective)


def coverage_of(problem: RolloutProblem, schedule: IntArray) -> FloatArray:
    """(models, years) people of all places within the catchment of a running start of the model."""
    n, m, t = problem.shape
    people = np.zeros((m, t))
    for model in range(m):
        reach = problem.catchment.of(model)
        since = np.full(n, t)
        for place in np.flatnonzero(schedule[:, model] >= 0):
            served = reach.indices[reach.indptr[place] : reach.indptr[place + 1]]
            since[served] = np.minimum(since[served], schedule[place, model])
        for year in range(t):
            people[model, year] = problem.need[since <= year, model].sum()
    return people


def _over(used: float, limit: float) -> bool:
    return used > limit + ROUNDING * max(1.0, abs(limit) if np.isfinite(limit) else 0.0)


def _eligibility(problem: RolloutProblem, table: IntArray) -> list[Broken]:
    wrong = np.argwhere((table >= 0) & ~problem.allowed)
    return [Broken("eligible", (problem.places[i], problem.models[m]), 1.0, 0.0) for i, m in wrong]


def _money(problem: RolloutProblem, table: IntArray) -> list[Broken]:
    spent = [float(problem.cost[table == year].sum()) for year in range(problem.shape[2])]
    return [
        Broken("budget", (name,), used, float(limit))
        for name, used, limit in zip(problem.years, spent, problem.budget, strict=True)
        if _over(used, float(limit))
    ]


def _advisers(problem: RolloutProblem, table: IntArray) -> list[Broken]:
    if problem.advisers is None:
        return []
    hours, effort, region = problem.advisers.hours, problem.advisers.effort, problem.advisers.region
    worked = np.zeros(hours.shape)
    for place, model in np.argwhere(table >= 0):
        for later, amount in enumerate(effort[model]):
            year = table[place, model] + later
            if year < hours.shape[1]:
                worked[region[place], year] += amount
    return [
        Broken("advisers", (int(r), problem.years[y]), float(worked[r, y]), float(hours[r, y]))
        for r, y in np.ndindex(*hours.shape)
        if _over(float(worked[r, y]), float(hours[r, y]))
    ]


def _starts_a_year(problem: RolloutProblem, table: IntArray) -> list[Broken]:
    broken = []
    for model, year in np.ndindex(problem.shape[1], problem.shape[2]):
        used, limit = int((table[:, model] == year).sum()), float(problem.capacity[model, year])
        if used > limit:
            where = (problem.models[model], problem.years[year])
            broken.append(Broken("capacity", where, float(used), limit))
    return broken


def _models_a_place(problem: RolloutProblem, table: IntArray) -> list[Broken]:
    counts = (table >= 0).sum(axis=1)
    return [
        Broken("per_place", (problem.places[i],), float(counts[i]), float(problem.per_place))
        for i in np.flatnonzero(counts > problem.per_place)
    ]


def _equity(problem: RolloutProblem, table: IntArray) -> list[Broken]:
    if problem.equity is None:
        return []
    spent = np.where(table >= 0, problem.cost, 0.0).sum(axis=1)
    total, weak = float(spent.sum()), float(spent[problem.equity.weak].sum())
    if weak >= problem.equity.share * total - ROUNDING * max(total, 1.0):
        return []
    return [Broken("equity", ("weak",), weak / total, problem.equity.share)]
