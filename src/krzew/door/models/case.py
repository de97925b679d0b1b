"""Cases: whatever somebody leaves has a number, one thread and a time-line.

What people write, and who they are, is encrypted. Nothing of it stands in an address, a title or an event.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from encrypted_fields.fields import EncryptedTextField

from krzew.accounts.models import Organisation, User
from krzew.door.states import CaseState
from krzew.places.models import Unit


class CaseKind(models.TextChoices):
    NEED = "need", pgettext_lazy("case", "need")
    CHALLENGE = "challenge", pgettext_lazy("case", "challenge of a place or institution")
    QUESTION = "question", pgettext_lazy("case", "question")
    IDEA = "idea", pgettext_lazy("case", "idea")
    APPLICATION = "application", pgettext_lazy("case", "application")
    SIGN_UP = "sign_up", pgettext_lazy("case", "sign-up for a test")
    OFFER = "offer", pgettext_lazy("case", "offer or search on the board")


class CaseNumber(models.Model):
    """The last number given in a year. One row a year, locked while a case is opened."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.last}/{self.year}"


class Case(models.Model):
    """One case. `object_type` and `object_id` name what it is about when that lives in another room:

    an idea, an application or a sign-up keeps its own page and thread there, and the inbox leads to it.
    The number is said aloud and opens nothing; the link does.
    """

    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=CaseKind)
    state = models.CharField(max_length=10, choices=CaseState, default=CaseState.NEW)
    token_hash = models.CharField(max_length=64, unique=True)
    object_type = models.CharField(max_length=80, blank=True)
    object_id = models.CharField(max_length=40, blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="cases"
    )
    place = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    language = models.CharField(max_length=2, default="pl")
    name = EncryptedTextField(null=True, blank=True)
    email = EncryptedTextField(null=True, blank=True)
    phone = EncryptedTextField(null=True, blank=True)
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="cases")
    keyed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    assigned_to = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    urgent = models.BooleanField(default=False)
    draft = EncryptedTextField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(default=timezone.now)
    first_answer_at = models.DateTimeField(null=True, blank=True)
    moved_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="door_case_number"),
            models.UniqueConstraint(
                fields=["object_type", "object_id"], condition=~Q(object_type=""), name="door_case_of_object"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "state", "due_on"], name="door_case_inbox"),
            models.Index(fields=["assigned_to", "state"], name="door_case_desk"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The number as it is said on the telephone."""
        return f"{self.number}/{self.year}"


class Message(models.Model):
    """One word in the thread: by the author, by the office, or a note that only the office reads."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="messages")
    text = EncryptedTextField(null=True, blank=True)
    by_author = models.BooleanField(default=False)
    is_note = models.BooleanField(default=False)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["case", "at", "pk"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.at:%Y-%m-%d}"


class Handover(models.Model):
    """A mentor or an expert who sees and answers this case, and no other, until it is taken back."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="handovers")
    to = models.ForeignKey(User, on_delete=models.CASCADE, related_name="handed_cases")
    note = models.CharField(_("what is asked of her"), max_length=300, blank=True)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "to"], condition=Q(ended_at__isnull=True), name="door_handed_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} → {self.to_id}"


class Canned(models.Model):
    """An answer that is given often; it is put into the draft and changed there."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="canned")
    title = models.CharField(_("when it is used"), max_length=120)
    text_pl = models.TextField(_("answer in Polish"), max_length=4000)
    text_en = models.TextField(_("answer in English"), max_length=4000, blank=True)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    put_away_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title
