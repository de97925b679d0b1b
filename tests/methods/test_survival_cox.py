"""Cox regression: the recidivism study, statsmodels, the likelihood written out, and estimates that do not exist."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.duration.hazard_regression import PHReg

from krzew.methods import MethodError
from krzew.methods.survival import cox, kaplan_meier, split_at
from krzew.methods.survival.residuals import score_residuals
from tests.methods.data import table

NAMES = ["fin", "age", "race", "wexp", "mar", "paro", "prio"]
seeds = st.integers(0, 2**32 - 1)
Study = tuple[np.ndarray, np.ndarray, np.ndarray]


@pytest.fixture(scope="module")
def rossi() -> Study:
    rows = table("rossi.csv")
    x = np.array([[float(row[name]) for name in NAMES] for row in rows])
    return np.array([float(row["week"]) for row in rows]), np.array([int(row["arrest"]) for row in rows]), x


def study(seed: int, n: int = 60, p: int = 2) -> Study:
    stream = np.random.default_rng(seed)
    x = stream.normal(size=(n, p))
    time = np.ceil(8 * stream.exponential(np.exp(-x[:, 0])))
    return time, (stream.random(n) < 0.7).astype(int), x


def test_rossi_recidivism(rossi: Study) -> None:
    time, event, x = rossi
    fit = cox(time, event, x, names=NAMES)
    np.testing.assert_allclose(
        fit.coef, [-0.3794, -0.0574, 0.3139, -0.1498, -0.4337, -0.0849, 0.0915], atol=5e-5
    )
    assert (fit.n, fit.n_events) == (432, 114)
    assert fit.log_likelihood == pytest.approx(-658.748, abs=5e-4)
    assert fit.concordance == pytest.approx(0.6403292470997135, abs=1e-12)  # lifelines 0.30, like the next
    expected = [0.19137948, 0.02199947, 0.30799278, 0.2122243, 0.38186806, 0.19575667, 0.02864855]
    np.testing.assert_allclose(fit.se, expected, atol=1e-7)
    statistic, df, p = fit.likelihood_ratio
    assert (statistic, df) == (pytest.approx(33.26594580), 7)
    assert p == pytest.approx(2.36e-5, rel=1e-2)
    np.testing.assert_allclose(fit.hazard_ratio_ci, np.exp(fit.ci))


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_equal_to_statsmodels(rossi: Study, ties: str) -> None:
    time, event, x = rossi
    theirs = PHReg(time, x, event, ties=ties).fit()
    ours = cox(time, event, x, ties=ties)
    np.testing.assert_allclose(ours.coef, theirs.params, atol=1e-7)
    np.testing.assert_allclose(ours.se, theirs.bse, atol=1e-7)
    assert ours.log_likelihood == pytest.approx(theirs.llf, abs=1e-8)


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_entry_and_strata_equal_to_statsmodels(rossi: Study, ties: str) -> None:
    """Entries lie between weeks, since statsmodels counts who enters in the week of an event as at risk."""
    time, event, x = rossi
    entry = np.arange(432) * 7 % 12 + 0.5
    seen = entry < time
    time, event, x, entry = time[seen], event[seen], x[seen][:, [0, 1, 6]], entry[seen]
    block = np.arange(len(time)) % 3
    theirs = PHReg(time, x, event, entry=entry, strata=block, ties=ties).fit()
    ours = cox(time, event, x, entry=entry, strata=block, ties=ties)
    np.testing.assert_allclose(ours.coef, theirs.params, atol=1e-7)
    np.testing.assert_allclose(ours.se, theirs.bse, atol=1e-7)
    assert ours.log_likelihood == pytest.approx(theirs.llf, abs=1e-8)


def test_robust_variance_equal_to_statsmodels(rossi: Study) -> None:
    time, event, x = rossi
    workshop = np.arange(432) // 10
    theirs = PHReg(time, x, event, ties="breslow").fit(groups=workshop)
    ours = cox(time, event, x, workshop, ties="breslow")
    np.testing.assert_allclose(ours.se, theirs.bse, atol=1e-7)
    assert ours.n_clusters == 44
    assert not np.allclose(ours.se, ours.model_se, rtol=1e-2)


@given(seeds)
def test_score_residuals_add_up_and_follow_the_jackknife(seed: int) -> None:
    time, event, x = study(seed)
    fit = cox(time, event, x, np.arange(60))
    influence = score_residuals(fit.rows, fit.final, fit.coef)
    np.testing.assert_allclose(influence.sum(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(fit.schoenfeld.sum(axis=0), 0, atol=1e-6)
    assert fit.martingale.sum() == pytest.approx(0, abs=1e-9)
    moved = influence @ fit.model_covariance
    row = int(np.argmax(np.abs(moved[:, 0])))
    left_out = fit.rows.order[row]
    keep = np.arange(60) != left_out
    jackknife = fit.coef - cox(time[keep], event[keep], x[keep]).coef
    assert np.sign(jackknife[0]) == np.sign(moved[row, 0])


def likelihood(
    beta: np.ndarray, time: np.ndarray, event: np.ndarray, x: np.ndarray, entry: np.ndarray
) -> float:
    """Efron's partial likelihood, term by term."""
    value, risk = 0.0, np.exp(x @ beta)
    for t in np.unique(time[event == 1]):
        inside, own = (entry < t) & (time >= t), (time == t) & (event == 1)
        d = own.sum()
        value += (x[own] @ beta).sum()
        value -= sum(np.log(risk[inside].sum() - k / d * risk[own].sum()) for k in range(d))
    return value


