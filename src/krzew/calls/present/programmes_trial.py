"""A trial run and the previews as they are read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from krzew.calls.definition import Definition
from krzew.calls.definition.assessment import MeritStage, PitchStage
from krzew.calls.models import Programme
from krzew.calls.present.programmes_base import StageView, points, sum_of
from krzew.calls.present.programmes_topics import each
from krzew.calls.present.programmes_words import stage_view
from krzew.calls.programmes.dry_run import DryRun, Gate, Invented
from krzew.calls.scoring import Miss, scored_stages
from krzew.ui.components import Cell, Column, Tab, Table, Tag

ROLES = {
    "applicant": gettext_lazy("Applicant"),
    "assessor": gettext_lazy("Assessor"),
    "committee": gettext_lazy("Committee"),
    "public": gettext_lazy("Everybody"),
}
OUTCOMES = {
    "funded": (gettext_lazy("grant"), "leaf"),
    "partial": (gettext_lazy("part of the grant"), "leaf"),
    "reserve": (gettext_lazy("reserve list"), "data"),
    "rejected": (gettext_lazy("not selected"), "neutral"),
    "absent": (gettext_lazy("did not come"), "clay"),
}
KINDS_SEEN = {
    "applicant": ("application",),
    "assessor": ("merit", "pitch", "talk"),
    "committee": ("merit", "pitch", "talk", "strategic", "vote", "ranking", "decision", "appeal"),
}


def role_tabs(programme: Programme, here: str) -> list[Tab]:
    address = reverse("calls:programme_preview", args=[programme.pk])
    return [Tab(str(label), f"{address}?as={role}", current=role == here) for role, label in ROLES.items()]


def seen_stages(definition: Definition, role: str) -> list[StageView]:
    """The stages that this role works with; everybody sees all."""
    kinds = KINDS_SEEN.get(role)
    return [
        stage_view(n, stage, definition)
        for n, stage in enumerate(definition.stages, 1)
        if kinds is None or stage.kind in kinds
    ]


def gates(run: DryRun) -> Table:
    """How many met each rule; the last column is there when some rule deserves a look."""
    columns = [
        Column("rule", _("Rule")),
        Column("came", _("Came to it"), "number"),
        Column("met", _("Met it"), "number"),
    ]
    body: list[list[Any]] = [[Cell(str(g.rule), note=str(g.stage)), g.came, g.met] for g in run.gates]
    if any(gate.nobody or gate.everybody for gate in run.gates):
        columns.append(Column("flag", _("Worth a look")))
        body = [[*row, _flag(gate)] for row, gate in zip(body, run.gates, strict=True)]
    return Table(_("Rule by rule"), columns, body)


def _flag(gate: Gate) -> Cell:
    if gate.nobody:
        return Cell(None, tag=Tag(_("nobody meets it"), "clay"), note=_("Is it too high?"))
    if gate.everybody:
        return Cell(None, tag=Tag(_("everybody meets it"), "neutral"), note=_("It decides nothing here."))
    return Cell("")


def finding(run: DryRun) -> str:
    """The trial in one sentence."""
    all_ = len(run.applications)
    passed = sum(not row.is_out for row in run.applications)
    chosen = sum(row.outcome in ("funded", "partial") for row in run.applications)
    text = ngettext(
        "Of %(all)d invented application %(passed)d passed all the rules",
        "Of %(all)d invented applications %(passed)d passed all the rules",
        all_,
    ) % {"all": all_, "passed": passed}
    if not run.lists:
        return text + "."
    if not _is_money(run):
        return _("%(begin)s, and %(chosen)d got a grant.") % {"begin": text, "chosen": chosen}
    spent = sum_of(sum((d.spent for _k, d in run.lists), Decimal(0)))
    text_ = _("%(begin)s, and %(chosen)d got a grant: %(money)s in all.")
    return text_ % {"begin": text, "chosen": chosen, "money": spent}


def _is_money(run: DryRun) -> bool:
    """Where only places are counted, every grant costs 1 in the sums."""
    return any(row.amount > 1 for row in run.applications)


def applications(run: DryRun) -> Table:
    columns = [
        Column("title", _("Invented application")),
        Column("asked", _("Asks for"), "number"),
        Column("points", _("Points"), "number"),
        Column("end", _("What became of it")),
    ]
    rows = sorted(run.applications, key=lambda r: (r.is_out, -(r.result.total if r.result else 0)))
    body = [
        [
            Cell(row.application.title, note=row.application.label),
            sum_of(row.application.amount or Decimal(0)),
            points(row.result.total) if row.result else Cell(None, missing="–"),
            _end(row),
        ]
        for row in rows
    ]
    return Table(_("Application by application"), columns, body)


def _end(row: Invented) -> Cell:
    if row.failed:
        why = "; ".join(str(label).rstrip(".") for label in row.failed)
        return Cell(None, tag=Tag(_("rejected formally"), "clay"), note=why)
    if row.misses:
        return Cell(None, tag=Tag(_("too few points"), "clay"), note=missed(row.misses))
    label, tone = OUTCOMES.get(row.outcome, (_("waits for people's decision"), "data"))
    return Cell(None, tag=Tag(str(label), tone))


def missed(misses: Iterable[Miss]) -> str:
    """Why not: every minimum and threshold with the points given and needed."""
    text = _("%(what)s: %(points)s, needed %(needed)s")
    return "; ".join(
        text % {"what": m.label, "points": points(m.points), "needed": points(m.needed)} for m in misses
    )


def by_hand(definition: Definition) -> list[str]:
    """Stages that the trial cannot go through, since people decide there."""
    kinds = ("talk", "strategic", "vote", "decision", "cooperation", "specification", "dissemination")
    return [str(stage.label) for stage in definition.stages if stage.kind in kinds]


def scale(definition: Definition) -> list[tuple[StageView, MeritStage | PitchStage]]:
    """Cards as an assessor meets them."""
    found = []
    for stage in scored_stages(definition):
        place = [s.code for s in definition.stages].index(stage.code) + 1
        view = stage_view(place, stage, definition)
        found.append((view, stage))
        for name, own, rules in each(stage, definition):
            label = f"{stage.label}: {name}"
            found.append((replace(stage_view(place, own, rules), label=label), own))
    return found
