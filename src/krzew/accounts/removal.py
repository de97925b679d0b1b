"""Taking a person out of her account. The row stays, since events name it; nobody is recognised in it any more."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from krzew.accounts import rules
from krzew.accounts.actors import Actor
from krzew.accounts.ledger import ledger
from krzew.accounts.models import Invitation, User
from krzew.accounts.permissions import Denied

NOWHERE = "removed-{pk}@invalid"


def holds(user: User) -> list[str]:
    """Names of organisations in which the person has a role: these must be taken first."""
    return sorted({str(m.organisation) for m in user.memberships.select_related("organisation")})


@transaction.atomic
def remove_account(actor: Actor, user: User) -> None:
    """Name, address, passwords, passkeys and sessions go for good. Done by the program, or by the person herself."""
    if not actor.is_system and actor.user != user:
        raise Denied(rules.SIGN_IN)
    if found := holds(user):
        text = _("This person still has a role in: %(names)s. Take it first.")
        raise ValidationError(text % {"names": ", ".join(found)})
    Invitation.objects.filter(email__iexact=user.email).delete()
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    sessions = UserSession.objects.filter(user=user)
    Session.objects.filter(session_key__in=sessions.values_list("session_key", flat=True)).delete()
    sessions.delete()
    user.name, user.email, user.is_active = "", NOWHERE.format(pk=user.pk), False
    user.set_unusable_password()
    user.save(update_fields=["name", "email", "is_active", "password"])
    ledger().record(Actor(user=user), "accounts.account_removed", user)