@given(seeds)
def test_estimate_is_the_maximum_of_the_likelihood(seed: int) -> None:
    time, event, x = study(seed)
    entry = np.floor(time * np.random.default_rng(seed + 1).random(60)) - 0.5
    fit = cox(time, event, x, entry=entry)
    best = likelihood(fit.coef, time, event, x, entry)
    assert fit.log_likelihood == pytest.approx(best, abs=1e-8)
    for step in (1e-3, -1e-3):
        assert all(likelihood(fit.coef + step * e, time, event, x, entry) < best for e in np.eye(2))


@given(seeds)
def test_units_and_order_do_not_matter(seed: int) -> None:
    time, event, x = study(seed)
    order = np.random.default_rng(seed).permutation(60)
    first = cox(time, event, x)
    second = cox(time[order], event[order], x[order] * [1000, 0.01] + [5, -7])
    np.testing.assert_allclose(second.coef * [1000, 0.01], first.coef, atol=1e-6)
    assert first.concordance == pytest.approx(second.concordance)


@given(seeds)
def test_concordance_counts_pairs(seed: int) -> None:
    time, event, x = study(seed, 40)
    x = np.round(x, 1)
    entry = np.floor(time * 0.4) - 0.5
    fit = cox(time, event, x, entry=entry)
    eta, won, pairs = x @ fit.coef, 0.0, 0
    for i in np.flatnonzero(event):
        later = (time > time[i]) | ((time == time[i]) & (event == 0))
        rivals = np.flatnonzero(later & (entry < time[i]))
        pairs += len(rivals)
        won += (eta[i] - eta[rivals] > 1e-12).sum() + 0.5 * (np.abs(eta[i] - eta[rivals]) <= 1e-12).sum()
    assert fit.concordance == pytest.approx(won / pairs, abs=2 / pairs)


def test_proportional_hazards_of_lifelines(rossi: Study) -> None:
    fit = cox(*rossi)
    by_time = [0.056171, 12.061383, 1.486088, 6.934835, 0.754401, 0.122042, 0.010892]
    by_log = [0.491365, 13.073811, 1.031124, 5.539754, 1.029274, 0.010496, 0.384019]
    for transform, expected in (("identity", by_time), ("log", by_log)):
        found = fit.check_proportional_hazards(transform, "approximate")
        np.testing.assert_allclose(found.statistic, expected, atol=2e-6)
    assert not fit.check_proportional_hazards().holds


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_exact_score_test_is_that_of_the_extended_model(rossi: Study, ties: str) -> None:
    """Spells cut at every event time, with covariates times g(t): statsmodels gives score and information."""
    time, event, x = (part[:120] for part in rossi)
    x = x[:, [0, 1, 6]]
    fit = cox(time, event, x, ties=ties)
    found = fit.check_proportional_hazards("identity")
    cuts = np.unique(time[event == 1])
    g = cuts - np.repeat(fit.rows.cell_time, fit.rows.deaths.astype(int)).mean()
    row, cell = np.nonzero(time[:, None] >= cuts)
    happened = (time[row] == cuts[cell]) & (event[row] == 1)
    wide = np.hstack([x[row], x[row] * g[cell, None]])
    model = PHReg(cuts[cell], wide, happened.astype(int), entry=cuts[cell] - 0.5, ties=ties)
    at = np.append(fit.coef, np.zeros(3))
    score, information = model.score(at), -model.hessian(at)
    for k in range(3):
        inner = [0, 1, 2, 3 + k]
        expected = score[inner] @ np.linalg.solve(information[np.ix_(inner, inner)], score[inner])
        assert found.statistic[k] == pytest.approx(expected, rel=1e-6)
    assert found.global_statistic == pytest.approx(score @ np.linalg.solve(information, score), rel=1e-6)


