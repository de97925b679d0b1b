"""Where an innovation stands, in words: its stages as steps, its facts, the list of the team."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from krzew.calls.models import Call
from krzew.trials.journey import AnyStage, current, is_done, reports_of, stages_of
from krzew.trials.models import Innovation
from krzew.trials.queries.innovations import OWN
from krzew.trials.states import InnovationState, ReportState, VersionState
from krzew.ui.components import Cell, Column, Fact, Table, Tag, Task
from krzew.ui.formats import day, money

TONES = {
    InnovationState.RUNNING: "data",
    InnovationState.CHOSEN: "leaf",
    InnovationState.NOT_CHOSEN: "neutral",
    InnovationState.FAILED: "neutral",
    InnovationState.RESIGNED: "clay",
    InnovationState.TERMINATED: "clay",
}
PAGES = {
    "cooperation": ("agreement", True),
    "agreement": ("agreement", True),
    "specification": ("specification", True),
    "test": ("test", False),
    "settlement": ("settlement", False),
    "evaluation": ("final_report", False),
    "dissemination": ("package", False),
}
"""The innovator's page of a stage, and whether its address names the stage."""
TEAM_PAGES = {"final_report": "team_evaluation", "package": "team_dissemination"}


def tag(state: str) -> Tag:
    return Tag(str(InnovationState(state).label), TONES[InnovationState(state)])


def url(stage: AnyStage, key: str | int) -> str:
    """The page of a stage: by the innovator's link (text), or by number for the team and the mentor."""
    name, named = PAGES[stage.kind]
    if isinstance(key, int):
        name = TEAM_PAGES.get(name, f"team_{name}")
    return reverse(f"trials:{name}", args=[key, stage.code] if named else [key])


def link_of(innovation: Innovation, token: str) -> str:
    """The address part by which this visitor comes in as the innovator."""
    return token or f"{OWN}{innovation.pk}"


def steps(innovation: Innovation, key: str | int) -> list[Task]:
    """Every stage after the decision: what is done, what is next, who is waited for."""
    now = current(innovation) if innovation.state == InnovationState.RUNNING else None
    return [_step(innovation, stage, key, now) for stage in stages_of(innovation.call.rules)]


def _step(innovation: Innovation, stage: AnyStage, key: str | int, now: AnyStage | None) -> Task:
    done, here = is_done(innovation, stage), now is not None and stage.code == now.code
    state = "done" if done else "doing" if here else "waiting"
    who = waits_for(innovation, stage) if here else ""
    return Task(str(stage.label), url(stage, key), state, who=who)


def waits_for(innovation: Innovation, stage: AnyStage) -> str:
    """Who has the next move in this stage."""
    team = str(innovation.call.programme.organisation)
    if stage.kind in ("dissemination",):
        return str(getattr(stage, "body", team))
    if stage.kind == "specification":
        sent = any(v.state == VersionState.SENT for v in innovation.specifications.all())
        return str(getattr(stage, "decided_by", team)) if sent else _("innovator")
    if stage.kind == "settlement":
        states = {report.state for report in reports_of(innovation)}
        if ReportState.ACCEPTED in states:
            return _("both sides")
        return team if ReportState.SENT in states else _("innovator")
    if stage.kind in ("cooperation", "agreement"):
        rows = [a for a in innovation.agreements.all() if a.stage == stage.code]
        return _("both sides") if rows and rows[-1].state == "offered" else team
    return _("innovator")


def facts(innovation: Innovation, *, with_end: bool = True) -> list[Fact]:
    """What the team and the mentor want to know first; the innovator's page says the end above."""
    rows = [
        Fact(_("Innovator"), innovation.innovator or _("not said")),
        Fact(_("Call"), innovation.call.name, url=reverse("calls:call", args=[innovation.call.slug])),
        Fact(_("Mentor"), str(innovation.mentor) if innovation.mentor else _("nobody yet")),
        Fact(_("On its way since"), day(innovation.begun_at)),
    ]
    if innovation.granted is not None:
        rows.insert(2, Fact(_("Grant"), money(innovation.granted)))
    if innovation.ended_why and with_end:
        rows.append(Fact(_("Why it ended"), innovation.ended_why))
    return rows


def listing(rows: Iterable[Innovation]) -> Table:
    columns = [
        Column("title", _("Innovation")),
        Column("call", _("Call")),
        Column("stage", _("Where it stands")),
        Column("waits", _("Who is waited for")),
        Column("mentor", _("Mentor")),
        Column("granted", _("Grant"), "number"),
    ]
    return Table(_("Innovations"), columns, [_row(row) for row in rows], caption_hidden=True)


def _row(row: Innovation) -> list[Any]:
    now = current(row) if row.state == InnovationState.RUNNING else None
    return [
        Cell(row.title, url=reverse("trials:team_innovation", args=[row.pk]), note=row.innovator),
        row.call.name,
        Cell(str(now.label)) if now else Cell(None, tag=tag(row.state)),
        waits_for(row, now) if now else "–",
        str(row.mentor) if row.mentor else Cell(None, missing=_("nobody yet")),
        money(row.granted) if row.granted is not None else Cell(None, missing=_("no grant")),
    ]


def stage_choices(calls: Iterable[Call]) -> list[tuple[str, str]]:
    """Stages of these calls by code; the same code has the same name."""
    found = {stage.code: str(stage.label) for call in calls for stage in stages_of(call.rules)}
    return list(found.items())
