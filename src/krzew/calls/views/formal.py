"""The formal check: the list with its progress, and one application with the checklist."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from krzew.calls.acts import formal as acts
from krzew.calls.definition.assessment import FormalStage
from krzew.calls.formal_checks import Answer, answered, formal_stage
from krzew.calls.forms.formal import ChecklistForm
from krzew.calls.models import Application, Call, FormalReview
from krzew.calls.present import formal as present
from krzew.calls.queries import formal as queries
from krzew.calls.rules import judge
from krzew.calls.states import ApplicationState, WrongState
from krzew.calls.views.base import actor_of, put_errors
from krzew.ui.components import Crumb

SHOWN = 50


def _call(request: HttpRequest, slug: str) -> tuple[Call, FormalStage]:
    call = queries.call_with_check(actor_of(request), slug)
    stage = formal_stage(call) if call else None
    if call is None or stage is None:
        raise Http404
    return call, stage


def listing(request: HttpRequest, slug: str) -> HttpResponse:
    """What is to be checked, who completes by when, who is late, and letters that wait to leave."""
    call, stage = _call(request, slug)
    tab = request.GET.get("tab", "todo")
    tab = tab if tab in queries.TABS else "todo"
    counts = queries.progress(call, stage)
    page = Paginator(queries.rows_of(call, stage, tab), SHOWN).get_page(request.GET.get("page"))
    context = {
        "call": call,
        "stage": stage,
        "crumbs": present.call_crumbs(call, Crumb(str(stage.label))),
        "tabs": present.tabs(call, counts, tab),
        "tab": tab,
        "counts": counts,
        "table": present.listing(call, page, tab),
        "page": page,
        "late": page if tab == "late" else [],
        "held": queries.held_letters(call),
        "by_phone": queries.untold_without_mail(call, stage),
    }
    return render(request, "calls/formal.html", context)


def _found(request: HttpRequest, call: Call, number: int) -> Application:
    row = queries.application(actor_of(request), call, number)
    if row is None:
        raise Http404
    return row


def one(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One application: the checklist while it waits for it, afterwards how the check ended."""
    call, _stage = _call(request, slug)
    row = _found(request, call, number)
    stage = formal_stage(call, row.stage) or _stage
    rows = queries.reviews(row)
    form, may = None, judge.check(actor_of(request), row)
    if may and row.stage == stage.code and row.state == ApplicationState.SUBMITTED:
        form = _form(request, row, stage, rows)
        if request.method == "POST" and form.is_valid():
            done = _do(request, row, form)
            if done is not None:
                return done
    return _page(request, row, stage, rows, form, closed="" if may else may.reason)


def _form(
    request: HttpRequest, row: Application, stage: FormalStage, rows: list[FormalReview]
) -> ChecklistForm:
    version = row.versions.last()
    assert version is not None
    draft = next((r for r in rows[:1] if r.result == "" and r.version_id == version.pk), None)
    kept = {code: Answer.of(plain) for code, plain in (draft.answers if draft else {}).items()}
    found = answered(row, stage, version)
    first = {"seen": draft.pk if draft else 0, "note": draft.note if draft else ""}
    return ChecklistForm(stage, found, kept, request.POST or None, initial=first, auto_id="formal_%s")


def _do(request: HttpRequest, row: Application, form: ChecklistForm) -> HttpResponse | None:
    """Keep, or end the check by the button that was pressed; None shows the page again with errors."""
    actor, go = actor_of(request), request.POST.get("go", "keep")
    facts = {"note": form.cleaned_data["note"], "seen": form.cleaned_data["seen"] or 0}
    try:
        if go == "keep":
            acts.keep(actor, row, form.answers(), **facts)
            messages.success(request, _("Saved."))
            return redirect("calls:formal_one", slug=row.call.slug, number=row.number)
        acts.conclude(actor, row, form.answers(), go, **facts)
    except acts.Seen as error:
        return _conflict(request, row, form, error)
    except WrongState:
        messages.error(request, _("Somebody has ended this check in the meantime. See below how."))
        return redirect("calls:formal_one", slug=row.call.slug, number=row.number)
    except ValidationError as error:
        put_errors(form, error)
        return None
    messages.success(request, _ended(row, go))
    return redirect("calls:formal", slug=row.call.slug)


def _ended(row: Application, go: str) -> str:
    said = {
        "passed": _("%(number)s has passed the formal check."),
        "completion": _("%(number)s is to be completed. The letter waits until you let the letters go."),
        "rejected": _("%(number)s is rejected formally. The letter waits until you let the letters go."),
    }
    return said[go] % {"number": row.label}


def _conflict(
    request: HttpRequest, row: Application, form: ChecklistForm, error: ValidationError
) -> HttpResponse:
    """Somebody else checks the same one: both are shown, nothing that was typed is lost."""
    theirs = queries.reviews(row)[0]
    typed = request.POST.copy()
    typed["seen"] = str(theirs.pk)
    again = ChecklistForm(form.stage, form.found, {}, typed, auto_id="formal_%s")
    again.is_valid()
    again.add_error(None, error.messages)
    facts = present.differences(form.stage, theirs)
    return _page(request, row, form.stage, [theirs], again, theirs=theirs, their_facts=facts, status=409)


def _page(
    request: HttpRequest,
    row: Application,
    stage: FormalStage,
    rows: list[FormalReview],
    form: ChecklistForm | None,
    *,
    status: int = 0,
    **more: object,
) -> HttpResponse:
    here = Crumb(str(stage.label), reverse("calls:formal", args=[row.call.slug]))
    context = {
        "row": row,
        "stage": stage,
        "crumbs": present.call_crumbs(row.call, here, Crumb(row.label)),
        "form": form,
        "may_ask": stage.completion is not None and acts.rounds_used(row, stage) < stage.completion.rounds,
        "facts": present.facts(row),
        "may_undo": form is None and acts.can_be_undone(row),
        "moments": present.moments(stage, rows),
        "alike": queries.alike(row),
        **more,
    }
    status = status or (422 if form is not None and form.errors else 200)
    return render(request, "calls/formal_one.html", context, status=status)


@require_POST
def undo(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A rejection or a request to complete was a slip."""
    call, _stage = _call(request, slug)
    row = _found(request, call, number)
    try:
        acts.undo(actor_of(request), row)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Undone. The letter is cancelled and the check is open again."))
    return redirect("calls:formal_one", slug=slug, number=number)


@require_POST
def late(request: HttpRequest, slug: str) -> HttpResponse:
    """The chosen ones of the late list are left without consideration."""
    call, stage = _call(request, slug)
    chosen = [int(n) for n in request.POST.getlist("number") if n.isdecimal()]
    rows = [r for r in queries.rows_of(call, stage, "late") if r.number in chosen]
    try:
        count = acts.leave_late(actor_of(request), call, rows)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        if not count:
            messages.error(request, _("Tick at least one application."))
            return redirect(f"{reverse('calls:formal', args=[slug])}?tab=late")
        text = ngettext("%(count)d application is left.", "%(count)d applications are left.", count)
        messages.success(request, text % {"count": count})
    return redirect("calls:formal", slug=slug)


@require_POST
def announce(request: HttpRequest, slug: str) -> HttpResponse:
    """Let the held letters of the check go."""
    call, _stage = _call(request, slug)
    count = acts.announce(actor_of(request), call)
    text = ngettext("%(count)d letter leaves now.", "%(count)d letters leave now.", count)
    messages.success(request, text % {"count": count})
    return redirect("calls:formal", slug=slug)
