"""Steps on one table of indicators: taming outliers and bringing every indicator to one scale."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .record import FloatArray, MethodError

SKEW_LIMIT, KURTOSIS_LIMIT = 2.0, 3.5


def skewness(x: FloatArray) -> float:
    """Sample skewness (G1, as Excel and COINr); 0 for a column without spread."""
    x = x[~np.isnan(x)]
    n, away = len(x), x - x.mean()
    second = (away**2).mean()
    if n < 3 or second <= 0:
        return 0.0
    return float((away**3).mean() / second**1.5 * np.sqrt(n * (n - 1)) / (n - 2))


def kurtosis(x: FloatArray) -> float:
    """Sample excess kurtosis (G2, as Excel and COINr); 0 for a column without spread."""
    x = x[~np.isnan(x)]
    n, away = len(x), x - x.mean()
    second = (away**2).mean()
    if n < 4 or second <= 0:
        return 0.0
    plain = (away**4).mean() / second**2 - 3.0
    return float(((n + 1) * plain + 6.0) * (n - 1) / ((n - 2) * (n - 3)))


def is_tame(x: FloatArray) -> bool:
    """COINr's rule: outliers disturb only when skewness and kurtosis are both high."""
    return abs(skewness(x)) < SKEW_LIMIT or kurtosis(x) < KURTOSIS_LIMIT


def treat_column(x: FloatArray, most: int = 5) -> tuple[FloatArray, str]:
    """COINr's treatment: pull in at most `most` extreme points; if that does not do, take a shifted
    logarithm.

    Returns the column and what was done: "none", "winsorised" or "log".
    """
    if is_tame(x):
        return x, "none"
    pulled, top, bottom = x.copy(), 0, 0
    while not is_tame(pulled) and top + bottom < most:
        high = skewness(pulled) >= 0
        count = _pull_in(pulled, high)
        top, bottom = (count, bottom) if high else (top, count)
    if is_tame(pulled):
        return pulled, "winsorised"
    lowest = np.nanmin(x)
    logged: FloatArray = np.log(x - lowest + 0.01 * (np.nanmax(x) - lowest))
    return logged, "log"


def _pull_in(x: FloatArray, high: bool) -> int:
    """The extreme value becomes the next one, in place; returns how many points stood there."""
    extreme = x == (np.nanmax(x) if high else np.nanmin(x))
    rest = x[~extreme & ~np.isnan(x)]
    x[extreme] = rest.max() if high else rest.min()
    return int(extreme.sum())


def min_max(x: FloatArray, low: float, high: float) -> FloatArray:
    """The sample's minimum becomes `low`, its maximum `high`; a column without spread stands in the
    middle."""
    bottom, top = np.nanmin(x, axis=0), np.nanmax(x, axis=0)
    span = top - bottom
    share = np.where(
        span > 0, (x - bottom) / np.where(span > 0, span, 1.0), np.where(np.isnan(x), np.nan, 0.5)
    )
    result: FloatArray = low + share * (high - low)
    return result


def z_score(x: FloatArray, low: float, high: float) -> FloatArray:
    """Standard deviations from the mean, then moved to the scale: mean in the middle, three deviations to
    each end."""
    deviation = np.nanstd(x, axis=0)
    z = (x - np.nanmean(x, axis=0)) / np.where(deviation > 0, deviation, 1.0)
    result: FloatArray = low + (np.clip(z, -3.0, 3.0) + 3.0) / 6.0 * (high - low)
    return result


def rank(x: FloatArray, low: float, high: float) -> FloatArray:
    """Ranks, ties shared, moved to the scale."""
    from scipy.stats import rankdata  # takes two seconds to import, and only this choice needs it

    ranks = rankdata(x, axis=0, nan_policy="omit")
    count = np.maximum((~np.isnan(x)).sum(axis=0) - 1, 1)
    result: FloatArray = low + (ranks - 1) / count * (high - low)
    return result


NORMALISERS: dict[str, Callable[[FloatArray, float, float], FloatArray]] = {
    "minmax": min_max,
    "zscore": z_score,
    "rank": rank,
}


def goalposts(x: FloatArray, best: FloatArray, worst: FloatArray, low: float, high: float) -> FloatArray:
    """`low` at the best goalpost and `high` at the worst, never outside; fixed, so no other place moves
    it."""
    if np.isnan(best).any():
        raise MethodError("goalposts", "every indicator needs them for this normalisation")
    share = np.clip((x - best) / (worst - best), 0.0, 1.0)
    result: FloatArray = low + share * (high - low)
    return result
