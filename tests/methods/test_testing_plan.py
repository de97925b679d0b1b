"""From a plan to a conclusion: the five verdicts, how often they are wrong, and the words for people."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from krzew.methods import MethodError
from krzew.methods.testing import (
    VERDICTS,
    Observed,
    TestPlan,
    conclusion,
    harm_rule,
    interval,
    paired_change,
    plan,
    two_stage,
)

WORKS, PROMISE, CANNOT_TELL, NO_EFFECT, HARM = VERDICTS


def test_plan_says_what_it_can_show() -> None:
    solved = plan(TestPlan(30, 0.28, 0.55, acceptable_harm=0.1))
    assert solved.enough
    assert solved.power == pytest.approx(binom.sf(13, 30, 0.55))
    assert solved.detectable.threshold == 14
    assert solved.two_stage == two_stage(0.28, 0.55)
    assert solved.harm is not None
    np.testing.assert_array_equal(solved.harm.boundary, harm_rule(30, 0.1).boundary)
    assert solved.common_problem_seen == pytest.approx(1 - 0.9**30)
    assert solved.provenance.parameters["people"] == 30
    assert TestPlan(30, 0.28, 0.55).solve().provenance.data_hash != solved.provenance.data_hash


def test_plan_that_is_too_small_says_how_many_it_takes() -> None:
    solved = plan(TestPlan(12, 0.28, 0.45))
    assert not solved.enough
    assert solved.needed is not None
    bigger = plan(TestPlan(solved.needed.recruited, 0.28, 0.45))
    assert bigger.enough
    assert str(solved.needed.recruited) in " ".join(solved.explain("pl"))
    assert plan(TestPlan(50, 0.3, 0.3001)).needed is None


def test_plan_for_fewer_cases_mirrors_the_one_for_more() -> None:
    less, more = plan(TestPlan(40, 0.5, 0.25)), plan(TestPlan(40, 0.5, 0.75))
    assert less.power == pytest.approx(more.power)
    assert less.detectable.share == pytest.approx(1 - more.detectable.share)  # type: ignore[operator]
    for cases in (5, 12, 20, 30):
        a, b = conclusion(cases, less), conclusion(40 - cases, more)
        assert a.verdict == b.verdict
        assert a.effect.p_value == pytest.approx(b.effect.p_value)
    assert "najwyżej" in " ".join(less.explain("pl"))
    assert conclusion(5, less).explain("pl")[0].startswith("Przypadków było 5 na 40")


@pytest.mark.parametrize(
    ("successes", "people", "verdict"),
    [(18, 30, WORKS), (14, 30, PROMISE), (12, 30, CANNOT_TELL), (9, 30, NO_EFFECT), (3, 5, PROMISE)],
)
def test_verdicts_of_one_sample(successes: int, people: int, verdict: str) -> None:
    found = conclusion(Observed(people, successes), TestPlan(30, 0.28, 0.55))
    assert found.verdict == verdict
    assert found.effect.level == pytest.approx(0.9)
    exact = interval(successes, people, level=0.9)
    assert (found.effect.low, found.effect.high) == pytest.approx((exact.low, exact.high))
    assert found.effect.p_value == pytest.approx(binom.sf(successes - 1, people, 0.28))


@settings(max_examples=15)
@given(st.integers(3, 80), st.floats(0.1, 0.6), st.floats(0.05, 0.3))
def test_errors_of_the_verdicts_stay_within_alpha(n: int, baseline: float, step: float) -> None:
    test = TestPlan(n, baseline, baseline + step)
    x = np.arange(n + 1)
    solved = plan(test)
    verdicts = np.array([conclusion(int(k), solved).verdict for k in x])
    assert binom.pmf(x, n, baseline)[verdicts == WORKS].sum() <= 0.05 + 1e-9
    assert binom.pmf(x, n, baseline + step)[verdicts == NO_EFFECT].sum() <= 0.05 + 1e-9
    order = [NO_EFFECT, CANNOT_TELL, PROMISE, WORKS]
    places = [order.index(v) for v in verdicts if v != NO_EFFECT]
    assert places == sorted(places)  # more successes never make it worse


def test_harm_comes_before_everything() -> None:
    test = TestPlan(30, 0.28, 0.55, acceptable_harm=0.1)
    rule = test.solve().harm
    assert rule is not None
    edge = int(rule.boundary[29])
    assert conclusion(Observed(30, 29, harmed=edge), test).verdict == HARM
    near = conclusion(Observed(30, 29, harmed=edge - 1), test)
    assert near.verdict == WORKS
    assert near.harm is not None
    assert near.harm.high > 0.1
    assert (
        conclusion(Observed(30, 29, harmed=30), TestPlan(30, 0.28, 0.55)).verdict == WORKS
    )  # no rule agreed


def test_two_arms() -> None:
    test = TestPlan(50, 0.28, 0.55, design="two-arm")
    strong = conclusion(Observed(50, 35, control_successes=12, control_people=48), test)
    assert strong.verdict == WORKS
    assert strong.effect.estimate == pytest.approx(0.7 - 0.25)
    none = conclusion(Observed(50, 12, control_successes=14, control_people=50), test)
    assert none.verdict == NO_EFFECT
    assert none.effect.low < 0 < none.effect.high < 0.27
    assert len(strong.explain("pl")) == 3  # with a comparison nothing is missing


def test_newcombe_interval_of_1998() -> None:
    test = TestPlan(70, 0.5, 0.8, design="two-arm", alpha=0.025)
    found = conclusion(Observed(70, 56, control_successes=48, control_people=80), test)
    assert found.effect.low == pytest.approx(0.0524, abs=5e-5)  # table II, row (a), method 10
    assert found.effect.high == pytest.approx(0.3339, abs=5e-5)


def test_paired() -> None:
    test = TestPlan(30, 0.3, 0.5, design="paired")
    found = conclusion(Observed(30, better=9, worse=2), test)
    change = paired_change(9, 2, 30, level=0.9)
    assert found.effect.p_value == change.p_value
    assert (found.effect.low, found.effect.high) == (change.low, change.high)
    assert found.verdict == WORKS
    fewer = conclusion(Observed(30, better=9, worse=2), TestPlan(30, 0.5, 0.3, design="paired"))
    assert fewer.verdict == WORKS
    assert fewer.effect.high == pytest.approx(-change.low)


def test_people_in_groups_count_for_less() -> None:
    alone, grouped = TestPlan(60, 0.28, 0.5), TestPlan(60, 0.28, 0.5, group_size=10, icc=0.2)
    a, b = conclusion(27, alone), conclusion(27, grouped)
    assert a.effect.estimate == b.effect.estimate
    assert b.effect.high - b.effect.low > 1.4 * (a.effect.high - a.effect.low)
    assert b.effect.p_value > a.effect.p_value
    assert a.verdict == PROMISE
    assert grouped.solve().two_stage is None
    assert "liczą się tak jak 21 osób" in " ".join(grouped.solve().explain("pl"))


def test_words_of_a_plan() -> None:
    said = plan(TestPlan(30, 0.28, 0.55, acceptable_harm=0.1)).explain("pl")
    assert said[:5] == (
        "Test obejmie 30 osób, bez grupy porównawczej.",
        "Punkt wyjścia to 28\u00a0%. Warto, jeśli będzie 55\u00a0%.",
        "To wystarczy: jeśli naprawdę będzie 55\u00a0%, test pokaże to w 86 przypadkach na 100.",
        "Przy tylu osobach test zauważy dopiero zmianę z 28\u00a0% na 53\u00a0%. Mniejsza może umknąć.",
        "O skuteczności można mówić, gdy sukcesów będzie co najmniej 14.",
    )
    assert said[-1].startswith("Nie było grupy")
    assert any(line.startswith("Przerywamy test") and "2 wśród pierwszych 2" in line for line in said)
    english = plan(TestPlan(30, 0.28, 0.55, acceptable_harm=0.1)).explain("en")
    assert len(english) == len(said)
    assert english[0] == "The test will take 30 people, without a comparison group."


@pytest.mark.parametrize("lang", ["pl", "en"])
@pytest.mark.parametrize("design", ["one-sample", "two-arm", "paired"])
@pytest.mark.parametrize("target", [0.2, 0.75])
def test_every_verdict_has_words(lang: str, design: str, target: float) -> None:
    solved = plan(TestPlan(22, 0.45, target, design=design, acceptable_harm=0.1))
    assert all(line and "{" not in line for line in solved.explain(lang))
    seen = set()
    for x in range(0, 23, 2):
        for harmed in (0, 1, 9):
            better = Observed(22, x, 10, 22, x, (22 - x) // 2, harmed)
            found = conclusion(better, solved)
            said = found.explain(lang)
            assert all(line and "{" not in line for line in said)
            assert found.verdict in VERDICTS
            seen.add(found.verdict)
    assert {WORKS, NO_EFFECT, HARM} <= seen


def test_words_of_a_conclusion() -> None:
    said = conclusion(Observed(30, 18, harmed=0), TestPlan(30, 0.28, 0.55, acceptable_harm=0.1)).explain("pl")
    assert said == (
        "Udało się 18 z 30: to 60\u00a0%. Prawdziwy odsetek, z pewnością 90 na 100, to od 43\u00a0% do 75\u00a0%.",
        "Wniosek: działa co najmniej tak dobrze, jak planowano.",
        "Można powiedzieć: wynik jest lepszy niż 28\u00a0% i nie jest to przypadek. Nie można powiedzieć, że tak samo "
        "będzie gdzie indziej.",
        "Szkody nie było. Przy tylu osobach nie wyklucza to szkody u 12\u00a0% ludzi.",
        "Nie było grupy porównawczej, więc nie wiadomo, ile zmieniłoby się i bez pomysłu.",
    )


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (lambda: TestPlan(0, 0.2, 0.4), "people"),
        (lambda: TestPlan(20, 0.2, 0.2), "target"),
        (lambda: TestPlan(20, 20, 0.2), "baseline"),
        (lambda: TestPlan(20, 0.2, 0.4, design="x"), "design"),
        (lambda: TestPlan(20, 0.2, 0.4, acceptable_harm=2), "acceptable_harm"),
        (lambda: TestPlan(3, 0.2, 0.4, group_size=30, icc=1), "people"),
        (lambda: Observed(0), "people"),
        (lambda: Observed(5, 6), "successes"),
        (lambda: Observed(5, 2, harmed=6), "harmed"),
        (lambda: Observed(5, 2, 7, 6), "control_successes"),
        (lambda: conclusion(31, TestPlan(30, 0.2, 0.4)), "observed"),
        (lambda: conclusion(3, TestPlan(30, 0.2, 0.4, design="paired")), "observed"),
        (lambda: conclusion(Observed(30, 3), TestPlan(30, 0.2, 0.4, design="two-arm")), "control_people"),
        (lambda: conclusion(Observed(30, 3), TestPlan(30, 0.2, 0.4, design="paired")), "better"),
        (
            lambda: conclusion(Observed(31, 3, harmed=1), TestPlan(30, 0.2, 0.4, acceptable_harm=0.1)),
            "people",
        ),
        (lambda: plan(TestPlan(30, 0.2, 0.4)).explain("de"), "lang"),
        (lambda: conclusion(9, TestPlan(30, 0.2, 0.4)).explain("de"), "lang"),
    ],
)
def test_bad_input(call: Any, field: str) -> None:
    with pytest.raises(MethodError) as error:
        call()
    assert error.value.field == field
