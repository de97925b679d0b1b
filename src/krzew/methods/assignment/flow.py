"""The assignment as a flow: assessors send, ideas receive, and nested requirements are stations on the way.

Flows with whole capacities have whole optima, so nothing is rounded. A requirement becomes a station before
the idea that keeps what it must; this is exact whenever the requirements of an idea are nested or disjoint.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..record import BoolArray, FloatArray, IntArray
from .problem import Problem, Requirement

NOISE = 64
FINEST = 1e9
LARGEST = 2.0**61
"""Costs times nodes must stay below this, or the solver's own arithmetic would overflow."""


@dataclass(frozen=True, eq=False)
class Stations:
    """`leaf` (assessors, ideas): station that a pair enters, -1 for the idea itself. For station g of idea p:
    `parent[g, p]` (-1 the idea), `keeps[g, p]`; `rest` (ideas,) is what the idea itself still takes."""

    leaf: IntArray
    active: BoolArray
    parent: IntArray
    keeps: IntArray
    rest: IntArray


def stations(problem: Problem, requirements: tuple[Requirement, ...]) -> Stations | None:
    """Stations of all ideas; None where requirements of an idea cross, so that no flow describes them."""
    n, m = problem.affinity.shape
    count = len(requirements)
    masks = np.array([r.mask & problem.admissible for r in requirements]).reshape(count, n, m)
    counts = np.array([r.count for r in requirements], dtype=np.int64).reshape(count, m)
    active, size = counts > 0, masks.sum(axis=1)
    leaf, smallest = np.full((n, m), -1), np.full(m, n + 1)[None].repeat(n, axis=0)
    parent, parent_size = np.full((count, m), -1), np.full((count, m), n + 1)
    for g in range(count):
        inner = masks[g] & active[g] & (size[g] < smallest)
        leaf[inner], smallest = g, np.where(inner, size[g], smallest)
        for h in range(count):
            both, common = active[g] & active[h], (masks[g] & masks[h]).sum(axis=0)
            if g != h and (both & (common > 0) & (common < size[g]) & (common < size[h])).any():
                return None
            outside = both & (common == size[g]) & ((size[h] > size[g]) | ((size[h] == size[g]) & (h > g)))
            nearer = outside & (size[h] < parent_size[g]) if g != h else np.zeros(m, dtype=bool)
            parent[g, nearer], parent_size[g, nearer] = h, size[h, nearer]
    keeps, rest = _kept(counts, size, parent, problem.per_idea)
    return Stations(leaf, active, parent, keeps, rest)


def _kept(
    counts: IntArray, size: IntArray, parent: IntArray, per_idea: IntArray
) -> tuple[IntArray, IntArray]:
    """What each station keeps beyond its inner ones, and what is left for the idea."""
    keeps, below = np.zeros_like(counts), np.zeros_like(counts)
    rest = per_idea.copy()
    for p in np.flatnonzero(counts.any(axis=0)):
        for g in sorted(np.flatnonzero(counts[:, p]), key=lambda g: (size[g, p], g)):  # from the inside out
            keeps[g, p] = max(counts[g, p] - below[g, p], 0)
            need = keeps[g, p] + below[g, p]
            if parent[g, p] >= 0:
                below[parent[g, p], p] += need
            else:
                rest[p] -= need
    return keeps, rest


@dataclass(frozen=True, eq=False)
class _Network:
    tail: IntArray
    head: IntArray
    capacity: IntArray
    supply: IntArray
    rows: IntArray
    columns: IntArray


def _network(problem: Problem, arcs: BoolArray, layout: Stations) -> _Network | None:
    """Nodes: assessors, ideas, the common source, stations. The first arcs are the pairs."""
    n, m = arcs.shape
    source, spare = n + m, problem.total - int(problem.min_load.sum())
    if spare < 0 or (layout.rest < 0).any():
        return None
    rows, columns = np.nonzero(arcs)
    g, p = np.nonzero(layout.active)
    node = np.full(layout.active.shape, -1)
    node[g, p] = source + 1 + np.arange(len(g))
    entered = layout.leaf[rows, columns]
    head = np.where(entered >= 0, node[entered, columns] if len(node) else 0, n + columns)
    outer = layout.parent[g, p]
    above = np.where(outer >= 0, node[outer, p], n + p)
    supply = np.concatenate([problem.min_load, -layout.rest, [spare], -layout.keeps[g, p]])
    return _Network(
        np.concatenate([rows, np.full(n, source), node[g, p]]),
        np.concatenate([head, np.arange(n), above]),
        np.concatenate([np.ones(len(rows), np.int64), problem.load - problem.min_load, problem.per_idea[p]]),
        supply,
        rows,
        columns,
    )


