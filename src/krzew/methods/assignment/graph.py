"""Is everybody linked with everybody through common ideas? Only then can assessors be compared."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from ..record import BoolArray, FloatArray, IntArray
from .problem import Problem


@dataclass(frozen=True)
class Swap:
    """One repair: `removed` and `added` pairs (assessor, idea), and the affinity it cost."""

    removed: tuple[tuple[int, int], ...]
    added: tuple[tuple[int, int], ...]
    lost: float


def components(matrix: BoolArray) -> tuple[int, IntArray, IntArray]:
    """Number of parts, and the part of each assessor (-1 without an idea) and of each idea."""
    n, m = matrix.shape
    a, p = np.nonzero(matrix)
    table = coo_matrix((np.ones(len(a)), (a, n + p)), shape=(n + m, n + m))
    label = connected_components(table, directed=False)[1]
    idle = ~matrix.any(axis=1)
    label[:n][idle] = -1
    used = np.unique(label[label >= 0])
    shown = np.where(label >= 0, np.searchsorted(used, label), -1).astype(np.int64)
    return len(used), shown[:n], shown[n:]


def linkable(problem: Problem) -> bool:
    """Whether connection can be asked for at all: enough pairs for a tree, and a linked table of pairs."""
    ideas = len(problem.ideas)
    fewest = max(int((problem.min_load > 0).sum()), int(problem.per_idea.max()))
    parts = components(problem.admissible)[0]
    return parts == 1 and problem.total >= ideas + fewest - 1


def connect(problem: Problem, matrix: BoolArray) -> tuple[BoolArray, tuple[Swap, ...]]:
    """Join the parts by exchanges that keep every bound, each the cheapest at its turn."""
    current, swaps = matrix.copy(), []
    while components(current)[0] > 1:
        swap = _cheapest(problem, current)
        if swap is None:
            break
        for a, p in swap.removed:
            current[a, p] = False
        for a, p in swap.added:
            current[a, p] = True
        swaps.append(swap)
    return current, tuple(swaps)


def _cheapest(problem: Problem, matrix: BoolArray) -> Swap | None:
    """The exchange that joins two parts at the least loss; tried from the cheapest on."""
    parts, of_assessor, of_idea = components(matrix)
    for lost, removed, added in _exchanges(problem, matrix, of_assessor, of_idea):
        after = matrix.copy()
        after[tuple(np.transpose(removed))] = False
        after[tuple(np.transpose(added))] = True
        if components(after)[0] < parts and _required(problem, after, [p for _, p in added]):
            return Swap(removed, added, lost)
    return None


_Exchange = tuple[float, tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]


def _exchanges(
    problem: Problem, matrix: BoolArray, of_assessor: IntArray, of_idea: IntArray
) -> list[_Exchange]:
    """Hand-overs (an idea goes to an assessor of another part) and two-way exchanges, cheapest first."""
    a, p = np.nonzero(matrix)
    pairs = [(int(x), int(y)) for x, y in zip(a, p, strict=True)]
    values, free = problem.affinity, problem.admissible & ~matrix
    found: list[_Exchange] = []
    load = matrix.sum(axis=1)
    for x, y in pairs:
        if load[x] > problem.min_load[x]:
            takers = free[:, y] & (of_assessor != of_idea[y]) & (load < problem.load)
            for z in np.flatnonzero(takers):
                found.append((float(values[x, y] - values[z, y]), ((x, y),), ((int(z), y),)))
    first, second = _crossings(free, a, p, of_idea)
    lost = (
        values[a, p][first] + values[a, p][second] - values[a[first], p[second]] - values[a[second], p[first]]
    )
    for k in np.argsort(lost, kind="stable")[:LIMIT]:
        (x, y), (z, w) = pairs[first[k]], pairs[second[k]]
        found.append((float(lost[k]), ((x, y), (z, w)), ((x, w), (z, y))))
    return sorted(found)


LIMIT = 2_000
"""Two-way exchanges tried at one turn."""


def _crossings(free: BoolArray, a: IntArray, p: IntArray, of_idea: IntArray) -> tuple[IntArray, IntArray]:
    """Pairs of made pairs in different parts, whose assessors could change places."""
    part = of_idea[p]
    small = np.flatnonzero(part != np.bincount(part).argmax())
    apart = part[small][:, None] != part[None]
    free_both: BoolArray = free[a[small][:, None], p[None]] & free[a[None], p[small][:, None]]
    first, second = np.nonzero(apart & free_both)
    return small[first].astype(np.int64), second.astype(np.int64)


def _required(problem: Problem, matrix: BoolArray, ideas: list[int]) -> bool:
    return all(
        ((matrix[:, ideas] & r.mask[:, ideas]).sum(axis=0) >= r.count[ideas]).all()
        for r in problem.requirements
    )


def loads(matrix: BoolArray) -> IntArray:
    counted: IntArray = matrix.sum(axis=1).astype(np.int64)
    return counted


def idea_affinity(values: FloatArray, matrix: BoolArray) -> FloatArray:
    """Sum of the affinities of the assessors of each idea."""
    total: FloatArray = np.where(matrix, values, 0.0).sum(axis=0)
    return total
