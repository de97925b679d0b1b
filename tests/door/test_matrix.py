"""Every address of the room for every persona: one table, generated addresses, nothing left out."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern

from krzew.accounts.actors import Actor
from krzew.door.urls import urlpatterns
from krzew.timeline.models import Event
from tests.door.matrix_factory import PERSONAS, World, world

pytestmark = pytest.mark.django_db
ADDRESSES: dict[str, URLPattern] = {str(pattern.name): pattern for pattern in urlpatterns}
STRANGERS = ("owner", "mentor", "assessor", "editor", "account", "visitor")
OPEN = {"say", "need_keep", "ask", "board", "new_offer", "notice", "thesaurus", "concept", "thesaurus_turtle"}
"""Everybody reads these and writes there."""
OPEN |= {"unknown_words", "settle_word", "remove_word", "inbox"}
"""Words belong to editors, and an inbox shows everybody what was handed to her."""
SAID = {200: "page", 302: "away", 403: "no", 404: "–", 405: "post"}

# adviser of the office that took the case, manager and owner of the same office, adviser of another office, expert to
# whom the case was handed, mentor, assessor and editor of the office, author signed in, author by link, link of
# another case, visitor.
# page: opens; away: sent on (visitors: to the sign-in); –: not found; no: refused with the reason;
# post: opens only when something is sent to it.
TABLE = """
board            page page page page page page page page page page page page
new_offer        page page page page page page page page page page page page
notice           page page page page page page page page page page page page
offer            –    –    –    –    –    –    –    –    –    page –    –
offer_close      post post post post post post post post post post post post
moderation       page page no   page no   no   no   no   no   away away away
team_offer       page page –    page –    –    –    –    –    away away away
moderate         post post post post post post post post post away away away
moderate_reply   post post post post post post post post post away away away
ask              page page page page page page page page page page page page
case             –    –    –    –    –    –    –    –    –    page page –
case_withdraw    –    –    –    –    –    –    –    –    –    page page –
inbox            page page page page page page page page page away away away
key_in_case      page page no   page no   no   no   no   no   away away away
canned           page page no   page no   no   no   no   no   away away away
canned_one       page page no   –    no   no   no   no   no   away away away
canned_put_away  post post post post post post post post post away away away
team_case        page page –    –    page –    –    –    –    away away away
case_answer      post post post post post post post post post away away away
case_note        post post post post post post post post post away away away
case_assign      post post post post post post post post post away away away
case_hand        post post post post post post post post post away away away
case_take_back   post post post post post post post post post away away away
case_reopen      post post post post post post post post post away away away
say              page page page page page page page page page page page page
need_keep        post post post post post post post post post post post post
need_counted     page page page page page page page page page page page page
need_kept        –    –    –    –    –    –    –    –    –    page page –
spots            page page no   page no   no   no   no   no   away away away
topic            post post post post post post post post post away away away
reaches          page page no   page no   no   no   no   no   away away away
reach_of         page page no   page no   no   no   no   no   away away away
thesaurus        page page page page page page page page page page page page
thesaurus_turtle page page page page page page page page page page page page
unknown_words    no   no   no   no   no   no   no   page no   away away away
settle_word      post post post post post post post post post away away away
remove_word      post post post post post post post post post away away away
concept          page page page page page page page page page page page page
"""


def expected() -> dict[str, list[str]]:
    rows = [line.split() for line in TABLE.strip().splitlines()]
    return {name: cells for name, *cells in rows}


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Hundreds of refusals need no line each."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def house(
    officer: Actor, other_office: Actor, expert: Actor, make_actor: Callable[..., Actor], client_of: Any
) -> World:
    return world(officer, other_office, expert, make_actor, client_of)


def seen(client: Client, address: str) -> str:
    client.raise_request_exception = False
    status = client.get(address).status_code
    return SAID.get(status, str(status))


def test_every_address_for_every_persona(house: World) -> None:
    found = {
        name: [seen(house.people[who], house.address(pattern, who)) for who in PERSONAS]
        for name, pattern in ADDRESSES.items()
    }
    wrong = {name: cells for name, cells in found.items() if expected().get(name) != cells}
    told = "\n".join(f"{name} {' '.join(cells)}" for name, cells in wrong.items())
    assert not wrong, f"these differ from the table:\n{told}"
    assert set(expected()) == set(ADDRESSES)


def test_what_is_sent_by_strangers_changes_nothing(house: World) -> None:
    before = Event.objects.count()
    for name in set(expected()) - OPEN:
        for who in STRANGERS:
            status = house.people[who].post(house.address(ADDRESSES[name], who)).status_code
            assert status in (302, 403, 404, 405), (name, who, status)
            assert who == "visitor" or status != 302, (name, who)
    assert Event.objects.count() == before


def test_no_page_gives_an_id_twice(house: World) -> None:
    """Labels and hints point to fields by id, so two forms on one page must not share any."""
    for name, pattern in ADDRESSES.items():
        for who in ("adviser", "expert", "link", "editor", "visitor"):
            answer = house.people[who].get(house.address(pattern, who))
            if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                ids = re.findall(r'\sid="([^"]+)"', answer.content.decode())
                assert len(ids) == len(set(ids)), (name, [one for one in ids if ids.count(one) > 1])
