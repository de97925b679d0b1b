"""The decision about each application. Nothing moves and nobody hears anything before the release."""

from __future__ import annotations

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from krzew.accounts.actors import Actor
from krzew.calls.acts.selection import must_not_be_released
from krzew.calls.acts.steps import Conflict
from krzew.calls.decisions_rules import OUTCOMES, Proposal, deciding_code, decision_codes
from krzew.calls.decisions_words import feedback as prepared
from krzew.calls.models import Application, Call, Decision
from krzew.calls.queries.decisions import Basis, basis, candidates, current
from krzew.calls.rules import judge, manage_call
from krzew.calls.states import ApplicationState, Outcome
from krzew.timeline.acts import act, record

SHORTEST_REASON = 20


@act
def decide(
    actor: Actor,
    application: Application,
    outcome: str,
    *,
    amount: Decimal | None = None,
    reason: str = "",
    feedback: str | None = None,
    seen: int = 0,
) -> Decision:
    """Decide about one application. A difference from the proposal needs a reason, and both are kept.

    `seen` is the decision that the person had before her (0: none). Raises `Conflict`.
    """
    kept = Application.objects.select_for_update(of=("self",)).select_related("call__programme")
    row = kept.get(pk=application.pk)
    judge.require(actor, row)
    call = row.call
    _must_wait(call, row)
    last = current(call, [row]).get(row.pk)
    if last is not None and last.pk != seen:
        raise Conflict(last)
    ground = basis(call)
    proposal = ground.proposals.get(row.pk, Proposal())
    money = granted_amount(call, row, outcome, amount)
    _must_say_why(proposal, outcome, money, reason)
    made = _made(actor, call, row, ground, outcome, money, reason, feedback)
    made.save()
    record(actor, "calls.decided", row, data={"outcome": outcome, "departs": made.departs})
    return made


def _must_wait(call: Call, row: Application) -> None:
    must_not_be_released(call)
    if row.state != ApplicationState.SUBMITTED or row.stage not in decision_codes(call):
        raise ValidationError(_("This application does not wait for the decision."))


def granted_amount(call: Call, row: Application, outcome: str, amount: Decimal | None) -> Decimal | None:
    """The money of a decision, within what was asked for and what the rules allow."""
    if outcome not in OUTCOMES:
        raise ValidationError({"outcome": _("Choose the decision.")})
    if outcome != Outcome.GRANTED:
        return None
    money = row.amount if amount is None else amount
    if money is None:
        return None
    if money <= 0 or (row.amount is not None and money > row.amount):
        raise ValidationError({"amount": _("The grant is more than zero and at most what was asked for.")})
    if call.rules.grant.least is not None and money < call.rules.grant.least:
        raise ValidationError({"amount": _("This is below the lowest grant of the call.")})
    return money


def _must_say_why(proposal: Proposal, outcome: str, money: Decimal | None, reason: str) -> None:
    same = proposal.outcome == outcome and (outcome != Outcome.GRANTED or proposal.amount == money)
    if not same and len(reason.strip()) < SHORTEST_REASON:
        raise ValidationError(
            {
                "reason": _(
                    "This differs from what is proposed. Write why, in a sentence; it goes into the protocol."
                )
            }
        )


def _made(
    actor: Actor,
    call: Call,
    row: Application,
    ground: Basis,
    outcome: str,
    money: Decimal | None,
    reason: str = "",
    feedback: str | None = None,
) -> Decision:
    proposal = ground.proposals.get(row.pk, Proposal())
    if feedback is None:
        feedback = prepared(call, row, ground.rows.get(row.pk, {}), outcome)
    return Decision(
        application=row,
        ranking=ground.ranking,
        stage=deciding_code(call),
        outcome=outcome,
        proposed=proposal.outcome,
        amount=money,
        reason=reason.strip(),
        feedback=feedback.strip(),
        by=actor.user,
    )


@act
def decide_as_proposed(actor: Actor, call: Call) -> int:
    """Take the proposal for everything that is not decided yet and not linked with the actor; gives how many."""
    manage_call.require(actor, call)
    must_not_be_released(call)
    ground, rows = basis(call), list(judge.filter(actor, candidates(call)))
    done = current(call, rows)
    made = []
    for row in rows:
        proposal = ground.proposals.get(row.pk, Proposal())
        if row.pk not in done and proposal.outcome:
            made.append(_made(actor, call, row, ground, proposal.outcome, proposal.amount))
    Decision.objects.bulk_create(made)
    record(actor, "calls.decided_as_proposed", call, data={"applications": len(made)})
    return len(made)
