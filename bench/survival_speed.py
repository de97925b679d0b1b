"""Time to an event beside lifelines and statsmodels, in the same run, on data of the size of a country's programme."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
from statsmodels.duration.hazard_regression import PHReg

from bench.methods_speed import row, timed
from krzew.methods.survival import cox, cumulative_incidence, kaplan_meier, log_rank

N, P = 20_000, 8
EQUAL = 1e-6


def against(
    peer: str, name: str, ours: float, theirs: float | None, apart: float | None, **more: Any
) -> dict[str, Any]:
    """A row that names its peer."""
    return row(name, ours, theirs, apart, **more) | {"peer": peer}


def study(ties: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Exponential times with a third censored; with ties they are whole weeks."""
    stream = np.random.default_rng(0)
    x = stream.normal(size=(N, P))
    time = stream.exponential(np.exp(-x @ np.linspace(-0.5, 0.5, P)))
    end = stream.exponential(2.0, N)
    seen = np.minimum(time, end)
    return np.ceil(50 * seen) if ties else seen, (time <= end).astype(int), x


def regression(ties: bool) -> list[dict[str, Any]]:
    time, event, x = study(ties)
    name, size = f"Cox, Efron, {'weeks' if ties else 'no ties'}", f"{N:,} x {P}"
    ours, fit = timed(lambda: _whole(time, event, x), 7)
    lines = []
    other, theirs = timed(lambda: PHReg(time, x, event, ties="efron").fit(), 2)
    apart = float(np.abs(theirs.params - fit.coef).max())
    lines.append(
        against("statsmodels", name, ours, other, apart, size=size, met=other > ours and apart < EQUAL)
    )
    try:
        from lifelines import CoxPHFitter
    except ImportError:
        return [*lines, row(name, ours, skipped="lifelines is not installed")]
    frame = pd.DataFrame(x, columns=[f"x{k}" for k in range(P)]).assign(t=time, e=event)
    options = {"precision": 1e-9}  # its default stops a step early, which would not be the same estimate
    plain, _ = timed(lambda: CoxPHFitter().fit(frame, "t", "e"), 3)
    _, theirs = timed(lambda: CoxPHFitter().fit(frame, "t", "e", fit_options=options), 1)
    apart = float(np.abs(theirs.params_.to_numpy() - fit.coef).max())
    met = plain > ours and apart < EQUAL
    return [*lines, against("lifelines", name, ours, plain, apart, size=size, required_ratio=1.0, met=met)]


def _whole(time: np.ndarray, event: np.ndarray, x: np.ndarray) -> Any:
    """With the concordance, which lifelines computes on fitting too."""
    fit = cox(time, event, x)
    assert fit.concordance > 0.5
    return fit


def curves() -> list[dict[str, Any]]:
    time, event, x = study(True)
    group, cause = (x[:, 0] > 0).astype(int), np.where(event == 1, 1 + (x[:, 1] > 0.5), 0)
    size = f"{N:,}"
    km, curve = timed(lambda: kaplan_meier(time, event), 20)
    test, tested = timed(lambda: log_rank(time, event, group), 20)
    share, incidence = timed(lambda: cumulative_incidence(time, cause), 20)
    try:
        from lifelines import AalenJohansenFitter, KaplanMeierFitter
        from lifelines.statistics import logrank_test
    except ImportError:
        return [row("Kaplan-Meier", km, skipped="lifelines is not installed")]
    a, b = group == 0, group == 1
    peer_km, theirs = timed(lambda: KaplanMeierFitter().fit(time, event), 5)
    peer_test, tests = timed(lambda: logrank_test(time[a], time[b], event[a], event[b]), 5)
    gap = float(np.abs(theirs.survival_function_.to_numpy()[1:, 0] - curve.survival).max())
    chi = float(abs(tests.test_statistic - tested.statistic) / tested.statistic)
    apart = time + np.linspace(0, 1e-5, N)  # the peer draws tied causes apart at random
    own, incidence = timed(lambda: cumulative_incidence(apart, cause), 5)
    peer_share, theirs = timed(lambda: AalenJohansenFitter(calculate_variance=False).fit(apart, cause, 1), 3)
    far = float(np.abs(theirs.cumulative_density_.to_numpy()[1:, 0] - incidence.of(1)).max())
    return [
        against("lifelines", "Kaplan-Meier with limits", km, peer_km, gap, size=size, met=gap < EQUAL),
        against("lifelines", "log-rank", test, peer_test, chi, size=size, met=chi < EQUAL),
        against("lifelines", "cumulative incidence", own, peer_share, far, size=size, met=far < EQUAL),
        row("cumulative incidence, whole weeks", share, size=size),
    ]


def run() -> list[dict[str, Any]]:
    """Every measurement of this module."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [*regression(False), *regression(True), *curves()]


if __name__ == "__main__":
    for line in run():
        print({key: round(x, 6) if isinstance(x, float) and x > 1e-6 else x for key, x in line.items()})
