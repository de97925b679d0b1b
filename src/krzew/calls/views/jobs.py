"""How far longer work is: the piece of a page that is asked for again until the work is done."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from krzew.calls import jobs
from krzew.calls.models import Call
from krzew.calls.present.jobs import shown
from krzew.calls.queries.selection import call_of_team
from krzew.calls.views.base import actor_of, is_htmx
from krzew.timeline.acts import object_key
from krzew.timeline.models import Job, JobState


def progress(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The bar while it works; then the page on which the result stands."""
    call = get_object_or_404(Call, pk=getattr(call_of_team(actor_of(request), slug), "pk", None))
    object_type, object_id = object_key(call)
    job = get_object_or_404(Job, pk=pk, object_type=object_type, object_id=object_id)
    place = _place(call, job)
    if not is_htmx(request):
        return redirect(place)
    if job.is_open and not job.is_silent:
        return render(request, "ui/progress.html", {"progress": shown(call, job, label(job.kind))})
    if job.state == JobState.DONE:
        messages.success(request, job.message)
    answer = HttpResponse(status=204)
    answer["HX-Redirect"] = place
    return answer


def label(kind: str) -> str:
    """The work in words."""
    return {
        jobs.PROPOSE: _("Proposing who assesses what"),
        jobs.RANK: _("Making the ranking"),
        jobs.RELEASE: _("Announcing the results"),
    }[kind.partition(":")[0]]


def _place(call: Call, job: Job) -> str:
    kind, _colon, code = job.kind.partition(":")
    if kind == jobs.PROPOSE:
        return reverse("calls:assessment_plan", args=[call.slug, code])
    if kind == jobs.RANK:
        return reverse("calls:ranking", args=[call.slug])
    done = job.state == JobState.DONE
    return reverse("calls:after" if done else "calls:decisions_letters", args=[call.slug])
