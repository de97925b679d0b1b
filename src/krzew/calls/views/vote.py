"""The public vote: the page for everybody, and where the team announces it and counts."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from krzew.accounts.access import public
from krzew.calls.acts import vote as acts
from krzew.calls.definition.vote import VoteStage
from krzew.calls.forms.vote import AnnounceForm, BallotForm, CallOffForm, ProlongForm
from krzew.calls.models import Call, Vote
from krzew.calls.present import vote as present
from krzew.calls.present.formal import call_crumbs
from krzew.calls.queries import vote as queries
from krzew.calls.queries.programmes import call as seen_call
from krzew.calls.queries.selection import call_of_team
from krzew.calls.rules import take_part_in_vote
from krzew.calls.states import VoteState, WrongState
from krzew.calls.views.base import actor_of, put_errors
from krzew.ui.components import Crumb

SESSION = "vote"
"""Where a browser keeps the random word by which it is known to a vote; it says nothing about anybody."""


def _voted_on(request: HttpRequest, slug: str) -> tuple[Vote, VoteStage]:
    call = seen_call(actor_of(request), slug)
    stage = queries.vote_stage(call) if call and call.is_public else None
    vote = queries.current(call) if call and stage else None
    if vote is None or stage is None:
        raise Http404
    return vote, stage


@public
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Before: when. During: the ballot, asked once more before it counts. After: the count."""
    vote, stage = _voted_on(request, slug)
    if request.method == "POST" and vote.is_open():
        return _vote(request, vote, stage)
    return _page(request, vote, stage)


def _form(vote: Vote, data: Any = None) -> BallotForm:
    numbers = [row.application.number for row in queries.entries(vote) if row.application.number]
    return BallotForm(numbers, data)


def _vote(request: HttpRequest, vote: Vote, stage: VoteStage) -> HttpResponse:
    form = _form(vote, request.POST)
    if not form.is_valid():
        return _page(request, vote, stage, form)
    session = request.session.setdefault(SESSION, secrets.token_hex(16))
    chosen = form.cleaned_data["chosen"]
    try:
        if "sure" not in request.POST:
            acts.must_be_possible(actor_of(request), vote, chosen, session=session)
            return _page(request, vote, stage, form, sure=True)
        address = request.META.get("REMOTE_ADDR", "")
        acts.cast(actor_of(request), vote, chosen, session=session, address=address)
    except ValidationError as error:
        put_errors(form, error)
        return _page(request, vote, stage, form)
    messages.success(request, _("Your vote is in. Thank you."))
    return redirect("calls:vote", slug=vote.call.slug)


def _page(
    request: HttpRequest, vote: Vote, stage: VoteStage, form: BallotForm | None = None, *, sure: bool = False
) -> HttpResponse:
    may = take_part_in_vote.check(actor_of(request), vote)
    context = {
        "call": vote.call,
        "stage": stage,
        "vote": vote,
        "phase": present.phase(vote),
        "crumbs": call_crumbs(vote.call, Crumb(str(stage.label))),
        "tags": [present.tag(vote)],
        "dates": present.dates(vote),
        "rules": present.rules(stage),
        "closed": "" if may else may.reason,
        "voted": acts.has_voted(actor_of(request), vote, request.session.get(SESSION, "")),
        "sure": sure,
        "single": stage.choices == 1,
        **_shown(vote, stage, form),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "calls/vote.html", context, status=status)


def _shown(vote: Vote, stage: VoteStage, form: BallotForm | None) -> dict[str, Any]:
    """The choices, or the count; each with a constant number of queries."""
    rows = list(queries.entries(vote))
    if vote.state == VoteState.COUNTED:
        table = present.results(vote, rows, queries.tally(vote))
        return {"table": table, "turnout": present.turnout(vote)}
    sent = queries.answers_of(rows)
    stage_form = vote.call.rules.form
    fields = {f.code: f for f in stage_form.fields} if stage_form else {}
    marked = form.marked if form else set()
    found = present.options(stage, rows, sent, fields, queries.names_in(stage, fields, sent), marked)
    return {
        "options": found,
        "chosen": [one for one in found if one.marked],
        "form": form or _form(vote),
    }


