"""Settlement by results: the innovator declares, the team accepts, both sign a protocol, money follows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from krzew.accounts.actors import Actor
from krzew.calls.models import content_hash
from krzew.timeline.acts import act, record
from krzew.trials.acts import letters
from krzew.trials.acts.steps import Conflict, move, save_seen, settle
from krzew.trials.agreements import known
from krzew.trials.agreements.filling import day_after, settings_of
from krzew.trials.agreements.money import ZERO, shortfall
from krzew.trials.journey import grant_in_force
from krzew.trials.models import Agreement, Innovation, Protocol, Refund, ResultReport, Tranche
from krzew.trials.queries import money
from krzew.trials.rules import manage_innovation
from krzew.trials.states import REPORT, AgreementState, ReportState
from krzew.ui.formats import money as zl

WRITTEN = (ReportState.DRAFT, ReportState.RETURNED)
ALL = Decimal(100)


def must_not_be_over(innovation: Innovation) -> None:
    """Raises when it ended early. A decision about dissemination does not stop the settlement."""
    if innovation.state in money.OVER:
        raise ValidationError(_("This innovation has ended, so nothing more is written here."))


def _agreement(innovation: Innovation) -> Agreement:
    """The grant agreement in force: with it every gate before settlement is passed."""
    must_not_be_over(innovation)
    agreement = grant_in_force(innovation)
    if agreement is None:
        raise ValidationError(_("First comes the agreement signed by every party."))
    return agreement


@act
def begin_report(actor: Actor, innovation: Innovation, code: str) -> ResultReport:
    """Start the report on one result: the lines of the agreed plan stand in it."""
    agreement = _agreement(innovation)
    if code not in {row["code"] for row in agreement.content.get("results", [])}:
        raise ValidationError(_("The agreement has no such result."))
    if any(row.result == code for row in money.reports(innovation)):
        raise ValidationError(_("The report on this result is begun already."))
    lines = [
        {"line": row["line"], "action": row["action"], "planned": row["cost"], "spent": ""}
        for row in agreement.content.get("plan", [])
    ]
    report = ResultReport.objects.create(agreement=agreement, result=code, declared=lines)
    record(actor, "trials.report_begun", report, new=report.state)
    return report


@act
def save_report(
    actor: Actor,
    innovation: Innovation,
    report: ResultReport,
    *,
    seen: int,
    done: str,
    evidence: str,
    achieved: Decimal | None,
    spent: Mapping[str, Decimal | None],
) -> ResultReport:
    """Keep what the innovator writes, also half of it."""
    _must_be_written(innovation, report)
    lines = [{**row, "spent": _kept(spent.get(row["line"]))} for row in report.declared]
    known_ = [amount for amount in spent.values() if amount is not None]
    save_seen(
        report,
        seen,
        done=done.strip(),
        evidence=evidence.strip(),
        achieved=achieved,
        declared=lines,
        amount=sum(known_, Decimal("0.00")) if known_ else None,
    )
    record(actor, "trials.report_saved", report)
    return report


def _kept(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:.2f}"


def _must_be_written(innovation: Innovation, report: ResultReport) -> None:
    must_not_be_over(innovation)
    if report.agreement.innovation_id != innovation.pk:
        raise ValidationError(_("This report belongs to another innovation."))
    report.state = ResultReport.objects.values_list("state", flat=True).get(pk=report.pk)
    if report.state not in WRITTEN:
        raise ValidationError(_("It is sent already. The team gives it back if something must be added."))


def lacks(report: ResultReport) -> dict[str, str]:
    """What stops the sending, by the field that it concerns."""
    found: dict[str, str] = {}
    if not report.done:
        found["done"] = _("Say what was done.")
    if not report.evidence:
        found["evidence"] = _("Say how one can see it: a link, a photograph, a list, a visit.")
    if report.achieved is None:
        found["achieved"] = _("Say how much of the result was achieved.")
    for row in report.declared:
        if row["spent"] == "":
            found[f"spent_{row['line']}"] = _("Write the amount spent. Write 0 when nothing was.")
    return found


@act
def send(
    actor: Actor, innovation: Innovation, report: ResultReport, *, seen: int, stated: bool
) -> ResultReport:
    """Give the report to the team, declared to be true."""
    _must_be_written(innovation, report)
    if report.revision != seen:
        raise Conflict(report)
    found = lacks(report)
    if not stated:
        found["stated"] = _("Tick that it is true: this declaration takes the place of invoices.")
    if found:
        raise ValidationError(found)
    fields: dict[str, Any] = {"stated": True, "sent_at": timezone.now(), "returned_why": ""}
    move(actor, report, REPORT, "send", "trials.report_sent", **fields)
    return report


@act
def give_back(actor: Actor, report: ResultReport, why: str) -> ResultReport:
    """Something must be added: the innovator reads why."""
    manage_innovation.require(actor, report.agreement.innovation)
    if not why.strip():
        raise ValidationError({"why": _("Say what must be added or corrected.")})
    fields: dict[str, Any] = {"returned_why": why.strip(), "stated": False}
    move(actor, report, REPORT, "return", "trials.report_returned", **fields)
    return report


@act
def accept(
    actor: Actor,
    report: ResultReport,
    *,
    achieved: Decimal,
    accepted: Decimal,
    to_return: Decimal,
    text: str,
) -> Protocol:
    """Write the protocol of acceptance. It counts when both sides have signed it."""
    innovation = report.agreement.innovation
    manage_innovation.require(actor, innovation)
    must_not_be_over(innovation)
    _must_add_up(report, achieved, accepted, to_return, text)
    move(actor, report, REPORT, "accept", "trials.report_accepted")
    made = Protocol(report=report, achieved=achieved, accepted=accepted, to_return=to_return)
    made.text, made.made_by = text.strip(), actor.user
    made.content_hash = content_hash(covered(report, made))
    made.save()
    letters.protocol_waits(actor, made)
    return made


def covered(report: ResultReport, protocol: Protocol) -> dict[str, Any]:
    """What the signatures under a protocol cover."""
    said = {"done": report.done, "evidence": report.evidence, "declared": report.declared}
    numbers = {name: f"{getattr(protocol, name):.2f}" for name in ("achieved", "accepted", "to_return")}
    return {"agreement": report.agreement.content_hash, "result": report.result, **said, **numbers} | {
        "text": protocol.text
    }


def _must_add_up(
    report: ResultReport, achieved: Decimal, accepted: Decimal, to_return: Decimal, text: str
) -> None:
    whole = report.agreement.amount or Decimal(0)
    faults: dict[str, str] = {}
    if not 0 <= achieved <= ALL:
        faults["achieved"] = _("Between 0 and 100.")
    if not 0 <= accepted <= (report.amount or Decimal(0)):
        faults["accepted"] = _("At most what was declared: %(amount)s.") % {"amount": zl(report.amount, 2)}
    if not 0 <= to_return <= whole:
        faults["to_return"] = _("At most the whole grant: %(amount)s.") % {"amount": zl(whole, 2)}
    differs = to_return != proposed_return(report, achieved)
    if (differs or accepted != report.amount) and not text.strip():
        faults["text"] = _("The amounts differ from what was declared or computed: say why.")
    if faults:
        raise ValidationError(faults)


def proposed_return(report: ResultReport, achieved: Decimal) -> Decimal:
    """What the rules of the programme say; they judge the final result alone."""
    rules = known.terms(report.agreement.innovation.call.rules)
    final = any(
        r["code"] == report.result and r["final"] for r in report.agreement.content.get("results", [])
    )
    if rules is None or not final:
        return ZERO
    return shortfall(report.agreement.amount or ZERO, achieved, rules.full_from, rules.none_below)


@act
def sign_protocol(
    actor: Actor, innovation: Innovation, protocol: Protocol, *, name: str, seen_hash: str
) -> Protocol:
    """The innovator signs the protocol by the link."""
    if protocol.report.agreement.innovation_id != innovation.pk:
        raise ValidationError(_("This protocol belongs to another innovation."))
    if seen_hash != protocol.content_hash:
        raise ValidationError(_("The protocol has changed since you opened it. Read it again, then sign."))
    if len(name.strip()) < 3:
        raise ValidationError({"name": _("Type your name and surname.")})
    return _sign(actor, protocol, "innovator", name, timezone.localdate())


@act
def note_protocol(actor: Actor, protocol: Protocol, *, side: str, name: str, on: date) -> Protocol:
    """The team signs for the incubator, or notes that the innovator signed on paper."""
    manage_innovation.require(actor, protocol.report.agreement.innovation)
    if on > timezone.localdate():
        raise ValidationError({"on": _("This day has not come yet.")})
    return _sign(actor, protocol, side, name, on)


def _sign(actor: Actor, protocol: Protocol, side: str, name: str, on: date) -> Protocol:
    if side not in ("operator", "innovator"):
        raise ValidationError(_("Choose who signed."))
    if not name.strip():
        raise ValidationError({"name": _("Type your name and surname.")})
    day = f"{side}_signed_on"
    fields = {day: on, f"{side}_name": name.strip()[:200]}
    if not Protocol.objects.filter(pk=protocol.pk, **{day: None}).update(**fields):
        raise ValidationError(_("This party has signed already."))
    protocol.refresh_from_db()
    if protocol.is_signed:
        _finish(actor, protocol)
    else:
        record(actor, "trials.protocol_signed", protocol.report, data={"side": side})
    return protocol


def _finish(actor: Actor, protocol: Protocol) -> None:
    """Both have signed: the result is accepted, and what must be returned is asked back."""
    report = protocol.report
    innovation = report.agreement.innovation
    move(actor, report, REPORT, "sign", "trials.report_signed")
    now = money.balance(money.fresh(innovation.pk))
    amount = min(protocol.to_return, now.paid - now.asked_back)
    if amount > 0:
        days = settings_of(report.agreement)["return_days"]
        Refund.objects.create(
            innovation=innovation,
            amount=amount,
            why=_("By the protocol of acceptance."),
            due_on=day_after(days, timezone.localdate()),
            by=actor.user,
        )
    settle(innovation)


# --- money -------------------------------------------------------------------------------------------


@act
def pay(actor: Actor, tranche: Tranche, *, on: date, amount: Decimal) -> Tranche:
    """Note the payment of a tranche. Never before the protocol of its result is signed by both sides (R61)."""
    innovation = tranche.agreement.innovation
    manage_innovation.require(actor, innovation)
    must_not_be_over(innovation)
    _must_be_due(innovation, tranche)
    most = most_to_pay(innovation, tranche)
    if not 0 < amount <= most:
        said = {"amount": zl(most, 2)}
        raise ValidationError({"amount": _("More than 0, and at most: %(amount)s.") % said})
    if on > timezone.localdate():
        raise ValidationError({"on": _("This day has not come yet.")})
    fields = {"paid_on": on, "paid_amount": amount, "paid_by": actor.user}
    if not Tranche.objects.filter(pk=tranche.pk, paid_on=None).update(**fields):
        raise ValidationError(_("This tranche is paid already."))
    tranche.refresh_from_db()
    record(actor, "trials.tranche_paid", tranche.agreement, data={"tranche": tranche.code, "amount": amount})
    return tranche


def most_to_pay(innovation: Innovation, tranche: Tranche) -> Decimal:
    """The tranche, as long as with it no more is kept than the protocols leave of the grant."""
    now = money.balance(innovation)
    gone = sum((p.to_return for p in _signed_protocols(innovation)), ZERO)
    room = (tranche.agreement.amount or ZERO) - gone - (now.paid - now.asked_back)
    return max(min(tranche.amount, room), ZERO)


def _signed_protocols(innovation: Innovation) -> list[Protocol]:
    return [row.protocol for row in money.reports(innovation) if row.state == ReportState.SIGNED]


def _must_be_due(innovation: Innovation, tranche: Tranche) -> None:
    if tranche.agreement.state != AgreementState.SIGNED:
        raise ValidationError(_("Money is paid only under an agreement in force."))
    if innovation.agreements.filter(stage=tranche.agreement.stage, state=AgreementState.OFFERED).exists():
        raise ValidationError(_("An annex waits for signatures. Pay when it is signed or taken back."))
    if tranche.after and tranche.after not in money.signed_results(innovation):
        raise ValidationError(
            _("Before this tranche the protocol of the result “%(result)s” must be signed by both sides.")
            % {"result": known.result_label(tranche.agreement, tranche.after)}
        )


@act
def ask_back(
    actor: Actor, innovation: Innovation, *, amount: Decimal, why: str, due_on: date | None
) -> Refund:
    """Note money that the innovator is to return. Possible also after the innovation has ended."""
    manage_innovation.require(actor, innovation)
    most = money.balance(innovation)
    if not 0 < amount <= most.paid - most.asked_back:
        said = {"amount": zl(max(most.paid - most.asked_back, Decimal(0)), 2)}
        raise ValidationError({"amount": _("At most what was paid and not asked back: %(amount)s.") % said})
    if not why.strip():
        raise ValidationError({"why": _("Say why, in a sentence or two.")})
    row = Refund(innovation=innovation, amount=amount, why=why.strip(), due_on=due_on, by=actor.user)
    row.save()
    record(actor, "trials.refund_asked", innovation, data={"amount": amount})
    return row


@act
def came_back(actor: Actor, refund: Refund, *, on: date) -> Refund:
    """The money is there."""
    manage_innovation.require(actor, refund.innovation)
    if on > timezone.localdate():
        raise ValidationError({"on": _("This day has not come yet.")})
    if not Refund.objects.filter(pk=refund.pk, returned_on=None).update(returned_on=on):
        raise ValidationError(_("This is noted already."))
    refund.refresh_from_db()
    record(actor, "trials.refund_returned", refund.innovation, data={"amount": refund.amount})
    return refund
