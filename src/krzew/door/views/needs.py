"""The front door: a need in one's own words, answered; then kept, if its author wants that.

Everything goes by POST. No text stands in an address, a cookie, a message of the session or a log.
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from krzew.accounts.access import public
from krzew.accounts.throttle import too_many
from krzew.door.acts import needs as acts
from krzew.door.acts.needs import Left
from krzew.door.finding import dangers, find, mask
from krzew.door.forms.needs import EXAMPLES, KeepForm, NeedForm, StateForm, state_of
from krzew.door.models import Sender
from krzew.door.present import answers as present
from krzew.door.present import needs as present_needs
from krzew.door.queries import answers as queries
from krzew.door.queries import thesaurus
from krzew.door.queries.answers import UNNAMED, Asked
from krzew.door.views.base import actor_of, by_link, put_errors
from krzew.places.queries import get_unit

log = logging.getLogger(__name__)
ANSWERS_PER_HOUR = 60
KEPT_PER_HOUR = 20
ONCE_FOR = 24 * 3600
CODE = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_-")


@public
@never_cache
@sensitive_post_parameters()
@sensitive_variables()
def say(request: HttpRequest) -> HttpResponse:
    """The field; and, for what was written in it, the answer."""
    if request.method != "POST":
        return _field(request, NeedForm())
    data = _with_example(request.POST)
    form = StateForm(data)
    if not form.is_valid() and not form.only_the_place_is_unknown:
        return _field(request, form, status=422)
    if form.cleaned_data["website"]:
        return redirect("door:say")
    if too_many(request, "need", ANSWERS_PER_HOUR):
        form.add_error(None, _("Many questions came from this browser in the last hour. Try again later."))
        return _field(request, form, status=429)
    asked, note = _corrected(form.asked(), data)
    return _answer(request, asked, note, form)


def _with_example(posted: QueryDict) -> dict[str, str]:
    """What was posted; a press on an example puts its sentence in place of the text."""
    data = {name: value for name, value in posted.items() if isinstance(value, str)}
    example = EXAMPLES.get(data.get("example", ""))
    return data | {"text": str(example[1])} if example else data


@sensitive_variables()
def _field(request: HttpRequest, form: NeedForm, status: int = 200) -> HttpResponse:
    """Words of danger are answered even where the form cannot be."""
    text = request.POST.get("text", "")
    warned = dangers(text, language=thesaurus.language()) if text else ()
    context = {"form": form, "examples": EXAMPLES.items(), "dangers": warned}
    return render(request, "door/need_say.html", context, status=status)


@sensitive_variables()
def _corrected(asked: Asked, data: dict[str, str]) -> tuple[Asked, str]:
    """What a button of the answer page changes: a need taken out, or another concept in its place."""
    what, _colon, rest = data.get("do", "").partition(":")
    old, _colon, new = rest.partition(":")
    if not set(old + new) <= CODE or not old:
        return asked, ""
    if what == "out":
        return replace(asked, out=(*asked.out, old)), ""
    if what == "words":
        return _by_words(asked, old, data.get(f"words-{old}", ""))
    if what == "instead" and new:
        return _instead(asked, old, new), ""
    return asked, ""


def _instead(asked: Asked, old: str, new: str) -> Asked:
    """The latest choice holds, also when it brings back what stood there before."""
    swaps = dict(asked.instead)
    swaps.pop(new, None)
    return replace(
        asked,
        instead=tuple((swaps | {old: new}).items()),
        out=tuple(code for code in asked.out if code != new),
    )


def _by_words(asked: Asked, old: str, words: str) -> tuple[Asked, str]:
    found = [need.code for need in find(words[:400]).needs if need.code and need.code != old] if words else []
    if not found:
        return asked, _("We did not recognise these words. Try others, or change the whole text below.")
    return _instead(asked, old, found[0]), ""


@sensitive_variables()
def _answer(request: HttpRequest, asked: Asked, note: str, form: StateForm) -> HttpResponse:
    """An unknown gmina keeps nobody waiting: the answer comes without it, and asks which one is meant."""
    language = thesaurus.language()
    context: dict[str, Any] = {
        "dangers": dangers(asked.text, language=language),
        "state": state_of(asked),
        "asked": asked,
        "note": note,
        "form": form if form.errors else NeedForm(initial=vars(asked)),
        "offered": form.fields["place"].widget.offered,
        "place": present.place_link(asked.place),
        "challenge": asked.sender in (Sender.INSTITUTION, Sender.GMINA),
        "office_phone": settings.KRZEW_PHONE,
    }
    try:
        context |= _found(asked, language)
    except (
        Exception
    ) as error:  # numbers of danger and the way to a person stand whatever happens to the search
        log.error("A need could not be answered: %s", type(error).__name__)  # never the text
        context["broken"] = True
    return render(request, "door/need_answer.html", context)


@sensitive_variables()
def _found(asked: Asked, language: str) -> dict[str, Any]:
    _finding, needs = queries.answer(asked, language)
    around = queries.around(asked, needs, language)
    shown = present.needs(asked, needs, around)
    return {
        "needs": shown,
        "nothing": not any(need.first for need in shown),
        "codes": " ".join(need.code for need in shown if need.code != UNNAMED),
        "institutions": present.institutions(around.institutions, asked.place),
        "calls": present.calls(around.calls),
    }


# --- keeping -------------------------------------------------------------------------------------
@public
@never_cache
@require_POST
@sensitive_post_parameters()
@sensitive_variables()
def keep(request: HttpRequest) -> HttpResponse:
    """Show what would be kept, masked; keep it when its author agreed to that very text."""
    challenge = request.POST.get("sender") in (Sender.INSTITUTION, Sender.GMINA)
    if "once" not in request.POST:
        return _review(request, _first(request, challenge))
    form = KeepForm(request.POST, challenge=challenge)
    if not form.is_valid():
        return _review(request, form, status=422)
    again = _masked_again(form, challenge)
    if again is not None:
        return _review(request, again, again=True)
    return _kept(request, form)


@sensitive_variables()
def _first(request: HttpRequest, challenge: bool) -> KeepForm:
    actor = actor_of(request)
    names = ("sender", "place", "codes")
    initial: dict[str, Any] = {name: request.POST.get(name, "")[:400] for name in names}
    initial["text"] = mask(request.POST.get("text", "")[: acts.LONGEST]).text
    initial["sender"] = initial["sender"] if initial["sender"] in Sender.values else Sender.PERSON
    initial["once"] = secrets.token_urlsafe(18)
    if actor.user is not None:
        initial["email"] = actor.user.email
    return KeepForm(initial=initial, challenge=challenge)


@sensitive_variables()
def _masked_again(form: KeepForm, challenge: bool) -> KeepForm | None:
    """When the author typed a name or a number back in: the same form with it hidden, to be looked at."""
    data: dict[str, Any] = {name: form.data.get(name, "") for name in (*form.fields, "csrfmiddlewaretoken")}
    for name in ("text", "whom") if challenge else ("text",):
        data[name] = mask(form.cleaned_data[name]).text
    if all(
        data[name].split() == form.cleaned_data[name].split() for name in ("text", "whom") if name in data
    ):
        return None
    return KeepForm(data, challenge=challenge)


@sensitive_variables()
def _review(request: HttpRequest, form: KeepForm, status: int = 200, again: bool = False) -> HttpResponse:
    text = request.POST.get("text", "")
    known = thesaurus.concepts()
    codes = (form["codes"].value() or "").split()
    context = {
        "form": form,
        "again": again,
        "dangers": dangers(text, language=thesaurus.language()),
        "hidden": present_needs.hidden(mask(text)),
        "labels": [known[code].label(thesaurus.language()) for code in codes if code in known],
        "challenge": "whom" in form.fields,
    }
    return render(request, "door/need_keep.html", context, status=422 if again else status)


@sensitive_variables()
def _kept(request: HttpRequest, form: KeepForm) -> HttpResponse:
    if too_many(request, "need_kept", KEPT_PER_HOUR):
        form.add_error(None, _("Many needs were left from this browser in the last hour. Try again later."))
        return _review(request, form, status=429)
    once = f"door:once:{form.cleaned_data['once']}"
    if not cache.add(once, 1, ONCE_FOR):
        return redirect("door:need_counted")
    try:
        case, token, _rows = acts.keep(actor_of(request), _left(form))
    except ValidationError as error:
        cache.delete(once)
        put_errors(form, error)
        return _review(request, form, status=422)
    return redirect("door:need_kept", token=token) if case else redirect("door:need_counted")


def _left(form: KeepForm) -> Left:
    data = dict(form.cleaned_data)
    data.pop("once")
    return Left(
        **data
        | {
            "codes": tuple(data["codes"].split()),
            "place": get_unit(data["place"]) if data["place"] else None,
            "language": thesaurus.language(),
        }
    )


@public
@never_cache
@require_safe
def kept(request: HttpRequest, token: str) -> HttpResponse:
    """The number and the link, to be written down."""
    case = by_link(token)
    link = request.build_absolute_uri(reverse("door:case", args=[token]))
    needs = present_needs.labelled(case.needs.all())
    context = {"case": case, "token": token, "link": link, "needs": needs}
    return render(request, "door/need_kept.html", context)


@public
@never_cache
@require_safe
def counted(request: HttpRequest) -> HttpResponse:
    """Kept without an address, or kept already."""
    return render(request, "door/need_counted.html")
