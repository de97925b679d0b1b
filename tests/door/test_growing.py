"""Pages with lists ask the database as often for twelve rows as for one, and never more than thirty times."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from krzew.accounts.actors import Actor
from krzew.accounts.models import Membership, Organisation, Role, User
from krzew.door.acts import board, canned, cases
from krzew.door.models import Case, CaseKind, Need, Offer, Reach, ThesaurusWord, UnknownWord
from krzew.library.models import Solution
from krzew.places.models import Unit

pytestmark = pytest.mark.django_db
MOST = 30
ANYBODY = Actor.anonymous()
NOTICE: dict[str, Any] = {
    "kind": "offer",
    "subject": "premises",
    "text": "Oddamy dwie sale na warsztat, ogrzewane, bez schodów.",
    "email": "autor@example.org",
}
PLAIN = ("inbox", "canned", "board", "moderation", "spots", "reaches", "thesaurus", "unknown_words")


def asked(client: Client, address: str) -> int:
    client.get(address)  # what is read once for the whole process
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200, address
    return len(found)


def more(office: Actor, case: Case, offer: Offer, numbers: range) -> None:
    """Another case and more said in the first, another notice and answer, needs, proposals and words."""
    places = list(Unit.objects.filter(level="gmina")[:12])
    for number in numbers:
        place = places[number % len(places)]
        _one(office, case, offer, number, place)
        other, _token = cases.open_case(ANYBODY, CaseKind.NEED, text="Nie mam czym dojechać.", place=place)
        solution = Solution.objects.filter(current__isnull=False).order_by("pk")[number]
        need = Need.objects.create(case=other, main="loneliness", text="Sama.", place=place)
        first = Solution.objects.filter(current__isnull=False).order_by("pk")[0]
        for found in (solution, first):
            Reach.objects.create(solution=found, need=need, score=0.5, why=["samotność"])


def _one(office: Actor, case: Case, offer: Offer, number: int, place: Unit) -> None:
    cases.write(ANYBODY, case, f"Jeszcze raz {number}.")
    cases.note(office, case, f"Uwaga {number}.")
    expert = User.objects.create_user(f"ekspert{number}@example.org", name=f"Osoba {number}")
    cases.hand_over(office, case, expert)
    canned.keep_canned(office, None, title=f"Odpowiedź {number}", text_pl="Dziękujemy.")
    row, _token = board.put_in(ANYBODY, consent=True, title=f"Sala {number}", place=place, **NOTICE)
    if number % 2:
        board.publish(office, row)
    said = {"text": "Chętnie obejrzymy te sale.", "email": "chetny@example.org", "name": "Osoba"}
    board.reply(ANYBODY, offer, consent=True, **said)
    Need.objects.create(case=case, main="loneliness", text="Sam w domu.", place=place)
    ThesaurusWord.objects.create(concept="loneliness", text=f"kwadratologia {number}")
    UnknownWord.objects.create(stem=f"kwadrat{number}", form=f"kwadratologia{number}")


def test_lists_of_the_office_and_of_everybody(
    officer: Actor, make_case: Callable[..., tuple[Case, str]], client_of: Any
) -> None:
    home: Organisation | None = officer.organisation
    assert home is not None
    Membership.objects.create(user=officer.user, organisation=home, role=Role.EDITOR)
    case, token = make_case()
    cases.answer(officer, case, "Dziękujemy.")
    offer, mine = board.put_in(ANYBODY, consent=True, title="Pusta szkoła", **NOTICE)
    board.publish(officer, offer)
    first = Solution.objects.filter(current__isnull=False).order_by("pk")[0]
    keys: dict[str, Any] = {"team_case": case.pk, "case": token, "notice": offer.pk, "team_offer": offer.pk}
    keys |= {"offer": mine, "reach_of": first.slug, "concept": "loneliness"}
    addresses = {name: reverse(f"door:{name}") for name in PLAIN}
    addresses |= {name: reverse(f"door:{name}", args=[key]) for name, key in keys.items()}
    client = client_of(officer)
    more(officer, case, offer, range(1, 2))
    few = {name: asked(client, address) for name, address in addresses.items()}
    more(officer, case, offer, range(2, 13))
    assert {name: asked(client, address) for name, address in addresses.items()} == few
    assert max(few.values()) <= MOST, few
