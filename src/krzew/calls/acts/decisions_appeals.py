"""Appeals: filed by the applicant in time, looked at by somebody else, answered with a reason."""

from __future__ import annotations

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from krzew.accounts.actors import Actor
from krzew.accounts.permissions import Denied
from krzew.calls.acts.decisions import granted_amount
from krzew.calls.acts.decisions_release import step_for
from krzew.calls.acts.steps import move
from krzew.calls.applications.begin import stage_after
from krzew.calls.decisions_rules import (
    appeal_stage,
    appeals_against,
    deciding_code,
    last_moment,
)
from krzew.calls.decisions_words import letter
from krzew.calls.definition.assessment import FormalStage
from krzew.calls.definition.selection import AppealStage
from krzew.calls.models import Appeal, Application, Assessor, Call, Conflict, Decision
from krzew.calls.queries.decisions import FUNDED, known_decision
from krzew.calls.rules import NOT_YOUR_APPLICATION, answer_appeal, judge, manage_appeal
from krzew.calls.states import APPEAL, APPLICATION, AppealState, ApplicationState
from krzew.timeline.acts import act, post_letter, record
from krzew.timeline.working_days import add_working_days

SHORTEST = 20
STEPS = {
    AppealState.UPHELD: "uphold",
    AppealState.DISMISSED: "dismiss",
    AppealState.INADMISSIBLE: "set_aside",
}


def may_appeal(application: Application) -> tuple[AppealStage, Decision] | None:
    """The rule and the decision against which an appeal may be filed now; None when none may."""
    decision = known_decision(application)
    stage = appeal_stage(application.call, decision.outcome) if decision else None
    if stage is None or decision is None or application.state != ApplicationState.OUT:
        return None
    until = last_moment(stage, decision)
    open_ = until is not None and timezone.now() <= until
    if not appeals_against(stage, decision.outcome) or not open_:
        return None
    return None if Appeal.objects.filter(decision=decision).exists() else (stage, decision)


@act
def file(actor: Actor, application: Application, text: str, *, by_link: bool = False) -> Appeal:
    """Ask to look again: once against one decision, within the days that the rules give."""
    if not by_link and not (actor.user and actor.user.pk == application.user_id):
        raise Denied(NOT_YOUR_APPLICATION)
    row = Application.objects.select_for_update(of=("self",)).select_related("call__programme")
    kept = row.get(pk=application.pk)
    found = may_appeal(kept)
    if found is None:
        raise ValidationError(
            _("This decision cannot be appealed now. See the days and the rules of the call.")
        )
    if len(text.strip()) < SHORTEST:
        raise ValidationError(
            {"text": _("Write in a few sentences what should be looked at again, and why.")}
        )
    stage, decision = found
    days = stage.decide_working_days
    by = add_working_days(timezone.localdate(), days) if days else None
    made = Appeal.objects.create(application=kept, decision=decision, text=text.strip(), decide_by=by)
    record(actor, "calls.appeal_filed", made, new=made.state)
    return made


@act
def give(actor: Actor, appeal: Appeal, assessor: Assessor, *, page: str = "") -> Appeal:
    """Choose who looks again: where the rules say so, not one who has assessed it; never one linked with it.

    `page` is the full address of the appeal, for the letter to the assessor.
    """
    manage_appeal.require(actor, appeal)
    application = appeal.application
    stage = appeal_stage(application.call, appeal.decision.outcome)
    if (
        appeal.state != AppealState.FILED
        or assessor.organisation_id != application.call.programme.organisation_id
    ):
        raise ValidationError(_("This appeal is answered, or the assessor is not in your pool."))
    if (
        stage
        and stage.another_assessor
        and application.readings.filter(assessor__user=assessor.user_id).exists()
    ):
        raise ValidationError(
            {"assessor": _("This person has assessed the application. The rules ask for another one.")}
        )
    if Conflict.objects.filter(application=application, assessor__user=assessor.user_id).exists():
        raise ValidationError({"assessor": _("This person is linked with the application.")})
    appeal.assessor = assessor
    appeal.save(update_fields=["assessor"])
    record(actor, "calls.appeal_given", appeal)
    _ask(appeal, assessor, page)
    return appeal


