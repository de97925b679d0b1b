"""`krzew.methods.effects` beside statsmodels, SciPy, DoWhy and causalml, in the same run.

Equality comes before time. The last rows ask another question: whose *defaults* get the sign right on trained
men against survey controls, where the experiment says +1,794 dollars.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import optimize, stats
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW
from tests.methods.effects_data import NAMES, Comparison, lalonde

from bench.methods_speed import row, timed
from krzew.methods import effects
from krzew.methods.effects.estimate import student
from krzew.methods.effects.estimators import difference
from krzew.methods.effects.linear import least_squares, standard_error
from krzew.methods.effects.permutation import permutation_test
from krzew.methods.effects.sample import read_sample
from krzew.methods.effects.weighting import entropy_weights, propensity

TRUTH = 1794.34


def judged(
    name: str, ours: float, peer_s: float | None, equal: float | None, *, peer: str = "", **more: Any
) -> dict[str, Any]:
    """A row that names the peer and says whether its target is met."""
    ratio, limit = more.get("required_ratio"), more.get("required_s")
    quick = ratio is None or (peer_s is not None and peer_s / ours >= ratio)
    met = {"met": quick and (limit is None or ours <= limit)} if ratio or limit else {}
    return row(name, ours, peer_s, equal, **met, **more) | ({"peer": peer} if peer else {})


def regression() -> list[dict[str, Any]]:
    data = lalonde("cps")
    design = np.column_stack([np.ones(len(data.y)), data.t, effects.expand(data.x, squares=False)])
    few = lalonde("nsw")

    def ours() -> tuple[float, float]:
        fit = least_squares(data.y, design)
        return float(fit.coefficients[1]), standard_error(fit, 1, "HC2")[0]

    def theirs() -> tuple[float, float]:
        fit = sm.OLS(data.y, design).fit(cov_type="HC2")
        return float(fit.params[1]), float(fit.bse[1])

    def welch() -> tuple[float, float, float]:
        found = difference(read_sample(few.y, few.t, None, None, None), None)
        p, ends = student(found.estimate, found.se, found.df, 0.95)
        return p, *ends

    def peer_welch() -> tuple[float, float, float]:
        both = CompareMeans(DescrStatsW(few.y[few.t]), DescrStatsW(few.y[~few.t]))
        return float(both.ttest_ind(usevar="unequal")[1]), *both.tconfint_diff(usevar="unequal")

    rows = []
    for name, mine, other, size in (
        ("regression with HC2 error vs statsmodels", ours, theirs, "16,177 × 12"),
        ("Welch test with interval vs statsmodels", welch, peer_welch, "185 + 260"),
    ):
        seconds, result = timed(mine, 15)
        peer_seconds, peer_result = timed(other, 15)
        apart = float(np.abs(np.divide(result, peer_result) - 1).max())
        assert apart < 1e-7, (name, result, peer_result)
        more = {"required_ratio": 1.0, "size": size, "peer": "statsmodels"}
        rows.append(judged(name, seconds, peer_seconds, apart, **more))
    return rows


def permutations() -> list[dict[str, Any]]:
    """20,000 draws on the experiment; and all 2,704,156 groupings of 12 and 12 with the exact interval."""
    data = lalonde("nsw")
    draws, t = 20_000, data.t.astype(float)
    seconds, found = timed(lambda: permutation_test(data.y, t, data.t, draws=draws, seed=1), 7)

    def gap(a: np.ndarray, b: np.ndarray, axis: int) -> np.ndarray:
        return a.mean(axis=axis) - b.mean(axis=axis)

    def scipy_test() -> Any:
        samples = data.y[data.t], data.y[~data.t]
        return stats.permutation_test(samples, gap, vectorized=True, n_resamples=draws, batch=2_000, rng=1)

    peer_seconds, peer = timed(scipy_test, 1)
    assert abs(found.p_value - peer.pvalue) < 0.002
    stream = np.random.default_rng(0)
    small, half = stream.normal(size=24), np.arange(24) < 12
    exact, _ = timed(lambda: effects.estimate(small, half, design="randomised"), 3)
    size = {"size": "n = 445, 20,000 draws", "peer": "scipy.stats.permutation_test"}
    return [
        judged(
            "permutation test",
            seconds,
            peer_seconds,
            abs(found.p_value - peer.pvalue),
            required_s=0.5,
            **size,
        ),
        judged(
            "exact test and interval by inversion", exact, None, None, size="12 + 12: 2,704,156 groupings"
        ),
    ]


def balancing() -> list[dict[str, Any]]:
    data = lalonde("cps")
    x = effects.expand(data.x, squares=False)
    others, target = x[~data.t], x[data.t].mean(axis=0)
    z = (others - target) / others.std(axis=0)

    def dual(slope: np.ndarray) -> tuple[float, np.ndarray]:
        exponent = z @ slope
        raw = np.exp(exponent - exponent.max())
        return float(exponent.max() + np.log(raw.sum())), z.T @ (raw / raw.sum())

    def bfgs() -> np.ndarray:
        solved = optimize.minimize(dual, np.zeros(z.shape[1]), jac=True, method="BFGS", tol=1e-8)
        raw = np.exp(z @ solved.x - (z @ solved.x).max())
        return raw / raw.sum()

    seconds, found = timed(lambda: entropy_weights(others, target), 15)
    peer_seconds, weights = timed(bfgs, 5)
    apart = abs(float((found.weights - weights) @ data.y[~data.t]))  # dollars
    assert apart < 0.01
    logit, score = timed(lambda: propensity(data.t, x), 7)
    scaled = sm.add_constant((x - x.mean(axis=0)) / x.std(axis=0))
    peer_logit, peer = timed(lambda: sm.Logit(data.t.astype(float), scaled).fit(disp=0).predict(), 5)
    gap = float(np.abs(score.probability - peer).max())
    assert gap < 1e-4
    size = {"size": "16,177 × 10"}
    return [
        judged("entropy balancing", seconds, peer_seconds, apart, required_s=0.1, peer="SciPy BFGS", **size),
        judged("propensity", logit, peer_logit, gap, peer="statsmodels Logit", **size),
    ]


def differences() -> list[dict[str, Any]]:
    """A panel against dummies in statsmodels; and all municipalities, staggered, ours alone."""
    stream = np.random.default_rng(0)

    def panel(units: int, times: int, waves: list[float]) -> tuple[np.ndarray, ...]:
        unit, time = np.repeat(np.arange(units), times), np.tile(np.arange(1, times + 1), units)
        wave = stream.choice([*waves, np.nan], units)[unit]
        return stream.normal(size=len(unit)) + stream.normal(size=units)[unit], unit, time, wave

    y, unit, time, wave = panel(200, 8, [5.0])
    on = (time >= np.where(np.isnan(wave), 99, wave)).astype(float)

    def dummies() -> Any:
        columns = [unit == u for u in range(1, 200)] + [time == s for s in range(2, 9)]
        design = np.column_stack([np.ones(len(y)), on, *columns]).astype(float)
        return sm.OLS(y, design).fit(cov_type="cluster", cov_kwds={"groups": unit})

    seconds, found = timed(lambda: effects.did(y, unit, time, wave, permutations=0), 7)
    peer_seconds, peer = timed(dummies, 3)
    apart = abs(found.estimate - float(peer.params[1]))
    assert apart < 1e-9
    country = panel(2_477, 10, [4.0, 6.0, 8.0])
    whole, _ = timed(lambda: effects.did(*country), 3)
    return [
        judged(
            "difference in differences, clustered error",
            seconds,
            peer_seconds,
            apart,
            required_ratio=1.0,
            size="200 × 8",
            peer="statsmodels with dummies",
        ),
        judged("staggered, with placebo test", whole, None, None, size="2,477 × 10, 3 waves", required_s=5.0),
    ]


def dowhy_default(data: Comparison, method: str) -> Callable[[], float]:
    from dowhy import CausalModel

    table = pd.DataFrame(data.x, columns=list(NAMES)).assign(treat=data.t, re78=data.y)
    model = CausalModel(table, treatment="treat", outcome="re78", common_causes=list(NAMES))
    effect = model.identify_effect(proceed_when_unidentifiable=True)
    name = f"backdoor.propensity_score_{method}"
    return lambda: float(model.estimate_effect(effect, method_name=name, target_units="att").value)


def dowhy_with_interval(data: Comparison) -> Callable[[], float]:
    """What `estimate` answers with: a number and its interval, which DoWhy finds by its own default bootstrap."""
    from dowhy import CausalModel

    table = pd.DataFrame(data.x, columns=list(NAMES)).assign(treat=data.t, re78=data.y)
    model = CausalModel(table, treatment="treat", outcome="re78", common_causes=list(NAMES))
    effect = model.identify_effect(proceed_when_unidentifiable=True)
    name = "backdoor.propensity_score_weighting"

    def run() -> float:
        found = model.estimate_effect(effect, method_name=name, target_units="att")
        found.get_confidence_intervals()
        return float(found.value)

    return run


def causalml_default(data: Comparison) -> Callable[[], float]:
    from causalml.match import NearestNeighborMatch
    from causalml.propensity import ElasticNetPropensityModel

    table = pd.DataFrame(data.x, columns=list(NAMES)).assign(treat=data.t.astype(int), re78=data.y)

    def run() -> float:
        score = ElasticNetPropensityModel().fit_predict(data.x, data.t.astype(int))
        matcher = NearestNeighborMatch(replace=True, ratio=1)
        found = matcher.match(data=table.assign(ps=score), treatment_col="treat", score_cols=["ps"])
        means = found.groupby("treat")["re78"].mean()
        return float(means[1] - means[0])

    return run


def signs() -> list[dict[str, Any]]:
    """Defaults on the eight covariates as they come: CPS and PSID controls."""
    rows = []
    for controls in ("cps", "psid"):
        data = lalonde(controls)
        seconds, found = timed(lambda data=data: effects.estimate(data.y, data.t, data.x, names=NAMES), 5)
        for peer, make, repeats in (
            ("DoWhy weighting", lambda data=data: dowhy_default(data, "weighting"), 3),
            ("DoWhy weighting with interval", lambda data=data: dowhy_with_interval(data), 0),
            ("DoWhy matching", lambda data=data: dowhy_default(data, "matching"), 3),
            ("causalml matching", lambda data=data: causalml_default(data), 0),
        ):
            name = f"sign of the effect, {controls.upper()} controls, defaults vs {peer}"
            more = {"size": f"{len(data.y):,} × 8", "estimate": found.estimate, "truth": TRUTH}
            try:
                call = make()
                peer_seconds, value = timed(call, repeats) if repeats else once(call)
            except Exception as error:  # a peer that is missing, or broken beside the versions installed
                skipped = {"peer": peer, "skipped": f"{type(error).__name__}: {error}"}
                rows.append(row(name, seconds, **more) | skipped)
                continue
            more |= {"theirs": value, "peer_sign_right": value > 0, "trusted": found.trusted}
            more["size"] += f": {found.estimate:+,.0f}, peer {value:+,.0f}"
            more |= {"peer": peer, "met": found.estimate > 0}
            rows.append(row(name, seconds, peer_seconds) | more)
    return rows


def once(call: Callable[[], float]) -> tuple[float, float]:
    """Seconds and result of one call that is too slow to repeat."""
    import time

    start = time.perf_counter()
    value = call()
    return time.perf_counter() - start, value


def run() -> list[dict[str, Any]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logging.disable(logging.WARNING)
        try:
            return [*regression(), *permutations(), *balancing(), *differences(), *signs()]
        finally:
            logging.disable(logging.NOTSET)


if __name__ == "__main__":
    for line in run():
        print(line)
