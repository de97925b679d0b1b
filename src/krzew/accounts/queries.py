"""Every read of accounts: who belongs where, and who was asked to come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet
from django.utils import timezone

from krzew.accounts.models import Invitation, Membership, Organisation, Role, User


@dataclass(frozen=True)
class Member:
    """A person and the roles held in one organisation."""

    user: User
    roles: tuple[Role, ...]


@dataclass(frozen=True)
class Belonging:
    """An organisation and the roles that one person holds in it."""

    organisation: Organisation
    roles: tuple[Role, ...]


def addresses(user: User) -> frozenset[str]:
    """Addresses that the person has proven to read. An account opened by the program has only one."""
    known = list(EmailAddress.objects.filter(user=user).values_list("email", "verified"))
    if not known:
        return frozenset({user.email.lower()})
    return frozenset(email.lower() for email, verified in known if verified)


def organisations_of(user: User | None) -> QuerySet[Organisation]:
    return Organisation.objects.filter(pk__in=Membership.objects.filter(user=user).values("organisation"))


def belongings(user: User) -> list[Belonging]:
    rows = Membership.objects.filter(user=user).select_related("organisation")
    held: dict[Organisation, list[str]] = {}
    for row in rows:
        held.setdefault(row.organisation, []).append(row.role)
    return [Belonging(organisation, in_order(roles)) for organisation, roles in held.items()]


def members(organisation: Organisation) -> list[Member]:
    rows = organisation.memberships.select_related("user").order_by("user__name", "user__email")
    held: dict[User, list[str]] = {}
    for row in rows:
        held.setdefault(row.user, []).append(row.role)
    return [Member(user, in_order(roles)) for user, roles in held.items()]


def roles_held(organisation: Organisation, user: User) -> list[tuple[Role, bool]]:
    """Every role, and whether the person holds it here."""
    held = set(organisation.memberships.filter(user=user).values_list("role", flat=True))
    return [(role, role.value in held) for role in Role]


def in_order(roles: Iterable[str]) -> tuple[Role, ...]:
    """Roles from the one with most rights to the one with fewest."""
    found = set(roles)
    return tuple(role for role in Role if role.value in found)


def people(organisation: Organisation) -> QuerySet[User]:
    return User.objects.filter(pk__in=organisation.memberships.values("user"))


def open_invitations() -> Q:
    return Q(accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now())


def invitations(organisation: Organisation) -> QuerySet[Invitation]:
    return organisation.invitations.select_related("invited_by")


def invitations_for(user: User) -> QuerySet[Invitation]:
    """Open invitations to any address of this person."""
    asked = Invitation.objects.filter(open_invitations(), email__in=addresses(user))
    return asked.select_related("organisation", "invited_by")


def invitation_by(token: str) -> Invitation | None:
    return Invitation.objects.filter(token=token).select_related("organisation", "invited_by").first()


def all_invitations() -> QuerySet[Invitation]:
    """Rows for a permission to filter."""
    return Invitation.objects.select_related("organisation")
