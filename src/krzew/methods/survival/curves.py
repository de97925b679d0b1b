"""The share still waiting: Kaplan-Meier curve, its quantiles, and the mean time up to a horizon (RMST)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.stats import norm

from ..record import FloatArray, IntArray, MethodError, Provenance, stamp
from .sample import Caution, Sample, check_sample, check_words, group_codes, normal_quantile
from .sentences import explain_curve, explain_rmst, explain_rmst_difference

THIN = 5
"""Fewer persons at risk than this move a curve by a fifth at each event."""
ROUND, WIDEST = 1e-12, 700.0


@dataclass(frozen=True, eq=False)
class KaplanMeier:
    """The share without the event. Arrays run over the distinct ends of follow-up, in order.

    `time`, `at_risk`, `events`, `censored`, `survival`, `se` (Greenwood) and `cumulative_hazard` (Nelson-Aalen)
    have the shape (k,), `ci` is (k, 2): pointwise limits on the log-log scale, NaN once the curve is at zero.
    """

    time: FloatArray
    at_risk: IntArray
    events: IntArray
    censored: IntArray
    survival: FloatArray
    se: FloatArray
    ci: FloatArray
    cumulative_hazard: FloatArray
    level: float
    unit: str
    outcome: str
    warnings: tuple[Caution, ...]
    provenance: Provenance

    @property
    def n(self) -> int:
        return int(self.events.sum() + self.censored.sum())

    @property
    def n_events(self) -> int:
        return int(self.events.sum())

    @cached_property
    def median(self) -> float:
        """The first time at which half or fewer are without the event; infinite when it is not reached."""
        return self.quantile(0.5)

    @property
    def median_ci(self) -> tuple[float, float]:
        return self.quantile_ci(0.5)

    def quantile(self, p: float) -> float:
        """The first time by which a share `p` (0 to 1) has had the event; infinite when it is not reached."""
        return self._crossing(self.survival, p)

    def quantile_ci(self, p: float) -> tuple[float, float]:
        """Times at which the limits of the curve cross 1 - p (Brookmeyer and Crowley 1982)."""
        return self._crossing(self.ci[:, 0], p), self._crossing(self.ci[:, 1], p)

    def _crossing(self, curve: FloatArray, p: float) -> float:
        if not 0 < p < 1:
            raise MethodError("p", "must lie between 0 and 1", str(p))
        below = np.flatnonzero(curve <= 1 - p + ROUND)
        return float(self.time[below[0]]) if len(below) else float("inf")

    def survival_at(self, times: npt.ArrayLike) -> FloatArray:
        """The share without the event at given times; NaN after the last follow-up, unless already zero."""
        at = np.asarray(times, dtype=np.float64)
        padded = np.append(1.0, self.survival)
        found = padded[np.searchsorted(self.time, at, side="right")]
        return np.where((at > self.time[-1]) & (self.survival[-1] > 0), np.nan, found)

    def ci_at(self, times: npt.ArrayLike) -> FloatArray:
        """Limits of the share at given times, shape (..., 2)."""
        at = np.asarray(times, dtype=np.float64)
        padded = np.vstack([[1.0, 1.0], self.ci])
        return np.asarray(padded[np.searchsorted(self.time, at, side="right")])

    def explain(self, lang: str = "pl") -> tuple[str, ...]:
        """How many, how soon, and how sure, in plain sentences."""
        return explain_curve(self, lang)


def kaplan_meier(
    durations: npt.ArrayLike,
    events: npt.ArrayLike | None = None,
    entry: npt.ArrayLike | None = None,
    *,
    level: float = 0.95,
    known_at: npt.ArrayLike | None = None,
    unit: str = "month",
    outcome: str = "",
) -> KaplanMeier:
    """The Kaplan-Meier estimate of time to an event.

    `durations` (n,) run from intake to the event or to the last sight of the person; `events` (n,) are 1 or 0
    (not yet); `entry` (n,) says when a person came under observation, where that was after time 0 (left
    truncation). `unit` and `outcome` are words for `explain`. Raises `MethodError`, also for immortal time
    (`known_at`, see `check_sample`). Source: Kaplan and Meier, JASA 53 (1958) 457-481; variance of Greenwood;
    limits by log(-log S), Borgan and Liestøl (1990).
    """
    check_words(unit, outcome)
    sample, z = check_sample(durations, events, entry, known_at=known_at), normal_quantile(level)
    time = np.unique(sample.time)
    n, d = sample.at_risk(time), sample.counts(time)
    ends = np.searchsorted(np.sort(sample.time), time, "right")
    survival, sigma = survival_and_error(n, d)
    parameters = {"level": level, "delayed_entry": sample.delayed}
    return KaplanMeier(
        time=time,
        at_risk=n,
        events=d,
        censored=np.diff(ends, prepend=0) - d,
        survival=survival,
        se=survival * np.where(survival > 0, sigma, 0.0),
        ci=log_log_limits(survival, sigma, z),
        cumulative_hazard=np.cumsum(d / n),
        level=level,
        unit=unit,
        outcome=outcome,
        warnings=_thin(sample, time, n, d),
        provenance=stamp("survival.kaplan_meier", None, sample.hash, parameters),
    )


def survival_and_error(n: IntArray, d: IntArray) -> tuple[FloatArray, FloatArray]:
    """The product-limit estimate, and the standard error of its logarithm (infinite at zero)."""
    survival: FloatArray = np.cumprod(1.0 - d / n, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        return survival, np.sqrt(np.cumsum(d / (n * (n - d).astype(np.float64))))


def log_log_limits(share: FloatArray, sigma: FloatArray, z: float) -> FloatArray:
    """Limits of a share on the log(-log) scale, where `sigma` is the error of its logarithm; NaN at zero."""
    inside = (share > 0) & (share < 1)
    safe = np.where(inside, share, 0.5)
    width = np.minimum(z * np.where(inside, sigma, 0.0) / np.abs(np.log(safe)), WIDEST)
    limits = np.column_stack([safe ** np.exp(width), safe ** np.exp(-width)])
    return np.where(inside[:, None], limits, np.where(share > 0, 1.0, np.nan)[:, None])


def _thin(sample: Sample, time: FloatArray, n: IntArray, d: IntArray) -> tuple[Caution, ...]:
    """Late entry can leave a handful at risk at the start, and the whole curve then hangs on them."""
    early = (n < THIN) & (d > 0) & (n < n.max()) & (time < time[np.argmax(n)])
    if not (sample.delayed and early.any()):
        return ()
    return (Caution("thin_start", {"time": float(time[early][0]), "at_risk": float(n[early].min())}),)


@dataclass(frozen=True, eq=False)
class Rmst:
    """Mean time without the event up to `horizon`, with its standard error and limits."""

    rmst: float
    se: float
    ci: tuple[float, float]
    horizon: float
    n: int
    n_events: int
    level: float
    unit: str
    outcome: str
    provenance: Provenance

    def explain(self, lang: str = "pl") -> tuple[str, ...]:
        return explain_rmst(self, lang)


def rmst(
    durations: npt.ArrayLike,
    events: npt.ArrayLike | None = None,
    horizon: float | None = None,
    entry: npt.ArrayLike | None = None,
    *,
    level: float = 0.95,
    known_at: npt.ArrayLike | None = None,
    unit: str = "month",
    outcome: str = "",
) -> Rmst:
    """Restricted mean survival time: the area under the Kaplan-Meier curve from 0 to `horizon`.

    The horizon (by default the longest follow-up) must not lie beyond what was observed. Source: Irwin (1949);
    variance as in Klein and Moeschberger, Survival Analysis (2003), 4.5, without small-sample factor.
    """
    check_words(unit, outcome)
    sample, z = check_sample(durations, events, entry, known_at=known_at), normal_quantile(level)
    end = float(sample.time.max()) if horizon is None else _horizon(horizon, [sample])
    mean, error = _area(sample, end)
    origin = stamp("survival.rmst", None, sample.hash, {"level": level, "horizon": end})
    limits = (mean - z * error, mean + z * error)
    return Rmst(mean, error, limits, end, len(sample), int(sample.event.sum()), level, unit, outcome, origin)


def _horizon(horizon: float, samples: list[Sample]) -> float:
    """Nothing is known past the last person still followed, unless all had the event."""
    for sample in samples:
        last = float(sample.time.max())
        open_end = bool((~sample.event & (sample.time == last)).any())
        if not 0 < horizon < np.inf or (horizon > last and open_end):
            rule = f"must lie above 0 and not after the longest follow-up, which is {last:g}"
            raise MethodError("horizon", rule, str(horizon))
    return float(horizon)


def _area(sample: Sample, horizon: float) -> tuple[float, float]:
    time = np.unique(sample.time[sample.event & (sample.time <= horizon)])
    n, d = sample.at_risk(time), sample.counts(time)
    survival = np.append(1.0, np.cumprod(1.0 - d / n))
    pieces = survival * np.diff(np.concatenate([[0.0], time, [horizon]]))
    ahead = np.cumsum(pieces[::-1])[::-1][1:]  # area from each event on
    noise = np.divide(d, n * (n - d).astype(np.float64), out=np.zeros(len(time)), where=n > d)
    return float(pieces.sum()), float(np.sqrt((ahead**2 * noise).sum()))


@dataclass(frozen=True, eq=False)
class RmstDifference:
    """Second group less the first: `difference`, its error, limits and p-value; `arms` are the two means."""

    difference: float
    se: float
    ci: tuple[float, float]
    p_value: float
    labels: tuple[object, object]
    arms: tuple[Rmst, Rmst]
    horizon: float
    level: float
    unit: str
    outcome: str
    provenance: Provenance

    def explain(self, lang: str = "pl") -> tuple[str, ...]:
        return explain_rmst_difference(self, lang)


def rmst_difference(
    durations: npt.ArrayLike,
    events: npt.ArrayLike | None,
    groups: npt.ArrayLike,
    horizon: float | None = None,
    entry: npt.ArrayLike | None = None,
    *,
    level: float = 0.95,
    known_at: npt.ArrayLike | None = None,
    unit: str = "month",
    outcome: str = "",
) -> RmstDifference:
    """Difference of RMST between two groups (second label in sorted order less the first), up to a common
    horizon: by default the shorter of the two longest follow-ups. Needs no proportional hazards. Source:
    Royston and Parmar, BMC Medical Research Methodology 13 (2013) 152."""
    sample, z = check_sample(durations, events, entry, known_at=known_at), normal_quantile(level)
    labels, codes = group_codes(groups, len(sample))
    if len(labels) != 2:
        raise MethodError("groups", f"needs two groups, not {len(labels)}")
    parts = [sample.rows(codes == k) for k in (0, 1)]
    end = min(float(p.time.max()) for p in parts) if horizon is None else _horizon(horizon, parts)
    first, second = (
        rmst(p.time, p.cause, end, p.entry if p.delayed else None, level=level, unit=unit, outcome=outcome)
        for p in parts
    )
    gap, error = second.rmst - first.rmst, float(np.hypot(first.se, second.se))
    p = float(2 * norm.sf(abs(gap) / error)) if error > 0 else float("nan")
    origin = stamp("survival.rmst_difference", None, sample.hash, {"level": level, "horizon": end})
    limits, pair = (gap - z * error, gap + z * error), (labels[0], labels[1])
    return RmstDifference(gap, error, limits, p, pair, (first, second), end, level, unit, outcome, origin)
