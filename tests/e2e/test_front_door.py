"""The front door for everybody: by keyboard alone, without JavaScript, at four times the size, danger first."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visit

WIDOW = "Od kiedy zmarł mąż, rzadko wychodzę z domu i gubię się w lekach."
DANGER = "Mąż mnie bije i boję się wrócić do domu. Gubię się w lekach."
MOST_TABS = 60
NEXT = "main form[action$='/need/keep/'] button"


def sound(somebody: Visit) -> None:
    """The page as it stands: axe finds nothing, nothing scrolls sideways at 320 px, no trouble in the console."""
    assert somebody.axe() == []
    size = somebody.page.viewport_size
    assert size is not None
    somebody.page.set_viewport_size({"width": 320, "height": size["height"]})
    assert not somebody.is_too_wide()
    somebody.page.set_viewport_size(size)
    assert somebody.trouble == []


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there, and see it: the focused thing lies in the window and nothing covers it."""
    for _press in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement?.matches(s)", selector):
            assert page.evaluate(UNCOVERED), f"{selector} has the focus and is not to be seen"
            return
    raise AssertionError(f"{MOST_TABS} presses of Tab do not reach {selector}")


UNCOVERED = """() => {
  const box = document.activeElement.getBoundingClientRect();
  const x = box.left + Math.min(box.width, innerWidth) / 2, y = Math.max(box.top, 0) + 4;
  const top = document.elementFromPoint(x, Math.min(y, innerHeight - 2));
  const own = document.activeElement;
  return box.top < innerHeight && box.bottom > 0 && (own.contains(top) || top?.contains(own));
}"""


def test_a_need_is_left_by_keyboard_alone(visit: Callable[..., Visit]) -> None:
    somebody = visit()
    page = somebody.open("/pl/need/")
    sound(somebody)
    tab_to(page, "textarea[name=text]")
    page.keyboard.type(WIDOW)
    tab_to(page, "main form .button.primary")
    page.keyboard.press("Enter")
    page.wait_for_selector(NEXT)
    sound(somebody)
    tab_to(page, NEXT)
    page.keyboard.press("Enter")
    page.wait_for_selector("[name=email]")
    tab_to(page, "[name=email]")
    page.keyboard.type("jadwiga@example.org")
    tab_to(page, "[name=consent]")
    page.keyboard.press("Space")
    sound(somebody)
    tab_to(page, "main form .button.primary")
    page.keyboard.press("Enter")
    page.wait_for_url("**/need/kept/*/")
    sound(somebody)
    tab_to(page, "main .button.primary")
    page.keyboard.press("Enter")
    page.wait_for_url("**/case/*/")
    expect(page.locator("main")).to_contain_text("gubię się w lekach")
    sound(somebody)


def test_which_gmina_is_asked_beside_the_answer(visit: Callable[..., Visit]) -> None:
    somebody = visit()
    page = somebody.open("/pl/need/")
    page.locator("[name=text]").fill(WIDOW)
    tab_to(page, "[name=place_text]")
    page.keyboard.type("Czarnków")
    page.keyboard.press("Enter")
    page.wait_for_selector("aside button[name=place], button[name=place]")
    sound(somebody)
    tab_to(page, "input[type=radio][name=place]")
    page.keyboard.press("ArrowDown")
    tab_to(page, "#change ~ form .form-actions button")
    page.keyboard.press("Enter")
    page.wait_for_selector("a[href$='/places/300202/']")
    sound(somebody)


def test_the_same_without_javascript(visit: Callable[..., Visit]) -> None:
    page = visit(javascript=False).open("/pl/need/")
    page.locator("[name=text]").fill(WIDOW)
    page.locator("main form .button.primary").first.click()
    expect(page.locator("main")).to_contain_text("gubię się w lekach")
    assert WIDOW[:6] not in page.url
    page.locator(NEXT).click()
    page.locator("[name=phone]").fill("600 700 800")
    page.locator("[name=consent]").check()
    page.locator("main form .button.primary").click()
    page.wait_for_url("**/need/kept/*/")
    page.locator("main .button.primary").click()
    page.locator("main [name=text]").fill("Najlepiej dzwonić po południu.")
    page.locator("main form .button.primary").click()
    expect(page.locator("main")).to_contain_text("Najlepiej dzwonić po południu.")


def test_at_four_times_the_size_danger_comes_first(visit: Callable[..., Visit]) -> None:
    """A window of 1280 × 1024 at 400 % is 320 × 256 to the page (WCAG 1.4.10)."""
    somebody = visit(width=320, height=256)
    page = somebody.open("/pl/need/")
    assert not somebody.is_too_wide()
    tab_to(page, "textarea[name=text]")
    page.keyboard.type(DANGER)
    tab_to(page, "main form .button.primary")
    page.keyboard.press("Enter")
    page.wait_for_selector(".danger-first")
    assert not somebody.is_too_wide()
    words = page.locator("main").inner_text()
    assert words.index("112") < words.index("Mąż mnie bije")
    first = page.locator("main a, main button, main summary, main input:not([type=hidden])").first
    assert str(first.get_attribute("href")).startswith("tel:")
    tab_to(page, "a[href^='tel:']")
    assert somebody.axe() == []
    assert somebody.trouble == []
