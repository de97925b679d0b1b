"""Settlement by results: a declaration of the innovator and a protocol that both sides sign. No invoices."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from krzew.accounts.models import User
from krzew.trials.models.agreement import Agreement
from krzew.trials.states import ReportState


class ResultReport(models.Model):
    """What the innovator says about one result: what is done, what it cost as declared.

    `declared` gives amounts by the lines of the agreed plan: [{"line", "planned", "spent"}], money as text.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="reports")
    result = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=ReportState, default=ReportState.DRAFT)
    done = models.TextField(_("what was done"), blank=True, max_length=8000)
    evidence = models.TextField(_("how one can see it"), blank=True, max_length=4000)
    achieved = models.DecimalField(
        _("how much of the result was achieved (%)"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    declared = models.JSONField(default=list, blank=True)
    amount = models.DecimalField(
        _("spent, as declared"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    stated = models.BooleanField(_("declared to be true"), default=False)
    revision = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    returned_why = models.TextField(blank=True, max_length=4000)

    class Meta:
        ordering = ["agreement", "pk"]
        constraints = [models.UniqueConstraint(fields=["agreement", "result"], name="trials_report_once")]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.result}"


class Protocol(models.Model):
    """The acceptance of one result. It counts when both sides have signed it."""

    report = models.OneToOneField(ResultReport, on_delete=models.PROTECT, related_name="protocol")
    achieved = models.DecimalField(max_digits=5, decimal_places=2)
    accepted = models.DecimalField(max_digits=12, decimal_places=2)
    to_return = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    text = models.TextField(blank=True, max_length=6000)
    content_hash = models.CharField(max_length=64, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    operator_signed_on = models.DateField(null=True, blank=True)
    operator_name = models.CharField(max_length=200, blank=True)
    innovator_signed_on = models.DateField(null=True, blank=True)
    innovator_name = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["report"]

    def __str__(self) -> str:
        return str(self.report)

    @property
    def is_signed(self) -> bool:
        return self.operator_signed_on is not None and self.innovator_signed_on is not None
