"""p-median, covering and p-center: OR-Library and spopt's published answers, brute force, bad input."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from krzew.methods import MethodError, location
from krzew.methods.location import Location
from tests.methods.data import table

seeds = st.integers(0, 2**32 - 1)
CENTERS = {1: 127, 2: 98, 3: 93, 4: 74, 5: 48, 6: 84, 7: 64, 8: 55, 9: 37, 10: 20}
"""Optima of the p-center on the same graphs (Daskin 2000; Elloumi, Labbé and Pochet 2004)."""


def pmed(number: int, folder: object) -> tuple[location.OrLib, int]:
    row = table("pmedian.csv")[number - 1]
    edges = [edge.replace("-", " ").replace(":", " ") for edge in row["edges"].split()]
    path = folder / "pmed.txt"  # type: ignore[operator]
    path.write_text("\n".join([f"{row['vertices']} {len(edges)} {row['p']}", *edges]), encoding="utf-8")
    return location.read_orlib(path), int(row["optimum"])


def san_francisco() -> tuple[np.ndarray, np.ndarray]:
    rows = table("san_francisco.csv")
    stores = [name for name in rows[0] if name != "people"]
    distance = np.array([[float(row[name]) for name in stores] for row in rows])
    return distance, np.array([float(row["people"]) for row in rows])


def answered(answer: Location) -> Location:
    """An answer that its own checker accepts and whose bound holds."""
    assert answer.check().broken == ()
    assert answer.facilities.dtype.kind == "i"
    assert answer.proved == (answer.status == "optimal")
    if answer.proved:
        assert answer.gap == 0
    return answer


def chosen(facilities: int, p: int, forced: np.ndarray) -> list[list[int]]:
    every = combinations(range(facilities), p)
    return [list(c) for c in every if set(np.flatnonzero(forced)) <= set(c)]


def small(seed: int) -> tuple[np.ndarray, np.ndarray, int, np.ndarray]:
    """A small rectangular case: ties, duplicates, infinite entries, weights with zeros, forced columns."""
    stream = np.random.default_rng(seed)
    n, m = int(stream.integers(1, 9)), int(stream.integers(1, 8))
    cost = stream.integers(0, 6, (n, m)).astype(float)
    if seed % 3 == 0:
        cost += np.round(stream.random((n, m)), 2)
    if m > 1:
        cost[:, int(stream.integers(m))] = cost[:, 0]
    cost[stream.random((n, m)) < 0.2 * (seed % 2)] = np.inf
    p = int(stream.integers(1, m + 1))
    forced = np.zeros(m, dtype=bool)
    forced[: seed % min(p + 1, 2)] = True
    return cost, stream.integers(0, 4, n).astype(float), p, forced


@pytest.mark.parametrize("number", range(1, 11))
def test_or_library(number: int, tmp_path: object) -> None:
    problem, optimum = pmed(number, tmp_path)
    answer = answered(location.p_median(problem.cost_matrix, problem.p_facilities))
    assert answer.objective == optimum
    assert answer.proved
    center = answered(location.p_center(problem.cost_matrix, problem.p_facilities))
    assert center.objective == CENTERS[number]


def test_the_last_of_repeated_edges_counts(tmp_path: object) -> None:
    path = tmp_path / "graph.txt"  # type: ignore[operator]
    path.write_text("3 3 1\n1 2 4\n2 1 9\n2 3 1\n", encoding="utf-8")
    read = location.read_orlib(path)
    np.testing.assert_array_equal(read.cost_matrix, [[0, 9, 10], [9, 0, 1], [10, 1, 0]])


@pytest.mark.parametrize(
    ("text", "row"),
    [("3 1 1\n1 x 2\n", "line 2: 1 x 2"), ("3 2 1\n1 2 2\n", ""), ("3 1 1\n1 4 2\n", ""), ("", "line 1")],
)
def test_a_file_that_cannot_be_read_is_named(text: str, row: str, tmp_path: object) -> None:
    path = tmp_path / "graph.txt"  # type: ignore[operator]
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MethodError) as error:
        location.read_orlib(path)
    assert error.value.row == row


def test_san_francisco_as_spopt_publishes_it() -> None:
    """spopt 0.7 with HiGHS on the same table: 5,000 m, four stores."""
    distance, people = san_francisco()
    fewest = answered(location.set_covering(distance, 5000))
    most = answered(location.max_covering(distance, 5000, 4, people))
    nearest = answered(location.p_median(distance, 4, people))
    center = answered(location.p_center(distance, 4))
    assert (fewest.objective, most.objective, most.n_cli_uncov) == (8, 875_247, 21)
    assert most.perc_cov == pytest.approx(89.75609756)
    assert nearest.objective == pytest.approx(2_848_268_132.717, abs=0.01)
    assert nearest.mean_dist == pytest.approx(2982.126861, abs=1e-6)
    assert nearest.facilities.tolist() == [1, 7, 8, 11]
    assert center.objective == 7403.064
    assert all(answer.proved for answer in (fewest, most, nearest, center))
    assert location.max_covering(distance, 5000, 4, people, predefined=[5]).objective == 858_890
    forced = location.p_median(distance, 4, people, predefined=np.arange(16) == 5)
    assert forced.objective == pytest.approx(3_020_833_516.432, abs=0.01)
    capacities = np.full(16, people.sum() / 4 * 1.15)
    held = answered(location.p_median(distance, 5, people, capacities=capacities))
    assert held.objective == pytest.approx(2_580_069_398.346, abs=0.01)
    split = answered(location.set_covering(distance, 8000, capacities=capacities, demand=people, split=True))
    assert split.objective == 4


@given(seeds)
def test_p_median_equals_brute_force(seed: int) -> None:
    cost, weights, p, forced = small(seed)
    finite = np.where(np.isinf(cost), np.inf, np.where(np.isinf(cost), 0, cost) * weights[:, None])
    best = min(finite[:, c].min(axis=1).sum() for c in chosen(cost.shape[1], p, forced))
    if np.isinf(best):
        with pytest.raises(MethodError):
            location.p_median(cost, p, weights, predefined=forced)
        return
    answer = answered(location.p_median(cost, p, weights, predefined=forced, prove=True))
    assert answer.objective == pytest.approx(best, abs=1e-9)
    assert answer.proved
    assert answer.objective_of(answer.facilities) == pytest.approx(best, abs=1e-9)


@given(seeds)
def test_covering_equals_brute_force(seed: int) -> None:
    cost, weights, p, forced = small(seed)
    sets = chosen(cost.shape[1], p, forced)
    most = max(weights[(cost[:, c] <= 2).any(axis=1)].sum() for c in sets)
    answer = answered(location.max_covering(cost, 2, p, weights, predefined=forced))
    assert answer.objective == pytest.approx(most)
    assert answer.proved
    if not (cost <= 2).any(axis=1).all():
        with pytest.raises(MethodError) as error:
            location.set_covering(cost, 2)
        assert error.value.row == ", ".join(map(str, np.flatnonzero(~(cost <= 2).any(axis=1))[:5])) + (
            ", …" if (~(cost <= 2).any(axis=1)).sum() > 5 else ""
        )
        return
    sizes = range(1, cost.shape[1] + 1)
    least = next(
        k for k in sizes if any((cost[:, c] <= 2).any(axis=1).all() for c in chosen(cost.shape[1], k, forced))
    )
    fewest = answered(location.set_covering(cost, 2, predefined=forced))
    assert (fewest.objective, fewest.proved) == (least, True)


@given(seeds)
def test_p_center_equals_brute_force(seed: int) -> None:
    cost, _, p, forced = small(seed)
    best = min(cost[:, c].min(axis=1).max() for c in chosen(cost.shape[1], p, forced))
    if np.isinf(best):
        with pytest.raises(MethodError):
            location.p_center(cost, p, predefined=forced)
        return
    answer = answered(location.p_center(cost, p, predefined=forced))
    assert (answer.objective, answer.proved) == (best, True)


def plane(seed: int, n: int, m: int) -> np.ndarray:
    stream = np.random.default_rng(seed)
    places = stream.uniform(0, 100, (n + m, 2))
    return np.hypot(*(places[:n, None] - places[None, n:]).transpose(2, 0, 1))


def exact(cost: np.ndarray, p: int) -> float:
    """The classic model through SciPy's own HiGHS."""
    from scipy.optimize import LinearConstraint, milp

    n, m = cost.shape
    assign = np.zeros((n, m + n * m))
    link = np.zeros((n * m, m + n * m))
    for i in range(n):
        assign[i, m + i * m : m + (i + 1) * m] = 1
        for j in range(m):
            link[i * m + j, [m + i * m + j, j]] = 1, -1
    count = np.concatenate([np.ones(m), np.zeros(n * m)])
    rules = [
        LinearConstraint(assign, 1, 1),
        LinearConstraint(link, -np.inf, 0),
        LinearConstraint(count, p, p),
    ]
    whole = np.concatenate([np.ones(m), np.zeros(n * m)])
    return float(
        milp(
            np.concatenate([np.zeros(m), cost.ravel()]), integrality=whole, constraints=rules, bounds=(0, 1)
        ).fun
    )


