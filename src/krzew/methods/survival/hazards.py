"""Proportional hazards: does each effect stay the same over time? Tests after Grambsch and Therneau."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import chi2, rankdata

from ..record import FloatArray, MethodError, Provenance, stamp
from .likelihood import evaluate
from .sentences import explain_hazards

if TYPE_CHECKING:
    from .cox import CoxFit

TRANSFORMS, METHODS = ("km", "rank", "identity", "log"), ("score", "approximate")
HOLDS = 0.05


@dataclass(frozen=True, eq=False)
class ProportionalHazards:
    """A test per covariate (p,) and one for all; a small p-value speaks against one constant hazard ratio."""

    names: tuple[str, ...]
    statistic: FloatArray
    p_value: FloatArray
    global_statistic: float
    global_p_value: float
    transform: str
    method: str
    provenance: Provenance

    @property
    def holds(self) -> bool:
        """No sign against proportional hazards at 5 %; with few events that says little."""
        return bool((self.p_value >= HOLDS).all() and self.global_p_value >= HOLDS)

    def explain(self, lang: str = "pl") -> tuple[str, ...]:
        return explain_hazards(self, lang)


def proportional_hazards(fit: CoxFit, transform: str = "km", method: str = "score") -> ProportionalHazards:
    """Test covariates times g(time) added to the fitted model.

    g is 1 - Kaplan-Meier just before ("km"), the rank, the time itself or its logarithm. "score" is the exact
    score test; "approximate" is that of Grambsch and Therneau, Biometrika 81 (1994) 515-526, which takes the
    variance of covariates at risk as constant over time.
    """
    if transform not in TRANSFORMS:
        raise MethodError("transform", f"must be one of {', '.join(TRANSFORMS)}", str(transform))
    if method not in METHODS:
        raise MethodError("method", f"must be one of {', '.join(METHODS)}", str(method))
    g = _transformed(fit, transform)
    deaths = fit.rows.deaths
    g = g - float((g * deaths).sum() / deaths.sum())
    score, variance = _exact(fit, g) if method == "score" else _approximate(fit, g)
    statistic = score**2 / np.diag(variance)
    together = float(score @ np.linalg.pinv(variance, hermitian=True) @ score)
    origin = stamp(
        "survival.proportional_hazards",
        None,
        fit.provenance.data_hash,
        {"transform": transform, "method": method},
    )
    p = np.asarray(chi2.sf(statistic, 1))
    all_p = float(chi2.sf(together, len(score)))
    return ProportionalHazards(fit.names, statistic, p, together, all_p, transform, method, origin)


def _transformed(fit: CoxFit, transform: str) -> FloatArray:
    """g at each event time (cell) of the model."""
    at = fit.rows.cell_time
    if transform == "identity":
        return at.copy()
    if transform == "log":
        if at.min() <= 0:
            raise MethodError("transform", "log needs events after time 0")
        return np.log(at)
    if transform == "rank":
        spread = np.repeat(at, fit.rows.deaths.astype(np.int64))
        rank = dict(zip(spread.tolist(), rankdata(spread).tolist(), strict=True))
        return np.array([rank[t] for t in at.tolist()])
    time = np.unique(at)
    survival = np.cumprod(1 - fit.sample.counts(time) / fit.sample.at_risk(time))
    before = np.append(1.0, survival)[:-1]
    return np.asarray(1 - before[np.searchsorted(time, at)])


def _weighted_score(fit: CoxFit, g: FloatArray) -> FloatArray:
    each = np.repeat(g, fit.rows.deaths.astype(np.int64))
    return np.asarray(each @ fit.schoenfeld)


def _exact(fit: CoxFit, g: FloatArray) -> tuple[FloatArray, FloatArray]:
    plain, crossed, squared = evaluate(fit.rows, fit.coef, fit.ties == "efron", g).information
    return _weighted_score(fit, g), squared - crossed @ np.linalg.solve(plain, crossed)


def _approximate(fit: CoxFit, g: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Each event is taken to bring the same information."""
    deaths = fit.rows.deaths
    spread = float((g**2 * deaths).sum() / deaths.sum())
    inverse = fit.model_covariance
    return inverse @ _weighted_score(fit, g), inverse * spread
