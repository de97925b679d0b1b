"""From opening a diagnosis to its signature."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from krzew.accounts.actors import Actor
from krzew.diagnosis import engine
from krzew.diagnosis.acts.lock import claim
from krzew.diagnosis.models import Decision, Diagnosis, FactAnswer, LocalFigure, NeighbourChoice, Snapshot
from krzew.diagnosis.result import Choice, Result, dump
from krzew.diagnosis.rules import advise_diagnosis, edit_diagnosis, open_diagnosis
from krzew.diagnosis.states import DIAGNOSIS, State, target
from krzew.library.models import SolutionVersion
from krzew.places.models import Unit
from krzew.timeline.acts import act, record


@act
def start(actor: Actor, place: Unit) -> Diagnosis:
    """Open a diagnosis of a gmina."""
    open_diagnosis.require(actor)
    if not place.is_gmina:
        raise ValidationError(_("A diagnosis is made for one gmina."))
    assert actor.organisation is not None
    diagnosis = Diagnosis.objects.create(place=place, organisation=actor.organisation, opened_by=actor.user)
    record(actor, "diagnosis.opened", diagnosis, new=State.OPEN)
    return diagnosis


@act
def repeat(actor: Actor, earlier: Diagnosis) -> Diagnosis:
    """Open the next diagnosis of the same place. What was entered on the spot is taken along with its dates."""
    advise_diagnosis.require(actor, earlier)
    if not earlier.is_signed:
        raise ValidationError(
            _("Only a signed diagnosis can be repeated. This one is still open or was cancelled.")
        )
    diagnosis = Diagnosis.objects.create(
        place=earlier.place,
        organisation=earlier.organisation,
        opened_by=actor.user,
        previous=earlier,
        voices_weight=earlier.voices_weight,
        weights=earlier.weights,
    )
    for rows in (earlier.neighbour_choices, earlier.local_figures, earlier.answers):
        _copy(rows.all(), diagnosis)
    record(actor, "diagnosis.repeated", diagnosis, new=State.OPEN, data={"previous": earlier.pk})
    return diagnosis


def _copy(rows: Iterable[NeighbourChoice | LocalFigure | FactAnswer], to: Diagnosis) -> None:
    for row in rows:
        row.pk, row.diagnosis = None, to
        row._state.adding = True
        row.save()


@act
def set_weights(
    actor: Actor, diagnosis: Diagnosis, seen: int, *, voices_weight: int, weights: Mapping[str, float]
) -> Diagnosis:
    """Say how much voices count against statistics, and how much each criterion matters."""
    edit_diagnosis.require(actor, diagnosis)
    if not any(weights.values()):
        raise ValidationError(_("At least one weight must be above zero, otherwise nothing can be ranked."))
    locked = claim(diagnosis, "weights", seen)
    before = {"voices": locked.voices_weight, "weights": locked.weights}
    locked.voices_weight, locked.weights = voices_weight, dict(weights)
    locked.save(update_fields=["voices_weight", "weights"])
    record(actor, "diagnosis.weights_set", locked, data={"from": before, "voices": voices_weight, **weights})
    return locked


@act
def choose_meetings(
    actor: Actor, diagnosis: Diagnosis, seen: int, *, since: date | None, until: date | None
) -> Diagnosis:
    """Take in only meetings held between two dates."""
    edit_diagnosis.require(actor, diagnosis)
    if since and until and since > until:
        raise ValidationError(_("The first date lies after the second one."))
    locked = claim(diagnosis, "meetings", seen)
    locked.meetings_since, locked.meetings_until = since, until
    locked.save(update_fields=["meetings_since", "meetings_until"])
    record(
        actor,
        "diagnosis.meetings_chosen",
        locked,
        data={"since": str(since or ""), "until": str(until or "")},
    )
    return locked


@act
def choose_neighbour(
    actor: Actor, diagnosis: Diagnosis, seen: int, *, unit: Unit, kind: str, reason: str
) -> NeighbourChoice:
    """Put a place into the comparison group, or leave it out, with a reason."""
    edit_diagnosis.require(actor, diagnosis)
    if unit.pk == diagnosis.place_id:
        raise ValidationError(_("A place is not compared with itself."))
    if not unit.is_gmina:
        raise ValidationError(_("Only another gmina can be compared."))
    locked = claim(diagnosis, f"neighbour:{unit.pk}", seen)
    row, _created = NeighbourChoice.objects.update_or_create(
        diagnosis=locked, unit=unit, defaults={"kind": kind, "reason": reason}
    )
    record(actor, f"diagnosis.neighbour_{kind}", locked, data={"unit": unit.pk, "reason": reason})
    return row


@act
def undo_neighbour(actor: Actor, diagnosis: Diagnosis, seen: int, *, unit: Unit) -> None:
    """Let the method decide about a place again."""
    edit_diagnosis.require(actor, diagnosis)
    locked = claim(diagnosis, f"neighbour:{unit.pk}", seen)
    locked.neighbour_choices.filter(unit=unit).delete()
    record(actor, "diagnosis.neighbour_undone", locked, data={"unit": unit.pk})


@act
def enter_figure(
    actor: Actor, diagnosis: Diagnosis, seen: int, *, indicator: str, value: float, day: date, source: str
) -> LocalFigure:
    """Enter a figure that only the place knows."""
    edit_diagnosis.require(actor, diagnosis)
    locked = claim(diagnosis, f"figure:{indicator}", seen)
    fields = {
        "value": value,
        "date": day,
        "source": source,
        "entered_by": actor.user,
        "entered_at": timezone.now(),
    }
    row, _created = LocalFigure.objects.update_or_create(
        diagnosis=locked, indicator=indicator, defaults=fields
    )
    record(
        actor,
        "diagnosis.figure_entered",
        locked,
        data={"indicator": indicator, "value": value, "source": source},
    )
    return row


@act
def remove_figure(actor: Actor, diagnosis: Diagnosis, seen: int, *, indicator: str) -> None:
    edit_diagnosis.require(actor, diagnosis)
    locked = claim(diagnosis, f"figure:{indicator}", seen)
    locked.local_figures.filter(indicator=indicator).delete()
    record(actor, "diagnosis.figure_removed", locked, data={"indicator": indicator})


@act
def answer(
    actor: Actor,
    diagnosis: Diagnosis,
    seen: int,
    *,
    fact: str,
    value: str,
    number: float | None = None,
    who: str = "",
    source: str = "",
    day: date | None = None,
) -> FactAnswer:
    """Answer a question that solutions ask of the place. The answer keeps who said it and when."""
    edit_diagnosis.require(actor, diagnosis)
    locked = claim(diagnosis, f"answer:{fact}", seen)
    fields = {
        "answer": value,
        "number": number,
        "who": who,
        "source": source,
        "date": day or timezone.localdate(),
    }
    row, _created = FactAnswer.objects.update_or_create(diagnosis=locked, fact=fact, defaults=fields)
    record(
        actor, "diagnosis.question_answered", locked, data={"fact": fact, "answer": value, "number": number}
    )
    return row


def _departs(result: Result, slugs: Sequence[str]) -> bool:
    """The choice leaves out the solution that stands first."""
    return result.first is None or result.first.slug not in slugs


@act
def decide(
    actor: Actor, diagnosis: Diagnosis, seen: int, *, versions: Sequence[SolutionVersion], reason: str
) -> Decision:
    """Choose one solution or more. A choice that leaves out the first of the ranking needs a reason."""
    edit_diagnosis.require(actor, diagnosis)
    if not versions:
        raise ValidationError(_("Choose at least one solution."))
    result = engine.compute(diagnosis)
    departs = _departs(result, [v.solution.slug for v in versions])
    _require_reason(departs, reason)
    locked = claim(diagnosis, "decision", seen)
    first = result.first.slug if result.first else ""
    fields = {"departs": departs, "reason": reason, "first": first, "decided_by": actor.user}
    decision, _created = Decision.objects.update_or_create(
        diagnosis=locked, defaults={**fields, "decided_at": timezone.now()}
    )
    decision.versions.set(versions)
    slugs = [v.solution.slug for v in versions]
    record(actor, "diagnosis.decided", locked, data={"chosen": slugs, "departs": departs, "first": first})
    return decision


def _require_reason(departs: bool, reason: str) -> None:
    if departs and len(reason.strip()) < 10:
        text = _("Your choice differs from the ranking. Write in a sentence why; the reason is kept with it.")
        raise ValidationError({"reason": text})


@act
def sign(actor: Actor, diagnosis: Diagnosis, seen: int) -> Snapshot:
    """Freeze the diagnosis: data, method, result and decision stay as they are now."""
    edit_diagnosis.require(actor, diagnosis)
    decision = Decision.objects.filter(diagnosis=diagnosis).prefetch_related("versions__solution").first()
    if decision is None:
        raise ValidationError(_("Choose a solution first. A diagnosis is signed together with the decision."))
    locked = claim(diagnosis, "signature", seen)
    if seen != locked.revision - 1:
        raise ValidationError(
            _("Something has changed since you opened the summary. Read it again before you sign.")
        )
    old, new = locked.state, target(DIAGNOSIS, "sign", locked.state)
    snapshot = Snapshot.objects.create(diagnosis=locked, content=dump(_final(actor, locked, decision)))
    locked.state, locked.signed_by, locked.signed_at = new, actor.user, timezone.now()
    locked.save(update_fields=["state", "signed_by", "signed_at"])
    diagnosis.state, diagnosis.signed_at = locked.state, locked.signed_at
    record(actor, "diagnosis.signed", locked, old=old, new=new, data={"chosen": list(_slugs(decision))})
    return snapshot


def _slugs(decision: Decision) -> tuple[str, ...]:
    return tuple(sorted(v.solution.slug for v in decision.versions.all()))


def _final(actor: Actor, diagnosis: Diagnosis, decision: Decision) -> Result:
    """The result at this moment with the decision in it."""
    result = engine.compute(diagnosis)
    departs = _departs(result, _slugs(decision))
    _require_reason(departs, decision.reason)
    choice = Choice(_slugs(decision), departs, decision.reason, str(actor), timezone.localdate().isoformat())
    return replace(result, decision=choice)


@act
def cancel(actor: Actor, diagnosis: Diagnosis, *, reason: str) -> Diagnosis:
    """Give up a diagnosis that will not be finished. It stays readable for its organisation."""
    edit_diagnosis.require(actor, diagnosis)
    old, new = diagnosis.state, target(DIAGNOSIS, "cancel", diagnosis.state)
    diagnosis.state, diagnosis.cancel_reason = new, reason
    diagnosis.save(update_fields=["state", "cancel_reason"])
    record(actor, "diagnosis.cancelled", diagnosis, old=old, new=new, data={"reason": reason})
    return diagnosis


@act
def publish(actor: Actor, diagnosis: Diagnosis, *, public: bool) -> Diagnosis:
    """Let everybody read the diagnosis once it is signed, or take that back."""
    advise_diagnosis.require(actor, diagnosis)
    diagnosis.public = public
    diagnosis.save(update_fields=["public"])
    record(actor, "diagnosis.published" if public else "diagnosis.unpublished", diagnosis)
    return diagnosis
