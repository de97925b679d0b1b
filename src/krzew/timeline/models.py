"""One event per act, in one chain; and letters that wait until they are released."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, timedelta
from decimal import Decimal
from typing import Any, NoReturn

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from krzew.accounts.models import Organisation, User
from krzew.timeline.states import LetterState

STUCK_AFTER = timedelta(minutes=15)


class AppendOnly(Exception):
    """An event is never changed or deleted; write another one."""


class EventQuerySet(models.QuerySet["Event"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnly

    def delete(self) -> NoReturn:
        raise AppendOnly


class Event(models.Model):
    """Who did what, for whom, when, on which object, and how its state changed. Append-only, hash-chained."""

    number = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField(default=timezone.now)
    act = models.CharField(max_length=80, db_index=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    object_type = models.CharField(max_length=80)
    object_id = models.CharField(max_length=40)
    old = models.CharField(max_length=40, blank=True)
    new = models.CharField(max_length=40, blank=True)
    data = models.JSONField(default=dict, blank=True)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(fields=["object_type", "object_id", "number"], name="event_object")]

    def __str__(self) -> str:
        return f"{self.number} {self.act} {self.object_type} {self.object_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly

    def fingerprint(self) -> str:
        """SHA-256 over the previous hash and every field that carries meaning, the same on every database."""
        fields = [
            self.previous,
            self.number,
            self.at.astimezone(UTC).isoformat(),
            self.act,
            self.user_id,
            self.organisation_id,
            self.object_type,
            self.object_id,
            self.old,
            self.new,
            _canonical(self.data),
        ]
        text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def _canonical(value: Any) -> Any:
    """JSON data as every database gives it back: PostgreSQL turns 1e22 and -0.0 into whole numbers."""
    if isinstance(value, dict):
        return {str(key): _canonical(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(inner) for inner in value]
    if isinstance(value, float) and value.is_integer():
        return int(Decimal(repr(value)))
    return value


class ChainHead(models.Model):
    """The last link of the chain. One row, locked while an event is written, so that numbers have no gap."""

    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="")

    def __str__(self) -> str:
        return str(self.number)


class Letter(models.Model):
    """A message to one address. Nothing leaves before somebody releases it."""

    to_email = models.EmailField()
    to_user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, related_name="letters"
    )
    language = models.CharField(max_length=2, default="pl")
    subject = models.CharField(max_length=200)
    body = models.TextField()
    object_type = models.CharField(max_length=80)
    object_id = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=LetterState, default=LetterState.HELD)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("letter")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["object_type", "object_id"], name="letter_object")]

    def __str__(self) -> str:
        return f"{self.to_email}: {self.subject}"

    @property
    def is_stuck(self) -> bool:
        """Being sent for so long that the program must have died meanwhile."""
        claimed = self.state == LetterState.SENDING and self.claimed_at
        return bool(claimed and claimed < timezone.now() - STUCK_AFTER)

    @property
    def can_be_cancelled(self) -> bool:
        return self.state in (LetterState.HELD, LetterState.FAILED) or self.is_stuck

    @property
    def can_be_retried(self) -> bool:
        return self.state == LetterState.FAILED or self.is_stuck


class Told(models.Model):
    """That a notice was written: a fingerprint of what it was about and to whom. Nobody gets it twice."""

    key = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.key[:12]


class Refusal(models.Model):
    """Somebody asked for no notices of this kind. Of the address only a fingerprint is kept."""

    address = models.CharField(max_length=64)
    topic = models.CharField(max_length=40)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["address", "topic"], name="refused_once")]

    def __str__(self) -> str:
        return f"{self.topic} {self.address[:12]}"


class JobState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("job", "waits for its turn")
    RUNNING = "running", pgettext_lazy("job", "at work")
    DONE = "done", pgettext_lazy("job", "done")
    FAILED = "failed", pgettext_lazy("job", "not possible")


SILENCE = timedelta(minutes=2)
"""A job that has given no sign of life for so long was killed half-way."""


class Job(models.Model):
    """Work about an object that takes longer than a page may: a task does it, the page shows how far it is.

    It is no history: what it achieves is an act with its own event. `wish` is what the person asked for.
    """

    kind = models.CharField(max_length=100)
    object_type = models.CharField(max_length=80)
    object_id = models.CharField(max_length=40)
    wish = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=7, choices=JobState, default=JobState.WAITING)
    percent = models.PositiveSmallIntegerField(default=0)
    message = models.CharField(max_length=1000, blank=True)
    language = models.CharField(max_length=2, default="pl")
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    alive_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["object_type", "object_id", "kind"], name="job_object")]
        constraints = [
            models.UniqueConstraint(
                fields=["object_type", "object_id", "kind"],
                condition=models.Q(state__in=["waiting", "running"]),
                name="job_one_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id} {self.state}"

    @property
    def is_open(self) -> bool:
        return self.state in (JobState.WAITING, JobState.RUNNING)

    @property
    def is_silent(self) -> bool:
        """Nobody works on it any more."""
        return self.is_open and timezone.now() - self.alive_at > SILENCE
