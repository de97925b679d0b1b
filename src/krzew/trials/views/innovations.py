"""An innovation as a whole: for its innovator by the link, for the team and the mentor."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from krzew.accounts.access import public
from krzew.calls.models import Call
from krzew.calls.queries.programmes import managed_calls
from krzew.timeline.queries import history
from krzew.timeline.shown import moments
from krzew.trials.acts import innovations as acts
from krzew.trials.acts.evidence import collect
from krzew.trials.acts.steps import Conflict
from krzew.trials.forms.innovations import MentorForm, PublicForm, WhyForm
from krzew.trials.models import Innovation
from krzew.trials.present import innovations as present
from krzew.trials.queries import innovations as queries
from krzew.trials.rules import manage_innovation, note_policy
from krzew.trials.states import InnovationState
from krzew.trials.views.base import actor_of, again, by_link, of_team, put_errors
from krzew.ui.components import Crumb

SHOWN = 50


def crumbs(innovation: Innovation, *more: Crumb) -> list[Crumb]:
    """Where the team stands: Innovations > this one > the page."""
    here = Crumb(innovation.title, reverse("trials:team_innovation", args=[innovation.pk]) if more else "")
    return [Crumb(_("Innovations"), reverse("trials:innovations")), here, *more]


@public
@require_safe
def home(request: HttpRequest, token: str) -> HttpResponse:
    """The innovator's page: every step, what is next, who is waited for."""
    innovation = by_link(request, token)
    context = {
        "innovation": innovation,
        "token": token,
        "tags": [present.tag(innovation.state)],
        "tasks": present.steps(innovation, token),
        "facts": present.facts(innovation, with_end=False),
        "running": innovation.state == InnovationState.RUNNING,
    }
    return render(request, "trials/home.html", context)


@public
def resign(request: HttpRequest, token: str) -> HttpResponse:
    """Give it up: asks first, and wants a reason."""
    innovation = by_link(request, token)
    back = reverse("trials:innovation", args=[token])
    return _asked_why(request, innovation, acts.resign, "trials/resign.html", back)


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Innovations of the team; a mentor sees those given to her."""
    actor = actor_of(request)
    chosen = {name: request.GET.get(name, "")[:100] for name in ("call", "state", "stage", "q")}
    calls = list(managed_calls(actor).exclude(innovations=None).distinct())
    call = next((row for row in calls if row.slug == chosen["call"]), None)
    rows = queries.listed(actor, call=call, state=chosen["state"], stage=chosen["stage"], text=chosen["q"])
    page = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "table": present.listing(page),
        "chosen": chosen,
        "calls": calls,
        "states": InnovationState.choices,
        "stages": present.stage_choices(calls),
        "filtered": any(chosen.values()),
        "waiting": queries.not_begun(actor),
    }
    return render(request, "trials/innovations.html", context)


@require_POST
def begin(request: HttpRequest, slug: str) -> HttpResponse:
    """Take every selected application of a call on its way."""
    call = managed_calls(actor_of(request)).filter(slug=slug).first()
    if call is None:
        raise Http404
    _begin(request, call)
    return redirect(f"{reverse('trials:innovations')}?call={call.slug}")


def _begin(request: HttpRequest, call: Call) -> None:
    try:
        begun = acts.begin_all(actor_of(request), call)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(
            request,
            _("Begun: %(n)d. Each innovator finds the next step by the same link.") % {"n": len(begun)},
        )


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One innovation for the team and its mentor: steps, facts, history."""
    innovation, actor = of_team(request, pk), actor_of(request)
    context = {
        "innovation": innovation,
        "crumbs": crumbs(innovation),
        "tags": [present.tag(innovation.state)],
        "tasks": present.steps(innovation, innovation.pk),
        "facts": present.facts(innovation),
        "moments": moments(list(history(*queries.parts(innovation)))),
        "manages": manage_innovation.allows(actor, innovation),
        "running": innovation.state == InnovationState.RUNNING,
        "notes_policy": innovation.solution is not None and note_policy.allows(actor, innovation.solution),
    }
    return render(request, "trials/innovation.html", context)


def mentor(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the innovation to a mentor."""
    innovation, actor = of_team(request, pk), actor_of(request)
    manage_innovation.require(actor, innovation)
    form = MentorForm(request.POST or None, initial={"mentor": innovation.mentor})
    field = form.fields["mentor"]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = queries.mentors(innovation.organisation_id)
    if request.method == "POST" and form.is_valid():
        try:
            acts.name_mentor(actor, innovation, form.cleaned_data["mentor"])
        except ValidationError as error:
            put_errors(form, error)
        else:
            return redirect("trials:team_innovation", pk=pk)
    context = {"innovation": innovation, "form": form, "crumbs": crumbs(innovation, Crumb(_("Mentor")))}
    return render(request, "trials/mentor.html", context, status=422 if form.errors else 200)


def describe(request: HttpRequest, pk: int) -> HttpResponse:
    """What everybody reads about it. Two who write at once both keep their words."""
    innovation, actor = of_team(request, pk), actor_of(request)
    manage_innovation.require(actor, innovation)
    names = ("public_pl", "public_en", "shows_innovator", "is_public")
    form = PublicForm(
        request.POST or None,
        initial={"revision": innovation.revision} | {name: getattr(innovation, name) for name in names},
    )
    kept, status = None, 200
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        try:
            acts.present(actor, innovation, seen=data.pop("revision"), **data)
        except ValidationError as error:
            put_errors(form, error)
        except Conflict:
            innovation.refresh_from_db()
            kept, status = innovation, 409
            again(form, revision=innovation.revision)
        else:
            messages.success(request, _("Saved."))
            return redirect("trials:team_innovation", pk=pk)
    page = Crumb(_("Public description"))
    context = {"innovation": innovation, "form": form, "kept": kept, "crumbs": crumbs(innovation, page)}
    return render(request, "trials/describe.html", context, status=422 if form.errors else status)


def terminate(request: HttpRequest, pk: int) -> HttpResponse:
    innovation = of_team(request, pk)
    manage_innovation.require(actor_of(request), innovation)
    back = reverse("trials:team_innovation", args=[pk])
    return _asked_why(request, innovation, acts.terminate, "trials/terminate.html", back)


def _asked_why(
    request: HttpRequest, innovation: Innovation, ends: Callable[..., Innovation], template: str, back: str
) -> HttpResponse:
    """Ask for the reason, end it, go back."""
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ends(actor_of(request), innovation, form.cleaned_data["why"])
        except ValidationError as error:
            put_errors(form, error)
        else:
            return redirect(back)
    context = {"innovation": innovation, "form": form, "back": back}
    return render(request, template, context, status=422 if form.errors else 200)


@require_POST
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about the grant for those who control it, as one archive."""
    innovation = of_team(request, pk)
    made = collect(actor_of(request), innovation)
    answer = HttpResponse(made, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{innovation.slug}.zip"'
    answer["Cache-Control"] = "private, no-store"
    return answer
