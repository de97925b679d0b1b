"""Who may do what with an innovation on its way from the decision to the library."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from krzew.accounts.actors import Actor
from krzew.accounts.models import Role
from krzew.accounts.permissions import EVERYTHING, NOTHING, YES, Permission, Verdict, verdict
from krzew.trials.models import Innovation

NOT_YOURS = _("This belongs to another organisation.")
MANAGERS_ONLY = _("Only a manager of calls may do this. Ask an owner of your organisation for the role.")
NOT_YOUR_INNOVATION = _("Only the innovator, her mentor and the team of the call see this.")
NOT_YOUR_MENTEE = _("Only the mentor of this innovation and the team of the call do this.")


def manages(actor: Actor, organisation_id: int | None) -> Verdict:
    if not actor.acts_for(organisation_id):
        return Verdict(False, NOT_YOURS)
    return verdict(actor.has(Role.MANAGER), MANAGERS_ONLY)


def managed(actor: Actor, path: str) -> Q:
    """Rows whose organisation, at the end of `path`, the actor manages."""
    if actor.is_system:
        return EVERYTHING
    if actor.organisation is None or not actor.has(Role.MANAGER):
        return NOTHING
    return Q(**{path: actor.organisation.pk})


HOME = "call__programme__organisation"


def _is(actor: Actor, user_id: int | None) -> bool:
    return actor.user is not None and user_id == actor.user.pk


def _accompanies(actor: Actor, innovation: Innovation) -> bool:
    """A mentor sees what was given to her, while she acts for the organisation that gave it."""
    return (
        _is(actor, innovation.mentor_id)
        and actor.acts_for(innovation.organisation_id)
        and actor.has(Role.MENTOR)
    )


def _accompanied(actor: Actor) -> Q:
    if actor.user is None or actor.organisation is None or not actor.has(Role.MENTOR):
        return NOTHING
    return Q(mentor=actor.user.pk, **{HOME: actor.organisation.pk})


def _accompany(actor: Actor, innovation: Innovation) -> Verdict:
    if manages(actor, innovation.organisation_id):
        return YES
    return verdict(_accompanies(actor, innovation), NOT_YOUR_MENTEE)


def _accompaniable(actor: Actor) -> Q:
    return managed(actor, HOME) | _accompanied(actor)


def _see(actor: Actor, innovation: Innovation) -> Verdict:
    if _is(actor, innovation.user_id) or _accompany(actor, innovation):
        return YES
    return Verdict(False, NOT_YOUR_INNOVATION)


def _seen(actor: Actor) -> Q:
    own = Q(user=actor.user.pk) if actor.user else NOTHING
    return own | _accompaniable(actor)


manage_innovation = Permission(
    "trials.manage_innovation",
    lambda actor, innovation: manages(actor, innovation.organisation_id),
    lambda actor: managed(actor, HOME),
    Innovation,
)
accompany = Permission("trials.accompany", _accompany, _accompaniable, Innovation)
see_innovation = Permission("trials.see_innovation", _see, _seen, Innovation)
write_innovation = Permission(
    "trials.write_innovation",
    lambda actor, innovation: verdict(actor.is_system or _is(actor, innovation.user_id), NOT_YOUR_INNOVATION),
    lambda actor: EVERYTHING if actor.is_system else Q(user=actor.user.pk) if actor.user else NOTHING,
    Innovation,
)
