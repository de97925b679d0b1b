"""What the acts of this room share: refusing when it is over or too early, and keeping the stage up to date."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from krzew.calls.acts.steps import Conflict, move, save_seen
from krzew.trials.journey import JOINS, READS, AnyStage, current, missing_before, stages_of
from krzew.trials.models import Innovation
from krzew.trials.states import InnovationState

__all__ = ["Conflict", "fresh", "move", "must_be_open", "must_run", "save_seen", "settle", "stage_of"]


def fresh(pk: int) -> Innovation:
    """The innovation with all that says where it stands, as it is in the database now."""
    rows = Innovation.objects.select_related("call__programme__organisation", "application", "idea", *JOINS)
    return rows.prefetch_related(*READS).get(pk=pk)


def settle(innovation: Innovation) -> None:
    """Write down, for lists, at which stage it stands after an act."""
    kept = fresh(innovation.pk)
    now = current(kept) if kept.state == InnovationState.RUNNING else None
    innovation.stage = now.code if now else ""
    Innovation.objects.filter(pk=innovation.pk).update(stage=innovation.stage)


def must_run(innovation: Innovation) -> None:
    """Raises when the innovation has ended: nothing more is written then."""
    if innovation.state != InnovationState.RUNNING:
        raise ValidationError(_("This innovation has ended, so nothing more is written here."))


def stage_of(innovation: Innovation, code: str) -> AnyStage:
    """The stage with this code. Raises when the programme has none."""
    for stage in stages_of(innovation.call.rules):
        if stage.code == code:
            return stage
    raise ValidationError(_("The programme of this call has no such stage."))


def must_be_open(innovation: Innovation, stage: AnyStage) -> None:
    """Raises when what must come before this stage is not done, and names it."""
    must_run(innovation)
    waits = missing_before(innovation, stage)
    if waits:
        raise ValidationError(
            _("First comes: %(stages)s.") % {"stages": ", ".join(str(row.label) for row in waits)}
        )
