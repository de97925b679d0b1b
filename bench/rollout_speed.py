"""Roll-out planning on the real gminas of Poland: a first plan, a certified plan, and HiGHS alone as the peer.

Places, coordinates, residents, unemployed, births and older people are real (GUS BDL, as shipped with the
product); adviser regions are the voivodeships; the weakest places are the 40% with most unemployed per
resident. Costs, hours, radii, rules and the shares of people in need of the 20 models are assumptions drawn
with a fixed seed; money is for 120 starts a year in the whole country.
"""

from __future__ import annotations

import csv
import gzip
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from bench.methods_speed import row, timed
from krzew.methods.rollout import (
    Advisers,
    Catchment,
    Equity,
    Plan,
    RolloutProblem,
    check_schedule,
    first_plan,
    solve,
)
from krzew.methods.rollout.milp import solve_part
from krzew.methods.rollout.plan import schedule_of
from krzew.methods.rollout.relax import relax
from krzew.methods.rollout.search import part_of
from krzew.methods.work import Work

DATA = Path(__file__).parents[1] / "src" / "krzew" / "places" / "data"
MODELS, YEARS, STARTS = 20, (2026, 2027, 2028, 2029, 2030), 120
COUNTS = (("population", "2024"), ("unemployed", "2024"), ("births_rate", "2024"), ("old_dependency", "2019"))
VOIVODESHIP = "12"  # małopolskie


def gminas() -> tuple[list[dict[str, str]], np.ndarray]:
    """Gminas with statistics, and their counts (gminas, 4): residents, unemployed, births, older people."""
    counts: dict[tuple[str, str], float] = {}
    with gzip.open(DATA / "values.csv.gz", "rt", encoding="utf-8") as file:
        for line in csv.DictReader(file):
            if (line["indicator"], line["year"]) in COUNTS:
                figure = line["numerator"] or line["value"]  # a rate brings its count along
                counts[line["indicator"], line["code"]] = float(figure or 0)
    with gzip.open(DATA / "units.csv.gz", "rt", encoding="utf-8") as file:
        latest = {line["code"]: line for line in csv.DictReader(file) if line["level"] == "gmina"}
    units = [unit for code, unit in latest.items() if counts.get(("population", code), 0) > 0]
    table = [[counts.get((name, unit["code"]), 0.0) for name, _ in COUNTS] for unit in units]
    return units, np.array(table)


def country(voivodeship: str | None = None, seed: int = 7) -> RolloutProblem:
    """The whole country, or one voivodeship with its part of the money."""
    units, counts = gminas()
    stream = np.random.default_rng(seed)
    n = len(units)
    kind = np.arange(MODELS) % counts.shape[1]
    share = stream.uniform(0.002, 0.02, MODELS) * (counts[:, 0].sum() / counts.sum(axis=0))[kind]
    need = counts[:, kind] * share * np.exp(stream.normal(0, 0.5, (n, MODELS)))
    need[stream.random(need.shape) < 0.3] = 0
    cost = stream.uniform(150, 500, MODELS) * np.exp(stream.normal(0, 0.15, (n, MODELS)))
    effort = stream.uniform(80, 200, MODELS)[:, None] * np.array([1.0, 0.4])
    radius = np.array([12, 18, 25, 35.0])[stream.integers(0, 4, MODELS)]
    eligible = stream.random((n, MODELS)) < 0.25
    rate = counts[:, 1] / counts[:, 0]
    weak = rate >= np.quantile(rate, 0.6)
    code = np.array([unit["code"][:2] for unit in units])
    keep = np.flatnonzero(code == voivodeship) if voivodeship else np.arange(n)
    regions, region = np.unique(code[keep], return_inverse=True)
    starts = max(6, round(STARTS * len(keep) / n))
    residents = np.bincount(region, counts[keep, 0])
    hours = np.maximum(
        residents / residents.sum() * starts * effort[:, 0].mean() * 1.15, 2.5 * effort[:, 0].max()
    )
    lon, lat = (np.array([float(units[k][axis]) for k in keep]) for axis in ("lon", "lat"))
    return RolloutProblem(
        [units[k]["code"] for k in keep],
        MODELS,
        YEARS,
        need[keep],
        cost[keep],
        Advisers(region, hours, effort, regions),
        Catchment.of_lonlat(lon, lat, radius),
        Equity(weak[keep], 0.4),
        eligible[keep],
        budget=np.full(len(YEARS), starts * cost.mean()),
        capacity=max(1.0, np.ceil(starts / MODELS * 1.8)),
    )


