"""What is forgotten: persons leave cases, notices and answers; that something was asked and answered stays."""

from __future__ import annotations

from django.db.models import Model

from krzew.accounts.actors import Actor
from krzew.door.models import Case, Offer, Reply
from krzew.timeline.acts import act, object_key, record
from krzew.timeline.keeping import empty
from krzew.timeline.models import Letter

PERSON = ("name", "email", "phone")


@act
def forget_case(actor: Actor, case: Case) -> None:
    """Delete the thread and the address; number, kind, place and times stay for the statistics."""
    _blank(case, *PERSON, "draft")
    Case.objects.filter(pk=case.pk).update(user=None)
    case.messages.all().delete()
    case.needs.update(text="", wants_news=False)
    _empty_letters(case)
    record(actor, "door.case_forgotten", case)


@act
def forget_offer(actor: Actor, offer: Offer) -> None:
    """Delete words and addresses of a notice and of the answers to it."""
    for reply in offer.replies.all():
        _forget_reply(reply)
    _blank(offer, *PERSON)
    Offer.objects.filter(pk=offer.pk).update(title="", text="", shown_as="", returned_why="", user=None)
    _empty_letters(offer)
    record(actor, "door.offer_forgotten", offer)


@act
def forget_reply(actor: Actor, reply: Reply) -> None:
    _forget_reply(reply)
    record(actor, "door.reply_forgotten", reply)


def _forget_reply(reply: Reply) -> None:
    _blank(reply, *PERSON, "text")
    _empty_letters(reply)


def _blank(row: Model, *names: str) -> None:
    for name in names:
        setattr(row, name, None)
    row.save(update_fields=names)


def _empty_letters(row: Model) -> None:
    object_type, object_id = object_key(row)
    empty(Letter.objects.filter(object_type=object_type, object_id=object_id))
