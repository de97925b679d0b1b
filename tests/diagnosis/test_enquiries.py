"""“Bring it here”: both sides see where it stands, strangers see nothing, letters wait for release."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from krzew.accounts.actors import Actor
from krzew.accounts.permissions import Denied
from krzew.diagnosis.acts import enquiries as acts
from krzew.diagnosis.models import Diagnosis, Enquiry
from krzew.diagnosis.states import DIAGNOSIS, ENQUIRY, REPORT, EnquiryState, WrongState, mermaid
from krzew.library.models import Solution
from krzew.places.models import Unit
from krzew.timeline.models import Letter
from tests.diagnosis.conftest import CZARNKOW, WTZ

ROOT = Path(__file__).resolve().parents[2]
ClientOf = Callable[[Actor], Client]
HAVE = "Mamy budynek po szkole i warsztat w Gębicach."


@pytest.fixture
def enquiry(mayor: Actor, place: Unit) -> Enquiry:
    solution = Solution.objects.get(slug=WTZ)
    return acts.enquire(mayor, place, solution, contact_role="mayor", has_already=HAVE)


def page(row: Enquiry) -> str:
    return reverse("diagnosis:enquiry", args=[row.pk])


def test_a_gmina_asks_on_the_page(place: Unit, mayor: Actor, client_of: ClientOf) -> None:
    client, url = client_of(mayor), reverse("diagnosis:enquire", args=[WTZ])
    assert f'value="{CZARNKOW}"' in client.get(url).content.decode()
    answer = client.post(url, {"place": CZARNKOW, "contact_role": "mayor", "has_already": HAVE})
    row = Enquiry.objects.get()
    assert answer["Location"] == page(row)
    html = client.get(page(row)).content.decode()
    assert "zajmie się zapytaniem" in html  # who acts next


def test_an_error_in_the_form_loses_nothing(place: Unit, mayor: Actor, client_of: ClientOf) -> None:
    url = reverse("diagnosis:enquire", args=[WTZ])
    sent = {"place_text": "Nigdzie", "contact_role": "mayor", "why": "<i>bo tak</i>", "has_already": HAVE}
    answer = client_of(mayor).post(url, sent)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "&lt;i&gt;bo tak&lt;/i&gt;" in html
    assert HAVE in html
    assert not Enquiry.objects.exists()


def test_the_same_is_not_asked_twice(enquiry: Enquiry, mayor: Actor, place: Unit) -> None:
    with pytest.raises(ValidationError):
        acts.enquire(mayor, place, enquiry.solution, contact_role="mayor")


def test_who_sees_it(
    enquiry: Enquiry,
    adviser: Actor,
    outsider: Actor,
    mayor: Actor,
    editor: Actor,
    member: Actor,
    visitor: Client,
    client_of: ClientOf,
) -> None:
    """While nobody has taken it up every centre's adviser sees it; afterwards only the two sides do."""
    listing = reverse("diagnosis:enquiries")
    for actor, seen in ((adviser, True), (outsider, True), (mayor, True), (editor, False), (member, False)):
        client = client_of(actor)
        assert (page(enquiry) in client.get(listing).content.decode()) is seen
        assert client.get(page(enquiry)).status_code == (200 if seen else 404)
    acts.take_up(adviser, enquiry)
    stranger = client_of(outsider)
    assert stranger.get(page(enquiry)).status_code == 404
    assert HAVE not in stranger.get(listing).content.decode()
    assert visitor.get(page(enquiry)).status_code == 302


def test_the_adviser_sees_the_place_beside_it(
    enquiry: Enquiry, adviser: Actor, mayor: Actor, client_of: ClientOf
) -> None:
    html = client_of(adviser).get(page(enquiry)).content.decode()
    assert "Co o miejscu mówi statystyka publiczna" in html
    assert "warsztat terapii zajęciowej" in html
    assert (
        "Co o miejscu mówi statystyka publiczna" not in client_of(mayor).get(page(enquiry)).content.decode()
    )


