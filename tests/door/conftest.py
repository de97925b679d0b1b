"""People around a case: an office, another office, an expert, and a case with its link."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from krzew.accounts.actors import Actor
from krzew.accounts.models import OrganisationKind, Role
from krzew.door.acts import cases
from krzew.door.models import Case, CaseKind

MakeActor = Callable[..., Actor]


@pytest.fixture
def officer(make_actor: MakeActor) -> Actor:
    """Answers cases in a regional office."""
    return make_actor("olga@example.org", "Ośrodek Próba", Role.ADVISER, OrganisationKind.INSTITUTION)


@pytest.fixture
def other_office(make_actor: MakeActor) -> Actor:
    return make_actor("obcy@example.org", "Ośrodek Obcy", Role.ADVISER, OrganisationKind.INSTITUTION)


@pytest.fixture
def expert(make_actor: MakeActor) -> Actor:
    """Knows something that the office does not; belongs elsewhere and has no role in an office."""
    return make_actor("ewa@example.org", "Fundacja Wiedza", Role.MENTOR, OrganisationKind.ASSOCIATION)


@pytest.fixture
def make_case(db: None) -> Callable[..., tuple[Case, str]]:
    """`make_case(email="…", text="…")` opens a case as somebody without an account does."""

    def make(kind: str = CaseKind.NEED, text: str = "Gubię się w lekach.", **fields: Any) -> tuple[Case, str]:
        return cases.open_case(Actor.anonymous(), kind, text=text, **fields)

    return make
