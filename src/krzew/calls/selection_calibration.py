"""Points beside what they say once the severity of assessors is taken out. Information, never the order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from krzew.calls.definition.topics import of_topic
from krzew.calls.models import Call
from krzew.calls.queries.assessment import ABSENT, cards
from krzew.calls.scoring import Scored, scored_stages
from krzew.calls.selection_lists import Listed
from krzew.methods.calibration import calibrate, links
from krzew.methods.record import MethodError

APART, FEW, EQUAL, OTHER = "apart", "few", "equal", "other"


def calibrated(call: Call, rows: Sequence[Listed], funded: int) -> dict[str, Any]:
    """Expected rank, its 50 % interval and the chance to be among as many as are funded, by application."""
    stages = scored_stages(call.rules)
    if not stages or not rows:
        return {}
    stage = stages[0]
    ideas, assessors, totals = _columns(call, stage, rows)
    places = min(max(funded, 1), len(set(ideas)) or 1)
    try:
        found = calibrate(ideas, assessors, totals, fundable=places)
    except MethodError as error:
        return {"stage": stage.code, **_refusal(error, ideas, assessors)}
    chances = found.fundable_probability
    assert chances is not None
    return {
        "stage": stage.code,
        "places": places,
        "ideas": {
            str(idea): {
                "rank": round(float(found.expected_rank[n]), 2),
                "low": int(found.rank_50[n][0]),
                "high": int(found.rank_50[n][1]),
                "chance": round(float(chances[n]), 4),
                "score": round(float(found.score[n]), 2),
            }
            for n, idea in enumerate(found.ideas)
        },
        "reliability": round(found.icc, 3),
        "cautions": list(found.cautions),
        "provenance": found.provenance.as_dict(),
    }


def _columns(call: Call, stage: Scored, rows: Sequence[Listed]) -> tuple[list[str], list[str], list[float]]:
    """One row for every card of the stage."""
    given = cards(call, [one.application.pk for one in rows])
    found = [
        (one.label, card.assessor, float(card.total(of_topic(stage, one.application.answers).criteria)))
        for one in rows
        for card in given.get(one.application.pk, {}).get(stage.code, ())
        if card.assessor != ABSENT
    ]
    return [f[0] for f in found], [f[1] for f in found], [f[2] for f in found]


def _refusal(error: MethodError, ideas: list[str], assessors: list[str]) -> dict[str, Any]:
    """Why the method refuses; where groups hang apart, the readings that would link them."""
    if ideas and len(set(ideas)) > 1 and len(set(assessors)) > 1:
        net = links(ideas, assessors)
        if not net.connected:
            readings = [[str(r.assessor), str(r.idea)] for r in net.readings]
            return {"refused": APART, "groups": len(net.components), "readings": readings}
    kind = {"ideas": FEW, "assessors": FEW, "scores": EQUAL}.get(error.field, OTHER)
    return {"refused": kind}
