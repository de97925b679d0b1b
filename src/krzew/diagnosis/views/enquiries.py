"""“Bring it here”: the form, the list for both sides, one enquiry with the diagnosis beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from krzew.diagnosis import engine, forms, present, present_enquiries, queries
from krzew.diagnosis import present_solutions as shown
from krzew.diagnosis.acts import enquiries as acts
from krzew.diagnosis.models import Enquiry
from krzew.diagnosis.result import Result
from krzew.diagnosis.rules import answer_enquiry, enquire, withdraw_enquiry
from krzew.diagnosis.states import EnquiryState, WrongState
from krzew.diagnosis.views.base import actor_of
from krzew.library.queries import solution as published
from krzew.places.names import place_line, short_name
from krzew.timeline.acts import release_letters
from krzew.timeline.queries import history, letters
from krzew.timeline.states import LetterState


def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for a solution to be brought to a place."""
    solution = published(slug)
    if solution is None or solution.is_withdrawn:
        raise Http404
    actor = actor_of(request)
    verdict = enquire.check(actor, None)
    first = request.GET.get("place") or (actor.organisation.place_code if actor.organisation else "")
    form = forms.EnquiryForm(request.POST or None, initial={"place": first if len(first) == 6 else ""})
    if request.method == "POST" and verdict and form.is_valid():
        sent = _send(request, solution, form)
        if sent:
            return sent
    context = {"solution": solution, "form": form, "verdict": verdict, "steps": present_enquiries.way(None)}
    return render(request, "diagnosis/enquire.html", context, status=422 if form.errors else 200)


def _send(request: HttpRequest, solution: Any, form: forms.EnquiryForm) -> HttpResponse | None:
    data = form.cleaned_data
    given = {name: data[name] for name in ("contact_role", "has_already", "why")}
    try:
        enquiry = acts.enquire(actor_of(request), data["place"], solution, **given)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return None
    messages.success(request, _("We have kept your enquiry. Below you see who acts next."))
    return redirect("diagnosis:enquiry", pk=enquiry.pk)


def listing(request: HttpRequest) -> HttpResponse:
    """Enquiries of the acting organisation, and those that wait for it."""
    actor = actor_of(request)
    rows = Paginator(queries.enquiries(actor), 50).get_page(request.GET.get("page"))
    context = {"table": present_enquiries.table(rows, actor), "page": rows}
    return render(request, "diagnosis/enquiries.html", context)


def _found(request: HttpRequest, pk: int) -> Enquiry:
    return get_object_or_404(queries.enquiries(actor_of(request)), pk=pk)


def enquiry(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _found(request, pk))


def _page(request: HttpRequest, row: Enquiry, form: Any = None) -> HttpResponse:
    actor = actor_of(request)
    answers = answer_enquiry.allows(actor, row)
    result = _beside(row) if answers else None
    written = list(letters(row)) if answers else []
    context = {
        "enquiry": row,
        "name": present_enquiries.solution_name(row),
        "place_name": short_name(row.place),
        "where": place_line(row.place),
        "facts": present_enquiries.facts(row),
        "steps": present_enquiries.way(row),
        "tag": present_enquiries.tag(row),
        "next": present_enquiries.next_step(row),
        "answers": answers,
        "may_withdraw": withdraw_enquiry.allows(actor, row) and present_enquiries.is_open(row),
        "signed": _signed(request, row) if answers and row.state == EnquiryState.IN_TALKS else [],
        "result": result,
        "fit": _fit(result, row),
        "needs": present.need_intervals(result, lambda n: "")[:5] if result else [],
        "letters": written,
        "held": any(letter.state == LetterState.HELD for letter in written),
        "moments": present.moments(history(row)),
        "reason_form": form or forms.ReasonForm(auto_id="reason_%s"),
        "note_form": forms.NoteForm(auto_id="note_%s"),
    }
    return render(request, "diagnosis/enquiry.html", context, status=422 if form else 200)


def _beside(row: Enquiry) -> Result | None:
    """The attached diagnosis; before that, what public statistics say of the place."""
    if row.diagnosis:
        return queries.result_of(row.diagnosis)
    try:
        return queries.computed(row.place_id)
    except engine.UnknownPlace:
        return None


def _fit(result: Result | None, row: Enquiry) -> dict[str, Any] | None:
    solution = result.solution(row.solution.slug) if result else None
    if solution is None:
        return None
    conditions = shown.conditions_table(solution.conditions)
    return {"solution": solution, "acceptability": shown.acceptability(solution), "conditions": conditions}


def _signed(request: HttpRequest, row: Enquiry) -> list[Any]:
    """Signed diagnoses of the place that may be attached."""
    own = queries.of_place(actor_of(request), row.place_id).filter(organisation=row.centre, state="signed")
    return list(own)


def _do(request: HttpRequest, pk: int, act: Callable[[Enquiry], Any], said: str) -> HttpResponse:
    row = _found(request, pk)
    try:
        act(row)
    except WrongState:
        messages.error(request, _("The enquiry has moved on meanwhile. Look where it stands now."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, said)
    return redirect("diagnosis:enquiry", pk=pk)


@require_POST
def take_up(request: HttpRequest, pk: int) -> HttpResponse:
    said = _("The enquiry is yours. A letter to the asker is prepared and waits for release.")
    return _do(request, pk, lambda row: acts.take_up(actor_of(request), row), said)


@require_POST
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    chosen = get_object_or_404(queries.diagnoses(actor_of(request)), pk=request.POST.get("diagnosis") or 0)
    said = _("The diagnosis stands beside the enquiry. A letter to the asker waits for release.")
    return _do(request, pk, lambda row: acts.attach_diagnosis(actor_of(request), row, chosen), said)


@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    note = request.POST.get("reason", "")[:1000]
    said = _("Accepted for preparation. A letter to the asker waits for release.")
    return _do(request, pk, lambda row: acts.accept(actor_of(request), row, note=note), said)


@require_POST
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    form = forms.ReasonForm(request.POST, auto_id="reason_%s")
    if not form.is_valid():
        return _page(request, _found(request, pk), form)
    reason = form.cleaned_data["reason"]
    said = _("Declined, with the reason. A letter to the asker waits for release.")
    return _do(request, pk, lambda row: acts.decline(actor_of(request), row, reason=reason), said)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    reason = request.POST.get("reason", "")[:1000]
    said = _("The enquiry is withdrawn. You may ask again at any time.")
    return _do(request, pk, lambda row: acts.withdraw(actor_of(request), row, reason=reason), said)


@require_POST
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the letters about this enquiry leave."""
    row = _found(request, pk)
    sent = release_letters(actor_of(request), letters(row).filter(state="held"))
    if sent:
        messages.success(request, _("The letter is on its way."))
    return redirect("diagnosis:enquiry", pk=row.pk)
