"""Two shares of success: their difference with Wald, Newcombe and exact intervals; and how many people it
takes to see one."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln, ndtr, ndtri

from ..phrases import number
from ..record import FloatArray, MethodError, Provenance, data_hash, stamp
from .words import check_language, sentence

INTERVALS = ("auto", "wald", "newcombe", "exact")
SPARSE = 10
"""With fewer in any cell the Wald interval is not used by default."""

NUISANCE = 201


@dataclass(frozen=True)
class RiskDifference:
    """Share with success among those who took part less that of the others, as a number from -1 to 1.

    `ci` is the interval of `method`; `wald` and `newcombe` stand beside it. `p_value` is that of the score
    test with its exact distribution for "exact", otherwise of its large-sample one.
    """

    method: str
    estimate: float
    se: float
    ci: tuple[float, float]
    level: float
    p_value: float
    wald: tuple[float, float]
    newcombe: tuple[float, float]
    counts: tuple[int, int, int, int]
    provenance: Provenance

    @property
    def trusted(self) -> bool:
        """Counts have nothing to fail: whether chance divided the groups is for the reader to know."""
        return True

    @property
    def number_needed(self) -> float:
        """How many take part for one more success; infinite when there is no difference."""
        return math.inf if self.estimate == 0 else 1 / self.estimate

    def explain(self, lang: str = "pl") -> tuple[str, ...]:
        """Plain sentences, per 100 people. Raises `MethodError` unless pl or en."""
        check_language(lang)
        a, n1, b, n0 = (str(count) for count in self.counts)
        low, high = (number(100 * end, lang) for end in self.ci)
        words: dict[str, float | str] = {
            "level": 100 * self.level,
            "interval": sentence("range", lang, low=low, high=high),
        }
        if self.ci[0] <= 0 <= self.ci[1]:
            first = sentence("unclear", lang, value=points_of_100(self.estimate, lang), **words)
        else:
            more = self.estimate > 0
            ends = sorted(abs(end) for end in self.ci)
            shown = {"low": number(100 * ends[0], lang), "high": number(100 * ends[1], lang)}
            words["interval"] = sentence("range", lang, **shown)
            size = number(100 * abs(self.estimate), lang)
            first = sentence("rd_up" if more else "rd_down", lang, size=size, **words)
        return first, sentence("rd_counts", lang, a=a, n1=n1, b=b, n0=n0)


def points_of_100(share: float, lang: str) -> str:
    return f"{number(100 * share, lang)} {'na 100' if lang == 'pl' else 'per 100'}"


def risk_difference(
    a: int, n1: int, b: int, n0: int, *, method: str = "auto", level: float = 0.95
) -> RiskDifference:
    """`a` of `n1` succeeded with, `b` of `n0` without.

    "wald"; "newcombe" (1998, his method 10); "exact": the score test inverted over its exact distribution,
    at the worst nuisance share (Agresti and Min 2001). "auto": Wald, or Newcombe with fewer than 10 in a
    cell. Raises `MethodError` on counts that cannot be.
    """
    counts = _counts(a, n1, b, n0)
    if method not in INTERVALS:
        raise MethodError("method", f"must be one of {', '.join(INTERVALS)}", method)
    z = _quantile(level)
    p1, p0 = counts[0] / counts[1], counts[2] / counts[3]
    gap, se = p1 - p0, math.sqrt(p1 * (1 - p1) / counts[1] + p0 * (1 - p0) / counts[3])
    wald, newcombe = (gap - z * se, gap + z * se), _newcombe(*counts, z)
    sparse = min(counts[0], counts[1] - counts[0], counts[2], counts[3] - counts[2]) < SPARSE
    chosen = ("newcombe" if sparse else "wald") if method == "auto" else method
    if chosen == "exact":
        ci, p = _exact_interval(*counts, 1 - level), _exact_p(*counts, 0.0)
    else:
        ci = wald if chosen == "wald" else newcombe
        p = float(2 * ndtr(-abs(float(_score(np.array([[gap]]), *counts[1::2], 0.0, counts)[0, 0]))))
    origin = stamp("effects.risk_difference", None, data_hash(counts), {"method": chosen, "level": level})
    return RiskDifference(chosen, gap, se, ci, level, p, wald, newcombe, counts, origin)


def _counts(a: int, n1: int, b: int, n0: int) -> tuple[int, int, int, int]:
    for name, hits, size in (("a", a, n1), ("b", b, n0)):
        if any(isinstance(x, bool) or x != int(x) for x in (hits, size)) or not 0 <= hits <= size or size < 1:
            raise MethodError(
                name, "must be a whole number from 0 to the size of its group", f"{hits}/{size}"
            )
    return int(a), int(n1), int(b), int(n0)


def _quantile(level: float) -> float:
    if not 0 < level < 1:
        raise MethodError("level", "must be a share, such as 0.95", str(level))
    return float(ndtri(0.5 + level / 2))


def _newcombe(a: int, n1: int, b: int, n0: int, z: float) -> tuple[float, float]:
    (low1, high1), (low0, high0) = wilson(a, n1, z), wilson(b, n0, z)
    p1, p0 = a / n1, b / n0
    below = math.hypot(p1 - low1, high0 - p0)
    above = math.hypot(high1 - p1, p0 - low0)
    return p1 - p0 - below, p1 - p0 + above


def wilson(hits: int, size: int, z: float) -> tuple[float, float]:
    """Wilson's interval of one share."""
    p, share = hits / size, z * z / size
    middle, half = p + share / 2, z * math.sqrt(p * (1 - p) / size + share / (4 * size))
    return (middle - half) / (1 + share), (middle + half) / (1 + share)


