"""Testers: consent by version, guardians, leaving, being forgotten; and nothing of anybody leaks."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.test import Client
from django.urls import reverse

from krzew.accounts.actors import Actor
from krzew.accounts.permissions import Denied
from krzew.calls.models import new_token, token_hash
from krzew.timeline.models import Event, Letter
from krzew.timeline.transitions import WrongState
from krzew.trials import retention
from krzew.trials.acts import innovations, measurements
from krzew.trials.acts import testers as acts
from krzew.trials.models import Consent, ConsentText, Innovation, Measurement, Test, Tester
from krzew.trials.queries import testers as queries
from krzew.trials.states import TesterState
from tests.trials import small
from tests.trials.small import ANYONE

pytestmark = pytest.mark.django_db
Make = Callable[..., tuple[Innovation, str]]
As = Callable[[Actor], Client]
SECRETS = ("Zofia Zmyślona", "zofia@example.org", "600 000 001", "pętla indukcyjna", "Opiekun Zmyślony")


@pytest.fixture(autouse=True)
def uncounted() -> None:
    """The count of sign-ups lives in the cache."""
    cache.clear()


@pytest.fixture
def test(make_innovation: Make) -> Test:
    return small.planned(make_innovation("iws2")[0])


def text_of(test: Test) -> ConsentText:
    text = queries.newest_text(test)
    assert text is not None
    return text


def zofia(test: Test, **data: object) -> tuple[Tester, str]:
    known = {"name": SECRETS[0], "email": SECRETS[1], "phone": SECRETS[2], "needs": SECRETS[3]}
    return acts.invite(ANYONE, test, known | data, innovator=True)


# --- consent ----------------------------------------------------------------------------------------


def test_codes_follow_one_another_and_are_never_given_twice(test: Test) -> None:
    first, _token = small.invited(test)
    acts.refuse(first)
    second, _token = small.invited(test)
    assert (first.code, second.code) == ("T01", "T02")


def test_who_agreed_takes_part(test: Test) -> None:
    tester, _token = small.invited(test)
    acts.agree(tester, text_of(test))
    assert tester.state == TesterState.AGREED
    assert queries.ready_count(test) == 1


def test_a_new_text_asks_again_and_nobody_is_measured_before(test: Test) -> None:
    tester = small.agreed(test, 1)[0]
    old = text_of(test)
    new = acts.write_text(ANYONE, test, "Nowy tekst.", innovator=True)
    assert queries.ready_count(test) == 0
    Test.objects.filter(pk=test.pk).update(state="running")
    test.refresh_from_db()
    code = "czy_dojdziesz_sam_do_lekarza"
    values = {"T01": Decimal(1)}
    with pytest.raises(ValidationError, match="T01"):
        measurements.measure(ANYONE, test, code, "after", values, on=small.today(), innovator=True)
    assert not Measurement.objects.exists()
    with pytest.raises(ValidationError):
        acts.agree(tester, old)
    acts.agree(tester, new)
    assert measurements.measure(ANYONE, test, code, "after", values, on=small.today(), innovator=True) == 1


def test_the_same_text_is_no_new_version(test: Test) -> None:
    with pytest.raises(ValidationError):
        acts.write_text(ANYONE, test, small.TEXT, innovator=True)


@pytest.mark.parametrize("decides", [True, False])
def test_a_guardian_agrees_too_and_both_where_the_person_can(test: Test, decides: bool) -> None:
    tester, _token = zofia(test, has_guardian=True, decides_herself=decides, guardian=SECRETS[4])
    if decides:
        acts.agree(tester, text_of(test))
        assert tester.state == TesterState.INVITED
    else:
        with pytest.raises(ValidationError):
            acts.agree(tester, text_of(test))
    acts.agree(tester, text_of(test), by_guardian=True)
    assert tester.state == TesterState.AGREED
    assert queries.ready_count(test) == 1


def test_a_guardian_found_later_means_a_consent_more(test: Test) -> None:
    tester = small.agreed(test, 1)[0]
    acts.describe(ANYONE, tester, profile=["x"], has_guardian=True, decides_herself=True, innovator=True)
    assert queries.ready_count(test) == 0
    assert tester.profile == []


def test_a_guardian_has_a_name(test: Test) -> None:
    tester, _token = small.invited(test, has_guardian=True)
    with pytest.raises(ValidationError):
        acts.agree(tester, text_of(test), by_guardian=True)
    acts.agree(tester, text_of(test), by_guardian=True, guardian="Opiekun Zmyślony")
    assert tester.guardian == "Opiekun Zmyślony"


def test_paper_is_noted_by_the_innovator_or_the_manager(
    test: Test, manager: Actor, mentor: Actor, stranger: Actor
) -> None:
    innovations.name_mentor(manager, test.innovation, mentor.user)
    tester, _token = small.invited(test)
    for actor in (mentor, stranger, ANYONE):
        with pytest.raises(Denied):
            acts.note_paper(actor, tester, text_of(test))
    acts.note_paper(manager, tester, text_of(test))
    consent = Consent.objects.get()
    assert (consent.on_paper, consent.noted_by) == (True, manager.user)


def test_agreeing_twice_is_one_consent(test: Test) -> None:
    tester = small.agreed(test, 1)[0]
    acts.agree(tester, text_of(test))
    assert Consent.objects.count() == 1


def test_who_signed_up_waits_for_a_place(test: Test) -> None:
    Test.objects.filter(pk=test.pk).update(is_open=True)
    test.refresh_from_db()
    tester, _token = acts.sign_up(test, {"name": "Ktoś", "phone": "600"})
    with pytest.raises(ValidationError):
        acts.agree(tester, text_of(test))
    acts.take(ANYONE, tester, innovator=True)
    acts.agree(tester, text_of(test))
    assert tester.state == TesterState.AGREED


# --- leaving and being forgotten --------------------------------------------------------------------


@pytest.mark.parametrize("keep", [True, False])
def test_whoever_leaves_is_forgotten_and_decides_about_the_answers(test: Test, keep: bool) -> None:
    tester, _token = zofia(test)
    acts.agree(tester, text_of(test))
    Measurement.objects.create(
        test=test, tester=tester, question="x", moment="after", value=1, on=small.today()
    )
    acts.leave(tester, keep_answers=keep)
    row = Tester.objects.get(pk=tester.pk)
    assert row.state == TesterState.LEFT
    assert [getattr(row, name) for name in queries.PERSONAL] == [None] * 5
    assert Measurement.objects.exists() is keep
    assert not Consent.objects.filter(withdrawn_at=None).exists()
    with pytest.raises(WrongState):
        acts.finish(ANYONE, row, innovator=True)


def test_whoever_refuses_or_finds_no_place_is_forgotten(test: Test) -> None:
    tester, _token = zofia(test)
    acts.refuse(tester)
    assert Tester.objects.get().name is None
    Test.objects.filter(pk=test.pk).update(is_open=True)
    test.refresh_from_db()
    other, _token = acts.sign_up(test, {"name": SECRETS[0], "email": SECRETS[1]})
    acts.not_take(ANYONE, other, innovator=True)
    assert Tester.objects.get(pk=other.pk).email is None


def test_a_consent_can_be_taken_back_after_the_end(test: Test) -> None:
    tester, _token = zofia(test)
    acts.agree(tester, text_of(test))
    acts.finish(ANYONE, tester, innovator=True)
    acts.leave(tester)
    row = Tester.objects.get()
    assert (row.state, row.name) == (TesterState.FINISHED, None)


def test_names_go_after_the_day_that_was_told(test: Test) -> None:
    tester, _token = zofia(test)
    (kind,) = retention.KINDS
    assert test.keep_until is not None
    after = test.keep_until + timedelta(days=1)
    assert not list(kind.due(small.today()))
    (due,) = kind.due(after)
    assert "Zofia" not in due.name
    kind.remove(Actor.system(), due.thing)
    assert Tester.objects.get(pk=tester.pk).name is None
    assert not list(kind.due(test.keep_until + timedelta(days=1)))
    Test.objects.update(keep_until=None)
    small.invited(test)
    assert len(list(kind.unset())) == 1


def test_a_person_can_be_found_by_her_address(test: Test) -> None:
    zofia(test)
    (find,) = retention.TRACES
    (trace,) = find("Zofia@example.org")
    assert trace.remove is not None
    trace.remove(Actor.system())
    assert not list(find("zofia@example.org"))


def test_forgetting_is_for_managers(test: Test, stranger: Actor) -> None:
    tester, _token = zofia(test)
    with pytest.raises(Denied):
        acts.forget(stranger, tester)


# --- pages ------------------------------------------------------------------------------------------


def own(name: str, token: str) -> str:
    return reverse(f"trials:{name}", args=[token])


def test_from_the_public_page_to_taking_part(client: Client, test: Test) -> None:
    Test.objects.filter(pk=test.pk).update(is_open=True, call_pl="Szukamy ośmiu osób.", accessible="Parter.")
    url = reverse("trials:open_test", args=[test.innovation.slug])
    assert "Szukamy ośmiu osób." in client.get(reverse("trials:open_tests")).content.decode()
    assert client.post(url, {"name": "Zofia Zmyślona"}).status_code == 422
    page = client.post(url, {"name": "Zofia Zmyślona", "phone": "600 000 001"})
    assert page.status_code == 302
    tester = Tester.objects.get()
    assert client.get(page["Location"]).status_code == 200
    token = page["Location"].rstrip("/").rpartition("/")[2]
    acts.take(ANYONE, tester, innovator=True)
    assert small.TEXT.split("\n")[0] in client.get(own("tester", token)).content.decode()
    assert client.post(own("tester_agree", token), {"text": 1}).status_code == 302
    tester.refresh_from_db()
    assert tester.state == TesterState.AGREED
    answer = client.get(own("tester_dates", token))
    assert answer["Content-Type"].startswith("text/calendar")
    assert b"BEGIN:VEVENT" in answer.content
    assert token.encode() not in answer.content
    client.post(own("tester_leave", token), {"why": ""})
    tester.refresh_from_db()
    assert (tester.state, tester.name) == (TesterState.LEFT, None)
    assert client.get(own("tester", token)).status_code == 200
    assert client.post(own("tester_leave", token), {"why": ""}).status_code == 302


def test_a_program_that_fills_in_everything_is_not_taken(client: Client, test: Test) -> None:
    Test.objects.filter(pk=test.pk).update(is_open=True)
    url = reverse("trials:open_test", args=[test.innovation.slug])
    client.post(url, {"name": "Robot", "phone": "1", "website": "http://example.org"})
    assert not Tester.objects.exists()


def test_signing_up_has_a_limit_by_browser(client: Client, test: Test) -> None:
    Test.objects.filter(pk=test.pk).update(is_open=True)
    url = reverse("trials:open_test", args=[test.innovation.slug])
    codes = [client.post(url, {"name": f"Osoba {n}", "phone": "600"}).status_code for n in range(12)]
    assert codes[0] == 302
    assert codes.count(302) < 12


def test_a_closed_test_is_nowhere(client: Client, test: Test) -> None:
    assert client.get(reverse("trials:open_test", args=[test.innovation.slug])).status_code == 404
    assert str(test.innovation) not in client.get(reverse("trials:open_tests")).content.decode()


def test_agreeing_to_a_text_that_changed_meanwhile_shows_the_new_one(client: Client, test: Test) -> None:
    _tester, token = small.invited(test)
    acts.write_text(ANYONE, test, "Nowy tekst.", innovator=True)
    page = client.post(own("tester_agree", token), {"text": 1})
    assert page.status_code == 422
    assert "Nowy tekst." in page.content.decode()
    assert client.post(own("tester_agree", token), {"text": "x"}).status_code == 422


def test_a_guardian_agrees_on_the_same_page(client: Client, test: Test) -> None:
    tester, token = small.invited(test, has_guardian=True)
    assert client.post(own("tester_agree", token), {"text": 1, "by_guardian": 1}).status_code == 422
    data = {"text": 1, "by_guardian": 1, "guardian": "Opiekun Zmyślony"}
    assert client.post(own("tester_agree", token), data).status_code == 302
    tester.refresh_from_db()
    assert tester.state == TesterState.INVITED
    client.post(own("tester_agree", token), {"text": 1})
    tester.refresh_from_db()
    assert tester.state == TesterState.AGREED


def test_the_innovator_does_everything_by_buttons(client: Client, test: Test) -> None:
    token = innovator_token(test)
    page = client.post(reverse("trials:tester_invite", args=[token]), {"name": "Jan Zmyślony"})
    assert "/tester/" in page.content.decode()
    do = reverse("trials:tester_do", args=[token, "T01"])
    client.post(do, {"do": "paper", "who": "tester"})
    assert Tester.objects.get().state == TesterState.AGREED
    assert "/tester/" in client.post(do, {"do": "link"}).content.decode()
    client.post(do, {"do": "take"})
    client.post(do, {"do": "left"})
    assert Tester.objects.get().state == TesterState.LEFT
    assert client.post(do, {"do": "nonsense"}).status_code == 302
    assert client.get(reverse("trials:tester_one", args=[token, "T01"])).status_code == 200
    assert client.get(reverse("trials:tester_one", args=[token, "T99"])).status_code == 404


def innovator_token(test: Test) -> str:
    """A link of the innovator that the test knows."""
    token = new_token()
    application = test.innovation.application
    assert application is not None
    application.token_hash = token_hash(token)
    application.save(update_fields=["token_hash"])
    return token


# --- nothing leaks ----------------------------------------------------------------------------------


def leaks(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


@pytest.fixture
def full(test: Test) -> tuple[Test, str]:
    """A test with one tester of whom everything is known, open to everybody."""
    tester, token = zofia(test, has_guardian=True, guardian=SECRETS[4])
    acts.agree(tester, text_of(test))
    acts.agree(tester, text_of(test), by_guardian=True)
    Test.objects.filter(pk=test.pk).update(is_open=True, call_pl="Szukamy.", accessible="Parter.")
    Innovation.objects.update(is_public=True, public_pl="Opis.")
    test.refresh_from_db()
    return test, token


def test_no_event_and_no_letter_knows_a_tester(full: tuple[Test, str]) -> None:
    acts.leave(Tester.objects.get())
    rows = list(Event.objects.values())
    assert rows
    assert not leaks(json.dumps(rows, cls=DjangoJSONEncoder, ensure_ascii=False))
    assert not Letter.objects.filter(object_type="trials.tester").exists()


def test_what_a_tester_does_is_never_tied_to_an_account(
    client_of: As, full: tuple[Test, str], stranger: Actor
) -> None:
    """Even when somebody is signed in while she opens the link."""
    _test, token = full
    client_of(stranger).post(own("tester_leave", token), {"why": ""})
    assert Event.objects.get(act="trials.tester_left").user is None


def test_the_database_holds_nothing_readable(full: tuple[Test, str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM trials_tester")
        assert not leaks(str(cursor.fetchall()))


def test_public_pages_show_nobody(client: Client, full: tuple[Test, str]) -> None:
    test, _token = full
    slug = test.innovation.slug
    urls = [reverse("trials:open_tests"), reverse("trials:open_test", args=[slug])]
    urls += [reverse("trials:journey", args=[slug]), reverse("trials:journeys"), reverse("trials:grants")]
    for url in urls:
        text = client.get(url).content.decode()
        assert not leaks(text), url
        assert "T01" not in text, url


def test_a_testers_link_opens_her_own_page_alone(client: Client, full: tuple[Test, str]) -> None:
    test, _token = full
    other, other_token = small.invited(test, "Inna Osoba")
    text = client.get(own("tester", other_token)).content.decode()
    assert "Inna Osoba" in text
    assert not leaks(text)
    assert client.get(own("tester", other_token + "x")).status_code == 404
    assert client.get(reverse("trials:test", args=[other_token])).status_code == 404
    assert client.get(own("tester", innovator_token(test))).status_code == 404
    assert (other.code in text, "T01" in text) == (True, False)


def test_lists_show_codes_until_names_are_opened_and_that_is_kept(
    client: Client, client_of: As, full: tuple[Test, str], manager: Actor, mentor: Actor
) -> None:
    test, _token = full
    innovations.name_mentor(manager, test.innovation, mentor.user)
    url = reverse("trials:team_testers", args=[test.innovation.pk])
    assert not leaks(client_of(manager).get(url).content.decode())
    assert not leaks(client_of(mentor).get(url).content.decode())
    assert client_of(mentor).post(url, {"names": 1}).status_code == 403
    assert not Event.objects.filter(act="trials.testers_shown").exists()
    assert leaks(client_of(manager).post(url, {"names": 1}).content.decode())
    assert Event.objects.filter(act="trials.testers_shown", user=manager.user).exists()
    ours = reverse("trials:testers", args=[innovator_token(test)])
    assert not leaks(client.get(ours).content.decode())
    assert leaks(client.post(ours, {"names": 1}).content.decode())


def test_one_tester_is_a_code_to_the_team_and_the_mentor(
    client_of: As, full: tuple[Test, str], manager: Actor, mentor: Actor
) -> None:
    test, _token = full
    innovations.name_mentor(manager, test.innovation, mentor.user)
    for name in ("team_test", "team_measurements", "team_diary", "team_innovation"):
        text = client_of(manager).get(reverse(f"trials:{name}", args=[test.innovation.pk])).content.decode()
        assert not leaks(text), name
    url = reverse("trials:team_tester_one", args=[test.innovation.pk, "T01"])
    for actor in (manager, mentor):
        assert not leaks(client_of(actor).get(url).content.decode())


def test_a_tester_of_another_test_is_not_found(
    client: Client, full: tuple[Test, str], make_innovation: Make
) -> None:
    other = small.planned(make_innovation("iws2")[0])
    token = innovator_token(other)
    assert client.get(reverse("trials:tester_one", args=[token, "T01"])).status_code == 404
    assert client.post(reverse("trials:tester_do", args=[token, "T01"]), {"do": "left"}).status_code == 404
