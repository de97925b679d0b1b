"""Notices: letters that nobody gets twice, and that nobody gets who asked for none of their kind.

A kind of notices is a topic; each room names its own in `timeline_phrases.TOPICS`. What was told, and who asked for
what, is kept as fingerprints: the tables name nobody, and stay true when letters are emptied.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.core import signing
from django.db.models import Model
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import override

from krzew.accounts.actors import Actor
from krzew.timeline.acts import act, post_letter, prepare_letter
from krzew.timeline.models import Letter, Refusal, Told
from krzew.timeline.phrases import TOPICS
from krzew.ui.addresses import page_address

SALT = "krzew.timeline.notices"


def fingerprint(text: str) -> str:
    """One way only: whoever reads the table learns no address. The key of the installation goes into it."""
    return salted_hmac(SALT, text.strip().lower(), algorithm="sha256").hexdigest()


def is_refused(email: str, topic: str) -> bool:
    return Refusal.objects.filter(address=fingerprint(email), topic=topic).exists()


def untold(topic: str, wanted: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Of these pairs of key and address the ones of which nothing was told, and who want to hear of it."""
    keys = {fingerprint(f"{key} {email}"): (key, email) for key, email in wanted}
    told = set(Told.objects.filter(key__in=keys).values_list("key", flat=True))
    refused = set(Refusal.objects.filter(topic=topic).values_list("address", flat=True))
    left = {pair for mark, pair in keys.items() if mark not in told}
    return {(key, email) for key, email in left if fingerprint(email) not in refused}


@act
def notify(
    actor: Actor,
    obj: Model,
    to_email: str,
    subject: str,
    body: str,
    *,
    topic: str,
    key: str,
    language: str = "pl",
    held: bool = False,
) -> Letter | None:
    """Write a notice about `key` to an address once; it leaves at once unless it is `held` for a person.

    None: this address was told before, or asked for no letters of this kind.
    """
    if topic not in TOPICS:
        raise ValueError(f"no such topic: {topic}")
    if is_refused(to_email, topic) or not _first_time(key, to_email):
        return None
    write = prepare_letter if held else post_letter
    return write(actor, obj, to_email, subject, body + _ending(to_email, language), language=language)


def _first_time(key: str, email: str) -> bool:
    """Of two workers that try at once, one succeeds: the database allows the fingerprint once."""
    return Told.objects.get_or_create(key=fingerprint(f"{key} {email}"))[1]


def _ending(email: str, language: str) -> str:
    with override(language):
        said = _("You choose which letters Krzew writes to you: %(link)s")
        return "\n\n-- \n" + said % {"link": choice_address(email, language)}


def choice_address(email: str, language: str) -> str:
    """The page on which the holder of this address chooses; the address itself does not stand in it."""
    return page_address("timeline:choice", signing.dumps(fingerprint(email), salt=SALT), language=language)


def address_of(signed: str) -> str:
    """The fingerprint for which a link was signed. Raises `signing.BadSignature`."""
    return str(signing.loads(signed, salt=SALT))


def refused_topics(address: str) -> set[str]:
    return set(Refusal.objects.filter(address=address).values_list("topic", flat=True))


@act
def choose(address: str, topic: str, *, wanted: bool) -> None:
    """Whoever holds the link decides what comes to the address. No event: nobody else is to know."""
    if topic not in TOPICS:
        raise ValueError(f"no such topic: {topic}")
    if wanted:
        Refusal.objects.filter(address=address, topic=topic).delete()
    else:
        Refusal.objects.get_or_create(address=address, topic=topic)
