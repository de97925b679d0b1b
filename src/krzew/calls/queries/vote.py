"""Reading a public vote. Counts have one door, which stays shut until the vote is counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from krzew.calls.applications.solutions import linked_names
from krzew.calls.definition.form import FormField
from krzew.calls.definition.vote import VoteStage
from krzew.calls.models import Application, Call, Vote, VoteEntry
from krzew.calls.states import ApplicationState, VoteState
from krzew.places.models import Unit
from krzew.places.names import short_name

NAMED = ("place", "solution")
"""Kinds of questions that keep a code whose name is looked up."""
CENT = Decimal("0.01")


def vote_stage(call: Call, code: str = "") -> VoteStage | None:
    found = (s for s in call.rules.stages if isinstance(s, VoteStage))
    return next((s for s in found if code in ("", s.code)), None)


def current(call: Call) -> Vote | None:
    """The vote of a call: the one that holds, or the last that was called off."""
    row = call.votes.first()
    if row is not None:
        row.call = call
    return row


def waiting_at(call: Call, code: str) -> QuerySet[Application]:
    """Applications that stand before the vote, or wait for its end."""
    return call.applications.filter(state=ApplicationState.SUBMITTED, stage=code).order_by("number")


def entries(vote: Vote) -> QuerySet[VoteEntry]:
    """What can be voted for; what was taken back in the meantime is gone."""
    rows = vote.entries.exclude(application__state=ApplicationState.WITHDRAWN).defer("count")
    return rows.select_related("application").order_by("application__number")


def answers_of(rows: Iterable[VoteEntry]) -> dict[int, Mapping[str, Any]]:
    """What was sent last, by application, in one query."""
    keys = [row.application_id for row in rows]
    found = Application.objects.filter(pk__in=keys).order_by("versions__number")
    pairs = found.values_list("pk", "versions__content__answers")
    return {pk: answers or {} for pk, answers in pairs}


def names_in(
    stage: VoteStage, fields: Mapping[str, FormField], sent: Mapping[int, Mapping[str, Any]]
) -> dict[str, str]:
    """Names of the places and solutions that voters read about, all at once."""
    found: dict[str, str] = {}
    for kind in NAMED:
        codes = [code for code in stage.shows if code in fields and fields[code].kind == kind]
        kept = {str(answers[code]) for answers in sent.values() for code in codes if answers.get(code)}
        found |= (_places(kept) if kind == "place" else linked_names(kept)) if kept else {}
    return found


def _places(codes: Iterable[str]) -> dict[str, str]:
    rows = Unit.objects.filter(code__in=codes).select_related("parent__parent")
    return {unit.code: short_name(unit) for unit in rows}


def tally(vote: Vote | None) -> dict[int, int]:
    """Votes by application, once they are counted; nothing before, whoever asks."""
    if vote is None or vote.state != VoteState.COUNTED:
        return {}
    return dict(vote.entries.values_list("application", "count"))


def tally_of(call: Call) -> dict[int, int]:
    return tally(current(call)) if vote_stage(call) else {}


def points(call: Call, votes: Mapping[int, int]) -> dict[int, Decimal]:
    """What the vote gives in the ranking: the whole weight to the most votes, to others in proportion."""
    stage, most = vote_stage(call), max(votes.values(), default=0)
    if stage is None or stage.weight is None or not most:
        return {}
    return {pk: (stage.weight * n / most).quantize(CENT, ROUND_HALF_UP) for pk, n in votes.items()}


def due(now: datetime | None = None) -> QuerySet[Vote]:
    """Votes that are over and not counted yet."""
    rows = Vote.objects.filter(state=VoteState.ANNOUNCED, closes_at__lte=now or timezone.now())
    return rows.select_related("call__programme").order_by("pk")
