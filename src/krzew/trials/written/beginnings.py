"""What is known already and may begin an answer: nothing is typed twice.

The same code means the same; beside that a few codes that the templates use for one meaning.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from krzew.calls.applications.answers import is_empty
from krzew.calls.definition.form import FormField
from krzew.calls.present.applications import draft_said
from krzew.trials.models import Innovation

MEANINGS = (
    {"solution", "idea", "what", "description", "sketch"},
    {"recipients", "group", "who", "whom", "for_whom", "target_group"},
    {"problem", "problems", "diagnosis"},
    {"test", "test_plan", "testing", "testers"},
    {"schedule", "plan", "actions"},
    {"team", "people"},
    {"change", "effects", "sign"},
    {"risks", "risk"},
)
TEXTS = ("line", "text")


@dataclass(frozen=True)
class Beginning:
    """An answer that was given elsewhere: where, what, and how it reads."""

    source: str
    value: Any
    said: str


def beginnings(innovation: Innovation, fields: Iterable[FormField]) -> dict[str, Beginning]:
    """By question: what the application or the idea says about it."""
    given = _given(innovation)
    found = {field.code: _for(field, given) for field in fields}
    return {code: begin for code, begin in found.items() if begin is not None}


def _given(innovation: Innovation) -> dict[str, tuple[FormField | None, Any, str]]:
    """Answers by code: the question behind each, the answer, where it was given."""
    given: dict[str, tuple[FormField | None, Any, str]] = {}
    if innovation.idea is not None:
        card, source = innovation.idea, _("in the idea")
        for code, said in (("title", card.title), ("idea", card.what), ("for_whom", card.for_whom)):
            given[code] = (None, said, source)
    application = innovation.application
    stage = application.call.rules.form if application else None
    if application is not None and stage is not None:
        for field in stage.fields:
            given[field.code] = (field, application.answers.get(field.code), _("in the application"))
    return {code: one for code, one in given.items() if not is_empty(one[1])}


def _for(field: FormField, given: Mapping[str, tuple[FormField | None, Any, str]]) -> Beginning | None:
    alike = next((codes for codes in MEANINGS if field.code in codes), set())
    for code in [field.code, *(code for code in given if code in alike)]:
        if code in given and _fits(field, given[code][0]):
            asked, value, source = given[code]
            return Beginning(source, value, draft_said(asked, value) if asked else str(value))
    return None


def _fits(field: FormField, other: FormField | None) -> bool:
    """Whether an answer to `other` can stand as an answer to `field`."""
    kind = other.kind if other else "text"
    if field.kind in TEXTS:
        return kind in TEXTS
    if field.kind in ("choice", "choices"):
        return other is not None and other.kind == field.kind and other.options == field.options
    return field.kind == kind and kind != "file"
