"""What the evaluator says by criteria, the mentor's opinion, the presentation before the body that decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from krzew.accounts.actors import Actor
from krzew.calls.models import content_hash
from krzew.library.catalogue import evidence_levels
from krzew.timeline.acts import act, prepare_letter, record
from krzew.timeline.transitions import WrongState
from krzew.trials.acts.reports import stage_for, trial_must_be_over
from krzew.trials.acts.steps import Conflict, fresh, move, must_be_open, must_run, save_seen, settle
from krzew.trials.acts.writing import held, must_judge_others
from krzew.trials.models import Conclusion, Evaluation, Innovation, Opinion, Presentation
from krzew.trials.queries import evaluation as queries
from krzew.trials.rules import give_opinion, manage_innovation
from krzew.trials.states import PAPER, PaperState
from krzew.trials.written.known import harm_was_seen, known
from krzew.ui.formats import day

RATINGS = ("yes", "partly", "no", "unknown")
TESTED = 2
"""The level that a small test alone can reach: a test that shows no effect never proves more."""


@dataclass(frozen=True)
class Draft:
    """What the evaluator typed; right or wrong, it is kept."""

    ratings: dict[str, dict[str, str]] = field(default_factory=dict)
    conclusion: str = ""
    summary_pl: str = ""
    summary_en: str = ""
    level: int | None = None
    harm: str = ""

    @staticmethod
    def of(row: Evaluation) -> Draft:
        names = Draft.__dataclass_fields__
        return Draft(**{name: getattr(row, name) for name in names})


def _draft_row(actor: Actor, innovation: Innovation) -> Evaluation:
    manage_innovation.require(actor, innovation)
    must_run(innovation)
    Evaluation.objects.get_or_create(innovation=innovation)
    row = Evaluation.objects.select_for_update().get(innovation=innovation)
    if row.state != PaperState.DRAFT:
        raise ValidationError(_("The evaluation is signed. Open it again to change it."))
    return row


@act
def save(actor: Actor, innovation: Innovation, draft: Draft, *, seen: int) -> Evaluation:
    """Keep what is typed. Raises `Conflict` when somebody else has saved since."""
    row = _draft_row(actor, innovation)
    known_codes = {one.code for one in queries.criteria(innovation)}
    if unknown := set(draft.ratings) - known_codes:
        raise ValueError(f"no such criteria: {sorted(unknown)}")
    if draft.conclusion and draft.conclusion not in Conclusion.values:
        raise ValidationError({"conclusion": _("Choose one of the answers.")})
    try:
        save_seen(row, seen, changed_at=timezone.now(), **asdict(draft))
    except Conflict as error:
        # The same words came twice: saved as typed a moment before the button was pressed.
        kept: Any = error.now
        if Draft.of(kept) != draft:
            raise
        row = kept
    return row


def lacks(innovation: Innovation, row: Evaluation) -> dict[str, str]:
    """What the evaluation lacks before it can be signed, by field of the page."""
    found = _rating_lacks(innovation, row.ratings)
    if not row.conclusion:
        found["conclusion"] = _("Say what the test showed as a whole.")
    if not row.summary_pl.strip():
        found["summary_pl"] = _("Say in plain words what the test showed.")
    if row.level is None or str(row.level) not in evidence_levels():
        found["level"] = _("Choose how far it is proven.")
    elif row.level > TESTED and row.conclusion in (Conclusion.NOT, Conclusion.UNCLEAR):
        found["level"] = _("A test that shows no effect proves no more than that it was tested.")
    if not row.harm.strip() and harm_was_seen(known(innovation)):
        found["harm"] = _(
            "The diary or the measurements note that something went wrong. Say whether it was harm, and to how many."
        )
    return found


def _rating_lacks(innovation: Innovation, ratings: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    found = {}
    for one in queries.criteria(innovation):
        given = ratings.get(one.code) or {}
        if given.get("rating") not in RATINGS:
            found[f"rating_{one.code}"] = _("Choose one of the answers.")
        if not given.get("text", "").strip():
            found[f"reason_{one.code}"] = _("Say on what you base it.")
    return found


@act
def sign(actor: Actor, innovation: Innovation) -> Evaluation:
    """Sign what is kept. The mentor signs only where her organisation has nobody else."""
    row, now = _draft_row(actor, innovation), fresh(innovation.pk)
    must_judge_others(actor, innovation)
    must_be_open(now, stage_for(innovation))
    trial_must_be_over(now)
    if found := lacks(now, row):
        raise ValidationError(found)
    data = {"conclusion": row.conclusion, "level": row.level}
    at = timezone.now()
    move(actor, row, PAPER, "sign", "trials.evaluation_signed", data, by=actor.user, signed_at=at)
    settle(innovation)
    return row


@act
def reopen(actor: Actor, innovation: Innovation, why: str) -> Evaluation:
    manage_innovation.require(actor, innovation)
    must_run(innovation)
    if not why.strip():
        raise ValidationError({"why": _("Say why, in a sentence or two.")})
    row = queries.evaluation(innovation)
    if row.pk is None:
        raise WrongState("reopen", "")
    row = held(row)
    move(actor, row, PAPER, "reopen", "trials.evaluation_reopened", reopened_why=why.strip()[:2000])
    settle(innovation)
    return row


@act
def give(actor: Actor, innovation: Innovation, *, recommends: bool, text: str) -> Opinion:
    """The mentor's opinion. A later one counts; the earlier stays."""
    give_opinion.require(actor, innovation)
    must_run(innovation)
    if not text.strip():
        raise ValidationError({"text": _("Say why you think so.")})
    row = Opinion.objects.create(
        innovation=innovation, recommends=recommends, text=text.strip()[:6000], by=actor.user
    )
    record(actor, "trials.opinion_given", innovation)
    return row


