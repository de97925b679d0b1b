"""The library's tests: cards to change, editors who write, and a browser with forms but no JavaScript."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client

from krzew.accounts.actors import Actor
from krzew.accounts.models import OrganisationKind, Role
from krzew.library import acts
from krzew.library.loaders import CARDS
from krzew.library.models import SolutionVersion

Card = dict[str, Any]


def seed(slug: str = "zlobek-i-przedszkole") -> Card:
    return json.loads((CARDS / f"{slug}.json").read_text(encoding="utf-8"))


@pytest.fixture
def card() -> Card:
    """A complete real card under a new name."""
    return new_card("nowa-karta")


def new_card(slug: str, **changes: Any) -> Card:
    return copy.deepcopy(seed()) | {"slug": slug, "related": []} | changes


@pytest.fixture
def second_editor(make_actor: Callable[..., Actor]) -> Actor:
    """Another editor of the same association."""
    return make_actor("ewa@example.org", "Stowarzyszenie Próba", Role.EDITOR, OrganisationKind.ASSOCIATION)


@pytest.fixture
def other_editor(make_actor: Callable[..., Actor]) -> Actor:
    """Editor of a different organisation."""
    return make_actor("obca@example.org", "Fundacja Obca", Role.EDITOR, OrganisationKind.ASSOCIATION)


@pytest.fixture
def draft(editor: Actor, card: Card) -> SolutionVersion:
    """A complete draft of a solution that nobody has published yet."""
    return acts.import_draft(editor, card)


@pytest.fixture
def published(editor: Actor, draft: SolutionVersion) -> SolutionVersion:
    return publish(editor, draft)


def publish(actor: Actor, version: SolutionVersion) -> SolutionVersion:
    return acts.publish(actor, acts.send_to_review(actor, version))


def next_version(actor: Actor, version: SolutionVersion, **changes: Any) -> SolutionVersion:
    """Publish the next version with some fields changed."""
    version.solution.refresh_from_db()
    started = acts.start_version(actor, version.solution)
    started.card = started.card | changes
    started.save()
    return publish(actor, started)


def form_data(client: Client, url: str) -> dict[str, list[str]]:
    """What a browser without JavaScript would send back for the page's section form, unchanged."""
    html = client.get(url).content.decode()
    form = html[html.index('class="form section-form"') :]
    form = form[: form.index("</form>")]
    data: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, kind = _attribute(tag, "name"), _attribute(tag, "type")
        if name and (kind not in ("checkbox", "radio") or " checked" in tag):
            data.setdefault(name, []).append(_attribute(tag, "value") or ("on" if kind == "checkbox" else ""))
    for name, inner in re.findall(r'<textarea[^>]*?name="([^"]+)"[^>]*>(.*?)</textarea>', form, flags=re.S):
        data.setdefault(name, []).append(unescape(inner.removeprefix("\n")))
    for name, inner in re.findall(r'<select[^>]*?name="([^"]+)"[^>]*>(.*?)</select>', form, flags=re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', inner)
        data.setdefault(name, []).append(unescape(chosen.group(1)) if chosen else "")
    return data


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\s{name}="([^"]*)"', tag)
    return unescape(found.group(1)) if found else ""
