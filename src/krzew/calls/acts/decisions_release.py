"""The release: states move, results are public, letters leave. All at once or not at all."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from krzew.accounts.actors import Actor
from krzew.calls.acts import formal
from krzew.calls.acts.selection import must_not_be_released
from krzew.calls.acts.steps import move
from krzew.calls.applications.begin import stage_after
from krzew.calls.decisions_rules import accept_days, in_working_days, is_partial
from krzew.calls.decisions_words import letter
from krzew.calls.definition.selection import DecisionStage
from krzew.calls.models import Application, Call, Decision
from krzew.calls.queries.decisions import (
    candidates,
    current,
    decided_total,
    rejected_before,
    still_assessed,
)
from krzew.calls.rules import manage_call
from krzew.calls.states import APPLICATION, CALL, Outcome
from krzew.timeline.acts import act, prepare_letter, release_letters
from krzew.timeline.models import Letter


def not_ready(call: Call) -> list[str]:
    """Why results cannot be released yet, in words; empty when they can."""
    said = []
    if call.closes_at > timezone.now():
        said.append(_("The call is still open. Results come after it closes."))
    if count := still_assessed(call):
        text = ngettext(
            "%(count)d application is still assessed.", "%(count)d applications are still assessed.", count
        )
        said.append(text % {"count": count})
    done, money = decided_total(call)
    if waiting := candidates(call).count() - done:
        text = ngettext("%(count)d has no decision yet.", "%(count)d have no decision yet.", waiting)
        said.append(text % {"count": waiting})
    pool = call.pool if call.pool is not None else call.rules.grant.pool
    if pool is not None and money > pool:
        said.append(_("The grants add up to more than the pool."))
    if not done and not rejected_before(call).exists():
        said.append(_("There is nothing to announce yet."))
    return said


@act
def release_results(actor: Actor, call: Call) -> int:
    """Announce: every decision takes effect, the results page opens, every applicant gets her letter."""
    manage_call.require(actor, call)
    call = Call.objects.select_for_update(of=("self",)).select_related("programme").get(pk=call.pk)
    must_not_be_released(call)
    if said := not_ready(call):
        raise ValidationError(said)
    now = timezone.now()
    formal.announce(actor, call)
    rows = list(candidates(call))
    decisions = current(call, rows)
    letters = []
    earlier = list(rejected_before(call))
    for decision in earlier:
        letters += _write(actor, call, decision.application, decision)
    for row in rows:
        row.call = call
        _take_effect(actor, call, row, decisions[row.pk])
        letters += _write(actor, call, row, decisions[row.pk])
    told = [d.pk for d in (*earlier, *decisions.values())]
    Decision.objects.filter(pk__in=told).update(released_at=now)
    facts = {"letters": len(letters), "decisions": len(decisions)}
    move(actor, call, CALL, "decide", "calls.results_released", facts, results_released_at=now)
    release_letters(Actor.system(), letters)
    return len(letters)


def _take_effect(actor: Actor, call: Call, row: Application, decision: Decision) -> None:
    step, fields = step_for(call, row, decision)
    move(actor, row, APPLICATION, step, "calls.result_given", outcome=decision.outcome, **fields)


def step_for(call: Call, row: Application, decision: Decision) -> tuple[str, dict[str, Any]]:
    """Which step of the table a decision is, and what it sets."""
    if decision.outcome == Outcome.RESERVE:
        return "reserve", {}
    if decision.outcome != Outcome.GRANTED:
        return "not_select", {}
    if is_partial(decision, row):
        return "offer", {"granted": decision.amount, "complete_by": answer_by(call)}
    return "select", {"granted": decision.amount or Decimal(0), "stage": onward(call, row)}


def answer_by(call: Call) -> datetime | None:
    days = accept_days(call)
    return in_working_days(days) if days else None


def onward(call: Call, row: Application) -> str:
    """A selected application goes on behind the decision, and behind an appeal to the agreement."""
    if not any(isinstance(s, DecisionStage) for s in call.rules.stages):
        return row.stage
    code = next(s.code for s in call.rules.stages if isinstance(s, DecisionStage))
    after = stage_after(call.rules, code)
    return stage_after(call.rules, after) if call.rules.stage(after).kind == "appeal" else after


def _write(actor: Actor, call: Call, row: Application, decision: Decision) -> list[Letter]:
    """The letter with the result, for those who gave an e-mail; the others see it on their page."""
    if not row.email:
        return []
    row.call = call
    subject, body = letter(call, row, decision)
    return [prepare_letter(actor, row, row.email, subject, body, language=row.language)]
