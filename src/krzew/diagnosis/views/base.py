"""What every page of a diagnosis shares: finding it, its tabs, and saving with a clear page when two people meet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from krzew.accounts.actors import Actor
from krzew.diagnosis import present, queries
from krzew.diagnosis.acts.lock import Conflict
from krzew.diagnosis.forms import Seen
from krzew.diagnosis.models import Diagnosis
from krzew.diagnosis.result import Result
from krzew.diagnosis.rules import advise_diagnosis, edit_diagnosis
from krzew.methods import MethodError
from krzew.timeline.queries import history

Page = Callable[..., HttpResponse]


def actor_of(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined,no-any-return]


def found(request: HttpRequest, pk: int) -> Diagnosis:
    """The diagnosis, if the actor may read it; otherwise it does not exist for her."""
    diagnosis = queries.diagnosis(actor_of(request), pk).first()
    if diagnosis is None:
        raise Http404
    return diagnosis


def result_or_problem(diagnosis: Diagnosis) -> tuple[Result | None, str]:
    """The result; or, when the input cannot be computed with, what to correct."""
    try:
        return queries.result_of(diagnosis), ""
    except MethodError as error:
        return None, str(error)


def page(
    request: HttpRequest,
    template: str,
    diagnosis: Diagnosis,
    tab: str,
    context: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    """One tab of a diagnosis in its frame."""
    actor = actor_of(request)
    shared = {
        "diagnosis": diagnosis,
        "tab": tab,
        "tabs": present.tabs(diagnosis, tab, actor),
        "crumbs": present.crumbs(diagnosis, tab),
        "tags": present.state_tags(diagnosis),
        "may_edit": edit_diagnosis.allows(actor, diagnosis),
        "may_advise": advise_diagnosis.allows(actor, diagnosis),
    }
    return render(request, template, shared | context, status=status)


def save(
    request: HttpRequest,
    diagnosis: Diagnosis,
    form: Seen,
    act: Callable[[dict[str, Any]], Any],
    again: Callable[[Any], HttpResponse],
    to: str,
    said: str,
) -> HttpResponse:
    """Call one act with what was typed. Errors come back on the page with everything kept; so does a conflict."""
    if not form.is_valid():
        return again(form)
    try:
        act(form.cleaned_data)
    except Conflict:
        return conflict(request, diagnosis, form, to)
    except ValidationError as error:
        form.add_error(None, error) if not hasattr(error, "error_dict") else _add_errors(form, error)
        return again(form)
    messages.success(request, said)
    return redirect(to)


def _add_errors(form: forms.Form, error: ValidationError) -> None:
    for name, texts in error.message_dict.items():
        form.add_error(name if name in form.fields else None, texts)


def conflict(request: HttpRequest, diagnosis: Diagnosis, form: Seen, to: str) -> HttpResponse:
    """Somebody else saved the same part first: show both values and let the adviser choose. Nothing is lost."""
    now = Diagnosis.objects.get(pk=diagnosis.pk)
    last = history(now).select_related("user").last()
    kept = [
        (name, value) for name in request.POST for value in request.POST.getlist(name) if name not in SKIPPED
    ]
    context = {
        "rows": present.both_values(form, form.saved(now, form.cleaned_data)),
        "who": last.user if last else None,
        "when": last.at if last else None,
        "kept": kept,
        "revision": now.revision,
        "back": to,
    }
    return page(request, "diagnosis/conflict.html", now, "", context, status=409)


SKIPPED = {"csrfmiddlewaretoken", "revision"}
