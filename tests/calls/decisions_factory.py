"""Calls that stand at the decision, and after it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from krzew.accounts.actors import Actor
from krzew.calls.acts import decisions as acts
from krzew.calls.acts import decisions_release as releasing
from krzew.calls.acts import selection
from krzew.calls.models import Application, Call
from tests.calls.selection_factory import assessed, niw_points

ClientOf = Callable[[Actor], Client]
MakeApplication = Callable[..., Any]
WHY = "Komisja uznała, że w tej gminie nie ma żadnego innego wsparcia."


def close(call: Call) -> None:
    """The closing time passes."""
    Call.objects.filter(pk=call.pk).update(closes_at=timezone.now())
    call.refresh_from_db()


def release(manager: Actor, call: Call) -> int:
    close(call)
    return releasing.release_results(manager, call)


@pytest.fixture
def niw(make_call: Callable[..., Call]) -> Call:
    return make_call("niw")


@pytest.fixture
def make_assessed(niw: Call, make_application: MakeApplication) -> Callable[..., Any]:
    def make(points: int, amount: int = 100_000, **more: Any) -> Any:
        answers = {"amount": str(amount), "subregion": "one"}
        made = make_application(niw, answers=answers, token=True, **more)
        assessed(made[0], niw_points(points))
        return made

    return make


@pytest.fixture
def at_decision(
    manager: Actor, niw: Call, make_assessed: Callable[..., Any]
) -> list[tuple[Application, str]]:
    """Four applications: two in full, one in part, one on the reserve list."""
    rows = [make_assessed(points) for points in (45, 40, 35, 30)]
    selection.adopt(manager, selection.rank(manager, niw, "ranking"))
    for row, _token in rows:
        row.refresh_from_db()
    return rows


@pytest.fixture
def released(
    manager: Actor, niw: Call, at_decision: list[tuple[Application, str]]
) -> list[tuple[Application, str]]:
    acts.decide_as_proposed(manager, niw)
    release(manager, niw)
    for row, _token in at_decision:
        row.refresh_from_db()
        row.call.refresh_from_db()
    niw.refresh_from_db()
    return at_decision
