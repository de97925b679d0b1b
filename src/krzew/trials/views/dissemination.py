"""The last gate for the body: one innovation, all of a call, and what entered policy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from krzew.calls.decisions_protocol import pdf
from krzew.calls.queries.programmes import managed_calls
from krzew.library.models import Solution
from krzew.trials.acts import dissemination as acts
from krzew.trials.acts import policy
from krzew.trials.acts.steps import Conflict
from krzew.trials.forms.dissemination import DecideForm, DiscussForm, PolicyForm, RecommendForm
from krzew.trials.models import Choice, Innovation, PolicyInclusion
from krzew.trials.present import dissemination as present
from krzew.trials.publishing import protocol as papers
from krzew.trials.queries import dissemination as queries
from krzew.trials.rules import manage_innovation, note_policy
from krzew.trials.states import InnovationState
from krzew.trials.views.base import actor_of, again, of_team, put_errors
from krzew.trials.views.innovations import crumbs
from krzew.ui.components import Crumb
from krzew.ui.pdf import pdf_answer

OWN_IDS = {"discuss": "discuss_%s", "decide": "decide_%s"}
"""Three forms stand on one page; each field needs an id of its own."""


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What is there, what is lacking, the recommendation, the discussion, the decision."""
    return _page(request, of_team(request, pk))


def _page(request: HttpRequest, innovation: Innovation, status: int = 200, **given: Any) -> HttpResponse:
    stage = acts.gate(innovation)
    choice = getattr(innovation, "choice", None) or Choice(innovation=innovation)
    context = {
        "innovation": innovation,
        "stage": stage,
        "choice": choice,
        "crumbs": crumbs(innovation, Crumb(str(stage.label))),
        "papers": present.papers(innovation, stage),
        "lacking": queries.missing(innovation, stage),
        "numbers": present.counters(queries.counters(innovation.call, stage)),
        "said": present.said(choice, stage),
        "manages": manage_innovation.allows(actor_of(request), innovation),
        "running": innovation.state == InnovationState.RUNNING,
        **_forms(choice, stage),
        **given,
    }
    return render(request, "trials/dissemination.html", context, status=status)


def _forms(choice: Choice, stage: Any) -> dict[str, forms.Form]:
    seen = {"revision": choice.revision}
    said = {f"c_{code}": text for code, text in choice.criteria.items()}
    first = seen | said | {"outcome": choice.initial, "why": choice.initial_why}
    return {
        "recommend": RecommendForm(stage, initial=first),
        "discuss": DiscussForm(initial=seen | {"text": choice.discussion}, auto_id=OWN_IDS["discuss"]),
        "decide": DecideForm(
            initial=seen | {"outcome": choice.initial, "members": choice.members}, auto_id=OWN_IDS["decide"]
        ),
    }


@require_POST
def recommend(request: HttpRequest, pk: int) -> HttpResponse:
    innovation = of_team(request, pk)
    form = RecommendForm(acts.gate(innovation), request.POST)

    def act() -> None:
        data = form.cleaned_data
        acts.recommend(
            actor_of(request),
            innovation,
            data["outcome"],
            data["why"],
            criteria=form.criteria(),
            seen=data["revision"],
        )

    return _done(request, innovation, "recommend", form, act)


@require_POST
def discuss(request: HttpRequest, pk: int) -> HttpResponse:
    innovation, form = of_team(request, pk), DiscussForm(request.POST, auto_id=OWN_IDS["discuss"])

    def act() -> None:
        data = form.cleaned_data
        acts.discuss(actor_of(request), innovation, data["text"], seen=data["revision"])

    return _done(request, innovation, "discuss", form, act)


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    innovation, form = of_team(request, pk), DecideForm(request.POST, auto_id=OWN_IDS["decide"])

    def act() -> None:
        data = dict(form.cleaned_data)
        outcome, seen = data.pop("outcome"), data.pop("revision")
        acts.decide(actor_of(request), innovation, outcome, seen=seen, **data)

    return _done(request, innovation, "decide", form, act)


def _done(
    request: HttpRequest, innovation: Innovation, name: str, form: forms.Form, act: Callable[[], None]
) -> HttpResponse:
    """Act, or show the page again with what was typed and what stands in the way."""
    if not form.is_valid():
        return _page(request, innovation, 422, **{name: form})
    try:
        act()
    except ValidationError as error:
        put_errors(form, error)
        return _page(request, innovation, 422, **{name: form})
    except Conflict as conflict:
        again(form, revision=getattr(conflict.now, "revision", 0))
        return _page(request, of_team(request, innovation.pk), 409, **{name: form, "meanwhile": True})
    messages.success(request, _("Saved."))
    return redirect("trials:team_dissemination", pk=innovation.pk)


@require_safe
def call(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything of a call at its last gate, with the counters of its rule."""
    row = managed_calls(actor_of(request)).filter(slug=slug).first()
    if row is None or not row.rules.of_kind("dissemination"):
        raise Http404
    stage: Any = row.rules.of_kind("dissemination")[0]
    rows = queries.at_gate(actor_of(request), row)
    context = {
        "call": row,
        "stage": stage,
        "table": present.at_gate(rows, stage),
        "numbers": present.counters(queries.counters(row, stage)),
        "crumbs": [Crumb(_("Innovations"), reverse("trials:innovations")), Crumb(row.name)],
    }
    return render(request, "trials/gate.html", context)


@require_safe
def protocol(request: HttpRequest, slug: str) -> HttpResponse:
    """The protocol of the body as an accessible PDF."""
    row = managed_calls(actor_of(request)).filter(slug=slug).first()
    if row is None or not row.rules.of_kind("dissemination"):
        raise Http404
    stage: Any = row.rules.of_kind("dissemination")[0]
    rows = queries.at_gate(actor_of(request), row)
    made = pdf(papers.document(row, stage, rows, queries.counters(row, stage)))
    return pdf_answer(made, f"{slug}-dissemination.pdf")


def policy_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What entered policy, and a form to note one more fact."""
    actor, solution = actor_of(request), get_object_or_404(Solution, slug=slug)
    note_policy.require(actor, solution)
    form = PolicyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            policy.include(actor, solution, **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("Noted."))
            return redirect("trials:policy", slug=slug)
    rows = PolicyInclusion.objects.filter(solution=solution, withdrawn_at=None)
    way = [
        Crumb(_("Solutions"), reverse("library:home")),
        Crumb(_("The solution"), reverse("library:card", args=[slug])),
    ]
    context = {"solution": solution, "rows": rows, "form": form, "crumbs": [*way, Crumb(_("Policy"))]}
    return render(request, "trials/policy.html", context, status=422 if form.errors else 200)


@require_POST
def policy_withdraw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    row = get_object_or_404(PolicyInclusion, pk=pk, solution__slug=slug)
    policy.withdraw(actor_of(request), row)
    return redirect("trials:policy", slug=slug)
