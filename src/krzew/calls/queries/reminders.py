"""Which drafts wait for a reminder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from krzew.calls.models import Application, Call
from krzew.calls.states import ApplicationState, CallState
from krzew.timeline.notices import untold

TOPIC = "calls.drafts"


@dataclass(frozen=True)
class Due:
    """A draft, and the number of days before the closing for which its author is told."""

    application: Application
    days: int

    @property
    def key(self) -> str:
        return f"calls.draft:{self.application.pk}:{self.days}"


def due(now: datetime | None = None) -> Iterator[Due]:
    """Drafts whose day has come and whose authors were not told of it yet.

    Where several days have passed the last one counts; a draft begun after its day waits for the next one.
    """
    now = now or timezone.now()
    for call in Call.objects.filter(state=CallState.PUBLISHED, opens_at__lte=now, closes_at__gt=now):
        stage = call.rules.form
        passed = [d for d in stage.remind_days if call.closes_at - timedelta(days=d) <= now] if stage else []
        if passed:
            yield from _drafts(call, min(passed))


def _drafts(call: Call, days: int) -> Iterator[Due]:
    begun = call.closes_at - timedelta(days=days)
    rows = call.applications.filter(
        state=ApplicationState.DRAFT, keyed_by__isnull=True, started_at__lt=begun
    ).exclude(email="")
    found = [Due(row, days) for row in rows.select_related("call__programme").order_by("pk")]
    left = untold(TOPIC, [(one.key, one.application.email) for one in found])
    yield from (one for one in found if (one.key, one.application.email) in left)
