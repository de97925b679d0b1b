"""Sample figures of the style page. The place and its numbers are invented."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from krzew.ui import figures as draw
from krzew.ui.components import Column, Figure, Interval, Position, QuadrantPoint, Table

YEARS = range(2016, 2025)
AREAS = {
    "A": [(0, 0), (4, 1), (5, 5), (1, 6)],
    "B": [(4, 1), (9, 0), (10, 4), (5, 5)],
    "C": [(9, 0), (14, 2), (13, 6), (10, 4)],
    "D": [(1, 6), (5, 5), (6, 10), (2, 11)],
    "E": [(5, 5), (10, 4), (11, 9), (6, 10)],
    "F": [(10, 4), (13, 6), (14, 10), (11, 9)],
}
VALUES = {"A": 8.1, "B": 5.4, "C": None, "D": 3.9, "E": 6.8, "F": 4.4}


def positions() -> list[Position]:
    about = {"place": _("this place"), "year": "2024"}
    work = {"low": 2.1, "q1": 4.0, "median": 5.2, "q3": 6.4, "high": 9.9, "country": 5.0}
    money = {"low": 1604, "q1": 2050, "median": 2400, "q3": 2890, "high": 5120, "country": 2710}
    lowest, missing = _("The lowest tenth of its group."), _("not collected below the powiat level")
    return [
        Position(_("People out of work"), 8.1, "%", **about, **work),  # type: ignore[arg-type]
        Position(_("Own revenue per person"), 1932, "zł", decimals=0, note=lowest, **about, **money),  # type: ignore[arg-type]
        Position(_("Nursery places per 100 births of three years"), None, missing=missing, year="2024"),
    ]


def intervals() -> list[Interval]:
    agree, wide = _("Statistics and voices agree."), _("Wide, because only one figure speaks of it.")
    return [
        Interval(_("Older people without care"), 0.78, 0.66, 0.87, note=agree),
        Interval(_("People without work"), 0.61, 0.42, 0.75),
        Interval(_("Loneliness"), 0.35, 0.08, 0.71, note=wide),
    ]


def _lines() -> dict[str, list[tuple[int, float | None]]]:
    series: dict[str, list[float | None]] = {
        _("Brzezina"): [11.2, 10.1, 9.0, 8.2, 8.9, None, 8.0, 7.9, 8.1],
        _("places like it"): [9.8, 8.8, 7.4, 6.6, 7.1, 6.4, 5.6, 5.4, 5.2],
        _("the country"): [8.2, 6.6, 5.8, 5.2, 6.3, 5.4, 5.2, 5.1, 5.0],
    }
    return {name: list(zip(YEARS, values, strict=True)) for name, values in series.items()}


def _points() -> list[QuadrantPoint]:
    return [
        QuadrantPoint(_("Care cooperative"), 0.78, 0.64, True, 0.66, 0.87),
        QuadrantPoint(_("Laundry"), 0.61, 0.3),
        QuadrantPoint(_("Village café"), 0.35, 0.72, low=0.1, high=0.7),
        QuadrantPoint(_("Repair shop"), 0.22, 0.4),
    ]


def _axes() -> dict[str, str]:
    return {"x_title": _("Need"), "y_title": _("Feasibility")}


def _areas() -> list[dict[str, Any]]:
    """Invented areas that share their borders."""
    return [
        {
            "type": "Feature",
            "properties": {"code": code, "name": code},
            "geometry": {"type": "Polygon", "coordinates": [[*corners, corners[0]]]},
        }
        for code, corners in AREAS.items()
    ]


@lru_cache(maxsize=4)
def _specs(lang: str) -> dict[str, draw.Spec]:
    """Specifications in one language; building them takes longer than the rest of the page."""
    work = _("People out of work")
    return {
        "trend": draw.trend(_lines(), unit="%", y_title=f"{work}, %", place=_("Brzezina"), lang=lang),
        "quadrant": draw.quadrant(_points(), lang=lang, **_axes()),
        "map": draw.choropleth(_areas(), VALUES, legend=work, unit="%", place="A", lang=lang, planar=True),
        "strips": draw.dot_range(positions(), lang=lang),
        "needs": draw.intervals(intervals(), x_title=_("Severity, from 0 to 1"), lang=lang),
    }


def _figure(name: str, title: str, **more: Any) -> Figure:
    spec = _specs((get_language() or "pl")[:2])[name]
    return Figure(draw.store(spec), title, _("invented numbers for this page"), "2026", **more)


def figures() -> dict[str, Figure]:
    """Every kind of figure, stored once; later requests only look whether the file is there."""
    best = _("The care cooperative answers the greatest need and can be done")
    table = draw.quadrant_table(_points(), _("Solutions"), **_axes())
    west = _("Unemployment is highest on the western edge")
    return {
        "trend": _trend(),
        "quadrant": _figure("quadrant", best, kind="quadrant", table=table),
        "map": _figure("map", west, kind="map", interactive=True, table=_map_table()),
        "strips": _figure("strips", _("Work and money are worse than in places like it")),
        "needs": _figure("needs", _("Care of older people is the surest need")),
    }


def _trend() -> Figure:
    lines = _lines()
    columns = [Column("year", _("Year")), *(Column(name, name, "number") for name in lines)]
    rows = [(str(year), *(dict(line)[year] for line in lines.values())) for year in YEARS]
    return _figure(
        "trend",
        _("Unemployment fell everywhere, but here the fall stopped in 2022"),
        table=Table(_("People out of work"), columns, rows, caption_hidden=True),
        note=_("There is no figure for 2021: the gap is not filled."),
    )


def _map_table() -> Table:
    columns = [Column("place", _("Place")), Column("share", _("Out of work"), "number", unit="%")]
    return Table(_("Map as a table"), columns, list(VALUES.items()), caption_hidden=True)
