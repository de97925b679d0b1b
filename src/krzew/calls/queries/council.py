"""Reading what a council has before it: the list in the order of the ranking, links, recommendations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import Q, QuerySet

from krzew.calls.definition.assessment import StrategicStage
from krzew.calls.models import Advice, Application, Call, Conflict
from krzew.calls.states import ApplicationState

LAST = 10**9


def council_stage(call: Call, code: str = "") -> StrategicStage | None:
    """The stage with this code, or the first with a council."""
    found = (s for s in call.rules.stages if isinstance(s, StrategicStage))
    return next((s for s in found if code in ("", s.code)), None)


def waiting_at(call: Call, code: str) -> QuerySet[Application]:
    """Applications that stand before the council."""
    return call.applications.filter(state=ApplicationState.SUBMITTED, stage=code).order_by("number")


def before_council(call: Call, code: str, places: Mapping[int, int | None]) -> list[Application]:
    """Those that stand there and those that went on, in the order of the ranking."""
    said = Q(advice__stage=code) & ~Q(state=ApplicationState.WITHDRAWN)
    here = Q(state=ApplicationState.SUBMITTED, stage=code)
    rows = call.applications.filter(here | said).distinct().order_by("number")
    return sorted(rows, key=lambda row: (places.get(row.pk) or LAST, row.number or 0))


def last_advice(rows: Iterable[Application]) -> dict[int, Advice]:
    """The recommendation that counts for each of these, in one query."""
    found = Advice.objects.filter(application__in=[row.pk for row in rows])
    return {one.application_id: one for one in found.select_related("by").order_by("at", "pk")}


def links(application: Application) -> QuerySet[Conflict]:
    """Who is known to be linked with an application, and how."""
    rows = Conflict.objects.filter(application=application).select_related("assessor__user")
    return rows.order_by("assessor__user__name", "kind")
