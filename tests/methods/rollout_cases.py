"""Small countries for the tests of the roll-out, and two solvers that share nothing with the product's."""

from __future__ import annotations

import itertools

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from krzew.methods.rollout import Advisers, Catchment, Equity, RolloutProblem, check_schedule


def country(seed: int, n: int = 4, m: int = 2, t: int = 2, open_share: float = 0.9) -> RolloutProblem:
    """A random country with every kind of limit, tight enough to matter."""
    stream = np.random.default_rng(seed)
    side = 10 * np.sqrt(n)
    cost = stream.uniform(1, 3, (n, m))
    effort = stream.uniform(1, 2, m)[:, None] * [1.0, 0.4]
    regions = max(1, n // 10)
    each = n / regions * stream.uniform(0.3, 0.6)
    return RolloutProblem(
        [f"place {i}" for i in range(n)],
        [f"model {j}" for j in range(m)],
        range(2026, 2026 + t),
        stream.uniform(0, 50, (n, m)) * (stream.random((n, m)) < 0.9),
        cost,
        Advisers(np.arange(n) % regions, np.full((regions, t), max(each, 2.5)), effort),
        Catchment.within(stream.uniform(0, side, (n, 2)), stream.uniform(4, 14, m)),
        Equity(stream.random(n) < 0.4, 0.4),
        stream.random((n, m)) < open_share,
        budget=np.full(t, n * 0.12 + 2.0),
        capacity=max(1, n // 3),
        per_place=1 + seed % 2,
    )


def best_by_trying_all(problem: RolloutProblem) -> float:
    """The best value over every schedule, judged by the checker."""
    best = 0.0
    cells = np.argwhere(problem.allowed)
    for years in itertools.product(range(-1, problem.shape[2]), repeat=len(cells)):
        table = np.full(problem.shape[:2], -1)
        table[tuple(cells.T)] = years
        checked = check_schedule(problem, table)
        if checked.ok:
            best = max(best, checked.objective)
    return best


def best_by_one_programme(problem: RolloutProblem, relaxed: bool = False) -> float:
    """The optimum of one monolithic programme written from the definitions (SciPy's own HiGHS)."""
    n, m, t = problem.shape
    starts, reached = n * m * t, n * m * t
    x = np.arange(starts).reshape(n, m, t)
    y = starts + np.arange(reached).reshape(n, m, t)
    rows: list[tuple[dict[int, float], float]] = []
    for year in range(t):
        rows.append(({x[i, k, year]: problem.cost[i, k] for i, k in np.ndindex(n, m)}, problem.budget[year]))
        for k in range(m):
            rows.append(({x[i, k, year]: 1.0 for i in range(n)}, problem.capacity[k, year]))
    for i in range(n):
        rows.append((dict.fromkeys(x[i].ravel(), 1.0), problem.per_place))
        for k in range(m):
            rows.append((dict.fromkeys(x[i, k], 1.0), 1.0))
    rows += _hours(problem, x)
    if problem.equity is not None:
        lack = problem.cost * (problem.equity.share - problem.equity.weak)[:, None]
        rows.append(({x[i, k, s]: lack[i, k] for i, k, s in np.ndindex(n, m, t)}, 0.0))
    for j, k, year in np.ndindex(n, m, t):
        serving = np.flatnonzero(problem.catchment.of(k).toarray()[:, j])
        row = {x[i, k, s]: -1.0 for i in serving for s in range(year + 1)}
        rows.append((row | {y[j, k, year]: 1.0}, 0.0))
    matrix = np.zeros((len(rows), starts + reached))
    for number, (row, _) in enumerate(rows):
        matrix[number, list(row)] = list(row.values())
    upper = np.ones(starts + reached)
    upper[x[~problem.allowed].ravel()] = 0.0
    worth = np.concatenate([np.zeros(starts), (problem.need[:, :, None] * problem.weights).ravel()])
    whole = np.concatenate([np.ones(starts), np.zeros(reached)]) * (not relaxed)
    limits = LinearConstraint(matrix, -np.inf, [limit for _, limit in rows])
    found = milp(-worth, integrality=whole, bounds=Bounds(0, upper), constraints=limits)
    assert found.success
    return -float(found.fun)


def _hours(problem: RolloutProblem, x: np.ndarray) -> list[tuple[dict[int, float], float]]:
    if problem.advisers is None:
        return []
    n, m, _ = problem.shape
    region, effort = problem.advisers.region, problem.advisers.effort
    rows = []
    for r, year in np.ndindex(*problem.advisers.hours.shape):
        row = {
            x[i, k, year - later]: effort[k, later]
            for i, k in np.ndindex(n, m)
            for later in range(min(effort.shape[1], year + 1))
            if region[i] == r
        }
        rows.append((row, problem.advisers.hours[r, year]))
    return rows
