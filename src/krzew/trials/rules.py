"""Who may do what with an innovation on its way from the decision to the library."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from krzew.accounts.actors import Actor
from krzew.accounts.models import Role
from krzew.accounts.permissions import EVERYTHING, NOTHING, YES, Permission, Verdict, verdict
from krzew.library.models import Solution
from krzew.trials.models import Innovation
from krzew.trials.states import InnovationState

NOT_YOURS = _("This belongs to another organisation.")
MANAGERS_ONLY = _("Only a manager of calls may do this. Ask an owner of your organisation for the role.")
NOT_YOUR_INNOVATION = _("Only the innovator, her mentor and the team of the call see this.")
ONLY_ITS_MENTOR = _("Only the mentor of this innovation gives this opinion.")
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

give_opinion = Permission(
    "trials.give_opinion",
    lambda actor, innovation: verdict(_accompanies(actor, innovation), ONLY_ITS_MENTOR),
    _accompanied,
    Innovation,
)

# --- into the library -------------------------------------------------------------------------------

DECIDED = (InnovationState.CHOSEN, InnovationState.NOT_CHOSEN, InnovationState.FAILED)
EDITORS_ONLY = _(
    "Only a library editor of the organisation that ran the call does this. An owner gives the role."
)
NOT_DECIDED = _("The library takes it when the body has decided.")


def _edits(actor: Actor) -> bool:
    return actor.is_system or (actor.is_confirmed and actor.has(Role.EDITOR))


def _publish(actor: Actor, innovation: Innovation) -> Verdict:
    if not _edits(actor) or not actor.acts_for(innovation.organisation_id):
        return Verdict(False, EDITORS_ONLY)
    return verdict(innovation.state in DECIDED, NOT_DECIDED)


def _publishable(actor: Actor) -> Q:
    decided = Q(state__in=DECIDED)
    if actor.is_system:
        return decided
    if not _edits(actor) or actor.organisation is None:
        return NOTHING
    return decided & Q(**{HOME: actor.organisation.pk})


publish_innovation = Permission("trials.publish", _publish, _publishable, Innovation)

POLICY_BY = _("Only managers of calls and library editors of a confirmed organisation note this.")


def _notes_policy(actor: Actor) -> bool:
    return actor.is_system or (actor.is_confirmed and actor.has(Role.MANAGER, Role.EDITOR))


note_policy = Permission(
    "trials.note_policy",
    lambda actor, _solution: verdict(_notes_policy(actor), POLICY_BY),
    lambda actor: EVERYTHING if _notes_policy(actor) else NOTHING,
    Solution,
)
