"""The board: nothing is shown before it is read, and no address is ever shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from krzew.accounts.actors import Actor
from krzew.accounts.permissions import Denied
from krzew.door.acts import board as acts
from krzew.door.models import Case, Offer
from krzew.door.states import CaseState, OfferState, ReplyState
from krzew.timeline.models import Event, Letter

pytestmark = pytest.mark.django_db
As = Callable[[Actor], Client]
NOTICE: dict[str, Any] = {
    "kind": "offer",
    "subject": "premises",
    "title": "Pusta szkoła",
    "text": "Oddamy dwie sale na warsztat, ogrzewane, bez schodów.",
    "email": "autor@example.org",
    "shown_as": "Gmina Zmyślona",
}
ANSWER = {"text": "Chętnie obejrzymy sale.", "email": "chetny@example.org", "name": "Osoba Chętna"}


def put(**fields: Any) -> tuple[Offer, str]:
    return acts.put_in(Actor.anonymous(), consent=True, **(NOTICE | fields))


def test_a_notice_is_a_case_and_is_not_shown_before_it_is_read(client: Client, officer: Actor) -> None:
    offer, _token = put()
    assert Case.objects.get().object_id == str(offer.pk)
    assert "Pusta szkoła" not in client.get(reverse("door:board")).content.decode()
    acts.publish(officer, offer)
    assert "Pusta szkoła" in client.get(reverse("door:board")).content.decode()
    assert Case.objects.get().state == CaseState.CLOSED


def test_no_address_is_ever_shown(client: Client, client_of: As, officer: Actor) -> None:
    offer, token = put()
    acts.publish(officer, offer)
    client.post(reverse("door:notice", args=[offer.pk]), ANSWER | {"consent": "on"})
    pages = [reverse("door:board"), reverse("door:notice", args=[offer.pk])]
    for url in pages:
        text = client.get(url).content.decode()
        for secret in ("autor@", "chetny@", "Osoba Chętna"):
            assert secret not in text
    assert "chetny@" not in client.get(reverse("door:offer", args=[token])).content.decode()
    assert "@" not in str(list(Event.objects.values_list("data", flat=True)))


def test_an_answer_goes_through_the_office(client: Client, officer: Actor) -> None:
    offer, _token = put()
    acts.publish(officer, offer)
    row = acts.reply(Actor.anonymous(), offer, consent=True, **ANSWER)
    assert not Letter.objects.filter(to_email="autor@example.org", body__contains="obejrzymy").exists()
    acts.pass_on(officer, row)
    letter = Letter.objects.get(to_email="autor@example.org", body__contains="obejrzymy")
    assert "chetny@example.org" in letter.body
    assert row.state == ReplyState.PASSED_ON


def test_only_the_office_moderates(client_of: As, officer: Actor, expert: Actor, client: Client) -> None:
    offer, _token = put()
    for actor in (expert, Actor.anonymous()):
        with pytest.raises(Denied):
            acts.publish(actor, offer)
    url = reverse("door:team_offer", args=[offer.pk])
    assert client_of(expert).get(url).status_code == 404
    assert client.get(url).status_code == 302
    assert "autor@example.org" in client_of(officer).get(url).content.decode()


def test_sent_back_mended_and_read_again(client: Client, client_of: As, officer: Actor) -> None:
    offer, token = put()
    team = client_of(officer)
    settle = reverse("door:moderate", args=[offer.pk])
    assert team.post(settle, {"go": "return", "why": ""}).status_code == 422
    team.post(settle, {"go": "return", "why": "Gdzie to jest?"})
    page = reverse("door:offer", args=[token])
    assert "Gdzie to jest?" in client.get(page).content.decode()
    client.post(page, NOTICE | {"text": "Sale są w Zmyślonej, przy drodze.", "consent": "on"})
    offer.refresh_from_db()
    assert offer.state == OfferState.WAITING
    team.post(settle, {"go": "publish"})
    offer.refresh_from_db()
    assert offer.state == OfferState.PUBLISHED
    client.post(reverse("door:offer_close", args=[token]))
    assert client.get(reverse("door:notice", args=[offer.pk])).status_code == 404


def test_an_old_notice_leaves_the_board(client: Client, officer: Actor) -> None:
    offer, _token = put(until=timezone.localdate())
    acts.publish(officer, offer)
    Offer.objects.update(until=timezone.localdate() - timedelta(days=1))
    offer.refresh_from_db()
    assert client.get(reverse("door:notice", args=[offer.pk])).status_code == 404
    with pytest.raises(ValidationError):
        acts.reply(Actor.anonymous(), offer, consent=True, **ANSWER)


def test_what_lacks_is_named_and_nothing_typed_is_lost(client: Client) -> None:
    page = client.post(reverse("door:new_offer"), NOTICE | {"email": "", "text": "Krótko"})
    assert page.status_code == 422
    assert "Krótko" in page.content.decode()
    assert not Offer.objects.exists()
    robot = client.post(reverse("door:new_offer"), NOTICE | {"consent": "on", "website": "x"})
    assert robot.status_code == 422
    assert client.post(reverse("door:new_offer"), NOTICE | {"consent": "on"}).status_code == 302


def test_the_board_asks_as_much_for_many_as_for_one(
    client: Client, officer: Actor, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for _n in range(8):
        acts.publish(officer, put()[0])
    with django_assert_max_num_queries(8):  # type: ignore[attr-defined]
        client.get(reverse("door:board"), {"kind": "offer", "subject": "premises"})
