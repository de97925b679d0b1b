"""Whatever an address holds, the house answers with a page and not with an error of its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import URLPattern, reverse
from django.urls.resolvers import RoutePattern

from krzew.accounts.actors import Actor
from tests.test_consistency import own_views

# The null character is text to a browser and to SQLite, and an error to PostgreSQL.
BAD = {"null": "\x00", "markup": "<script>alert(1)<script>", "long": "ż" * 3000}
QUERY = (
    "q",
    "place",
    "page",
    "compare",
    "indicator",
    "ask",
    "level",
    "state",
    "sort",
    "kind",
    "door",
    "next",
)


def address(name: str, pattern: URLPattern, bad: str) -> str:
    """The page's address with a bad text wherever it takes a text, and a huge number where it takes one."""
    fill = {"StringConverter": bad, "IntConverter": 10**25, "SlugConverter": "x", "PathConverter": bad}
    kinds = {key: type(kind).__name__ for key, kind in pattern.pattern.converters.items()}
    return reverse(name, kwargs={key: fill[kind] for key, kind in kinds.items()})


@pytest.mark.usefixtures("library_loaded")
@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_every_page_answers(bad: str, adviser: Actor, client_of: Callable[[Actor], Client]) -> None:
    client = client_of(adviser)
    asked = 0
    for name, pattern in own_views():
        if name.startswith("api") or not isinstance(pattern.pattern, RoutePattern):
            continue  # the API has a test of its own; a regular expression lets nothing bad in
        answer = client.get(address(name, pattern, bad), dict.fromkeys(QUERY, bad))
        assert answer.status_code < 500, name
        assert b"<script>alert" not in getattr(answer, "content", b""), name
        asked += 1
    assert asked > 60


def test_a_null_character_in_a_path_is_refused_with_a_page(visitor: Client, db: None) -> None:
    answer = visitor.get("/pl/places/%00/")
    assert answer.status_code == 400
    assert "<main" in answer.content.decode()


def test_a_null_character_in_a_search_is_left_out(visitor: Client, places_loaded: None) -> None:
    assert "Dobra (gmina wiejska)" in visitor.get("/pl/places/?q=Do%00bra").content.decode()
