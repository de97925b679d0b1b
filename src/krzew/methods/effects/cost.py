"""What an additional job costs, with an interval that knows the effect is uncertain; never per placement.

People who would have found work anyway are in the comparison group, so the effect has them taken off already.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from ..record import (
    DEFAULT_SEED,
    FloatArray,
    MethodError,
    Provenance,
    data_hash,
    finite_matrix,
    stamp,
    streams,
)
from .sample import read_treated
from .words import check_language, figure, interval, sentence

BLOCK = 500


class Estimated(Protocol):
    """Any result with an estimate and its error."""

    @property
    def estimate(self) -> float: ...

    @property
    def se(self) -> float: ...

    @property
    def trusted(self) -> bool: ...


@dataclass(frozen=True)
class CostPerJob:
    """Cost of one additional job (for `months` = 12, a job for a year); infinite when there is none to see.

    `ci` is Fieller's interval of ratios with both ends as far as they exist: `bounded` is False when the
    effect may be zero, and then the upper end is infinite (or nothing is known: both ends). `bootstrap` is
    the percentile interval where people's figures were given.
    """

    estimate: float
    ci: tuple[float, float]
    level: float
    bounded: bool
    bootstrap: tuple[float, float] | None
    jobs: float
    trusted: bool
    provenance: Provenance

    @property
    def warnings(self) -> tuple[str, ...]:
        """Everything to know before using the number, in English."""
        return () if self.bounded and self.trusted else self.explain("en")[:1]

    def explain(self, lang: str = "pl", *, unit: str = "zł") -> tuple[str, ...]:
        """Plain sentences; `unit` is the money. Raises `MethodError` unless pl or en."""
        check_language(lang)
        if not self.trusted:
            return (sentence("job_untrusted", lang),)
        if not math.isfinite(self.estimate):
            return sentence("job_none", lang), sentence("job_net", lang)
        cost = figure(self.estimate, lang, unit)
        if self.bounded:
            words: dict[str, float | str] = {
                "level": 100 * self.level,
                "interval": interval(self.ci, lang, unit),
            }
            first = sentence("job", lang, cost=cost, **words)
        elif math.isfinite(self.ci[0]):
            first = sentence("job_open", lang, cost=cost, low=figure(self.ci[0], lang, unit))
        else:
            first = sentence("job_unknown", lang, cost=cost)
        return first, sentence("job_net", lang)


def cost_per_job(
    cost: float,
    effect: Estimated | float,
    se: float | None = None,
    *,
    participants: float = 1.0,
    cost_se: float = 0.0,
    covariance: float = 0.0,
    months: float | None = None,
    level: float = 0.95,
) -> CostPerJob:
    """Programme `cost` over the additional jobs of its `participants` (1: cost and effect of one of them).

    `effect` is the additional share in work of each participant (an estimate such as `risk_difference`, or a
    number with its `se`); with `months` = 12 it is additional months of work, and a job is that many months.
    `cost_se` is the error of the cost in all, `covariance` that of cost in all with effect. Fieller (1954).
    Raises `MethodError` when an error is missing or negative. There is no way to give gross placements.
    """
    value, error, trusted = _effect(effect, se)
    for name, number in (("participants", participants), ("cost", cost), ("level", level)):
        if not number > 0 or not math.isfinite(number) or (name == "level" and number >= 1):
            raise MethodError(name, "must be above zero (a level also below 1)", str(number))
    if months is not None and not months > 0:
        raise MethodError("months", "must be above zero", str(months))
    if not cost_se >= 0:
        raise MethodError("cost_se", "must not be negative", str(cost_se))
    scale = participants / (months or 1.0)
    jobs, spread = value * scale, error * scale
    ci, bounded = fieller((cost, jobs), (cost_se**2, covariance * scale, spread**2), level)
    ratio = cost / jobs if jobs > 0 else math.inf
    parameters = {"participants": participants, "months": months, "level": level}
    origin = stamp(
        "effects.cost_per_job", None, data_hash(cost, value, error, cost_se, covariance), parameters
    )
    return CostPerJob(ratio, ci, level, bounded, None, jobs, trusted, origin)


def _effect(effect: Estimated | float, se: float | None) -> tuple[float, float, bool]:
    if isinstance(effect, int | float | np.floating | np.integer):
        if se is None or not se >= 0:
            raise MethodError("se", "is needed with an effect given as a number, and not below zero", str(se))
        return float(effect), float(se), True
    return effect.estimate, effect.se if se is None else se, effect.trusted


def fieller(
    means: tuple[float, float], variances: tuple[float, float, float], level: float
) -> tuple[tuple[float, float], bool]:
    """Interval of cost over jobs, both positive, from their means and (variance, covariance, variance).

    All ratios r >= 0 with (cost - r · jobs)² <= z² · variance: bounded only when jobs differ from zero
    clearly, otherwise without an upper end.
    """
    z2 = float(ndtri(0.5 + level / 2)) ** 2
    (cost, jobs), (vc, cov, vj) = means, variances
    a, b, c = jobs**2 - z2 * vj, cost * jobs - z2 * cov, cost**2 - z2 * vc
    root = b**2 - a * c
    if a > 0 and jobs > 0:
        half = math.sqrt(max(root, 0.0))
        return (max((b - half) / a, 0.0), (b + half) / a), True
    if a < 0 < root and c > 0:
        # Outside the two roots; the one above zero is where ratios begin.
        low = max((b - math.sqrt(root)) / a, (b + math.sqrt(root)) / a)
        return (low, math.inf), False
    return (-math.inf, math.inf), False


def cost_per_job_of(
    costs: npt.ArrayLike,
    outcome: npt.ArrayLike,
    treated: npt.ArrayLike,
    *,
    months: float | None = None,
    level: float = 0.95,
    draws: int = 1_999,
    seed: int = DEFAULT_SEED,
) -> CostPerJob:
    """The same from people: `costs` (n,) of each (what the others cost anyway is taken off), `outcome` (n,)
    0/1 in work or months of work, `treated` (n,). Adds a bootstrap interval within groups.

    Chance must have decided who took part. A draw without additional jobs counts as infinitely dear, so the
    bootstrap has no upper end either when the effect may be zero.
    """
    c, y = finite_matrix("costs", costs), finite_matrix("outcome", outcome)
    if c.ndim != 1 or c.shape != y.shape:
        raise MethodError("costs", f"needs one figure for each outcome: {c.shape}, {y.shape}")
    if draws < 100:
        raise MethodError("draws", "must be at least 100", str(draws))
    t = read_treated(treated, len(y))
    arms = [np.stack([c[arm], y[arm] / (months or 1.0)]) for arm in (t, ~t)]
    if min(arm.shape[1] for arm in arms) < 2:
        raise MethodError("treated", "needs at least two rows in each group")
    gap = arms[0].mean(axis=1) - arms[1].mean(axis=1)
    spread = sum(np.cov(arm) / arm.shape[1] for arm in arms)
    people = float(t.sum())
    variances = (float(spread[0, 0]), float(spread[0, 1]), float(spread[1, 1]))
    ci, bounded = fieller((float(gap[0]), float(gap[1])), variances, level)
    ratio = float(gap[0] / gap[1]) if gap[1] > 0 else math.inf
    ends = _bootstrap(arms, level, draws, seed)
    parameters = {"months": months, "level": level, "draws": draws}
    origin = stamp("effects.cost_per_job_of", seed, data_hash(c, y, t), parameters)
    return CostPerJob(ratio, ci, level, bounded, ends, float(gap[1]) * people, True, origin)


def _bootstrap(arms: list[FloatArray], level: float, draws: int, seed: int) -> tuple[float, float]:
    ratios = []
    blocks = [min(BLOCK, draws - done) for done in range(0, draws, BLOCK)]
    for size, stream in zip(blocks, streams(seed, len(blocks)), strict=True):
        means = [
            arm[:, stream.integers(arm.shape[1], size=(size, arm.shape[1]))].mean(axis=2) for arm in arms
        ]
        cost, jobs = means[0] - means[1]
        ratios.append(np.divide(cost, jobs, out=np.full(size, np.inf), where=jobs > 0))
    ordered = np.sort(np.concatenate(ratios))
    low, high = (
        ordered[min(int(q * len(ordered)), len(ordered) - 1)] for q in (0.5 - level / 2, 0.5 + level / 2)
    )
    return float(low), float(high)
