"""The arithmetic of severity for one place or all of them, compiled.

Every place is computed by the same function from the same random draws, and places do not touch one another:
the result is the same for one place, for all, and for any number of threads.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numba import njit, prange

from .framework import Framework
from .record import BoolArray, FloatArray, IntArray, streams

VALUE, STATE, MEDIAN, Q1, Q3, SPREAD, COUNT, Z, GOAL, POSITION, SHARE, SCORE = range(12)
"""Columns of the table of one place: one row per indicator."""

OBSERVED, IMPUTED, ABSENT = 1.0, 0.0, -1.0
MIN_GROUP = 5
"""Below five figures in the group a median and a spread say nothing."""


@dataclass(frozen=True, eq=False)
class Draws:
    """The choices that could have been made otherwise, drawn at random, the same for every place."""

    blend: FloatArray  # (d,) share of the goalposts in a score
    by_rank: BoolArray  # (d,) position by rank in the group instead of by spread
    geometric: BoolArray  # (d,)
    weights: FloatArray  # (d, k)
    pick: FloatArray  # (d, k) which figure of the group stands in for a missing one
    noise: FloatArray  # (d, k) error of measurement, in standard errors

    @property
    def arrays(self) -> tuple[npt.NDArray, ...]:
        return self.blend, self.by_rank, self.geometric, self.weights, self.pick, self.noise


def make_draws(framework: Framework, draws: int, seed: int) -> Draws:
    """Random choices for `draws` repetitions; one stream per kind of choice."""
    k = len(framework.indicators)
    blend, rank, geometric, weights, pick, noise = streams(seed, 6)
    return Draws(
        blend.uniform(0.25, 0.75, draws),
        rank.random(draws) < 0.5,
        geometric.random(draws) < 0.5,
        _draw_weights(framework, draws, weights),
        pick.random((draws, k)),
        noise.standard_normal((draws, k)),
    )


def _draw_weights(framework: Framework, draws: int, stream: np.random.Generator) -> FloatArray:
    """Dirichlet around the stated weights (ten observations' worth for an average weight); sums are taken
    later."""
    size = np.bincount(framework.membership, minlength=len(framework.needs))
    total = np.bincount(framework.membership, framework.weights, minlength=len(framework.needs))
    mean = (total / np.maximum(size, 1))[framework.membership]
    shape = 10.0 * np.divide(framework.weights, mean, out=np.zeros_like(mean), where=mean > 0)
    drawn: FloatArray = stream.standard_gamma(shape, (draws, len(shape)))
    return drawn


@njit(cache=True)
def quantile(ordered: FloatArray, share: float) -> float:
    """Linear interpolation between ordered figures, as NumPy's default."""
    at = share * (len(ordered) - 1)
    below = int(at)
    above = min(below + 1, len(ordered) - 1)
    return float(ordered[below] + (at - below) * (ordered[above] - ordered[below]))


@njit(cache=True)
def spread_of(ordered: FloatArray, middle: float) -> float:
    """1.4826 median absolute deviation; the mean deviation where more than half are equal; NaN where all
    are."""
    away = np.sort(np.abs(ordered - middle))
    mad = quantile(away, 0.5)
    if mad > 0:
        return 1.4826 * mad
    mean = away.mean()
    return 1.2533 * mean if mean > 0 else np.nan


@njit(cache=True)
def goalpost_score(x: float, best: float, worst: float) -> float:
    """0 at the best goalpost, 100 at the worst, never outside; NaN without goalposts."""
    return min(max(100.0 * (x - best) / (worst - best), 0.0), 100.0) if not np.isnan(best) else np.nan


@njit(cache=True)
def robust_z(x: float, middle: float, spread: float, direction: float) -> float:
    """Distance from the group's median in spreads, + = worse, clipped at 3; NaN where the group has no
    spread."""
    return min(max(direction * (x - middle) / spread, -3.0), 3.0) if not np.isnan(spread) else np.nan


@njit(cache=True)
def rank_score(x: float, ordered: FloatArray, direction: float) -> float:
    """Share of the group (0-100) that stands better, ties by half."""
    below = np.searchsorted(ordered, x, side="left")
    upto = np.searchsorted(ordered, x, side="right")
    share = 50.0 * (below + upto) / len(ordered)
    return share if direction > 0 else 100.0 - share


@njit(cache=True)
def blend_scores(goal: float, position: float, share: float) -> float:
    """Both when both are known, else the one that is; NaN when neither is."""
    if np.isnan(goal):
        return position
    if np.isnan(position):
        return goal
    return share * goal + (1.0 - share) * position


@njit(cache=True)
def group_column(matrix: FloatArray, group: IntArray, j: int) -> FloatArray:
    """The group's known figures of one indicator, ordered."""
    found = np.empty(len(group))
    count = 0
    for row in group:
        if row >= 0 and not np.isnan(matrix[row, j]):
            found[count] = matrix[row, j]
            count += 1
    return np.sort(found[:count])


@njit(cache=True)
def fill_row(
    out: FloatArray, x: float, ordered: FloatArray, direction: float, best: float, worst: float
) -> None:
    """One indicator of one place: its value (or the group's median instead) and its scores."""
    count = len(ordered)
    out[COUNT] = count
    if count > 0:
        out[MEDIAN], out[Q1], out[Q3] = (
            quantile(ordered, 0.5),
            quantile(ordered, 0.25),
            quantile(ordered, 0.75),
        )
    if count >= MIN_GROUP:
        out[SPREAD] = spread_of(ordered, out[MEDIAN])
    if np.isnan(x) and count == 0:
        return
    out[STATE] = IMPUTED if np.isnan(x) else OBSERVED
    out[VALUE] = out[MEDIAN] if np.isnan(x) else x
    out[GOAL] = goalpost_score(out[VALUE], best, worst)
    out[Z] = robust_z(out[VALUE], out[MEDIAN], out[SPREAD], direction)
    out[POSITION] = 50.0 + 50.0 * out[Z] / 3.0
    if not np.isnan(out[SPREAD]):
        out[SHARE] = rank_score(out[VALUE], ordered, direction)
    out[SCORE] = blend_scores(out[GOAL], out[POSITION], 0.5)


@njit(cache=True)
def place_table(
    matrix: FloatArray,
    applicable: BoolArray,
    row: int,
    group: IntArray,
    direction: FloatArray,
    posts: FloatArray,
) -> FloatArray:
    """The table of one place: every column above for every indicator."""
    k = matrix.shape[1]
    out = np.full((k, 12), np.nan)
    for j in range(k):
        out[j, STATE] = ABSENT
        out[j, COUNT] = 0
        if applicable[row, j]:
            fill_row(
                out[j], matrix[row, j], group_column(matrix, group, j), direction[j], posts[0, j], posts[1, j]
            )
    return out


@njit(cache=True)
def need_means(
    scores: FloatArray, weights: FloatArray, member: IntArray, q: int, geometric: bool
) -> FloatArray:
    """Weighted mean of the scores of each need; NaN where nothing is scored.

    The geometric mean is taken over what is left to 100 (on 1-100), so that good figures do not buy off a
    bad one.
    """
    total = np.zeros(q)
    weight = np.zeros(q)
    for j in range(len(scores)):
        if not np.isnan(scores[j]):
            term = np.log(100.0 - 0.99 * scores[j]) if geometric else scores[j]
            total[member[j]] += weights[j] * term
            weight[member[j]] += weights[j]
    for p in range(q):
        if weight[p] <= 0:
            total[p] = np.nan
        else:
            mean = total[p] / weight[p]
            total[p] = min(max((100.0 - np.exp(mean)) / 0.99, 0.0), 100.0) if geometric else mean
    return total


@njit(cache=True)
def drawn_score(
    row: FloatArray,
    ordered: FloatArray,
    direction: float,
    best: float,
    worst: float,
    by_rank: bool,
    share: float,
    pick: float,
    step: float,
) -> float:
    """The score of one indicator in one repetition; `step` is the error of measurement in the unit."""
    goal, position = row[GOAL], row[SHARE] if by_rank else row[POSITION]
    if row[STATE] == IMPUTED or step != 0.0:
        x = row[VALUE] + step
        if row[STATE] == IMPUTED:
            x = ordered[min(int(pick * len(ordered)), len(ordered) - 1)]
        goal = goalpost_score(x, best, worst)
        if not np.isnan(row[SPREAD]):
            z = robust_z(x, row[MEDIAN], row[SPREAD], direction)
            position = rank_score(x, ordered, direction) if by_rank else 50.0 + 50.0 * z / 3.0
    return blend_scores(goal, position, share)


@njit(cache=True)
def place_draws(
    table: FloatArray,
    matrix: FloatArray,
    group: IntArray,
    errors: FloatArray,
    direction: FloatArray,
    posts: FloatArray,
    member: IntArray,
    q: int,
    draws: tuple,
) -> FloatArray:
    """Severity of each need of one place in every repetition, shape (draws, needs)."""
    blend, by_rank, geometric, weights, pick, noise = draws
    d, k = pick.shape
    scores = np.full((d, k), np.nan)
    for j in range(k):
        if table[j, STATE] == ABSENT or np.isnan(table[j, SCORE]):
            continue
        ordered = group_column(matrix, group, j)
        for t in range(d):
            scores[t, j] = drawn_score(
                table[j],
                ordered,
                direction[j],
                posts[0, j],
                posts[1, j],
                by_rank[t],
                blend[t],
                pick[t, j],
                errors[j] * noise[t, j],
            )
    out = np.empty((d, q))
    for t in range(d):
        out[t] = need_means(scores[t], weights[t], member, q, geometric[t])
    return out


@njit(cache=True)
def interval(drawn: FloatArray, point: float) -> tuple[float, float]:
    """The middle 90 % of the repetitions, always holding the stated figure; by selection, without sorting."""
    if np.isnan(point):
        return np.nan, np.nan
    last = len(drawn) - 1
    below, above = int(0.05 * last), last - int(0.05 * last)
    rest = 0.05 * last - below
    ends = np.partition(drawn, below)
    low = ends[below] + rest * (ends[below + 1 :].min() - ends[below]) if rest > 0 else ends[below]
    ends = np.partition(drawn, above)
    high = ends[above] - rest * (ends[above] - ends[:above].max()) if rest > 0 else ends[above]
    return min(low, point), max(high, point)


@njit(cache=True)
def solve_place(
    matrix: FloatArray,
    applicable: BoolArray,
    row: int,
    group: IntArray,
    errors: FloatArray,
    direction: FloatArray,
    posts: FloatArray,
    weights: FloatArray,
    member: IntArray,
    q: int,
    draws: tuple,
) -> tuple[FloatArray, FloatArray]:
    """The table of one place and, per need: severity, low, high, geometric, coverage."""
    table = place_table(matrix, applicable, row, group, direction, posts)
    out = np.full((5, q), np.nan)
    out[0] = need_means(table[:, SCORE], weights, member, q, False)
    out[3] = need_means(table[:, SCORE], weights, member, q, True)
    seen, total = np.zeros(q), np.zeros(q)
    for j in range(len(member)):
        total[member[j]] += weights[j]
        if table[j, STATE] == OBSERVED and not np.isnan(table[j, SCORE]):
            seen[member[j]] += weights[j]
    drawn = place_draws(table, matrix, group, errors[row], direction, posts, member, q, draws)
    for p in range(q):
        out[4, p] = seen[p] / total[p] if total[p] > 0 else 0.0
        if seen[p] <= 0:  # a need is never known from other places alone
            out[0, p] = out[3, p] = np.nan
        out[1, p], out[2, p] = interval(drawn[:, p], out[0, p])
    return table, out


@njit(parallel=True, cache=True)
def solve_all(
    matrix: FloatArray,
    applicable: BoolArray,
    groups: IntArray,
    errors: FloatArray,
    direction: FloatArray,
    posts: FloatArray,
    weights: FloatArray,
    member: IntArray,
    q: int,
    draws: tuple,
) -> FloatArray:
    """`solve_place` for every row, shape (5, places, needs)."""
    n = matrix.shape[0]
    out = np.empty((5, n, q))
    for i in prange(n):
        _, place = solve_place(
            matrix, applicable, i, groups[i], errors, direction, posts, weights, member, q, draws
        )
        out[:, i, :] = place
    return out
