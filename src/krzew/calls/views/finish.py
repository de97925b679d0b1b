"""The end of a call."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from krzew.calls.acts.finish import finish_call, waits
from krzew.calls.present.formal import call_crumbs
from krzew.calls.queries.programmes import managed_call
from krzew.calls.states import CallState
from krzew.calls.views.base import actor_of
from krzew.ui.components import Crumb


def finish(request: HttpRequest, slug: str) -> HttpResponse:
    """Ends a decided call, after saying what that means and what still waits."""
    call = managed_call(actor_of(request), slug)
    if call is None:
        raise Http404
    if call.state != CallState.DECIDED:
        return redirect("calls:call_team", slug=slug)
    found = waits(call)
    if request.method == "POST":
        try:
            finish_call(actor_of(request), call)
        except ValidationError as error:
            found = list(error.messages)
        else:
            messages.success(request, _("The call is finished."))
            return redirect("calls:call_team", slug=slug)
    context = {"call": call, "waits": found, "crumbs": call_crumbs(call, Crumb(_("Finish the call")))}
    return render(request, "calls/finish.html", context, status=422 if request.method == "POST" else 200)
