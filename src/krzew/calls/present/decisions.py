"""What pages of decisions show, as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from krzew.calls.assessment_words import points, told
from krzew.calls.decisions_rules import Proposal, is_partial
from krzew.calls.definition import Definition
from krzew.calls.models import Application, Call, Decision
from krzew.calls.queries.decisions import Basis
from krzew.calls.scoring import scored_stages
from krzew.calls.selection_lists import misses_of
from krzew.calls.states import ApplicationState, Outcome
from krzew.places.names import short_name
from krzew.ui.components import Cell, Column, Fact, Table, Tag
from krzew.ui.formats import money

TONES = {"granted": "leaf", "reserve": "data", "rejected_merit": "clay"}


def outcome_tag(outcome: str) -> Tag:
    return Tag(str(Outcome(outcome).label), TONES.get(outcome, "neutral"))


def said(outcome: str, amount: Decimal | None) -> str:
    label = str(Outcome(outcome).label)
    return f"{label}: {money(amount)}" if outcome == Outcome.GRANTED and amount is not None else label


def listing(call: Call, rows: Iterable[Application], ground: Basis, done: Mapping[int, Decision]) -> Table:
    columns = [
        Column("number", _("No.")),
        Column("title", _("Application")),
        Column("points", _("Points") if scored_stages(call.rules) else _("For, against"), "number"),
        Column("asked", _("Asked for"), "number"),
        Column("proposed", _("Proposed")),
        Column("decided", _("Decided")),
    ]
    body = [_row(call, row, ground, done.get(row.pk)) for row in rows]
    return Table(_("Applications"), columns, body, caption_hidden=True)


def _row(call: Call, row: Application, ground: Basis, decision: Decision | None) -> list[Any]:
    row.call = call
    proposal = ground.proposals.get(row.pk, Proposal())
    url = reverse("calls:decision", args=[call.slug, row.number])
    return [
        row.label,
        Cell(str(row), url=url, note=row.applicant_name),
        points_cell(ground.rows.get(row.pk, {})),
        money(row.amount) if row.amount is not None else Cell(None, missing="–"),
        said(proposal.outcome, proposal.amount) if proposal.outcome else Cell(None, missing=_("nothing")),
        _decided(decision, row, proposal),
    ]


def points_cell(row: Mapping[str, Any]) -> Any:
    if "yes" in row:
        return f"{row['yes']} : {row['no']}"
    return points(Decimal(row["total"])) if row else Cell(None, missing="–")


def _decided(decision: Decision | None, row: Application, proposal: Proposal) -> Any:
    if decision is None:
        return Cell(None, missing=_("not yet"))
    differs = decision.departs or (
        proposal.amount is not None and decision.amount not in (None, proposal.amount)
    )
    text = said(decision.outcome, decision.amount)
    note = _("differs from the proposal") if differs else ""
    tag = Tag(_("part"), "clay") if is_partial(decision, row) else None
    return Cell(text, note=note, tag=tag)


def facts(call: Call, row: Application, ground: Basis) -> list[Fact]:
    kept = ground.rows.get(row.pk, {})
    proposal = ground.proposals.get(row.pk, Proposal())
    place = ground.places.get(row.pk)
    found = [
        Fact(_("Applicant"), row.applicant_name or "–"),
        Fact(_("Asked for"), money(row.amount) if row.amount is not None else _("nothing")),
        Fact(_("Proposed"), said(proposal.outcome, proposal.amount) if proposal.outcome else _("nothing")),
    ]
    if place:
        found.append(Fact(_("Place on the list"), str(place)))
    if "yes" in kept:
        text = _("in favour %(yes)s, against %(no)s, to be talked over %(talk)s") % kept
        found.append(Fact(_("Recommendations"), text))
    return [*found, *_criteria(row.rules, kept)]


def _criteria(rules: Definition, kept: Mapping[str, Any]) -> list[Fact]:
    given = kept.get("criteria", {})
    if not given:
        return []
    rows = [Fact(_("Points"), points(Decimal(kept["total"])))]
    for stage in scored_stages(rules):
        for c in stage.criteria:
            if c.code in given:
                words = {"points": points(Decimal(given[c.code])), "most": points(c.most)}
                rows.append(Fact(str(c.label), _("%(points)s of %(most)s") % words))
    missed = [told(miss) for miss in misses_of(kept)]
    return [*rows, Fact(_("Missing"), missed)] if missed else rows


# --- the public results ------------------------------------------------------------------------------


def applicant(row: Application) -> str:
    """Natural persons are not named to the public."""
    if row.kind == "person":
        return _("a natural person")
    return _("an informal group") if row.kind == "group" else row.applicant_name


def results(call: Call, publish: Iterable[str], rows: Iterable[Any], kept: Mapping[str, Any]) -> Table:
    """Exactly the columns that the rules of the call publish."""
    columns = {
        "number": Column("number", _("No.")),
        "title": Column("title", _("Title")),
        "applicant": Column("applicant", _("Applicant")),
        "points": Column("points", _("Points"), "number"),
        "result": Column("result", _("Result")),
        "reason": Column("reason", _("Reason")),
        "amount": Column("amount", _("Grant"), "number"),
        "place": Column("place", _("Where")),
    }
    names = [name for name in columns if name in set(publish)]
    body = []
    for row in rows:
        row.call = call
        cells = _public(row, kept.get(row.label, {}))
        body.append([cells[name] for name in names])
    return Table(_("Results"), [columns[name] for name in names], body, caption_hidden=True)


def _public(row: Any, kept: Mapping[str, Any]) -> dict[str, Any]:
    missed = " ".join(dict.fromkeys(told(miss) for miss in misses_of(kept)))
    granted = row.said == Outcome.GRANTED and row.said_amount is not None
    return {
        "number": row.label,
        "title": row.title,
        "applicant": applicant(row),
        "points": points(Decimal(kept["total"])) if kept.get("criteria") else Cell(None, missing="–"),
        "result": Cell(None, tag=_result(row)),
        "reason": missed or Cell(None, missing="–"),
        "amount": money(row.granted or row.said_amount) if granted else Cell(None, missing="–"),
        "place": short_name(row.place) if row.place else Cell(None, missing="–"),
    }


def _result(row: Any) -> Tag:
    """As it is today: a grant given up, or an application that an appeal brought back, says so."""
    if row.state == "resigned":
        return Tag(_("given up"), "neutral")
    if row.state == "offered":
        return Tag(str(ApplicationState.OFFERED.label), "data")
    if row.state == "submitted":
        return Tag(_("looked at again after an appeal"), "data")
    return outcome_tag(row.outcome or row.said)
