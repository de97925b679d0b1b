"""Curves, tests and competing causes: published figures, statsmodels, and the definitions written out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import hypergeom
from statsmodels.duration.survfunc import SurvfuncRight, survdiff

from krzew.methods import MethodError
from krzew.methods.survival import (
    cumulative_incidence,
    gray_test,
    kaplan_meier,
    log_rank,
    rmst,
    rmst_difference,
    split_at,
)
from tests.methods.data import table

seeds = st.integers(0, 2**32 - 1)
Columns = dict[str, np.ndarray]


def columns(name: str) -> Columns:
    rows = table(f"{name}.csv")
    return {key: np.array([row[key] for row in rows]) for key in rows[0]}


@pytest.fixture(scope="module")
def waltons() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    data = columns("waltons")
    return data["T"].astype(float), data["E"].astype(int), data["group"]


@pytest.fixture(scope="module")
def transplants() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    data = columns("transplants")
    return data["time"].astype(float), data["cause"].astype(int), data["disease"]


def follow_up(seed: int, n: int = 40, causes: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Durations with ties, how they ended, and entry times before them."""
    stream = np.random.default_rng(seed)
    time = stream.integers(2, 20, n).astype(float)
    return time, stream.integers(0, causes + 1, n), np.floor(time * stream.random(n)) - 0.5


