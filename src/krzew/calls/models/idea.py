"""The idea card: always open, before any call, without an account."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, timedelta

from django.db import models
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from krzew.accounts.models import Organisation, User
from krzew.calls.states import IdeaState
from krzew.places.models import Unit

KEPT_DAYS = 730
"""How long a card that leads nowhere is kept: a setting of the installation may shorten it."""


def new_token() -> str:
    return secrets.token_urlsafe(24)


def token_hash(token: str) -> str:
    """Only the hash is kept: whoever reads the database cannot open anybody's card."""
    return hashlib.sha256(token.encode()).hexdigest()


def kept_until() -> date:
    return timezone.localdate() + timedelta(days=KEPT_DAYS)


class Wish(models.TextChoices):
    IDEA = "idea", _("I have an idea")
    JOIN = "join", _("I have no idea yet, but I want to join")


class Maturity(models.TextChoices):
    THOUGHT = "thought", _("it is a thought")
    WORKED_OUT = "worked_out", _("it is worked out on paper")
    TRIED = "tried", _("I have tried it with somebody")
    WORKING = "working", _("it already works somewhere")


class Channel(models.TextChoices):
    SELF = "self", _("written by the author")
    PAPER = "paper", _("keyed in from paper")
    PHONE = "phone", _("taken down on the telephone")
    MEETING = "meeting", _("told at a meeting")


class IdeaCard(models.Model):
    """An idea in plain words, or the wish to join. Its author comes back by a link; an account is not needed."""

    token_hash = models.CharField(max_length=64, unique=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="idea_cards"
    )
    state = models.CharField(max_length=10, choices=IdeaState, default=IdeaState.DRAFT)
    wish = models.CharField(max_length=5, choices=Wish, default=Wish.IDEA)
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.SELF)
    title = models.CharField(_("title"), max_length=120, blank=True)
    what = models.TextField(_("what it is"), max_length=3000, blank=True)
    for_whom = models.TextField(_("for whom"), max_length=1500, blank=True)
    maturity = models.CharField(_("how far it is"), max_length=10, choices=Maturity, blank=True)
    place = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(_("your name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    language = models.CharField(max_length=2, default="pl")
    user = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="idea_cards"
    )
    keyed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    in_charge = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    consent_version = models.CharField(max_length=20, blank=True)
    consent_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    keep_until = models.DateField(default=kept_until)

    class Meta:
        ordering = ["-started_at", "-pk"]
        indexes = [models.Index(fields=["state", "-sent_at"], name="calls_idea_state")]

    def __str__(self) -> str:
        begin = Truncator(self.what).words(8, truncate="…")
        return self.title or begin or str(_("an idea without a name"))

    @property
    def number(self) -> int:
        """The number that people quote. It has gaps, since a card that is never sent takes one too."""
        return self.pk

    @property
    def texts(self) -> dict[str, str]:
        """What may be compared with other ideas: never the author."""
        return {"title": self.title, "what": self.what, "for_whom": self.for_whom}


class IdeaMessage(models.Model):
    """One line of the talk between the author and the team."""

    card = models.ForeignKey(IdeaCard, on_delete=models.CASCADE, related_name="messages")
    from_team = models.BooleanField()
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    text = models.TextField(max_length=4000)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text[:60]
