"""What pages show of cases: plain values, never a whole sentence of what somebody wrote outside of its thread."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from krzew.calls.models import Application, IdeaCard
from krzew.door.models import Case, CaseKind, Message
from krzew.door.queries.cases import Pace
from krzew.door.states import CaseState
from krzew.places.names import short_name
from krzew.ui.components import Cell, Column, Fact, Moment, Table, Tag
from krzew.ui.formats import ago, day, moment, number

TONES = {
    CaseState.NEW: "clay",
    CaseState.OFFICE: "clay",
    CaseState.AUTHOR: "data",
    CaseState.CLOSED: "leaf",
    CaseState.WITHDRAWN: "neutral",
}


def tag(case: Case) -> Tag:
    state = CaseState(case.state)
    return Tag(str(state.label), TONES[state])


def listing(rows: Iterable[Case]) -> Table:
    columns = [
        Column("number", _("Case")),
        Column("kind", _("What it is")),
        Column("place", _("Where")),
        Column("since", _("Since"), "date"),
        Column("due", _("Answer by"), "date"),
        Column("who", _("Who keeps the case")),
        Column("state", _("State")),
    ]
    return Table(_("Cases"), columns, [_row(row) for row in rows], caption_hidden=True)


def _row(case: Case) -> list[Any]:
    return [
        Cell(
            case.label, url=reverse("door:team_case", args=[case.pk]), note=_("urgent") if case.urgent else ""
        ),
        str(case.get_kind_display()),
        short_name(case.place) if case.place else Cell(None, missing=_("not said")),
        Cell(ago(case.opened_at), note=day(case.opened_at)),
        _due(case.due_on),
        str(case.assigned_to) if case.assigned_to else Cell(None, missing=_("nobody yet")),
        Cell(None, tag=tag(case)),
    ]


def _due(due: date | None) -> Any:
    if due is None:
        return "–"
    late = (timezone.localdate() - due).days
    if late <= 0:
        return day(due)
    note = ngettext("%(n)d day late", "%(n)d days late", late) % {"n": late}
    return Cell(day(due), tag=Tag(note, "clay"))


def facts(case: Case) -> list[Fact]:
    """What the office wants to know first."""
    rows = [
        Fact(_("What it is"), str(case.get_kind_display())),
        Fact(_("Since"), moment(case.opened_at)),
        Fact(_("Where"), short_name(case.place) if case.place else _("not said")),
        Fact(_("Author"), case.name or _("did not say")),
        Fact(_("How to reach"), [text for text in (case.email, case.phone) if text] or _("only by the link")),
    ]
    if case.due_on:
        rows.append(Fact(_("Answer by"), day(case.due_on)))
    if case.assigned_to:
        rows.append(Fact(_("Who keeps the case"), str(case.assigned_to)))
    return rows


def thread(messages: Iterable[Message], *, for_author: bool) -> list[Moment]:
    return [_said(message, for_author) for message in messages]


def _said(message: Message, for_author: bool) -> Moment:
    if message.by_author:
        return Moment(message.at, _("You") if for_author else _("The author"), text=message.text or "")
    who = str(message.by) if message.by else ""
    title = _("Note for the office") if message.is_note else _("The office")
    return Moment(
        message.at, title, who=who, text=message.text or "", tone="data" if message.is_note else "leaf"
    )


def object_url(case: Case) -> str:
    """The page in another room that this case is about; nothing when it lives here."""
    try:
        return _object_url(case)
    except NoReverseMatch:
        return ""


def _object_url(case: Case) -> str:
    if case.kind == CaseKind.IDEA and case.object_type == IdeaCard._meta.label_lower:
        return reverse("calls:team_idea", args=[int(case.object_id)])
    if case.kind == CaseKind.APPLICATION and case.object_type == Application._meta.label_lower:
        row = Application.objects.select_related("call").filter(pk=case.object_id).first()
        return reverse("calls:team_application", args=[row.call.slug, row.pk]) if row else ""
    if case.kind == CaseKind.OFFER:
        return reverse("door:team_offer", args=[int(case.object_id)])
    if case.kind == CaseKind.SIGN_UP and case.object_type == "trials.tester":
        return _test_url(case.object_id)
    return ""


def _test_url(pk: str) -> str:
    from krzew.trials.models import Tester

    row = Tester.objects.select_related("test").filter(pk=pk).first()
    return reverse("trials:team_test", args=[row.test.innovation_id]) if row else ""


def pace(told: Pace) -> list[Fact]:
    """How long answers take, in words."""
    rows = [Fact(_("Wait for an answer"), number(told.waiting))]
    if told.late:
        rows.append(Fact(_("Over the day"), number(told.late)))
    if told.median_hours is None:
        rows.append(Fact(_("First answer"), _("none was given in the last 90 days")))
        return rows
    rows.append(Fact(_("First answer, half of them within"), span(told.median_hours)))
    rows.append(Fact(_("nine of ten within"), span(told.slow_hours or 0)))
    note = ngettext("%(n)d case of the last 90 days", "%(n)d cases of the last 90 days", told.answered)
    rows[-1] = Fact(rows[-1].label, rows[-1].value, note=note % {"n": told.answered})
    return rows


def span(hours: float) -> str:
    """Hours as people say them."""
    if hours < 1:
        minutes = max(1, round(hours * 60))
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    if hours < 48:
        return ngettext("%(n)d hour", "%(n)d hours", round(hours)) % {"n": round(hours)}
    days = round(hours / 24)
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