def best(problem: Problem, arcs: BoolArray, layout: Stations, cost: IntArray) -> BoolArray | None:
    """The cheapest whole assignment over `arcs`; `cost` (assessors, ideas) whole. None if there is none."""
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    network = _network(problem, arcs, layout)
    if network is None:
        return None
    solver, k = SimpleMinCostFlow(), len(network.rows)
    costs = np.zeros(len(network.tail), dtype=np.int64)
    costs[:k] = cost[network.rows, network.columns]
    made = solver.add_arcs_with_capacity_and_unit_cost(network.tail, network.head, network.capacity, costs)
    solver.set_nodes_supplies(np.arange(len(network.supply)), network.supply)
    status = solver.solve()
    if status not in (solver.OPTIMAL, solver.INFEASIBLE):
        raise ArithmeticError(f"minimum cost flow ended with {status}")
    if status != solver.OPTIMAL:
        return None
    used = solver.flows(made[:k]) > 0
    matrix = np.zeros(arcs.shape, dtype=bool)
    matrix[network.rows[used], network.columns[used]] = True
    return matrix


def feasible(problem: Problem, arcs: BoolArray, layout: Stations) -> bool:
    """Whether the pairs in `arcs` can meet every bound and requirement: one maximum flow."""
    from ortools.graph.python.max_flow import SimpleMaxFlow

    network = _network(problem, arcs, layout)
    if network is None:
        return False
    nodes = np.arange(len(network.supply))
    start, end = len(nodes), len(nodes) + 1
    gives, takes = network.supply > 0, network.supply < 0
    solver = SimpleMaxFlow()
    solver.add_arcs_with_capacity(network.tail, network.head, network.capacity)
    solver.add_arcs_with_capacity(np.full(gives.sum(), start), nodes[gives], network.supply[gives])
    solver.add_arcs_with_capacity(nodes[takes], np.full(takes.sum(), end), -network.supply[takes])
    solver.solve(start, end)
    return bool(solver.optimal_flow() == problem.total)


def most(arcs: BoolArray, load: IntArray, demand: IntArray) -> BoolArray:
    """As many pairs as bounds on both sides allow: a maximum flow without any further condition."""
    from ortools.graph.python.max_flow import SimpleMaxFlow

    n, m = arcs.shape
    rows, columns = np.nonzero(arcs)
    solver = SimpleMaxFlow()
    made = solver.add_arcs_with_capacity(rows, n + columns, np.ones(len(rows), dtype=np.int64))
    solver.add_arcs_with_capacity(np.full(n, n + m), np.arange(n), load)
    solver.add_arcs_with_capacity(n + np.arange(m), np.full(m, n + m + 1), demand)
    solver.solve(n + m, n + m + 1)
    used = solver.flows(made) > 0
    matrix = np.zeros(arcs.shape, dtype=bool)
    matrix[rows[used], columns[used]] = True
    return matrix


def whole_costs(
    problem: Problem, values: FloatArray, seed: int, kept: BoolArray | None = None
) -> tuple[IntArray, float]:
    """Costs as whole numbers, and the step to which affinities were rounded.

    Below the last step a random figure from `seed` chooses between equal assignments; above the first, each
    pair in `kept` is worth more than all affinities together.
    """
    n, m = values.shape
    shown = values[problem.admissible]
    span = float(shown.max() - shown.min()) if shown.size else 0.0
    nodes, total = n + m * (1 + len(problem.requirements)) + 2, problem.total
    tiers = total + 1 if kept is not None else 1
    room = LARGEST / (nodes * NOISE * (total + 1) * tiers)
    finest = min(FINEST, np.floor(room))
    scale = finest / span if span > 0 else 1.0
    level = np.rint((values - (shown.min() if shown.size else 0.0)) * scale).astype(np.int64)
    level = np.where(problem.admissible, level, 0)
    if kept is not None:
        level = level + kept * np.int64((int(finest) + 1) * total + 1)
    noise = np.random.default_rng(seed).integers(0, NOISE, (n, m))
    return -(level * np.int64(NOISE * (total + 1)) + noise), 1.0 / scale if span > 0 else 0.0
