"""The final report for its innovator, who comes by the link."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from krzew.accounts.access import public
from krzew.calls.definition.form import Section
from krzew.calls.definition.testing import EvaluationStage
from krzew.trials.acts import reports as acts
from krzew.trials.acts.steps import Conflict
from krzew.trials.acts.writing import NotReady
from krzew.trials.forms.evaluation import SignReportForm
from krzew.trials.models import Innovation
from krzew.trials.present import evaluation as present
from krzew.trials.present.specification import draft, lack_links
from krzew.trials.queries import evaluation as queries
from krzew.trials.views import writing
from krzew.trials.views.base import actor_of, by_link, is_htmx, put_errors
from krzew.trials.written.known import beside, known
from krzew.trials.written.questions import asked_fields, lacks
from krzew.ui.components import Crumb


def stage_or_404(innovation: Innovation) -> EvaluationStage:
    stage = queries.evaluation_stage(innovation)
    if stage is None:
        raise Http404
    return stage


def _frame(innovation: Innovation, token: str, title: str) -> dict[str, Any]:
    row = queries.report(innovation)
    home = reverse("trials:innovation", args=[token])
    return {
        "innovation": innovation,
        "token": token,
        "crumbs": [Crumb(innovation.title, home), Crumb(title)],
        "title": title,
        "row": row,
        "tags": [present.paper_tag(row.state)],
        "over": queries.trial_is_over(innovation),
        "presentation": getattr(innovation, "presentation", None),
    }


@public
@never_cache
def page(request: HttpRequest, token: str) -> HttpResponse:
    """While it may be written: the questions, with what the test knows beside them. Then what was signed."""
    innovation = by_link(request, token)
    stage = stage_or_404(innovation)
    row = queries.report(innovation)
    if queries.writable(innovation, row):
        return writing.answer(request, _writing(request, innovation, token, stage))
    if request.method == "POST":
        messages.error(request, _("The report is signed, so what you typed last was not saved."))
        return redirect("trials:final_report", token=token)
    criteria = queries.criteria(innovation)
    context = _frame(innovation, token, str(stage.label)) | {
        "facts": present.report_facts(row),
        "signed": present.signed(row),
        "said": present.said(innovation, queries.evaluation(innovation), criteria),
    }
    return render(request, "trials/final_report_read.html", context)


def _writing(
    request: HttpRequest, innovation: Innovation, token: str, stage: EvaluationStage
) -> writing.Writing:
    actor, fields = actor_of(request), asked_fields(stage)

    def read() -> tuple[Any, Any]:
        row = queries.report(innovation)
        return row, queries.document(innovation, stage, row)

    def save(answers: dict[str, Any], **how: Any) -> None:
        acts.save(actor, innovation, answers, **how)

    shown = not is_htmx(request)
    rows = known(innovation) if shown else []
    by_field = {field.code: beside(rows, field.code) for field in fields}
    context = _frame(innovation, token, str(stage.label)) if shown else {}
    beside_some = {row.text for found in by_field.values() for row in found}
    rest = [row for row in rows if row.text not in beside_some]
    context |= {"groups": present.groups(rest), "begins": bool(beside_some)}
    address = reverse("trials:final_report", args=[token])
    return writing.Writing(
        read=read,
        section=Section(code=stage.code, label=stage.label, fields=fields),
        save=save,
        action=address,
        onward=reverse("trials:final_report_check", args=[token]),
        back=reverse("trials:innovation", args=[token]),
        template="trials/final_report_write.html",
        context=context,
        known=by_field,
    )


@public
@require_POST
def begin(request: HttpRequest, token: str) -> HttpResponse:
    """Put what is known into the empty answers."""
    innovation = by_link(request, token)
    stage_or_404(innovation)
    try:
        taken = acts.begin_with_known(actor_of(request), innovation)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        said = _("Put in. Change it as you like.") if taken else _("Every answer has its beginning already.")
        messages.success(request, said)
    return redirect("trials:final_report", token=token)


@public
@never_cache
def check(request: HttpRequest, token: str) -> HttpResponse:
    """What is lacking, the whole report, and signing it."""
    innovation = by_link(request, token)
    stage = stage_or_404(innovation)
    if not queries.writable(innovation, queries.report(innovation)):
        return redirect("trials:final_report", token=token)
    if request.method == "POST":
        return _sign(request, innovation, token, stage)
    return _check_page(request, innovation, token, stage)


def _sign(request: HttpRequest, innovation: Innovation, token: str, stage: EvaluationStage) -> HttpResponse:
    form = SignReportForm(request.POST)
    form.is_valid()
    data = form.cleaned_data
    seen, name = data.get("revision", -1), data.get("name", "")
    try:
        acts.sign(actor_of(request), innovation, seen=seen, name=name, is_true=data.get("is_true", False))
    except Conflict:
        form.add_error(None, _("It was changed in another window meanwhile. Read it again, then sign it."))
        return _check_page(request, innovation, token, stage, form, status=409)
    except NotReady:
        return _check_page(request, innovation, token, stage, form, status=422)
    except ValidationError as error:
        put_errors(form, error)
        return _check_page(request, innovation, token, stage, form, status=422)
    messages.success(request, _("Signed. Thank you: what you learned helps others, whatever the result."))
    return redirect("trials:final_report", token=token)


def _check_page(
    request: HttpRequest,
    innovation: Innovation,
    token: str,
    stage: EvaluationStage,
    form: SignReportForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = _frame(innovation, token, _("Check and sign"))
    row, write = context["row"], reverse("trials:final_report", args=[token])
    whole = queries.document(innovation, stage, row)
    if form is not None:
        writing.as_of_now(form, row.revision)
    context |= {
        "stage": stage,
        "lacks": lack_links(lacks(whole, asked_fields(stage)), write),
        "facts": draft(whole, asked_fields(stage), write),
        "write_url": write,
        "form": form or SignReportForm(initial={"revision": row.revision, "name": innovation.innovator}),
    }
    return render(request, "trials/final_report_check.html", context, status=status)
