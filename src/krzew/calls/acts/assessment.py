"""A stage of assessment as a whole: reminders, the final round of a talk, and its end."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from krzew.accounts.actors import Actor
from krzew.calls.acts.assignment_letters import letter_of_work
from krzew.calls.acts.steps import move
from krzew.calls.assessment_matching import Assessed, stage_of, waiting
from krzew.calls.assessment_words import reasons
from krzew.calls.definition.assessment import TalkStage
from krzew.calls.models import Application, Assessor, Call, Decision, Reading
from krzew.calls.queries.assessment import Standing, standings
from krzew.calls.rules import manage_call
from krzew.calls.states import APPLICATION, READING, ApplicationState, Outcome, ReadingState
from krzew.timeline.acts import act, record
from krzew.timeline.models import Letter
from krzew.timeline.states import LetterState

UNSIGNED = (ReadingState.ASSIGNED, ReadingState.OPEN)


@act
def remind(actor: Actor, call: Call, code: str, *, desk: str) -> int:
    """Prepare a letter to everybody with cards to sign; gives how many. Who has one waiting gets no second."""
    manage_call.require(actor, call)
    rows = Reading.objects.filter(application__call=call, stage=code, state__in=UNSIGNED)
    rows = rows.filter(application__stage=code, application__state=ApplicationState.SUBMITTED)
    due: dict[int, list[Reading]] = {}
    for reading in rows.order_by("due_on"):
        due.setdefault(reading.assessor_id, []).append(reading)
    held = _have_a_letter(call)
    people = Assessor.objects.filter(pk__in=due).exclude(user__in=held).select_related("user")
    for assessor in people:
        mine = due[assessor.pk]
        letter_of_work(actor, call, assessor, len(mine), mine[0].due_on, desk)
    if people:
        record(actor, "calls.assessors_reminded", call, data={"stage": code, "letters": len(people)})
    return len(people)


def _have_a_letter(call: Call) -> set[int]:
    rows = Letter.objects.filter(
        object_type="calls.call", object_id=str(call.pk), state=LetterState.HELD, to_user__isnull=False
    )
    return set(rows.values_list("to_user", flat=True))


@act
def open_final_round(actor: Actor, call: Call, code: str) -> int:
    """After the discussion each assessor says anew what she recommends; the initial word stays as a version."""
    manage_call.require(actor, call)
    stage = stage_of(call.rules, code)
    if not isinstance(stage, TalkStage) or "final" not in stage.rounds or "initial" not in stage.rounds:
        raise ValidationError(_("The rules of this call know no final round here."))
    rows = list(Reading.objects.filter(application__call=call, stage=code).prefetch_related("cards"))
    if any(reading.state in UNSIGNED for reading in rows):
        raise ValidationError(_("Some initial recommendations are missing. Remind their authors first."))
    again = [r for r in rows if r.state == ReadingState.DONE and len(r.cards.all()) == 1]
    if not again:
        raise ValidationError(_("There is no initial recommendation that waits for a final one."))
    for reading in again:
        move(actor, reading, READING, "reopen", "calls.card_reopened")
    record(actor, "calls.final_round_opened", call, data={"stage": code, "cards": len(again)})
    return len(again)


@dataclass(frozen=True)
class Closing:
    """What closing a stage would do, by application."""

    stage: Assessed
    passed: tuple[Application, ...]
    missed: tuple[Application, ...]
    undecided: tuple[Application, ...]
    incomplete: tuple[Application, ...]

    @property
    def possible(self) -> bool:
        return not self.undecided and not self.incomplete and bool(self.passed or self.missed)


def closing(call: Call, code: str) -> Closing:
    """Look before closing: who goes on, who missed what, who still waits for a card."""
    stage = stage_of(call.rules, code)
    if stage is None:
        raise ValidationError(_("Nobody assesses in this stage."))
    known = standings(call, code)
    found: dict[str, list[Application]] = {"passed": [], "missed": [], "undecided": [], "": []}
    for application in waiting(call, code):
        found[known.get(application.pk, Standing()).verdict].append(application)
    order = ("passed", "missed", "undecided", "")
    return Closing(stage, *(tuple(found[name]) for name in order))


@act
def close_stage(actor: Actor, call: Call, code: str) -> Closing:
    """Move on what passed; reject what missed a minimum or a threshold, with a decision that nobody hears yet."""
    manage_call.require(actor, call)
    Call.objects.select_for_update().get(pk=call.pk)
    found = closing(call, code)
    _must_be_complete(found)
    onward = _next(call, code)
    known = standings(call, code)
    for application in found.missed:
        _reject(actor, application, code, known[application.pk])
    passed = Application.objects.filter(pk__in=[a.pk for a in found.passed], stage=code)
    passed.update(stage=onward)
    facts = {"stage": code, "next": onward, "passed": len(found.passed), "missed": len(found.missed)}
    record(actor, "calls.stage_closed", call, data=facts)
    return found


def _must_be_complete(found: Closing) -> None:
    if found.incomplete:
        count = len(found.incomplete)
        raise ValidationError(
            ngettext(
                "%(count)s application still waits for a card.",
                "%(count)s applications still wait for cards.",
                count,
            )
            % {"count": count}
        )
    if found.undecided:
        raise ValidationError(
            _(
                "Some recommendations have no majority. Talk these applications over and open their cards again."
            )
        )
    if not found.possible:
        raise ValidationError(_("No application stands in this stage."))


def _next(call: Call, code: str) -> str:
    codes = [stage.code for stage in call.rules.stages]
    return codes[min(codes.index(code) + 1, len(codes) - 1)]


def _reject(actor: Actor, application: Application, code: str, standing: Standing) -> None:
    with override(application.language):
        why = reasons(standing.misses) or _votes(standing)
    Decision.objects.create(
        application=application, stage=code, outcome=Outcome.REJECTED_MERIT, reason=why[:4000], by=actor.user
    )
    facts = {"stage": code, "missed": [miss.code for miss in standing.misses]}
    move(
        actor,
        application,
        APPLICATION,
        "reject",
        "calls.application_rejected_on_merit",
        facts,
        outcome=Outcome.REJECTED_MERIT,
    )


def _votes(standing: Standing) -> str:
    counts = Counter({"yes": standing.yes, "no": standing.no, "talk": standing.talk})
    return _("Final recommendations: %(yes)s in favour, %(no)s against, %(talk)s to be talked over.") % counts


@act
def reject_absent(actor: Actor, application: Application, code: str) -> None:
    """The applicant did not come to a pitch, and the rules say that this ends the application."""
    manage_call.require(actor, application.call)
    with override(application.language):
        why = _("Nobody came to the pitch. By the rules of the call this ends the application.")
    Decision.objects.create(
        application=application, stage=code, outcome=Outcome.REJECTED_MERIT, reason=why, by=actor.user
    )
    facts = {"stage": code, "absent": True, "on": timezone.localdate()}
    event = "calls.application_rejected_on_merit"
    move(actor, application, APPLICATION, "reject", event, facts, outcome=Outcome.REJECTED_MERIT)
