"""Ready answers of the office."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from krzew.door.acts import canned as acts
from krzew.door.forms.cases import CannedForm
from krzew.door.queries import cases as queries
from krzew.door.rules import work_inbox
from krzew.door.views.base import actor_of
from krzew.door.views.inbox import crumbs
from krzew.ui.components import Crumb


def listing(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """All of them, and a form for a new one or for the one chosen."""
    actor = actor_of(request)
    work_inbox.require(actor)
    rows = queries.canned(actor)
    row = get_object_or_404(rows, pk=pk) if pk else None
    form = CannedForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        acts.keep_canned(actor, row, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("door:canned")
    context = {"rows": rows, "row": row, "form": form, "crumbs": crumbs(Crumb(_("Ready answers")))}
    return render(request, "door/canned.html", context, status=422 if form.errors else 200)


@require_POST
def put_away(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    acts.put_away(actor, get_object_or_404(queries.canned(actor), pk=pk))
    return redirect("door:canned")
