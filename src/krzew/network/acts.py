"""Entering and ordering what people said. The only code that changes meetings, voices and themes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from krzew.accounts.actors import Actor
from krzew.network.models import Attendance, Meeting, Method, Theme, Voice
from krzew.network.rules import change_meeting, change_theme, hold_meetings
from krzew.places.models import Unit
from krzew.timeline.acts import act, record


@dataclass(frozen=True)
class VoiceRow:
    """One line of the paper sheet; `pk` is set when the line was saved before, `remove` takes it away."""

    text: str
    sector: str = ""
    need: str = ""
    votes: int | None = None
    rank: int | None = None
    is_quote: bool = False
    pk: int | None = None
    remove: bool = False

    def fields(self) -> dict[str, Any]:
        names = ("text", "sector", "need", "votes", "rank", "is_quote")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class Sheet:
    """Everything on the paper sheet of one meeting."""

    date: date
    title: str
    where: str = ""
    method: str = Method.DOTS
    minutes: str = ""
    attendance: dict[str, int] = field(default_factory=dict)
    voices: Sequence[VoiceRow] = ()

    def head(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("date", "title", "where", "method", "minutes")}


@act
def enter_meeting(actor: Actor, place: Unit, sheet: Sheet) -> Meeting:
    """Keep a meeting that was held, with attendance and statements."""
    hold_meetings.require(actor)
    assert actor.organisation is not None
    meeting = Meeting.objects.create(organisation=actor.organisation, place=place, **sheet.head())
    _write_parts(meeting, sheet)
    record(actor, "network.meeting_entered", meeting, data=_counts(meeting))
    return meeting


@act
def correct_meeting(actor: Actor, meeting: Meeting, sheet: Sheet) -> Meeting:
    """Write the sheet over the meeting. Statements that are not on the sheet stay as they are."""
    change_meeting.require(actor, meeting)
    for name, value in sheet.head().items():
        setattr(meeting, name, value)
    meeting.save()
    _write_parts(meeting, sheet)
    record(actor, "network.meeting_corrected", meeting, data=_counts(meeting))
    return meeting


@act
def remove_meeting(actor: Actor, meeting: Meeting) -> None:
    """Take a meeting away that was entered by mistake. Signed diagnoses keep their own copy of its voices."""
    change_meeting.require(actor, meeting)
    record(
        actor, "network.meeting_removed", meeting, data={"title": meeting.title, "date": str(meeting.date)}
    )
    themes = set(meeting.voices.exclude(theme=None).values_list("theme_id", flat=True))
    meeting.delete()
    Theme.objects.filter(pk__in=themes, voices=None).delete()


@act
def name_need(actor: Actor, voice: Voice, need: str) -> Voice:
    """Say of which need a statement speaks."""
    change_meeting.require(actor, voice.meeting)
    old, voice.need = voice.need, need
    voice.save(update_fields=["need"])
    record(actor, "network.need_named", voice.meeting, data={"voice": voice.pk, "from": old, "to": need})
    return voice


@act
def merge_voices(actor: Actor, voices: Sequence[Voice], need: str, label: str) -> Theme:
    """Join statements that say the same into one theme. `split_theme` undoes it."""
    meetings = {voice.meeting for voice in voices}
    for meeting in meetings:
        change_meeting.require(actor, meeting)
    if len(voices) < 2 or len({m.place_id for m in meetings}) != 1:
        raise ValidationError(_("Choose at least two statements from meetings about the same place."))
    first = next(iter(meetings))
    emptied = {voice.theme_id for voice in voices if voice.theme_id}
    theme = Theme.objects.create(organisation=first.organisation, place=first.place, need=need, label=label)
    Voice.objects.filter(pk__in=[v.pk for v in voices]).update(theme=theme)
    Theme.objects.filter(pk__in=emptied, voices=None).delete()
    record(actor, "network.voices_merged", first, data={"theme": theme.pk, "voices": [v.pk for v in voices]})
    return theme


@act
def split_theme(actor: Actor, theme: Theme) -> list[Voice]:
    """Take a theme apart: every statement stands alone again, with its own need."""
    change_theme.require(actor, theme)
    voices = list(theme.voices.select_related("meeting"))
    number = theme.pk
    theme.delete()
    for meeting in {voice.meeting for voice in voices}:
        record(actor, "network.theme_split", meeting, data={"theme": number})
    return voices


def _write_parts(meeting: Meeting, sheet: Sheet) -> None:
    meeting.attendance.all().delete()
    rows = [Attendance(meeting=meeting, sector=s, people=n) for s, n in sheet.attendance.items() if n]
    Attendance.objects.bulk_create(rows)
    mine = {voice.pk: voice for voice in meeting.voices.all()}
    for row in sheet.voices:
        _write_voice(meeting, mine.get(row.pk) if row.pk else None, row)


def _write_voice(meeting: Meeting, voice: Voice | None, row: VoiceRow) -> None:
    if row.remove:
        if voice:
            voice.delete()
        return
    voice = voice or Voice(meeting=meeting)
    for name, value in row.fields().items():
        setattr(voice, name, value)
    voice.save()


def _counts(meeting: Meeting) -> dict[str, int]:
    people = sum(row.people for row in meeting.attendance.all())
    return {"people": people, "statements": meeting.voices.count()}
