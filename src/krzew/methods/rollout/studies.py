"""Questions around a plan: other good plans, the price of each limit, scenarios."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..record import BoolArray, FloatArray, IntArray, MethodError
from ..work import Stop, Work, spread
from .greedy import HOURS_WEIGHTS, fill, shares
from .milp import solve_part
from .neighbourhoods import Neighbourhoods
from .plan import NEVER, Plan, Start, make_plan
from .problem import RolloutProblem
from .relax import relax
from .search import part_of
from .sentences import Voice
from .solver import EXACT, ITERATIONS, options_of, solve

STEP = 0.1
"""How much an envelope grows when its price is asked."""
SWEEPS, SWEEP_NODES, SWEEP_GAP, EXACT_NODES = 8, 100, 0.05, 20_000


@dataclass(frozen=True)
class Price:
    """What a limit costs. `constraint`: budget, advisers, capacity, per_place or equity. `shadow` (rows,) price
    of one more unit of each envelope of this kind, in person-years, at the prices of the bound (equity: of one
    unit of money that must go to weak places). `effect`: share of the reach that a looser limit adds (equity:
    that the rule costs), by solving again; the true effect lies between `low` and `high`."""

    constraint: str
    shadow: FloatArray
    effect: float
    low: float
    high: float
    looser: Plan


@dataclass(frozen=True)
class Prices:
    """The prices of all limits of a problem."""

    plan: Plan
    prices: tuple[Price, ...]

    def __getitem__(self, constraint: str) -> Price:
        for price in self.prices:
            if price.constraint == constraint:
                return price
        raise MethodError("constraint", "is not a limit of this problem", constraint)

    def explain(self, lang: str = "pl") -> tuple[str, ...]:
        """Each price as a sentence."""
        voice, lines = Voice(lang), []
        for price in self.prices:
            effect = voice.percent(price.effect)
            if price.high - price.low > 5e-4:
                low, high = voice.percent(price.low), voice.percent(price.high)
                effect = voice.say("between", middle=effect, low=low, high=high)
            key = {"advisers": "hours", "per_place": "place"}.get(price.constraint, price.constraint)
            equity = self.plan.problem.equity
            share = voice.percent(equity.share) if equity is not None else ""
            lines.append(voice.say(f"price_{key}", effect=effect, step=voice.percent(STEP), share=share))
        return tuple(lines)


def price_of(
    problem: RolloutProblem,
    plan: Plan,
    *,
    time_limit: float | None = None,
    executor: Executor | None = None,
    stop: Stop | None = None,
) -> Prices:
    """Solve again with each limit loosened: equity dropped, budget and adviser hours a tenth larger, capacity
    without limit, one model more a place. `time_limit` holds for each; otherwise as the plan was solved."""
    options = options_of(plan) | ({} if time_limit is None else {"time_limit": time_limit})
    looser = _looser(problem)
    jobs = [(problem, changes, options, plan) for changes in looser.values()]
    plans = list(spread(_scenario, jobs, executor))
    relaxed = plan.relaxed or relax(problem.instance, ITERATIONS, Work(time_limit, None, stop))
    rows = problem.instance.rows
    spans = {"budget": rows.budget, "advisers": rows.hours, "capacity": rows.capacity}
    spans |= {"per_place": rows.place, "equity": rows.equity}
    prices = [
        _price(name, relaxed.prices[spans[name]].copy(), plan, other)
        for name, other in zip(looser, plans, strict=True)
    ]
    return Prices(plan, tuple(prices))


def _looser(problem: RolloutProblem) -> dict[str, dict[str, Any]]:
    """The change that loosens each limit that the problem has."""
    changes: dict[str, dict[str, Any]] = {}
    if problem.equity is not None:
        changes["equity"] = {"equity": None}
    if np.isfinite(problem.budget).any():
        changes["budget"] = {"budget": problem.budget * (1 + STEP)}
    if problem.advisers is not None:
        more = replace(problem.advisers, hours=problem.advisers.hours * (1 + STEP))
        changes["advisers"] = {"advisers": more}
    if np.isfinite(problem.capacity).any():
        changes["capacity"] = {"capacity": None}
    if problem.per_place < problem.shape[1]:
        changes["per_place"] = {"per_place": problem.per_place + 1}
    return changes


def _price(name: str, shadow: FloatArray, plan: Plan, other: Plan) -> Price:
    if plan.objective <= 0:
        return Price(name, shadow, 0.0, 0.0, 0.0, other)
    if name == "equity":  # as a share of the reach without the rule
        effect = 1 - plan.objective / other.objective
        low = max(1 - plan.bound / other.objective, 0.0)
        high = 1 - plan.objective / other.bound
    else:
        effect = other.objective / plan.objective - 1
        low, high = max(other.objective / plan.bound - 1, 0.0), other.bound / plan.objective - 1
    return Price(name, shadow, max(effect, 0.0), low, max(high, 0.0), other)


def _scenario(job: tuple[RolloutProblem, dict[str, Any], dict[str, Any], Plan | None]) -> Plan:
    problem, changes, options, warm = job
    return solve(problem.but(**changes), warm=warm, **options)


def scenarios(
    problem: RolloutProblem,
    variants: Mapping[str, Mapping[str, Any]],
    executor: Executor | None = None,
    *,
    time_limit: float | None = None,
    gap: float | None = None,
    seed: int = 0,
) -> dict[str, Plan]:
    """A plan for each variant: a name and the fields that it changes, {"lean": {"budget": 90.0}}.

    `executor` spreads the variants over processes or machines; without a time limit the plans are the same.
    """
    options = {"time_limit": time_limit, "gap": gap, "seed": seed}
    for changes in variants.values():
        problem.but(**changes)  # a wrong field is named before hours of work
    jobs: list[tuple[RolloutProblem, dict[str, Any], dict[str, Any], Plan | None]]
    jobs = [(problem, dict(changes), options, None) for changes in variants.values()]
    return dict(zip(variants, spread(_scenario, jobs, executor), strict=True))


@dataclass(frozen=True)
class Alternatives:
    """`plans`: other plans of at least `within` of the value, each as different as was found; `always`: starts
    (place and model, year as in the first plan) that are in all of them and in the first; `share` (places,
    models) of all these plans that have the start."""

    plan: Plan
    plans: tuple[Plan, ...]
    within: float
    always: tuple[Start, ...]
    share: FloatArray

    def explain(self, lang: str = "pl") -> tuple[str, ...]:
        """How firm the plan is, in sentences."""
        voice = Voice(lang)
        found = voice.say("alternatives", within=voice.percent(self.within), plans=str(len(self.plans)))
        if not self.always:
            return found, voice.say("never_always")
        firm = voice.say("always", starts=voice.starts(len(self.always)), all=str(len(self.plan.starts)))
        return found, firm


def alternatives(
    problem: RolloutProblem,
    plan: Plan,
    k: int = 3,
    *,
    within: float = 0.99,
    time_limit: float | None = None,
    stop: Stop | None = None,
    seed: int = 0,
) -> Alternatives:
    """Up to k other plans worth at least `within` of this one, each sharing as few starts as possible with those
    before: exact for small problems, by neighbourhoods for large ones."""
    if not isinstance(k, int | np.integer) or k < 1:
        raise MethodError("k", "must be a whole number of at least 1", str(k))
    if not 0 < within <= 1:
        raise MethodError("within", "must be a share above 0 and at most 1", str(within))
    work, instance = Work(time_limit, None, stop), problem.instance
    known, floor = [plan.running], within * plan.objective
    stream = np.random.default_rng(seed)
    near = Neighbourhoods(problem, _promise(problem, plan), stream)
    for turn in range(
        2 * k
    ):  # a plan already known is drawn again with other weights, so more turns than plans
        if len(known) > k or not instance.pairs or work.over:
            break
        often = np.sum([one < instance.years for one in known], axis=0)
        weight = often * (1.0 + (0.5 * stream.random(instance.pairs) if turn else 0.0))
        other = _different(problem, known[0], weight, floor, near, work)
        if not any(((other < instance.years) == (one < instance.years)).all() for one in known):
            known.append(other)
    others = [make_plan(problem, one, plan.bound, "alternative", [], seed, {}) for one in known[1:]]
    tables = np.array([p.schedule != NEVER for p in (plan, *others)])
    always = tuple(
        Start(problem.places[i], problem.models[m], problem.years[plan.schedule[i, m]])
        for i, m in np.argwhere(tables.all(axis=0))
    )
    return Alternatives(plan, tuple(others), within, always, tables.mean(axis=0))


def _promise(problem: RolloutProblem, plan: Plan) -> FloatArray:
    if plan.relaxed is not None:
        best: FloatArray = plan.relaxed.gain.max(axis=1)
        return best
    return np.asarray(problem.instance.covers @ problem.instance.people).ravel()


def _different(
    problem: RolloutProblem,
    start: IntArray,
    weight: FloatArray,
    floor: float,
    near: Neighbourhoods,
    work: Work,
) -> IntArray:
    """A schedule worth the floor with as little weight (P,) of its pairs as possible."""
    instance = problem.instance
    years = instance.years
    small = instance.pairs * years <= EXACT
    for turn in range(1 if small else SWEEPS):
        if work.over:
            break
        free = np.arange(instance.pairs) if small else near.draw(start, 1)[1][0]
        fixed = start.copy()
        fixed[free] = years
        aim = np.zeros((len(free), years))
        aim[:, -1] = -weight[free]
        job = replace(
            part_of(instance, start, free),
            aim=aim,
            floor=floor - instance.value(fixed),
            gap=1e-6 if small else SWEEP_GAP,
            nodes=EXACT_NODES if small else SWEEP_NODES,
            seconds=None if work.time_limit is None else max(work.left, 0.05),
            seed=turn,
        )
        tried = start.copy()
        tried[free] = solve_part(job).start
        if instance.value(tried) >= floor * (1 - 1e-9):
            start = tried
    return _filled_up(problem, start, weight > 0)


def _filled_up(problem: RolloutProblem, start: IntArray, shunned: BoolArray) -> IntArray:
    """With further starts as long as there is room, the pairs that were shunned only at the end."""
    price = shares(problem.instance, HOURS_WEIGHTS[0])
    barred = np.where(np.repeat(shunned, problem.instance.years), np.inf, price)
    return fill(problem.instance, fill(problem.instance, start, barred), price)
