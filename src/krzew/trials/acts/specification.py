"""The specification: kept as typed, begun from what was said before, sent to its gate, decided with reasons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from krzew.accounts.actors import Actor
from krzew.calls.applications.answers import is_empty
from krzew.calls.definition.testing import SpecificationStage
from krzew.timeline.acts import act, prepare_letter, record
from krzew.trials.acts.steps import Conflict, fresh, move, must_be_open, must_run, settle, stage_of
from krzew.trials.acts.writing import NotReady, held, keep, must_judge_others
from krzew.trials.models import Gate, Innovation, Remark, Specification, SpecificationVersion
from krzew.trials.queries import specification as queries
from krzew.trials.rules import accompany, manage_innovation
from krzew.trials.states import SPECIFICATION, VersionState
from krzew.trials.written.beginnings import beginnings
from krzew.trials.written.content import content
from krzew.trials.written.questions import asked_fields, lacks

OUTCOMES = {VersionState.ACCEPTED: "accept", VersionState.RETURNED: "return", VersionState.REJECTED: "reject"}
MET = ("yes", "partly", "no")


def gate_of(innovation: Innovation, code: str) -> SpecificationStage:
    """The gate with this code. Raises when the programme has none."""
    stage = stage_of(innovation, code)
    if not isinstance(stage, SpecificationStage):
        raise ValidationError(_("The programme of this call has no such stage."))
    return stage


def _must_be_writable(innovation: Innovation, stage: SpecificationStage) -> None:
    must_run(innovation)
    if not queries.standing(fresh(innovation.pk), stage).writable:
        raise ValidationError(
            _("This specification is before its gate or decided, so it does not change now.")
        )


@act
def save(
    actor: Actor,
    innovation: Innovation,
    stage: SpecificationStage,
    answers: Mapping[str, Any],
    *,
    seen: int,
    window: str = "",
    pressed: bool = False,
) -> Specification:
    """Keep what was typed, right or wrong. Whoever holds the link may. Raises `Conflict`."""
    _must_be_writable(innovation, stage)
    if unknown := set(answers) - {field.code for field in asked_fields(stage)}:
        raise ValueError(f"not asked at this gate: {sorted(unknown)}")
    row = queries.specification(innovation)
    keep(row, answers, seen=seen, window=window, pressed=pressed)
    return row


@act
def begin_with_known(actor: Actor, innovation: Innovation, stage: SpecificationStage) -> list[str]:
    """Fill empty answers with what the application or the idea says; gives the questions that were filled."""
    _must_be_writable(innovation, stage)
    row = held(queries.specification(innovation))
    known = beginnings(innovation, asked_fields(stage))
    taken = {code: begin.value for code, begin in known.items() if is_empty(row.answers.get(code))}
    if taken:
        keep(row, taken, seen=row.revision)
        record(actor, "trials.specification_begun", row, data={"fields": sorted(taken)})
    return sorted(taken)


@act
def send(
    actor: Actor, innovation: Innovation, stage: SpecificationStage, *, seen: int
) -> SpecificationVersion:
    """Send it to its gate: from now on this version never changes. Raises `NotReady`, `Conflict`."""
    must_be_open(fresh(innovation.pk), stage)
    row = held(queries.specification(innovation))
    _must_be_writable(innovation, stage)
    if row.revision != seen:
        raise Conflict(row)
    whole = queries.document(innovation, stage, row)
    if found := lacks(whole, asked_fields(stage)):
        raise NotReady(found)
    last = innovation.specifications.aggregate(last=Max("number"))["last"] or 0
    version = SpecificationVersion.objects.create(
        innovation=innovation, stage=stage.code, number=last + 1, content=content(innovation, stage, whole)
    )
    data = {"version": version.number, "stage": stage.code, "hash": version.content_hash}
    record(actor, "trials.specification_sent", version, new=version.state, data=data)
    settle(innovation)
    return version


@act
def decide(
    actor: Actor,
    version: SpecificationVersion,
    *,
    outcome: str,
    criteria: Mapping[str, Mapping[str, str]],
    reason: str,
) -> Gate:
    """What the body decided, noted by its team: by criteria and with reasons. The author sees all of it."""
    innovation = version.innovation
    manage_innovation.require(actor, innovation)
    must_run(innovation)
    must_judge_others(actor, innovation)
    stage = gate_of(innovation, version.stage)
    said = _reasoned(stage, outcome, criteria, reason)
    event = f"trials.specification_{outcome}"
    move(actor, version, SPECIFICATION, OUTCOMES[VersionState(outcome)], event, {"stage": stage.code})
    gate = Gate.objects.create(
        version=version, outcome=outcome, criteria=said, reason=reason.strip(), by=actor.user
    )
    _hold_letter(actor, version, stage, gate)
    settle(innovation)
    return gate


def _reasoned(
    stage: SpecificationStage, outcome: str, criteria: Mapping[str, Mapping[str, str]], reason: str
) -> dict[str, dict[str, str]]:
    """The criteria as they are kept. Raises, by field of the page, where a word or a reason is lacking."""
    wrong: dict[str, str] = {}
    said = {}
    for one in stage.criteria:
        given = criteria.get(one.code) or {}
        met, why = given.get("met", ""), given.get("reason", "").strip()
        if met not in MET:
            wrong[f"met_{one.code}"] = _("Say whether it is met.")
        elif met != "yes" and not why:
            wrong[f"reason_{one.code}"] = _("Say what is lacking, so that the author can mend it.")
        said[one.code] = {"met": met, "reason": why}
    if outcome not in OUTCOMES:
        wrong["outcome"] = _("Choose what the body decided.")
    needs_reason = outcome != VersionState.ACCEPTED or any(one["met"] == "no" for one in said.values())
    if needs_reason and not reason.strip():
        wrong["reason"] = _("Give the reason; the author reads it.")
    if wrong:
        raise ValidationError(wrong)
    return said


def _hold_letter(actor: Actor, version: SpecificationVersion, stage: SpecificationStage, gate: Gate) -> None:
    """A letter to the author, held until a person lets it go; the page shows the decision at once."""
    innovation = version.innovation
    if not innovation.email:
        return
    with override(innovation.language):
        words = {
            "title": innovation.title,
            "body": stage.decided_by,
            "stage": stage.label,
            "outcome": gate.get_outcome_display(),
            "reason": f"{gate.reason}\n\n" if gate.reason else "",
        }
        subject = _("%(stage)s: %(outcome)s") % words
        body = (
            _(
                "Good morning,\n\n%(body)s decided about “%(stage)s” of “%(title)s”: %(outcome)s.\n\n%(reason)s"
                "What was said about each criterion stands on the page of your innovation. You open it by the same "
                "link as your application."
            )
            % words
        )
    prepare_letter(actor, version, innovation.email, subject, body, language=innovation.language)


@act
def remark(actor: Actor, innovation: Innovation, stage: SpecificationStage, field: str, text: str) -> Remark:
    """The mentor or the team says something about one field; it decides nothing."""
    accompany.require(actor, innovation)
    must_run(innovation)
    if field not in {one.code for one in asked_fields(stage)}:
        raise ValidationError({"field": _("Choose the question that you mean.")})
    if not text.strip():
        raise ValidationError({"text": _("Write your remark first.")})
    row = Remark.objects.create(innovation=innovation, field=field, text=text.strip()[:2000], by=actor.user)
    record(actor, "trials.remark_made", innovation, data={"field": field})
    return row


@act
def settle_remark(actor: Actor, row: Remark) -> Remark:
    """The innovator, or who made it, notes that a remark is dealt with."""
    if row.done_at is None:
        row.done_at = timezone.now()
        row.save(update_fields=["done_at"])
        record(actor, "trials.remark_settled", row.innovation, data={"field": row.field})
    return row
