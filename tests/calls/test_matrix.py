"""Every address of the room for every persona: one table, generated addresses, nothing left out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern

from krzew.accounts.actors import Actor
from krzew.calls.models import Call
from krzew.calls.urls import urlpatterns
from krzew.timeline.models import Event
from tests.calls.matrix_factory import PERSONAS, READING, World, world

ADDRESSES: dict[str, URLPattern] = {str(pattern.name): pattern for pattern in urlpatterns}
SAID = {200: "page", 302: "away", 403: "no", 404: "–", 405: "post", 410: "gone"}

# owner (without the role of a manager), manager, member, manager of another incubator, assessor with a reading,
# assessor who is linked, applicant, anonymous. page: opens; away: sent on (anonymous: to the sign-in);
# –: not found; no: refused with the reason; post: opens only when something is sent to it;
# gone: a link that says nothing any more.
TABLE = """
apply                  page page page page page page page page
own_applications       page page page page page page page away
application            –    –    –    –    –    –    page –
application_applicant  –    –    –    –    –    –    away –
application_people     –    –    –    –    –    –    away –
application_invite     post post post post post post post post
application_section    –    –    –    –    –    –    away –
application_files      –    –    –    –    –    –    away –
application_attach     post post post post post post post post
application_file       –    –    –    –    –    –    page –
application_detach     post post post post post post post post
application_statements –    –    –    –    –    –    away –
application_check      –    –    –    –    –    –    away –
application_send       post post post post post post post post
application_copy       –    –    –    –    –    –    page –
application_link       post post post post post post post post
application_withdraw   –    –    –    –    –    –    page –
application_resign     –    –    –    –    –    –    away –
member                 –    –    –    –    –    –    –    –
team_applications      –    page –    –    –    –    –    away
key_in_application     –    page –    –    –    –    –    away
team_application       –    page –    –    –    –    –    away
application_received   –    –    –    –    –    –    –    away
team_changes           –    away –    –    –    –    –    away
team_copy              –    page –    –    –    –    –    away
team_file              –    page –    –    –    –    –    away
assessments            page page page page page page page away
own_links              –    –    –    –    page –    –    away
assessment_card        –    –    –    –    page –    –    away
assessment_state       post post post post post post post away
assessment_refuse      post post post post post post post away
assessment_save        post post post post post post post away
assessment_file        –    –    –    –    page –    –    away
assessment_reopen      –    page –    –    –    –    –    away
assessment_take_back   –    page –    –    –    –    –    away
assessors              no   page no   page no   no   no   away
assessor_ask           post post post post post post post away
assessor_add           post post post post post post post away
assessor               –    page –    –    –    –    –    away
conflict_lift          –    page –    –    –    –    –    away
assessment_start       –    away –    –    –    –    –    away
assessment             –    page –    –    –    –    –    away
assessment_plan        –    page –    –    –    –    –    away
assessment_propose     post post post post post post post away
assessment_adopt       post post post post post post post away
assessment_list        –    page –    –    –    –    –    away
assessment_list_csv    –    page –    –    –    –    –    away
assessment_change      –    page –    –    –    –    –    away
assessment_remind      post post post post post post post away
assessment_close       –    page –    –    –    –    –    away
assessment_final       post post post post post post post away
assessment_hint        –    page –    –    –    –    –    away
assessment_meetings    –    page –    –    –    –    –    away
assessment_meeting     –    page –    –    –    –    –    away
assessment_application –    page –    –    –    –    –    away
assessment_give        post post post post post post post away
assessment_third       post post post post post post post away
conflict_note          post post post post post post post away
vote                   –    –    –    –    –    –    –    –
vote_team              –    –    –    –    –    –    –    away
vote_prolong           –    –    –    –    –    –    –    away
vote_call_off          –    –    –    –    –    –    –    away
vote_count             post post post post post post post away
vote_go_on             post post post post post post post away
council                –    page –    –    –    –    –    away
council_close          post post post post post post post away
council_one            –    page –    –    –    –    –    away
decisions              –    page –    –    –    –    –    away
decisions_as_proposed  post post post post post post post away
decisions_letters      –    page –    –    –    –    –    away
decisions_release      post post post post post post post away
decisions_protocol     –    page –    –    –    –    –    away
decision               –    page –    –    –    –    –    away
results                –    –    –    –    –    –    –    –
after                  –    page –    –    –    –    –    away
pass_on                post post post post post post post away
offer_lapse            post post post post post post post away
decide_again           –    –    –    –    –    –    –    away
appeals                –    page –    –    –    –    –    away
appeal                 –    page –    –    page –    –    away
appeal_give            post post post post post post post away
result                 –    –    –    –    –    –    page –
appeal_file            post post post post post post post post
offer_answer           post post post post post post post post
call_finish            –    away –    –    –    –    –    away
formal                 –    page –    –    –    –    –    away
formal_late            post post post post post post post away
formal_announce        post post post post post post post away
formal_one             –    page –    –    –    –    –    away
formal_undo            post post post post post post post away
begin                  page page page page page page page page
idea                   page page page page page page page page
idea_save              post post post post post post post post
idea_near              page page page page page page page page
idea_say               post post post post post post post post
idea_withdraw          page page page page page page page page
team_ideas             no   page no   page no   no   no   away
key_in                 no   page no   page no   no   no   away
team_idea              –    page –    –    –    –    –    away
answer                 post post post post post post post away
job                    –    away –    –    –    –    –    away
lost_link              page page page page page page page page
new_link               gone gone gone gone gone gone gone gone
programmes             no   page no   page no   no   no   away
programme_new          no   page no   page no   no   no   away
programme              –    page –    –    –    –    –    away
programme_settle       post post post post post post post away
programme_archive      post post post post post post post away
programme_download     –    page –    –    –    –    –    away
programme_history      –    page –    –    –    –    –    away
programme_edit         –    page –    –    –    –    –    away
programme_part         –    page –    –    –    –    –    away
programme_add          –    page –    –    –    –    –    away
programme_move         post post post post post post post away
programme_remove       –    page –    –    –    –    –    away
programme_preview      –    page –    –    –    –    –    away
programme_trial        –    page –    –    –    –    –    away
programme_file         –    page –    –    –    –    –    away
call_new               –    page –    –    –    –    –    away
calls                  page page page page page page page page
calendar               page page page page page page page page
call                   page page page page page page page page
call_calendar          page page page page page page page page
call_rules             page page page page page page page page
call_team              –    page –    –    –    –    –    away
call_change            –    away –    –    –    –    –    away
call_publish           –    away –    –    –    –    –    away
call_amend             –    page –    –    –    –    –    away
call_cancel            –    page –    –    –    –    –    away
ranking                –    page –    –    –    –    –    away
ranking_make           post post post post post post post away
ranking_promise        post post post post post post post away
ranking_adopt          post post post post post post post away
"""


def expected() -> dict[str, list[str]]:
    rows = [line.split() for line in TABLE.strip().splitlines()]
    return {name: cells for name, *cells in rows}


@pytest.fixture
def house(
    manager: Actor, stranger: Actor, call: Call, make_actor: Callable[..., Actor], client_of: Any
) -> World:
    return world(manager, stranger, call, make_actor, client_of)


def seen(client: Client, address: str) -> str:
    client.raise_request_exception = False
    status = client.get(address).status_code
    return SAID.get(status, str(status))


def test_every_address_for_every_persona(house: World) -> None:
    found = {
        name: [seen(house.people[who], house.address(pattern)) for who in PERSONAS]
        for name, pattern in ADDRESSES.items()
    }
    wrong = {name: cells for name, cells in found.items() if expected().get(name) != cells}
    told = "\n".join(f"{name} {' '.join(cells)}" for name, cells in wrong.items())
    assert not wrong, f"these differ from the table:\n{told}"
    assert set(expected()) == set(ADDRESSES)


LINK_IS_KEY = ("idea_save", "idea_say")
"""An idea has no owner but the holder of its link."""

SENT = ("owner", "member", "outsider", "conflicted", "anonymous")


def test_what_only_takes_something_takes_nothing_from_others(house: World) -> None:
    before = Event.objects.count()
    takes = [name for name, cells in expected().items() if "post" in cells and name not in LINK_IS_KEY]
    for name in takes:
        address = house.address(ADDRESSES[name])
        for who in SENT:
            status = house.people[who].post(address).status_code
            assert status in (302, 403, 404, 422), (name, who, status)
            assert who == "anonymous" or status != 302, (name, who)
    assert Event.objects.count() == before


def test_a_reading_is_closed_to_its_own_assessor_when_something_links_her(house: World) -> None:
    own = [name for name in ADDRESSES if name.startswith("assessment_") and f"{name}.pk" in house.keys]
    reads = [name for name in own if name.removeprefix("assessment_") in READING]
    assert len(reads) == len(READING)
    for name in reads:
        house.keys[f"{name}.pk"] = house.keys["closed"]
        address = house.address(ADDRESSES[name])
        assert house.people["conflicted"].get(address).status_code in (404, 405), name
        assert house.people["conflicted"].post(address).status_code in (404, 405), name
