"""The council: the list in the order of the ranking, and one application with the recommendation."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from krzew.calls.acts import council as acts
from krzew.calls.acts.steps import Conflict
from krzew.calls.definition.assessment import StrategicStage
from krzew.calls.forms.council import AdviceForm
from krzew.calls.models import Advice, Application, Call
from krzew.calls.present import council as present
from krzew.calls.present import decisions as decided
from krzew.calls.present.formal import call_crumbs
from krzew.calls.present.vote import fact as vote_fact
from krzew.calls.queries import council as queries
from krzew.calls.queries.decisions import basis
from krzew.calls.queries.formal import application as application_of
from krzew.calls.queries.selection import call_of_team
from krzew.calls.rules import judge
from krzew.calls.views.base import actor_of, again, put_errors
from krzew.ui.components import Crumb

SHOWN = 50


def _call(request: HttpRequest, slug: str) -> tuple[Call, StrategicStage]:
    call = call_of_team(actor_of(request), slug)
    stage = queries.council_stage(call) if call else None
    if call is None or stage is None:
        raise Http404
    return call, stage


def listing(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything that stands before the council, what the ranking says, and what the council recommends."""
    call, stage = _call(request, slug)
    ground = basis(call)
    rows = queries.before_council(call, stage.code, ground.places)
    done = queries.last_advice(rows)
    here = sum(row.stage == stage.code for row in rows)
    page = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
    context = {
        "call": call,
        "stage": stage,
        "crumbs": call_crumbs(call, Crumb(str(stage.label))),
        "table": present.listing(call, page, ground, done),
        "page": page,
        "here": here,
        "missing": sum(row.pk not in done for row in rows),
        "over": call.results_released_at is not None,
    }
    return render(request, "calls/council.html", context)


def one(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One application: what the ranking says, who is linked with it, and the recommendation."""
    call, stage = _call(request, slug)
    row = application_of(actor_of(request), call, number)
    if row is None:
        raise Http404
    row.call = call
    last = queries.last_advice([row]).get(row.pk)
    form = AdviceForm(request.POST or None, initial=_first(last))
    theirs: Advice | None = None
    if request.method == "POST" and form.is_valid():
        try:
            acts.advise(
                actor_of(request), row, **{**form.cleaned_data, "seen": form.cleaned_data["seen"] or 0}
            )
        except Conflict as conflict:
            theirs = conflict.now  # type: ignore[assignment]
            again(form, seen=conflict.now.pk)
            form.add_error(
                None, _("Somebody else has written a recommendation in the meantime. Compare and save again.")
            )
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The recommendation is kept."))
            return redirect("calls:council", slug=slug)
    return _page(request, call, stage, row, form, theirs)


def _first(last: Advice | None) -> dict[str, Any]:
    if last is None:
        return {"seen": 0}
    names = ("outcome", "reason", "stepped_out")
    return {name: getattr(last, name) for name in names} | {"seen": last.pk}


def _page(
    request: HttpRequest,
    call: Call,
    stage: StrategicStage,
    row: Application,
    form: AdviceForm,
    theirs: Advice | None,
) -> HttpResponse:
    verdict = judge.check(actor_of(request), row)
    context = {
        "call": call,
        "stage": stage,
        "row": row,
        "form": form,
        "crumbs": call_crumbs(
            call, Crumb(str(stage.label), reverse("calls:council", args=[call.slug])), Crumb(row.label)
        ),
        "facts": [*decided.facts(call, row, basis(call)), *vote_fact(call, row)],
        "links": present.links(queries.links(row)),
        "theirs": theirs,
        "closed": "" if verdict else verdict.reason,
        "open": row.stage == stage.code and row.state == "submitted" and not call.results_released_at,
        "earlier": row.advice.select_related("by")[:10],
    }
    status = 409 if theirs else 422 if form.errors else 200
    return render(request, "calls/council_one.html", context, status=status)


@require_POST
def close(request: HttpRequest, slug: str) -> HttpResponse:
    """The council has said everything."""
    call, stage = _call(request, slug)
    try:
        count = acts.close_council(actor_of(request), call, stage.code)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        text = ngettext("%(count)d application goes on.", "%(count)d applications go on.", count)
        messages.success(request, text % {"count": count})
    return redirect("calls:council", slug=slug)
