"""Settlement for the innovator: which result is next, its report saved as typed, its protocol to sign."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from krzew.accounts.access import public
from krzew.trials.acts import settlement as acts
from krzew.trials.acts.steps import Conflict
from krzew.trials.agreements import known, paper
from krzew.trials.forms.settlement import ProtocolForm, ReportForm, SendForm
from krzew.trials.models import Innovation, Protocol, ResultReport
from krzew.trials.present import agreements as present_agreements
from krzew.trials.present import settlement as present
from krzew.trials.queries import money
from krzew.trials.queries import settlement as queries
from krzew.trials.states import ReportState
from krzew.trials.views.agreements import own_crumbs
from krzew.trials.views.base import actor_of, again, by_link, is_htmx, put_errors
from krzew.ui.components import Crumb
from krzew.ui.pdf import pdf_answer


@public
@require_safe
def own(request: HttpRequest, token: str) -> HttpResponse:
    """Every result with its money: what is next, by when, who waits for whom."""
    innovation = queries.whole(by_link(request, token))
    rows, agreement = queries.results(innovation), money.concluded(innovation)
    here = queries.next_result(rows)
    context = {
        "innovation": innovation,
        "token": token,
        "tasks": present.tasks(innovation, rows, token),
        "words": present.next_words(innovation, rows),
        "here": here,
        "writes": here is not None
        and innovation.state not in money.OVER
        and (here.report is None or here.report.state in acts.WRITTEN),
        "facts": present.facts(money.balance(innovation)),
        "tranches": present_agreements.tranches(list(agreement.tranches.all()), agreement)
        if agreement
        else None,
        "refunds": present.refunds(innovation.refunds.all()),
        "crumbs": own_crumbs(innovation, token, _("Settlement")),
    }
    return render(request, "trials/settlement.html", context)


def _found(request: HttpRequest, token: str, code: str) -> tuple[Innovation, queries.Result]:
    innovation = queries.whole(by_link(request, token))
    found = next((row for row in queries.results(innovation) if row.code == code), None)
    if found is None:
        raise Http404
    return innovation, found


@public
def report(request: HttpRequest, token: str, code: str) -> HttpResponse:
    """The report on one result: written here, then read, then signed under the protocol."""
    innovation, result = _found(request, token, code)
    row = result.report
    if row is None or row.state in acts.WRITTEN:
        return _written(request, token, innovation, result)
    protocol = getattr(row, "protocol", None)
    form = None
    if protocol is not None and protocol.innovator_signed_on is None:
        form = ProtocolForm(request.POST or None, initial={"seen": protocol.content_hash})
        if form.is_bound and form.is_valid() and _signed(request, innovation, protocol, form):
            messages.success(request, _("Signed. Thank you."))
            return redirect("trials:report", token=token, code=code)
    context = words(innovation, row) | {"token": token, "form": form, "code": code}
    context["crumbs"] = _crumbs(innovation, token, result)
    return render(request, "trials/report_read.html", context, status=422 if form and form.errors else 200)


def _crumbs(innovation: Innovation, token: str, result: queries.Result) -> list[Crumb]:
    middle = Crumb(_("Settlement"), reverse("trials:settlement", args=[token]))
    return [*own_crumbs(innovation, token), middle, Crumb(present.label(result))]


def words(innovation: Innovation, row: ResultReport) -> dict[str, Any]:
    """A report as both sides read it."""
    protocol = getattr(row, "protocol", None)
    return {
        "innovation": innovation,
        "report": row,
        "title": known.result_label(row.agreement, row.result),
        "tags": [present.tag(row)],
        "facts": present.report_facts(row),
        "lines": present.lines(innovation, row),
        "protocol": protocol,
        "protocol_facts": present.protocol_facts(protocol) if protocol else [],
        "tasks": present.signatures(protocol) if protocol else [],
    }


def _signed(request: HttpRequest, innovation: Innovation, protocol: Protocol, form: ProtocolForm) -> bool:
    data = form.cleaned_data
    try:
        acts.sign_protocol(actor_of(request), innovation, protocol, name=data["name"], seen_hash=data["seen"])
    except ValidationError as error:
        put_errors(form, error)
        again(form, seen=protocol.content_hash)
        return False
    return True


def _written(
    request: HttpRequest, token: str, innovation: Innovation, result: queries.Result
) -> HttpResponse:
    row = result.report
    if row is None:
        if request.method != "POST":
            return _begin_page(request, token, innovation, result)
        try:
            acts.begin_report(actor_of(request), innovation, result.code)
        except ValidationError as error:
            return _begin_page(request, token, innovation, result, list(error.messages))
        return redirect("trials:report", token=token, code=result.code)
    form = ReportForm(request.POST or None, lines=row.declared, initial=_initial(row))
    if form.is_bound:
        form.is_valid()
        return _save(request, token, innovation, row, form)
    return _form_page(request, token, innovation, row, form)


def _begin_page(
    request: HttpRequest,
    token: str,
    innovation: Innovation,
    result: queries.Result,
    errors: list[str] | None = None,
) -> HttpResponse:
    context = {
        "innovation": innovation,
        "title": present.label(result),
        "errors": [{"label": text} for text in errors or []],
        "money": result.money,
        "crumbs": _crumbs(innovation, token, result),
    }
    return render(request, "trials/report_begin.html", context, status=422 if errors else 200)


def _initial(row: ResultReport) -> dict[str, Any]:
    found = {name: getattr(row, name) for name in ("revision", "done", "evidence", "achieved")}
    return found | {f"spent_{line['line']}": line["spent"] for line in row.declared}


def _save(
    request: HttpRequest, token: str, innovation: Innovation, row: ResultReport, form: ReportForm
) -> HttpResponse:
    """By itself while one types, or by a button. What can be read is kept, the rest is marked."""
    htmx, data = is_htmx(request), form.cleaned_data
    try:
        acts.save_report(
            actor_of(request),
            innovation,
            row,
            seen=data.get("revision", -1),
            done=data.get("done", row.done),
            evidence=data.get("evidence", row.evidence),
            achieved=data.get("achieved", row.achieved),
            spent=form.spent(kept=True),
        )
    except Conflict as conflict:
        return _conflict(request, token, innovation, form, conflict)
    except ValidationError as error:
        put_errors(form, error)
    if htmx:
        return _by_itself(request, token, row, form)
    if form.errors:
        again(form, revision=row.revision)
        return _form_page(request, token, innovation, row, form, status=422)
    return redirect(_onward(request, token, row))


def _onward(request: HttpRequest, token: str, row: ResultReport) -> str:
    if request.POST.get("go") == "later":
        return reverse("trials:settlement", args=[token])
    return reverse("trials:report_send", args=[token, row.result])


def _by_itself(request: HttpRequest, token: str, row: ResultReport, form: ReportForm) -> HttpResponse:
    """The short answer to saving as typed; a button that was pressed goes on."""
    if "go" in request.POST and not form.errors:
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = _onward(request, token, row)
        return answer
    faults = [(form[name].label, texts[0]) for name, texts in form.errors.items() if name in form.fields]
    loose = list(form.non_field_errors())
    context = {"row": row, "faults": faults, "loose": loose}
    return render(request, "trials/_report_saved.html", context)


def _conflict(
    request: HttpRequest, token: str, innovation: Innovation, form: ReportForm, conflict: Conflict
) -> HttpResponse:
    """Another window saved first: both are shown, nothing that was typed is lost."""
    kept = conflict.now
    assert isinstance(kept, ResultReport)
    if is_htmx(request):
        said = _("This was changed in another window in the meantime. Press a button to compare both.")
        return render(request, "trials/_report_saved.html", {"row": kept, "loose": [said], "stale": True})
    kept = next(r for r in money.reports(queries.whole(innovation)) if r.pk == kept.pk)
    again(form, revision=kept.revision)
    return _form_page(request, token, innovation, kept, form, status=409, kept=kept)


def _form_page(
    request: HttpRequest,
    token: str,
    innovation: Innovation,
    row: ResultReport,
    form: ReportForm,
    status: int = 200,
    kept: ResultReport | None = None,
) -> HttpResponse:
    for line in row.declared:
        field = form.fields[f"spent_{line['line']}"]
        field.help_text = present.line_hint(innovation, line)
    context = {
        "innovation": innovation,
        "row": row,
        "form": form,
        "token": token,
        "title": known.result_label(row.agreement, row.result),
        "kept_facts": present.report_facts(kept) if kept else [],
        "kept_lines": present.lines(innovation, kept) if kept else None,
        "crumbs": [
            *own_crumbs(innovation, token),
            Crumb(_("Settlement"), reverse("trials:settlement", args=[token])),
            Crumb(known.result_label(row.agreement, row.result)),
        ],
    }
    return render(request, "trials/report.html", context, status=status)


@public
def send(request: HttpRequest, token: str, code: str) -> HttpResponse:
    """Read it once more, declare it to be true, send it."""
    innovation, result = _found(request, token, code)
    row = result.report
    if row is None or row.state not in acts.WRITTEN:
        return redirect("trials:report", token=token, code=code)
    form = SendForm(request.POST or None, initial={"revision": row.revision})
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            acts.send(actor_of(request), innovation, row, seen=data["revision"], stated=data["stated"])
        except Conflict:
            form.add_error(None, _("The report was changed in another window. Read it again, then send."))
            again(form, revision=row.revision)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("Sent. The team reads it and writes the protocol."))
            return redirect("trials:settlement", token=token)
    lacks = [{"label": text} for text in acts.lacks(row).values()]
    context = words(innovation, row) | {"form": form, "token": token, "code": code, "lacks": lacks}
    context["crumbs"] = _crumbs(innovation, token, result)
    return render(request, "trials/report_send.html", context, status=422 if form.errors else 200)


@public
@require_safe
def protocol(request: HttpRequest, token: str, code: str) -> HttpResponse:
    _innovation, result = _found(request, token, code)
    return protocol_answer(result.report)


def protocol_answer(row: ResultReport | None) -> HttpResponse:
    made = getattr(row, "protocol", None) if row is not None else None
    if row is None or made is None or row.state not in (ReportState.ACCEPTED, ReportState.SIGNED):
        raise Http404
    made.report = row
    name = f"{row.agreement.innovation.slug}-{row.result}.pdf"
    return pdf_answer(paper.protocol_pdf(made), name)
