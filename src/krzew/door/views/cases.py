"""A case for its author: everything said so far, and what comes next."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from krzew.accounts.access import public
from krzew.accounts.throttle import too_many
from krzew.door.acts import cases as acts
from krzew.door.forms.cases import SayForm
from krzew.door.models import Case
from krzew.door.present import cases as present
from krzew.door.queries import cases as queries
from krzew.door.rules import OF_CALLS
from krzew.door.states import CaseState
from krzew.door.views.base import actor_of, by_link, put_errors

MOST_AN_HOUR = 40


@public
def case(request: HttpRequest, token: str) -> HttpResponse:
    """The thread, and a word to add."""
    row, form = by_link(token), SayForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _written(request, row, form):
        return redirect("door:case", token=token)
    context = {
        "case": row,
        "token": token,
        "form": form,
        "tags": [present.tag(row)],
        "moments": present.thread(queries.thread(row, notes=False), for_author=True),
        "open": row.state != CaseState.WITHDRAWN,
        "elsewhere": row.kind in OF_CALLS,
    }
    return render(request, "door/case.html", context, status=422 if form.errors else 200)


def _written(request: HttpRequest, row: Case, form: SayForm) -> bool:
    if too_many(request, "case", MOST_AN_HOUR):
        form.add_error(
            None, _("Many messages came in a short time. Wait a while; what you typed stays here.")
        )
        return False
    try:
        acts.write(actor_of(request), row, form.cleaned_data["text"])
    except ValidationError as error:
        put_errors(form, error)
        return False
    messages.success(request, _("Kept. The office sees it now."))
    return True


@public
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """Take the case back: asks first."""
    row = by_link(token)
    if row.state == CaseState.WITHDRAWN:
        return redirect("door:case", token=token)
    if request.method == "POST":
        acts.withdraw(actor_of(request), row)
        messages.success(request, _("Deleted: what you wrote and your address are gone."))
        return redirect("door:case", token=token)
    return render(request, "door/case_withdraw.html", {"case": row, "token": token})