def _score(
    gap: FloatArray, n1: int, n0: int, delta: float, counts: tuple[int, ...] | None = None
) -> FloatArray:
    """Score statistic of every table (n1 + 1, n0 + 1), or of the one of `counts`, against difference `delta`.

    The shares under the constraint solve a cubic (Farrington and Manning 1990).
    """
    x1, x0 = np.arange(n1 + 1.0)[:, None], np.arange(n0 + 1.0)[None]
    if counts is not None:
        x1, x0 = np.array([[float(counts[0])]]), np.array([[float(counts[2])]])
    p1, p0 = x1 / n1, x0 / n0
    theta = n0 / n1
    a = 1 + theta
    b = -(1 + theta + p1 + theta * p0 + delta * (theta + 2))
    c = delta**2 + delta * (2 * p1 + theta + 1) + p1 + theta * p0
    d = -p1 * delta * (1 + delta)
    v = b**3 / (3 * a) ** 3 - b * c / (6 * a**2) + d / (2 * a)
    u = np.copysign(np.sqrt(np.maximum(b**2 / (3 * a) ** 2 - c / (3 * a), 0)), v)
    ratio = np.divide(v, u**3, out=np.zeros_like(v + u), where=np.abs(u) > 1e-12)
    w = (np.pi + np.arccos(np.clip(ratio, -1, 1))) / 3
    q1 = np.clip(2 * u * np.cos(w) - b / (3 * a), max(delta, 0.0), min(1 + delta, 1.0))
    q0 = np.clip(q1 - delta, 0, 1)
    se = np.sqrt(q1 * (1 - q1) / n1 + q0 * (1 - q0) / n0)
    off = p1 - p0 - delta
    statistic: FloatArray = np.divide(
        off, se, out=np.where(np.abs(off) < 1e-12, 0.0, np.copysign(np.inf, off)), where=se > 1e-9
    )
    return statistic


def _exact_p(a: int, n1: int, b: int, n0: int, delta: float) -> float:
    """The largest chance, over all base shares, of a table as far from `delta` as the one seen."""
    table = np.abs(_score(np.empty(0), n1, n0, delta))
    far = table >= table[a, b] * (1 - 1e-9)
    base = np.linspace(max(0.0, -delta), min(1.0, 1 - delta), NUISANCE)
    with_, without = _binomials(n1, base + delta), _binomials(n0, base)
    return float(min(((with_ @ far) * without).sum(axis=1).max(), 1.0))


