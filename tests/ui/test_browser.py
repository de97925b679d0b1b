"""The style page in a real browser: accessibility, narrow screens, both schemes, the helpers of krzew.js."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from axe_core_python.sync_playwright import Axe
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from playwright.sync_api import Browser, Page, sync_playwright

pytestmark = pytest.mark.browser

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SMALL_TARGETS = """() => [...document.querySelectorAll('a, button, summary, select, label:has(input)')]
    .filter(e => e.getClientRects().length && getComputedStyle(e).display !== 'inline' && !e.matches('.skip'))
    .filter(e => e.getBoundingClientRect().height < 43.5).map(e => e.outerHTML.slice(0, 90))"""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        """Keep the test's output clean."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The product served without a database: the style page must not need one."""
    call_command("build_assets", verbosity=0)
    application = StaticFilesHandler(get_wsgi_application())
    with make_server("127.0.0.1", 0, application, _Server, _Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)


@pytest.fixture
def style_page(chromium: Browser, address: str) -> Iterator[Any]:
    """Open the style page; at the end nothing may have gone wrong in the browser."""
    troubles: list[str] = []
    opened: list[Page] = []

    def open_it(width: int = 1280, scheme: Any = "light", **options: Any) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, locale="pl-PL", **options
        )
        page = context.new_page()
        page.on("console", lambda m: troubles.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.goto(f"{address}/ui/")
        opened.append(page)
        return page

    yield open_it
    for page in opened:
        page.context.close()
    assert troubles == []


def wait_for_map(page: Page) -> None:
    page.locator(".figure-map").scroll_into_view_if_needed()
    page.wait_for_selector(".figure-map[data-live]")


@pytest.mark.parametrize(
    ("width", "scheme"),
    [(1280, "light"), (1280, "dark"), (640, "light"), (375, "light"), (320, "dark")],
)
def test_axe_finds_nothing_and_nothing_sticks_out(style_page: Any, width: int, scheme: str) -> None:
    """640 px is a window of 1280 px at 200 % zoom. Wide and narrow pages are seen in both schemes."""
    page = style_page(width, scheme)
    wait_for_map(page)
    found = Axe().run(page, options=RULES)["violations"]
    assert [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(SMALL_TARGETS) == []


def test_everything_is_there_without_javascript(style_page: Any) -> None:
    page = style_page(java_script_enabled=False)
    assert page.locator(".figure img").count() == 5
    assert page.locator("form[data-draft] button.primary").is_visible()
    page.get_by_role("button", name="Ciemny").click()
    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_brightness_changes_at_once_and_stays(style_page: Any) -> None:
    page = style_page()
    page.get_by_role("button", name="Ciemny").click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert "dark.svg" in page.locator(".figure img").first.get_attribute("src")
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(26, 22, 19)"
    page.get_by_role("button", name="Jak w urządzeniu").click()
    page.reload()
    assert page.locator("html").get_attribute("data-theme") is None


def test_combobox_by_keyboard(style_page: Any) -> None:
    """The field of the form: letters, arrow, Enter; the code is posted, not the text."""
    page = style_page()
    places = [
        {"value": "300201", "label": "Czarnków", "note": "gmina miejska"},
        {"value": "300202", "label": "Czarnków", "note": "gmina <i>wiejska</i>"},
    ]
    page.route("**/ui/?q=*", lambda route: route.fulfill(json={"results": places}))
    field = page.locator("#id_place")
    field.press_sequentially("czarn")
    page.wait_for_selector("#id_place[aria-expanded=true]")
    assert page.locator("[role=option] i").count() == 0
    field.press("ArrowDown")
    field.press("ArrowDown")
    active = field.get_attribute("aria-activedescendant")
    assert "wiejska" in page.locator(f"#{active}").inner_text()
    field.press("Enter")
    assert field.input_value() == "Czarnków"
    assert page.locator("input[name=place]").input_value() == "300202"
    assert field.get_attribute("aria-expanded") == "false"
    field.press_sequentially("x")
    assert page.locator("input[name=place]").input_value() == "", (
        "a changed text is no longer the picked place"
    )


def test_combobox_takes_html_and_escape_closes(style_page: Any) -> None:
    page = style_page()
    option = '<ul><li role="option" data-value="1" data-url="javascript:alert(1)">Brzeg</li></ul>'
    page.route("**/ui/?q=*", lambda route: route.fulfill(body=option, content_type="text/html"))
    field = page.locator("#id_place")
    field.press_sequentially("brz")
    page.wait_for_selector("[role=option]")
    assert page.locator("[role=option]").get_attribute("data-url") is None
    field.press("Escape")
    assert page.locator(".listbox:visible").count() == 0
    assert field.input_value() == "brz"


def test_draft_survives_a_reload_and_counter_counts(style_page: Any) -> None:
    page = style_page()
    page.locator("#id_story").fill("a" * 395)
    assert page.locator("[data-counter-for=id_story]").inner_text().endswith(" 5")
    page.locator("label", has_text="firma").click()
    page.wait_for_timeout(700)
    page.reload()
    assert page.locator("#id_story").input_value() == "a" * 395
    assert page.get_by_label("firma").is_checked()


def test_map_is_read_with_arrow_keys(style_page: Any) -> None:
    page = style_page()
    wait_for_map(page)
    page.locator(".figure-map .figure-live").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.locator(".figure-map .figure-says").inner_text().replace("\u00a0", " ") == "B: 5,4 %"


def test_dialog_opens_and_gives_focus_back(style_page: Any) -> None:
    page = style_page()
    opener = page.locator("[data-dialog]")
    opener.click()
    assert page.locator("dialog[open]").is_visible()
    page.keyboard.press("Escape")
    assert opener.evaluate("e => e === document.activeElement")


def test_paper_is_light_and_has_no_controls(style_page: Any) -> None:
    page = style_page(scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.locator(".site-head").is_hidden()
    assert page.locator("form[data-draft] button.primary").is_hidden()
    assert (
        page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--ink').trim()")
        == "#231C15"
    )


def test_motion_stops_when_asked(style_page: Any) -> None:
    page = style_page(reduced_motion="reduce")
    page.evaluate("document.getElementById('busy').classList.add('on')")
    moving = page.evaluate("getComputedStyle(document.getElementById('busy')).transitionDuration")
    assert json.dumps(moving) in ('"0s"', '"auto"')
