"""What several meetings add up to, whatever the method."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from krzew.accounts.actors import Actor
from krzew.network.acts import Sheet, VoiceRow, enter_meeting
from krzew.network.models import Meeting, Method, Voice
from krzew.network.queries import heard, meetings_about, points, with_voices
from krzew.places.models import Unit
from tests.diagnosis.conftest import CZARNKOW, sheet


def _read(*meetings: Meeting) -> list[Meeting]:
    return list(with_voices(Meeting.objects.filter(pk__in=[m.pk for m in meetings])))


def test_dots_are_shared_among_those_who_came(meeting: Meeting) -> None:
    said = heard(_read(meeting))
    first = said.tallies[0]
    assert first.need == "disability_work"
    assert first.share == pytest.approx(30 / 48)
    assert said.total_people == 31
    assert sum(sum(row.values()) for row in said.votes.values()) == pytest.approx(31)
    assert "school" in said.missing
    assert "workshop" not in said.missing


def test_a_ranking_gives_the_first_most(adviser: Actor, place: Unit) -> None:
    rows = [
        VoiceRow(f"problem {n}", "residents", need, rank=n)
        for n, need in ((1, "work"), (2, "poverty"), (3, "civic"))
    ]
    kept = enter_meeting(
        adviser, place, sheet(method=Method.RANKING, voices=rows, attendance={"residents": 6})
    )
    shares = {t.need: t.share for t in heard(_read(kept)).tallies}
    assert shares == pytest.approx({"work": 3 / 6, "poverty": 2 / 6, "civic": 1 / 6})


def test_a_large_meeting_counts_more(adviser: Actor, place: Unit) -> None:
    large = sheet(attendance={"residents": 30}, voices=[VoiceRow("a", "residents", "work", votes=1)])
    small = sheet(attendance={"residents": 10}, voices=[VoiceRow("b", "residents", "poverty", votes=99)])
    both = [enter_meeting(adviser, place, large), enter_meeting(adviser, place, small)]
    shares = {t.need: t.share for t in heard(_read(*both)).tallies}
    assert shares == pytest.approx({"work": 0.75, "poverty": 0.25})


def test_unsorted_statements_are_counted_apart(adviser: Actor, place: Unit) -> None:
    rows = [VoiceRow("a", "residents", "work", votes=2), VoiceRow("b", "residents", "", votes=2)]
    said = heard(_read(enter_meeting(adviser, place, sheet(voices=rows))))
    assert said.unsorted == 1
    assert [t.need for t in said.tallies] == ["work"]


@given(st.lists(st.integers(0, 40), min_size=1, max_size=12))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_points_are_the_dots(dots: list[int]) -> None:
    voices = [Voice(text="x", votes=n) for n in dots]
    given_ = points(Meeting(method=Method.DOTS), voices)
    assert given_ == (dots if any(dots) else [1] * len(dots))


def test_dates_and_owners_limit_what_counts(meeting: Meeting, adviser: Actor, outsider: Actor) -> None:
    assert adviser.organisation
    assert outsider.organisation
    assert meetings_about(adviser.organisation, CZARNKOW).count() == 1
    assert meetings_about(adviser.organisation, CZARNKOW, since=date(2026, 10, 1)).count() == 0
    assert meetings_about(outsider.organisation, CZARNKOW).count() == 0


def test_an_empty_sheet_says_nothing(adviser: Actor, place: Unit) -> None:
    kept = enter_meeting(adviser, place, Sheet(date=date(2026, 9, 1), title="Pusto"))
    said = heard(_read(kept))
    assert said.tallies == ()
    assert said.total_people == 0
