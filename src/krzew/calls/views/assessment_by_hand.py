"""Who assesses what, said by a person: a list from a spreadsheet, or one application to one assessor."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from krzew.calls import assessment_matching as matching
from krzew.calls.acts import assignment_by_hand as acts
from krzew.calls.assessment_matching import Assessed
from krzew.calls.forms.assessment import ListForm
from krzew.calls.models import Application, Call
from krzew.calls.present import assessment as present
from krzew.calls.queries import assessment as queries
from krzew.calls.views.assessment import application, desk_address, found, frame, give_form
from krzew.calls.views.base import actor_of, put_errors
from krzew.ui.components import Crumb
from krzew.ui.sheets import csv_answer, harmless


def listing(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Take a list in: every line is checked, and what is right waits as a proposal to be adopted."""
    call, stage = found(request, slug, code)
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            acts.take_list(actor_of(request), call, code, form.lines())
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The list is a proposal now. Look at it, then give it out."))
            return redirect("calls:assessment_plan", slug=slug, code=code)
    return _page(request, call, stage, form)


def _page(request: HttpRequest, call: Call, stage: Assessed, form: ListForm) -> HttpResponse:
    context = frame(call, stage, "assessment_plan", Crumb(_("From a list"))) | {
        "form": form,
        "back": present.address("assessment_plan", call, stage.code),
    }
    return render(request, "calls/assessment_list.html", context, status=422 if form.errors else 200)


@require_safe
def table(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Applications of the stage with their assessors, as a file to be filled in and put back."""
    call, _stage = found(request, slug, code)
    rows = _rows(matching.table(call, code))
    return csv_answer(f"{call.slug}-{code}.csv", [_("Application"), _("Assessor"), _("Title")], rows)


def _rows(whole: matching.Table) -> list[list[str]]:
    """A line for each assessment; an application without anybody has one too, to be filled in."""
    emails = {a.pk: a.user.email for a in whole.assessors}
    rows = []
    for row in whole.applications:
        mine = [emails.get(assessor, "") for assessor, pk in whole.held if pk == row.pk]
        rows += [[row.label, harmless(email), harmless(str(row))] for email in sorted(mine) or [""]]
    return rows


def _standing(call: Call, code: str, pk: int) -> Application:
    row = queries.in_stage(call, code).filter(pk=pk).first()
    if row is None:
        raise Http404
    row.call = call
    return row


@require_POST
def give(request: HttpRequest, slug: str, code: str, pk: int) -> HttpResponse:
    """Give one application to one more person."""
    call, stage = found(request, slug, code)
    row = _standing(call, code, pk)
    form: Any = give_form(call, stage, row, request.POST)
    if form is None:
        messages.info(request, _("This application has as many assessors as the rules ask for."))
    elif not form.is_valid() or not _given(request, row, code, form):
        return application(request, slug, code, pk, give=form)
    else:
        messages.success(request, _("Given. The letter is prepared and held until somebody releases it."))
    return redirect("calls:assessment_application", slug=slug, code=code, pk=pk)


def _given(request: HttpRequest, row: Application, code: str, form: Any) -> bool:
    try:
        acts.give_one(actor_of(request), row, code, desk=desk_address(request), **form.cleaned_data)
    except ValidationError as error:
        put_errors(form, error)
        return False
    return True
