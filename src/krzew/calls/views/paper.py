"""When an application that the team takes down reached the office."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from krzew.calls.acts.paper import state_received, takes_paper
from krzew.calls.forms.applications import ReceivedForm
from krzew.calls.present.formal import call_crumbs
from krzew.calls.queries.applications import OWN, being_keyed_in
from krzew.calls.queries.programmes import managed_call
from krzew.calls.views.base import actor_of, put_errors
from krzew.ui.components import Crumb


def received(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The moment and how it is known, for one that is being typed."""
    call = managed_call(actor_of(request), slug)
    row = being_keyed_in(actor_of(request), call).filter(pk=pk).first() if call else None
    if call is None or row is None or not takes_paper(call):
        raise Http404
    first = {"received_at": row.received_at, "received_why": row.received_why}
    form, back = ReceivedForm(request.POST or None, initial=first), f"{OWN}{row.pk}"
    for field in form.fields.values():
        field.required = True
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            state_received(actor_of(request), row, received_at=data["received_at"], why=data["received_why"])
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("Kept."))
            return redirect("calls:application", token=back)
    context = {
        "call": call,
        "form": form,
        "row": row,
        "crumbs": call_crumbs(call, Crumb(_("When it reached the office"))),
        "cancel_url": reverse("calls:application", args=[back]),
    }
    return render(request, "calls/paper.html", context, status=422 if form.errors else 200)
