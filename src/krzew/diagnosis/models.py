"""A diagnosis of one place, what the adviser adds to public statistics, the decision, and enquiries for a solution."""

from __future__ import annotations

from typing import Any, NoReturn

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from krzew.accounts.models import Organisation, User
from krzew.diagnosis.states import EnquiryState, ReportState, State
from krzew.library.models import Solution, SolutionVersion
from krzew.places.models import Unit

HUNDRED = [MinValueValidator(0), MaxValueValidator(100)]


class Diagnosis(models.Model):
    """Work on one place.

    `revision` grows with every change and `touched` remembers which part changed when, so that two advisers may work
    at once: only the same part changed by both is a conflict.
    """

    place = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="diagnoses")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="diagnoses")
    opened_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    voices_weight = models.PositiveSmallIntegerField(_("weight of voices"), default=50, validators=HUNDRED)
    weights = models.JSONField(default=dict, blank=True)
    meetings_since = models.DateField(_("meetings from"), null=True, blank=True)
    meetings_until = models.DateField(_("meetings until"), null=True, blank=True)
    public = models.BooleanField(_("published when signed"), default=False)
    revision = models.PositiveIntegerField(default=1)
    touched = models.JSONField(default=dict, blank=True)  # part -> revision in which it was last changed
    previous = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="next")
    signed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.CharField(_("reason"), max_length=400, blank=True)

    class Meta:
        ordering = ["-opened_at", "-pk"]
        indexes = [
            models.Index(fields=["organisation", "state"], name="diagnosis_mine"),
            models.Index(fields=["public", "state", "place"], name="diagnosis_public"),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.opened_at:%Y-%m-%d}"

    @property
    def is_open(self) -> bool:
        return self.state == State.OPEN

    @property
    def is_signed(self) -> bool:
        return self.state == State.SIGNED

    @property
    def is_superseded(self) -> bool:
        """A later diagnosis of the same place, built on this one, has been signed."""
        return self.is_signed and self.next.filter(state=State.SIGNED).exists()


class NeighbourChoice(models.Model):
    """The adviser's word on the comparison group: this place belongs in it, or does not, and why."""

    class Kind(models.TextChoices):
        PIN = "pin", _("always compare")
        DROP = "drop", _("do not compare")

    diagnosis = models.ForeignKey(Diagnosis, on_delete=models.CASCADE, related_name="neighbour_choices")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=4, choices=Kind)
    reason = models.CharField(_("reason"), max_length=300)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["diagnosis", "unit"], name="one_choice_per_neighbour")]

    def __str__(self) -> str:
        return f"{self.unit}: {self.kind}"


class LocalFigure(models.Model):
    """A figure that only the place itself knows. It enters the same pipeline as public statistics."""

    diagnosis = models.ForeignKey(Diagnosis, on_delete=models.CASCADE, related_name="local_figures")
    indicator = models.CharField(_("indicator"), max_length=60)
    value = models.FloatField(_("value"))
    date = models.DateField(_("to which day the figure belongs"))
    source = models.CharField(_("source"), max_length=200)
    entered_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["indicator"]
        constraints = [models.UniqueConstraint(fields=["diagnosis", "indicator"], name="one_local_figure")]

    def __str__(self) -> str:
        return f"{self.indicator} = {self.value}"


class FactAnswer(models.Model):
    """An answer to a question that a solution asks of the place: yes, no, or nobody knows yet."""

    class Answer(models.TextChoices):
        YES = "yes", _("yes")
        NO = "no", _("no")
        UNKNOWN = "unknown", _("not known yet")

    diagnosis = models.ForeignKey(Diagnosis, on_delete=models.CASCADE, related_name="answers")
    fact = models.CharField(max_length=60)
    answer = models.CharField(_("answer"), max_length=7, choices=Answer)
    number = models.FloatField(_("number"), null=True, blank=True)
    who = models.CharField(_("who said so"), max_length=160, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    date = models.DateField(_("date"), default=timezone.localdate)

    class Meta:
        ordering = ["fact"]
        constraints = [models.UniqueConstraint(fields=["diagnosis", "fact"], name="one_answer_per_fact")]

    def __str__(self) -> str:
        return f"{self.fact}: {self.answer}"


class Decision(models.Model):
    """What the adviser chose. `departs` is kept with the reason when the choice is not the first of the ranking."""

    diagnosis = models.OneToOneField(Diagnosis, on_delete=models.CASCADE, related_name="decision")
    versions = models.ManyToManyField(SolutionVersion, related_name="+")
    departs = models.BooleanField(default=False)
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    first = models.CharField(max_length=60, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"decision {self.pk}"


class Frozen(Exception):
    """What was signed never changes; repeat the diagnosis instead."""


class Snapshot(models.Model):
    """Everything that a signed diagnosis said, as it was said. Written once."""

    diagnosis = models.OneToOneField(Diagnosis, on_delete=models.PROTECT, related_name="snapshot")
    content = models.JSONField()
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"snapshot of {self.diagnosis_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Frozen
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise Frozen


class Report(models.Model):
    """One printed form of a diagnosis, made by a task."""

    class Format(models.TextChoices):
        PDF = "pdf", _("PDF, to print and to send")
        DOCX = "docx", _("DOCX, to edit")
        CSV = "csv", _("CSV, the numbers")

    diagnosis = models.ForeignKey(Diagnosis, on_delete=models.CASCADE, related_name="reports")
    language = models.CharField(
        _("language"), max_length=2, choices=[("pl", _("Polish")), ("en", _("English"))]
    )
    format = models.CharField(_("format"), max_length=4, choices=Format)
    state = models.CharField(max_length=7, choices=ReportState, default=ReportState.WAITING)
    progress = models.PositiveSmallIntegerField(default=0, validators=HUNDRED)
    heartbeat = models.DateTimeField(default=timezone.now)
    file = models.FileField(upload_to="reports/%Y/%m/", blank=True)
    error = models.TextField(blank=True)
    asked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.diagnosis}.{self.language}.{self.format}"


class ContactRole(models.TextChoices):
    MAYOR = "mayor", _("mayor or deputy")
    OFFICE = "office", _("gmina office, OPS or CUS (community services centre)")
    BOARD = "board", _("board of an association or foundation")
    PARISH = "parish", _("parish or church body")
    WORKSHOP = "workshop", _("workshop head")
    OTHER = "other", _("another role")


class Enquiry(models.Model):
    """“Bring it here”: an organisation asks for a solution for a place."""

    place = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="enquiries")
    solution = models.ForeignKey(Solution, on_delete=models.PROTECT, related_name="enquiries")
    asker = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="enquiries")
    asked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    contact_role = models.CharField(_("your role"), max_length=10, choices=ContactRole)
    has_already = models.TextField(_("what you already have"), max_length=2000, blank=True)
    why = models.TextField(_("why you ask"), max_length=2000, blank=True)
    state = models.CharField(max_length=24, choices=EnquiryState, default=EnquiryState.RECEIVED)
    centre = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="taken_enquiries"
    )
    adviser = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    diagnosis = models.ForeignKey(
        Diagnosis, on_delete=models.PROTECT, null=True, blank=True, related_name="enquiries"
    )
    reason = models.TextField(_("reason"), max_length=1000, blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        verbose_name_plural = "enquiries"
        indexes = [models.Index(fields=["state", "centre"], name="enquiry_waiting")]

    def __str__(self) -> str:
        return f"{self.solution} → {self.place}"
