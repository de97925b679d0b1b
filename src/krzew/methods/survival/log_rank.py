"""Do groups differ in how soon the event comes? The log-rank family of tests, for two or more groups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import chi2

from ..record import FloatArray, IntArray, MethodError, Provenance, stamp
from .sample import Caution, Sample, check_sample, check_words, group_codes
from .sentences import explain_test

WEIGHTS = ("log-rank", "wilcoxon", "tarone-ware", "peto", "fleming-harrington")
FEW_EVENTS = 5
SUSPECT = 1e-3
"""Chance under which the early ends of follow-up do not avoid one group by luck."""


@dataclass(frozen=True, eq=False)
class TestResult:
    """A chi-squared test of groups: `observed` and `expected` events (g,), `score` (g,) weighted difference,
    `covariance` (g, g) of the scores."""

    __test__ = False  # not for pytest

    statistic: float
    df: int
    p_value: float
    labels: tuple[object, ...]
    observed: FloatArray
    expected: FloatArray
    score: FloatArray
    covariance: FloatArray
    method: str
    outcome: str
    warnings: tuple[Caution, ...]
    provenance: Provenance

    def explain(self, lang: str = "pl") -> tuple[str, ...]:
        return explain_test(self, lang)


def log_rank(
    durations: npt.ArrayLike,
    events: npt.ArrayLike | None,
    groups: npt.ArrayLike,
    entry: npt.ArrayLike | None = None,
    *,
    weights: str = "log-rank",
    rho: float = 0.0,
    gamma: float = 0.0,
    strata: npt.ArrayLike | None = None,
    known_at: npt.ArrayLike | None = None,
    outcome: str = "",
) -> TestResult:
    """The log-rank test of k groups, with the hypergeometric variance; ends of other causes count as censored.

    `weights`: "log-rank" (1), "wilcoxon" (at risk; Gehan, Breslow), "tarone-ware" (its root), "peto" (pooled
    survival, Peto-Peto), "fleming-harrington" (S^rho (1-S)^gamma just before each time). `strata` (n,) compares
    only within, e.g. within a workshop. Source: Klein and Moeschberger, Survival Analysis (2003), 7.3-7.5.
    """
    check_words("month", outcome)
    if weights not in WEIGHTS:
        raise MethodError("weights", f"must be one of {', '.join(WEIGHTS)}", str(weights))
    sample = check_sample(durations, events, entry, known_at=known_at)
    labels, codes = group_codes(groups, len(sample))
    if len(labels) < 2:
        raise MethodError("groups", "needs at least two groups")
    blocks = np.zeros(len(sample), dtype=np.int64)
    if strata is not None:
        blocks = group_codes(strata, len(sample), "strata")[1]
    k = len(labels)
    observed, expected, score, covariance = np.zeros(k), np.zeros(k), np.zeros(k), np.zeros((k, k))
    for block in np.unique(blocks):
        parts = _block(sample, codes, blocks == block, k, (weights, rho, gamma))
        for total, part in zip((observed, expected, score, covariance), parts, strict=True):
            total += part
    statistic, df = chi_squared(score, covariance)
    parameters = {"weights": weights, "rho": rho, "gamma": gamma, "stratified": strata is not None}
    return TestResult(
        statistic,
        df,
        float(chi2.sf(statistic, df)) if df else float("nan"),
        labels,
        observed,
        expected,
        score,
        covariance,
        weights,
        outcome,
        (*_few(observed, expected), *immortal(sample, labels, codes)),
        stamp("survival.log_rank", None, sample.hash, parameters),
    )


def _block(
    sample: Sample, codes: IntArray, rows: npt.NDArray[np.bool_], k: int, kind: tuple[str, float, float]
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    part, own = sample.rows(rows), codes[rows]
    time = np.unique(part.time[part.event])
    members = [part.rows(own == g) for g in range(k)]
    n = np.array([m.at_risk(time) for m in members], dtype=np.float64)
    d = np.array([m.counts(time) for m in members], dtype=np.float64)
    at_risk, happened = n.sum(axis=0), d.sum(axis=0)
    share = n / at_risk
    weight = _weight(at_risk, happened, *kind)
    left = np.divide(at_risk - happened, at_risk - 1, out=np.zeros(len(time)), where=at_risk > 1)
    spread = weight**2 * happened * left
    covariance = np.diag(share @ spread) - (share * spread) @ share.T
    expected = share * happened
    return d.sum(axis=1), expected.sum(axis=1), (d - expected) @ weight, covariance


def _weight(at_risk: FloatArray, happened: FloatArray, kind: str, rho: float, gamma: float) -> FloatArray:
    if kind == "wilcoxon":
        return at_risk
    if kind == "tarone-ware":
        return np.sqrt(at_risk)
    if kind == "peto":
        return np.asarray(np.cumprod(1 - happened / (at_risk + 1)), dtype=np.float64)
    if kind == "fleming-harrington":
        before = np.append(1.0, np.cumprod(1 - happened / at_risk))[:-1]
        return np.asarray(before**rho * (1 - before) ** gamma)
    return np.ones(len(at_risk))


def chi_squared(score: FloatArray, covariance: FloatArray) -> tuple[float, int]:
    """Quadratic form of the scores and its degrees of freedom; a group without information adds none."""
    told = np.diag(covariance) > 0
    inner, values = covariance[np.ix_(told, told)], score[told]
    rank = int(np.linalg.matrix_rank(inner, hermitian=True)) if told.any() else 0
    if not rank:
        return float("nan"), 0
    return float(values @ np.linalg.pinv(inner, hermitian=True) @ values), rank


def _few(observed: FloatArray, expected: FloatArray) -> tuple[Caution, ...]:
    least = float(expected.min())
    return (Caution("few_expected", {"expected": least}),) if least < FEW_EVENTS else ()


def immortal(sample: Sample, labels: tuple[object, ...], codes: IntArray) -> tuple[Caution, ...]:
    """A group that nobody leaves while others do looks like one formed by lasting (immortal time).

    The chance that the k earliest ends of follow-up all miss a group is hypergeometric; a group for which it is
    below 1 in 1,000 is named, so that someone asks when its members were known. Rows with entry are spared.
    """
    if sample.delayed:
        return ()
    found = []
    for k, label in enumerate(labels):
        own, others = sample.time[codes == k], sample.time[codes != k]
        earlier = int((others < own.min()).sum()) if len(own) and len(others) else 0
        left = len(others) - np.arange(earlier)
        if earlier and float(np.log(left / (left + len(own))).sum()) < np.log(SUSPECT):
            figures: dict[str, float | str] = {
                "group": str(label),
                "time": float(own.min()),
                "earlier": float(earlier),
            }
            found.append(Caution("immortal", figures))
    return tuple(found)
