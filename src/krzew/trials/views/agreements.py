"""Agreements: the team writes and offers, every party signs, an annex changes. One page each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from krzew.accounts.access import public
from krzew.timeline.transitions import WrongState
from krzew.trials.acts import agreements as acts
from krzew.trials.acts.steps import Conflict
from krzew.trials.agreements import known, paper
from krzew.trials.agreements.checks import lacks
from krzew.trials.agreements.filling import due_of, settings_of
from krzew.trials.forms.agreements import (
    ClauseForm,
    DataForm,
    DatesForm,
    NoteForm,
    PlanForm,
    SignForm,
    WhyForm,
)
from krzew.trials.journey import stages_of
from krzew.trials.models import Agreement, Innovation
from krzew.trials.present import agreements as present
from krzew.trials.queries import agreements as queries
from krzew.trials.rules import manage_innovation
from krzew.trials.states import AgreementState
from krzew.trials.views.base import actor_of, again, by_link, of_team, put_errors
from krzew.trials.views.innovations import crumbs
from krzew.ui.components import Crumb
from krzew.ui.pdf import pdf_answer

KINDS = ("cooperation", "agreement")


def _stage(innovation: Innovation, code: str) -> Any:
    found = next((s for s in stages_of(innovation.call.rules) if s.code == code and s.kind in KINDS), None)
    if found is None:
        raise Http404
    return found


# --- the innovator -----------------------------------------------------------------------------------


@public
def own(request: HttpRequest, token: str, code: str) -> HttpResponse:
    """The agreement for its innovator: read it, then sign it."""
    innovation = by_link(request, token)
    stage = _stage(innovation, code)
    rows = [a for a in queries.versions(innovation, code) if a.state != AgreementState.DRAFT]
    agreement = queries.now(rows)
    form = None
    if agreement is not None and agreement.state == AgreementState.OFFERED:
        form = _sign_form(request, agreement)
        if request.method == "POST" and form is not None and _signed(request, agreement, form):
            messages.success(request, _("Signed. Thank you."))
            return redirect("trials:agreement", token=token, code=code)
    status = 422 if form is not None and form.errors else 200
    context = _words(agreement, rows) | {
        "innovation": innovation,
        "token": token,
        "stage": stage,
        "form": form,
        "crumbs": own_crumbs(innovation, token, str(stage.label)),
    }
    return render(request, "trials/agreement.html", context, status=status)


def own_crumbs(innovation: Innovation, token: str, *labels: str) -> list[Crumb]:
    """Where the innovator stands: home > page."""
    home = Crumb(innovation.title, reverse("trials:innovation", args=[token]))
    return [home, *(Crumb(label) for label in labels)]


def _sign_form(request: HttpRequest, agreement: Agreement) -> SignForm | None:
    """Only while the innovator herself has not signed."""
    if not any(row.side == "innovator" and row.signed_on is None for row in agreement.signatures.all()):
        return None
    form = SignForm(request.POST or None, initial={"seen": agreement.content_hash})
    name = next(row.name for row in agreement.signatures.all() if row.side == "innovator")
    form.fields["typed"].help_text = _("In the agreement it stands: %(name)s.") % {"name": name}
    return form


def _signed(request: HttpRequest, agreement: Agreement, form: SignForm) -> bool:
    if not form.is_valid():
        return False
    mine = next(
        row for row in agreement.signatures.all() if row.side == "innovator" and row.signed_on is None
    )
    data = form.cleaned_data
    try:
        acts.sign(actor_of(request), agreement, mine, typed=data["typed"], seen_hash=data["seen"])
    except ValidationError as error:
        put_errors(form, error)
        again(form, seen=agreement.content_hash)
        return False
    return True


def _words(agreement: Agreement | None, rows: list[Agreement]) -> dict[str, Any]:
    """What both sides read."""
    if agreement is None:
        return {"agreement": None}
    older = queries.before(rows, agreement)
    return {
        "agreement": agreement,
        "name": present.title(agreement),
        "tags": [present.tag(agreement)],
        "facts": present.facts(agreement),
        "clauses": present.clauses_shown(agreement),
        "language": present.language(agreement),
        "tasks": present.signatures(agreement),
        "plan": present.plan(agreement),
        "tranches": present.tranches(list(agreement.tranches.all()), agreement),
        "changes": present.differences(older, agreement) if older else [],
        "older": older,
        "others": [row for row in rows if row.pk != agreement.pk],
    }


@public
@require_safe
def own_pdf(request: HttpRequest, token: str, code: str, number: int) -> HttpResponse:
    rows = queries.versions(by_link(request, token), code)
    return _pdf(next((a for a in rows if a.number == number and a.state != AgreementState.DRAFT), None))


def _pdf(agreement: Agreement | None) -> HttpResponse:
    if agreement is None:
        raise Http404
    name = f"{agreement.innovation.slug}-{agreement.stage}-{agreement.number}.pdf"
    return pdf_answer(paper.agreement_pdf(agreement), name)


# --- the team ----------------------------------------------------------------------------------------


@require_safe
def team(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """The agreement for the team and the mentor: what is lacking, who has signed."""
    return _team(request, of_team(request, pk), code)


def _team(
    request: HttpRequest,
    innovation: Innovation,
    code: str,
    errors: list[str] | None = None,
    note: NoteForm | None = None,
) -> HttpResponse:
    stage, rows = _stage(innovation, code), queries.versions(innovation, code)
    agreement, manages = queries.now(rows), manage_innovation.allows(actor_of(request), innovation)
    context = _words(agreement, rows) | {
        "innovation": innovation,
        "stage": stage,
        "manages": manages,
        "crumbs": crumbs(innovation, Crumb(str(stage.label))),
        "errors": [{"label": text} for text in errors or []],
    }
    if agreement is not None and agreement.state == AgreementState.DRAFT:
        context["lacks"] = lacks(agreement, acts.divided(agreement))
        context["left_out"] = present.left_out(agreement)
    if agreement is not None and agreement.state == AgreementState.OFFERED and manages:
        context["form"] = note or _note_form(None, agreement)
    failed = errors or (note is not None and note.errors)
    return render(request, "trials/agreement_team.html", context, status=422 if failed else 200)


def _note_form(data: Any, agreement: Agreement) -> NoteForm:
    form = NoteForm(data, initial={"on": timezone.localdate()})
    field = form.fields["signature"]
    assert isinstance(field, forms.ChoiceField)
    waits = [row for row in agreement.signatures.all() if row.signed_on is None]
    field.choices = [(str(row.pk), f"{row.name} ({row.get_side_display()})") for row in waits]
    return form


def _managed(request: HttpRequest, pk: int, code: str) -> tuple[Innovation, Agreement | None]:
    """For pages that change something: the team alone."""
    innovation = of_team(request, pk)
    manage_innovation.require(actor_of(request), innovation)
    _stage(innovation, code)
    return innovation, queries.now(queries.versions(innovation, code))


def _must(agreement: Agreement | None) -> Agreement:
    if agreement is None:
        raise Http404
    return agreement


def _done(request: HttpRequest, pk: int, code: str, effect: Callable[[], Any]) -> HttpResponse:
    """A button of the page: act, or say on the page why not."""
    try:
        effect()
    except ValidationError as error:
        return _team(request, of_team(request, pk), code, errors=list(error.messages))
    except WrongState:
        text = _("This was done in the meantime by somebody else.")
        return _team(request, of_team(request, pk), code, errors=[text])
    return redirect("trials:team_agreement", pk=pk, code=code)


@require_POST
def begin(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    innovation, _agreement = _managed(request, pk, code)
    return _done(request, pk, code, lambda: acts.write(actor_of(request), innovation, code))


@require_POST
def offer(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    agreement = _must(_managed(request, pk, code)[1])
    return _done(request, pk, code, lambda: acts.offer(actor_of(request), agreement))


@require_POST
def take_back(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    agreement = _must(_managed(request, pk, code)[1])
    return _done(request, pk, code, lambda: acts.take_back(actor_of(request), agreement))


@require_POST
def note(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Sign for the incubator, or note a signature on paper."""
    innovation, found = _managed(request, pk, code)
    agreement = _must(found)
    form = _note_form(request.POST, agreement)
    if form.is_valid():
        data = form.cleaned_data
        row = agreement.signatures.get(pk=int(data["signature"]))
        try:
            acts.note_signature(actor_of(request), agreement, row, on=data["on"], way=data["way"])
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The signature is noted."))
            return redirect("trials:team_agreement", pk=pk, code=code)
    return _team(request, innovation, code, note=form)