def by_hand(time: np.ndarray, event: np.ndarray, entry: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Kaplan-Meier and Greenwood straight from their definitions."""
    share, noise, out = 1.0, 0.0, []
    for t in np.unique(time):
        n, d = ((entry < t) & (time >= t)).sum(), ((time == t) & (event == 1)).sum()
        share *= 1 - d / n
        noise += d / (n * (n - d)) if n > d else 0.0
        out.append((share, share * np.sqrt(noise)))
    survival, error = np.array(out).T
    return survival, error


def test_waltons_flies(waltons: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    time, event, group = waltons
    curve = kaplan_meier(time, event)
    assert (curve.n, curve.n_events, curve.median) == (163, 156, 56.0)
    np.testing.assert_allclose(
        curve.survival_at([19, 33, 56, 60]), [0.913650, 0.802531, 0.429903, 0.311524], atol=5e-7
    )  # lifelines 0.30
    expected = [[0.858549, 0.947930], [0.732496, 0.856023], [0.352689, 0.504680], [0.241659, 0.383759]]
    np.testing.assert_allclose(curve.ci_at([19, 33, 56, 60]), expected, atol=5e-7)
    assert log_rank(time, event, group).statistic == pytest.approx(122.249, abs=5e-4)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("log-rank", 122.24912557), ("wilcoxon", 139.64786613), ("tarone-ware", 133.88107979)],
)
def test_weighted_log_rank_of_lifelines(
    waltons: tuple[np.ndarray, np.ndarray, np.ndarray], kind: str, expected: float
) -> None:
    result = log_rank(*waltons, weights=kind)
    assert result.statistic == pytest.approx(expected, rel=1e-9)
    assert result.df == 1


@given(seeds)
def test_curve_is_its_definition_with_late_entry(seed: int) -> None:
    time, event, entry = follow_up(seed)
    curve = kaplan_meier(time, event, entry)
    survival, error = by_hand(time, event, entry)
    np.testing.assert_allclose(curve.survival, survival, atol=1e-12)
    alive = survival > 0
    np.testing.assert_allclose(curve.se[alive], error[alive], atol=1e-12)
    assert (curve.events + curve.censored).sum() == len(time)


def test_curve_and_tests_equal_statsmodels() -> None:
    time, event, _ = follow_up(5, 300)
    ours, theirs = kaplan_meier(time, event), SurvfuncRight(time, event)
    np.testing.assert_allclose(ours.survival_at(theirs.surv_times), theirs.surv_prob, atol=1e-12)
    group, block = np.arange(300) % 4, np.arange(300) % 3
    for weights, name in (("log-rank", None), ("wilcoxon", "gb"), ("tarone-ware", "tw")):
        statistic, p = survdiff(time, event, group, weight_type=name)
        result = log_rank(time, event, group, weights=weights)
        assert (result.statistic, result.p_value) == (pytest.approx(statistic), pytest.approx(p))
        assert result.df == 3
    early = log_rank(time, event, group, weights="fleming-harrington", rho=1.5)
    assert early.statistic == pytest.approx(survdiff(time, event, group, weight_type="fh", fh_p=1.5)[0])
    inner = log_rank(time, event, group, strata=block)
    assert inner.statistic == pytest.approx(survdiff(time, event, group, strata=block)[0])
    assert inner.observed.sum() == pytest.approx(inner.expected.sum())


@given(seeds)
def test_log_rank_does_not_mind_order_or_names(seed: int) -> None:
    time, event, entry = follow_up(seed)
    group, order = np.arange(40) % 3, np.random.default_rng(seed).permutation(40)
    first = log_rank(time, event, group, entry)
    second = log_rank(time[order], event[order], np.array(list("cab"))[group][order], entry[order])
    assert first.statistic == pytest.approx(second.statistic)


@given(seeds)
def test_censoring_and_late_entry_leave_no_trace_when_everything_is_seen(seed: int) -> None:
    time = np.random.default_rng(seed).integers(1, 9, 30).astype(float)
    curve = kaplan_meier(time, entry=np.zeros(30))
    np.testing.assert_allclose(curve.survival, [(time > t).mean() for t in curve.time], atol=1e-12)
    assert rmst(time).rmst == pytest.approx(time.mean())
    assert rmst(time, horizon=5).rmst == pytest.approx(np.minimum(time, 5).mean())
    assert rmst(time).se == pytest.approx(time.std() / np.sqrt(30))


def test_quantiles_and_their_limits() -> None:
    curve = kaplan_meier([1, 2, 3, 4, 5, 6, 7, 8], [1, 1, 1, 1, 1, 0, 0, 0])
    assert (curve.quantile(0.25), curve.median, curve.quantile(0.9)) == (2.0, 4.0, np.inf)
    low, high = curve.median_ci
    assert low < 4 < high
    assert np.isnan(curve.survival_at(9))
    assert kaplan_meier([1, 2, 3]).survival_at(9) == 0


def test_rmst_of_lifelines_and_difference(waltons: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    time, event, group = waltons
    assert rmst(time, event, 50).rmst == pytest.approx(43.15604585605545)
    gap = rmst_difference(time, event, group, 50)
    arms = [rmst(time[group == g], event[group == g], 50) for g in gap.labels]
    assert gap.difference == pytest.approx(arms[1].rmst - arms[0].rmst)
    assert gap.se == pytest.approx(np.hypot(arms[0].se, arms[1].se))
    assert gap.ci[1] < 0 < 1e-9 > gap.p_value


def test_rmst_intervals_cover_the_truth() -> None:
    """Exponential with mean 10 to horizon 12, a third censored: the true mean is 10 (1 - exp(-1.2))."""
    stream, truth, hits = np.random.default_rng(2), 10 * (1 - np.exp(-1.2)), 0
    for _ in range(400):
        time, end = stream.exponential(10, 120), stream.uniform(6, 40, 120)
        low, high = rmst(np.minimum(time, end), time <= end, 12).ci
        hits += low < truth < high
    assert 0.92 < hits / 400 < 0.98


def test_gray_test_of_scrucca_2010(transplants: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    time, cause, disease = transplants
    relapse, death = (gray_test(time, cause, disease, k) for k in (1, 2))
    assert (relapse.statistic, death.statistic) == (
        pytest.approx(2.8623325, abs=5e-8),
        pytest.approx(0.4481279, abs=5e-8),
    )
    assert (relapse.p_value, death.p_value) == (pytest.approx(0.09067592), pytest.approx(0.50322531))
    published = {
        "ALL": ([0.3713851, 0.3875571, 0.3875571], [0.3698630, 0.3860350, 0.3860350]),
        "AML": ([0.2414530, 0.2663827, 0.2810390], [0.4439103, 0.4551473, 0.4551473]),
    }
    for name, (first, second) in published.items():
        own = cumulative_incidence(time[disease == name], cause[disease == name])
        np.testing.assert_allclose(own.at([20, 40, 60], 1), first, atol=5e-8)
        np.testing.assert_allclose(own.at([20, 40, 60], 2), second, atol=5e-8)


def test_gray_test_keeps_its_level() -> None:
    stream, p = np.random.default_rng(3), []
    for _ in range(400):
        time, end = stream.exponential(size=(2, 80))
        cause = np.where(time <= end, 1 + (stream.random(80) < 0.4), 0)
        p.append(gray_test(np.minimum(time, end), cause, np.arange(80) % 3).p_value)
    assert 0.02 < np.mean(np.array(p) < 0.05) < 0.08


@given(seeds)
def test_causes_and_survival_share_out_everybody(seed: int) -> None:
    time, cause, entry = follow_up(seed, causes=3)
    if not cause.any():
        return
    result = cumulative_incidence(time, cause, entry)
    np.testing.assert_allclose(result.incidence.sum(axis=1) + result.survival, 1.0, atol=1e-12)
    assert (np.diff(result.incidence, axis=0) >= 0).all()


@given(seeds)
def test_one_cause_is_kaplan_meier_and_greenwood(seed: int) -> None:
    time, event, entry = follow_up(seed)
    if not event.any():
        return
    incidence, curve = cumulative_incidence(time, event, entry), kaplan_meier(time, event, entry)
    np.testing.assert_allclose(incidence.of(1), 1 - curve.survival, atol=1e-12)
    alive = curve.survival > 0
    np.testing.assert_allclose(incidence.se[alive, 0], curve.se[alive], atol=1e-8)


def test_variance_of_incidence_by_double_sum() -> None:
    time, cause, _ = follow_up(9, 60, causes=2)
    result = cumulative_incidence(time, cause)
    n, d, share = result.at_risk.astype(float), result.events[:, 0], result.of(1)
    total, before = result.events.sum(axis=1), np.append(1.0, result.survival)[:-1]
    for t in range(len(n) - 1):
        ahead = share[t] - share[: t + 1]
        k = slice(0, t + 1)
        value = (ahead**2 * total[k] / (n[k] * (n[k] - total[k]))).sum()
        value += (before[k] ** 2 * (n[k] - d[k]) / n[k] ** 3 * d[k]).sum()
        value -= 2 * (ahead * before[k] * d[k] / n[k] ** 2).sum()
        assert result.se[t, 0] ** 2 == pytest.approx(value, abs=1e-12)


def test_other_causes_counted_as_censored_would_overstate() -> None:
    time, cause, _ = follow_up(4, 200, causes=2)
    share = cumulative_incidence(time, cause).of(1)[-1]
    assert share < 1 - kaplan_meier(time, cause == 1).survival[-1] - 0.05


def test_time_before_the_group_was_known_is_refused() -> None:
    with pytest.raises(MethodError) as error:
        log_rank([5, 6, 7], [1, 1, 0], [0, 1, 1], known_at=[0, 3, 0])
    assert (error.value.field, error.value.row) == ("known_at", "1")
    log_rank([5, 6, 7], [1, 1, 0], [0, 1, 1], [0, 3, 0], known_at=[0, 3, 0])


def test_group_formed_by_lasting_is_noticed() -> None:
    stream = np.random.default_rng(6)
    time = stream.exponential(10, 200)
    lasted = time > 5
    found = {c.code: c for c in log_rank(time, None, lasted).warnings}
    assert found["immortal"].figures["group"] == "True"
    assert found["immortal"].figures["earlier"] == (~lasted).sum()
    even = log_rank(time, None, stream.random(200) < 0.5)
    assert "immortal" not in {c.code for c in even.warnings}


@given(seeds)
def test_early_ends_that_miss_a_group_are_hypergeometric(seed: int) -> None:
    time = np.random.default_rng(seed).permutation(30).astype(float)
    group = np.arange(30) % 2
    earlier = int((time[group == 0] < time[group == 1].min()).sum())
    chance = hypergeom.pmf(0, 30, 15, earlier)
    told = [
        c for c in log_rank(time, None, group).warnings if c.code == "immortal" and c.figures["group"] == "1"
    ]
    assert bool(told) == (chance < 1e-3)


def test_split_keeps_every_day_and_event() -> None:
    time, event = [10.0, 4.0, 7.0, 9.0], [1, 1, 0, 1]
    spells = split_at(time, event, [3.0, np.inf, 7.0, np.nan])
    assert spells.person.tolist() == [0, 0, 1, 2, 3]
    assert spells.state.tolist() == [0, 1, 0, 0, 0]
    assert (spells.duration - spells.entry).sum() == sum(time)
    assert spells.event.tolist() == [0, 1, 1, 0, 1]
    curve = kaplan_meier(spells.duration, spells.event, spells.entry)
    np.testing.assert_allclose(curve.survival_at([4, 7, 9]), kaplan_meier(time, event).survival_at([4, 7, 9]))


@pytest.mark.parametrize(
    ("change", "field", "row"),
    [
        ({"durations": [1, -2, 3]}, "durations", "1"),
        ({"durations": [1, np.nan, 3]}, "durations", "1"),
        ({"durations": []}, "durations", ""),
        ({"events": [0, 1, 2]}, "events", "2"),
        ({"events": [0, 0.5, 1]}, "events", "1"),
        ({"events": [0, 1]}, "events", ""),
        ({"entry": [0, 2, 0]}, "entry", "1"),
        ({"level": 95}, "level", "95"),
        ({"unit": "fortnight"}, "unit", "fortnight"),
    ],
)
def test_bad_input(change: dict, field: str, row: str) -> None:
    with pytest.raises(MethodError) as error:
        kaplan_meier(**{"durations": [1, 2, 3], "events": [1, 0, 1], **change})
    assert (error.value.field, error.value.row) == (field, row)


def test_bad_groups_and_horizons() -> None:
    for call, field in (
        (lambda: log_rank([1, 2], [1, 1], [0, 0]), "groups"),
        (lambda: log_rank([1, 2], [1, 1], [0]), "groups"),
        (lambda: log_rank([1, 2], [1, 1], [0, 1], weights="none"), "weights"),
        (lambda: rmst([1, 2], [1, 0], 3), "horizon"),
        (lambda: rmst_difference([1, 2, 3], None, [0, 1, 2]), "groups"),
        (lambda: cumulative_incidence([1, 2], [0, 0]), "causes"),
        (lambda: cumulative_incidence([1, 2], [1, 2]).of(3), "cause"),
        (lambda: gray_test([1, 2], [1, 2], [0, 1], 3), "cause"),
        (lambda: split_at([1, 2], None, [1]), "at"),
        (lambda: kaplan_meier([1, 2]).quantile(2), "p"),
        (lambda: kaplan_meier([1, 2]).explain("de"), "lang"),
    ):
        with pytest.raises(MethodError) as error:
            call()
        assert error.value.field == field


def test_explained_in_both_languages(waltons: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    time, event, group = waltons
    curve = kaplan_meier(time, event, unit="day", outcome="podjęcie pracy")
    polish, english = curve.explain(), curve.explain("en")
    assert polish[0] == "Liczba osób: 163. Zdarzenie „podjęcie pracy” nastąpiło u 156 z nich."
    assert polish[1].startswith("Środkowy czas (mediana): 56 dni (przedział ufności 95%: od 53 do 58).")
    assert english[1].startswith("Median time: 56 days (95% confidence interval: 53 to 58).")
    gap = rmst_difference(time, event, group, 50, unit="day")
    assert "Przedział nie obejmuje zera" in gap.explain()[-1]
    assert "w mniej niż 1 przypadku na 100" in log_rank(time, event, group).explain()[2]
    told = cumulative_incidence(time, event, unit="day", outcomes=("praca",)).explain()
    assert told[1] == "„praca”: 100 na 100 osób (przedział ufności 95%: od 100 do 100)." or "praca" in told[1]
    assert rmst(time, event, 50, unit="day").explain("en")[1].startswith("Over a period of 50 days")
    assert "nie da się podać" in kaplan_meier([1, 2, 3, 4], [1, 0, 0, 0]).explain()[1]


def test_results_carry_their_origin() -> None:
    first, second = kaplan_meier([1, 2], [1, 0]), kaplan_meier(np.array([1, 2]), [True, False])
    assert first.provenance == second.provenance
    assert first.provenance.data_hash != kaplan_meier([1, 3], [1, 0]).provenance.data_hash
