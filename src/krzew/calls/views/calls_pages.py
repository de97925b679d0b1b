"""Calls for everybody: the list, one call, its rules as a file, its dates as a calendar."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from krzew.accounts.access import public
from krzew.calls.definition import written
from krzew.calls.models import Call
from krzew.calls.present import calls_pages as present
from krzew.calls.present import programmes_words as words
from krzew.calls.present import vote as public_vote
from krzew.calls.queries import programmes as queries
from krzew.calls.rules import manage_call, new_programme
from krzew.calls.views.base import actor_of
from krzew.timeline.icalendar import CalendarEvent, calendar
from krzew.ui.components import Crumb

SHOWN = 30


def _found(request: HttpRequest, slug: str) -> Call:
    call = queries.call(actor_of(request), slug)
    if call is None:
        raise Http404
    return call


@public
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Open and coming calls in full, closed ones as a table."""
    now = timezone.now()
    current = queries.current_calls()
    page = Paginator(queries.past_calls(), SHOWN).get_page(request.GET.get("page"))
    context = {
        "open": [present.row(call, now) for call in current if call.opens_at <= now],
        "coming": [present.row(call, now) for call in current if call.opens_at > now],
        "page": page,
        "table": present.past(page),
        "may_make": new_programme.allows(actor_of(request)),
    }
    return render(request, "calls/calls.html", context)


@public
@require_safe
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything that one has to know before applying. Its team sees it before it is announced."""
    call, now = _found(request, slug), timezone.now()
    rules = call.rules if call.is_public else call.programme.rules
    context = {
        "call": call,
        "crumbs": [Crumb(_("Calls"), reverse("calls:calls")), Crumb(call.name)],
        "tags": [present.phase(call, now)],
        "facts": present.facts(call),
        "dates": [*present.dates(call, now), *public_vote.dates_of(call)],
        "who": words.applicants(rules),
        "money": words.grant(rules, call.pool),
        "steps": present.steps(call, rules, now),
        "stages": words.stages(rules),
        "changes": present.amendments(call),
        "fingerprints": present.fingerprints(call, rules),
        "vote": public_vote.invitation(call) if call.is_public else {},
        "apply_url": present.apply_url(call, now),
        "is_coming": call.is_public and now < call.opens_at,
        "may_manage": manage_call.allows(actor_of(request), call),
    }
    return render(request, "calls/call.html", context)


@public
@require_safe
def rules_file(request: HttpRequest, slug: str) -> HttpResponse:
    """The rules as they were announced, as one file; texts of letters that are not sent yet stay at home."""
    call = _found(request, slug)
    rules = call.rules if call.is_public else call.programme.rules
    stages = [s.model_copy(update={"letters": {}}) if s.kind == "decision" else s for s in rules.stages]
    shown = rules.model_copy(update={"stages": tuple(stages), "open_questions": ()})
    return attached(written(shown), f"{call.slug}.toml", "application/toml")


def attached(content: str, name: str, kind: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=f"{kind}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _events(request: HttpRequest, call: Call) -> list[CalendarEvent]:
    url = request.build_absolute_uri(reverse("calls:call", args=[call.slug]))
    return present.events(call, request.get_host().partition(":")[0], url)


@public
@require_safe
def call_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    call = _found(request, slug)
    if not call.is_public:
        raise Http404
    return attached(calendar(call.name, _events(request, call)), f"{call.slug}.ics", "text/calendar")


@public
@require_safe
def all_calendar(request: HttpRequest) -> HttpResponse:
    """A feed to subscribe to: calls that are open or coming, and those called off before their end."""
    found = [event for call in queries.dated_calls() for event in _events(request, call)]
    return attached(calendar(_("Calls"), found), "calls.ics", "text/calendar")
