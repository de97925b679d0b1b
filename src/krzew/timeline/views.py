"""Pages of the time-line: what was done for one's organisation, and the letters that wait."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from krzew.accounts.access import public
from krzew.accounts.actors import Actor
from krzew.timeline import acts, notices, queries, rules, shown
from krzew.timeline.forms import AuditFilter
from krzew.timeline.models import Letter
from krzew.timeline.phrases import TOPICS
from krzew.timeline.states import LetterState
from krzew.ui.components import Crumb, Tab

PAGE = 50
STEPS = {
    "release": lambda actor, letter: acts.release_letters(actor, [letter]),
    "retry": acts.retry_letter,
    "cancel": acts.cancel_letter,
}


def _me(request: HttpRequest) -> Actor:
    me: Actor = request.actor  # type: ignore[attr-defined]
    return me


def audit(request: HttpRequest) -> HttpResponse:
    """The record of the acting organisation, by day and act."""
    me = _me(request)
    rules.open_audit.require(me)
    form = AuditFilter(request.GET or None, acts=queries.acts_done(me))
    wanted = form.cleaned_data if form.is_valid() else {}
    page = Paginator(queries.audit(me, **wanted), PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "table": shown.audit_table(page), "organisation": me.organisation}
    return render(request, "timeline/audit.html", context)


def letters(request: HttpRequest) -> HttpResponse:
    """Letters of the acting organisation; those that wait come first."""
    me = _me(request)
    rules.open_letters.require(me)
    state = request.GET.get("state", LetterState.HELD)
    if state not in LetterState.values:
        raise Http404
    page = Paginator(queries.own_letters(me, state), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "tabs": _tabs(me, state),
        "table": shown.letter_table(page),
        "state": LetterState(state),
    }
    return render(request, "timeline/letters.html", context)


def _tabs(actor: Actor, current: str) -> list[Tab]:
    """A tab for each state that has letters, and always for those that wait."""
    counts = queries.letter_counts(actor)
    address = reverse("timeline:letters")
    states = [s for s in LetterState if s in (LetterState.HELD, current) or counts.get(s)]
    return [Tab(str(s.label), f"{address}?state={s}", s == current, counts.get(s, 0)) for s in states]


def letter(request: HttpRequest, pk: int) -> HttpResponse:
    letter = _own_letter(request, pk)
    context: dict[str, Any] = {
        "letter": letter,
        "tag": shown.letter_tag(letter),
        "events": queries.history(letter),
    }
    back = f"{reverse('timeline:letters')}?state={letter.state}"
    context["title"] = shown.title(letter)
    context["crumbs"] = [Crumb(_("Letters"), back), Crumb(context["title"])]
    return render(request, "timeline/letter.html", context)


def _own_letter(request: HttpRequest, pk: int) -> Letter:
    return get_object_or_404(queries.own_letters(_me(request)), pk=pk)


@require_POST
def decide(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Release, cancel or send one letter again."""
    letter = _own_letter(request, pk)
    if step not in STEPS:
        raise Http404
    try:
        STEPS[step](_me(request), letter)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("timeline:letter", pk)


@require_POST
def release(request: HttpRequest) -> HttpResponse:
    """Release every letter that waits, or only the chosen ones."""
    waiting = queries.own_letters(_me(request), LetterState.HELD)
    chosen = [int(pk) for pk in request.POST.getlist("letter") if pk.isdecimal()]
    if "all" not in request.POST:
        waiting = waiting.filter(pk__in=chosen)
    number = len(acts.release_letters(_me(request), waiting))
    if number:
        words = ngettext("%(number)s letter leaves now.", "%(number)s letters leave now.", number)
        messages.success(request, words % {"number": number})
    else:
        messages.warning(request, _("No letter was chosen. Tick those that may leave."))
    return redirect("timeline:letters")


@public
@never_cache
def choice(request: HttpRequest, signed: str) -> HttpResponse:
    """Whoever got a notice chooses which ones come; the link in the letter is enough."""
    try:
        address = notices.address_of(signed)
    except signing.BadSignature as error:
        raise Http404 from error
    return _choice(request, address)


@never_cache
def own_choice(request: HttpRequest) -> HttpResponse:
    """The same for somebody who is signed in."""
    user = _me(request).user
    assert user is not None, "the page asks for a sign-in"
    return _choice(request, notices.fingerprint(user.email))


def _choice(request: HttpRequest, address: str) -> HttpResponse:
    topic = request.POST.get("topic", "")
    if request.method == "POST" and topic in TOPICS:
        notices.choose(address, topic, wanted="again" in request.POST)
        messages.success(request, _("Kept."))
        return redirect(request.path)
    refused = notices.refused_topics(address)
    rows = [(code, str(label), code not in refused) for code, label in TOPICS.items()]
    return render(request, "timeline/choice.html", {"rows": rows})
