"""What the body sees at the last gate."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from krzew.calls.definition.testing import DisseminationStage
from krzew.trials.journey import stages_of
from krzew.trials.models import Choice, Innovation
from krzew.trials.present.innovations import tag, url
from krzew.trials.queries.dissemination import NEEDS, Counters, missing
from krzew.trials.states import InnovationState
from krzew.ui.components import Cell, Column, Fact, Table, Task
from krzew.ui.formats import number


def papers(innovation: Innovation, stage: DisseminationStage) -> list[Task]:
    """What the gate needs, each with the page where it is written."""
    lacking = missing(innovation, stage)
    where = next((s for s in stages_of(innovation.call.rules) if s.kind == "evaluation"), None)
    written = url(where, innovation.pk) if where else ""
    return [
        Task(capfirst(str(NEEDS[code])), written, "todo" if code in lacking else "done")
        for code in stage.needs
    ]


def counters(found: Counters) -> list[Fact]:
    """How many were tested and chosen, and what the rule of the programme still asks."""
    rows = [
        Fact(_("Tested"), number(found.tested)),
        Fact(_("Chosen"), number(found.chosen)),
        Fact(_("Showed that they do not work"), number(found.failed)),
        Fact(_("Not decided yet"), number(found.open)),
    ]
    if found.least is not None:
        rows.append(Fact(_("At least to be chosen"), number(found.least), note=_still(found)))
    return rows


def _still(found: Counters) -> str:
    if found.out_of_reach:
        return _("Out of reach: fewer are open than are missing. Talk to the funder before the decisions.")
    if not found.short:
        return _("The rule of the programme is met.")
    text = ngettext("%(n)d more is needed.", "%(n)d more are needed.", found.short)
    return text % {"n": found.short}


def said(choice: Choice, stage: DisseminationStage) -> list[Fact]:
    """What was recommended, discussed and decided."""
    rows = [
        Fact(str(c.label), choice.criteria.get(c.code) or _("nothing said"))
        for c in stage.criteria
        if choice.criteria
    ]
    if choice.initial:
        rows.append(Fact(_("Initial recommendation"), _label(choice.initial), note=choice.initial_why))
    if choice.discussion:
        rows.append(Fact(_("Discussion"), choice.discussion))
    if choice.final:
        rows.append(Fact(_("Decision"), _label(choice.final), note=choice.reason))
        rows.append(Fact(_("Who decided"), choice.members.splitlines()))
    return rows


def _label(state: str) -> str:
    return str(InnovationState(state).label)


def at_gate(rows: Iterable[Innovation], stage: DisseminationStage) -> Table:
    columns = [
        Column("title", _("Innovation")),
        Column("lacks", _("What is missing")),
        Column("initial", _("Initial recommendation")),
        Column("state", _("State")),
    ]
    return Table(_("Innovations"), columns, [_row(row, stage) for row in rows], caption_hidden=True)


def _row(row: Innovation, stage: DisseminationStage) -> list[object]:
    choice = getattr(row, "choice", None)
    lacking = [] if row.state != InnovationState.RUNNING else missing(row, stage)
    return [
        Cell(row.title, url=reverse("trials:team_dissemination", args=[row.pk])),
        ", ".join(str(NEEDS[code]) for code in lacking) or "–",
        _label(choice.initial) if choice and choice.initial else "–",
        Cell(None, tag=tag(row.state)),
    ]
