"""A question to the office, without an account and without an idea."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from krzew.accounts.access import public
from krzew.accounts.throttle import too_many
from krzew.door.acts import cases
from krzew.door.forms.cases import AskForm
from krzew.door.models import CaseKind
from krzew.door.views.base import actor_of

MOST_AN_HOUR = 12


@public
def ask(request: HttpRequest) -> HttpResponse:
    """One field; the answer comes under a link, and by e-mail if an address is left."""
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["website"] or too_many(request, "ask", MOST_AN_HOUR):
            form.add_error(
                None, _("Many questions came in a short time. Wait a while; what you typed stays here.")
            )
        else:
            return _asked(request, form)
    return render(request, "door/ask.html", {"form": form}, status=422 if form.errors else 200)


def _asked(request: HttpRequest, form: AskForm) -> HttpResponse:
    actor, data = actor_of(request), form.cleaned_data
    _case, token = cases.open_case(
        actor,
        CaseKind.QUESTION,
        text=data["text"],
        email=data["email"] or None,
        place=data["place"],
        language=get_language() or "pl",
        user=actor.user,
    )
    messages.success(request, _("Kept. The office answers here."))
    return redirect("door:case", token=token)
