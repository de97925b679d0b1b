"""The board for everybody, for the author of a notice, and for the office."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from krzew.accounts.access import public
from krzew.accounts.throttle import too_many
from krzew.calls.states import WrongState
from krzew.door.acts import board as acts
from krzew.door.forms.board import OfferForm, ReplyForm, WhyForm
from krzew.door.models import Offer, OfferKind, Subject
from krzew.door.queries import board as queries
from krzew.door.rules import moderate_board, work_inbox
from krzew.door.states import OfferState
from krzew.door.views.base import actor_of, put_errors
from krzew.places.models import Unit
from krzew.places.search import resolve
from krzew.ui.components import Crumb, Tab

SHOWN = 24
MOST_AN_HOUR = 12
TOO_MANY = gettext_lazy("Many notices came in a short time. Wait a while; what you typed stays here.")


@public
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """What is offered and looked for today, by kind and subject, near a place."""
    chosen = {name: request.GET.get(name, "")[:60] for name in ("kind", "subject", "place")}
    place = resolve(chosen["place"]) if chosen["place"].strip() else None
    rows = queries.public(
        kind=chosen["kind"], subject=chosen["subject"], place=place if isinstance(place, Unit) else None
    )
    context = {
        "page": Paginator(rows, SHOWN).get_page(request.GET.get("page")),
        "tabs": _kinds(chosen),
        "subjects": _subjects(chosen),
        "chosen": chosen,
        "lost": bool(chosen["place"].strip()) and not isinstance(place, Unit),
    }
    return render(request, "door/board.html", context)


def _kinds(chosen: dict[str, str]) -> list[Tab]:
    here = reverse("door:board")
    kept = f"&subject={chosen['subject']}" if chosen["subject"] in Subject.values else ""
    tabs = [Tab(_("All"), f"{here}?{kept}", current=not chosen["kind"])]
    return tabs + [
        Tab(str(kind.label), f"{here}?kind={kind}{kept}", current=chosen["kind"] == kind)
        for kind in OfferKind
    ]


def _subjects(chosen: dict[str, str]) -> list[Tab]:
    here = reverse("door:board")
    kept = f"&kind={chosen['kind']}" if chosen["kind"] in OfferKind.values else ""
    return [Tab(str(s.label), f"{here}?subject={s}{kept}", current=chosen["subject"] == s) for s in Subject]


@public
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice, and a form to answer through the office."""
    offer = get_object_or_404(queries.public(), pk=pk)
    form = ReplyForm(request.POST or None)
    if request.method == "POST" and _sent(
        request, form, lambda: acts.reply(actor_of(request), offer, **form.said())
    ):
        return render(request, "door/board_replied.html", {"offer": offer})
    context = {
        "offer": offer,
        "form": form,
        "crumbs": [Crumb(_("Board"), reverse("door:board")), Crumb(offer.title)],
    }
    return render(request, "door/notice.html", context, status=422 if form.errors else 200)


def _sent(request: HttpRequest, form: forms.Form, act: Callable[[], Any]) -> bool:
    """Act on a well-filled form; robots and floods are told so, and nothing typed is lost."""
    if not form.is_valid():
        return False
    if form.cleaned_data.get("website") or too_many(request, "board", MOST_AN_HOUR):
        form.add_error(None, str(TOO_MANY))
        return False
    try:
        act()
    except ValidationError as error:
        put_errors(form, error)
        return False
    return True


@public
def new(request: HttpRequest) -> HttpResponse:
    """Put a notice in, without an account."""
    form = OfferForm(request.POST or None, initial={"kind": request.GET.get("kind", "")[:10]})
    made: list[str] = []

    def act() -> None:
        _offer, token = acts.put_in(actor_of(request), language=get_language() or "pl", **form.said())
        made.append(token)

    if request.method == "POST" and _sent(request, form, act):
        messages.success(request, _("Kept. The office reads it before it stands on the board."))
        return redirect("door:offer", token=made[0])
    context = {"form": form, "crumbs": [Crumb(_("Board"), reverse("door:board")), Crumb(_("A new notice"))]}
    return render(request, "door/offer_new.html", context, status=422 if form.errors else 200)


