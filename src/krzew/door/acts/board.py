"""The board: notices put in without an account, read by the office before anybody sees them, answered through it.

Addresses stay hidden on both sides. An answer is passed on with the address of the one who wrote it, who agreed.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from krzew.accounts.actors import Actor
from krzew.calls.acts.steps import move
from krzew.calls.models import new_token, token_hash
from krzew.door.acts import cases
from krzew.door.models import CaseKind, Offer, Reply
from krzew.door.rules import moderate_board
from krzew.door.states import OFFER, REPLY, OfferState
from krzew.timeline.acts import act, post_letter, record
from krzew.ui.addresses import absolute

WRITABLE = frozenset(
    {"kind", "subject", "title", "text", "place", "shown_as", "name", "email", "phone", "until", "language"}
)
SHORTEST = 20


@act
def put_in(actor: Actor, *, consent: bool, **fields: Any) -> tuple[Offer, str]:
    """Put a notice in; the office reads it first. Gives it with the secret of its link."""
    unknown = set(fields) - WRITABLE
    if unknown:
        raise ValueError(f"not part of a notice: {sorted(unknown)}")
    _must_be_whole(fields, consent)
    token = new_token()
    offer = Offer.objects.create(
        token_hash=token_hash(token), user=actor.user, organisation=actor.organisation, **fields
    )
    record(actor, "door.offer_put_in", offer, new=offer.state, data={"subject": offer.subject})
    cases.open_case(actor, CaseKind.OFFER, about=offer, place=offer.place, language=offer.language)
    _confirm(offer, token)
    return offer, token


def _must_be_whole(fields: dict[str, Any], consent: bool) -> None:
    wrong = {}
    if len(str(fields.get("text", "")).strip()) < SHORTEST:
        wrong["text"] = _("Write in a sentence or two what exactly.")
    if not fields.get("email") and not fields.get("phone"):
        wrong["email"] = _(
            "Give an e-mail or a telephone number, so that answers reach you. Nobody else sees it."
        )
    until = fields.get("until")
    if until is not None and until < timezone.localdate():
        wrong["until"] = _("This day is over. Choose a later one.")
    if not consent:
        wrong["consent"] = _("Without this agreement we may not keep your notice.")
    if wrong:
        raise ValidationError(wrong)


def _confirm(offer: Offer, token: str) -> None:
    if offer.email:
        with override(offer.language):
            subject = _("Your notice is with the office")
            body = _(
                "Good morning,\n\nthe office reads your notice before it stands on the board. Here you see where it is, "
                "and can change or close it:\n%(link)s\n\nWhoever has this link can do that. Keep it to yourself."
            ) % {"link": absolute(reverse("door:offer", args=[token]))}
        post_letter(Actor.system(), offer, offer.email, subject, body, language=offer.language)


@act
def mend(actor: Actor, offer: Offer, *, consent: bool, **fields: Any) -> Offer:
    """The author changes the notice; the office reads it again before it is shown."""
    _must_be_whole(fields, consent)
    for name in WRITABLE & set(fields):
        setattr(offer, name, fields[name])
    offer.save()
    if offer.state != OfferState.WAITING:
        move(actor, offer, OFFER, "mend", "door.offer_mended", returned_why="")
    cases.follow(actor, offer, "write")
    return offer


@act
def close(actor: Actor, offer: Offer) -> Offer:
    """The author needs it no longer."""
    move(actor, offer, OFFER, "close", "door.offer_closed")
    cases.follow(actor, offer, "close")
    return offer


@act
def publish(actor: Actor, offer: Offer) -> Offer:
    """The office lets the notice stand on the board."""
    moderate_board.require(actor, offer)
    facts: dict[str, Any] = {"published_at": timezone.now(), "moderated_by": actor.user, "returned_why": ""}
    move(actor, offer, OFFER, "publish", "door.offer_published", **facts)
    cases.follow(actor, offer, "close")
    _tell(actor, offer, _("Your notice stands on the board."))
    return offer


@act
def send_back(actor: Actor, offer: Offer, why: str) -> Offer:
    """Ask the author to change something first."""
    return _not_yet(actor, offer, "return", "door.offer_returned", why)


@act
def refuse(actor: Actor, offer: Offer, why: str) -> Offer:
    """Do not take it, or take it off the board; the author reads why."""
    return _not_yet(actor, offer, "refuse", "door.offer_refused", why)


def _not_yet(actor: Actor, offer: Offer, step: str, event: str, why: str) -> Offer:
    moderate_board.require(actor, offer)
    if len(why.strip()) < 10:
        raise ValidationError({"why": _("Write why, in a sentence; the author reads it.")})
    move(actor, offer, OFFER, step, event, returned_why=why.strip(), moderated_by=actor.user)
    cases.follow(actor, offer, "close" if step == "refuse" else "answer")
    _tell(actor, offer, why.strip())
    return offer


def _tell(actor: Actor, offer: Offer, text: str) -> None:
    if offer.email:
        with override(offer.language):
            subject = _("About your notice on the board")
        post_letter(Actor.system(), offer, offer.email, subject, text, language=offer.language)


@act
def reply(
    actor: Actor, offer: Offer, *, text: str, name: str = "", email: str = "", phone: str = "", consent: bool
) -> Reply:
    """Answer a notice; the office reads it and passes it on."""
    wrong = {}
    if offer.state != OfferState.PUBLISHED or (offer.until and offer.until < timezone.localdate()):
        raise ValidationError(_("This notice is no longer on the board."))
    if len(text.strip()) < 10:
        wrong["text"] = _("Write what you would like to say.")
    if not email and not phone:
        wrong["email"] = _("Give an e-mail or a telephone number by which you can be answered.")
    if not consent:
        wrong["consent"] = _("Without this agreement we may not pass your answer on.")
    if wrong:
        raise ValidationError(wrong)
    row = Reply.objects.create(offer=offer, text=text.strip(), name=name, email=email, phone=phone)
    record(actor, "door.replied", row, new=row.state)
    cases.open_case(actor, CaseKind.OFFER, about=row, place=offer.place, language=offer.language)
    return row


@act
def pass_on(actor: Actor, row: Reply) -> Reply:
    """Send the answer to the author of the notice, with the address of the one who wrote it."""
    _moderated(actor, row, "pass_on", "door.reply_passed_on")
    offer = row.offer
    if offer.email:
        with override(offer.language):
            subject = _("An answer to your notice on the board")
            body = _("Good morning,\n\nsomebody answers your notice:\n\n%(text)s\n\n%(who)s") % {
                "text": row.text,
                "who": "\n".join(part for part in (row.name, row.email, row.phone) if part),
            }
        post_letter(Actor.system(), row, offer.email, subject, body, language=offer.language)
    return row


@act
def refuse_reply(actor: Actor, row: Reply, why: str) -> Reply:
    """Do not pass it on; the reason stays with the office."""
    return _moderated(actor, row, "refuse", "door.reply_refused", refused_why=why.strip()[:300])


def _moderated(actor: Actor, row: Reply, step: str, event: str, **fields: Any) -> Reply:
    moderate_board.require(actor, row.offer)
    move(actor, row, REPLY, step, event, moderated_by=actor.user, moderated_at=timezone.now(), **fields)
    about: Model = row
    cases.follow(actor, about, "close")
    return row
