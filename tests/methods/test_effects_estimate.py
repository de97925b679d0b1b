"""Effects on people: the published figures of the field, statsmodels as oracle, and the gate."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from krzew.methods import MethodError, effects
from krzew.methods.effects.linear import least_squares, standard_error
from krzew.methods.effects.weighting import entropy_weights, propensity
from tests.methods.effects_data import NAMES, Comparison, lalonde, nhefs

seeds = st.integers(0, 2**32 - 1)


def on(data: Comparison, method: str, **more: object) -> effects.Effect:
    return effects.estimate(data.y, data.t, data.x, method=method, names=NAMES, **more)  # type: ignore[arg-type]


# --- the training programme (LaLonde 1986; Dehejia and Wahba 1999) ------------------------------------


def test_experiment() -> None:
    data = lalonde("nsw")
    welch = effects.estimate(data.y, data.t, method="difference", design="randomised")
    assert welch.estimate == pytest.approx(1794.34, abs=0.01)
    assert welch.se == pytest.approx(671.0, abs=0.1)
    assert welch.permutation_p == pytest.approx(0.0045, abs=0.0015)
    assert welch.trusted
    assert not welch.warnings
    classical = effects.estimate(data.y, data.t, method="ols", design="randomised")
    assert classical.se == pytest.approx(632.85, abs=0.01)


@pytest.mark.parametrize("name", ["ols", "regression"])
def test_experiment_by_regression(name: str) -> None:
    result = on(lalonde("nsw"), name)
    assert (result.estimate, result.se) == pytest.approx((1676.3, 638.7), abs=0.05)


@pytest.mark.parametrize(
    ("controls", "method", "expected", "close"),
    [
        ("cps", "difference", -8497.5, 0.1),
        ("cps", "ols", 699, 0.6),
        ("cps", "entropy_balancing", 1406, 0.6),
        ("cps", "aipw", 1520, 50),  # published with a richer propensity
        ("psid", "difference", -15204.8, 0.1),
    ],
)
def test_survey_controls(controls: str, method: str, expected: float, close: float) -> None:
    assert on(lalonde(controls), method).estimate == pytest.approx(expected, abs=close)


def test_effective_size_of_the_balanced_survey() -> None:
    result = on(lalonde("cps"), "entropy_balancing")
    assert result.ess == pytest.approx(269, abs=0.5)
    assert result.balance.worst_before > 2
    assert result.balance.worst_after < 2e-6


def test_ipw_with_the_rich_propensity_of_the_literature() -> None:
    """statsmodels' logit gives log-likelihood -404.160 and this estimate too (1,495 is what it gives when the
    squares of ages overflow eight bits)."""
    data = lalonde("cps")
    age, educ, re74 = data.x[:, 0], data.x[:, 1], data.x[:, 6]
    rich = np.column_stack([data.x, age**2, age**3, educ**2, educ * re74])
    result = effects.estimate(data.y, data.t, rich, method="ipw")
    assert result.estimate == pytest.approx(1782, abs=1)
    assert result.ess == pytest.approx(70, abs=0.5)


@pytest.mark.parametrize("controls", ["cps", "psid"])
@pytest.mark.parametrize("method", ["auto", "entropy_balancing", "ipw", "aipw"])
def test_defaults_have_the_right_sign(controls: str, method: str) -> None:
    result = on(lalonde(controls), method)
    assert 1000 < result.estimate < 3000
    assert result.estimand == "ATT"


@pytest.mark.parametrize("method", ["difference", "ols", "lin"])
@pytest.mark.parametrize("controls", ["cps", "psid"])
def test_unlike_groups_are_refused(controls: str, method: str) -> None:
    result = on(lalonde(controls), method)
    assert not result.trusted
    assert result.gate.status == "refused"
    assert result.warnings
    assert "nie wolno" in result.explain("pl")[0]
    assert "No conclusion" in result.explain("en")[0]


def test_too_few_comparable_people_are_refused() -> None:
    result = on(lalonde("psid"), "entropy_balancing")
    assert result.ess < 30
    assert {f.code for f in result.findings if f.refuses} == {"ess_refused"}


def test_balanced_survey_passes_and_a_placebo_outcome_closes_the_gate() -> None:
    data = lalonde("cps")
    assert on(data, "auto").gate
    result = on(data, "auto", placebo=data.x[:, 7])  # earnings in 1975, before the training
    assert not result.gate
    assert result.placebo is not None
    assert "w wyniku sprzed udziału (−1227; p < 0,001)" in " ".join(result.explain("pl"))
    assert result.placebo.balance.names == (*NAMES[:-1], "re74 = 0")
    assert [f.code for f in result.findings if f.refuses] == ["placebo_refused"]


def test_without_covariates_or_chance_nothing_is_trusted() -> None:
    data = lalonde("nsw")
    unknown = effects.estimate(data.y, data.t)
    assert unknown.method == "difference"
    assert (unknown.trusted, unknown.gate.status) == (False, "unchecked")
    chosen = effects.estimate(data.y, data.t, design="observational")
    assert chosen.findings[0].code == "unadjusted_refused"


# --- smokers (Hernán and Robins) -----------------------------------------------------------------------


def test_smokers() -> None:
    data = nhefs()
    naive = effects.estimate(data.y, data.t, data.x, method="difference", permutations=0)
    weighted = effects.estimate(data.y, data.t, data.x, method="ipw")
    assert naive.estimate == pytest.approx(2.54, abs=0.005)
    assert weighted.estimate == pytest.approx(3.44, abs=0.005)
    assert weighted.estimand == "ATE"
    assert weighted.trusted
    for method in ("aipw", "entropy_balancing"):
        assert effects.estimate(data.y, data.t, data.x, method=method).estimate == pytest.approx(3.4, abs=0.1)


# --- oracles --------------------------------------------------------------------------------------------


@given(seeds, st.booleans())
def test_errors_equal_statsmodels(seed: int, collinear: bool) -> None:
    stream = np.random.default_rng(seed)
    x = np.column_stack([np.ones(60), stream.normal(size=(60, 3))])
    y = x @ [1, 2, 0, -1] + stream.normal(size=60) * np.exp(x[:, 1])
    clusters = stream.integers(0, 12, 60)
    clusters[:12] = np.arange(12)
    fit = least_squares(y, np.column_stack([x, x[:, 1] + x[:, 2]]) if collinear else x)
    peer = sm.OLS(y, x).fit()
    np.testing.assert_allclose(fit.coefficients[:4], peer.params, atol=1e-9)
    for kind in ("classical", "HC0", "HC1", "HC2", "HC3"):
        theirs = peer.bse if kind == "classical" else getattr(peer, f"{kind}_se")
        ours = [standard_error(fit, j, kind)[0] for j in range(4)]
        np.testing.assert_allclose(ours, theirs, rtol=1e-9)
    robust = sm.OLS(y, x).fit(cov_type="cluster", cov_kwds={"groups": clusters})
    np.testing.assert_allclose(standard_error(fit, 1, "CR1", clusters)[0], robust.bse[1], rtol=1e-9)


def test_one_person_clusters_give_hc2() -> None:
    data = lalonde("nsw")
    fit = least_squares(data.y, np.column_stack([np.ones(len(data.y)), data.t, data.x]))
    alone = standard_error(fit, 1, "CR2", np.arange(len(data.y)))
    assert alone[0] == pytest.approx(standard_error(fit, 1, "HC2")[0], rel=1e-9)


def test_cr2_by_its_definition() -> None:
    stream = np.random.default_rng(4)
    clusters = np.repeat(np.arange(9), 5)
    x = np.column_stack([np.ones(45), np.repeat(stream.normal(size=9), 5), stream.normal(size=45)])
    y = stream.normal(size=45) + np.repeat(stream.normal(size=9), 5)
    hat = x @ np.linalg.inv(x.T @ x) @ x.T
    bread, residual, meat = np.linalg.inv(x.T @ x), y - hat @ y, np.zeros((3, 3))
    columns = []
    for g in range(9):
        own = clusters == g
        values, vectors = np.linalg.eigh(np.eye(5) - hat[np.ix_(own, own)])
        half = vectors @ np.diag(values**-0.5) @ vectors.T
        score = x[own].T @ half @ residual[own]
        meat += np.outer(score, score)
        columns.append((np.eye(45) - hat)[:, own] @ half @ x[own] @ bread[:, 1])
    spread = np.array(columns) @ np.array(columns).T
    se, df = standard_error(least_squares(y, x), 1, "CR2", clusters)
    assert se == pytest.approx(np.sqrt((bread @ meat @ bread)[1, 1]), rel=1e-9)
    assert df == pytest.approx(np.trace(spread) ** 2 / (spread**2).sum(), rel=1e-9)


def test_welch_equals_scipy() -> None:
    from scipy import stats

    data = lalonde("nsw")
    ours = effects.estimate(data.y, data.t, method="difference", permutations=0)
    theirs = stats.ttest_ind(data.y[data.t], data.y[~data.t], equal_var=False)
    assert ours.p_value == pytest.approx(theirs.pvalue, rel=1e-9)
    interval = theirs.confidence_interval(0.95)
    assert ours.ci == pytest.approx((interval.low, interval.high), rel=1e-9)


def test_lin_equals_statsmodels() -> None:
    data = lalonde("nsw")
    centred = data.x - data.x.mean(axis=0)
    design = np.column_stack([np.ones(len(data.y)), data.t, centred, centred * data.t[:, None]])
    peer = sm.OLS(data.y, design).fit(cov_type="HC2")
    ours = on(data, "lin", permutations=0)
    assert (ours.estimate, ours.se) == pytest.approx((peer.params[1], peer.bse[1]), rel=1e-8)


def test_propensity_equals_statsmodels() -> None:
    data = lalonde("psid")
    scaled = data.x / data.x.std(axis=0)
    peer = sm.Logit(data.t.astype(float), sm.add_constant(scaled)).fit(disp=0, maxiter=200, tol=1e-12)
    np.testing.assert_allclose(propensity(data.t, data.x).probability, peer.predict(), atol=1e-7)


@given(seeds)
def test_entropy_weights_balance_and_are_the_nearest(seed: int) -> None:
    stream = np.random.default_rng(seed)
    others = stream.normal(size=(80, 3))
    target = others[:40].mean(axis=0) * 0.5
    found = entropy_weights(others, target)
    assert found.balanced
    np.testing.assert_allclose(found.weights @ others, target, atol=1e-6)
    assert found.weights.sum() == pytest.approx(1)
    # Moving along any direction that keeps sum and means makes the entropy divergence larger.
    constraints = np.column_stack([np.ones(80), others])
    step = stream.normal(size=80)
    step -= constraints @ np.linalg.lstsq(constraints, step, rcond=None)[0]
    step *= found.weights.min() / np.abs(step).max() / 2

    def divergence(w: np.ndarray) -> float:
        return float((w * np.log(w)).sum())

    assert divergence(found.weights) <= min(
        divergence(found.weights + step), divergence(found.weights - step)
    )


def test_no_weights_reach_beyond_the_others() -> None:
    assert not entropy_weights(np.random.default_rng(0).random((50, 2)), np.array([2.0, 0.5])).balanced
    stream = np.random.default_rng(1)
    x = np.concatenate([stream.random(40) + 0.9, stream.random(60)])
    y, t = x + stream.normal(size=100), np.arange(100) < 40
    result = effects.estimate(y, t, x)
    assert result.method == "aipw"  # no weights balance, so the other method had its turn
    assert not result.trusted


def simulated(seed: int, n: int = 400) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Participation and outcome depend on two covariates; the effect is 1 for everyone."""
    stream = np.random.default_rng(seed)
    x = stream.normal(size=(n, 2))
    t = stream.random(n) < 1 / (1 + np.exp(0.5 - 0.7 * x[:, 0]))
    return 2 * x[:, 0] + x[:, 1] + t + stream.normal(size=n), t, x


