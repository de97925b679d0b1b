"""Reading programmes and calls."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from krzew.accounts.actors import Actor
from krzew.calls.models import Call, Programme
from krzew.calls.rules import PUBLIC_CALLS, manage_call, manage_programme, see_call
from krzew.calls.states import CallState


def programmes(actor: Actor) -> QuerySet[Programme]:
    rows = manage_programme.filter(actor, Programme.objects.filter(archived_at__isnull=True))
    return rows.annotate(rounds=Count("calls"))


def programme(actor: Actor, pk: int) -> Programme | None:
    rows = manage_programme.filter(actor, Programme.objects.select_related("organisation"))
    return rows.filter(pk=pk).first()


def _with_all(rows: QuerySet[Call]) -> QuerySet[Call]:
    return rows.select_related("programme__organisation").prefetch_related("amendments")


def managed_calls(actor: Actor) -> QuerySet[Call]:
    return _with_all(manage_call.filter(actor, Call.objects.all()))


def call(actor: Actor, slug: str) -> Call | None:
    return _with_all(see_call.filter(actor, Call.objects.all())).filter(slug=slug).first()


def public_calls() -> QuerySet[Call]:
    return _with_all(Call.objects.filter(state__in=PUBLIC_CALLS))


def calls_by_time() -> dict[str, list[Call]]:
    """Announced calls as the public looks for them: open now, coming, closed. One query."""
    now = timezone.now()
    found: dict[str, list[Call]] = {"open": [], "coming": [], "closed": []}
    for row in public_calls().order_by("closes_at"):
        state = "open" if row.is_writable(now) else "coming" if _is_coming(row, now) else "closed"
        found[state].append(row)
    found["closed"].reverse()
    return found


def _is_coming(row: Call, now: datetime) -> bool:
    return row.state == CallState.PUBLISHED and row.opens_at > now


def applications_of(call: Call) -> dict[str, int]:
    """How many were begun and how many were sent."""
    sent = Count("pk", filter=~Q(state="draft"))
    found = call.applications.aggregate(begun=Count("pk"), sent=sent)
    return {"begun": found["begun"], "sent": found["sent"]}
