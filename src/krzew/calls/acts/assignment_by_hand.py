"""Who assesses what, said by a person: a whole list at once, or one application to one assessor.

The hard rules are those of a proposal: nobody who is linked, nobody over her number, nobody twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from krzew.accounts.actors import Actor
from krzew.calls import assessment_conflicts
from krzew.calls.acts.assignment import SHORTEST_REASON, broken_rules
from krzew.calls.acts.assignment_letters import letter_of_work
from krzew.calls.assessment_matching import LIVE, Assessed, Table, stage_of, table, usual_number
from krzew.calls.definition.assessment import MeritStage
from krzew.calls.models import Application, Assessor, AssignmentPlan, Call, Reading
from krzew.calls.rules import manage_application, manage_call
from krzew.calls.states import ApplicationState
from krzew.timeline.acts import act, record

SHOWN = 20
"""Faults of a list told at once; who mends these will see whether there are more."""


@dataclass(frozen=True)
class Line:
    """One line of a list: the number of an application, and the e-mail of an assessor."""

    at: int
    number: str
    email: str


@act
def take_list(actor: Actor, call: Call, code: str, lines: Sequence[Line]) -> AssignmentPlan:
    """Make a list a proposal, which is looked at and adopted as any other. Lines that hold already add nothing."""
    manage_call.require(actor, call)
    stage, whole = _at_hand(call, code)
    pairs = _pairs(lines, whole)
    new = [pair for pair in pairs if pair not in whole.held]
    if not new:
        raise ValidationError(_("Everything on this list is given out already."))
    plan = AssignmentPlan(call=call, stage=code, seed=0, proposal={"take_back": []}, made_by=actor.user)
    if faults := [*_too_many(stage, whole, new), *broken_rules(plan, list(new))]:
        raise ValidationError(faults[:SHOWN])
    plan.proposal = _proposal(stage, whole, new)
    plan.save()
    record(actor, "calls.assignment_listed", plan, data={"stage": code, "lines": len(new)})
    return plan


def _at_hand(call: Call, code: str) -> tuple[Assessed, Table]:
    """The stage, and who stands where; links are inferred anew, since people and applications change."""
    stage = stage_of(call.rules, code)
    if stage is None:
        raise ValidationError(_("Nobody is assigned in this stage."))
    assessment_conflicts.store(call, table(call, code).assessors)
    return stage, table(call, code)


def _pairs(lines: Sequence[Line], whole: Table) -> list[tuple[int, int]]:
    """Keys (assessor, application), each once. Raises with every line that names somebody or something unknown."""
    applications = {name: a.pk for a in whole.applications for name in (a.label, str(a.number))}
    people = {a.user.email.lower(): a.pk for a in whole.assessors}
    faults = []
    for line in lines:
        words = {"line": line.at, "number": line.number, "email": line.email}
        if line.number not in applications:
            faults.append(_("Line %(line)s: no application %(number)s stands in this stage.") % words)
        if line.email.lower() not in people:
            faults.append(_("Line %(line)s: nobody in the pool has the e-mail %(email)s.") % words)
    if faults:
        raise ValidationError(faults[:SHOWN])
    return list(dict.fromkeys((people[x.email.lower()], applications[x.number]) for x in lines))


def _too_many(stage: Assessed, whole: Table, new: Iterable[tuple[int, int]]) -> list[str]:
    """The rules of a merit stage fix how many cards count; one more would change the mean of everybody."""
    if not isinstance(stage, MeritStage):
        return []
    have = _held(whole) + Counter(application for _assessor, application in new)
    return [
        _("Application %(number)s would have %(count)s assessors; the rules ask for %(least)s.")
        % {"number": row.label, "count": have[row.pk], "least": stage.assessors}
        for row in whole.applications
        if have[row.pk] > stage.assessors
    ]


def _held(whole: Table) -> Counter[int]:
    """How many first readings each application has; a third opinion is counted apart."""
    return Counter(application for (_a, application), reading in whole.held.items() if not reading.third)


def _proposal(stage: Assessed, whole: Table, new: Sequence[tuple[int, int]]) -> dict[str, object]:
    number = usual_number(stage)
    have = _held(whole) + Counter(application for _assessor, application in new)
    short = sum(have[row.pk] < number for row in whole.applications)
    said = {}
    for language in ("pl", "en"):
        with translation.override(language):
            said[language] = _told(len(new), short)
    return {
        "kind": "list",
        "possible": True,
        "per_idea": number,
        "experts": False,
        "pairs": [list(pair) for pair in new],
        "take_back": [],
        "said": said,
    }


def _told(lines: int, short: int) -> list[str]:
    text = ngettext("From a list: %(n)s assessment.", "From a list: %(n)s assessments.", lines)
    found = [text % {"n": lines}]
    if short:
        text = ngettext(
            "%(n)s application still has fewer assessors than it needs.",
            "%(n)s applications still have fewer assessors than they need.",
            short,
        )
        found.append(text % {"n": short})
    return found


@act
def give_one(
    actor: Actor,
    application: Application,
    code: str,
    assessor: Assessor,
    *,
    reason: str,
    due_on: date,
    desk: str,
) -> Reading:
    """Give one application to one more assessor, with the reason; the letter to her is held."""
    manage_application.require(actor, application)
    call = application.call
    _must_be_said(reason, due_on)
    stage, whole = _at_hand(call, code)
    if application.pk not in {row.pk for row in whole.applications}:
        raise ValidationError(_("This application does not stand in this stage."))
    pair = (assessor.pk, application.pk)
    plan = AssignmentPlan(call=call, stage=code, proposal={"take_back": []})
    if faults := [*_too_many(stage, whole, [pair]), *broken_rules(plan, [pair])]:
        raise ValidationError({"assessor": faults})
    reading = Reading.objects.create(
        application=application,
        assessor=assessor,
        stage=code,
        assigned_by=actor.user,
        assigned_why=reason.strip()[:300],
        due_on=due_on,
    )
    record(actor, "calls.reading_given", reading, new=reading.state, data={"person": assessor.user_id})
    letter_of_work(actor, call, assessor, 1, due_on, desk)
    return reading


def _must_be_said(reason: str, due_on: date) -> None:
    wrong = {}
    if len(reason.strip()) < SHORTEST_REASON:
        wrong["reason"] = _("Write in a sentence why this person; it is kept.")
    if due_on < timezone.localdate():
        wrong["due_on"] = _("This day has passed. Choose a later one.")
    if wrong:
        raise ValidationError(wrong)


def takes_more(application: Application, stage: Assessed) -> bool:
    """Whether one more person may be given this application by hand."""
    if application.state != ApplicationState.SUBMITTED or application.stage != stage.code:
        return False
    if not isinstance(stage, MeritStage):
        return True
    rows = application.readings.filter(stage=stage.code, state__in=LIVE, third=False)
    return rows.count() < stage.assessors


__all__ = ["Line", "give_one", "take_list", "takes_more"]
