"""What can be done with organisations, roles, invitations and one's own profile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from krzew.accounts import queries, rules
from krzew.accounts.actors import Actor
from krzew.accounts.ledger import ledger
from krzew.accounts.models import Invitation, Membership, Organisation, Role, User
from krzew.accounts.permissions import Denied

DAILY_INVITATIONS = 50


@transaction.atomic
def open_organisation(actor: Actor, *, name: str, kind: str, place_code: str = "") -> Organisation:
    """A person opens an organisation and becomes its first owner."""
    rules.open_organisation.require(actor)
    organisation = Organisation(name=_tidy(name), kind=kind, place_code=place_code)
    organisation.full_clean()
    organisation.save()
    if actor.user:
        Membership.objects.create(user=actor.user, organisation=organisation, role=Role.OWNER)
    ledger().record(actor.at(organisation), "accounts.organisation_opened", organisation)
    return organisation


@transaction.atomic
def confirm_organisation(actor: Actor, organisation: Organisation) -> Organisation:
    """Those who run the installation confirm that the organisation is what it says."""
    rules.confirm_organisation.require(actor)
    organisation.confirmed_at = timezone.now()
    organisation.save(update_fields=["confirmed_at"])
    ledger().record(actor, "accounts.organisation_confirmed", organisation)
    return organisation


@transaction.atomic
def change_organisation(
    actor: Actor, organisation: Organisation, *, name: str, kind: str, place_code: str = ""
) -> Organisation:
    rules.manage_organisation.require(actor, organisation)
    kept = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if kept.kind != kind:  # what was confirmed was an organisation of the other kind
        kept.confirmed_at = None
    kept.name, kept.kind, kept.place_code = _tidy(name), kind, place_code
    kept.full_clean()
    kept.save()
    ledger().record(actor, "accounts.organisation_changed", kept)
    return kept


@transaction.atomic
def invite(
    actor: Actor, organisation: Organisation, *, email: str, role: str, link: Callable[[str], str]
) -> Invitation:
    """Ask a person by letter to join in one role. `link` makes the web address of a token."""
    rules.manage_organisation.require(actor, organisation)
    email, role = email.strip().lower(), Role(role)
    _lock(organisation)
    _check_invitation(organisation, email, role)
    invitation = Invitation.objects.create(
        organisation=organisation, email=email, role=role, invited_by=actor.user
    )
    ledger().record(actor, "accounts.invited", organisation, new=role, data={"invitation": invitation.pk})
    language = actor.user.language if actor.user else "pl"
    with override(language):
        subject, body = _invitation_letter(invitation, link(invitation.token))
    ledger().post_letter(actor, invitation, email, subject, body, language=language)
    return invitation


@transaction.atomic
def withdraw_invitation(actor: Actor, invitation: Invitation) -> Invitation:
    rules.manage_invitation.require(actor, invitation)
    kept = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not kept.is_open:
        raise ValidationError(rules.CLOSED[kept.state])
    kept.withdrawn_at = timezone.now()
    kept.save(update_fields=["withdrawn_at"])
    ledger().record(
        actor, "accounts.invitation_withdrawn", kept.organisation, old=kept.role, data={"invitation": kept.pk}
    )
    return kept


@transaction.atomic
def accept_invitation(actor: Actor, invitation: Invitation) -> Actor:
    """The invited person joins. Returns the person acting for the new organisation."""
    kept = Invitation.objects.select_for_update().get(pk=invitation.pk)
    rules.accept_invitation.require(actor, kept)
    user = _person(actor)
    Membership.objects.get_or_create(user=user, organisation=kept.organisation, role=kept.role)
    kept.accepted_at = timezone.now()
    kept.save(update_fields=["accepted_at"])
    joined = Actor.of(user, kept.organisation)
    ledger().record(
        joined, "accounts.invitation_accepted", kept.organisation, new=kept.role, data={"invitation": kept.pk}
    )
    return joined


@transaction.atomic
def give_role(actor: Actor, organisation: Organisation, user: User, role: str) -> Membership:
    """Give a further role to somebody who is a member. Others are invited, so that they can refuse."""
    rules.manage_organisation.require(actor, organisation)
    role = Role(role)
    if not actor.is_system and not organisation.memberships.filter(user=user).exists():
        raise ValidationError(_("This person is not a member yet. Send an invitation."))
    membership, created = Membership.objects.get_or_create(user=user, organisation=organisation, role=role)
    if created:
        ledger().record(actor, "accounts.role_given", organisation, new=role, data={"person": user.pk})
    return membership


@transaction.atomic
def take_role(actor: Actor, organisation: Organisation, user: User, role: str) -> None:
    rules.manage_organisation.require(actor, organisation)
    _keep_an_owner(organisation, user, role)
    removed, _rows = organisation.memberships.filter(user=user, role=role).delete()
    if removed:
        ledger().record(actor, "accounts.role_taken", organisation, old=role, data={"person": user.pk})


@transaction.atomic
def leave(actor: Actor, organisation: Organisation) -> None:
    """A member gives back every role in the organisation."""
    rules.act_for_organisation.require(actor, organisation)
    user = _person(actor)
    _keep_an_owner(organisation, user, Role.OWNER)
    organisation.memberships.filter(user=user).delete()
    ledger().record(actor.at(organisation), "accounts.left", organisation)


@transaction.atomic
def switch_organisation(actor: Actor, organisation: Organisation) -> Actor:
    """The person acts for another of her organisations from now on."""
    rules.act_for_organisation.require(actor, organisation)
    switched = Actor.of(_person(actor), organisation)
    ledger().record(switched, "accounts.organisation_switched", organisation)
    return switched


@transaction.atomic
def change_profile(actor: Actor, *, name: str, language: str) -> User:
    rules.change_profile.require(actor)
    user = _person(actor)
    user.name, user.language = _tidy(name), language
    user.clean_fields(exclude=["password"])
    user.save(update_fields=["name", "language"])
    # A person's own matter: written down for no organisation, so that no owner reads it.
    ledger().record(Actor(user=user), "accounts.profile_changed", user)
    return user


def _person(actor: Actor) -> User:
    if actor.user is None:
        raise Denied(rules.SIGN_IN)
    return actor.user


def _tidy(text: str) -> str:
    """One line, single spaces."""
    return " ".join(text.split())


def _lock(organisation: Organisation) -> None:
    """Acts that count rows of one organisation wait for each other."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)


