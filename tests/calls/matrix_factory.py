"""One state of the database in which every address of the room leads somewhere, and everybody who may try it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone

from krzew.accounts.actors import Actor
from krzew.accounts.models import Membership, OrganisationKind, Role
from krzew.calls.acts import assignment, council, ideas, selection
from krzew.calls.models import Appeal, Application, Call, Conflict, Decision, Meeting
from krzew.timeline import jobs
from tests.calls.applications_factory import sent
from tests.calls.factories_assessment import give, make_assessor, make_sent
from tests.calls.selection_factory import assessed, iws_points

PERSONAS = (
    "owner",
    "manager",
    "member",
    "outsider",
    "assessor",
    "conflicted",
    "applicant",
    "anonymous",
)
GOOD = iws_points((9, 8, 8, 8, 8), (5, 5, 5))


@dataclass
class World:
    call: Call
    people: dict[str, Client]
    keys: dict[str, Any] = field(default_factory=dict)
    """What stands in an address: by the name of the address and the parameter, or by the parameter alone."""

    def address(self, pattern: URLPattern) -> str:
        names = pattern.pattern.converters
        given = {name: self.keys.get(f"{pattern.name}.{name}", self.keys.get(name)) for name in names}
        missing = [name for name, value in given.items() if value is None]
        assert not missing, f"say in matrix_factory what {missing} is for {pattern.name}"
        return reverse(f"calls:{pattern.name}", kwargs=given)


def world(
    manager: Actor, stranger: Actor, call: Call, make_actor: Callable[..., Actor], client_of: Any
) -> World:
    """A call of IWS 2.0 with one application at each place that an address needs."""
    home = call.programme.organisation
    made = {
        role: make_actor(f"{role}@example.org", home.name, role, OrganisationKind.INCUBATOR)
        for role in (Role.OWNER, Role.MEMBER)
    }
    applicant = make_actor("wnioskuje@example.org", "Stowarzyszenie Obce", Role.MEMBER)
    reads, linked = make_assessor(home), make_assessor(home)
    read = sent(call)
    Application.objects.filter(pk=read.pk).update(user=applicant.user, stage="merit_a")
    read.refresh_from_db()
    call.refresh_from_db()
    readings = [give(read, assessor) for assessor in (reads, linked)]
    conflict = Conflict.objects.create(assessor=linked, application=read, kind="family")
    people = {
        "owner": client_of(made[Role.OWNER]),
        "manager": client_of(manager),
        "member": client_of(made[Role.MEMBER]),
        "outsider": client_of(stranger),
        "assessor": client_of(Actor.of(reads.user)),
        "conflicted": client_of(Actor.of(linked.user)),
        "applicant": client_of(applicant),
        "anonymous": Client(),
    }
    assert not Membership.objects.filter(user=made[Role.OWNER].user, role=Role.MANAGER).exists()
    return World(call, people, _keys(manager, call, read, readings, reads, conflict))


def _keys(manager: Actor, call: Call, read: Application, readings: Any, reads: Any, conflict: Any) -> Any:
    attachment = read.attachments.create(
        field="budget",
        name="plan.pdf",
        kind="pdf",
        size=1,
        sha256="0" * 64,
        file=ContentFile(b"%PDF-1.7", "plan.pdf"),
    )
    card, token = ideas.start(Actor.anonymous())
    ideas_sent, _token = ideas.start(Actor.anonymous())
    type(ideas_sent).objects.filter(pk=ideas_sent.pk).update(state="sent", organisation=manager.organisation)
    plan_for = make_sent(call, "merit_a")
    plan = assignment.propose(manager, call, "merit_a", assignment.Wishes(1, experts=False, seed=1))
    assert plan.proposal["possible"], plan.proposal["said"]
    meeting = Meeting.objects.create(
        application=read, stage="pitch_b", at=timezone.now() + timedelta(days=9), minutes=15
    )
    listed = _at_the_council(manager, call)
    lost = Decision.objects.create(application=read, stage="merit_a", outcome="rejected_merit")
    appeal = Appeal.objects.create(application=read, decision=lost, assessor=reads, text="Proszę.")
    job = jobs.begin(manager, "calls.rank:ranking", call)
    own = f"my-{read.pk}"
    return {
        "slug": call.slug,
        "number": read.number,
        "token": own,
        "code": "merit_a",
        "application_section.code": "idea",
        "application_attach.code": "budget",
        "application_invite.pk": 1,
        "application_file.pk": attachment.pk,
        "application_detach.pk": attachment.pk,
        "file": attachment.pk,
        "member.token": "nothing",
        "new_link.signed": "nothing",
        "team_application.pk": read.pk,
        "application_received.pk": read.pk,
        "team_changes.pk": read.pk,
        "team_copy.pk": read.pk,
        "team_file.pk": read.pk,
        "own_links.pk": reads.pk,
        "assessor.pk": reads.pk,
        "conflict_lift.pk": conflict.pk,
        "assessment_change.pk": plan_for.pk,
        "assessment_meetings.code": "pitch_b",
        "assessment_meeting.code": "pitch_b",
        "assessment_meeting.pk": meeting.pk,
        "assessment_application.pk": read.pk,
        "assessment_give.pk": read.pk,
        "assessment_third.pk": read.pk,
        "conflict_note.pk": read.pk,
        "council_one.number": listed.number,
        "appeal.pk": appeal.pk,
        "appeal_give.pk": appeal.pk,
        "team_idea.pk": ideas_sent.pk,
        "answer.pk": ideas_sent.pk,
        "job.pk": job.pk,
        "ranking_adopt.pk": call.rankings.latest("pk").pk,
        "path": "stages/merit_a",
        "programme_add.path": "stages/merit_a/criteria",
        **{
            f"{name}.token": token for name in ("idea", "idea_save", "idea_near", "idea_say", "idea_withdraw")
        },
        **{f"programme{name}.pk": call.programme_id for name in PROGRAMME},
        "call_new.pk": call.programme_id,
        **{f"assessment_{name}.pk": readings[0].pk for name in READING},
        "closed": readings[1].pk,
        "card": card.pk,
    }


PROGRAMME = (
    "",
    *(f"_{n}" for n in ["settle", "archive", "download", "history", "edit", "part", "add", "move", "remove"]),
)
PROGRAMME += ("_preview", "_trial", "_file")
READING = ("card", "state", "refuse", "save", "file", "reopen", "take_back")


def _at_the_council(manager: Actor, call: Call) -> Application:
    """An application in the ranking that stands before the council."""
    row = make_sent(call, "ranking")
    others = list(call.applications.filter(stage="merit_a").values_list("pk", flat=True))
    call.applications.filter(pk__in=others).update(stage="later")
    assessed(row, GOOD)
    selection.adopt(manager, selection.rank(manager, call, "ranking"))
    call.applications.filter(pk__in=others).update(stage="merit_a")
    row = Application.objects.get(pk=row.pk)
    council.advise(manager, row, "granted", reason="Odpowiada na potrzebę regionu w całości.")
    return row
