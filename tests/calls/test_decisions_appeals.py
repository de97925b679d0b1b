"""Appeals: filed in time, looked at by another assessor who finds them on her desk, answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from krzew.accounts.actors import Actor
from krzew.accounts.permissions import Denied
from krzew.calls.acts import decisions as acts
from krzew.calls.acts import decisions_appeals as appeals
from krzew.calls.acts import selection
from krzew.calls.definition import plain, read, templates
from krzew.calls.definition.problems import BadDefinition
from krzew.calls.models import Appeal, Application, Call, Reading
from krzew.calls.states import Outcome
from krzew.timeline.models import Letter
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

MakeAssessed = Callable[..., Any]
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


# --- days by the kind of decision ---------------------------------------------------------------------


def _two_rules(call: Call) -> None:
    """Formal decisions may be appealed within three working days, decisions on merit within ten."""
    rules = call.definition["stages"]
    first = next(stage for stage in rules if stage["kind"] == "appeal")
    first |= {"against": ["rejected_formal"], "working_days": 3}
    merit = first | {"code": "appeal_merit", "against": ["rejected_merit"], "working_days": 10}
    rules.insert(rules.index(first) + 1, merit)
    call.save()
    call.__dict__.pop("rules", None)


def test_each_kind_of_decision_has_its_own_days(
    manager: Actor, niw: Call, make_assessed: MakeAssessed
) -> None:
    _two_rules(niw)
    rows = [make_assessed(points) for points in (45, 40, 35, 30)]
    selection.adopt(manager, selection.rank(manager, niw, "ranking"))
    acts.decide(manager, Application.objects.get(pk=rows[3][0].pk), Outcome.REJECTED_MERIT, reason=WHY)
    acts.decide_as_proposed(manager, niw)
    release(manager, niw)
    row = Application.objects.get(pk=rows[3][0].pk)
    found = appeals.may_appeal(row)
    assert found is not None
    assert found[0].code == "appeal_merit"
    letter = Letter.objects.filter(object_type="calls.application", object_id=str(row.pk)).latest("pk")
    assert "10" in letter.body.split("odwoł")[-1]
    won = Application.objects.get(pk=rows[0][0].pk)
    assert won.call.rules.stage(won.stage).kind != "appeal"


def test_two_rules_against_one_decision_are_a_contradiction() -> None:
    data = plain(templates()["niw"])
    first = next(stage for stage in data["stages"] if stage["kind"] == "appeal")
    data["stages"].append(first | {"code": "appeal_more"})
    with pytest.raises(BadDefinition, match=first["against"][0]):
        read(data)


def test_a_new_decision_stays_within_what_was_asked_for(
    manager: Actor, niw: Call, rejected: tuple[Application, str]
) -> None:
    row, _token = rejected
    appeal = appeals.file(Actor.anonymous(), row, "Proszę spojrzeć jeszcze raz na budżet.", by_link=True)
    other = pool(niw, 3)[2]
    appeals.give(manager, appeal, other)
    appeals.answer(manager, appeal, "upheld", "Druga osoba oceniła wniosek inaczej niż pierwsza.")
    row = Application.objects.get(pk=row.pk)
    assert row.amount is not None
    for amount in (row.amount + 1, Decimal(0), Decimal(-5)):
        with pytest.raises(ValidationError, match=r"Grant|grant"):
            appeals.decide_again(manager, row, Outcome.GRANTED, amount=amount, reason=WHY)
    assert Application.objects.get(pk=row.pk).state == "submitted"
