"""The content of a version that stands before a gate, and of a report that is signed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from krzew.calls.applications.answers import shown
from krzew.calls.applications.check import Filled
from krzew.trials.models import Innovation
from krzew.trials.written.questions import Asking, kept_answers, plain, read_fields
from krzew.ui.components import Fact


def content(innovation: Innovation, stage: Asking, whole: Filled) -> dict[str, Any]:
    """Everything in plain JSON: it can be read without the draft, and without the programme."""
    return {
        "stage": stage.code,
        "label": stage.label.model_dump(),
        "title": innovation.title,
        "fields": plain(whole.stage.fields),
        "answers": kept_answers(whole),
    }


def said(kept: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """What a version says: its questions and answers in words, by code."""
    answers = kept["answers"]
    rows = [(field, shown(field, answers.get(field.code))) for field in read_fields(kept)]
    return {field.code: (str(field.label), text) for field, text in rows}


def facts(kept: Mapping[str, Any]) -> list[Fact]:
    return [Fact(label, (text or "–").split("\n")) for label, text in said(kept).values()]
