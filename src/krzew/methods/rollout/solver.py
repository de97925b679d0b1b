"""Solve a roll-out: greedy plan, bound by prices, rounding, neighbourhood search; exact where it is small."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import replace
from typing import Any

import numpy as np

from ..record import IntArray, MethodError
from ..work import Progress, Stop, Work
from .greedy import HOURS_WEIGHTS, fill, shares
from .milp import solve_part
from .neighbourhoods import Neighbourhoods
from .plan import LogLine, Plan, gap_of, make_plan
from .problem import RolloutProblem
from .relax import Relaxed, relax
from .search import Search, part_of, rounded

EXACT, PROVABLE = 700, 600
"""Up to so many possible starts (pairs x years) the whole is solved at once; up to so many pairs a proof is
tried when the search has come to an end."""
EXACT_NODES, PROOF_NODES = 100_000, 20
ITERATIONS, QUICK = 6_000, 1_000
ROUNDS, STALLED = 200, 6
"""Without a time limit the search ends after so many rounds, or so many without a better plan."""
PART_SHARE, PART_SECONDS = 0.1, 4.0
"""Seconds for one part: this share of the time limit, at most so many."""
PROVED = 1e-7
BOUND_SHARE = 0.5
"""At most this share of the time goes to the bound."""


def first_plan(problem: RolloutProblem) -> Plan:
    """A feasible plan at once (greedy by gain per share of the envelopes); its bound is everybody reached."""
    instance = problem.instance
    empty = np.full(instance.pairs, instance.years)
    start = fill(instance, empty, shares(instance, HOURS_WEIGHTS[0]))
    everybody = float(instance.people.sum() * instance.worth[0])
    return make_plan(problem, start, everybody, "first plan", [], None, {})


def solve(
    problem: RolloutProblem,
    time_limit: float | None = None,
    gap: float | None = None,
    executor: Executor | None = None,
    seed: int = 0,
    progress: Progress | None = None,
    stop: Stop | None = None,
    warm: Plan | None = None,
) -> Plan:
    """The best plan found, with a bound that no plan can exceed.

    `time_limit` in seconds; `gap`: stop once bound / objective - 1 is at most this (None: go on to a proof or
    to the end of the work). `executor` solves parts side by side (processes, or a Dask client's
    `get_executor()`); it changes the time, not the plan, unless a time limit cuts in. `warm`: a plan of a
    similar problem to begin with. Raises `MethodError` for bad input.
    """
    if gap is not None and not gap >= 0:
        raise MethodError("gap", "must be a share of at least 0, or None", str(gap))
    run = _Run(problem, Work(time_limit, progress, stop), gap, executor, seed)
    run.begin(warm)
    if run.open and problem.instance.pairs:
        run.bound_and_round()
        run.improve()
    parameters = {"time_limit": time_limit, "gap": gap, "per_place": problem.per_place}
    return make_plan(problem, run.start, run.bound, run.status(), run.log, seed, parameters, run.relaxed)


class _Run:
    """One solve: the best schedule and bound so far."""

    def __init__(
        self, problem: RolloutProblem, work: Work, gap: float | None, executor: Executor | None, seed: int
    ) -> None:
        self.problem, self.instance, self.work = problem, problem.instance, work
        self.gap, self.executor, self.seed = gap, executor, seed
        self.start: IntArray = np.full(self.instance.pairs, self.instance.years)
        self.value = 0.0
        self.bound = float(self.instance.people.sum() * self.instance.worth[0])
        self.relaxed: Relaxed | None = None
        self.log: list[LogLine] = []

    @property
    def target(self) -> float:
        return PROVED if self.gap is None else max(self.gap, PROVED)

    @property
    def reached(self) -> bool:
        return gap_of(self.value, self.bound) <= self.target

    @property
    def open(self) -> bool:
        return not (self.reached or self.work.over)

    def status(self) -> str:
        if gap_of(self.value, self.bound) <= PROVED:
            return "optimal"
        if self.reached:
            return "within gap"
        if self.work.left <= 0:
            return "time limit"
        return "stopped" if self.work.over else "work limit"

    def note(self, step: str) -> None:
        gap = gap_of(self.value, self.bound)
        self.log.append(LogLine(self.work.seconds, step, self.value, self.bound, gap))
        spent = 0.0 if self.work.time_limit is None else self.work.seconds / self.work.time_limit
        self.work.report(spent, step)

    def offer(self, start: IntArray) -> None:
        value = self.instance.value(start)
        if value > self.value:
            self.start, self.value = start, value

    def begin(self, warm: Plan | None) -> None:
        """Greedy schedules, and that of a plan known from before where it still holds."""
        for weight in HOURS_WEIGHTS:
            self.offer(
                fill(self.instance, self.start * 0 + self.instance.years, shares(self.instance, weight))
            )
        if warm is not None and warm.problem.shape == self.problem.shape:
            years = warm.schedule[self.instance.place, self.instance.model]
            start = np.where(years < 0, self.instance.years, years)
            if (self.instance.used(start) <= self.instance.room).all():
                self.offer(fill(self.instance, start, shares(self.instance, HOURS_WEIGHTS[0])))
        self.note("greedy")

    def bound_and_round(self) -> None:
        """Bound and rounded plan; where a gap is asked for, a quick bound first, which is often enough."""
        for iterations in (QUICK, ITERATIONS) if self.gap is not None else (ITERATIONS,):
            if self.open:
                self.relaxed = self._bound(iterations)
                self.offer(rounded(self.instance, self.relaxed))
                self.note("rounding")

    def _bound(self, iterations: int) -> Relaxed:
        limit = self.work.time_limit
        seconds = None if limit is None else max(BOUND_SHARE * self.work.left, 1e-3)
        clock = Work(seconds, None, lambda: self.work.over)
        found = relax(self.instance, iterations, clock, self.value)
        self.bound = min(self.bound, found.bound)
        self.note("bound")
        return found if self.relaxed is None or found.bound < self.relaxed.bound else self.relaxed

    def improve(self) -> None:
        small = self.instance.pairs * self.instance.years <= EXACT
        if not small and self.open:
            self._search()
        if self.open and (small or self.instance.pairs <= PROVABLE):
            self._prove(EXACT_NODES if small else PROOF_NODES)

    def _search(self) -> None:
        assert self.relaxed is not None
        limit = self.work.time_limit
        seconds = None if limit is None else min(PART_SHARE * limit, PART_SECONDS)
        stream = np.random.default_rng(self.seed)
        near = Neighbourhoods(self.problem, self.relaxed.gain.max(axis=1), stream)
        search = Search(self.instance, self.start, near, self.executor, seconds)
        while self.open and (limit is not None or (search.rounds < ROUNDS and search.stalled < STALLED)):
            kind = search.round(self.work)
            self.offer(search.start)
            self.note(kind)

    def _prove(self, nodes: int) -> None:
        everything = np.arange(self.instance.pairs)
        part = part_of(self.instance, self.start, everything)
        seconds = None if self.work.time_limit is None else self.work.left
        answer = solve_part(replace(part, gap=self.gap or 0.0, nodes=nodes, seconds=seconds, seed=self.seed))
        self.offer(answer.start)
        self.bound = max(min(self.bound, answer.bound), self.value)
        if answer.proved and not self.gap:
            self.bound = self.value
        self.note("proof")


def options_of(plan: Plan) -> dict[str, Any]:
    """How a plan was solved, to solve a similar problem alike."""
    parameters = plan.provenance.parameters
    return {
        "time_limit": parameters.get("time_limit"),
        "gap": parameters.get("gap"),
        "seed": plan.provenance.seed or 0,
    }
