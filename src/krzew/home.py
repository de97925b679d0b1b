"""The front page and the frame around every page. The only view that looks into every room."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.text import capfirst
from django.utils.translation import (
    get_language,
    get_language_from_request,
    gettext,
    gettext_noop,
    ngettext,
)

from krzew.accounts.access import public
from krzew.accounts.actors import Actor
from krzew.accounts.models import Role
from krzew.accounts.rules import manage_organisation
from krzew.calls.queries.ideas import waiting_ideas
from krzew.calls.rules import key_in_idea
from krzew.demo.personas import PERSONAS
from krzew.diagnosis import present_enquiries as enquiries
from krzew.diagnosis import queries as diagnoses
from krzew.diagnosis.models import Diagnosis, Enquiry
from krzew.diagnosis.rules import answer_enquiry, edit_diagnosis, open_diagnosis
from krzew.diagnosis.states import State
from krzew.library.models import SolutionVersion
from krzew.library.queries import new_answers, open_versions, public_solutions
from krzew.library.rules import add_solution
from krzew.places import vocabulary
from krzew.places.models import Level, Unit
from krzew.places.names import short_name
from krzew.places.queries import gminas
from krzew.timeline.queries import own_letters
from krzew.timeline.rules import open_audit
from krzew.timeline.states import LetterState
from krzew.ui.components import Link, Task
from krzew.ui.formats import day

# Places that show different needs: the case of the workshop cooperative, a shrinking gmina, a growing suburb.
EXAMPLES = ["300202", "200201", "120608"]
# Problems that people name first; each has solutions in the library.
ASKED_MOST = ["elder_care", "disability_work", "childcare", "loneliness", "homelessness", "youth_start"]
ON_DESK = 6

NAVIGATION = [
    ("places:home", gettext_noop("Places")),
    ("library:home", gettext_noop("Solutions")),
    ("diagnosis:list", gettext_noop("Diagnoses")),
    ("diagnosis:enquiries", gettext_noop("Enquiries")),
    ("calls:calls", gettext_noop("Calls")),
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
    actor: Actor = request.actor  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        "gminas": Unit.objects.filter(level=Level.GMINA).count(),
        "solutions": public_solutions().count(),
        "examples": list(gminas().filter(code__in=EXAMPLES)),
        "needs": [vocabulary.needs()[code] for code in ASKED_MOST],
        "tasks": _desk(actor),
        "shortcuts": _shortcuts(actor),
    }
    if settings.KRZEW_DEMO:
        context["personas"] = PERSONAS
    return render(request, "home.html", context)


def _desk(actor: Actor) -> list[Task]:
    """What waits for this person; what waits for others comes after it. Nothing for a visitor."""
    if actor.organisation is None:
        return []
    tasks = [*_letters(actor), *_ideas(actor), *_enquiries(actor), *_diagnoses(actor), *_library(actor)]
    return sorted(tasks, key=lambda task: ORDER.index(task.state))


ORDER = ["todo", "doing", "blocked", "waiting", "done"]


def _letters(actor: Actor) -> list[Task]:
    held = own_letters(actor, LetterState.HELD).count()
    if not held:
        return []
    label = ngettext("%(n)d letter to release", "%(n)d letters to release", held) % {"n": held}
    note = gettext("Written by Krzew after an act; nothing leaves before somebody has read it.")
    return [Task(label, reverse("timeline:letters"), "todo", note)]


def _ideas(actor: Actor) -> list[Task]:
    """Ideas that wait for an answer of the team."""
    if not key_in_idea.allows(actor):
        return []
    waiting = waiting_ideas(actor)
    if not waiting:
        return []
    label = ngettext("%(n)d idea waits for an answer", "%(n)d ideas wait for an answer", waiting)
    return [Task(label % {"n": waiting}, reverse("calls:team_ideas") + "?state=sent", "todo")]


def _enquiries(actor: Actor) -> list[Task]:
    return [_enquiry(row, actor) for row in diagnoses.enquiries(actor)[:ON_DESK]]


def _enquiry(row: Enquiry, actor: Actor) -> Task:
    """One enquiry from the side of this actor: to be answered, or waited for."""
    names = {"solution": enquiries.solution_name(row), "place": short_name(row.place)}
    label = gettext("Enquiry: %(solution)s for %(place)s") % names
    address = reverse("diagnosis:enquiry", args=[row.pk])
    note = f"{capfirst(row.get_state_display())}, {day(row.asked_at)}. {enquiries.next_step(row)}"
    if not enquiries.is_open(row):
        return Task(label, address, "done", note)
    if answer_enquiry.allows(actor, row):
        return Task(label, address, "todo", note)
    return Task(label, address, "waiting", note, who=str(row.centre or gettext("any support centre")))


def _diagnoses(actor: Actor) -> list[Task]:
    mine = diagnoses.listed(actor).filter(organisation=actor.organisation, state=State.OPEN)
    return [_diagnosis(row, actor) for row in mine.order_by("-opened_at")[:ON_DESK]]


def _diagnosis(row: Diagnosis, actor: Actor) -> Task:
    label = gettext("Diagnosis: %(place)s") % {"place": short_name(row.place)}
    decided = getattr(row, "decision", None)
    chosen = gettext("A solution is chosen; the signature is missing.")
    state = chosen if decided else gettext("No solution chosen yet.")
    note = gettext("Open since %(day)s.") % {"day": day(row.opened_at)} + " " + state
    address = reverse("diagnosis:detail", args=[row.pk])
    if edit_diagnosis.allows(actor, row):
        return Task(label, address, "doing", note)
    return Task(label, address, "waiting", note, who=gettext("the adviser of the diagnosis"))


def _library(actor: Actor) -> list[Task]:
    """Versions being written, and what readers told: the editors' part."""
    if not add_solution.allows(actor):
        return []
    rows = [_version(version) for version in open_versions(actor)[:ON_DESK]]
    told = new_answers(actor).count()
    if told:
        label = ngettext("%(n)d message from readers", "%(n)d messages from readers", told) % {"n": told}
        rows.insert(0, Task(label, reverse("library:desk"), "todo"))
    return rows


