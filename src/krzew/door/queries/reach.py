"""Reading whom a solution could serve."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from krzew.door.models import Reach
from krzew.door.states import ReachState
from krzew.library.models import Solution


def solutions() -> QuerySet[Solution]:
    """Solutions with proposals, the most open ones first."""
    waits = Count("reaches", filter=Q(reaches__state=ReachState.PROPOSED))
    sent = Count("reaches", filter=Q(reaches__state=ReachState.SENT))
    rows = Solution.objects.filter(reaches__isnull=False).select_related("current")
    return rows.annotate(waits=waits, sent=sent).order_by("-waits", "slug")


def of(solution: Solution) -> QuerySet[Reach]:
    return Reach.objects.filter(solution=solution).select_related(
        "need__case", "place", "idea", "need__place"
    )


def waiting() -> int:
    return Reach.objects.filter(state=ReachState.PROPOSED).count()
