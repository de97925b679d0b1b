"""Every read of this room's pages, its API and its neighbours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from krzew.places.models import Change, Level, Unit, Value
from krzew.places.search import exact_code
from krzew.places.standings import ThemeStanding, standing
from krzew.places.vocabulary import Holder, IndicatorSpec, holders, indicators

__all__ = ["ThemeStanding", "standing"]  # the pages read everything from here

Series = dict[str, list[tuple[int, float | None]]]


def units() -> QuerySet[Unit]:
    """Units with the two levels above them, ready for full names."""
    return Unit.objects.select_related("parent__parent")


def gminas() -> QuerySet[Unit]:
    return units().filter(level=Level.GMINA).order_by("code")


def get_unit(code: str) -> Unit | None:
    return units().filter(code=code).first()


def unit_of_old_code(code: str) -> Unit | None:
    """The unit that has or once had this seven-digit code."""
    return exact_code(code).first() if len(code) == 7 else None


def near_codes(code: str) -> list[Unit]:
    """Units whose code begins an unknown code, nearest first: a part of a gmina leads to the gmina."""
    if not code.isdigit():
        return []
    return list(units().filter(code__in=[code[:6], code[:4], code[:2]]).order_by("-code"))


def units_by_code(codes: Iterable[str]) -> dict[str, Unit]:
    return units().in_bulk(list(codes))


def voivodeships() -> list[Unit]:
    return list(Unit.objects.filter(level=Level.VOIVODESHIP).annotate(below=Count("children__children")))


def children(unit: Unit) -> list[Unit]:
    return list(unit.children.select_related("parent__parent").annotate(below=Count("children")))


def changes_of(unit: Unit) -> list[Change]:
    """What happened to the unit since 2020, oldest first."""
    return list(unit.changes.select_related("other"))


def latest_values(unit: Unit, codes: Iterable[str] | None = None) -> dict[str, Value]:
    """Latest figure of each indicator; a known figure beats a gap, the better dataset beats the other."""
    found = Value.objects.filter(unit=unit).select_related("dataset")
    if codes is not None:
        found = found.filter(indicator__in=list(codes))
    best = sorted(found, key=lambda v: (v.value is not None, v.year, v.dataset.priority))
    return {value.indicator_id: value for value in best}


def latest_by_unit(codes: Sequence[str], indicator: str) -> dict[str, Value]:
    """Latest figure of one indicator for many units."""
    found = Value.objects.filter(unit__in=codes, indicator=indicator).select_related("dataset")
    best = sorted(found, key=lambda v: (v.value is not None, v.year, v.dataset.priority))
    return {value.unit_id: value for value in best}


def series(codes: Sequence[str], indicator: str) -> Series:
    """All years of one indicator, oldest first; a year without a figure is None."""
    result: Series = {code: [] for code in codes}
    found = Value.objects.filter(unit__in=codes, indicator=indicator, dataset__kind="shipped")
    for unit, year, value in found.order_by("year").values_list("unit_id", "year", "value"):
        result[unit].append((year, value))
    return result


@dataclass(frozen=True)
class MissingFigures:
    """Figures that public statistics do not give, and the institution that has them."""

    holder: Holder
    indicators: tuple[IndicatorSpec, ...]


def missing_figures(unit: Unit) -> list[MissingFigures]:
    """Local indicators without any figure for this unit, by holder in the order of the catalogue."""
    local = {code: spec for code, spec in indicators().items() if spec.is_local}
    known = set(
        Value.objects.filter(unit=unit, indicator__in=local, value__isnull=False).values_list(
            "indicator_id", flat=True
        )
    )
    missing = [spec for code, spec in local.items() if code not in known]
    grouped = {h.code: tuple(s for s in missing if s.holder == h.code) for h in holders().values()}
    return [MissingFigures(holders()[code], specs) for code, specs in grouped.items() if specs]


def namesakes(unit: Unit) -> list[Unit]:
    """Other units of the same level and name."""
    same = Q(name_key=unit.name_key, level=unit.level) & ~Q(code=unit.code)
    return list(units().filter(same))
