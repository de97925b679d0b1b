"""A plan: which model starts where and when, what it reaches and costs, and how far it may be from the best."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ..record import FloatArray, IntArray, MethodError, Provenance, stamp
from .check import Checked, check_schedule, coverage_of
from .problem import RolloutProblem
from .relax import Relaxed

if TYPE_CHECKING:
    from .comparison import Comparison

NEVER = -1


class Start(NamedTuple):
    """One start, by the names of the problem."""

    place: Any
    model: Any
    year: Any


class LogLine(NamedTuple):
    """The state of the work after a step. `seconds` since its beginning."""

    seconds: float
    step: str
    objective: float
    bound: float
    gap: float


@dataclass(frozen=True, eq=False)
class Plan:
    """`schedule` (places, models): row of the year of the start, -1 where there is none; `starts`: the same
    as a list. `coverage` (models, years): people reached; `spend` (years,). `objective`: discounted
    person-years; no plan can have more than `bound`; `gap` = bound / objective - 1. `status`: "optimal",
    "within gap", "time limit", "stopped", "work limit" or "first plan". `relaxed`: prices behind the bound.
    """

    problem: RolloutProblem
    schedule: IntArray
    objective: float
    bound: float
    status: str
    log: tuple[LogLine, ...]
    provenance: Provenance
    coverage: FloatArray
    spend: FloatArray
    relaxed: Relaxed | None = None

    @property
    def gap(self) -> float:
        return gap_of(self.objective, self.bound)

    @property
    def starts(self) -> tuple[Start, ...]:
        """Starts by year, place and model."""
        place, model = np.nonzero(self.schedule != NEVER)
        year = self.schedule[place, model]
        order = np.lexsort((model, place, year))
        p = self.problem
        return tuple(Start(p.places[place[k]], p.models[model[k]], p.years[year[k]]) for k in order)

    @property
    def running(self) -> IntArray:
        """(P,) year of each candidate pair, T for none: the form of the solvers."""
        instance = self.problem.instance
        years = self.schedule[instance.place, instance.model]
        return np.where(years == NEVER, instance.years, years)

    def check(self) -> Checked:
        """Feasibility and value, computed anew from the problem alone."""
        return check_schedule(self.problem, self.schedule)

    def explain(self, place: Any = None, lang: str | None = None) -> tuple[str, ...]:
        """The plan, or one place of it, as sentences in Polish ("pl") or English ("en").

        `plan.explain("en")` explains the whole plan, `plan.explain("Biecz", "en")` one place.
        """
        from .explain import explain_place, explain_plan

        if lang is None and place in ("pl", "en") and place not in self.problem.places:
            place, lang = None, place
        if place is None:
            return explain_plan(self, lang or "pl")
        return explain_place(self, self.problem.row_of(place), lang or "pl")

    def compared_to(self, other: Plan) -> Comparison:
        """What changes from the other plan to this one."""
        from .comparison import compare

        return compare(other, self)


def gap_of(objective: float, bound: float) -> float:
    """How much more than the plan could be possible at most, as a share of the plan."""
    if objective > 0:
        return max(bound / objective - 1.0, 0.0)
    return 0.0 if bound <= 0 else float("inf")


def schedule_of(problem: RolloutProblem, start: IntArray) -> IntArray:
    """(places, models) from the form of the solvers."""
    schedule = np.full(problem.shape[:2], NEVER)
    instance = problem.instance
    schedule[instance.place, instance.model] = np.where(start < instance.years, start, NEVER)
    return schedule


def make_plan(
    problem: RolloutProblem,
    start: IntArray,
    bound: float,
    status: str,
    log: list[LogLine],
    seed: int | None,
    parameters: dict[str, Any],
    relaxed: Relaxed | None = None,
) -> Plan:
    """A plan from the form of the solvers; refuses one that the checker does not accept."""
    schedule = schedule_of(problem, start)
    checked = check_schedule(problem, schedule)
    if not checked.ok:
        raise MethodError("plan", f"breaks a limit, which is a fault of the solver: {checked.broken[0]}")
    year = np.where(schedule == NEVER, 0, schedule)
    spend: FloatArray = np.bincount(
        year.ravel(), np.where(schedule == NEVER, 0.0, problem.cost).ravel(), problem.shape[2]
    ).astype(np.float64)
    return Plan(
        problem,
        schedule,
        checked.objective,
        max(bound, checked.objective),
        status,
        tuple(log),
        stamp("rollout", seed, problem.data_hash, parameters),
        coverage_of(problem, schedule),
        spend,
        relaxed,
    )
