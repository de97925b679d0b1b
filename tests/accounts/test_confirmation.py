"""Anybody may open an organisation; acting for others waits until those who run the installation confirm it."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from krzew.accounts.actors import Actor
from krzew.accounts.acts import change_organisation, confirm_organisation, give_role, open_organisation
from krzew.accounts.models import Organisation, OrganisationKind, Role, User
from krzew.accounts.permissions import Denied
from krzew.diagnosis.rules import is_centre_adviser
from krzew.library.rules import add_solution
from krzew.places.rules import import_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def stranger() -> Actor:
    """Somebody who has just opened a support centre and taken every role in it."""
    user = User.objects.create_user("stranger@example.org")
    home = open_organisation(Actor(user=user), name="OWES Znikąd", kind=OrganisationKind.SUPPORT_CENTRE)
    for role in (Role.ADVISER, Role.EDITOR):
        give_role(Actor.of(user, home), home, user=user, role=role)
    return Actor.of(user, home)


def test_before_confirmation_nothing_of_others_is_open(stranger: Actor) -> None:
    assert not is_centre_adviser(stranger)
    assert not add_solution.allows(stranger)
    assert not import_data.allows(stranger)


def test_nobody_confirms_herself(stranger: Actor) -> None:
    assert stranger.organisation is not None
    with pytest.raises(Denied):
        confirm_organisation(stranger, stranger.organisation)


def test_after_confirmation_the_doors_open(stranger: Actor) -> None:
    call_command("confirm_organisation", "OWES Znikąd", stdout=StringIO())
    again = Actor.of(stranger.user, stranger.organisation)
    assert is_centre_adviser(again)
    assert add_solution.allows(again)
    assert import_data.allows(again)


def test_another_kind_must_be_confirmed_anew(stranger: Actor) -> None:
    call_command("confirm_organisation", "OWES Znikąd", stdout=StringIO())
    assert stranger.organisation is not None
    change_organisation(stranger, stranger.organisation, name="OWES Znikąd", kind=OrganisationKind.GMINA)
    assert Organisation.objects.get().confirmed_at is None


def test_the_command_lists_and_refuses_unknown_names(stranger: Actor) -> None:
    out = StringIO()
    call_command("confirm_organisation", stdout=out)
    assert "OWES Znikąd" in out.getvalue()
    with pytest.raises(CommandError):
        call_command("confirm_organisation", "Nikt")
