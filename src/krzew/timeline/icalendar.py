"""Calendar feeds (iCalendar, RFC 5545), written by hand: few lines, and every one of them is checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

LONGEST = 75  # octets of a line without its end
PRODUCT = "-//Krzew//Krzew//PL"


@dataclass(frozen=True)
class CalendarEvent:
    """One moment, or one whole day when `at` is a date. `revision` grows with every change."""

    uid: str
    at: datetime | date
    title: str
    changed_at: datetime
    text: str = ""
    url: str = ""
    revision: int = 0
    cancelled: bool = False


def calendar(name: str, events: Iterable[CalendarEvent]) -> str:
    """A whole feed, ready to be sent as UTF-8."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    lines += [f"X-WR-CALNAME:{escaped(name)}", "X-WR-TIMEZONE:Europe/Warsaw"]
    for event in events:
        lines += _event(event)
    lines.append("END:VCALENDAR")
    return "".join(f"{line}\r\n" for whole in lines for line in folded(whole))


def _event(event: CalendarEvent) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escaped(event.uid)}"
    yield f"DTSTAMP:{_utc(event.changed_at)}"
    yield f"LAST-MODIFIED:{_utc(event.changed_at)}"
    yield f"SEQUENCE:{event.revision}"
    yield from _time(event.at)
    yield f"SUMMARY:{escaped(event.title)}"
    if event.text:
        yield f"DESCRIPTION:{escaped(event.text)}"
    if event.url:
        yield f"URL:{_one_line(event.url)}"
    yield f"STATUS:{'CANCELLED' if event.cancelled else 'CONFIRMED'}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _time(at: datetime | date) -> Iterator[str]:
    """A moment has no length; a day ends where the next one begins."""
    if isinstance(at, datetime):
        yield f"DTSTART:{_utc(at)}"
    else:
        yield f"DTSTART;VALUE=DATE:{at:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{at + timedelta(days=1):%Y%m%d}"


def _utc(at: datetime) -> str:
    if at.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    """Text as a value: backslash, comma, semicolon and line ends are escaped, other control characters left out."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    for sign in ("\\", ";", ","):
        plain = plain.replace(sign, "\\" + sign)
    return "".join(c for c in plain if c in "\n\t" or (c >= " " and c != "\x7f")).replace("\n", "\\n")


def _one_line(text: str) -> str:
    return "".join(text.split())


def folded(line: str) -> Iterator[str]:
    """A long line in pieces of at most 75 octets; no character is cut in two. The next piece begins with a space."""
    if len(line.encode()) <= LONGEST:
        yield line
        return
    piece, size = "", 0
    for character in line:
        octets = len(character.encode())
        if size + octets > LONGEST:
            yield piece
            piece, size = " ", 1
        piece += character
        size += octets
    yield piece
