"""A passkey in a real browser under the content policy: added, and used instead of a password."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import connections
from playwright.sync_api import Page, sync_playwright

from krzew.accounts.actors import Actor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# What a laptop with a fingerprint reader answers.
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """A page of Chromium with a passkey device. Fails when the page breaks the content policy."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    complaints: list[str] = []
    with sync_playwright() as program:
        chromium = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = program.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.on(
            "console", lambda message: complaints.append(message.text) if message.type == "error" else None
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        device = page.context.new_cdp_session(page)
        device.send("WebAuthn.enable")
        device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
        yield page
        browser.close()
        connections.close_all()  # beside the browser's event loop Django opens a connection of its own
    assert complaints == []


def press(page: Page, button: str) -> None:
    with page.expect_navigation():
        page.click(button)


def test_a_passkey_is_added_and_opens_the_house(live_server: Any, screen: Page, owner: Actor) -> None:
    EmailAddress.objects.create(user=owner.user, email="olga@example.org", verified=True, primary=True)
    account = f"{live_server.url}/en/account"
    screen.goto(f"{account}/login/")
    screen.fill("[name=login]", "olga@example.org")
    screen.fill("[name=password]", "krzew-test-password")
    press(screen, "form:has([name=password]) button[type=submit]")
    screen.goto(f"{account}/2fa/webauthn/add/")
    screen.fill("[name=password]", "krzew-test-password")
    press(screen, "form:has([name=password]) button[type=submit]")
    screen.fill("[name=name]", "Laptop")
    screen.check("[name=passwordless]")
    press(screen, "#mfa_webauthn_add")
    screen.goto(f"{account}/2fa/webauthn/")
    assert "Laptop" in screen.inner_text("main")
    screen.goto(f"{account}/logout/")
    press(screen, "main button[type=submit]")
    screen.goto(f"{account}/login/")
    press(screen, "#passkey_login")
    screen.goto(f"{live_server.url}/en/my/profile/")
    assert "olga@example.org" in screen.inner_text("main")
