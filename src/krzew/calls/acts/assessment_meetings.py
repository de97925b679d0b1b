"""Pitches and talks: planned with the notice that the rules ask for, and who came."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from krzew.accounts.actors import Actor
from krzew.calls.acts.assessment import reject_absent
from krzew.calls.assessment_matching import Assessed, stage_of, waiting
from krzew.calls.definition.assessment import PitchStage, TalkStage
from krzew.calls.models import Application, Call, Meeting
from krzew.calls.rules import manage_call
from krzew.timeline.acts import act, prepare_letter, record
from krzew.ui.formats import moment

TALK_MINUTES = 30


def _stage(call: Call, code: str) -> Assessed:
    stage = stage_of(call.rules, code)
    if not isinstance(stage, PitchStage | TalkStage):
        raise ValidationError(_("There are no meetings with applicants in this stage."))
    return stage


def minutes_of(stage: Assessed) -> int:
    return stage.minutes + stage.questions_minutes if isinstance(stage, PitchStage) else TALK_MINUTES


def without_meeting(call: Call, code: str) -> list[Application]:
    """Applications in the stage for which a meeting has still to be planned, in the order of their numbers."""
    rows = Meeting.objects.filter(application__call=call, stage=code)
    planned = set(rows.exclude(attended=False).values_list("application", flat=True))
    stage = stage_of(call.rules, code)
    again = isinstance(stage, PitchStage) and stage.absence != "new_date"
    if again:  # whoever did not come gets no second date
        planned = set(rows.values_list("application", flat=True))
    return [a for a in waiting(call, code) if a.pk not in planned]


@act
def plan(
    actor: Actor,
    call: Call,
    code: str,
    *,
    begins: datetime,
    count: int,
    where: str,
    pause: int = 0,
    minutes: int | None = None,
) -> list[Meeting]:
    """One meeting after another for the next `count` applications; letters to the applicants are held."""
    manage_call.require(actor, call)
    stage = _stage(call, code)
    _must_be_announced(stage, begins)
    if not where.strip():
        raise ValidationError({"where": _("Write where it is, or the address of the video room.")})
    waits = without_meeting(call, code)[:count]
    if not waits:
        raise ValidationError(_("Every application in this stage has its meeting."))
    length = minutes or minutes_of(stage)
    made = []
    for n, application in enumerate(waits):
        at = begins + timedelta(minutes=n * (length + pause))
        made.append(
            Meeting.objects.create(
                application=application,
                stage=code,
                at=at,
                minutes=length,
                where=where.strip(),
                invited_at=timezone.now(),
            )
        )
    for meeting in made:
        _invite(actor, meeting, stage)
    record(actor, "calls.meetings_planned", call, data={"stage": code, "meetings": len(made)})
    return made


def _must_be_announced(stage: Assessed, begins: datetime) -> None:
    """Notice counts in whole days from today."""
    notice = stage.notice_days if isinstance(stage, PitchStage) else 0
    earliest = timezone.localdate() + timedelta(days=notice)
    if begins <= timezone.now():
        raise ValidationError({"begins": _("This time has passed.")})
    if timezone.localdate(begins) < earliest:
        raise ValidationError(
            {
                "begins": ngettext(
                    "The rules ask for %(count)s day of notice: choose %(day)s or later.",
                    "The rules ask for %(count)s days of notice: choose %(day)s or later.",
                    notice,
                )
                % {"count": notice, "day": earliest.strftime("%d.%m.%Y")}
            }
        )


def _invite(actor: Actor, meeting: Meeting, stage: Assessed) -> None:
    application = meeting.application
    if not application.email:
        return
    with override(application.language):
        facts = {
            "what": str(stage.label),
            "title": str(application),
            "at": moment(meeting.at),
            "where": meeting.where,
            "minutes": meeting.minutes,
        }
        subject = _("Invitation: %(what)s, %(at)s") % facts
        body = (
            _(
                "Good morning,\n\nwe invite you to a talk about the application “%(title)s”.\n\n"
                "When: %(at)s\nWhere: %(where)s\nHow long: %(minutes)s minutes"
            )
            % facts
        )
        body += "\n\n" + _absence_said(stage)
    prepare_letter(actor, application, application.email, subject, body, language=application.language)


def _absence_said(stage: Assessed) -> str:
    if not isinstance(stage, PitchStage):
        return _("If you cannot come then, write to us.")
    return {
        "zero": _("Please come: without a talk this part gets zero points, as the rules of the call say."),
        "rejected": _("Please come: without a talk the application ends, as the rules of the call say."),
        "new_date": _("If you cannot come then, write to us: we look for another date."),
    }[stage.absence]


@act
def move_meeting(actor: Actor, meeting: Meeting, *, at: datetime, where: str) -> Meeting:
    """Another time or place, with the same notice and a new letter."""
    call = meeting.application.call
    manage_call.require(actor, call)
    stage = _stage(call, meeting.stage)
    if meeting.attended is not None:
        raise ValidationError(_("This meeting has taken place."))
    _must_be_announced(stage, at)
    meeting.at, meeting.where, meeting.invited_at = at, where.strip(), timezone.now()
    meeting.save(update_fields=["at", "where", "invited_at"])
    _invite(actor, meeting, stage)
    record(actor, "calls.meeting_moved", meeting.application, data={"stage": meeting.stage})
    return meeting


@act
def note_attendance(actor: Actor, meeting: Meeting, *, came: bool, note: str = "") -> Meeting:
    """Who came, and what was said. An absence has the consequence that the rules give it."""
    call = meeting.application.call
    manage_call.require(actor, call)
    stage = _stage(call, meeting.stage)
    if meeting.at > timezone.now():
        raise ValidationError(_("This meeting has not begun yet."))
    meeting.attended, meeting.note = came, note.strip()
    meeting.save(update_fields=["attended", "note"])
    data = {"stage": meeting.stage, "came": came}
    record(actor, "calls.attendance_noted", meeting.application, data=data)
    if not came and isinstance(stage, PitchStage) and stage.absence == "rejected":
        reject_absent(actor, meeting.application, meeting.stage)
    return meeting
