"""What the public sees of calls: lists, dates with the time that is left, stages, criteria, changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from krzew.calls.definition import Definition
from krzew.calls.models import Amendment, Call
from krzew.calls.present.programmes_base import KINDS, sum_of
from krzew.calls.queries.fingerprints import fingerprints as found
from krzew.calls.states import CallState, VoteState
from krzew.timeline.icalendar import CalendarEvent
from krzew.ui.components import Cell, Column, Fact, Moment, Table, Tag, Task
from krzew.ui.formats import day, moment

BEFORE_DECISION = (
    "application",
    "formal",
    "merit",
    "pitch",
    "talk",
    "strategic",
    "vote",
    "ranking",
    "decision",
)
CHANGED = {
    "submit_from": gettext_lazy("sending opens"),
    "closes_at": gettext_lazy("the call closes"),
    "results_on": gettext_lazy("results by"),
    "pool": gettext_lazy("pool"),
    "about_pl": gettext_lazy("text in Polish"),
    "about_en": gettext_lazy("text in English"),
}


@dataclass(frozen=True)
class Row:
    """One call in the list."""

    name: str
    url: str
    about: str
    organisation: str
    tag: Tag
    facts: list[Fact]


def row(call: Call, now: datetime | None = None) -> Row:
    now = now or timezone.now()
    return Row(
        call.name,
        reverse("calls:call", args=[call.slug]),
        Truncator(call.about).words(40, truncate=" …"),
        str(call.programme.organisation),
        phase(call, now),
        dates(call, now),
    )


def phase(call: Call, now: datetime) -> Tag:
    """Open, coming, closed: said by the clock, not by a state."""
    if call.state == CallState.CANCELLED:
        return Tag(_("called off"), "clay")
    if call.state == CallState.DRAFT:
        return Tag(_("being prepared"), "neutral")
    if call.takes_applications(now):
        return Tag(_("open now"), "leaf")
    if call.is_writable(now):
        return Tag(_("open for writing"), "leaf")
    if call.state == CallState.PUBLISHED and now < call.opens_at:
        return Tag(_("coming"), "data")
    return Tag(_("results announced") if call.state != CallState.PUBLISHED else _("closed now"), "neutral")


def dates(call: Call, now: datetime) -> list[Fact]:
    """The dates of a call, with the time that is left to the next ones."""
    if call.state == CallState.CANCELLED:
        now = call.closes_at  # nothing is waited for any more
    rows = [Fact(_("Writing opens"), moment(call.opens_at), note=left(now, call.opens_at))]
    if call.submit_from != call.opens_at:
        rows.append(Fact(_("Sending opens"), moment(call.submit_from), note=left(now, call.submit_from)))
    rows.append(Fact(_("The call closes"), moment(call.closes_at), note=left(now, call.closes_at)))
    if call.results_on:
        rows.append(Fact(_("Results by"), day(call.results_on)))
    return rows


def left(now: datetime, until: datetime) -> str:
    """How long it is still, in the unit in which people count; nothing when it is over."""
    rest = until - now
    if rest <= timedelta(0):
        return ""
    if rest < timedelta(hours=2):
        minutes = int(rest.total_seconds() // 60)
        text = ngettext("%(n)d minute left", "%(n)d minutes left", minutes) % {"n": minutes}
    elif rest < timedelta(days=2):
        hours = int(rest.total_seconds() // 3600)
        text = ngettext("%(n)d hour left", "%(n)d hours left", hours) % {"n": hours}
    else:
        text = ngettext("%(n)d day left", "%(n)d days left", rest.days) % {"n": rest.days}
    return text


def past(rows: Iterable[Call]) -> Table:
    now = timezone.now()
    columns = [
        Column("name", _("Call")),
        Column("organisation", _("Who runs it")),
        Column("closed", _("Closed"), "date"),
        Column("state", _("State")),
    ]
    body = [
        [
            Cell(call.name, url=reverse("calls:call", args=[call.slug])),
            str(call.programme.organisation),
            day(timezone.localtime(call.closes_at)),
            Cell(None, tag=phase(call, now)),
        ]
        for call in rows
    ]
    return Table(_("Calls that are over, the newest first"), columns, body, caption_hidden=True)


def facts(call: Call) -> list[Fact]:
    """Who runs it and how much there is."""
    rows = [Fact(_("Who runs it"), str(call.programme.organisation))]
    if call.pool is not None:
        rows.append(Fact(_("Pool"), sum_of(call.pool)))
    return rows


def steps(call: Call, rules: Definition, now: datetime) -> list[Task]:
    """The stages as a way that one goes, with where the call stands on it."""
    return [_step(call, stage, now) for stage in rules.stages]


def _step(call: Call, stage: Any, now: datetime) -> Task:
    label, note = str(stage.label), str(KINDS[stage.kind])
    note = "" if note == label else note
    due: date | None = None
    if stage.kind == "application":
        due = timezone.localdate(call.closes_at)
    elif stage.kind == "decision":
        due = call.results_on
    return Task(label, state=_state(call, stage.kind, now), note=note, due=due)


def _state(call: Call, kind: str, now: datetime) -> str:
    if call.state == CallState.CANCELLED:
        return "blocked"
    if call.state in (CallState.DECIDED, CallState.FINISHED):
        return "done" if kind in BEFORE_DECISION or call.state == CallState.FINISHED else "todo"
    if kind != "application":
        return "todo"
    return "done" if now >= call.closes_at else "doing" if call.is_writable(now) else "todo"


def amendments(call: Call) -> list[Moment]:
    """Changes of the announcement: when, why, and what was before."""
    return [Moment(one.at, one.text, text=_difference(one), tone="clay") for one in call.amendments.all()]


def _difference(one: Amendment) -> str:
    parts = [
        _("%(what)s: it was %(before)s, it is %(after)s.")
        % {
            "what": CHANGED.get(name, name),
            "before": _value(name, before),
            "after": _value(name, one.after[name]),
        }
        for name, before in one.before.items()
        if not name.startswith("about_")
    ]
    if any(name.startswith("about_") for name in one.before):
        parts.append(_("The text of the announcement was changed."))
    joined = " ".join(parts)
    return joined[:1].upper() + joined[1:]


def _value(name: str, kept: str | None) -> str:
    """A kept value as people write it."""
    if kept is None:
        return _("not given")
    if name == "pool":
        return sum_of(Decimal(kept))
    if name == "results_on":
        return day(parse_date(kept))
    return moment(parse_datetime(kept))


def fingerprints(call: Call, rules: Definition) -> list[Fact]:
    """What was fixed before anybody knew the outcome, so that it can be checked afterwards."""
    words = {"draw": _("Seed of the draw between equals"), "assignment": _("Who assesses what")}
    labels = {stage.code: str(stage.label) for stage in rules.stages}
    return [
        Fact(f"{words[one.kind]}: {labels.get(one.stage, one.stage)}", [one.code, moment(one.at)])
        for one in found(call)
    ]


def apply_url(call: Call, now: datetime) -> str:
    """Where an application is begun; nothing while it cannot be."""
    return reverse("calls:apply", args=[call.slug]) if call.is_writable(now) else ""


# --- the calendar -----------------------------------------------------------------------------------


def events(call: Call, host: str, url: str) -> list[CalendarEvent]:
    """The dates of one call and of its vote for a calendar. They come from the call and from nowhere else."""
    rows: list[tuple[str, datetime | date | None, str]] = [
        ("opens", call.submit_from, _("Applications are taken: %(call)s")),
        ("closes", call.closes_at, _("The call closes: %(call)s")),
        ("results", call.results_on, _("Results by this day: %(call)s")),
    ]
    off: set[str] = set()
    for vote in call.votes.all():
        opens, closes = f"vote-{vote.pk}-opens", f"vote-{vote.pk}-closes"
        rows.append((opens, vote.opens_at, _("The vote opens: %(call)s")))
        rows.append((closes, vote.closes_at, _("The vote closes: %(call)s")))
        off |= {opens, closes} if vote.state == VoteState.CALLED_OFF else set()
    changed = max([call.published_at or timezone.now(), *(a.at for a in call.amendments.all())])
    return [
        CalendarEvent(
            uid=f"call-{call.pk}-{key}@{host}",
            at=at,
            title=title % {"call": call.name},
            changed_at=changed,
            text=Truncator(call.about).chars(200),
            url=url,
            revision=call.revision + (key in off),  # a vote called off is a change of its dates alone
            cancelled=key in off or call.state == CallState.CANCELLED,
        )
        for key, at, title in rows
        if at is not None
    ]
