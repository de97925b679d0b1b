"""Reading programmes and calls."""

from __future__ import annotations

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from krzew.accounts.actors import Actor
from krzew.calls.models import Call, Programme, Vote
from krzew.calls.rules import ANNOUNCED, manage_call, manage_programme, see_call
from krzew.calls.states import ApplicationState, CallState


def programmes(actor: Actor, *, archived: bool = False) -> QuerySet[Programme]:
    """Programmes of the actor's organisation with the number of their rounds; the definition is left out."""
    rows = manage_programme.filter(actor, Programme.objects.filter(archived_at__isnull=not archived))
    return rows.annotate(rounds=Count("calls")).defer("definition").order_by("-made_at", "-pk")


def programme(actor: Actor, pk: int) -> Programme | None:
    rows = manage_programme.filter(actor, Programme.objects.select_related("organisation"))
    return rows.filter(pk=pk).first()


def rounds(programme: Programme) -> QuerySet[Call]:
    """Calls of a programme, the newest first, with how many were sent to each."""
    sent = Count("applications", filter=~Q(applications__state=ApplicationState.DRAFT))
    rows = programme.calls.annotate(sent=sent).defer("definition")
    return rows.order_by("-round")


def _with_all(rows: QuerySet[Call]) -> QuerySet[Call]:
    return rows.select_related("programme__organisation").prefetch_related("amendments")


def managed_calls(actor: Actor) -> QuerySet[Call]:
    return _with_all(manage_call.filter(actor, Call.objects.all()))


def managed_call(actor: Actor, slug: str) -> Call | None:
    """A call of the actor's organisation, in any state."""
    return managed_calls(actor).filter(slug=slug).first()


def call(actor: Actor, slug: str) -> Call | None:
    return _with_all(see_call.filter(actor, Call.objects.all())).filter(slug=slug).first()


def public_calls() -> QuerySet[Call]:
    return _with_all(Call.objects.filter(ANNOUNCED))


def _listed(rows: QuerySet[Call]) -> QuerySet[Call]:
    """What a list shows; definitions are long and stay away."""
    return rows.select_related("programme__organisation").defer("definition", "programme__definition")


def current_calls() -> list[Call]:
    """Calls in which one can write now, the first to close first, and then those that are coming."""
    now = timezone.now()
    announced = Call.objects.filter(state=CallState.PUBLISHED, closes_at__gt=now)
    coming = Case(When(opens_at__gt=now, then=Value(1)), default=Value(0), output_field=IntegerField())
    return list(_listed(announced).annotate(coming=coming).order_by("coming", "closes_at", "pk"))


def past_calls() -> QuerySet[Call]:
    """Announced calls that take nothing any more, the newest first."""
    over = Q(closes_at__lte=timezone.now()) | ~Q(state=CallState.PUBLISHED)
    return _listed(Call.objects.filter(ANNOUNCED).filter(over)).order_by("-closes_at", "-pk")


def dated_calls() -> list[Call]:
    """Calls of the calendar: announced and not over, or with a vote ahead, and those called off before their end."""
    now = timezone.now()
    ahead = Call.objects.filter(ANNOUNCED, state__in=(CallState.PUBLISHED, CallState.CANCELLED))
    voting = Exists(Vote.objects.filter(call=OuterRef("pk"), closes_at__gt=now))
    rows = ahead.filter(Q(closes_at__gt=now) | voting)
    return list(_listed(rows).prefetch_related("amendments", "votes").order_by("closes_at", "pk"))


def applications_of(call: Call) -> dict[str, int]:
    """How many were begun and how many were sent."""
    sent = Count("pk", filter=~Q(state="draft"))
    found = call.applications.aggregate(begun=Count("pk"), sent=sent)
    return {"begun": found["begun"], "sent": found["sent"]}
