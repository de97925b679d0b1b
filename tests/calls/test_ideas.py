"""The idea card: for somebody without an account, and for the team that answers."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import translation

from krzew.accounts.actors import Actor
from krzew.accounts.models import OrganisationKind, Role
from krzew.accounts.permissions import Denied
from krzew.calls.acts import ideas as acts
from krzew.calls.acts.steps import Conflict
from krzew.calls.models import Channel, IdeaCard, Wish, token_hash
from krzew.calls.queries import ideas as queries
from krzew.calls.states import (
    APPEAL,
    APPLICATION,
    CALL,
    IDEA,
    READING,
    VOTE,
    IdeaState,
    Transition,
    WrongState,
    mermaid,
)
from krzew.timeline.models import Letter
from krzew.timeline.queries import history

pytestmark = pytest.mark.usefixtures("library_loaded")
ClientOf = Callable[[Actor], Client]
DOCS = Path(__file__).parents[2] / "docs" / "flows"
WHAT = "Pralnia, w której pracują osoby po warsztacie terapii zajęciowej."


@pytest.fixture(autouse=True)
def uncounted() -> None:
    """The count of what one address has begun lives in the cache."""
    cache.clear()


def fresh(pk: int) -> IdeaCard:
    return IdeaCard.objects.get(pk=pk)


@pytest.fixture
def draft(db: None) -> tuple[IdeaCard, str]:
    return acts.start(Actor.anonymous())


@pytest.fixture
def sent(draft: tuple[IdeaCard, str], django_capture_on_commit_callbacks: Any) -> tuple[IdeaCard, str]:
    card, token = draft
    acts.save(
        card,
        seen=0,
        what=WHAT,
        for_whom="Dla uczestników warsztatu",
        email="autorka@example.org",
        name="Zofia Próbna",
    )
    with django_capture_on_commit_callbacks(execute=True):
        acts.send(Actor.anonymous(), card, consent=True)
    return card, token


def test_a_sentence_is_enough_to_begin_and_the_link_brings_it_back(visitor: Client) -> None:
    answer = visitor.post(reverse("calls:begin"), {"wish": "idea", "what": WHAT})
    assert answer.status_code == 302
    page = Client().get(answer["Location"]).content.decode()  # another browser, the same link
    assert WHAT in page
    assert not IdeaCard.objects.filter(
        token_hash__in=answer["Location"].split("/")
    ).exists()  # only the hash is kept


def test_somebody_may_only_want_to_join(draft: tuple[IdeaCard, str]) -> None:
    card, _token = draft
    acts.save(card, seen=0, wish=Wish.JOIN, what="Chcę pomagać przy stolarni.", phone="600 000 000")
    acts.send(Actor.anonymous(), card, consent=True)
    assert fresh(card.pk).state == IdeaState.SENT


def test_a_robot_that_fills_in_everything_begins_nothing(visitor: Client) -> None:
    visitor.post(reverse("calls:begin"), {"wish": "idea", "what": WHAT, "website": "http://spam.example"})
    assert not IdeaCard.objects.exists()


def test_too_many_beginnings_from_one_address_are_refused(visitor: Client) -> None:
    for _n in range(20):
        assert visitor.post(reverse("calls:begin"), {"wish": "idea"}).status_code == 302
    answer = visitor.post(reverse("calls:begin"), {"wish": "idea", "what": WHAT})
    assert answer.status_code == 422
    assert WHAT in answer.content.decode()  # nothing typed is lost
    assert IdeaCard.objects.count() == 20


def test_it_is_saved_as_typed_and_a_slip_in_one_field_loses_no_other(
    draft: tuple[IdeaCard, str], visitor: Client
) -> None:
    card, token = draft
    typed = {
        "revision": 0,
        "wish": "idea",
        "what": WHAT,
        "email": "to nie adres",
        "place": "nie ma takiej gminy",
    }
    answer = visitor.post(reverse("calls:idea_save", args=[token]), typed, headers={"HX-Request": "true"})
    html = answer.content.decode()
    assert fresh(card.pk).what == WHAT
    assert fresh(card.pk).email == ""
    assert "adres" in html
    assert 'value="1"' in html  # the next save knows the new revision


def test_two_windows_lose_nothing(draft: tuple[IdeaCard, str], visitor: Client) -> None:
    card, token = draft
    acts.save(fresh(card.pk), seen=0, what="Z pierwszego okna")
    typed = {"revision": 0, "wish": "idea", "what": "Z drugiego okna"}
    answer = visitor.post(reverse("calls:idea_save", args=[token]), typed)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Z pierwszego okna" in html
    assert "Z drugiego okna" in html
    again = re.search(r'name="revision" value="(\d+)"', html)
    assert again is not None
    visitor.post(reverse("calls:idea_save", args=[token]), typed | {"revision": again[1]})
    assert fresh(card.pk).what == "Z drugiego okna"


def test_an_act_on_an_old_revision_is_a_conflict(draft: tuple[IdeaCard, str]) -> None:
    card, _token = draft
    acts.save(card, seen=0, what="pierwszy")
    with pytest.raises(Conflict):
        acts.save(fresh(card.pk), seen=0, what="drugi")


def test_what_is_missing_is_said_at_its_field(draft: tuple[IdeaCard, str], visitor: Client) -> None:
    _card, token = draft
    sending = {"revision": 0, "wish": "idea", "what": "Krótko", "send": "1"}
    answer = visitor.post(reverse("calls:idea_save", args=[token]), sending)
    html = answer.content.decode()
    assert answer.status_code == 422
    for text in (
        "Napisz w jednym lub dwóch zdaniach",
        "komu to ma pomóc",
        "Bez tej zgody",
        "Podaj e-mail albo numer",
    ):
        assert text in html
    assert "Krótko" in html


def test_sending_gives_a_number_and_a_letter(sent: tuple[IdeaCard, str], visitor: Client) -> None:
    card, token = sent
    assert [m.to for m in mail.outbox] == [["autorka@example.org"]]
    assert str(card.number) in mail.outbox[0].subject
    page = visitor.get(reverse("calls:idea", args=[token])).content.decode()
    assert f"nr {card.number}" in page
    assert "Ktoś z zespołu przeczyta" in page


def test_a_sent_idea_is_not_rewritten(sent: tuple[IdeaCard, str], visitor: Client) -> None:
    card, token = sent
    visitor.post(reverse("calls:idea_save", args=[token]), {"revision": 1, "wish": "idea", "what": "Inaczej"})
    assert fresh(card.pk).what == WHAT


def test_similar_solutions_are_help_from_the_library(draft: tuple[IdeaCard, str], visitor: Client) -> None:
    card, token = draft
    acts.save(card, seen=0, what="Spółdzielnia przy warsztacie terapii zajęciowej, praktyki i praca")
    html = visitor.get(reverse("calls:idea_near", args=[token])).content.decode()
    assert "warsztacie terapii zajęciowej" in html
    assert "To tylko podpowiedź" in html


def test_ideas_of_others_are_never_shown_to_an_author(sent: tuple[IdeaCard, str], visitor: Client) -> None:
    card, token = acts.start(Actor.anonymous())
    acts.save(card, seen=0, what=WHAT, for_whom="Dla uczestników warsztatu")
    html = visitor.get(reverse("calls:idea", args=[token])).content.decode()
    assert reverse("calls:team_idea", args=[sent[0].pk]) not in html
    assert "Zofia Próbna" not in html


def test_the_team_answers_and_the_author_reads_it(
    sent: tuple[IdeaCard, str], manager: Actor, visitor: Client, django_capture_on_commit_callbacks: Any
) -> None:
    card, token = sent
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        acts.answer(manager, card, "Dziękujemy. Czy rozmawiali Państwo już z gminą?")
    assert fresh(card.pk).organisation == manager.organisation
    assert mail.outbox[0].to == ["autorka@example.org"]
    acts.ask(fresh(card.pk), "Tak, wójt jest za.")
    page = visitor.get(reverse("calls:idea", args=[token])).content.decode()
    assert "Czy rozmawiali Państwo" in page
    assert "wójt jest za" in page


def test_a_taken_idea_belongs_to_its_team(
    sent: tuple[IdeaCard, str], manager: Actor, stranger: Actor
) -> None:
    card, _token = sent
    assert {c.pk for c in queries.ideas(stranger)} == {card.pk}  # nobody has taken it yet
    acts.answer(manager, card, "Odpowiadamy.")
    assert not queries.ideas(stranger).exists()
    with pytest.raises(Denied):
        acts.answer(stranger, fresh(card.pk), "My też.")


def test_a_draft_is_nobody_elses(draft: tuple[IdeaCard, str], manager: Actor, client_of: ClientOf) -> None:
    card, _token = draft
    acts.save(card, seen=0, what=WHAT)
    assert not queries.ideas(manager).exists()
    assert client_of(manager).get(reverse("calls:team_idea", args=[card.pk])).status_code == 404


def test_closing_needs_an_answer_and_ends_the_talk(sent: tuple[IdeaCard, str], manager: Actor) -> None:
    card, _token = sent
    with pytest.raises(ValidationError):
        acts.close(manager, card, "Nie.")
    acts.close(manager, card, "Takie rozwiązanie już działa, podajemy kontakt.")
    with pytest.raises(WrongState):
        acts.answer(manager, fresh(card.pk), "Jeszcze jedno.")
    with pytest.raises(ValidationError):
        acts.ask(fresh(card.pk), "A jednak?")


def test_taking_back_deletes_what_was_written(
    sent: tuple[IdeaCard, str], manager: Actor, visitor: Client
) -> None:
    card, token = sent
    acts.answer(manager, card, "Odpowiadamy.")
    assert visitor.get(reverse("calls:idea_withdraw", args=[token])).status_code == 200  # asks first
    assert fresh(card.pk).what == WHAT
    visitor.post(reverse("calls:idea_withdraw", args=[token]))
    gone = fresh(card.pk)
    assert (gone.state, gone.what, gone.email, gone.name) == (IdeaState.WITHDRAWN, "", "", "")
    assert not gone.messages.exists()


def test_the_time_line_keeps_no_words_of_the_author(sent: tuple[IdeaCard, str]) -> None:
    for event in history(sent[0]):
        assert "Zofia" not in str(event.data)
        assert "Pralnia" not in str(event.data)


def test_the_link_goes_to_the_author_alone(
    draft: tuple[IdeaCard, str], visitor: Client, django_capture_on_commit_callbacks: Any
) -> None:
    card, token = draft
    typed = {"revision": 0, "wish": "idea", "what": WHAT, "email": "autorka@example.org", "link": "1"}
    with django_capture_on_commit_callbacks(execute=True):
        visitor.post(reverse("calls:idea_save", args=[token]), typed)
    assert token in mail.outbox[0].body
    assert token_hash(token) == fresh(card.pk).token_hash


def test_a_lost_link_is_renewed_and_the_old_one_closes(draft: tuple[IdeaCard, str], visitor: Client) -> None:
    card, old = draft
    new = acts.renew_link(card)
    assert visitor.get(reverse("calls:idea", args=[old])).status_code == 404
    assert visitor.get(reverse("calls:idea", args=[new])).status_code == 200


def test_an_idea_from_the_telephone(manager: Actor, client_of: ClientOf) -> None:
    typed = {
        "channel": "phone",
        "wish": "idea",
        "what": WHAT,
        "for_whom": "Dla sąsiadów",
        "phone": "600 000 000",
        "consent": "on",
    }
    answer = client_of(manager).post(reverse("calls:key_in"), typed)
    assert answer.status_code == 302
    card = IdeaCard.objects.get()
    assert (card.channel, card.state, card.keyed_by) == (Channel.PHONE, IdeaState.SENT, manager.user)
    assert card.organisation == manager.organisation


def test_a_keyed_idea_needs_the_agreement(manager: Actor, client_of: ClientOf) -> None:
    answer = client_of(manager).post(
        reverse("calls:key_in"), {"channel": "paper", "wish": "idea", "what": WHAT}
    )
    assert answer.status_code == 422
    assert WHAT in answer.content.decode()
    assert not IdeaCard.objects.exists()


@pytest.mark.parametrize("name", ["calls:team_ideas", "calls:key_in"])
def test_only_managers_see_the_list(name: str, outsider: Actor, visitor: Client, client_of: ClientOf) -> None:
    assert client_of(outsider).get(reverse(name)).status_code == 403
    assert visitor.get(reverse(name)).status_code == 302


def test_an_unconfirmed_team_sees_no_ideas(
    sent: tuple[IdeaCard, str], make_actor: Callable[..., Actor]
) -> None:
    new = make_actor("nowa@example.org", "Inkubator Nowy", Role.MANAGER, OrganisationKind.INCUBATOR)
    assert new.organisation is not None
    new.organisation.confirmed_at = None
    new.organisation.save()
    new = Actor.of(new.user, new.organisation)  # type: ignore[arg-type]
    assert not queries.ideas(new).exists()


def test_the_list_has_constant_queries(
    manager: Actor, client_of: ClientOf, django_assert_max_num_queries: Any, sent: tuple[IdeaCard, str]
) -> None:
    client = client_of(manager)
    client.get(reverse("calls:team_ideas"))
    with django_assert_max_num_queries(30) as few:
        client.get(reverse("calls:team_ideas"))
    for n in range(60):
        acts.key_in(manager, channel=Channel.PAPER, what=f"{WHAT} {n}", for_whom="Dla nas", phone="1")
    with django_assert_max_num_queries(len(few.captured_queries)):
        page = client.get(reverse("calls:team_ideas")).content.decode()
    assert page.count("<tr") == 51


def test_a_wrong_link_says_nothing(visitor: Client) -> None:
    assert visitor.get(reverse("calls:idea", args=["nie-ma-takiego"])).status_code == 404


def test_english_letters_for_english_authors(django_capture_on_commit_callbacks: Any) -> None:
    card, _token = acts.start(Actor.anonymous(), language="en")
    acts.save(card, seen=0, what=WHAT, for_whom="For people", email="author@example.org")
    with translation.override("pl"), django_capture_on_commit_callbacks(execute=True):
        acts.send(Actor.anonymous(), card, consent=True)
    assert "We have your idea" in mail.outbox[0].subject
    assert Letter.objects.get().language == "en"


@pytest.mark.parametrize(
    ("page", "table"),
    [
        ("ideas", IDEA),
        ("calls", CALL),
        ("calls", APPLICATION),
        ("calls", READING),
        ("calls", VOTE),
        ("calls", APPEAL),
    ],
)
def test_the_documentation_shows_the_declared_states(page: str, table: tuple[Transition, ...]) -> None:
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    assert mermaid(table) in text
