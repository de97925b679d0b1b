"""The idea card: begun by anyone, saved as typed, sent, answered."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from krzew.accounts.actors import Actor
from krzew.accounts.permissions import Denied
from krzew.calls.acts.ideas_letters import tell_addition, tell_office
from krzew.calls.acts.steps import move, save_seen
from krzew.calls.models import Channel, IdeaCard, IdeaMessage, Wish, new_token, token_hash
from krzew.calls.rules import NOT_YOUR_IDEA, answer_idea, key_in_idea
from krzew.calls.states import IDEA, IdeaState
from krzew.timeline.acts import act, post_letter, prepare_letter, record, release_letters

CONSENT_VERSION = "2026-11"
"""Changes with the text of the information on personal data."""

SHORTEST = 20
WRITABLE = frozenset(
    {"wish", "title", "what", "for_whom", "maturity", "place", "name", "email", "phone", "language"}
)


@act
def start(actor: Actor, *, wish: str = Wish.IDEA, language: str = "pl") -> tuple[IdeaCard, str]:
    """Begin a card; gives it with the secret of its link, of which only the hash is kept."""
    token = new_token()
    card = IdeaCard.objects.create(
        token_hash=token_hash(token), wish=wish, language=language, user=actor.user
    )
    record(actor, "calls.idea_started", card, new=card.state)
    return card, token


@act
def save(card: IdeaCard, *, seen: int, **fields: Any) -> IdeaCard:
    """Keep what is typed. Whoever holds the link may write until it is sent. Raises `Conflict`."""
    _must_be_draft(card)
    unknown = set(fields) - WRITABLE
    if unknown:
        raise ValueError(f"not part of a card: {sorted(unknown)}")
    save_seen(card, seen, changed_at=timezone.now(), **fields)
    return card


def _must_be_draft(card: IdeaCard) -> None:
    if card.state != IdeaState.DRAFT:
        raise ValidationError(_("This idea has been sent. Write to the team below to add something."))


@act
def send_link(actor: Actor, card: IdeaCard, token: str, address: str) -> None:
    """Write to the author where her card is; `address` is the full link."""
    _must_have_email(card)
    with override(card.language):
        subject = _("Your idea in Krzew: the link to it")
        body = _(
            "Good morning,\n\nyour idea is kept here:\n%(link)s\n\nWhoever has this link can read and change it. "
            "Nothing is sent to anybody before you press “Send”."
        ) % {"link": address}
    post_letter(Actor.system(), card, card.email, subject, body, language=card.language)


def _must_have_email(card: IdeaCard) -> None:
    if not card.email:
        raise ValidationError({"email": _("Type an e-mail address to which the link can be sent.")})


@act
def renew_link(card: IdeaCard) -> str:
    """A new secret for a lost link; the old one stops working."""
    token = new_token()
    card.token_hash = token_hash(token)
    card.save(update_fields=["token_hash"])
    record(Actor.system(), "calls.idea_link_renewed", card)
    return token


def missing(card: IdeaCard) -> dict[str, str]:
    """What a card lacks before it can be sent, by field."""
    lacks = {}
    if len(card.what.strip()) < SHORTEST:
        joining = card.wish == Wish.JOIN
        lacks["what"] = (
            _("Write in a sentence what you would like to do.")
            if joining
            else _("Write in a sentence or two what your idea is.")
        )
    if card.wish == Wish.IDEA and not card.for_whom.strip():
        lacks["for_whom"] = _("Write whom it should help.")
    if not card.email and not card.phone:
        lacks["email"] = _("Give an e-mail or a telephone number, so that the team can answer.")
    return lacks


@act
def send(actor: Actor, card: IdeaCard, *, consent: bool) -> IdeaCard:
    """Send the card to the team. It gets a number, and the author a letter that it came."""
    lacks = missing(card)
    if not consent:
        lacks["consent"] = _("Without this agreement the team may not read your idea.")
    if lacks:
        raise ValidationError(lacks)
    _dispatch(actor, card)
    if card.email:
        _confirm(card)
    tell_office(card)
    return card


def _dispatch(actor: Actor, card: IdeaCard) -> None:
    now = timezone.now()
    facts: dict[str, Any] = {"sent_at": now, "consent_version": CONSENT_VERSION, "consent_at": now}
    move(actor, card, IDEA, "send", "calls.idea_sent", **facts)


def _confirm(card: IdeaCard) -> None:
    with override(card.language):
        subject = _("We have your idea: number %(number)s") % {"number": card.number}
        body = _(
            "Good morning,\n\nthank you for the idea “%(title)s”. Its number is %(number)s.\n\nNext: somebody of the "
            "team reads it and answers you. You see the answer under your link, and by e-mail."
        ) % {"title": card, "number": card.number}
    post_letter(Actor.system(), card, card.email, subject, body, language=card.language)


@act
def key_in(actor: Actor, *, channel: str, **fields: Any) -> IdeaCard:
    """Take down an idea that came on paper, by telephone or at a meeting."""
    key_in_idea.require(actor)
    if channel == Channel.SELF:
        raise ValidationError({"channel": _("Say how the idea reached you.")})
    card = IdeaCard(token_hash=token_hash(new_token()), channel=channel, keyed_by=actor.user, **fields)
    lacks = missing(card)
    if lacks:
        raise ValidationError(lacks)
    card.organisation = actor.organisation
    card.save()
    record(actor, "calls.idea_keyed_in", card, new=card.state, data={"channel": channel})
    _dispatch(actor, card)
    return card


@act
def answer(actor: Actor, card: IdeaCard, text: str) -> IdeaMessage:
    """Answer the author. The first answer takes the idea into the team; the letter leaves at once."""
    answer_idea.require(actor, card)
    _must_say(text)
    move(
        actor,
        card,
        IDEA,
        "answer",
        "calls.idea_answered",
        organisation=actor.organisation,
        in_charge=actor.user,
    )
    return _say(actor, card, text, from_team=True)


@act
def ask(card: IdeaCard, text: str) -> IdeaMessage:
    """The author, by her link, adds something or asks."""
    if card.state not in (IdeaState.SENT, IdeaState.IN_TALKS):
        raise ValidationError(_("The talk about this idea is closed. You may begin a new one."))
    _must_say(text)
    record(Actor.anonymous(), "calls.idea_asked", card)
    message = _say(Actor.anonymous(), card, text, from_team=False)
    tell_addition(message)
    return message


def _must_say(text: str) -> None:
    if len(text.strip()) < 3:
        raise ValidationError({"text": _("Write what you want to say.")})


def _say(actor: Actor, card: IdeaCard, text: str, *, from_team: bool) -> IdeaMessage:
    message = IdeaMessage.objects.create(card=card, from_team=from_team, by=actor.user, text=text.strip())
    if from_team and card.email:
        with override(card.language):
            subject = _("An answer about your idea no. %(number)s") % {"number": card.number}
        letter = prepare_letter(actor, card, card.email, subject, text.strip(), language=card.language)
        release_letters(Actor.system(), [letter])
    return message


@act
def close(actor: Actor, card: IdeaCard, text: str) -> IdeaCard:
    """End the talk with an answer that the author reads."""
    answer_idea.require(actor, card)
    if len(text.strip()) < 10:
        raise ValidationError({"text": _("Write the answer in a sentence; the author will read it.")})
    taken: dict[str, Any] = {"organisation": actor.organisation} if card.organisation_id is None else {}
    move(actor, card, IDEA, "close", "calls.idea_closed", in_charge=actor.user, **taken)
    _say(actor, card, text, from_team=True)
    return card


@act
def withdraw(actor: Actor, card: IdeaCard, *, by_link: bool = False) -> IdeaCard:
    """The author takes the idea back: what she wrote and who she is are deleted at once."""
    if not by_link and not (actor.user and actor.user.pk == card.user_id):
        raise Denied(NOT_YOUR_IDEA)
    nothing: dict[str, Any] = dict.fromkeys(("title", "what", "for_whom", "name", "email", "phone"), "")
    move(actor, card, IDEA, "withdraw", "calls.idea_withdrawn", place=None, **nothing)
    card.messages.all().delete()
    return card


def link_of(token: str) -> str:
    """The address of a card without its host."""
    return reverse("calls:idea", args=[token])
