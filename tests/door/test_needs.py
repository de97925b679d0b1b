"""The front door: what a visitor gets, what is kept of it, and where her words must never stand."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from krzew.accounts.actors import Actor
from krzew.accounts.models import OrganisationKind, Role
from krzew.calls.models import IdeaCard
from krzew.door.acts import cases
from krzew.door.acts import needs as acts
from krzew.door.acts.needs import Left
from krzew.door.models import Case, CaseKind, Message, Need, Sender, UnknownWord
from krzew.door.queries import answers, thesaurus
from krzew.door.states import CaseState
from krzew.door.views import needs as views
from krzew.places.models import Unit
from krzew.timeline.models import Event, Letter
from krzew.trials.models import Test
from krzew.trials.states import TestState
from tests.trials import factory

pytestmark = pytest.mark.django_db
As = Callable[[Actor], Client]
WIDOW = "Od kiedy zmarł mąż, rzadko wychodzę z domu i gubię się w lekach"
TELLING = "Nazywam się Jadwiga Nowakowska, tel. 600 700 800, jadwiga@example.org. Gubię się w lekach."
TOKEN = "kwadratologia"
"""A word that stands in no page by itself."""


@pytest.fixture
def place() -> Unit:
    return Unit.objects.get(code="300202")


def say(client: Client, text: str, **more: str) -> str:
    answer = client.post(reverse("door:say"), {"text": text, "sender": "person", **more})
    assert answer.status_code == 200
    return answer.content.decode()


def main_of(html: str) -> str:
    return html.split("<main", 1)[1].split("</main>", 1)[0]


def left(text: str = WIDOW, **more: Any) -> Left:
    return Left(**{"text": text, "consent": True, **more})


# --- the answer ------------------------------------------------------------------------------------
def test_the_field_comes_first_and_examples_lead_to_answers(client: Client) -> None:
    html = client.get(reverse("door:say")).content.decode()
    assert 'name="text"' in html
    for example in ("widow", "carer", "young"):
        answer = client.post(reverse("door:say"), {"text": "", "example": example})
        assert 'class="answer"' in answer.content.decode(), example


def test_two_needs_are_named_back_apart_with_the_words_that_led_there(client: Client, place: Unit) -> None:
    html = say(client, WIDOW, place=place.code)
    assert html.count('class="one-need"') >= 2
    assert "<mark>lekach</mark>" in html
    assert reverse("library:card", args=["inteligentny-organizer-do-lekow"]) in html
    assert reverse("places:detail", args=[place.code]) in html


def test_a_trial_that_failed_says_so_on_the_answer(client: Client) -> None:
    html = say(client, "Nikt nie zatrudnia ludzi ze wsi, przydałyby się targi pracy")
    assert 'class="attention trial"' in html


def test_an_empty_field_is_asked_again_and_nothing_typed_is_lost(client: Client) -> None:
    answer = client.post(reverse("door:say"), {"text": " ", "place": "Nie ma takiej"})
    assert answer.status_code == 422
    assert "Nie ma takiej" in answer.content.decode()


def test_an_unknown_gmina_keeps_nobody_waiting(client: Client) -> None:
    html = say(client, "Gubię się w lekach", place_text="Nie ma takiej")
    assert 'class="answer"' in html
    assert "Gubię się w lekach</textarea>" in html
    assert 'value="Nie ma takiej"' in html
    assert html.count("Nie ma takiej") >= 3  # beside the answer, at the field, in it


def test_of_two_gminas_of_one_name_the_answer_asks_which(client: Client) -> None:
    html = say(client, "Gubię się w lekach", place_text="Czarnków")
    assert 'class="answer"' in html
    for code in ("300201", "300202"):
        assert f'<button class="button secondary" name="place" value="{code}">' in html
        assert f'<input type="radio" name="place" value="{code}"' in html
    chosen = say(client, "Gubię się w lekach", place="300202")
    assert reverse("places:detail", args=["300202"]) in chosen


def test_where_nothing_fits_it_says_so_and_leads_on(client: Client) -> None:
    html = main_of(say(client, TOKEN))
    assert 'class="answer"' not in html
    assert reverse("door:need_keep") in html
    assert reverse("calls:begin") in html


def test_the_words_go_to_an_idea_card_by_post(client: Client) -> None:
    html = say(client, TOKEN)
    assert f'name="what" value="{TOKEN}"' in html
    answer = client.post(reverse("calls:begin"), {"wish": "idea", "what": TOKEN, "website": ""})
    assert answer.status_code == 302
    assert IdeaCard.objects.get().what == TOKEN


def test_a_test_on_the_matter_that_looks_for_people_is_named(
    client: Client, make_actor: Callable[..., Actor]
) -> None:
    manager = make_actor("nina@example.org", "Inkubator", Role.MANAGER, OrganisationKind.INCUBATOR)
    row, _token = factory.innovation(manager)
    Test.objects.create(
        innovation=row, is_open=True, state=TestState.PLANNED, call_pl="Zegar, który przypomina o lekach."
    )
    link = reverse("trials:open_test", args=[row.slug])
    assert link in say(client, WIDOW)
    assert link not in say(client, "Nie mam czym palić w piecu")


# --- corrections -----------------------------------------------------------------------------------
def codes_of(html: str) -> list[str]:
    return re.findall(r'value="out:([\w-]+)"', html)


def test_a_need_is_taken_out_and_stays_out(client: Client) -> None:
    code = codes_of(say(client, WIDOW))[0]
    html = say(client, WIDOW, do=f"out:{code}")
    assert code not in codes_of(html)
    state = re.search(r'name="out" value="([^"]*)"', html)
    assert state is not None
    assert code not in codes_of(say(client, WIDOW, out=state[1]))


def test_another_concept_takes_the_place_of_one_that_was_heard(client: Client) -> None:
    html = say(client, WIDOW)
    old, new = re.findall(r'value="instead:([\w-]+):([\w-]+)"', html)[0]
    corrected = codes_of(say(client, WIDOW, do=f"instead:{old}:{new}"))
    assert old not in corrected
    assert new in corrected
    back = codes_of(say(client, WIDOW, instead=f"{old}>{new}", do=f"instead:{new}:{old}"))
    assert old in back


def test_other_words_correct_a_need_or_are_answered_honestly(client: Client) -> None:
    old = codes_of(say(client, WIDOW))[0]
    html = say(client, WIDOW, **{"do": f"words:{old}", f"words-{old}": "nie mam pracy"})
    assert old not in codes_of(html)
    html = say(client, WIDOW, **{"do": f"words:{old}", f"words-{old}": TOKEN})
    assert 'role="status"' in main_of(html)
    assert old in codes_of(html)


def test_made_up_codes_change_nothing(client: Client) -> None:
    for bad in ("instead:medicines:<script>", "instead:medicines:no_such_concept_anywhere", "out:", "x:y:z"):
        say(client, WIDOW, do=bad)


# --- danger ----------------------------------------------------------------------------------------
DANGER = "Nie chcę już żyć, myślę o samobójstwie. Nie mam pracy."


def test_words_of_danger_bring_numbers_before_anything_else(client: Client) -> None:
    html = main_of(say(client, DANGER))
    numbers = html.index('href="tel:')
    assert numbers < html.index('class="next"')
    if 'class="one-need"' in html:
        assert numbers < html.index('class="one-need"')


def test_numbers_stand_even_where_the_search_or_the_form_fails(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_args: Any, **_kwargs: Any) -> Any:
        raise RuntimeError(DANGER)

    monkeypatch.setattr(answers, "find", broken)
    html = say(client, DANGER)
    assert 'href="tel:' in html
    assert reverse("door:need_keep") in html
    assert "samobójstwie" not in caplog.text
    refused = client.post(reverse("door:say"), {"text": DANGER, "out": "x" * 500})
    assert refused.status_code == 422
    assert 'href="tel:' in refused.content.decode()


def test_numbers_stand_where_too_many_asked(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "ANSWERS_PER_HOUR", 0)
    answer = client.post(reverse("door:say"), {"text": DANGER})
    assert answer.status_code == 429
    assert 'href="tel:' in answer.content.decode()
    assert "Nie mam pracy" in answer.content.decode()


def test_a_need_with_words_of_danger_is_urgent() -> None:
    case, _token, _rows = acts.keep(Actor.anonymous(), left(DANGER, email="ja@example.org"))
    assert case is not None
    assert case.urgent


# --- five-up ---------------------------------------------------------------------------------------
def keep_many(n: int, place: Unit, **more: Any) -> None:
    rows = [Need(main="medicines", text=f"Tajemnica {i}", place=place, **more) for i in range(n)]
    Need.objects.bulk_create(rows)


def test_earlier_needs_are_counted_from_five_and_never_shown(client: Client, place: Unit) -> None:
    keep_many(4, place)
    keep_many(9, place, is_demo=True)
    assert answers.earlier(["medicines"], place) == {}
    html = say(client, WIDOW, place=place.code)
    assert 'class="earlier"' not in html
    keep_many(1, place)
    html = say(client, WIDOW, place=place.code)
    assert re.search(r'<li class="earlier">[^<]*\b5\b', html)
    assert "Tajemnica" not in html


def test_when_the_powiat_has_too_few_the_voivodeship_is_counted(place: Unit) -> None:
    other = Unit.objects.filter(code__startswith="30").exclude(code__startswith="3002").first()
    assert other is not None
    keep_many(4, other)
    keep_many(2, place)
    assert answers.earlier(["medicines"], place) == {"medicines": ("voivodeship", 6)}


# --- keeping ---------------------------------------------------------------------------------------
def reviewed(client: Client, text: str, **more: str) -> dict[str, str]:
    """The form with what would be kept, as it stands on the page."""
    html = client.post(reverse("door:need_keep"), {"text": text, "sender": "person", **more}).content.decode()
    assert not Need.objects.exists()
    shown = re.search(r"<textarea[^>]*>\s*(.*?)</textarea>", html, re.S)
    once = re.search(r'name="once" value="([^"]+)"', html)
    assert shown is not None
    assert once is not None
    return {"text": shown[1], "once": once[1], "sender": "person", **more}


def test_the_person_sees_what_is_kept_and_only_that_is_kept(client: Client, officer: Actor) -> None:
    form = reviewed(client, TELLING, codes="medicines")
    assert not re.search(r"Jadwig|Nowakowsk|600|example", form["text"])
    form |= {"email": "ja@example.org", "consent": "on"}
    answer = client.post(reverse("door:need_keep"), form)
    case = Case.objects.get()
    assert answer.status_code == 302
    need = Need.objects.get()
    assert need.text == form["text"].strip()
    assert (need.main, need.case, need.answered) == ("medicines", case, True)
    assert case.messages.get().text == form["text"].strip()
    page = client.get(answer.headers["Location"]).content.decode()
    assert case.label in page
    link = re.search(r"/case/[^/\"]+/", page)
    assert link is not None
    assert case.label in client.get(link[0], follow=True).content.decode()


def test_without_consent_nothing_is_kept_and_nothing_typed_is_lost(client: Client) -> None:
    form = reviewed(client, WIDOW) | {"email": "ja@example.org"}
    answer = client.post(reverse("door:need_keep"), form)
    assert answer.status_code == 422
    assert "ja@example.org" in answer.content.decode()
    assert not Need.objects.exists()
    with pytest.raises(ValidationError):
        acts.keep(Actor.anonymous(), Left(text=WIDOW, consent=False))
    answer = client.post(reverse("door:need_keep"), form | {"consent": "on"})
    assert answer.status_code == 302


def test_a_name_typed_back_in_is_hidden_again_and_shown_first(client: Client) -> None:
    form = reviewed(client, WIDOW) | {"text": TELLING, "consent": "on"}
    answer = client.post(reverse("door:need_keep"), form)
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "Nowakowsk" not in html
    assert not Need.objects.exists()


def test_without_an_address_it_is_only_counted(client: Client, place: Unit) -> None:
    form = reviewed(client, WIDOW, codes="medicines bereavement", place=place.code) | {"consent": "on"}
    answer = client.post(reverse("door:need_keep"), form)
    assert answer.headers["Location"] == reverse("door:need_counted")
    assert client.get(answer.headers["Location"]).status_code == 200
    assert not Case.objects.exists()
    assert {need.main for need in Need.objects.all()} == {"medicines", "bereavement"}
    assert all(need.place == place and need.library for need in Need.objects.all())


def test_pressed_twice_it_is_kept_once(client: Client) -> None:
    form = reviewed(client, WIDOW) | {"consent": "on", "email": "ja@example.org"}
    for _n in range(2):
        assert client.post(reverse("door:need_keep"), form).status_code == 302
    assert Case.objects.count() == 1


def test_a_gmina_reports_a_challenge_with_scale_and_group(client: Client, place: Unit) -> None:
    form = reviewed(client, "Starsi ludzie nie mają czym dojechać do lekarza", place=place.code)
    form |= {"sender": "gmina", "people": "340", "whom": "seniorzy z pięciu wsi", "phone": "600 700 800"}
    client.post(reverse("door:need_keep"), form | {"consent": "on"})
    case = Case.objects.get()
    need = case.needs.first()
    assert case.kind == CaseKind.CHALLENGE
    assert need is not None
    assert (need.sender, need.people, need.place) == (Sender.GMINA, 340, place)
    assert "older" in need.groups
    assert "340" in (case.messages.get().text or "")


def test_news_want_an_address() -> None:
    with pytest.raises(ValidationError):
        acts.keep(Actor.anonymous(), left(wants_news=True))


def test_half_of_a_need_is_never_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_text: str) -> None:
        raise RuntimeError

    monkeypatch.setattr(acts, "_count_unknown", broken)
    with pytest.raises(RuntimeError):
        acts.keep(Actor.anonymous(), left(email="ja@example.org"))
    assert not Need.objects.exists()
    assert not Case.objects.exists()
    assert not Event.objects.filter(act__startswith="door.").exists()


def test_the_office_gets_it_into_its_inbox_with_the_name_of_the_need(client_of: As, officer: Actor) -> None:
    case, _token, _rows = acts.keep(
        Actor.anonymous(), left(codes=("medicines",), email="ja@example.org", language="en")
    )
    assert case is not None
    client = client_of(officer)
    assert case.label in client.get(reverse("door:inbox")).content.decode()
    page = client.get(reverse("door:team_case", args=[case.pk])).content.decode()
    assert thesaurus.label("medicines") in page
    assert Letter.objects.filter(to_email="olga@example.org").exists()


def test_taking_back_removes_words_and_what_was_understood(client: Client) -> None:
    case, token, _rows = acts.keep(Actor.anonymous(), left(email="ja@example.org", wants_news=True))
    assert case is not None
    client.post(reverse("door:case_withdraw", args=[token]))
    for need in Need.objects.all():
        assert (need.text, need.main, need.concepts, need.groups, need.wants_news) == ("", "", [], [], False)
        assert need.withdrawn_at is not None
    assert not Message.objects.exists()


def test_a_need_told_by_telephone_is_counted_when_the_person_agrees(client_of: As, officer: Actor) -> None:
    client, url = client_of(officer), reverse("door:key_in_case")
    data = {"kind": "need", "text": TELLING, "place": "300202", "phone": "600 700 800"}
    client.post(url, data)
    assert not Need.objects.exists()
    client.post(url, data | {"counted": "on"})
    need = Need.objects.get(main="medicines")
    assert need.case is not None
    assert (need.case.keyed_by, need.place_id) == (officer.user, "300202")
    assert not re.search(r"Jadwig|Nowakowsk|600", need.text)


def test_masks_are_not_heard_and_the_sentence_after_an_address_stays() -> None:
    text = "Piszcie: ja@example.org. Gubię się w lekach, tel. 600 700 800."
    _case, _token, rows = acts.keep(Actor.anonymous(), left(text))
    assert [need.main for need in rows] == ["medicines"]
    assert "Gubię się w lekach" in rows[0].text
    assert not re.search("example|600", rows[0].text)


# --- words that nobody knows -------------------------------------------------------------------------
def test_unknown_words_are_counted_of_the_masked_text_alone() -> None:
    for _n in range(2):
        acts.keep(Actor.anonymous(), left(f"Nazywam się Jadwiga Nowakowska, moja {TOKEN}, {TOKEN} boli."))
    row = UnknownWord.objects.get(form=TOKEN)
    assert row.times == 2
    assert not UnknownWord.objects.filter(form__iregex="jadwig|nowakowsk|imię|nazwisko").exists()


# --- where words must never stand ----------------------------------------------------------------------
SECRET = f"{TOKEN} i gubię się w lekach"


def walk(client: Client) -> Iterator[Any]:
    """Every step of the front door with the same words."""
    yield client.post(reverse("door:say"), {"text": SECRET, "sender": "person"})
    yield client.post(reverse("door:say"), {"text": SECRET, "sender": "person", "do": "out:medicines"})
    yield client.post(reverse("door:say"), {"text": SECRET, "place": "Nie ma takiej"})
    yield client.post(reverse("door:need_keep"), {"text": SECRET, "sender": "person"})
    form = {"text": SECRET, "sender": "person", "once": "raz", "email": "ja@example.org", "consent": "on"}
    yield client.post(reverse("door:need_keep"), form | {"consent": ""})
    yield client.post(reverse("door:need_keep"), form)
    yield client.post(reverse("calls:begin"), {"wish": "idea", "what": SECRET, "website": ""})


def test_words_stand_in_no_address_title_cookie_session_event_log_or_cache(
    client: Client, officer: Actor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for answer in walk(client):
        assert TOKEN not in answer.headers.get("Location", "") + answer.request["PATH_INFO"]
        assert TOKEN not in answer.request.get("QUERY_STRING", "")
        html = answer.content.decode()
        assert TOKEN not in html.split("</head>")[0]
        assert not re.search(rf'(?:href|action|src)="[^"]*{TOKEN}', html)
        assert TOKEN not in str(answer.cookies) + json.dumps(dict(client.session))
        if answer.status_code == 200:
            assert "no-store" in answer.headers["Cache-Control"]
    assert TOKEN not in caplog.text
    assert TOKEN not in str(list(Event.objects.values()))
    assert TOKEN not in str(list(Letter.objects.values_list("subject", "body")))
    assert TOKEN not in str(getattr(cache, "_cache", {}))


def test_an_address_with_words_is_not_answered(client: Client) -> None:
    html = client.get(reverse("door:say") + f"?text={quote(SECRET)}").content.decode()
    assert TOKEN not in main_of(html)


def test_nobody_sees_the_words_of_another(client: Client, place: Unit, expert: Actor, client_of: As) -> None:
    for _n in range(6):
        acts.keep(Actor.anonymous(), left(SECRET, place=place, email="ja@example.org"))
    html = say(Client(), WIDOW, place=place.code)
    assert TOKEN not in html
    case = Case.objects.first()
    assert case is not None
    assert client_of(expert).get(reverse("door:team_case", args=[case.pk])).status_code == 404
    assert client.get(reverse("door:need_kept", args=[case.label.replace("/", "-")])).status_code == 404


def test_robots_get_nothing(client: Client) -> None:
    answer = client.post(reverse("door:say"), {"text": WIDOW, "website": "http://spam.example"})
    assert answer.status_code == 302


def test_people_of_one_hall_are_answered_beside_one_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits themselves are tested with three hundred in tests/accounts/test_throttle.py."""
    monkeypatch.setattr(views, "ANSWERS_PER_HOUR", 2)
    for n in range(12):
        browser = Client()
        browser.cookies["csrftoken"] = f"{n:032d}"
        assert browser.post(reverse("door:say"), {"text": "Nie mam pracy"}).status_code == 200
    assert browser.post(reverse("door:say"), {"text": "Nie mam pracy"}).status_code == 200
    assert browser.post(reverse("door:say"), {"text": "Nie mam pracy"}).status_code == 429


