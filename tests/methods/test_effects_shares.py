"""Two shares, power, bounds for attrition, cost per job, social return."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from krzew.methods import MethodError, effects
from krzew.methods.effects.cost import fieller
from krzew.methods.effects.shares import _exact_p

EQOLISE = (85, 156, 43, 156)  # Burns et al., Lancet 370 (2007) 1146-1152: worked at least a day
seeds = st.integers(0, 2**32 - 1)


def test_supported_employment_trial() -> None:
    result = effects.risk_difference(*EQOLISE)
    assert result.method == "wald"
    assert 100 * result.estimate == pytest.approx(26.9, abs=0.05)
    assert [100 * end for end in result.ci] == pytest.approx([16.4, 37.4], abs=0.05)


def test_newcombe_of_his_paper() -> None:
    """Newcombe, Statistics in Medicine 17 (1998) 873-890, table II, method 10."""
    published = {
        (56, 70, 48, 80): (0.0524, 0.3339),
        (9, 10, 3, 10): (0.1705, 0.8090),
        (5, 56, 0, 29): (-0.0381, 0.1926),
        (10, 10, 0, 10): (0.6075, 1.0),
    }
    for counts, expected in published.items():
        assert effects.risk_difference(*counts, method="newcombe").ci == pytest.approx(expected, abs=5e-5)
    assert effects.risk_difference(9, 10, 3, 10).method == "newcombe"


@pytest.mark.parametrize("counts", [(7, 15, 1, 13), (3, 9, 0, 7), (5, 8, 5, 8)])
def test_exact_p_equals_scipy(counts: tuple[int, int, int, int]) -> None:
    a, n1, b, n0 = counts
    peer = stats.barnard_exact([[a, b], [n1 - a, n0 - b]], pooled=True)
    assert effects.risk_difference(*counts, method="exact").p_value == pytest.approx(peer.pvalue, abs=2e-4)


def test_exact_interval_covers_everywhere() -> None:
    """Over all tables of 7 and 6 people, at several true shares: never under the nominal level."""
    n1, n0 = 7, 6
    intervals = {
        (a, b): effects.risk_difference(a, n1, b, n0, method="exact", level=0.9).ci
        for a in range(n1 + 1)
        for b in range(n0 + 1)
    }
    for p1, p0 in ((0.5, 0.5), (0.9, 0.6), (0.3, 0.05), (0.2, 0.8), (0.99, 0.98)):
        chance = np.outer(
            stats.binom.pmf(np.arange(n1 + 1), n1, p1), stats.binom.pmf(np.arange(n0 + 1), n0, p0)
        )
        covered = sum(
            chance[key] for key, (low, high) in intervals.items() if low - 1e-6 <= p1 - p0 <= high + 1e-6
        )
        assert covered >= 0.9 - 1e-3
    assert all(
        low <= a / n1 - b / n0 + 1e-9 and high >= a / n1 - b / n0 - 1e-9
        for (a, b), (low, high) in intervals.items()
    )


@given(seeds)
@settings(max_examples=20)
def test_swapping_the_groups_turns_the_interval_round(seed: int) -> None:
    stream = np.random.default_rng(seed)
    n1, n0 = (int(x) for x in stream.integers(2, 12, 2))
    a, b = int(stream.integers(0, n1 + 1)), int(stream.integers(0, n0 + 1))
    for method in ("wald", "newcombe"):
        one = effects.risk_difference(a, n1, b, n0, method=method)
        other = effects.risk_difference(b, n0, a, n1, method=method)
        assert one.ci == pytest.approx((-other.ci[1], -other.ci[0]), abs=1e-9)
    assert _exact_p(a, n1, b, n0, 0.1) == pytest.approx(_exact_p(b, n0, a, n1, -0.1), abs=1e-6)


@pytest.mark.parametrize(("shares", "people"), [((0.55, 0.28), 51), ((0.40, 0.25), 152), ((0.35, 0.25), 328)])
def test_power(shares: tuple[float, float], people: int) -> None:
    from statsmodels.stats.power import NormalIndPower
    from statsmodels.stats.proportion import proportion_effectsize

    plan = effects.power(*shares)
    assert plan.n_per_arm == people
    assert plan.power >= 0.8
    peer = NormalIndPower().power(proportion_effectsize(*shares), people, 0.05)
    assert effects.power(*shares, n_per_arm=people).power == pytest.approx(peer, abs=1e-9)
    assert effects.power(*shares, n_per_arm=people - 1).power < 0.8


def test_power_of_unequal_and_clustered_groups() -> None:
    plain = effects.power(0.4, 0.25)
    clustered = effects.power(0.4, 0.25, cluster_size=11, icc=0.1)
    assert clustered.n_per_arm == pytest.approx(2 * plain.n_per_arm, abs=1)
    more = effects.power(0.4, 0.25, ratio=3)
    assert more.n_treated < plain.n_treated < more.n_untreated
    assert more.n_per_arm == more.n_untreated
    assert "Pool" in effects.power(0.55, 0.28, n_per_arm=15).explain("en")[1]


# --- attrition -------------------------------------------------------------------------------------------


def attrition(seed: int, n: int = 4000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Effect 1; people with low outcomes drop out, fewer of them when they take part."""
    stream = np.random.default_rng(seed)
    t = stream.random(n) < 0.5
    base = stream.normal(size=n)
    stays = base > np.where(t, -1.2, -0.6)
    return base + t, t, stays