@pytest.mark.parametrize(
    ("method", "more"),
    [
        ("entropy_balancing", {}),
        ("ipw", {"estimand": "ATE"}),
        ("ipw", {"estimand": "ATT"}),
        ("aipw", {}),
        ("aipw", {"estimand": "ATE"}),
        ("aipw", {"folds": 4}),
        ("lin", {"permutations": 0}),
    ],
)
def test_interval_covers_as_often_as_it_says(method: str, more: dict) -> None:
    results = [effects.estimate(*simulated(seed), method=method, **more) for seed in range(200)]
    estimates = np.array([r.estimate for r in results])
    assert abs(estimates.mean() - 1) < 0.05
    assert np.mean([r.ci[0] <= 1 <= r.ci[1] for r in results]) == pytest.approx(0.95, abs=0.04)
    assert np.mean([r.se for r in results]) == pytest.approx(estimates.std(), rel=0.15)


def test_one_wrong_model_does_not_bias_aipw() -> None:
    """The propensity misses a square that the outcome has not, and the other way round."""
    results = []
    for seed in range(60):
        stream = np.random.default_rng(seed)
        x = stream.normal(size=800)
        t = stream.random(800) < 1 / (1 + np.exp(1 - 0.8 * x - 0.4 * x**2))
        y = x + t + stream.normal(size=800)
        results.append(effects.estimate(y, t, x, method="aipw").estimate)
    assert np.mean(results) == pytest.approx(1, abs=0.05)


