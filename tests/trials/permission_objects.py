"""Innovations of two organisations, with and without innovator's account and mentor, over which rules are compared."""

from __future__ import annotations

from krzew.accounts.models import Organisation, User
from krzew.trials.models import Innovation
from krzew.trials.states import InnovationState
from tests.trials import factory


def make_objects(organisations: list[Organisation], people: list[User]) -> None:
    for home in organisations:
        call = factory.call(home)
        for number, person in enumerate([None, *people[:6]], 1):
            application, _token = factory.selected(call, number)
            Innovation.objects.create(
                call=call,
                application=application,
                slug=f"innowacja-{call.pk}-{number}",
                state=InnovationState.CHOSEN if number % 3 == 0 else InnovationState.RUNNING,
                title=application.title,
                user=person if number % 2 else None,
                mentor=person,
            )
