"""Reads that only the API needs: filtered lists over places and figures."""

from __future__ import annotations

from django.db.models import QuerySet

from krzew.places.models import Unit, Value
from krzew.places.search import by_words
from krzew.places.text import fold


def places(q: str = "", level: str = "", parent: str = "") -> QuerySet[Unit]:
    """Units by words of the name, level and parent's code; best matches first, otherwise by code."""
    words = fold(q).split()
    rows = by_words(words) if words else Unit.objects.order_by("code")
    if level:
        rows = rows.filter(level=level)
    return rows.filter(parent=parent) if parent else rows


def values(unit: Unit | None = None, indicator: str = "", year: int | None = None) -> QuerySet[Value]:
    rows = Value.objects.select_related("dataset").order_by("indicator", "unit", "year", "dataset")
    if unit is not None:
        rows = rows.filter(unit=unit)
    if indicator:
        rows = rows.filter(indicator=indicator)
    return rows.filter(year=year) if year is not None else rows
