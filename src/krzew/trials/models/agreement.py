"""Agreements: on co-operation, and the one that entrusts the grant, with its tranches and signatures."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from krzew.accounts.models import User
from krzew.trials.models.innovation import Innovation
from krzew.trials.states import AgreementState


class AgreementKind(models.TextChoices):
    COOPERATION = "cooperation", _("cooperation agreement")
    GRANT = "grant", _("agreement that entrusts the grant")


class Agreement(models.Model):
    """One agreement, or an annex that replaces the one before it. Once offered its content is frozen.

    `content` holds the clauses as they were written: [{"code", "title", "text", "source"}], results and
    declared data of the parties; `content_hash` is taken when it is offered.
    """

    innovation = models.ForeignKey(Innovation, on_delete=models.PROTECT, related_name="agreements")
    kind = models.CharField(max_length=12, choices=AgreementKind)
    stage = models.CharField(max_length=40)
    number = models.PositiveSmallIntegerField(default=1)  # 2 and more are annexes
    label = models.CharField(max_length=60, blank=True)  # the number that the office gives it
    state = models.CharField(max_length=10, choices=AgreementState, default=AgreementState.DRAFT)
    content = models.JSONField(default=dict)
    content_hash = models.CharField(max_length=64, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2, null=True, blank=True)
    own_contribution = models.DecimalField(
        _("own contribution"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)
    licence = models.CharField(max_length=30, blank=True)
    annex_why = models.TextField(blank=True, max_length=2000)
    ended_why = models.TextField(blank=True, max_length=2000)
    revision = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    offered_at = models.DateTimeField(null=True, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["innovation", "stage", "number"]
        constraints = [
            models.UniqueConstraint(fields=["innovation", "stage", "number"], name="trials_annex_once"),
            models.UniqueConstraint(
                fields=["innovation", "stage"],
                condition=Q(state__in=[AgreementState.DRAFT, AgreementState.OFFERED]),
                name="trials_one_open_agreement",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(starts_on__lt=models.F("ends_on")),
                name="trials_agreement_dates",
            ),
        ]

    def __str__(self) -> str:
        return self.label or f"{self.get_kind_display()} {self.number}"


class Tranche(models.Model):
    """A part of the grant. With `after` it is paid only when that result is accepted and signed by both."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="tranches")
    code = models.CharField(max_length=40)
    label_pl = models.CharField(max_length=200)
    label_en = models.CharField(max_length=200)
    order = models.PositiveSmallIntegerField()
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    after = models.CharField(max_length=40, blank=True)
    paid_on = models.DateField(null=True, blank=True)
    paid_amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    paid_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["agreement", "order"]
        constraints = [models.UniqueConstraint(fields=["agreement", "code"], name="trials_tranche_once")]

    def __str__(self) -> str:
        return self.label_pl if (get_language() or "pl").startswith("pl") else self.label_en


class Side(models.TextChoices):
    OPERATOR = "operator", pgettext_lazy("side of an agreement", "the incubator")
    INNOVATOR = "innovator", pgettext_lazy("side of an agreement", "the innovator")
    PARTNER = "partner", pgettext_lazy("side of an agreement", "a partner or member of the group")


class Signature(models.Model):
    """Who signs for which side, and when it was signed. Every party of a partnership signs."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="signatures")
    side = models.CharField(max_length=10, choices=Side)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=200, blank=True)
    signed_on = models.DateField(null=True, blank=True)
    way = models.CharField(max_length=10, blank=True)  # paper, electronic, here
    noted_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["agreement", "side", "pk"]

    def __str__(self) -> str:
        return self.name


class Refund(models.Model):
    """Money to be returned: how much, why, until when."""

    innovation = models.ForeignKey(Innovation, on_delete=models.PROTECT, related_name="refunds")
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    why = models.TextField(max_length=2000)
    due_on = models.DateField(null=True, blank=True)
    returned_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["innovation", "at", "pk"]

    def __str__(self) -> str:
        return f"{self.innovation_id}: {self.amount}"
