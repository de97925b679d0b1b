"""When some outcomes are missing: the bounds between which the effect lies (Lee 2009; Manski 1990)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.special import ndtr

from ..record import BoolArray, FloatArray, MethodError, Provenance, data_hash, stamp
from .sample import read_treated
from .words import check_language, figure, interval, sentence


@dataclass(frozen=True)
class Bounds:
    """The effect lies between `lower` and `upper`; `ci` covers it at `level` (Imbens and Manski 2004).

    `trimmed` is the share of the better observed group that Lee's bounds leave out, 0 for Manski's;
    `observed` the shares of known outcomes with and without taking part.
    """

    kind: str
    lower: float
    upper: float
    se: tuple[float, float]
    ci: tuple[float, float]
    level: float
    trimmed: float
    observed: tuple[float, float]
    provenance: Provenance

    def explain(self, lang: str = "pl", *, unit: str = "") -> tuple[str, ...]:
        """Plain sentences. Raises `MethodError` unless pl or en."""
        check_language(lang)
        ends = {"low": figure(self.lower, lang), "high": figure(self.upper, lang, unit)}
        if self.kind == "manski":
            first = sentence("manski", lang, **ends)
        else:
            shown = {f"shown{i}": 100 * x for i, x in zip((1, 0), self.observed, strict=True)}
            first = sentence("lee", lang, **ends, **shown)
        if self.lower <= 0 <= self.upper:
            return first, sentence("lee_open", lang)
        if self.ci[0] <= 0 <= self.ci[1]:
            words: dict[str, float | str] = {
                "level": 100 * self.level,
                "interval": interval(self.ci, lang, unit),
            }
            return first, sentence("lee_unsure", lang, **words)
        return first, sentence("lee_sign", lang)


def lee_bounds(
    outcome: npt.ArrayLike,
    treated: npt.ArrayLike,
    observed: npt.ArrayLike | None = None,
    *,
    level: float = 0.95,
) -> Bounds:
    """Bounds of the effect on people whose outcome would be known either way.

    `outcome` (n,) may hold NaN where unknown, or `observed` (n,) 0/1 says where it is known. Chance must have
    decided who took part, and taking part must move being observed in one direction only. The group with
    more known outcomes loses its best, or worst, ones. Errors by Lee's proposition 3. Raises `MethodError`
    when nobody is observed in a group.
    """
    y, t, s = _read(outcome, treated, observed, level)
    rates = float(s[t].mean()), float(s[~t].mean())
    fuller = rates[0] >= rates[1]
    many, few = (t, ~t) if fuller else (~t, t)
    high, low = (rates[0], rates[1]) if fuller else (rates[1], rates[0])
    keep = low / high
    share_variance = keep**2 * ((1 - high) / (high * many.sum()) + (1 - low) / (low * few.sum()))
    rest = y[few & s]
    base = float(rest.mean()), float(rest.var(ddof=1) / len(rest))
    values = np.sort(y[many & s])
    ends = [_trimmed(values, keep, share_variance), _trimmed(-values[::-1], keep, share_variance)]
    (bottom, bottom_error), (top, top_error) = ends
    edges = [bottom - base[0], -top - base[0]] if fuller else [base[0] + top, base[0] - bottom]
    errors = [bottom_error, top_error] if fuller else [top_error, bottom_error]
    se = np.sqrt(errors[0] + base[1]), np.sqrt(errors[1] + base[1])
    return _bounds(
        "lee", (edges[0], edges[1]), (float(se[0]), float(se[1])), level, 1 - keep, rates, (y, t, s)
    )


def _trimmed(ordered: FloatArray, keep: float, share_variance: float) -> tuple[float, float]:
    """Mean of the lowest `keep` share and its variance; the value at the edge counts in part."""
    count = keep * len(ordered)
    weights = np.clip(count - np.arange(len(ordered)), 0.0, 1.0)
    mean = float(weights @ ordered / count)
    edge = ordered[min(int(np.ceil(count)) - 1, len(ordered) - 1)]
    spread = float(weights @ (ordered - mean) ** 2 / count)
    variance = spread / count + (edge - mean) ** 2 * (1 - keep) / count
    return mean, float(variance + ((edge - mean) / keep) ** 2 * share_variance)


def manski_bounds(
    outcome: npt.ArrayLike,
    treated: npt.ArrayLike,
    low: float,
    high: float,
    observed: npt.ArrayLike | None = None,
    *,
    level: float = 0.95,
) -> Bounds:
    """Bounds with nothing assumed but that outcomes lie from `low` to `high` (for a share: 0 and 1)."""
    y, t, s = _read(outcome, treated, observed, level)
    if not low < high or (y[s] < low).any() or (y[s] > high).any():
        raise MethodError("low", "must be below high, with all outcomes between them", f"{low}, {high}")
    filled = [np.where(s, y, np.where(t, first, second)) for first, second in ((low, high), (high, low))]
    edges = [float(x[t].mean() - x[~t].mean()) for x in filled]
    se = [float(np.sqrt(x[t].var(ddof=1) / t.sum() + x[~t].var(ddof=1) / (~t).sum())) for x in filled]
    rates = float(s[t].mean()), float(s[~t].mean())
    return _bounds("manski", (edges[0], edges[1]), (se[0], se[1]), level, 0.0, rates, (y, t, s))


def _read(
    outcome: npt.ArrayLike, treated: npt.ArrayLike, observed: npt.ArrayLike | None, level: float
) -> tuple[FloatArray, BoolArray, BoolArray]:
    y = np.asarray(outcome, dtype=np.float64)
    if y.ndim != 1 or np.isinf(y).any():
        raise MethodError("outcome", "must be one row of figures, NaN where unknown")
    if not 0 < level < 1:
        raise MethodError("level", "must be a share, such as 0.95", str(level))
    t = read_treated(treated, len(y))
    s = ~np.isnan(y) if observed is None else read_treated(observed, len(y), "observed")
    if (s & np.isnan(y)).any():
        raise MethodError(
            "outcome", "must be known where observed is 1", str(int(np.argmax(s & np.isnan(y))))
        )
    for name, arm in (("treated", t), ("untreated", ~t)):
        if (arm & s).sum() < 2:
            raise MethodError("observed", f"needs at least two {name} rows with a known outcome")
    return np.where(s, y, np.nan), t, s


def _bounds(
    kind: str,
    edges: tuple[float, float],
    se: tuple[float, float],
    level: float,
    trimmed: float,
    rates: tuple[float, float],
    data: tuple[FloatArray, BoolArray, BoolArray],
) -> Bounds:
    widest = max(se)
    gap = (edges[1] - edges[0]) / widest if widest > 0 else np.inf
    factor = brentq(lambda c: ndtr(c + gap) - ndtr(-c) - level, 0.0, 10.0)
    ci = edges[0] - factor * se[0], edges[1] + factor * se[1]
    origin = stamp(f"effects.{kind}_bounds", None, data_hash(*data), {"level": level})
    return Bounds(kind, *edges, se, ci, level, trimmed, rates, origin)