# --- what must hold for any data -----------------------------------------------------------------------


@given(seeds, st.sampled_from(["difference", "lin", "ols", "entropy_balancing", "ipw", "aipw"]))
def test_units_of_the_outcome_carry_over(seed: int, method: str) -> None:
    y, t, x = simulated(seed, 120)
    before = effects.estimate(y, t, x, method=method, permutations=0, estimand=None)
    after = effects.estimate(100 - 3 * y, t, x * [1000.0, 0.01] + 7, method=method, permutations=0)
    assert after.estimate == pytest.approx(-3 * before.estimate, rel=1e-5, abs=1e-6)
    assert after.se == pytest.approx(3 * before.se, rel=1e-5)
    assert after.ess == pytest.approx(before.ess, rel=1e-5)


def test_clusters_widen_the_error_and_few_clusters_are_permuted() -> None:
    stream = np.random.default_rng(0)
    clusters = np.repeat(np.arange(12), 20)
    t = clusters < 6
    y = stream.normal(size=240) + np.repeat(stream.normal(size=12), 20)
    alone = effects.estimate(y, t, design="randomised")
    together = effects.estimate(y, t, design="randomised", clusters=[f"c{i}" for i in clusters])
    assert together.se > 1.5 * alone.se
    assert together.inference == "permutation"
    assert together.permutations == 924
    means = np.array([y[clusters == g].mean() for g in range(12)])
    exact = effects.estimate(means, np.arange(12) < 6, design="randomised")
    assert together.permutation_p == pytest.approx(exact.permutation_p)  # equal sizes: the same test
    weighted = effects.estimate(y, t, y[:, None] ** 2, method="entropy_balancing", clusters=clusters)
    assert weighted.df == 11


