"""Who may do what with organisations, memberships and invitations."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from krzew.accounts.actors import Actor
from krzew.accounts.models import Invitation, Organisation, Role
from krzew.accounts.permissions import EVERYTHING, NOTHING, YES, Permission, Verdict, verdict
from krzew.accounts.queries import addresses, open_invitations
from krzew.accounts.states import InvitationState

MEMBERS_ONLY = _("Only members of this organisation may see it. Switch the organisation you act for.")
OPERATORS_ONLY = _("Only those who run this installation confirm organisations.")
OWNERS_ONLY = _("Only an owner of this organisation may do this. Ask one of its owners.")
SIGN_IN = _("Sign in first.")
OTHER_ADDRESS = _("This invitation was sent to another e-mail address. Sign in with that address.")
CLOSED = {
    InvitationState.ACCEPTED: _("This invitation was already used. Each invitation works once."),
    InvitationState.WITHDRAWN: _(
        "The organisation withdrew this invitation. Ask one of its owners for a new one."
    ),
    InvitationState.EXPIRED: _("This invitation has expired. Ask the person who sent it for a new one."),
}


def _own(actor: Actor, field: str) -> Q:
    if actor.is_system:
        return EVERYTHING
    return Q(**{field: actor.organisation.pk}) if actor.organisation else NOTHING


def _see(actor: Actor, organisation: Organisation) -> Verdict:
    return verdict(actor.acts_for(organisation.pk), MEMBERS_ONLY)


def _manage(actor: Actor, organisation: Organisation) -> Verdict:
    return verdict(actor.acts_for(organisation.pk) and actor.has(Role.OWNER), OWNERS_ONLY)


def _manage_invitation(actor: Actor, invitation: Invitation) -> Verdict:
    return verdict(actor.acts_for(invitation.organisation_id) and actor.has(Role.OWNER), OWNERS_ONLY)


def _open(actor: Actor, _nothing: None) -> Verdict:
    return verdict(actor.is_known or actor.is_system, SIGN_IN)


def _belong(actor: Actor, organisation: Organisation) -> Verdict:
    member = actor.is_known and organisation.memberships.filter(user=actor.user).exists()
    return verdict(member, MEMBERS_ONLY)


def _accept(actor: Actor, invitation: Invitation) -> Verdict:
    if not invitation.is_open:
        return Verdict(False, CLOSED[invitation.state])
    if actor.user is None:
        return Verdict(False, SIGN_IN)
    return YES if invitation.email.lower() in addresses(actor.user) else Verdict(False, OTHER_ADDRESS)


def _acceptable(actor: Actor) -> Q:
    if actor.user is None:
        return NOTHING
    return open_invitations() & Q(email__in=addresses(actor.user))


see_organisation = Permission(
    "accounts.see_organisation", _see, lambda actor: _own(actor, "pk__exact"), Organisation
)
manage_organisation = Permission(
    "accounts.manage_organisation",
    _manage,
    lambda actor: _own(actor, "pk__exact") if actor.has(Role.OWNER) else NOTHING,
    Organisation,
)
manage_invitation = Permission(
    "accounts.manage_invitation",
    _manage_invitation,
    lambda actor: _own(actor, "organisation") if actor.has(Role.OWNER) else NOTHING,
    Invitation,
)
act_for_organisation = Permission(
    "accounts.act_for_organisation",
    _belong,
    lambda actor: Q(pk__in=actor.user.memberships.values("organisation")) if actor.user else NOTHING,
    Organisation,
)
accept_invitation = Permission("accounts.accept_invitation", _accept, _acceptable, Invitation)
open_organisation = Permission("accounts.open_organisation", _open)
change_profile = Permission("accounts.change_profile", _open)


def _confirm(actor: Actor, _nothing: object) -> Verdict:
    return verdict(actor.is_system, OPERATORS_ONLY)


confirm_organisation = Permission("accounts.confirm_organisation", _confirm)
