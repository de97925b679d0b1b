"""Letters about a call to those whom it concerns. They are prepared and held: a person reads and releases them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from krzew.accounts.actors import Actor
from krzew.calls.models import Amendment, Call
from krzew.calls.queries.programmes import authors_in_talks, people_of, writing_or_sent
from krzew.timeline.acts import act, prepare_letter
from krzew.timeline.queries import letters
from krzew.ui.formats import moment

AT_ONCE = 300
"""Up to so many letters are written while one waits; more are written by a task."""

Person = tuple[str, str, str]
"""E-mail, language, and the title of what she writes."""
Words = tuple[str, str]


def tell(actor: Actor, call: Call, what: str, amendment: Amendment | None = None) -> None:
    """Prepare the letters about what happened to the call: announced, amended or cancelled."""
    if people_of(call) <= AT_ONCE:
        write(actor, call, what, amendment)
        return
    from krzew.calls.programmes.tasks import write_letters

    user, home = (row.pk if row else None for row in (actor.user, actor.organisation))
    key = amendment.pk if amendment else None
    transaction.on_commit(lambda: write_letters.enqueue(what, call.pk, key, user, home))


@act
def write(actor: Actor, call: Call, what: str, amendment: Amendment | None = None) -> None:
    """Write each letter once; what was written before stays the only one."""
    reaches, compose = LETTERS[what]
    text = {"pl": amendment.text_pl, "en": amendment.text_en} if amendment else {}
    written = set(letters(call).values_list("to_email", "subject", "body"))
    for email, language, title in _once(reaches(call)):
        with override(language):
            subject, body = compose(_words(call, title) | {"text": text.get(language, "")})
        if (email, " ".join(subject.split()), body) not in written:
            prepare_letter(actor, call, email, subject, body, language=language)


def _announced(words: dict[str, str]) -> Words:
    """Authors whose ideas this team talks about: there is a call now into which an idea may grow."""
    body = _(
        "Good morning,\n\nyou wrote to us about “%(title)s”. The call “%(call)s” is announced now. "
        "Applications are taken from %(first)s to %(last)s (Warsaw time).\n\nYour idea can grow into an "
        "application: what you have written is carried over. You find the call on the page “Calls”."
    )
    return _("A call for ideas: %(call)s") % words, body % words


def _amended(words: dict[str, str]) -> Words:
    """Applicants, those who are still writing, and authors of ideas: what is different, and why."""
    body = _(
        "Good morning,\n\nyou wrote to us about “%(title)s”. The announcement of the call “%(call)s” "
        "changed:\n\n%(text)s\n\nApplications are taken from %(first)s to %(last)s (Warsaw time). What you "
        "have written is kept."
    )
    return _("The announcement of a call changed: %(call)s") % words, body % words


def _cancelled(words: dict[str, str]) -> Words:
    """Everybody who was told of the call: it does not take place, and why."""
    body = _(
        "Good morning,\n\nyou wrote to us about “%(title)s”. The call “%(call)s” does not take place. "
        "The reason:\n\n%(text)s\n\nAn idea needs no call: write to us on the page “Tell us your idea”."
    )
    return _("A call was called off: %(call)s") % words, body % words


def _words(call: Call, title: str) -> dict[str, str]:
    """In the language of the letter."""
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


def _everybody(call: Call) -> Iterator[Person]:
    yield from _applicants(call)
    yield from _authors(call)


def _once(people: Iterable[Person]) -> Iterator[Person]:
    """Nobody gets the same letter twice."""
    seen: set[str] = set()
    for person in people:
        if person[0].lower() not in seen:
            seen.add(person[0].lower())
            yield person


LETTERS: dict[str, tuple[Callable[[Call], Iterator[Person]], Callable[[dict[str, str]], Words]]] = {
    "announced": (_authors, _announced),
    "amended": (_everybody, _amended),
    "cancelled": (_everybody, _cancelled),
}
