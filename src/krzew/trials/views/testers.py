"""Testers for the innovator and the team: codes everywhere, names only where they are opened."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from krzew.timeline.transitions import WrongState
from krzew.trials.acts import testers as acts
from krzew.trials.forms.testers import ConsentTextForm, DescribeForm, InviteForm, LeaveForm
from krzew.trials.models import Tester
from krzew.trials.present import testers as present
from krzew.trials.queries import testers as queries
from krzew.trials.states import TesterState
from krzew.trials.views.test_base import TOO_LATE, Side, is_over, kept, must_write, shown, typed
from krzew.ui.components import Crumb


def listing(request: HttpRequest, side: Side) -> HttpResponse:
    """Everybody by code. Names and contacts are opened by a button, and the time-line keeps that they were."""
    test = side.planned()
    opened = request.method == "POST" and "names" in request.POST
    if opened:
        must_write(side)
        acts.show_names(side.actor, side.innovation, innovator=side.innovator)
    people = list(queries.named(test) if opened else queries.coded(test))
    text = queries.newest_text(test)
    context = {
        "crumbs": side.crumbs(Crumb(_("Testers"))),
        "table": present.table(side, people, text, opened),
        "opened": opened,
        "text": text,
        "over": is_over(test),
        "links": {name: side.url(name) for name in ("tester_invite", "consent_text", "test_call")},
    }
    return shown(request, side, "trials/testers.html", context)


def invite(request: HttpRequest, side: Side) -> HttpResponse:
    """Put somebody on the list; then the link to hand over is shown once."""
    must_write(side)
    test = side.planned()
    form = InviteForm(typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            tester, token = acts.invite(side.actor, test, form.cleaned_data, innovator=side.innovator)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return _link(request, side, tester, token)
    title = _("Invite somebody")
    context = {
        "title": title,
        "form": form,
        "cancel_url": side.url("testers"),
        "submit": _("Put on the list"),
    }
    context["crumbs"] = side.crumbs(Crumb(_("Testers"), side.url("testers")), Crumb(title))
    return shown(request, side, "trials/test_form.html", context, 422 if form.errors else 200)


def _link(request: HttpRequest, side: Side, tester: Tester, token: str) -> HttpResponse:
    """The only time that this link can be seen: only its fingerprint is kept."""
    address = request.build_absolute_uri(reverse("trials:tester", args=[token]))
    crumbs = side.crumbs(Crumb(_("Testers"), side.url("testers")), Crumb(tester.code))
    context = {"tester": tester, "address": address, "back": side.url("testers"), "crumbs": crumbs}
    return shown(request, side, "trials/tester_link.html", context)


def _found(side: Side, code: str) -> Tester:
    tester = queries.by_code(side.planned(), code)
    if tester is None:
        raise Http404
    return tester


def one(request: HttpRequest, side: Side, code: str) -> HttpResponse:
    """One tester: consents, who she is by the plan, what can be done. Her name is shown to the innovator alone."""
    tester = _found(side, code)
    form = DescribeForm(typed(request), tester)
    text = queries.newest_text(tester.test)

    def save() -> None:
        data = {"profile": []} | form.cleaned_data
        acts.describe(side.actor, tester, innovator=side.innovator, **data)

    crumbs = side.crumbs(Crumb(_("Testers"), side.url("testers")), Crumb(tester.code))
    return kept(
        request,
        side,
        form,
        save,
        title=tester.code,
        done=side.url("tester_one", code),
        template="trials/tester_one.html",
        crumbs=crumbs,
        tester=tester,
        tags=[present.tag(tester, text)],
        facts=present.facts(tester, text, personal=side.innovator),
        does=present.does(side, tester, text),
        leave=LeaveForm() if tester.state in queries.IN_TEST and side.writes else None,
        do_url=side.url("tester_do", code),
    )


@require_POST
def do(request: HttpRequest, side: Side, code: str) -> HttpResponse:
    """One press of a button about one tester."""
    tester = _found(side, code)
    what = request.POST.get("do", "")
    try:
        if what == "link":
            return _link(request, side, tester, acts.new_link(side.actor, tester, innovator=side.innovator))
        if what in _DOES:
            _DOES[what](request, side, tester)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except WrongState:
        messages.error(request, TOO_LATE)
    return redirect(side.url("tester_one", code))


def _take(_request: HttpRequest, side: Side, tester: Tester) -> None:
    acts.take(side.actor, tester, innovator=side.innovator)


def _not_take(_request: HttpRequest, side: Side, tester: Tester) -> None:
    acts.not_take(side.actor, tester, innovator=side.innovator)


def _finish(_request: HttpRequest, side: Side, tester: Tester) -> None:
    acts.finish(side.actor, tester, innovator=side.innovator)


def _paper(request: HttpRequest, side: Side, tester: Tester) -> None:
    text = queries.newest_text(tester.test)
    if text is None:
        raise ValidationError(_("First write what testers agree to."))
    guardian = request.POST.get("who") == "guardian"
    acts.note_paper(side.actor, tester, text, by_guardian=guardian, innovator=side.innovator)


def _left(request: HttpRequest, side: Side, tester: Tester) -> None:
    answers = "keep_answers" in request.POST
    why = request.POST.get("why", "")
    acts.note_left(side.actor, tester, why=why, keep_answers=answers, innovator=side.innovator)


_DOES: dict[str, Callable[[HttpRequest, Side, Tester], None]] = {
    "take": _take,
    "not_take": _not_take,
    "finish": _finish,
    "paper": _paper,
    "left": _left,
}


def consent_text(request: HttpRequest, side: Side) -> HttpResponse:
    """What testers agree to: the text as it is now, and a new version of it."""
    must_write(side)
    test = side.planned()
    last = queries.newest_text(test)
    initial = {"text_pl": last.text_pl, "text_en": last.text_en} if last else {"text_pl": present.beginning()}
    form = ConsentTextForm(typed(request), initial=initial)
    agreed = any(row.state == TesterState.AGREED for row in queries.coded(test))
    warning = _("Everybody who has agreed will be asked again, and is not measured before.") if agreed else ""
    return kept(
        request,
        side,
        form,
        lambda: acts.write_text(
            side.actor,
            test,
            form.cleaned_data["text_pl"],
            form.cleaned_data["text_en"],
            innovator=side.innovator,
        ),
        title=_("To what testers agree"),
        done=side.url("test"),
        lead=_("Every change is a new version. The old ones stay, so that it is known who agreed to what."),
        warning=warning,
        draft=f"consent-{test.pk}",
    )
