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
from krzew.timeline.models import Event
from krzew.trials.urls import urlpatterns
from tests.trials.matrix_factory import PERSONAS, TESTERS_OWN, World, world

pytestmark = pytest.mark.django_db
ADDRESSES: dict[str, URLPattern] = {str(pattern.name): pattern for pattern in urlpatterns}
STRANGERS = ("outsider", "visitor", "owner", "mentor_else", "assessor", "adviser", "tester")
OPEN = {"journeys", "journey", "materials", "open_tests", "open_test", "grants", *TESTERS_OWN}
"""Everybody opens these, and a tester does what she wants on her own pages."""
OPEN |= {"policy", "policy_withdraw", "innovations"}
"""Managers of every incubator note facts about solutions; a list of innovations is everybody's own."""
SAID = {200: "page", 302: "away", 403: "no", 404: "–", 405: "post"}

# owner (without the role of a manager), manager, manager of another incubator, mentor to whom it was given, mentor
# to whom it was not, assessor, adviser, editor of the same incubator, innovator by account, innovator by link,
# link of another innovation, link of a tester, visitor. Who is signed in tries the address of the innovator's account.
# page: opens; away: sent on (visitors: to the sign-in); –: not found; no: refused with the reason;
# post: opens only when something is sent to it.
TABLE = """
agreement                  –    –    –    –    –    –    –    –    page page page –    –
agreement_pdf              –    –    –    –    –    –    –    –    page page –    –    –
team_agreement             –    page –    page –    –    –    –    –    away away away away
agreement_begin            post post post post post post post post post away away away away
agreement_data             –    page –    no   –    –    –    –    –    away away away away
agreement_plan             –    page –    no   –    –    –    –    –    away away away away
agreement_dates            –    page –    no   –    –    –    –    –    away away away away
agreement_clause           –    page –    no   –    –    –    –    –    away away away away
agreement_offer            post post post post post post post post post away away away away
agreement_take_back        post post post post post post post post post away away away away
agreement_note             post post post post post post post post post away away away away
agreement_annex            –    page –    no   –    –    –    –    –    away away away away
agreement_drop             –    page –    no   –    –    –    –    –    away away away away
team_agreement_pdf         –    page –    page –    –    –    –    –    away away away away
package                    –    –    –    –    –    –    –    –    page page page –    –
package_add                post post post post post post post post post post post post post
package_file               –    –    –    –    –    –    –    –    page page –    –    –
package_move               post post post post post post post post post post post post post
package_check              post post post post post post post post post post post post post
team_package               –    page –    page –    –    –    –    –    away away away away
team_package_add           post post post post post post post post post away away away away
team_package_file          –    page –    page –    –    –    –    –    away away away away
team_package_move          post post post post post post post post post away away away away
team_package_check         post post post post post post post post post away away away away
publish                    –    –    –    –    –    –    –    page –    away away away away
team_dissemination         –    page –    page –    –    –    –    –    away away away away
recommend                  post post post post post post post post post away away away away
discuss                    post post post post post post post post post away away away away
decide_dissemination       post post post post post post post post post away away away away
gate                       –    page –    –    –    –    –    –    –    away away away away
gate_protocol              –    page –    –    –    –    –    –    –    away away away away
policy                     no   page page no   no   no   no   page no   away away away away
policy_withdraw            post post post post post post post post post away away away away
final_report               –    –    –    –    –    –    –    –    page page page –    –
final_report_begin         post post post post post post post post post post post post post
final_report_check         –    –    –    –    –    –    –    –    page page page –    –
team_evaluation            –    page –    page –    –    –    –    –    away away away away
team_evaluation_write      –    page –    no   –    –    –    –    –    away away away away
team_evaluation_reopen     –    page –    no   –    –    –    –    –    away away away away
team_report_reopen         –    page –    no   –    –    –    –    –    away away away away
team_opinion               –    no   –    page –    –    –    –    –    away away away away
team_presentation          –    page –    no   –    –    –    –    –    away away away away
grants                     page page page page page page page page page page page page page
innovation                 –    –    –    –    –    –    –    –    page page page –    –
resign                     –    –    –    –    –    –    –    –    page page page –    –
innovations                page page page page page page page page page away away away away
begin                      post post post post post post post post post away away away away
team_innovation            –    page –    page –    –    –    –    –    away away away away
mentor                     –    page –    no   –    –    –    –    –    away away away away
describe                   –    page –    no   –    –    –    –    –    away away away away
evidence                   post post post post post post post post post away away away away
terminate                  –    page –    no   –    –    –    –    –    away away away away
journeys                   page page page page page page page page page page page page page
journey                    page page page page page page page page page page page page page
materials                  page page page page page page page page page page page page page
settlement                 –    –    –    –    –    –    –    –    page page page –    –
report                     –    –    –    –    –    –    –    –    page page –    –    –
report_send                –    –    –    –    –    –    –    –    away away –    –    –
protocol_pdf               –    –    –    –    –    –    –    –    page page –    –    –
team_settlement            –    page –    page –    –    –    –    –    away away away away
pay                        post post post post post post post post post away away away away
ask_back                   post post post post post post post post post away away away away
came_back                  post post post post post post post post post away away away away
team_report                –    page –    page –    –    –    –    –    away away away away
report_accept              post post post post post post post post post away away away away
report_back                post post post post post post post post post away away away away
protocol_note              post post post post post post post post post away away away away
team_protocol_pdf          –    page –    page –    –    –    –    –    away away away away
money                      –    page –    –    –    –    –    –    –    away away away away
money_csv                  –    page –    –    –    –    –    –    –    away away away away
specification_changes      –    –    –    –    –    –    –    –    page page –    –    –
specification_version      –    –    –    –    –    –    –    –    page page –    –    –
specification_copy         –    –    –    –    –    –    –    –    page page –    –    –
specification_remark_done  post post post post post post post post post post post post post
specification              –    –    –    –    –    –    –    –    page page page –    –
specification_begin        post post post post post post post post post post post post post
specification_check        –    –    –    –    –    –    –    –    away away page –    –
team_specification_changes –    page –    page –    –    –    –    –    away away away away
team_specification_version –    page –    page –    –    –    –    –    away away away away
team_specification_copy    –    page –    page –    –    –    –    –    away away away away
team_specification_decide  –    page –    no   –    –    –    –    –    away away away away
team_specification         –    page –    page –    –    –    –    –    away away away away
test                       –    –    –    –    –    –    –    –    page page page –    –
team_test                  –    page –    page –    –    –    –    –    away away away away
test_plan                  –    –    –    –    –    –    –    –    post post post –    –
team_test_plan             –    post –    post –    –    –    –    –    away away away away
test_questions             –    –    –    –    –    –    –    –    page page –    –    –
team_test_questions        –    page –    page –    –    –    –    –    away away away away
test_question_add          –    –    –    –    –    –    –    –    page page –    –    –
team_test_question_add     –    page –    no   –    –    –    –    –    away away away away
test_learn                 –    –    –    –    –    –    –    –    page page –    –    –
team_test_learn            –    page –    page –    –    –    –    –    away away away away
test_question              –    –    –    –    –    –    –    –    page page –    –    –
team_test_question         –    page –    no   –    –    –    –    –    away away away away
test_basics                –    –    –    –    –    –    –    –    page page –    –    –
team_test_basics           –    page –    no   –    –    –    –    –    away away away away
test_phases                –    –    –    –    –    –    –    –    page page –    –    –
team_test_phases           –    page –    no   –    –    –    –    –    away away away away
test_profile               –    –    –    –    –    –    –    –    page page –    –    –
team_test_profile          –    page –    no   –    –    –    –    –    away away away away
test_call                  –    –    –    –    –    –    –    –    page page –    –    –
team_test_call             –    page –    no   –    –    –    –    –    away away away away
test_begin                 –    –    –    –    –    –    –    –    page page –    –    –
team_test_begin            –    page –    no   –    –    –    –    –    away away away away
test_end                   –    –    –    –    –    –    –    –    page page –    –    –
team_test_end              –    page –    no   –    –    –    –    –    away away away away
test_stop                  –    –    –    –    –    –    –    –    page page –    –    –
team_test_stop             –    page –    page –    –    –    –    –    away away away away
testers                    –    –    –    –    –    –    –    –    page page –    –    –
team_testers               –    page –    page –    –    –    –    –    away away away away
tester_invite              –    –    –    –    –    –    –    –    page page –    –    –
team_tester_invite         –    page –    no   –    –    –    –    –    away away away away
consent_text               –    –    –    –    –    –    –    –    page page –    –    –
team_consent_text          –    page –    no   –    –    –    –    –    away away away away
tester_one                 –    –    –    –    –    –    –    –    page page –    –    –
team_tester_one            –    page –    page –    –    –    –    –    away away away away
tester_do                  –    –    –    –    –    –    –    –    post post post –    –
team_tester_do             –    post –    post –    –    –    –    –    away away away away
measurements               –    –    –    –    –    –    –    –    page page –    –    –
team_measurements          –    page –    page –    –    –    –    –    away away away away
measure                    –    –    –    –    –    –    –    –    page page –    –    –
team_measure               –    page –    no   –    –    –    –    –    away away away away
diary                      –    –    –    –    –    –    –    –    page page page –    –
team_diary                 –    page –    page –    –    –    –    –    away away away away
risks                      –    –    –    –    –    –    –    –    page page page –    –
team_risks                 –    page –    page –    –    –    –    –    away away away away
risk                       –    –    –    –    –    –    –    –    page page –    –    –
team_risk                  –    page –    page –    –    –    –    –    away away away away
open_tests                 page page page page page page page page page page page page page
open_test                  page page page page page page page page page page page page page
tester                     –    –    –    –    –    –    –    –    –    –    –    page –
tester_agree               post post post post post post post post post post post post post
tester_refuse              post post post post post post post post post post post post post
tester_leave               post post post post post post post post post post post post post
tester_dates               –    –    –    –    –    –    –    –    –    –    –    page –
"""


