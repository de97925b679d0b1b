"""The fairest assignment: the idea served worst is served as well as can be (Stelmakh, Shah and Singh 2021).

For each k, the k best assessors of every idea are made as good as they can be together (a threshold found by
maximum flows), and the rest is filled for the largest total. The candidate whose worst idea is best wins.
Finding the very best is NP-hard from two assessors on, so a bound comes with the answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..record import BoolArray, FloatArray, IntArray
from ..work import Work
from . import flow
from .graph import idea_affinity
from .optimum import Optimum, optimum
from .problem import LEVEL, Problem, Requirement

ROUNDS = 12
SMALL = 1e-12
LIFT = 1.4


@dataclass(frozen=True, eq=False)
class Fair:
    """`worst` is the lowest sum of affinities over ideas, `bound` an upper bound on it for any assignment."""

    matrix: BoolArray
    worst: float
    bound: float
    total: float


def maxmin(problem: Problem, seed: int, work: Work, fill: bool = True) -> Fair | None:
    """The best candidate by its worst idea, then by its total; None when there is no whole assignment."""
    start = _largest(problem, problem.affinity, seed, work)
    if start is None:
        return None
    largest = _judged(problem, start.matrix, _trivial_bound(problem))
    best = largest
    deepest = int(problem.per_idea.max())
    for depth in range(deepest, 0, -1):
        if work.over or best.worst >= best.bound - SMALL:
            break
        best = _better(best, _at_depth(problem, depth, seed, work))
        work.report((deepest - depth + 1) / (deepest + 1), "maxmin")
    best = _weighted(problem, best, seed, work)
    return _filled(problem, best, seed, work) if fill and best.total < largest.total - SMALL else best


def _largest(problem: Problem, values: FloatArray, seed: int, work: Work) -> Optimum | None:
    return optimum(problem, values, problem.admissible, problem.requirements, seed, time_limit=_seconds(work))


def _seconds(work: Work) -> float | None:
    """What an integer programme may take of the time left."""
    return None if work.time_limit is None else max(work.left, 0.1)


def _judged(problem: Problem, matrix: BoolArray, bound: float) -> Fair:
    sums = idea_affinity(problem.affinity, matrix)
    return Fair(matrix, float(sums.min()), bound, float(sums.sum()))


def _better(one: Fair, other: Fair | None) -> Fair:
    if other is None:
        return one
    bound = min(one.bound, other.bound)
    ahead = other.worst > one.worst + SMALL or (
        other.worst >= one.worst - SMALL and other.total > one.total + SMALL
    )
    chosen = other if ahead else one
    return Fair(chosen.matrix, chosen.worst, max(bound, chosen.worst), chosen.total)


def _sorted_values(problem: Problem) -> FloatArray:
    """Affinities of each idea that may be used, best first; minus infinity below."""
    shown: FloatArray = -np.sort(-np.where(problem.admissible, problem.affinity, -np.inf), axis=0)
    return shown


def _trivial_bound(problem: Problem) -> float:
    shown, k = _sorted_values(problem), problem.per_idea
    taken = np.arange(len(shown))[:, None] < k
    return float(np.where(taken, shown, 0.0).sum(axis=0).min())


def _at_depth(problem: Problem, depth: int, seed: int, work: Work) -> Fair | None:
    """Every idea has `depth` assessors at or above the highest threshold possible; the rest by total."""
    count = np.minimum(problem.per_idea, depth)
    whole = bool((count == problem.per_idea).all())
    if not whole and problem.requirements:
        return None  # the threshold would cross the requirements
    level, certain = _threshold(problem, count, whole, work)
    arcs, required = _restricted(problem, level, count, whole)
    found = optimum(problem, problem.affinity, arcs, required, seed, time_limit=_seconds(work))
    if found is None:
        return None
    return _judged(problem, found.matrix, _depth_bound(problem, level, count) if certain else np.inf)


def _with_level(problem: Problem, level: float, count: IntArray) -> tuple[Requirement, ...]:
    return (*problem.requirements, Requirement(LEVEL, "", problem.affinity >= level, count))


def _restricted(
    problem: Problem, level: float, count: IntArray, whole: bool
) -> tuple[BoolArray, tuple[Requirement, ...]]:
    if whole:
        return problem.admissible & (problem.affinity >= level), problem.requirements
    return problem.admissible, _with_level(problem, level, count)


def _threshold(problem: Problem, count: IntArray, whole: bool, work: Work) -> tuple[float, bool]:
    """The highest affinity that `count` assessors of every idea can all reach, and whether that is certain.

    The search starts at the ceiling (the idea with the fewest good assessors), where it often ends.
    """
    ceiling = _sorted_values(problem)[count - 1, np.arange(len(count))].min()
    levels = np.unique(problem.affinity[problem.admissible & (problem.affinity <= ceiling)])
    low, high, middle = 0, len(levels) - 1, len(levels) - 1
    while low < high and not work.over:
        if _reachable(problem, float(levels[middle]), count, whole, work):
            low = middle
        else:
            high = middle - 1
        middle = (low + high + 1) // 2
    return float(levels[low]), low >= high and not work.over


def _reachable(problem: Problem, level: float, count: IntArray, whole: bool, work: Work) -> bool:
    arcs, required = _restricted(problem, level, count, whole)
    layout = flow.stations(problem, required)
    if layout is not None:
        return flow.feasible(problem, arcs, layout)
    found = optimum(problem, np.zeros(arcs.shape), arcs, required, 0, time_limit=_seconds(work))
    return found is not None


def _depth_bound(problem: Problem, level: float, count: IntArray) -> float:
    """Some idea has no more than `level` from its k-th best assessor on, whoever assigns."""
    shown, k = _sorted_values(problem), problem.per_idea
    taken = np.arange(len(shown))[:, None] < k
    kept = np.where(np.arange(len(shown))[:, None] < count - 1, shown, np.minimum(shown, level))
    return float(np.where(taken, kept, 0.0).sum(axis=0).max())


def _weighted(problem: Problem, best: Fair, seed: int, work: Work) -> Fair:
    """Give more weight to ideas served worse and assign again; each round also bounds the worst idea.

    For any weights that sum to 1 the largest weighted total is at least the worst idea's share
    (multiplicative weights for the max-min programme).
    """
    sums = idea_affinity(problem.affinity, best.matrix)
    spread = max(float(sums.max() - sums.min()), SMALL)
    weight = np.full(len(sums), 1.0 / len(sums))
    for turn in range(ROUNDS):
        if work.over or best.worst >= best.bound - SMALL:
            break
        weight = weight * np.exp(-4.0 * (sums - sums.min()) / spread / np.sqrt(turn + 1.0))
        weight /= weight.sum()
        found = _largest(problem, problem.affinity * weight, seed, work)
        if found is None:
            break
        best = _better(best, _judged(problem, found.matrix, found.bound))
        sums = idea_affinity(problem.affinity, found.matrix)
        work.report(0.5 + 0.5 * (turn + 1) / ROUNDS, "bound")
    return best


def _filled(problem: Problem, best: Fair, seed: int, work: Work) -> Fair:
    """A larger total at the same worst idea: from the largest total of all, lift only the ideas below it.

    The weights are one plus the multipliers of "no idea below the worst".
    """
    weight = np.ones(len(problem.ideas))
    for _ in range(ROUNDS):
        if work.over:
            break
        found = _largest(problem, problem.affinity * weight, seed, work)
        if found is None:
            break
        made = _judged(problem, found.matrix, best.bound)
        if made.worst >= best.worst - SMALL:
            return _better(best, made)
        weight[idea_affinity(problem.affinity, made.matrix) < best.worst - SMALL] *= LIFT
    return best


def leximin(problem: Problem, seed: int, work: Work) -> Fair | None:
    """After the worst idea the next worst, and so on: the whole PeerReview4All.

    At each turn the worst ideas keep their assessors and the others are assigned anew with what is left.
    Stopped early, the answer is whole: the ideas not yet reached keep the assignment of the last turn.
    """
    first = maxmin(problem, seed, work, fill=False)
    if first is None:
        return None
    matrix, ideas = first.matrix.copy(), np.arange(len(problem.ideas))
    while len(ideas) > 1 and not work.over:
        sums = idea_affinity(problem.affinity, matrix)[ideas]
        ideas = ideas[sums > sums.min() + SMALL]
        if not len(ideas):
            break
        used = np.delete(matrix, ideas, axis=1).sum(axis=1)
        rest = problem.part(ideas, used)
        fresh = maxmin(rest, seed, work, fill=False)
        if fresh is not None and _ahead(rest, fresh.matrix, matrix[:, ideas]):
            matrix[:, ideas] = fresh.matrix
        work.report(1 - len(ideas) / len(problem.ideas), "leximin")
    return _judged(problem, matrix, first.bound)


def _ahead(problem: Problem, one: BoolArray, other: BoolArray) -> bool:
    """Whether `one` is better at the first place, from the worst idea up, where the two differ."""
    gain = np.sort(idea_affinity(problem.affinity, one)) - np.sort(idea_affinity(problem.affinity, other))
    telling = np.flatnonzero(np.abs(gain) > SMALL)
    return bool(len(telling) and gain[telling[0]] > 0)
