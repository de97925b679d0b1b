"""From the pool and the applications of a stage to the tables of `methods.assignment`, and back.

Rows are assessors and columns applications, everywhere.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from krzew.calls.definition.assessment import MeritStage, PitchStage, TalkStage
from krzew.calls.definition.whole import Definition
from krzew.calls.models import Application, Assessor, Call, Conflict, Reading
from krzew.calls.states import ApplicationState, ReadingState

Assessed = MeritStage | PitchStage | TalkStage
ANY_FIT = 0.1
"""The fit of somebody without a theme in common: she may read it, but others come first."""
TALKERS = 3
LIVE = (ReadingState.ASSIGNED, ReadingState.OPEN, ReadingState.DONE)


def assessed_stages(definition: Definition) -> list[Assessed]:
    return [s for s in definition.stages if isinstance(s, MeritStage | PitchStage | TalkStage)]


def stage_of(definition: Definition, code: str) -> Assessed | None:
    return next((s for s in assessed_stages(definition) if s.code == code), None)


def usual_number(stage: Assessed) -> int:
    """How many people look at one application: by the rules, or a proposal where they say nothing."""
    if isinstance(stage, MeritStage):
        return stage.assessors
    return stage.panel if isinstance(stage, PitchStage) else TALKERS


def themes_of(call: Call, applications: Iterable[Application]) -> dict[int, frozenset[str]]:
    """Themes of the programme that applicants chose, in whichever question; read without the other answers."""
    known = {theme.code for theme in call.rules.themes}
    form = call.rules.form
    asked = [f.code for f in form.fields if known & {o.code for o in f.options}] if form and known else []
    if not asked:
        return {}
    rows = call.applications.filter(pk__in=[a.pk for a in applications])
    found = {}
    for pk, *answers in rows.values_list("pk", *(f"answers__{code}" for code in asked)):
        chosen = {value for answer in answers for value in (answer if isinstance(answer, list) else [answer])}
        found[pk] = frozenset(known & {value for value in chosen if isinstance(value, str)})
    return found


def fit(assessor: Assessor, themes: Collection[str]) -> float:
    """Share of the themes that she knows, from `ANY_FIT` to 1; 1 where no theme is named."""
    if not themes:
        return 1.0
    known = len(set(themes) & set(assessor.competences)) / len(themes)
    return ANY_FIT + (1 - ANY_FIT) * known


@dataclass(frozen=True, eq=False)
class Table:
    """Applications and assessors with what links and what parts them. `taken` counts readings held now."""

    applications: list[Application]
    assessors: list[Assessor]
    themes: list[frozenset[str]]
    blocked: set[tuple[int, int]]
    taken: Counter[int]
    held: dict[tuple[int, int], Reading]
    refused: set[tuple[int, int]] = field(default_factory=set)

    @property
    def affinity(self) -> Any:
        return np.array([[fit(a, t) for t in self.themes] for a in self.assessors])

    @property
    def names(self) -> list[str]:
        return unique([str(a) for a in self.assessors])

    @property
    def labels(self) -> list[str]:
        return unique([a.label or f"#{a.pk}" for a in self.applications])

    def rows(self) -> dict[int, int]:
        return {a.pk: n for n, a in enumerate(self.assessors)}

    def columns(self) -> dict[int, int]:
        return {a.pk: n for n, a in enumerate(self.applications)}

    def numbers(self, pairs: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
        """Pairs of keys (assessor, application) as row and column numbers; those of others are left out."""
        rows, columns = self.rows(), self.columns()
        return {(rows[a], columns[p]) for a, p in pairs if a in rows and p in columns}


def unique(names: Sequence[str]) -> list[str]:
    """The same names, with a number where one repeats."""
    seen: Counter[str] = Counter()
    found = []
    for name in names:
        seen[name] += 1
        found.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return found


def pool(call: Call) -> list[Assessor]:
    """Assessors of the organisation who take applications now."""
    rows = Assessor.objects.filter(organisation=call.programme.organisation_id, active=True)
    return list(rows.select_related("user").prefetch_related("user__memberships__organisation"))


def waiting(call: Call, stage: str) -> list[Application]:
    """Applications that stand in this stage."""
    rows = call.applications.filter(stage=stage, state=ApplicationState.SUBMITTED)
    found = list(rows.defer("answers").order_by("number", "pk"))
    for row in found:
        row.call = call  # one object for all: its definition is read once
    return found


def table(call: Call, stage: str, assessors: list[Assessor] | None = None) -> Table:
    """Everything that an assignment in this stage needs, in five queries."""
    people = pool(call) if assessors is None else assessors
    applications = waiting(call, stage)
    rows = Reading.objects.filter(application__call=call, stage=stage)
    readings = list(rows.only("assessor_id", "application_id", "state", "third"))
    themes = themes_of(call, applications)
    live = [r for r in readings if r.state in LIVE]
    return Table(
        applications,
        people,
        [themes.get(a.pk, frozenset()) for a in applications],
        conflicts(call, people),
        Counter(r.assessor_id for r in live),
        {(r.assessor_id, r.application_id): r for r in live},
        {(r.assessor_id, r.application_id) for r in readings if r.state not in LIVE},
    )


def conflicts(call: Call, assessors: Iterable[Assessor]) -> set[tuple[int, int]]:
    """Pairs (assessor, application) that must never meet, whichever pool found it out."""
    by_user = defaultdict(list)
    for assessor in assessors:
        by_user[assessor.user_id].append(assessor.pk)
    rows = Conflict.objects.filter(application__call=call, assessor__user__in=list(by_user))
    pairs = rows.values_list("assessor__user", "application")
    return {(pk, application) for user, application in pairs for pk in by_user[user]}


def replace_taken(whole: Table, more: Counter[int]) -> Table:
    """The same table when these loads are counted too: those of a proposal."""
    return replace(whole, taken=whole.taken + more)