@require_safe
def team_pdf(request: HttpRequest, pk: int, code: str, number: int) -> HttpResponse:
    innovation = of_team(request, pk)
    return _pdf(next((a for a in queries.versions(innovation, code) if a.number == number), None))


def data(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Amount, dates, choices, who signs."""
    innovation, found = _managed(request, pk, code)
    agreement = _must(found)
    grant = agreement.kind == "grant"
    stage = known.grant_stage(innovation.call.rules)
    declares = bool(stage and stage.de_minimis)
    form = DataForm(request.POST or None, grant=grant, de_minimis=declares, initial=_initial(agreement))
    saved = form.is_bound and form.is_valid()

    def save() -> None:
        acts.save_data(
            actor_of(request),
            agreement,
            seen=form.cleaned_data["revision"],
            data=form.cleaned_data,
            settings=form.settings(),
            people=form.people(),
        )

    return _edited(request, innovation, agreement, form, _("Data of the agreement"), save if saved else None)


def _initial(agreement: Agreement) -> dict[str, Any]:
    people = list(agreement.signatures.all())
    found: dict[str, Any] = {name: getattr(agreement, name) for name in (*acts.DATA, "revision")}
    for row in people:
        if row.side != "partner":
            found |= {f"{row.side}_name": row.name, f"{row.side}_role": row.role}
    found["partners"] = "\n".join(row.name for row in people if row.side == "partner")
    chosen = settings_of(agreement)
    found["children"] = {True: "yes", False: "no"}.get(chosen.pop("children"), "")
    return found | chosen


def clause(request: HttpRequest, pk: int, code: str, clause: str) -> HttpResponse:
    """The words of one clause."""
    innovation, found = _managed(request, pk, code)
    agreement = _must(found)
    row = next((c for c in agreement.content["clauses"] if c["code"] == clause and c["editable"]), None)
    if row is None:
        raise Http404
    kept = {"revision": agreement.revision, "title": row["title"], "text": row["template"]}
    form = ClauseForm(request.POST or None, initial=kept)
    saved = form.is_bound and form.is_valid()

    def save() -> None:
        typed = form.cleaned_data
        words = {"title": typed["title"], "text": typed["text"]}
        acts.save_clause(actor_of(request), agreement, seen=typed["revision"], code=clause, **words)

    return _edited(request, innovation, agreement, form, row["title"], save if saved else None)


def plan(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Lines of the plan with costs."""
    innovation, found = _managed(request, pk, code)
    agreement = _must(found)
    lines = agreement.content.get("plan", [])
    form = PlanForm(request.POST or None, plan=lines, initial={"revision": agreement.revision})
    saved = form.is_bound and form.is_valid()

    def save() -> None:
        acts.save_plan(actor_of(request), agreement, seen=form.cleaned_data["revision"], rows=form.rows())

    return _edited(request, innovation, agreement, form, _("Plan and costs"), save if saved else None)


def dates(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """By when the report on each result comes."""
    innovation, found = _managed(request, pk, code)
    agreement = _must(found)
    rows = agreement.content.get("results", [])
    if not rows:
        raise Http404
    results = [(row["code"], known.result_label(agreement, row["code"]), due_of(row)) for row in rows]
    form = DatesForm(request.POST or None, results=results, initial={"revision": agreement.revision})
    saved = form.is_bound and form.is_valid()

    def save() -> None:
        acts.save_dates(actor_of(request), agreement, seen=form.cleaned_data["revision"], dates=form.dates())

    title = _("When reports on results are due")
    return _edited(request, innovation, agreement, form, title, save if saved else None)


def _edited(
    request: HttpRequest,
    innovation: Innovation,
    agreement: Agreement,
    form: Any,
    title: str,
    save: Callable[[], None] | None,
) -> HttpResponse:
    """Save what was typed; two people on one form both keep their words."""
    kept: Agreement | None = None
    status = 422 if form.is_bound else 200
    back = reverse("trials:team_agreement", args=[innovation.pk, agreement.stage])
    if save is not None:
        try:
            save()
        except ValidationError as error:
            put_errors(form, error)
        except Conflict as conflict:
            kept, status = cast("Agreement", conflict.now), 409
            kept.innovation = innovation
            again(form, revision=kept.revision)
        else:
            messages.success(request, _("Saved."))
            return redirect(back)
    context = {
        "innovation": innovation,
        "form": form,
        "title": title,
        "back": back,
        "kept": kept,
        "kept_facts": present.facts(kept) if kept else [],
        "kept_clauses": present.clauses_shown(kept) if kept else [],
        "kept_plan": present.plan(kept) if kept else None,
        "crumbs": crumbs(innovation, Crumb(present.title(agreement), back), Crumb(title)),
    }
    return render(request, "trials/agreement_edit.html", context, status=status)


def why(request: HttpRequest, pk: int, code: str, what: str) -> HttpResponse:
    """An annex, or not concluding it: both want a reason."""
    innovation, found = _managed(request, pk, code)
    agreement = _must(found)
    act, title, lead, kind = _reasons()[what]
    form = WhyForm(request.POST or None)
    back = reverse("trials:team_agreement", args=[pk, code])
    if form.is_bound and form.is_valid():
        try:
            act(actor_of(request), agreement, form.cleaned_data["why"])
        except ValidationError as error:
            put_errors(form, error)
        except WrongState:
            form.add_error(None, _("This was done in the meantime by somebody else."))
        else:
            return redirect(back)
    context = {
        "innovation": innovation,
        "form": form,
        "title": title,
        "lead": lead,
        "back": back,
        "kind": kind,
        "crumbs": crumbs(innovation, Crumb(present.title(agreement), back), Crumb(title)),
    }
    return render(request, "trials/agreement_why.html", context, status=422 if form.errors else 200)


def _reasons() -> dict[str, tuple[Callable[..., Any], str, str, str]]:
    return {
        "annex": (
            acts.annex,
            _("Write an annex"),
            _("A new version of the agreement. It replaces the present one when every party has signed."),
            "primary",
        ),
        "drop": (
            acts.drop,
            _("Do not conclude it"),
            _("The agreement is put away with the reason. You may write another one later."),
            "danger",
        ),
    }
