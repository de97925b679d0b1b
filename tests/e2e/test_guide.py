"""The main stations of docs/guide.md, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visit

WIDOW = "Od kiedy zmarł mąż, rzadko wychodzę z domu i gubię się w lekach"
SECRETARY = "W gminie po warsztacie terapii zajęciowej nie ma dokąd pójść. Dorośli siedzą w domu, a rodzice się starzeją."


def follow(page: Page, name: str) -> None:
    page.locator("main").get_by_role("link", name=name).first.click()
    page.wait_for_load_state()


def say(page: Page, text: str) -> None:
    page.locator("main textarea[name=text]").first.fill(text)
    page.locator("main").get_by_role("button", name="Znajdź, co pomoże").click()
    page.wait_for_load_state()


def sound(somebody: Visit) -> None:
    assert somebody.trouble == []
    assert not somebody.is_too_wide()


def test_a_widow_and_the_secretary_of_a_gmina(visit: Callable[..., Visit]) -> None:
    widow = visit(width=375)
    say(widow.open("/pl/"), WIDOW)
    expect(widow.page.locator("main")).to_contain_text("Inteligentny organizer do leków")
    expect(widow.page.locator("main")).to_contain_text("Co pokazała próba")
    sound(widow)
    secretary = visit()
    page = secretary.open("/pl/need/")
    page.locator("[name=sender][value=gmina]").check()
    say(page, SECRETARY)
    expect(page.locator("main a[href*='spoldzielnia-przy-wtz']").first).to_be_attached()
    sound(secretary)


def test_the_office_and_the_mentor_to_whom_a_case_was_handed(visit: Callable[..., Visit]) -> None:
    olga = visit()
    olga.sign_in("olga")
    follow(olga.page, "Sprawy")
    olga.page.locator("main a[href*='/cases/']", has_text="/20").first.click()
    expect(olga.page.locator("main")).to_contain_text("Mąż mnie bije")
    olga.open("/pl/board/office/")
    expect(olga.page.locator("main")).to_contain_text("Szukamy kogoś, kto umie policzyć budżet")
    sound(olga)
    marta = visit()
    marta.sign_in("marta")
    follow(marta.page, "Przekazano Ci sprawę")
    expect(marta.page.locator("main")).to_contain_text("od praktyk czy od razu od spółdzielni")
    sound(marta)


def test_from_an_idea_to_the_letter_of_the_committee(visit: Callable[..., Visit]) -> None:
    anyone = visit()
    page = anyone.open("/pl/")
    follow(page, "Opowiedz o pomyśle")
    expect(page.locator("[name=what]")).to_be_visible()
    kuba = visit()
    kuba.sign_in("kuba")
    expect(kuba.page).to_have_url(re.compile("/assessments/$"))
    follow(kuba.page, "Wniosek 1/")
    expect(kuba.page.get_by_role("button", name="Złóż oświadczenie i otwórz wniosek")).to_be_visible()
    nina = visit()
    nina.sign_in("nina")
    page = nina.page
    follow(page, "Innowacje")
    follow(page, "Mobilny prysznic")
    follow(page, "Specyfikacja innowacji z planem testu")
    if page.locator("main a[href$='/decide/']").count():  # a house that runs already may have decided
        follow(page, "Zapisz decyzję")
        page.locator("[name=outcome][value=accepted]").check()
        page.locator("main").get_by_role("button", name="Zapisz decyzję").click()
        page.wait_for_load_state()
        nina.open("/pl/")
        follow(page, "do wysłania")
        expect(page.locator("main")).to_contain_text("Specyfikacja innowacji z planem testu")
    for one in (anyone, kuba, nina):
        sound(one)


def test_from_the_test_to_the_library_and_to_a_gmina(visit: Callable[..., Visit]) -> None:
    tomek = visit()
    tomek.sign_in("tomek")
    expect(tomek.page.locator("h1")).to_contain_text("Zegar dnia dla syna")
    follow(tomek.page, "Test w małej skali")
    sound(tomek)
    anyone = visit()
    page = anyone.open("/pl/journeys/")
    follow(page, "Zegar dnia dla syna")
    expect(page.locator("main")).to_contain_text("Przejęte przez samorząd")
    follow(page, "Rozwiązanie w bibliotece")
    expect(page.locator("main")).to_contain_text("nie pomógł")
    follow(page, "Od pierwszego zdania do dziś")
    anyone.open("/pl/library/slownik-gestow-w-urzedzie/")
    expect(page.locator("main")).to_contain_text("jedna z sześciu osób")
    sound(anyone)
    for persona, words in (("ada", "Diagnoza: Czarnków"), ("wojt", "Zapytanie: Spółdzielnia socjalna")):
        somebody = visit()
        somebody.sign_in(persona)
        follow(somebody.page, words)
        expect(somebody.page.locator("main")).to_contain_text("Czarnków")
        sound(somebody)
