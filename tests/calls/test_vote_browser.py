"""The public vote in a real browser without JavaScript, 320 px wide: voted for, counted, and every page through axe."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_core_python.sync_playwright import Axe
from django.core.management import call_command
from django.db import connections
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import Browser, Page, expect, sync_playwright

from krzew.accounts.actors import Actor
from krzew.calls.acts import vote as acts
from krzew.calls.models import Ballot
from tests.calls.vote_factory import announced, at_vote, end, rules, vote_call

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(scope="module", autouse=True)
def assets() -> None:
    call_command("build_assets", verbosity=0)


@pytest.fixture
def chromium(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as program, translation.override("pl"):
        found = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = program.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()
        connections.close_all()


def looks_right(browser: Browser, page: Page) -> None:
    """The same address with JavaScript, since axe needs it; the session is carried over."""
    context = browser.new_context(
        viewport={"width": 320, "height": 800}, storage_state=page.context.storage_state()
    )
    screen = context.new_page()
    screen.goto(page.url)
    found = Axe().run(screen, options=RULES)["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    assert screen.evaluate("document.documentElement.scrollWidth") <= 320
    context.close()


def test_a_vote_from_the_ballot_to_the_count(
    live_server: Any,
    chromium: Browser,
    manager: Actor,
    dates: dict[str, Any],
    make_application: Callable[..., Any],
) -> None:
    call = vote_call(manager, dates, rules(choices=2))
    at_vote(call, make_application)
    vote = announced(manager, call)
    context = chromium.new_context(
        viewport={"width": 320, "height": 800}, java_script_enabled=False, locale="pl-PL"
    )
    visitor = context.new_page()
    visitor.goto(live_server.url + reverse("calls:vote", args=[call.slug]))
    looks_right(chromium, visitor)
    visitor.get_by_role("button", name="Dalej").click()
    expect(visitor.get_by_role("link", name="Twój głos – Wybierz, na co głosujesz.")).to_be_visible()
    visitor.get_by_label("Pomysł 1").check()
    visitor.get_by_label("Pomysł 3").check()
    visitor.get_by_role("button", name="Dalej").click()
    expect(visitor.get_by_role("heading", name="Czy to Twój głos?")).to_be_visible()
    visitor.get_by_role("button", name="Oddaj głos").click()
    expect(visitor.get_by_text("Twój głos jest oddany")).to_be_visible()
    assert Ballot.objects.count() == 1
    looks_right(chromium, visitor)
    acts.count(manager, end(vote))
    visitor.reload()
    expect(visitor.get_by_role("heading", name="Jak głosowano")).to_be_visible()
    looks_right(chromium, visitor)
