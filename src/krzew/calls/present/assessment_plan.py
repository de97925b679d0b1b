"""A proposal of assignment as its team reads it: by application, by assessor, with reasons."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from krzew.calls.assessment_matching import Table as Matching
from krzew.calls.assessment_matching import fit
from krzew.calls.models import Application, AssignmentPlan, Call, Conflict
from krzew.calls.present.assessment import address
from krzew.ui.components import Cell, Column, Table
from krzew.ui.formats import share


@dataclass(frozen=True)
class Proposal:
    """The pairs of a plan, from both sides."""

    by_application: Mapping[int, list[int]]
    by_assessor: Mapping[int, list[int]]
    changed: frozenset[tuple[int, int]]


def read(plan: AssignmentPlan) -> Proposal:
    applications: dict[int, list[int]] = defaultdict(list)
    assessors: dict[int, list[int]] = defaultdict(list)
    for assessor, application in plan.proposal["pairs"]:
        applications[application].append(assessor)
        assessors[assessor].append(application)
    changed = frozenset((c["into"], c["application"]) for c in plan.changes)
    return Proposal(applications, assessors, changed)


def sentences(plan: AssignmentPlan) -> list[str]:
    """What the method says of its answer, or why there is none, in the reader's language."""
    language = "pl" if (get_language() or "pl").startswith("pl") else "en"
    return list(plan.proposal.get("said", {}).get(language, []))


def applications(
    call: Call, code: str, rows: Iterable[Application], whole: Matching, proposal: Proposal, open_: bool
) -> Table:
    columns = [
        Column("number", _("No."), "number"),
        Column("application", _("Application")),
        Column("who", _("Assessors")),
        Column("fit", _("Fit"), "number", hint=_("themes that they know")),
    ]
    if open_:
        columns.append(Column("act", "", "action"))
    themes = {a.pk: t for a, t in zip(whole.applications, whole.themes, strict=True)}
    people = {a.pk: a for a in whole.assessors}
    body = [
        _application(call, code, row, people, themes.get(row.pk, frozenset()), proposal, open_)
        for row in rows
    ]
    return Table(_("The proposal by application"), columns, body, caption_hidden=True)


def _application(
    call: Call, code: str, row: Application, people: Any, themes: Any, proposal: Proposal, open_: bool
) -> list[Any]:
    chosen = [people[pk] for pk in proposal.by_application[row.pk] if pk in people]
    by_hand = any((a.pk, row.pk) in proposal.changed for a in chosen)
    worth = share(sum(fit(a, themes) for a in chosen) / len(chosen), 0) if chosen and themes else None
    cells: list[Any] = [
        row.label,
        str(row),
        Cell(", ".join(str(a) for a in chosen), note=_("changed by hand") if by_hand else ""),
        worth or Cell(None, missing=_("no theme named")),
    ]
    if open_:
        url = f"{address('assessment_change', call, code, row.pk)}"
        cells.append(Cell(_("Change it"), url=url))
    return cells


def assessors(whole: Matching, proposal: Proposal, conflicts: Mapping[int, Counter[str]]) -> Table:
    columns = [
        Column("who", _("Assessor")),
        Column("new", _("In this proposal"), "number"),
        Column("held", _("Has already"), "number"),
        Column("most", _("The most"), "number"),
        Column("conflicts", _("Closed to her")),
    ]
    body = [
        [
            str(a),
            len(proposal.by_assessor[a.pk]) if a.pk in proposal.by_assessor else 0,
            whole.taken[a.pk],
            a.most,
            _closed(conflicts.get(a.pk, Counter())),
        ]
        for a in whole.assessors
    ]
    return Table(_("The proposal by assessor"), columns, body, caption_hidden=True)


def _closed(kinds: Counter[str]) -> Any:
    if not kinds:
        return Cell(None, missing=_("nothing"))
    return "; ".join(f"{Conflict.Kind(kind).label}: {count}" for kind, count in sorted(kinds.items()))
