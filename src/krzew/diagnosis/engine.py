"""From figures and voices to ranked problems, and from problems to ranked solutions. Reads; changes nothing.

`compute(diagnosis)` for a diagnosis, `compute_place(code)` for a place without one; every gmina at once is in
`everywhere`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from krzew.diagnosis import matching, reference, wording
from krzew.diagnosis.criteria import CONCENTRATION
from krzew.diagnosis.everywhere import compute_all, table_of_all
from krzew.diagnosis.result import SCHEMA, Data, Group, Place, Result, Vintage, Voices
from krzew.library import catalogue
from krzew.methods import METHOD_VERSION, fit
from krzew.methods import needs as science
from krzew.methods.record import DEFAULT_SEED, library_versions
from krzew.network.models import Sector
from krzew.network.queries import Heard, heard, meetings_about
from krzew.places import matrix, vocabulary
from krzew.places.groups import ComparisonGroup, comparison_group

if TYPE_CHECKING:
    from krzew.diagnosis.models import Diagnosis, FactAnswer

__all__ = ["compute", "compute_all", "compute_place", "table_of_all"]

DRAWS = 2_000
"""Draws of weights and uncertain values for one place: an acceptability is known to 2 of 100."""


class UnknownPlace(LookupError):
    """There is no gmina with this code."""


@dataclass(frozen=True)
class Figure:
    """A local figure with its origin."""

    value: float
    day: str
    source: str


@dataclass(frozen=True)
class Answer:
    """An answer to a question about the place; None: asked, but nobody knows."""

    value: bool | float | None
    who: str = ""
    day: str = ""


@dataclass(frozen=True)
class Inputs:
    """What an adviser adds to public data. Empty: public statistics alone."""

    heard: Heard | None = None
    voices_weight: float = 0.5
    weights: Mapping[str, float] = field(default_factory=dict)
    pins: Mapping[str, str] = field(default_factory=dict)
    drops: Mapping[str, str] = field(default_factory=dict)
    figures: Mapping[str, Figure] = field(default_factory=dict)
    answers: Mapping[str, Answer] = field(default_factory=dict)


def inputs_of(diagnosis: Diagnosis) -> Inputs:
    """What the advisers have entered into this diagnosis."""
    choices = list(diagnosis.neighbour_choices.all())
    since, until = diagnosis.meetings_since, diagnosis.meetings_until
    return Inputs(
        heard=heard(meetings_about(diagnosis.organisation_id, diagnosis.place_id, since, until)),
        voices_weight=diagnosis.voices_weight / 100,
        weights=diagnosis.weights,
        pins={c.unit_id: c.reason for c in choices if c.kind == c.Kind.PIN},
        drops={c.unit_id: c.reason for c in choices if c.kind == c.Kind.DROP},
        figures={f.indicator: Figure(f.value, str(f.date), f.source) for f in diagnosis.local_figures.all()},
        answers={a.fact: Answer(_value(a), a.who, str(a.date)) for a in diagnosis.answers.all()},
    )


def _value(given: FactAnswer) -> bool | float | None:
    """Yes or no, or a number where the question asks for one: "yes" without the number is not known yet."""
    fact = catalogue.facts().get(given.fact)
    if given.answer == given.Answer.UNKNOWN or fact is None:
        return None
    return given.number if fact.is_number else given.answer == given.Answer.YES


def compute(diagnosis: Diagnosis) -> Result:
    """The diagnosis as it stands now. A signed one is read from its snapshot instead (`queries.result_of`)."""
    return compute_place(diagnosis.place_id, inputs_of(diagnosis))


def compute_place(code: str, inputs: Inputs | None = None) -> Result:
    """One gmina. Raises `UnknownPlace`, and `MethodError` for input that cannot be computed with."""
    given = inputs or Inputs()
    tables = matrix.tables()
    if code not in tables.rows:
        raise UnknownPlace(code)
    shelf = reference.shelf()
    group = comparison_group(code, pin=tuple(given.pins), drop=tuple(given.drops))
    local = {name: figure.value for name, figure in given.figures.items()}
    found = science.diagnose(reference.framework(), tables.need_values, code, group.codes, local=local)
    said = voices(given.heard)
    combined = science.combine(found.estimates(), said.scores if said else {}, given.voices_weight)
    problem = matching.Problem.of(code, tables, shelf, given, combined)
    solved = problem.fit.solve(DRAWS, DEFAULT_SEED, CONCENTRATION)
    return _result(code, tables, given, group, found, combined, problem, solved)


def voices(said: Heard | None) -> science.VoicesResult | None:
    """Strength of each need in what people said; None when nobody said anything that was sorted to a need."""
    if said is None or not said.tallies:
        return None
    people = {
        sector: max(said.people.get(sector, 0), int(np.ceil(sum(row.values()))))
        for sector, row in said.votes.items()
    }
    result = science.voices_score(
        said.votes, people, needs=tuple(vocabulary.needs()), sectors_total=len(Sector.values)
    )
    return result if result.scores else None


def _result(
    code: str,
    tables: matrix.Tables,
    given: Inputs,
    group: ComparisonGroup,
    found: science.NeedsResult,
    combined: Mapping[str, science.Combined],
    problem: matching.Problem,
    solved: fit.Fit,
) -> Result:
    names = wording.unit_names(tables.version)
    polish, english = solved.explain("pl"), solved.explain("en")
    needs = wording.needs(found, combined, given, tables, code)
    return Result(
        schema=SCHEMA,
        place=_place(code, tables, group, names),
        data=_data(tables, problem, given),
        group=Group(
            wording.neighbours(group, given.pins, names),
            wording.dropped(given.drops, names),
            wording.group_notes(found),
        ),
        voices=_voices(given),
        needs=needs,
        criteria=problem.shown,
        solutions=matching.solutions(problem, solved, polish, english, needs),
        questions=matching.questions(problem),
        headline=wording.headline(needs, polish.headline, english.headline),
        decided=wording.paired_all(polish.decided, english.decided),
        change=wording.paired_all(polish.change, english.change),
        notes=wording.notes(needs, problem, given),
    )


def _place(code: str, tables: matrix.Tables, group: ComparisonGroup, names: wording.Names) -> Place:
    row, column = tables.rows[code], tables.columns["population"]
    people = float(tables.values[row, column])
    known = np.isfinite(people)
    return Place(
        code=code,
        name=names[code].name,
        kind=names[code].kind,
        where=names[code].where,
        settlement=wording.entry(group.type),
        population=people if known else None,
        population_year=int(tables.years[row, column]) if known else None,
    )


def _data(tables: matrix.Tables, problem: matching.Problem, given: Inputs) -> Data:
    return Data(
        version=tables.version,
        library=problem.shelf.version,
        method=METHOD_VERSION,
        seed=DEFAULT_SEED,
        draws=DRAWS,
        made_on=date.today().isoformat(),
        vintages=_vintages(),
        versions=dict(library_versions()),
    )


def _vintages() -> tuple[Vintage, ...]:
    shown = [s for s in vocabulary.indicators().values() if s.is_scored and s.level == "gmina" and s.years]
    return tuple(Vintage(s.code, wording.entry(s), s.vintage, s.citation) for s in shown)


def _voices(given: Inputs) -> Voices:
    said = given.heard
    if said is None:
        return Voices(given.voices_weight, 0, 0, 0, 0, {}, tuple(Sector.values))
    return Voices(
        given.voices_weight,
        said.meetings,
        said.total_people,
        said.statements,
        said.unsorted,
        said.people,
        said.missing,
    )
