"""Appeals: filed in time, looked at by another assessor who finds them on her desk, answered."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from krzew.accounts.actors import Actor
from krzew.accounts.permissions import Denied
from krzew.calls.acts import decisions as acts
from krzew.calls.acts import decisions_appeals as appeals
from krzew.calls.models import Appeal, Application, Call, Reading
from krzew.calls.states import Outcome
from krzew.timeline.working_days import add_working_days
from tests.calls.decisions_factory import (
    WHY,
    ClientOf,
    at_decision,
    make_assessed,
    niw,
    release,
    released,
)
from tests.calls.selection_factory import pool

fixtures = (niw, make_assessed, at_decision, released)


@pytest.fixture
def rejected(
    manager: Actor, niw: Call, at_decision: list[tuple[Application, str]]
) -> tuple[Application, str]:
    acts.decide(manager, at_decision[3][0], Outcome.REJECTED_MERIT, reason=WHY)
    acts.decide_as_proposed(manager, niw)
    release(manager, niw)
    row, token = at_decision[3]
    return Application.objects.get(pk=row.pk), token


def test_an_appeal_in_time_by_another_assessor(
    manager: Actor, niw: Call, rejected: tuple[Application, str], visitor: Client, client_of: ClientOf
) -> None:
    row, token = rejected
    url = reverse("calls:appeal_file", args=[token])
    assert visitor.post(url, {"text": "za krótko"}).status_code == 422
    text = "Proszę spojrzeć jeszcze raz na kryterium drugie: dane są w załączniku."
    assert visitor.post(url, {"text": text}).status_code == 302
    made = Appeal.objects.get()
    assert made.decide_by == add_working_days(timezone.localdate(), 5)
    assert visitor.post(url, {"text": text}).status_code == 422  # once against one decision
    same, other = Reading.objects.filter(application=row)[0].assessor, pool(niw, 5)[-1]
    with pytest.raises(ValidationError):
        appeals.give(manager, made, same)
    with pytest.raises(ValidationError):  # nobody looks again yet
        appeals.answer(manager, made, "upheld", "Kryterium drugie oceniono bez załącznika.")
    appeals.give(manager, made, other)
    made.refresh_from_db()
    reader = Actor.of(other.user)
    page = client_of(reader).get(reverse("calls:appeal", args=[made.pk]))
    assert page.status_code == 200
    appeals.answer(reader, made, "upheld", "Kryterium drugie oceniono bez załącznika.")
    row.refresh_from_db()
    assert (row.state, row.outcome, row.stage) == ("submitted", "", "decision")
    assert "załącznika" in visitor.get(reverse("calls:result", args=[token])).content.decode()
    html = client_of(manager).get(reverse("calls:after", args=[niw.slug])).content.decode()
    assert reverse("calls:decide_again", args=[niw.slug, row.number]) in html
    with pytest.raises(ValidationError):  # the pool of the call holds in an appeal too
        appeals.decide_again(manager, row, "granted", amount=Decimal(900_000), reason=WHY)
    appeals.decide_again(manager, row, "reserve", reason=WHY)
    row.refresh_from_db()
    assert row.state == "reserve"


def test_an_appeal_that_comes_too_late(rejected: tuple[Application, str]) -> None:
    row, _token = rejected
    row.decisions.update(released_at=timezone.now() - timedelta(days=20))
    with pytest.raises(ValidationError):
        appeals.file(Actor.anonymous(), row, "Proszę o ponowne spojrzenie na wniosek.", by_link=True)


def test_an_overdue_appeal_is_shown(
    manager: Actor, niw: Call, rejected: tuple[Application, str], client_of: ClientOf
) -> None:
    made = appeals.file(Actor.anonymous(), rejected[0], "Proszę o ponowne spojrzenie.", by_link=True)
    Appeal.objects.update(decide_by=timezone.localdate() - timedelta(days=1))
    for url in (reverse("calls:appeals", args=[niw.slug]), reverse("calls:appeal", args=[made.pk])):
        assert "notice clay" in client_of(manager).get(url).content.decode()


def test_nobody_else_answers_an_appeal(
    niw: Call,
    rejected: tuple[Application, str],
    stranger: Actor,
    visitor: Client,
    client_of: ClientOf,
) -> None:
    made = appeals.file(Actor.anonymous(), rejected[0], "Proszę o ponowne spojrzenie.", by_link=True)
    reader = Actor.of(pool(niw, 5)[-1].user)
    for actor in (stranger, reader):
        with pytest.raises(Denied):
            appeals.answer(actor, made, "dismissed", "Ocena była zgodna z zasadami naboru.")
        assert client_of(actor).get(reverse("calls:appeal", args=[made.pk])).status_code == 404
    assert visitor.get(reverse("calls:appeal", args=[made.pk])).status_code == 302


def test_an_appeal_waits_on_the_desk_of_its_assessor(
    manager: Actor, niw: Call, rejected: tuple[Application, str], visitor: Client, client_of: ClientOf
) -> None:
    text = "Proszę spojrzeć jeszcze raz na kryterium drugie: dane są w załączniku."
    visitor.post(reverse("calls:appeal_file", args=[rejected[1]]), {"text": text})
    made, other = Appeal.objects.get(), pool(niw, 5)[-1]
    desk, address = reverse("calls:assessments"), reverse("calls:appeal", args=[made.pk])
    assert address not in client_of(Actor.of(other.user)).get(desk).content.decode()
    appeals.give(manager, made, other)
    assert address in client_of(Actor.of(other.user)).get(desk).content.decode()
    assert address not in client_of(Actor.of(pool(niw, 5)[0].user)).get(desk).content.decode()
    appeals.answer(Actor.of(other.user), made, "dismissed", "Ocena była zgodna z zasadami naboru.")
    assert address not in client_of(Actor.of(other.user)).get(desk).content.decode()
