"""Letters of the formal check. They are held, out of reach of everybody but the act that announces."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from krzew.accounts.actors import Actor
from krzew.calls.decisions_rules import appeal_stage, appeals_against
from krzew.calls.definition.assessment import FormalStage
from krzew.calls.formal_checks import Answer
from krzew.calls.models import Application, Call, FormalReview
from krzew.calls.states import Outcome
from krzew.timeline.acts import cancel_letter, prepare_letter, release_letters
from krzew.timeline.models import Event, Letter
from krzew.timeline.states import LetterState
from krzew.ui.formats import moment

DAY = "{{day}}"
"""Stands in a held letter for the day by which to complete: it is known when the letter leaves."""


def reasons(stage: FormalStage, review: FormalReview, language: str) -> str:
    """Every no with its reason, in the language of the applicant."""
    with override(language):
        lines = []
        for check in stage.checks:
            answer = Answer.of(review.answers.get(check.code, {}))
            if answer.ok is False:
                lines.append(f"– {check.label} {answer.reason}".strip())
        return "\n".join(lines)


def late_words(application: Application) -> str:
    with override(application.language):
        return _("The completion did not come by %(day)s.") % {"day": moment(application.complete_by)}


def _words(application: Application) -> dict[str, str]:
    return {"number": application.label, "title": str(application), "call": application.call.name}


def _hold(application: Application, subject: str, body: str) -> None:
    """By the program itself, for no organisation: the list of letters cannot let a single one go early."""
    if application.email:
        prepare_letter(
            Actor.system(), application, application.email, subject, body, language=application.language
        )


def ask_to_complete(application: Application, stage: FormalStage, review: FormalReview) -> None:
    with override(application.language):
        words = _words(application) | {"list": reasons(stage, review, application.language), "day": DAY}
        words["note"] = f"{review.note}\n\n" if review.note else ""
        subject = _("Please complete application %(number)s") % words
        body = (
            _(
                "Good morning,\n\nthe application “%(title)s”, number %(number)s, in the call “%(call)s” needs to be "
                "completed:\n\n%(list)s\n\n%(note)sPlease do it on its page and send it again by %(day)s. Later the "
                "system does not take it."
            )
            % words
        )
    _hold(application, subject, body)


def say_out(application: Application, stage: FormalStage, reason: str) -> None:
    with override(application.language):
        words = _words(application) | {"reason": reason}
        if application.outcome == Outcome.LEFT:
            subject = _("Application %(number)s: left without consideration") % words
            body = (
                _(
                    "Good morning,\n\nthe application “%(title)s”, number %(number)s, in the call “%(call)s” is left "
                    "without consideration.\n\n%(reason)s"
                )
                % words
            )
        else:
            subject = _("Application %(number)s: the result of the formal check") % words
            body = (
                _(
                    "Good morning,\n\nthe application “%(title)s”, number %(number)s, in the call “%(call)s” did not "
                    "pass the formal check:\n\n%(reason)s"
                )
                % words
            )
        body += "\n\n" + how_to_appeal(application)
    _hold(application, subject, body.rstrip())


def how_to_appeal(application: Application) -> str:
    """Whether this decision may be appealed, and by when; said in every letter that refuses."""
    stage = appeal_stage(application.call, application.outcome)
    if stage is None:
        return ""
    if not appeals_against(stage, application.outcome):
        return _("By the rules of the call this decision cannot be appealed.")
    words = {"days": stage.working_days}
    return (
        _(
            "You may appeal on the page of your application; number of working days from this letter: %(days)s."
        )
        % words
    )


def _held(call: Call) -> Iterator[tuple[Application, list[Letter]]]:
    rows = {str(row.pk): row for row in call.applications.filter(state__in=["returned", "out"])}
    held: dict[str, list[Letter]] = {}
    letters = Letter.objects.filter(object_type="calls.application", object_id__in=list(rows))
    for letter in letters.filter(state=LetterState.HELD, organisation__isnull=True):
        held.setdefault(letter.object_id, []).append(letter)
    for key, found in held.items():
        rows[key].call = call
        yield rows[key], found


def waiting(call: Call) -> list[Application]:
    """Applications with a letter of the formal check that is held."""
    return [application for application, _letters in _held(call)]


def _own(application: Application) -> list[Letter]:
    rows = Letter.objects.filter(
        object_type="calls.application", object_id=str(application.pk), organisation__isnull=True
    )
    return list(rows.filter(state=LetterState.HELD))


def has_left(application: Application, since: datetime) -> bool:
    """Whether a letter of this check has left, or the applicant without an address was told by the release."""
    rows = Letter.objects.filter(object_type="calls.application", object_id=str(application.pk))
    gone = rows.filter(created_at__gte=since).exclude(state__in=(LetterState.HELD, LetterState.CANCELLED))
    announced = Event.objects.filter(
        act="calls.formal_announced",
        object_type="calls.call",
        object_id=str(application.call_id),
        at__gte=since,
    )
    return gone.exists() or announced.exists()


def take_back(application: Application) -> None:
    """The letter of a check that was undone will not leave."""
    for letter in _own(application):
        cancel_letter(Actor.system(), letter)


def set_day(application: Application) -> None:
    """Write the day into the letter that asks to complete."""
    with override(application.language):
        day = moment(application.complete_by)
    for letter in _own(application):
        letter.body = letter.body.replace(DAY, day)
        letter.save(update_fields=["body"])


def let_go(application: Application) -> None:
    """Release, and put the letter on the organisation's own list."""
    letters = _own(application)
    organisation = application.call.programme.organisation
    Letter.objects.filter(pk__in=[letter.pk for letter in letters]).update(organisation=organisation)
    release_letters(Actor.system(), letters)
