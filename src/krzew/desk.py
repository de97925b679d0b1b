"""The desk: what waits for this person in every room, and where she begins something new."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, gettext_noop, ngettext

from krzew.accounts.actors import Actor
from krzew.accounts.models import Role
from krzew.accounts.rules import manage_organisation
from krzew.calls.queries.ideas import waiting_ideas
from krzew.calls.rules import key_in_idea
from krzew.diagnosis import present_enquiries as enquiries
from krzew.diagnosis import queries as diagnoses
from krzew.diagnosis.models import Diagnosis, Enquiry
from krzew.diagnosis.rules import answer_enquiry, edit_diagnosis, open_diagnosis
from krzew.diagnosis.states import State
from krzew.door.queries import cases
from krzew.door.queries.thesaurus import unknown_words
from krzew.door.rules import edit_thesaurus, work_inbox
from krzew.library.models import SolutionVersion
from krzew.library.queries import new_answers, open_versions
from krzew.library.rules import add_solution
from krzew.places.names import short_name
from krzew.timeline.queries import own_letters
from krzew.timeline.rules import open_audit
from krzew.timeline.states import LetterState
from krzew.trials.journey import current
from krzew.trials.models import Innovation
from krzew.trials.present.innovations import waits_for
from krzew.trials.queries import innovations
from krzew.trials.states import InnovationState
from krzew.ui.components import Link, Task
from krzew.ui.formats import day

ON_DESK = 6

ORDER = ["todo", "doing", "blocked", "waiting", "done"]


def tasks(actor: Actor) -> list[Task]:
    """What waits for this person; what waits for others comes after it. Nothing for a visitor."""
    if actor.organisation is None:
        return [*_handed(actor), *_own_innovations(actor)]
    rooms = (_letters, _cases, _ideas, _innovations, _enquiries, _diagnoses, _library)
    rows = [task for room in rooms for task in room(actor)]
    return sorted(rows, key=lambda task: ORDER.index(task.state))


def _letters(actor: Actor) -> list[Task]:
    held = own_letters(actor, LetterState.HELD).count()
    if not held:
        return []
    label = ngettext("%(n)d letter to release", "%(n)d letters to release", held) % {"n": held}
    note = gettext("Written by Krzew after an act; nothing leaves before somebody has read it.")
    return [Task(label, reverse("timeline:letters"), "todo", note)]


def _cases(actor: Actor) -> list[Task]:
    """Cases in which the office has the next word; for others those that were handed to them."""
    if not work_inbox.allows(actor):
        return _handed(actor)
    waiting = cases.waiting(actor)
    if not waiting:
        return []
    label = ngettext("%(n)d case waits for an answer", "%(n)d cases wait for an answer", waiting)
    return [Task(label % {"n": waiting}, reverse("door:inbox"), "todo")]


def _handed(actor: Actor) -> list[Task]:
    rows = cases.inbox(actor)[:ON_DESK] if actor.is_known else []
    label = gettext("Case no. %(number)s was handed to you")
    return [
        Task(label % {"number": c.label}, reverse("door:team_case", args=[c.pk]), due=c.due_on) for c in rows
    ]


def _innovations(actor: Actor) -> list[Task]:
    """Of a team the number, of a mentor those that she accompanies, of an innovator her own."""
    if actor.has(Role.MANAGER) and innovations.not_begun(actor):
        begin = gettext("Selected applications wait to begin their way to the test")
        return [Task(begin, reverse("trials:innovations"), "todo"), *_own_innovations(actor)]
    running = innovations.accompanied(actor).filter(state=InnovationState.RUNNING, mentor=actor.user)
    return [*[_innovation(row) for row in running[:ON_DESK]], *_own_innovations(actor)]


def _innovation(row: Innovation) -> Task:
    now = current(row)
    label = gettext("Innovation: %(title)s") % {"title": row.title}
    who = waits_for(row, now) if now else ""
    note = str(now.label) if now else ""
    return Task(label, reverse("trials:team_innovation", args=[row.pk]), "doing", note, who=who)


def _own_innovations(actor: Actor) -> list[Task]:
    rows = innovations.own(actor).filter(state=InnovationState.RUNNING)[:ON_DESK]
    return [_own_innovation(row) for row in rows]


def _own_innovation(row: Innovation) -> Task:
    now = current(row)
    key = f"{innovations.OWN}{row.pk}"
    label = gettext("Your innovation: %(title)s") % {"title": row.title}
    return Task(label, reverse("trials:innovation", args=[key]), "doing", str(now.label) if now else "")


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
    return [*_words(), *rows]


def _words() -> list[Task]:
    """Words that several people used and nobody knows."""
    waiting = unknown_words().count()
    if not waiting:
        return []
    label = ngettext("%(n)d word that nobody knows", "%(n)d words that nobody knows", waiting)
    return [Task(label % {"n": waiting}, reverse("door:unknown_words"), "todo")]


def _version(version: SolutionVersion) -> Task:
    note = gettext("version %(n)d") % {"n": version.number} + f", {version.get_state_display()}"
    return Task(local_name(version), reverse("library:draft", args=[version.pk]), "doing", note)


OFFICE_LINKS: list[tuple[Callable[[Actor], bool], str, str]] = [
    (open_diagnosis.allows, gettext_noop("Open a diagnosis"), "diagnosis:list"),
    (lambda actor: actor.organisation is not None, gettext_noop("Enquiries"), "diagnosis:enquiries"),
    (work_inbox.allows, gettext_noop("Cases"), "door:inbox"),
    (work_inbox.allows, gettext_noop("White spots"), "door:spots"),
    (work_inbox.allows, gettext_noop("Board: to be read"), "door:moderation"),
    (work_inbox.allows, gettext_noop("The other way round"), "door:reaches"),
    (lambda actor: actor.has(Role.MANAGER, Role.MENTOR), gettext_noop("Innovations"), "trials:innovations"),
    (key_in_idea.allows, gettext_noop("Ideas"), "calls:team_ideas"),
    (key_in_idea.allows, gettext_noop("Programmes and calls"), "calls:programmes"),
    (key_in_idea.allows, gettext_noop("Assessors"), "calls:assessors"),
    (add_solution.allows, gettext_noop("Editors' desk"), "library:desk"),
    (edit_thesaurus.allows, gettext_noop("Words and needs"), "door:thesaurus"),
    (
        lambda actor: not (actor.has(Role.ADVISER) or actor.has(Role.EDITOR)),
        gettext_noop("Find a solution and ask for it"),
        "library:home",
    ),
]


def shortcuts(actor: Actor) -> list[Link]:
    """Where this person begins something new."""
    organisation = actor.organisation
    links = _own(actor)
    if organisation is None:
        mine = [Link(gettext("My organisations"), reverse("accounts:organisations"))]
        return [*links, *mine] if actor.is_known else []
    if len(organisation.place_code) == 6:
        own = reverse("places:detail", args=[organisation.place_code])
        links.append(Link(gettext("The figures of your gmina"), own))
    links += [Link(gettext(label), reverse(name)) for may, label, name in OFFICE_LINKS if may(actor)]
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
    ended = innovations.own(actor).exclude(state=InnovationState.RUNNING)[:ON_DESK]
    return [
        *links,
        *(
            Link(row.title, reverse("trials:innovation", args=[f"{innovations.OWN}{row.pk}"]))
            for row in ended
        ),
    ]


def local_name(version: SolutionVersion) -> str:
    return version.name_pl if get_language() == "pl" else version.name_en