def test_lee_bounds_hold_the_effect_and_trim_what_they_should() -> None:
    y, t, stays = attrition(0)
    result = effects.lee_bounds(np.where(stays, y, np.nan), t)
    assert result.lower < 1 < result.ci[1]  # here the effect is the upper bound itself
    shares = stays[t].mean(), stays[~t].mean()
    assert result.trimmed == pytest.approx(1 - shares[1] / shares[0])
    # By hand: the best, or the worst, of the better observed group go.
    ordered, count = np.sort(y[t & stays]), round(shares[1] / shares[0] * (t & stays).sum())
    base = y[~t & stays].mean()
    assert result.lower == pytest.approx(ordered[:count].mean() - base, abs=2e-3)
    assert result.upper == pytest.approx(ordered[-count:].mean() - base, abs=2e-3)
    same = effects.lee_bounds(y, t, stays)
    assert same.ci == result.ci
    mirrored = effects.lee_bounds(-y, t, stays)
    assert (mirrored.lower, mirrored.upper) == pytest.approx((-result.upper, -result.lower))
    swapped = effects.lee_bounds(y, ~t, stays)
    assert (swapped.lower, swapped.upper) == pytest.approx((-result.upper, -result.lower))


def test_lee_errors_equal_the_spread_over_samples() -> None:
    results = [effects.lee_bounds(y, t, s) for y, t, s in (attrition(seed, 1500) for seed in range(300))]
    for end, name in enumerate(("lower", "upper")):
        spread = np.std([getattr(r, name) for r in results])
        assert np.mean([r.se[end] for r in results]) == pytest.approx(spread, rel=0.12)


def test_no_attrition_is_the_difference_in_means() -> None:
    y, t, _ = attrition(1, 300)
    result = effects.lee_bounds(y, t)
    welch = effects.estimate(y, t, method="difference", permutations=0)
    assert (result.lower, result.upper) == pytest.approx((welch.estimate, welch.estimate))
    assert result.trimmed == 0
    assert result.ci == pytest.approx(welch.ci, abs=0.01)


def test_manski_bounds_by_hand() -> None:
    y, t = [1.0, 0.0, np.nan, 1.0, 0.0, np.nan, np.nan, 0.0], [1, 1, 1, 1, 0, 0, 0, 0]
    result = effects.manski_bounds(y, t, 0, 1)
    assert (result.lower, result.upper) == pytest.approx((2 / 4 - 2 / 4, 3 / 4 - 0))
    assert "założyć niczego" in result.explain("pl")[0]


# --- cost -------------------------------------------------------------------------------------------------


