"""Deferred acceptance against `matching` and brute force; what theory promises of stable matchings."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matching.games import HospitalResident

from krzew.methods import MethodError
from krzew.methods.placement import Lottery, deferred_acceptance

seeds = st.integers(0, 2**32 - 1)


def market(
    seed: int, n: int = 8, m: int = 4, ties: bool = False
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Worth of workplaces to persons and of persons to workplaces, and slots; some pairs are not acceptable."""
    stream = np.random.default_rng(seed)
    wants, accepts = stream.random((n, m)), stream.random((m, n))
    if ties:
        wants, accepts = np.round(3 * wants), np.round(3 * accepts)
    wants[stream.random((n, m)) < 0.2] = np.nan
    accepts[stream.random((m, n)) < 0.2] = -np.inf
    return wants, accepts, stream.integers(0, 4, m)


def is_stable(held: tuple[int, ...], wants: np.ndarray, accepts: np.ndarray, slots: np.ndarray) -> bool:
    """The definition, pair by pair."""
    for i, j in product(range(len(wants)), range(len(slots))):
        if np.isnan(wants[i, j]) or np.isinf(accepts[j, i]):
            if held[i] == j:
                return False
            continue
        here = [accepts[j, k] for k in range(len(wants)) if held[k] == j]
        if len(here) > slots[j]:
            return False
        own = wants[i, held[i]] if held[i] >= 0 else -np.inf
        if wants[i, j] > own and slots[j] and (len(here) < slots[j] or accepts[j, i] > min(here)):
            return False
    return True


@given(seeds, st.booleans())
def test_nothing_blocks_a_stable_matching(seed: int, ties: bool) -> None:
    wants, accepts, slots = market(seed, 14, 5, ties)
    for proposing in ("person", "workplace"):
        result = deferred_acceptance(wants, accepts, slots, proposing=proposing)
        assert result.check() == ()
        assert is_stable(tuple(result.assignment), wants, accepts, slots)


@given(seeds)
def test_best_and_worst_of_all_stable_matchings(seed: int) -> None:
    wants, accepts, slots = market(seed, 5, 3)
    worth = np.where(np.isnan(wants) | np.isinf(accepts.T), -np.inf, wants)
    padded = np.column_stack([worth, np.full(5, -1.0)])  # no place, in the last column
    every = [h for h in product(range(-1, 3), repeat=5) if is_stable(h, wants, accepts, slots)]
    values = np.array([padded[np.arange(5), list(h)] for h in every])
    person = deferred_acceptance(wants, accepts, slots).assignment
    workplace = deferred_acceptance(wants, accepts, slots, proposing="workplace").assignment
    np.testing.assert_array_equal(padded[np.arange(5), person], values.max(axis=0))
    np.testing.assert_array_equal(padded[np.arange(5), workplace], values.min(axis=0))


@given(seeds)
def test_rural_hospitals(seed: int) -> None:
    """Both stable matchings place the same persons, fill as many slots, and a workplace with a vacancy has the
    same persons in both (Roth 1986)."""
    wants, accepts, slots = market(seed, 12, 6)
    first = deferred_acceptance(wants, accepts, slots)
    second = deferred_acceptance(wants, accepts, slots, proposing="workplace")
    assert set(first.unmatched) == set(second.unmatched)
    for j, capacity in enumerate(slots):
        one, other = set(first.matching[j]), set(second.matching[j])
        assert len(one) == len(other)
        assert one == other or len(one) == capacity


@given(seeds)
def test_no_person_gains_by_stating_other_preferences(seed: int) -> None:
    wants, accepts, slots = market(seed, 8, 4)
    honest = deferred_acceptance(wants, accepts, slots).assignment
    stream = np.random.default_rng(seed + 1)
    liar = int(stream.integers(8))
    truth = np.append(np.where(np.isnan(wants[liar]), -2.0, wants[liar]), -1.0)
    for _ in range(5):
        told = wants.copy()
        told[liar] = np.where(stream.random(4) < 0.3, np.nan, stream.random(4))
        found = deferred_acceptance(told, accepts, slots).assignment
        assert truth[found[liar]] <= truth[honest[liar]]


