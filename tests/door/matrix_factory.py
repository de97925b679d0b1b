"""One thing behind every address of the room, and everybody who may try them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from django.urls import URLPattern, reverse

from krzew.accounts.actors import Actor
from krzew.accounts.models import Membership, OrganisationKind, Role
from krzew.door.acts import board, canned, cases
from krzew.door.models import CaseKind, Need, Reach, ThesaurusWord, UnknownWord
from krzew.library.models import Solution

PERSONAS = (
    *("adviser", "manager", "owner", "elsewhere", "expert", "mentor", "assessor", "editor"),
    *("account", "link", "other_link", "visitor"),
)


@dataclass
class World:
    people: dict[str, Client]
    tokens: dict[str, dict[str, str]]
    """The secrets that somebody holds: of a case, and of a notice."""
    keys: dict[str, Any] = field(default_factory=dict)
    """What stands in an address: by the name of the address and the parameter, or by the parameter alone."""

    def address(self, pattern: URLPattern, who: str) -> str:
        names, thing = pattern.pattern.converters, "offer" if "offer" in str(pattern.name) else "case"
        keys = {"token": self.tokens.get(who, {}).get(thing, "nothing")} | self.keys
        given = {name: keys.get(f"{pattern.name}.{name}", keys.get(name)) for name in names}
        missing = [name for name, value in given.items() if value is None]
        assert not missing, f"say in matrix_factory what {missing} is for {pattern.name}"
        return reverse(f"door:{pattern.name}", kwargs=given)


def world(
    officer: Actor, other_office: Actor, expert: Actor, make_actor: Callable[..., Actor], client_of: Any
) -> World:
    """A case that an office has taken and handed to an expert, a notice with an answer, words, proposals."""
    home = officer.organisation
    assert home is not None
    made = {
        str(role): make_actor(f"{role}@example.org", home.name, role, OrganisationKind.INSTITUTION)
        for role in (Role.MANAGER, Role.OWNER, Role.MENTOR, Role.ASSESSOR, Role.EDITOR)
    }
    account = make_actor("autorka@example.org", "Grupa Obca", Role.MEMBER)
    assert not Membership.objects.filter(user=made["owner"].user, role__in=[Role.MANAGER]).exists()
    keys, link, others = _keys(officer, expert, account)
    clients = {name: client_of(actor) for name, actor in made.items()}
    clients |= {"adviser": client_of(officer), "elsewhere": client_of(other_office)}
    clients |= {"expert": client_of(expert), "account": client_of(account)}
    clients |= {name: Client() for name in ("link", "other_link", "visitor")}
    return World(clients, {"link": link, "other_link": others}, keys)


def _keys(
    officer: Actor, expert: Actor, account: Actor
) -> tuple[dict[str, Any], dict[str, str], dict[str, str]]:
    anybody = Actor.anonymous()
    row, token = cases.open_case(anybody, CaseKind.NEED, text="Gubię się w lekach.", user=account.user)
    _other, other = cases.open_case(anybody, CaseKind.NEED, text="Nie mam czym dojechać.")
    cases.answer(officer, row, "Dziękujemy, szukamy.")
    assert expert.user is not None
    handed = cases.hand_over(officer, row, expert.user)
    ready = canned.keep_canned(officer, None, title="Leki", text_pl="Dziękujemy.")
    said = {"subject": "premises", "title": "Pusta szkoła", "email": "autor@example.org"}
    said |= {"kind": "offer", "text": "Oddamy dwie sale na warsztat, ogrzewane, bez schodów."}
    offer, mine = board.put_in(anybody, consent=True, **said)
    board.publish(officer, offer)
    reply = board.reply(
        anybody, offer, consent=True, text="Chętnie obejrzymy sale.", email="chetny@example.org", name="Osoba"
    )
    need = Need.objects.create(case=row, main="loneliness", text="Sam w domu.", wants_news=True)
    solution = Solution.objects.filter(current__isnull=False)[0]
    Reach.objects.create(solution=solution, need=need, score=0.5)
    word = ThesaurusWord.objects.create(concept="loneliness", text="kwadratologia")
    unknown = UnknownWord.objects.create(stem="kwadratol", form="kwadratologia")
    keys = {
        "code": "loneliness",
        "slug": solution.slug,
        "pk": row.pk,
        "row": handed.pk,
        "reply": reply.pk,
        **{f"{name}.pk": ready.pk for name in ("canned_one", "canned_put_away")},
        **{f"{name}.pk": offer.pk for name in ("notice", "team_offer", "moderate", "moderate_reply")},
        "settle_word.pk": unknown.pk,
        "remove_word.pk": word.pk,
    }
    return keys, {"case": token, "offer": mine}, {"case": other, "offer": "nothing"}
