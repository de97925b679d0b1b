"""What is fixed before the outcome is known stands on the public page of the call."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from krzew.accounts.actors import Actor
from krzew.calls.acts import assignment, selection
from krzew.calls.models import Application, Call
from tests.calls.selection_factory import pool


def page(visitor: Client, call: Call) -> str:
    return visitor.get(reverse("calls:call", args=[call.slug])).content.decode()


def test_an_assignment_shows_its_fingerprint_once_it_is_adopted(
    call: Call, manager: Actor, visitor: Client, make_application: Callable[..., Application]
) -> None:
    make_application(call)
    Application.objects.update(stage="merit_a")
    pool(call, 4)
    plan = assignment.propose(manager, call, "merit_a")
    assert assignment.fingerprint(plan) not in page(visitor, call)
    due = timezone.localdate() + timedelta(days=7)
    assignment.adopt(manager, plan, due_on=due, desk="https://example.org/")
    plan.refresh_from_db()
    shown = page(visitor, call)
    assert plan.proposal["fingerprint"] == assignment.fingerprint(plan)
    assert plan.proposal["fingerprint"] in shown
    plan.proposal["pairs"] = plan.proposal["pairs"][1:]
    assert assignment.fingerprint(plan) not in shown


def test_a_draw_shows_the_fingerprint_of_its_seed_and_never_the_seed(
    make_call: Callable[..., Call], manager: Actor, visitor: Client
) -> None:
    call = make_call("niw")
    stages = [s | {"then_lottery": True} if s["code"] == "ranking" else s for s in call.definition["stages"]]
    call.definition = {**call.definition, "stages": stages}
    call.save()
    call.__dict__.pop("rules", None)
    made = selection.promise(manager, call, "ranking")
    shown = page(visitor, call)
    assert made.seed_commitment in shown
    assert made.content["seed"] not in shown
    assert made.content["nonce"] not in shown
