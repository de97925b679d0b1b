"""A case has a number and a link; both sides write; who may read it, and what never leaves it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from krzew.accounts.actors import Actor
from krzew.accounts.permissions import Denied
from krzew.calls.acts.steps import Conflict
from krzew.door.acts import cases as acts
from krzew.door.models import Case
from krzew.door.rules import answer_case, manage_case
from krzew.door.states import CaseState
from krzew.timeline.models import Event, Letter

pytestmark = pytest.mark.django_db
Make = Callable[..., tuple[Case, str]]


def test_numbers_follow_one_another_and_open_nothing(make_case: Make) -> None:
    (first, token), (second, _other) = make_case(), make_case()
    assert (second.number, second.year) == (first.number + 1, timezone.localdate().year)
    assert token not in str(Event.objects.values_list("data", "object_id"))
    assert first.token_hash != token


def test_what_people_write_is_encrypted_and_stays_out_of_events_and_letters(
    make_case: Make, officer: Actor
) -> None:
    row, _token = make_case(text="Sekret o mnie", email="ja@example.org", name="Osoba Zmyślona")
    with connection.cursor() as cursor:
        cursor.execute("select text from door_message")
        assert "Sekret" not in str(cursor.fetchall())
        cursor.execute("select name, email from door_case")
        assert "Zmy" not in str(cursor.fetchall())
    assert row.messages.get().text == "Sekret o mnie"
    assert "Sekret" not in str(list(Event.objects.values()))
    for letter in Letter.objects.all():
        assert "Sekret" not in letter.subject + letter.body
        assert "Zmyślona" not in letter.subject + letter.body


def test_the_office_is_told_once_until_it_answers(make_case: Make, officer: Actor) -> None:
    row, _token = make_case()
    acts.write(Actor.anonymous(), row, "I jeszcze jedno.")
    told = Letter.objects.filter(to_email="olga@example.org")
    assert told.count() == 1
    acts.answer(officer, row, "Dzień dobry, oddzwonimy.")
    acts.write(Actor.anonymous(), row, "Dziękuję, czekam.")
    assert told.count() == 2


def test_the_first_answer_takes_the_case_and_stops_the_clock(make_case: Make, officer: Actor) -> None:
    row, _token = make_case(email="ja@example.org")
    acts.answer(officer, row, "Mamy dla Pani dwa rozwiązania.")
    assert (row.state, row.organisation, row.assigned_to) == (
        CaseState.AUTHOR,
        officer.organisation,
        officer.user,
    )
    assert row.first_answer_at is not None
    assert row.due_on is None
    assert Letter.objects.filter(to_email="ja@example.org").count() == 2


def test_another_office_no_longer_sees_a_taken_case(
    make_case: Make, officer: Actor, other_office: Actor, expert: Actor
) -> None:
    row, _token = make_case()
    assert manage_case.allows(other_office, row)
    acts.answer(officer, row, "Odpowiadamy.")
    assert not manage_case.allows(other_office, row)
    for actor in (other_office, expert, Actor.anonymous()):
        with pytest.raises(Denied):
            acts.answer(actor, row, "Ja też.")


def test_an_expert_sees_the_one_case_until_it_is_taken_back(
    make_case: Make, officer: Actor, expert: Actor
) -> None:
    (row, _t), (other, _u) = make_case(), make_case()
    assert expert.user is not None
    handed = acts.hand_over(officer, row, expert.user, "Zna się na lekach.")
    assert acts.hand_over(officer, row, expert.user) == handed
    assert list(answer_case.filter(expert, Case.objects.all())) == [row]
    acts.answer(expert, row, "Pomaga organizer do leków.")
    assert row.organisation is None
    acts.take_back(officer, handed)
    assert not answer_case.allows(expert, row)
    assert not answer_case.allows(expert, other)


def test_two_who_draft_at_once_both_know(make_case: Make, officer: Actor) -> None:
    row, _token = make_case()
    acts.save_draft(officer, row, "Pierwsza", seen=0)
    with pytest.raises(Conflict):
        acts.save_draft(officer, row, "Druga", seen=0)


def test_taking_back_deletes_what_was_said(make_case: Make) -> None:
    row, _token = make_case(email="ja@example.org", name="Osoba")
    acts.withdraw(Actor.anonymous(), row)
    row.refresh_from_db()
    assert (row.state, row.name, row.email) == (CaseState.WITHDRAWN, None, None)
    assert not row.messages.exists()
    with pytest.raises(ValidationError):
        acts.write(Actor.anonymous(), row, "Jednak.")


def test_closing_and_writing_again_opens_it(make_case: Make, officer: Actor) -> None:
    row, _token = make_case()
    acts.answer(officer, row, "To wszystko.", closes=True)
    assert row.state == CaseState.CLOSED
    acts.write(Actor.anonymous(), row, "Jeszcze pytanie.")
    assert (row.state, row.closed_at) == (CaseState.OFFICE, None)


def test_urgent_ones_are_due_on_the_next_working_day(make_case: Make) -> None:
    (calm, _t), (urgent, _u) = make_case(), make_case(urgent=True)
    assert calm.due_on > urgent.due_on  # type: ignore[operator]
    with pytest.raises(ValidationError):
        acts.set_due(Actor.system(), calm, timezone.localdate() - timedelta(days=3))
