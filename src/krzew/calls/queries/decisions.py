"""Reading decisions: what waits, what is decided, what an applicant and the public may know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from krzew.calls.assessment_matching import assessed_stages
from krzew.calls.decisions_rules import Proposal, deciding_code, decision_codes, proposed_by
from krzew.calls.models import Appeal, Application, Call, Decision, Ranking
from krzew.calls.queries.assessment import cards, standings
from krzew.calls.queries.selection import lists, ranking
from krzew.calls.scoring import result
from krzew.calls.selection_lists import Listed, has_points, row_plain
from krzew.calls.states import AppealState, ApplicationState, Outcome

LIVE = (ApplicationState.SUBMITTED, ApplicationState.RETURNED)
FUNDED = (ApplicationState.SELECTED, ApplicationState.OFFERED)


def candidates(call: Call) -> QuerySet[Application]:
    """Applications that wait for the decision."""
    rows = call.applications.filter(state=ApplicationState.SUBMITTED, stage__in=decision_codes(call))
    return rows.order_by("number")


def still_assessed(call: Call) -> int:
    """Applications that have not come to the decision yet."""
    return call.applications.filter(state__in=LIVE).exclude(stage__in=decision_codes(call)).count()


def current(call: Call, rows: Iterable[Application]) -> dict[int, Decision]:
    """The last decision of the deciding stage for each of these, in one query."""
    keys = [row.pk for row in rows]
    found = Decision.objects.filter(application__in=keys, stage=deciding_code(call), released_at__isnull=True)
    return {d.application_id: d for d in found.select_related("by").order_by("at", "pk")}


def decided_total(call: Call) -> tuple[int, Decimal]:
    """How many candidates have a decision, and how much money it gives."""
    waiting = candidates(call).order_by().values("pk")
    found = Decision.objects.filter(
        application__in=waiting, stage=deciding_code(call), released_at__isnull=True
    )
    rows = found.order_by("at", "pk").values_list("application", "outcome", "amount")
    last = {pk: amount if outcome == Outcome.GRANTED else None for pk, outcome, amount in rows}
    return len(last), sum((amount for amount in last.values() if amount), Decimal(0))


@dataclass(frozen=True)
class Basis:
    """The ranking on which the decision stands, with a proposal for each application."""

    ranking: Ranking | None
    proposals: Mapping[int, Proposal]
    rows: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    places: Mapping[int, int | None] = field(default_factory=dict)


def basis(call: Call) -> Basis:
    made = ranking(call)
    if made is None:
        return _by_recommendations(call)
    rows = {row["pk"]: row for row in made.content["rows"].values()}
    known = {row["pk"]: label for label, row in made.content["rows"].items()}
    entries = {entry.code: entry for part in lists(made) for entry in part.decision.entries}
    asked = dict(call.applications.exclude(number=None).values_list("pk", "amount"))
    proposals = {
        pk: proposed_by(entries[label], asked[pk], places=made.content["places"])
        for pk, label in known.items()
        if label in entries and pk in asked
    }
    return Basis(made, proposals, rows, {pk: entries[label].place for pk, label in known.items()})


def _by_recommendations(call: Call) -> Basis:
    """Without points the last commission's recommendations propose."""
    stages = assessed_stages(call.rules)
    if not stages or has_points(call):
        return Basis(None, {})
    said = standings(call, stages[-1].code)
    proposals, rows = {}, {}
    for row in candidates(call):
        standing = said.get(row.pk)
        outcome = {"passed": Outcome.GRANTED, "missed": Outcome.REJECTED_MERIT}.get(
            standing.verdict if standing else "", ""
        )
        proposals[row.pk] = Proposal(outcome, row.amount if outcome == Outcome.GRANTED else None)
        rows[row.pk] = {"yes": standing.yes, "no": standing.no, "talk": standing.talk} if standing else {}
    return Basis(None, proposals, rows)


def points_row(call: Call, application: Application) -> Mapping[str, Any]:
    """Points and misses of one application: as its ranking kept them, or from its cards."""
    made = ranking(call)
    kept = made.content["rows"].get(application.label) if made else None
    if kept is not None:
        return dict(kept)
    given = cards(call, [application.pk]).get(application.pk, {})
    return row_plain(Listed(application, result(application.rules, given))) if given else {}


def rejected_before(call: Call) -> QuerySet[Decision]:
    """Rejections on merit of earlier stages that nobody has been told yet."""
    rows = Decision.objects.filter(
        application__call=call, released_at__isnull=True, application__state=ApplicationState.OUT
    )
    return rows.select_related("application").order_by("application__number")


def last_decision(application: Application) -> Decision | None:
    return application.decisions.select_related("ranking").first()


def known_decision(application: Application) -> Decision | None:
    """What the applicant may know: the last decision, once it was announced. The one door for her pages."""
    return application.decisions.filter(released_at__isnull=False).first()


def announced(call: Call) -> QuerySet[Application]:
    """What the public results page lists: applications whose decision was announced."""
    told = Decision.objects.filter(application=OuterRef("pk"), released_at__isnull=False)
    rows = call.applications.filter(Exists(told)).exclude(state=ApplicationState.WITHDRAWN)
    rows = rows.annotate(
        said=Subquery(told.order_by("-at", "-pk").values("outcome")[:1]),
        said_amount=Subquery(told.order_by("-at", "-pk").values("amount")[:1]),
    )
    return rows.select_related("place").order_by("number")


# --- after the decision -----------------------------------------------------------------------------


def offers(call: Call) -> QuerySet[Application]:
    return call.applications.filter(state=ApplicationState.OFFERED).order_by("complete_by", "number")


def resigned(call: Call) -> QuerySet[Application]:
    """Grants and places given up, and offers that lapsed."""
    lapsed = Q(state=ApplicationState.OUT, outcome=Outcome.GRANTED)
    return call.applications.filter(Q(state=ApplicationState.RESIGNED) | lapsed).order_by("number")


def appeals(call: Call) -> QuerySet[Appeal]:
    rows = Appeal.objects.filter(application__call=call)
    return rows.select_related("application__call__programme", "decision", "assessor__user").order_by(
        "filed_at"
    )


def brought_back(call: Call) -> QuerySet[Application]:
    """Applications that an upheld appeal brought back to the decision after the results."""
    if call.results_released_at is None:
        return call.applications.none()
    return candidates(call).filter(appeals__state=AppealState.UPHELD).distinct()