# --- the team --------------------------------------------------------------------------------------------


def _held(request: HttpRequest, slug: str) -> tuple[Call, VoteStage]:
    call = call_of_team(actor_of(request), slug)
    stage = queries.vote_stage(call) if call else None
    if call is None or stage is None:
        raise Http404
    return call, stage


def _typed(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _running(request: HttpRequest, slug: str) -> Vote:
    call, _stage = _held(request, slug)
    vote = queries.current(call)
    if vote is None or vote.state != VoteState.ANNOUNCED:
        raise Http404
    return vote


def team(request: HttpRequest, slug: str) -> HttpResponse:
    """Where the vote stands, and what is next: announce, wait, count, let applications go on."""
    call, stage = _held(request, slug)
    vote = queries.current(call)
    form = AnnounceForm(_typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            acts.announce(actor_of(request), call, stage.code, **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The vote is announced. Everybody sees it now."))
            return redirect("calls:vote_team", slug=slug)
    rows = queries.waiting_at(call, stage.code)
    context = {
        "call": call,
        "stage": stage,
        "vote": vote,
        "phase": present.phase(vote) if vote else "",
        "tags": [present.tag(vote)] if vote else [],
        "crumbs": call_crumbs(call, Crumb(str(stage.label))),
        "dates": present.dates(vote) if vote else [],
        "rules": present.rules(stage),
        "table": present.team_list(call, rows),
        "form": form,
        "over": call.results_released_at is not None,
    }
    return render(request, "calls/vote_team.html", context, status=422 if form.errors else 200)


def prolong(request: HttpRequest, slug: str) -> HttpResponse:
    vote = _running(request, slug)
    form = ProlongForm(_typed(request), initial={"closes_at": vote.closes_at})
    act = lambda: acts.prolong(actor_of(request), vote, **form.cleaned_data)  # noqa: E731
    return _changed(request, vote, form, _("Make the vote longer"), act, _("The vote lasts longer now."))


def call_off(request: HttpRequest, slug: str) -> HttpResponse:
    vote = _running(request, slug)
    form = CallOffForm(_typed(request))
    act = lambda: acts.call_off(actor_of(request), vote, **form.cleaned_data)  # noqa: E731
    return _changed(request, vote, form, _("Call the vote off"), act, _("The vote is called off."))


def _changed(
    request: HttpRequest, vote: Vote, form: forms.Form, title: str, act: Callable[[], Any], done: str
) -> HttpResponse:
    """A form over a running vote: done, or refused beside its fields."""
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except ValidationError as error:
            put_errors(form, error)
        except WrongState:
            return redirect("calls:vote_team", slug=vote.call.slug)
        else:
            messages.success(request, done)
            return redirect("calls:vote_team", slug=vote.call.slug)
    context = {
        "form": form,
        "call": vote.call,
        "title": title,
        "danger": isinstance(form, CallOffForm),
        "crumbs": call_crumbs(
            vote.call,
            Crumb(_("Public vote"), reverse("calls:vote_team", args=[vote.call.slug])),
            Crumb(title),
        ),
    }
    return render(request, "calls/vote_change.html", context, status=422 if form.errors else 200)


@require_POST
def count(request: HttpRequest, slug: str) -> HttpResponse:
    """Publish the count. It happens by itself in the next daily round; nobody has to wait for that."""
    vote = _running(request, slug)
    try:
        acts.count(actor_of(request), vote)
    except (ValidationError, WrongState) as error:
        messages.error(request, " ".join(getattr(error, "messages", [_("The vote is counted already.")])))
    else:
        messages.success(request, _("The vote is counted, and the count is public."))
    return redirect("calls:vote_team", slug=slug)


@require_POST
def go_on(request: HttpRequest, slug: str) -> HttpResponse:
    call, stage = _held(request, slug)
    try:
        number = acts.go_on(actor_of(request), call, stage.code)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        text = ngettext("%(count)d application goes on.", "%(count)d applications go on.", number)
        messages.success(request, text % {"count": number})
    return redirect("calls:vote_team", slug=slug)
