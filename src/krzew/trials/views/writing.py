"""A page on which long answers are written: saved as typed, nothing lost, two windows shown side by side."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from krzew.calls.applications.check import Filled
from krzew.calls.definition.form import FormField, Section
from krzew.calls.forms.applications import shown_fields, sums, visible
from krzew.calls.present.applications import draft_said
from krzew.trials.acts.steps import Conflict
from krzew.trials.forms.specification import WrittenForm
from krzew.trials.views.base import is_htmx, put_errors
from krzew.ui.components import Fact

Save = Callable[..., Any]


@dataclass
class Writing:
    """What is written where. `read` gives the row and its answers as they are now; `save` is an act."""

    read: Callable[[], tuple[Any, Filled]]
    section: Section
    save: Save
    action: str
    onward: str
    back: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    notes: Mapping[str, list[Any]] = field(default_factory=dict)
    known: Mapping[str, list[Any]] = field(default_factory=dict)


def as_of_now(form: Any, revision: int) -> None:
    """Let what was typed be sent again over what is kept now."""
    form.data = form.data.copy()
    form.data["revision"] = str(revision)


def answer(request: HttpRequest, page: Writing) -> HttpResponse:
    if request.method == "POST":
        return _save(request, page)
    row, whole = page.read()
    form = _fresh(request, page, row, whole)
    if is_htmx(request):
        return render(request, "trials/_writing_fields.html", _fields(page, form))
    return _shown(request, page, form)


def _fresh(request: HttpRequest, page: Writing, row: Any, whole: Filled) -> WrittenForm:
    """What is kept; from the check page one comes to a form on which what is missing is marked."""
    fields = visible(whole, page.section, live=is_htmx(request))
    if "check" not in request.GET:
        return WrittenForm(whole, fields, row.revision)
    data = {**whole.answers, "revision": row.revision, "shown": " ".join(one.code for one in fields)}
    form = WrittenForm(whole, fields, row.revision, data)
    form.complain(whole, missing=True)
    return form


def _typed(request: HttpRequest, page: Writing, row: Any, whole: Filled, data: Any) -> WrittenForm:
    fields = shown_fields(whole, page.section, request.POST.get("shown"))
    return WrittenForm(whole, fields, row.revision, data, more=request.POST.get("more", ""))


def _save(request: HttpRequest, page: Writing) -> HttpResponse:
    row, whole = page.read()
    form = _typed(request, page, row, whole, request.POST)
    form.is_valid()
    window, pressed = request.POST.get("window", "")[:16], not is_htmx(request)
    try:
        seen = form.cleaned_data.get("revision", -1)
        page.save(form.typed(), seen=seen, window=window, pressed=pressed)
    except Conflict as conflict:
        return _conflict(request, page, form, conflict)
    except ValidationError as error:
        if is_htmx(request):
            return _said(request, row, " ".join(error.messages))
        put_errors(form, error)
        return _shown(request, page, form, status=422)
    return _saved(request, page)


def _said(request: HttpRequest, row: Any, said: str) -> HttpResponse:
    return render(request, "trials/_writing_saved.html", {"row": row, "said": said})


def _saved(request: HttpRequest, page: Writing) -> HttpResponse:
    row, whole = page.read()
    if is_htmx(request):
        return _by_itself(request, page, row, whole)
    data = request.POST.copy()
    data["revision"] = str(row.revision)
    form = _typed(request, page, row, whole, data)
    if "more" in request.POST:
        return _shown(request, page, form)
    if form.complain(whole, missing=False) and "back" not in request.POST:
        return _shown(request, page, form, status=422)
    messages.success(request, _("Saved."))
    return redirect(page.back if "back" in request.POST else page.onward)


def _by_itself(request: HttpRequest, page: Writing, row: Any, whole: Filled) -> HttpResponse:
    """The short answer to saving by itself: the time, new sums, and questions that appear or go."""
    fields = visible(whole, page.section, live=True)
    flipped = {one.code for one in fields} != set(request.POST.get("shown", "").split())
    context: dict[str, Any] = {"row": row, "sums": _sums(whole, fields), "flipped": flipped}
    if flipped:
        context |= _fields(page, WrittenForm(whole, fields, row.revision))
    return render(request, "trials/_writing_saved.html", context)


def _sums(whole: Filled, fields: list[FormField]) -> list[tuple[str, str, bool]]:
    found = []
    for one in fields:
        phases = {key: said for key, said in sums(whole, one).items() if key}  # "" is a plan without phases
        for phase, said in phases.items():
            key = f"{one.code}--all" if phase == "*" else f"{one.code}-{phase}"
            found.append((key, said, phase == "*"))
    return found


def _fields(page: Writing, form: WrittenForm) -> dict[str, Any]:
    """Each question with what stands beside it."""
    rows = [
        {"bound": bound, "notes": page.notes.get(bound.name, []), "known": page.known.get(bound.name, [])}
        for bound in form.visible_fields()
    ]
    return {"form": form, "rows": rows}


def _shown(request: HttpRequest, page: Writing, form: WrittenForm, status: int = 200) -> HttpResponse:
    here = {one.code for one in page.section.fields}
    follows = any(one.when is not None and one.when.field in here for one in page.section.fields)
    context = {
        **page.context,
        **_fields(page, form),
        "row": page.read()[0],
        "action": page.action,
        "onward": page.onward,
        "back": page.back,
        "window": request.POST.get("window", "")[:16] or secrets.token_hex(4),
        "load_url": page.action if follows and not form.errors else "",
    }
    return render(request, page.template, context, status=status)


def _conflict(request: HttpRequest, page: Writing, form: WrittenForm, conflict: Conflict) -> HttpResponse:
    """Another window saved first: both are shown, and nothing that was typed is lost."""
    said = _("This was changed in another window in the meantime. Compare both and save again.")
    row, whole = page.read()
    if is_htmx(request):
        return _said(request, row, said)
    as_of_now(form, row.revision)
    theirs = [
        Fact(str(one.label), (draft_said(one, whole.answers.get(one.code)) or "–").split("\n"))
        for one in page.section.fields
        if one.code in form.fields
    ]
    context = {**page.context, "form": form, "said": said, "theirs": theirs, "onward": page.back}
    return render(request, "trials/writing_conflict.html", context, status=409)
