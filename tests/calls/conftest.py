"""People of calls: a manager of an incubator and one of another, and a published call."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from krzew.accounts.actors import Actor
from krzew.accounts.models import OrganisationKind, Role
from krzew.calls.acts import programmes as acts
from krzew.calls.models import Application, Call, Programme
from tests.calls import applications_factory

MakeActor = Callable[..., Actor]


@pytest.fixture
def manager(make_actor: MakeActor) -> Actor:
    """Runs the calls of an incubator."""
    return make_actor("nina@example.org", "Inkubator Próba", Role.MANAGER, OrganisationKind.INCUBATOR)


@pytest.fixture
def stranger(make_actor: MakeActor) -> Actor:
    """Runs the calls of another incubator."""
    return make_actor("obcy@example.org", "Inkubator Obcy", Role.MANAGER, OrganisationKind.INCUBATOR)


@pytest.fixture
def dates() -> dict[str, Any]:
    """Writing opened yesterday, sending today; two weeks are left."""
    now = timezone.now()
    return {
        "opens_at": now - timedelta(days=1),
        "submit_from": now - timedelta(hours=1),
        "closes_at": now + timedelta(days=14),
    }


@pytest.fixture
def programme(manager: Actor) -> Programme:
    return acts.from_template(manager, "iws2")


def settled(manager: Actor, programme: Programme) -> Programme:
    """The programme with nothing left open, as a call needs it."""
    while programme.rules.open_questions:
        acts.settle_question(manager, programme, 0, seen=programme.revision)
    return programme


@pytest.fixture
def make_call(manager: Actor, dates: dict[str, Any]) -> Callable[..., Call]:
    """A published call of a template, with other dates or a pool when asked."""

    def make(template: str = "iws2", **fields: Any) -> Call:
        programme = settled(manager, acts.from_template(manager, template))
        texts = {
            "name_pl": "Nabór próbny",
            "name_en": "Trial call",
            "about_pl": "Próba.",
            "about_en": "A trial.",
        }
        call = acts.prepare_call(manager, programme, **{**texts, **dates, **fields})
        return acts.publish_call(manager, call)

    return make


@pytest.fixture
def call(make_call: Callable[..., Call]) -> Call:
    return make_call()


@pytest.fixture
def make_application(db: None) -> Callable[..., Any]:
    """Sends a complete application of a call: `make_application(call, kind="group", answers={...}, email="...")`."""
    return applications_factory.sent


@pytest.fixture
def make_draft(db: None) -> Callable[..., tuple[Application, str]]:
    """The same, not sent yet: gives the draft and the secret of its link."""
    return applications_factory.draft
