"""Who may let a letter leave, and who may read the record of what was done."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from krzew.accounts.actors import Actor
from krzew.accounts.models import Role
from krzew.accounts.permissions import EVERYTHING, NOTHING, Permission, Verdict, verdict
from krzew.timeline.models import Event, Letter

LETTERS = _("Only an adviser or owner of the organisation that wrote this letter may release it.")
AUDIT = _("Only an owner reads the record of an organisation. Ask one of its owners.")


def _of_own(actor: Actor, *roles: Role) -> Q:
    """Rows of the acting organisation, for these roles."""
    if actor.is_system:
        return EVERYTHING
    if actor.organisation is None or not actor.has(*roles):
        return NOTHING
    return Q(organisation=actor.organisation.pk)


def _release(actor: Actor, letter: Letter) -> Verdict:
    return verdict(actor.acts_for(letter.organisation_id) and actor.has(Role.OWNER, Role.ADVISER), LETTERS)


def _read(actor: Actor, event: Event) -> Verdict:
    return verdict(actor.acts_for(event.organisation_id) and actor.has(Role.OWNER), AUDIT)


def _open_letters(actor: Actor, _nothing: None) -> Verdict:
    return verdict(actor.organisation is not None and actor.has(Role.OWNER, Role.ADVISER), LETTERS)


def _open_audit(actor: Actor, _nothing: None) -> Verdict:
    return verdict(actor.organisation is not None and actor.has(Role.OWNER), AUDIT)


release_letter = Permission(
    "timeline.release_letter", _release, lambda actor: _of_own(actor, Role.OWNER, Role.ADVISER), Letter
)
read_event = Permission("timeline.read_event", _read, lambda actor: _of_own(actor, Role.OWNER), Event)
open_letters = Permission("timeline.open_letters", _open_letters)
open_audit = Permission("timeline.open_audit", _open_audit)
