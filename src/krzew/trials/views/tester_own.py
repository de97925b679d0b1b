"""Pages without an account: tests that look for people, signing up, and a tester's own page by her link."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from krzew.accounts.access import public
from krzew.accounts.throttle import too_many
from krzew.timeline.icalendar import CalendarEvent, calendar
from krzew.trials.acts import testers as acts
from krzew.trials.forms.tester_own import AgreeForm, GuardianForm
from krzew.trials.forms.testers import LeaveForm, SignUpForm
from krzew.trials.models import Test, Tester
from krzew.trials.present import testers as present
from krzew.trials.queries import testers as queries
from krzew.trials.small.phases import phases
from krzew.trials.states import TesterState
from krzew.trials.views.base import put_errors
from krzew.ui.components import Crumb

SIGN_UPS_PER_HOUR = 10
SHOWN = 30


@public
@require_safe
def open_tests(request: HttpRequest) -> HttpResponse:
    """Tests that look for people."""
    page = Paginator(queries.looking(), SHOWN).get_page(request.GET.get("page"))
    return render(request, "trials/open_tests.html", {"page": page})


def _open(slug: str) -> Test:
    test = queries.looking_one(slug)
    if test is None:
        raise Http404
    return test


@public
@never_cache
def open_test(request: HttpRequest, slug: str) -> HttpResponse:
    """One invitation, and a form with few fields."""
    test = _open(slug)
    form = SignUpForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and not form.cleaned_data["website"]:
        if too_many(request, "tester", SIGN_UPS_PER_HOUR):
            form.add_error(None, _("Many people signed up from here in the last hour. Try again later."))
        else:
            try:
                _tester, token = acts.sign_up(test, form.cleaned_data, language=(get_language() or "pl")[:2])
            except ValidationError as error:
                put_errors(form, error)
            else:
                return redirect("trials:tester", token=token)
    crumbs = [Crumb(_("Tests that look for people"), reverse("trials:open_tests")), Crumb(str(test))]
    context = {"test": test, "form": form, "crumbs": crumbs, "phases": phases(test)}
    return render(request, "trials/open_test.html", context, status=422 if form.errors else 200)


def _tester(token: str) -> Tester:
    tester = queries.by_token(token)
    if tester is None:
        raise Http404
    return tester


@public
@never_cache
@require_safe
def own(request: HttpRequest, token: str) -> HttpResponse:
    """Her own page: agree, refuse, leave, see what is kept."""
    return _own_page(request, _tester(token), token)


def _own_page(
    request: HttpRequest, tester: Tester, token: str, status: int = 200, error: str = ""
) -> HttpResponse:
    text = queries.newest_text(tester.test)
    asks = tester.state in (TesterState.INVITED, TesterState.AGREED) and text is not None
    lacks = queries.needed(tester) - queries.given(tester, text) if asks else set()
    pl = (get_language() or "pl").startswith("pl")
    words = ((text.text_pl if pl else text.text_en) or text.text_pl) if text else ""
    context: dict[str, Any] = {
        "tester": tester,
        "test": tester.test,
        "token": token,
        "text": text,
        "consent": words,
        "consent_lang": "pl" if pl or not (text and text.text_en) else "en",
        "own_lacks": False in lacks,
        "guardian_lacks": True in lacks,
        "agree": AgreeForm(initial={"text": text.number}) if text else None,
        "guardian": GuardianForm(initial={"text": text.number}, auto_id="g_%s") if text else None,
        "ready": queries.is_ready(tester, text),
        "in_test": tester.state in queries.IN_TEST,
        "leave": LeaveForm(auto_id="l_%s"),
        "facts": present.kept_about(tester, tester.measurements.count()),
        "until": present.until(tester.test),
        "phases": phases(tester.test),
        "error": error,
    }
    return render(request, "trials/tester_own.html", context, status=status)


@public
@require_POST
def agree(request: HttpRequest, token: str) -> HttpResponse:
    """She agrees, or her guardian does, to the version that was on the page."""
    tester = _tester(token)
    form = GuardianForm(request.POST)
    text = None
    if form.is_valid():
        text = tester.test.consent_texts.filter(number=form.cleaned_data["text"]).first()
    if text is None:
        return _own_page(request, tester, token, 422, _("Read the text below and agree again, please."))
    guardian = form.cleaned_data["guardian"]
    try:
        acts.agree(tester, text, by_guardian="by_guardian" in request.POST, guardian=guardian)
    except ValidationError as error:
        return _own_page(request, _tester(token), token, 422, " ".join(error.messages))
    return redirect("trials:tester", token=token)


@public
@require_POST
def refuse(request: HttpRequest, token: str) -> HttpResponse:
    """She says no. Nobody asks why."""
    tester = _tester(token)
    if tester.state in (TesterState.INVITED, TesterState.SIGNED_UP):
        acts.refuse(tester)
    return redirect("trials:tester", token=token)


@public
@require_POST
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """She takes back her consent."""
    tester = _tester(token)
    form = LeaveForm(request.POST)
    if form.is_valid() and tester.state in queries.IN_TEST:
        acts.leave(tester, why=form.cleaned_data["why"], keep_answers=form.cleaned_data["keep_answers"])
    return redirect("trials:tester", token=token)


@public
@require_safe
def dates(request: HttpRequest, token: str) -> HttpResponse:
    """The dates of the test for her own calendar. The file says nothing about her, and holds no link."""
    test = _tester(token).test
    title = str(test.innovation)
    events = [
        CalendarEvent(f"test-{test.pk}-{phase.code}-{name}@krzew", at, f"{title}: {said}", tester_time(test))
        for phase in phases(test)
        for name, at, said in (
            ("from", phase.begins, _("%(phase)s begins") % {"phase": phase.label}),
            ("to", phase.ends, _("%(phase)s ends") % {"phase": phase.label}),
        )
    ]
    answer = HttpResponse(calendar(title, events), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="test.ics"'
    return answer


def tester_time(test: Test) -> Any:
    """When the dates last changed, as far as it is known: the day on which the innovation began."""
    return test.innovation.begun_at