def _binomials(n: int, p: FloatArray) -> FloatArray:
    """Chances (len(p), n + 1) of 0 to n successes."""
    k = np.arange(n + 1.0)
    choose = gammaln(n + 1.0) - gammaln(k + 1) - gammaln(n - k + 1)
    q = np.clip(p, 0, 1)[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(k == 0, 0, k * np.log(q)) + np.where(k == n, 0, (n - k) * np.log1p(-q))
    chances: FloatArray = np.exp(choose + logs)
    return chances


def _exact_interval(a: int, n1: int, b: int, n0: int, alpha: float) -> tuple[float, float]:
    """Both ends: out from the estimate by steps until the test rejects, then by halving."""
    gap = a / n1 - b / n0
    return _end(a, n1, b, n0, alpha, gap, -1.0), _end(a, n1, b, n0, alpha, gap, 1.0)


def _end(a: int, n1: int, b: int, n0: int, alpha: float, gap: float, edge: float) -> float:
    grid = np.linspace(edge, gap, 65)
    inside = next((x for x in grid if _exact_p(a, n1, b, n0, float(x)) > alpha), gap)
    if inside == edge:
        return edge
    outside = inside - (gap - edge) / 64
    for _ in range(20):
        middle = (inside + outside) / 2
        accepted = _exact_p(a, n1, b, n0, float(middle)) > alpha
        inside, outside = (middle, outside) if accepted else (inside, middle)
    return float(outside)


@dataclass(frozen=True)
class Power:
    """People needed in each group to see a difference between two shares, or the chance with those at hand.

    `n_per_arm` is the number without taking part when the groups are unequal; `power` is reached with it.
    """

    p1: float
    p0: float
    n_treated: int
    n_untreated: int
    power: float
    alpha: float
    planned: bool
    provenance: Provenance

    @property
    def n_per_arm(self) -> int:
        """People in each group (in the larger one when they differ)."""
        return max(self.n_treated, self.n_untreated)

    def explain(self, lang: str = "pl") -> tuple[str, ...]:
        """Plain sentences. Raises `MethodError` unless pl or en."""
        check_language(lang)
        words = {name: number(100 * x, lang) for name, x in (("p1", self.p1), ("p0", self.p0))}
        words |= {
            "n1": str(self.n_treated),
            "n0": str(self.n_untreated),
            "power": number(100 * self.power, lang, 0),
        }
        line = sentence("power_need" if self.planned else "power_have", lang, **words)
        weak = not self.planned and self.power < 0.8
        return (line, sentence("power_weak", lang)) if weak else (line,)


def power(
    p1: float,
    p0: float,
    *,
    n_per_arm: int | None = None,
    power: float = 0.8,
    alpha: float = 0.05,
    ratio: float = 1.0,
    cluster_size: float = 1.0,
    icc: float = 0.0,
) -> Power:
    """How many people it takes to see shares `p1` and `p0` apart (two-sided, Cohen's arcsine), or, with
    `n_per_arm` without taking part, the chance to see it.

    `ratio`: people without for each one with. Groups of `cluster_size` with intra-cluster correlation `icc`
    need 1 + (size - 1) · icc times as many. Raises `MethodError` on shares outside 0 to 1 or equal ones.
    """
    for name, share in (("p1", p1), ("p0", p0), ("power", power), ("alpha", alpha)):
        if not 0 <= share <= 1 or (name in {"power", "alpha"} and share in (0, 1)):
            raise MethodError(name, "must be a share between 0 and 1", str(share))
    if p1 == p0 or not ratio > 0 or not cluster_size >= 1 or not 0 <= icc <= 1:
        raise MethodError("p1", "must differ from p0; ratio above 0, cluster_size from 1, icc from 0 to 1")
    effect = abs(2 * math.asin(math.sqrt(p1)) - 2 * math.asin(math.sqrt(p0)))
    design, z = 1 + (cluster_size - 1) * icc, float(ndtri(1 - alpha / 2))
    if n_per_arm is None:
        exact = (z + float(ndtri(power))) ** 2 * (1 + 1 / ratio) / effect**2 * design
        treated, untreated = math.ceil(exact), math.ceil(exact * ratio)
    else:
        if n_per_arm < 1:
            raise MethodError("n_per_arm", "must be at least 1", str(n_per_arm))
        untreated, treated = int(n_per_arm), max(round(n_per_arm / ratio), 1)
    reach = effect / math.sqrt((1 / treated + 1 / untreated) * design)
    reached = float(ndtr(reach - z) + ndtr(-reach - z))
    parameters = {"power": power, "alpha": alpha, "ratio": ratio, "cluster_size": cluster_size, "icc": icc}
    origin = stamp("effects.power", None, data_hash(p1, p0, n_per_arm), parameters)
    return Power(p1, p0, treated, untreated, reached, alpha, n_per_arm is None, origin)
