"""Rankings as they were computed, decisions as people took them, appeals."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from krzew.accounts.models import User
from krzew.calls.models.application import Application
from krzew.calls.models.assessment import Assessor
from krzew.calls.models.programme import Call
from krzew.calls.states import AppealState, Outcome


class Ranking(models.Model):
    """A computed list, frozen: what `methods.portfolio` and `methods.calibration` said, from which scores."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="rankings")
    stage = models.CharField(max_length=40)
    content = models.JSONField()
    calibrated = models.JSONField(default=dict, blank=True)
    data_hash = models.CharField(max_length=64)
    seed_commitment = models.CharField(max_length=64, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.call_id} {self.made_at:%Y-%m-%d %H:%M}"


class Decision(models.Model):
    """What a person or body decided about one application, and why where it departs from the ranking."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="decisions")
    ranking = models.ForeignKey(
        Ranking, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    stage = models.CharField(max_length=40)
    outcome = models.CharField(max_length=26, choices=Outcome)
    proposed = models.CharField(max_length=26, choices=Outcome, blank=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    reason = models.TextField(blank=True, max_length=4000)
    feedback = models.TextField(blank=True, max_length=6000)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["application", "-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.outcome}"

    @property
    def departs(self) -> bool:
        return bool(self.proposed) and self.proposed != self.outcome


class Advice(models.Model):
    """What a council recommends for one application and why. Said anew it is a new row; the last one counts."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="advice")
    stage = models.CharField(max_length=40)
    outcome = models.CharField(max_length=26, choices=Outcome)
    proposed = models.CharField(max_length=26, choices=Outcome, blank=True)
    reason = models.TextField(max_length=4000)
    stepped_out = models.CharField(max_length=500, blank=True)  # members who took no part, because of a link
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["application", "-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.outcome}"

    @property
    def departs(self) -> bool:
        return bool(self.proposed) and self.proposed != self.outcome


class Appeal(models.Model):
    """An applicant asks to look again."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="appeals")
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="appeal")
    state = models.CharField(max_length=12, choices=AppealState, default=AppealState.FILED)
    text = models.TextField(max_length=6000)
    filed_at = models.DateTimeField(default=timezone.now)
    decide_by = models.DateField(null=True, blank=True)
    assessor = models.ForeignKey(Assessor, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    answer = models.TextField(blank=True, max_length=6000)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["filed_at", "pk"]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.state}"
