"""Feeds are read back by a small reader of RFC 5545 written for this test alone."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from krzew.timeline.icalendar import CalendarEvent, calendar

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
WARSAW = ZoneInfo("Europe/Warsaw")


def lines_of(feed: str) -> list[str]:
    """Unfolded lines; every rule of the wire is asserted on the way."""
    raw = feed.encode()
    assert raw.endswith(b"\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    pieces = raw[:-2].split(b"\r\n")
    assert all(len(piece) <= 75 for piece in pieces)
    assert all(piece.decode() for piece in pieces)  # no character is cut in two
    return "\r\n".join(piece.decode() for piece in pieces).replace("\r\n ", "").split("\r\n")


def events_of(feed: str) -> list[dict[str, str]]:
    lines = lines_of(feed)
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    found: list[dict[str, str]] = []
    for line in lines:
        name, _colon, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and line != "END:VEVENT" and name != "END":
            assert name not in found[-1]
            found[-1][name] = value
    return found


def text_of(value: str) -> str:
    return re.sub(r"\\(.)", lambda m: "\n" if m[1] in "nN" else m[1], value)


def event(**more: object) -> CalendarEvent:
    first: dict[str, object] = {
        "uid": "call-1@example.org",
        "at": datetime(2026, 7, 1, 23, 59, 59, tzinfo=WARSAW),
        "title": "Koniec naboru",
        "changed_at": NOW,
    }
    return CalendarEvent(**{**first, **more})  # type: ignore[arg-type]


def test_a_moment_is_told_in_utc() -> None:
    (found,) = events_of(calendar("Nabory", [event()]))
    assert found["DTSTART"] == "20260701T215959Z"
    assert "DTEND" not in found
    assert (found["SEQUENCE"], found["STATUS"]) == ("0", "CONFIRMED")


def test_a_day_is_a_whole_day() -> None:
    (found,) = events_of(calendar("Nabory", [event(at=date(2026, 12, 31))]))
    assert found["DTSTART;VALUE=DATE"] == "20261231"
    assert found["DTEND;VALUE=DATE"] == "20270101"


def test_a_cancelled_one_says_so() -> None:
    (found,) = events_of(calendar("Nabory", [event(cancelled=True, revision=3)]))
    assert (found["SEQUENCE"], found["STATUS"]) == ("3", "CANCELLED")


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        calendar("Nabory", [event(at=datetime(2026, 1, 1, 12))])


def test_nobody_writes_a_line_of_her_own_into_the_feed() -> None:
    evil = "Nabór\r\nEND:VEVENT\r\nBEGIN:VEVENT\nX:1\rY;Z,\\n\x00"
    (found,) = events_of(
        calendar(evil, [event(title=evil, text=evil, uid=evil, url="https://x.example/\r\nX:1")])
    )
    assert text_of(found["SUMMARY"]) == "Nabór\nEND:VEVENT\nBEGIN:VEVENT\nX:1\nY;Z,\\n"
    assert found["URL"] == "https://x.example/X:1"


@given(st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=300))
def test_any_text_comes_back(text: str) -> None:
    (found,) = events_of(calendar("Nabory", [event(title=text)]))
    assert text_of(found["SUMMARY"]) == text
