"""From meetings to what the page's components need."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from krzew.network.forms import BaseVoices, MeetingForm
from krzew.network.models import Meeting, Method, Sector, Voice
from krzew.network.queries import Heard
from krzew.places import vocabulary
from krzew.ui import formats
from krzew.ui.components import Cell, Column, Fact, Link, Table


def sector_names(codes: Iterable[str]) -> list[str]:
    return [str(Sector(code).label) for code in codes]


def need_name(code: str) -> str:
    return vocabulary.needs()[code].name if code in vocabulary.needs() else _("not sorted yet")


def people_text(people: int) -> str:
    return ngettext("%(n)d person", "%(n)d people", people) % {"n": people}


def meeting_table(rows: Iterable[Any]) -> Table:
    columns = [
        Column("title", _("Meeting")),
        Column("place", _("Place")),
        Column("date", _("Date"), kind="date"),
        Column("people", _("People"), kind="number"),
        Column("statements", _("Statements"), kind="number"),
    ]
    body = [
        [
            Cell(m.title, url=reverse("network:meeting", args=[m.pk])),
            Cell(str(m.place), url=reverse("network:place", args=[m.place.code])),
            formats.day(m.date),
            m.people or 0,
            m.statements,
        ]
        for m in rows
    ]
    return Table(_("Meetings of your organisation, latest first"), columns, body)


def meeting_facts(meeting: Meeting) -> list[Fact]:
    came = [f"{a.get_sector_display()}: {a.people}" for a in meeting.attendance.all()]
    return [
        Fact(_("Date"), formats.day(meeting.date)),
        Fact(_("Place"), str(meeting.place), url=reverse("network:place", args=[meeting.place.code])),
        Fact(_("Where it was held"), meeting.where or _("not noted")),
        Fact(_("Who came"), came or _("not noted")),
        Fact(_("How problems were ordered"), str(meeting.get_method_display())),
    ]


def voice_table(meeting: Meeting) -> Table:
    """Statements of one meeting, with what the meeting gave them."""
    weighed = {Method.DOTS: _("Dots"), Method.RANKING: _("Place in the order")}.get(
        Method(meeting.method), ""
    )
    columns = [Column("text", _("Problem as it was raised")), Column("sector", _("Who raised it"))]
    columns += [Column("need", _("Need"))]
    columns += [Column("weight", weighed, kind="number")] if weighed else []
    rows = [_voice_cells(meeting, voice, bool(weighed)) for voice in meeting.voices.all()]
    return Table(_("What was said"), columns, rows, empty=_("No statement was written down."))


def _voice_cells(meeting: Meeting, voice: Voice, weighed: bool) -> list[Any]:
    note = _("together with others: %(theme)s") % {"theme": voice.theme.label} if voice.theme else ""
    sector = voice.get_sector_display() if voice.sector else _("not noted")
    cells: list[Any] = [Cell(voice.text, note=note), sector, need_name(voice.counted_need)]
    value = voice.votes if meeting.method == Method.DOTS else voice.rank
    return cells + ([Cell(value, missing="" if value is not None else _("not noted"))] if weighed else [])


def tally_rows(heard: Heard) -> Table:
    columns = [
        Column("need", _("Need")),
        Column("share", _("Share of voices"), kind="number"),
        Column("statements", _("Statements"), kind="number"),
        Column("sectors", _("Raised by")),
    ]
    rows = [
        [
            need_name(t.need),
            formats.share(t.share, 0),
            t.statements,
            ", ".join(sector_names(t.sectors)) or _("not noted"),
        ]
        for t in heard.tallies
    ]
    return Table(
        _("How strongly each need was voiced"),
        columns,
        rows,
        empty=_("No statement has been assigned to a need yet."),
        note=_(
            "The points of one meeting add up to the number of people who came, so a large meeting counts more."
        ),
    )


def voice_groups(meetings: Sequence[Meeting]) -> list[dict[str, Any]]:
    """Statements about one place by the need they count under; those not yet sorted come first."""
    voices = [(meeting, voice) for meeting in meetings for voice in meeting.voices.all()]
    order = ["", *vocabulary.needs()]
    groups = [
        {"need": n, "name": need_name(n), "rows": [r for r in voices if r[1].counted_need == n]}
        for n in order
    ]
    return [group for group in groups if group["rows"]]


def sheet_errors(form: MeetingForm, voices: BaseVoices) -> list[Link]:
    """Every error of the sheet with a link to its field."""
    if not form.is_bound:
        return []
    found = [Link(f"{form[name].label}: {text}", f"#{form[name].auto_id}") for name, text in _errors(form)]
    for number, line in enumerate(voices.forms, 1):
        prefix = _("Line %(number)d") % {"number": number}
        found += [Link(f"{prefix}: {text}", f"#{line[name].auto_id}") for name, text in _errors(line)]
    return found


def _errors(form: Any) -> list[tuple[str, str]]:
    return [(name, text) for name, texts in form.errors.items() if name != "__all__" for text in texts]