def test_threads_executor_and_repeats_do_not_change_a_bit() -> None:
    data = lalonde("nsw")
    first = on(data, "difference")
    with ThreadPoolExecutor(2) as pool:
        second = on(data, "difference", executor=pool)
    assert first.permutation_p == second.permutation_p
    assert first.provenance == second.provenance
    assert on(data, "difference", seed=7).permutation_p != first.permutation_p


def test_progress_and_stop() -> None:
    data, heard = lalonde("nsw"), []
    whole = on(data, "difference", progress=lambda share, step: heard.append(share))
    assert heard[-1] == 1.0
    cut = on(data, "difference", stop=lambda: True)
    assert 0 < cut.permutations < whole.permutations


def test_a_covariate_that_divides_the_groups_is_infinitely_unlike() -> None:
    stream = np.random.default_rng(0)
    t = np.arange(60) < 30
    result = effects.estimate(stream.random(60), t, np.where(t, 2.0, 1.0), method="difference")
    assert result.balance.worst_before == np.inf
    assert "∞" in result.explain("pl")[1]


def test_expand() -> None:
    data = lalonde("nsw")
    assert effects.expand(data.x).shape == (445, 8 + 2 + 4)  # two incomes with zeros; four with squares
    zeros = effects.expand(data.x, squares=False)
    np.testing.assert_array_equal(zeros[:, 8], data.x[:, 6] == 0)
    again = effects.estimate(data.y, data.t, zeros)  # giving the columns oneself changes nothing
    assert again.estimate == pytest.approx(effects.estimate(data.y, data.t, data.x).estimate)


def test_names_come_from_a_table() -> None:
    import pandas as pd

    data = lalonde("nsw")
    result = effects.estimate(pd.Series(data.y), list(data.t), pd.DataFrame(data.x, columns=list(NAMES)))
    assert result.balance.rows()[0][0] == "age"


def test_auto_of_a_trial() -> None:
    data = lalonde("nsw")
    adjusted = on(data, "auto", design="randomised")
    assert (adjusted.method, adjusted.trusted, adjusted.warnings) == ("lin", True, ())
    plain = on(data, "difference", design="randomised")
    assert plain.trusted
    assert [f.code for f in plain.findings] == ["balance_caution"]  # "nodegree": more than chance does
    assert not on(data, "difference", design="observational").trusted
    few = slice(170, 205)
    small = effects.estimate(data.y[few], data.t[few], data.x[few], design="randomised")
    assert (small.method, small.inference) == ("ols", "permutation")


# --- words and errors ------------------------------------------------------------------------------------