def test_the_whole_way(
    enquiry: Enquiry, signed: Diagnosis, adviser: Actor, mayor: Actor, client_of: ClientOf
) -> None:
    client, theirs = client_of(adviser), client_of(mayor)
    diagnosis_page = reverse("diagnosis:detail", args=[signed.pk])
    client.post(reverse("diagnosis:take_up", args=[enquiry.pk]))
    assert theirs.get(diagnosis_page).status_code == 404
    client.post(reverse("diagnosis:attach", args=[enquiry.pk]), {"diagnosis": signed.pk})
    assert theirs.get(diagnosis_page).status_code == 200
    client.post(reverse("diagnosis:accept", args=[enquiry.pk]), {"reason": ""})
    enquiry.refresh_from_db()
    assert enquiry.state == EnquiryState.ACCEPTED
    letters = Letter.objects.all()
    assert {row.state for row in letters} == {"held"}
    assert letters.count() == 3
    assert all(row.to_email == "maria@example.org" for row in letters)
    assert mail.outbox == []


def test_a_released_letter_leaves(
    enquiry: Enquiry,
    adviser: Actor,
    outsider: Actor,
    client_of: ClientOf,
    django_capture_on_commit_callbacks: Any,
) -> None:
    acts.take_up(adviser, enquiry)
    with django_capture_on_commit_callbacks(execute=True):
        client_of(adviser).post(reverse("diagnosis:release", args=[enquiry.pk]))
    assert not Letter.objects.filter(state="held").exists()
    letter = Letter.objects.get()
    assert "Spółdzielnia socjalna przy warsztacie" in letter.body
    assert "OWES Próba" in letter.body


def test_declining_needs_a_reason_that_the_asker_reads(
    enquiry: Enquiry, adviser: Actor, mayor: Actor, client_of: ClientOf
) -> None:
    client, url = client_of(adviser), reverse("diagnosis:decline", args=[enquiry.pk])
    assert client.post(url, {"reason": "nie"}).status_code == 422
    client.post(url, {"reason": "W tym roku nie mamy już środków na dojazdy."})
    enquiry.refresh_from_db()
    assert enquiry.state == EnquiryState.DECLINED
    assert "nie mamy już środków" in client_of(mayor).get(page(enquiry)).content.decode()


def test_the_asker_withdraws_and_nobody_else(enquiry: Enquiry, adviser: Actor, mayor: Actor) -> None:
    with pytest.raises(Denied):
        acts.withdraw(adviser, enquiry)
    acts.withdraw(mayor, enquiry)
    assert enquiry.state == EnquiryState.WITHDRAWN
    with pytest.raises((WrongState, Denied)):
        acts.take_up(adviser, enquiry)


def test_a_mayor_does_not_answer_his_own_enquiry(enquiry: Enquiry, mayor: Actor) -> None:
    with pytest.raises(Denied):
        acts.take_up(mayor, enquiry)


def test_only_a_signed_diagnosis_of_the_same_place(
    enquiry: Enquiry, diagnosis: Diagnosis, adviser: Actor
) -> None:
    acts.take_up(adviser, enquiry)
    with pytest.raises(ValidationError):
        acts.attach_diagnosis(adviser, enquiry, diagnosis)


def test_steps_are_not_skipped(enquiry: Enquiry, adviser: Actor) -> None:
    with pytest.raises(WrongState):
        acts.accept(adviser, enquiry)


@pytest.mark.parametrize("table", [DIAGNOSIS, ENQUIRY, REPORT])
def test_diagrams_name_every_step(table: Any) -> None:
    drawn = mermaid(table)
    assert all(f": {t.act} (" in drawn for t in table)


def test_queries_do_not_grow(
    enquiry: Enquiry, mayor: Actor, client_of: ClientOf, django_assert_max_num_queries: Any
) -> None:
    client, url = client_of(mayor), reverse("diagnosis:enquiries")
    client.get(url)
    with django_assert_max_num_queries(20) as few:
        client.get(url)
    for solution in Solution.objects.exclude(slug=WTZ)[:8]:
        acts.enquire(mayor, enquiry.place, solution, contact_role="mayor")
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(url)


@pytest.mark.parametrize(("name", "table"), [("diagnosis", DIAGNOSIS), ("bring-it-here", ENQUIRY)])
def test_the_documentation_shows_the_declared_states(name: str, table: Any) -> None:
    text = (ROOT / "docs" / "flows" / f"{name}.md").read_text(encoding="utf-8")
    assert mermaid(table) in text
