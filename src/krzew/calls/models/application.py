"""Applications: a draft that is saved as typed, and immutable versions of what was sent."""

from __future__ import annotations

import hashlib
import json
from typing import Any, NoReturn

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from krzew.accounts.models import Organisation, User
from krzew.calls.definition import Definition
from krzew.calls.definition.topics import rules_of_topic
from krzew.calls.models.idea import Channel, IdeaCard
from krzew.calls.models.programme import Call
from krzew.calls.states import ApplicationState, Outcome
from krzew.places.models import Unit


class Kind(models.TextChoices):
    PERSON = "person", _("a person")
    GROUP = "group", _("an informal group")
    ORGANISATION = "organisation", _("an organisation")
    PARTNERSHIP = "partnership", _("a partnership of organisations")


class Application(models.Model):
    """One application in one call. `answers` is the draft; what was sent lives in `versions`.

    `stage` names the stage of the call in which it stands; `number` is given when it is sent. `received_at` stands
    only on what the team takes down: when the paper or the message came, with the reason why it is known.
    """

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="applications")
    idea = models.ForeignKey(
        IdeaCard, on_delete=models.SET_NULL, null=True, blank=True, related_name="applications"
    )
    token_hash = models.CharField(max_length=64, unique=True)
    number = models.PositiveIntegerField(null=True, blank=True)
    kind = models.CharField(max_length=12, choices=Kind)
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.SELF)
    state = models.CharField(max_length=10, choices=ApplicationState, default=ApplicationState.DRAFT)
    stage = models.CharField(max_length=40, blank=True)
    outcome = models.CharField(max_length=26, choices=Outcome, blank=True)
    title = models.CharField(max_length=200, blank=True)
    answers = models.JSONField(default=dict, blank=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    place = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    applicant_name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=30, blank=True)
    language = models.CharField(max_length=2, default="pl")
    user = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="applications"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="applications"
    )
    keyed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    granted = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True, blank=True)
    complete_by = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    received_why = models.CharField(max_length=500, blank=True)
    anonymised_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["call", "number", "pk"]
        constraints = [models.UniqueConstraint(fields=["call", "number"], name="calls_number_once")]
        indexes = [models.Index(fields=["call", "state", "stage"], name="calls_application_stage")]

    def __str__(self) -> str:
        return self.title or str(_("Application without a title"))

    @property
    def rules(self) -> Definition:
        """The rules of its call as they hold for it: with the criteria of its topic."""
        return rules_of_topic(self.call.rules, self.answers)

    @property
    def label(self) -> str:
        """Its number as people write it: 2/017 is the 17th of the second round."""
        return f"{self.call.round}/{self.number:03d}" if self.number else ""


class Immutable(Exception):
    """What was sent is never changed; a completion is a new version."""


class SentQuerySet(models.QuerySet["ApplicationVersion"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise Immutable


class ApplicationVersion(models.Model):
    """What was sent, as it was sent: answers, statements with the version of their texts, files, the time."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    sent_at = models.DateTimeField()

    objects = SentQuerySet.as_manager()

    class Meta:
        ordering = ["application", "number"]
        constraints = [models.UniqueConstraint(fields=["application", "number"], name="calls_version_once")]

    def __str__(self) -> str:
        return f"{self.application_id} v{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Immutable
        self.content_hash = content_hash(self.content)
        super().save(*args, **kwargs)


def content_hash(content: Any) -> str:
    text = json.dumps(
        content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), cls=DjangoJSONEncoder
    )
    return hashlib.sha256(text.encode()).hexdigest()


class Member(models.Model):
    """A member of a group or a partner. Invited by e-mail; she agrees and makes her own statements."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="members")
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    token_hash = models.CharField(max_length=64, blank=True)
    is_contact = models.BooleanField(default=False)
    invited_at = models.DateTimeField(null=True, blank=True)
    joined_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["application", "pk"]

    def __str__(self) -> str:
        return self.name


class Tick(models.Model):
    """One statement made: by whom, when, and in which version of its text."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="ticks")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, null=True, blank=True, related_name="ticks")
    code = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField()
    text = models.TextField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["application", "code", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "member", "code", "version"], name="calls_tick_once"
            ),
            models.UniqueConstraint(
                fields=["application", "code", "version"],
                condition=Q(member__isnull=True),
                name="calls_own_tick_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"


def upload_path(row: Attachment, name: str) -> str:
    """A path of our own: nothing of what the uploader typed reaches the file system."""
    return f"applications/{row.application_id}/{row.sha256[:32]}.{row.kind}"


class Attachment(models.Model):
    """A file sent with an application: recognised by its content, never by its name, and never executed."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="attachments")
    field = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=5)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to=upload_path, max_length=200)
    at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["application", "field", "pk"]

    def __str__(self) -> str:
        return self.name


class FormalReview(models.Model):
    """One formal check: an answer to each question of the list, with the reason of every no."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="formal_reviews")
    version = models.ForeignKey(ApplicationVersion, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=40)
    answers = models.JSONField(default=dict)
    result = models.CharField(max_length=12, blank=True)  # passed, completion, rejected, left
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    note = models.TextField(blank=True, max_length=2000)

    class Meta:
        ordering = ["application", "at", "pk"]

    def __str__(self) -> str:
        return f"{self.application_id} {self.result}"
