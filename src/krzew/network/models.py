"""What people said: meetings, who was there, statements as they were raised, and themes that join statements."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from krzew.accounts.models import Organisation
from krzew.places.models import Unit


class Sector(models.TextChoices):
    """Who speaks. A diagnosis shows which of these were not heard."""

    RESIDENTS = "residents", _("residents")
    DISABILITY = "disability", _("people with disabilities and their families")
    ASSISTANCE = "assistance", _("social assistance and employment offices (OPS, PCPR, PUP)")
    WORKSHOP = "workshop", _("occupational therapy workshops (WTZ)")
    NGO = "ngo", _("associations and foundations")
    CHURCH = "church", _("churches")
    FIRM = "firm", _("firms")
    GOVERNMENT = "government", _("local government")
    SCHOOL = "school", _("schools")
    HEALTH = "health", _("health care")


class Method(models.TextChoices):
    """How people at the meeting said what matters most."""

    DOTS = "dots", _("dots: everyone sticks dots beside the most pressing problems")
    RANKING = "ranking", _("ranking: the meeting agrees on an order")
    STATEMENTS = "statements", _("statements only: problems were written down without voting")


class Meeting(models.Model):
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="meetings")
    place = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    date = models.DateField(_("date"))
    title = models.CharField(_("title"), max_length=160)
    where = models.CharField(_("where it was held"), max_length=160, blank=True)
    method = models.CharField(
        _("how problems were ordered"), max_length=12, choices=Method, default=Method.DOTS
    )
    minutes = models.TextField(_("minutes"), max_length=8000, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-date", "-pk"]
        indexes = [models.Index(fields=["organisation", "place", "date"], name="meeting_place")]

    def __str__(self) -> str:
        return self.title


class Attendance(models.Model):
    """How many people of one sector came. Nobody is named."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendance")
    sector = models.CharField(_("sector"), max_length=12, choices=Sector)
    people = models.PositiveSmallIntegerField(_("number of people"), validators=[MinValueValidator(1)])

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["meeting", "sector"], name="one_row_per_sector")]

    def __str__(self) -> str:
        return f"{self.get_sector_display()}: {self.people}"


class Theme(models.Model):
    """Several statements that say the same. Taking it apart gives every statement back its own need."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="themes")
    place = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(_("what these statements say together"), max_length=200)
    need = models.CharField(_("need"), max_length=40)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.label


class Voice(models.Model):
    """One statement as it was raised, with the weight that the meeting gave it."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="voices")
    sector = models.CharField(_("who raised it"), max_length=12, choices=Sector, blank=True)
    text = models.CharField(_("problem as it was raised"), max_length=400)
    need = models.CharField(_("need"), max_length=40, blank=True)
    votes = models.PositiveSmallIntegerField(_("dots"), null=True, blank=True)
    rank = models.PositiveSmallIntegerField(
        _("place in the order"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    is_quote = models.BooleanField(_("may be quoted without a name"), default=False)
    theme = models.ForeignKey(Theme, on_delete=models.SET_NULL, null=True, blank=True, related_name="voices")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text

    @property
    def counted_need(self) -> str:
        """The need under which it counts: that of its theme, or its own."""
        return self.theme.need if self.theme else self.need
