"""The main job as people do it: with a mouse, without JavaScript, and with the keyboard alone."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visit

PLACE = "Czarnków (gmina wiejska)"


def main_button(page: Page) -> None:
    """Press the one main button of the page."""
    page.locator("main .button.primary:visible").first.click()
    page.wait_for_load_state()


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name).first.click()
    page.wait_for_load_state()


def open_diagnosis(page: Page) -> None:
    """From the page of the place to a new diagnosis."""
    follow(page, "Otwórz diagnozę")
    main_button(page)
    expect(page).to_have_url(re.compile(r"/diagnoses/\d+/$"))


def enter_meeting(page: Page) -> None:
    """What parents said, from a paper sheet."""
    follow(page, "Głosy")
    main_button(page)
    page.locator("[name=title]").fill("Spotkanie rodziców w świetlicy")
    page.locator("input[name=people_disability]").fill("9")
    page.locator("input[name=people_workshop]").fill("4")
    page.locator("[name=v-0-text]").fill("Po warsztacie nie ma dokąd pójść")
    page.locator("[name=v-0-sector]").select_option("disability")
    page.locator("[name=v-0-need]").select_option("disability_work")
    page.locator("[name=v-0-number]").fill("18")
    main_button(page)


def choose_and_sign(page: Page) -> None:
    follow(page, "Decyzja")
    page.locator("input[name=versions]").first.check()
    main_button(page)
    main_button(page)  # on to the summary of what will be frozen
    main_button(page)
    expect(page.locator("main")).to_contain_text(re.compile("podpisan", re.I))


def test_from_a_name_to_a_signed_diagnosis_and_its_report(
    visit: Callable[..., Visit], tmp_path: Path
) -> None:
    somebody = visit()
    somebody.sign_in("zenek")
    page = somebody.page
    field = page.get_by_role("combobox").first
    field.press_sequentially("Czarn", delay=30)
    page.get_by_role("option").filter(has_text="Czarnków").filter(has_text="gmina wiejska").click()
    expect(page.locator("h1")).to_contain_text("Czarnków")
    open_diagnosis(page)
    enter_meeting(page)
    expect(page).to_have_url(re.compile(r"/diagnoses/\d+/voices/"))
    choose_and_sign(page)
    follow(page, "Raport")
    page.locator("main form button").first.click()
    link = page.locator("main a[href*='/report/']").filter(has_text=re.compile("PDF|pdf|Pobierz"))
    for _attempt in range(60):
        if link.count():
            break
        time.sleep(1)
        page.reload()
    with page.expect_download() as download:
        link.first.click()
    download.value.save_as(tmp_path / "report.pdf")
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
    assert somebody.trouble == []


def test_the_same_without_javascript(visit: Callable[..., Visit]) -> None:
    somebody = visit(javascript=False)
    somebody.sign_in("olek")
    page = somebody.page
    page.locator("main input[name=q]").fill("czarnkow")
    page.locator("main form").filter(has=page.locator("input[name=q]")).get_by_role("button").click()
    follow(page, PLACE)
    open_diagnosis(page)
    enter_meeting(page)
    assert "disability" not in page.locator("main .error").all_inner_texts()


def test_a_mayor_asks_for_a_solution_with_the_keyboard_alone(visit: Callable[..., Visit]) -> None:
    somebody = visit()
    somebody.sign_in("wojt")
    page = somebody.open("/pl/library/opieka-i-posilki/")
    press_on(page, re.compile("Sprowadź|Przynieś|do nas|u siebie", re.I))
    expect(page).to_have_url(re.compile("/enquiries/new/"))
    while_tabbing(page, lambda: focused(page, "type") == "radio")
    page.keyboard.press("Space")
    while_tabbing(page, lambda: focused(page, "class").startswith("button primary"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/enquiries/\d+/"))
    assert somebody.trouble == []


def focused(page: Page, name: str) -> str:
    return page.evaluate("name => document.activeElement.getAttribute(name) || ''", name)


def while_tabbing(page: Page, arrived: Callable[[], bool]) -> None:
    """Press Tab until there; every stop on the way must be visible."""
    for _step in range(80):
        page.keyboard.press("Tab")
        box = page.evaluate("document.activeElement.getBoundingClientRect().width")
        assert box > 0, "the focus went to something that cannot be seen"
        if arrived():
            return
    pytest.fail("could not be reached with the keyboard")


def press_on(page: Page, text: re.Pattern[str]) -> None:
    while_tabbing(page, lambda: bool(text.search(page.evaluate("document.activeElement.innerText || ''"))))
    page.keyboard.press("Enter")
    page.wait_for_load_state()


def test_two_advisers_do_not_overwrite_one_another(visit: Callable[..., Visit]) -> None:
    """The second one sees both values and loses nothing."""
    ada, olek = visit(), visit()
    ada.sign_in("ada")
    olek.sign_in("olek")
    follow(ada.page, "Diagnozy")
    follow(ada.page, PLACE)
    address = ada.page.url.replace(ada.house, "") + "figures/"
    for visitor in (ada, olek):
        visitor.open(address)
    enter_figure(ada.page, "11")
    enter_figure(olek.page, "12")
    shown = olek.page.locator("main")
    expect(shown).to_contain_text("11")
    expect(shown.locator("[value='12']").or_(shown.get_by_text("12")).first).to_be_attached()
    ada.open(address)
    expect(ada.page.locator("main table").first).to_contain_text("11")


def enter_figure(page: Page, value: str) -> None:
    page.locator("[name=indicator]").select_option("blue_cards")
    page.locator("[name=value]").fill(value)
    page.locator("[name=date]").fill("2026-09-30")
    page.locator("[name=source]").fill("OPS")
    main_button(page)
