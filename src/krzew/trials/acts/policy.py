"""Where a solution entered policy: dated evidence with a source."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from krzew.accounts.actors import Actor
from krzew.library.models import Solution
from krzew.timeline.acts import act, record
from krzew.trials.models import PolicyInclusion, PolicyKind
from krzew.trials.rules import note_policy


@act
def include(
    actor: Actor,
    solution: Solution,
    *,
    kind: str,
    title: str,
    source: str,
    on: date,
    until: date | None = None,
    url: str = "",
    note: str = "",
) -> PolicyInclusion:
    """Note one fact: where, since when, and who says so."""
    note_policy.require(actor, solution)
    wrong = {}
    if kind not in PolicyKind.values:
        wrong["kind"] = _("Choose how the solution entered policy.")
    if on > timezone.localdate():
        wrong["on"] = _("This day has not come yet. A fact is noted when it has happened.")
    if until is not None and until < on:
        wrong["until"] = _("The end comes before the beginning.")
    if len(source.strip()) < 5:
        wrong["source"] = _("Name the source: the document, its page, its date.")
    if wrong:
        raise ValidationError(wrong)
    row = PolicyInclusion.objects.create(
        solution=solution,
        kind=kind,
        title=title.strip(),
        source=source.strip(),
        on=on,
        until=until,
        url=url,
        note=note.strip(),
        by=actor.user,
    )
    record(actor, "trials.policy_noted", solution, data={"kind": kind, "on": on})
    return row


@act
def withdraw(actor: Actor, row: PolicyInclusion) -> PolicyInclusion:
    """It was noted wrongly. The row stays, out of sight of the public."""
    note_policy.require(actor, row.solution)
    row.withdrawn_at = timezone.now()
    row.save(update_fields=["withdrawn_at"])
    record(actor, "trials.policy_withdrawn", row.solution, data={"kind": row.kind})
    return row
