"""Solutions and their versions. A published version never changes; what changes becomes the next version."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from krzew.accounts.models import Organisation, User
from krzew.library.cards import content_hash, sort_key
from krzew.library.states import OPEN, VersionState


class Immutable(Exception):
    """A published version is never changed or deleted; make the next version."""


class SolutionKind(models.TextChoices):
    INNOVATION = "innovation", _("social innovation")
    COOPERATIVE_MODEL = "cooperative_model", _("model of a social cooperative")


class Solution(models.Model):
    """One solution through all its versions. `current` is what the public reads."""

    slug = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=SolutionKind)
    keeper = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="kept_solutions"
    )
    current = models.OneToOneField(
        "SolutionVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="current_of"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.TextField(blank=True)
    # Address part of the page that tells its way from the first sentence of an idea; empty when it came otherwise.
    origin = models.SlugField(max_length=60, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None


class VersionQuerySet(models.QuerySet["SolutionVersion"]):
    """Bulk writes would go round `save`, so they refuse published rows too."""

    def _refuse_published(self) -> None:
        if self.filter(state=VersionState.PUBLISHED).exists():
            raise Immutable

    def update(self, **kwargs: Any) -> int:
        self._refuse_published()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._refuse_published()
        return super().delete()


class SolutionVersion(models.Model):
    """One version. `card` is the whole card (card.schema.json); the columns repeat what lists need."""

    solution = models.ForeignKey(Solution, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=VersionState, default=VersionState.DRAFT)
    card = models.JSONField(default=dict)
    content_hash = models.CharField(max_length=64)
    name_pl = models.CharField(max_length=140, blank=True)
    name_en = models.CharField(max_length=140, blank=True)
    sort_pl = models.CharField(max_length=140, blank=True, db_index=True)
    sort_en = models.CharField(max_length=140, blank=True, db_index=True)
    evidence_level = models.PositiveSmallIntegerField(default=0, db_index=True)
    search = models.JSONField(default=dict, blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="library_versions"
    )
    author = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    comment = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["solution", "number"]
        constraints = [
            models.UniqueConstraint(fields=["solution", "number"], name="version_number"),
            models.UniqueConstraint(
                fields=["solution"], condition=Q(state__in=OPEN), name="one_open_version_per_solution"
            ),
            models.CheckConstraint(
                condition=~Q(state=VersionState.PUBLISHED) | Q(published_at__isnull=False),
                name="published_has_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.solution.slug} {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._refuse_published()
        self._copy_columns()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        self._refuse_published()
        return super().delete(*args, **kwargs)

    def _refuse_published(self) -> None:
        """Ask the database, not the object: the object may have been changed or loaded in part."""
        if type(self).objects.filter(pk=self.pk, state=VersionState.PUBLISHED).exists():
            raise Immutable

    def _copy_columns(self) -> None:
        self.content_hash = content_hash(self.card)
        self.name_pl, self.name_en = (str(self.card.get(f"name_{lang}") or "")[:140] for lang in ("pl", "en"))
        self.sort_pl, self.sort_en = (sort_key(name)[:140] for name in (self.name_pl, self.name_en))
        self.evidence_level = (self.card.get("fit") or {}).get("evidence_level") or 0

    @property
    def is_intact(self) -> bool:
        """The card is what it was when its hash was written."""
        return self.content_hash == content_hash(self.card)

    @property
    def preconditions(self) -> list[dict[str, Any]]:
        return list(self.card.get("preconditions", []))

    @property
    def is_superseded(self) -> bool:
        return self.state == VersionState.PUBLISHED and self.solution.current_id != self.pk


class FacetKind(models.TextChoices):
    DOOR = "door", _("How one comes to it")
    GROUP = "group", _("Whom it serves")
    NEED = "need", _("Which problem it answers")
    DOMAIN = "domain", _("Which area of public services")
    KIND = "kind", _("Kind")
    EVIDENCE = "evidence", _("How well it is tested")


class Facet(models.Model):
    """One word under which a published version is found. Written once, when the version is published."""

    version = models.ForeignKey(SolutionVersion, on_delete=models.CASCADE, related_name="facets")
    kind = models.CharField(max_length=10, choices=FacetKind)
    code = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "kind", "code"], name="facet_once")]
        indexes = [models.Index(fields=["kind", "code"], name="facet_kind_code")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.code}"


class Subscription(models.Model):
    """Who uses a solution and is told of its next version: one person, or one organisation."""

    solution = models.ForeignKey(Solution, on_delete=models.CASCADE, related_name="subscriptions")
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["solution", "user"], name="subscription_of_person"),
            models.UniqueConstraint(fields=["solution", "organisation"], name="subscription_of_organisation"),
            models.CheckConstraint(
                condition=Q(user__isnull=False, organisation__isnull=True)
                | Q(user__isnull=True, organisation__isnull=False),
                name="subscription_of_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user or self.organisation} · {self.solution}"


class AnswerState(models.TextChoices):
    NEW = "new", _("not read yet")
    USED = "used", _("used in a draft")
    SET_ASIDE = "set_aside", _("set aside")


class Answer(models.Model):
    """What somebody told us in reply to a question that a card asks."""

    solution = models.ForeignKey(Solution, on_delete=models.CASCADE, related_name="answers")
    question = models.CharField(max_length=1200, blank=True)
    text = models.TextField(max_length=2000)
    source = models.CharField(max_length=300, blank=True)
    contact = models.EmailField(blank=True)
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=AnswerState, default=AnswerState.NEW)
    note = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.solution}: {self.text[:40]}"
