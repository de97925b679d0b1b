"""The front page and the frame around every page. The only view that looks into every room."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils.translation import (
    get_language,
    get_language_from_path,
    get_language_from_request,
    gettext,
    gettext_noop,
    override,
)
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from krzew import desk
from krzew.accounts.access import public
from krzew.accounts.actors import Actor
from krzew.demo.personas import PERSONAS
from krzew.door.forms.needs import EXAMPLES as SAID
from krzew.library.queries import public_solutions
from krzew.places import vocabulary
from krzew.places.models import Level, Unit
from krzew.places.queries import gminas
from krzew.ui.components import Link

# Places that show different needs: the case of the workshop cooperative, a shrinking gmina, a growing suburb.
EXAMPLES = ["300202", "200201", "120608"]
# Problems that people name first; each has solutions in the library.
ASKED_MOST = ["elder_care", "disability_work", "childcare", "loneliness", "homelessness", "youth_start"]

NAVIGATION = [
    ("door:say", gettext_noop("Say a need")),
    ("places:home", gettext_noop("Places")),
    ("library:home", gettext_noop("Solutions")),
    ("diagnosis:list", gettext_noop("Diagnoses")),
    ("calls:calls", gettext_noop("Calls")),
    ("trials:journeys", gettext_noop("Innovations")),
]
WHOLE_ROOMS = ("calls", "trials")
"""Rooms all of whose pages belong to their item, wherever they stand."""


@public
def choose_language(request: HttpRequest) -> HttpResponse:
    """Send a visitor without a language in the address to the one that the browser asks for."""
    return redirect(f"/{get_language_from_request(request)}/")


@public
@require_POST
def switch_language(request: HttpRequest) -> HttpResponse:
    """Show the same page in the other language.

    An address is read in the language that stands in front of it, whatever the browser asked for before.
    """
    spoken = get_language_from_path(urlsplit(request.POST.get("next", "")).path)
    with override(spoken or get_language()):
        return set_language(request)


@public
def health(request: HttpRequest) -> HttpResponse:
    """Answer a monitor: the process lives and the database answers."""
    connection.ensure_connection()
    return HttpResponse("ok", content_type="text/plain")


@public
def home(request: HttpRequest) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        "gminas": Unit.objects.filter(level=Level.GMINA).count(),
        "solutions": public_solutions().count(),
        "examples": list(gminas().filter(code__in=EXAMPLES)),
        "needs": [vocabulary.needs()[code] for code in ASKED_MOST],
        "door_examples": SAID.items(),
        "tasks": desk.tasks(actor),
        "shortcuts": desk.shortcuts(actor),
    }
    if settings.KRZEW_DEMO:
        context["personas"] = PERSONAS
    return render(request, "home.html", context)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of the frame: navigation, the acting organisation, and whether this is a demonstration."""
    return {
        "nav": _navigation(request.path),
        "account_slot": "accounts/switcher.html",
        "demo": settings.KRZEW_DEMO,
    }


def _navigation(path: str) -> list[Link]:
    links, room = [], _room(path)
    for name, label in NAVIGATION:
        try:
            url = reverse(name)
        except NoReverseMatch:  # a room that is not there yet
            continue
        inside = room in WHOLE_ROOMS and name.startswith(f"{room}:")
        links.append(Link(gettext(label), url, current=inside or path.startswith(url)))
    return links


def _room(path: str) -> str:
    """The room that answers an address; "" for none."""
    try:
        return resolve(path).namespace
    except Resolver404:
        return ""
