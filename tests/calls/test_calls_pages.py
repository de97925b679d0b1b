"""Calls as the public sees them, and the way of a call on its team's pages, without JavaScript."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from krzew.accounts.actors import Actor
from krzew.calls.acts import programmes as acts
from krzew.calls.definition import parse
from krzew.calls.models import Call, Programme
from krzew.calls.states import CallState
from tests.calls.conftest import settled
from tests.timeline.test_icalendar import events_of

ClientOf = Callable[[Actor], Client]
LIST = "calls:calls"
TEAM = ("call_team", "call_change", "call_publish", "call_amend", "call_cancel")


def address(name: str, call: Call) -> str:
    return reverse(f"calls:{name}", args=[call.slug])


def english(url: str) -> str:
    return url.replace("/pl/", "/en/", 1)


@pytest.fixture(autouse=True)
def in_polish() -> Iterator[None]:
    """A page leaves its language behind in the thread; every test begins with the same one."""
    with override("pl"):
        yield


@pytest.fixture
def typed() -> dict[str, str]:
    """A call as somebody types it."""
    return {
        "name_pl": "Nabór letni",
        "name_en": "Summer call",
        "about_pl": "Szukamy pomysłów, które pomagają sąsiadom.",
        "about_en": "We look for ideas that help neighbours.",
        "opens_at": "2031-06-01T09:00:00",
        "submit_from": "2031-06-02T09:00:00",
        "closes_at": "2031-06-30T15:59:59",
        "results_on": "2031-08-31",
        "pool": "100 000,50",
    }


@pytest.fixture
def prepared(manager: Actor, client_of: ClientOf, programme: Programme, typed: dict[str, str]) -> Call:
    settled(manager, programme)
    client_of(manager).post(reverse("calls:call_new", args=[programme.pk]), typed)
    return Call.objects.get()


# --- on the team's pages ----------------------------------------------------------------------------


def test_hours_are_those_of_warsaw(prepared: Call) -> None:
    assert prepared.closes_at.isoformat() == "2031-06-30T13:59:59+00:00"
    assert str(prepared.pool) == "100000.50"
    assert (prepared.state, prepared.slug) == (CallState.DRAFT, "nabor-letni")


def test_a_slip_loses_nothing(
    manager: Actor, client_of: ClientOf, programme: Programme, typed: dict[str, str]
) -> None:
    wrong = {**typed, "closes_at": "2031-06-01T08:00:00"}
    answer = client_of(manager).post(english(reverse("calls:call_new", args=[programme.pk])), wrong)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "must close after sending opens" in html
    assert "Szukamy pomysłów" in html
    assert not Call.objects.exists()


def test_from_preparation_to_announcement(
    manager: Actor, client_of: ClientOf, visitor: Client, prepared: Call
) -> None:
    team = client_of(manager)
    assert visitor.get(address("call", prepared)).status_code == 404
    assert "Only your team" in team.get(english(address("call", prepared))).content.decode()
    page = team.get(english(address("call_publish", prepared))).content.decode()
    assert "the form with its questions" in page
    assert team.post(address("call_publish", prepared)).status_code == 302
    assert Call.objects.get().state == CallState.PUBLISHED
    assert visitor.get(address("call", prepared)).status_code == 200
    assert team.get(address("call_publish", prepared)).status_code == 302  # announced only once


def test_an_unready_call_is_not_announced(
    manager: Actor, client_of: ClientOf, programme: Programme, typed: dict[str, str]
) -> None:
    team = client_of(manager)
    team.post(reverse("calls:call_new", args=[programme.pk]), {**typed, "about_en": ""})
    call = Call.objects.get()
    page = team.get(english(address("call_team", call))).content.decode()
    assert "Open questions of the programme are settled" in page
    assert address("call_publish", call) not in page
    answer = team.post(english(address("call_publish", call)))
    assert answer.status_code == 422
    assert "both languages" in answer.content.decode()
    assert Call.objects.get().state == CallState.DRAFT


def test_two_people_change_one_call(
    manager: Actor, client_of: ClientOf, prepared: Call, typed: dict[str, str]
) -> None:
    acts.change_call(manager, Call.objects.get(), seen=1, name_pl="Pierwsza zmiana")
    mine = {**typed, "name_pl": "Druga zmiana", "revision": "1"}
    answer = client_of(manager).post(address("call_change", prepared), mine)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Pierwsza zmiana" in html
    assert "Druga zmiana" in html
    client_of(manager).post(address("call_change", prepared), {**mine, "revision": "2"})
    assert Call.objects.get().name_pl == "Druga zmiana"


def test_a_later_date_is_announced_with_its_reason(
    manager: Actor, client_of: ClientOf, visitor: Client, call: Call
) -> None:
    team, page = client_of(manager), english(address("call_amend", call))
    form = team.get(page).context["form"]
    same = {n: form[n].value() for n in form.fields if not n.startswith("text_")}
    shown = {n: str(form.fields[n].widget.format_value(v) or "") for n, v in same.items()}
    texts = {"text_pl": "Więcej czasu na święta.", "text_en": "More time for the holidays."}
    assert "Nothing is different" in team.post(page, {**shown, **texts}).content.decode()
    earlier = {**shown, **texts, "closes_at": "2020-01-01T12:00:00"}
    refused = team.post(page, earlier)
    assert refused.status_code == 422
    assert "only move later" in refused.content.decode()
    later = timezone.localtime(call.closes_at + timedelta(days=7)).strftime("%Y-%m-%dT%H:%M:%S")
    assert team.post(page, {**shown, **texts, "closes_at": later}).status_code == 302
    public = visitor.get(english(address("call", call))).content.decode()
    assert "More time for the holidays." in public
    assert "it was" in public
    assert Call.objects.get().amendments.get().before.keys() == {"closes_at"}


def test_a_called_off_call_says_why(manager: Actor, client_of: ClientOf, visitor: Client, call: Call) -> None:
    team = client_of(manager)
    assert team.post(address("call_cancel", call), {"reason_pl": "", "reason_en": "x"}).status_code == 422
    reasons = {"reason_pl": "Nie ma już pieniędzy.", "reason_en": "There is no money left."}
    assert team.post(address("call_cancel", call), reasons).status_code == 302
    page = visitor.get(english(address("call", call))).content.decode()
    assert "There is no money left." in page
    assert "called off" in page


@pytest.mark.parametrize("name", TEAM)
def test_strangers_find_no_team_page(
    name: str, call: Call, stranger: Actor, client_of: ClientOf, visitor: Client
) -> None:
    for method in ("get", "post"):
        assert getattr(client_of(stranger), method)(address(name, call)).status_code in (404, 405)
        assert getattr(visitor, method)(address(name, call)).status_code == 302


# --- for everybody ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_without_a_call_the_list_points_to_the_idea_card(visitor: Client) -> None:
    page = visitor.get(english(reverse(LIST))).content.decode()
    assert "No call is open now" in page
    assert english(reverse("calls:begin")) in page


def test_open_coming_and_closed(
    visitor: Client, make_call: Callable[..., Call], dates: dict[str, Any]
) -> None:
    week = timedelta(days=7)
    make_call(name_pl="Otwarty")
    make_call(name_pl="Przyszły", **{n: d + week * 4 for n, d in dates.items()})
    past = make_call(name_pl="Zamknięty")
    Call.objects.filter(pk=past.pk).update(closes_at=timezone.now())
    page = visitor.get(reverse(LIST))
    assert [row.name for row in page.context["open"]] == ["Otwarty"]
    assert [row.name for row in page.context["coming"]] == ["Przyszły"]
    assert "Zamknięty" in page.content.decode()


@pytest.mark.parametrize("language", ["pl", "en"])
@pytest.mark.parametrize("code", ["wlacznik", "iws2", "stocznia", "niw", "male_wielkie_zmiany"])
def test_every_template_is_read_by_everybody(
    code: str, language: str, make_call: Callable[..., Call], visitor: Client
) -> None:
    call = make_call(code)
    page = visitor.get(address("call", call).replace("/pl/", f"/{language}/"))
    html = page.content.decode()
    assert page.status_code == 200
    for stage in call.rules.stages:
        assert getattr(stage.label, language) in html.replace("&#x27;", "'")


def test_thresholds_in_words(visitor: Client, call: Call) -> None:
    html = visitor.get(english(address("call", call))).content.decode()
    assert "at least 32.5 of 65 points" in html
    assert "PLN\xa0120,000" in html


def test_the_rules_can_be_taken_along(visitor: Client, call: Call) -> None:
    answer = visitor.get(address("call_rules", call))
    found = parse(answer.content)
    assert found.model_copy(update={"open_questions": ()}) == call.rules
    assert answer["Content-Type"].startswith("application/toml")


def test_what_is_prepared_leaks_nowhere(
    visitor: Client, stranger: Actor, client_of: ClientOf, prepared: Call
) -> None:
    for client in (visitor, client_of(stranger)):
        for name in ("call", "call_rules", "call_calendar"):
            assert client.get(address(name, prepared)).status_code == 404
        for name in (LIST, "calls:calendar"):
            assert "Nabór letni" not in client.get(reverse(name)).content.decode()


# --- the calendar -----------------------------------------------------------------------------------


def test_dates_as_a_calendar(visitor: Client, manager: Actor, prepared: Call) -> None:
    acts.publish_call(manager, prepared)
    answer = visitor.get(address("call_calendar", prepared))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    opens, closes, results = events_of(answer.content.decode())
    assert opens["DTSTART"] == "20310602T070000Z"
    assert closes["DTSTART"] == "20310630T135959Z"
    assert results["DTSTART;VALUE=DATE"] == "20310831"
    assert len({opens["UID"], closes["UID"], results["UID"]}) == 3
    assert closes["URL"].endswith(address("call", prepared))


def test_a_change_reaches_the_calendar(visitor: Client, manager: Actor, prepared: Call) -> None:
    acts.publish_call(manager, prepared)
    before = events_of(visitor.get(reverse("calls:calendar")).content.decode())[1]
    later = prepared.closes_at + timedelta(days=1)
    why = {"text_pl": "Więcej czasu dla wszystkich.", "text_en": "More time for everybody."}
    acts.amend_call(manager, prepared, seen=prepared.revision, **why, closes_at=later)
    after = events_of(visitor.get(reverse("calls:calendar")).content.decode())[1]
    assert (before["UID"], after["DTSTART"]) == (after["UID"], "20310701T135959Z")
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])
    acts.cancel_call(manager, prepared, reason_pl="Nie ma pieniędzy.", reason_en="There is no money.")
    off = events_of(visitor.get(reverse("calls:calendar")).content.decode())
    assert {event["STATUS"] for event in off} == {"CANCELLED"}


# --- size -------------------------------------------------------------------------------------------


def _many(call: Call, count: int) -> None:
    now = timezone.now()
    names = [f.name for f in Call._meta.concrete_fields if f.name not in ("id", "slug", "round", "name_pl")]
    common = {name: getattr(call, name) for name in names}
    rows = []
    for n in range(count):
        over = {"closes_at": now - timedelta(days=1), "submit_from": now - timedelta(days=2)} if n % 3 else {}
        opens = {"opens_at": now - timedelta(days=3)}
        rows.append(Call(**{**common, **opens, **over}, slug=f"n-{n}", round=n + 2, name_pl=f"Nabór {n}"))
    Call.objects.bulk_create(rows)


def test_three_hundred_calls_take_no_more_queries(
    visitor: Client, call: Call, django_assert_max_num_queries: Any
) -> None:
    _many(call, 300)
    with django_assert_max_num_queries(8):
        assert visitor.get(reverse(LIST)).status_code == 200
    with django_assert_max_num_queries(8):
        visitor.get(reverse(LIST), {"page": "6"})
    with django_assert_max_num_queries(8):
        visitor.get(address("call", call))
    with django_assert_max_num_queries(8):
        visitor.get(reverse("calls:calendar"))


def test_the_team_page_takes_few_queries(
    manager: Actor, client_of: ClientOf, call: Call, django_assert_max_num_queries: Any
) -> None:
    client = client_of(manager)
    with django_assert_max_num_queries(20):
        client.get(address("call_team", call))
