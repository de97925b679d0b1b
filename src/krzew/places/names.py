"""Names that cannot be confused: 142 pairs of a town and a rural gmina share one name in one powiat."""

from __future__ import annotations

from django.utils.translation import gettext

from krzew.places.models import Kind, Level, Unit


def kind_name(unit: Unit) -> str:
    return str(Kind(unit.kind).label)


def short_name(unit: Unit) -> str:
    """Name with its kind: Czarnków (rural gmina)."""
    if unit.level == Level.VOIVODESHIP:
        return gettext("%(name)s voivodeship") % {"name": unit.name}
    if unit.kind == Kind.POWIAT:
        return gettext("powiat %(name)s") % {"name": unit.name}
    return f"{unit.name} ({kind_name(unit)})"


def place_line(unit: Unit) -> str:
    """Where a unit lies: its powiat and voivodeship. Needs `parent__parent`."""
    return ", ".join(short_name(above) for above in ancestors(unit) if not _is_same_city(unit, above))


def full_name(unit: Unit) -> str:
    """Name, kind, powiat and voivodeship. Needs `parent__parent`."""
    return ", ".join(part for part in (short_name(unit), place_line(unit)) if part)


def ancestors(unit: Unit) -> list[Unit]:
    """Units above, nearest first."""
    above = []
    while unit.parent is not None:
        unit = unit.parent
        above.append(unit)
    return above


def _is_same_city(unit: Unit, above: Unit) -> bool:
    """A city with powiat rights is its own powiat; saying it twice helps nobody."""
    return above.kind == Kind.CITY_POWIAT and above.name == unit.name
