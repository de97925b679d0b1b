"""The form of an application in a real browser: saved while one types, questions that come and go, sums, axe."""

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
from playwright.sync_api import Page, expect, sync_playwright

from krzew.accounts.actors import Actor
from krzew.calls.acts import applications as acts

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Make = Callable[..., Any]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PLAN_COST = "#id_plan-testing-0-cost"


@pytest.fixture(scope="module", autouse=True)
def assets() -> None:
    call_command("build_assets", verbosity=0)


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """A page of Chromium, 320 px wide. Fails when something goes wrong in the browser."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    complaints: list[str] = []
    with sync_playwright() as program, translation.override("en"):
        chromium = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = program.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 320, "height": 800})
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield page
        browser.close()
        connections.close_all()
    assert complaints == []


def address(live_server: Any, name: str, *args: Any) -> str:
    return f"{live_server.url}{reverse(f'calls:{name}', args=args)}"


def test_it_is_saved_while_one_types_and_questions_come_and_go(
    live_server: Any, screen: Page, make_call: Make
) -> None:
    _row, token = acts.start(Actor.anonymous(), make_call("niw"), kind="organisation")
    here = address(live_server, "application_section", token, "project")
    screen.goto(here)
    expect(screen.locator("[name=minors_standards]")).to_have_count(0)
    screen.locator("[name=title]").press_sequentially("Stodoła")
    expect(screen.locator("#id_revision")).to_have_value("1", timeout=10_000)
    screen.check("#id_minors_0")
    expect(screen.locator("[name=minors_standards]")).to_have_count(1, timeout=10_000)
    assert screen.evaluate("document.activeElement.id") == "id_minors_0"
    screen.fill("[name=minors_standards]", "Standardy są na stronie.")
    screen.check("#id_minors_1")
    expect(screen.locator("[name=minors_standards]")).to_have_count(0, timeout=10_000)
    expect(screen.locator("[name=title]")).to_have_value("Stodoła")
    screen.fill("[name=description]", "Opis")  # the button is pressed before this is saved by itself
    screen.click("button[value=next]")
    screen.wait_for_url("**/check/")
    screen.goto(here)
    expect(screen.locator("[name=description]")).to_have_value("Opis")


def test_the_plan_adds_up_while_one_types(
    live_server: Any, screen: Page, call: Any, make_draft: Make
) -> None:
    _row, token = make_draft(call)
    screen.goto(address(live_server, "application_section", token, "plan"))
    expect(screen.locator("#sum-plan--all")).to_contain_text("80,000.00")
    screen.fill(PLAN_COST, "70 000")
    expect(screen.locator("#sum-plan--all")).to_contain_text("90,000.00", timeout=10_000)


def test_every_step_works_for_everybody(live_server: Any, screen: Page, call: Any, make_draft: Make) -> None:
    _row, token = make_draft(call, kind="group")
    names = ["application", "application_applicant", "application_people", "application_statements"]
    pages = [
        address(live_server, name, token) for name in [*names, "application_check", "application_withdraw"]
    ]
    pages += [
        address(live_server, "application_section", token, "plan"),
        address(live_server, "apply", call.slug),
    ]
    for page in pages:
        screen.goto(page)
        found = Axe().run(screen, options=RULES)["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], page
        assert screen.evaluate("document.documentElement.scrollWidth") <= 320, page
