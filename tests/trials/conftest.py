"""People around an innovation: the team, a mentor, strangers; and an innovation at the beginning of its way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import translation

from krzew.accounts.actors import Actor
from krzew.accounts.models import Membership, OrganisationKind, Role
from krzew.trials.models import Innovation
from tests.trials import factory

MakeActor = Callable[..., Actor]


@pytest.fixture(autouse=True)
def _polish() -> None:
    """A page asked for in another language leaves that language behind in the thread."""
    translation.activate("pl")


@pytest.fixture
def manager(make_actor: MakeActor) -> Actor:
    return make_actor("nina@example.org", "Inkubator Próba", Role.MANAGER, OrganisationKind.INCUBATOR)


@pytest.fixture
def mentor(make_actor: MakeActor, manager: Actor) -> Actor:
    """A mentor of the same incubator."""
    actor = make_actor("marek@example.org", "Inkubator Próba", Role.MENTOR, OrganisationKind.INCUBATOR)
    assert actor.user is not None
    Membership.objects.filter(user=actor.user).update(organisation=manager.organisation)
    return Actor.of(actor.user, manager.organisation)


@pytest.fixture
def stranger(make_actor: MakeActor) -> Actor:
    """Runs the calls of another incubator."""
    return make_actor("obcy@example.org", "Inkubator Obcy", Role.MANAGER, OrganisationKind.INCUBATOR)


@pytest.fixture
def make_innovation(manager: Actor) -> Callable[..., tuple[Innovation, str]]:
    """`make_innovation("iws2")` gives an innovation at the beginning of its way and its innovator's link."""

    def make(template: str = "stocznia", **fields: Any) -> tuple[Innovation, str]:
        return factory.innovation(manager, template, **fields)

    return make