def mark_of(row: Presentation | None) -> str:
    """What a page saw of the presentation; another mark means that somebody else has saved since."""
    return content_hash([row.on, row.note, row.took_place])[:16] if row else ""


@act
def present(
    actor: Actor, innovation: Innovation, *, on: date, note: str, took_place: bool, seen: str
) -> Presentation:
    """When it is shown to the body; afterwards, what was asked and answered. Raises `Conflict`."""
    manage_innovation.require(actor, innovation)
    must_run(innovation)
    if took_place and on > timezone.localdate():
        raise ValidationError({"took_place": _("This day has not come yet.")})
    before = Presentation.objects.select_for_update().filter(innovation=innovation).first()
    if before is not None and mark_of(before) != seen:
        raise Conflict(before)
    fields: dict[str, Any] = {
        "on": on,
        "note": note.strip()[:4000],
        "took_place": took_place,
        "by": actor.user,
    }
    row, _new = Presentation.objects.update_or_create(innovation=innovation, defaults=fields)
    event = "trials.presentation_noted" if took_place else "trials.presentation_planned"
    record(actor, event, innovation, data={"on": on.isoformat()})
    if not took_place and (before is None or before.on != on):
        _hold_invitation(actor, innovation, on)
    return row


def _hold_invitation(actor: Actor, innovation: Innovation, on: date) -> None:
    """A letter with the date, held until a person lets it go."""
    if not innovation.email:
        return
    gate = queries.last_gate(innovation)
    with override(innovation.language):
        words = {"title": innovation.title, "day": day(on), "body": gate.body if gate else ""}
        subject = _("Presentation of “%(title)s”: %(day)s") % words
        body = (
            _(
                "Good morning,\n\nplease show “%(title)s” to those who choose solutions for dissemination "
                "(%(body)s) on %(day)s. The team tells you the hour and the place.\n\nA test that did not work "
                "is worth showing too: it says what others need not repeat."
            )
            % words
        )
    prepare_letter(actor, innovation, innovation.email, subject, body, language=innovation.language)
