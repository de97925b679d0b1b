"""Every page in a real browser: axe finds nothing, nothing scrolls sideways at 320 px, no error in the console."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve
from django.utils.translation import override

from tests.e2e.conftest import Visit

PERSONAS = ["", "ada", "wojt", "ela", "olek", "nina", "kuba", "olga", "marta", "tomek"]
ONE_IS_ENOUGH = ("trials:", "door:")
"""Rooms whose pages look alike whatever is in them: one of each kind in each language."""
LEAVE_OUT = re.compile(
    r"/logout|/i18n/|/figures/|\.json|\.jsonld|\.csv|\.ics|\.toml|\.ttl|\.pdf|\.zip|/api/v1/|/export|download|/admin|/files/\d"
)


def kind_of(path: str) -> str | None:
    """Name of the page behind an address."""
    try:
        with override(path[1:3]):  # addresses carry their language
            match = resolve(path)
    except Resolver404:
        return None
    return match.view_name or match.route


def links(visit: Visit) -> list[str]:
    found = visit.page.eval_on_selector_all("a[href]", "els => els.map(e => e.href)")
    own = [urlsplit(href) for href in found if href.startswith(visit.house)]
    return [part.path + ("?" + part.query if part.query else "") for part in own]


def crawl(visit: Visit, start: str, seen: Counter[str], most: int) -> Iterator[str]:
    """Open pages from `start` on, at most `most` of each kind: their content differs, their template does not."""
    queue, known = [start], {start}
    while queue:
        path = queue.pop(0)
        kind = kind_of(path.partition("?")[0])
        if kind is None or LEAVE_OUT.search(path):
            continue
        if seen[kind] >= (1 if kind.startswith(ONE_IS_ENOUGH) else most):
            continue
        seen[kind] += 1
        answer = visit.page.goto(visit.house + path)
        assert answer is not None
        assert answer.status < 500, f"{path} answered {answer.status}"
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        yield path
        fresh = [link for link in links(visit) if link not in known]
        known.update(fresh)
        queue += fresh


SOME = ["", "nina", "olga"]
"""The second language and the dark colours are walked by fewer: pages of one kind have one template."""


@pytest.mark.skipif(
    "DATABASE_URL" in os.environ,
    reason="pages are drawn the same on every database; the walk is made on SQLite",
)
@pytest.mark.parametrize(
    ("language", "scheme", "people", "least"), [("pl", "light", PERSONAS, 100), ("en", "dark", SOME, 60)]
)
def test_every_page(
    visit: Callable[..., Visit], language: str, scheme: str, people: list[str], least: int
) -> None:
    seen: Counter[str] = Counter()
    complaints = [line for who in people for line in walk(visit(color_scheme=scheme), who, language, seen, 1)]
    assert complaints == []
    assert len(seen) > least, f"the walk found only {sorted(seen)}"


def walk(someone: Visit, persona: str, language: str, seen: Counter[str], most: int) -> Iterator[str]:
    """What is wrong on the pages that this person can reach and nobody before her has opened."""
    if persona:
        someone.sign_in(persona, language)
        seen["home"] = 0
    for path in crawl(someone, f"/{language}/", seen, most):
        yield from (f"{path}: {line}" for line in someone.axe())
        someone.page.set_viewport_size({"width": 320, "height": 700})
        if someone.is_too_wide():
            yield f"{path}: scrolls sideways at 320 px"
        someone.page.set_viewport_size({"width": 1280, "height": 900})
    yield from someone.trouble
