"""The pool of assessors: who is in it, what she knows, with whom she is linked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from krzew.accounts.actors import Actor
from krzew.accounts.acts import give_role, invite
from krzew.accounts.models import Invitation, Role, User
from krzew.calls.models import Application, Assessor, Conflict
from krzew.calls.rules import manage_application, manage_assessor, new_assessor, own_assessor
from krzew.timeline.acts import act, record

POOL = frozenset({"competences", "most", "lived_experience", "active"})
SHORTEST_REASON = 10


def _inviting(actor: Actor) -> Actor:
    """Who runs calls may ask people into this one role; every other role stays with the owners."""
    return actor if actor.is_system else Actor(actor.user, actor.organisation, actor.roles | {Role.OWNER})


@act
def ask(actor: Actor, email: str, link: Callable[[str], str]) -> Invitation:
    """Invite somebody to be an assessor. She joins the pool when she has accepted and was added."""
    new_assessor.require(actor)
    assert actor.organisation is not None
    return invite(_inviting(actor), actor.organisation, email=email, role=Role.ASSESSOR, link=link)


@act
def add(actor: Actor, user: User, **fields: Any) -> Assessor:
    """Put a member of the organisation into its pool, with the role of an assessor."""
    new_assessor.require(actor)
    assert actor.organisation is not None
    if Assessor.objects.filter(user=user, organisation=actor.organisation).exists():
        raise ValidationError({"user": _("This person is in the pool already.")})
    give_role(_inviting(actor), actor.organisation, user, Role.ASSESSOR)
    assessor = Assessor.objects.create(user=user, organisation=actor.organisation, **_known(fields))
    record(actor, "calls.assessor_added", assessor, data={"person": user.pk})
    return assessor


def _known(fields: dict[str, Any]) -> dict[str, Any]:
    unknown = set(fields) - POOL
    if unknown:
        raise ValueError(f"not kept of an assessor: {sorted(unknown)}")
    return fields


@act
def change(actor: Actor, assessor: Assessor, **fields: Any) -> Assessor:
    """What the team keeps of her: themes, the most applications, whether she takes any now."""
    manage_assessor.require(actor, assessor)
    for name, value in _known(fields).items():
        setattr(assessor, name, value)
    assessor.save(update_fields=sorted(fields))
    record(actor, "calls.assessor_changed", assessor, data={"fields": sorted(fields)})
    return assessor


@act
def declare_links(
    actor: Actor, assessor: Assessor, *, gminas: Sequence[str], organisations: Sequence[str]
) -> Assessor:
    """The assessor says with which gminas and organisations she is linked; their applications stay closed."""
    own_assessor.require(actor, assessor)
    assessor.gminas = sorted(set(gminas))
    assessor.linked_organisations = list(dict.fromkeys(filter(None, map(str.strip, organisations))))
    assessor.save(update_fields=["gminas", "linked_organisations"])
    counts = {"gminas": len(assessor.gminas), "organisations": len(assessor.linked_organisations)}
    record(actor, "calls.links_declared", assessor, data=counts)
    return assessor


@act
def note_conflict(
    actor: Actor, assessor: Assessor, application: Application, *, kind: str, note: str
) -> Conflict:
    """The team learns of a link: from now on this assessor cannot open this application."""
    manage_assessor.require(actor, assessor)
    manage_application.require(actor, application)
    if len(note.strip()) < SHORTEST_REASON:
        raise ValidationError({"note": _("Write in a sentence what links them.")})
    return closed_by(actor, assessor, application, kind, note)


def closed_by(actor: Actor, assessor: Assessor, application: Application, kind: str, note: str) -> Conflict:
    """Keep the conflict, once of each kind, and say so on the time-line of the application."""
    row, new = Conflict.objects.get_or_create(
        assessor=assessor, application=application, kind=kind, defaults={"note": note.strip()[:300]}
    )
    if new:
        facts = {"kind": kind, "person": assessor.user_id}
        record(actor, "calls.conflict_noted", application, data=facts)
    return row


@act
def lift_conflict(actor: Actor, conflict: Conflict, reason: str) -> None:
    """A conflict that was a mistake is taken off, with the reason. What still holds is inferred again."""
    manage_assessor.require(actor, conflict.assessor)
    if len(reason.strip()) < SHORTEST_REASON:
        raise ValidationError({"reason": _("Write in a sentence why this was a mistake.")})
    facts = {"kind": conflict.kind, "person": conflict.assessor.user_id, "reason": reason.strip()[:300]}
    record(actor, "calls.conflict_lifted", conflict.application, data=facts)
    conflict.delete()
