"""Questions around a plan: why, what else, at what price, what if, what changed."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from krzew.methods import MethodError
from krzew.methods.rollout import (
    Advisers,
    Equity,
    Plan,
    RolloutProblem,
    alternatives,
    check_schedule,
    compare,
    first_plan,
    price_of,
    scenarios,
    solve,
)

from .rollout_cases import best_by_one_programme, country

NEED = [[10.0, 4.0], [8.0, 0.0], [6.0, 9.0], [5.0, 3.0]]


def village(**changes: object) -> RolloutProblem:
    """Four places that serve only themselves; money for one start a year."""
    given_ = {
        "places": ["Biecz", "Bobowa", "Gorlice", "Lipinki"],
        "models": ["Pralnia", "Żłobek"],
        "years": [2026, 2027],
        "need": NEED,
        "cost": [4.0, 5.0],
        "eligible": {"co najmniej 5 tysięcy mieszkańców": [[1, 1], [1, 1], [1, 1], [0, 1]]},
        "budget": [5.0, 5.0],
        "equity": ([False, False, True, True], 0.5),
        "discount": 0.0,
    }
    return RolloutProblem(**{**given_, **changes})


@pytest.fixture(scope="module")
def plan() -> Plan:
    return solve(village())


def test_price_of_fairness_is_what_the_rule_takes(plan: Plan) -> None:
    assert plan.objective == pytest.approx(2 * 10 + 9)  # Biecz first; a nursery in Gorlice keeps the share
    prices = price_of(village(), plan)
    free = solve(village(equity=None)).objective
    assert free == pytest.approx(2 * 10 + 9)
    assert prices["equity"].effect == pytest.approx(1 - 29 / free)
    strict = village(equity=([False, False, True, True], 1.0))
    price = price_of(strict, solve(strict))["equity"]
    assert price.effect == pytest.approx(1 - (2 * 9 + 6) / 29)
    assert price.low == pytest.approx(price.effect)
    assert price.high == pytest.approx(price.effect)


def test_prices_are_those_of_solving_again() -> None:
    problem = country(11, n=12, m=2, t=2)
    plan = solve(problem)
    prices = price_of(problem, plan)
    more = best_by_one_programme(problem.but(budget=problem.budget * 1.1))
    assert prices["budget"].effect == pytest.approx(more / plan.objective - 1, abs=1e-6)
    assert {p.constraint for p in prices.prices} >= {"equity", "budget", "advisers", "capacity"}
    for price in prices.prices:
        assert 0 <= price.low <= price.effect + 1e-9
        assert price.effect <= price.high + 1e-9
        assert (price.shadow >= 0).all()
    with pytest.raises(MethodError, match="constraint"):
        prices["weather"]


def test_shadow_price_of_a_knapsack_is_its_best_ratio() -> None:
    problem = RolloutProblem(3, 1, 1, [[30.0], [20.0], [10.0]], [[10.0], [10.0], [10.0]], budget=[15.0])
    shadow = price_of(problem, solve(problem))["budget"].shadow
    np.testing.assert_allclose(shadow, [2.0], rtol=1e-2)  # the second best start is the one at the margin


def test_alternatives_are_good_and_different() -> None:
    twins = RolloutProblem(3, 1, 1, [[5.0], [5.0], [9.0]], [1.0], budget=[2.0])
    plan = solve(twins)
    found = alternatives(twins, plan, 3)
    assert len(found.plans) == 1  # the other twin; the third place is in every good plan
    assert [start.place for start in found.always] == [2]
    assert found.plans[0].objective == plan.objective == 14
    np.testing.assert_allclose(found.share, [[0.5], [0.5], [1.0]])
    assert len(alternatives(twins, plan, 3, within=0.5).plans) == 2  # every pair of places


def test_alternatives_of_a_region_keep_their_worth() -> None:
    problem = country(5, n=90, m=6, t=3, open_share=0.5)
    plan = solve(problem, gap=0.01)
    found = alternatives(problem, plan, 1)
    assert found.plans
    for other in found.plans:
        assert other.check().ok
        assert other.objective >= 0.99 * plan.objective - 1e-6
        assert other.bound == plan.bound
        assert set(found.always) <= set(plan.starts)
        assert set(other.starts) != set(plan.starts)
    with pytest.raises(MethodError, match="k"):
        alternatives(problem, plan, 0)
    with pytest.raises(MethodError, match="within"):
        alternatives(problem, plan, within=1.5)


def test_scenarios_are_single_solves() -> None:
    problem = country(2, n=12)
    plans = scenarios(problem, {"lean": {"budget": problem.budget / 2}, "unfair": {"equity": None}})
    assert list(plans) == ["lean", "unfair"]
    assert plans["lean"].objective == pytest.approx(
        best_by_one_programme(problem.but(budget=problem.budget / 2))
    )
    assert plans["unfair"].objective == pytest.approx(best_by_one_programme(problem.but(equity=None)))
    with pytest.raises(MethodError, match="buget"):
        scenarios(problem, {"typo": {"buget": 1}})


def test_compare(plan: Plan) -> None:
    later = solve(village(budget=[0.0, 5.0]))
    change = compare(plan, later)
    assert change.objective == pytest.approx(later.objective - plan.objective)
    assert len(change.only_a) + len(change.moved) + change.common == len(plan.starts)
    assert len(change.only_b) + len(change.moved) + change.common == len(later.starts)
    np.testing.assert_allclose(change.spend, later.spend - plan.spend)
    assert later.compared_to(plan).objective == change.objective
    assert compare(later, plan).objective == -change.objective
    assert compare(plan, plan).explain("en")[-1] == "Both plans reach equally many people."
    with pytest.raises(MethodError, match="places"):
        compare(plan, solve(village(places=["a", "b", "c", "d"])))


def test_explains_every_outcome(plan: Plan) -> None:
    assert plan.starts[0].place == "Biecz"
    biecz = plan.explain("Biecz", "pl")
    assert biecz[0] == "„Pralnia” rusza tutaj w roku 2026. W zasięgu: 10 osób."
    assert biecz[1] == "Bez innego punktu w zasięgu: 10 osób."
    assert biecz[2].startswith("„Żłobek”: nie starcza – budżet roku 202")
    assert "Te same środki dają gdzie indziej" in biecz[3]
    assert plan.explain("Bobowa")[1 + 1] == "„Żłobek”: w zasięgu nie ma osób, które tego potrzebują."
    rule = "„Pralnia”: warunek niespełniony – co najmniej 5 tysięcy mieszkańców."
    assert plan.explain("Lipinki")[0] == rule
    assert plan.explain(3)[0] == rule


def test_explains_the_whole_plan(plan: Plan) -> None:
    polish, english = plan.explain("pl"), plan.explain("en")
    assert polish == plan.explain()
    assert polish[0] == "Plan na lata 2026–2027: 2 uruchomienia. Koszt: 9."
    assert english[0] == "Plan for 2026–2027: 2 starts. Cost: 9."
    assert len(polish) == len(english)
    assert "Lepszego planu w tych warunkach nie ma: to udowodnione." in polish
    assert any(line.startswith("Do najsłabszych miejsc trafia 55,6% wydatków") for line in polish)
    assert first_plan(village()).explain("pl")[4].startswith("To pierwszy plan")
    nothing = solve(village(budget=[0.0, 0.0]))
    assert nothing.explain("en") == ("The plan has no starts.",)
    assert nothing.explain("Biecz", "en")[0] == "“Pralnia”: the cost 4 is above the budget of every year."


def test_names_the_envelope_that_lacks() -> None:
    problem = RolloutProblem(
        ["a", "b"],
        ["m", "k"],
        [2026],
        [[9.0, 5.0], [8.0, 4.0]],
        1.0,
        Advisers([0, 1], [[9.0], [1.0]], [[2.0], [2.0]], ["north", "south"]),
        None,
        Equity([True, False], 0.1),
        budget=[9.0],
        capacity=[2, 0],
        per_place=1,
    )
    plan = solve(problem)
    assert plan.explain("b", "en")[0].startswith(
        "“m”: there is not enough – hours of advisers in the region “south” in 2026 (needs 2, 1 left)."
    )
    assert "capacity of the franchisor of “k” in 2026 (needs 1, 0 left)" in plan.explain("a", "en")[2]
    assert "number of models in “a”" in plan.explain("a", "en")[2]


def test_served_from_elsewhere_and_room_left() -> None:
    problem = RolloutProblem(2, 1, 1, [[5.0], [4.0]], 1.0, catchment=np.ones((2, 2)), budget=[1.0])
    plan = solve(problem)
    other = 1 - plan.starts[0].place
    said = plan.explain(other, "pl")
    assert said[0] == "„0”: każdą osobę w zasięgu obsłuży inny punkt z planu."
    assert said[1] == f"„0”: to miejsce obsłuży punkt w: „{plan.starts[0].place}”."
    idle = replace(plan, schedule=np.full((2, 1), -1))
    assert idle.explain(0, "pl")[0] == "„0”: zmieści się jeszcze w roku 0. Zysk: 9 osobolat."
    closed = first_plan(problem.but(eligible=[[0], [0]]))
    assert closed.explain(0, "pl") == ("„0”: to miejsce nie spełnia warunków tego rozwiązania.",)


@pytest.mark.parametrize("seed", [1, 2])
def test_sentences_are_whole_in_both_languages(seed: int) -> None:
    problem = country(seed, n=8)
    plan = solve(problem)
    prices, others = price_of(problem, plan), alternatives(problem, plan, 2)
    for lang in ("pl", "en"):
        lines = [*plan.explain(lang), *prices.explain(lang), *others.explain(lang)]
        lines += [line for place in problem.places for line in plan.explain(place, lang)]
        lines += compare(first_plan(problem), plan).explain(lang)
        for line in lines:
            assert re.fullmatch(r"[„“\w].*[.]", line), line
            assert "{" not in line
            assert "nan" not in line.lower().split()
    for speak in (plan.explain, prices.explain, others.explain, compare(plan, plan).explain):
        with pytest.raises(MethodError, match="lang"):
            speak(lang="de")
    with pytest.raises(MethodError, match="place"):
        plan.explain("Atlantis")


def test_checker_agrees_with_the_plan(plan: Plan) -> None:
    assert check_schedule(plan.problem, plan.schedule).objective == plan.objective
