"""Letters to the office: an idea came, or its author added something. They hold nothing of what she wrote."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import override

from krzew.accounts.actors import Actor
from krzew.accounts.models import User
from krzew.calls.models import IdeaCard, IdeaMessage
from krzew.calls.queries.notices import answering
from krzew.timeline.notices import notify
from krzew.ui.addresses import page_address

TOPIC = "calls.ideas"


def tell_office(card: IdeaCard) -> None:
    """At once, to everybody who may answer it."""
    for user in answering(card):
        with override(user.language):
            words = {"number": card.number, "link": _page(card, user)}
            subject = _("A new idea: no. %(number)s") % words
            body = (
                _(
                    "Good morning,\n\na new idea came. Its number is %(number)s, and its author waits for an answer:\n"
                    "%(link)s\n\nThe first answer takes the idea into your team."
                )
                % words
            )
        _post(card, user, subject, body, f"calls.idea:{card.pk}:new")


def tell_addition(message: IdeaMessage) -> None:
    """To the person in charge, or to everybody who may answer while nobody is."""
    card = message.card
    people: Iterable[User] = [card.in_charge] if card.in_charge else answering(card)
    for user in people:
        with override(user.language):
            words = {"number": card.number, "link": _page(card, user)}
            subject = _("The author of idea no. %(number)s wrote") % words
            body = _("Good morning,\n\nthe author added something to idea no. %(number)s:\n%(link)s") % words
        _post(card, user, subject, body, f"calls.idea:{card.pk}:message:{message.pk}")


def _page(card: IdeaCard, user: User) -> str:
    return page_address("calls:team_idea", card.pk, language=user.language)


def _post(card: IdeaCard, user: User, subject: str, body: str, key: str) -> None:
    notify(Actor.system(), card, user.email, subject, body, topic=TOPIC, key=key, language=user.language)