@given(st.floats(0.05, 0.5), st.floats(0.001, 0.2), st.floats(0.0, 2.0), st.floats(-0.5, 0.5))
def test_fieller_is_the_set_that_the_test_does_not_reject(
    jobs: float, se: float, dear: float, r: float
) -> None:
    means, cost_se = (10.0, jobs), dear
    variances = (cost_se**2, r * cost_se * se, se**2)
    ends, bounded = fieller(means, variances, 0.95)

    def accepted(ratio: float) -> bool:
        variance = variances[0] - 2 * ratio * variances[1] + ratio**2 * variances[2]
        return (means[0] - ratio * jobs) ** 2 <= 1.959963984540054**2 * variance * (1 + 1e-9)

    assert bounded == (jobs / se > 1.959963984540054)
    for ratio in (10 / jobs, *np.geomspace(5, 5000, 60)):
        if np.isfinite(ends[0]) and abs(ratio / ends[0] - 1) > 1e-6 and abs(ratio / ends[1] - 1) > 1e-6:
            assert accepted(ratio) == (ends[0] < ratio < ends[1])


def test_cost_per_job_counts_additional_jobs_only() -> None:
    trial = effects.risk_difference(*EQOLISE)
    result = effects.cost_per_job(1_000_000, trial, participants=156)
    assert result.jobs == pytest.approx(85 - 43)
    assert result.estimate == pytest.approx(1_000_000 / 42)
    assert result.ci == pytest.approx(tuple(1_000_000 / 156 / end for end in trial.wald[::-1]), rel=1e-6)
    assert trial.number_needed == pytest.approx(156 / 42)
    assert not result.warnings
    assert result.explain("pl")[0].startswith(
        "Jedno dodatkowe miejsce pracy kosztuje 23\xa0810 zł (przedział"
    )
    by_months = effects.cost_per_job(1_000_000, 6.0, 1.0, participants=100, months=12)
    assert by_months.estimate == pytest.approx(20_000)


def test_cost_has_no_upper_end_when_the_effect_may_be_zero() -> None:
    result = effects.cost_per_job(1_000_000, 0.05, 0.04, participants=156)
    assert not result.bounded
    assert result.ci[1] == np.inf
    assert "górnej granicy nie da się podać" in result.explain("pl")[0]
    assert result.warnings
    nothing = effects.cost_per_job(1_000_000, -0.05, 0.04, participants=156)
    assert nothing.estimate == np.inf
    assert "no cost per job" in nothing.explain("en")[0]


def test_cost_of_an_untrusted_effect_is_not_quoted() -> None:
    stream = np.random.default_rng(0)
    effect = effects.estimate(stream.random(60), np.arange(60) < 30)
    result = effects.cost_per_job(1000, effect, participants=30)
    assert not result.trusted
    assert result.explain("pl") == ("Kosztu nie wolno podawać: szacunek skutku nie przeszedł sprawdzenia.",)


def test_cost_from_people_agrees_with_fieller() -> None:
    stream = np.random.default_rng(0)
    t = np.arange(600) < 300
    work = (stream.random(600) < np.where(t, 0.55, 0.28)).astype(float)
    costs = np.where(t, 8000, 1500) * stream.lognormal(0, 0.2, 600)
    result = effects.cost_per_job_of(costs, work, t)
    assert result.estimate == pytest.approx(6500 / 0.27, rel=0.2)
    assert result.bootstrap == pytest.approx(result.ci, rel=0.06)
    assert effects.cost_per_job_of(costs, work, t).bootstrap == result.bootstrap
    assert effects.cost_per_job_of(costs, 12 * work, t, months=12).estimate == pytest.approx(result.estimate)
    weak = effects.cost_per_job_of(costs, np.roll(work, 150), t)
    assert weak.bootstrap is not None
    assert weak.bootstrap[1] == np.inf


def test_social_return_by_hand() -> None:
    parts = effects.Deductions(deadweight=0.3, attribution=0.2, displacement=0.1, drop_off=0.25)
    result = effects.social_return([60_000, 40_000], 80_000, parts, years=2, discount=0.05)
    net = 100_000 * 0.7 * 0.8 * 0.9
    assert result.value == pytest.approx(net + net * 0.75 / 1.05)
    assert result.ratio == pytest.approx(result.value / 80_000)
    assert result.range[0] < result.ratio < result.range[1]
    assert result.explain("pl")[2].startswith("To szacunek z założeń")


