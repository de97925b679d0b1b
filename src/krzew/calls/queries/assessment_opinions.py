"""Where one more opinion could change who is funded: asked of `methods.calibration`, kept until a card changes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Avg

from krzew.calls.definition.assessment import MeritStage, PitchStage
from krzew.calls.definition.topics import of_topic
from krzew.calls.models import Call
from krzew.calls.queries.assessment import ABSENT, answers_of_topics, cards, stamp
from krzew.calls.states import ApplicationState
from krzew.methods.calibration import calibrate, third_opinion
from krzew.methods.record import MethodError

SECONDS = 1.5
SHOWN = 30


@dataclass(frozen=True)
class Hint:
    """Applications by the chance that one more card moves them across the line; or why nothing can be said."""

    places: int
    rows: tuple[tuple[int, float, bool], ...] = ()  # application, probability, funded now
    rest: int = 0
    refusal: str = ""


def places_of(call: Call) -> int | None:
    """How many can be funded: by the rules, or the pool over the mean amount."""
    grant = call.rules.grant
    if grant.grants:
        return grant.grants
    pool = call.pool or grant.pool
    mean = call.applications.exclude(state=ApplicationState.DRAFT).aggregate(mean=Avg("amount"))["mean"]
    return max(int(pool / mean), 1) if pool and mean else None


def hint(call: Call, stage: MeritStage | PitchStage, places: int) -> Hint:
    return _hint(call.pk, stage.code, places, stamp(call))


@lru_cache(maxsize=16)
def _hint(pk: int, code: str, places: int, _stamp: tuple[Any, ...]) -> Hint:
    call = Call.objects.select_related("programme").get(pk=pk)
    stage = call.rules.stage(code)
    assert isinstance(stage, MeritStage | PitchStage)
    told = answers_of_topics(call)
    rows = [
        (application, card.assessor, float(card.total(of_topic(stage, told.get(application, {})).criteria)))
        for application, by_stage in cards(call).items()
        for card in by_stage.get(code, ())
        if card.assessor != ABSENT
    ]
    ideas = len({row[0] for row in rows})
    if ideas < 2 or places >= ideas:
        return Hint(places, refusal="few")
    try:
        made = calibrate(*zip(*rows, strict=True), fundable=places, method="eb", time_limit=SECONDS)
        found = third_opinion(made)
    except MethodError as error:
        return Hint(places, refusal=str(error))
    asked = tuple((int(str(o.idea)), o.probability, o.funded_now) for o in found.ask[:SHOWN])
    return Hint(places, asked, len(found.opinions) - len(found.ask))
