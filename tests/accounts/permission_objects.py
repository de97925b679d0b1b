"""Objects of accounts over which the permissions are compared."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from krzew.accounts.models import Invitation, Organisation, Role, User


def make_objects(organisations: list[Organisation], people: list[User]) -> None:
    """Invitations in every state, to people who are here and to strangers."""
    now = timezone.now()
    states = [{}, {"accepted_at": now}, {"withdrawn_at": now}, {"expires_at": now - timedelta(days=1)}]
    for organisation in organisations:
        for address in (people[0].email, people[-1].email, "stranger@example.org"):
            for state in states:
                Invitation.objects.create(organisation=organisation, email=address, role=Role.MEMBER, **state)
