"""Applications of a call for its team: the list, one with its versions, and taking one down from paper."""

from __future__ import annotations

from dataclasses import replace

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from krzew.calls.acts import applications as acts
from krzew.calls.acts.paper import takes_paper
from krzew.calls.forms.applications import KeyInForm
from krzew.calls.models import Application, ApplicationVersion, Call
from krzew.calls.present import applications as present
from krzew.calls.present import applications_team as team
from krzew.calls.queries import applications as queries
from krzew.calls.queries import programmes
from krzew.calls.rules import manage_call
from krzew.calls.states import ApplicationState
from krzew.calls.views.applications import kinds_of
from krzew.calls.views.applications_base import download, printed
from krzew.calls.views.base import actor_of, put_errors
from krzew.timeline.models import Event
from krzew.timeline.queries import history
from krzew.timeline.shown import moments
from krzew.ui.components import Crumb, Moment, Tab

SHOWN = 50


def _call(request: HttpRequest, slug: str) -> Call:
    call = programmes.managed_calls(actor_of(request)).filter(slug=slug).first()
    if call is None:
        raise Http404
    return call


def _crumbs(call: Call, *more: Crumb) -> list[Crumb]:
    here = Crumb(_("Applications"), reverse("calls:team_applications", args=[call.slug]))
    return [Crumb(call.name, present.call_url(call)), here, *more]


@require_safe
def listing(request: HttpRequest, slug: str) -> HttpResponse:
    """Sent applications: filtered by state and stage, searched, sorted, by pages."""
    call, actor = _call(request, slug), actor_of(request)
    chosen = {name: request.GET.get(name, "")[:100] for name in ("state", "stage", "q", "sort")}
    rows = queries.team_applications(
        actor,
        call,
        state=chosen["state"],
        stage=chosen["stage"],
        text=chosen["q"],
        sort=chosen["sort"] or "number",
    )
    page = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
    context = {
        "call": call,
        "crumbs": _crumbs(call),
        "table": team.listing(call, page, chosen["sort"] or "number"),
        "page": page,
        "chosen": chosen,
        "tabs": _tabs(request, call, chosen["state"]),
        "stages": [(stage.code, str(stage.label)) for stage in call.rules.stages],
        "drafts": programmes.applications_of(call),
        "keyed": [(row, f"{queries.OWN}{row.pk}") for row in queries.being_keyed_in(actor, call)[:20]],
        "filtered": any(chosen[name] for name in ("state", "stage", "q")),
        "writable": takes_paper(call) and call.rules.form is not None,
    }
    return render(request, "calls/applications_team.html", context)


def _tabs(request: HttpRequest, call: Call, chosen: str) -> list[Tab]:
    counts = queries.state_counts(actor_of(request), call)
    here = reverse("calls:team_applications", args=[call.slug])
    tabs = [Tab(_("All"), here, current=not chosen, count=sum(counts.values()))]
    for state in ApplicationState:
        if counts.get(state) or chosen == state:
            tabs.append(
                Tab(
                    str(state.label),
                    f"{here}?state={state}",
                    current=chosen == state,
                    count=counts.get(state, 0),
                )
            )
    return tabs


def _found(request: HttpRequest, slug: str, pk: int) -> Application:
    application = queries.team_application(actor_of(request), _call(request, slug), pk)
    if application is None:
        raise Http404
    return application


@require_safe
def detail(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One application: what was sent, its files and statements, its versions and history."""
    application = _found(request, slug, pk)
    versions = list(application.versions.order_by("-number"))
    version = _chosen(versions, request.GET.get("version", ""))
    stage = application.call.rules.form
    assert stage is not None
    context = {
        "application": application,
        "crumbs": _crumbs(application.call, Crumb(application.label or str(application))),
        "tags": [present.tag(application.state)],
        "facts": present.facts(application),
        "version": version,
        "versions": versions,
        "sections": present.answers(stage, version.content) if version else [],
        "files": present.file_rows(version.content) if version else [],
        "statements": present.statements_said(version) if version else [],
        "stages": present.stages(application, application.state),
        "moments": _moments(application),
        "writes": f"{queries.OWN}{application.pk}" if application.keyed_by_id else "",
    }
    return render(request, "calls/applications_detail.html", context)


def _moments(application: Application) -> list[Moment]:
    """Once nobody is to be recognised, the history does not name the applicant's account either."""
    events = _history(application)
    team = application.call.programme.organisation_id
    hide = application.anonymised_at is not None
    return [
        replace(told, who=_("the applicant"))
        if hide and event.user_id and event.organisation_id != team
        else told
        for told, event in zip(moments(events), events, strict=True)
    ]


def _history(application: Application) -> list[Event]:
    """Without the single ticks: statements are listed with their times above."""
    ticks = ("calls.application_stated", "calls.application_unstated")
    return list(history(application).exclude(act__in=ticks))


def _chosen(versions: list[ApplicationVersion], number: str) -> ApplicationVersion | None:
    return next((v for v in versions if str(v.number) == number), versions[0] if versions else None)


@require_safe
def changes(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """How two versions differ; the last two when the address does not say which."""
    application = _found(request, slug, pk)
    versions = list(application.versions.order_by("-number"))
    if len(versions) < 2:
        return redirect("calls:team_application", slug=slug, pk=pk)
    new = _chosen(versions, request.GET.get("to", "")) or versions[0]
    old = _chosen(versions, request.GET.get("from", "") or str(versions[1].number)) or versions[1]
    stage = application.call.rules.form
    assert stage is not None
    url = reverse("calls:team_application", args=[slug, pk])
    context = {
        "application": application,
        "crumbs": _crumbs(application.call, Crumb(application.label, url), Crumb(_("Changes"))),
        "old": old,
        "new": new,
        "changes": team.changes(stage, old, new),
    }
    return render(request, "calls/applications_changes.html", context)


@require_safe
def copy(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    application = _found(request, slug, pk)
    version = queries.latest_version(application)
    if version is None:
        raise Http404
    return printed(application, version)


@require_safe
def file(request: HttpRequest, slug: str, pk: int, file: int) -> FileResponse:
    return download(get_object_or_404(_found(request, slug, pk).attachments, pk=file))


def key_in(request: HttpRequest, slug: str) -> HttpResponse:
    """Take an application down for somebody who does not write on the internet."""
    call = _call(request, slug)
    manage_call.require(actor_of(request), call)
    if call.rules.form is None:
        raise Http404
    form = KeyInForm(kinds_of(call), request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            row, _token = acts.key_in(
                actor_of(request),
                call,
                kind=data["kind"],
                channel=data["channel"],
                received_at=data["received_at"],
                received_why=data["received_why"],
            )
        except ValidationError as error:
            put_errors(form, error)
        else:
            return redirect("calls:application", token=f"{queries.OWN}{row.pk}")
    context = {
        "call": call,
        "form": form,
        "crumbs": _crumbs(call, Crumb(_("Take down an application"))),
        "closed": not call.is_writable(),
    }
    return render(request, "calls/applications_key_in.html", context, status=422 if form.errors else 200)
