"""The council: the list in the order of the ranking, recommendations with reasons, nobody who is linked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from krzew.accounts.actors import Actor
from krzew.accounts.permissions import Denied
from krzew.calls import decisions_protocol
from krzew.calls.acts import council as acts
from krzew.calls.acts import selection
from krzew.calls.acts.steps import Conflict as Changed
from krzew.calls.models import Advice, Application, Assessor, Call, Conflict
from krzew.timeline.models import Event
from tests.calls.selection_factory import assessed, iws_points

ClientOf = Callable[[Actor], Client]
WHY = "Odpowiada na potrzebę, której nikt w regionie nie podjął."
GOOD, FAIR = iws_points((9, 8, 8, 8, 8), (5, 5, 5)), iws_points((6, 5, 5, 5, 5), (4, 4, 4))


@pytest.fixture
def listed(call: Call, manager: Actor, make_application: Callable[..., Application]) -> list[Application]:
    """Two applications before the council: the second has more points."""
    rows = [make_application(call, email=f"osoba{n}@example.org") for n in range(2)]
    for row, points in zip(rows, (FAIR, GOOD), strict=True):
        assessed(row, points)
    selection.adopt(manager, selection.rank(manager, call, "ranking"))
    return [Application.objects.get(pk=row.pk) for row in rows]


def link(actor: Actor, call: Call, row: Application) -> None:
    home = call.programme.organisation
    assessor = Assessor.objects.create(user=actor.user, organisation=home)
    Conflict.objects.create(assessor=assessor, application=row, kind=Conflict.Kind.FAMILY)


def test_the_list_stands_in_the_order_of_the_ranking(
    call: Call, listed: list[Application], manager: Actor, client_of: ClientOf
) -> None:
    page = client_of(manager).get(reverse("calls:council", args=[call.slug])).content.decode()
    first, second = (reverse("calls:council_one", args=[call.slug, n]) for n in (2, 1))
    assert 0 < page.index(first) < page.index(second)


def test_a_recommendation_needs_its_reason_and_both_are_kept(
    call: Call, listed: list[Application], manager: Actor
) -> None:
    with pytest.raises(ValidationError):
        acts.advise(manager, listed[0], "granted", reason="Tak.")
    made = acts.advise(manager, listed[0], "rejected_merit", reason=WHY, stepped_out="Ewa Próbna")
    assert (made.outcome, made.proposed, made.departs) == ("rejected_merit", "granted", True)
    assert Event.objects.filter(act="calls.council_advised", data__departs=True).count() == 1


def test_of_two_who_write_at_once_the_second_is_told(
    call: Call, listed: list[Application], manager: Actor, client_of: ClientOf
) -> None:
    first = acts.advise(manager, listed[0], "granted", reason=WHY)
    with pytest.raises(Changed):
        acts.advise(manager, listed[0], "reserve", reason=WHY, seen=0)
    data = {"outcome": "reserve", "reason": "Moje słowa, których nie wolno zgubić.", "seen": 0}
    answer = client_of(manager).post(reverse("calls:council_one", args=[call.slug, 1]), data)
    assert answer.status_code == 409
    assert data["reason"] in answer.content.decode()
    assert Advice.objects.get() == first


def test_who_is_linked_takes_no_part(
    call: Call, listed: list[Application], manager: Actor, client_of: ClientOf
) -> None:
    link(manager, call, listed[0])
    with pytest.raises(Denied):
        acts.advise(manager, listed[0], "granted", reason=WHY)
    page = client_of(manager).get(reverse("calls:council_one", args=[call.slug, 1])).content.decode()
    assert 'name="reason"' not in page
    assert str(manager.user) in page  # among the known links
    acts.advise(manager, listed[1], "granted", reason=WHY)


def test_the_council_ends_when_everything_is_said_and_the_decision_shows_it(
    call: Call, listed: list[Application], manager: Actor, client_of: ClientOf
) -> None:
    acts.advise(manager, listed[0], "reserve", reason=WHY, stepped_out="Ewa Próbna")
    with pytest.raises(ValidationError):
        acts.close_council(manager, call, "strategic")
    acts.advise(manager, listed[1], "granted", reason=WHY)
    assert acts.close_council(manager, call, "strategic") == 2
    assert set(Application.objects.values_list("stage", flat=True)) == {"decision"}
    page = client_of(manager).get(reverse("calls:decision", args=[call.slug, 1])).content.decode()
    assert WHY in page
    assert "Ewa Próbna" in page
    sections: list[dict[str, Any]] = decisions_protocol.document(call)["sections"]
    assert any(WHY in str(section) and "Ewa Próbna" in str(section) for section in sections)


def test_a_form_with_nothing_chosen_loses_nothing(
    call: Call, listed: list[Application], manager: Actor, client_of: ClientOf
) -> None:
    answer = client_of(manager).post(reverse("calls:council_one", args=[call.slug, 1]), {"reason": WHY})
    assert answer.status_code == 422
    assert WHY in answer.content.decode()


def test_pages_ask_a_fixed_number_of_questions(
    call: Call,
    listed: list[Application],
    manager: Actor,
    client_of: ClientOf,
    django_assert_max_num_queries: Any,
) -> None:
    client = client_of(manager)
    with django_assert_max_num_queries(30):
        client.get(reverse("calls:council", args=[call.slug]))
    with django_assert_max_num_queries(30):
        client.get(reverse("calls:council_one", args=[call.slug, 1]))


def test_nobody_else_gets_in(
    call: Call, listed: list[Application], stranger: Actor, client_of: ClientOf
) -> None:
    client = client_of(stranger)
    assert client.get(reverse("calls:council", args=[call.slug])).status_code == 404
    assert client.get(reverse("calls:council_one", args=[call.slug, 1])).status_code == 404
    assert client.post(reverse("calls:council_close", args=[call.slug])).status_code == 404
