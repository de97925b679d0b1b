"""After the decision, for the team: offers, resignations, the reserve list, appeals."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from krzew.calls.acts import decisions_after as acts
from krzew.calls.acts import decisions_appeals as appeal_acts
from krzew.calls.forms.decisions import AgainForm, AnswerForm, GiveForm
from krzew.calls.models import Appeal, Assessor, Call
from krzew.calls.present import decisions_after as present
from krzew.calls.present.formal import call_crumbs
from krzew.calls.present.selection import language
from krzew.calls.queries import decisions as queries
from krzew.calls.queries.formal import application as application_of
from krzew.calls.queries.selection import call_of_team
from krzew.calls.rules import answer_appeal, manage_appeal
from krzew.calls.states import AppealState, WrongState
from krzew.calls.views.base import actor_of, put_errors
from krzew.ui.components import Crumb


def _call(request: HttpRequest, slug: str) -> Call:
    call = call_of_team(actor_of(request), slug)
    if call is None:
        raise Http404
    return call


def after(request: HttpRequest, slug: str) -> HttpResponse:
    """Who has to answer by when, what came back, who is next, and what an appeal brought back."""
    call = _call(request, slug)
    context = {
        "call": call,
        "crumbs": call_crumbs(call, Crumb(_("After the decision"))),
        "offers": present.offers(call, queries.offers(call)),
        "late": [r for r in queries.offers(call) if r.complete_by and r.complete_by < timezone.now()],
        "back": present.resigned(call, queries.resigned(call)),
        "promotions": acts.promotions(call, language()),
        "again": queries.brought_back(call),
        "open_appeals": queries.appeals(call).filter(state=AppealState.FILED).count(),
    }
    return render(request, "calls/decisions_after.html", context)


@require_POST
def pass_on(request: HttpRequest, slug: str) -> HttpResponse:
    call = _call(request, slug)
    try:
        count = acts.pass_on(actor_of(request), call)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        text = ngettext("Offered to %(count)d applicant.", "Offered to %(count)d applicants.", count)
        messages.success(request, text % {"count": count})
    return redirect("calls:after", slug=slug)


@require_POST
def lapse(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    call = _call(request, slug)
    row = application_of(actor_of(request), call, number)
    if row is None:
        raise Http404
    try:
        acts.lapse(actor_of(request), row)
    except (ValidationError, WrongState) as error:
        messages.error(request, " ".join(getattr(error, "messages", [str(error)])))
    else:
        messages.success(request, _("The offer has lapsed; the money is free for the next one."))
    return redirect("calls:after", slug=slug)


def again(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The new decision after an upheld appeal."""
    call = _call(request, slug)
    row = application_of(actor_of(request), call, number)
    if row is None or not queries.brought_back(call).filter(pk=row.pk).exists():
        raise Http404
    form = AgainForm(request.POST or None, initial={"amount": row.amount})
    if request.method == "POST" and form.is_valid():
        try:
            appeal_acts.decide_again(actor_of(request), row, **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("Decided; the letter leaves at once."))
            return redirect("calls:after", slug=slug)
    here = Crumb(_("After the decision"), reverse("calls:after", args=[slug]))
    context = {"call": call, "row": row, "form": form, "crumbs": call_crumbs(call, here, Crumb(row.label))}
    return render(request, "calls/decision_again.html", context, status=422 if form.errors else 200)


def appeals(request: HttpRequest, slug: str) -> HttpResponse:
    """Appeals of the call; overdue ones first."""
    call = _call(request, slug)
    rows = sorted(queries.appeals(call), key=lambda a: (a.state != AppealState.FILED, a.filed_at))
    context = {
        "call": call,
        "crumbs": call_crumbs(call, Crumb(_("Appeals"))),
        "table": present.appeals(call, rows),
        "overdue": sum(present.is_overdue(a) for a in rows),
    }
    return render(request, "calls/decisions_appeals.html", context)


def _appeal(request: HttpRequest, pk: int) -> Appeal:
    rows = Appeal.objects.select_related(
        "application__call__programme__organisation", "decision", "assessor__user"
    )
    found = answer_appeal.filter(actor_of(request), rows).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def appeal(request: HttpRequest, pk: int) -> HttpResponse:
    """One appeal: for the team, and for the assessor who looks again."""
    row = _appeal(request, pk)
    open_ = row.state == AppealState.FILED
    form = AnswerForm(request.POST if "answer" in request.POST else None)
    if open_ and form.is_bound and form.is_valid():
        try:
            appeal_acts.answer(
                actor_of(request), row, form.cleaned_data["state"], form.cleaned_data["answer"]
            )
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("Answered; the letter leaves at once."))
            return redirect("calls:appeal", pk=pk)
    return _appeal_page(request, row, form)


def _appeal_page(
    request: HttpRequest, row: Appeal, form: AnswerForm, give: GiveForm | None = None
) -> HttpResponse:
    manages = manage_appeal.allows(actor_of(request), row)
    call = row.application.call
    context: dict[str, Any] = {
        "row": row,
        "call": call,
        "crumbs": _appeal_crumbs(call, row) if manages else [],
        "facts": present.appeal_facts(row, manages=manages),
        "open": row.state == AppealState.FILED,
        "form": form,
        "give": (give or GiveForm(_people(row))) if manages else None,
        "points": queries.points_row(call, row.application),
        "overdue": present.is_overdue(row),
    }
    failed = bool(form.errors) or bool(give and give.errors)
    return render(request, "calls/decisions_appeal.html", context, status=422 if failed else 200)


def _appeal_crumbs(call: Call, row: Appeal) -> list[Crumb]:
    here = Crumb(_("Appeals"), reverse("calls:appeals", args=[call.slug]))
    return call_crumbs(call, here, Crumb(row.application.label))


def _people(row: Appeal) -> Any:
    """Assessors of the pool who have not assessed this application."""
    home = row.application.call.programme.organisation_id
    pool = Assessor.objects.filter(organisation=home, active=True).select_related("user")
    return pool.exclude(user__in=row.application.readings.values("assessor__user"))


@require_POST
def give(request: HttpRequest, pk: int) -> HttpResponse:
    row = _appeal(request, pk)
    manage_appeal.require(actor_of(request), row)
    form = GiveForm(_people(row), request.POST)
    if form.is_valid():
        try:
            page = request.build_absolute_uri(reverse("calls:appeal", args=[pk]))
            appeal_acts.give(actor_of(request), row, form.cleaned_data["assessor"], page=page)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The appeal is given to this assessor."))
            return redirect("calls:appeal", pk=pk)
    return _appeal_page(request, row, AnswerForm(), form)
