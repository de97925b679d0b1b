"""The pool of assessors for the team: invite, add, keep up to date, note and lift conflicts."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from krzew.calls.acts import assessors as acts
from krzew.calls.forms.assessors import AddForm, AskForm, AssessorForm, ReasonForm
from krzew.calls.models import Assessor, Conflict
from krzew.calls.present import assessors as present
from krzew.calls.queries import assessors as queries
from krzew.calls.rules import manage_assessor, new_assessor
from krzew.calls.views.base import actor_of, put_errors
from krzew.ui.components import Crumb

SHOWN = 50


def pool(request: HttpRequest, ask: AskForm | None = None, add: AddForm | None = None) -> HttpResponse:
    actor = actor_of(request)
    new_assessor.require(actor)
    assert actor.organisation is not None
    people = queries.candidates(actor)
    page = Paginator(queries.pool(actor), SHOWN).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "table": present.listing(page, queries.themes(actor.organisation.pk)),
        "people": people,
        "add": add or AddForm(people),
        "ask": ask or AskForm(),
        "invited": list(queries.invited(actor)[:SHOWN]),
    }
    return render(request, "calls/assessors.html", context, status=422 if ask or add else 200)


@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Invite by e-mail."""
    form = AskForm(request.POST)
    new_assessor.require(actor_of(request))
    if not form.is_valid():
        return pool(request, ask=form)

    def link(token: str) -> str:
        return request.build_absolute_uri(reverse("accounts:invitation", args=[token]))

    try:
        acts.ask(actor_of(request), form.cleaned_data["email"], link)
    except ValidationError as error:
        form.add_error("email", error.messages)
        return pool(request, ask=form)
    messages.success(request, _("The invitation is on its way."))
    return redirect("calls:assessors")


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    new_assessor.require(actor)
    form = AddForm(queries.candidates(actor), request.POST)
    if not form.is_valid():
        return pool(request, add=form)
    try:
        assessor = acts.add(actor, form.cleaned_data["user"])
    except ValidationError as error:
        put_errors(form, error)
        return pool(request, add=form)
    messages.success(request, _("Added. Say what she knows and how much she takes."))
    return redirect("calls:assessor", pk=assessor.pk)


def _found(request: HttpRequest, pk: int) -> Assessor:
    assessor = queries.assessor(actor_of(request), pk)
    if assessor is None:
        raise Http404
    return assessor


def _crumbs(*more: Crumb) -> list[Crumb]:
    return [Crumb(_("Assessors"), reverse("calls:assessors")), *more]


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    assessor = _found(request, pk)
    form = AssessorForm(assessor, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        acts.change(actor_of(request), assessor, **form.cleaned_data)
        messages.success(request, _("Kept."))
        return redirect("calls:assessors")
    page = Paginator(queries.conflicts_of(assessor), SHOWN).get_page(request.GET.get("page"))
    context = {
        "assessor": assessor,
        "crumbs": _crumbs(Crumb(str(assessor))),
        "form": form,
        "links": present.links(assessor),
        "table": present.conflicts(page),
        "page": page,
        "applies": queries.applies_in(assessor),
    }
    return render(request, "calls/assessors_detail.html", context, status=422 if form.errors else 200)


def lift(request: HttpRequest, pk: int) -> HttpResponse:
    """A conflict was a mistake: asks for the reason first."""
    rows = Conflict.objects.select_related("assessor__user", "application__call")
    row = rows.filter(
        pk=pk, assessor__in=manage_assessor.filter(actor_of(request), Assessor.objects.all())
    ).first()
    if row is None:
        raise Http404
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            acts.lift_conflict(actor_of(request), row, form.cleaned_data["reason"])
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(
                request, _("Taken off. If the link still holds, the next proposal finds it again.")
            )
            return redirect("calls:assessor", pk=row.assessor_id)
    context = {
        "form": form,
        "title": _("A conflict that was a mistake"),
        "kicker": f"{row.assessor} · {row.application.label} {row.application}",
        "lead": _("She will be able to get this application. The reason is kept."),
        "submit": _("Take it off"),
        "back": reverse("calls:assessor", args=[row.assessor_id]),
        "crumbs": _crumbs(Crumb(str(row.assessor), reverse("calls:assessor", args=[row.assessor_id]))),
    }
    return render(request, "calls/assessment_reason.html", context, status=422 if form.errors else 200)
