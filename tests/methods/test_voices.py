"""Voices as figures, and the shown rule that joins them with statistics."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from krzew.methods import MethodError
from krzew.methods.needs import Estimate, combine, voices_score


def test_average_need_scores_50_and_a_silent_one_little() -> None:
    result = voices_score(
        {"ngo": {"a": 10, "b": 10}, "office": {"a": 10, "b": 10}}, {"ngo": 20, "office": 20}
    )
    assert result.scores["a"].value == pytest.approx(50.0)
    silent = voices_score({"ngo": {"a": 1000}}, {"ngo": 2000}, needs=["a", "b"]).scores["b"]
    assert silent.value < 1.0


def test_three_times_the_average_scores_75() -> None:
    votes = {"ngo": {"a": 60_000, "b": 0, "c": 0, "d": 20_000}}
    assert voices_score(votes, {"ngo": 80_000}).scores["a"].value == pytest.approx(75.0, abs=0.01)


def test_sectors_weigh_equally_however_many_came() -> None:
    small = voices_score(
        {"ngo": {"a": 100, "b": 0}, "church": {"a": 0, "b": 1000}}, {"ngo": 100, "church": 1000}
    )
    assert small.shares == {"a": 0.5, "b": 0.5}


def test_few_people_are_drawn_to_the_average_and_less_sure() -> None:
    few = voices_score({"ngo": {"a": 2, "b": 0}}, {"ngo": 2}).scores["a"]
    many = voices_score({"ngo": {"a": 200, "b": 0}}, {"ngo": 200}).scores["a"]
    assert few.value < many.value
    assert few.high - few.low > many.high - many.low


def test_every_sector_heard_is_surer_than_one() -> None:
    one = voices_score({"ngo": {"a": 50, "b": 20}}, {"ngo": 100}).scores["a"]
    votes = {s: {"a": 50.0, "b": 20.0} for s in ("ngo", "office", "firm", "church")}
    four = voices_score(votes, dict.fromkeys(votes, 100)).scores["a"]
    assert four.high - four.low < one.high - one.low


def test_nobody_came() -> None:
    result = voices_score({}, {"ngo": 0})
    assert (result.scores, result.people, result.sectors) == ({}, 0, ())


@pytest.mark.parametrize(
    ("votes", "people", "options", "field"),
    [
        ({"ngo": {"a": -1}}, {"ngo": 5}, {}, "votes"),
        ({"ngo": {"a": 1}}, {"ngo": 0}, {}, "people"),
        ({"ngo": {"a": 1}}, {"ngo": -2}, {}, "people"),
        ({"ngo": {"z": 1}}, {"ngo": 5}, {"needs": ["a"]}, "votes"),
        ({"ngo": {"a": 1}}, {"ngo": 5}, {"dots": 0}, "dots"),
    ],
)
def test_bad_votes(votes: dict, people: dict, options: dict, field: str) -> None:
    with pytest.raises(MethodError) as error:
        voices_score(votes, people, **options)
    assert error.value.field == field


def test_combined_by_hand() -> None:
    joined = combine({"a": Estimate(80, 70, 90)}, {"a": Estimate(40, 20, 60)}, 0.25)["a"]
    assert joined.severity == pytest.approx(70.0)
    assert joined.low == pytest.approx(70 - (7.5**2 + 5**2) ** 0.5)
    assert (joined.disagreement, joined.higher) == (True, "statistics")


def test_no_disagreement_when_intervals_meet_or_differ_little() -> None:
    assert not combine({"a": Estimate(80, 50, 90)}, {"a": Estimate(40, 20, 60)})["a"].disagreement
    assert not combine({"a": Estimate(50, 49, 51)}, {"a": Estimate(40, 39, 41)})["a"].disagreement
    assert (
        combine({"a": Estimate(50, 49, 51)}, {"a": Estimate(40, 39, 41)}, threshold=5)["a"].higher
        == "statistics"
    )


def test_one_side_only_keeps_its_figure() -> None:
    joined = combine({"a": Estimate(80, 70, 90)}, {"b": Estimate(40, 20, 60)})
    assert (joined["a"].severity, joined["a"].source) == (80, "statistics")
    assert (joined["b"].severity, joined["b"].source) == (40, "voices")


@pytest.mark.parametrize("weight", [-0.1, 1.1, float("nan")])
def test_bad_weight(weight: float) -> None:
    with pytest.raises(MethodError, match="weight"):
        combine({}, {}, weight)


def test_bad_estimate() -> None:
    with pytest.raises(MethodError):
        Estimate(50, 60, 70)


estimates = st.tuples(*[st.floats(0, 100)] * 3).map(sorted).map(lambda x: Estimate(x[1], x[0], x[2]))


@given(estimates, estimates, st.floats(0, 1))
def test_combined_stays_between_and_ordered(stats: Estimate, said: Estimate, weight: float) -> None:
    joined = combine({"a": stats}, {"a": said}, weight)["a"]
    low, high = sorted((stats.value, said.value))
    assert low - 1e-9 <= joined.severity <= high + 1e-9
    assert 0 <= joined.low <= joined.severity <= joined.high <= 100


@given(
    st.dictionaries(
        st.sampled_from("pqrs"), st.dictionaries(st.sampled_from("abc"), st.integers(0, 30)), min_size=1
    )
)
def test_scores_stay_in_range(votes: dict[str, dict[str, int]]) -> None:
    result = voices_score(votes, dict.fromkeys(votes, 10), needs=list("abc"))
    for estimate in result.scores.values():
        assert 0 <= estimate.low <= estimate.value <= estimate.high <= 100
