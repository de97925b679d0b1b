"""What an adviser does to a diagnosis: each view checks a form, calls one act and says what happened."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from krzew.diagnosis import forms, present
from krzew.diagnosis.acts import diagnoses as acts
from krzew.diagnosis.acts import reports
from krzew.diagnosis.acts.lock import Conflict
from krzew.diagnosis.models import Diagnosis, Report
from krzew.diagnosis.queries import result_of
from krzew.diagnosis.rules import edit_diagnosis, see_report
from krzew.diagnosis.views import read
from krzew.diagnosis.views.base import actor_of, found, page, result_or_problem, save
from krzew.library import catalogue
from krzew.places.models import Unit
from krzew.places.queries import get_unit


def _editable(request: HttpRequest, pk: int) -> Diagnosis:
    diagnosis = found(request, pk)
    edit_diagnosis.require(actor_of(request), diagnosis)
    return diagnosis


@require_POST
def start(request: HttpRequest, code: str) -> HttpResponse:
    unit = get_unit(code)
    if unit is None:
        raise Http404
    try:
        diagnosis = acts.start(actor_of(request), unit)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("diagnosis:list")
    messages.success(
        request, _("The diagnosis is open. Statistics are already there; now add what people say.")
    )
    return redirect("diagnosis:detail", pk=diagnosis.pk)


@require_POST
def repeat(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        diagnosis = acts.repeat(actor_of(request), found(request, pk))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("diagnosis:detail", pk=pk)
    messages.success(request, _("The next diagnosis is open, with the earlier one attached."))
    return redirect("diagnosis:detail", pk=diagnosis.pk)


@require_POST
def weights(request: HttpRequest, pk: int) -> HttpResponse:
    diagnosis = _editable(request, pk)
    form = forms.WeightsForm(request.POST, diagnosis=diagnosis)

    def act(data: dict[str, Any]) -> None:
        chosen = {"voices_weight": data["voices_weight"], "weights": form.weights()}
        acts.set_weights(actor_of(request), diagnosis, form.seen, **chosen)

    def again(bound: Any) -> HttpResponse:
        return read.solutions_page(request, diagnosis, weights=bound)

    to = present.url("solutions", diagnosis)
    return save(request, diagnosis, form, act, again, to, _("The weights are saved; the ranking is new."))


@require_POST
def meetings(request: HttpRequest, pk: int) -> HttpResponse:
    diagnosis = _editable(request, pk)
    form = forms.MeetingsForm(request.POST, diagnosis=diagnosis)

    def act(data: dict[str, Any]) -> None:
        dates = {"since": data["since"], "until": data["until"]}
        acts.choose_meetings(actor_of(request), diagnosis, form.seen, **dates)

    def again(bound: Any) -> HttpResponse:
        return read.voices_page(request, diagnosis, bound)

    return save(
        request, diagnosis, form, act, again, present.url("voices", diagnosis), _("The dates are saved.")
    )


@require_POST
def neighbour(request: HttpRequest, pk: int) -> HttpResponse:
    diagnosis = _editable(request, pk)
    form = forms.NeighbourForm(request.POST, diagnosis=diagnosis)

    def act(data: dict[str, Any]) -> None:
        chosen = {name: data[name] for name in ("unit", "kind", "reason")}
        acts.choose_neighbour(actor_of(request), diagnosis, form.seen, **chosen)

    def again(bound: Any) -> HttpResponse:
        return read.needs_page(request, diagnosis, bound)

    to = present.url("needs", diagnosis) + "#group"
    return save(request, diagnosis, form, act, again, to, _("The comparison group is changed."))


@require_POST
def undo_neighbour(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    diagnosis = _editable(request, pk)
    unit = get_object_or_404(Unit, code=code)
    try:
        acts.undo_neighbour(actor_of(request), diagnosis, diagnosis.revision, unit=unit)
    except Conflict:
        messages.error(request, _("Somebody has changed this choice meanwhile. Look at it again."))
    return redirect(present.url("needs", diagnosis) + "#group")


@require_POST
def figure(request: HttpRequest, pk: int) -> HttpResponse:
    diagnosis = _editable(request, pk)
    form = forms.FigureForm(request.POST, diagnosis=diagnosis)

    def act(data: dict[str, Any]) -> None:
        given = {
            "indicator": data["indicator"],
            "value": data["value"],
            "day": data["date"],
            "source": data["source"],
        }
        acts.enter_figure(actor_of(request), diagnosis, form.seen, **given)

    def again(bound: Any) -> HttpResponse:
        return read.figures_page(request, diagnosis, bound)

    return save(
        request, diagnosis, form, act, again, present.url("figures", diagnosis), _("The figure is saved.")
    )


@require_POST
def remove_figure(request: HttpRequest, pk: int, indicator: str) -> HttpResponse:
    diagnosis = _editable(request, pk)
    try:
        acts.remove_figure(actor_of(request), diagnosis, diagnosis.revision, indicator=indicator)
    except Conflict:
        messages.error(request, _("Somebody has changed this figure meanwhile. Look at it again."))
    return redirect(present.url("figures", diagnosis))


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    diagnosis = _editable(request, pk)
    form = forms.AnswerForm(request.POST, diagnosis=diagnosis, facts=catalogue.facts())

    def act(data: dict[str, Any]) -> None:
        given = {"fact": data["fact"], "value": data["answer"], "number": data["number"], "day": data["date"]}
        acts.answer(actor_of(request), diagnosis, form.seen, **given, who=data["who"], source=data["source"])

    def again(bound: Any) -> HttpResponse:
        return read.solutions_page(request, diagnosis, answer=bound)

    to = present.url("solutions", diagnosis) + "#questions"
    return save(request, diagnosis, form, act, again, to, _("The answer is saved; the ranking takes it in."))


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    diagnosis = _editable(request, pk)
    result, _problem = result_or_problem(diagnosis)
    allowed = [s.version_id for s in result.ranked] if result else []
    form = forms.DecisionForm(request.POST, diagnosis=diagnosis, allowed=allowed)

    def act(data: dict[str, Any]) -> None:
        chosen = {"versions": list(data["versions"]), "reason": data["reason"]}
        acts.decide(actor_of(request), diagnosis, form.seen, **chosen)

    def again(bound: Any) -> HttpResponse:
        return read.decision_page(request, diagnosis, bound)

    to = present.url("decision", diagnosis)
    return save(
        request, diagnosis, form, act, again, to, _("The decision is saved. The next step is the signature.")
    )


def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """A summary of what will be frozen, and the signature."""
    diagnosis = _editable(request, pk)
    if getattr(diagnosis, "decision", None) is None:
        messages.error(
            request, _("Choose a solution first. A diagnosis is signed together with the decision.")
        )
        return redirect("diagnosis:decision", pk=pk)
    form = forms.SignForm(request.POST or None, diagnosis=diagnosis)
    if request.method != "POST":
        return _summary(request, diagnosis, form)

    def act(data: dict[str, Any]) -> None:
        acts.sign(actor_of(request), diagnosis, form.seen)

    def again(bound: Any) -> HttpResponse:
        fresh = forms.SignForm(diagnosis=found(request, pk))
        return _summary(request, diagnosis, fresh, bound.non_field_errors() or bound.errors.get("reason", []))

    said = _("The diagnosis is signed. Data, method and result stay as they are.")
    return save(request, diagnosis, form, act, again, present.url("detail", diagnosis), said)


def _summary(request: HttpRequest, diagnosis: Diagnosis, form: Any, problems: Any = ()) -> HttpResponse:
    result = result_of(diagnosis)
    slugs = [v.solution.slug for v in diagnosis.decision.versions.select_related("solution")]
    context = {
        "result": result,
        "form": form,
        "problems": list(problems),
        "chosen": present.names_of(result, slugs),
        "facts": present.frozen_facts(diagnosis, result),
    }
    return page(request, "diagnosis/sign.html", diagnosis, "decision", context, 422 if problems else 200)


def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    diagnosis = _editable(request, pk)
    form = forms.ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        acts.cancel(actor_of(request), diagnosis, reason=form.cleaned_data["reason"])
        messages.success(request, _("The diagnosis is cancelled. It stays readable for your organisation."))
        return redirect("diagnosis:list")
    return page(request, "diagnosis/cancel.html", diagnosis, "", {"form": form}, 422 if form.errors else 200)


@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    diagnosis = found(request, pk)
    acts.publish(actor_of(request), diagnosis, public=request.POST.get("public") == "1")
    return redirect("diagnosis:detail", pk=pk)


@require_POST
def ask_report(request: HttpRequest, pk: int) -> HttpResponse:
    diagnosis = found(request, pk)
    form = forms.ReportForm(request.POST)
    if not form.is_valid():
        return read.report_page(request, diagnosis, form)
    reports.ask_for_report(actor_of(request), diagnosis, **form.cleaned_data)
    messages.success(request, _("The report is being made. This page shows how far it is."))
    return redirect("diagnosis:report", pk=pk)


@require_POST
def retry_report(request: HttpRequest, pk: int, report_pk: int) -> HttpResponse:
    rows = see_report.filter(actor_of(request), Report.objects.filter(diagnosis=pk))
    reports.retry_report(actor_of(request), get_object_or_404(rows, pk=report_pk))
    return redirect("diagnosis:report", pk=pk)
