"""What pages of the formal check show, as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from krzew.calls.definition.assessment import FormalStage
from krzew.calls.formal_checks import Answer
from krzew.calls.models import Application, Call, FormalReview
from krzew.calls.states import ApplicationState, Outcome
from krzew.ui.components import Cell, Column, Crumb, Fact, Moment, Tab, Table, Tag
from krzew.ui.formats import day, moment, money

TONES = {"submitted": "data", "returned": "clay", "out": "clay", "selected": "leaf"}


def call_crumbs(call: Call, *more: Crumb) -> list[Crumb]:
    """The way to a page of one call."""
    return [Crumb(call.name, reverse("calls:call", args=[call.slug])), *more]


def tabs(call: Call, counts: Mapping[str, int], chosen: str) -> list[Tab]:
    here = reverse("calls:formal", args=[call.slug])
    labels = {
        "todo": _("To check"),
        "returned": _("Being completed"),
        "late": _("Completion late"),
        "passed": _("Passed"),
        "out": _("Ended here"),
    }
    return [
        Tab(label, f"{here}?tab={tab}", current=tab == chosen, count=counts[tab])
        for tab, label in labels.items()
    ]


def listing(call: Call, rows: Iterable[Application], tab: str) -> Table:
    columns = [
        Column("number", _("No.")),
        Column("title", _("Application")),
        Column("sent", _("Sent"), "date"),
        Column("amount", _("Amount"), "number"),
        Column("state", _("State")),
    ]
    return Table(_("Applications"), columns, [_row(call, row) for row in rows], caption_hidden=True)


def _row(call: Call, row: Any) -> list[Any]:
    row.call = call
    url = reverse("calls:formal_one", args=[call.slug, row.number])
    return [
        row.label,
        Cell(str(row), url=url, note=row.applicant_name),
        day(row.submitted_at),
        money(row.amount) if row.amount is not None else Cell(None, missing=_("not asked")),
        Cell(None, tag=tag(row), note=_note(row)),
    ]


def tag(row: Application) -> Tag:
    label = Outcome(row.outcome).label if row.outcome else ApplicationState(row.state).label
    return Tag(str(label), TONES.get(row.state, "neutral"))


def _note(row: Any) -> str:
    if row.state == ApplicationState.RETURNED:
        return _("by %(day)s") % {"day": moment(row.complete_by)}
    if row.last_result == "" and row.checked_by:
        return _("begun by %(name)s") % {"name": row.checked_by}
    return row.checked_by or ""


def facts(row: Application) -> list[Fact]:
    said = [
        (_("Applicant"), row.applicant_name),
        (_("Kind"), row.get_kind_display()),
        (_("Sent"), moment(row.submitted_at)),
        (_("Amount"), money(row.amount) if row.amount is not None else ""),
        (_("State"), str(tag(row).label)),
        (_("To be completed by"), moment(row.complete_by) if row.complete_by else ""),
    ]
    return [Fact(label, value) for label, value in said if value]


RESULTS = {"passed": "leaf", "completion": "clay", "rejected": "clay", "left": "clay"}


def moments(stage: FormalStage, rows: Iterable[FormalReview]) -> list[Moment]:
    """Ended reviews: who, when, how, and every no with its reason."""
    said = {
        "passed": _("Passed the formal check"),
        "completion": _("Asked to complete"),
        "rejected": _("Rejected formally"),
    }
    return [
        Moment(
            row.at, said[row.result], who=str(row.by or ""), text=_noes(stage, row), tone=RESULTS[row.result]
        )
        for row in rows
        if row.result in said
    ]


def _noes(stage: FormalStage, row: FormalReview) -> str:
    answers = {code: Answer.of(kept) for code, kept in row.answers.items()}
    found = [
        f"{c.label} {answers[c.code].reason}"
        for c in stage.checks
        if c.code in answers and answers[c.code].ok is False
    ]
    return " · ".join(found)


def differences(stage: FormalStage, theirs: FormalReview) -> list[Fact]:
    """What somebody else has answered meanwhile."""
    words = {True: _("yes"), False: _("no"), None: _("no answer yet")}
    answers = {code: Answer.of(kept) for code, kept in theirs.answers.items()}
    return [
        Fact(str(c.label), words[answers.get(c.code, Answer()).ok], note=answers.get(c.code, Answer()).reason)
        for c in stage.checks
    ]