def first() -> list[dict[str, Any]]:
    """The first plan of the country, with and without turning the problem into arrays."""
    problem = country()
    ready, plan = timed(lambda: first_plan(problem), 10)
    whole, _ = timed(lambda: first_plan(problem.but()), 5)
    assert plan.check().ok
    size = _size(problem)
    return [
        row("roll-out: first plan of the country", ready, required_s=0.1, met=ready <= 0.1, size=size),
        row("roll-out: first plan of the country with its arrays", whole, size=size),
    ]


def region(seconds: float = 30.0) -> list[dict[str, Any]]:
    """One voivodeship for half a minute, beside HiGHS on the whole model for the same time."""
    problem = country(VOIVODESHIP)
    with ProcessPoolExecutor(2) as executor:
        list(executor.map(abs, range(2)))
        start = time.perf_counter()
        plan = solve(problem, time_limit=seconds, executor=executor)
        ours = time.perf_counter() - start
    start = time.perf_counter()
    value, bound = monolithic(problem, seconds)
    theirs = time.perf_counter() - start
    assert plan.check().ok
    assert plan.bound >= value * (1 - 1e-6)
    assert bound >= plan.objective * (1 - 1e-6)
    best = min(bound, plan.bound)
    return [
        row(
            "roll-out: plan of a voivodeship in 30 s",
            ours,
            theirs,
            size=_size(problem),
            gap=plan.gap,
            peer_gap=bound / value - 1,
            distance_to_best_bound=best / plan.objective - 1,
            peer_distance_to_best_bound=best / value - 1,
            required_gap=0.05,
            met=plan.gap <= 0.05,
        )
        | {"peer": "HiGHS, one model, same time, same first plan"}
    ]


def monolithic(problem: RolloutProblem, seconds: float) -> tuple[float, float]:
    """HiGHS with its own settings on the whole model at once, from the same first plan: value and bound."""
    from dataclasses import replace

    instance = problem.instance
    part = part_of(instance, first_plan(problem).running, np.arange(instance.pairs))
    answer = solve_part(replace(part, seconds=seconds, gap=0.0, effort=0.05, threads=2))
    checked = check_schedule(problem, schedule_of(problem, answer.start))
    assert checked.ok
    return checked.objective, answer.bound


def relaxation() -> list[dict[str, Any]]:
    """The bound of the country: seconds until it is within 0.1% of where it ends."""
    problem = country()
    relax(problem.instance, 20, Work())
    start = time.perf_counter()
    early = relax(problem.instance, 1_000, Work())
    ours = time.perf_counter() - start
    final = relax(problem.instance, 6_000, Work())
    return [
        row(
            "roll-out: bound of the country",
            ours,
            size=_size(problem),
            above_final_bound=early.bound / final.bound - 1,
            met=early.bound / final.bound - 1 <= 1e-3,
        )
    ]


def certified(seconds: float = 480.0, gap: float = 0.03) -> tuple[Plan, dict[str, Any]]:
    """The country until the plan is certified within the gap."""
    problem = country()
    with ProcessPoolExecutor(2) as executor:
        list(executor.map(abs, range(2)))
        start = time.perf_counter()
        plan = solve(problem, time_limit=seconds, gap=gap, executor=executor)
        ours = time.perf_counter() - start
    assert plan.check().ok
    line = row(
        "roll-out: plan of the country certified within 3%",
        ours,
        size=_size(problem),
        gap=plan.gap,
        required_s=seconds,
        required_gap=gap,
        met=plan.gap <= gap,
    )
    return plan, line


def _size(problem: RolloutProblem) -> str:
    n, m, t = problem.shape
    return f"{n} places x {m} models x {t} years, {problem.instance.pairs} pairs"


def run() -> list[dict[str, Any]]:
    """Every measurement of this module."""
    return [*first(), *relaxation(), *region(), certified()[1]]


if __name__ == "__main__":
    for line in run():
        print({key: round(x, 6) if isinstance(x, float) and x > 1e-6 else x for key, x in line.items()})
