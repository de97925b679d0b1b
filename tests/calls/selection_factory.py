"""Assessed applications: signed cards put in place without the way to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

from krzew.accounts.models import User
from krzew.calls.models import Application, Assessor, Call, Reading, ScoreCard
from krzew.calls.scoring import scored_stages
from krzew.calls.states import ReadingState

SERIAL = count(1)
NIW = ("first", "second", "third", "fourth", "fifth")


def pool(call: Call, size: int = 3) -> list[Assessor]:
    home = call.programme.organisation
    found = list(Assessor.objects.filter(organisation=home)[:size])
    while len(found) < size:
        user = User.objects.create_user(f"oceny{next(SERIAL)}@example.org", name=f"Ocena {next(SERIAL)}")
        found.append(Assessor.objects.create(user=user, organisation=home))
    return found


def card(application: Application, assessor: Assessor, stage: str, points: Mapping[str, Any]) -> ScoreCard:
    """One signed card."""
    reading = Reading.objects.create(
        application=application, assessor=assessor, stage=stage, state=ReadingState.DONE
    )
    given = {code: str(value) for code, value in points.items()}
    return ScoreCard.objects.create(reading=reading, version=1, points=given)


def assessed(
    application: Application, points: Mapping[str, Mapping[str, Any]], people: Sequence[Assessor] = ()
) -> Application:
    """The same points from two assessors in each stage; then the application stands at the ranking."""
    call = application.call
    people = people or pool(call, 2)
    for stage in scored_stages(call.rules):
        for assessor in people[:2]:
            card(application, assessor, stage.code, points[stage.code])
    application.stage = "ranking"
    application.save()
    return application


def niw_points(total: int) -> dict[str, dict[str, int]]:
    """Points of the national comparator with this sum, from 18 to 50, every minimum met."""
    given = {"first": 6, "second": 4, "third": 4, "fourth": 4, "fifth": 2}
    most = {"first": 15, "second": 10, "third": 10, "fourth": 10, "fifth": 5}
    for code in NIW:
        more = min(total - sum(given.values()), most[code] - given[code])
        given[code] += max(more, 0)
    assert sum(given.values()) == total
    return {"merit": given}


def iws_points(part_a: Sequence[int], part_b: Sequence[int]) -> dict[str, dict[str, int]]:
    a = ("innovativeness", "needs", "efficiency", "universality", "vision")
    b = ("testing", "potential", "deinstitutionalisation")
    return {
        "merit_a": dict(zip(a, part_a, strict=True)),
        "pitch_b": dict(zip(b, part_b, strict=True)),
    }
