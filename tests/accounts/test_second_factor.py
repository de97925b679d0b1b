"""Staff roles set up a second factor first, and are never locked out of what they need for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.checks import run_checks
from django.test import Client
from django.urls import reverse

from krzew.accounts.actors import Actor
from krzew.accounts.models import Membership, Role

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Actor], Client]


@pytest.fixture(autouse=True)
def no_demonstration(settings: Any) -> None:
    settings.KRZEW_DEMO = False


def totp(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def with_factor(actor: Actor) -> Actor:
    Authenticator.objects.create(user=actor.user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    return actor


@pytest.mark.parametrize("persona", ["owner", "adviser", "editor"])
def test_staff_is_sent_to_set_it_up(
    client_of: ClientOf, request: pytest.FixtureRequest, persona: str
) -> None:
    actor = request.getfixturevalue(persona)
    wanted = reverse("accounts:organisations") + "?a=1"
    response = client_of(actor).get(wanted)
    assert response["Location"] == f"{reverse('accounts:second_factor')}?next={quote(wanted, safe='')}"
    assert reverse("mfa_activate_totp") in client_of(actor).get(response["Location"]).content.decode()
    assert client_of(with_factor(actor)).get(wanted).status_code == 200


def test_a_change_is_not_made_without_it(client_of: ClientOf, owner: Actor) -> None:
    assert owner.organisation
    response = client_of(owner).post(reverse("accounts:open"), {"name": "Nowa", "kind": "gmina"})
    assert response["Location"] == reverse("accounts:second_factor")
    assert not type(owner.organisation).objects.filter(name="Nowa").exists()


def test_members_and_visitors_need_none(client_of: ClientOf, member: Actor, visitor: Client) -> None:
    assert client_of(member).get(reverse("accounts:organisations")).status_code == 200
    assert visitor.get(reverse("home")).status_code == 200


def test_the_role_in_the_acting_organisation_counts(
    client_of: ClientOf, member: Actor, outsider: Actor
) -> None:
    Membership.objects.create(user=member.user, organisation=outsider.organisation, role=Role.OWNER)
    client = client_of(member)
    assert client.get(reverse("accounts:organisations")).status_code == 200
    assert outsider.organisation
    client.post(reverse("accounts:switch"), {"organisation": outsider.organisation.pk})
    assert client.get(reverse("accounts:organisations")).status_code == 302


OPEN_PAGES = ["mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_list_webauthn", "mfa_reauthenticate"]
OPEN_PAGES += [
    "account_logout",
    "account_email",
    "account_reauthenticate",
    "accounts:second_factor",
    "usersessions_list",
]


@pytest.mark.parametrize("name", OPEN_PAGES)
def test_nobody_is_locked_out_of_what_is_needed_for_it(client_of: ClientOf, owner: Actor, name: str) -> None:
    response = client_of(owner).get(reverse(name))
    assert (
        reverse("accounts:second_factor") not in response.get("Location", "") or name == "mfa_reauthenticate"
    )


def test_the_way_out_stays_open(client_of: ClientOf, owner: Actor) -> None:
    client = client_of(owner)
    assert client.post(reverse("account_logout")).status_code == 302
    assert reverse("account_login") in client.get(reverse("accounts:profile"))["Location"]


def test_the_language_can_be_switched(client_of: ClientOf, owner: Actor) -> None:
    client = client_of(owner)
    response = client.post(reverse("set_language"), {"language": "en", "next": "/pl/my/second-factor/"})
    assert response["Location"] == "/en/my/second-factor/"
    assert "Set up the app" in client.get(response["Location"]).content.decode()


def test_one_can_act_for_another_organisation_instead(
    client_of: ClientOf, owner: Actor, mayor: Actor
) -> None:
    Membership.objects.create(user=owner.user, organisation=mayor.organisation, role=Role.MEMBER)
    assert mayor.organisation
    client = client_of(owner)
    client.post(reverse("accounts:switch"), {"organisation": mayor.organisation.pk})
    assert client.get(reverse("accounts:organisations")).status_code == 200


def test_a_page_that_looks_like_an_open_one_is_not(client_of: ClientOf, owner: Actor) -> None:
    """Only the named pages are open, whatever stands in the address."""
    response = client_of(owner).get(reverse("accounts:organisations") + "?x=/account/2fa/")
    assert response.status_code == 302


def test_setting_up_the_app_opens_the_house(client_of: ClientOf, owner: Actor, visitor: Client) -> None:
    """The whole way: sign in with the password, set up the app, work, sign out, sign in with both."""
    EmailAddress.objects.create(user=owner.user, email="olga@example.org", verified=True, primary=True)
    words = {"login": "olga@example.org", "password": "krzew-test-password"}
    visitor.post(reverse("account_login"), words)
    again = visitor.get(reverse("mfa_activate_totp"))
    page = visitor.post(again["Location"], {"password": "krzew-test-password"}, follow=True)
    secret = page.context["form"].secret
    visitor.post(reverse("mfa_activate_totp"), {"code": totp(secret)})
    assert visitor.get(reverse("accounts:organisations")).status_code == 200
    assert reverse("home") in visitor.get(reverse("accounts:second_factor")).content.decode()
    visitor.post(reverse("account_logout"))
    half = visitor.post(reverse("account_login"), words)
    assert half["Location"] == reverse("mfa_authenticate")
    assert visitor.get(reverse("accounts:organisations")).status_code == 302
    authenticator = Authenticator.objects.get(user=owner.user, type=Authenticator.Type.RECOVERY_CODES)
    code = RecoveryCodes(authenticator).get_unused_codes()[0]
    visitor.post(reverse("mfa_authenticate"), {"code": code})
    assert visitor.get(reverse("accounts:organisations")).status_code == 200


@pytest.mark.parametrize(
    "path", ["mfa_activate_totp", "mfa_add_webauthn", "mfa_list_webauthn", "account_login", "mfa_index"]
)
def test_pages_of_second_factors_obey_the_content_policy(
    client_of: ClientOf, owner: Actor, visitor: Client, path: str
) -> None:
    """No script to run stands in the page itself: only files of ours and data that never runs."""
    client = visitor if path == "account_login" else client_of(owner)
    client.post(reverse("account_reauthenticate"), {"password": "krzew-test-password"})
    response = client.get(reverse(path))
    assert response.status_code == 200
    assert "script-src 'self'" in response["Content-Security-Policy"]
    body = response.content.decode()
    inline = [
        t for t in re.findall(r"<script([^>]*)>", body) if "src=" not in t and "application/json" not in t
    ]
    assert inline == []
    assert not re.search(r"\s(style|on\w+)=", body)


def test_the_demonstration_is_refused_in_production(settings: Any) -> None:
    def errors() -> list[str]:
        return [error.id for error in run_checks() if error.id == "krzew.E001"]

    settings.KRZEW_DEMO, settings.PRODUCTION = True, True
    assert errors() == ["krzew.E001"]
    settings.PRODUCTION = False
    assert errors() == []
    settings.KRZEW_DEMO, settings.PRODUCTION = False, True
    assert errors() == []
