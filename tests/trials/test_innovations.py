"""An innovation begins with a decision and is seen by its innovator, its mentor and the team alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from krzew.accounts.actors import Actor
from krzew.accounts.permissions import Denied
from krzew.calls.acts import applications, keeping
from krzew.calls.rules import may_give_up
from krzew.calls.states import ApplicationState, WrongState
from krzew.timeline.transitions import mermaid
from krzew.trials.acts import innovations as acts
from krzew.trials.acts.steps import fresh
from krzew.trials.journey import current, stages_of
from krzew.trials.models import Agreement, Innovation
from krzew.trials.queries import innovations as queries
from krzew.trials.states import INNOVATION, InnovationState
from tests.trials import factory

pytestmark = pytest.mark.django_db
Make = Callable[..., tuple[Innovation, str]]


def test_it_carries_on_what_the_application_says(make_innovation: Make) -> None:
    row, token = make_innovation("stocznia")
    assert (row.title, row.innovator, row.stage) == (
        "Ławka, która pamięta 1",
        "Grupa Zmyślona 1",
        "cooperation",
    )
    assert row.slug == "lawka-ktora-pamieta-1"
    assert queries.by_token(Actor.anonymous(), token) == row


def test_it_begins_once_and_only_when_selected(manager: Actor) -> None:
    call = factory.call(manager.organisation, "iws2")  # type: ignore[arg-type]
    row, _token = factory.selected(call)
    assert acts.begin_all(manager, call)
    assert not acts.begin_all(manager, call)
    with pytest.raises(ValidationError):
        acts.begin(manager, row)


def test_two_of_one_title_have_two_addresses(manager: Actor) -> None:
    one, two = (factory.innovation(manager)[0] for _ in range(2))
    assert one.slug != two.slug


@pytest.mark.parametrize("template", ["wlacznik", "iws2", "stocznia", "niw"])
def test_every_programme_has_a_first_stage(make_innovation: Make, template: str) -> None:
    row, _token = make_innovation(template)
    now = current(fresh(row.pk))
    assert now is not None
    assert now.code == row.stage == stages_of(row.call.rules)[0].code


def test_only_the_team_begins_and_others_see_nothing(
    make_innovation: Make, stranger: Actor, mentor: Actor
) -> None:
    row, token = make_innovation()
    application, _token = factory.selected(row.call, 2)
    with pytest.raises(Denied):
        acts.begin(stranger, application)
    assert queries.one(stranger, row.pk) is None
    assert queries.one(mentor, row.pk) is None
    assert queries.by_token(Actor.anonymous(), token + "x") is None
    assert queries.by_token(stranger, f"{queries.OWN}{row.pk}") is None


def test_a_mentor_sees_what_was_given_to_her(make_innovation: Make, manager: Actor, mentor: Actor) -> None:
    row, _token = make_innovation()
    acts.name_mentor(manager, row, mentor.user)
    assert queries.one(mentor, row.pk) == row
    with pytest.raises(ValidationError):
        acts.name_mentor(manager, row, manager.user)


def test_giving_up_needs_a_reason_and_ends_it(make_innovation: Make) -> None:
    row, _token = make_innovation()
    with pytest.raises(ValidationError):
        acts.resign(Actor.anonymous(), row, "  ")
    acts.resign(Actor.anonymous(), row, "Przeprowadzka.")
    assert (row.state, row.stage) == (InnovationState.RESIGNED, "")
    with pytest.raises(ValidationError):
        acts.resign(Actor.anonymous(), row, "Jeszcze raz.")


def test_a_grant_given_up_on_either_page_ends_both(make_innovation: Make) -> None:
    (one, _t), (two, _u) = make_innovation(), make_innovation()
    acts.resign(Actor.anonymous(), one, "Przeprowadzka.")
    assert one.application is not None
    assert two.application is not None
    one.application.refresh_from_db()
    applications.resign(Actor.anonymous(), two.application, reason="Inne plany.")
    two.refresh_from_db()
    assert (one.application.state, two.state) == (ApplicationState.RESIGNED, InnovationState.RESIGNED)


def test_a_grant_used_to_its_end_is_not_given_up_any_more(make_innovation: Make) -> None:
    row, _token = make_innovation()
    assert row.application is not None
    assert may_give_up(row.application)
    Innovation.objects.filter(pk=row.pk).update(state=InnovationState.CHOSEN)
    assert not may_give_up(row.application)
    with pytest.raises(WrongState):
        applications.resign(Actor.anonymous(), row.application)


def test_who_is_forgotten_in_the_application_is_forgotten_here(make_innovation: Make, manager: Actor) -> None:
    row, _token = make_innovation()
    agreement = Agreement.objects.create(
        innovation=row,
        kind="grant",
        stage="agreement",
        content={"clauses": ["Grupa Zmyślona"], "results": []},
    )
    agreement.signatures.create(side="innovator", name="Anna Zmyślona")
    assert row.application is not None
    keeping.anonymise_application(Actor.system(), row.application)
    row.refresh_from_db()
    agreement.refresh_from_db()
    assert (row.innovator, row.email, agreement.content) == ("", "", {"results": []})
    assert agreement.signatures.get().name == ""


def test_the_documentation_shows_the_declared_states() -> None:
    text = (Path(__file__).parents[2] / "docs/flows/trials.md").read_text(encoding="utf-8")
    assert mermaid(INNOVATION) in text