@pytest.mark.parametrize(("seed", "p"), [(0, 1), (1, 3), (2, 6), (3, 11), (4, 12)])
def test_p_median_in_the_plane_equals_the_milp(seed: int, p: int) -> None:
    cost = plane(seed, 25, 12)
    answer = answered(location.p_median(cost, p, prove=True))
    assert answer.objective == pytest.approx(exact(cost, p), rel=1e-9)
    assert answer.proved


@pytest.mark.parametrize("seed", range(3))
def test_covering_of_many_places_equals_the_milp(seed: int) -> None:
    from scipy.optimize import LinearConstraint, milp

    n, p = 220, 14
    cost, weights = plane(seed, n, n), np.random.default_rng(seed).integers(1, 90, n).astype(float)
    within = (cost <= 9).astype(float)
    cover = LinearConstraint(np.hstack([within, np.eye(n)]), 1, np.inf)
    count = LinearConstraint(np.concatenate([np.ones(n), np.zeros(n)]), p, p)
    whole = np.concatenate([np.ones(n), np.zeros(n)])
    missed = milp(
        np.concatenate([np.zeros(n), weights]), integrality=whole, constraints=[cover, count], bounds=(0, 1)
    )
    answer = answered(location.max_covering(cost, 9, p, weights))
    assert answer.objective == pytest.approx(weights.sum() - missed.fun)
    assert answer.proved
    wide = (cost <= 16).astype(float)
    least = milp(
        np.ones(n), integrality=np.ones(n), constraints=LinearConstraint(wide, 1, np.inf), bounds=(0, 1)
    )
    if wide.any(axis=1).all():
        assert answered(location.set_covering(cost, 16)).objective == round(least.fun)


