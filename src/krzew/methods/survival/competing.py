"""Several ways for the wait to end: cumulative incidence by cause (Aalen-Johansen), and Gray's test of groups.

Counting other causes as censored and taking 1 - Kaplan-Meier would overstate every cause. For cause-specific
hazards give `cox` or `log_rank` the events `causes == k`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import chi2

from ..record import FloatArray, IntArray, MethodError, Provenance, stamp
from .curves import log_log_limits
from .log_rank import TestResult, chi_squared, immortal
from .sample import Caution, Sample, check_sample, check_words, group_codes, normal_quantile
from .sentences import explain_incidence


@dataclass(frozen=True, eq=False)
class CumulativeIncidence:
    """The share that has had each cause by each time. `time` (k,), `incidence` and `se` (k, causes), `ci` (k,
    causes, 2) on the log-log scale, `survival` (k,) the share without any cause."""

    causes: tuple[int, ...]
    time: FloatArray
    at_risk: IntArray
    events: IntArray
    incidence: FloatArray
    se: FloatArray
    ci: FloatArray
    survival: FloatArray
    n: int
    level: float
    unit: str
    outcomes: tuple[str, ...]
    provenance: Provenance

    def of(self, cause: int) -> FloatArray:
        """Incidence of one cause, (k,)."""
        return np.asarray(self.incidence[:, self._column(cause)])

    def at(self, times: npt.ArrayLike, cause: int) -> FloatArray:
        """Incidence of one cause at given times; NaN after the last follow-up while somebody is left."""
        where = np.asarray(times, dtype=np.float64)
        found = np.append(0.0, self.of(cause))[np.searchsorted(self.time, where, side="right")]
        return np.where((where > self.time[-1]) & (self.survival[-1] > 0), np.nan, found)

    def _column(self, cause: int) -> int:
        if cause not in self.causes:
            raise MethodError("cause", f"must be one of {self.causes}", str(cause))
        return self.causes.index(cause)

    def explain(self, lang: str = "pl") -> tuple[str, ...]:
        return explain_incidence(self, lang)


def cumulative_incidence(
    durations: npt.ArrayLike,
    causes: npt.ArrayLike,
    entry: npt.ArrayLike | None = None,
    *,
    level: float = 0.95,
    known_at: npt.ArrayLike | None = None,
    unit: str = "month",
    outcomes: tuple[str, ...] = (),
) -> CumulativeIncidence:
    """The Aalen-Johansen estimate. `causes` (n,) are whole numbers, 0 = nothing has happened yet; `outcomes` are
    words for the causes in order, for `explain`.

    Source: Aalen and Johansen, Scandinavian Journal of Statistics 5 (1978) 141-150; variance by the delta
    method, Marubini and Valsecchi (1995), 10.2; with one cause it is Greenwood's.
    """
    sample, z = check_sample(durations, causes, entry, known_at=known_at, causes=True), normal_quantile(level)
    check_words(unit, "")
    kinds = tuple(int(c) for c in np.unique(sample.cause) if c > 0)
    if not kinds:
        raise MethodError("causes", "needs at least one event")
    if outcomes and len(outcomes) != len(kinds):
        raise MethodError("outcomes", f"needs one name for each of the causes {kinds}")
    time = np.unique(sample.time)
    n = sample.at_risk(time)
    d = np.array([sample.counts(time, c) for c in kinds]).T
    survival = np.cumprod(1 - d.sum(axis=1) / n)
    before = np.append(1.0, survival)[:-1]
    share = np.cumsum(before[:, None] * d / n[:, None], axis=0)
    se = np.sqrt(np.maximum(_variance(share, before, d, n), 0.0))
    return CumulativeIncidence(
        causes=kinds,
        time=time,
        at_risk=n,
        events=d,
        incidence=share,
        se=se,
        ci=np.stack([_limits(share[:, c], se[:, c], z) for c in range(len(kinds))], axis=1),
        survival=survival,
        n=len(sample),
        level=level,
        unit=unit,
        outcomes=outcomes or tuple(str(c) for c in kinds),
        provenance=stamp("survival.cumulative_incidence", None, sample.hash, {"level": level}),
    )


def _variance(share: FloatArray, before: FloatArray, d: IntArray, n: IntArray) -> FloatArray:
    """Sums over s <= t of terms in F(t) - F(s), written as polynomials in F(t) so that one pass is enough."""
    total, at_risk = d.sum(axis=1), n.astype(np.float64)
    ended = np.divide(total, at_risk * (at_risk - total), out=np.zeros(len(n)), where=at_risk > total)[
        :, None
    ]
    own = (before**2 * (1 / at_risk**3))[:, None] * (at_risk[:, None] - d) * d
    shared = (before / at_risk**2)[:, None] * d

    def summed(x: FloatArray) -> FloatArray:
        return np.asarray(np.cumsum(x, axis=0))

    squares = share**2 * summed(ended) - 2 * share * summed(share * ended) + summed(share**2 * ended)
    crossed = share * summed(shared) - summed(share * shared)
    return squares + summed(own) - 2 * crossed


def _limits(share: FloatArray, se: FloatArray, z: float) -> FloatArray:
    sigma = np.divide(se, share, out=np.zeros_like(se), where=share > 0)
    return np.where((share > 0)[:, None], log_log_limits(share, sigma, z), 0.0)


def gray_test(
    durations: npt.ArrayLike,
    causes: npt.ArrayLike,
    groups: npt.ArrayLike,
    cause: int = 1,
    *,
    rho: float = 0.0,
    known_at: npt.ArrayLike | None = None,
    outcome: str = "",
) -> TestResult:
    """Do groups differ in the cumulative incidence of one cause? Gray's test, weight (1 - F)^rho.

    Source: Gray, Annals of Statistics 16 (1988) 1141-1154; the variance allows for censoring that differs
    between groups.
    """
    check_words("month", outcome)
    sample = check_sample(durations, causes, known_at=known_at, causes=True)
    labels, codes = group_codes(groups, len(sample))
    if len(labels) < 2:
        raise MethodError("groups", "needs at least two groups")
    if not (sample.cause == cause).any() or cause < 1:
        raise MethodError("cause", "has no event", str(cause))
    observed, expected, score, covariance = _gray(sample, codes, len(labels), cause, rho)
    statistic, df = chi_squared(score, covariance)
    few = float(expected.min()) < 5
    return TestResult(
        statistic,
        df,
        float(chi2.sf(statistic, df)) if df else float("nan"),
        labels,
        observed,
        expected,
        score,
        covariance,
        "gray",
        outcome,
        (
            *((Caution("few_expected", {"expected": float(expected.min())}),) if few else ()),
            *immortal(sample, labels, codes),
        ),
        stamp("survival.gray_test", None, sample.hash, {"cause": cause, "rho": rho}),
    )


@dataclass(frozen=True, eq=False)
class _Paths:
    """Per group (g, k): at risk, events of the cause and of the others, share without any cause before and
    after each time, incidence before."""

    n: FloatArray
    own: FloatArray
    other: FloatArray
    before: FloatArray
    after: FloatArray
    incidence: FloatArray


def _paths(sample: Sample, codes: IntArray, k: int, cause: int) -> _Paths:
    time = np.unique(sample.time[sample.event])
    members = [sample.rows(codes == g) for g in range(k)]
    n = np.array([m.at_risk(time) for m in members], dtype=np.float64)
    own = np.array([m.counts(time, cause) for m in members], dtype=np.float64)
    other = np.array([m.counts(time) for m in members], dtype=np.float64) - own
    safe = np.maximum(n, 1.0)
    after = np.cumprod(1 - (own + other) / safe, axis=1, dtype=np.float64)
    before = np.hstack([np.ones((k, 1)), after[:, :-1]])
    steps = np.cumsum(before * own / safe, axis=1)
    return _Paths(n, own, other, before, after, np.hstack([np.zeros((k, 1)), steps[:, :-1]]))


def _ratio(a: FloatArray, b: FloatArray) -> FloatArray:
    return np.divide(a, b, out=np.zeros(np.broadcast_shapes(a.shape, b.shape)), where=b > 0)


def _gray(
    sample: Sample, codes: IntArray, k: int, cause: int, rho: float
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Observed, expected, scores (k,) and their covariance (k, k).

    A group's risk set of the subdistribution is n (1 - F) / S; the pooled F grows by events over the sum of n / S.
    """
    path = _paths(sample, codes, k, cause)
    n, own, happened = path.n, path.own, path.own.sum(axis=0)
    sub = _ratio(n * (1 - path.incidence), path.before)
    pooled = np.cumsum(_ratio(happened, _ratio(n, path.before).sum(axis=0)))
    pooled_before = np.append(0.0, pooled)[:-1]
    weight = (1 - pooled_before) ** rho
    share = _ratio(sub, sub.sum(axis=0)[None])
    score = ((own - happened * share) * weight).sum(axis=1)
    expected = (happened * share).sum(axis=1)
    covariance = _gray_covariance(path, pooled, pooled_before, weight)
    return own.sum(axis=1), expected, score, covariance


