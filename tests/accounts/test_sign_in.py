"""Sign-in: which pages are open, what a stranger can learn, and how guessing is slowed down."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module

import allauth.urls
import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from krzew.accounts.actors import Actor

pytestmark = pytest.mark.django_db

# Pages of allauth that somebody who is not signed in needs. All others ask for a sign-in.
OPEN = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_email_verification_sent",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_request_login_code",
    "account_confirm_login_code",
    "mfa_authenticate",
    "mfa_login_webauthn",
}


def patterns(found: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for one in found:
        if isinstance(one, URLPattern):
            yield one
        else:
            yield from patterns(one.url_patterns)


def test_exactly_the_needed_sign_in_pages_are_open() -> None:
    found = {
        p.name for p in patterns(allauth.urls.urlpatterns) if not getattr(p.callback, "login_required", True)
    }
    assert found == OPEN


@pytest.mark.parametrize("name", sorted(OPEN - {"account_reset_password_from_key"}))
def test_open_pages_do_not_ask_to_sign_in_first(visitor: Client, name: str) -> None:
    response = visitor.get(reverse(name))
    assert "next=" not in response.get("Location", "")


@pytest.mark.parametrize("room", ["accounts", "timeline"])
def test_pages_ask_for_a_sign_in_unless_they_say_otherwise(visitor: Client, room: str) -> None:
    """A new page that nobody marked is closed; open are only links that were sent."""
    for pattern in patterns(import_module(f"krzew.{room}.urls").urlpatterns):
        known = {"pk": 1, "person": 1, "token": "x", "step": "release", "signed": "x"}
        needed = {name: known[name] for name in pattern.pattern.converters}
        response = visitor.get(reverse(f"{room}:{pattern.name}", kwargs=needed))
        if pattern.name in ("invitation", "choice"):  # a link that nobody signed opens nothing
            assert response.status_code == 404
        else:
            assert reverse("account_login") in response["Location"], pattern.name


@pytest.mark.parametrize("language", ["pl", "en"])
def test_password_sign_in(visitor: Client, mayor: Actor, language: str) -> None:
    data = {"login": "maria@example.org", "password": "krzew-test-password"}
    response = visitor.post(f"/{language}/account/login/", data)
    # The address is proven by a code first, since this account has never done so.
    assert response["Location"] == f"/{language}/account/confirm-email/"
    visitor.post(response["Location"], {"code": code_from_letter()})
    assert visitor.get(f"/{language}/my/profile/").status_code == 200


def code_from_letter() -> str:
    lines = (line.strip() for line in mail.outbox[-1].body.splitlines())
    return next(line for line in lines if 6 <= len(line) <= 9 and " " not in line and line.isupper())


@pytest.fixture
def proven(mayor: Actor) -> Actor:
    """The mayor has proven the address once."""
    EmailAddress.objects.create(user=mayor.user, email="maria@example.org", verified=True, primary=True)
    return mayor


def test_sign_in_by_code(visitor: Client, proven: Actor) -> None:
    response = visitor.post(reverse("account_request_login_code"), {"email": "maria@example.org"})
    visitor.post(response["Location"], {"code": code_from_letter()})
    assert visitor.get(reverse("accounts:profile")).status_code == 200


def test_a_code_is_not_guessed(visitor: Client, proven: Actor) -> None:
    address = visitor.post(reverse("account_request_login_code"), {"email": "maria@example.org"})["Location"]
    right = code_from_letter()
    for _attempt in range(5):
        visitor.post(address, {"code": "AAAAAA"})
    visitor.post(address, {"code": right})
    assert visitor.get(reverse("accounts:profile")).status_code == 302


def normal(response: object, email: str) -> tuple[int, str, str]:
    """What a stranger sees, without the address that she typed and the token of the form."""
    body = response.content.decode().replace(email, "@")  # type: ignore[attr-defined]
    body = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", body)
    return response.status_code, response.get("Location", ""), body  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("name", "field", "more"),
    [
        ("account_login", "login", {"password": "wrong"}),
        ("account_reset_password", "email", {}),
        ("account_request_login_code", "email", {}),
        (
            "account_signup",
            "email",
            {"name": "X", "password1": "zielona-kładka-7", "password2": "zielona-kładka-7"},
        ),
    ],
)
def test_a_stranger_cannot_learn_who_has_an_account(
    mayor: Actor, name: str, field: str, more: dict[str, str]
) -> None:
    seen = []
    for email in ("maria@example.org", "nikt1@example.org"):
        client = Client()
        first = normal(client.post(reverse(name), {field: email, **more}), email)
        then = normal(client.get(first[1]), email) if first[1] else None
        seen.append((first, then))
    assert seen[0] == seen[1]


@pytest.fixture
def real_cache(settings: object) -> None:
    """The cache of an installation: a table of the database."""
    settings.CACHES = {  # type: ignore[attr-defined]
        "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "krzew_cache"}
    }
    call_command("createcachetable", verbosity=0)


def test_guessing_a_password_is_stopped_and_explained(real_cache: None, mayor: Actor) -> None:
    wrong = {"login": "maria@example.org", "password": "wrong"}
    for _attempt in range(5):
        assert Client().post("/en/account/login/", wrong).status_code == 200
    right = {"login": "maria@example.org", "password": "krzew-test-password"}
    stopped = Client().post("/en/account/login/", right)
    assert stopped.status_code == 200
    assert "Too many failed login attempts" in stopped.content.decode()


def test_many_requests_from_one_address_get_a_clear_page(real_cache: None, mayor: Actor) -> None:
    answers = [Client().post("/en/account/login/", {"login": f"{i}@example.org"}) for i in range(31)]
    assert [a.status_code for a in answers[:30]] == [200] * 30
    assert answers[30].status_code == 429
    assert "Wait five minutes" in answers[30].content.decode()


def test_codes_are_not_sent_without_end(real_cache: None, mayor: Actor) -> None:
    for _attempt in range(6):
        Client().post(reverse("account_request_login_code"), {"email": "maria@example.org"})
    assert len(mail.outbox) == 3


def test_sign_out_needs_a_post(visitor: Client, mayor: Actor) -> None:
    visitor.force_login(mayor.user, backend="allauth.account.auth_backends.AuthenticationBackend")  # type: ignore[arg-type]
    visitor.get(reverse("account_logout"))
    assert visitor.get(reverse("accounts:profile")).status_code == 200
    visitor.post(reverse("account_logout"))
    assert visitor.get(reverse("accounts:profile")).status_code == 302


def test_an_account_that_was_closed_is_signed_out(visitor: Client, mayor: Actor) -> None:
    assert mayor.user
    visitor.force_login(mayor.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    mayor.user.is_active = False
    mayor.user.save()
    assert visitor.get(reverse("accounts:profile")).status_code == 302


def test_letters_of_sign_in_speak_to_everybody(visitor: Client, proven: Actor) -> None:
    visitor.post("/pl/account/login/code/", {"email": "maria@example.org"})
    visitor.post("/pl/account/password/reset/", {"email": "maria@example.org"})
    new = {
        "email": "maria@example.org",
        "name": "X",
        "password1": "zielona-kładka-7",
        "password2": "zielona-kładka-7",
    }
    Client().post("/pl/account/signup/", new)
    assert len(mail.outbox) == 3
    for letter in mail.outbox:
        assert letter.body.startswith("Dzień dobry,")
        assert not re.search(r"łeś|łaś|!", letter.body)
