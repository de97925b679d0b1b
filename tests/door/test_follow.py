"""An idea, an application and a sign-up have a case; it moves as they move, and neither is ever half there."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from krzew.accounts.actors import Actor
from krzew.accounts.models import OrganisationKind, Role
from krzew.calls.acts import ideas
from krzew.calls.models import IdeaCard
from krzew.door.acts import follow
from krzew.door.models import Case, CaseKind
from krzew.door.states import CaseState

pytestmark = pytest.mark.django_db
WORDS = {
    "what": "Ławki co dwieście metrów, żeby było gdzie usiąść.",
    "for_whom": "Dla osób, które chodzą powoli",
    "phone": "600 000 000",
    "title": "Ławka",
}


@pytest.fixture
def nina(make_actor) -> Actor:  # type: ignore[no-untyped-def]
    return make_actor("nina@example.org", "Inkubator Próba", Role.MANAGER, OrganisationKind.INCUBATOR)


def sent() -> IdeaCard:
    card, _token = ideas.start(Actor.anonymous())
    ideas.save(card, seen=0, **WORDS)
    return ideas.send(Actor.anonymous(), card, consent=True)


def test_an_idea_is_a_case_from_the_moment_it_is_sent(nina: Actor) -> None:
    card = sent()
    case = Case.objects.get(kind=CaseKind.IDEA)
    assert (case.object_id, case.state) == (str(card.pk), CaseState.NEW)
    assert not case.messages.exists()
    ideas.answer(nina, card, "Dziękujemy, zadzwonimy.")
    case.refresh_from_db()
    assert (case.state, case.organisation) == (CaseState.AUTHOR, nina.organisation)
    assert case.first_answer_at is not None
    ideas.ask(card, "Kiedy można się spotkać?")
    case.refresh_from_db()
    assert case.state == CaseState.OFFICE
    ideas.close(nina, card, "Takie rozwiązanie już działa obok.")
    case.refresh_from_db()
    assert case.state == CaseState.CLOSED


def test_taking_the_idea_back_closes_its_case() -> None:
    card = sent()
    ideas.withdraw(Actor.anonymous(), card, by_link=True)
    assert Case.objects.get().state == CaseState.WITHDRAWN


def test_an_idea_without_its_case_cannot_be(monkeypatch: pytest.MonkeyPatch) -> None:
    card, _token = ideas.start(Actor.anonymous())
    ideas.save(card, seen=0, **WORDS)

    def broken(*args: object, **kwargs: object) -> None:
        raise ValidationError("no")

    monkeypatch.setattr(follow.cases, "open_case", broken)
    with pytest.raises(ValidationError):
        ideas.send(Actor.anonymous(), card, consent=True)
    card.refresh_from_db()
    assert card.state == "draft"
    assert not Case.objects.exists()
