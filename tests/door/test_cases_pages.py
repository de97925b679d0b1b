"""Pages of cases: the author by the link, the office's inbox, an expert, strangers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from krzew.accounts.actors import Actor
from krzew.door.acts import canned, cases
from krzew.door.models import Case
from krzew.door.states import CaseState

pytestmark = pytest.mark.django_db
Make = Callable[..., tuple[Case, str]]
As = Callable[[Actor], Client]


def test_the_author_reads_and_writes_by_the_link_alone(
    client: Client, make_case: Make, officer: Actor
) -> None:
    row, token = make_case()
    cases.note(officer, row, "Uwaga wewnętrzna")
    cases.answer(officer, row, "Odpowiedź urzędu")
    url = reverse("door:case", args=[token])
    text = client.get(url).content.decode()
    assert "Odpowiedź urzędu" in text
    assert "Uwaga wewnętrzna" not in text
    assert "Gubię się" not in text.split("</title>")[0]
    assert client.post(url, {"text": ""}).status_code == 422
    assert client.post(url, {"text": "Dziękuję bardzo."}).status_code == 302
    assert row.messages.count() == 4
    assert client.get(reverse("door:case", args=[row.label.replace("/", "-")])).status_code == 404


def test_taking_back_asks_first(client: Client, make_case: Make) -> None:
    row, token = make_case()
    url = reverse("door:case_withdraw", args=[token])
    assert client.get(url).status_code == 200
    assert row.messages.exists()
    client.post(url)
    assert not row.messages.exists()
    assert client.get(reverse("door:case", args=[token])).status_code == 200


def test_the_inbox_answers_keeps_drafts_and_closes(client_of: As, make_case: Make, officer: Actor) -> None:
    row, _token = make_case()
    client, url = client_of(officer), reverse("door:case_answer", args=[row.pk])
    assert row.label in client.get(reverse("door:inbox")).content.decode()
    assert client.post(url, {"revision": 0, "text": "Szkic", "go": "draft"}).status_code == 302
    page = client.get(reverse("door:team_case", args=[row.pk])).content.decode()
    assert "Szkic" in page
    assert client.post(url, {"revision": 0, "text": "Inny", "go": "draft"}).status_code == 409
    assert client.post(url, {"revision": 1, "text": " ", "go": "send"}).status_code == 422
    client.post(url, {"revision": 1, "text": "Gotowe.", "go": "close"})
    row.refresh_from_db()
    assert (row.state, row.draft) == (CaseState.CLOSED, None)
    client.post(reverse("door:case_reopen", args=[row.pk]))
    row.refresh_from_db()
    assert row.state == CaseState.OFFICE


def test_a_ready_answer_is_put_into_the_draft(client_of: As, make_case: Make, officer: Actor) -> None:
    row, _token = make_case()
    ready = canned.keep_canned(officer, None, title="Leki", text_pl="Prosimy o kontakt z poradnią.")
    page = client_of(officer).get(reverse("door:team_case", args=[row.pk]), {"canned": ready.pk})
    assert "Prosimy o kontakt z poradnią." in page.content.decode()


def test_an_expert_gets_this_case_and_no_other(
    client_of: As, make_case: Make, officer: Actor, expert: Actor
) -> None:
    (row, _t), (other, _u) = make_case(), make_case()
    client = client_of(officer)
    bad = client.post(reverse("door:case_hand", args=[row.pk]), {"email": "nikt@example.org"})
    assert bad.status_code == 422
    client.post(reverse("door:case_hand", args=[row.pk]), {"email": "ewa@example.org", "why": "Leki"})
    hers = client_of(expert)
    assert hers.get(reverse("door:team_case", args=[row.pk])).status_code == 200
    assert hers.get(reverse("door:team_case", args=[other.pk])).status_code == 404
    assert hers.post(reverse("door:case_assign", args=[row.pk]), {}).status_code == 403


def test_strangers_and_visitors_find_nothing(
    client_of: As, client: Client, make_case: Make, officer: Actor, other_office: Actor
) -> None:
    row, _token = make_case()
    cases.answer(officer, row, "Odpowiadamy.")
    url = reverse("door:team_case", args=[row.pk])
    assert client_of(other_office).get(url).status_code == 404
    assert client.get(url).status_code == 302


def test_taking_down_gives_a_card_with_the_link_once(client_of: As, officer: Actor) -> None:
    client = client_of(officer)
    data = {"kind": "need", "text": "Nie mam czym palić.", "phone": "600 000 000", "urgent": "on"}
    page = client.post(reverse("door:key_in_case"), data).content.decode()
    row = Case.objects.get()
    assert row.label in page
    assert row.urgent
    assert row.organisation == officer.organisation


def test_who_has_it_and_by_when(client_of: As, make_case: Make, officer: Actor) -> None:
    row, _token = make_case()
    url = reverse("door:case_assign", args=[row.pk])
    assert officer.user is not None
    client = client_of(officer)
    assert client.post(url, {"to": officer.user.pk, "due_on": "2020-01-01"}).status_code == 422
    assert client.post(url, {"to": officer.user.pk, "due_on": ""}).status_code == 302
    row.refresh_from_db()
    assert (row.assigned_to, row.due_on) == (officer.user, None)


def test_the_inbox_asks_as_much_for_many_as_for_one(
    client_of: As, make_case: Make, officer: Actor, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for _n in range(12):
        make_case()
    client = client_of(officer)
    with django_assert_max_num_queries(25):  # type: ignore[attr-defined]
        client.get(reverse("door:inbox"))