def test_baseline_and_prediction() -> None:
    stream = np.random.default_rng(1)
    x = stream.normal(size=(4000, 1))
    time = stream.exponential(np.exp(-0.7 * x[:, 0]))
    fit = cox(time, None, x)
    assert fit.coef[0] == pytest.approx(0.7, abs=0.06)
    truth = np.exp(-np.outer(np.exp([0.0, 0.7]), [0.5, 1.0]))
    np.testing.assert_allclose(fit.predict_survival([[0.0], [1.0]], [0.5, 1.0]), truth, atol=0.03)
    flat = cox(time[:200], None, stream.normal(size=200) * 1e-9 + np.arange(200) % 2)
    hazard = flat.baseline.cumulative_hazard[:100]
    np.testing.assert_allclose(hazard, kaplan_meier(time[:200]).cumulative_hazard[:100], rtol=0.1)


def test_spells_of_a_placement_undo_immortal_time() -> None:
    """A placement without any effect: counted from intake it looks protective, by spells it does not."""
    stream = np.random.default_rng(8)
    time, placed = stream.exponential(10, 1500), stream.uniform(0, 20, 1500)
    naive = cox(time, None, (placed < time).astype(float))
    assert naive.coef[0] < -0.8
    spells = split_at(time, None, placed)
    fair = cox(spells.duration, spells.event, spells.state, spells.person, entry=spells.entry)
    assert abs(fair.coef[0]) < 3 * fair.se[0]


@pytest.mark.parametrize("entry", [False, True])
def test_likelihood_without_a_maximum_is_named(entry: bool) -> None:
    time, event, x = study(3)
    lucky = (event == 0) & (np.arange(60) % 3 == 0)
    start = {"entry": time * 0.3 - 0.5} if entry else {}
    with pytest.raises(MethodError, match="separates the events") as error:
        cox(time, event, np.column_stack([x, lucky]), names=["a", "b", "lucky"], **start)
    assert error.value.row == "lucky"


def test_separation_by_a_rare_group_and_by_a_mix() -> None:
    time, event, x = study(3)
    rare = np.zeros(60)
    rare[np.argmin(event)] = 1.0
    with pytest.raises(MethodError) as error:
        cox(time, event, np.column_stack([x[:, 0], rare]))
    assert error.value.row == "x1"
    mixed = np.random.default_rng(1).normal(size=60)
    with pytest.raises(MethodError, match="separates"):
        cox(time, np.ones(60), np.column_stack([mixed, -time - mixed]))


@pytest.mark.parametrize(
    ("change", "field", "row"),
    [
        ({"covariates": np.ones((4, 1))}, "covariates", "x0"),
        ({"covariates": [[1, 2], [2, 4], [3, 6], [1, 2]]}, "covariates", ""),
        ({"covariates": [[1], [np.nan], [2], [3]]}, "covariates", "1, 0"),
        ({"covariates": [[1], [2]]}, "covariates", ""),
        ({"events": [0, 0, 0, 0]}, "events", ""),
        ({"ties": "exact"}, "ties", "exact"),
        ({"cluster": [1, 1, 1, 1]}, "cluster", ""),
        ({"cluster": [1, 1]}, "cluster", ""),
        ({"names": ["a", "b"]}, "names", ""),
        ({"known_at": [0, 0, 1, 0]}, "known_at", "2"),
    ],
)
def test_bad_input(change: dict, field: str, row: str) -> None:
    given_ = {"durations": [1, 2, 3, 4], "events": [1, 1, 1, 1], "covariates": [1.0, 3.0, 2.0, 2.5]}
    with pytest.raises(MethodError) as error:
        cox(**{**given_, **change})
    assert error.value.field == field
    assert error.value.row == row or not row


def test_small_groups_are_warned_of(rossi: Study) -> None:
    time, event, x = (part[:80] for part in rossi)
    fit = cox(time, event, x, np.arange(80) % 5)
    assert {"few_events", "few_clusters"} <= {c.code for c in fit.warnings}
    told = fit.explain()
    assert any("Zdarzeń jest za mało" in line for line in told)
    assert any("too few events" in line for line in fit.explain("en"))
    assert not cox(*rossi).warnings


def test_explained_in_both_languages(rossi: Study) -> None:
    time, event, x = rossi
    fit = cox(time, event, {name: x[:, k] for k, name in enumerate(NAMES)})
    assert fit.explain()[2] == (
        "Gdy „age” wzrasta o 1, a reszta się nie zmienia, tempo zdarzeń mnoży się przez 0,94 "
        "(przedział ufności 95%: od 0,9 do 0,99)."
    )
    assert "w 64 przypadkach na 100" in fit.explain()[-1]
    assert "the pace of events is multiplied by 0.94" in fit.explain("en")[2]
    assert "„age”" in fit.check_proportional_hazards("identity").explain()[0]
    with pytest.raises(MethodError):
        fit.explain("fr")
