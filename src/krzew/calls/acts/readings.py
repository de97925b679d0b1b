"""What an assessor does: states impartiality or refuses, writes the card as typed, signs it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from krzew.accounts.actors import Actor
from krzew.calls.acts.assessors import closed_by
from krzew.calls.acts.steps import Conflict as Meanwhile
from krzew.calls.acts.steps import move, save_seen
from krzew.calls.assessment_cards import Draft, lacks
from krzew.calls.assessment_matching import Assessed, stage_of
from krzew.calls.definition.assessment import PitchStage
from krzew.calls.models import Conflict, Meeting, Reading, ScoreCard
from krzew.calls.rules import assess, manage_reading, take_reading
from krzew.calls.states import READING, ApplicationState, ReadingState
from krzew.timeline.acts import act, prepare_letter

STATEMENT_VERSION = "2026-11"
"""Changes with the text of the statement of impartiality and confidentiality."""

SHORTEST_REASON = 10
OTHER = "other"
"""A refusal that is no conflict: no time, illness, a theme that she does not know."""


def stage_of_reading(reading: Reading) -> Assessed:
    stage = stage_of(reading.application.rules, reading.stage)
    assert stage is not None, reading.stage
    return stage


def _must_stand(reading: Reading) -> None:
    """What has moved on, was taken back or decided is not assessed any more."""
    application = reading.application
    if application.state != ApplicationState.SUBMITTED or application.stage != reading.stage:
        raise ValidationError(_("This application is not assessed any more. Nothing needs to be done."))


@act
def state(actor: Actor, reading: Reading, *, impartial: bool, confidential: bool) -> Reading:
    """State impartiality and confidentiality. Only then does the application open."""
    take_reading.require(actor, reading)
    _must_stand(reading)
    wrong = {}
    if not impartial:
        wrong["impartial"] = _(
            "Without this statement the application stays closed. If it is not true, refuse."
        )
    if not confidential:
        wrong["confidential"] = _("Without this statement the application stays closed.")
    if wrong:
        raise ValidationError(wrong)
    facts = {"statement_version": STATEMENT_VERSION, "stated_at": timezone.now()}
    data = {"statement": STATEMENT_VERSION}
    move(actor, reading, READING, "state", "calls.impartiality_stated", data, **facts)
    return reading


@act
def refuse(actor: Actor, reading: Reading, *, kind: str, reason: str) -> Reading:
    """Give an application back. When a link is the reason, it stays closed to this assessor for good."""
    take_reading.require(actor, reading)
    if kind != OTHER and kind not in Conflict.Kind.values:
        raise ValidationError({"kind": _("Choose why you refuse.")})
    if len(reason.strip()) < SHORTEST_REASON:
        raise ValidationError({"reason": _("Write the reason in a sentence; only the team reads it.")})
    why = reason.strip()[:300]
    move(actor, reading, READING, "refuse", "calls.reading_refused", {"kind": kind}, refused_why=why)
    if kind != OTHER:
        closed_by(actor, reading.assessor, reading.application, kind, why)
    return reading


@act
def save(actor: Actor, reading: Reading, draft: Draft, *, seen: int) -> Reading:
    """Keep what is typed. Raises `Conflict` of `acts.steps` when another window saved first."""
    assess.require(actor, reading)
    _must_stand(reading)
    if reading.state != ReadingState.OPEN:
        raise ValidationError(_("This card is signed. The team can open it again for a correction."))
    try:
        save_seen(reading, seen, draft=draft.plain())
    except Meanwhile as error:
        kept = error.now
        assert isinstance(kept, Reading)
        if kept.draft != draft.plain():
            raise
        # The same words came twice: saved as typed a moment before the button was pressed.
        reading.draft, reading.revision = kept.draft, kept.revision
    return reading


@act
def sign(actor: Actor, reading: Reading) -> ScoreCard:
    """Sign the card as it is kept. It never changes again; a correction is a new version."""
    assess.require(actor, reading)
    _must_stand(reading)
    stage = stage_of_reading(reading)
    kept = Reading.objects.select_for_update().get(pk=reading.pk)
    draft = Draft.of(kept.draft)
    if isinstance(stage, PitchStage) and not _has_come(reading):
        raise ValidationError(_("The card is signed after the pitch. The team notes who came."))
    if wrong := lacks(stage, draft):
        raise ValidationError(wrong)
    version = kept.cards.count() + 1
    move(actor, reading, READING, "sign", "calls.card_signed", {"version": version})
    return ScoreCard.objects.create(reading=reading, version=version, **draft.plain())


def _has_come(reading: Reading) -> bool:
    rows = Meeting.objects.filter(application=reading.application_id, stage=reading.stage)
    return rows.filter(attended=True).exists()


@act
def reopen(actor: Actor, reading: Reading, *, reason: str, desk: str) -> Reading:
    """Ask an assessor to correct a signed card. The signed version stays; the letter is held."""
    manage_reading.require(actor, reading)
    _must_stand(reading)
    if len(reason.strip()) < SHORTEST_REASON:
        raise ValidationError({"reason": _("Write what needs a correction; the assessor reads it.")})
    move(actor, reading, READING, "reopen", "calls.card_reopened")
    user = reading.assessor.user
    facts = {"number": reading.application.label, "reason": reason.strip(), "desk": desk}
    with override(user.language):
        subject = _("A card to correct: application %(number)s") % facts
        body = (
            _(
                "Good morning,\n\nthe card of application %(number)s was opened again:\n%(reason)s\n\n"
                "Please correct it and sign it anew:\n%(desk)s"
            )
            % facts
        )
    call = reading.application.call
    prepare_letter(actor, call, user.email, subject, body, language=user.language, user=user)
    return reading


@act
def take_back(actor: Actor, reading: Reading) -> Reading:
    """Take an application back from an assessor who has not signed a card."""
    manage_reading.require(actor, reading)
    move(actor, reading, READING, "take_back", "calls.reading_taken_back")
    return reading