def names(wants: np.ndarray, accepts: np.ndarray, slots: np.ndarray) -> tuple[dict, dict, dict]:
    """Lists by name of a market without ties, for pairs that accept each other."""
    both = ~np.isnan(wants) & np.isfinite(accepts.T)
    persons = {
        f"p{i}": [f"w{j}" for j in np.argsort(-wants[i]) if both[i, j]]
        for i in range(len(wants))
        if both[i].any()
    }
    places = {
        f"w{j}": [f"p{i}" for i in np.argsort(-accepts[j]) if both[i, j]]
        for j in range(len(slots))
        if both[:, j].any()
    }
    return persons, places, {w: int(slots[int(w[1:])]) for w in places}


@pytest.mark.parametrize(
    ("n", "m", "side"), [(60, 25, "resident"), (60, 25, "hospital"), (120, 30, "resident")]
)
def test_equal_to_matching(n: int, m: int, side: str) -> None:
    wants, accepts, slots = market(n, n, m)
    persons, places, capacity = names(wants, accepts, slots + 1)
    peer = HospitalResident.create_from_dictionaries(persons, places, capacity).solve(optimal=side)
    proposing = "person" if side == "resident" else "workplace"
    ours = deferred_acceptance(persons, places, capacity, proposing=proposing)
    theirs = {str(w): tuple(str(p) for p in people) for w, people in peer.items()}
    assert {w: set(people) for w, people in ours.matching.items()} == {w: set(p) for w, p in theirs.items()}
    by_rows = deferred_acceptance(wants, accepts, slots + 1, proposing=proposing)
    assert {(f"p{i}", f"w{j}") for i, j in by_rows.pairs} == set(ours.pairs)


@given(seeds)
def test_lists_and_worths_say_the_same(seed: int) -> None:
    wants, accepts, slots = market(seed, 9, 5)
    lists = [[int(j) for j in np.argsort(-row) if not np.isnan(row[j])] for row in wants]
    others = [[int(i) for i in np.argsort(-row) if np.isfinite(row[i])] for row in accepts]
    table = np.full((9, 5), -1)
    for i, own in enumerate(lists):
        table[i, : len(own)] = own
    first = deferred_acceptance(wants, accepts, slots)
    np.testing.assert_array_equal(deferred_acceptance(lists, others, slots).assignment, first.assignment)
    np.testing.assert_array_equal(deferred_acceptance(table, others, slots).assignment, first.assignment)


def test_long_lists_leave_the_quick_path() -> None:
    """Everybody wants the same 200 workplaces in the same order: the last person goes through all of them."""
    wants = np.tile(-np.arange(200.0), (200, 1))
    accepts = np.tile(-np.arange(200.0), (200, 1))
    result = deferred_acceptance(wants, accepts, np.ones(200))
    np.testing.assert_array_equal(result.assignment, np.arange(200))
    assert result.proposals == 200 * 201 // 2
    reverse = deferred_acceptance(wants, accepts, np.ones(200), proposing="workplace")
    np.testing.assert_array_equal(reverse.assignment, np.arange(200))


@given(seeds)
def test_blocking_pairs_are_those_of_the_definition(seed: int) -> None:
    wants, accepts, slots = market(seed, 8, 4)
    solved = deferred_acceptance(wants, accepts, slots + 1)
    stream = np.random.default_rng(seed)
    held = np.full(8, -1)
    for i in stream.permutation(8):
        open_ = np.flatnonzero(solved.placed[i] & np.isfinite(wants[i]) & np.isfinite(accepts[:, i]))
        free = [j for j in open_ if (held == j).sum() < slots[j] + 1]
        held[i] = stream.choice(free) if free else -1
    other = replace(solved, assignment=held)
    found = {(int(i), int(j)) for i, j in other.blocking_pairs}
    expected = set()
    for i, j in product(range(8), range(4)):
        own = wants[i, held[i]] if held[i] >= 0 else -np.inf
        here = [accepts[j, k] for k in range(8) if held[k] == j]
        room = len(here) <= slots[j] or accepts[j, i] > min(here)
        if wants[i, j] > own and np.isfinite(accepts[j, i]) and room:
            expected.add((i, j))
    assert found == expected


