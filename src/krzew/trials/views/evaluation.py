"""What the test taught, for the team and the mentor: all papers on one page, and each to be written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from krzew.timeline.transitions import WrongState
from krzew.trials.acts import evaluation as acts
from krzew.trials.acts import reports
from krzew.trials.acts.steps import Conflict
from krzew.trials.forms.evaluation import EvaluationForm, OpinionForm, PresentationForm, ReopenForm
from krzew.trials.models import Innovation
from krzew.trials.present import evaluation as present
from krzew.trials.present.specification import draft
from krzew.trials.queries import evaluation as queries
from krzew.trials.rules import give_opinion, manage_innovation
from krzew.trials.states import InnovationState, PaperState
from krzew.trials.views.base import actor_of, is_htmx, of_team, put_errors
from krzew.trials.views.innovations import crumbs
from krzew.trials.views.reports import stage_or_404
from krzew.trials.views.writing import as_of_now
from krzew.trials.written.known import beside, known
from krzew.trials.written.questions import asked_fields
from krzew.ui.components import Crumb
from krzew.ui.formats import day


def _home(innovation: Innovation) -> str:
    return reverse("trials:team_evaluation", args=[innovation.pk])


def _frame(innovation: Innovation, title: str) -> dict[str, Any]:
    stage = stage_or_404(innovation)
    return {
        "innovation": innovation,
        "title": title,
        "crumbs": crumbs(innovation, Crumb(str(stage.label), _home(innovation)), Crumb(title)),
        "back": _home(innovation),
    }


@require_safe
@never_cache
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """The papers, what the test knows, the report, the evaluation, opinions, the presentation."""
    innovation, actor = of_team(request, pk), actor_of(request)
    stage = stage_or_404(innovation)
    runs = innovation.state == InnovationState.RUNNING
    manages = runs and bool(manage_innovation.allows(actor, innovation))
    mentors = runs and bool(give_opinion.allows(actor, innovation))
    report, evaluation = queries.report(innovation), queries.evaluation(innovation)
    opinions = list(innovation.opinions.select_related("by"))
    whole = queries.document(innovation, stage, report)
    context = {
        "innovation": innovation,
        "title": str(stage.label),
        "crumbs": crumbs(innovation, Crumb(str(stage.label))),
        "tasks": present.tasks(
            innovation, opinions, present.urls(innovation, manages=manages, mentors=mentors)
        ),
        "groups": present.groups(known(innovation)),
        "report": report,
        "report_tag": present.paper_tag(report.state),
        "facts": present.report_facts(report)
        if report.state == PaperState.DONE
        else draft(whole, asked_fields(stage)),
        "signed": present.signed(report) if report.state == PaperState.DONE else "",
        "said": present.said(innovation, evaluation, queries.criteria(innovation)),
        "opinions": [(row, present.opinion_label(row)) for row in opinions],
        "presentation": getattr(innovation, "presentation", None),
        "manages": manages,
    }
    return render(request, "trials/evaluation.html", context)


@never_cache
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """The evaluation: saved as typed, signed by a button."""
    innovation, actor = of_team(request, pk), actor_of(request)
    manage_innovation.require(actor, innovation)
    stage_or_404(innovation)
    row = queries.evaluation(innovation)
    if not queries.writable(innovation, row):
        if request.method == "POST":
            messages.error(request, _("The evaluation is signed, so what you typed last was not saved."))
        return redirect(_home(innovation))
    criteria = queries.criteria(innovation)
    form = EvaluationForm(criteria, row, request.POST or None)
    if request.method == "POST":
        return _save(request, innovation, form)
    return _write_page(request, innovation, form)


def _save(request: HttpRequest, innovation: Innovation, form: EvaluationForm) -> HttpResponse:
    readable = form.is_valid()
    seen = form.cleaned_data.get("revision")
    try:
        row = acts.save(actor_of(request), innovation, form.draft(), seen=-1 if seen is None else seen)
    except Conflict as conflict:
        return _conflict(request, innovation, form, conflict.now)
    except ValidationError as error:
        put_errors(form, error)
        return _write_page(request, innovation, form, status=422)
    if is_htmx(request):
        said = "" if readable else _("Saved, except what cannot be read.")
        return render(request, "trials/_writing_saved.html", {"row": row, "said": said})
    as_of_now(form, row.revision)
    if not readable:
        return _write_page(request, innovation, form, status=422)
    return _sign(request, innovation, form) if "sign" in request.POST else _later(request, innovation)


def _later(request: HttpRequest, innovation: Innovation) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect(_home(innovation))


def _sign(request: HttpRequest, innovation: Innovation, form: EvaluationForm) -> HttpResponse:
    try:
        acts.sign(actor_of(request), innovation)
    except ValidationError as error:
        put_errors(form, error)
        return _write_page(request, innovation, form, status=422)
    messages.success(request, _("Signed. The innovator sees it now."))
    return redirect(_home(innovation))


def _conflict(request: HttpRequest, innovation: Innovation, form: EvaluationForm, now: Any) -> HttpResponse:
    """Somebody else saved first: what is kept stands above, what was typed stays in the form."""
    said = _("Somebody else saved this meanwhile. What is saved stands above; what you typed is below.")
    if is_htmx(request):
        return render(request, "trials/_writing_saved.html", {"row": now, "said": said})
    as_of_now(form, now.revision)
    kept = EvaluationForm(queries.criteria(innovation), now)
    theirs = [
        (field.label, dict(getattr(field.field, "choices", [])).get(field.value(), field.value()))
        for field in kept
        if not field.is_hidden and field.value()
    ]
    return _write_page(request, innovation, form, status=409, said=said, theirs=theirs)


def _write_page(
    request: HttpRequest, innovation: Innovation, form: EvaluationForm, status: int = 200, **more: Any
) -> HttpResponse:
    rows = known(innovation)
    report = queries.report(innovation)
    stage = stage_or_404(innovation)
    whole = queries.document(innovation, stage, report)
    signed = report.state == PaperState.DONE
    context = _frame(innovation, _("Evaluation")) | {
        "form": form,
        "row": queries.evaluation(innovation),
        "pairs": [(one, text, beside(rows, code)) for code, one, text in form.pairs()],
        "groups": present.groups(rows),
        "facts": present.report_facts(report) if signed else draft(whole, asked_fields(stage)),
        "report_signed": signed,
        "over": queries.trial_is_over(innovation),
        "is_mentor": innovation.mentor_id is not None and innovation.mentor == actor_of(request).user,
    }
    return render(request, "trials/evaluation_write.html", context | more, status=status)


def _asked(
    request: HttpRequest,
    innovation: Innovation,
    form: forms.Form,
    does: Callable[..., Any],
    title: str,
    lead: str,
    button: str,
) -> HttpResponse:
    """One small form, one act, back to the papers."""
    told = False
    if request.method == "POST" and form.is_valid():
        try:
            does(actor_of(request), innovation, **form.cleaned_data)
        except Conflict as conflict:
            told = True
            _told(form, conflict.now)
        except ValidationError as error:
            put_errors(form, error)
        except WrongState:
            messages.info(request, _("This was done already."))
            return redirect(_home(innovation))
        else:
            messages.success(request, _("Saved."))
            return redirect(_home(innovation))
    status = 409 if told else 422 if form.errors else 200
    context = _frame(innovation, title) | {"form": form, "lead": lead, "submit": button}
    return render(request, "trials/evaluation_form.html", context, status=status)


def _told(form: Any, now: Any) -> None:
    """Somebody else saved first: say what is kept; saving again replaces it."""
    words = {"day": day(now.on), "note": now.note or "–"}
    said = _("Somebody else saved this meanwhile: %(day)s. %(note)s. Save again if yours should replace it.")
    form.data = form.data.copy()
    form.data["seen"] = acts.mark_of(now)
    form.add_error(None, said % words)


def opinion(request: HttpRequest, pk: int) -> HttpResponse:
    innovation = of_team(request, pk)
    give_opinion.require(actor_of(request), innovation)
    form = OpinionForm(request.POST or None)
    lead = _("It is read by those who choose what is disseminated. You may give a new one later; both stay.")
    return _asked(request, innovation, form, acts.give, _("Opinion of the mentor"), lead, _("Give it"))


def presentation(request: HttpRequest, pk: int) -> HttpResponse:
    innovation = of_team(request, pk)
    manage_innovation.require(actor_of(request), innovation)
    row = getattr(innovation, "presentation", None)
    names = ("on", "took_place", "note")
    first = {name: getattr(row, name) for name in names} if row else {}
    first["seen"] = acts.mark_of(row)
    form = PresentationForm(request.POST or None, initial=first)
    lead = _("A letter with the date is held for you to release. Afterwards note what was asked.")
    return _asked(request, innovation, form, acts.present, _("Presentation"), lead, _("Save"))


def reopen_report(request: HttpRequest, pk: int) -> HttpResponse:
    innovation = of_team(request, pk)
    manage_innovation.require(actor_of(request), innovation)
    form, title = ReopenForm(request.POST or None), _("Open the final report again")
    lead = _("The innovator can change it then, and signs it anew.")
    return _asked(request, innovation, form, reports.reopen, title, lead, _("Open it for changes"))


def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    innovation = of_team(request, pk)
    manage_innovation.require(actor_of(request), innovation)
    form, title = ReopenForm(request.POST or None), _("Open the evaluation again")
    lead = _("It has to be signed anew before the last gate.")
    return _asked(request, innovation, form, acts.reopen, title, lead, _("Open it for changes"))
