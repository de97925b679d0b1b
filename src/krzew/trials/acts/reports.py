"""The final report of the innovator: kept as typed, begun with what is known, signed, opened again."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from krzew.accounts.actors import Actor
from krzew.calls.applications.answers import is_empty
from krzew.calls.definition.form import FormField
from krzew.calls.definition.testing import EvaluationStage
from krzew.calls.models import content_hash
from krzew.timeline.acts import act, record
from krzew.timeline.transitions import WrongState
from krzew.trials.acts.steps import Conflict, fresh, move, must_be_open, must_run, settle
from krzew.trials.acts.writing import NotReady, held, keep
from krzew.trials.models import FinalReport, Innovation
from krzew.trials.queries import evaluation as queries
from krzew.trials.rules import manage_innovation
from krzew.trials.states import PAPER, PaperState
from krzew.trials.written.content import content
from krzew.trials.written.known import Known, beside, known
from krzew.trials.written.questions import asked_fields, lacks


def stage_for(innovation: Innovation) -> EvaluationStage:
    """The stage that asks for the report. Raises when the programme has none."""
    stage = queries.evaluation_stage(innovation)
    if stage is None:
        raise ValidationError(_("The programme of this call has no such stage."))
    return stage


def trial_must_be_over(innovation: Innovation) -> None:
    if not queries.trial_is_over(innovation):
        raise ValidationError(_("First the test ends. Until then everything you write is kept."))


def _draft(innovation: Innovation) -> FinalReport:
    """The report, held; it begins with its first word."""
    must_run(innovation)
    FinalReport.objects.get_or_create(innovation=innovation)
    row = FinalReport.objects.select_for_update().get(innovation=innovation)
    if row.state != PaperState.DRAFT:
        raise ValidationError(_("The report is signed. The team can open it again."))
    return row


@act
def save(
    actor: Actor,
    innovation: Innovation,
    answers: Mapping[str, Any],
    *,
    seen: int,
    window: str = "",
    pressed: bool = False,
) -> FinalReport:
    """Keep what was typed, right or wrong. Whoever holds the link may. Raises `Conflict`."""
    fields = asked_fields(stage_for(innovation))
    if unknown := set(answers) - {field.code for field in fields}:
        raise ValueError(f"not asked in the report: {sorted(unknown)}")
    row = _draft(innovation)
    keep(row, answers, seen=seen, window=window, pressed=pressed)
    return row


@act
def begin_with_known(actor: Actor, innovation: Innovation) -> list[str]:
    """Fill empty answers with what the test, its diary and the settlement say; gives what was filled."""
    row, rows = _draft(innovation), known(innovation)
    fields = [field for field in asked_fields(stage_for(innovation)) if is_empty(row.answers.get(field.code))]
    found = {field.code: _beginning(field, beside(rows, field.code)) for field in fields}
    taken = {code: value for code, value in found.items() if value}
    if taken:
        keep(row, taken, seen=row.revision)
        record(actor, "trials.final_report_begun", row, data={"fields": sorted(taken)})
    return sorted(taken)


def _beginning(field: FormField, rows: list[Known]) -> str:
    """Sentences for a text; a sum of money or a count where the question asks for a number."""
    if field.kind in ("text", "line"):
        return ("\n" if field.kind == "text" else " ").join(row.text for row in rows)
    wanted = {"money": "cost", "number": "testers"}.get(field.kind)
    values = [row.value for row in rows if row.about == wanted and row.value is not None]
    return _typed(values[0]) if values else ""


def _typed(value: Decimal) -> str:
    return str(value).replace(".", ",")


@act
def sign(actor: Actor, innovation: Innovation, *, seen: int, name: str, is_true: bool) -> FinalReport:
    """The innovator signs; the words as they are now are kept for good. Raises `NotReady`, `Conflict`."""
    stage, now = stage_for(innovation), fresh(innovation.pk)
    must_be_open(now, stage)
    trial_must_be_over(now)
    row = _draft(innovation)
    if row.revision != seen:
        raise Conflict(row)
    whole = queries.document(innovation, stage, row)
    if found := lacks(whole, asked_fields(stage)):
        raise NotReady(found)
    _must_be_signed(name, is_true)
    said = content(innovation, stage, whole)
    mark = content_hash(said)
    at = timezone.now()
    copy = said | {"at": at.isoformat(), "name": name.strip()[:200], "hash": mark}
    data = {"hash": mark, "time": len(row.sent) + 1}
    move(actor, row, PAPER, "sign", "trials.final_report_signed", data, signed_at=at, sent=[*row.sent, copy])
    settle(innovation)
    return row


def _must_be_signed(name: str, is_true: bool) -> None:
    wrong = {}
    if not name.strip():
        wrong["name"] = _("Write the name of the person who signs.")
    if not is_true:
        wrong["is_true"] = _("Without this statement the report cannot be signed.")
    if wrong:
        raise ValidationError(wrong)


@act
def reopen(actor: Actor, innovation: Innovation, why: str) -> FinalReport:
    """The team opens it again with a reason; what was signed before stays."""
    manage_innovation.require(actor, innovation)
    must_run(innovation)
    if not why.strip():
        raise ValidationError({"why": _("Say why, in a sentence or two.")})
    row = queries.report(innovation)
    if row.pk is None:
        raise WrongState("reopen", "")
    row = held(row)
    move(actor, row, PAPER, "reopen", "trials.report_reopened", reopened_why=why.strip()[:2000])
    settle(innovation)
    return row
