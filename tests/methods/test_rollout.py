"""Roll-out: known answers, equality with brute force and with one monolithic programme, bounds, bad input."""

from __future__ import annotations

import pickle
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from krzew.methods import MethodError
from krzew.methods.rollout import (
    Advisers,
    Catchment,
    Equity,
    Plan,
    RolloutProblem,
    Start,
    check_schedule,
    first_plan,
    solve,
)
from krzew.methods.rollout.neighbourhoods import Neighbourhoods
from krzew.methods.rollout.relax import relax
from krzew.methods.rollout.search import Search
from krzew.methods.work import Work

from .rollout_cases import best_by_one_programme, best_by_trying_all, country

seeds = st.integers(0, 2**32 - 1)


@pytest.fixture(scope="module")
def region() -> RolloutProblem:
    """Large enough for the neighbourhood search, not for a proof at once."""
    return country(5, n=90, m=6, t=3, open_share=0.5)


@pytest.fixture(scope="module")
def plan(region: RolloutProblem) -> Plan:
    return solve(region, gap=0.006, seed=3)


def line(**changes: object) -> RolloutProblem:
    """Three places in a row, 10 km apart; one model that reaches 10 km; one start a year."""
    given_ = {
        "places": ["a", "b", "c"],
        "models": ["nursery"],
        "years": [2026, 2027],
        "need": [[10.0], [20.0], [30.0]],
        "cost": [5.0],
        "catchment": Catchment.within([[0, 0], [10, 0], [20, 0]], [10.0]),
        "budget": [5.0, 5.0],
        "discount": 0.0,
    }
    return RolloutProblem(**{**given_, **changes})


def test_known_answer() -> None:
    plan = solve(line())
    assert plan.starts == (Start("b", "nursery", 2026),)
    assert plan.objective == plan.bound == 120.0  # all 60 people in both years
    assert plan.status == "optimal"
    assert plan.gap == 0
    np.testing.assert_array_equal(plan.coverage, [[60, 60]])
    np.testing.assert_array_equal(plan.spend, [5, 0])


def test_fairness_is_kept_over_the_whole_plan() -> None:
    plan = solve(line(equity=([True, False, False], 0.5)))
    assert plan.starts == (Start("b", "nursery", 2026), Start("a", "nursery", 2027))
    assert solve(line(equity=([True, False, False], 0.6))).objective == 60.0  # only in "a", 30 people a year


@pytest.mark.parametrize(
    ("changes", "objective"),
    [
        ({"budget": [0.0, 5.0]}, 60.0),
        ({"eligible": [[True], [False], [True]]}, 50 + 60),
        ({"catchment": None}, 30 + 50),
        ({"discount": 1.0}, 60 + 30),
        ({"capacity": [[0, 1]]}, 60.0),
        ({"advisers": Advisers([0, 0, 0], [[3.0, 9.0]], [[4.0, 1.0]])}, 60.0),
        ({"advisers": Advisers([0, 1, 0], [[9, 9], [3, 9]], [[4, 1]])}, 50 + 60),
        ({"need": [[0.0], [0.0], [0.0]]}, 0.0),
        ({"budget": None, "catchment": None, "capacity": 2}, 50 + 60),
    ],
)
def test_each_limit(changes: dict, objective: float) -> None:
    plan = solve(line(**changes))
    assert plan.objective == pytest.approx(objective)
    assert plan.status == "optimal"


def test_models_a_place() -> None:
    need, cost = [[5.0, 4.0, 3.0]], [1.0, 1.0, 1.0]
    for k, best in ((1, 5.0), (2, 9.0), (3, 12.0)):
        problem = RolloutProblem(1, 3, 1, need, cost, per_place=k, budget=[9.0])
        assert solve(problem).objective == pytest.approx(best)


@settings(max_examples=12)
@given(seeds)
def test_equal_to_trying_everything(seed: int) -> None:
    problem = country(seed, n=3)
    assert solve(problem).objective == pytest.approx(best_by_trying_all(problem), rel=1e-6)


@settings(max_examples=8)
@given(seeds)
def test_equal_to_one_programme(seed: int) -> None:
    problem = country(seed, n=9, m=2, t=3)
    plan = solve(problem)
    assert plan.status == "optimal"
    assert plan.objective == pytest.approx(best_by_one_programme(problem), rel=1e-6)
    assert plan.check().objective == pytest.approx(plan.objective)


