"""The last gate: an initial recommendation, the discussion, the final word; and the way into the library.

There are no points. A test that showed that something does not work is a result, and is published as one.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from krzew.accounts.actors import Actor
from krzew.calls.definition.testing import DisseminationStage
from krzew.library import acts as library
from krzew.library.models import Solution, SolutionVersion
from krzew.library.validation import RESERVED_SLUGS
from krzew.timeline.acts import act, record
from krzew.trials.acts import packages
from krzew.trials.acts.packages import package_of
from krzew.trials.acts.steps import fresh, move, must_run, save_seen, settle, stage_of
from krzew.trials.models import Choice, Conclusion, Innovation, Package
from krzew.trials.publishing.answers import said
from krzew.trials.publishing.card import card_of
from krzew.trials.queries.dissemination import NEEDS, missing
from krzew.trials.rules import manage_innovation, publish_innovation
from krzew.trials.states import INNOVATION, InnovationState

FINAL = {
    InnovationState.CHOSEN: "choose",
    InnovationState.NOT_CHOSEN: "not_choose",
    InnovationState.FAILED: "fail",
}
SHORTEST = 20


def gate(innovation: Innovation) -> DisseminationStage:
    """The dissemination stage of the call. Raises when its programme has none."""
    for stage in innovation.call.rules.of_kind("dissemination"):
        assert isinstance(stage, DisseminationStage)
        return stage
    raise ValidationError(_("The programme of this call has no dissemination."))


@act
def recommend(
    actor: Actor, innovation: Innovation, outcome: str, why: str, *, criteria: dict[str, str], seen: int
) -> Choice:
    """The initial recommendation, before the discussion: by criteria, with reasons."""
    row = _open(actor, innovation)
    _must_be_final(outcome)
    _must_say(why)
    fields = {"initial": outcome, "initial_why": why.strip(), "criteria": _criteria(innovation, criteria)}
    save_seen(row, seen, initial_at=timezone.now(), **fields)
    record(actor, "trials.recommended", innovation, data={"outcome": outcome})
    return row


@act
def discuss(actor: Actor, innovation: Innovation, text: str, *, seen: int) -> Choice:
    """Keep what was said in the discussion. Raises `Conflict` when somebody wrote meanwhile."""
    row = _open(actor, innovation)
    save_seen(row, seen, discussion=text.strip())
    record(actor, "trials.discussed", innovation)
    return row


@act
def decide(
    actor: Actor, innovation: Innovation, outcome: str, *, reason: str, members: str, seen: int
) -> Choice:
    """The final word of the body. It ends the way of this innovation and cannot be taken back."""
    row = _open(actor, innovation)
    whole, stage = fresh(innovation.pk), gate(innovation)
    if lacking := missing(whole, stage):
        raise ValidationError(
            _("Before the decision there must be: %(list)s.")
            % {"list": ", ".join(str(NEEDS[code]) for code in lacking)}
        )
    _must_be_final(outcome)
    _must_agree_with_evaluation(whole, outcome)
    _must_say(reason, "reason")
    if not members.strip():
        raise ValidationError({"members": _("Write who decided, one person or body in each line.")})
    fields: dict[str, Any] = {"final": outcome, "reason": reason.strip(), "members": members.strip()}
    save_seen(row, seen, decided_on=timezone.localdate(), by=actor.user, **fields)
    ended: dict[str, Any] = {"ended_at": timezone.now(), "ended_why": reason.strip()}
    move(actor, innovation, INNOVATION, FINAL[InnovationState(outcome)], "trials.chosen", **ended)
    settle(innovation)
    return row


def _open(actor: Actor, innovation: Innovation) -> Choice:
    manage_innovation.require(actor, innovation)
    must_run(innovation)
    stage_of(innovation, gate(innovation).code)
    row, _new = Choice.objects.get_or_create(innovation=innovation)
    return row


def _must_be_final(outcome: str) -> None:
    if outcome not in FINAL:
        raise ValidationError({"outcome": _("Choose one of the three.")})


def _must_say(why: str, field: str = "why") -> None:
    if len(why.strip()) < SHORTEST:
        raise ValidationError({field: _("Write why, in a sentence or two; the innovator reads it.")})


def _must_agree_with_evaluation(innovation: Innovation, outcome: str) -> None:
    """What the evaluation calls a failure is not chosen, and what it calls a success is not called a failure."""
    conclusion = getattr(getattr(innovation, "evaluation", None), "conclusion", "")
    if outcome == InnovationState.CHOSEN and conclusion == Conclusion.NOT:
        raise ValidationError(
            {
                "outcome": _(
                    "The evaluation says that it does not work this way. Change it there first, with reasons."
                )
            }
        )
    if outcome == InnovationState.FAILED and conclusion == Conclusion.WORKS:
        raise ValidationError(
            {
                "outcome": _(
                    "The evaluation says that it works. Choose “not chosen”, or change it there first."
                )
            }
        )


def _criteria(innovation: Innovation, given: dict[str, str]) -> dict[str, str]:
    known = {criterion.code for criterion in gate(innovation).criteria}
    return {code: text.strip()[:2000] for code, text in given.items() if code in known}


@act
def prepare_version(actor: Actor, innovation: Innovation, slug: str) -> SolutionVersion:
    """Make the package a draft of the library: of a new solution, or the next version of one that is there."""
    publish_innovation.require(actor, innovation)
    package = _ready(innovation)
    solution = innovation.solution or Solution.objects.filter(slug=slug).first()
    if solution is None:
        return _tied(actor, package, library.import_draft(actor, card_of(package, _slug(slug))))
    draft = library.start_version(actor, solution)
    draft.card = card_of(package, solution.slug, draft.card)
    draft.save()
    return _tied(actor, package, draft)


def _slug(slug: str) -> str:
    if not slug or slug in RESERVED_SLUGS:
        raise ValidationError({"slug": _("Choose another address for the solution.")})
    return slug


def _ready(innovation: Innovation) -> Package:
    package = package_of(fresh(innovation.pk))
    if package.version_id is not None:
        raise ValidationError(_("This package is already in the library or waits there as a draft."))
    if lacking := packages.lacks(package):
        raise ValidationError(_("The package still lacks: %(list)s.") % {"list": "; ".join(lacking)})
    return package


def _tied(actor: Actor, package: Package, version: SolutionVersion) -> SolutionVersion:
    """The innovation and the solution know each other from now on."""
    package.version = version
    package.save(update_fields=["version"])
    _show(package, version)
    library.set_origin(actor, version.solution, package.innovation.slug)
    record(actor, "trials.version_prepared", package.innovation, data={"solution": version.solution.slug})
    return version


def _show(package: Package, version: SolutionVersion) -> None:
    """Whoever reads the solution may read its way; without a description of its own it gets the summary."""
    row = package.innovation
    row.solution, row.is_public = version.solution, True
    row.public_pl = row.public_pl or said(package.answers, "pl", "summary")
    row.public_en = row.public_en or said(package.answers, "en", "summary")
    row.save(update_fields=["solution", "is_public", "public_pl", "public_en"])


@act
def publish(actor: Actor, innovation: Innovation, slug: str) -> SolutionVersion:
    """From the gate into the library in one step, by somebody who may publish there."""
    version = prepare_version(actor, innovation, slug)
    library.send_to_review(actor, version)
    version.refresh_from_db()
    return library.publish(actor, version)
