"""How long cases, notices and answers are kept, where the installation says so (`KRZEW_CASES_DAYS`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from krzew.door.acts import keeping as acts
from krzew.door.models import Case, Offer, Reply
from krzew.door.states import CaseState, OfferState, ReplyState
from krzew.timeline.keeping import Due, Kind, Trace

OVER = (CaseState.CLOSED, CaseState.WITHDRAWN)


def period() -> int | None:
    days: int | None = settings.KRZEW_CASES_DAYS
    return days


def _due(kind: str, rows: Iterable[Any], moment: str, day: date) -> Iterator[Due]:
    days = period()
    for row in rows if days is not None else ():
        ended = getattr(row, moment)
        over = timezone.localdate(ended) + timedelta(days=days or 0) if ended else None
        if over is not None and over < day:
            yield Due(kind, f"{kind} {row.pk}", over, row)


def _with_person(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(Q(name__isnull=False) | Q(email__isnull=False) | Q(phone__isnull=False))


def _cases(day: date) -> Iterator[Due]:
    whole = Case.objects.filter(state__in=OVER)
    rows = whole.filter(pk__in=_with_person(whole).values("pk")) | whole.filter(messages__isnull=False)
    return _due("cases", rows.distinct().order_by("pk"), "closed_at", day)


def _offers(day: date) -> Iterator[Due]:
    rows = Offer.objects.filter(state__in=[OfferState.CLOSED, OfferState.REFUSED])
    return _due("notices", _with_person(rows).order_by("pk"), "at", day)


def _replies(day: date) -> Iterator[Due]:
    rows = Reply.objects.exclude(state=ReplyState.WAITING)
    return _due("answers", _with_person(rows).order_by("pk"), "moderated_at", day)


def _unset() -> list[str]:
    return [] if period() is not None else ["cases, notices, answers: KRZEW_CASES_DAYS is not set"]


KINDS = [
    Kind("cases", "Cases that are closed", _cases, acts.forget_case, _unset),
    Kind("notices", "Notices no longer on the board", _offers, acts.forget_offer),
    Kind("answers", "Answers to notices", _replies, acts.forget_reply),
]


def _traces(email: str) -> Iterator[Trace]:
    """Addresses are encrypted, so each is read; an open case is closed first."""
    for case in Case.objects.exclude(email=None).order_by("pk"):
        if (case.email or "").lower() != email.lower():
            continue
        name = f"case {case.label}"
        if case.state in OVER:
            yield Trace(name, lambda actor, case=case: acts.forget_case(actor, case))  # type: ignore[misc]
        else:
            yield Trace(name, stays="is still open: it must be answered and closed first")
    for offer in Offer.objects.exclude(email=None).order_by("pk"):
        if (offer.email or "").lower() == email.lower():
            yield Trace(
                f"notice {offer.pk}",
                lambda actor, offer=offer: acts.forget_offer(actor, offer),  # type: ignore[misc]
            )
    for reply in Reply.objects.exclude(email=None).order_by("pk"):
        if (reply.email or "").lower() == email.lower():
            yield Trace(
                f"answer {reply.pk}",
                lambda actor, reply=reply: acts.forget_reply(actor, reply),  # type: ignore[misc]
            )


TRACES = [_traces]
