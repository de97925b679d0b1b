"""Permutation (randomisation) tests of a difference in means, exact where they can be, with an interval by
test inversion.

If participation changed nothing, any other group of the same size could have been drawn. An effect of d turns
outcome y into y - d for those who took part, so each other draw speaks against d on one interval of values
only: the p-value of every d, and hence the confidence interval, comes from sorting the ends of those
intervals, without a search.
"""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from math import comb

import numpy as np

from ..record import BoolArray, FloatArray, IntArray, streams
from ..work import Work, spread

EXACT_LIMIT = 3_000_000
"""Draws are counted out in full up to this many (12 of 24 is 2,704,156)."""

DEFAULT_DRAWS, BLOCK, ADDITIONS = 19_999, 2_000, 50_000_000


@dataclass(frozen=True, eq=False)
class Permutation:
    """Two-sided p-value; `draws` groupings, all of them when `exact`; `floor` is the least p there can be.

    `first` and `slope` are (draws,): the difference in a draw is first - d · slope after an effect of d is
    taken away; the real grouping's are `own`.
    """

    p_value: float
    floor: float
    draws: int
    exact: bool
    first: FloatArray
    slope: FloatArray
    own: tuple[float, float]

    def interval(self, level: float) -> tuple[float, float]:
        """All effects that the test does not reject at 1 - `level`: the outer ends of the set."""
        total, (a, c) = len(self.first), self.own
        inner = np.abs(self.slope) < c * (1 - 1e-9)
        first, slope = self.first[inner], self.slope[inner]
        ends = np.stack([(a - first) / (c - slope), (a + first) / (c + slope)])
        starts, stops = np.sort(ends.min(axis=0)), np.sort(ends.max(axis=0))
        always = total - len(starts)  # the real grouping and its mirror; nothing speaks against any d
        needed = (1 - level) * total - always
        if needed < 0:
            return -np.inf, np.inf
        at_start = np.searchsorted(starts, starts, "right") - np.searchsorted(stops, starts, "left")
        at_stop = np.searchsorted(starts, stops, "right") - np.searchsorted(stops, stops, "left")
        low, high = at_start > needed + 1e-9, at_stop > needed + 1e-9
        return float(starts[np.argmax(low)]), float(stops[len(high) - 1 - np.argmax(high[::-1])])


def permutation_test(
    outcome: FloatArray,
    treated: FloatArray,
    unit_treated: BoolArray,
    clusters: IntArray | None = None,
    *,
    draws: int | None,
    seed: int,
    work: Work | None = None,
    executor: Executor | None = None,
) -> Permutation:
    """Difference in means of `outcome` (n,) under regrouping of units (rows, or whole clusters).

    `treated` (n,) is participation, or what is left of it beside covariates; `unit_treated` (units,) says
    which units took part.
    """
    units = np.column_stack([outcome, treated, np.ones(len(outcome))])
    if clusters is not None:
        units = np.column_stack(
            [np.bincount(clusters, column, minlength=len(unit_treated)) for column in units.T]
        )
    size, n, total = int(unit_treated.sum()), len(unit_treated), units.sum(axis=0)
    small = min(size, n - size)
    exact = comb(n, small) <= EXACT_LIMIT
    sums = _all(units, small) if exact else _drawn(units, small, draws, seed, work or Work(), executor)
    sums = total - sums if small != size else sums
    own = units[unit_treated].sum(axis=0)
    sums = sums if exact else np.concatenate([own[None], sums])
    first, slope = _difference(sums, total)
    (a,), (c,) = _difference(own[None], total)
    tolerance = 1e-10 * max(float(np.sqrt(np.mean(outcome**2))), abs(a))
    p = float((np.abs(first) >= abs(a) - tolerance).mean())
    count = comb(n, small) if exact else len(first) - 1
    floor = (1 + (2 * small == n)) / count if exact else 1 / (count + 1)  # equal halves: its mirror, too
    return Permutation(p, floor, count, exact, first, slope, (float(a), float(c)))


def _all(units: FloatArray, size: int) -> FloatArray:
    """Sums over every subset; of equal halves one of each mirrored pair is enough (the other speaks against
    the same effects)."""
    from .kernels import all_subsets

    if 2 * size == len(units):
        rest: FloatArray = all_subsets(
            np.ascontiguousarray(units[1:]), size - 1, comb(len(units) - 1, size - 1)
        )
        rest += units[0]
        return rest
    sums: FloatArray = all_subsets(np.ascontiguousarray(units), size, comb(len(units), size))
    return sums


def _drawn(
    units: FloatArray, size: int, draws: int | None, seed: int, work: Work, executor: Executor | None
) -> FloatArray:
    count = draws or int(np.clip(ADDITIONS // size, 999, DEFAULT_DRAWS))
    sizes = [min(BLOCK, count - done) for done in range(0, count, BLOCK)]
    states = [int(stream.integers(2**63)) for stream in streams(seed, len(sizes))]
    parts = [(np.ascontiguousarray(units), size, *part) for part in zip(sizes, states, strict=True)]
    done: list[FloatArray] = []
    for block in spread(draw_block, parts, executor):
        done.append(block)
        work.report(len(done) / len(parts), "permutations")
        if work.over:
            break
    return np.concatenate(done)


def draw_block(part: tuple[FloatArray, int, int, int]) -> FloatArray:
    """One block of draws, wherever the executor runs it: units, size of a subset, draws, state."""
    from .kernels import drawn_subsets

    sums: FloatArray = drawn_subsets(*part)
    return sums


def _difference(sums: FloatArray, total: FloatArray) -> tuple[FloatArray, FloatArray]:
    inside, outside = sums[:, :2] / sums[:, 2:], (total - sums)[:, :2] / (total - sums)[:, 2:]
    both = inside - outside
    return both[:, 0], both[:, 1]
