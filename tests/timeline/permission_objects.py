"""Objects of the time-line over which the permissions are compared."""

from __future__ import annotations

from krzew.accounts.actors import Actor
from krzew.accounts.models import Organisation, User
from krzew.timeline.acts import prepare_letter, record


def make_objects(organisations: list[Organisation], people: list[User]) -> None:
    """Events and letters of each organisation and of the program itself."""
    actors = [Actor.system(), *(Actor(user=people[0], organisation=o) for o in organisations)]
    for actor in actors:
        record(actor, "test.happened", organisations[0])
        prepare_letter(actor, organisations[0], "a@example.org", "Subject", "Body")
