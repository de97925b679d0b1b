"""Settlement for the team: reports to accept, tranches to pay, returns to follow. The mentor reads along."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from krzew.timeline.transitions import WrongState
from krzew.trials.acts import settlement as acts
from krzew.trials.forms.settlement import (
    AcceptForm,
    AskBackForm,
    BackForm,
    CameBackForm,
    NoteProtocolForm,
    PayForm,
)
from krzew.trials.models import Innovation, Protocol, ResultReport, Tranche
from krzew.trials.present import agreements as present_agreements
from krzew.trials.present import settlement as present
from krzew.trials.queries import money
from krzew.trials.queries import settlement as queries
from krzew.trials.rules import manage_innovation
from krzew.trials.states import ReportState
from krzew.trials.views.base import actor_of, of_team, put_errors
from krzew.trials.views.innovations import crumbs
from krzew.trials.views.settlement import protocol_answer, words
from krzew.ui.components import Crumb


@require_safe
def overview(request: HttpRequest, pk: int) -> HttpResponse:
    return _overview(request, of_team(request, pk))


def _overview(request: HttpRequest, found: Innovation, **wrong: Any) -> HttpResponse:
    """Results, tranches, returns. `wrong` holds a form that could not be accepted."""
    innovation = queries.whole(found)
    rows, agreement = queries.results(innovation), money.concluded(innovation)
    balance, manages = money.balance(innovation), manage_innovation.allows(actor_of(request), innovation)
    context = {
        "innovation": innovation,
        "manages": manages,
        "tasks": present.tasks(innovation, rows, innovation.pk),
        "facts": present.facts(balance),
        "balance": balance,
        "todo": _to_do(rows) if manages and not balance.ended else None,
        "tranches": present_agreements.tranches(list(agreement.tranches.all()), agreement)
        if agreement
        else None,
        "due": _due(innovation, wrong) if manages and agreement else [],
        "refunds": present.refunds(innovation.refunds.all()),
        "open_refunds": _open_refunds(innovation) if manages else [],
        "ask_form": wrong.get("ask") or AskBackForm(initial=_asked(balance), prefix="ask"),
        "asking": manages and balance.paid > balance.asked_back,
        "crumbs": crumbs(innovation, Crumb(_("Settlement"))),
        "error": wrong.get("error", ""),
    }
    return render(request, "trials/settlement_team.html", context, status=422 if wrong else 200)


def _to_do(rows: list[queries.Result]) -> queries.Result | None:
    """The report that waits for the team: to be accepted, or its protocol to be signed."""
    for row in rows:
        if row.report is None or row.is_signed:
            continue
        if row.report.state == ReportState.SENT:
            return row
        protocol = getattr(row.report, "protocol", None)
        if protocol is not None and protocol.operator_signed_on is None:
            return row
    return None


def _asked(balance: money.Balance) -> dict[str, Any]:
    return {"amount": balance.unsettled} if balance.ended and balance.unsettled else {}


def _due(innovation: Innovation, wrong: dict[str, Any]) -> list[tuple[Tranche, PayForm]]:
    """Tranches that may be paid now, each with its form."""
    agreement = money.concluded(innovation)
    rows = (
        [row for row in agreement.tranches.all() if money.may_be_paid(innovation, row)] if agreement else []
    )
    found = []
    for row in rows:
        start = {"amount": acts.most_to_pay(innovation, row), "on": timezone.localdate()}
        fresh = PayForm(initial=start, prefix=f"pay{row.pk}")
        found.append((row, wrong.get(f"pay{row.pk}") or fresh))
    return found


def _open_refunds(innovation: Innovation) -> list[tuple[Any, CameBackForm]]:
    rows = [row for row in innovation.refunds.all() if row.returned_on is None]
    today = timezone.localdate()
    return [(row, CameBackForm(initial={"on": today}, prefix=f"back{row.pk}")) for row in rows]


def _managed(request: HttpRequest, pk: int) -> Innovation:
    innovation = of_team(request, pk)
    manage_innovation.require(actor_of(request), innovation)
    return queries.whole(innovation)


def _tried(form: forms.Form, effect: Callable[[dict[str, Any]], Any]) -> bool:
    """Whether the form was good and the act agreed."""
    if not form.is_valid():
        return False
    try:
        effect(form.cleaned_data)
    except ValidationError as error:
        put_errors(form, error)
    except WrongState:
        form.add_error(None, _("This was done in the meantime by somebody else."))
    return not form.errors


@require_POST
def pay(request: HttpRequest, pk: int, tranche: int) -> HttpResponse:
    """Note the payment of a tranche."""
    innovation, actor = _managed(request, pk), actor_of(request)
    agreement = money.concluded(innovation)
    rows = list(agreement.tranches.all()) if agreement else []
    row = next((one for one in rows if one.pk == tranche), None)
    if row is None or agreement is None:
        raise Http404
    row.agreement = agreement
    form = PayForm(request.POST, prefix=f"pay{row.pk}")
    if _tried(form, lambda data: acts.pay(actor, row, **data)):
        messages.success(request, _("Payment noted."))
        return redirect("trials:team_settlement", pk=pk)
    error = " ".join(str(text) for text in form.non_field_errors())
    return _overview(request, innovation, error=error, **{f"pay{row.pk}": form})


@require_POST
def ask_back(request: HttpRequest, pk: int) -> HttpResponse:
    innovation, actor = _managed(request, pk), actor_of(request)
    form = AskBackForm(request.POST, prefix="ask")
    if _tried(form, lambda data: acts.ask_back(actor, innovation, **data)):
        return redirect("trials:team_settlement", pk=pk)
    return _overview(request, innovation, ask=form)


@require_POST
def came_back(request: HttpRequest, pk: int, refund: int) -> HttpResponse:
    innovation, actor = _managed(request, pk), actor_of(request)
    row = next((one for one in innovation.refunds.all() if one.pk == refund), None)
    if row is None:
        raise Http404
    form = CameBackForm(request.POST, prefix=f"back{row.pk}")
    if _tried(form, lambda data: acts.came_back(actor, row, **data)):
        return redirect("trials:team_settlement", pk=pk)
    texts = [str(text) for found in form.errors.values() for text in found]
    return _overview(request, innovation, error=" ".join(texts))


# --- one report --------------------------------------------------------------------------------------


def _report(innovation: Innovation, code: str) -> tuple[queries.Result, ResultReport]:
    found = next((row for row in queries.results(innovation) if row.code == code), None)
    if found is None or found.report is None or found.report.state == ReportState.DRAFT:
        raise Http404
    return found, found.report


@require_safe
def report(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """What the innovator declared, with what to look at in each line."""
    innovation = queries.whole(of_team(request, pk))
    return _report_page(request, innovation, *_report(innovation, code))


def _report_page(
    request: HttpRequest, innovation: Innovation, result: queries.Result, row: ResultReport, **wrong: Any
) -> HttpResponse:
    manages = manage_innovation.allows(actor_of(request), innovation)
    middle = Crumb(_("Settlement"), reverse("trials:team_settlement", args=[innovation.pk]))
    context = words(innovation, row) | {
        "manages": manages,
        "code": row.result,
        "rule": present.rule_words(innovation, result.final),
        "crumbs": crumbs(innovation, middle, Crumb(present.label(result))),
    }
    if manages and row.state == ReportState.SENT:
        context["accept_form"] = wrong.get("accept") or AcceptForm(initial=_proposed(row), prefix="accept")
        context["back_form"] = wrong.get("back") or BackForm(prefix="back")
    if manages and row.state == ReportState.ACCEPTED:
        context["note_form"] = wrong.get("note") or _note_form(None, row.protocol)
    return render(request, "trials/report_team.html", context, status=422 if wrong else 200)


def _proposed(row: ResultReport) -> dict[str, Any]:
    assert row.achieved is not None
    back = acts.proposed_return(row, row.achieved)
    return {"achieved": row.achieved, "accepted": row.amount, "to_return": back}


def _note_form(data: Any, protocol: Protocol) -> NoteProtocolForm:
    waits = "operator" if protocol.operator_signed_on is None else "innovator"
    start = {"on": timezone.localdate(), "side": waits}
    form = NoteProtocolForm(data, initial=start, prefix="note")
    field = form.fields["side"]
    assert isinstance(field, forms.ChoiceField)
    sides = {"operator": _("for the incubator"), "innovator": _("for the innovator, on paper")}
    field.choices = [(s, text) for s, text in sides.items() if getattr(protocol, f"{s}_signed_on") is None]
    return form


@require_POST
def accept(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    innovation, actor = _managed(request, pk), actor_of(request)
    result, row = _report(innovation, code)
    form = AcceptForm(request.POST, prefix="accept")
    if _tried(form, lambda data: acts.accept(actor, row, **data)):
        messages.success(request, _("The protocol waits for both signatures."))
        return redirect("trials:team_report", pk=pk, code=code)
    return _report_page(request, innovation, result, row, accept=form)


@require_POST
def give_back(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    innovation, actor = _managed(request, pk), actor_of(request)
    result, row = _report(innovation, code)
    form = BackForm(request.POST, prefix="back")
    if _tried(form, lambda data: acts.give_back(actor, row, data["why"])):
        messages.success(request, _("Given back. The innovator reads here what to add."))
        return redirect("trials:team_settlement", pk=pk)
    return _report_page(request, innovation, result, row, back=form)


@require_POST
def note(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Sign the protocol for the incubator, or note the innovator's signature on paper."""
    innovation, actor = _managed(request, pk), actor_of(request)
    result, row = _report(innovation, code)
    if row.state != ReportState.ACCEPTED:
        return redirect("trials:team_report", pk=pk, code=code)
    row.protocol.report = row
    form = _note_form(request.POST, row.protocol)
    if _tried(form, lambda data: acts.note_protocol(actor, row.protocol, **data)):
        messages.success(request, _("The signature is noted."))
        return redirect("trials:team_report", pk=pk, code=code)
    return _report_page(request, innovation, result, row, note=form)


@require_safe
def protocol(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    innovation = queries.whole(of_team(request, pk))
    return protocol_answer(_report(innovation, code)[1])
