"""The futures of a plan: equal to the ledger without chance, to closed forms with it, on any number of threads."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import ks_2samp, norm
from statsmodels.stats.proportion import proportion_confint

from krzew.methods import MethodError, cashflow
from krzew.methods.cashflow import Buyer, Cost, Factor, Grant, Levers, Person, Plan, Subsidy, ledger, simulate
from krzew.methods.cashflow.draft import draft
from krzew.methods.cashflow.model import model
from krzew.methods.cashflow.reference import break_even, paths
from krzew.methods.cashflow.simulation import Block, run, run_block
from tests.methods.test_cashflow_ledger import plan_by_hand


def lively(**more: Any) -> Plan:
    """Two buyers on one mood and one on its own, losses for good and for a time, VAT, debt."""
    parts: dict[str, Any] = {
        "name": "lively",
        "start": "2025-01",
        "months": 36,
        "cash": 20_000,
        "credit_line": 15_000,
        "credit_rate": "0.1",
        "rho": 0.6,
        "vat_payer": True,
        "buyers": (
            Buyer("firm", monthly=9000, delay=2, vat="0.23", variable_share="0.2", sigma=0.25, loss=0.01),
            Buyer("shop", monthly=3000, kind="retail", delay=0, vat="0.08", sigma=0.4, variable_share="0.3"),
            Buyer(
                "gmina",
                monthly=4000,
                kind="public",
                sigma=0.1,
                factor="gmina",
                loss=0.03,
                loss_left=0.4,
                loss_months=3,
            ),
        ),
        "costs": (Cost("all", 11_500, "0.05"),),
        "grants": (Grant("g", "2025-03", 10_000),),
    }
    return Plan(**{**parts, **more})


def certain(plan: Plan) -> Plan:
    """The same buyers with losses that change nothing, so that they pass through the kernel all the same."""
    return replace(
        plan, buyers=tuple(replace(b, sigma=0, loss=0.3, loss_left=1, loss_months=2) for b in plan.buyers)
    )


def to_the_grosz(plan: Plan) -> None:
    book, result = ledger(plan), simulate(plan, 30)
    expected = [float(x) for x in book.cash]
    for row in (result.cash_p5, result.cash_median, result.cash_p95):
        assert row.tolist() == expected
    assert set(result.end.tolist()) == {expected[-1]}
    assert set(result.lowest.tolist()) == {min(expected)}
    assert result.liquidity_gap == float(book.liquidity_gap)
    assert result.break_even_month == book.break_even
    first = None if result.first_breach[0] == plan.months else plan.labels[result.first_breach[0]]
    assert first == book.insolvent
    assert result.probability == float(book.insolvent is not None)


@pytest.mark.parametrize(
    "plan", [plan_by_hand(), certain(plan_by_hand()), certain(lively())], ids=["steady", "kernel", "lively"]
)
def test_without_chance_the_futures_are_the_ledger_to_the_grosz(plan: Plan) -> None:
    to_the_grosz(plan)


@settings(max_examples=30)
@given(st.data())
def test_any_plan_without_chance_is_the_ledger_to_the_grosz(data: st.DataObject) -> None:
    money, small = st.integers(0, 2_000_000).map(lambda x: x / 100), st.integers(0, 3)
    rate = st.sampled_from(["0", "0.05", "0.08", "0.23"])
    buyers = tuple(
        Buyer(
            f"b{i}",
            monthly=data.draw(money),
            delay=data.draw(small),
            vat=data.draw(rate),
            variable_share=data.draw(rate),
        )
        for i in range(data.draw(small))
    )
    plan = Plan(
        "any",
        "2025-02",
        data.draw(st.integers(12, 30)),
        cash=data.draw(money),
        credit_line=data.draw(money),
        credit_rate=data.draw(st.sampled_from(["0", "0.0725", "0.123456"])),
        vat_payer=data.draw(st.booleans()),
        vat_delay=data.draw(small),
        buyers=buyers,
        costs=(Cost("c", data.draw(money), data.draw(rate), delay=data.draw(small)),),
        people=(Person("p", "2025-03", end="2026-01", degree="lekki"),),
        subsidies=(Subsidy("sod"),),
    )
    to_the_grosz(plan)
    to_the_grosz(certain(plan))


def test_ruin_of_a_random_walk() -> None:
    """Drift 0.5, sd 10, barrier 60, 60 steps: 0.2752 by simulation, 0.2747 with Siegmund's correction (1985)."""
    found = cashflow.ruin(np.full(60, 0.5), 10.0, credit_line=60.0, paths=400_000)
    mu, sd, barrier, steps = 0.5, 10.0, 60 + 0.5826 * 10, 60
    root = sd * np.sqrt(steps)
    siegmund = norm.cdf((-barrier - mu * steps) / root) + np.exp(-2 * mu * barrier / sd**2) * norm.cdf(
        (-barrier + mu * steps) / root
    )
    assert siegmund == pytest.approx(0.2747, abs=5e-5)
    assert found.probability[-1] == pytest.approx(0.2752, abs=4 * 0.0007)
    assert found.low[-1] < found.probability[-1] < found.high[-1]
    one = cashflow.ruin([0.5], 10.0, credit_line=5.0, paths=200_000)
    assert one.probability[0] == pytest.approx(norm.cdf(-0.55), abs=0.005)


