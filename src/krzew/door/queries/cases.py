"""Reading cases: by the author's link, for the office, and how long answers take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from django.db.models import Q, QuerySet
from django.utils import timezone

from krzew.accounts.actors import Actor
from krzew.accounts.models import User
from krzew.calls.models import token_hash
from krzew.door.models import Canned, Case, CaseKind, Message
from krzew.door.rules import answer_case, edit_canned, manage_case
from krzew.door.states import CaseState

OPEN = (CaseState.NEW, CaseState.OFFICE)
"""The office has the next word."""
MEASURED_DAYS = 90


def _whole(rows: QuerySet[Case]) -> QuerySet[Case]:
    return rows.select_related("organisation", "assigned_to", "place", "user")


def by_token(token: str) -> Case | None:
    return _whole(Case.objects.all()).filter(token_hash=token_hash(token)).first()


def one(actor: Actor, pk: int) -> Case | None:
    return _whole(answer_case.filter(actor, Case.objects.all())).filter(pk=pk).first()


def own(actor: Actor) -> QuerySet[Case]:
    """Cases of the person who is signed in."""
    rows = _whole(Case.objects.all())
    return rows.filter(user=actor.user) if actor.user else rows.none()


def inbox(actor: Actor, *, box: str = "open", kind: str = "", number: str = "") -> QuerySet[Case]:
    """Cases in a box: open, mine, with the author, closed. The longest waiting come first."""
    rows = _whole(answer_case.filter(actor, Case.objects.all()))
    rows = rows.filter(_box(actor, box))
    if kind:
        rows = rows.filter(kind=kind)
    digits, _slash, year = number.strip().partition("/")
    if digits.isdecimal():
        rows = rows.filter(number=int(digits[:9]))
    if year.isdecimal():
        rows = rows.filter(year=int(year[:4]))
    if box in ("closed", "author"):
        return rows.order_by("-moved_at", "-pk")
    return rows.order_by("-urgent", "due_on", "opened_at", "pk")


IN_PROCEDURE = Q(kind=CaseKind.APPLICATION)
"""Applications are answered by the decision of their call, all at once; nobody answers them one by one."""


def _box(actor: Actor, box: str) -> Q:
    if box == "closed":
        return Q(state__in=[CaseState.CLOSED, CaseState.WITHDRAWN])
    if box == "author":
        return Q(state=CaseState.AUTHOR)
    if box == "calls":
        return Q(state__in=OPEN) & IN_PROCEDURE
    waits = Q(state__in=OPEN) & ~IN_PROCEDURE
    return waits & Q(assigned_to=actor.user) if box == "mine" else waits


def counts(actor: Actor) -> dict[str, int]:
    """How many cases each box holds."""
    rows = answer_case.filter(actor, Case.objects.all())
    return {
        box: rows.filter(_box(actor, box)).count() for box in ("open", "mine", "author", "calls", "closed")
    }


def waiting(actor: Actor) -> int:
    """Cases in which the office has the next word; ideas are counted where they are answered."""
    rows = Case.objects.filter(_box(actor, "open")).exclude(kind=CaseKind.IDEA)
    return manage_case.filter(actor, rows).count()


def thread(case: Case, *, notes: bool) -> list[Message]:
    """The thread; notes of the office are never shown to the author."""
    rows = case.messages.select_related("by")
    return list(rows if notes else rows.filter(is_note=False))


def canned(actor: Actor) -> QuerySet[Canned]:
    return edit_canned.filter(actor, Canned.objects.filter(put_away_at=None))


def colleagues(actor: Actor) -> QuerySet[User]:
    rows = User.objects.filter(memberships__organisation=actor.organisation, is_active=True)
    return rows.distinct().order_by("name", "email")


@dataclass(frozen=True)
class Pace:
    """How long first answers took in hours, of the last ninety days; how many wait, and over the day."""

    answered: int
    median_hours: float | None
    slow_hours: float | None
    waiting: int
    late: int
    weeks: Sequence[tuple[str, float]]


def pace(actor: Actor) -> Pace:
    rows = manage_case.filter(actor, Case.objects.all())
    since = timezone.now() - timedelta(days=MEASURED_DAYS)
    told = rows.filter(opened_at__gte=since, first_answer_at__isnull=False).exclude(IN_PROCEDURE)
    times = [
        (o, (a - o).total_seconds() / 3600) for o, a in told.values_list("opened_at", "first_answer_at") if a
    ]
    hours = sorted(h for _o, h in times)
    open_ = rows.filter(_box(actor, "open"))
    return Pace(
        len(hours),
        median(hours) if hours else None,
        hours[int(0.9 * (len(hours) - 1))] if hours else None,
        open_.count(),
        open_.filter(due_on__lt=timezone.localdate()).count(),
        _by_week(times),
    )


def _by_week(times: Sequence[tuple[object, float]]) -> list[tuple[str, float]]:
    """The median of each week, by the Monday with which it begins."""
    weeks: dict[str, list[float]] = {}
    for opened, hours in times:
        day = timezone.localtime(opened).date()  # type: ignore[arg-type]
        weeks.setdefault((day - timedelta(days=day.weekday())).isoformat(), []).append(hours)
    return [(week, median(values)) for week, values in sorted(weeks.items())]
