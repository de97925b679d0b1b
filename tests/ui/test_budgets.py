"""Size of what is sent with every page, and the promise of no inline script or style anywhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import krzew

SOURCE = Path(krzew.__file__).parent
STATIC = SOURCE / "ui" / "static" / "ui"
TEMPLATES = sorted(SOURCE.rglob("templates/**/*.html"))
INLINE = re.compile(
    r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:|"
    r"<script(?![^>]*\bsrc=)(?![^>]*type=[\"']application/(ld\+)?json)",
    re.IGNORECASE,
)


def test_css_and_javascript_are_small() -> None:
    assert (STATIC / "krzew.css").stat().st_size < 40_000
    assert sum(path.stat().st_size for path in STATIC.glob("*.js")) < 30_000


def test_nothing_is_fetched_from_elsewhere() -> None:
    """No web fonts, no foreign addresses."""
    css = (STATIC / "krzew.css").read_text(encoding="utf-8")
    assert "url(" not in css
    assert "@import" not in css
    assert not re.search(r"https?://", (STATIC / "krzew.js").read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_no_inline_script_or_style(path: Path) -> None:
    found = INLINE.search(path.read_text(encoding="utf-8"))
    assert not found, f"{path}: {found.group() if found else ''}"


@pytest.mark.parametrize(
    "bad", ['<p style="x">', "<style>", "<script>", '<a onclick="x">', 'href="javascript:x"']
)
def test_the_check_sees_what_it_forbids(bad: str) -> None:
    assert INLINE.search(bad)
