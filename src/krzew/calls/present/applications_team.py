"""What the team sees of applications: the list, and how two versions differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from krzew.calls.applications.answers import shown
from krzew.calls.definition.form import ApplicationStage
from krzew.calls.models import Application, ApplicationVersion, Call
from krzew.calls.present.applications import applicant_facts, tag
from krzew.places.names import short_name
from krzew.ui.components import Cell, Column, Table
from krzew.ui.differences import Piece, compare
from krzew.ui.formats import day, money


def listing(call: Call, rows: Iterable[Application], sort: str) -> Table:
    labels = {stage.code: str(stage.label) for stage in call.rules.stages}
    columns = [
        Column("number", _("No."), sortable=True),
        Column("title", _("Title"), sortable=True),
        Column("applicant", _("Applicant"), sortable=True),
        Column("amount", _("Amount"), "number", sortable=True),
        Column("state", _("State")),
        Column("sent", _("Sent"), "date", sortable=True),
    ]
    body = [_row(call, row, labels) for row in rows]
    return Table(_("Applications"), columns, body, sort=sort, caption_hidden=True)


def _row(call: Call, row: Application, labels: Mapping[str, str]) -> list[Any]:
    url = reverse("calls:team_application", args=[call.slug, row.pk])
    where = short_name(row.place) if row.place else ""
    notes = [str(row.get_kind_display()), where, str(row.get_channel_display()) if row.keyed_by_id else ""]
    return [
        f"{call.round}/{row.number:03d}" if row.number else "–",
        Cell(str(row), url=url),
        Cell(row.applicant_name or "–", note=" · ".join(note for note in notes if note)),
        money(row.amount) if row.amount is not None else Cell(None, missing=_("not asked")),
        Cell(None, tag=tag(row.state), note=labels.get(row.stage, "")),
        day(row.submitted_at),
    ]


@dataclass(frozen=True)
class Change:
    """One question whose answer differs."""

    label: str
    pieces: tuple[Piece, ...]


def changes(stage: ApplicationStage, old: ApplicationVersion, new: ApplicationVersion) -> list[Change]:
    """What differs between two versions, word by word, in the order of the form."""
    before, after = _said(stage, old.content), _said(stage, new.content)
    labels = list(dict.fromkeys([*before, *after]))
    pairs = ((label, before.get(label, ""), after.get(label, "")) for label in labels)
    return [Change(label, tuple(compare(was, now))) for label, was, now in pairs if was != now]


def _said(stage: ApplicationStage, content: Mapping[str, Any]) -> dict[str, str]:
    """Everything in a version in words, by its label."""
    facts = applicant_facts(content["kind"], content["applicant"], content["members"])
    said = {fact.label: "\n".join(fact.values) for fact in facts}
    for field in stage.fields:
        if field.code in content["answers"]:
            said[str(field.label)] = shown(field, content["answers"][field.code])
    said[_("Files")] = "\n".join(f"{file['name']} ({file['sha256'][:8]})" for file in content["files"])
    said[_("Declarations")] = "\n".join(dict.fromkeys(one["text"] for one in content["statements"]))
    return said
