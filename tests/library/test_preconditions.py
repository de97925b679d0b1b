"""Three-valued rules: what nobody knows stays a question, and never excludes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from krzew.library.preconditions import atoms, check, contradictions, outcome
from tests.library.conftest import seed

YES = {"fact": "leader", "op": "is", "value": True}
MANY = {"fact": "legal_founders", "op": ">=", "value": 2}
RICH = {"indicator": "own_revenue", "op": ">", "value": 1000}


@dataclass
class Carrier:
    preconditions: list[dict[str, Any]]


def condition(rule: dict[str, Any], code: str = "c", effect: str = "must") -> dict[str, Any]:
    texts = dict.fromkeys(("text_pl", "text_en", "question_pl", "question_en", "source"), "x")
    return {"code": code, "basis": "law", "effect": effect, "rule": rule, "verified": True, **texts}


@pytest.mark.parametrize(
    ("rule", "facts", "values", "expected"),
    [
        (YES, {"leader": True}, {}, "pass"),
        (YES, {"leader": False}, {}, "fail"),
        (YES, {"leader": None}, {}, "unknown"),
        (YES, {}, {}, "unknown"),
        (MANY, {"legal_founders": 2}, {}, "pass"),
        (MANY, {"legal_founders": 1}, {}, "fail"),
        (MANY, {"legal_founders": 0}, {}, "fail"),
        (RICH, {}, {"own_revenue": 1000}, "fail"),
        (RICH, {}, {"own_revenue": 1000.5}, "pass"),
        (RICH, {}, {"own_revenue": None}, "unknown"),
        (RICH, {}, {"own_revenue": float("nan")}, "unknown"),
        ({"any": [YES, MANY]}, {"leader": True}, {}, "pass"),
        ({"any": [YES, MANY]}, {"leader": False}, {}, "unknown"),
        ({"all": [YES, MANY]}, {"leader": False}, {}, "fail"),
        ({"all": [YES, MANY]}, {"leader": True}, {}, "unknown"),
        ({"not": YES}, {"leader": False}, {}, "pass"),
        ({"not": YES}, {}, {}, "unknown"),
        ({"any": [{"all": [YES, MANY]}, RICH]}, {"leader": False}, {"own_revenue": 5}, "fail"),
    ],
)
def test_outcomes(rule: dict[str, Any], facts: Any, values: Any, expected: str) -> None:
    assert outcome(rule, facts, values) == expected


TREES = st.recursive(
    st.sampled_from([{"fact": name, "op": "is", "value": True} for name in "abc"]),
    lambda inner: st.one_of(
        st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=2, max_size=3)),
        st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=2, max_size=3)),
        st.builds(lambda part: {"not": part}, inner),
    ),
    max_leaves=8,
)
FACTS = st.fixed_dictionaries({name: st.sampled_from([True, False, None]) for name in "abc"})


@given(TREES, FACTS)
def test_a_decided_outcome_survives_every_answer(rule: dict[str, Any], facts: dict[str, bool | None]) -> None:
    """Kleene logic is sound: pass or fail holds whatever the unknown facts turn out to be."""
    known = outcome(rule, facts, {})
    unknown = [name for name, value in facts.items() if value is None]
    possible = {
        outcome(rule, facts | dict(zip(unknown, answers, strict=True)), {})
        for answers in product([True, False], repeat=len(unknown))
    }
    assert "unknown" not in possible
    if known != "unknown":
        assert possible == {known}


def test_results_carry_question_and_evidence() -> None:
    results = check(Carrier(seed()["preconditions"]), {"legal_founders": 1, "natural_founders": None}, {})
    founders = next(r for r in results if r.code == "founders")
    assert founders.outcome == "unknown"
    assert not founders.excludes
    assert [(f.code, f.found, f.outcome) for f in founders.findings] == [
        ("legal_founders", 1, "fail"),
        ("natural_founders", None, "unknown"),
    ]
    assert [f.code for f in founders.unanswered] == ["natural_founders"]
    assert founders.question_pl.endswith("?")


def test_only_must_excludes() -> None:
    results = check(Carrier([condition(YES, "a"), condition(YES, "b", "should")]), {"leader": False}, {})
    assert [r.excludes for r in results] == [True, False]


def test_a_decided_rule_asks_nothing() -> None:
    (result,) = check(Carrier([condition({"any": [YES, MANY]})]), {"leader": True}, {})
    assert result.outcome == "pass"
    assert result.unanswered == ()


@pytest.mark.parametrize(
    ("one", "two", "clash"),
    [
        ((">=", 5000), ("<=", 2000), True),
        ((">=", 5), ("<=", 5), False),
        ((">", 5), ("<=", 5), True),
        (("is", 5), (">=", 6), True),
        (("is", 5), ("<", 6), False),
        (("is", True), ("is", False), True),
        (("is", True), ("is", True), False),
        ((">", 1), (">=", 1), False),
    ],
)
def test_contradictions(one: tuple[str, Any], two: tuple[str, Any], clash: bool) -> None:
    rules = [
        condition({"fact": "x", "op": op, "value": value}, str(n)) for n, (op, value) in enumerate((one, two))
    ]
    assert bool(contradictions(rules)) is clash
    assert bool(contradictions(rules[::-1])) is clash


def test_what_is_not_required_does_not_contradict() -> None:
    no = {"fact": "leader", "op": "is", "value": False}
    assert contradictions([condition(YES), condition(no, effect="should")]) == []
    assert contradictions([condition(YES), condition({"any": [no, MANY]})]) == []
    (found,) = contradictions([condition(YES, "a"), condition({"all": [MANY, no]}, "b")])
    assert (found.first, found.second, found.code) == ("a", "b", "leader")


@given(TREES)
def test_atoms_are_the_comparisons(rule: dict[str, Any]) -> None:
    assert all("fact" in atom for atom in atoms(rule))
    assert str(rule).count("'fact'") == len(list(atoms(rule)))
