"""Filling in an application as a browser does, without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import translation

from krzew.accounts.actors import Actor
from krzew.calls.models import Call
from tests.calls.applications_factory import PLAN

Make = Callable[..., Any]
ClientOf = Callable[[Actor], Client]
NOBODY = Actor.anonymous()
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    cache.clear()
    with translation.override("en"):
        yield


def at(name: str, *args: Any) -> str:
    return reverse(f"calls:{name}", args=args)


def html(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.status_code
    text: str = answer.content.decode()
    return text


def begin(visitor: Client, call: Call, kind: str = "person") -> str:
    answer = visitor.post(at("apply", call.slug), {"kind": kind})
    assert answer.status_code == 302
    token: str = answer["Location"].rstrip("/").rpartition("/")[2]
    return token


def hidden(page: str, name: str = "revision") -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found is not None
    return found[1]


def write(visitor: Client, address: str, /, **typed: Any) -> Any:
    """Open a page of the form, type, and press the main button."""
    page = html(visitor.get(address))
    more = {"shown": hidden(page, "shown")} if 'name="shown"' in page else {}
    return visitor.post(address, {"revision": hidden(page), **more, **typed, "go": "next"})


PERSON = {"name": "Zofia Próbna", "address": "Próbna 1, 64-700 Czarnków", "email": "zofia@example.org"}


def typed_plan() -> dict[str, str]:
    rows = {
        f"plan-{row['phase']}-0-{key}": row[key] for row in PLAN for key in ("action", "start", "end", "cost")
    }
    empty = {f"plan-{row['phase']}-1-{key}": "" for row in PLAN for key in ("action", "start", "end", "cost")}
    return rows | empty