@settings(max_examples=8)
@given(seeds, st.sampled_from([0, 1, 7, 60, 400, 6000]))
def test_bound_is_valid_whenever_it_stops(seed: int, iterations: int) -> None:
    problem = country(seed, n=14, m=3, t=2)
    relaxation = best_by_one_programme(problem, relaxed=True)
    found = relax(problem.instance, iterations, Work())
    assert found.bound >= relaxation * (1 - 1e-6)
    if iterations == 6000:
        assert found.bound <= relaxation * 1.005


@given(seeds)
def test_first_plan_is_feasible(seed: int) -> None:
    problem = country(seed, n=25, m=3, t=3)
    plan = first_plan(problem)
    assert plan.check().ok
    assert plan.starts
    assert plan.bound >= plan.objective


def test_plan_of_a_region(region: RolloutProblem, plan: Plan) -> None:
    assert region.instance.pairs * 3 > 700
    assert plan.status == "within gap"
    assert plan.gap <= 0.006
    assert plan.check().ok
    assert plan.check().objective == pytest.approx(plan.objective)
    assert plan.objective == pytest.approx(float(plan.coverage.sum(axis=0) @ region.weights))
    assert plan.objective > first_plan(region).objective
    assert {line.step for line in plan.log} & {"core", "region", "around", "models", "mixed"}
    assert [line.objective for line in plan.log] == sorted(line.objective for line in plan.log)
    assert [line.bound for line in plan.log] == sorted((line.bound for line in plan.log), reverse=True)
    assert plan.provenance.seed == 3
    assert plan.provenance.data_hash == region.data_hash


def test_workers_do_not_change_the_plan(region: RolloutProblem, plan: Plan) -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
        other = solve(region, gap=0.006, executor=processes, seed=3)
    np.testing.assert_array_equal(other.schedule, plan.schedule)
    assert (other.objective, other.bound) == (plan.objective, plan.bound)


def test_neighbourhoods_are_disjoint_and_search_does_not_depend_on_threads() -> None:
    region = country(5, n=60, m=4, t=2, open_share=0.5)
    instance, work = region.instance, Work()
    relaxed = relax(instance, 1000, work)
    first = np.full(instance.pairs, instance.years)
    found = []
    with ThreadPoolExecutor(2) as threads:
        for executor in (None, threads):
            near = Neighbourhoods(region, relaxed.gain.max(axis=1), np.random.default_rng(1))
            search = Search(instance, first, near, executor, None)
            near.sizes = dict.fromkeys(near.sizes, 30.0)
            for _ in range(3):
                near.turn = 1  # a small country is otherwise solved by its core
                search.round(work)
                assert (instance.used(search.start) <= instance.room + 1e-6).all()
            found.append(search.start)
    np.testing.assert_array_equal(found[0], found[1])
    assert instance.value(found[0]) > instance.value(first)
    near.turn = 1
    _, (one, two) = near.draw(found[0], 2)
    assert not set(one) & set(two)


def test_time_limit_stop_and_progress(region: RolloutProblem) -> None:
    hurried = solve(region, time_limit=0.3, gap=0.0)
    assert hurried.status == "time limit"
    assert hurried.check().ok
    assert hurried.bound >= hurried.objective
    said: list[str] = []
    stopped = solve(region, progress=lambda share, step: said.append(step), stop=lambda: "rounding" in said)
    assert stopped.status == "stopped"
    assert said == ["greedy", "bound", "rounding"]
    assert stopped.check().ok


def test_warm_start_is_never_worse(region: RolloutProblem, plan: Plan) -> None:
    again = solve(region.but(budget=region.budget * 1.05), gap=0.5, warm=plan)
    assert again.objective >= plan.objective


def test_forms_of_input_agree() -> None:
    xy = np.array([[0, 0], [3, 0], [9, 0]])
    near = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)) <= 4
    common = {"places": 3, "models": 2, "years": 2, "need": [[3, 2], [5, 1], [4, 9]], "cost": 2, "budget": 4}
    forms = [
        {"catchment": near, "eligible": np.ones((3, 2), int), "advisers": ([0, 0, 1], [9, 9], [1, 2])},
        {
            "catchment": [near, near],
            "eligible": {"size": np.ones((3, 2), bool)},
            "advisers": {"region": [0, 0, 1], "hours": [[9, 9], [9, 9]], "effort": [[1], [2]]},
        },
        {"catchment": Catchment.within(xy, [4.0]), "advisers": Advisers([0, 0, 1], [9, 9], [1, 2])},
    ]
    problems = [RolloutProblem(**common, **form, equity=([1, 0, 0], 0.3)) for form in forms]
    assert len({solve(problem).objective for problem in problems}) == 1


