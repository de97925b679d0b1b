"""Who may read and enter meetings: they belong to the organisation that held them."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from krzew.accounts.actors import Actor
from krzew.accounts.models import Role
from krzew.accounts.permissions import EVERYTHING, NOTHING, Permission, Verdict, verdict
from krzew.network.models import Meeting, Theme

ADVISERS_ONLY = _("Only an adviser enters meetings. Ask an owner of your organisation for the role.")
NOT_YOURS = _("This meeting belongs to another organisation. Switch the organisation you act for.")


def _own(actor: Actor) -> Q:
    if actor.is_system:
        return EVERYTHING
    return Q(organisation=actor.organisation.pk) if actor.organisation else NOTHING


def _advised(actor: Actor) -> Q:
    return _own(actor) if actor.has(Role.ADVISER) else NOTHING


def _see(actor: Actor, meeting: Meeting) -> Verdict:
    return verdict(actor.acts_for(meeting.organisation_id), NOT_YOURS)


def _change(actor: Actor, obj: Meeting | Theme) -> Verdict:
    if not actor.acts_for(obj.organisation_id):
        return Verdict(False, NOT_YOURS)
    return verdict(actor.has(Role.ADVISER), ADVISERS_ONLY)


def _hold(actor: Actor, _obj: object) -> Verdict:
    ready = actor.organisation is not None and actor.has(Role.ADVISER)
    return verdict(ready, ADVISERS_ONLY)


see_meeting = Permission("network.see_meeting", _see, _own, Meeting)
change_meeting = Permission("network.change_meeting", _change, _advised, Meeting)
change_theme = Permission("network.change_theme", _change, _advised, Theme)
hold_meetings = Permission("network.hold_meetings", _hold)
