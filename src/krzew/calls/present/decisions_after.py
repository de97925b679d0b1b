"""What pages after the decision show, as plain values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from krzew.calls.decisions_rules import appeal_stage, is_partial, last_moment
from krzew.calls.models import Appeal, Application, Call, Decision
from krzew.calls.present.programmes_base import sum_of
from krzew.calls.states import AppealState, ApplicationState, Outcome
from krzew.ui.components import Cell, Column, Fact, Table, Tag
from krzew.ui.formats import day, moment, money


def _head(row: Application) -> list[Any]:
    return [row.label, Cell(str(row), note=row.applicant_name)]


def offers(call: Call, rows: Iterable[Application]) -> Table:
    columns = [
        Column("number", _("No.")),
        Column("title", _("Application")),
        Column("offered", _("Offered"), "number"),
        Column("by", _("Answer by")),
    ]
    body = []
    for row in rows:
        row.call = call
        late = row.complete_by is not None and row.complete_by < timezone.now()
        tag = Tag(_("late"), "clay") if late else None
        by = moment(row.complete_by) if row.complete_by else _("no day set")
        body.append([*_head(row), money(row.granted), Cell(by, tag=tag)])
    return Table(_("Offers that wait for the applicant"), columns, body, caption_hidden=True)


def resigned(call: Call, rows: Iterable[Application]) -> Table:
    columns = [
        Column("number", _("No.")),
        Column("title", _("Application")),
        Column("money", _("Came back"), "number"),
        Column("how", _("How")),
    ]
    body = []
    for row in rows:
        row.call = call
        how = _("given up") if row.state == ApplicationState.RESIGNED else _("not taken in time")
        body.append([*_head(row), money(row.granted) if row.granted else Cell(None, missing="–"), how])
    return Table(_("Grants and places given up"), columns, body, caption_hidden=True)


def is_overdue(appeal: Appeal) -> bool:
    by = appeal.decide_by
    return appeal.state == AppealState.FILED and by is not None and by < timezone.localdate()


TONES = {"filed": "data", "upheld": "leaf", "dismissed": "clay", "inadmissible": "neutral"}


def appeals(call: Call, rows: Iterable[Appeal]) -> Table:
    columns = [
        Column("number", _("No.")),
        Column("title", _("Application")),
        Column("filed", _("Filed"), "date"),
        Column("by", _("Answer by")),
        Column("who", _("Looks again")),
        Column("state", _("State")),
    ]
    return Table(_("Appeals"), columns, [_appeal(call, row) for row in rows], caption_hidden=True)


def _appeal(call: Call, row: Appeal) -> list[Any]:
    row.application.call = call
    overdue = Tag(_("overdue"), "clay") if is_overdue(row) else None
    return [
        row.application.label,
        Cell(str(row.application), url=reverse("calls:appeal", args=[row.pk])),
        day(row.filed_at),
        Cell(day(row.decide_by) if row.decide_by else _("no day set"), tag=overdue),
        str(row.assessor) if row.assessor else Cell(None, missing=_("nobody yet")),
        Cell(None, tag=Tag(str(AppealState(row.state).label), TONES[row.state])),
    ]


def appeal_facts(row: Appeal, *, manages: bool) -> list[Fact]:
    found = [
        Fact(_("Call"), row.application.call.name),
        Fact(_("Decision"), str(Outcome(row.decision.outcome).label)),
        Fact(_("Filed"), moment(row.filed_at)),
        Fact(_("Answer by"), day(row.decide_by) if row.decide_by else _("no day set")),
        Fact(_("Looks again"), str(row.assessor) if row.assessor else _("nobody yet")),
        Fact(_("State"), str(AppealState(row.state).label)),
    ]
    return found if manages else [fact for fact in found if fact.label != _("Looks again")]


# --- the applicant's page ---------------------------------------------------------------------------


def told_tag(row: Application, decision: Decision) -> Tag:
    """Where it stands, once it may be known."""
    live = {ApplicationState.RESIGNED, ApplicationState.OFFERED, ApplicationState.SUBMITTED}
    if row.state in live:
        return Tag(str(ApplicationState(row.state).label), "data")
    tones = {Outcome.GRANTED: "leaf", Outcome.RESERVE: "data"}
    return Tag(str(Outcome(decision.outcome).label), tones.get(Outcome(decision.outcome), "clay"))


def told_facts(row: Application, decision: Decision) -> list[Fact]:
    found = [
        Fact(_("Call"), row.call.name),
        Fact(_("Its number"), row.label),
        Fact(_("Announced"), moment(decision.released_at)),
    ]
    if row.amount is not None:
        found.append(Fact(_("Asked for"), sum_of(row.amount)))
    if decision.outcome == Outcome.GRANTED and decision.amount is not None:
        label = _("Offered") if is_partial(decision, row) else _("Grant")
        found.append(Fact(label, sum_of(decision.amount)))
    if row.state == ApplicationState.OFFERED and row.complete_by:
        found.append(Fact(_("Answer by"), moment(row.complete_by)))
    return found


def appeal_until(row: Application, decision: Decision) -> str:
    stage = appeal_stage(row.call, decision.outcome)
    until = last_moment(stage, decision) if stage else None
    return moment(until) if until else ""
