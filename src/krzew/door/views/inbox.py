"""The inbox of the office: cases by who has the next word, one case with its thread, taking one down."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from krzew.accounts.actors import Actor
from krzew.calls.acts.steps import Conflict
from krzew.calls.states import WrongState
from krzew.door.acts import cases as acts
from krzew.door.acts.needs import take_down
from krzew.door.forms.cases import AnswerForm, AssignForm, HandForm, KeyInForm, NoteForm
from krzew.door.models import Case, CaseKind
from krzew.door.present import cases as present
from krzew.door.present.needs import labelled
from krzew.door.queries import cases as queries
from krzew.door.rules import OF_CALLS, manage_case, work_inbox
from krzew.door.states import CaseState
from krzew.door.views.base import actor_of, is_htmx, of_office, put_errors
from krzew.timeline.queries import history
from krzew.timeline.shown import moments
from krzew.ui.components import Crumb, Tab

SHOWN = 50


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Those that wait for the office come first; an expert sees what was handed to her."""
    actor = actor_of(request)
    chosen = {name: request.GET.get(name, "")[:30] for name in ("box", "kind", "number")}
    rows = queries.inbox(actor, box=chosen["box"] or "open", kind=chosen["kind"], number=chosen["number"])
    page = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
    office = work_inbox.allows(actor)
    context = {
        "page": page,
        "table": present.listing(page),
        "tabs": _tabs(actor, chosen["box"] or "open"),
        "kinds": CaseKind.choices,
        "chosen": chosen,
        "office": office,
        "facts": present.pace(queries.pace(actor)) if office else [],
    }
    return render(request, "door/inbox.html", context)


def _tabs(actor: Actor, box: str) -> list[Tab]:
    here, counts = reverse("door:inbox"), queries.counts(actor)
    labels = {
        "open": _("To answer"),
        "mine": _("Mine"),
        "author": _("The author has the next word"),
        "calls": _("In the procedure of a call"),
        "closed": _("Closed cases"),
    }
    return [
        Tab(label, f"{here}?box={key}", current=key == box, count=counts[key])
        for key, label in labels.items()
    ]


def crumbs(*more: Crumb) -> list[Crumb]:
    return [Crumb(_("Cases"), reverse("door:inbox")), *more]


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One case: thread, answer, and beside it who has it and by when."""
    return _page(request, of_office(request, pk))


def _page(request: HttpRequest, case: Case, status: int = 200, **forms: Any) -> HttpResponse:
    actor = actor_of(request)
    manages = manage_case.allows(actor, case)
    people = queries.colleagues(actor)
    context = {
        "case": case,
        "crumbs": crumbs(Crumb(case.label)),
        "tags": [present.tag(case)],
        "facts": present.facts(case),
        "talk": present.thread(queries.thread(case, notes=True), for_author=False),
        "moments": moments(list(history(case))),
        "needs": labelled(case.needs.all()),
        "object_url": present.object_url(case),
        "manages": manages,
        "answerable": case.kind not in OF_CALLS and case.state not in (CaseState.CLOSED, CaseState.WITHDRAWN),
        "handed": list(case.handovers.filter(ended_at=None).select_related("to")),
        "canned": list(queries.canned(actor)) if manages else [],
        "answer": AnswerForm(initial={"revision": case.revision, "text": _begun(request, actor, case)}),
        "note": NoteForm(auto_id="note_%s"),
        "assign": AssignForm(initial={"to": case.assigned_to, "due_on": case.due_on}, people=people),
        "hand": HandForm(),
        **forms,
    }
    return render(request, "door/inbox_case.html", context, status=status)


def _begun(request: HttpRequest, actor: Actor, case: Case) -> str:
    """The draft as it was left, with a ready answer put after it when one was chosen."""
    key = request.GET.get("canned", "")
    row = queries.canned(actor).filter(pk=int(key)).first() if key.isdecimal() else None
    text = (row.text_en or row.text_pl) if row and case.language == "en" else row.text_pl if row else ""
    return "\n\n".join(part for part in (case.draft or "", text) if part)


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a draft (as it is typed, or by a button), send the answer, or send it and close."""
    case, form, go = of_office(request, pk), AnswerForm(request.POST), request.POST.get("go", "draft")
    if not form.is_valid():
        return _page(request, case, 422, answer=form)
    text, actor = form.cleaned_data["text"], actor_of(request)
    try:
        if go in ("send", "close"):
            acts.answer(actor, case, text, closes=go == "close")
            messages.success(request, _("The answer is with the author."))
        else:
            acts.save_draft(actor, case, text, seen=form.cleaned_data["revision"])
    except ValidationError as error:
        put_errors(form, error)
        return _page(request, case, 422, answer=form)
    except WrongState:
        messages.error(request, _("This case is closed. Open it again to write."))
    except Conflict as conflict:
        return _meanwhile(request, case, form, conflict)
    if is_htmx(request):
        return render(request, "door/_draft_kept.html", {"case": case})
    return redirect("door:inbox" if go == "close" else reverse("door:team_case", args=[pk]))