def expected() -> dict[str, list[str]]:
    rows = [line.split() for line in TABLE.strip().splitlines()]
    return {name: cells for name, *cells in rows}


@pytest.fixture
def house(manager: Actor, stranger: Actor, make_actor: Callable[..., Actor], client_of: Any) -> World:
    return world(manager, stranger, make_actor, client_of)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Hundreds of refusals need no line each."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


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
    closed = {name: row for name, row in expected().items() if name not in OPEN}
    for name in closed:
        takes = "post" in closed[name]
        for who in STRANGERS if takes else STRANGERS[:2]:
            status = house.people[who].post(house.address(ADDRESSES[name], who)).status_code
            assert status in (302, 403, 404, 405), (name, who, status)
            assert who in ("visitor", "tester") or status != 302, (name, who)
    assert Event.objects.count() == before


def test_money_and_agreements_take_nothing_from_a_mentor(house: World) -> None:
    """She reads them; what is sent is for the team alone."""
    before = Event.objects.count()
    for name in expected():
        if name.startswith(("agreement_", "pay", "report_", "ask_back", "came_back", "protocol_note")):
            address = house.address(ADDRESSES[name], "mentor")
            assert house.people["mentor"].post(address).status_code in (403, 404, 405), name
    assert Event.objects.count() == before


def test_no_page_gives_an_id_twice(house: World) -> None:
    """Labels and hints point to fields by id, so two forms on one page must not share any."""
    for name, pattern in ADDRESSES.items():
        for who in ("manager", "mentor", "link", "tester", "editor", "visitor"):
            answer = house.people[who].get(house.address(pattern, who))
            if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                ids = re.findall(r'\sid="([^"]+)"', answer.content.decode())
                assert len(ids) == len(set(ids)), (name, [one for one in ids if ids.count(one) > 1])
