"""Who assesses what, and the cards."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from krzew.accounts.models import Organisation, User
from krzew.calls.models.application import Application, Immutable, content_hash
from krzew.calls.models.programme import Call
from krzew.calls.states import ReadingState


class Assessor(models.Model):
    """A person in the pool of an organisation: what she knows, how much she takes, with whom she is linked."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="assessor_in")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="assessors")
    competences = models.JSONField(default=list, blank=True)
    most = models.PositiveSmallIntegerField(_("most applications in one stage of a call"), default=20)
    lived_experience = models.BooleanField(default=False)
    gminas = models.JSONField(default=list, blank=True)  # TERYT codes of places with which she is linked
    linked_organisations = models.JSONField(default=list, blank=True)  # names, as she wrote them
    active = models.BooleanField(default=True)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["organisation", "user__name", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "organisation"], name="calls_assessor_once")]

    def __str__(self) -> str:
        return str(self.user)


class Conflict(models.Model):
    """Why an assessor must not see an application. A conflict is an absent arc, never a low score."""

    class Kind(models.TextChoices):
        DECLARED = "declared", _("declared by the assessor")
        ORGANISATION = "organisation", _("the same organisation")
        FAMILY = "family", _("family")
        GMINA = "gmina", _("the same gmina")
        PARTNERSHIP = "partnership", _("an earlier partnership")
        APPLICANT = "applicant", _("applies in this call")

    assessor = models.ForeignKey(Assessor, on_delete=models.CASCADE, related_name="conflicts")
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="conflicts")
    kind = models.CharField(max_length=12, choices=Kind)
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["application", "assessor", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["assessor", "application", "kind"], name="calls_conflict_once")
        ]

    def __str__(self) -> str:
        return f"{self.assessor_id} × {self.application_id}: {self.kind}"


class AssignmentPlan(models.Model):
    """What `methods.assignment` proposed for one stage, how it was changed by hand, and who took it over."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="assignment_plans")
    stage = models.CharField(max_length=40)
    seed = models.BigIntegerField()
    proposal = models.JSONField(default=dict)
    changes = models.JSONField(default=list, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    adopted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.call_id} {self.stage} {self.made_at:%Y-%m-%d}"


class Reading(models.Model):
    """One application given to one assessor in one stage."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="readings")
    assessor = models.ForeignKey(Assessor, on_delete=models.PROTECT, related_name="readings")
    stage = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=ReadingState, default=ReadingState.ASSIGNED)
    third = models.BooleanField(default=False)
    assigned_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    assigned_at = models.DateTimeField(default=timezone.now)
    assigned_why = models.CharField(max_length=300, blank=True)
    due_on = models.DateField(null=True, blank=True)
    stated_at = models.DateTimeField(null=True, blank=True)
    statement_version = models.CharField(max_length=20, blank=True)
    refused_why = models.CharField(max_length=300, blank=True)
    draft = models.JSONField(default=dict, blank=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["application", "stage", "assigned_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "assessor", "stage"],
                condition=~Q(state__in=[ReadingState.REFUSED, ReadingState.TAKEN_BACK]),
                name="calls_reading_once",
            )
        ]
        indexes = [models.Index(fields=["assessor", "state"], name="calls_reading_desk")]

    def __str__(self) -> str:
        return f"{self.application_id} {self.stage} {self.assessor_id}"


class ScoreCard(models.Model):
    """A signed card. A correction is a new version; the old one stays."""

    reading = models.ForeignKey(Reading, on_delete=models.PROTECT, related_name="cards")
    version = models.PositiveSmallIntegerField()
    points = models.JSONField(default=dict)  # criterion: points as text, exact
    reasons = models.JSONField(default=dict)  # criterion: justification
    overall = models.TextField(blank=True, max_length=8000)
    recommendation = models.CharField(max_length=10, blank=True)  # stages without points: yes, no, talk
    content_hash = models.CharField(max_length=64)
    signed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["reading", "version"]
        constraints = [models.UniqueConstraint(fields=["reading", "version"], name="calls_card_once")]

    def __str__(self) -> str:
        return f"{self.reading_id} v{self.version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Immutable
        self.content_hash = content_hash([self.points, self.reasons, self.overall, self.recommendation])
        super().save(*args, **kwargs)


class Meeting(models.Model):
    """A pitch or a talk: when, where, for how long, and whether the applicant came."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="meetings")
    stage = models.CharField(max_length=40)
    at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    where = models.CharField(max_length=300, blank=True)
    invited_at = models.DateTimeField(null=True, blank=True)
    attended = models.BooleanField(null=True)
    note = models.TextField(blank=True, max_length=4000)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "stage", "at"], name="calls_meeting_once")
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.at:%Y-%m-%d %H:%M}"