def test_a_closed_case_is_taken_back_as_well(client: Client, officer: Actor) -> None:
    """Consent ends when its author wants, not when the office thinks it is done."""
    case, token, _rows = acts.keep(Actor.anonymous(), left(email="ja@example.org"))
    assert case is not None
    cases.answer(officer, case, "Jest organizer do leków.", closes=True)
    assert Need.objects.filter(case=case, withdrawn_at=None).exists()
    link = reverse("door:case_withdraw", args=[token])
    assert link in client.get(reverse("door:case", args=[token])).content.decode()
    client.post(link)
    case.refresh_from_db()
    assert (case.state, case.email) == (CaseState.WITHDRAWN, None)
    assert not Need.objects.filter(case=case, withdrawn_at=None).exists()


def test_the_answer_asks_the_database_as_much_for_many_needs_as_for_few(
    client: Client, place: Unit, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    keep_many(30, place)
    say(client, WIDOW, place=place.code)
    with django_assert_max_num_queries(30):
        say(client, WIDOW, place=place.code)


def test_the_front_page_begins_with_the_field(client: Client, client_of: As, officer: Actor) -> None:
    html = main_of(client.get(reverse("home")).content.decode())
    field = html.index(f'action="{reverse("door:say")}"')
    assert field < html.index(f'action="{reverse("places:home")}"')
    assert html.index("<h1") < field
    signed_in = main_of(client_of(officer).get(reverse("home")).content.decode())
    assert signed_in.count("<h1") == 1
    assert f'action="{reverse("door:say")}"' in signed_in


def test_every_step_works_with_forms_alone(client: Client) -> None:
    """No step hangs on a script: buttons submit, and the one that dictates is hidden until a script shows it."""
    for html in (client.get(reverse("door:say")).content.decode(), say(client, WIDOW)):
        assert not re.search(r"hx-|onclick", main_of(html))
        for button in re.findall(r"<button[^>]*type=\"button\"[^>]*>", main_of(html)):
            assert " hidden " in button
