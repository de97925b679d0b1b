"""How far single scores agree, and how many assessors a decision needs: ICC(1) and Spearman-Brown."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import f as f_distribution

from ..record import MethodError
from .scores import read_scores


@dataclass(frozen=True)
class Reliability:
    """`single` is ICC(1), the reliability of one score, with its confidence interval; `average` that of the
    mean of `raters` scores, the number per idea (an average close to the mean where it differs)."""

    single: float
    low: float
    high: float
    average: float
    raters: float
    level: float

    def raters_for(self, target: float) -> int:
        """Assessors per idea that a mean of reliability `target` needs."""
        return raters_needed(self.single, target)

    def explain(self, lang: str = "pl") -> tuple[str, ...]:
        """Plain sentences, Polish or English."""
        from .words import explain_reliability

        return explain_reliability(self, lang)


def reliability(ideas: npt.ArrayLike, scores: npt.ArrayLike, *, level: float = 0.95) -> Reliability:
    """ICC(1) of scores from a one-way analysis of variance: which idea, and all the rest is noise.

    Who scored does not enter: severity counts as noise, as it does when ideas are compared by plain means.
    The interval is exact for equal numbers of scores per idea (Shrout and Fleiss 1979), near otherwise.
    Raises `MethodError` when fewer than two ideas have scores or no idea has two.
    """
    table = read_scores(ideas, np.arange(np.size(np.asarray(scores))), scores)
    if not 0 < level < 1:
        raise MethodError("level", "must lie between 0 and 1", str(level))
    counts, n, size = table.counts.astype(np.float64), len(table.ideas), len(table.value)
    if n < 2 or size == n:
        raise MethodError("ideas", "needs at least two ideas, and one of them scored twice")
    means = np.bincount(table.idea, table.value, n) / counts
    between = float(counts @ (means - table.value.mean()) ** 2) / (n - 1)
    within = float(((table.value - means[table.idea]) ** 2).sum()) / (size - n)
    raters = float((size - (counts @ counts) / size) / (n - 1))
    if between <= 0 and within <= 0:
        raise MethodError("scores", "are all equal: nothing can be said on their agreement")
    ratio = between / within if within > 0 else math.inf
    tail = (1 - level) / 2
    cut = f_distribution.ppf([tail, 1 - tail], n - 1, size - n)
    single, low, high = (_icc(x, raters) for x in (ratio, ratio / cut[1], ratio / cut[0]))
    return Reliability(single, low, high, spearman_brown(single, raters), raters, level)


def _icc(ratio: float, raters: float) -> float:
    return 1.0 if math.isinf(ratio) else (ratio - 1) / (ratio + raters - 1)


def icc1(ideas: npt.ArrayLike, scores: npt.ArrayLike) -> float:
    """ICC(1), the reliability of a single score; below zero where scores agree less than by chance."""
    return reliability(ideas, scores).single


def spearman_brown(single: float, raters: float) -> float:
    """Reliability of the mean of `raters` scores when one has the reliability `single`."""
    if not -1 <= single <= 1:
        raise MethodError("single", "must lie between -1 and 1", str(single))
    if not raters > 0:
        raise MethodError("raters", "must be above zero", str(raters))
    below = 1 + (raters - 1) * single
    return raters * single / below if below > 0 else -math.inf


def raters_needed(single: float, target: float) -> int:
    """The least number of assessors whose mean has the reliability `target` (Spearman-Brown)."""
    if not 0 < target < 1:
        raise MethodError("target", "must lie between 0 and 1", str(target))
    if not 0 < single <= 1:
        rule = "must be above zero: scores that do not agree at all give no reliable mean, however many"
        raise MethodError("single", rule, str(single))
    return max(1, math.ceil(target * (1 - single) / (single * (1 - target)) - 1e-9))
