"""Assignment: the toy of PeerReview4All, the linear programme and brute force as oracles, and refusals."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from krzew.methods import MethodError
from krzew.methods.assignment import (
    Assignment,
    Infeasible,
    Party,
    assign,
    conflicts_from,
    reassign,
)

TOY = [[1, 0.8, 1], [0, 0, 0.24], [0.25, 0.25, 0.5]]
seeds = st.integers(0, 2**32 - 1)


def every_assignment(affinity: np.ndarray, blocked: np.ndarray, k: int, load: int) -> list[np.ndarray]:
    """All whole assignments of a small case, by listing."""
    n, m = affinity.shape
    choices = [[c for c in combinations(range(n), k) if not blocked[list(c), p].any()] for p in range(m)]
    found = []
    for chosen in product(*choices):
        matrix = np.zeros((n, m), dtype=bool)
        for p, people in enumerate(chosen):
            matrix[list(people), p] = True
        if (matrix.sum(axis=1) <= load).all():
            found.append(matrix)
    return found


def small_case(seed: int) -> tuple[np.ndarray, np.ndarray, int, int]:
    stream = np.random.default_rng(seed)
    n, m, k = int(stream.integers(3, 6)), int(stream.integers(2, 5)), int(stream.integers(1, 3))
    load = int(-(-m * k // n) + stream.integers(0, 2))
    return np.round(stream.random((n, m)), 2), stream.random((n, m)) < 0.15, k, load


def sums(affinity: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    return np.where(matrix, affinity, 0.0).sum(axis=0)


def test_toy_of_peerreview4all() -> None:
    total, fair = (assign(TOY, per_idea=1, load=1, objective=o) for o in ("sum", "maxmin"))
    assert (total.total, total.worst) == (pytest.approx(1.50), 0.0)
    assert (fair.total, fair.worst) == (pytest.approx(1.49), 0.24)
    assert fair.by_idea == ((0,), (2,), (1,))
    assert fair.by_assessor == ((0,), (2,), (1,))
    assert fair.pairs == ((0, 0), (2, 1), (1, 2))
    assert total.proved
    assert fair.proved
    turned = assign(np.transpose(TOY), per_idea=1, load=1)
    assert (turned.total, turned.worst) == (pytest.approx(1.49), 0.24)


@given(seeds)
def test_best_total_and_fairest_by_listing(seed: int) -> None:
    affinity, blocked, k, load = small_case(seed)
    cases = every_assignment(affinity, blocked, k, load)
    if not cases:
        with pytest.raises(Infeasible) as error:
            assign(affinity, blocked, per_idea=k, load=load)
        assert all(cause.short > 0 for cause in error.value.shortages)
        return
    total = assign(affinity, blocked, per_idea=k, load=load, objective="sum")
    assert total.total == pytest.approx(max(affinity[c].sum() for c in cases), abs=1e-7)
    fair = assign(affinity, blocked, per_idea=k, load=load)
    worst = max(sums(affinity, c).min() for c in cases)
    assert total.worst - 1e-12 <= fair.worst <= worst + 1e-12 <= fair.bound + 1e-9
    if k == 1:
        assert fair.worst == worst
    if fair.proved:
        assert fair.worst == pytest.approx(worst, abs=1e-5)
    for made in (total, fair):
        assert made.check() == ()
        assert not (made.matrix & blocked).any()


@given(seeds)
def test_leximin_is_lexicographic_for_one_assessor_per_idea(seed: int) -> None:
    affinity, blocked, _, load = small_case(seed)
    affinity = affinity + np.arange(affinity.size).reshape(affinity.shape) * 1e-4  # no ties
    cases = every_assignment(affinity, blocked, 1, load)
    if cases:
        made = assign(affinity, blocked, per_idea=1, load=load, objective="leximin")
        best = max(tuple(np.sort(sums(affinity, c))) for c in cases)
        np.testing.assert_allclose(np.sort(made.idea_affinity), best, atol=1e-9)


@pytest.mark.parametrize("size", [(12, 40), (90, 200)])
def test_equal_to_the_linear_programme(size: tuple[int, int]) -> None:
    stream = np.random.default_rng(4)
    n, m = size
    affinity, blocked = stream.random(size), stream.random(size) < 0.1
    load = -(-3 * m // n) + 1
    low = np.where(np.arange(n) % 2, load - 2, 0)
    made = assign(affinity, blocked, per_idea=3, load=load, min_load=low, objective="sum")
    a, p = np.nonzero(~blocked)
    ideas = (p == np.arange(m)[:, None]).astype(float)
    people = (a == np.arange(n)[:, None]).astype(float)
    bounds = np.r_[np.full(n, load), -low]
    table = np.vstack([people, -people])
    lp = linprog(-affinity[a, p], A_ub=table, b_ub=bounds, A_eq=ideas, b_eq=np.full(m, 3), bounds=(0, 1))
    assert np.abs(lp.x - np.rint(lp.x)).max() < 1e-6
    assert made.total == pytest.approx(-lp.fun, abs=1e-6)
    assert made.bound >= -lp.fun - 1e-9
    assert made.proved
    assert made.check() == ()


@given(seeds)
def test_requirements_by_listing(seed: int) -> None:
    affinity, blocked, _, load = small_case(seed)
    stream = np.random.default_rng(seed + 1)
    expert, lived = stream.random(affinity.shape) < 0.5, stream.random(len(affinity)) < 0.5
    cases = [
        c
        for c in every_assignment(affinity, blocked, 2, load + 1)
        if (c & expert).any(axis=0).all() and (c & lived[:, None]).any(axis=0).all()
    ]
    call = {"per_idea": 2, "load": load + 1, "competences": expert, "lived": lived}
    if not cases:
        with pytest.raises(Infeasible):
            assign(affinity, blocked, **call)
        return
    made = assign(affinity, blocked, objective="sum", **call)
    assert made.total == pytest.approx(max(affinity[c].sum() for c in cases), abs=1e-5)
    assert made.check() == ()
    fair = assign(affinity, blocked, **call)
    assert fair.check() == ()
    assert fair.worst >= made.worst - 1e-12


def test_fair_beats_total_where_assessors_are_scarce() -> None:
    stream = np.random.default_rng(1)
    left, right = stream.dirichlet(np.full(8, 0.3), 26), stream.dirichlet(np.full(8, 0.3), 60)
    affinity = left @ right.T
    total, fair, full = (
        assign(affinity, per_idea=3, load=8, objective=o) for o in ("sum", "maxmin", "leximin")
    )
    assert fair.worst > 1.05 * total.worst
    assert fair.worst >= 0.9 * fair.bound
    assert full.worst >= fair.worst - 1e-12
    assert tuple(np.sort(full.idea_affinity)[:20]) > tuple(np.sort(fair.idea_affinity)[:20])
    assert total.total >= fair.total >= 0.99 * total.total


def test_competences_by_name() -> None:
    have = [{"law"}, {"care"}, {"law", "care"}, set()]
    made = assign(np.ones((4, 3)), per_idea=2, load=2, competences=(have, [{"law"}, {"care", "law"}, set()]))
    people = [set().union(*(have[a] for a in chosen)) for chosen in made.by_idea]
    assert "law" in people[0]
    assert {"law", "care"} <= people[1]
    as_table = (np.array([[1, 0], [0, 1], [1, 1], [0, 0]]), np.array([[1, 0], [1, 1], [0, 0]]))
    assert assign(np.ones((4, 3)), per_idea=2, load=2, competences=as_table).check() == ()


def test_ties_are_drawn_by_the_seed() -> None:
    ways = {assign(np.ones((6, 6)), per_idea=1, load=1, seed=s, objective="sum").pairs for s in range(8)}
    assert len(ways) > 4
    again = [assign(np.ones((6, 6)), per_idea=1, load=1, seed=3).pairs for _ in range(2)]
    assert again[0] == again[1]


def test_ties_never_cost_affinity() -> None:
    affinity = np.array([[0.5, 0.5], [0.5, 0.500001]])
    for seed in range(20):
        assert assign(affinity, per_idea=1, load=1, seed=seed, objective="sum").total > 1.0000005


def test_groups_are_linked_on_request() -> None:
    affinity = np.zeros((4, 6))
    affinity[:2, :3] = affinity[2:, 3:] = 1.0
    apart = assign(affinity, per_idea=2, load=3)
    assert (apart.parts, apart.connected) == (2, False)
    joined = assign(affinity, per_idea=2, load=3, connected=True)
    assert joined.connected
    assert joined.check() == ()
    assert joined.total == apart.total - sum(s.lost for s in joined.swaps) == 10.0
    blocked = affinity == 0
    stuck = assign(affinity, blocked, per_idea=2, load=3, connected=True)
    assert (stuck.parts, stuck.swaps) == (2, ())
    assert "osobne grupy: 2" in " ".join(stuck.explain("pl"))


@given(seeds)
def test_linking_keeps_every_condition(seed: int) -> None:
    stream = np.random.default_rng(seed)
    affinity = np.kron(np.eye(3), np.ones((3, 4))) + 0.1 * stream.random((9, 12))
    lived = np.tile([True, False, True], 3)
    made = assign(affinity, per_idea=2, load=3, min_load=2, lived=lived, connected=True, objective="sum")
    assert made.connected
    assert made.check() == ()


def scarce() -> Assignment:
    stream = np.random.default_rng(7)
    return assign(stream.random((10, 20)), stream.random((10, 20)) < 0.1, per_idea=3, load=8, min_load=3)


def test_reassign_changes_only_what_it_must() -> None:
    before = scarce()
    after = reassign(before, refused=[before.pairs[4]])
    assert after.check() == ()
    assert len(after.changes) == 1
    assert not after.matrix[before.pairs[4]]
    assert (after.matrix ^ before.matrix).sum() == 2
    gone = reassign(after, unavailable=[2])
    assert gone.by_assessor[2] == ()
    assert len(gone.changes) == len(after.by_assessor[2])
    assert (gone.matrix | after.matrix)[np.arange(10) != 2].sum() == after.matrix.sum()
    assert not gone.matrix[before.pairs[4]]  # a refusal stays refused
    assert "Reszta zostaje." in " ".join(after.explain("pl"))


def test_reassign_moves_others_only_when_nothing_less_will_do() -> None:
    affinity = np.array([[1.0, 1.0], [1.0, 1.0], [0.0, 0.0]])
    blocked = np.array([[0, 0], [0, 0], [1, 0]], dtype=bool)
    before = assign(affinity, blocked, per_idea=1, load=1)
    kept = before.by_idea[1][0]
    after = reassign(before, unavailable=[before.by_idea[0][0]])
    assert after.by_idea == ((kept,), (2,))
    with pytest.raises(Infeasible):
        reassign(after, unavailable=[2, kept])
    with pytest.raises(MethodError, match="unavailable"):
        reassign(before, unavailable=[9])


def causes(call: object, **more: object) -> tuple[tuple[str, int], ...]:
    with pytest.raises(Infeasible) as error:
        assign(call, **more)  # type: ignore[arg-type]
    for lang in ("pl", "en"):
        assert all(s.endswith(".") and "{" not in s for s in error.value.explain(lang))
    assert str(error.value).startswith("assignment: ")
    return tuple((c.kind, c.short) for c in error.value.shortages)


def test_shortage_of_one_idea() -> None:
    blocked = np.zeros((4, 3), dtype=bool)
    blocked[:3, 1] = True
    with pytest.raises(Infeasible) as error:
        assign(np.ones((4, 3)), blocked, per_idea=2, load=3, ideas=["a", "b", "c"])
    assert [(c.kind, c.ideas, c.short) for c in error.value.shortages] == [("idea", ("b",), 1)]
    assert error.value.explain("pl") == (
        "Do pomysłu „b” brakuje 1 osoby bez konfliktu interesów. Potrzeba: 2, jest: 1.",
    )


def test_shortage_in_totals() -> None:
    ones = np.ones((3, 4))
    assert causes(ones, per_idea=2, load=2) == (("load", 2),)
    assert causes(ones, per_idea=1, load=4, min_load=2) == (("min_load", 2),)
    blocked = np.array([[1, 1, 1, 0], [0, 0, 0, 0], [0, 0, 0, 0]], dtype=bool)
    assert causes(ones, conflicts=blocked, per_idea=2, load=4, min_load=2) == (("assessor", 1),)


def test_shortage_of_qualities() -> None:
    ones, nobody = np.ones((4, 3)), np.zeros(4, dtype=bool)
    assert causes(ones, per_idea=2, load=3, lived=nobody) == (("lived", 1),) * 3
    expert = np.ones((4, 3), dtype=bool)
    expert[:, 2] = False
    assert causes(ones, per_idea=2, load=3, competences=expert) == (("competence", 1),)
    have, need = [{"a"}, {"b"}, {"c"}, set()], [{"a", "b", "c"}, set(), set()]
    assert causes(ones, per_idea=2, load=3, competences=(have, need)) == (("qualities", 1),)
    one = np.array([True, False, False, False])
    assert causes(ones, per_idea=2, load=2, lived=one) == (("lived_set", 1),)


def test_shortage_of_a_set_names_the_smallest() -> None:
    blocked = np.zeros((6, 8), dtype=bool)
    blocked[2:, :3] = True  # ideas 0-2 have only assessors 0 and 1
    with pytest.raises(Infeasible) as error:
        assign(np.ones((6, 8)), blocked, per_idea=2, load=[2, 2, 9, 9, 9, 9])
    (cause,) = error.value.shortages
    assert (cause.kind, cause.ideas, cause.assessors) == ("set", ("1", "2", "3"), ("1", "2"))
    assert (cause.needed, cause.available, cause.short) == (6, 4, 2)


def test_shortage_that_only_appears_together() -> None:
    have, need = [{"a", "b"}, {"a"}, {"b"}], [{"a", "b"}, {"a", "b"}]
    with pytest.raises(Infeasible) as error:
        assign(np.ones((3, 2)), per_idea=1, load=1, competences=(have, need))
    (cause,) = error.value.shortages
    assert (cause.kind, cause.helps) == ("together", ("competence:a", "competence:b"))
    assert error.value.explain("pl")[1] == (
        "Wystarczy zrezygnować z jednego z tych warunków: kompetencja „a”; kompetencja „b”."
    )


def test_conflicts_from_every_route() -> None:
    assessors = [
        {"organisation": "Spółdzielnia Jutro", "gmina": "1206052"},
        Party(family=frozenset({"rodzina-1"})),
        {"organisations": ["Fundacja A", "Fundacja B"], "gminas": ["1261011"]},
        {},
    ]
    ideas = [
        {"organisation": "Spółdzielnia Jutro", "family": "rodzina-1", "gmina": "1206052"},
        {"organisation": "Stowarzyszenie C", "gmina": "1261011"},
        {"organisation": "", "gmina": None},
    ]
    found = conflicts_from(
        assessors, ideas, funding=[("Stowarzyszenie C", "Fundacja B")], declared=[(3, 2), (3, 2)]
    )
    assert found.reasons == {
        (0, 0): ("organisation", "gmina"),
        (1, 0): ("family",),
        (2, 1): ("gmina", "funding"),
        (3, 2): ("declared",),
    }
    assert found.matrix.sum() == 4
    assert found.explain("pl")[0] == "Wykluczone pary: 4."
    assert "past funding: 1" in found.explain("en")[1]
    assert not conflicts_from(assessors, ideas, routes=["family"]).matrix[0, 0]
    made = assign(np.ones((4, 3)), found, per_idea=2, load=2)
    assert not (made.matrix & found.matrix).any()


def test_conflicts_as_table_or_pairs() -> None:
    table = np.zeros((4, 3), dtype=bool)
    table[1, 2] = table[0, 0] = True
    given = [table, table.tolist(), table.astype(int), [(1, 2), (0, 0)], {(1, 2), (0, 0)}]
    assert len({assign(np.ones((4, 3)), g, per_idea=2, load=3).provenance.data_hash for g in given}) == 1
    assert assign(np.ones((4, 3)), [], per_idea=2, load=3).check() == ()


def test_explained_in_both_languages() -> None:
    made = assign(TOY, per_idea=1, load=1, ideas=["Pralnia", "Żłobek", "Taxi"])
    said = made.explain("pl")
    assert said[0] == "Każdy pomysł ma komplet osób oceniających. Pomysły: 3, osoby: 3, oceny: 3."
    assert "Najsłabiej dopasowane osoby ma pomysł „Taxi” (dopasowanie 0,24). Razem: 1,49." in said
    assert "No other assignment gives the idea served worst more." in made.explain("en")
    assert "“Taxi”" in " ".join(made.explain("en"))
    with pytest.raises(MethodError, match="lang"):
        made.explain("de")


def test_work_can_be_stopped_and_watched() -> None:
    affinity, heard = np.random.default_rng(1).random((10, 30)), []
    early = assign(affinity, per_idea=3, load=10, objective="leximin", stop=lambda: True)
    assert early.check() == ()
    assign(affinity, per_idea=3, load=10, objective="leximin", progress=lambda x, s: heard.append((x, s)))
    assert heard[-1][1] == "leximin"
    assert all(0 <= x <= 1 for x, _ in heard)


def test_check_finds_what_is_broken() -> None:
    made = scarce()
    matrix = made.matrix.copy()
    a, p = made.pairs[0]
    matrix[a, p] = False
    broken = Assignment(made.problem, matrix, "sum", 0.0, False, 0, made.provenance)
    assert broken.check() == (f"idea {p + 1}: 2 assessors, not 3",)
    matrix[a, p] = True
    blocked, idea = (int(x) for x in np.argwhere(~made.problem.admissible)[0])
    matrix[blocked, idea] = True
    worse = Assignment(made.problem, matrix, "sum", 0.0, False, 0, made.provenance)
    assert f"assessor {blocked + 1}, idea {idea + 1}: conflict" in worse.check()
    assert f"idea {idea + 1}: 4 assessors, not 3" in worse.check()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"affinity": [[np.nan]]}, "affinity"),
        ({"affinity": [1.0]}, "affinity"),
        ({"affinity": np.empty((0, 3))}, "affinity"),
        ({"per_idea": 0}, "per_idea"),
        ({"per_idea": 1.5}, "per_idea"),
        ({"per_idea": [1, 2]}, "per_idea"),
        ({"load": -1}, "load"),
        ({"min_load": 3}, "min_load"),
        ({"conflicts": [[True]]}, "conflicts"),
        ({"conflicts": [(0, 5)]}, "conflicts"),
        ({"conflicts": [(0.5, 1)]}, "conflicts"),
        ({"affinity": np.ones((3, 2)), "conflicts": [[0, 1], [1, 0], [0, 0]]}, "conflicts"),
        ({"competences": [[2, 0, 0]] * 3}, "competences"),
        ({"competences": ([{"a"}], [{"a"}] * 3)}, "competences"),
        ({"lived": [True]}, "lived"),
        ({"objective": "best"}, "objective"),
        ({"assessors": ["a", "a", "b"]}, "assessors"),
        ({"ideas": ["a"]}, "ideas"),
        ({"time_limit": 0}, "time_limit"),
    ],
)
def test_bad_input(more: dict[str, object], field: str) -> None:
    call = {"affinity": TOY, "per_idea": 1, "load": 2} | more
    with pytest.raises(MethodError) as error:
        assign(**call)  # type: ignore[arg-type]
    assert error.value.field == field


def test_bad_parties() -> None:
    for call in (
        lambda: conflicts_from([{"company": "x"}], [{}]),
        lambda: conflicts_from([{}], [{}], routes=["school"]),
        lambda: conflicts_from([{}], [{}], declared=[(0, 1)]),
    ):
        with pytest.raises(MethodError):
            call()
