"""The acts of this room in words, for the time-line."""

from django.utils.translation import gettext_lazy as _

from krzew.accounts.models import Role

PHRASES = {
    "accounts.account_removed": _("Account removed"),
    "accounts.organisation_opened": _("Organisation opened"),
    "accounts.organisation_confirmed": _("Organisation confirmed"),
    "accounts.organisation_changed": _("Name, kind or place of the organisation changed"),
    "accounts.organisation_switched": _("Began to act for the organisation"),
    "accounts.invited": _("Person invited"),
    "accounts.invitation_withdrawn": _("Invitation withdrawn"),
    "accounts.invitation_accepted": _("Invitation accepted"),
    "accounts.role_given": _("Role given"),
    "accounts.role_taken": _("Role taken away"),
    "accounts.left": _("Left the organisation"),
    "accounts.profile_changed": _("Profile changed"),
}

STATES = {"accounts.organisation": dict(Role.choices)}
