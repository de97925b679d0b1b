"""Plans of small tests: published designs, brute force on small cases, scipy and statsmodels as peers."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, binomtest
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import proportion_confint, proportion_effectsize

from krzew.methods import MethodError
from krzew.methods.testing import (
    chance_to_see,
    detectable,
    harm_rule,
    interval,
    needed,
    none_seen,
    paired_change,
    people_to_see,
    rule_of_three,
    two_stage,
)
from krzew.methods.testing.power import Setting, power_of
from krzew.methods.testing.stages import chance_to_win

shares = st.floats(0.02, 0.98)

SIMON = {  # Simon (1989), tables 1 and 2, alpha 0.05, beta 0.20: optimal and minimax (r1, n1, r, n), expected people
    (0.05, 0.25): ((0, 9, 2, 17), 12.0, (0, 12, 2, 16), 13.8),
    (0.1, 0.3): ((1, 10, 5, 29), 15.0, (1, 15, 5, 25), 19.5),
    (0.2, 0.4): ((3, 13, 12, 43), 20.6, (4, 18, 10, 33), 22.3),
    (0.3, 0.5): ((5, 15, 18, 46), 23.6, (6, 19, 16, 39), 25.7),
    (0.4, 0.6): ((7, 16, 23, 46), 24.5, (17, 34, 20, 39), 34.4),
    (0.5, 0.7): ((8, 15, 26, 43), 23.5, (12, 23, 23, 37), 27.7),
    (0.6, 0.8): ((7, 11, 30, 43), 20.5, (8, 13, 25, 35), 20.8),
    (0.7, 0.9): ((4, 6, 22, 27), 14.8, (19, 23, 21, 26), 23.2),
}


@pytest.mark.parametrize("shares", SIMON)
def test_designs_of_simon_1989(shares: tuple[float, float]) -> None:
    optimal, fewest, minimax, expected = SIMON[shares]
    for kind, design, people in (("optimal", optimal, fewest), ("minimax", minimax, expected)):
        found = two_stage(*shares, kind=kind)
        assert (found.r1, found.n1, found.r, found.n) == design
        assert found.expected_people == pytest.approx(people, abs=0.05)
        assert found.alpha <= 0.05
        assert found.power >= 0.8


def test_two_stages_by_following_every_outcome() -> None:
    found = two_stage(0.1, 0.5, alpha=0.1)
    for p, claimed in ((0.1, found.alpha), (0.5, found.power)):
        total = 0.0
        for path in product((0, 1), repeat=found.n):
            if sum(path[: found.n1]) > found.r1 and sum(path) > found.r:
                total += p ** sum(path) * (1 - p) ** (found.n - sum(path))
        assert claimed == pytest.approx(total)


def test_no_better_two_stage_design_exists() -> None:
    p0, p1, alpha, power = 0.2, 0.55, 0.1, 0.8
    best = {"optimal": (np.inf, 0.0), "minimax": (np.inf, np.inf)}
    for n in range(2, 26):
        for n1, r in product(range(1, n), range(n)):
            for r1 in range(n1):
                if chance_to_win(r1, n1, r, n, p1) < power or chance_to_win(r1, n1, r, n, p0) > alpha:
                    continue
                expected = n1 + (1 - binom.cdf(r1, n1, p0)) * (n - n1)
                best["optimal"] = min(best["optimal"], (expected, n))
                best["minimax"] = min(best["minimax"], (n, expected))
        if n > 12 and best["minimax"][0] < np.inf:
            break  # enough for both at this size
    for kind in best:
        found = two_stage(p0, p1, alpha=alpha, kind=kind)
        mine = (found.expected_people, found.n) if kind == "optimal" else (found.n, found.expected_people)
        assert mine <= (best[kind][0] + 1e-9, best[kind][1] + 1e-9)


def test_two_stage_decides() -> None:
    rule = two_stage(0.2, 0.4)
    assert [rule.decide(x, 13) for x in (3, 4)] == ["stop", "go on"]
    assert [rule.decide(x, 43) for x in (12, 13)] == ["not worth it", "worth it"]
    with pytest.raises(MethodError, match="after 13 and after 43"):
        rule.decide(3, 20)


@pytest.mark.parametrize(
    ("baseline", "target", "power", "threshold", "people"),
    [
        (0.5, 0.7, 0.8, 24, 37),
        (0.5, 0.7, 0.9, 33, 53),
        (0.5, 0.8, 0.8, 13, 18),
        (0.5, 0.8, 0.9, 16, 23),
        (0.35, 0.55, 0.8, 20, 41),
        (0.6, 0.7, 0.8, 96, 143),
    ],
)
def test_single_stage_of_ahern_2001(
    baseline: float, target: float, power: float, threshold: int, people: int
) -> None:
    found = needed(baseline, target, power=power, design="one-sample")
    assert (found.threshold, found.counted) == (threshold, people)
    assert found.alpha is not None
    assert found.alpha <= 0.05


@settings(max_examples=25)
@given(st.floats(0.02, 0.8), st.floats(0.15, 0.6))
def test_least_people_of_one_sample(low: float, step: float) -> None:
    high = min(low + step, 0.98)
    found = needed(low, high, design="one-sample")
    assert found.threshold is not None
    assert binom.sf(found.threshold - 1, found.counted, low) <= 0.05 + 1e-9
    assert binom.sf(found.threshold - 1, found.counted, high) >= 0.8 - 1e-9
    for n in range(1, found.counted):
        error = binom.sf(np.arange(-1, n + 1), n, low)  # of r = 0, 1, … n + 1 successes or more
        assert binom.sf(np.argmax(error <= 0.05) - 1, n, high) < 0.8
    mirror = needed(1 - low, 1 - high, design="one-sample")
    assert mirror.counted == found.counted
    assert mirror.threshold == found.counted - found.threshold


@pytest.mark.parametrize(("high", "low", "people"), [(0.55, 0.28, 51), (0.4, 0.25, 152), (0.35, 0.25, 328)])
def test_two_arms_by_the_normal_formula(high: float, low: float, people: int) -> None:
    found = needed(low, high)
    assert found.counted == people
    assert found.total == 2 * people
    assert needed(high, low).counted == people
    peer = NormalIndPower().power(proportion_effectsize(high, low), people, 0.05)
    assert found.power == pytest.approx(peer, abs=1e-9)


def test_fisher_power_by_hand() -> None:
    from scipy.stats import fisher_exact

    n, low, high = 9, 0.2, 0.75
    total = sum(
        binom.pmf(x, n, high) * binom.pmf(y, n, low)
        for x, y in product(range(n + 1), repeat=2)
        if fisher_exact([[x, n - x], [y, n - y]], alternative="greater").pvalue <= 0.05
    )
    setting = Setting("two-arm", method="fisher")
    assert power_of(n, low, high, setting) == pytest.approx(total)
    found = needed(low, high, method="fisher", alternative="greater")
    assert found.power >= 0.8
    assert power_of(found.counted - 1, low, high, setting) < 0.8


def test_paired_power_by_hand() -> None:
    n, before, after = 14, 0.3, 0.7
    better, worse = 0.7 * 0.7, 0.3 * 0.3
    total = 0.0
    for up, down in product(range(n + 1), repeat=2):
        if 0 < up + down <= n and binomtest(up, up + down, 0.5, alternative="greater").pvalue <= 0.05:
            total += binom.pmf(up + down, n, better + worse) * binom.pmf(
                up, up + down, better / (better + worse)
            )
    assert power_of(n, before, after, Setting("paired")) == pytest.approx(total)
    assert (
        needed(before, after, design="paired", changing=0.45).counted
        < needed(before, after, design="paired", changing=0.6).counted
    )


@given(st.integers(5, 300), st.floats(0.05, 0.9))
def test_detectable_has_just_the_power(n: int, baseline: float) -> None:
    found = detectable(n, baseline)
    if found.share is None:
        assert found.threshold is None or baseline**n > 0.05
        return
    assert found.threshold is not None
    assert binom.sf(found.threshold - 1, n, found.share) == pytest.approx(0.8)
    assert found.difference == pytest.approx(found.share - baseline)
    less = detectable(n, 1 - baseline, alternative="less")
    assert less.share == pytest.approx(1 - found.share)


@pytest.mark.parametrize("design", ["one-sample", "two-arm", "paired"])
def test_needed_and_detectable_agree(design: str) -> None:
    count = needed(0.3, 0.55, design=design, alternative="greater")
    seen = detectable(count.counted, 0.3, design=design)
    assert seen.share is not None
    assert seen.share <= 0.55 + 1e-9
    assert seen.share > 0.5


def test_too_few_see_nothing() -> None:
    assert detectable(2, 0.5).share is None
    assert detectable(3, 0.9, design="two-arm").share is None
    assert detectable(3, 0.5, design="paired").difference is None


def test_groups_and_leaving_cost_people() -> None:
    plain = needed(0.28, 0.55)
    grouped = needed(0.28, 0.55, group_size=10, icc=0.05, attrition=0.2)
    assert grouped.counted == plain.counted
    assert grouped.recruited == int(np.ceil(plain.counted * 1.45 / 0.8))
    assert grouped.setting.design_effect == pytest.approx(1.45)
    assert grouped.setting.counted(grouped.recruited) >= plain.counted
    assert detectable(93, 0.28, design="two-arm", group_size=10, icc=0.05, attrition=0.2).counted == 51


@given(st.integers(1, 80), st.data(), st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_intervals_equal_statsmodels(n: int, data: st.DataObject, level: float) -> None:
    x = data.draw(st.integers(0, n))
    for ours, theirs in (("clopper-pearson", "beta"), ("wilson", "wilson")):
        found = interval(x, n, level=level, method=ours)
        low, high = proportion_confint(x, n, 1 - level, theirs)
        assert (found.low, found.high) == pytest.approx((np.nan_to_num(low), high), abs=1e-9)


def test_nothing_seen_is_not_nothing() -> None:
    assert rule_of_three(30) == 0.1
    assert none_seen(30) == pytest.approx(0.0950, abs=5e-5)
    assert none_seen(30) == pytest.approx(interval(0, 30, level=0.9).high)
    assert rule_of_three(2) == 1.0


def test_testers_and_problems() -> None:
    assert chance_to_see(0.31, 5) == pytest.approx(0.84, abs=0.005)  # Nielsen and Landauer 1993
    assert chance_to_see(0.1, 5) == pytest.approx(0.41, abs=0.005)
    assert people_to_see(0.31, 0.84) == 5
    assert people_to_see(0.1) == 16


@given(shares, shares)
def test_people_to_see_is_the_least_number(affected: float, chance: float) -> None:
    n = people_to_see(affected, chance)
    assert chance_to_see(affected, n) >= chance - 1e-9
    assert n == 1 or chance_to_see(affected, n - 1) < chance


def test_harm_rule_by_following_every_outcome() -> None:
    rule, p = harm_rule(10, 0.15, alpha=0.1), 0.15
    stopped = expected = 0.0
    for path in product((0, 1), repeat=10):
        chance = p ** sum(path) * (1 - p) ** (10 - sum(path))
        at = next((k for k in range(1, 11) if rule.stop(sum(path[:k]), k)), None)
        stopped += chance * (at is not None)
        expected += chance * (at or 10)
    assert rule.error == pytest.approx(stopped)
    assert rule.error <= 0.1
    assert rule.expected_people(p) == pytest.approx(expected)
    assert rule.chance_to_stop(1.0) == 1.0
    assert rule.chance_to_stop(0.0) == 0.0


@given(st.integers(8, 60), st.floats(0.03, 0.4), st.floats(0.02, 0.2))
def test_harm_rule_keeps_its_error_and_wastes_little(n: int, acceptable: float, alpha: float) -> None:
    rule = harm_rule(n, acceptable, alpha=alpha)
    assert rule.error <= alpha + 1e-12
    assert (np.diff(rule.boundary) >= 0).all()
    assert (np.diff(rule.boundary) <= 1).all()
    stops = [rule.chance_to_stop(x) for x in (acceptable, min(2 * acceptable, 1.0), 0.95)]
    assert stops == sorted(stops)
    for events, people in rule.steps:
        assert rule.stop(events, people)
        assert people == n or not rule.stop(events, people + 1)


def test_paired_change() -> None:
    found = paired_change(9, 2, 30)
    assert found.p_value == pytest.approx(67 / 2048)  # 1 + 11 + 55 of 2^11
    assert found.difference == pytest.approx(7 / 30)
    assert found.low < found.difference < found.high
    assert paired_change(0, 0, 5).p_value == 1.0
    flipped = paired_change(2, 9, 30)
    assert (flipped.low, flipped.high) == pytest.approx((-found.high, -found.low))


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (lambda: needed(0.3, 0.3), "target"),
        (lambda: needed(0.3, 1.2), "target"),
        (lambda: needed(30, 0.5), "baseline"),
        (lambda: needed(0.3, 0.5, design="cross-over"), "design"),
        (lambda: needed(0.3, 0.5, design="one-sample", alternative="less"), "alternative"),
        (lambda: needed(0.3, 0.30001, design="one-sample"), "target"),
        (lambda: needed(0.3, 0.31, design="paired"), "target"),
        (lambda: needed(0.3, 0.7, design="paired", changing=0.2), "changing"),
        (lambda: needed(0.3, 0.5, attrition=1.0), "attrition"),
        (lambda: needed(0.3, 0.5, icc=2.0), "icc"),
        (lambda: needed(0.3, 0.5, group_size=0), "group_size"),
        (lambda: needed(0.3, 0.5, method="barnard"), "method"),
        (lambda: needed(0.3, 0.5, power=0.05), "power"),
        (lambda: needed(0.3, 0.5, alpha=0.0), "alpha"),
        (lambda: detectable(0, 0.3), "n"),
        (lambda: detectable(2.5, 0.3), "n"),
        (lambda: detectable(4, 0.3, group_size=10, icc=0.9), "n"),
        (lambda: detectable(9, 0.3, alternative="up"), "alternative"),
        (lambda: interval(4, 3), "successes"),
        (lambda: interval(1, 3, level=1.0), "level"),
        (lambda: interval(1, 3, method="wald"), "method"),
        (lambda: paired_change(3, 3, 5), "worse"),
        (lambda: chance_to_see(1.5, 3), "affected"),
        (lambda: people_to_see(0.0), "affected"),
        (lambda: harm_rule(1, 0.2), "people"),
        (lambda: harm_rule(20, 0.0), "acceptable"),
        (lambda: harm_rule(20, 0.1).stop(1, 21), "people"),
        (lambda: two_stage(0.4, 0.2), "target"),
        (lambda: two_stage(0.4, 0.42), "target"),
        (lambda: two_stage(0.2, 0.4, kind="best"), "kind"),
        (lambda: two_stage(0.2, 0.4).explain("de"), "lang"),
        (lambda: harm_rule(20, 0.1).explain("de"), "lang"),
    ],
)
def test_bad_input(call: Any, field: str) -> None:
    with pytest.raises(MethodError) as error:
        call()
    assert error.value.field == field