def test_a_plan_with_noise_is_the_same_walk() -> None:
    steps = tuple(Grant(month, month, "0.5") for month in Plan("p", "2025-01", 60).labels)
    plan = Plan("walk", "2025-01", 60, credit_line=60, noise=10, grants=steps)
    walk = cashflow.ruin([0.5] * 60, 10, 0, 60, 40_000, 7)
    assert simulate(plan, 40_000, seed=7).insolvency.tolist() == walk.probability.tolist()


def test_threads_and_executors_change_nothing() -> None:
    plan = lively()
    one = simulate(plan, 70_000, seed=5, threads=1)
    with ThreadPoolExecutor(3) as pool:
        others = [simulate(plan, 70_000, seed=5, threads=2), simulate(plan, 70_000, seed=5, executor=pool)]
    for other in others:
        for name in ("lowest", "end", "first_breach", "insolvency", "cash_median", "cash_p5"):
            assert getattr(one, name).tobytes() == getattr(other, name).tobytes()
    assert one.end.tobytes() != simulate(plan, 70_000, seed=6).end.tobytes()


def test_a_block_travels_to_another_process() -> None:
    block = Block(model(draft(lively())), np.random.default_rng(3), 50, True)
    sent = pickle.loads(pickle.dumps(block))
    assert all(np.array_equal(a, b) for a, b in zip(run_block(block), run_block(sent), strict=True))


def test_equal_in_distribution_to_plain_numpy() -> None:
    plan = lively()
    arrays = model(draft(plan))
    ours = run(arrays, 20_000, seed=1)
    cash, results, first = paths(arrays, 20_000, seed=2)
    assert ks_2samp(ours.end, cash[:, -1]).pvalue > 0.001
    assert ks_2samp(ours.lowest, cash.min(axis=1)).pvalue > 0.001
    share = (first < plan.months).mean()
    assert (ours.first < plan.months).mean() == pytest.approx(share, abs=4 * np.sqrt(0.5 / 20_000))
    assert 0.05 < share < 0.95
    even = break_even(results)
    months = np.arange(plan.months + 1)
    apart = np.abs(np.searchsorted(np.sort(even), months) - np.searchsorted(np.sort(ours.break_even), months))
    assert apart.max() / 20_000 < 0.02
    middle = np.median(cash, axis=0)
    np.testing.assert_allclose(
        np.median(ours.tracked, axis=1), middle, atol=4 * cash.std(axis=0).max() / np.sqrt(8000)
    )


def test_reference_without_chance_is_the_ledger() -> None:
    plan = certain(lively())
    cash, results, _ = paths(model(draft(plan)), 3, seed=1)
    book = ledger(plan)
    assert (cash / 100).tolist() == [[float(x) for x in book.cash]] * 3
    assert (results / 100).tolist() == [[float(x) for x in book.column("operating_result")]] * 3


def test_uncertainty_adds_no_revenue() -> None:
    buyer = Buyer("b", monthly=1000, delay=0, sigma=0.8)
    result = simulate(Plan("p", "2025-01", 24, rho=0.5, buyers=(buyer,)), 100_000)
    assert result.end.mean() == pytest.approx(24_000, abs=4 * result.end.std() / np.sqrt(100_000))


def test_demand_is_ar1_with_the_stated_spread() -> None:
    """With sales in two months only, the covariance of their logarithms is sigma² rho^lag."""
    arrays = model(
        draft(Plan("p", "2025-01", 12, rho=0.7, buyers=(Buyer("b", monthly=1000, delay=0, sigma=0.5),)))
    )
    tracked = run(arrays, 20_000, seed=3).tracked
    logs = np.log(np.diff(tracked, axis=0, prepend=0.0))
    cov = np.cov(logs)
    np.testing.assert_allclose(np.diag(cov), 0.25, rtol=0.06)
    for lag in (1, 2, 5):
        assert np.diag(cov, lag).mean() == pytest.approx(0.25 * 0.7**lag, abs=0.01)


