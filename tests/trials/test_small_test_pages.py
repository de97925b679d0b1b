"""Pages of the small test: both sides, strangers, two writers, what is typed kept, queries constant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from krzew.accounts.actors import Actor
from krzew.trials.acts import innovations
from krzew.trials.models import Diary, Innovation, Risk, Test
from krzew.trials.small.questions import questions
from krzew.trials.states import TestState
from tests.trials import agreements_factory as make
from tests.trials import small

pytestmark = pytest.mark.django_db
Make = Callable[..., tuple[Innovation, str]]
As = Callable[[Actor], Client]
PAGES = (
    *("test", "test_questions", "test_question_add", "test_learn", "test_basics", "test_phases"),
    *("test_profile", "test_call", "test_begin", "test_end", "test_stop", "testers", "tester_invite"),
    *("consent_text", "measurements", "diary", "risks"),
)
READ = ("test", "test_questions", "testers", "measurements", "diary", "risks", "test_learn", "test_stop")


@pytest.mark.parametrize("name", PAGES)
def test_the_innovator_the_team_and_the_mentor_see_it_and_strangers_do_not(
    client_of: As, make_innovation: Make, manager: Actor, mentor: Actor, stranger: Actor, name: str
) -> None:
    row, token = make_innovation("iws2")
    small.planned(row)
    innovations.name_mentor(manager, row, mentor.user)
    ours, teams = reverse(f"trials:{name}", args=[token]), reverse(f"trials:team_{name}", args=[row.pk])
    assert Client().get(ours).status_code == 200
    assert Client().get(ours.replace(token, "x" + token)).status_code == 404
    assert Client().get(ours.replace(token, f"own-{row.pk}")).status_code == 404
    assert client_of(manager).get(teams).status_code == 200
    assert client_of(mentor).get(teams).status_code == (200 if name in READ else 403)
    assert client_of(stranger).get(teams).status_code == 404
    assert Client().get(teams).status_code == 302


def test_from_nothing_to_a_planned_test(client: Client, make_innovation: Make) -> None:
    row, token = make_innovation("iws2")

    def url(name: str, *args: object) -> str:
        return reverse(f"trials:{name}", args=[token, *args])

    assert client.get(url("test")).status_code == 200
    assert client.get(url("test_questions")).status_code == 404
    client.post(url("test_plan"))
    asked = {"revision": 0, "label": "Czy działa?", "measure": "share", "answer": "yes_no", "people": 8}
    assert client.post(url("test_question_add"), asked).status_code == 422
    client.post(url("test_question_add"), asked | {"baseline": 30, "target": 80})
    test = Test.objects.get(innovation=row)
    assert [q.label for q in questions(test)] == ["Czy działa?"]
    assert test.planned_testers == 8
    until = (small.today() + timedelta(days=200)).isoformat()
    client.post(
        url("test_basics"), {"revision": 1, "where": "Dom", "planned_testers": 8, "keep_until": until}
    )
    client.post(url("test_profile"), {"revision": 2, "0-label": "kobiety", "0-planned": 4, "1-label": ""})
    today = small.today().isoformat()
    phase = {"0-label": "Próba", "0-kind": "test", "0-begins": today, "0-ends": until}
    client.post(url("test_phases"), {"revision": 3} | phase)
    test.refresh_from_db()
    assert test.plan["profile"] == [{"code": "kobiety", "label": "kobiety", "planned": 4}]
    assert test.starts_on == small.today()
    assert "kobiety" in client.get(url("test")).content.decode()
    page = client.post(url("test_question", "czy_dziala"), {"remove": 1, "revision": test.revision})
    assert page.status_code == 302
    test.refresh_from_db()
    assert not questions(test)


def test_phases_over_the_limit_come_back_with_what_was_typed(client: Client, make_innovation: Make) -> None:
    row, token = make_innovation("iws2")
    test = small.planned(row)
    until = (small.today() + timedelta(days=500)).isoformat()
    typed = {
        "0-label": "Długa próba",
        "0-kind": "test",
        "0-begins": small.today().isoformat(),
        "0-ends": until,
    }
    page = client.post(reverse("trials:test_phases", args=[token]), {"revision": test.revision} | typed)
    assert page.status_code == 422
    assert "Długa próba" in page.content.decode()


def test_two_who_plan_at_once_are_told(client: Client, make_innovation: Make) -> None:
    row, token = make_innovation("iws2")
    small.planned(row)
    until = (small.today() + timedelta(days=200)).isoformat()
    data = {"revision": 0, "where": "Nowe miejsce", "planned_testers": 8, "keep_until": until}
    page = client.post(reverse("trials:test_basics", args=[token]), data)
    assert page.status_code == 409
    assert "Nowe miejsce" in page.content.decode()


def test_what_can_be_learned_is_answered_while_typing(client: Client, make_innovation: Make) -> None:
    row, token = make_innovation("iws2")
    small.planned(row)
    url = reverse("trials:test_learn", args=[token])
    page = client.get(url, {"measure": "share", "baseline": "30", "target": "80", "people": "8"})
    assert "80%" in page.content.decode().replace("\u00a0", "")
    for broken in (
        {"measure": "x"},
        {"measure": "share", "people": "9" * 40},
        {"measure": "harm", "people": "-1"},
    ):
        assert client.get(url, broken).status_code == 200


def test_answers_are_typed_in_one_table_and_shown(client: Client, make_innovation: Make) -> None:
    row, token = make_innovation("iws2")
    small.begun(row, people=3)
    code = "czy_dojdziesz_sam_do_lekarza"
    url = reverse("trials:measure", args=[token, code, "after"])
    assert client.get(url).status_code == 200
    page = client.post(url, {"on": small.today().isoformat(), "T01": "1", "T02": "0", "T03": ""})
    assert page.status_code == 302
    assert client.post(url, {"on": small.today().isoformat(), "T01": "7"}).status_code == 422
    text = client.get(reverse("trials:measurements", args=[token])).content.decode()
    assert "1 z 2" in text or "1 of 2" in text
    assert client.get(reverse("trials:measure", args=[token, code, "before"])).status_code == 404


def test_harm_is_loud_on_every_page_of_the_test(client: Client, make_innovation: Make) -> None:
    row, token = make_innovation("iws2")
    small.begun(row, people=3)
    url = reverse("trials:measure", args=[token, "czy_cos_zabolalo", "during"])
    client.post(url, {"on": small.today().isoformat(), "T01": "1", "T02": "1", "T03": "0"})
    for name in ("test", "measurements"):
        assert 'role="alert"' in client.get(reverse(f"trials:{name}", args=[token])).content.decode()


def test_begin_and_stop_by_page(client: Client, client_of: As, make_innovation: Make, manager: Actor) -> None:
    row, token = make_innovation("iws2")
    test = small.planned(row)
    assert client.get(reverse("trials:test_begin", args=[token])).status_code == 200
    assert client.post(reverse("trials:test_begin", args=[token])).status_code == 422
    Test.objects.filter(pk=test.pk).update(state=TestState.RUNNING)
    assert client.post(reverse("trials:test_end", args=[token])).status_code == 422
    stop = reverse("trials:team_test_stop", args=[row.pk])
    assert client_of(manager).post(stop, {"why": ""}).status_code == 422
    assert client_of(manager).post(stop, {"why": "Za gorąco."}).status_code == 302
    assert "Za gorąco." in client.get(reverse("trials:test", args=[token])).content.decode()


# --- diary and risks --------------------------------------------------------------------------------


def test_two_fields_are_enough_for_the_diary(client: Client, make_innovation: Make) -> None:
    _row, token = make_innovation("iws2")
    url, today = reverse("trials:diary", args=[token]), small.today().isoformat()
    client.post(url, {"kind": "observation", "text": "T01 usiadła i słuchała.", "on": today})
    assert client.post(url, {"kind": "change", "text": "Ciszej.", "on": today}).status_code == 422
    assert client.post(url, {"kind": "visit", "text": "Wizyta.", "on": today}).status_code == 422
    client.post(url, {"kind": "change", "text": "Ciszej.", "on": today, "why": "Za głośno."})
    text = client.get(url, {"kind": "change"}).content.decode()
    assert "Za głośno." in text
    assert "usiadła" not in text
    assert Diary.objects.filter(by_innovator=True).count() == 2


def test_the_mentor_logs_hours_and_workshops(
    client_of: As, make_innovation: Make, manager: Actor, mentor: Actor
) -> None:
    row, _token = make_innovation("iws2")
    innovations.name_mentor(manager, row, mentor.user)
    url, client = reverse("trials:team_diary", args=[row.pk]), client_of(mentor)
    entry = {"kind": "support", "text": "Rozmowa o planie.", "on": small.today().isoformat()}
    assert client.post(url, entry).status_code == 422
    assert client.post(url, entry | {"hours": "2,5"}).status_code == 302
    workshop = entry | {"kind": "workshop"}
    assert client.post(url, workshop).status_code == 422
    said = "nikt z zespołu nie przyszedł"
    assert client.post(url, workshop | {"attended": "1"}).status_code == 302
    assert said not in client.get(url).content.decode()
    assert client.post(url, workshop | {"attended": "0"}).status_code == 302
    assert said in client.get(url).content.decode()
    assert "2,5" in client.get(url).content.decode().replace("2.5", "2,5")


def test_support_begins_with_the_cooperation_agreement(
    client_of: As, make_innovation: Make, manager: Actor, mentor: Actor
) -> None:
    row, _token = make.ready(make_innovation, "stocznia")
    innovations.name_mentor(manager, row, mentor.user)
    url, client = reverse("trials:team_diary", args=[row.pk]), client_of(mentor)
    entry = {"kind": "support", "text": "Rozmowa o planie.", "on": small.today().isoformat(), "hours": "2"}
    refused = client.post(url, entry)
    assert refused.status_code == 422
    assert "porozumieni" in refused.content.decode().lower()
    make.concluded(manager, row, "cooperation")
    before = (small.today() - timedelta(days=1)).isoformat()
    assert client.post(url, entry | {"on": before}).status_code == 422
    assert client.post(url, entry).status_code == 302
    assert Diary.objects.get().kind == "support"


def test_risks_stand_by_their_weight(client: Client, make_innovation: Make) -> None:
    _row, token = make_innovation("iws2")
    url = reverse("trials:risks", args=[token])
    client.post(url, {"text": "Deszcz", "likelihood": 1, "impact": 1, "answer": ""})
    client.post(
        url, {"text": "Nikt nie przyjdzie", "likelihood": 3, "impact": 3, "answer": "Zapraszamy osobiście."}
    )
    text = client.get(url).content.decode()
    assert text.index("Nikt nie przyjdzie") < text.index("Deszcz")
    first = Risk.objects.get(text="Nikt nie przyjdzie")
    data = {"text": first.text, "likelihood": 3, "impact": 3, "closed": "on", "happened_on": small.today()}
    assert client.post(reverse("trials:risk", args=[token, first.pk]), data).status_code == 302
    text = client.get(url).content.decode()
    assert text.index("Deszcz") < text.index("Nikt nie przyjdzie")
    other, other_token = make_innovation("iws2")
    assert client.get(reverse("trials:risk", args=[other_token, first.pk])).status_code == 404
    assert other.pk


# --- size -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["test", "testers", "measurements", "test_questions"])
def test_pages_ask_as_much_for_many_testers_as_for_few(
    client: Client,
    make_innovation: Make,
    django_assert_max_num_queries: Callable[..., object],
    name: str,
) -> None:
    row, token = make_innovation("iws2")
    small.begun(row, small.SHARE, small.PAIRED, small.HARM, people=12)
    with django_assert_max_num_queries(25):  # type: ignore[attr-defined]
        client.get(reverse(f"trials:{name}", args=[token]))


def test_a_table_of_answers_asks_little(
    client: Client, make_innovation: Make, django_assert_max_num_queries: Callable[..., object]
) -> None:
    row, token = make_innovation("iws2")
    small.begun(row, small.SHARE, people=12)
    url = reverse("trials:measure", args=[token, "czy_dojdziesz_sam_do_lekarza", "after"])
    with django_assert_max_num_queries(25):  # type: ignore[attr-defined]
        client.get(url)
