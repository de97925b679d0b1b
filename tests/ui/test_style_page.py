"""The style page shows every partial; assets and error pages."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.translation import override

from krzew.ui import tokens

PARTIALS = Path(tokens.__file__).parent / "templates" / "ui"
# Pieces of other partials, and what belongs to the frame of the page.
INNER = {"button_as", "base", "error", "moment", "too_large"}


@pytest.fixture
def style_page(figure_folder: Path, db: None) -> str:
    with override("en"):
        return Client(headers={"accept-language": "en"}).get(reverse("ui:style")).content.decode()


def test_every_partial_is_shown(style_page: str) -> None:
    names = {path.stem for path in PARTIALS.glob("*.html")} - INNER
    missing = {name for name in names if f"ui/{name}.html" not in style_page}
    assert not missing


def test_identifiers_are_unique(style_page: str) -> None:
    found = re.findall(r'\sid="([^"]+)"', style_page)
    assert len(found) == len(set(found))


def test_page_is_public_and_has_landmarks(style_page: str) -> None:
    assert 'href="#main"' in style_page
    assert '<main id="main"' in style_page
    assert style_page.count("<h1") == 1


@pytest.mark.parametrize(("cookie", "shown"), [("dark", 'data-theme="dark"'), ('x" onload="', "<html lang")])
def test_theme_comes_from_a_cookie_that_is_not_trusted(
    figure_folder: Path, db: None, cookie: str, shown: str
) -> None:
    client = Client()
    client.cookies["theme"] = cookie
    html = client.get(reverse("ui:style")).content.decode()
    assert shown in html[:200]
    assert "onload" not in html[:200]


@pytest.mark.parametrize(("theme", "kept"), [("dark", "dark"), ("", ""), ("evil", "")])
def test_theme_is_chosen_without_javascript(db: None, theme: str, kept: str) -> None:
    answer = Client().post(reverse("ui:theme"), {"theme": theme, "next": "/pl/"})
    assert answer.status_code == 302
    assert answer["Location"] == "/pl/"
    assert answer.cookies["theme"].value == kept


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_theme_never_leads_away(db: None, away: str) -> None:
    assert Client().post(reverse("ui:theme"), {"theme": "dark", "next": away})["Location"] == "/"


@pytest.mark.parametrize("name", ["400", "403", "404", "500", "403_csrf"])
def test_error_pages_stand_without_a_request(name: str) -> None:
    """The page for 500 gets no context at all."""
    for lang in ("pl", "en"):
        with override(lang):
            html = render_to_string(f"{name}.html")
        assert "<h1>" in html
        assert "href=" in html


def test_403_gives_the_reason_and_escapes_it() -> None:
    html = render_to_string(
        "403.html", {"exception": "<b>Another organisation's.</b>"}, RequestFactory().get("/")
    )
    assert "&lt;b&gt;Another organisation&#x27;s." in html


def test_assets_come_from_installed_packages(tmp_path: Path, settings: Any) -> None:
    settings.KRZEW_VAR = tmp_path
    said = StringIO()
    call_command("build_assets", stdout=said)
    vega = tmp_path / "assets" / "ui" / "vega.js"
    assert "vegaEmbed" in vega.read_text(encoding="utf-8")
    assert "htmx" in (tmp_path / "assets" / "ui" / "htmx.js").read_text(encoding="utf-8")
    first = vega.stat().st_mtime_ns
    call_command("build_assets", stdout=said)
    assert vega.stat().st_mtime_ns == first
