"""Writing of events and letters. `record` is called once in every act; `act` makes an act one transaction."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from krzew.accounts.actors import Actor
from krzew.timeline.models import ChainHead, Event, Letter
from krzew.timeline.rules import release_letter
from krzew.timeline.signals import recorded
from krzew.timeline.states import TRANSITIONS, LetterState

P = ParamSpec("P")
R = TypeVar("R")
BATCH = 200


def act(function: Callable[P, R]) -> Callable[P, R]:
    """An act happens as a whole or not at all: effect and event share one transaction."""

    @wraps(function)
    def whole(*args: P.args, **kwargs: P.kwargs) -> R:
        with transaction.atomic():
            return function(*args, **kwargs)

    return whole


def object_key(obj: Model) -> tuple[str, str]:
    """How the time-line names an object, e.g. ("diagnosis.diagnosis", "12")."""
    return obj._meta.label_lower, str(obj.pk)


@act
def record(
    actor: Actor, act: str, obj: Model, *, old: str = "", new: str = "", data: dict[str, Any] | None = None
) -> Event:
    """Write the event of one act.

    `data` must hold no special-category data about persons and no names: an event is kept for ever. The key
    of a person may stand under "person"; the history shows the name that she has today.
    """
    return record_many(actor, act, [Fact(obj, old, new, data or {})])[0]


@dataclass(frozen=True)
class Fact:
    """What one of many events says: the object, how its state changed, and more."""

    obj: Model
    old: str = ""
    new: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@act
def record_many(actor: Actor, act: str, facts: Sequence[Fact]) -> list[Event]:
    """Write an event about each object for an act that concerns many of them."""
    # The lock makes writers wait for each other, so that the chain has no gap and no fork.
    head, _created = ChainHead.objects.select_for_update().get_or_create(pk=1)
    events = []
    for fact in facts:
        event = _next(head, actor, act, fact)
        head.number, head.hash = event.number, event.hash
        events.append(event)
    Event.objects.bulk_create(events, batch_size=BATCH)
    ChainHead.objects.filter(pk=1).update(number=head.number, hash=head.hash)
    for event, fact in zip(events, facts, strict=True):
        recorded.send(sender=type(fact.obj), actor=actor, event=event, obj=fact.obj)
    return events


def _next(head: ChainHead, actor: Actor, act: str, fact: Fact) -> Event:
    """The event that follows the last one."""
    object_type, object_id = object_key(fact.obj)
    event = Event(
        number=head.number + 1,
        at=timezone.now(),
        act=act,
        user=actor.user,
        organisation=actor.organisation,
        object_type=object_type,
        object_id=object_id,
        old=fact.old,
        new=fact.new,
        data=_as_stored(fact.data),
        previous=head.hash,
    )
    event.hash = event.fingerprint()
    return event


def _as_stored(data: Mapping[str, Any]) -> dict[str, Any]:
    """The data as it will be read back: plain JSON, keys as text, dates in ISO form. NaN is refused."""
    stored: dict[str, Any] = json.loads(json.dumps(data, cls=DjangoJSONEncoder, allow_nan=False))
    return stored


@act
def prepare_letter(
    actor: Actor,
    obj: Model,
    to_email: str,
    subject: str,
    body: str,
    *,
    language: str = "pl",
    user: Any = None,
) -> Letter:
    """Write a letter about an object and hold it until somebody releases it."""
    return prepare_letters(actor, [Draft(obj, to_email, subject, body, language, user)])[0]


@dataclass(frozen=True)
class Draft:
    """A letter before it is written down."""

    obj: Model
    to_email: str
    subject: str
    body: str
    language: str = "pl"
    user: Any = None


@act
def prepare_letters(actor: Actor, drafts: Sequence[Draft]) -> list[Letter]:
    """Write many letters at once and hold them."""
    rows = [_written(actor, draft) for draft in drafts]
    letters = Letter.objects.bulk_create(rows, batch_size=BATCH)
    facts = [Fact(letter, new=LetterState.HELD) for letter in letters]
    record_many(actor, "timeline.letter_prepared", facts)
    return letters


def _written(actor: Actor, draft: Draft) -> Letter:
    object_type, object_id = object_key(draft.obj)
    return Letter(
        to_email=draft.to_email,
        to_user=draft.user,
        organisation=actor.organisation,
        language=draft.language,
        subject=" ".join(draft.subject.split()),
        body=draft.body,
        object_type=object_type,
        object_id=object_id,
    )


@act
def post_letter(
    actor: Actor, obj: Model, to_email: str, subject: str, body: str, *, language: str = "pl"
) -> Letter:
    """Write a letter and release it at once, where the act itself is the decision to send it."""
    letter = prepare_letter(actor, obj, to_email, subject, body, language=language)
    release_letters(actor, [letter])
    return letter


@act
def release_letters(actor: Actor, letters: Iterable[Letter]) -> list[Letter]:
    """Let held letters leave. A task sends them once the transaction has been kept."""
    rows = list(letters)
    for letter in rows:
        release_letter.require(actor, letter)
    held = Letter.objects.select_for_update().filter(state=LetterState.HELD)
    keys = set(held.filter(pk__in=[letter.pk for letter in rows]).values_list("pk", flat=True))
    released = [letter for letter in rows if letter.pk in keys]
    Letter.objects.filter(pk__in=keys).update(state=LetterState.RELEASED)
    for letter in released:
        letter.state = LetterState.RELEASED
    if released:
        facts = [Fact(letter, LetterState.HELD, LetterState.RELEASED) for letter in released]
        record_many(actor, "timeline.letter_released", facts)
        transaction.on_commit(_send_soon)
    return released


@act
def retry_letter(actor: Actor, letter: Letter) -> Letter:
    """Send a letter again that failed, or of which nobody knows whether it left."""
    if not letter.can_be_retried or not _release(actor, letter, {LetterState.FAILED, LetterState.SENDING}):
        raise ValidationError(_("This letter cannot be sent again. Look at its state below."))
    transaction.on_commit(_send_soon)
    return letter


@act
def cancel_letter(actor: Actor, letter: Letter) -> Letter:
    """Decide that a letter will not leave."""
    release_letter.require(actor, letter)
    old = letter.state
    if not letter.can_be_cancelled or not _move(letter, {LetterState(old)}, LetterState.CANCELLED):
        raise ValidationError(_("This letter has already left or was cancelled. Look at its state below."))
    record(actor, "timeline.letter_cancelled", letter, old=old, new=LetterState.CANCELLED)
    return letter


def _release(actor: Actor, letter: Letter, expected: set[LetterState]) -> bool:
    release_letter.require(actor, letter)
    old = letter.state
    if not _move(letter, expected, LetterState.RELEASED):
        return False
    record(actor, "timeline.letter_released", letter, old=old, new=LetterState.RELEASED)
    return True


def _move(letter: Letter, expected: set[LetterState], new: LetterState, **fields: Any) -> bool:
    """Change the state if it is still as expected; of two who try at once, one succeeds."""
    assert all(new in TRANSITIONS[state] for state in expected), (expected, new)
    fields["state"] = new
    moved = Letter.objects.filter(pk=letter.pk, state__in=expected).update(**fields)
    if moved:
        for name, value in fields.items():
            setattr(letter, name, value)
    return bool(moved)


def _send_soon() -> None:
    from krzew.timeline.tasks import send_letters

    send_letters.enqueue()


def send_released(actor: Actor) -> int:
    """Send every released letter, each once, and say how many left.

    A letter is claimed in a transaction of its own that is kept before the letter leaves, so two workers
    never send the same one and nothing is sent that is later undone. Not to be called inside a transaction.
    """
    return sum(_send(actor, letter) for letter in Letter.objects.filter(state=LetterState.RELEASED))


def _send(actor: Actor, letter: Letter) -> bool:
    with transaction.atomic(durable=True):
        if not _move(letter, {LetterState.RELEASED}, LetterState.SENDING, claimed_at=timezone.now()):
            return False
    try:
        EmailMessage(letter.subject, letter.body, to=[letter.to_email]).send()
    except (OSError, ValueError) as error:  # the server refused, or an address or heading cannot be written
        _settle(actor, letter, LetterState.FAILED, error=str(error))
        return False
    _settle(actor, letter, LetterState.SENT, error="", sent_at=timezone.now())
    return True


@act
def _settle(actor: Actor, letter: Letter, state: LetterState, **fields: Any) -> None:
    _move(letter, {LetterState.SENDING}, state, **fields)
    record(actor, f"timeline.letter_{state}", letter, old=LetterState.RELEASED, new=state)
