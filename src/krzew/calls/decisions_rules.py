"""What the rules of a call say about appeals."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from krzew.calls.definition.selection import AppealStage
from krzew.calls.models import Call, Decision
from krzew.timeline.working_days import add_working_days


def end_of(day: date) -> datetime:
    """The last second of the day by the clock of Warsaw; later is too late."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min)) - timedelta(seconds=1)


def appeal_stage(call: Call) -> AppealStage | None:
    return next((s for s in call.rules.stages if isinstance(s, AppealStage)), None)


def appeals_against(stage: AppealStage | None, outcome: str) -> bool:
    return stage is not None and outcome in stage.against


def last_moment(stage: AppealStage, decision: Decision) -> datetime | None:
    """The last second in which this decision may be appealed; None before anybody was told."""
    if decision.released_at is None:
        return None
    return end_of(add_working_days(timezone.localdate(decision.released_at), stage.working_days))
