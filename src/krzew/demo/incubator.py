"""Ideas in the demonstration: invented, in words as people write them. The gminas are real, nobody else is."""

from __future__ import annotations

import csv
from pathlib import Path

from django.db.models import QuerySet

from krzew.accounts.actors import Actor
from krzew.calls.acts import ideas as acts
from krzew.calls.models import IdeaCard, Maturity, Wish
from krzew.calls.models.idea import Channel
from krzew.calls.states import IdeaState
from krzew.places.models import Unit

IDEAS = Path(__file__).parent / "data" / "ideas.csv"
ANSWER = (
    "Dziękujemy za pomysł. Czy rozmawiali o nim Państwo już z kimś, komu ma pomóc? Zadzwonimy w tym tygodniu."
)
CLOSED = "Dziękujemy. Takie rozwiązanie działa już obok Państwa. Podajemy kontakt, bo warto połączyć siły."
ADDED = "Tak, pytałam sąsiadki. Dwie chcą spróbować od razu."


def tell(nina: Actor, titles: frozenset[str] | None = None, *, without: frozenset[str] = frozenset()) -> int:
    """People tell these ideas, or all but some; the team has answered some. Says how many were told."""
    with IDEAS.open(encoding="utf-8") as file:
        whole = list(csv.DictReader(file))
    known = set(_free().values_list("title", flat=True))
    rows = [
        r for r in whole if (titles is None or r["title"] in titles) and r["title"] not in without | known
    ]
    places = Unit.objects.in_bulk([row["place"] for row in rows])
    for number, row in enumerate(rows, 1):
        _tell(nina, number, row, places[row["place"]])
    return len(rows)


def _free() -> QuerySet[IdeaCard]:
    """Ideas that no application has grown out of yet."""
    return IdeaCard.objects.filter(state__in=(IdeaState.SENT, IdeaState.IN_TALKS, IdeaState.CLOSED))


def idea(title: str) -> IdeaCard:
    """The idea that is still free; an installation that heard an older story told it once already."""
    card = _free().filter(title=title).last()
    assert card is not None
    return card


def _tell(nina: Actor, number: int, row: dict[str, str], place: Unit) -> None:
    """Some came on paper or by telephone, most were written by their authors."""
    joins = row["state"] == "join"
    words = {
        "title": row["title"],
        "what": row["what"] or row["for_whom"],
        "maturity": Maturity(row["maturity"]),
    }
    words |= {"for_whom": "" if joins else row["for_whom"], "wish": Wish.JOIN if joins else Wish.IDEA}
    if number % 7 == 0:
        card = acts.key_in(nina, channel=Channel.PHONE, place=place, phone="600 000 000", name="", **words)
    else:
        card = _written(number, words, place)
    _answered(nina, card, row["state"])


def _written(number: int, words: dict[str, str], place: Unit) -> IdeaCard:
    card, _token = acts.start(Actor.anonymous())
    acts.save(card, seen=0, place=place, name=f"Osoba Zmyślona {number}", phone="600 000 000", **words)
    return acts.send(Actor.anonymous(), card, consent=True)


def _answered(nina: Actor, card: IdeaCard, state: str) -> None:
    if state == "in_talks":
        acts.answer(nina, card, ANSWER)
        acts.ask(card, ADDED)
    elif state == "closed":
        acts.close(nina, card, CLOSED)