def _meanwhile(request: HttpRequest, case: Case, form: AnswerForm, conflict: Conflict) -> HttpResponse:
    """A colleague wrote meanwhile: both texts are shown, nothing is lost."""
    kept = conflict.now
    assert isinstance(kept, Case)
    if is_htmx(request):
        return render(request, "door/_draft_kept.html", {"case": case, "conflict": kept}, status=409)
    again = AnswerForm(initial={"revision": kept.revision, "text": form.cleaned_data["text"]})
    return _page(request, kept, 409, answer=again, kept=kept.draft or "")


@require_POST
def note(request: HttpRequest, pk: int) -> HttpResponse:
    case, form = of_office(request, pk), NoteForm(request.POST, auto_id="note_%s")
    if not form.is_valid():
        return _page(request, case, 422, note=form)
    acts.note(actor_of(request), case, form.cleaned_data["text"])
    return redirect("door:team_case", pk=pk)


@require_POST
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has it, and by when it is answered."""
    case, actor = of_office(request, pk), actor_of(request)
    form = AssignForm(request.POST, people=queries.colleagues(actor))
    if form.is_valid():
        try:
            if form.cleaned_data["to"] != case.assigned_to:
                acts.assign(actor, case, form.cleaned_data["to"])
            if form.cleaned_data["due_on"] != case.due_on:
                acts.set_due(actor, case, form.cleaned_data["due_on"])
        except ValidationError as error:
            put_errors(form, error)
    if form.errors:
        return _page(request, case, 422, assign=form)
    messages.success(request, _("Saved."))
    return redirect("door:team_case", pk=pk)


@require_POST
def hand(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand it to a mentor or an expert, who then sees this case alone."""
    case, form = of_office(request, pk), HandForm(request.POST)
    if not form.is_valid():
        return _page(request, case, 422, hand=form)
    acts.hand_over(actor_of(request), case, form.cleaned_data["email"], form.cleaned_data["why"])
    messages.success(request, _("Handed over. The letter is on its way."))
    return redirect("door:team_case", pk=pk)


@require_POST
def take_back(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    case = of_office(request, pk)
    acts.take_back(actor_of(request), get_object_or_404(case.handovers, pk=row))
    return redirect("door:team_case", pk=pk)


@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    case = of_office(request, pk)
    try:
        acts.reopen(actor_of(request), case)
    except WrongState:
        messages.error(request, _("Only a closed case is opened again."))
    return redirect("door:team_case", pk=pk)


def key_in(request: HttpRequest) -> HttpResponse:
    """Take down what came by telephone, on paper or in the office; the number is said or handed on a card."""
    actor = actor_of(request)
    work_inbox.require(actor)
    form = KeyInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        kept, token = take_down(actor, data.pop("kind"), data.pop("text"), **data)
        return render(request, "door/inbox_card.html", {"case": kept, "link": _link(request, token)})
    context = {"form": form, "crumbs": crumbs(Crumb(_("Take down a case")))}
    return render(request, "door/inbox_key_in.html", context, status=422 if form.errors else 200)


def _link(request: HttpRequest, token: str) -> str:
    return request.build_absolute_uri(reverse("door:case", args=[token]))
