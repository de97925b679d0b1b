"""After the decision: offers taken or lapsed, and money that goes down the reserve list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from krzew.accounts.actors import Actor
from krzew.accounts.permissions import Denied
from krzew.calls.acts.decisions_release import answer_by, onward
from krzew.calls.acts.steps import move
from krzew.calls.decisions_rules import deciding_code
from krzew.calls.models import Application, Call, Decision, Ranking
from krzew.calls.queries.decisions import FUNDED, last_decision, resigned
from krzew.calls.queries.selection import KeptList, lists, ranking
from krzew.calls.rules import NOT_YOUR_APPLICATION, manage_call
from krzew.calls.states import APPLICATION, ApplicationState, Outcome
from krzew.methods.portfolio import Idea, Rules, fund
from krzew.timeline.acts import act, prepare_letter, record, release_letters
from krzew.ui.formats import moment, money


def _is_hers(actor: Actor, application: Application, by_link: bool) -> bool:
    return by_link or (actor.user is not None and actor.user.pk == application.user_id)


@act
def accept(actor: Actor, application: Application, *, by_link: bool = False) -> Application:
    """The applicant takes what is offered, within the days that the rules give."""
    if not _is_hers(actor, application, by_link):
        raise Denied(NOT_YOUR_APPLICATION)
    kept = Application.objects.select_for_update(of=("self",)).select_related("call__programme")
    row = kept.get(pk=application.pk)
    if row.complete_by is not None and row.complete_by < timezone.now():
        raise ValidationError(_("The time for an answer is over. Write to the team of the call."))
    stage = onward(row.call, row)
    move(actor, row, APPLICATION, "select", "calls.offer_accepted", complete_by=None, stage=stage)
    application.__dict__.update(row.__dict__)
    return application


@act
def lapse(actor: Actor, application: Application) -> Application:
    """An offer that nobody took in time: the money is free again."""
    manage_call.require(actor, application.call)
    by = application.complete_by
    if application.state != ApplicationState.OFFERED or by is None or by >= timezone.now():
        raise ValidationError(_("The time for an answer is not over yet."))
    move(actor, application, APPLICATION, "not_select", "calls.offer_lapsed")
    return application


# --- money down the list ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Promotion:
    """What one application would get now: `amount` in all, of which it has `before`."""

    application: Application
    amount: Decimal | None
    before: Decimal
    why: str = ""


def promotions(call: Call, language: str = "pl") -> list[Promotion]:
    """Who gets the money that came back. The lists are computed; nothing is changed."""
    made = ranking(call)
    if made is None or call.results_released_at is None:
        return []
    found: list[Promotion] = []
    for part in lists(made):
        found += _on_list(call, made, part, language)
    return found


def _on_list(call: Call, made: Ranking, part: KeptList, language: str) -> list[Promotion]:
    codes = [entry.code for entry in part.decision.entries]
    pks = {code: made.content["rows"][code]["pk"] for code in codes}
    rows = call.applications.in_bulk(list(pks.values()))
    by_code = {code: rows[pk] for code, pk in pks.items() if pk in rows}
    gone = [row.pk for row in resigned(call)]
    left = [code for code, row in by_code.items() if row.pk in gone]
    if not left:
        return []
    if _as_ranked(call, part, by_code):
        after = part.decision.after_resignation(*[c for c in left if _stood(part, c)])
    else:
        after = _by_hand(call, made, part, by_code)
    return _gains(made, after, by_code, language)


def _stood(part: KeptList, code: str) -> bool:
    entry = part.entry(code)
    return entry is not None and entry.outcome in ("funded", "partial", "reserve")


def _as_ranked(call: Call, part: KeptList, rows: Mapping[str, Application]) -> bool:
    """Whether people decided as the ranking proposed; then its own rule for resignations holds."""
    found = Decision.objects.filter(application__in=[r.pk for r in rows.values()], stage=deciding_code(call))
    first = {d.application_id: d for d in found.filter(ranking__isnull=False).order_by("at", "pk")}
    expected = {"funded": Outcome.GRANTED, "partial": Outcome.GRANTED, "reserve": Outcome.RESERVE}
    for code, row in rows.items():
        entry, decision = part.entry(code), first.get(row.pk)
        wanted = expected.get(entry.outcome if entry else "", Outcome.REJECTED_MERIT)
        if decision is not None and decision.proposed != decision.outcome:
            return False
        if decision is None and wanted != Outcome.REJECTED_MERIT:
            return False
    return True


def _by_hand(call: Call, made: Ranking, part: KeptList, rows: Mapping[str, Application]) -> Any:
    """People departed from the ranking: what is left of the pool goes down the reserve list as it stands."""
    places = made.content["places"]
    held = [row for row in rows.values() if row.state in FUNDED]
    spent = Decimal(len(held)) if places else sum((row.granted or Decimal(0) for row in held), Decimal(0))
    left = max(Decimal(part.decision.rules.cap) - spent, Decimal(0))
    costs = {idea.code: idea for idea in part.decision.ideas}
    waiting = [
        Idea(code, costs[code].cost, score=-n, minimum=costs[code].minimum, title=costs[code].title)
        for n, code in enumerate(entry.code for entry in part.decision.entries)
        if code in rows and rows[code].state == ApplicationState.RESERVE
    ]
    return fund(waiting, Rules(cap=left, rule=part.decision.rules.walk, seed="0"))


def _gains(made: Ranking, after: Any, rows: Mapping[str, Application], language: str) -> list[Promotion]:
    found = []
    for entry in after.entries:
        row = rows.get(entry.code)
        live = row is not None and row.state in (ApplicationState.RESERVE, *FUNDED)
        if row is None or not live or entry.outcome not in ("funded", "partial"):
            continue
        amount = row.amount if made.content["places"] else entry.amount
        before = row.granted or Decimal(0)
        waits = row.state == ApplicationState.RESERVE
        if waits or (amount is not None and amount > before):
            found.append(Promotion(row, amount, before, entry.sentence(language)))
    return found


@act
def pass_on(actor: Actor, call: Call) -> int:
    """Give the money that came back to the next ones; their letters leave at once."""
    manage_call.require(actor, call)
    call = Call.objects.select_for_update(of=("self",)).select_related("programme").get(pk=call.pk)
    found = promotions(call)
    if not found:
        raise ValidationError(_("No money has come back that somebody on the list could get."))
    letters = []
    for promotion in found:
        promotion.application.call = call
        _promote(actor, call, promotion)
        letters += _tell(actor, call, promotion)
    record(actor, "calls.money_passed_on", call, data={"applications": len(found)})
    release_letters(Actor.system(), letters)
    return len(found)


def _promote(actor: Actor, call: Call, promotion: Promotion) -> None:
    row, partial = promotion.application, _is_part(promotion)
    by = answer_by(call)
    last = last_decision(row)
    Decision.objects.create(
        application=row,
        ranking=last.ranking if last else None,
        stage=deciding_code(call),
        outcome=Outcome.GRANTED,
        proposed=Outcome.GRANTED,
        amount=promotion.amount,
        feedback=last.feedback if last else "",
        by=actor.user,
        released_at=timezone.now(),
    )
    facts: dict[str, Any] = {"granted": promotion.amount or Decimal(0), "outcome": Outcome.GRANTED}
    if row.state != ApplicationState.RESERVE:
        Application.objects.filter(pk=row.pk).update(**facts)
        record(actor, "calls.grant_raised", row, data={"amount": promotion.amount})
    elif partial or by is not None:
        move(actor, row, APPLICATION, "offer", "calls.offered", complete_by=by, **facts)
    else:
        move(actor, row, APPLICATION, "select", "calls.result_given", stage=onward(call, row), **facts)


def _is_part(promotion: Promotion) -> bool:
    asked = promotion.application.amount
    return asked is not None and promotion.amount is not None and promotion.amount < asked


def _tell(actor: Actor, call: Call, promotion: Promotion) -> list[Any]:
    row = promotion.application
    if not row.email:
        return []
    with override(row.language):
        words = {
            "number": row.label,
            "title": row,
            "call": call.name,
            "amount": money(promotion.amount, 2) if promotion.amount is not None else "",
            "by": moment(row.complete_by) if row.complete_by else "",
        }
        subject = _("Application %(number)s: money has come back") % words
        body = (
            _(
                "Good morning,\n\nin the call “%(call)s” money has come back, and it is the turn of the application "
                "“%(title)s”, number %(number)s."
            )
            % words
        )
        if words["amount"]:
            body += "\n\n" + _("The grant would be: %(amount)s.") % words
        if row.state == ApplicationState.OFFERED:
            body += "\n\n" + _("Say on the page of your application whether you take it.")
            body += " " + _("Answer by %(by)s.") % words if words["by"] else ""
    return [prepare_letter(actor, row, row.email, subject, body, language=row.language)]
