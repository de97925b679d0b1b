"""Territorial units with dated versions, and figures about them with source, year and missing-value code."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from krzew.places.vocabulary import IndicatorSpec, indicators


class Level(models.TextChoices):
    VOIVODESHIP = "voivodeship", _("voivodeship")
    POWIAT = "powiat", _("powiat")
    GMINA = "gmina", _("gmina")


class Kind(models.TextChoices):
    VOIVODESHIP = "voivodeship", _("voivodeship")
    POWIAT = "powiat", _("powiat")
    CITY_POWIAT = "city_powiat", _("city with powiat rights")
    URBAN = "urban", _("urban gmina")
    RURAL = "rural", _("rural gmina")
    MIXED = "mixed", _("urban-rural gmina")


class Flag(models.TextChoices):
    OBSERVED = "observed", _("observed")
    ZERO = "zero", _("true zero")
    MISSING = "missing", _("no data")
    SUPPRESSED = "suppressed", _("suppressed")
    NOT_APPLICABLE = "not_applicable", _("not applicable")
    BELOW_UNIT = "below_unit", _("below the unit of the table")
    PRELIMINARY = "preliminary", _("preliminary")


EMPTY_FLAGS = [Flag.MISSING, Flag.SUPPRESSED, Flag.NOT_APPLICABLE]


class Unit(models.Model):
    """A unit as it is today. The code has 2, 4 or 6 digits; it stays when a village becomes a town."""

    code = models.CharField(max_length=6, primary_key=True)
    level = models.CharField(max_length=11, choices=Level.choices)
    kind = models.CharField(max_length=11, choices=Kind.choices)
    name = models.CharField(max_length=80)
    name_key = models.CharField(max_length=80, db_index=True)  # folded: lower case, no diacritics
    code7 = models.CharField(max_length=7, blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    lon = models.FloatField()
    lat = models.FloatField()
    area_km2 = models.FloatField(null=True)
    settlement = models.CharField(max_length=16, blank=True)
    large_city = models.CharField(max_length=6, blank=True)  # where a suburban gmina commutes to
    features = models.JSONField(default=dict)  # structural features of the nearest-neighbour step

    class Meta:
        ordering = ["name_key", "code"]
        constraints = [
            models.UniqueConstraint(fields=["code7"], condition=~Q(code7=""), name="places_unit_code7"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_gmina(self) -> bool:
        return self.level == Level.GMINA


class UnitVersion(models.Model):
    """Name, kind and seven-digit code of a unit between two dates (empty end: still)."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="versions")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    name = models.CharField(max_length=80)
    name_key = models.CharField(max_length=80)
    kind = models.CharField(max_length=11, choices=Kind.choices)
    code7 = models.CharField(max_length=7, blank=True, db_index=True)
    area_km2 = models.FloatField(null=True)

    class Meta:
        ordering = ["unit", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "valid_from"], name="places_version_start"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.valid_from}"


class ChangeKind(models.TextChoices):
    CREATED = "created", _("created")
    SPLIT = "split", _("part split off")
    REMOVED = "removed", _("removed")
    RENAMED = "renamed", _("renamed")
    KIND_CHANGED = "kind_changed", _("kind changed")
    MOVED = "moved", _("moved to another unit")


class Change(models.Model):
    """What happened to a unit, on a day between `date_from` and `date_to` (often only bounds are known)."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="changes")
    change = models.CharField(max_length=12, choices=ChangeKind.choices)
    other = models.ForeignKey(Unit, on_delete=models.CASCADE, null=True, related_name="+")
    old = models.CharField(max_length=80, blank=True)
    new = models.CharField(max_length=80, blank=True)
    old_code7 = models.CharField(max_length=7, blank=True)
    new_code7 = models.CharField(max_length=7, blank=True)
    date_from = models.DateField()
    date_to = models.DateField()

    class Meta:
        ordering = ["date_from", "unit"]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.change}"


class Dataset(models.Model):
    """Where figures come from. Of two figures for one unit, indicator and year the higher priority wins."""

    class Kind(models.TextChoices):
        SHIPPED = "shipped", _("shipped with Krzew")
        BDL = "bdl", "GUS BDL"
        OZPS = "ozps", "OZPS"
        LOCAL = "local", _("local figures")
        TERYT = "teryt", "TERYT"
        BOUNDARIES = "boundaries", _("boundaries")

    PRIORITY = {Kind.SHIPPED: 0, Kind.BDL: 10, Kind.OZPS: 20, Kind.LOCAL: 30}

    code = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=200)
    source = models.CharField(max_length=300)
    url = models.URLField(blank=True)
    licence = models.CharField(max_length=120, blank=True)
    vintage = models.CharField(max_length=60, blank=True)
    retrieved_on = models.DateField(null=True, blank=True)
    measured_on = models.DateField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    note = models.TextField(blank=True)
    loaded_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def priority(self) -> int:
        return self.PRIORITY.get(self.Kind(self.kind), 0)


class Indicator(models.Model):
    """Row of the catalogue that figures point to; names and definitions are in `data/indicators.toml`."""

    code = models.CharField(max_length=40, primary_key=True)
    position = models.PositiveSmallIntegerField()
    level = models.CharField(max_length=11, choices=Level.choices)
    role = models.CharField(max_length=12)
    need = models.CharField(max_length=24, blank=True)
    minimum = models.FloatField(null=True)
    maximum = models.FloatField(null=True)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.code

    @property
    def spec(self) -> IndicatorSpec:
        return indicators()[self.code]


class Value(models.Model):
    """One figure of one unit in one year. Nothing is imputed here: an empty figure says why it is empty."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="values")
    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="values", db_index=False)
    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="values")
    year = models.PositiveSmallIntegerField()
    value = models.FloatField(null=True)
    flag = models.CharField(max_length=14, choices=Flag.choices, default=Flag.OBSERVED)
    numerator = models.FloatField(null=True)
    denominator = models.FloatField(null=True)
    note = models.CharField(max_length=20, blank=True)  # code in data/reasons.toml
    source_code = models.CharField(max_length=8, blank=True)  # the source's own mark, such as "." or "x"

    class Meta:
        ordering = ["indicator", "unit", "year"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "unit", "year", "dataset"], name="places_value_once_per_dataset"
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=True, flag__in=EMPTY_FLAGS)
                | Q(value__isnull=False) & ~Q(flag__in=EMPTY_FLAGS),
                name="places_value_empty_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(flag=Flag.ZERO) | Q(value=0), name="places_value_zero_is_zero"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.unit_id} {self.year}"


class Boundary(models.Model):
    """Polygon of a unit as GeoJSON text (WGS84, lon/lat)."""

    unit = models.OneToOneField(Unit, on_delete=models.CASCADE, related_name="boundary", primary_key=True)
    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="boundaries")
    geometry = models.TextField()

    def __str__(self) -> str:
        return self.unit_id
