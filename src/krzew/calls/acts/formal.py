"""The formal check: answers to the list, and where they lead. Letters wait until the team lets them go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from krzew.accounts.actors import Actor
from krzew.calls import formal_letters as letters
from krzew.calls.acts.steps import move
from krzew.calls.applications.begin import stage_after
from krzew.calls.decisions_rules import end_of
from krzew.calls.definition.assessment import FormalStage
from krzew.calls.formal_checks import Answer, formal_stage
from krzew.calls.models import Application, Call, Decision, FormalReview
from krzew.calls.rules import judge, manage_application, manage_call
from krzew.calls.states import APPLICATION, ApplicationState, Outcome, WrongState
from krzew.timeline.acts import act, record
from krzew.timeline.working_days import add_working_days

SHORTEST_REASON = 5
PASSED, COMPLETION, REJECTED, LEFT = "passed", "completion", "rejected", "left"


@act
def keep(
    actor: Actor, application: Application, answers: Mapping[str, Answer], *, note: str = "", seen: int = 0
) -> FormalReview:
    """Keep the answers so far. `seen` is the review that the person had before her (0: none)."""
    kept, _stage = _at_hand(actor, application)
    review = _draft(kept, seen)
    return _written(actor, review, answers, note)


@act
def conclude(
    actor: Actor,
    application: Application,
    answers: Mapping[str, Answer],
    result: str,
    *,
    note: str = "",
    seen: int = 0,
) -> FormalReview:
    """End the check: passed, to be completed once, or rejected. Every no has its reason."""
    kept, stage = _at_hand(actor, application)
    _must_be_answered(stage, answers)
    _must_lead_there(kept, stage, answers, result)
    review = _written(actor, _draft(kept, seen), answers, note, result)
    {PASSED: _pass, COMPLETION: _return, REJECTED: _reject}[result](actor, kept, stage, review)
    application.__dict__.update(kept.__dict__)
    return review


class Seen(ValidationError):
    """Somebody else has checked the same application in the meantime."""


def _at_hand(actor: Actor, application: Application) -> tuple[Application, FormalStage]:
    """The application as it is kept, held until the act ends; it must wait for this check, and for this person."""
    rows = Application.objects.select_for_update(of=("self",)).select_related("call__programme__organisation")
    kept = rows.get(pk=application.pk)
    judge.require(actor, kept)
    stage = formal_stage(kept.call, kept.stage) if kept.stage else None
    if stage is None or kept.state != ApplicationState.SUBMITTED:
        raise WrongState("check", kept.state)
    return kept, stage


def _draft(application: Application, seen: int) -> FormalReview:
    """The review that is being written: one for each sent version."""
    last = application.formal_reviews.order_by("-at", "-pk").first()
    version = application.versions.last()
    assert version is not None, "what was sent has a version"
    if last and last.result == "" and last.version_id == version.pk:
        if last.pk != seen:
            raise Seen(_("Somebody else has begun to check this application. Compare both and save again."))
        return last
    return FormalReview(application=application, version=version, stage=application.stage)


def _written(
    actor: Actor, review: FormalReview, answers: Mapping[str, Answer], note: str, result: str = ""
) -> FormalReview:
    review.answers = {code: answer.plain() for code, answer in answers.items()}
    review.note, review.result, review.by, review.at = note.strip(), result, actor.user, timezone.now()
    review.save()
    return review


def _must_be_answered(stage: FormalStage, answers: Mapping[str, Answer]) -> None:
    wrong = {}
    for check in stage.checks:
        answer = answers.get(check.code, Answer())
        if answer.ok is None:
            wrong[f"ok_{check.code}"] = _("Answer yes or no.")
        elif (not answer.ok or _differs(answer)) and len(answer.reason.strip()) < SHORTEST_REASON:
            wrong[f"why_{check.code}"] = (
                _("Write why; the applicant reads it.")
                if not answer.ok
                else _("Krzew found otherwise. Write why you answer yes.")
            )
    if wrong:
        raise ValidationError(wrong)


def _differs(answer: Answer) -> bool:
    return answer.krzew is not None and answer.krzew != answer.ok


def failed(stage: FormalStage, answers: Mapping[str, Answer]) -> list[str]:
    """Codes of the questions answered no."""
    return [c.code for c in stage.checks if answers.get(c.code, Answer()).ok is False]


def can_be_completed(application: Application, stage: FormalStage, answers: Mapping[str, Answer]) -> bool:
    """Whether the rules give the applicant a chance to complete: a round is left, and every no allows it."""
    if stage.completion is None or rounds_used(application, stage) >= stage.completion.rounds:
        return False
    wrong = set(failed(stage, answers))
    return bool(wrong) and all(c.can_be_completed for c in stage.checks if c.code in wrong)


def rounds_used(application: Application, stage: FormalStage) -> int:
    return application.formal_reviews.filter(stage=stage.code, result=COMPLETION).count()


def _must_lead_there(
    application: Application, stage: FormalStage, answers: Mapping[str, Answer], result: str
) -> None:
    wrong, completable = failed(stage, answers), can_be_completed(application, stage, answers)
    refusals = {
        PASSED: _("There is a no in the list, so it has not passed.") if wrong else "",
        COMPLETION: "" if completable else _("By the rules of the call this cannot be completed."),
        REJECTED: "" if wrong else _("Every answer is yes, so there is no reason to reject."),
    }
    if result not in refusals:
        raise ValidationError(_("Choose how the check ends."))
    if result == REJECTED and completable:
        raise ValidationError(_("The rules let the applicant complete this. Ask for it first."))
    if refusals[result]:
        raise ValidationError(refusals[result])


def _pass(actor: Actor, application: Application, stage: FormalStage, _review: FormalReview) -> None:
    application.stage = stage_after(application.call.rules, stage.code)
    application.save(update_fields=["stage"])
    record(actor, "calls.formal_passed", application, data={"stage": stage.code, "next": application.stage})


def completion_day(stage: FormalStage, now: datetime | None = None) -> datetime:
    """The last second in which a completion may come, when the applicant is told now."""
    assert stage.completion is not None
    today = timezone.localdate(now or timezone.now())
    return end_of(add_working_days(today, stage.completion.working_days))


def _return(actor: Actor, application: Application, stage: FormalStage, review: FormalReview) -> None:
    day = completion_day(stage)
    move(actor, application, APPLICATION, "return", "calls.formal_returned", complete_by=day)
    letters.ask_to_complete(application, stage, review)


def _reject(actor: Actor, application: Application, stage: FormalStage, review: FormalReview) -> None:
    _out(actor, application, stage, review, Outcome.REJECTED_FORMAL, "calls.formal_rejected")


def _out(
    actor: Actor,
    application: Application,
    stage: FormalStage,
    review: FormalReview | None,
    outcome: Outcome,
    event: str,
) -> None:
    reason = letters.reasons(stage, review, application.language) if review else ""
    if outcome == Outcome.LEFT:
        reason = letters.late_words(application)
    Decision.objects.create(
        application=application, stage=stage.code, outcome=outcome, reason=reason[:4000], by=actor.user
    )
    move(actor, application, APPLICATION, "reject", event, outcome=outcome)
    letters.say_out(application, stage, reason)


@act
def undo(actor: Actor, application: Application) -> None:
    """A rejection or a request to complete was a slip: open the check again, while nobody was told."""
    rows = Application.objects.select_for_update(of=("self",)).select_related("call__programme__organisation")
    kept = rows.get(pk=application.pk)
    manage_application.require(actor, kept)
    if not can_be_undone(kept):
        raise ValidationError(_("The letter has left, so this cannot be undone any more."))
    review = kept.formal_reviews.order_by("-at", "-pk").first()
    assert review is not None
    review.result = ""
    review.save(update_fields=["result"])
    kept.decisions.filter(stage=review.stage, released_at__isnull=True).delete()
    letters.take_back(kept)
    move(actor, kept, APPLICATION, "undo", "calls.formal_undone", outcome="", complete_by=None)


def can_be_undone(application: Application) -> bool:
    """Rejected or returned in this check, by a review, and its letter is still held or there is none to send."""
    review = application.formal_reviews.order_by("-at", "-pk").first()
    ended = {COMPLETION: ApplicationState.RETURNED, REJECTED: ApplicationState.OUT}
    if review is None or application.stage != review.stage or ended.get(review.result) != application.state:
        return False
    if application.state == ApplicationState.OUT:
        last = application.decisions.order_by("-at", "-pk").first()
        if last is None or last.released_at is not None or last.outcome != Outcome.REJECTED_FORMAL:
            return False
    return not letters.has_left(application, review.at)


@act
def leave_late(actor: Actor, call: Call, applications: Iterable[Application]) -> int:
    """Completions that did not come in time: left without consideration, or rejected where the rules say so."""
    manage_call.require(actor, call)
    count = 0
    for application in applications:
        stage = formal_stage(call, application.stage)
        if stage is None or application.call_id != call.pk or not is_late(application):
            raise ValidationError(
                _("This application is not late with its completion. Look at the list again.")
            )
        late = stage.completion.late if stage.completion else LEFT
        outcome = Outcome.REJECTED_FORMAL if late == "rejected" else Outcome.LEFT
        _out(actor, application, stage, None, outcome, "calls.formal_left")
        count += 1
    return count


def is_late(application: Application) -> bool:
    by = application.complete_by
    return application.state == ApplicationState.RETURNED and by is not None and by < timezone.now()


@act
def announce(actor: Actor, call: Call) -> int:
    """Let the letters of the formal check go. Days for completing count from now: that is when people learn."""
    manage_call.require(actor, call)
    count = 0
    for application in letters.waiting(call):
        stage = formal_stage(call, application.stage)
        if stage and application.state == ApplicationState.RETURNED:
            application.complete_by = completion_day(stage)
            application.save(update_fields=["complete_by"])
            letters.set_day(application)
        letters.let_go(application)
        count += 1
    told = Decision.objects.filter(application__call=call, released_at__isnull=True)
    codes = [s.code for s in call.rules.stages if isinstance(s, FormalStage)]
    told.filter(stage__in=codes).update(released_at=timezone.now())
    record(actor, "calls.formal_announced", call, data={"letters": count})
    return count


__all__ = ["WrongState", "announce", "conclude", "keep", "leave_late"]
