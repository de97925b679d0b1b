"""The release: states move, results are public, letters leave. All at once or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
from krzew.calls.states import APPLICATION, CALL, ApplicationState, Outcome, target
from krzew.timeline.acts import Draft, Fact, act, prepare_letters, record_many, release_letters
from krzew.timeline.jobs import Advance, quiet


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


def release_results(actor: Actor, call: Call) -> int:
    """Announce: every decision takes effect, the results page opens, every applicant gets her letter."""
    return releasing(actor, call)()


def releasing(actor: Actor, call: Call, advance: Advance = quiet) -> Callable[[], int]:
    """The long part: every letter is put into words, with nothing locked. Gives the short part, which announces."""
    manage_call.require(actor, call)
    must_not_be_released(call)
    if said := not_ready(call):
        raise ValidationError(said)
    told = _told(call)
    words: dict[int, Words] = {}
    for n, (row, decision) in enumerate(told):
        if n % STEP == 0:
            text = _("Writing letters: %(done)s of %(all)s") % {"done": n, "all": len(told)}
            advance(5 + 80 * n // len(told), text)
        words[decision.pk] = _worded(call, row, decision)
    advance(90, _("Announcing"))
    return lambda: _announce(actor, call, words)


Words = tuple[str, str]
MOVED = ("state", "outcome", "granted", "complete_by", "stage")
STEP = 25


def _told(call: Call) -> list[tuple[Application, Decision]]:
    """Everybody who gets a result, with the decision: rejected earlier, then decided now."""
    rows = list(candidates(call))
    decisions = current(call, rows)
    earlier = [(d.application, d) for d in rejected_before(call)]
    return [*earlier, *((row, decisions[row.pk]) for row in rows if row.pk in decisions)]


def _worded(call: Call, row: Application, decision: Decision) -> Words:
    row.call = call
    return letter(call, row, decision) if row.email else ("", "")


@act
def _announce(actor: Actor, call: Call, words: Mapping[int, Words]) -> int:
    """All at once or not at all. What was decided anew meanwhile gets its words now."""
    call = Call.objects.select_for_update(of=("self",)).select_related("programme").get(pk=call.pk)
    must_not_be_released(call)
    if said := not_ready(call):
        raise ValidationError(said)
    now = timezone.now()
    formal.announce(actor, call)
    list(candidates(call).select_for_update(of=("self",)))  # nobody takes one back just now
    told = _told(call)
    decided = [pair for pair in told if pair[0].state == ApplicationState.SUBMITTED]
    _take_effect(actor, call, decided)
    letters = prepare_letters(actor, list(_drafts(call, told, words)))
    Decision.objects.filter(pk__in=[decision.pk for _row, decision in told]).update(released_at=now)
    facts = {"letters": len(letters), "decisions": len(decided)}
    move(actor, call, CALL, "decide", "calls.results_released", facts, results_released_at=now)
    release_letters(Actor.system(), letters)
    return len(letters)


def _drafts(
    call: Call, told: Iterable[tuple[Application, Decision]], words: Mapping[int, Words]
) -> Iterator[Draft]:
    """The letters with the results, for those who gave an e-mail; the others see it on their page."""
    for row, decision in told:
        if row.email:
            subject, body = words.get(decision.pk) or _worded(call, row, decision)
            yield Draft(row, row.email, subject, body, row.language)


def _take_effect(actor: Actor, call: Call, decided: Sequence[tuple[Application, Decision]]) -> None:
    """Every application moves by the table of states, as its decision says."""
    facts = []
    for row, decision in decided:
        row.call = call
        step, fields = step_for(call, row, decision)
        old, row.state, row.outcome = row.state, target(APPLICATION, step, row.state), decision.outcome
        for name, value in fields.items():
            setattr(row, name, value)
        facts.append(Fact(row, old, row.state))
    Application.objects.bulk_update([row for row, _decision in decided], MOVED, batch_size=100)
    record_many(actor, "calls.result_given", facts)


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
    """A selected application goes on behind the decision, and behind every appeal to the agreement."""
    if not any(isinstance(s, DecisionStage) for s in call.rules.stages):
        return row.stage
    code = next(s.code for s in call.rules.stages if isinstance(s, DecisionStage))
    rest = call.rules.stages[[s.code for s in call.rules.stages].index(code) + 1 :]
    return next((s.code for s in rest if s.kind != "appeal"), rest[-1].code if rest else code)
