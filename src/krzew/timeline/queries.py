"""Reading the time-line: the history of one object, the letters, and the audit of the whole chain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Model, Q, QuerySet

from krzew.accounts.actors import Actor
from krzew.accounts.models import User
from krzew.timeline.acts import object_key
from krzew.timeline.models import ChainHead, Event, Letter
from krzew.timeline.rules import read_event, release_letter


@dataclass(frozen=True)
class Break:
    """One place where the chain does not hold."""

    number: int
    reason: str


def history(*objects: Model) -> QuerySet[Event]:
    """Events of one object (or of an object and its parts), oldest first."""
    wanted = Q(pk__in=[])
    for obj in objects:
        object_type, object_id = object_key(obj)
        wanted |= Q(object_type=object_type, object_id=object_id)
    return Event.objects.filter(wanted).select_related("user", "organisation")


def people_in(events: Iterable[Event]) -> dict[int, User]:
    """The persons whom events name in their data, in one query."""
    keys = {event.data["person"] for event in events if "person" in event.data}
    return User.objects.in_bulk(keys) if keys else {}


def audit(
    actor: Actor, *, act: str = "", since: date | None = None, until: date | None = None
) -> QuerySet[Event]:
    """Events done for the acting organisation, newest first."""
    events = read_event.filter(actor, Event.objects.select_related("user", "organisation"))
    if act:
        events = events.filter(act=act)
    if since:
        events = events.filter(at__date__gte=since)
    if until:
        events = events.filter(at__date__lte=until)
    return events.order_by("-number")


def acts_done(actor: Actor) -> list[str]:
    """Names of the acts that the actor's organisation has done so far."""
    return sorted(audit(actor).order_by().values_list("act", flat=True).distinct())


def letters(obj: Model) -> QuerySet[Letter]:
    object_type, object_id = object_key(obj)
    return Letter.objects.filter(object_type=object_type, object_id=object_id)


def own_letters(actor: Actor, state: str = "") -> QuerySet[Letter]:
    """Letters of the acting organisation, newest first."""
    own = release_letter.filter(actor, Letter.objects.all())
    return own.filter(state=state) if state else own


def letter_counts(actor: Actor) -> dict[str, int]:
    rows = own_letters(actor).order_by().values_list("state").annotate(Count("pk"))
    return dict(rows)


def broken_links() -> Iterator[Break]:
    """Walk the whole chain and name every event that was changed, removed or put in between.

    Whoever can rewrite the whole chain and its head leaves no break. The last hash, noted outside the
    database, shows even that (`audit_verify --expect`).
    """
    previous, expected = "", 1
    for event in Event.objects.order_by("number").iterator(chunk_size=2000):
        yield from _breaks_at(event, previous, expected)
        previous, expected = event.hash, event.number + 1
    head = ChainHead.objects.filter(pk=1).first() or ChainHead()
    if head.number > expected - 1:
        yield Break(expected, "the end of the chain was cut off")
    elif (head.number, head.hash) != (expected - 1, previous):
        yield Break(expected - 1, "the end of the chain is not the one that was written last")


def _breaks_at(event: Event, previous: str, expected: int) -> Iterator[Break]:
    if event.number > expected:
        missing = f"{expected}–{event.number - 1}" if event.number > expected + 1 else str(expected)
        yield Break(expected, f"missing: {missing}")
    if event.previous != previous:
        yield Break(event.number, "does not follow the event before it")
    if event.fingerprint() != event.hash:
        yield Break(event.number, "changed after it was written")
