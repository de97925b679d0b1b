"""The ranking of a call: made, shown with its line, tried under other rules, taken as the basis of the decision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from krzew.calls import jobs
from krzew.calls.acts import selection as acts
from krzew.calls.definition.selection import RankingStage
from krzew.calls.forms.selection import OrderForm, WhatIfForm
from krzew.calls.models import Call, Ranking
from krzew.calls.present import selection as present
from krzew.calls.present.formal import call_crumbs
from krzew.calls.present.jobs import progress
from krzew.calls.queries import selection as queries
from krzew.calls.queries.selection import KeptList
from krzew.calls.selection_lists import ranking_stage, still_before
from krzew.calls.views.base import actor_of, put_errors
from krzew.calls.views.jobs import label
from krzew.methods.portfolio import compare
from krzew.methods.record import MethodError
from krzew.timeline.jobs import begin
from krzew.ui.components import Crumb

SHOWN = 100


def _call(request: HttpRequest, slug: str) -> tuple[Call, RankingStage]:
    call = queries.call_of_team(actor_of(request), slug)
    stage = ranking_stage(call) if call else None
    if call is None or stage is None:
        raise Http404
    return call, stage


def ranking(request: HttpRequest, slug: str, order: OrderForm | None = None) -> HttpResponse:
    """The newest ranking, or an earlier one; before there is one, what it waits for."""
    call, stage = _call(request, slug)
    made = queries.ranking(call, _key(request, "id"))
    kind = jobs.kind_of(jobs.RANK, stage.code)
    context: dict[str, Any] = {
        "call": call,
        "stage": stage,
        "crumbs": call_crumbs(call, Crumb(str(stage.label))),
        "made": made,
        "waiting": queries.waiting_at(call, stage.code),
        "not_yet": still_before(call, stage.code),
        "promised": acts.promised(call, stage.code),
        "order": order,
        "progress": progress(call, kind, label(kind)),
        "over": call.results_released_at is not None,
    }
    if made is not None:
        context |= _shown(request, call, stage, made)
    return render(request, "calls/selection.html", context, status=422 if order else 200)


def _key(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text[:18]) if text.isdecimal() else None


def _shown(request: HttpRequest, call: Call, stage: RankingStage, made: Ranking) -> dict[str, Any]:
    kept = queries.lists(made)
    part = next((p for p in kept if p.key == request.GET.get("list", "")), kept[0])
    page = Paginator(part.decision.entries, SHOWN).get_page(request.GET.get("page"))
    rows = queries.by_label(made, [entry.code for entry in page])
    quotas = {quota.code: str(quota.label) for quota in stage.quotas}
    return {
        "tabs": present.tabs(call, made, kept, part),
        "part": part,
        "page": page,
        "groups": present.groups(made, part, page, rows),
        "said": part.decision.explain(present.language()),
        "calibration": present.calibration_words(part),
        "quota_words": present.quota_words(part, quotas) if quotas else [],
        "earlier": present.earlier(call, queries.rankings(call)[:20], made),
        **_tried(request, made, part, quotas),
        **_compared(request, call, made, part),
    }


def _tried(request: HttpRequest, made: Ranking, part: KeptList, quotas: dict[str, str]) -> dict[str, Any]:
    """What another cap, or other quotas, would do."""
    form = WhatIfForm(quotas, part.decision.rules.quotas, request.GET if "try" in request.GET else None)
    if not form.is_bound or not form.is_valid():
        return {"what_if": form}
    cap, without = form.cleaned_data["cap"], form.cleaned_data.get("without", [])
    words: list[str] = []
    try:
        other = {"cap": cap, "quotas": form.changed_quotas()}
        changes = {name: value for name, value in other.items() if value is not None}
        if changes or without:
            words = present.change_words(made, part.decision.what_if(without=without, **changes))
        if form.cleaned_data["knapsack"]:
            words += present.knapsack_words(part)
    except MethodError as error:
        form.add_error(None, str(error))
    return {"what_if": form, "tried": words}


def _compared(request: HttpRequest, call: Call, made: Ranking, part: KeptList) -> dict[str, Any]:
    other = queries.ranking(call, key) if (key := _key(request, "with")) else None
    if other is None:
        return {}
    theirs = next((p for p in queries.lists(other) if p.key == part.key), None)
    if theirs is None:
        return {}
    change = compare(theirs.decision, part.decision)
    return {"other": other, "compared": present.change_words(made, change)}


@require_POST
def make(request: HttpRequest, slug: str) -> HttpResponse:
    """Compute the list from the cards as they are now."""
    call, stage = _call(request, slug)
    form = OrderForm(request.POST) if "order" in request.POST else None
    given: dict[str, Any] = {}
    if form is not None:
        if not form.is_valid():
            return ranking(request, slug, form)
        given = {"order": form.labels(), "why": form.cleaned_data["why"]}
    try:
        at_work = _ranked(request, call, stage, **given)
    except acts.Tied as error:
        return _tied(request, slug, stage, error)
    except ValidationError as error:
        if form is not None:
            put_errors(form, error)
            return ranking(request, slug, form)
        messages.error(request, " ".join(error.messages))
    else:
        if not at_work:
            messages.success(request, jobs.ranked())
    return redirect("calls:ranking", slug=slug)


def _ranked(
    request: HttpRequest, call: Call, stage: RankingStage, order: Sequence[str] = (), why: str = ""
) -> bool:
    """Make the list at once; of many applications by a task, after what stands in the way was said: then True."""
    actor = actor_of(request)
    _rules, rows = acts.must_be_ready(actor, call, stage.code, order, why)
    if len(rows) < jobs.SMALL:
        acts.rank(actor, call, stage.code, order=order, why=why)
        return False
    acts.must_be_in_order(actor, call, stage.code, order, why)
    begin(actor, jobs.kind_of(jobs.RANK, stage.code), call, code=stage.code, order=list(order), why=why)
    return True


def _tied(request: HttpRequest, slug: str, stage: RankingStage, error: acts.Tied) -> HttpResponse:
    """Equals: a draw where the rules know one, otherwise the deciding body puts them in order."""
    if stage.then_lottery:
        messages.error(request, " ".join(error.messages))
        return redirect("calls:ranking", slug=slug)
    typed = {"order": request.POST.get("order", ", ".join(error.labels)), "why": request.POST.get("why", "")}
    form = OrderForm(typed)
    form.is_valid()
    form.add_error(None, error.messages)
    return ranking(request, slug, form)


@require_POST
def promise(request: HttpRequest, slug: str) -> HttpResponse:
    call, stage = _call(request, slug)
    try:
        acts.promise(actor_of(request), call, stage.code)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The fingerprint of the seed is kept and can be published."))
    return redirect("calls:ranking", slug=slug)


@require_POST
def adopt(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    call, _stage = _call(request, slug)
    made = queries.ranking(call, pk)
    if made is None:
        raise Http404
    try:
        count = acts.adopt(actor_of(request), made)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("calls:ranking", slug=slug)
    text = ngettext(
        "%(count)d application waits for the decision.",
        "%(count)d applications wait for the decision.",
        count,
    )
    messages.success(request, text % {"count": count})
    return redirect("calls:decisions", slug=slug)
