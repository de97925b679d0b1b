"""What the pages of a council show, as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from krzew.calls.decisions_rules import Proposal
from krzew.calls.models import Advice, Application, Call, Conflict
from krzew.calls.present.decisions import outcome_tag, points_cell, said
from krzew.calls.queries.decisions import Basis
from krzew.ui.components import Cell, Column, Fact, Table
from krzew.ui.formats import money


def listing(call: Call, rows: Iterable[Application], ground: Basis, done: Mapping[int, Advice]) -> Table:
    columns = [
        Column("place", _("Place")),
        Column("title", _("Application")),
        Column("points", _("Points"), "number"),
        Column("asked", _("Asked for"), "number"),
        Column("proposed", _("The ranking says")),
        Column("advice", _("The council recommends")),
    ]
    body = [_row(call, row, ground, done.get(row.pk)) for row in rows]
    return Table(_("Applications before the council"), columns, body, caption_hidden=True)


def _row(call: Call, row: Application, ground: Basis, advice: Advice | None) -> list[Any]:
    row.call = call
    proposal = ground.proposals.get(row.pk, Proposal())
    place = ground.places.get(row.pk)
    return [
        str(place) if place else Cell(None, missing="–"),
        Cell(str(row), url=reverse("calls:council_one", args=[call.slug, row.number]), note=row.label),
        points_cell(ground.rows.get(row.pk, {})),
        money(row.amount) if row.amount is not None else Cell(None, missing="–"),
        said(proposal.outcome, proposal.amount) if proposal.outcome else Cell(None, missing=_("nothing")),
        _advice(advice),
    ]


def _advice(advice: Advice | None) -> Cell:
    if advice is None:
        return Cell(None, missing=_("not yet"))
    note = _("differs from the ranking") if advice.departs else ""
    return Cell(None, tag=outcome_tag(advice.outcome), note=note)


def links(rows: Iterable[Conflict]) -> list[str]:
    return [f"{row.assessor}: {row.get_kind_display()}" for row in rows]


def fact(advice: Advice) -> Fact:
    """For the page of the decision."""
    words = [f"{advice.get_outcome_display()}. {advice.reason}"]
    if advice.stepped_out:
        words.append(_("Took no part: %(names)s") % {"names": advice.stepped_out})
    return Fact(_("The council recommends"), words)
