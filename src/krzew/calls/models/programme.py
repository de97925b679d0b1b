"""Programmes and their calls. A published call keeps the definition with which it began."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from functools import cached_property

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from krzew.accounts.models import Organisation, User
from krzew.calls.definition import Definition, read
from krzew.calls.states import CallState


class Programme(models.Model):
    """How an organisation runs its calls: a definition that later calls copy."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="programmes")
    name_pl = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    definition = models.JSONField()
    template = models.CharField(max_length=40, blank=True)
    revision = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_pl if (get_language() or "pl").startswith("pl") else self.name_en

    @cached_property
    def rules(self) -> Definition:
        """The definition, read and checked."""
        return read(self.definition)


class Call(models.Model):
    """One call (round). Writing opens at `opens_at`, sending at `submit_from`; both end at `closes_at`.

    The clock of the server decides, to the second. Dates shown anywhere come from here and nowhere else.
    """

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="calls")
    slug = models.SlugField(max_length=60, unique=True)
    round = models.PositiveSmallIntegerField(default=1)
    name_pl = models.CharField(_("name (in Polish)"), max_length=200)
    name_en = models.CharField(_("name (in English)"), max_length=200)
    about_pl = models.TextField(_("what it is about (in Polish)"), blank=True, max_length=6000)
    about_en = models.TextField(_("what it is about (in English)"), blank=True, max_length=6000)
    state = models.CharField(max_length=10, choices=CallState, default=CallState.DRAFT)
    definition = models.JSONField()
    opens_at = models.DateTimeField(_("writing opens"))
    submit_from = models.DateTimeField(_("sending opens"))
    closes_at = models.DateTimeField(_("closes"))
    results_on = models.DateField(_("results by"), null=True, blank=True)
    pool = models.DecimalField(
        _("pool"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    revision = models.PositiveIntegerField(default=1)
    last_number = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    results_released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-closes_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "round"], name="calls_round_once"),
            models.CheckConstraint(
                condition=Q(opens_at__lte=F("submit_from")) & Q(submit_from__lt=F("closes_at")),
                name="calls_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_pl if (get_language() or "pl").startswith("pl") else self.name_en

    @property
    def about(self) -> str:
        return self.about_pl if (get_language() or "pl").startswith("pl") else self.about_en

    @cached_property
    def rules(self) -> Definition:
        return read(self.definition)

    @property
    def organisation_id(self) -> int:
        return self.programme.organisation_id

    @property
    def is_public(self) -> bool:
        """Announced once, readable for good: a call that was called off says why."""
        if self.state == CallState.CANCELLED:
            return self.published_at is not None
        return self.state in (CallState.PUBLISHED, CallState.DECIDED, CallState.FINISHED)

    def is_writable(self, now: datetime | None = None) -> bool:
        now = now or timezone.now()
        return self.state == CallState.PUBLISHED and self.opens_at <= now < self.closes_at

    def takes_applications(self, now: datetime | None = None) -> bool:
        now = now or timezone.now()
        return self.state == CallState.PUBLISHED and self.submit_from <= now < self.closes_at


class Amendment(models.Model):
    """A dated, announced change of a published call. What was before stays readable."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="amendments")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    text_pl = models.TextField(max_length=4000)
    text_en = models.TextField(max_length=4000)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        return self.text_pl if (get_language() or "pl").startswith("pl") else self.text_en
