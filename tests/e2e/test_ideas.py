"""An idea in a real browser: saved while it is typed, found again, sent."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visit

WHO = "Dla osób, które kończą warsztat terapii zajęciowej"


def begin(somebody: Visit) -> Page:
    page = somebody.open("/pl/idea/")
    page.locator("[name=what]").fill("Chcemy otworzyć małą pralnię przy warsztacie terapii zajęciowej.")
    page.locator("main .button.primary").click()
    page.wait_for_url("**/idea/*/")
    return page


def test_it_is_saved_while_it_is_typed(visit: Callable[..., Visit]) -> None:
    somebody = visit()
    page = begin(somebody)
    page.locator("[name=for_whom]").press_sequentially(WHO)
    expect(page.locator("#idea_revision")).not_to_have_value("1", timeout=10_000)
    expect(page.locator("#saved")).to_contain_text("Zapisano")
    expect(page.locator("#near")).to_contain_text("Coś podobnego już jest")
    page.reload()
    expect(page.locator("[name=for_whom]")).to_have_value(WHO)
    assert somebody.trouble == []


def test_the_same_without_javascript(visit: Callable[..., Visit]) -> None:
    page = begin(visit(javascript=False))
    page.locator("[name=for_whom]").fill(WHO)
    page.locator("[name=phone]").fill("600 000 000")
    page.locator("[name=consent]").check()
    page.locator("button[name=send]").click()
    expect(page.locator("h1")).to_contain_text("Chcemy otworzyć")
    expect(page.locator("main")).to_contain_text("Ktoś z zespołu przeczyta")