def test_catchment_on_the_globe() -> None:
    warsaw_lodz_cracow = ([21.012, 19.457, 19.945], [52.230, 51.759, 50.065])
    reach = Catchment.of_lonlat(*warsaw_lodz_cracow, [118.0, 120.0]).matrices
    assert [table.nnz for table in reach] == [3, 5]  # 119 km from Warsaw to Łódź


def test_checker_finds_each_broken_limit() -> None:
    problem = RolloutProblem(
        2,
        2,
        2,
        1.0 * np.ones((2, 2)),
        3.0,
        Advisers([0, 0], [[2.0, 9.0]], [[1.0, 0.0], [1.0, 0.0]]),
        None,
        Equity([False, True], 0.5),
        [[True, True], [True, False]],
        budget=[6.0, 6.0],
        capacity=1,
        per_place=1,
    )
    checked = check_schedule(problem, [[0, 0], [0, 1]])
    assert not checked
    assert {b.rule for b in checked.broken} == {
        "eligible",
        "budget",
        "advisers",
        "capacity",
        "per_place",
    }
    assert {b.rule for b in check_schedule(problem, [[0, -1], [-1, -1]]).broken} == {"equity"}
    assert check_schedule(problem, [[-1, -1], [0, -1]]).ok
    with pytest.raises(MethodError, match="schedule"):
        check_schedule(problem, [[0, 5], [0, 0]])


def test_problem_and_plan_travel(plan: Plan) -> None:
    again = pickle.loads(pickle.dumps(plan))
    assert again.starts == plan.starts
    assert again.problem.data_hash == plan.problem.data_hash
    assert again.check().ok


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"places": []}, "places"),
        ({"places": ["a", "a", "b"]}, "places"),
        ({"need": [[1.0], [2.0]]}, "need"),
        ({"need": [[1.0], [np.nan], [2.0]]}, "need"),
        ({"need": [[1.0], [-1.0], [2.0]]}, "need"),
        ({"cost": [1.0, 2.0]}, "cost"),
        ({"cost": [-1.0]}, "cost"),
        ({"budget": [1.0]}, "budget"),
        ({"budget": [1.0, -2.0]}, "budget"),
        ({"capacity": [1, 2]}, "capacity"),
        ({"eligible": [[1], [2], [0]]}, "eligible"),
        ({"eligible": {"size": [[True]]}}, "eligible"),
        ({"advisers": ([0, 0, 3], [[1, 1]], [[1]])}, "advisers.region"),
        ({"advisers": ([0.5, 0, 0], [[1, 1]], [[1]])}, "advisers.region"),
        ({"advisers": ([0, 0, 0], [[1, 1, 1]], [[1]])}, "advisers.hours"),
        ({"advisers": ([0, 0, 0], [[1, 1]], [[1], [2]])}, "advisers.effort"),
        ({"advisers": ([0, 0, 0], [[1, 1]], [[1]], ["a", "b"])}, "advisers.names"),
        ({"equity": ([True], 0.4)}, "equity.weak"),
        ({"equity": ([True, False, False], 40)}, "equity.share"),
        ({"catchment": np.eye(2)}, "catchment"),
        ({"catchment": Catchment.within([[0, 0], [1, 1], [2, 2]], [1.0, 2.0])}, "catchment"),
        ({"per_place": 0}, "per_place"),
        ({"per_place": 1.5}, "per_place"),
        ({"discount": -0.1}, "discount"),
    ],
)
def test_bad_input(changes: dict, field: str) -> None:
    with pytest.raises(MethodError) as error:
        line(**changes)
    assert error.value.field == field


def test_bad_options() -> None:
    with pytest.raises(MethodError, match="gap"):
        solve(line(), gap=-1.0)
    with pytest.raises(MethodError, match="time_limit"):
        solve(line(), time_limit=0)
    with pytest.raises(MethodError, match="radius"):
        Catchment.within([[0, 0]], [-1.0])
    with pytest.raises(MethodError, match="catchment"):
        Catchment.within([0.0, 1.0], [1.0])
    with pytest.raises(MethodError, match="lat"):
        Catchment.of_lonlat([1.0, 2.0], [1.0], [1.0])
    with pytest.raises(MethodError, match="wrong"):
        line().but(wrong=1)