def test_ties_follow_the_lottery_and_nothing_else() -> None:
    persons = {p: ["w"] for p in "abcdef"}
    wanted = np.zeros((6, 1)), np.zeros((1, 6)), [2]
    draw = Lottery("hidden until the closing date", "12 19 23 31 40 44")
    result = deferred_acceptance(*wanted, lottery=draw)
    order = [int(code) for code in draw.order([str(i) for i in range(6)])]
    assert set(np.flatnonzero(result.placed)) == set(order[:2])
    first = deferred_acceptance(persons, {"w": list("fedcba")}, {"w": 2}, lottery=draw)
    assert set(first.matching["w"]) == {"f", "e"}
    assert result.provenance.parameters["commitment"] == draw.commitment


def test_anyone_can_draw_the_lottery_again() -> None:
    draw = Lottery("secret", "7")
    assert draw.commitment == hashlib.sha256(b"secret").hexdigest()
    assert draw.verify(draw.commitment.upper())
    assert not Lottery("other", "7").verify(draw.commitment)
    assert draw.ticket("anna") == int(hashlib.sha256(b"secret|7|anna").hexdigest(), 16)
    assert draw.places(["a", "b", "c"]).tolist() == [draw.order("abc").index(c) for c in "abc"]
    wins = [Lottery(str(k)).order("ab")[0] for k in range(400)]
    assert 160 < wins.count("a") < 240


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"person_prefs": [[0, 0], [1]]}, "person_prefs"),
        ({"person_prefs": [[0, 5], [1]]}, "person_prefs"),
        (
            {"person_prefs": np.array([[0.5, np.inf], [1, 2]]), "workplace_prefs": np.ones((2, 2))},
            "person_prefs",
        ),
        ({"person_prefs": np.array([[0.5, 1.0], [1, 2]])}, "workplace_prefs"),
        ({"person_prefs": np.ones((2, 2)), "workplace_prefs": np.ones((2, 1))}, "workplace_prefs"),
        ({"capacities": [1]}, "capacities"),
        ({"capacities": [1, -1]}, "capacities"),
        ({"capacities": [1, 0.5]}, "capacities"),
        ({"capacities": {"w": 1}}, "person_prefs"),
        ({"proposing": "nobody"}, "proposing"),
    ],
)
def test_bad_input(change: dict, field: str) -> None:
    given_ = {"person_prefs": [[0, 1], [1]], "workplace_prefs": [[0, 1], [1, 0]], "capacities": [1, 1]}
    with pytest.raises(MethodError) as error:
        deferred_acceptance(**{**given_, **change})
    assert error.value.field == field


def test_bad_names() -> None:
    with pytest.raises(MethodError) as error:
        deferred_acceptance({"a": ["x", "y"]}, {"x": ["a"]}, {"x": 1})
    assert (error.value.field, error.value.row) == ("person_prefs", "a")
    with pytest.raises(MethodError, match="each workplace"):
        deferred_acceptance({"a": ["x"]}, {"x": ["a"]}, {})


def test_explained_and_checked() -> None:
    result = deferred_acceptance([[0], [0], []], [[0, 1]], [1])
    assert result.explain()[0] == "Pary: 1. Bez pary: 2 osoby."
    assert result.explain("en")[0] == "Pairs: 1. Without a pair: 2 people."
    broken = replace(result, assignment=np.array([-1, 0, 0]))
    assert {said.split(": ")[1] for said in broken.check()} == {"over capacity", "not acceptable", "blocking"}
    with pytest.raises(MethodError):
        result.explain("de")
