"""Whoever is linked with an application checks, advises and decides nothing about it, also as a manager (R21, R32)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from krzew.accounts.actors import Actor
from krzew.accounts.models import OrganisationKind, Role
from krzew.accounts.permissions import Denied
from krzew.calls.acts import decisions, formal
from krzew.calls.formal_checks import Answer, formal_stage
from krzew.calls.models import Application, Assessor, Call, Conflict, Decision
from krzew.calls.states import Outcome
from tests.calls.decisions_factory import WHY, ClientOf, at_decision, make_assessed, niw

fixtures = (niw, make_assessed, at_decision)


@pytest.fixture
def other(make_actor: Callable[..., Actor], manager: Actor) -> Actor:
    """A second manager of the same incubator."""
    assert manager.organisation is not None
    return make_actor("ola@example.org", manager.organisation.name, Role.MANAGER, OrganisationKind.INCUBATOR)


def link(actor: Actor, application: Application) -> None:
    """The manager is in the pool of assessors too, and is related to the applicant."""
    home = application.call.programme.organisation
    person, _new = Assessor.objects.get_or_create(user=actor.user, organisation=home)
    Conflict.objects.create(assessor=person, application=application, kind="family")


def yes(call: Call) -> dict[str, Answer]:
    stage = formal_stage(call)
    assert stage is not None
    return {check.code: Answer(True, "") for check in stage.checks}


def test_the_formal_check_is_for_somebody_else(
    manager: Actor, other: Actor, niw: Call, make_application: Any, client_of: ClientOf
) -> None:
    row = make_application(niw)
    link(manager, row)
    for act in (
        lambda: formal.keep(manager, row, yes(niw)),
        lambda: formal.conclude(manager, row, yes(niw), formal.PASSED),
    ):
        with pytest.raises(Denied):
            act()
    url = reverse("calls:formal_one", args=[niw.slug, row.number])
    hers: Client = client_of(manager)
    page = hers.get(url).content.decode()
    assert 'name="go"' not in page
    assert "nie bierzesz udziału" in page.lower() or "powiąz" in page.lower()
    hers.post(url, {"go": "passed", "seen": "0"})
    assert Application.objects.get(pk=row.pk).stage == "formal"
    formal.conclude(other, row, yes(niw), formal.PASSED)
    assert Application.objects.get(pk=row.pk).stage == "merit"


def test_the_decision_is_for_somebody_else_and_in_bulk_it_is_left_out(
    manager: Actor, other: Actor, niw: Call, at_decision: list[tuple[Application, str]], client_of: ClientOf
) -> None:
    row = at_decision[0][0]
    link(manager, row)
    with pytest.raises(Denied):
        decisions.decide(manager, row, Outcome.REJECTED_MERIT, reason=WHY)
    page = client_of(manager).get(reverse("calls:decision", args=[niw.slug, row.number])).content.decode()
    assert 'name="outcome"' not in page
    assert decisions.decide_as_proposed(manager, niw) == 3
    assert not Decision.objects.filter(application=row).exists()
    assert decisions.decide_as_proposed(other, niw) == 1


def test_without_a_link_nothing_changes(
    manager: Actor, niw: Call, at_decision: list[tuple[Application, str]]
) -> None:
    made = decisions.decide(manager, at_decision[0][0], Outcome.REJECTED_MERIT, reason=WHY)
    assert made.by == manager.user
