"""Calls for their team: prepared, checked, announced, amended, called off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from krzew.calls.acts import programmes as acts
from krzew.calls.acts.programmes_letters import people
from krzew.calls.acts.steps import Conflict
from krzew.calls.forms.programmes import AmendForm, CallForm, CancelForm
from krzew.calls.models import Call
from krzew.calls.present import programmes as present
from krzew.calls.programmes.readiness import needs
from krzew.calls.queries import programmes as queries
from krzew.calls.states import CallState, WrongState
from krzew.calls.views.base import actor_of, put_errors
from krzew.calls.views.programmes import crumbs
from krzew.calls.views.programmes import found as found_programme
from krzew.timeline.queries import history
from krzew.timeline.shown import moments
from krzew.ui.components import Crumb


def _found(request: HttpRequest, slug: str) -> Call:
    call = queries.managed_call(actor_of(request), slug)
    if call is None:
        raise Http404
    return call


def _crumbs(call: Call, *more: Crumb) -> list[Crumb]:
    return crumbs(call.programme, Crumb(call.name, reverse("calls:call_team", args=[call.slug])), *more)


def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Prepare the next round of a programme."""
    programme = found_programme(request, pk)
    form = CallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            call = acts.prepare_call(actor_of(request), programme, **form.kept())
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("Kept. Nobody outside sees it before you announce it."))
            return redirect("calls:call_team", slug=call.slug)
    context = {
        "form": form,
        "programme": programme,
        "crumbs": crumbs(programme, Crumb(_("Prepare a call"))),
        "title": _("Prepare a call"),
        "cancel_url": reverse("calls:programme", args=[programme.pk]),
    }
    return render(request, "calls/programmes_call_form.html", context, status=422 if form.errors else 200)


@require_safe
def team(request: HttpRequest, slug: str) -> HttpResponse:
    """Where the call stands, what is missing, what can be done."""
    call = _found(request, slug)
    wanted = needs(call) if call.state == CallState.DRAFT else []
    context = {
        "call": call,
        "crumbs": _crumbs(call),
        "tags": [present.tag(call)],
        "facts": present.call_facts(call),
        "tasks": present.ready(wanted, call),
        "is_ready": not any(need.blocks and not need.done for need in wanted),
        "counts": queries.applications_of(call),
        "work": present.work(call),
        "moments": moments(list(history(call))),
    }
    return render(request, "calls/programmes_call.html", context)


def change(request: HttpRequest, slug: str) -> HttpResponse:
    """Change a call that is not announced yet."""
    call = _found(request, slug)
    if call.state != CallState.DRAFT:
        return redirect("calls:call_team", slug=slug)
    form = CallForm.of(call, request.POST or None)
    save = _saver(acts.change_call, request, call)
    return _edited(request, call, form, lambda: save(**form.kept()), _("Change the call"))


def amend(request: HttpRequest, slug: str) -> HttpResponse:
    """Change what is announced: later dates, more money, texts; with a reason that everybody reads."""
    call = _found(request, slug)
    if call.state != CallState.PUBLISHED:
        return redirect("calls:call_team", slug=slug)
    form = AmendForm.of(call, request.POST or None)
    save = _saver(acts.amend_call, request, call)

    def act() -> Any:
        texts = {name: form.cleaned_data[name] for name in ("text_pl", "text_en")}
        return save(**texts, **form.changes())

    return _edited(request, call, form, act, _("Change the announcement"))


def _saver(act: Callable[..., Any], request: HttpRequest, call: Call) -> Callable[..., Any]:
    """The act with the revision that the page showed."""
    seen = request.POST.get("revision", "")
    return lambda **fields: act(actor_of(request), call, seen=int(seen) if seen.isdecimal() else 0, **fields)


def _edited(
    request: HttpRequest, call: Call, form: forms.Form, act: Callable[[], Any], title: str
) -> HttpResponse:
    """A form over a call: saved, refused beside its fields, or met by somebody else's change."""
    context = {
        "form": form,
        "call": call,
        "title": title,
        "crumbs": _crumbs(call, Crumb(title)),
        "cancel_url": reverse("calls:call_team", args=[call.slug]),
        "letters": _letters(call, "amended") if call.is_public else "",
    }
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except Conflict:
            return _two_wrote(request, call, form, context)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("calls:call_team", slug=call.slug)
    return render(request, "calls/programmes_call_form.html", context, status=422 if form.errors else 200)


def _letters(call: Call, what: str) -> str:
    """How many letters the act will write, and which of them wait."""
    held = [one.known for one in people(call, what)]
    return present.letters_note(sum(held), len(held) - sum(held))


def _two_wrote(request: HttpRequest, call: Call, form: forms.Form, context: dict[str, Any]) -> HttpResponse:
    """Somebody saved first: both are shown, and what was typed can be saved over it."""
    now = _found(request, call.slug)
    typed = request.POST.copy()
    typed["revision"] = str(now.revision)
    form.data = typed
    context |= {"call": now, "theirs": present.call_facts(now)}
    return render(request, "calls/programmes_call_form.html", context, status=409)


def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Announce, after reading what stays as it is from then on."""
    call = _found(request, slug)
    if call.state != CallState.DRAFT:
        return redirect("calls:call_team", slug=slug)
    errors: list[str] = []
    if request.method == "POST":
        try:
            acts.publish_call(actor_of(request), call)
        except ValidationError as error:
            errors = list(error.messages)
        except WrongState:
            return redirect("calls:call_team", slug=slug)
        else:
            messages.success(request, _("The call is announced. Everybody sees it now."))
            return redirect("calls:call_team", slug=slug)
    context = {
        "call": call,
        "crumbs": _crumbs(call, Crumb(_("Announce"))),
        "facts": present.call_facts(call),
        "frozen": present.frozen(call.programme.rules),
        "letters": _letters(call, "announced"),
        "problems": errors,
        "tasks": present.ready([need for need in needs(call) if not need.done], call),
        "is_ready": not errors and not [n for n in needs(call) if n.blocks and not n.done],
    }
    return render(request, "calls/programmes_publish.html", context, status=422 if errors else 200)


def cancel(request: HttpRequest, slug: str) -> HttpResponse:
    """Call off, with the reason that the public reads."""
    call = _found(request, slug)
    if call.state not in (CallState.DRAFT, CallState.PUBLISHED):
        return redirect("calls:call_team", slug=slug)
    form = CancelForm.of(call, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            acts.cancel_call(actor_of(request), call, **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        except WrongState:
            return redirect("calls:call_team", slug=slug)
        else:
            messages.success(request, _("The call is called off."))
            return redirect("calls:call_team", slug=slug)
    context = {
        "form": form,
        "call": call,
        "crumbs": _crumbs(call, Crumb(_("Call off"))),
        "letters": _letters(call, "amended") if call.is_public else "",
    }
    return render(request, "calls/programmes_cancel.html", context, status=422 if form.errors else 200)
