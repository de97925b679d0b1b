"""A case: opened with a number, written to by both sides, answered, handed over, closed.

The author comes by a link of which only the hash is kept. Whoever holds it writes as the author; the pages find
the case by it. Nothing that people write goes into an event, a letter's heading or an address.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from krzew.accounts.actors import Actor
from krzew.accounts.models import User
from krzew.calls.acts.steps import move, save_seen
from krzew.calls.models import new_token, token_hash
from krzew.door.acts import cases_letters as letters
from krzew.door.models import Case, CaseKind, CaseNumber, Handover, Message
from krzew.door.rules import answer_case, manage_case
from krzew.door.states import CASE, CaseState
from krzew.timeline.acts import act, object_key, record
from krzew.timeline.working_days import add_working_days

ANSWER_DAYS = 5
"""Working days in which the office means to give a first answer."""
URGENT_DAYS = 1
LONGEST = 4000
WRITABLE = ("place", "name", "email", "phone", "language", "user", "keyed_by", "organisation", "urgent")


@act
def open_case(
    actor: Actor, kind: str, *, text: str = "", about: models.Model | None = None, **fields: Any
) -> tuple[Case, str]:
    """Open a case, with the first word of its author if she wrote one; gives it with the secret of its link."""
    unknown = set(fields) - set(WRITABLE)
    if unknown:
        raise ValueError(f"not part of a case: {sorted(unknown)}")
    token = new_token()
    object_type, object_id = object_key(about) if about is not None else ("", "")
    case = Case(
        kind=kind, token_hash=token_hash(token), object_type=object_type, object_id=object_id, **fields
    )
    case.year, case.number = _next_number()
    if kind != CaseKind.APPLICATION:  # answered by the decision of its call
        case.due_on = add_working_days(timezone.localdate(), URGENT_DAYS if case.urgent else ANSWER_DAYS)
    case.save()
    if text.strip():
        _say(actor, case, text, by_author=True)
    record(actor, "door.case_opened", case, new=case.state, data={"kind": kind})
    letters.tell_office(case)
    letters.confirm(case, token)
    return case, token


def _next_number() -> tuple[int, int]:
    """The next number of the year; the row is locked, so that no number is given twice and none is left out."""
    year = timezone.localdate().year
    row, _new = CaseNumber.objects.select_for_update().get_or_create(year=year)
    row.last += 1
    row.save(update_fields=["last"])
    return year, row.last


def _say(actor: Actor, case: Case, text: str, *, by_author: bool, is_note: bool = False) -> Message:
    words = text.strip()
    if not words:
        raise ValidationError({"text": _("Write what you want to say.")})
    if len(words) > LONGEST:
        raise ValidationError(
            {"text": _("This is too long: at most %(n)d characters fit in one message.") % {"n": LONGEST}}
        )
    return Message.objects.create(
        case=case, text=words, by_author=by_author, is_note=is_note, by=None if by_author else actor.user
    )


@act
def write(actor: Actor, case: Case, text: str) -> Message:
    """The author adds something or asks. A closed case is opened again by it."""
    if case.state == CaseState.WITHDRAWN:
        raise ValidationError(_("This case was taken back. You may begin a new one."))
    step = "reopen" if case.state == CaseState.CLOSED else "write"
    message = _say(actor, case, text, by_author=True)
    due = add_working_days(timezone.localdate(), ANSWER_DAYS)
    move(actor, case, CASE, step, "door.case_written", moved_at=timezone.now(), due_on=due, closed_at=None)
    letters.tell_office(case)
    return message


@act
def answer(actor: Actor, case: Case, text: str, *, closes: bool = False) -> Message:
    """Answer the author; the first answer takes the case. With `closes` nothing more is expected of anybody."""
    answer_case.require(actor, case)
    message = _say(actor, case, text, by_author=False)
    now = timezone.now()
    fields: dict[str, Any] = {"moved_at": now, "draft": None, "due_on": None}
    if case.first_answer_at is None:
        fields["first_answer_at"] = now
    fields |= _taken(actor, case)
    if closes:
        fields["closed_at"] = now
    move(actor, case, CASE, "close" if closes else "answer", "door.case_answered", **fields)
    letters.send_answer(actor, case, message)
    return message


def _taken(actor: Actor, case: Case) -> dict[str, Any]:
    """Who answers first takes it for her office; an expert to whom it was handed takes nothing."""
    if not manage_case.allows(actor, case):
        return {}
    taken: dict[str, Any] = {}
    if case.organisation_id is None:
        taken["organisation"] = actor.organisation
    if case.assigned_to_id is None:
        taken["assigned_to"] = actor.user
    return taken


@act
def note(actor: Actor, case: Case, text: str) -> Message:
    """A word that only the office and those to whom the case was handed read."""
    answer_case.require(actor, case)
    message = _say(actor, case, text, by_author=False, is_note=True)
    record(actor, "door.case_noted", case)
    return message


@act
def save_draft(actor: Actor, case: Case, text: str, *, seen: int) -> Case:
    """Keep an answer that is not sent yet. Raises `Conflict` when a colleague wrote meanwhile."""
    answer_case.require(actor, case)
    save_seen(case, seen, draft=text[:LONGEST])
    return case


@act
def assign(actor: Actor, case: Case, to: User | None) -> Case:
    """Give the case to a colleague of the office, or to nobody in particular."""
    manage_case.require(actor, case)
    if to is not None and not to.memberships.filter(organisation=actor.organisation).exists():
        raise ValidationError({"to": _("Choose somebody of your office.")})
    case.assigned_to = to
    if to is not None and case.organisation_id is None:
        case.organisation = actor.organisation
    case.save(update_fields=["assigned_to", "organisation"])
    record(actor, "door.case_assigned", case, data={"person": to.pk if to else None})
    return case


@act
def set_due(actor: Actor, case: Case, due_on: Any) -> Case:
    """By when the office means to answer."""
    manage_case.require(actor, case)
    if due_on is not None and due_on < timezone.localdate() - timedelta(days=1):
        raise ValidationError({"due_on": _("This day is over. Choose a later one.")})
    case.due_on = due_on
    case.save(update_fields=["due_on"])
    record(actor, "door.case_due", case, data={"due_on": due_on})
    return case


@act
def hand_over(actor: Actor, case: Case, to: User, why: str = "") -> Handover:
    """Let a mentor or an expert see and answer this case, and no other."""
    manage_case.require(actor, case)
    row, new = Handover.objects.get_or_create(
        case=case, to=to, ended_at=None, defaults={"note": why.strip()[:300], "by": actor.user}
    )
    if new:
        record(actor, "door.case_handed_over", case, data={"person": to.pk})
        letters.tell_expert(case, to)
    return row


@act
def take_back(actor: Actor, row: Handover) -> Handover:
    """End a hand-over: the expert sees the case no more."""
    manage_case.require(actor, row.case)
    if row.ended_at is None:
        row.ended_at = timezone.now()
        row.save(update_fields=["ended_at"])
        record(actor, "door.case_handed_back", row.case, data={"person": row.to_id})
    return row


@act
def reopen(actor: Actor, case: Case) -> Case:
    """Open a closed case again."""
    manage_case.require(actor, case)
    move(actor, case, CASE, "reopen", "door.case_reopened", closed_at=None, moved_at=timezone.now())
    return case


@act
def withdraw(actor: Actor, case: Case) -> Case:
    """The author takes the case back: the thread, the address and the words of its needs are deleted at once."""
    gone: dict[str, Any] = dict.fromkeys(("name", "email", "phone", "draft"))
    move(actor, case, CASE, "withdraw", "door.case_withdrawn", closed_at=timezone.now(), **gone)
    case.messages.all().delete()
    nothing: dict[str, Any] = {
        "text": "",
        "main": "",
        "concepts": [],
        "groups": [],
        "services": [],
        "solutions": [],
    }
    case.needs.update(**nothing, wants_news=False, people=None, withdrawn_at=timezone.now())
    return case


@act
def follow(actor: Actor, about: models.Model, step: str) -> Case | None:
    """Keep the case of an idea, an application or a sign-up in step with what happens on its own page."""
    object_type, object_id = object_key(about)
    case = Case.objects.filter(object_type=object_type, object_id=object_id).first()
    if case is None or case.state not in _SOURCES[step]:
        return case
    fields: dict[str, Any] = {"moved_at": timezone.now()}
    if step in ("answer", "close") and case.first_answer_at is None:
        fields["first_answer_at"] = timezone.now()
    if step in ("answer", "close"):
        fields |= {"due_on": None, "organisation": case.organisation or actor.organisation}
    if step in ("close", "withdraw"):
        fields["closed_at"] = timezone.now()
    move(actor, case, CASE, step, "door.case_followed", **fields)
    return case


_SOURCES = {transition.act: transition.sources for transition in CASE}