def test_buyers_of_one_factor_rise_and_fall_together() -> None:
    two = (Buyer("a", monthly=1000, delay=0, sigma=0.5), Buyer("b", monthly=1000, delay=0, sigma=0.5))
    together = simulate(Plan("p", "2025-01", 12, buyers=two), 20_000).end.std()
    apart = simulate(
        Plan("p", "2025-01", 12, buyers=(two[0], replace(two[1], factor="own"))), 20_000
    ).end.std()
    assert together / apart == pytest.approx(np.sqrt(2), rel=0.05)


@pytest.mark.parametrize(("left", "months"), [(0.0, 0), (0.25, 0), (0.5, 1), (0.0, 4)])
def test_losing_a_buyer_as_in_the_closed_form(left: float, months: int) -> None:
    p, horizon = 0.05, 24
    buyer = Buyer("b", monthly=1000, delay=0, loss=p, loss_left=left, loss_months=months)
    arrays = model(draft(Plan("p", "2025-01", horizon, buyers=(buyer,))))
    sold = np.diff(run(arrays, 40_000, seed=4).tracked, axis=0, prepend=0.0) / 100_000
    assert set(np.unique(sold).tolist()) == {left, 1.0}
    here = np.empty(horizon)  # share of paths that have the buyer: by renewal from month to month
    for t in range(horizon):
        here[t] = (1 - p) * ((here[t - 1] if t else 1.0) + _returned(here, t, p, months))
    np.testing.assert_allclose((sold == 1.0).mean(axis=1), here, atol=0.012)


def _returned(here: np.ndarray, t: int, p: float, months: int) -> float:
    """Paths that lost the buyer `months` ago and have it back in month t, before they may lose it again."""
    if months == 0 or t < months:
        return 0.0
    return float(here[t - months] * p / (1 - p))


def test_a_buyer_cannot_be_lost_before_it_begins() -> None:
    buyer = Buyer("b", monthly=1000, delay=0, start="2025-12", loss=0.5)
    result = simulate(Plan("p", "2025-01", 12, buyers=(buyer,)), 20_000)
    assert (result.end > 0).mean() == pytest.approx(0.5, abs=0.015)


@given(st.integers(0, 500), st.integers(1, 500))
def test_wilson_limits_as_in_statsmodels(hits: int, count: int) -> None:
    low, high = cashflow.wilson([min(hits, count)], count)
    theirs = proportion_confint(min(hits, count), count, method="wilson")
    np.testing.assert_allclose([low[0], high[0]], theirs, atol=1e-12)


def test_summaries_are_those_of_the_paths() -> None:
    plan = lively(buffer=2000)
    result = simulate(plan, 9_000, seed=2)
    assert np.all(np.diff(result.insolvency) >= 0)
    limit = 2000 - 15_000
    assert result.probability == (result.lowest < limit).mean()
    worst = np.sort(result.lowest)[:450]
    assert result.expected_shortfall == pytest.approx(np.maximum(0, -worst).mean())
    assert result.shortfall_when_insolvent == pytest.approx(
        (limit - result.lowest[result.lowest < limit]).mean()
    )
    assert result.liquidity_gap == pytest.approx(max(0, -np.quantile(result.lowest, 0.05)))
    assert result.end_cash[0.5] == pytest.approx(np.median(result.end))
    assert result.cash_median[-1] == pytest.approx(np.median(result.end))
    assert result.provenance.parameters["paths"] == 9_000


def test_more_uncertainty_is_more_risk_and_levers_reach_the_futures() -> None:
    plan = lively()
    risks = [simulate(plan, 5_000, levers=Levers(sigma=s, loss=s)).probability for s in (0.0, 1.0, 2.0)]
    assert risks == sorted(risks)
    assert risks[0] < risks[2]


def test_stopped_work_rests_on_the_paths_done() -> None:
    seen: list[float] = []
    result = simulate(
        lively(), 60_000, progress=lambda share, _: seen.append(share), stop=lambda: len(seen) >= 2
    )
    assert (result.paths, result.stopped) == (40_000, True)
    assert seen == pytest.approx([1 / 3, 2 / 3])
    assert "przerwano" in " ".join(result.explain("pl"))
    assert np.array_equal(result.end, simulate(lively(), 60_000, time_limit=60).end[:40_000])


