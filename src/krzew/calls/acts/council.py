"""What a strategic council recommends, application by application, with its reasons."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from krzew.accounts.actors import Actor
from krzew.calls.acts.selection import must_not_be_released
from krzew.calls.acts.steps import Conflict, on_to_next
from krzew.calls.decisions_rules import OUTCOMES, Proposal
from krzew.calls.models import Advice, Application, Call
from krzew.calls.queries.council import council_stage, last_advice, waiting_at
from krzew.calls.queries.decisions import basis
from krzew.calls.rules import judge, manage_call
from krzew.calls.states import ApplicationState
from krzew.timeline.acts import act, record

SHORTEST_REASON = 20


@act
def advise(
    actor: Actor,
    application: Application,
    outcome: str,
    *,
    reason: str,
    stepped_out: str = "",
    seen: int = 0,
) -> Advice:
    """Keep a recommendation. `seen` is the one that the person had before her (0: none). Raises `Conflict`."""
    kept = Application.objects.select_for_update(of=("self",)).select_related("call__programme")
    row = kept.get(pk=application.pk)
    judge.require(actor, row)
    must_not_be_released(row.call)
    if council_stage(row.call, row.stage) is None or row.state != ApplicationState.SUBMITTED:
        raise ValidationError(_("This application does not stand before the council."))
    last = last_advice([row]).get(row.pk)
    if last is not None and last.pk != seen:
        raise Conflict(last)
    _must_be_said(outcome, reason)
    proposed = basis(row.call).proposals.get(row.pk, Proposal()).outcome
    made = Advice.objects.create(
        application=row,
        stage=row.stage,
        outcome=outcome,
        proposed=proposed,
        reason=reason.strip(),
        stepped_out=" ".join(stepped_out.split()),
        by=actor.user,
    )
    facts = {"stage": row.stage, "outcome": outcome, "departs": made.departs}
    record(actor, "calls.council_advised", row, data=facts)
    return made


def _must_be_said(outcome: str, reason: str) -> None:
    if outcome not in OUTCOMES:
        raise ValidationError({"outcome": _("Choose what the council recommends.")})
    if len(reason.strip()) < SHORTEST_REASON:
        raise ValidationError({"reason": _("Write in a sentence why; it goes into the protocol.")})


@act
def close_council(actor: Actor, call: Call, code: str) -> int:
    """The council has said everything: its applications go on to the next stage."""
    manage_call.require(actor, call)
    call = Call.objects.select_for_update(of=("self",)).select_related("programme").get(pk=call.pk)
    must_not_be_released(call)
    if council_stage(call, code) is None:
        raise ValidationError(_("The rules of this call know no such council."))
    rows = list(waiting_at(call, code))
    if not rows:
        raise ValidationError(_("No application stands before the council."))
    if missing := len(rows) - len(last_advice(rows)):
        text = ngettext(
            "%(count)d application has no recommendation yet.",
            "%(count)d applications have no recommendation yet.",
            missing,
        )
        raise ValidationError(text % {"count": missing})
    return on_to_next(actor, call, code, [row.pk for row in rows], "calls.council_closed")