def _own(token: str) -> Offer:
    offer = queries.by_token(token)
    if offer is None:
        raise Http404
    return offer


@public
def offer(request: HttpRequest, token: str) -> HttpResponse:
    """The author's page: where the notice is, and changing it."""
    row = _own(token)
    form = OfferForm.of(row, request.POST or None)
    open_ = row.state in (OfferState.WAITING, OfferState.RETURNED, OfferState.PUBLISHED)
    if (
        request.method == "POST"
        and open_
        and _sent(request, form, lambda: acts.mend(actor_of(request), row, **form.said()))
    ):
        messages.success(request, _("Kept. The office reads it again."))
        return redirect("door:offer", token=token)
    context = {"offer": row, "form": form, "token": token, "open": open_}
    return render(request, "door/offer.html", context, status=422 if form.errors else 200)


@public
@require_POST
def close(request: HttpRequest, token: str) -> HttpResponse:
    try:
        acts.close(actor_of(request), _own(token))
    except WrongState:
        messages.error(request, _("This notice is already closed."))
    return redirect("door:offer", token=token)


# --- the office ---------------------------------------------------------------------------------------


@require_safe
def moderation(request: HttpRequest) -> HttpResponse:
    """Notices and answers that wait to be read."""
    actor = actor_of(request)
    work_inbox.require(actor)
    everything = request.GET.get("all") == "1"
    page = Paginator(queries.moderated(actor, waiting=not everything), SHOWN).get_page(
        request.GET.get("page")
    )
    here = reverse("door:moderation")
    tabs = [
        Tab(_("To be read"), here, current=not everything),
        Tab(_("All"), f"{here}?all=1", current=everything),
    ]
    return render(request, "door/moderation.html", {"page": page, "tabs": tabs})


def _for_office(request: HttpRequest, pk: int) -> Offer:
    return get_object_or_404(moderate_board.filter(actor_of(request), Offer.objects.all()), pk=pk)


def team_offer(request: HttpRequest, pk: int, status: int = 200, **given: Any) -> HttpResponse:
    """One notice for the office, with its answers."""
    row = _for_office(request, pk)
    context = {
        "offer": row,
        "replies": list(row.replies.all()),
        "form": WhyForm(),
        "crumbs": [Crumb(_("Board"), reverse("door:moderation")), Crumb(row.title)],
        **given,
    }
    return render(request, "door/team_offer.html", context, status=status)


@require_POST
def moderate(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish, send back with a question, or refuse."""
    row, form, actor = _for_office(request, pk), WhyForm(request.POST), actor_of(request)
    form.is_valid()
    why = form.cleaned_data.get("why", "")
    go = {
        "publish": lambda: acts.publish(actor, row),
        "return": lambda: acts.send_back(actor, row, why),
        "refuse": lambda: acts.refuse(actor, row, why),
    }.get(request.POST.get("go", ""))
    return _settled(request, pk, form, go)


@require_POST
def moderate_reply(request: HttpRequest, pk: int, reply: int) -> HttpResponse:
    """Pass an answer on, or not."""
    one = get_object_or_404(_for_office(request, pk).replies.select_related("offer"), pk=reply)
    form, actor = WhyForm(request.POST), actor_of(request)
    form.is_valid()
    go = {
        "pass_on": lambda: acts.pass_on(actor, one),
        "refuse": lambda: acts.refuse_reply(actor, one, form.cleaned_data.get("why", "")),
    }.get(request.POST.get("go", ""))
    return _settled(request, pk, form, go)


def _settled(request: HttpRequest, pk: int, form: WhyForm, go: Callable[[], Any] | None) -> HttpResponse:
    if go is not None:
        try:
            go()
        except ValidationError as error:
            put_errors(form, error)
            return team_offer(request, pk, 422, form=form)
        except WrongState:
            messages.error(request, _("Somebody has settled this meanwhile. Look where it stands now."))
    return redirect("door:team_offer", pk=pk)
