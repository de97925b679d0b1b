"""Who assesses what: the proposal, a change by hand, the adoption."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from krzew.accounts.actors import Actor
from krzew.calls import assessment_matching as matching
from krzew.calls import jobs
from krzew.calls.acts import assignment as acts
from krzew.calls.forms.assessment import ChangeForm, DueForm, WishesForm
from krzew.calls.models import AssignmentPlan, Call, Conflict
from krzew.calls.present import assessment as present
from krzew.calls.present import assessment_plan as shown
from krzew.calls.present.jobs import progress
from krzew.calls.queries import assessment as queries
from krzew.calls.views.assessment import desk_address, found, frame
from krzew.calls.views.base import actor_of, put_errors
from krzew.calls.views.jobs import label
from krzew.timeline.jobs import begin, quiet
from krzew.ui.components import Crumb

SHOWN = 50


def page(
    request: HttpRequest,
    slug: str,
    code: str,
    wishes: WishesForm | None = None,
    due: DueForm | None = None,
    error: str = "",
) -> HttpResponse:
    """The proposal that waits, or what is needed to make one."""
    call, stage = found(request, slug, code)
    whole = matching.table(call, code)
    plan = queries.last_plan(call, code)
    open_ = plan is not None and plan.adopted_at is None
    kind = jobs.kind_of(jobs.PROPOSE, code)
    context = frame(call, stage, "assessment_plan") | {
        "plan": plan if open_ else None,
        "adopted": plan if plan and plan.adopted_at else None,
        "wishes": wishes or WishesForm(stage, bool(call.rules.themes)),
        "due": due or DueForm(),
        "error": error,
        "progress": progress(call, kind, label(kind)),
        "people": len(whole.assessors),
        "room": sum(max(a.most - whole.taken[a.pk], 0) for a in whole.assessors),
        **_needs(whole, plan),
    }
    if plan is not None and open_:
        context |= _proposal(request, call, code, plan, whole)
    wrong = bool(error) or wishes is not None or due is not None
    return render(request, "calls/assessment_plan.html", context, status=422 if wrong else 200)


def _needs(whole: matching.Table, plan: AssignmentPlan | None) -> dict[str, Any]:
    """How many applications stand without anybody, and how many have lost somebody."""
    have = Counter(application for _assessor, application in whole.held)
    number = plan.proposal.get("per_idea", 0) if plan else 0
    lost = {application for _assessor, application in whole.refused}
    blocked = {p for (a, p), r in whole.held.items() if (a, p) in whole.blocked and r.state != "done"}
    return {
        "without": sum(not have[a.pk] and a.pk not in lost for a in whole.applications),
        "short": sum((a.pk in lost and have[a.pk] < number) or a.pk in blocked for a in whole.applications),
        "standing": len(whole.applications),
    }


def _proposal(
    request: HttpRequest, call: Call, code: str, plan: AssignmentPlan, whole: matching.Table
) -> dict[str, Any]:
    proposal = shown.read(plan)
    possible = bool(plan.proposal.get("possible"))
    rows = [a for a in whole.applications if a.pk in proposal.by_application]
    part: Any = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
    return {
        "possible": possible,
        "said": shown.sentences(plan),
        "page": part,
        "table": shown.applications(call, code, part, whole, proposal, possible),
        "by_assessor": shown.assessors(whole, proposal, _conflicts(call, whole)),
        "changes": len(plan.changes),
        "given": len(plan.proposal["pairs"]),
        "taken": len(plan.proposal["take_back"]),
        "is_mending": plan.proposal.get("kind") == "changes",
    }


def _conflicts(call: Call, whole: matching.Table) -> dict[int, Counter[str]]:
    found: dict[int, Counter[str]] = defaultdict(Counter)
    rows = Conflict.objects.filter(application__call=call, assessor__in=[a.pk for a in whole.assessors])
    for assessor, kind, count in rows.order_by().values_list("assessor", "kind").annotate(n=Count("pk")):
        found[assessor][kind] = count
    return found


@require_POST
def propose(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    call, stage = found(request, slug, code)
    form = WishesForm(stage, bool(call.rules.themes), request.POST)
    if not form.is_valid():
        return page(request, slug, code, wishes=form)
    experts = form.cleaned_data.get("experts", True)
    wish = {"code": code, "experts": experts, "mend": "mend" in request.POST}
    wish["per_idea"] = form.cleaned_data.get("per_idea")
    try:
        _proposed(actor_of(request), call, wish)
    except ValidationError as error:
        return page(request, slug, code, error=" ".join(error.messages))
    return redirect("calls:assessment_plan", slug=slug, code=code)


def _proposed(actor: Actor, call: Call, wish: dict[str, Any]) -> None:
    """Few applications are shared out at once, many by a task."""
    if len(matching.waiting(call, wish["code"])) < jobs.SMALL:
        jobs.propose(actor, call, wish, quiet)()
    else:
        begin(actor, jobs.kind_of(jobs.PROPOSE, wish["code"]), call, **wish)


@require_POST
def adopt(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    call, _stage = found(request, slug, code)
    plan, form = queries.last_plan(call, code), DueForm(request.POST)
    if plan is None or str(plan.pk) != request.POST.get("plan"):
        return page(request, slug, code, error=_("A newer proposal was made meanwhile. Look at it first."))
    if not form.is_valid():
        return page(request, slug, code, due=form)
    try:
        made = acts.adopt(
            actor_of(request), plan, due_on=form.cleaned_data["due_on"], desk=desk_address(request)
        )
    except ValidationError as error:
        return page(request, slug, code, error=" ".join(error.messages))
    text = ngettext(
        "%(count)s application is given out. The letter is held until somebody releases it.",
        "%(count)s assessments are given out. The letters are held until somebody releases them.",
        len(made),
    )
    messages.success(request, text % {"count": len(made)})
    return redirect("calls:assessment", slug=slug, code=code)


def change(request: HttpRequest, slug: str, code: str, pk: int) -> HttpResponse:
    """Give one application of the proposal to somebody else."""
    call, stage = found(request, slug, code)
    plan = queries.last_plan(call, code)
    whole = matching.table(call, code)
    row = next((a for a in whole.applications if a.pk == pk), None)
    if plan is None or plan.adopted_at or row is None:
        raise Http404
    form = _change_form(plan, whole, row, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            acts.change(actor_of(request), plan, row, **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("Changed; the reason is kept."))
            return redirect("calls:assessment_plan", slug=slug, code=code)
    reasons = Conflict.objects.filter(application=row, assessor__in=[a.pk for a in whole.assessors])
    context = frame(call, stage, "", Crumb(_("Change by hand"))) | {
        "application": row,
        "form": form,
        "closed": reasons.select_related("assessor__user"),
        "back": present.address("assessment_plan", call, code),
    }
    return render(request, "calls/assessment_change.html", context, status=422 if form.errors else 200)


def _change_form(plan: AssignmentPlan, whole: matching.Table, row: Any, data: Any) -> ChangeForm:
    people = {a.pk: a for a in whole.assessors}
    mine = shown.read(plan).by_application.get(row.pk, [])
    loads = Counter(a for a, _p in plan.proposal["pairs"])
    both = matching.replace_taken(whole, loads)
    free = [(a, label) for a, label in acts.thirds(both, row) if a.pk not in mine]
    return ChangeForm([people[pk] for pk in mine if pk in people], free, data)
