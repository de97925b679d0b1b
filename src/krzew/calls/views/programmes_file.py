"""A programme as a file: taken along, changed elsewhere, and put back after its differences were read."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from krzew.calls.acts import programmes as acts
from krzew.calls.acts.steps import Conflict
from krzew.calls.definition import Definition, written
from krzew.calls.forms.programmes import FileForm
from krzew.calls.models import Programme
from krzew.calls.present import programmes as present
from krzew.calls.present import programmes_changes
from krzew.calls.programmes.changes import differences
from krzew.calls.programmes.versions import renewed
from krzew.calls.views.base import actor_of
from krzew.calls.views.programmes import crumbs, found, keep_text, read_file
from krzew.ui.components import Crumb


def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a changed file; show what differs; save it by a second button."""
    programme = found(request, pk)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        definition, problems = read_file(form)
        if definition is not None:
            return _read(request, programme, definition)
        return _page(request, programme, form, problems=problems, status=422)
    return _page(request, programme, form, status=422 if form.errors else 200)


def _page(
    request: HttpRequest,
    programme: Programme,
    form: FileForm,
    *,
    problems: list[str] | None = None,
    status: int,
) -> HttpResponse:
    context = {
        "programme": programme,
        "crumbs": crumbs(programme, Crumb(_("File"))),
        "tabs": present.tabs(programme, "programme_file"),
        "form": keep_text(form),
        "problems": problems or [],
    }
    return render(request, "calls/programmes_file.html", context, status=status)


def _read(request: HttpRequest, programme: Programme, definition: Definition) -> HttpResponse:
    """A right file: compared first, saved when that was asked for with the revision that was compared."""
    seen = request.POST.get("seen", "")
    if "save" not in request.POST or not (seen.isdecimal() and len(seen) < 10):
        return _compare(request, programme, definition)
    try:
        acts.change_programme(actor_of(request), programme, definition, seen=int(seen))
    except Conflict:
        return _compare(request, found(request, programme.pk), definition, meanwhile=True)
    messages.success(request, _("The programme is as in the file now."))
    return redirect("calls:programme", pk=programme.pk)


def _compare(
    request: HttpRequest, programme: Programme, definition: Definition, *, meanwhile: bool = False
) -> HttpResponse:
    new = renewed(programme.rules, definition)
    context = {
        "programme": programme,
        "crumbs": crumbs(programme, Crumb(_("File"))),
        "tabs": present.tabs(programme, "programme_file"),
        "table": programmes_changes.table(differences(programme.rules, new), programme.rules, new),
        "text": written(definition),
        "meanwhile": meanwhile,
    }
    return render(request, "calls/programmes_compare.html", context, status=409 if meanwhile else 200)
