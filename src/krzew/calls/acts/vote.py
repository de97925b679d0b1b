"""A public vote: announced, made longer, counted at its end, called off. Only `cast` is for everybody."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from krzew.accounts.actors import Actor
from krzew.calls.acts.selection import must_not_be_released
from krzew.calls.acts.steps import move, on_to_next
from krzew.calls.definition.vote import VoteStage
from krzew.calls.models import Ballot, Call, Vote, VoteEntry
from krzew.calls.queries.vote import current, due, entries, vote_stage, waiting_at
from krzew.calls.rules import manage_call, take_part_in_vote
from krzew.calls.selection_lists import still_before
from krzew.calls.states import VOTE, VoteState
from krzew.timeline.acts import act, record

FEWEST = 2


def _stage(call: Call, code: str) -> VoteStage:
    stage = vote_stage(call, code)
    if stage is None:
        raise ValidationError(_("The rules of this call know no public vote."))
    return stage


@act
def announce(actor: Actor, call: Call, code: str, *, opens_at: datetime, closes_at: datetime) -> Vote:
    """Announce the vote with its dates, on all applications that have reached it. A past opening means: at once."""
    manage_call.require(actor, call)
    call = Call.objects.select_for_update(of=("self",)).select_related("programme").get(pk=call.pk)
    must_not_be_released(call)
    stage, now = _stage(call, code), timezone.now()
    if (held := current(call)) is not None and held.state != VoteState.CALLED_OFF:
        raise ValidationError(_("The vote of this call is announced already."))
    if call.closes_at > now:
        raise ValidationError(_("The call is still open. The vote can be announced when it has closed."))
    if text := still_before(call, code):
        raise ValidationError(text)
    opens_at = max(opens_at, now)
    _must_last(stage, opens_at, closes_at)
    rows = list(waiting_at(call, code))
    if len(rows) < FEWEST:
        raise ValidationError(_("A vote needs at least two applications to choose from."))
    vote = Vote.objects.create(
        call=call,
        stage=code,
        who=stage.who,
        opens_at=opens_at,
        closes_at=closes_at,
        secret=secrets.token_hex(32),
    )
    VoteEntry.objects.bulk_create([VoteEntry(vote=vote, application=row) for row in rows])
    record(actor, "calls.vote_announced", vote, new=vote.state, data={"applications": len(rows)})
    return vote


def _must_last(stage: VoteStage, opens_at: datetime, closes_at: datetime) -> None:
    if closes_at - opens_at >= timedelta(days=stage.least_days):
        return
    text = ngettext(
        "By the rules of the call the vote lasts at least %(count)d day.",
        "By the rules of the call the vote lasts at least %(count)d days.",
        stage.least_days,
    )
    raise ValidationError({"closes_at": text % {"count": stage.least_days}})


@act
def prolong(actor: Actor, vote: Vote, *, closes_at: datetime) -> Vote:
    """Give more time; never less, since people plan by what is announced."""
    manage_call.require(actor, vote.call)
    kept = Vote.objects.select_for_update().get(pk=vote.pk)
    if kept.state != VoteState.ANNOUNCED or kept.is_over():
        raise ValidationError(_("The vote is over. It cannot be made longer any more."))
    if closes_at <= kept.closes_at:
        raise ValidationError({"closes_at": _("The end of an announced vote may only move later.")})
    facts = {"before": kept.closes_at, "after": closes_at}
    vote.closes_at = closes_at
    vote.save(update_fields=["closes_at"])
    record(actor, "calls.vote_prolonged", vote, data=facts)
    return vote


@act
def cast(actor: Actor, vote: Vote, chosen: Sequence[int], *, session: str, address: str) -> None:
    """Keep one vote for the applications with these numbers.

    No event is written: the time-line forgets nothing, so it would be a trace of the voter and of the count. The mark
    that somebody has voted and the count lie apart, so nobody can tell later who voted for what.
    """
    kept = Vote.objects.select_for_update(of=("self",)).select_related("call").get(pk=vote.pk)
    picked = must_be_possible(actor, kept, chosen, session=session)
    stage = _stage(kept.call, kept.stage)
    place = _mark(kept, f"address:{address}")
    if kept.ballots.filter(address=place).count() >= stage.per_address:
        raise ValidationError(
            _(
                "Very many votes came from this network, so it takes no more. Try another one, or a phone's own."
            )
        )
    Ballot.objects.create(vote=kept, voter=_voter(actor, kept, session), address=place)
    VoteEntry.objects.filter(pk__in=picked).update(count=F("count") + 1)


def must_be_possible(actor: Actor, vote: Vote, chosen: Sequence[int], *, session: str) -> list[int]:
    """Refuse what cannot be kept; gives the entries that were picked. The page asks it before it asks once more."""
    take_part_in_vote.require(actor, vote)
    if not vote.is_open():
        raise ValidationError(_("The vote is not open now."))
    if has_voted(actor, vote, session):
        raise ValidationError(_("Your vote is in already. One person votes once."))
    return _picked(vote, _stage(vote.call, vote.stage), chosen)


def _picked(vote: Vote, stage: VoteStage, chosen: Sequence[int]) -> list[int]:
    """Entries of the chosen applications, as many as the rules allow."""
    known = {row.application.number: row.pk for row in entries(vote)}
    numbers = set(chosen)
    if not numbers or not numbers <= set(known):
        raise ValidationError({"chosen": _("Choose from the list.")})
    if len(numbers) > stage.choices:
        text = ngettext(
            "Choose at most %(count)d application.", "Choose at most %(count)d applications.", stage.choices
        )
        raise ValidationError({"chosen": text % {"count": stage.choices}})
    return [known[number] for number in numbers]


def has_voted(actor: Actor, vote: Vote, session: str) -> bool:
    """Whether this voter has voted. Only she can ask: her session or account is needed for it."""
    return vote.ballots.filter(voter=_voter(actor, vote, session)).exists()


def _voter(actor: Actor, vote: Vote, session: str) -> str:
    """By the account where the rules ask for one, otherwise by the session of the browser."""
    if vote.who == "accounts":
        return _mark(vote, f"account:{actor.user.pk if actor.user else ''}")
    return _mark(vote, f"session:{session}")


def _mark(vote: Vote, value: str) -> str:
    """Unreadable without the secret of the vote, which is forgotten at its end."""
    return salted_hmac(f"krzew.vote:{vote.secret}", value, algorithm="sha256").hexdigest()


@act
def count(actor: Actor, vote: Vote) -> Vote:
    """The end: the count becomes public and everything that voters left is removed."""
    manage_call.require(actor, vote.call)
    kept = Vote.objects.select_for_update().get(pk=vote.pk)  # nobody votes or makes it longer meanwhile
    if not kept.is_over():
        raise ValidationError(_("The vote lasts until its announced end. Nobody sees the count before."))
    facts = {"voters": vote.ballots.count(), "votes": _by_label(vote)}
    move(actor, vote, VOTE, "count", "calls.vote_counted", facts, **_traceless(vote))
    return vote


def _by_label(vote: Vote) -> dict[str, int]:
    """Public from now on, so it may stand in the time-line for ever."""
    rows = vote.entries.values_list("application__number", "count")
    return {str(number): votes for number, votes in rows}


def _traceless(vote: Vote) -> dict[str, Any]:
    """Remove what voters left; gives what the vote keeps instead."""
    voters = vote.ballots.count()
    vote.ballots.all().delete()
    return {"voters": voters, "secret": "", "counted_at": timezone.now()}


@act
def call_off(actor: Actor, vote: Vote, *, reason_pl: str, reason_en: str) -> Vote:
    """Stop the vote with the reason that everybody reads. Votes and traces are removed, nothing is counted."""
    manage_call.require(actor, vote.call)
    short = _("Write a sentence; the public and the applicants will read it.")
    Vote.objects.select_for_update().get(pk=vote.pk)
    texts: dict[str, Any] = {"reason_pl": reason_pl.strip(), "reason_en": reason_en.strip()}
    if wrong := {name: short for name, text in texts.items() if len(text) < 10}:
        raise ValidationError(wrong)
    vote.ballots.all().delete()
    vote.entries.update(count=0)
    move(actor, vote, VOTE, "call_off", "calls.vote_called_off", **texts, secret="")
    return vote


def end_with_call(actor: Actor, call: Call, reason_pl: str, reason_en: str) -> None:
    """A call that is called off takes its vote along."""
    vote = current(call)
    if vote is not None and vote.state == VoteState.ANNOUNCED:
        call_off(actor, vote, reason_pl=reason_pl, reason_en=reason_en)


@act
def go_on(actor: Actor, call: Call, code: str) -> int:
    """After the count (or a vote that was called off) applications go on to the next stage."""
    manage_call.require(actor, call)
    call = Call.objects.select_for_update(of=("self",)).select_related("programme").get(pk=call.pk)
    must_not_be_released(call)
    _stage(call, code)
    vote = current(call)
    if vote is None or vote.state == VoteState.ANNOUNCED:
        raise ValidationError(_("Applications go on when the vote is counted."))
    rows = [row.pk for row in waiting_at(call, code)]
    if not rows:
        raise ValidationError(_("No application stands before the vote."))
    return on_to_next(actor, call, code, rows, "calls.vote_closed")


def count_due(now: datetime | None = None) -> int:
    """Count every vote that is over, each in a transaction of its own; gives their number."""
    rows = list(due(now))
    for vote in rows:
        count(Actor.system(), vote)
    return len(rows)
