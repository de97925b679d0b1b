"""Every real card is publishable; every broken one says where and why."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from django.utils.translation import override

from krzew.library.cards import empty_card
from krzew.library.loaders import read_cards
from krzew.library.validation import problems, shape_problems
from tests.library.conftest import Card, seed

CARDS = [pytest.param(card, id=path.stem) for path, card in read_cards()]


@pytest.fixture(autouse=True)
def in_english() -> Any:
    with override("en"):
        yield


@pytest.mark.parametrize("card", CARDS)
def test_real_cards_are_ready(card: Card) -> None:
    assert problems(card) == []
    assert shape_problems(card) == []


def test_an_empty_draft_is_allowed_but_not_ready() -> None:
    card = empty_card("nowa", "innovation", "Nowa", "New")
    assert shape_problems(card) == []
    assert {problem.path[0] for problem in problems(card)} >= {
        "summary_pl",
        "needs",
        "evidence",
        "sources",
        "asks",
    }


def broken(change: Callable[[Card], Any]) -> Card:
    card = copy.deepcopy(seed())
    change(card)
    return card


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda c: c.pop("name_en"), "name_en"),
        (lambda c: c.update(summary_en=""), "summary_en"),
        (lambda c: c["steps"][0].pop("text_en"), "steps.1.text_en"),
        (lambda c: c.update(groups=[], domains=[]), "groups"),
        (lambda c: c.update(needs=[]), "needs"),
        (lambda c: c["groups"].append("martians"), "groups"),
        (lambda c: c["needs"][0].update(code="boredom"), "needs.1.code"),
        (lambda c: c["numbers"]["jobs"].pop("source"), "numbers.jobs.source"),
        (lambda c: c["numbers"]["jobs"].update(source="nowhere"), "numbers.jobs.source"),
        (lambda c: c["numbers"]["jobs"].update(low=10, high=2), "numbers.jobs"),
        (lambda c: c["numbers"]["jobs"].update(unit="PLN"), "numbers.jobs.unit"),
        (lambda c: c["numbers"]["jobs"].update(low="five"), "numbers.jobs.low"),
        (lambda c: c["numbers"]["jobs"].update(as_of="last year"), "numbers.jobs.as_of"),
        (
            lambda c: c["preconditions"][0].update(rule={"fact": "moon", "op": "is", "value": True}),
            "preconditions.1.rule",
        ),
        (lambda c: c["preconditions"][-1]["rule"].update(value=3), "preconditions"),
        (lambda c: c["preconditions"].append(c["preconditions"][0]), "preconditions"),
        (lambda c: c["evidence"][0].update(level=9), "evidence.1.level"),
        (lambda c: c["fit"].update(evidence_level=5), "fit.evidence_level"),
        (lambda c: c["sources"].append(c["sources"][0]), "sources"),
        (lambda c: c.update(slug="compare"), "slug"),
        (lambda c: c.update(slug="Zła Nazwa"), "slug"),
        (lambda c: c.update(name_pl="<b>Żłobek</b>"), "name_pl"),
        (
            lambda c: c["steps"][0].update(text_pl="Kliknij <script>alert(1)</script> tutaj"),
            "steps.1.text_pl",
        ),
        (lambda c: c.update(name_pl="Żło\x00bek"), "name_pl"),
        (lambda c: c.update(surprise=1), ""),
        (lambda c: c.update(verified="yes"), "verified"),
    ],
)
def test_a_broken_card_is_refused_at_the_right_place(change: Callable[[Card], Any], where: str) -> None:
    found = problems(broken(change))
    assert found
    assert any(problem.where.startswith(where) for problem in found), [str(p) for p in found]
    assert all(problem.text for problem in found)


def test_contradictory_rules_are_named() -> None:
    def clash(card: Card) -> None:
        card["preconditions"][-1]["rule"] = {"fact": "leader", "op": "is", "value": True}
        extra = card["preconditions"][-1] | {
            "code": "no_leader",
            "rule": {"fact": "leader", "op": "is", "value": False},
        }
        card["preconditions"].append(extra)

    (problem,) = problems(broken(clash))
    assert "leader" in problem.text
    assert "no_leader" in problem.text


def test_a_less_than_sign_is_not_markup() -> None:
    assert problems(broken(lambda c: c.update(summary_pl="Koszt < 100 zł, a zysk > 0 dla każdego."))) == []


@pytest.mark.parametrize(
    "hostile", [None, [], "card", 5, {"slug": ["a"]}, {"numbers": []}, {"needs": {"a": 1}}]
)
def test_anything_at_all_gets_problems_and_no_crash(hostile: Any) -> None:
    assert problems(hostile)
    if not isinstance(hostile, dict):
        assert shape_problems(hostile)
