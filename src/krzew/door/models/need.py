"""Needs that people agreed to leave, masked; whom a solution could reach; words that the library learns."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from krzew.accounts.models import User
from krzew.door.models.case import Case
from krzew.door.states import ReachState
from krzew.library.models import Solution
from krzew.places.models import Unit


class Sender(models.TextChoices):
    PERSON = "person", pgettext_lazy("sender", "for myself or somebody close")
    WORKER = "worker", pgettext_lazy("sender", "for somebody whom I support at work")
    INSTITUTION = "institution", pgettext_lazy("sender", "for an institution or organisation")
    GMINA = "gmina", pgettext_lazy("sender", "for a gmina")


class Need(models.Model):
    """One need, kept with consent: what remains of the words after masking, and what was understood.

    `case` is null when the author left no address and wants no answer; then only the statistics remain.
    `concepts` are notations of the thesaurus; `answered` says whether anything fitted on that day.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, null=True, blank=True, related_name="needs")
    sender = models.CharField(max_length=12, choices=Sender, default=Sender.PERSON)
    text = models.TextField(blank=True, max_length=4000)
    concepts = models.JSONField(default=list, blank=True)
    main = models.CharField(max_length=60, blank=True, db_index=True)
    groups = models.JSONField(default=list, blank=True)
    services = models.JSONField(default=list, blank=True)
    place = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    people = models.PositiveIntegerField(_("how many people it concerns"), null=True, blank=True)
    answered = models.BooleanField(default=False)
    solutions = models.JSONField(default=list, blank=True)  # slugs that were shown
    wants_news = models.BooleanField(default=False)
    library = models.CharField(max_length=64, blank=True)  # version of the library that answered
    is_demo = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["place", "main"], name="door_need_spot")]

    def __str__(self) -> str:
        return f"{self.main} {self.at:%Y-%m-%d}"


class Reach(models.Model):
    """A solution, or a test that looks for testers, beside somebody who may wait for it."""

    solution = models.ForeignKey(
        Solution, on_delete=models.CASCADE, null=True, blank=True, related_name="reaches"
    )
    object_type = models.CharField(max_length=80, blank=True)  # a test that looks for testers
    object_id = models.CharField(max_length=40, blank=True)
    need = models.ForeignKey(Need, on_delete=models.CASCADE, null=True, blank=True, related_name="reaches")
    place = models.ForeignKey(Unit, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    idea = models.ForeignKey(
        "calls.IdeaCard", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    score = models.FloatField(default=0)
    why = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=10, choices=ReachState, default=ReachState.PROPOSED)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    moved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["state", "-score", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["solution", "object_type", "object_id", "need"],
                condition=Q(need__isnull=False),
                name="door_reach_need_once",
            ),
            models.UniqueConstraint(
                fields=["solution", "object_type", "object_id", "place"],
                condition=Q(place__isnull=False),
                name="door_reach_place_once",
            ),
            models.UniqueConstraint(
                fields=["solution", "object_type", "object_id", "idea"],
                condition=Q(idea__isnull=False),
                name="door_reach_idea_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.solution_id or self.object_id} → {self.need_id or self.place_id or self.idea_id}"


class UnknownWord(models.Model):
    """A word of kept needs that neither the library nor the thesaurus knows, counted; never a whole sentence."""

    stem = models.CharField(max_length=40, unique=True)
    form = models.CharField(max_length=60)
    times = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)  # put into the thesaurus, or set aside

    class Meta:
        ordering = ["-times", "form"]

    def __str__(self) -> str:
        return self.form


class ThesaurusWord(models.Model):
    """A word or phrase that a librarian added to a concept, beside the words that the repository brings."""

    concept = models.CharField(_("concept"), max_length=60)
    language = models.CharField(max_length=2, default="pl")
    text = models.CharField(_("word or phrase"), max_length=120)
    is_misspelling = models.BooleanField(default=False)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["concept", "text"]
        constraints = [
            models.UniqueConstraint(
                fields=["concept", "language", "text"],
                condition=Q(removed_at__isnull=True),
                name="door_word_once",
            )
        ]

    def __str__(self) -> str:
        return self.text
