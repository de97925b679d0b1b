"""The public vote: one vote per person, nothing leaks before the end, no trace after it, and it never decides alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from krzew.accounts.actors import Actor
from krzew.accounts.permissions import Denied
from krzew.calls import decisions_protocol
from krzew.calls.acts import programmes, selection
from krzew.calls.acts import vote as acts
from krzew.calls.decisions_words import feedback
from krzew.calls.definition import BadDefinition, parse, read, written
from krzew.calls.models import Application, Ballot, Call, Vote, VoteEntry
from krzew.calls.queries import vote as queries
from krzew.calls.queries.decisions import points_row
from krzew.calls.queries.selection import lists
from krzew.calls.states import WrongState
from krzew.timeline.models import Event
from tests.calls.vote_factory import announced, at_vote, end, rules, vote_call
from tests.timeline.test_icalendar import events_of

ClientOf = Callable[[Actor], Client]
NOBODY = Actor.anonymous()
WHY = {"reason_pl": "Serwer nie działał przez dwa dni.", "reason_en": "The server was down for two days."}


@pytest.fixture
def call(manager: Actor, dates: dict[str, Any]) -> Call:
    return vote_call(manager, dates, rules())


@pytest.fixture
def rows(call: Call, make_application: Callable[..., Any]) -> list[Application]:
    return at_vote(call, make_application)


@pytest.fixture
def vote(manager: Actor, call: Call, rows: list[Application]) -> Vote:
    return announced(manager, call)


def cast(vote: Vote, *numbers: int, session: str = "one", address: str = "10.0.0.1") -> None:
    acts.cast(NOBODY, vote, numbers, session=session, address=address)


def page(client: Client, call: Call) -> str:
    return client.get(reverse("calls:vote", args=[call.slug])).content.decode()


# --- the calendar -------------------------------------------------------------------------------------


def test_the_vote_stands_in_the_calendar_after_the_call_has_closed(
    client: Client, manager: Actor, vote: Vote
) -> None:
    def feed() -> list[dict[str, str]]:
        return events_of(client.get(reverse("calls:calendar")).content.decode())

    dates = [event for event in feed() if "-vote-" in event["UID"]]
    assert [event["DTSTART"] for event in dates] == [
        f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}" for at in (vote.opens_at, vote.closes_at)
    ]
    acts.call_off(manager, vote, **WHY)
    off = {event["UID"]: event["STATUS"] for event in feed()}
    assert {status for uid, status in off.items() if "-vote-" in uid} == {"CANCELLED"}
    assert {status for uid, status in off.items() if "-vote-" not in uid} == {"CONFIRMED"}
    end(vote)
    assert feed() == []


# --- rules as data ------------------------------------------------------------------------------------


def test_the_stage_comes_back_whole_from_a_file() -> None:
    found = read(rules(who="accounts", choices=3, weight="5"))
    assert parse(written(found)) == found


@pytest.mark.parametrize(
    ("stage", "text"),
    [
        ({"shows": ["nothing"]}, "there is no question “nothing”"),
        ({"per_address": 1}, "at least 50"),
        ({"choices": 0}, "at least 1"),
    ],
)
def test_a_vote_that_makes_no_sense_is_told(stage: dict[str, Any], text: str) -> None:
    with override("en"), pytest.raises(BadDefinition) as caught:
        read(rules(**stage))
    assert text in str(caught.value)


def test_what_tells_who_applies_is_not_shown_and_points_need_a_list() -> None:
    data = rules(weight="5")
    description = data["stages"][0]["sections"][0]["fields"][2]
    description["redact"] = True
    data["stages"].append(data["stages"].pop(3))  # the vote after everything
    with override("en"), pytest.raises(BadDefinition) as caught:
        read(data)
    assert "tells who applies" in str(caught.value)
    assert "a ranking list after the vote" in str(caught.value)


def test_ties_may_name_a_vote_that_came_before() -> None:
    data = rules()
    data["stages"][4]["ties"] = ["first", "vote"]
    assert read(data)


# --- announcing ---------------------------------------------------------------------------------------


def test_only_a_manager_of_the_call_announces(call: Call, rows: list[Application], stranger: Actor) -> None:
    for who in (NOBODY, stranger):
        with pytest.raises(Denied):
            announced(who, call)


def test_not_while_the_call_is_open_and_not_for_too_few_days(
    manager: Actor, call: Call, make_application: Callable[..., Any]
) -> None:
    with pytest.raises(ValidationError):
        announced(manager, call)
    at_vote(call, make_application)
    with pytest.raises(ValidationError) as found:
        announced(manager, call, days=2)
    assert "closes_at" in found.value.message_dict


def test_not_while_somebody_is_still_assessed_and_not_twice(
    manager: Actor, call: Call, rows: list[Application]
) -> None:
    Application.objects.filter(pk=rows[0].pk).update(stage="merit")
    with pytest.raises(ValidationError):
        announced(manager, call)
    Application.objects.filter(pk=rows[0].pk).update(stage="vote")
    announced(manager, call)
    with pytest.raises(ValidationError):
        announced(manager, call)


def test_the_end_may_only_move_later(manager: Actor, vote: Vote) -> None:
    with pytest.raises(ValidationError):
        acts.prolong(manager, vote, closes_at=vote.closes_at - timedelta(hours=1))
    later = vote.closes_at + timedelta(days=1)
    assert acts.prolong(manager, vote, closes_at=later).closes_at == later


# --- voting -------------------------------------------------------------------------------------------


def test_one_person_votes_once_and_chooses_as_many_as_allowed(vote: Vote) -> None:
    cast(vote, 1)
    for numbers in ((1,), (2,)):
        with pytest.raises(ValidationError):
            cast(vote, *numbers)
    for numbers in ((), (99,), (1, 2)):
        with pytest.raises(ValidationError) as found:
            cast(vote, *numbers, session="two")
        assert "chosen" in found.value.message_dict
    assert Ballot.objects.count() == 1


def test_a_vote_leaves_no_event_and_nothing_joins_voter_and_choice(vote: Vote) -> None:
    before = Event.objects.count()
    cast(vote, 2)
    assert Event.objects.count() == before
    ballot = Ballot.objects.get()
    assert {f.name for f in Ballot._meta.fields} == {"id", "vote", "voter", "address"}
    assert "one" not in ballot.voter
    assert "10.0.0.1" not in ballot.address


def test_votes_outside_the_dates_are_refused(vote: Vote) -> None:
    now = timezone.now()
    Vote.objects.filter(pk=vote.pk).update(opens_at=now + timedelta(hours=1))
    with pytest.raises(ValidationError):
        cast(vote, 1)
    end(vote)
    with pytest.raises(ValidationError):
        cast(vote, 1)


def test_a_network_address_has_a_high_limit(
    manager: Actor, dates: dict[str, Any], make_application: Callable[..., Any]
) -> None:
    call = vote_call(manager, dates, rules(per_address=50))
    at_vote(call, make_application)
    vote = announced(manager, call)
    for number in range(50):
        cast(vote, 1, session=f"person {number}")
    with pytest.raises(ValidationError):
        cast(vote, 1, session="one more")
    cast(vote, 1, session="one more", address="10.0.0.2")


def test_where_an_account_is_asked_for_only_accounts_vote_once_each(
    manager: Actor, stranger: Actor, dates: dict[str, Any], make_application: Callable[..., Any]
) -> None:
    call = vote_call(manager, dates, rules(who="accounts"))
    at_vote(call, make_application)
    vote = announced(manager, call)
    with pytest.raises(Denied):
        cast(vote, 1)
    acts.cast(stranger, vote, [1], session="one", address="10.0.0.1")
    with pytest.raises(ValidationError):
        acts.cast(stranger, vote, [2], session="another browser", address="10.0.0.9")
    assert reverse("account_login") in page(Client(), call)


# --- the end ------------------------------------------------------------------------------------------


def test_nothing_leaks_before_the_end(
    manager: Actor, call: Call, rows: list[Application], vote: Vote, client_of: ClientOf
) -> None:
    for number in range(7):
        cast(vote, 2, session=f"person {number}")
    assert queries.tally(vote) == {}
    assert queries.tally_of(call) == {}
    with pytest.raises(ValidationError):
        acts.count(manager, vote)
    team = client_of(manager).get(reverse("calls:vote_team", args=[call.slug])).content.decode()
    for text in (team, page(Client(), call)):
        assert "7 głosów" not in text
        assert ">7<" not in text
    Application.objects.filter(call=call).update(stage="ranking")
    content = selection.rank(manager, call, "ranking").content
    assert "public" not in json.dumps(content["rows"])
    assert "Głosowanie" not in json.dumps(decisions_protocol.document(call)["sections"])


def test_the_end_publishes_the_count_and_removes_the_traces(vote: Vote, call: Call) -> None:
    for session, number in (("a", 2), ("b", 2), ("c", 3)):
        cast(vote, number, session=session)
    assert acts.count_due() == 0
    end(vote)
    assert acts.count_due() == 1
    assert acts.count_due() == 0
    vote.refresh_from_db()
    assert (vote.state, vote.voters, vote.secret) == ("counted", 3, "")
    assert not Ballot.objects.exists()
    event = Event.objects.get(act="calls.vote_counted")
    assert event.data == {"voters": 3, "votes": {"1": 0, "2": 2, "3": 1}}
    with override("pl"):
        text = page(Client(), call)
    assert "Zagłosowały 3 osoby." in text
    with pytest.raises(WrongState):
        acts.count(Actor.system(), vote)


def test_a_vote_that_is_called_off_counts_nothing(manager: Actor, call: Call, vote: Vote) -> None:
    cast(vote, 2)
    with pytest.raises(ValidationError):
        acts.call_off(manager, vote, reason_pl="Bo", reason_en="So")
    acts.call_off(manager, vote, **WHY)
    assert not Ballot.objects.exists()
    assert not VoteEntry.objects.filter(count__gt=0).exists()
    assert WHY["reason_pl"] in page(Client(headers={"accept-language": "pl"}), call)
    assert announced(manager, call).state == "announced"  # a new one may come


def test_a_call_that_is_called_off_takes_its_vote_along(manager: Actor, call: Call, vote: Vote) -> None:
    programmes.cancel_call(manager, call, **WHY)
    vote.refresh_from_db()
    assert vote.state == "called_off"


def test_applications_go_on_after_the_count(manager: Actor, call: Call, vote: Vote) -> None:
    with pytest.raises(ValidationError):
        acts.go_on(manager, call, "vote")
    acts.count(manager, end(vote))
    assert acts.go_on(manager, call, "vote") == 3
    assert set(call.applications.values_list("stage", flat=True)) == {"ranking"}


# --- beside the ranking -------------------------------------------------------------------------------


def counted(manager: Actor, vote: Vote, *numbers: int) -> Call:
    for session, number in enumerate(numbers):
        cast(vote, number, session=str(session))
    acts.count(manager, end(vote))
    acts.go_on(manager, vote.call, "vote")
    return Call.objects.get(pk=vote.call_id)


def test_for_information_it_stands_beside_and_moves_nobody(
    manager: Actor, vote: Vote, client_of: ClientOf
) -> None:
    call = counted(manager, vote, 3, 3, 3)
    made = selection.rank(manager, call, "ranking")
    rows = made.content["rows"]
    assert [rows[label]["total"] for label in ("1/001", "1/003")] == ["40.00", "30.00"]
    assert rows["1/003"]["public"] == {"votes": 3, "points": "0"}
    text = client_of(manager).get(reverse("calls:ranking", args=[call.slug])).content.decode()
    assert "Głosy publiczne" in text or "Public votes" in text
    selection.adopt(manager, made)
    with override("pl"):
        one = client_of(manager).get(reverse("calls:decision", args=[call.slug, 3])).content.decode()
        told = json.dumps(decisions_protocol.document(call)["sections"], ensure_ascii=False)
    assert "3 głosy" in one or "3 votes" in one
    assert "Głosowanie mieszkańców" in told


def test_its_points_count_only_where_the_programme_says_so(
    manager: Actor, dates: dict[str, Any], make_application: Callable[..., Any]
) -> None:
    call = vote_call(manager, dates, rules(weight="12"))
    at_vote(call, make_application)
    call = counted(manager, announced(manager, call), 3, 3, 2)
    made = selection.rank(manager, call, "ranking")
    totals = {label: Decimal(row["total"]) for label, row in made.content["rows"].items()}
    assert totals == {"1/001": Decimal(40), "1/002": Decimal(41), "1/003": Decimal(42)}
    row = Application.objects.get(call=call, number=2)
    with override("pl"):
        text = feedback(call, row, points_row(call, row), "reserve")
    assert "41 z 62" in text
    assert "Głosowanie mieszkańców: 6 z 12" in text
    assert "W głosowaniu publicznym: 1 głos." in text


def test_equals_may_be_told_apart_by_votes(
    manager: Actor, dates: dict[str, Any], make_application: Callable[..., Any]
) -> None:
    data = rules()
    data["stages"][4]["ties"] = ["vote"]
    call = vote_call(manager, dates, data)
    at_vote(call, make_application, (40, 40))
    call = counted(manager, announced(manager, call), 2)
    made = selection.rank(manager, call, "ranking")
    [kept] = lists(made)
    assert [entry.code for entry in kept.decision.entries] == ["1/002", "1/001"]


# --- pages --------------------------------------------------------------------------------------------


def test_a_visitor_votes_without_javascript_and_is_asked_once_more(vote: Vote, call: Call) -> None:
    visitor, address = Client(headers={"accept-language": "pl"}), reverse("calls:vote", args=[call.slug])
    assert "Pomysł 2" in page(visitor, call)
    assert visitor.post(address).status_code == 422
    sure = visitor.post(address, {"chosen": "2"})
    assert "Pomysł 2" in sure.content.decode()
    assert not Ballot.objects.exists()
    assert visitor.post(address, {"chosen": "2", "sure": "1"}, follow=True).status_code == 200
    assert Ballot.objects.count() == 1
    assert 'name="chosen"' not in page(visitor, call)
    assert visitor.post(address, {"chosen": "1", "sure": "1"}).status_code == 422
    assert Ballot.objects.count() == 1


def test_voters_read_what_the_rules_show_and_no_more(vote: Vote, call: Call) -> None:
    text = page(Client(headers={"accept-language": "pl"}), call)
    assert "Podregion 1" in text
    assert "Zofia Próbna" not in text
    assert "100 000" not in text
    assert "@example.org" not in text


def test_the_page_of_the_call_leads_to_the_vote_and_tells_its_dates(
    call: Call, manager: Actor, vote: Vote
) -> None:
    visitor, address = Client(headers={"accept-language": "pl"}), reverse("calls:call", args=[call.slug])
    text = visitor.get(address).content.decode()
    assert reverse("calls:vote", args=[call.slug]) in text
    assert "Koniec głosowania" in text
    acts.call_off(manager, vote, **WHY)
    assert "Koniec głosowania" not in visitor.get(address).content.decode()


def test_there_is_no_page_before_the_vote_is_announced(
    call: Call, rows: list[Application], manager: Actor, client_of: ClientOf
) -> None:
    assert Client().get(reverse("calls:vote", args=[call.slug])).status_code == 404
    assert client_of(manager).get(reverse("calls:vote_team", args=[call.slug])).status_code == 200


@pytest.mark.parametrize("name", ["team", "prolong", "call_off", "count", "go_on"])
def test_pages_of_the_team_are_for_the_team(
    name: str, vote: Vote, call: Call, stranger: Actor, make_actor: Any, client_of: ClientOf
) -> None:
    address = reverse(f"calls:vote_{name}", args=[call.slug])
    member = make_actor("czlonek@example.org", "Inkubator Próba", "member")
    for client in (client_of(stranger), client_of(member)):
        assert client.post(address).status_code == 404
    assert Client().post(address).status_code == 302
    vote.refresh_from_db()
    assert vote.state == "announced"


def test_the_team_announces_and_counts_by_page(
    manager: Actor, call: Call, rows: list[Application], client_of: ClientOf
) -> None:
    team, address = client_of(manager), reverse("calls:vote_team", args=[call.slug])
    typed = {"opens_at": "2026-01-01T10:00:00", "closes_at": "2026-01-02T10:00:00"}
    refused = team.post(address, typed)
    assert refused.status_code == 422
    assert "2026-01-02T10:00:00" in refused.content.decode()
    closes = timezone.localtime(timezone.now() + timedelta(days=9)).strftime("%Y-%m-%dT%H:%M:%S")
    assert team.post(address, typed | {"closes_at": closes}).status_code == 302
    vote = Vote.objects.get()
    assert team.get(reverse("calls:vote_prolong", args=[call.slug])).status_code == 200
    assert team.post(reverse("calls:vote_call_off", args=[call.slug])).status_code == 422
    end(vote)
    assert team.post(reverse("calls:vote_count", args=[call.slug])).status_code == 302
    assert team.post(reverse("calls:vote_go_on", args=[call.slug])).status_code == 302
    assert queries.tally(Vote.objects.get()) == {row.pk: 0 for row in rows}


def test_the_page_of_voters_asks_the_database_as_often_for_many(
    manager: Actor,
    dates: dict[str, Any],
    make_application: Callable[..., Any],
    django_assert_max_num_queries: Any,
) -> None:
    call = vote_call(manager, dates, rules())
    at_vote(call, make_application, (40, 35, 30, 29, 28, 27, 26, 25))
    announced(manager, call)
    with django_assert_max_num_queries(12):
        page(Client(), call)
