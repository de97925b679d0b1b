"""The specification: one living document, and the versions that stood before a gate."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from krzew.accounts.models import User
from krzew.calls.models import Immutable, content_hash
from krzew.trials.models.innovation import Innovation
from krzew.trials.states import VersionState


class Specification(models.Model):
    """What is written now, by the codes of the fields of every gate: a field of two gates is written once."""

    innovation = models.OneToOneField(Innovation, on_delete=models.CASCADE, related_name="specification")
    answers = models.JSONField(default=dict, blank=True)
    revision = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.innovation)


class SentQuerySet(models.QuerySet["SpecificationVersion"]):
    def delete(self) -> NoReturn:
        raise Immutable


class SpecificationVersion(models.Model):
    """What a gate was asked to accept. Its content never changes; only its state does."""

    innovation = models.ForeignKey(Innovation, on_delete=models.PROTECT, related_name="specifications")
    stage = models.CharField(max_length=40)
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=VersionState, default=VersionState.SENT)
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    sent_at = models.DateTimeField(default=timezone.now)

    objects = SentQuerySet.as_manager()

    class Meta:
        ordering = ["innovation", "number"]
        constraints = [
            models.UniqueConstraint(fields=["innovation", "number"], name="trials_version_once"),
            models.UniqueConstraint(
                fields=["innovation"], condition=Q(state=VersionState.SENT), name="trials_one_version_waits"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.innovation_id} v{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        now = content_hash(self.content)
        if not self._state.adding and now != self.content_hash:
            raise Immutable
        self.content_hash = now
        super().save(*args, **kwargs)


class Gate(models.Model):
    """What the body decided about a version: by criteria, with reasons."""

    version = models.OneToOneField(SpecificationVersion, on_delete=models.PROTECT, related_name="gate")
    outcome = models.CharField(max_length=10, choices=VersionState)
    criteria = models.JSONField(default=dict, blank=True)
    reason = models.TextField(blank=True, max_length=6000)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.version_id} {self.outcome}"


class Remark(models.Model):
    """What the mentor or the team says about one field; the innovator notes when it is dealt with."""

    innovation = models.ForeignKey(Innovation, on_delete=models.CASCADE, related_name="remarks")
    field = models.CharField(max_length=40)
    text = models.TextField(_("remark"), max_length=2000)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["innovation", "at", "pk"]

    def __str__(self) -> str:
        return f"{self.innovation_id} {self.field}"