def test_tornado_of_a_linear_case_is_exact() -> None:
    plan = Plan(
        "p", "2025-01", 12, cash=0, buyers=(Buyer("b", monthly=1000, delay=0),), costs=(Cost("c", 600),)
    )
    factors = [Factor("price", 0.9, 1.1), Factor("fixed_costs", 0.9, 1.2), Factor("delay", -1, 1)]
    found = cashflow.tornado(plan, factors, "end_cash")
    assert found.base == 4800
    bars = {bar.lever: (bar.at_low, bar.at_high) for bar in found.bars}
    assert bars == {"price": (3600, 6000), "fixed_costs": (5520, 3360), "delay": (4800, 3800)}
    assert [bar.lever for bar in found.bars] == ["price", "fixed_costs", "delay"]
    with ThreadPoolExecutor(2) as pool:
        assert cashflow.tornado(plan, factors, "end_cash", executor=pool).bars == found.bars


def test_sobol_of_a_linear_case_in_closed_form() -> None:
    plan = Plan("p", "2025-01", 12, buyers=(Buyer("b", monthly=1000, delay=0),), costs=(Cost("c", 600),))
    found = cashflow.sobol(plan, [Factor("price", 0.9, 1.1), Factor("fixed_costs", 0.8, 1.2)], n=128)
    spread = np.array([1000 * 0.2, 600 * 0.4]) ** 2
    np.testing.assert_allclose(found.first, spread / spread.sum(), atol=0.02)
    np.testing.assert_allclose(found.total, spread / spread.sum(), atol=0.02)
    assert np.all(found.first_low <= found.first)
    assert np.all(found.first <= found.first_high)


def test_tornado_of_insolvency_uses_the_same_futures() -> None:
    found = cashflow.tornado(lively(), [Factor("price", 0.9, 1.1), Factor("sigma", 0.5, 1.5)], paths=3_000)
    bars = {bar.lever: bar for bar in found.bars}
    assert bars["price"].at_low > found.base > bars["price"].at_high
    assert found.base == simulate(lively(), 3_000).probability


@pytest.mark.parametrize("lang", ["pl", "en"])
def test_everything_is_explained(lang: str) -> None:
    risky, safe = simulate(lively(), 2_000), simulate(Plan("p", "2025-01", 12, cash=100), 100)
    tornado = cashflow.tornado(lively(), [Factor("price", 0.9, 1.1), Factor("delay", -1, 1)], paths=1_000)
    for said in (risky.explain(lang), safe.explain(lang), risky.ledger.explain(lang), tornado.explain(lang)):
        assert all(line[0].isupper() and line[-1] == "." for line in said)
        assert not any("{" in line or "None" in line or "nan" in line for line in said)
    wanted = "pieniędzy zabraknie" if lang == "pl" else "money runs out"
    assert wanted in risky.explain(lang)[0]
    with pytest.raises(MethodError):
        risky.explain("de")


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (lambda: simulate(lively(), 0), "paths"),
        (lambda: simulate(lively(), 10, threads=0), "threads"),
        (lambda: cashflow.tornado(lively(), target="luck"), "target"),
        (lambda: cashflow.tornado(lively(), []), "factors"),
        (lambda: cashflow.sobol(lively(), n=100), "n"),
        (lambda: Factor("price", 1.1, 0.9), "Factor"),
        (lambda: Factor("luck", 0.9, 1.1), "lever"),
        (lambda: Levers(price=-1), "Levers.price"),
        (lambda: Levers(delay=0.5), "Levers.delay"),  # type: ignore[arg-type]
        (lambda: cashflow.ruin([], 1.0), "flow"),
        (lambda: cashflow.ruin([np.nan], 1.0), "flow"),
        (lambda: cashflow.ruin([1.0], -1.0), "noise"),
    ],
)
def test_bad_input(call: Any, field: str) -> None:
    with pytest.raises(MethodError) as error:
        call()
    assert error.value.field == field


def test_nothing_to_share_out_is_an_error() -> None:
    with pytest.raises(MethodError, match="none of the levers"):
        cashflow.sobol(Plan("p", "2025-01", 12, cash=5), [Factor("price", 0.9, 1.1)], n=4)


def test_insolvency_grows_month_by_month() -> None:
    result = simulate(lively(), 4_000)
    assert all(a <= b for a, b in pairwise(result.insolvency_high))
    assert result.critical_month in result.months