def _version(version: SolutionVersion) -> Task:
    note = gettext("version %(n)d") % {"n": version.number} + f", {version.get_state_display()}"
    return Task(local_name(version), reverse("library:draft", args=[version.pk]), "doing", note)


def _shortcuts(actor: Actor) -> list[Link]:
    """Where this person begins something new."""
    organisation = actor.organisation
    links = _own(actor)
    if organisation is None:
        mine = [Link(gettext("My organisations"), reverse("accounts:organisations"))]
        return [*links, *mine] if actor.is_known else []
    if len(organisation.place_code) == 6:
        own = reverse("places:detail", args=[organisation.place_code])
        links += [Link(gettext("The figures of your gmina"), own)]
    if open_diagnosis.allows(actor):
        links.append(Link(gettext("Open a diagnosis"), reverse("diagnosis:list")))
    if key_in_idea.allows(actor):
        links.append(Link(gettext("Ideas"), reverse("calls:team_ideas")))
        links.append(Link(gettext("Programmes and calls"), reverse("calls:programmes")))
        links.append(Link(gettext("Assessors"), reverse("calls:assessors")))
    if add_solution.allows(actor):
        links.append(Link(gettext("Editors' desk"), reverse("library:desk")))
    if not (actor.has(Role.ADVISER) or actor.has(Role.EDITOR)):
        links.append(Link(gettext("Find a solution and ask for it"), reverse("library:home")))
    if manage_organisation.allows(actor, organisation):
        links.append(Link(gettext("Invite a person"), reverse("accounts:invite", args=[organisation.pk])))
    if open_audit.allows(actor):
        links.append(Link(gettext("What was done"), reverse("timeline:audit")))
    return links


def _own(actor: Actor) -> list[Link]:
    """What belongs to the person herself: her applications, what was given to her to assess."""
    if actor.user is None:
        return []
    links = []
    if actor.user.applications.exists():
        links.append(Link(gettext("My applications"), reverse("calls:own_applications")))
    if actor.user.assessor_in.exists():
        links.append(Link(gettext("My assessments"), reverse("calls:assessments")))
    return links


def local_name(version: SolutionVersion) -> str:
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
