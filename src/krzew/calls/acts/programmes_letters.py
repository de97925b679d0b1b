"""Letters about a call to those whom it concerns. They are prepared and held: a person reads and releases them."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import override

from krzew.accounts.actors import Actor
from krzew.calls.models import Amendment, Call
from krzew.calls.queries.programmes import authors_in_talks, writing_or_sent
from krzew.timeline.acts import prepare_letter
from krzew.ui.formats import moment

Person = tuple[str, str, str]
"""E-mail, language, and the title of what she writes."""


def tell_announced(actor: Actor, call: Call) -> None:
    """Authors whose ideas this team talks about: there is a call now into which an idea may grow."""
    for email, language, title in _once(_authors(call)):
        with override(language):
            subject = _("A call for ideas: %(call)s") % {"call": call.name}
            body = _(
                "Good morning,\n\nyou wrote to us about “%(title)s”. The call “%(call)s” is announced now. "
                "Applications are taken from %(first)s to %(last)s (Warsaw time).\n\nYour idea can grow into an "
                "application: what you have written is carried over. You find the call on the page “Calls”."
            ) % _words(call, title)
        prepare_letter(actor, call, email, subject, body, language=language)


def tell_amended(actor: Actor, call: Call, amendment: Amendment) -> None:
    """Applicants, those who are still writing, and authors of ideas: what is different, and why."""
    for email, language, title in _once([*_applicants(call), *_authors(call)]):
        with override(language):
            subject = _("The announcement of a call changed: %(call)s") % {"call": call.name}
            body = _(
                "Good morning,\n\nyou wrote to us about “%(title)s”. The announcement of the call “%(call)s” "
                "changed:\n\n%(text)s\n\nApplications are taken from %(first)s to %(last)s (Warsaw time). What you "
                "have written is kept."
            ) % (_words(call, title) | {"text": amendment.text})
        prepare_letter(actor, call, email, subject, body, language=language)


def tell_cancelled(actor: Actor, call: Call, amendment: Amendment) -> None:
    """Everybody who was told of the call: it does not take place, and why."""
    for email, language, title in _once([*_applicants(call), *_authors(call)]):
        with override(language):
            subject = _("A call was called off: %(call)s") % {"call": call.name}
            body = _(
                "Good morning,\n\nyou wrote to us about “%(title)s”. The call “%(call)s” does not take place. "
                "The reason:\n\n%(text)s\n\nAn idea needs no call: write to us on the page “Tell us your idea”."
            ) % (_words(call, title) | {"text": amendment.text})
        prepare_letter(actor, call, email, subject, body, language=language)


def _words(call: Call, title: str) -> dict[str, str]:
    dates = {"first": moment(call.submit_from), "last": moment(call.closes_at)}
    return {"call": call.name, "title": title, **dates}


def _applicants(call: Call) -> Iterator[Person]:
    for row in writing_or_sent(call):
        with override(row.language):
            yield row.email, row.language, str(row)


def _authors(call: Call) -> Iterator[Person]:
    for card in authors_in_talks(call):
        with override(card.language):
            yield card.email, card.language, str(card)


def _once(people: Iterator[Person] | list[Person]) -> Iterator[Person]:
    """Nobody gets the same letter twice."""
    seen: set[str] = set()
    for person in people:
        if person[0].lower() not in seen:
            seen.add(person[0].lower())
            yield person
