"""Letters about a call to those whom it concerns; each of them gets one about one thing, whatever happens.

Those to people whom the team knows are held: a person reads and releases them. Authors of drafts are known to nobody
but the program, so theirs leave at once: what they tell of is public already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from krzew.accounts.actors import Actor
from krzew.calls.models import Amendment, Application, Call, IdeaCard
from krzew.calls.queries import notices as queries
from krzew.timeline.acts import act
from krzew.timeline.notices import notify
from krzew.ui.addresses import page_address
from krzew.ui.formats import moment

AT_ONCE = 300
"""Up to so many letters are written while one waits; more are written by a task."""
TOPIC = "calls.calls"

Words = tuple[str, str]


@dataclass(frozen=True)
class Person:
    """An address, with what was written from it. `known`: the team of the call sees that it was."""

    email: str
    language: str
    title: str
    known: bool


def tell(actor: Actor, call: Call, what: str, amendment: Amendment | None = None) -> None:
    """Write the letters about what happened to the call: announced, amended or cancelled."""
    if len(people(call, what)) <= AT_ONCE:
        write(actor, call, what, amendment)
        return
    from krzew.calls.programmes.tasks import write_letters

    user, home = (row.pk if row else None for row in (actor.user, actor.organisation))
    key = amendment.pk if amendment else None
    transaction.on_commit(lambda: write_letters.enqueue(what, call.pk, key, user, home))


@act
def write(actor: Actor, call: Call, what: str, amendment: Amendment | None = None) -> None:
    """Write each letter once, however often this is called."""
    compose = LETTERS[what]
    text = {"pl": amendment.text_pl, "en": amendment.text_en} if amendment else {}
    key = f"calls.call:{call.pk}:{what}:{amendment.pk if amendment else ''}"
    for one in people(call, what):
        with override(one.language):
            subject, body = compose(_words(call, one) | {"text": text.get(one.language, "")})
        who = actor if one.known else Actor.system()
        about = {"topic": TOPIC, "key": key, "language": one.language}
        notify(who, call, one.email, subject, body, held=one.known, **about)


def people(call: Call, what: str) -> list[Person]:
    """Everybody whom it concerns, each address once. Who is known to the team comes first."""
    if what == "announced":
        rows = [*_of(queries.authors(call), True), *_of(queries.earlier_drafts(call), False)]
    else:
        known = [*_of(queries.sent(call), True), *_of(queries.authors(call), True)]
        rows = [*known, *_of(queries.drafts(call), False)]
    return list({one.email.lower(): one for one in reversed(rows)}.values())[::-1]


def _of(rows: Iterable[Application | IdeaCard], known: bool) -> Iterator[Person]:
    for row in rows:
        with override(row.language):
            yield Person(row.email, row.language, str(row), known)


def _announced(words: dict[str, str]) -> Words:
    """There is a call now into which an idea may grow, or a new round for a draft that was not sent."""
    body = _(
        "Good morning,\n\nyou wrote to us about “%(title)s”. The call “%(call)s” is announced now. "
        "Applications are taken from %(first)s to %(last)s (Warsaw time).\n\nYour idea can grow into an "
        "application: what you have written is carried over. The call is here:\n%(link)s"
    )
    return _("A call for ideas: %(call)s") % words, body % words


def _amended(words: dict[str, str]) -> Words:
    """Applicants, those who are still writing, and authors of ideas: what is different, and why."""
    body = _(
        "Good morning,\n\nyou wrote to us about “%(title)s”. The announcement of the call “%(call)s” "
        "changed:\n\n%(text)s\n\nApplications are taken from %(first)s to %(last)s (Warsaw time). What you "
        "have written is kept. The call is here:\n%(link)s"
    )
    return _("The announcement of a call changed: %(call)s") % words, body % words


def _cancelled(words: dict[str, str]) -> Words:
    """Everybody who was told of the call: it does not take place, and why."""
    body = _(
        "Good morning,\n\nyou wrote to us about “%(title)s”. The call “%(call)s” does not take place. "
        "The reason:\n\n%(text)s\n\nAn idea needs no call: write to us on the page “Tell us your idea”."
    )
    return _("A call was called off: %(call)s") % words, body % words


def _words(call: Call, one: Person) -> dict[str, str]:
    """In the language of the letter."""
    dates = {"first": moment(call.submit_from), "last": moment(call.closes_at)}
    link = page_address("calls:call", call.slug, language=one.language)
    return {"call": call.name, "title": one.title, "link": link, **dates}


LETTERS: dict[str, Callable[[dict[str, str]], Words]] = {
    "announced": _announced,
    "amended": _amended,
    "cancelled": _cancelled,
}
