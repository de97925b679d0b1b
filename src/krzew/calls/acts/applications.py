"""An application: begun, saved as typed, sent by the clock of the server, completed, taken back.

Whoever holds the link (or is signed in as its author) may write; the pages find the application by it.
Nothing is locked while people write. Sending locks the call: one after another gets the next number.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from krzew.accounts.actors import Actor
from krzew.accounts.models import Membership
from krzew.calls.acts import applications_letters as letters
from krzew.calls.acts import paper
from krzew.calls.acts.steps import Conflict, move, save_seen
from krzew.calls.applications import begin, freeze
from krzew.calls.applications.answers import APPLICANT, LONGEST
from krzew.calls.applications.applicant import WITH_MEMBERS, display_name, readable
from krzew.calls.applications.check import Filled, lacks
from krzew.calls.models import (
    Application,
    ApplicationVersion,
    Call,
    Channel,
    IdeaCard,
    Kind,
    Member,
    new_token,
    token_hash,
)
from krzew.calls.queries.applications import filled, same_applicant
from krzew.calls.queries.organiser import own_application
from krzew.calls.rules import GIVEN, manage_call, may_give_up
from krzew.calls.states import APPLICATION, IDEA, ApplicationState, IdeaState, WrongState, possible, target
from krzew.timeline.acts import act, record

MOST_TYPED = 20 * LONGEST
"""Characters of all answers together; more is not an application."""


WINDOW = "_window"


class NotReady(ValidationError):
    """The application lacks something; `lacks` name each thing with its place."""

    def __init__(self, found: list[Any]) -> None:
        super().__init__([f"{lack.label}: {lack.text}" for lack in found])
        self.lacks = found


@act
def start(
    actor: Actor,
    call: Call,
    *,
    kind: str,
    idea: IdeaCard | None = None,
    language: str = "pl",
    channel: str = Channel.SELF,
) -> tuple[Application, str]:
    """Begin an application; gives it with the secret of its link, of which only the hash is kept.

    Through another channel than one's own hands only the team of the call begins one.
    """
    if channel == Channel.SELF:
        _must_not_be_the_operator(actor, call)
    else:
        manage_call.require(actor, call)
    _must_be_open(call, kind, open_=call.is_writable())
    return _begun(actor, call, kind, idea, language, channel)


@act
def key_in(
    actor: Actor,
    call: Call,
    *,
    kind: str,
    channel: str,
    language: str = "pl",
    received_at: datetime | None = None,
    received_why: str = "",
) -> tuple[Application, str]:
    """Begin one for somebody who applies on paper, by telephone or at a meeting; the team types it.

    After the closing only what reached the office before it, at `received_at`, is taken down.
    """
    if channel == Channel.SELF or channel not in Channel.values:
        raise ValidationError({"channel": _("Say how the application reached you.")})
    manage_call.require(actor, call)
    _must_be_open(call, kind, open_=paper.takes_paper(call))
    paper.must_be_right(call, received_at, received_why)
    application, token = _begun(actor, call, kind, None, language, channel)
    if received_at is not None:
        paper.state_received(actor, application, received_at=received_at, why=received_why)
    return application, token


def _begun(
    actor: Actor, call: Call, kind: str, idea: IdeaCard | None, language: str, channel: str
) -> tuple[Application, str]:
    stage = call.rules.form
    assert stage is not None
    token, keyed = new_token(), channel != Channel.SELF
    carried = begin.carried(stage, kind, idea) if idea and idea.state != IdeaState.WITHDRAWN else {}
    application = Application(
        call=call,
        idea=idea if carried else None,
        token_hash=token_hash(token),
        kind=kind,
        channel=channel,
        stage=stage.code,
        language=language,
        user=None if keyed else actor.user,
        keyed_by=actor.user if keyed else None,
    )
    for name, value in _columns(application, carried).items():
        setattr(application, name, value)
    application.save()
    _name_contact(application)
    record(actor, "calls.application_started", application, new=application.state, data={"channel": channel})
    return application, token


def _must_be_open(call: Call, kind: str, *, open_: bool) -> None:
    if call.rules.form is None:
        raise ValidationError(_("This call has no form. Write to the team with an idea instead."))
    if not open_:
        raise ValidationError(
            _("Applications are written only between the opening and the closing of the call.")
        )
    if kind not in call.rules.applicants.kinds:
        raise ValidationError({"kind": _("Choose who applies; this call is not for the others.")})


def _must_not_be_the_operator(actor: Actor, call: Call) -> None:
    """Those who run the call do not apply in it."""
    rows = Membership.objects.filter(user=actor.user, organisation=call.programme.organisation_id)
    if actor.user is not None and rows.exists():
        raise ValidationError(_("You work for the organiser of this call, so you cannot apply in it."))


def is_writable(application: Application, now: datetime | None = None) -> bool:
    """Whether answers may still be changed: a draft while the call is open, a returned one until its day."""
    now = now or timezone.now()
    if application.state == ApplicationState.RETURNED:
        return application.complete_by is None or now < application.complete_by
    if application.state != ApplicationState.DRAFT:
        return False
    typed_late = paper.came_in_time(application) and paper.takes_paper(application.call, now)
    return typed_late or application.call.is_writable(now)


def must_be_writable(application: Application) -> None:
    if not is_writable(application):
        raise ValidationError(_("This application can no longer be changed. Look below where it stands."))


def locked(application: Application) -> Application:
    """The application as it is kept, with its call, held until the act ends; it must still be writable."""
    rows = Application.objects.select_for_update(of=("self",)).select_related("call__programme")
    kept = rows.get(pk=application.pk)
    must_be_writable(kept)
    return kept


@act
def save(
    actor: Actor,
    application: Application,
    *,
    seen: int,
    answers: Mapping[str, Any] | None = None,
    applicant: Mapping[str, str] | None = None,
    window: str = "",
    pressed: bool = False,
) -> Application:
    """Keep what was typed, right or wrong, together with what is kept already. Raises `Conflict`.

    A button `pressed` while the same `window` still saves by itself is no conflict: what it sends is newer.
    """
    kept = locked(application)
    if kept.revision != seen and not (pressed and _own_since(kept, seen, window)):
        raise Conflict(kept)
    merged = {**kept.answers, **_known(kept, answers or {}), WINDOW: _window(kept, window)}
    if applicant is not None:
        data = {**(kept.answers.get(APPLICANT) or {}), **applicant}
        merged[APPLICANT] = data | readable(kept.kind, data)
    if sum(len(str(value)) for value in merged.values()) > MOST_TYPED:
        raise ValidationError(
            _("This is more text than an application can hold. Shorten it or attach a file.")
        )
    # What was sent stays what lists and letters show until the completed application is sent.
    draft = kept.state == ApplicationState.DRAFT
    columns = _columns(kept, merged) if draft else {"answers": merged}
    save_seen(kept, kept.revision, changed_at=timezone.now(), **columns)
    if draft:
        _name_contact(kept)
    application.__dict__.update(kept.__dict__)
    return application


def _window(application: Application, window: str) -> list[Any]:
    """Which window wrote last, and from which revision on it alone has written."""
    last, since = application.answers.get(WINDOW) or ["", 0]
    return [window, since if window and window == last else application.revision + 1]


def _own_since(application: Application, seen: int, window: str) -> bool:
    last, since = application.answers.get(WINDOW) or ["", 0]
    return bool(window) and window == last and since <= seen + 1


def _known(application: Application, answers: Mapping[str, Any]) -> dict[str, Any]:
    stage = application.call.rules.form
    codes = {field.code for field in stage.fields if field.kind != "file"} if stage else set()
    if unknown := set(answers) - codes:
        raise ValueError(f"not asked in this form: {sorted(unknown)}")
    return dict(answers)


def _columns(application: Application, answers: dict[str, Any]) -> dict[str, Any]:
    """The answers, and those of them that lists and letters need in columns of their own."""
    stage = application.call.rules.form
    assert stage is not None
    data = answers.get(APPLICANT) or {}
    contact = readable(application.kind, data)
    return {
        "answers": answers,
        **freeze.columns(stage, answers),
        "applicant_name": display_name(application.kind, data),
        "email": contact.get("email", "").lower(),
        "phone": contact.get("phone", "")[:30],
    }


def _name_contact(application: Application) -> None:
    """Who speaks for a group or a partnership is its first member."""
    if application.kind not in WITH_MEMBERS:
        return
    data = application.answers.get(APPLICANT) or {}
    said = {
        "name": str(data.get("name") or "").strip()[:200],
        "email": application.email,
        "user": application.user,
        "joined_at": application.started_at,
    }
    Member.objects.update_or_create(application=application, is_contact=True, defaults=said)


@act
def submit(actor: Actor, application: Application, *, seen: int) -> Application:
    """Send. The clock of the server decides once it is this application's turn; the number is the next one.

    Raises `NotReady`, `Conflict` (somebody wrote meanwhile), `WrongState` (it is sent already).
    """
    call = _call_in_turn(application)
    kept = _as_seen(application, seen)
    now = timezone.now()
    kept.call = call
    _must_take(kept, now)
    _must_be_ready(kept)
    version = _freeze(kept, now)
    number = _next_number(call)
    facts = {"number": number, "submitted_at": now, "stage": begin.stage_after(call.rules, kept.stage)}
    data = {"number": number, "version": version.number, "hash": version.content_hash}
    _grow_idea(
        actor, kept
    )  # before the event of the application: locks are taken in the order of the idea's acts
    move(actor, kept, APPLICATION, "submit", "calls.application_submitted", data, **facts)
    letters.confirm(kept)
    application.__dict__.update(kept.__dict__)
    return application


def _call_in_turn(application: Application) -> Call:
    """The call, held: those who send at the same moment are served one after another."""
    return (
        Call.objects.select_for_update(of=("self",)).select_related("programme").get(pk=application.call_id)
    )


def _as_seen(application: Application, seen: int) -> Application:
    rows = Application.objects.select_for_update(of=("self",)).select_related("call__programme__organisation")
    kept = rows.get(pk=application.pk)
    target(APPLICATION, "submit", kept.state)  # sent twice: the second one learns it before anything else
    if kept.revision != seen:
        raise Conflict(kept)
    return kept


def takes(application: Application, now: datetime | None = None) -> bool:
    """Whether it may be sent now: by the clock of the server, or because it reached the office on paper in time."""
    now, call = now or timezone.now(), application.call
    on_paper = paper.came_in_time(application) and paper.takes_paper(call, now) and call.submit_from <= now
    return on_paper or call.takes_applications(now)


def _must_take(application: Application, now: datetime) -> None:
    if takes(application, now):
        return
    if now < application.call.submit_from:
        raise ValidationError(_("Sending is not open yet. What you wrote is kept."))
    raise ValidationError(_("The call is closed; the clock of the server decides. What you wrote is kept."))


def _must_be_ready(application: Application) -> None:
    now_filled = filled(application)
    if found := lacks(now_filled):
        raise NotReady(found)
    if said := own_application(application, now_filled.members):
        raise ValidationError(said, code="organiser")
    if said := over_limit(application, now_filled):
        raise ValidationError(said, code="limit")


def over_limit(application: Application, now_filled: Filled) -> str:
    """Why no more may be sent by the same applicant; "" while it may."""
    limit = now_filled.rules.applicants.limit
    if limit is None or same_applicant(application, now_filled.members).count() < limit:
        return ""
    text = ngettext(
        "One applicant may send at most %(limit)d application in this call, and it is sent already.",
        "One applicant may send at most %(limit)d applications in this call, and they are sent already.",
        limit,
    )
    return text % {"limit": limit}


def _freeze(application: Application, now: datetime) -> ApplicationVersion:
    """What is sent, as it is now, for good."""
    content = freeze.content(filled(application), application)
    number = application.versions.count() + 1
    return ApplicationVersion.objects.create(
        application=application, number=number, content=content, sent_at=now
    )


def _next_number(call: Call) -> int:
    call.last_number += 1
    call.save(update_fields=["last_number"])
    return call.last_number


def _grow_idea(actor: Actor, application: Application) -> None:
    """The card grows into the application when it is sent, not when it is begun.

    The table has no way back from "grown into an application": a draft that is given up must leave the talk
    with the team open. A card that was never sent has no way there either and stays with its author.
    """
    idea = application.idea
    if idea is not None and any(step.act == "grow" for step in possible(IDEA, idea.state)):
        move(actor, idea, IDEA, "grow", "calls.idea_grown")


@act
def complete(actor: Actor, application: Application, *, seen: int) -> Application:
    """Send a completed application again: a new version beside the old one, under the same number."""
    kept = locked(application)
    if kept.revision != seen:
        raise Conflict(kept)
    if found := lacks(filled(kept)):
        raise NotReady(found)
    facts = _columns(kept, kept.answers)
    for name, value in facts.items():
        setattr(kept, name, value)
    _name_contact(kept)
    version = _freeze(kept, timezone.now())
    data = {"version": version.number, "hash": version.content_hash}
    facts["complete_by"] = None
    move(actor, kept, APPLICATION, "complete", "calls.application_completed", data, **facts)
    letters.confirm(kept)
    application.__dict__.update(kept.__dict__)
    return application


@act
def withdraw(actor: Actor, application: Application) -> Application:
    """Take it back. A draft is deleted with everything in it; what was sent stays in the record of the call."""
    kept = Application.objects.select_related("call__programme").get(pk=application.pk)
    old = move(actor, kept, APPLICATION, "withdraw", "calls.application_withdrawn")
    if old == ApplicationState.DRAFT:
        begin.empty(kept)
    else:
        letters.say_withdrawn(kept)
    application.__dict__.update(kept.__dict__)
    return application


@act
def resign(actor: Actor, application: Application, *, reason: str = "") -> Application:
    """Give up a grant, an offer or a place on the reserve list; the money goes to the next one."""
    if application.state in GIVEN and not may_give_up(application):
        raise WrongState("resign", application.state)
    move(actor, application, APPLICATION, "resign", "calls.application_resigned", {"said_why": bool(reason)})
    letters.say_resigned(application, reason)
    return application


@act
def renew_link(application: Application) -> str:
    """A new secret for a lost link; the old one stops working."""
    token = new_token()
    application.token_hash = token_hash(token)
    application.save(update_fields=["token_hash"])
    record(Actor.system(), "calls.application_link_renewed", application)
    return token


__all__ = [
    "Conflict",
    "Kind",
    "NotReady",
    "complete",
    "key_in",
    "resign",
    "save",
    "start",
    "submit",
    "withdraw",
]