def _keep_an_owner(organisation: Organisation, user: User, role: str) -> None:
    _lock(organisation)
    owners = set(organisation.memberships.filter(role=Role.OWNER).values_list("user", flat=True))
    if role == Role.OWNER and owners == {user.pk}:
        raise ValidationError(_("An organisation needs an owner. Give this role to somebody else first."))


def _check_invitation(organisation: Organisation, email: str, role: Role) -> None:
    waiting = organisation.invitations.filter(queries.open_invitations(), email=email, role=role)
    if waiting.exists():
        raise ValidationError(
            _("This person already has an invitation to this role. Withdraw it to send a new one.")
        )
    if organisation.memberships.filter(user__email=email, role=role).exists():
        raise ValidationError(_("This person already has this role here."))
    today = organisation.invitations.filter(created_at__gt=timezone.now() - timedelta(days=1))
    if today.count() >= DAILY_INVITATIONS:
        raise ValidationError(
            _("An organisation sends at most %(limit)s invitations a day. Send the next ones tomorrow.")
            % {"limit": DAILY_INVITATIONS}
        )


def _invitation_letter(invitation: Invitation, address: str) -> tuple[str, str]:
    facts = {
        "organisation": invitation.organisation.name,
        "person": str(invitation.invited_by or "Krzew"),
        "role": Role(invitation.role).label,
        "meaning": Role(invitation.role).meaning,
        "address": address,
        "day": timezone.localtime(invitation.expires_at).strftime("%d.%m.%Y"),
    }
    subject = _("Invitation to %(organisation)s in Krzew") % facts
    body = (
        _(
            "Good day,\n\n"
            "%(person)s invites you to work with %(organisation)s in Krzew, as: %(role)s "
            "(%(meaning)s).\n\n"
            "To accept, open this page by %(day)s:\n%(address)s\n\n"
            "You did not expect this letter? Then leave it without an answer. Nothing will happen."
        )
        % facts
    )
    return subject[:200], body
