"""The front page and the frame around every page. The only view that looks into every room."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, get_language_from_request, gettext, gettext_noop

from krzew.accounts.access import public
from krzew.accounts.actors import Actor
from krzew.demo.personas import PERSONAS
from krzew.diagnosis import queries as diagnoses
from krzew.diagnosis.states import State
from krzew.library.models import SolutionVersion
from krzew.library.queries import public_solutions
from krzew.places.models import Level, Unit
from krzew.places.names import full_name
from krzew.places.queries import gminas
from krzew.ui.components import Cell, Column, Link, Table
from krzew.ui.formats import day_short

# Places that show different needs: the case of the workshop cooperative, a shrinking gmina, a growing suburb.
EXAMPLES = ["300202", "200201", "120608"]
ON_DESK = 6

NAVIGATION = [
    ("places:home", gettext_noop("Places")),
    ("library:home", gettext_noop("Solutions")),
    ("diagnosis:list", gettext_noop("Diagnoses")),
    ("diagnosis:enquiries", gettext_noop("Enquiries")),
]


@public
def choose_language(request: HttpRequest) -> HttpResponse:
    """Send a visitor without a language in the address to the one that the browser asks for."""
    return redirect(f"/{get_language_from_request(request)}/")


@public
def health(request: HttpRequest) -> HttpResponse:
    """Answer a monitor: the process lives and the database answers."""
    connection.ensure_connection()
    return HttpResponse("ok", content_type="text/plain")


@public
def home(request: HttpRequest) -> HttpResponse:
    context: dict[str, Any] = {
        "gminas": Unit.objects.filter(level=Level.GMINA).count(),
        "solutions": public_solutions().count(),
        "examples": list(gminas().filter(code__in=EXAMPLES)),
        "desk": _desk(request.actor),  # type: ignore[attr-defined]
    }
    if settings.KRZEW_DEMO:
        context["personas"] = PERSONAS
    return render(request, "home.html", context)


def _desk(actor: Actor) -> list[Table]:
    """What waits for this person, newest first; nothing for a visitor or for somebody without an organisation."""
    if actor.organisation is None:
        return []
    return [_open_diagnoses(actor), _enquiries(actor)]


def _open_diagnoses(actor: Actor) -> Table:
    mine = diagnoses.listed(actor).filter(organisation=actor.organisation, state=State.OPEN)
    rows = [
        [Cell(full_name(d.place), reverse("diagnosis:detail", args=[d.pk])), day_short(d.opened_at)]
        for d in mine.order_by("-opened_at")[:ON_DESK]
    ]
    columns = [Column("place", gettext("Place")), Column("opened", gettext("Opened"), kind="date")]
    empty = gettext("No open diagnosis. Find a place above and open one on its page.")
    return Table(gettext("Open diagnoses"), columns, rows, empty=empty)


def _enquiries(actor: Actor) -> Table:
    rows = [
        [
            Cell(local_name(e.solution.current), reverse("diagnosis:enquiry", args=[e.pk])),
            full_name(e.place),
            e.get_state_display(),
        ]
        for e in diagnoses.enquiries(actor)[:ON_DESK]
    ]
    names = {"solution": gettext("Solution"), "place": gettext("Place"), "state": gettext("Where it stands")}
    columns = [Column(key, label) for key, label in names.items()]
    return Table(gettext("Enquiries"), columns, rows, empty=gettext("No enquiries yet."))


def local_name(version: SolutionVersion | None) -> str:
    if version is None:
        return ""
    return version.name_pl if get_language() == "pl" else version.name_en


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of the frame: navigation, the acting organisation, and whether this is a demonstration."""
    return {
        "nav": _navigation(request.path),
        "account_slot": "accounts/switcher.html",
        "demo": settings.KRZEW_DEMO,
    }


def _navigation(path: str) -> list[Link]:
    links = []
    for name, label in NAVIGATION:
        try:
            url = reverse(name)
        except NoReverseMatch:  # a room that is not there yet
            continue
        links.append(Link(gettext(label), url, current=path.startswith(url)))
    return links
