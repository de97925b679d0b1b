"""Placement beside its peers: deferred acceptance against `matching`, coach hours against plain scipy `milp`."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_matrix

from bench.methods_speed import row, timed
from krzew.methods.placement import Matching, Person, Support, Workplace, deferred_acceptance, match
from krzew.methods.placement.optimum import best_total

TIME = 20.0


def against(
    peer: str, name: str, ours: float, theirs: float | None, apart: float | None, **more: Any
) -> dict[str, Any]:
    """A row that names its peer."""
    return row(name, ours, theirs, apart, **more) | {"peer": peer}


def market(n: int, m: int, share: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    stream = np.random.default_rng(seed)
    open_ = stream.random((n, m)) < share
    wants = np.where(open_, stream.random((n, m)), -np.inf)
    return wants, np.where(open_.T, stream.random((m, n)), -np.inf), stream.integers(1, 6, m)


def deep(call: Callable[[], Any]) -> Any:
    """Run with a deep stack: the peer copies linked players recursively."""
    out: list[Any] = []
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(200_000)
    size = threading.stack_size(512 * 1024 * 1024)
    worker = threading.Thread(target=lambda: out.append(call()))
    worker.start()
    worker.join()
    threading.stack_size(size)
    sys.setrecursionlimit(limit)
    return out[0]


def against_matching(n: int, m: int, share: float, required: float | None) -> list[dict[str, Any]]:
    """From preferences to a stable matching, building and solving on both sides."""
    try:
        from matching.games import HospitalResident
    except ImportError:
        return [row(f"stable matching {n} x {m}", 0.0, skipped="matching is not installed")]
    wants, accepts, slots = market(n, m, share)
    persons = {f"p{i}": [f"w{j}" for j in np.argsort(-r) if np.isfinite(r[j])] for i, r in enumerate(wants)}
    places = {f"w{j}": [f"p{i}" for i in np.argsort(-r) if np.isfinite(r[i])] for j, r in enumerate(accepts)}
    capacity = {f"w{j}": int(s) for j, s in enumerate(slots)}

    def peer() -> tuple[float, dict[str, str]]:
        start = time.perf_counter()
        solved = HospitalResident.create_from_dictionaries(persons, places, capacity).solve(
            optimal="resident"
        )
        return time.perf_counter() - start, {str(p): str(w) for w, people in solved.items() for p in people}

    theirs, expected = deep(peer)
    lines = []
    for name, call, need in (
        ("arrays", lambda: deferred_acceptance(wants, accepts, slots), required),
        ("names", lambda: deferred_acceptance(persons, places, capacity), None),
    ):
        ours, result = timed(call, 15)
        found = {
            p if isinstance(p, str) else f"p{p}": w if isinstance(w, str) else f"w{w}"
            for p, w in result.pairs
        }
        apart = float(sum(found.get(p) != expected.get(p) for p in persons) + len(result.blocking_pairs))
        told = {} if need is None else {"required_ratio": need, "met": theirs / ours >= need and apart == 0}
        lines.append(
            against(
                "matching", f"stable matching from {name}", ours, theirs, apart, size=f"{n} x {m}", **told
            )
        )
    return lines


def national() -> list[dict[str, Any]]:
    """5,000 persons and 2,000 workplaces: stable matching, pairs that block, best total."""
    wants, accepts, slots = market(5_000, 2_000, 0.3)
    stable, result = timed(lambda: deferred_acceptance(wants, accepts, slots), 5)
    blocked, _ = timed(lambda: len(replace(result).blocking_pairs), 5)
    open_ = np.isfinite(wants)
    value = np.where(open_, wants, 0.0)
    total, _held = timed(lambda: best_total(value, open_, slots, np.arange(5_000)), 1)
    size = "5,000 x 2,000"
    return [
        row("stable matching from arrays", stable, size=size, required_s=1.5, met=stable <= 1.5),
        row("pairs that block", blocked, size=size),
        row("best total", total, size=size, required_s=2.6, met=total <= 2.6),
    ]


def team(n: int, m: int, seed: int = 0) -> tuple[list[Person], list[Workplace]]:
    stream = np.random.default_rng(seed)
    dimensions = [f"d{k}" for k in range(12)]
    persons = [
        Person(
            f"p{i}",
            abilities={d: float(stream.integers(0, 5)) for d in dimensions},
            supports={
                d: Support(float(stream.integers(0, 3)), float(stream.uniform(0.3, 1.5))) for d in dimensions
            },
            wishes=[f"w{j}" for j in stream.choice(m, 5, replace=False)],
            place=(float(stream.uniform(0, 100)), 0.0),
            max_travel=60.0,
        )
        for i in range(n)
    ]
    places = [
        Workplace(
            f"w{j}",
            requirements={
                d: float(stream.integers(0, 5)) for d in stream.choice(dimensions, 6, replace=False)
            },
            slots=int(stream.integers(1, 4)),
            place=(float(stream.uniform(0, 100)), 0.0),
            coach=f"c{j % max(3, m // 10)}",
            essential=[dimensions[0]],
        )
        for j in range(m)
    ]
    return persons, places


def coach_hours(n: int, m: int) -> dict[str, Any]:
    """Three aims within 60 % of the hours that the best total would take; the peer has the last aim alone, with
    the number placed and the worst fit given."""
    persons, places = team(n, m)
    free = match(persons, places, "assignment", travel_unit="km")
    coaches = sorted({w.coach for w in places})
    hours = {c: round(0.6 * sum(p.hours for p in free.pairs) / len(coaches), 1) for c in coaches}
    start = time.perf_counter()
    ours = match(persons, places, "coach", travel_unit="km", coaches=hours, time_limit=TIME)
    own = time.perf_counter() - start
    theirs, total = plain_milp(ours, TIME)
    return against(
        "scipy milp, last aim alone",
        "plan within coach hours",
        own,
        theirs,
        float(len(ours.check())),
        size=f"{n} x {m}",
        placed=ours.placed,
        worst_fit=round(ours.worst_fit, 3),
        gap=round(ours.gap, 6),
        total=round(ours.total, 3),
        peer_total=total,
        met=total is None or ours.total >= total - 1e-3 * ours.total,
    )


def plain_milp(ours: Matching, seconds: float) -> tuple[float, float | None]:
    p = ours.problem
    open_ = p.open & (p.fit >= ours.worst_fit - 1e-9)
    i, j = np.nonzero(open_)
    n, m = open_.shape
    coaches = list(p.coaches)
    coach = np.array([coaches.index(w.coach) for w in p.workplaces])
    k = len(i)
    at = np.concatenate([i, n + j, n + m + coach[j], np.full(k, n + m + len(coaches))])
    use = np.concatenate([np.ones(2 * k), p.hours[i, j], -np.ones(k)])
    table = coo_matrix((use, (at, np.tile(np.arange(k), 4)))).tocsr()
    top = np.concatenate([np.ones(n), p.slots, [p.coaches[c] for c in coaches], [-ours.placed]])
    start = time.perf_counter()
    solved = milp(
        -p.value[i, j],
        integrality=np.ones(k),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(table, -np.inf, top),
        options={"time_limit": seconds, "mip_rel_gap": 1e-4},
    )
    return time.perf_counter() - start, None if solved.x is None else round(-float(solved.fun), 3)


def run() -> list[dict[str, Any]]:
    """Every measurement of this module."""
    return [
        *against_matching(60, 25, 0.9, None),
        *against_matching(500, 200, 0.72, 100.0),
        *national(),
        coach_hours(60, 25),
        coach_hours(500, 200),
    ]


if __name__ == "__main__":
    for line in run():
        print({key: round(x, 6) if isinstance(x, float) and x > 1e-6 else x for key, x in line.items()})
