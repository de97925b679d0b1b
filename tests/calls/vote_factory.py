"""A call with a public vote between the assessment and the ranking, and applications that have reached it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from krzew.accounts.actors import Actor
from krzew.calls.acts import programmes
from krzew.calls.acts import vote as acts
from krzew.calls.definition import plain, read, templates
from krzew.calls.models import Application, Call, Vote
from tests.calls.decisions_factory import close
from tests.calls.selection_factory import assessed, niw_points

LABEL = {"pl": "Głosowanie mieszkańców", "en": "Vote of the inhabitants"}


def rules(**stage: Any) -> dict[str, Any]:
    """The national comparator with a vote before its ranking."""
    data = plain(templates()["niw"]) | {"open_questions": []}
    where = [s["kind"] for s in data["stages"]].index("ranking")
    made = {"kind": "vote", "code": "vote", "label": LABEL, "shows": ["description", "subregion"], **stage}
    data["stages"].insert(where, made)
    return data


def vote_call(manager: Actor, dates: dict[str, Any], data: dict[str, Any]) -> Call:
    programme = programmes.make_programme(manager, read(data))
    texts = {"name_pl": "Nabór próbny", "name_en": "Trial call", "about_pl": "Próba.", "about_en": "A trial."}
    return programmes.publish_call(manager, programmes.prepare_call(manager, programme, **texts, **dates))


def at_vote(
    call: Call, make_application: Callable[..., Any], points: tuple[int, ...] = (40, 35, 30)
) -> list[Application]:
    """Assessed applications that stand at the vote, once the call has closed."""
    rows = []
    for number, given in enumerate(points, 1):
        answers = {"amount": "100000", "subregion": "one", "title": f"Pomysł {number}"}
        row = assessed(make_application(call, answers=answers), niw_points(given))
        row.stage = "vote"
        row.save()
        rows.append(row)
    close(call)
    return rows


def announced(manager: Actor, call: Call, days: int = 8) -> Vote:
    now = timezone.now()
    return acts.announce(manager, call, "vote", opens_at=now, closes_at=now + timedelta(days=days))


def end(vote: Vote) -> Vote:
    """The end of the vote passes."""
    now = timezone.now()
    Vote.objects.filter(pk=vote.pk).update(opens_at=now - timedelta(days=8), closes_at=now)
    vote.refresh_from_db()
    return vote
