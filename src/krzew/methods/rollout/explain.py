"""A plan in sentences: what it gives, what limits it, and for a place why a model starts there or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .sentences import Voice

if TYPE_CHECKING:
    from ..record import FloatArray, IntArray
    from .instance import Instance
    from .plan import Plan

CLOSE = 0.02
"""A start whose gain is within this share of its price is close to a tie."""
DEAREST = 3


def explain_plan(plan: Plan, lang: str) -> tuple[str, ...]:
    """The whole plan: starts and cost by year, reach, proof, fairness, what limits most."""
    voice, problem = Voice(lang), plan.problem
    if not plan.starts:
        return (voice.say("none"),)
    lines = [_total(plan, voice)]
    if len(problem.years) > 1:
        counts = np.bincount(plan.schedule[plan.schedule >= 0], minlength=len(problem.years))
        for year, count, spend in zip(problem.years, counts, plan.spend, strict=True):
            lines.append(
                voice.say(
                    "year", year=str(year), starts=voice.starts(int(count)), spend=voice.amount(float(spend))
                )
            )
    reached, needing = float(plan.coverage[:, -1].sum()), float(problem.need.sum())
    lines.append(voice.say("reach", people=voice.people(reached), needing=voice.amount(needing)))
    lines.append(_quality(plan, voice))
    if problem.equity is not None:
        spent = np.where(plan.schedule >= 0, problem.cost, 0.0).sum(axis=1)
        share = float(spent[problem.equity.weak].sum() / spent.sum())
        wanted = voice.percent(problem.equity.share)
        lines.append(voice.say("equity", share=voice.percent(share), wanted=wanted))
    limits = _dearest(plan, voice)
    if limits:
        lines.append(voice.say("dear", limits=voice.listed(limits)))
    return tuple(lines)


def _total(plan: Plan, voice: Voice) -> str:
    years = plan.problem.years
    return voice.say(
        "total" if len(years) > 1 else "total_one",
        first=str(years[0]),
        last=str(years[-1]),
        starts=voice.starts(len(plan.starts)),
        spend=voice.amount(float(plan.spend.sum())),
    )


def _quality(plan: Plan, voice: Voice) -> str:
    if plan.status == "optimal":
        return voice.say("optimal")
    if plan.status == "first plan":
        return voice.say("unknown_gap")
    return voice.say("gap", gap=voice.percent(plan.gap))


def _dearest(plan: Plan, voice: Voice) -> list[str]:
    """The envelopes that take the largest part of the value at the prices of the bound."""
    if plan.relaxed is None:
        return []
    instance = plan.problem.instance
    limit = np.where(np.isfinite(instance.limit), instance.limit, 0.0)
    worth = plan.relaxed.prices * limit
    order = np.argsort(-worth, kind="stable")[:DEAREST]
    telling = [int(row) for row in order if worth[row] > 0.01 * plan.objective]
    return [name_of(plan, row, voice) for row in telling]


def name_of(plan: Plan, row: int, voice: Voice) -> str:
    """The name of one envelope."""
    problem, rows = plan.problem, plan.problem.instance.rows
    kind, years = rows.kind(row), problem.years
    at = row - getattr(rows, kind).start
    if kind == "budget":
        return voice.say("budget", year=str(years[at]))
    if kind == "hours":
        region = at // len(years)
        name = region if problem.advisers.names is None else problem.advisers.names[region]
        return voice.say("hours", year=str(years[at % len(years)]), region=voice.quoted(name))
    if kind == "capacity":
        model = voice.quoted(problem.models[at // len(years)])
        return voice.say("capacity", model=model, year=str(years[at % len(years)]))
    if kind == "place":
        return voice.say("place", place=voice.quoted(problem.places[at]))
    return voice.say("equity_limit")


def explain_place(plan: Plan, place: int, lang: str) -> tuple[str, ...]:
    """Each model in one place: its start, who serves the place instead, or why it does not start."""
    voice = Voice(lang)
    lines: list[str] = []
    for model in range(plan.problem.shape[1]):
        if plan.schedule[place, model] >= 0:
            lines += _started(plan, place, model, voice)
        else:
            lines += [*_why_not(plan, place, model, voice), *_served_from(plan, place, model, voice)]
    return tuple(lines)


def _started(plan: Plan, place: int, model: int, voice: Voice) -> list[str]:
    problem = plan.problem
    served = problem.catchment.of(model)[place].indices
    people = float(problem.need[served, model].sum())
    year = str(problem.years[plan.schedule[place, model]])
    name = voice.quoted(problem.models[model])
    lines = [voice.say("starts_here", model=name, year=year, people=voice.people(people))]
    others = np.flatnonzero(plan.schedule[:, model] >= 0)
    reached = np.unique(problem.catchment.of(model)[others[others != place]].indices)
    alone = float(problem.need[np.setdiff1d(served, reached), model].sum())
    key = "alone" if alone > 0 else "alone_none"
    return [*lines, voice.say(key, people=voice.people(alone))]


def _served_from(plan: Plan, place: int, model: int, voice: Voice) -> list[str]:
    problem = plan.problem
    running = np.flatnonzero(plan.schedule[:, model] >= 0)
    reach = problem.catchment.of(model)[running]
    sources = running[np.unique(reach.tocsc()[:, place].indices)]
    if not len(sources) or problem.need[place, model] <= 0:
        return []
    names = [voice.quoted(problem.places[i]) for i in sources]
    return [voice.say("served", model=voice.quoted(problem.models[model]), from_=voice.listed(names))]


def _why_not(plan: Plan, place: int, model: int, voice: Voice) -> list[str]:
    problem, name = plan.problem, voice.quoted(plan.problem.models[model])
    failed = [rule for rule, table in problem.eligible.items() if not table[place, model]]
    if failed:
        return [voice.say("rule" if rule else "rule_unnamed", model=name, rule=str(rule)) for rule in failed]
    if problem.cost[place, model] > problem.budget.max():
        cost = voice.amount(float(problem.cost[place, model]))
        return [voice.say("too_dear", model=name, cost=cost)]
    instance = problem.instance
    found = np.flatnonzero((instance.place == place) & (instance.model == model))
    if not len(found):
        return [voice.say("nobody", model=name)]
    return _not_chosen(plan, instance, int(found[0]), name, voice)


def _not_chosen(plan: Plan, instance: Instance, pair: int, name: str, voice: Voice) -> list[str]:
    start = plan.running
    first = instance.first_years(start)[instance.covers[pair].indices]
    people = instance.people[instance.covers[pair].indices]
    later = np.maximum(instance.worth[:-1, None] - instance.worth[first], 0.0)  # (years, groups)
    gains = later @ people
    if gains.max() <= 0:
        return [voice.say("all_served", model=name)]
    left = instance.room - instance.used(start)
    price = _price(plan, instance, pair)
    worth = np.where(gains > 0, gains - price, -np.inf)
    lacking = [_lacking(instance, pair, year, left) for year in range(instance.years)]
    fits = np.array([gains[year] > 0 and not len(lacking[year]) for year in range(instance.years)])
    year = int(np.where(fits, worth, -np.inf).argmax() if fits.any() else worth.argmax())
    gain = voice.person_years(float(gains[year]))
    if fits[year]:
        line = voice.say("fits", model=name, year=str(plan.problem.years[year]), gain=gain)
    else:
        limits = [_lack(plan, instance, pair, year, int(row), left, voice) for row in lacking[year]]
        line = voice.say("lacks", model=name, limits=voice.listed(limits))
    if plan.relaxed is None:
        return [line]
    key = "pays" if gains[year] > price[year] * (1 - CLOSE) else "reduced"
    return [line, voice.say(key, gain=gain, price=voice.person_years(float(price[year])))]


def _price(plan: Plan, instance: Instance, pair: int) -> FloatArray:
    """(years,) worth elsewhere of what a start takes: reduced cost = gain - this."""
    if plan.relaxed is None:
        return np.zeros(instance.years)
    columns = pair * instance.years + np.arange(instance.years)
    return np.asarray(instance.use[:, columns].T @ plan.relaxed.prices).ravel()


def _lacking(instance: Instance, pair: int, year: int, left: FloatArray) -> IntArray:
    """Envelopes without room for the start."""
    column = instance.use[:, [pair * instance.years + year]]
    rows: IntArray = column.indices[column.data > left[column.indices]].astype(np.int64)
    return np.sort(rows)


def _lack(
    plan: Plan, instance: Instance, pair: int, year: int, row: int, left: FloatArray, voice: Voice
) -> str:
    if instance.rows.kind(row) == "equity":
        return voice.say("equity_lack")
    need = float(instance.use[row, pair * instance.years + year])
    shown = {"need": voice.amount(need), "left": voice.amount(max(float(left[row]), 0.0))}
    return voice.say("lacking", limit=name_of(plan, row, voice), **shown)
