"""Whether somebody who runs the call stands behind an application in it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from krzew.accounts.models import Membership, Role
from krzew.calls.assessment_conflicts import tidy_name
from krzew.calls.models import Application, Member

STAFF = [role for role in Role.values if role != Role.ASSESSOR]
"""Experts from outside may apply; a link then closes every application of the call to them as assessors."""


def own_application(application: Application, members: Iterable[Member]) -> str:
    """Why the organiser's people and the organiser itself cannot apply here; "" for everybody else."""
    people = list(members)
    if _is_staff(application, people):
        return _("Somebody who takes part in this application works for the organiser of the call.")
    if _is_the_organiser(application, people):
        return _("The organiser of the call cannot apply in it.")
    return ""


def _is_staff(application: Application, members: list[Member]) -> bool:
    emails = {email.strip().lower() for email in (application.email, *(m.email for m in members)) if email}
    users = {user for user in (application.user_id, *(m.user_id for m in members)) if user}
    rows = Membership.objects.filter(organisation=application.call.programme.organisation_id, role__in=STAFF)
    rows = rows.annotate(low=Lower("user__email"))
    return rows.filter(Q(user__in=users) | Q(low__in=emails)).exists()


def _is_the_organiser(application: Application, members: list[Member]) -> bool:
    """By its name: an organisation has no tax number here."""
    if application.kind not in ("organisation", "partnership"):
        return False
    home = application.call.programme.organisation
    names = {tidy_name(name) for name in (application.applicant_name, *(m.name for m in members))}
    return application.organisation_id == home.pk or tidy_name(home.name) in names
