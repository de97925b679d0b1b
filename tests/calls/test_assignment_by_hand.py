"""Who assesses what, said by a person: a list, or one application to one assessor."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from krzew.accounts.actors import Actor
from krzew.accounts.permissions import Denied
from krzew.calls.acts import assignment
from krzew.calls.acts import assignment_by_hand as acts
from krzew.calls.acts.assignment_by_hand import Line
from krzew.calls.models import Application, Assessor, AssignmentPlan, Call, Conflict, Reading
from krzew.timeline.models import Event, Letter
from tests.calls.factories_assessment import give, make_assessor, make_sent

ClientOf = Callable[[Actor], Client]
DESK = "https://example.org/desk"
WHY = "Zna tę gminę i nic jej z nią nie łączy."


@pytest.fixture
def niw(make_call: Callable[..., Call]) -> Call:
    return make_call("niw")


@pytest.fixture
def people(niw: Call) -> list[Assessor]:
    return [make_assessor(niw.programme.organisation, most=10) for _n in range(4)]


@pytest.fixture
def sent(niw: Call) -> list[Application]:
    return [make_sent(niw, "merit") for _n in range(3)]


def line(at: int, application: Application, assessor: Assessor) -> Line:
    return Line(at, application.label, assessor.user.email)


def due() -> Any:
    return timezone.localdate() + timedelta(days=14)


def test_a_list_is_a_proposal_that_somebody_adopts(
    manager: Actor, niw: Call, people: list[Assessor], sent: list[Application]
) -> None:
    lines = [
        line(1, sent[0], people[0]),
        line(2, sent[0], people[1]),
        Line(3, "2", people[2].user.email.upper()),
    ]
    plan = acts.take_list(manager, niw, "merit", lines)
    assert not Reading.objects.exists()
    assert plan.proposal["said"]["pl"][1].startswith("2 ")
    made = assignment.adopt(manager, plan, due_on=due(), desk=DESK)
    pairs = {(r.application_id, r.assessor_id) for r in made}
    assert pairs == {(sent[0].pk, people[0].pk), (sent[0].pk, people[1].pk), (sent[1].pk, people[2].pk)}
    assert set(Letter.objects.values_list("state", flat=True)) == {"held"}


def test_every_unknown_line_is_named_and_nothing_is_kept(
    manager: Actor, niw: Call, people: list[Assessor], sent: list[Application]
) -> None:
    lines = [
        line(1, sent[0], people[0]),
        Line(2, "1/099", people[0].user.email),
        Line(7, "1/001", "nikt@example.org"),
    ]
    with pytest.raises(ValidationError) as refused:
        acts.take_list(manager, niw, "merit", lines)
    two, seven = refused.value.messages
    assert "2" in two
    assert "1/099" in two
    assert "7" in seven
    assert "nikt@example.org" in seven
    assert not AssignmentPlan.objects.exists()


def test_the_hard_rules_hold_for_a_list(
    manager: Actor, niw: Call, people: list[Assessor], sent: list[Application]
) -> None:
    Conflict.objects.create(assessor=people[0], application=sent[0], kind="family")
    people[1].most = 1
    people[1].save()
    three = [line(n, sent[2], people[n]) for n in (0, 2, 3)]
    for lines, said in (
        ([line(1, sent[0], people[0])], str(people[0])),
        ([line(1, sent[0], people[1]), line(2, sent[1], people[1])], str(people[1])),
        (three, sent[2].label),
    ):
        with pytest.raises(ValidationError, match=said):
            acts.take_list(manager, niw, "merit", lines)


def test_what_is_given_out_already_adds_nothing(
    manager: Actor, niw: Call, people: list[Assessor], sent: list[Application]
) -> None:
    give(sent[0], people[0])
    with pytest.raises(ValidationError):
        acts.take_list(manager, niw, "merit", [line(1, sent[0], people[0])])
    plan = acts.take_list(manager, niw, "merit", [line(1, sent[0], people[0]), line(2, sent[0], people[1])])
    assert plan.proposal["pairs"] == [[people[1].pk, sent[0].pk]]


def test_a_stranger_lists_nothing(
    stranger: Actor, niw: Call, people: list[Assessor], sent: list[Application]
) -> None:
    with pytest.raises(Denied):
        acts.take_list(stranger, niw, "merit", [line(1, sent[0], people[0])])
    with pytest.raises(Denied):
        acts.give_one(stranger, sent[0], "merit", people[0], reason=WHY, due_on=due(), desk=DESK)


def test_one_application_to_one_more_person(
    manager: Actor, niw: Call, people: list[Assessor], sent: list[Application]
) -> None:
    with pytest.raises(ValidationError, match=r"zdani|sentence"):
        acts.give_one(manager, sent[0], "merit", people[0], reason="bo tak", due_on=due(), desk=DESK)
    reading = acts.give_one(manager, sent[0], "merit", people[0], reason=WHY, due_on=due(), desk=DESK)
    assert (reading.assigned_why, reading.third, reading.due_on) == (WHY, False, due())
    assert Letter.objects.get().state == "held"
    assert Event.objects.filter(act="calls.reading_given").count() == 1
    with pytest.raises(ValidationError):  # the same person twice
        acts.give_one(manager, sent[0], "merit", people[0], reason=WHY, due_on=due(), desk=DESK)
    acts.give_one(manager, sent[0], "merit", people[1], reason=WHY, due_on=due(), desk=DESK)
    with pytest.raises(ValidationError, match=sent[0].label):  # the rules ask for two
        acts.give_one(manager, sent[0], "merit", people[2], reason=WHY, due_on=due(), desk=DESK)


def test_by_pages_from_the_table_to_the_proposal(
    manager: Actor, niw: Call, people: list[Assessor], sent: list[Application], client_of: ClientOf
) -> None:
    team, stage = client_of(manager), [niw.slug, "merit"]
    Application.objects.filter(pk=sent[0].pk).update(title="=2+2")
    text = team.get(reverse("calls:assessment_list_csv", args=stage)).content.decode("utf-8-sig")
    assert "1/001" in text
    assert "'=2+2" in text
    page = reverse("calls:assessment_list", args=stage)
    assert page in team.get(reverse("calls:assessment_plan", args=stage)).content.decode()
    assert team.post(page, {"text": ""}).status_code == 422
    wrong = team.post(page, {"text": "1/044; nikt@example.org"})
    assert wrong.status_code == 422
    assert "1/044" in wrong.content.decode()
    email = people[0].user.email
    file = SimpleUploadedFile("lista.csv", f"Wniosek;Osoba\r\n1/001;{email};Rowery\r\n".encode("utf-8-sig"))
    answer = team.post(page, {"file": file})
    assert answer["Location"] == reverse("calls:assessment_plan", args=stage)
    assert AssignmentPlan.objects.get().proposal["pairs"] == [[people[0].pk, sent[0].pk]]
    assert team.get(answer["Location"]).status_code == 200


def test_giving_by_page_shows_only_who_may_have_it(
    manager: Actor, niw: Call, people: list[Assessor], sent: list[Application], client_of: ClientOf
) -> None:
    Conflict.objects.create(assessor=people[0], application=sent[0], kind="family")
    team, one = client_of(manager), [niw.slug, "merit", sent[0].pk]
    act = reverse("calls:assessment_give", args=one)
    day = due().isoformat()
    refused = team.post(act, {"assessor": people[0].pk, "reason": WHY, "due_on": day})
    assert refused.status_code == 422
    assert not Reading.objects.exists()
    team.post(act, {"assessor": people[1].pk, "reason": WHY, "due_on": day})
    team.post(act, {"assessor": people[2].pk, "reason": WHY, "due_on": day})
    assert Reading.objects.count() == 2
    with translation.override("pl"):
        page = team.get(reverse("calls:assessment_application", args=one)).content.decode()
    assert act not in page
    team.post(act, {"assessor": people[3].pk, "reason": WHY, "due_on": day})
    assert Reading.objects.count() == 2
