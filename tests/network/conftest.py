"""Meetings about Czarnków (gmina wiejska), entered by an adviser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils.translation import override

from krzew.accounts.actors import Actor
from krzew.network.acts import enter_meeting
from krzew.network.models import Meeting
from krzew.places.models import Unit
from tests.diagnosis.conftest import CZARNKOW, sheet


@pytest.fixture(autouse=True)
def polish() -> Iterator[None]:
    with override("pl"):
        yield


@pytest.fixture
def place(places_loaded: None) -> Unit:
    return Unit.objects.get(code=CZARNKOW)


@pytest.fixture
def meeting(adviser: Actor, place: Unit) -> Meeting:
    return enter_meeting(adviser, place, sheet())
