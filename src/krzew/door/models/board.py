"""The partnership board: who offers and who looks for premises, customers, testers, partners, mentors."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from encrypted_fields.fields import EncryptedTextField

from krzew.accounts.models import Organisation, User
from krzew.door.states import OfferState, ReplyState
from krzew.places.models import Unit


class OfferKind(models.TextChoices):
    OFFER = "offer", pgettext_lazy("board", "I offer")
    SEARCH = "search", pgettext_lazy("board", "I look for")


class Subject(models.TextChoices):
    PREMISES = "premises", pgettext_lazy("board", "premises or land")
    CUSTOMERS = "customers", pgettext_lazy("board", "customers or orders")
    TESTERS = "testers", pgettext_lazy("board", "people who test")
    PARTNERS = "partners", pgettext_lazy("board", "partners")
    MENTORS = "mentors", pgettext_lazy("board", "a mentor or advice")
    THINGS = "things", pgettext_lazy("board", "equipment or transport")
    WORK = "work", pgettext_lazy("board", "work or practice")


class Offer(models.Model):
    """One notice. Its author's address is never shown: answers go through the office."""

    kind = models.CharField(max_length=8, choices=OfferKind)
    subject = models.CharField(max_length=10, choices=Subject)
    state = models.CharField(max_length=10, choices=OfferState, default=OfferState.WAITING)
    token_hash = models.CharField(max_length=64, unique=True)
    title = models.CharField(_("in a few words"), max_length=120)
    text = models.TextField(_("what exactly"), max_length=3000)
    place = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    shown_as = models.CharField(_("name to be shown"), max_length=120, blank=True)
    name = EncryptedTextField(null=True, blank=True)
    email = EncryptedTextField(null=True, blank=True)
    phone = EncryptedTextField(null=True, blank=True)
    language = models.CharField(max_length=2, default="pl")
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    returned_why = models.TextField(blank=True, max_length=1000)
    moderated_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)
    until = models.DateField(_("until when"), null=True, blank=True)

    class Meta:
        ordering = ["-published_at", "-pk"]
        indexes = [models.Index(fields=["state", "subject"], name="door_offer_board")]

    def __str__(self) -> str:
        return self.title


class Reply(models.Model):
    """An answer to a notice. The office reads it, then passes it on with the address of the one who wrote."""

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="replies")
    state = models.CharField(max_length=10, choices=ReplyState, default=ReplyState.WAITING)
    text = EncryptedTextField(null=True, blank=True)
    name = EncryptedTextField(null=True, blank=True)
    email = EncryptedTextField(null=True, blank=True)
    phone = EncryptedTextField(null=True, blank=True)
    at = models.DateTimeField(default=timezone.now)
    moderated_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    moderated_at = models.DateTimeField(null=True, blank=True)
    refused_why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["offer", "at", "pk"]

    def __str__(self) -> str:
        return f"{self.offer_id} {self.at:%Y-%m-%d}"
