"""Reading for the formal check: the list with its progress, one application, and what resembles it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from krzew.accounts.actors import Actor
from krzew.calls.definition.assessment import FormalStage
from krzew.calls.formal_letters import waiting
from krzew.calls.models import Application, Call, Decision, FormalReview
from krzew.calls.queries.applications import COUNTED, same_applicant
from krzew.calls.rules import manage_application, manage_call
from krzew.calls.states import ApplicationState
from krzew.library.models import Solution
from krzew.library.queries import novelty_of
from krzew.methods.similarity import Index, Near, novelty

TEXTS = ("line", "text")
NEAREST = 3


def call_with_check(actor: Actor, slug: str) -> Call | None:
    rows = manage_call.filter(actor, Call.objects.select_related("programme__organisation"))
    return rows.filter(slug=slug).first()


def checked_applications(call: Call, stage: FormalStage) -> QuerySet[Application]:
    """Everything that is or was in this check, with the result of its last review."""
    reviews = FormalReview.objects.filter(application=OuterRef("pk"), stage=stage.code)
    ended = Decision.objects.filter(application=OuterRef("pk"), stage=stage.code)
    rows = call.applications.exclude(state__in=[ApplicationState.DRAFT, ApplicationState.WITHDRAWN])
    rows = rows.annotate(
        last_result=Subquery(reviews.order_by("-at", "-pk").values("result")[:1]),
        checked_by=Subquery(reviews.order_by("-at", "-pk").values("by__name")[:1]),
        ended_here=Exists(ended),
    )
    return rows.filter(Q(stage=stage.code) | Exists(reviews)).select_related("call").order_by("number")


def to_check(call: Call, stage: FormalStage) -> QuerySet[Application]:
    return checked_applications(call, stage).filter(state=ApplicationState.SUBMITTED, stage=stage.code)


def returned(call: Call, stage: FormalStage, *, late: bool | None = None) -> QuerySet[Application]:
    rows = checked_applications(call, stage).filter(state=ApplicationState.RETURNED, stage=stage.code)
    now = timezone.now()
    if late is None:
        return rows
    return rows.filter(complete_by__lt=now) if late else rows.filter(complete_by__gte=now)


def passed(call: Call, stage: FormalStage) -> QuerySet[Application]:
    rows: Any = checked_applications(call, stage)
    found: QuerySet[Application] = rows.filter(last_result="passed")
    return found


def refused(call: Call, stage: FormalStage) -> QuerySet[Application]:
    rows: Any = checked_applications(call, stage)
    found: QuerySet[Application] = rows.filter(ended_here=True)
    return found


TABS = {
    "todo": to_check,
    "returned": lambda call, stage: returned(call, stage, late=False),
    "late": lambda call, stage: returned(call, stage, late=True),
    "passed": passed,
    "out": refused,
}


def rows_of(call: Call, stage: FormalStage, tab: str) -> QuerySet[Application]:
    return TABS[tab](call, stage)


def progress(call: Call, stage: FormalStage) -> dict[str, int]:
    return {tab: TABS[tab](call, stage).count() for tab in TABS}


def held_letters(call: Call) -> int:
    return len(waiting(call))


def untold_without_mail(call: Call, stage: FormalStage) -> int:
    """Decisions of the check that nobody can be told by e-mail: a telephone call is needed."""
    rows = Decision.objects.filter(application__call=call, stage=stage.code, released_at__isnull=True)
    return rows.filter(application__email="").count()


def application(actor: Actor, call: Call, number: int) -> Application | None:
    rows = manage_application.filter(actor, Application.objects.filter(call=call, number=number))
    return rows.select_related("call__programme__organisation", "place").first()


def reviews(row: Application) -> list[FormalReview]:
    """Reviews of one application, the newest first."""
    return list(row.formal_reviews.select_related("by", "version").order_by("-at", "-pk"))


# --- resemblance: help, never a verdict --------------------------------------------------------------


def texts_of(row: Application) -> dict[str, str]:
    """What may be compared: the texts of the form, never the applicant."""
    form = row.call.rules.form
    codes = [f.code for f in form.fields if f.kind in TEXTS and not f.redact] if form else []
    return {code: str(row.answers.get(code) or "") for code in codes}


def _stamp(rows: QuerySet[Application]) -> tuple[Any, ...]:
    found = rows.aggregate(count=Count("pk"), sent=Max("submitted_at"), changed=Max("changed_at"))
    return found["count"], found["sent"], found["changed"]


def _of_call(call: Call) -> QuerySet[Application]:
    return Application.objects.filter(call=call, state__in=COUNTED)


def _of_earlier(call: Call) -> QuerySet[Application]:
    """What came to the same organisation in other calls that closed before this one."""
    home = call.programme.organisation_id
    rows = Application.objects.filter(call__programme__organisation=home, state__in=COUNTED)
    return rows.filter(call__closes_at__lt=call.closes_at, anonymised_at=None).exclude(call=call)


@lru_cache(maxsize=4)
def _index(call: int, earlier: bool, _stamp: tuple[Any, ...]) -> Index:
    own = Call.objects.select_related("programme").get(pk=call)
    rows = _of_earlier(own) if earlier else _of_call(own)
    calls = Call.objects.in_bulk(list(rows.order_by().values_list("call", flat=True).distinct()))
    found = {}
    for row in rows.order_by("pk"):
        row.call = calls[row.call_id]  # one object for all: its definition is read once
        found[str(row.pk)] = texts_of(row)
    return Index(found)


@dataclass(frozen=True)
class Likeness:
    """Another application with words in common. `same`: the same applicant stands behind it."""

    application: Application
    near: Near
    same: bool = False


@dataclass(frozen=True)
class Alike:
    """Applications of the call, those of earlier calls, and solutions of the library that use the same words."""

    applications: list[Likeness]
    earlier: list[Likeness]
    solutions: list[tuple[Solution, tuple[str, ...]]]


def alike(row: Application) -> Alike:
    texts = texts_of(row)
    if not any(texts.values()):
        return Alike([], [], [])
    same = set(same_applicant(row, tuple(row.members.all())).values_list("pk", flat=True))
    return Alike(
        _nearest(row, texts, same, False), _nearest(row, texts, set(), True), novelty_of(texts, NEAREST)
    )


def _nearest(row: Application, texts: dict[str, str], same: set[int], earlier: bool) -> list[Likeness]:
    rows = _of_earlier(row.call) if earlier else _of_call(row.call)
    index = _index(row.call_id, earlier, _stamp(rows))
    if len(index) < (1 if earlier else 2):
        return []
    found = novelty(texts, index, k=NEAREST + 1).nearest
    near = [n for n in found if n.id != str(row.pk) and n.label != "nothing_close"]
    by_pk = Application.objects.select_related("call").in_bulk([int(n.id) for n in near])
    rows_ = [(by_pk[int(n.id)], n) for n in near if int(n.id) in by_pk][:NEAREST]
    return [Likeness(other, n, other.pk in same) for other, n in rows_]