def test_the_bisection_of_a_p_center_agrees_with_set_covering() -> None:
    cost = plane(4, 150, 150)
    center = answered(location.p_center(cost, 8))
    assert center.proved
    assert location.set_covering(cost, center.objective).objective <= 8
    assert location.set_covering(cost, np.nextafter(center.objective, 0)).objective > 8


def brute_filling(cost: np.ndarray, demand: np.ndarray, capacities: np.ndarray, p: int) -> float:
    best = np.inf
    for open_ in combinations(range(cost.shape[1]), p):
        for code in range(p ** len(demand)):
            where = [open_[code // p**i % p] for i in range(len(demand))]
            if (np.bincount(where, demand, minlength=len(capacities)) <= capacities).all():
                best = min(best, float(cost[np.arange(len(demand)), where].sum()))
    return best


@pytest.mark.parametrize("seed", range(6))
def test_capacitated_p_median_equals_brute_force(seed: int) -> None:
    stream = np.random.default_rng(seed)
    cost, demand = plane(seed, 6, 4).round(seed % 2), stream.integers(1, 9, 6).astype(float)
    capacities = np.full(4, np.ceil(demand.sum() / 2 * 1.2))
    best = brute_filling(cost, demand, capacities, 2)
    if np.isinf(best):
        with pytest.raises(MethodError):
            location.p_median(cost, 2, capacities=capacities, demand=demand)
        return
    answer = answered(location.p_median(cost, 2, capacities=capacities, demand=demand))
    assert answer.objective == pytest.approx(best)
    assert answer.proved
    split = answered(location.p_median(cost, 2, capacities=capacities, demand=demand, split=True))
    assert split.objective <= answer.objective + 1e-9


def test_capacitated_answers_hold_what_they_serve() -> None:
    stream = np.random.default_rng(5)
    cost, demand = plane(5, 40, 40), stream.integers(1, 21, 40).astype(float)
    capacities = np.full(40, np.ceil(demand.sum() / 4))
    median = answered(location.p_median(cost, 5, capacities=capacities, demand=demand))
    most = answered(location.max_covering(cost, 25, 3, capacities=capacities, demand=demand))
    part = answered(location.max_covering(cost, 25, 3, capacities=capacities, demand=demand, split=True))
    fewest = answered(location.set_covering(cost, 60, capacities=capacities, demand=demand))
    assert median.proved
    assert (median.load <= capacities).all()
    assert median.load.sum() == demand.sum()
    assert most.objective <= part.objective + 1e-9
    assert fewest.objective >= 4


def test_pmedcap_is_read_and_solved() -> None:
    text = "1\n 1 14\n 4 2 6\n 1 0 0 3\n 2 3 4 3\n 3 20 20 2\n 4 20 29 4\n"
    read = location.read_pmedcap(text)[0]
    assert (read.p_facilities, read.best_known) == (2, 14)
    assert read.cost_matrix[0, 1] == 5
    answer = location.p_median(read.cost_matrix, 2, capacities=read.capacities, demand=read.demand)
    assert answered(answer).objective == 14
    with pytest.raises(MethodError):
        location.read_pmedcap(text[:30])


def test_bound_holds_when_the_time_is_over() -> None:
    cost = plane(7, 300, 300)
    answer = location.p_median(cost, 9, prove=True, time_limit=1e-6)
    assert answered(answer).status == "time_limit"
    assert 0 <= answer.bound <= answer.objective
    best = location.p_median(cost, 9, prove=True)
    assert answered(best).proved
    assert answer.bound <= best.objective <= answer.objective
    stopped = location.max_covering(cost, 12, 9, stop=lambda: True)
    whole = location.max_covering(cost, 12, 9)
    assert answered(stopped).bound >= answered(whole).objective >= stopped.objective
    loose = answered(location.p_median(cost, 9, gap=0.2))
    assert loose.gap <= 0.2


def test_progress_is_told() -> None:
    heard: list[float] = []
    location.p_median(plane(8, 80, 80), 5, progress=lambda share, _step: heard.append(share))
    assert heard
    assert all(0 <= share <= 1 for share in heard)


def test_threads_and_repeats_give_the_same_answer() -> None:
    cost = plane(9, 120, 120)

    def run(_: int) -> tuple[object, ...]:
        answer = location.p_median(cost, 8, seed=3)
        return answer.objective, answer.bound, answer.facilities.tolist(), answer.provenance

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(run, range(2))
    assert first == second == run(0)


def test_views_and_lists_as_spopt_gives_them() -> None:
    answer = location.p_median([[0, 3, 9], [3, 0, 9], [9, 9, 0], [8, 9, 1]], 2)
    assert answer.fac2cli == [[0, 1], [], [2, 3]] or answer.fac2cli == [[], [0, 1], [2, 3]]
    assert [len(row) for row in answer.cli2fac] == [1, 1, 1, 1]
    cover = location.max_covering([[0, 3, 9], [3, 0, 9], [9, 9, 0], [8, 9, 9]], 3, 3)
    assert cover.fac2cli == [[0, 1], [0, 1], [2]]
    assert cover.assignment.tolist() == [0, 1, 2, -1]
    assert np.isnan(cover.service_cost[3])


def test_the_checker_sees_a_wrong_answer() -> None:
    from dataclasses import replace

    answer = location.p_median(plane(10, 20, 20), 3)
    wrong = [
        replace(answer, objective=answer.objective * 0.9),
        replace(answer, bound=answer.objective * 1.1),
        replace(answer, facilities=answer.facilities[:2]),
        replace(answer, facilities=answer.facilities[::-1]),
        replace(answer, assignment=np.full(20, -1)),
    ]
    assert all(not case.check().feasible for case in wrong)


COST = [[1.0, 5.0, 9.0], [4.0, 2.0, 7.0]]


@pytest.mark.parametrize(
    ("call", "field", "row"),
    [
        (lambda: location.p_median(COST, 4), "p_facilities", "4"),
        (lambda: location.p_median(COST, 0), "p_facilities", "0"),
        (lambda: location.p_median(COST, 1.5), "p_facilities", "1.5"),
        (lambda: location.p_median(COST, 1, predefined=[0, 2]), "p_facilities", "1"),
        (lambda: location.p_median([[1, -2.0]], 1), "cost_matrix", "0, 1"),
        (lambda: location.p_median([[1, np.nan]], 1), "cost_matrix", "0, 1"),
        (lambda: location.p_median([1, 2], 1), "cost_matrix", ""),
        (lambda: location.p_median([["a"]], 1), "cost_matrix", ""),
        (lambda: location.p_median([[1, 2], [np.inf, np.inf]], 1), "cost_matrix", "1"),
        (lambda: location.p_median([[1, np.inf], [np.inf, 1]], 1), "p_facilities", "1"),
        (lambda: location.p_center([[1, np.inf], [np.inf, 1]], 1), "p_facilities", "1"),
        (lambda: location.p_median(COST, 1, [1.0]), "weights", ""),
        (lambda: location.p_median(COST, 1, [1.0, -1.0]), "weights", "1"),
        (lambda: location.p_median(COST, 1, predefined=[7]), "predefined", "7"),
        (lambda: location.p_median(COST, 1, predefined=[0.5]), "predefined", ""),
        (lambda: location.p_median(COST, 1, demand=[1, 1]), "demand", ""),
        (lambda: location.p_median(COST, 1, split=True), "split", ""),
        (lambda: location.p_median(COST, 1, capacities=[1, 1, 1]), "capacities", ""),
        (lambda: location.p_median(COST, 2, capacities=[1, 1, 1], demand=[1.5, 0.5]), "demand", "0"),
        (lambda: location.set_covering(COST, 1.5), "service_radius", "1"),
        (lambda: location.set_covering(COST, -1), "service_radius", "-1"),
        (lambda: location.max_covering(COST, np.nan, 1), "service_radius", "nan"),
        (lambda: location.p_median(COST, 1, time_limit=0), "time_limit", "0"),
    ],
)
def test_bad_input(call: Callable[[], object], field: str, row: str) -> None:
    with pytest.raises(MethodError) as error:
        call()
    assert (error.value.field, error.value.row) == (field, row)


def test_explained_in_both_languages() -> None:
    names = ("Lubasz", "Wieleń", "Drawsko")
    cost = [[0, 22.5, 30], [22.5, 0, 17], [30, 17, 0]]
    said = location.p_median(cost, 2, [5, 3, 1]).explain("pl", names, unit="km")
    assert said == (
        "Wybrane miejsca (2): „Lubasz” i „Wieleń”.",
        "Średnia odległość od najbliższego z nich: 1,89 km.",
        "Najdalej jest „Drawsko”: 17 km do miejsca „Wieleń”.",
        "To najlepszy możliwy wybór. Sprawdzone z dowodem.",
    )
    cover = location.max_covering(cost, 20, 1, [5, 3, 1])
    assert cover.explain("en", names, unit="km") == (
        "Places chosen (1): “Lubasz”.",
        "Within 20 km there are 55.6% (5 of 9).",
        "Out of reach (2): “Wieleń” and “Drawsko”.",
        "This is the best choice there is. It has been proved.",
    )
    fewest = location.set_covering(cost, 20).explain("pl", names, unit="km")
    assert fewest[-1] == "Mniej się nie da."
    center = location.p_center(cost, 2, predefined=[0]).explain("pl", names, unit="km")
    assert "Z góry ustalone: „Lubasz”." in center
    assert "Nikt nie ma dalej niż 17 km." in center
    filled = location.p_median(cost, 2, [5, 3, 1], capacities=[5, 9, 9]).explain("pl", names)
    assert "Miejsca zapełnione prawie do końca (1): „Lubasz”." in filled
    cut = location.p_median(plane(11, 200, 200), 9, time_limit=1e-6).explain("en")
    assert "No better choice was found" in cut[-1]
    with pytest.raises(MethodError):
        cover.explain("de")
    with pytest.raises(MethodError):
        cover.explain("pl", names[:2])
