"""Fixtures of the whole suite: reference data, personas who act, and their browsers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models.signals import post_migrate
from django.test import Client
from django.utils import timezone, translation

from krzew.accounts.actors import Actor
from krzew.accounts.models import Membership, Organisation, OrganisationKind, Role, User
from krzew.library.loaders import load_library
from krzew.places.acts import load_places
from krzew.places.models import Unit

PASSWORD = "krzew-test-password"
KEPT = "kept_"  # begins the names of the tables that hold a copy of the reference data
lost: list[str] = []  # tables that have to be filled again


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The test database holds the reference data from the start, as every installation does."""
    with django_db_blocker.unblock():
        load_places(Actor.system())
        load_library(Actor.system())
        keep_reference()


def keep_reference() -> None:
    """Copy the reference data aside, and notice when a test that commits has emptied the tables."""
    models = [model for model in apps.get_models() if model.__module__.startswith("krzew.")]
    tables = [model._meta.db_table for model in models if model._default_manager.exists()]
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"CREATE TABLE {KEPT}{table} AS SELECT * FROM {table}")

    def emptied(**_signal: object) -> None:
        lost[:] = [] if Unit.objects.exists() else tables

    # Django announces an emptied database with the same signal as a migrated one.
    post_migrate.connect(emptied, sender=apps.get_app_config("places"), weak=False)


@pytest.fixture(autouse=True)
def language_of_the_site() -> None:
    """A page that one test has read in English leaves nothing English to the next."""
    translation.deactivate()


@pytest.fixture(scope="module", autouse=True)
def reference_brought_back(django_db_blocker: Any) -> None:
    """Each file of tests finds the reference data, whatever the file before it has done."""
    if not lost:
        return
    with django_db_blocker.unblock(), transaction.atomic(), connection.cursor() as cursor:
        for table in lost:
            cursor.execute(f"INSERT INTO {table} SELECT * FROM {KEPT}{table}")
    lost.clear()


@pytest.fixture
def places_loaded(db: None) -> None:
    """Real places and figures; they are there from the start."""


@pytest.fixture
def library_loaded(places_loaded: None) -> None:
    """Real solutions."""


@pytest.fixture
def make_actor(db: None) -> Callable[..., Actor]:
    """Make a person with one role in one organisation (made when it does not exist)."""

    def make(
        email: str,
        organisation: str,
        role: Role,
        kind: OrganisationKind = OrganisationKind.SUPPORT_CENTRE,
        place: str = "",
    ) -> Actor:
        home, _new = Organisation.objects.get_or_create(
            name=organisation, defaults={"kind": kind, "place_code": place, "confirmed_at": timezone.now()}
        )
        user = User.objects.filter(email=email).first()
        user = user or User.objects.create_user(email, PASSWORD, name=email.partition("@")[0].capitalize())
        Membership.objects.get_or_create(user=user, organisation=home, role=role)
        return Actor.of(user, home)

    return make


@pytest.fixture
def adviser(make_actor: Callable[..., Actor]) -> Actor:
    """Adviser of a support centre."""
    return make_actor("ada@example.org", "OWES Próba", Role.ADVISER)


@pytest.fixture
def colleague(make_actor: Callable[..., Actor]) -> Actor:
    """Another adviser of the same support centre."""
    return make_actor("celina@example.org", "OWES Próba", Role.ADVISER)


@pytest.fixture
def owner(make_actor: Callable[..., Actor]) -> Actor:
    return make_actor("olga@example.org", "OWES Próba", Role.OWNER)


@pytest.fixture
def member(make_actor: Callable[..., Actor]) -> Actor:
    """Reads what her support centre has, changes nothing."""
    return make_actor("marek@example.org", "OWES Próba", Role.MEMBER)


@pytest.fixture
def editor(make_actor: Callable[..., Actor]) -> Actor:
    return make_actor("edyta@example.org", "Stowarzyszenie Próba", Role.EDITOR, OrganisationKind.ASSOCIATION)


@pytest.fixture
def outsider(make_actor: Callable[..., Actor]) -> Actor:
    """Adviser of another support centre: staff, but a stranger here."""
    return make_actor("oskar@example.org", "OWES Obcy", Role.ADVISER)


@pytest.fixture
def mayor(make_actor: Callable[..., Actor]) -> Actor:
    """Speaks for Gmina Czarnków."""
    return make_actor("maria@example.org", "Gmina Czarnków", Role.MEMBER, OrganisationKind.GMINA, "300202")


@pytest.fixture
def client_of() -> Callable[[Actor], Client]:
    """A browser without JavaScript in which this actor is signed in, acting for her organisation."""

    def sign_in(actor: Actor) -> Client:
        client = Client()
        assert actor.user is not None
        client.force_login(actor.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        if actor.organisation:
            session = client.session
            session["acting_organisation"] = actor.organisation.pk
            session.save()
        return client

    return sign_in


@pytest.fixture
def visitor() -> Client:
    """Somebody without an account."""
    return Client()
