"""Which reports on results are due soon, or late, and of which nobody was told yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from krzew.timeline.notices import untold
from krzew.trials.agreements import known
from krzew.trials.agreements.filling import due_of
from krzew.trials.models import Agreement, AgreementKind, ResultReport
from krzew.trials.states import AgreementState, InnovationState, ReportState

TOPIC = "trials.reports"
LATE = 0
"""Instead of a number of days: the day has passed."""
HANDED_IN = (ReportState.SENT, ReportState.ACCEPTED, ReportState.SIGNED)


@dataclass(frozen=True)
class Due:
    """A report that its innovator is told of: `days` before its day, or `LATE`."""

    agreement: Agreement
    result: str
    on: date
    days: int

    @property
    def key(self) -> str:
        return f"trials.report:{self.agreement.innovation_id}:{self.result}:{self.on}:{self.days}"


def due(today: date | None = None) -> list[Due]:
    """Reports whose day for a letter has come. An annex with another day asks anew."""
    rows = Agreement.objects.filter(kind=AgreementKind.GRANT, state=AgreementState.SIGNED)
    rows = rows.filter(~Q(innovation__email=""), innovation__state=InnovationState.RUNNING)
    rows = rows.select_related("innovation__call__programme", "innovation__application", "innovation__idea")
    agreements, handed_in = list(rows), _handed_in(rows)
    found = [
        one
        for row in agreements
        for one in _of(row, handed_in[row.innovation_id], today or timezone.localdate())
    ]
    left = untold(TOPIC, [(one.key, one.agreement.innovation.email) for one in found])
    return [one for one in found if (one.key, one.agreement.innovation.email) in left]


def _of(agreement: Agreement, handed_in: set[str], today: date) -> Iterator[Due]:
    stage = known.grant_stage(agreement.innovation.call.rules)
    before = stage.remind_days if stage else ()
    if not before:
        return
    for row in agreement.content.get("results", []):
        on = due_of(row)
        if on is None or row["code"] in handed_in:
            continue
        passed = [days for days in before if on - timedelta(days=days) <= today <= on]
        if today > on:
            yield Due(agreement, row["code"], on, LATE)
        elif passed:
            yield Due(agreement, row["code"], on, min(passed))


def _handed_in(agreements: QuerySet[Agreement]) -> dict[int, set[str]]:
    """Results with a report that was sent, by innovation: also under the agreement before an annex."""
    rows = ResultReport.objects.filter(state__in=HANDED_IN)
    rows = rows.filter(agreement__innovation__in=agreements.order_by().values("innovation"))
    found: dict[int, set[str]] = defaultdict(set)
    for innovation, result in rows.values_list("agreement__innovation", "result"):
        found[innovation].add(result)
    return found
