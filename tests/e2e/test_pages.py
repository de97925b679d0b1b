"""Every page in a real browser: axe finds nothing, nothing scrolls sideways at 320 px, no error in the console."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve
from tests.e2e.conftest import Visit

PERSONAS = ["", "ada", "wojt", "ela", "olek"]
# Two addresses for each kind of page are enough; their content differs, their template does not.
PER_KIND = 2
LEAVE_OUT = re.compile(r"/logout|/i18n/|/figures/|\.json|\.jsonld|\.csv|\.ics|/api/v1/|/export|download|/admin")


def kind_of(path: str) -> str | None:
    """Name of the page behind an address."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    return match.view_name or match.route


def links(visit: Visit) -> list[str]:
    found = visit.page.eval_on_selector_all("a[href]", "els => els.map(e => e.href)")
    own = [urlsplit(href) for href in found if href.startswith(visit.house)]
    return [part.path + ("?" + part.query if part.query else "") for part in own]


def crawl(visit: Visit, start: str) -> Iterator[str]:
    """Open pages from `start` on, at most PER_KIND of each kind."""
    seen: dict[str, int] = {}
    queue, known = [start], {start}
    while queue:
        path = queue.pop(0)
        kind = kind_of(path.partition("?")[0])
        if kind is None or LEAVE_OUT.search(path) or seen.get(kind, 0) >= PER_KIND:
            continue
        seen[kind] = seen.get(kind, 0) + 1
        answer = visit.page.goto(visit.house + path)
        assert answer is not None
        assert answer.status < 500, f"{path} answered {answer.status}"
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        yield path
        fresh = [link for link in links(visit) if link not in known]
        known.update(fresh)
        queue += fresh
    assert len(seen) > 5, f"the crawl found only {sorted(seen)}"


@pytest.mark.parametrize("persona", PERSONAS)
@pytest.mark.parametrize(("language", "scheme"), [("pl", "light"), ("en", "dark")])
def test_every_page(visit: Callable[..., Visit], persona: str, language: str, scheme: str) -> None:
    someone = visit(color_scheme=scheme)
    if persona:
        someone.sign_in(persona, language)
    complaints = []
    for path in crawl(someone, f"/{language}/"):
        complaints += [f"{path}: {line}" for line in someone.axe()]
        someone.page.set_viewport_size({"width": 320, "height": 700})
        if someone.is_too_wide():
            complaints.append(f"{path}: scrolls sideways at 320 px")
        someone.page.set_viewport_size({"width": 1280, "height": 900})
    assert complaints + someone.trouble == []
