"""The result for the applicant, under her link: what was decided, exactly why, and what she can do now."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from krzew.accounts.access import public
from krzew.calls.acts import applications as application_acts
from krzew.calls.acts import decisions_after as acts
from krzew.calls.acts import decisions_appeals as appeal_acts
from krzew.calls.decisions_words import letter
from krzew.calls.forms.decisions import AppealForm
from krzew.calls.models import Application
from krzew.calls.present import decisions_after as present
from krzew.calls.queries.applications import by_token
from krzew.calls.queries.decisions import known_decision
from krzew.calls.rules import may_give_up
from krzew.calls.states import ApplicationState, WrongState
from krzew.calls.views.base import actor_of, put_errors


def _found(request: HttpRequest, token: str) -> Application:
    row = by_token(actor_of(request), token)
    if row is None or row.state in (ApplicationState.DRAFT, ApplicationState.WITHDRAWN):
        raise Http404
    return row


@public
@never_cache
def told(request: HttpRequest, token: str, form: AppealForm | None = None) -> HttpResponse:
    """Before the release every application says the same: no result yet."""
    row = _found(request, token)
    decision = known_decision(row)
    if decision is None:
        return render(request, "calls/decision_waits.html", {"row": row, "token": token, "call": row.call})
    context = {
        "row": row,
        "call": row.call,
        "token": token,
        "decision": decision,
        "tag": present.told_tag(row, decision),
        "facts": present.told_facts(row, decision),
        "text": letter(row.call, row, decision)[1].split("\n\n", 2)[2],
        "offered": row.state == ApplicationState.OFFERED,
        "may_resign": row.state != ApplicationState.OFFERED and may_give_up(row),
        "may_appeal": appeal_acts.may_appeal(row) is not None,
        "until": present.appeal_until(row, decision),
        "appeals": row.appeals.order_by("-filed_at"),
        "form": form or AppealForm(),
    }
    return render(request, "calls/decision_told.html", context, status=422 if form else 200)


@public
@require_POST
def appeal(request: HttpRequest, token: str) -> HttpResponse:
    row, form = _found(request, token), AppealForm(request.POST)
    if not form.is_valid():
        return told(request, token, form)
    try:
        appeal_acts.file(actor_of(request), row, form.cleaned_data["text"], by_link=True)
    except ValidationError as error:
        put_errors(form, error)
        return told(request, token, form)
    messages.success(request, _("The appeal is filed. The answer comes here and by e-mail."))
    return redirect("calls:result", token=token)


@public
@require_POST
def answer_offer(request: HttpRequest, token: str) -> HttpResponse:
    """Take the offer, or give it up."""
    row = _found(request, token)
    try:
        if request.POST.get("go") == "accept":
            acts.accept(actor_of(request), row, by_link=True)
            messages.success(request, _("Taken. The team writes to you about the agreement."))
        elif known_decision(row) is not None:
            application_acts.resign(actor_of(request), row, reason=request.POST.get("reason", "")[:1000])
            messages.success(request, _("Given up. The money goes to the next one on the list."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except WrongState:
        messages.error(request, _("This is not possible any more. Look below where the application stands."))
    return redirect("calls:result", token=token)
