"""Points and verdicts under the rules of real programmes."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from krzew.calls.definition import templates
from krzew.calls.definition.assessment import MeritStage
from krzew.calls.scoring import Card, counted, needs_third, result, scored_stages, stage_result

IWS2, NIW = templates()["iws2"], templates()["niw"]
PART_A = ("innovativeness", "needs", "efficiency", "universality", "vision")
PART_B = ("testing", "potential", "deinstitutionalisation")


def card(assessor: str, codes: tuple[str, ...], *points: float, third: bool = False) -> Card:
    return Card(assessor, {c: Decimal(str(p)) for c, p in zip(codes, points, strict=True)}, third)


def test_every_minimum_and_a_total_of_thirty_fails_and_says_why() -> None:
    cards = {
        "merit_a": [card(a, PART_A, 5, 4, 4, 4, 4) for a in ("one", "two")],
        "pitch_b": [card(a, PART_B, 3, 3, 3) for a in ("one", "two", "three")],
    }
    found = result(IWS2, cards)
    assert found.total == 30
    assert all(stage.passed for stage in found.stages)
    assert not found.passed
    (miss,) = found.misses
    assert (miss.kind, miss.code, miss.points, miss.needed) == ("threshold", "sum_ab", 30, Decimal("32.5"))
    assert miss.label.pl == "Suma części A i B"


def test_a_mean_of_assessors_reaches_half_points() -> None:
    cards = {
        "merit_a": [card("one", PART_A, 6, 5, 5, 5, 5), card("two", PART_A, 5, 4, 4, 4, 4)],
        "pitch_b": [card("one", PART_B, 3, 3, 3)],
    }
    found = result(IWS2, cards)
    assert found.points("innovativeness") == Decimal("5.5")
    assert found.total == Decimal("32.5")
    assert found.passed


def test_thirds_add_up_to_a_whole_and_no_hundredth_is_lost_on_the_way() -> None:
    """Means of 3.33, 3.33 and 4.33 show 10.99 when rounded first; the three cards say 11, and 11 is enough."""
    cards = {
        "merit_a": [card("one", PART_A, 5, 4, 4, 4, 4), card("two", PART_A, 6, 4, 4, 4, 4)],
        "pitch_b": [card("a", PART_B, 3, 3, 4), card("b", PART_B, 3, 3, 4), card("c", PART_B, 4, 4, 5)],
    }
    found = result(IWS2, cards)
    assert [stage.total for stage in found.stages] == [Decimal("21.5"), Decimal("11")]
    assert found.total == Decimal("32.5")
    assert found.passed


def test_a_third_below_the_threshold_still_fails() -> None:
    cards = {
        "merit_a": [card("one", PART_A, 5, 4, 4, 4, 4), card("two", PART_A, 6, 4, 4, 4, 4)],
        "pitch_b": [card("a", PART_B, 3, 3, 4), card("b", PART_B, 3, 3, 4), card("c", PART_B, 4, 4, 4)],
    }
    (miss,) = result(IWS2, cards).misses
    assert (miss.code, miss.points) == ("sum_ab", Decimal("32.17"))


def test_one_criterion_below_its_minimum_fails_whatever_the_sum() -> None:
    found = result(IWS2, {"merit_a": [card(a, PART_A, 4, 10, 10, 10, 10) for a in "ab"]})
    assert [(m.kind, m.code, m.needed) for m in found.misses] == [("criterion", "innovativeness", 5)]


def test_a_threshold_over_two_stages_waits_for_the_second() -> None:
    found = result(IWS2, {"merit_a": [card(a, PART_A, 5, 4, 4, 4, 4) for a in "ab"]})
    assert found.passed


NIW_CRITERIA = ("first", "second", "third", "fourth", "fifth")


@pytest.fixture
def niw() -> MeritStage:
    (stage,) = scored_stages(NIW)
    assert isinstance(stage, MeritStage)
    return stage


def test_a_difference_over_half_of_the_points_calls_a_third_whose_card_decides(niw: MeritStage) -> None:
    low, high = card("low", NIW_CRITERIA, 8, 4, 4, 4, 2), card("high", NIW_CRITERIA, 15, 10, 10, 10, 5)
    assert needs_third(niw, [low, high])
    assert not stage_result(niw, [low, high]).complete
    third = card("third", NIW_CRITERIA, 9, 6, 5, 5, 3, third=True)
    found = stage_result(niw, [low, high, third])
    assert found.complete
    assert (found.total, found.counted) == (28, ("third",))


def test_a_difference_of_exactly_the_limit_is_none(niw: MeritStage) -> None:
    low, high = card("low", NIW_CRITERIA, 7, 6, 5, 4, 3), card("high", NIW_CRITERIA, 15, 10, 10, 10, 5)
    assert stage_result(niw, [low, high]).differ_by == 25
    assert not needs_third(niw, [low, high])


def test_every_card_must_reach_the_minima_by_itself(niw: MeritStage) -> None:
    good, poor = card("good", NIW_CRITERIA, 15, 10, 10, 10, 5), card("poor", NIW_CRITERIA, 5, 9, 5, 5, 5)
    found = stage_result(niw, [good, poor])
    assert [(m.kind, m.code, m.assessor) for m in found.misses] == [("card_criterion", "first", "poor")]
    weak = card("weak", NIW_CRITERIA, 6, 4, 4, 4, 2)
    missed = {(m.kind, m.code) for m in stage_result(niw, [good, weak]).misses}
    assert missed == {("card_threshold", "card")}


def test_the_third_may_join_the_mean_or_pair_with_the_nearest(niw: MeritStage) -> None:
    cards = [
        card("low", NIW_CRITERIA, 0, 0, 0, 0, 0),
        card("high", NIW_CRITERIA, 15, 10, 10, 10, 5),
        card("third", NIW_CRITERIA, 12, 8, 8, 8, 4, third=True),
    ]
    rule = niw.divergence
    assert rule is not None
    nearest = niw.model_copy(update={"divergence": rule.model_copy(update={"third": "nearest_two"})})
    joins = niw.model_copy(update={"divergence": rule.model_copy(update={"third": "joins_mean"})})
    assert {c.assessor for c in counted(nearest, cards)} == {"high", "third"}
    assert len(counted(joins, cards)) == 3


points = st.lists(st.integers(0, 10), min_size=5, max_size=5)


@given(st.lists(points, min_size=2, max_size=6))
@settings(max_examples=50, deadline=None)
def test_order_of_cards_changes_nothing_and_means_stay_between(rows: list[list[int]]) -> None:
    cards = [card(str(i), PART_A, *row) for i, row in enumerate(rows)]
    stage = scored_stages(IWS2)[0]
    one, two = stage_result(stage, cards), stage_result(stage, cards[::-1])
    assert (one.by_criterion, one.total, one.misses) == (two.by_criterion, two.total, two.misses)
    for code, mean in one.by_criterion.items():
        given_points = [c.points[code] for c in cards]
        assert min(given_points) <= mean <= max(given_points)