def test_explain() -> None:
    result = on(lalonde("nsw"), "difference")
    assert result.explain("pl", unit="USD") == (
        "Udział podnosi wynik średnio o 1794 USD (przedział ufności 95%: od 474 do 3115 USD).",
        "Gdyby udział niczego nie zmieniał, tak duża różnica trafiałaby się w 1 przypadku na 100.",
        "Metoda: różnica średnich.",
        "Osoby, które wzięły udział: 185. Osoby do porównania: 260.",
        "Grupy różnią się cechą „nodegree” o 0,3 odchylenia standardowego.",
    )
    assert result.explain("en", unit="USD")[0] == (
        "Taking part raises the outcome by 1,794 USD on average (95% confidence interval: 474 to 3,115 USD)."
    )
    assert on(lalonde("cps"), "ols").explain("pl")[1].startswith("Grupy za bardzo się różnią")
    weighted = on(lalonde("cps"), "auto").explain("pl", unit="USD")
    assert weighted[3:] == (
        "Osoby, które wzięły udział: 185. Osoby do porównania: 15\xa0992.",
        "Odpowiedź dotyczy osób, które wzięły udział.",
        "Po zważeniu grupa porównawcza liczy tyle co 268,8 osoby, a największa różnica cech to poniżej 0,01 "
        "odchylenia standardowego.",
    )
    with pytest.raises(MethodError, match="pl or en"):
        result.explain("de")


def test_every_sentence_says_the_same_figures_in_both_languages() -> None:
    from string import Formatter

    from krzew.methods.effects.words import SENTENCES

    def figures(lang: str) -> dict[str, set[str | None]]:
        return {code: {part[1] for part in Formatter().parse(text)} for code, text in SENTENCES[lang].items()}

    polish, english = figures("pl"), figures("en")
    assert polish.keys() == english.keys()
    assert [code for code in polish if polish[code] - {None} != english[code] - {None}] == []


Y, T = [1.0, 2.0, 3.0, 4.0, 6.0], [0, 1, 0, 1, 1]


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (lambda: effects.estimate([1.0, np.nan, 2, 3], [0, 1, 0, 1]), "outcome"),
        (lambda: effects.estimate([[1.0, 2.0]], [0, 1]), "outcome"),
        (lambda: effects.estimate(Y, [0, 1, 2, 1, 0]), "treated"),
        (lambda: effects.estimate(Y, [0, 1]), "treated"),
        (lambda: effects.estimate(Y, [0, 1, None, 1, 0]), "treated"),
        (lambda: effects.estimate(Y, [0, 0, 0, 0, 1]), "treated"),
        (lambda: effects.estimate(Y, T, [[1.0]] * 4), "covariates"),
        (lambda: effects.estimate(Y, T, [1, 2, np.inf, 3, 4]), "covariates"),
        (lambda: effects.estimate(Y, T, T, method="ols"), "covariates"),
        (lambda: effects.estimate(Y, T, np.eye(5)[:, :4], method="ols"), "covariates"),
        (lambda: effects.estimate(Y, T, method="magic"), "method"),
        (lambda: effects.estimate(Y, T, method="aipw"), "covariates"),
        (lambda: effects.estimate(Y, T, T, method="aipw"), "covariates"),
        (lambda: effects.estimate(Y, T, design="chance"), "design"),
        (lambda: effects.estimate(Y, T, Y, estimand="ATE"), "estimand"),
        (lambda: effects.estimate(Y, T, se_type="HC9"), "se_type"),
        (lambda: effects.estimate(Y, T, se_type="CR2"), "clusters"),
        (lambda: effects.estimate(Y, T, level=95), "level"),
        (lambda: effects.estimate(Y, T, Y, method="ipw", trim=0.2), "trim"),
        (lambda: effects.estimate(Y, T, permutations=-1), "permutations"),
        (lambda: effects.estimate(Y, T, names=["a"], covariates=[Y, Y]), "covariates"),
        (lambda: effects.estimate(Y, T, Y, names=["a", "b"]), "names"),
        (lambda: effects.estimate(Y, T, clusters=[1, 1]), "clusters"),
        (lambda: effects.estimate(Y, T, clusters=[1] * 5), "clusters"),
        (lambda: effects.estimate(Y, T, Y, placebo=Y[:2]), "placebo"),
        (lambda: effects.estimate(Y, T, time_limit=0), "time_limit"),
    ],
)
def test_bad_input(call: object, field: str) -> None:
    with pytest.raises(MethodError) as error:
        call()  # type: ignore[operator]
    assert error.value.field == field
