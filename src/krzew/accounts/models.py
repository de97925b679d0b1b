"""People, organisations, and who acts for whom."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from krzew.accounts.states import InvitationState

INVITATION_DAYS = 14


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person with an account. What she may do follows from memberships alone."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    language = models.CharField(_("language"), max_length=2, default="pl")
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        verbose_name = _("person")

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return str(self)


class OrganisationKind(models.TextChoices):
    SUPPORT_CENTRE = "support_centre", _("social economy support centre (OWES)")
    ASSOCIATION = "association", _("association or foundation (NGO)")
    INCUBATOR = "incubator", _("incubator of social innovations")
    GMINA = "gmina", _("local government")
    CHURCH = "church", _("church legal person")
    INSTITUTION = "institution", _("public institution (OPS, PCPR, PUP, ROPS)")
    WORKSHOP = "workshop", _("occupational therapy workshop (WTZ)")
    COOPERATIVE = "cooperative", _("social cooperative")
    FUNDER = "funder", _("funder")


class Organisation(models.Model):
    name = models.CharField(
        _("name"),
        max_length=200,
        unique=True,
        error_messages={
            "unique": _("An organisation of this name is already here. Ask its owner to invite you.")
        },
    )
    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind)
    place_code = models.CharField(
        _("TERYT code of the place"),
        max_length=6,
        blank=True,
        validators=[
            RegexValidator(r"^\d{2}(\d{2}){0,2}$", _("A code has 2, 4 or 6 digits, for example 300202."))
        ],
    )
    created_at = models.DateTimeField(default=timezone.now)
    # Anybody may open an organisation; acting for others (answering enquiries, publishing, importing) waits for this.
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("organisation")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    OWNER = "owner", pgettext_lazy("role", "owner")
    ADVISER = "adviser", pgettext_lazy("role", "adviser")
    EDITOR = "editor", pgettext_lazy("role", "library editor")
    MANAGER = "manager", pgettext_lazy("role", "manager of calls")
    ASSESSOR = "assessor", pgettext_lazy("role", "assessor")
    MENTOR = "mentor", pgettext_lazy("role", "mentor of innovations")
    MEMBER = "member", pgettext_lazy("role", "member")

    @property
    def meaning(self) -> str:
        """What a person with this role does, in plain words."""
        return str(_ROLE_MEANINGS[self.value])


_ROLE_MEANINGS = {
    "owner": _("invites people, gives and takes roles, reads the record of what was done"),
    "adviser": _("runs diagnoses, answers enquiries, lets letters leave"),
    "editor": _("adds solutions to the library and publishes them"),
    "manager": _("prepares calls, answers ideas, sees every application of the organisation"),
    "assessor": _("reads and scores the applications given out, and no others"),
    "mentor": _("accompanies innovations through specification and test"),
    "member": _("reads what the organisation works on and asks for solutions"),
}
STAFF_ROLES = frozenset({Role.OWNER, Role.ADVISER, Role.EDITOR, Role.MANAGER, Role.ASSESSOR, Role.MENTOR})


class Membership(models.Model):
    """One role of one person in one organisation; a person may hold several."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=10, choices=Role)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["organisation__name", "user__email", "role"]
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation", "role"], name="one_row_per_role"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.role} · {self.organisation}"


def _token() -> str:
    return secrets.token_urlsafe(32)


def _expiry() -> datetime:
    return timezone.now() + timedelta(days=INVITATION_DAYS)


class Invitation(models.Model):
    """A link by which one person joins one organisation in one role, once."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail"))
    role = models.CharField(_("role"), max_length=10, choices=Role)
    token = models.CharField(max_length=64, unique=True, default=_token)
    invited_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(default=_expiry)
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.email} → {self.organisation}"

    @property
    def state(self) -> InvitationState:
        if self.accepted_at:
            return InvitationState.ACCEPTED
        if self.withdrawn_at:
            return InvitationState.WITHDRAWN
        return InvitationState.OPEN if self.expires_at > timezone.now() else InvitationState.EXPIRED

    @property
    def is_open(self) -> bool:
        return self.state == InvitationState.OPEN
