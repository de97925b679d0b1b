"""Pages of an innovation as a whole: the innovator, the team, the mentor, strangers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from krzew.accounts.actors import Actor
from krzew.trials.acts import innovations as acts
from krzew.trials.models import Innovation
from krzew.trials.states import InnovationState
from tests.trials import factory

pytestmark = pytest.mark.django_db
Make = Callable[..., tuple[Innovation, str]]
As = Callable[[Actor], Client]


def test_the_innovator_sees_every_step_by_the_link_alone(client: Client, make_innovation: Make) -> None:
    row, token = make_innovation()
    page = client.get(reverse("trials:innovation", args=[token]))
    assert page.status_code == 200
    for label in ("Porozumienie o współpracy", "Test w małej skali", "Wybór do upowszechniania"):
        assert label in page.content.decode()
    assert client.get(reverse("trials:innovation", args=["nonsense"])).status_code == 404
    assert client.get(reverse("trials:innovation", args=[f"own-{row.pk}"])).status_code == 404


def test_the_team_begins_and_sees_the_list(client_of: As, manager: Actor) -> None:
    assert manager.organisation is not None
    call = factory.call(manager.organisation)
    factory.selected(call, 1)
    client = client_of(manager)
    assert "1" in client.get(reverse("trials:innovations")).content.decode()
    client.post(reverse("trials:begin", args=[call.slug]))
    text = client.get(reverse("trials:innovations")).content.decode()
    assert "Ławka, która pamięta 1" in text


def test_the_list_asks_as_much_for_many_as_for_one(
    client_of: As, manager: Actor, django_assert_max_num_queries: Callable[..., object]
) -> None:
    assert manager.organisation is not None
    call = factory.call(manager.organisation)
    for number in range(1, 9):
        acts.begin(manager, factory.selected(call, number)[0])
    client = client_of(manager)
    with django_assert_max_num_queries(25):  # type: ignore[attr-defined]
        client.get(reverse("trials:innovations"))


@pytest.mark.parametrize("name", ["team_innovation", "mentor", "describe", "terminate"])
def test_strangers_find_nothing(
    client_of: As, client: Client, make_innovation: Make, stranger: Actor, mentor: Actor, name: str
) -> None:
    row, _token = make_innovation()
    url = reverse(f"trials:{name}", args=[row.pk])
    assert client_of(stranger).get(url).status_code == 404
    assert client_of(mentor).get(url).status_code == 404
    assert Client().get(url).status_code == 302


def test_a_mentor_reads_but_does_not_manage(
    client_of: As, make_innovation: Make, manager: Actor, mentor: Actor
) -> None:
    row, _token = make_innovation()
    acts.name_mentor(manager, row, mentor.user)
    client = client_of(mentor)
    assert client.get(reverse("trials:team_innovation", args=[row.pk])).status_code == 200
    assert client.get(reverse("trials:describe", args=[row.pk])).status_code == 403


def test_two_who_describe_at_once_both_keep_their_words(
    client_of: As, make_innovation: Make, manager: Actor
) -> None:
    row, _token = make_innovation()
    client, url = client_of(manager), reverse("trials:describe", args=[row.pk])
    acts.present(
        manager, row, seen=0, public_pl="Pierwsza.", public_en="", shows_innovator=False, is_public=True
    )
    page = client.post(url, {"revision": 0, "public_pl": "Druga.", "public_en": ""})
    assert page.status_code == 409
    assert "Pierwsza." in page.content.decode()
    assert "Druga." in page.content.decode()
    assert client.post(url, {"revision": 1, "public_pl": "Druga.", "public_en": ""}).status_code == 302


def test_giving_up_and_ending_ask_for_a_reason(
    client: Client, client_of: As, make_innovation: Make, manager: Actor
) -> None:
    row, token = make_innovation()
    url = reverse("trials:resign", args=[token])
    assert client.get(url).status_code == 200
    assert client.post(url, {"why": ""}).status_code == 422
    client.post(url, {"why": "Nie mamy już czasu."})
    row.refresh_from_db()
    assert row.state == InnovationState.RESIGNED
    other, _token = make_innovation()
    client_of(manager).post(reverse("trials:terminate", args=[other.pk]), {"why": "Złamanie umowy."})
    other.refresh_from_db()
    assert other.state == InnovationState.TERMINATED
