"""Invented assessors of the demonstration beside Kuba, and what all of them do with cards."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from krzew.accounts.actors import Actor
from krzew.accounts.models import Membership, Role, User
from krzew.calls.acts import assessors, assignment, readings
from krzew.calls.acts.assignment import Wishes
from krzew.calls.assessment_cards import Draft
from krzew.calls.models import Assessor, Call, Reading

PEOPLE = {
    "zofia": "Zofia Rozważna",
    "henryk": "Henryk Czytelny",
    "iga": "Iga Uważna",
}
SEED = 26
"""Of the drawing of lots between equal proposals, so that the story is the same each time."""
DESK = "/pl/my-assessments/"


def gather(nina: Actor, kuba: User) -> list[Assessor]:
    """Kuba and three others in the pool of the incubator."""
    assert nina.organisation is not None
    users = [kuba]
    for key, name in PEOPLE.items():
        user, _new = User.objects.get_or_create(email=f"{key}@demo.example", defaults={"name": name})
        Membership.objects.get_or_create(user=user, organisation=nina.organisation, role=Role.ASSESSOR)
        users.append(user)
    return [_in_pool(nina, user) for user in users]


def _in_pool(nina: Actor, user: User) -> Assessor:
    known = Assessor.objects.filter(user=user, organisation=nina.organisation).first()
    return known or assessors.add(nina, user, most=12)


def assign(nina: Actor, call: Call, stage: str, *, due_on: date, each: int) -> list[Reading]:
    """Let the method propose who reads what, and take its proposal."""
    plan = assignment.propose(nina, call, stage, Wishes(per_idea=each, seed=SEED))
    return assignment.adopt(nina, plan, due_on=due_on, desk=DESK)


def actor(reading: Reading) -> Actor:
    return Actor.of(reading.assessor.user, reading.assessor.organisation)


def open_(reading: Reading) -> Actor:
    """State impartiality, as the first thing that an assessor does."""
    who = actor(reading)
    readings.state(who, reading, impartial=True, confidential=True)
    return who


def sign(reading: Reading, draft: Draft) -> None:
    """Write a card and sign it."""
    who = actor(reading)
    reading.refresh_from_db()
    readings.save(who, reading, draft, seen=reading.revision)
    readings.sign(who, reading)


def by_application(rows: Iterable[Reading]) -> dict[str, list[Reading]]:
    """Readings of each application by its title, in the order of the pool."""
    found: dict[str, list[Reading]] = {}
    for reading in sorted(rows, key=lambda row: row.assessor_id):
        found.setdefault(reading.application.title, []).append(reading)
    return found