# --- words and errors --------------------------------------------------------------------------------------


def test_explain() -> None:
    assert effects.risk_difference(*EQOLISE).explain("pl") == (
        "Sukcesów jest o 26,9 więcej na 100 osób (przedział ufności 95%: od 16,4 do 37,4).",
        "Z udziałem: 85 z 156. Bez udziału: 43 z 156.",
    )
    assert effects.risk_difference(3, 20, 9, 20, method="wald").explain("en")[0] == (
        "There are 30 fewer successes per 100 people (95% confidence interval: 3.2 to 56.8)."
    )
    assert "obejmuje zero" in effects.risk_difference(5, 20, 4, 20).explain("pl")[0]
    y, t, stays = attrition(0)
    assert (
        effects.lee_bounds(y, t, stays)
        .explain("pl", unit="zł")[1]
        .startswith("Obie granice mają ten sam znak")
    )
    few = effects.lee_bounds(y[:60], t[:60], stays[:60])
    assert few.lower > 0 > few.ci[0]
    assert "includes zero" in few.explain("en")[1]
    assert "kierunku skutku nie znamy" in effects.manski_bounds(y, t, -9, 9, stays).explain("pl")[1]
    results = [effects.risk_difference(*EQOLISE), effects.power(0.5, 0.2), effects.lee_bounds(y, t, stays)]
    results.append(effects.cost_per_job(10, 0.5, 0.1, participants=3))
    results.append(effects.social_return([1.0], 1, effects.Deductions(0, 0, 0, 0)))
    for result in results:
        with pytest.raises(MethodError, match="pl or en"):
            result.explain("fr")


Y, T = [1.0, 2.0, 3.0, 4.0], [0, 1, 0, 1]


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (lambda: effects.risk_difference(5, 4, 1, 4), "a"),
        (lambda: effects.risk_difference(1, 4, -1, 4), "b"),
        (lambda: effects.risk_difference(1, 4, 0, 0), "b"),
        (lambda: effects.risk_difference(1.5, 4, 0, 4), "a"),
        (lambda: effects.risk_difference(1, 4, 1, 4, method="bayes"), "method"),
        (lambda: effects.risk_difference(1, 4, 1, 4, level=1), "level"),
        (lambda: effects.power(0.5, 0.5), "p1"),
        (lambda: effects.power(1.5, 0.5), "p1"),
        (lambda: effects.power(0.5, 0.2, power=1), "power"),
        (lambda: effects.power(0.5, 0.2, n_per_arm=0), "n_per_arm"),
        (lambda: effects.lee_bounds(Y, [0, 1]), "treated"),
        (lambda: effects.lee_bounds(Y, T, [0, 1, 1, 1]), "observed"),
        (lambda: effects.lee_bounds([np.nan, 2, 3, 4], T, [1, 1, 1, 1]), "outcome"),
        (lambda: effects.lee_bounds([np.inf, 2, 3, 4], T), "outcome"),
        (lambda: effects.lee_bounds(Y, T, level=0), "level"),
        (lambda: effects.manski_bounds(Y, T, 0, 1), "low"),
        (lambda: effects.cost_per_job(10, 0.5, participants=3), "se"),
        (lambda: effects.cost_per_job(10, 0.5, 0.1, participants=0), "participants"),
        (lambda: effects.cost_per_job(-10, 0.5, 0.1, participants=3), "cost"),
        (lambda: effects.cost_per_job(10, 0.5, 0.1, participants=3, months=0), "months"),
        (lambda: effects.cost_per_job(10, 0.5, 0.1, participants=3, cost_se=-1), "cost_se"),
        (lambda: effects.cost_per_job_of([1.0], Y, T), "costs"),
        (lambda: effects.cost_per_job_of(Y, Y, T, draws=5), "draws"),
        (lambda: effects.Deductions(2, 0, 0, 0), "deadweight"),
        (lambda: effects.social_return([1.0], 0, effects.Deductions(0, 0, 0, 0)), "cost"),
    ],
)
def test_bad_input(call: object, field: str) -> None:
    with pytest.raises(MethodError) as error:
        call()  # type: ignore[operator]
    assert error.value.field == field
