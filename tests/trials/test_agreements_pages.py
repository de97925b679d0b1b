"""Pages of agreements: the team writes and offers, the innovator signs by the link, strangers find nothing."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from krzew.accounts.actors import Actor
from krzew.trials.acts import agreements as acts
from krzew.trials.acts import innovations
from krzew.trials.models import Agreement, Innovation
from krzew.trials.states import AgreementState
from tests.trials import agreements_factory as make

pytestmark = pytest.mark.django_db
Make = Callable[..., tuple[Innovation, str]]
As = Callable[[Actor], Client]
DATA = {
    "amount": "40 000,00",
    "starts_on": "2027-01-01",
    "ends_on": "2027-12-31",
    "basis": "act_2022",
    "children": "no",
    "operator_name": "Ewa Wymyślona",
    "innovator_name": "Anna Zmyślona",
    "partners": "",
}


def url(name: str, innovation: Innovation, *more: object) -> str:
    return reverse(f"trials:{name}", args=[innovation.pk, "agreement", *more])


def test_from_the_first_click_to_the_agreement_in_force(
    client_of: As, make_innovation: Make, manager: Actor
) -> None:
    innovation, token = make.ready(make_innovation)
    team, here = client_of(manager), url("team_agreement", innovation)
    assert team.get(here).status_code == 200
    assert team.post(url("agreement_begin", innovation)).status_code == 302
    assert team.post(url("agreement_offer", innovation)).status_code == 422
    assert team.post(url("agreement_data", innovation), {**DATA, "revision": 0}).status_code == 302
    line = {"revision": 1, "action_1": "Spotkania", "cost_1": "40000"}
    assert team.post(url("agreement_plan", innovation), line).status_code == 302
    words = {"revision": 2, "title": "Kontrola", "text": "Grantobiorca poddaje się kontroli inkubatora."}
    assert team.post(url("agreement_clause", innovation, "control"), words).status_code == 302
    assert team.post(url("agreement_offer", innovation)).status_code == 302
    agreement = Agreement.objects.get(innovation=innovation)
    own = reverse("trials:agreement", args=[token, "agreement"])
    page = Client().get(own).content.decode()
    assert "Grantobiorca poddaje się kontroli inkubatora." in page
    signing = {"seen": agreement.content_hash, "read": "on", "typed": "Ktoś Inny"}
    assert Client().post(own, signing).status_code == 422
    assert Client().post(own, {**signing, "typed": "Anna Zmyślona"}).status_code == 302
    mine = agreement.signatures.get(side="operator")
    noted = {"signature": mine.pk, "on": timezone.localdate().isoformat(), "way": "electronic"}
    assert team.post(url("agreement_note", innovation), noted).status_code == 302
    agreement.refresh_from_db()
    assert agreement.state == AgreementState.SIGNED
    assert team.post(url("agreement_annex", innovation), {"why": ""}).status_code == 422
    assert team.post(url("agreement_annex", innovation), {"why": "Zmiana dat."}).status_code == 302
    assert team.get(here).status_code == 200


def test_a_draft_is_not_shown_to_the_innovator(make_innovation: Make, manager: Actor) -> None:
    innovation, token = make.ready(make_innovation)
    make.drafted(manager, innovation)
    page = Client().get(reverse("trials:agreement", args=[token, "agreement"])).content.decode()
    assert "§" not in page
    assert Client().get(reverse("trials:agreement_pdf", args=[token, "agreement", 1])).status_code == 404


def test_an_annex_shows_what_it_changes(client_of: As, make_innovation: Make, manager: Actor) -> None:
    innovation, _token = make.ready(make_innovation)
    annex = acts.annex(manager, make.concluded(manager, innovation), "Licencja.")
    acts.save_clause(
        manager, annex, seen=0, code="data", title="Dane osobowe", text="Strony chronią dane osobowe dzieci."
    )
    page = client_of(manager).get(url("team_agreement", innovation)).content.decode()
    assert "<ins>" in page
    assert "<del>" in page


def test_two_people_on_one_form_both_keep_their_words(
    client_of: As, make_innovation: Make, manager: Actor
) -> None:
    innovation, _token = make.ready(make_innovation)
    agreement = make.drafted(manager, innovation)
    seen, there = agreement.revision, url("agreement_plan", innovation)
    acts.save_plan(manager, agreement, seen=seen, rows=[(f"Jedno {n}", n) for n in (1, 2)])  # type: ignore[misc]
    typed = {"revision": seen, "action_1": "Drugie", "cost_1": "5"}
    page = client_of(manager).post(there, typed)
    assert page.status_code == 409
    assert all(words in page.content.decode() for words in ("Jedno 1", "Drugie"))
    assert client_of(manager).post(there, {**typed, "revision": seen + 1}).status_code == 302


@pytest.mark.parametrize("name", ["team_agreement", "agreement_data", "agreement_plan", "agreement_annex"])
def test_strangers_find_nothing_and_mentors_only_read(
    client_of: As, make_innovation: Make, manager: Actor, mentor: Actor, stranger: Actor, name: str
) -> None:
    innovation, _token = make.ready(make_innovation)
    make.drafted(manager, innovation)
    assert client_of(stranger).get(url(name, innovation)).status_code == 404
    assert Client().get(url(name, innovation)).status_code == 302
    innovations.name_mentor(manager, innovation, mentor.user)
    assert client_of(mentor).get(url(name, innovation)).status_code == (
        200 if name == "team_agreement" else 403
    )


def test_the_link_of_one_opens_nothing_of_another(make_innovation: Make, manager: Actor) -> None:
    innovation, _token = make.ready(make_innovation)
    _other, theirs = make_innovation("iws2")
    make.concluded(manager, innovation)
    assert Client().get(reverse("trials:agreement_pdf", args=[theirs, "agreement", 1])).status_code == 404
    assert "Anna Zmyślona" not in (
        Client().get(reverse("trials:agreement", args=[theirs, "agreement"])).content.decode()
    )


def test_the_pdf_is_tagged_and_has_polish_letters(
    client_of: As, make_innovation: Make, manager: Actor
) -> None:
    innovation, token = make.ready(make_innovation)
    make.concluded(manager, innovation)
    for page in (
        Client().get(reverse("trials:agreement_pdf", args=[token, "agreement", 1])),
        client_of(manager).get(url("team_agreement_pdf", innovation, 1)),
    ):
        assert page["Content-Type"] == "application/pdf"
        reader = PdfReader(io.BytesIO(page.content))
        root = reader.trailer["/Root"].get_object()
        assert root["/MarkInfo"]["/Marked"]  # type: ignore[index]
        assert "/StructTreeRoot" in root  # type: ignore[operator]
        text = " ".join(part.extract_text() for part in reader.pages)
        assert "Zmyślona" in text
        assert "Ławka, która pamięta" in text


@pytest.mark.parametrize("partners", [(), tuple(f"Osoba {n}" for n in range(20))])
def test_pages_ask_as_much_for_many_partners(
    client_of: As,
    make_innovation: Make,
    manager: Actor,
    partners: tuple[str, ...],
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    innovation, token = make.ready(make_innovation, partners=partners)
    make.concluded(manager, innovation)
    client = client_of(manager)
    with django_assert_max_num_queries(30):  # type: ignore[attr-defined]
        client.get(url("team_agreement", innovation))
    with django_assert_max_num_queries(30):  # type: ignore[attr-defined]
        Client().get(reverse("trials:agreement", args=[token, "agreement"]))
