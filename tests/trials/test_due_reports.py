"""By when reports on results come, who is reminded of them, and the declaration on de minimis aid."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from krzew.accounts.actors import Actor
from krzew.accounts.permissions import Denied
from krzew.timeline.daily import work
from krzew.timeline.models import Event, Letter
from krzew.trials.acts import agreements as acts
from krzew.trials.acts import innovations, reminders, settlement
from krzew.trials.acts.steps import fresh
from krzew.trials.agreements.checks import lacks
from krzew.trials.models import Agreement, Innovation
from krzew.trials.present import settlement as present
from krzew.trials.queries import settlement as queries
from krzew.trials.queries.reminders import due as queries_due
from krzew.ui.formats import day
from tests.trials import agreements_factory as make
from tests.trials.test_settlement import sent

pytestmark = pytest.mark.django_db
Make = Callable[..., tuple[Innovation, str]]
As = Callable[[Actor], Client]
DUE = date(2027, 6, 30)


def dated(manager: Actor, make_innovation: Make, template: str = "iws2") -> tuple[Innovation, Agreement]:
    """An agreement in force; its first report is due on 30 June 2027."""
    innovation, _token = make.ready(make_innovation, template)
    agreement = make.drafted(manager, innovation)
    acts.save_dates(manager, agreement, seen=agreement.revision, dates={"phase_one": DUE})
    acts.offer(manager, agreement)
    make.signed(manager, agreement)
    return fresh(innovation.pk), agreement


def letters() -> list[Letter]:
    return list(Letter.objects.filter(subject__startswith="Sprawozdanie").order_by("pk"))


def test_the_day_stands_in_the_agreement_and_on_the_page_of_the_innovator(
    manager: Actor, make_innovation: Make
) -> None:
    innovation, agreement = dated(manager, make_innovation)
    words = " ".join(row.get("text", "") for row in agreement.content["clauses"])
    assert f"sprawozdanie do {day(DUE)}" in words
    whole = queries.whole(innovation)
    first, last = present.tasks(whole, queries.results(whole), "token")
    assert (first.due, last.due) == (DUE, agreement.ends_on)
    assert day(DUE) in present.next_words(whole, queries.results(whole))


def test_two_letters_before_the_day_one_after_it_and_none_twice(
    manager: Actor, make_innovation: Make
) -> None:
    innovation, _agreement = dated(manager, make_innovation)
    assert reminders.remind(DUE - timedelta(days=15)) == 0
    assert reminders.remind(DUE - timedelta(days=14)) == 1
    assert reminders.remind(DUE - timedelta(days=4)) == 0
    assert reminders.remind(DUE) == 1  # the three days before it were missed
    assert reminders.remind(DUE + timedelta(days=1)) == 1
    assert reminders.remind(DUE + timedelta(days=30)) == 0
    first, second, late = letters()
    assert {one.to_email for one in (first, second, late)} == {innovation.email}
    assert f"do {day(DUE)}" in first.body
    assert "aneks" not in first.body
    assert "aneks" in late.body
    assert Event.objects.filter(act="trials.report_reminded").count() == 3
    assert reminders.remind in work()


def test_who_has_sent_it_or_has_ended_is_not_reminded(manager: Actor, make_innovation: Make) -> None:
    done, _one = dated(manager, make_innovation)
    sent(done)
    gone, _two = dated(manager, make_innovation)
    innovations.terminate(manager, gone, "Umowa rozwiązana.")
    assert reminders.remind(DUE) == 0


def test_a_report_given_back_is_asked_for_again(manager: Actor, make_innovation: Make) -> None:
    innovation, _agreement = dated(manager, make_innovation)
    settlement.give_back(manager, sent(innovation), "Brakuje listy spotkań.")
    assert reminders.remind(DUE) == 1


def test_reading_who_is_due_takes_as_many_queries_for_three_as_for_one(
    manager: Actor, make_innovation: Make, django_assert_num_queries: Any
) -> None:
    dated(manager, make_innovation)
    with CaptureQueriesContext(connection) as one:
        assert len(queries_due(DUE)) == 1
    dated(manager, make_innovation)
    dated(manager, make_innovation)
    with django_assert_num_queries(len(one)):
        assert len(queries_due(DUE)) == 3


def test_without_a_day_or_where_the_programme_wants_none_nobody_is_reminded(
    manager: Actor, make_innovation: Make
) -> None:
    innovation, _token = make.ready(make_innovation)
    make.concluded(manager, innovation)
    other, _agreement = dated(manager, make_innovation)
    stage = next(s for s in other.call.definition["stages"] if s["kind"] == "agreement")
    stage["remind_days"] = []
    other.call.save()
    assert reminders.remind(DUE) == 0


def test_a_report_is_not_due_before_the_first_day(manager: Actor, make_innovation: Make) -> None:
    innovation, _token = make.ready(make_innovation)
    agreement = make.drafted(manager, innovation)
    acts.save_dates(manager, agreement, seen=agreement.revision, dates={"final": date(2026, 12, 31)})
    assert any("Rezultat końcowy" in text for text in lacks(agreement, acts.divided(agreement)))
    with pytest.raises(ValidationError):
        acts.offer(manager, agreement)


def test_days_are_set_by_the_team_alone_and_change_by_an_annex(
    manager: Actor, stranger: Actor, make_innovation: Make, client_of: As
) -> None:
    innovation, _token = make.ready(make_innovation)
    agreement = make.drafted(manager, innovation)
    with pytest.raises(Denied):
        acts.save_dates(stranger, agreement, seen=agreement.revision, dates={"final": DUE})
    page = reverse("trials:agreement_dates", args=[innovation.pk, "agreement"])
    typed = {"revision": agreement.revision, "due_phase_one": "2027-06-30", "due_final": ""}
    assert client_of(manager).get(page).status_code == 200
    client_of(manager).post(page, typed)
    agreement.refresh_from_db()
    assert [row.get("due") for row in agreement.content["results"]] == ["2027-06-30", None]
    assert client_of(manager).post(page, typed).status_code == 409  # a second window
    acts.offer(manager, agreement)
    with pytest.raises(ValidationError):
        acts.save_dates(manager, agreement, seen=agreement.revision, dates={"final": DUE})
    make.signed(manager, agreement)
    annex = acts.annex(manager, agreement, "Test się przedłużył.")
    later = DUE + timedelta(days=30)
    acts.save_dates(manager, annex, seen=annex.revision, dates={"phase_one": later})
    acts.offer(manager, annex)
    make.signed(manager, annex)
    assert reminders.remind(DUE) == 0
    assert reminders.remind(later) == 1


def _declaring(innovation: Innovation) -> None:
    call: Any = innovation.call
    stage = next(s for s in call.definition["stages"] if s["kind"] == "agreement")
    stage["de_minimis"] = True
    call.save()
    call.__dict__.pop("rules", None)


def test_where_the_programme_asks_the_declaration_on_de_minimis_stands_in_the_agreement(
    manager: Actor, make_innovation: Make, client_of: As
) -> None:
    innovation, _token = make.ready(make_innovation)
    _declaring(innovation)
    agreement = make.drafted(manager, fresh(innovation.pk))
    with pytest.raises(ValidationError, match="de minimis"):
        acts.offer(manager, agreement)
    page = reverse("trials:agreement_data", args=[innovation.pk, "agreement"])
    assert 'name="de_minimis"' in client_of(manager).get(page).content.decode()
    kept = {"basis": "act_2022", "children": False, "de_minimis": "within"}
    people = [(s.side, s.name, s.role) for s in agreement.signatures.all()]
    acts.save_data(manager, agreement, seen=agreement.revision, data={}, settings=kept, people=people)
    acts.offer(manager, agreement)
    words = next(row for row in agreement.content["clauses"] if row["code"] == "de_minimis")
    assert "limit" in words["text"]


def test_elsewhere_nobody_is_asked_for_it(manager: Actor, make_innovation: Make, client_of: As) -> None:
    innovation, _token = make.ready(make_innovation)
    agreement = make.concluded(manager, innovation)
    assert "text" not in next(row for row in agreement.content["clauses"] if row["code"] == "de_minimis")
    other, _link = make.ready(make_innovation)
    make.drafted(manager, other)
    page = reverse("trials:agreement_data", args=[other.pk, "agreement"])
    assert 'name="de_minimis"' not in client_of(manager).get(page).content.decode()