def _gray_covariance(
    path: _Paths, pooled: FloatArray, pooled_before: FloatArray, weight: FloatArray
) -> FloatArray:
    """Sum over groups r of the variances that events of the cause and of the others in r bring to the scores.

    The influence on score i of group r is (a_ir - b_r c_i(t)) now and b_r c_i(end) later, where c accumulates a
    over the pooled hazard and b weighs the curve of r against the pooled one.
    """
    k, times = path.n.shape
    happened = path.own.sum(axis=0)
    scaled = _ratio(path.n, path.before)  # persons that would be at risk without any end
    total = scaled.sum(axis=0)
    share = _ratio(scaled, total[None])
    a = weight * (np.eye(k)[:, :, None] * scaled[:, None] - scaled[:, None] * share[None])
    rate = _ratio(happened, total * (1 - pooled_before))
    c = np.cumsum(a * rate, axis=2)
    tie = 1 - _ratio(happened - 1, total * path.before - 1) * (happened > 1)
    own = tie * _ratio(path.before * _ratio(happened, total), path.n) * (path.n > 0)
    tie_other = 1 - _ratio(path.other - 1, path.n - 1) * (path.other > 1)
    other = tie_other * _ratio(path.before**2 * path.other, path.n**2) * (path.after > 0)
    left = _ratio(np.broadcast_to(1 - pooled, path.after.shape), path.after)
    b = np.where(path.after > 0, 1 - left, 1.0)
    covariance = np.zeros((k, k))
    for r in range(k):
        end = c[:, r, -1]
        for noise, factor, now in ((own[r], b[r], a[:, r]), (other[r], -left[r], np.zeros((k, times)))):
            u = now - factor * c[:, r]
            late = (factor**2 * noise).sum()
            mixed = (u * factor * noise).sum(axis=1)
            covariance += (u * noise) @ u.T + late * np.outer(end, end)
            covariance += np.outer(end, mixed) + np.outer(mixed, end)
    return covariance