def _ask(appeal: Appeal, assessor: Assessor, page: str) -> None:
    user = assessor.user
    with override(user.language):
        words = {"number": appeal.application.label, "page": page}
        subject = _("An appeal waits for you: application %(number)s") % words
        body = (
            _("Good morning,\n\nplease look again at application %(number)s and answer the appeal:\n%(page)s")
            % words
        )
    post_letter(Actor.system(), appeal, user.email, subject, body, language=user.language)


@act
def answer(actor: Actor, appeal: Appeal, state: str, text: str) -> Appeal:
    """Answer an appeal. An upheld one brings the application back to where it was stopped."""
    answer_appeal.require(actor, appeal)
    if len(text.strip()) < SHORTEST:
        raise ValidationError({"answer": _("Write why, in a few sentences; the applicant reads it.")})
    if state not in STEPS:
        raise ValidationError({"state": _("Choose the answer.")})
    stage = appeal_stage(appeal.application.call, appeal.decision.outcome)
    if stage and stage.another_assessor and appeal.assessor is None and state != AppealState.INADMISSIBLE:
        raise ValidationError(_("By the rules another assessor looks again. Choose her first."))
    facts = {"answer": text.strip(), "answered_at": timezone.now()}
    step = STEPS[AppealState(state)]
    move(actor, appeal, APPEAL, step, "calls.appeal_answered", {"answer": state}, **facts)
    if state == AppealState.UPHELD:
        _reinstate(actor, appeal)
    _tell(appeal)
    return appeal


def _reinstate(actor: Actor, appeal: Appeal) -> None:
    """Formal: on to the next stage, while there is still time. Otherwise: back to the decision."""
    application, rules = appeal.application, appeal.application.call.rules
    stage = next((s for s in rules.stages if s.code == appeal.decision.stage), None)
    running = application.call.results_released_at is None
    onward_ = stage_after(rules, stage.code) if running and isinstance(stage, FormalStage) else ""
    where = onward_ or deciding_code(application.call)
    move(actor, application, APPLICATION, "reinstate", "calls.reinstated", outcome="", stage=where)


def _tell(appeal: Appeal) -> None:
    row = appeal.application
    if not row.email:
        return
    with override(row.language):
        words = {"number": row.label, "answer": appeal.answer, "state": AppealState(appeal.state).label}
        subject = _("The answer to your appeal: application %(number)s") % words
        body = (
            _("Good morning,\n\nyour appeal about application %(number)s: %(state)s.\n\n%(answer)s") % words
        )
        stage = appeal_stage(row.call, appeal.decision.outcome)
        if stage and stage.final and appeal.state != AppealState.UPHELD:
            body += "\n\n" + _("By the rules of the call this answer is final.")
    post_letter(Actor.system(), row, row.email, subject, body, language=row.language)


def _must_be_paid(call: Call, amount: Decimal | None) -> None:
    pool = call.pool if call.pool is not None else call.rules.grant.pool
    if pool is None or amount is None:
        return
    held = call.applications.filter(state__in=FUNDED).aggregate(sum=Sum("granted"))["sum"] or Decimal(0)
    if held + amount > pool:
        raise ValidationError({"amount": _("With this grant the grants add up to more than the pool.")})


@act
def decide_again(
    actor: Actor, application: Application, outcome: str, *, amount: Decimal | None = None, reason: str = ""
) -> Decision:
    """After an upheld appeal in a decided call: the new decision takes effect and is told at once."""

    judge.require(actor, application)
    call = application.call
    if call.results_released_at is None or application.state != ApplicationState.SUBMITTED:
        raise ValidationError(_("This application does not wait for a new decision after an appeal."))
    if len(reason.strip()) < SHORTEST:
        raise ValidationError({"reason": _("Choose the decision and write why, in a sentence.")})
    money = granted_amount(call, application, outcome, amount)
    _must_be_paid(call, money)
    made = Decision.objects.create(
        application=application,
        stage=deciding_code(call),
        outcome=outcome,
        amount=money,
        reason=reason.strip(),
        feedback=reason.strip(),
        by=actor.user,
        released_at=timezone.now(),
    )
    step, fields = step_for(call, application, made)
    move(actor, application, APPLICATION, step, "calls.result_given", outcome=outcome, **fields)
    if application.email:
        subject, body = letter(call, application, made)
        post_letter(
            Actor.system(), application, application.email, subject, body, language=application.language
        )
    return made
