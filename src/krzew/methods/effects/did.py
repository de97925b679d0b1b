"""Differences in differences: places that changed against places that did not, with placebo tests."""

from __future__ import annotations

from concurrent.futures import Executor
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import fdtrc

from ..record import DEFAULT_SEED, FloatArray, IntArray, MethodError, Provenance, data_hash, stamp
from ..work import Progress, Stop, Work
from .balance import Finding, finding, gate
from .did_result import DidEffect, EventStudy
from .estimate import student
from .linear import cluster_sums
from .panel import Panel, read_panel
from .permutation import Permutation
from .placebo import Draws, placebo_of_effect, placebo_of_trend
from .staggered import GroupTime, average, group_time

METHODS, CONTROLS = ("auto", "within", "group_time"), ("not_yet", "never")
FEW_CLUSTERS, FEW_TREATED, TREND_LEVEL = 20, 6, 0.05


def did(
    outcome: npt.ArrayLike,
    unit: npt.ArrayLike,
    time: npt.ArrayLike,
    first_treated: npt.ArrayLike | None = None,
    *,
    treated: npt.ArrayLike | None = None,
    method: str = "auto",
    control: str = "not_yet",
    clusters: npt.ArrayLike | None = None,
    level: float = 0.95,
    permutations: int | None = None,
    seed: int = DEFAULT_SEED,
    executor: Executor | None = None,
    time_limit: float | None = None,
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> DidEffect:
    """The effect of a change that came to some units at some time; one row for each unit and time (n,).

    `first_treated` (n,) is the time of the change, None, NaN or infinity for never (or `treated`: 0/1 for
    each row). "within": one common time of change, unit and time effects taken out, CRV1 error without the
    nested unit effects in the count. "group_time": Callaway and Sant'Anna (2021), each wave against units
    `control` "not_yet" or "never" treated; "auto" takes it whenever there is more than one wave, since
    plain two-way fixed effects would use units treated earlier as comparison. `clusters`: the units
    themselves unless given. With few clusters the placebo test decides, not the standard error.

    Raises `MethodError` on repeated or changing rows, no comparison, and options unknown.
    """
    _check(method, control, level, permutations)
    panel = read_panel(outcome, unit, time, first_treated, treated, clusters)
    chosen, pairs = _chosen(panel, method), group_time(panel, control)
    if not (pairs.event >= 0).any():
        raise MethodError("first_treated", "leaves nobody to compare with: every unit changes at once")
    if panel.clusters.max() < 1:
        raise MethodError("clusters", "needs at least two clusters")
    draws = Draws(permutations, seed, Work(time_limit, progress, stop), executor)
    parameters = {"method": chosen, "control": control, "level": level, "permutations": permutations}
    origin = data_hash(panel.outcome, panel.wave, panel.clusters, panel.labels)
    test = placebo_of_effect(panel, pairs, chosen, control, draws)
    events = _event_study(panel, pairs, control, draws)
    return _assembled(panel, pairs, test, events, parameters, stamp("effects.did", seed, origin, parameters))


def _check(method: str, control: str, level: float, permutations: int | None) -> None:
    for name, value, allowed in (("method", method, METHODS), ("control", control, CONTROLS)):
        if value not in allowed:
            raise MethodError(name, f"must be one of {', '.join(allowed)}", value)
    if not 0 < level < 1:
        raise MethodError("level", "must be a share, such as 0.95", str(level))
    if permutations is not None and permutations < 0:
        raise MethodError("permutations", "must not be negative", str(permutations))


def _chosen(panel: Panel, method: str) -> str:
    """Unit and time effects are safe only with one wave and units that never change."""
    single = len(panel.waves) == 1 and not panel.ever.all()
    if method == "within" and not single:
        raise MethodError(
            "method",
            '"within" needs one common time of change and units without it: use "group_time"',
            method,
        )
    return "within" if single and method != "group_time" else "group_time"


def _assembled(
    panel: Panel,
    pairs: GroupTime,
    test: Permutation | None,
    events: EventStudy,
    options: dict[str, Any],
    origin: Provenance,
) -> DidEffect:
    method, level = options["method"], options["level"]
    value, se = _within(panel) if method == "within" else _averaged(panel, pairs)
    groups, changed = _cluster_counts(panel)
    few = groups < FEW_CLUSTERS or min(changed, groups - changed) < FEW_TREATED
    p, ci = student(value, se, groups - 1.0, level)
    if few and test is not None:
        p, ci = test.p_value, test.interval(level)
    findings = (*panel.findings, *_judged(panel, pairs, test, events, few, se, level))
    return DidEffect(
        method=method,
        control=options["control"],
        estimate=value,
        se=se,
        df=groups - 1.0,
        ci=ci,
        level=level,
        p_value=p,
        randomisation_p=None if test is None else test.p_value,
        permutations=0 if test is None else test.draws,
        inference="randomisation" if few and test is not None else "t",
        n=panel.outcome.size,
        units=len(panel.wave),
        treated_units=int(panel.ever.sum()),
        clusters=groups,
        treated_clusters=changed,
        group_time=pairs,
        event_study=events,
        gate=gate(findings),
        findings=findings,
        provenance=origin,
    )


def _cluster_counts(panel: Panel) -> tuple[int, int]:
    """Clusters, and those of them where some unit changed."""
    groups = int(panel.clusters.max()) + 1
    return groups, len(np.unique(panel.clusters[panel.ever]))


def _within(panel: Panel) -> tuple[float, float]:
    """Two-way within transformation of a balanced panel, and the CRV1 error.

    Unit effects are nested in the clusters, so they cost no degrees of freedom there: K counts the effect
    and the times.
    """
    y, times = panel.outcome, panel.outcome.shape[1]
    on = (np.arange(times)[None] >= panel.wave[:, None]).astype(np.float64)
    y, on = _demeaned(y), _demeaned(on)
    value = float((on * y).sum() / (on**2).sum())
    scores = cluster_sums((on * (y - value * on)).sum(axis=1), panel.clusters)
    groups, n, k = len(scores), y.size, 1 + times
    factor = groups / (groups - 1) * (n - 1) / (n - k)
    return value, float(np.sqrt(factor * (scores @ scores)) / (on**2).sum())


def _demeaned(matrix: FloatArray) -> FloatArray:
    """Without unit and time means."""
    free: FloatArray = matrix - matrix.mean(axis=1, keepdims=True) - matrix.mean(axis=0) + matrix.mean()
    return free


def _averaged(panel: Panel, pairs: GroupTime) -> tuple[float, float]:
    value, influence = average(pairs, pairs.event >= 0)
    return value, float(np.sqrt(_clustered(panel, influence[None])[0, 0]))


def _clustered(panel: Panel, influence: FloatArray) -> FloatArray:
    """Covariance (m, m) of averages from their influence (m, units), summed by cluster."""
    sums = np.array([cluster_sums(row, panel.clusters) for row in influence])
    groups = sums.shape[1]
    covariance: FloatArray = groups / (groups - 1) * (sums @ sums.T)
    return covariance


def _event_study(panel: Panel, pairs: GroupTime, control: str, draws: Draws) -> EventStudy:
    events = np.unique(pairs.event)
    parts = [average(pairs, pairs.event == event) for event in events]
    effect = np.array([value for value, _ in parts])
    covariance = _clustered(panel, np.array([influence for _, influence in parts]))
    before = np.flatnonzero(events < -1)
    p = None if not len(before) else _trend(panel, pairs, control, draws, effect, covariance, before)
    return EventStudy(events, effect, np.sqrt(np.diag(covariance)), p)


def _trend(
    panel: Panel,
    pairs: GroupTime,
    control: str,
    draws: Draws,
    effect: FloatArray,
    covariance: FloatArray,
    before: IntArray,
) -> float | None:
    """Whether all effects before the change are zero: Wald's F, or the placebo test with few clusters."""
    groups, changed = _cluster_counts(panel)
    if min(changed, groups - changed) >= max(FEW_TREATED, 2 * len(before)):
        early = effect[before]
        wald = early @ np.linalg.pinv(covariance[np.ix_(before, before)]) @ early / len(before)
        return float(fdtrc(len(before), groups - 1, wald))
    return placebo_of_trend(panel, pairs, control, draws)


def _judged(
    panel: Panel,
    pairs: GroupTime,
    test: Permutation | None,
    events: EventStudy,
    few: bool,
    se: float,
    level: float,
) -> list[Finding]:
    groups, changed = _cluster_counts(panel)
    found = []
    if few:
        counts = {"treated": str(changed), "untreated": str(groups - changed)}
        found.append(finding("few_treated", se=se, refuses=test is None, **counts))
    if test is not None and few and test.floor > 1 - level + 1e-12:
        found.append(finding("few_clusters", refuses=True, p=test.floor))
    if events.pretrend_p is None:
        found.append(finding("trend_unknown"))
    elif events.pretrend_p < TREND_LEVEL:
        found.append(finding("trend", refuses=True, p_value=events.pretrend_p))
    if pairs.dropped:
        found.append(finding("dropped", count=str(pairs.dropped)))
    return found
