"""Checking and sending an application, its printed copy, taking it back, giving up a grant."""

from __future__ import annotations

from contextlib import suppress

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from krzew.accounts.access import public
from krzew.calls.acts import applications as acts
from krzew.calls.acts.steps import Conflict
from krzew.calls.applications.check import Filled, lacks
from krzew.calls.forms.applications import ResignForm
from krzew.calls.models import Application
from krzew.calls.present import applications as present
from krzew.calls.queries import applications as queries
from krzew.calls.queries.organiser import own_application
from krzew.calls.rules import may_give_up
from krzew.calls.states import ApplicationState, WrongState
from krzew.calls.views.applications_base import found, page, printed
from krzew.calls.views.base import actor_of
from krzew.ui.formats import moment


@public
@never_cache
def check(request: HttpRequest, token: str) -> HttpResponse:
    """Everything once more, what is missing with links to it, and the button that sends."""
    application = found(request, token)
    if not acts.is_writable(application):
        return redirect("calls:application", token=token)
    return _check_page(request, application, token)


def _check_page(
    request: HttpRequest, application: Application, token: str, said: str = "", status: int = 200
) -> HttpResponse:
    filled = queries.filled(application)
    found_lacks = lacks(filled)
    context = {
        "lacks": present.lack_links(found_lacks, token),
        "sections": present.draft_answers(filled, token),
        "ready": not found_lacks,
        "not_yet": _not_yet(application) or _not_allowed(application, filled),
        "said": said,
        "returned": application.state == ApplicationState.RETURNED,
    }
    template = "calls/applications_check.html"
    return page(request, application, token, template, filled=filled, key="check", status=status, **context)


def _not_yet(application: Application) -> str:
    """Why it cannot be sent now although it can be written."""
    call = application.call
    if application.state == ApplicationState.RETURNED or acts.takes(application):
        return ""
    return _("Sending opens on %(day)s. Until then you may write and correct.") % {
        "day": moment(call.submit_from)
    }


def _not_allowed(application: Application, filled: Filled) -> str:
    """What the rules forbid this applicant is told before the button, not after it."""
    if application.state != ApplicationState.DRAFT:
        return ""
    return own_application(application, filled.members) or acts.over_limit(application, filled)


@public
@require_POST
def send(request: HttpRequest, token: str) -> HttpResponse:
    application = found(request, token)
    act = acts.complete if application.state == ApplicationState.RETURNED else acts.submit
    seen = request.POST.get("revision", "")
    try:
        act(actor_of(request), application, seen=int(seen) if seen.isdecimal() else -1)
    except WrongState:
        return redirect("calls:application", token=token)
    except Conflict:
        said = _(
            "This application was changed in another window in the meantime. Read it once more and send it."
        )
        return _check_page(request, found(request, token), token, said, 409)
    except ValidationError as error:
        return _not_sent(request, token, error)
    messages.success(
        request, _("The application is sent. Its number is %(number)s.") % {"number": application.label}
    )
    return redirect("calls:application", token=token)


def _not_sent(request: HttpRequest, token: str, error: ValidationError) -> HttpResponse:
    application = found(request, token)
    said = "" if isinstance(error, acts.NotReady) else " ".join(error.messages)
    if acts.is_writable(application):
        return _check_page(request, application, token, said, 422)
    messages.error(request, said or _("The time is over: the application was not sent."))
    return redirect("calls:application", token=token)


@public
@require_safe
@never_cache
def copy(request: HttpRequest, token: str) -> HttpResponse:
    """What was sent last, as PDF."""
    application = found(request, token)
    version = queries.latest_version(application)
    if version is None:
        raise Http404
    return printed(application, version)


@public
@never_cache
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """Take it back: asks first."""
    application = found(request, token)
    open_ = (ApplicationState.DRAFT, ApplicationState.SUBMITTED, ApplicationState.RETURNED)
    if application.state not in open_:
        return redirect("calls:application", token=token)
    if request.method == "POST":
        with suppress(WrongState):  # pressed twice, or decided meanwhile: the page says where it stands
            acts.withdraw(actor_of(request), application)
            messages.success(request, _("The application is taken back."))
        return redirect("calls:application", token=token)
    context = {
        "application": application,
        "token": token,
        "draft": application.state == ApplicationState.DRAFT,
    }
    return render(request, "calls/applications_withdraw.html", context)


@public
@never_cache
def resign(request: HttpRequest, token: str) -> HttpResponse:
    """Give up a grant or a place on the reserve list: asks first."""
    application = found(request, token)
    form = ResignForm(request.POST or None)
    if not may_give_up(application, present.state_for_applicant(application)):
        return redirect("calls:application", token=token)
    if request.method == "POST" and form.is_valid():
        with suppress(WrongState):
            acts.resign(actor_of(request), application, reason=form.cleaned_data["reason"])
            messages.success(request, _("The grant is given up. The team is told."))
        return redirect("calls:application", token=token)
    context = {"application": application, "token": token, "form": form}
    return render(request, "calls/applications_resign.html", context, status=422 if form.errors else 200)
