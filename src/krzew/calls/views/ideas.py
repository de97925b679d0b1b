"""The idea card for its author: no account, a link that opens it, saved as typed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from krzew.accounts.access import public
from krzew.accounts.throttle import too_many
from krzew.calls.acts import ideas as acts
from krzew.calls.acts.steps import Conflict
from krzew.calls.forms.ideas import FirstWordsForm, IdeaForm, SayForm
from krzew.calls.models import IdeaCard
from krzew.calls.present import ideas as present
from krzew.calls.queries import ideas as queries
from krzew.calls.states import IdeaState
from krzew.calls.views.base import actor_of, is_htmx, put_errors

STARTS_PER_HOUR = 20
LETTERS_PER_HOUR = 6


def _found(token: str) -> IdeaCard:
    card = queries.idea_by_token(token)
    if card is None:
        raise Http404
    return card


@public
def begin(request: HttpRequest) -> HttpResponse:
    """One sentence, or only the wish to join; from here on the card has its own link."""
    form = FirstWordsForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and not form.cleaned_data["website"]:
        if too_many(request, "idea", STARTS_PER_HOUR):
            form.add_error(
                None, _("Many ideas were begun from this address in the last hour. Try again later.")
            )
        else:
            return _begun(request, form.cleaned_data)
    context = {"form": form, "steps": present.steps(None)}
    return render(request, "calls/idea_new.html", context, status=422 if form.errors else 200)


def _begun(request: HttpRequest, data: dict[str, Any]) -> HttpResponse:
    card, token = acts.start(actor_of(request), wish=data["wish"], language=(get_language() or "pl")[:2])
    if data["what"]:
        acts.save(card, seen=0, what=data["what"])
    messages.success(
        request, _("Saved. The address of this page is your link: keep it, or have it sent to you below.")
    )
    return redirect("calls:idea", token=token)


@public
@never_cache
def idea(request: HttpRequest, token: str) -> HttpResponse:
    """While it is written: the form. Once it is sent: where it stands, and the talk with the team."""
    card = _found(token)
    if card.state == IdeaState.DRAFT:
        return _form_page(request, card, token)
    return _status_page(request, card, token)


def _form_page(
    request: HttpRequest, card: IdeaCard, token: str, form: IdeaForm | None = None
) -> HttpResponse:
    form = form or IdeaForm.of(card)
    context = {
        "card": card,
        "token": token,
        "form": form,
        "steps": present.steps(card),
        "near": present.near(card),
    }
    return render(request, "calls/idea.html", context, status=422 if form.errors else 200)


def _status_page(
    request: HttpRequest, card: IdeaCard, token: str, say: SayForm | None = None
) -> HttpResponse:
    context = {
        "card": card,
        "token": token,
        "steps": present.steps(card),
        "next": present.next_step(card),
        "facts": present.facts(card),
        "talk": card.messages.select_related("by"),
        "say": say or SayForm(),
        "may_say": card.state in (IdeaState.SENT, IdeaState.IN_TALKS),
    }
    return render(request, "calls/idea_sent.html", context, status=422 if say else 200)


@public
@require_POST
def save(request: HttpRequest, token: str) -> HttpResponse:
    """Keep what is typed: as it is typed (htmx gets a short word back), or by a button."""
    card = _found(token)
    form = IdeaForm.of(card, request.POST)
    well = form.is_valid()
    try:
        _keep(card, form)
    except (Conflict, ValidationError) as error:
        return _not_saved(request, card, token, form, error)
    if is_htmx(request):
        saved = render(request, "calls/_saved.html", {"card": card, "errors": form.errors})
        return trigger_client_event(saved, "idea-saved")
    if not well:
        return _form_page(request, card, token, form)
    return _after_saving(request, card, token)


def _keep(card: IdeaCard, form: IdeaForm) -> None:
    seen = form.cleaned_data.get("revision", card.revision)
    acts.save(card, seen=seen, **form.kept())


def _not_saved(
    request: HttpRequest, card: IdeaCard, token: str, form: IdeaForm, error: Exception
) -> HttpResponse:
    """Somebody else with the link saved first, or the card was sent: say so, and keep what was typed."""
    if isinstance(error, Conflict):
        said = _("This idea was changed in another window in the meantime. Compare both and save again.")
    else:
        said = " ".join(getattr(error, "messages", [str(error)]))
    kept = queries.idea_by_token(token) or card
    context = {"card": kept, "token": token, "form": form, "said": said, "theirs": present.facts(kept)}
    if is_htmx(request):
        return render(request, "calls/_saved.html", context)
    return render(request, "calls/idea_conflict.html", context, status=409)


def _after_saving(request: HttpRequest, card: IdeaCard, token: str) -> HttpResponse:
    """Which button was pressed: send the card, send the link, or just save."""
    if "send" in request.POST:
        return _send(request, card, token)
    if "link" in request.POST:
        return _send_link(request, card, token)
    messages.success(request, _("Saved."))
    return redirect("calls:idea", token=token)


def _send(request: HttpRequest, card: IdeaCard, token: str) -> HttpResponse:
    try:
        acts.send(actor_of(request), card, consent="consent" in request.POST)
    except ValidationError as error:
        typed = request.POST.copy()
        typed["revision"] = str(card.revision)
        form = IdeaForm.of(card, typed)
        put_errors(form, error)
        return _form_page(request, card, token, form)
    messages.success(request, _("Sent. Its number is %(number)s.") % {"number": card.number})
    return redirect("calls:idea", token=token)


def _send_link(request: HttpRequest, card: IdeaCard, token: str) -> HttpResponse:
    try:
        if too_many(request, "idea_link", LETTERS_PER_HOUR):
            raise ValidationError(_("The link was sent several times in the last hour. Look in your mail."))
        acts.send_link(actor_of(request), card, token, request.build_absolute_uri(acts.link_of(token)))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The link is on its way to %(email)s.") % {"email": card.email})
    return redirect("calls:idea", token=token)


@public
@require_safe
def near(request: HttpRequest, token: str) -> HttpResponse:
    """What is already in the library and resembles this idea: a part of the page, fetched while typing."""
    return render(request, "calls/_near.html", {"near": present.near(_found(token))})


@public
@require_POST
def say(request: HttpRequest, token: str) -> HttpResponse:
    """The author adds something or asks."""
    card, form = _found(token), SayForm(request.POST)
    if not form.is_valid():
        return _status_page(request, card, token, form)
    try:
        acts.ask(card, form.cleaned_data["text"])
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Your message is with the team."))
    return redirect("calls:idea", token=token)


@public
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """Take the idea back: asks first, since what was written is deleted."""
    card = _found(token)
    if card.state not in (IdeaState.DRAFT, IdeaState.SENT, IdeaState.IN_TALKS):
        return redirect("calls:idea", token=token)
    if request.method == "POST":
        acts.withdraw(actor_of(request), card, by_link=True)
        messages.success(request, _("The idea is taken back. What you wrote is deleted."))
        return redirect("calls:begin")
    return render(request, "calls/idea_withdraw.html", {"card": card, "token": token})
