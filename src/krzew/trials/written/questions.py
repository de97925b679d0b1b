"""Questions of a stage in the shape that the form engine of calls reads, and what an answer still lacks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from krzew.calls.applications.answers import Wrong, applies, fixed, value_of
from krzew.calls.applications.check import Filled, Lack, question_lacks
from krzew.calls.definition.form import ApplicationStage, FormField, Section
from krzew.calls.definition.testing import EvaluationStage, SpecificationStage
from krzew.trials.journey import stages_of
from krzew.trials.models import Innovation

Asking = SpecificationStage | EvaluationStage


def asked_fields(stage: Asking) -> tuple[FormField, ...]:
    """Its questions. Files have their place in the package; here one writes where such a file lies."""
    fields = stage.fields if isinstance(stage, SpecificationStage) else stage.report
    return tuple(_written(field) for field in fields)


def _written(field: FormField) -> FormField:
    return field.model_copy(update={"kind": "line", "most": None}) if field.kind == "file" else field


def gates(innovation: Innovation) -> list[SpecificationStage]:
    """The gates of the specification, in the order of the programme."""
    return [stage for stage in stages_of(innovation.call.rules) if isinstance(stage, SpecificationStage)]


def fields_until(innovation: Innovation, stage: SpecificationStage) -> tuple[FormField, ...]:
    """The whole document at this gate: its own questions, then those of earlier gates that it does not ask."""
    found = {field.code: field for field in asked_fields(stage)}
    for gate in gates(innovation):
        if gate.code == stage.code:
            break
        for field in asked_fields(gate):
            found.setdefault(field.code, field)
    return tuple(found.values())


def filled(
    innovation: Innovation, stage: Asking, fields: Iterable[FormField], answers: Mapping[str, Any]
) -> Filled:
    """Answers with their questions, as the form engine takes them."""
    section = Section(code=stage.code, label=stage.label, hint=stage.hint, fields=tuple(fields))
    form = ApplicationStage(kind="application", code=stage.code, label=stage.label, sections=(section,))
    application = innovation.application
    return Filled(
        kind=application.kind if application else "person",
        rules=innovation.call.rules,
        stage=form,
        answers=answers,
        members=(),
        ticks=frozenset(),
        files={},
    )


def field_lacks(whole: Filled, field: FormField) -> Iterator[Lack]:
    """What one answer lacks. Limits of the grant bind the application, not what is written later."""
    return (lack for lack in question_lacks(whole, field) if lack.about != "amount")


def lacks(whole: Filled, must: Iterable[FormField]) -> list[Lack]:
    """What is missing among `must`, and what cannot be read anywhere in the document."""
    wanted = {field.code for field in must}
    found = [lack for field in whole.stage.fields for lack in field_lacks(whole, field)]
    return [lack for lack in found if lack.field in wanted or not lack.missing]


def kept_answers(whole: Filled) -> dict[str, Any]:
    """Every answer that counts, in its one form. What cannot be read is left out; `lacks` names it."""
    kept = {}
    for field in whole.stage.fields:
        if whole.kind not in field.applicants or not applies(field, whole.fields, whole.answers):
            continue
        try:
            value = value_of(field, whole.answers.get(field.code))
        except Wrong:
            continue
        if value is not None:
            kept[field.code] = fixed(field, value)
    return kept


def plain(fields: Iterable[FormField]) -> list[dict[str, Any]]:
    """Questions as a version keeps them: it can be read when the programme has long changed."""
    return [field.model_dump(mode="json", exclude_defaults=True) for field in fields]


def read_fields(content: Mapping[str, Any]) -> list[FormField]:
    return [FormField.model_validate(field) for field in content["fields"]]
