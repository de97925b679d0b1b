"""The specification for its innovator, who comes by the link."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from krzew.accounts.access import public
from krzew.calls.definition.form import Section
from krzew.calls.definition.testing import SpecificationStage
from krzew.trials.acts import specification as acts
from krzew.trials.acts.steps import Conflict
from krzew.trials.acts.writing import NotReady
from krzew.trials.journey import missing_before
from krzew.trials.models import Innovation
from krzew.trials.present import specification as present
from krzew.trials.queries import specification as queries
from krzew.trials.views import writing
from krzew.trials.views.base import actor_of, by_link, is_htmx
from krzew.trials.views.specification_read import Side, changes_page, copy_file, version_page
from krzew.trials.written.beginnings import beginnings
from krzew.trials.written.questions import asked_fields, lacks


def stage_or_404(innovation: Innovation, code: str) -> SpecificationStage:
    try:
        return acts.gate_of(innovation, code)
    except ValidationError as error:
        raise Http404 from error


def _frame(side: Side, stage: SpecificationStage) -> dict[str, Any]:
    """What every page of this gate shows beside its main thing."""
    innovation = side.innovation
    standing = queries.standing(innovation, stage)
    last, labels = standing.last, side.labels
    first = [str(one.label) for one in missing_before(innovation, stage)] if standing.runs else []
    return {
        **side.context(str(stage.label)),
        "stage": stage,
        "standing": standing,
        "title": str(stage.label),
        "lead": present.lead(standing),
        "tags": [present.tag(standing.state)],
        "verdict": present.verdict(innovation, getattr(last, "gate", None), stage.criteria),
        "last": last,
        "first": ", ".join(first),
        "versions": present.versions(innovation.specifications.all(), labels, side.address),
        "changes_url": side.address("changes") if innovation.specifications.all() else "",
    }


@public
@never_cache
def page(request: HttpRequest, token: str, code: str) -> HttpResponse:
    """While it may be written: the questions, saved as typed. Else what stands before the gate."""
    side = Side(by_link(request, token), token)
    stage = stage_or_404(side.innovation, code)
    if queries.standing(side.innovation, stage).writable:
        return writing.answer(request, _writing(request, side, stage))
    if request.method == "POST":
        messages.error(request, _("It is before its gate or decided, so what you typed last was not saved."))
        return redirect("trials:specification", token=token, code=code)
    context = _frame(side, stage)
    last = context["last"]
    context["facts"] = present.answers(last) if last else []
    return render(request, "trials/specification_read.html", context)


def _writing(request: HttpRequest, side: Side, stage: SpecificationStage) -> writing.Writing:
    innovation, actor = side.innovation, actor_of(request)
    fields = asked_fields(stage)

    def read() -> tuple[Any, Any]:
        row = queries.specification(innovation)
        return row, queries.document(innovation, stage, row)

    def save(answers: dict[str, Any], **how: Any) -> None:
        acts.save(actor, innovation, stage, answers, **how)

    notes = queries.remarks(innovation)
    context = {} if is_htmx(request) else _frame(side, stage) | {"offers": _offers(innovation, stage)}
    context["open_remarks"] = [
        (str(field.label), remark) for field in fields for remark in notes.get(field.code, [])
    ]
    return writing.Writing(
        read=read,
        section=Section(code=stage.code, label=stage.label, fields=fields),
        save=save,
        action=side.address("", stage.code),
        onward=side.address("check", stage.code),
        back=side.home,
        template="trials/specification_write.html",
        context=context,
        notes=notes,
    )


def _offers(innovation: Innovation, stage: SpecificationStage) -> list[str]:
    """Empty questions to which the application or the idea has an answer."""
    answers = queries.specification(innovation).answers
    known = beginnings(innovation, asked_fields(stage))
    return [
        str(field.label)
        for field in asked_fields(stage)
        if field.code in known and not answers.get(field.code)
    ]


@public
@require_POST
def begin(request: HttpRequest, token: str, code: str) -> HttpResponse:
    """Take over what the application says."""
    innovation = by_link(request, token)
    stage = stage_or_404(innovation, code)
    try:
        acts.begin_with_known(actor_of(request), innovation, stage)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Taken over. Change it as you like; the application stays as it is."))
    return redirect("trials:specification", token=token, code=code)


@public
@never_cache
def check(request: HttpRequest, token: str, code: str) -> HttpResponse:
    """What is lacking, the whole text, and the button that sends it."""
    side = Side(by_link(request, token), token)
    stage = stage_or_404(side.innovation, code)
    if request.method == "POST":
        return _send(request, side, stage)
    return _check_page(request, side, stage)


def _check_page(
    request: HttpRequest, side: Side, stage: SpecificationStage, said: str = "", status: int = 200
) -> HttpResponse:
    context = _frame(side, stage)
    if not context["standing"].writable:
        return redirect(side.address("", stage.code))
    row = queries.specification(side.innovation)
    whole = queries.document(side.innovation, stage, row)
    write = side.address("", stage.code)
    own = {field.code for field in asked_fields(stage)}
    context |= {
        "row": row,
        "lacks": present.lack_links(lacks(whole, asked_fields(stage)), write),
        "facts": present.draft(whole, asked_fields(stage), write),
        "earlier": present.draft(whole, [f for f in whole.stage.fields if f.code not in own]),
        "write_url": write,
        "remarks": sum(len(rows) for rows in queries.remarks(side.innovation).values()),
        "said": said,
    }
    return render(request, "trials/specification_check.html", context, status=status)


def _send(request: HttpRequest, side: Side, stage: SpecificationStage) -> HttpResponse:
    given = request.POST.get("revision", "")
    seen = int(given) if given.isdecimal() and len(given) < 10 else -1
    try:
        version = acts.send(actor_of(request), side.innovation, stage, seen=seen)
    except Conflict:
        said = _("It was changed in another window meanwhile. Read it again, then send it.")
        return _check_page(request, side, stage, said, status=409)
    except NotReady:
        return _check_page(request, side, stage, status=422)
    except ValidationError as error:
        return _check_page(request, side, stage, " ".join(error.messages), status=422)
    words = {"number": version.number, "body": stage.decided_by}
    messages.success(request, _("Sent as version %(number)s. Now it waits for: %(body)s.") % words)
    return redirect("trials:specification", token=side.token, code=stage.code)


@public
@require_POST
def remark_done(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """The innovator notes that a remark is dealt with."""
    innovation = by_link(request, token)
    acts.settle_remark(actor_of(request), get_object_or_404(innovation.remarks, pk=pk))
    code = request.POST.get("stage", "")
    return redirect("trials:specification", token=token, code=stage_or_404(innovation, code).code)


@public
@require_safe
@never_cache
def version(request: HttpRequest, token: str, number: int) -> HttpResponse:
    return version_page(request, Side(by_link(request, token), token), number)


@public
@require_safe
@never_cache
def changes(request: HttpRequest, token: str) -> HttpResponse:
    return changes_page(request, Side(by_link(request, token), token))


@public
@require_safe
@never_cache
def copy(request: HttpRequest, token: str, number: int) -> HttpResponse:
    return copy_file(Side(by_link(request, token), token), number)
