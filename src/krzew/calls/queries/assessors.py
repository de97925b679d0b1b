"""Reading the pool of assessors."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from krzew.accounts.actors import Actor
from krzew.accounts.models import Invitation, Role, User
from krzew.accounts.queries import open_invitations
from krzew.calls.definition.base import Described
from krzew.calls.models import Assessor, Call, Conflict, Programme
from krzew.calls.rules import manage_assessor
from krzew.calls.states import ReadingState


def pool(actor: Actor) -> QuerySet[Assessor]:
    """Assessors of the acting organisation with what they have signed and what waits."""
    rows = manage_assessor.filter(actor, Assessor.objects.select_related("user"))
    waiting = Q(readings__state__in=(ReadingState.ASSIGNED, ReadingState.OPEN))
    return rows.annotate(
        waiting=Count("readings", filter=waiting),
        signed=Count("readings", filter=Q(readings__state=ReadingState.DONE)),
    ).order_by("-active", "user__name", "pk")


def assessor(actor: Actor, pk: int) -> Assessor | None:
    rows = manage_assessor.filter(actor, Assessor.objects.select_related("user", "organisation"))
    return rows.filter(pk=pk).first()


def candidates(actor: Actor) -> list[User]:
    """Members of the organisation who are not in the pool, those with the role of an assessor first."""
    if actor.organisation is None:
        return []
    inside = Assessor.objects.filter(organisation=actor.organisation).values("user")
    rows = User.objects.filter(memberships__organisation=actor.organisation, is_active=True)
    has_role = Count("memberships", filter=Q(memberships__role=Role.ASSESSOR))
    return list(rows.exclude(pk__in=inside).annotate(ready=has_role).order_by("-ready", "name", "pk"))


def invited(actor: Actor) -> QuerySet[Invitation]:
    rows = Invitation.objects.filter(open_invitations(), role=Role.ASSESSOR)
    return rows.filter(organisation=actor.organisation) if actor.organisation else rows.none()


def themes(organisation_id: int) -> dict[str, Described]:
    """Themes of all programmes of an organisation, by code."""
    found: dict[str, Described] = {}
    for programme in Programme.objects.filter(organisation=organisation_id).order_by("pk"):
        found |= {theme.code: theme for theme in programme.rules.themes}
    return found


def conflicts_of(assessor: Assessor) -> QuerySet[Conflict]:
    """Applications that are closed to her, the newest first; the whole of a call counts once."""
    rows = Conflict.objects.filter(assessor=assessor).select_related("application__call")
    return rows.exclude(kind=Conflict.Kind.APPLICANT).order_by("-at", "pk")


def applies_in(assessor: Assessor) -> list[str]:
    """Names of calls in which she applies herself."""
    rows = Conflict.objects.filter(assessor=assessor, kind=Conflict.Kind.APPLICANT)
    calls = Call.objects.filter(pk__in=rows.values("application__call"))
    return [call.name for call in calls]


def names(assessors: Iterable[int]) -> dict[int, str]:
    rows = Assessor.objects.filter(pk__in=list(assessors)).select_related("user")
    return {row.pk: str(row) for row in rows}
