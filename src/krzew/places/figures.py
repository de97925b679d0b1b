"""Pictures of this room: trend of unemployment and maps. A map is built once per version of the data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Any

import numpy as np
from django.conf import settings
from django.utils.translation import get_language, gettext, override

from krzew import __version__
from krzew.places import queries
from krzew.places.findings import written
from krzew.places.maps import Shapes, on_disk, shapes
from krzew.places.matrix import data_version, tables
from krzew.places.models import Boundary, Level, Unit
from krzew.places.names import short_name
from krzew.places.vocabulary import IndicatorSpec, indicators, sources
from krzew.ui.components import Cell, Column, Figure, Table
from krzew.ui.figures import choropleth, store, trend
from krzew.ui.formats import number

MAIN_FIGURE = "unemployment_share"  # shown on maps of places
PLACE = "place-to-outline"  # stands in the kept map for the place that a page outlines


def language() -> str:
    return "pl" if (get_language() or "pl").startswith("pl") else "en"


# --- trend ------------------------------------------------------------------------------------------------


def unemployment_trend(unit: Unit, group: tuple[str, ...]) -> Figure | None:
    """Registered unemployed over the years, each line from 100, so that places of any size compare."""
    own = queries.series([unit.code, *([unit.parent_id] if unit.parent_id else []), *group], "unemployed")
    mine = [(year, value) for year, value in own.pop(unit.code) if value is not None]
    if len(mine) < 2 or not mine[0][1]:
        return None
    start = mine[0][0]
    lines = {unit.name: dict(mine)}
    if unit.parent is not None:
        lines[gettext("powiat")] = known(own.pop(str(unit.parent_id), []))
    if group:
        lines[gettext("similar gminas")] = total([known(own[code]) for code in group])
    indexed = {name: tuple(index(values, start)) for name, values in lines.items() if values.get(start)}
    title = gettext("Registered unemployed: %(before)s in %(start)s, %(now)s in %(end)s") % {
        "before": number(mine[0][1], 0),
        "start": start,
        "now": number(mine[-1][1], 0),
        "end": mine[-1][0],
    }
    return Figure(
        key=_trend_picture(tuple(indexed.items()), start, language()),
        title=title,
        source=sources()["bdl_unemployed"].name,
        date=f"{start}–{mine[-1][0]}",
        table=trend_table(lines),
        note=gettext("Each line starts at 100 in %(start)s.") % {"start": start},
    )


@lru_cache(maxsize=1024)
def _trend_picture(lines: tuple[tuple[str, Any], ...], start: int, lang: str) -> str:
    return store(trend(dict(lines), unit=f"{start} = 100", place=lines[0][0], lang=lang))


def known(points: list[tuple[int, float | None]]) -> dict[int, float]:
    return {year: value for year, value in points if value is not None}


def total(parts: list[dict[int, float]]) -> dict[int, float]:
    """Sum over places, only for years in which every place has a figure."""
    years = set.intersection(*(set(part) for part in parts)) if parts else set()
    return {year: sum(part[year] for part in parts) for year in sorted(years)}


def index(values: Mapping[int, float], start: int) -> list[tuple[int | str, float | None]]:
    first = values[start]
    return [(year, round(100 * value / first, 1)) for year, value in sorted(values.items()) if year >= start]


def trend_table(lines: Mapping[str, Mapping[int, float]]) -> Table:
    years = sorted({year for values in lines.values() for year in values})
    columns = [Column("year", gettext("Year"), "number")]
    columns += [Column(f"line{n}", name, "number") for n, name in enumerate(lines)]
    absent = gettext("no data")
    rows = [
        [str(year)]
        + [Cell(number(v[year], 0)) if year in v else Cell(None, missing=absent) for v in lines.values()]
        for year in years
    ]
    return Table(gettext("Registered unemployed at the end of the year, people"), columns, rows)


# --- maps -------------------------------------------------------------------------------------------------


def region_map(unit: Unit, indicator: str, place: str = "", *, table: bool = True) -> Figure:
    """The gminas of a region, with one place outlined. A page without the table links to it."""
    figures = {
        code: value
        for code, value in zip(tables().units, tables().column(indicator), strict=True)
        if code.startswith(unit.code)
    }
    title = gettext("%(name)s by gminas: %(indicator)s")
    return _map(unit, Level.GMINA, indicator, figures, title, place, table)


def powiat_map(unit: Unit | None, indicator: str, *, table: bool = True) -> Figure:
    """The powiats of a voivodeship, or of the country."""
    figures = powiat_values(indicator, unit.code if unit else "")
    title = gettext("%(name)s by powiats: %(indicator)s")
    return _map(unit, Level.POWIAT, indicator, figures, title, "", table)


def powiat_values(indicator: str, within: str = "") -> dict[str, float]:
    """Figures of powiats; where an indicator has none, the median of the powiat's gminas."""
    codes = list(
        Unit.objects.filter(level=Level.POWIAT, code__startswith=within).values_list("code", flat=True)
    )
    latest = queries.latest_by_unit(codes, indicator)
    found = {code: v.value for code, v in latest.items() if v.value is not None}
    if found or indicators()[indicator].level != Level.GMINA:
        return found
    column, units = tables().column(indicator), np.array(tables().units)
    parts = {code: column[np.char.startswith(units, code)] for code in codes}
    return {code: float(np.nanmedian(part)) for code, part in parts.items() if np.isfinite(part).any()}


def group_map(group: tuple[str, ...], place: str) -> Figure:
    """How many gminas of a comparison group lie in each voivodeship; `place` is one of them."""
    drawn = shapes(Level.VOIVODESHIP)
    counts = {f["properties"]["code"]: 0 for f in drawn.features}
    for code in group:
        counts[code[:2]] += 1
    legend = gettext("similar gminas in the voivodeship")
    rows = [[f["properties"]["name"], counts[f["properties"]["code"]]] for f in drawn.features]
    columns = [Column("name", gettext("Voivodeship")), Column("count", gettext("Gminas"), "number")]
    return Figure(
        key=_group_picture(tuple(counts.items()), place[:2], legend, language(), Boundary.objects.count()),
        title=gettext("Where the similar gminas are"),
        source=gettext("Krzew, from the figures of Statistics Poland"),
        date="2024",
        kind="map",
        table=Table(legend, columns, rows),
        note=schematic_note(drawn),
    )


@lru_cache(maxsize=1024)
def _group_picture(
    counts: tuple[tuple[str, int], ...], place: str, legend: str, lang: str, _boundaries: int
) -> str:
    drawn = shapes(Level.VOIVODESHIP)
    look: dict[str, Any] = {"decimals": 0, "place": place, "planar": drawn.planar, "lang": lang}
    return store(choropleth(drawn.features, dict(counts), legend=legend, **look))


def _map(
    unit: Unit | None,
    level: Level,
    indicator: str,
    figures: Mapping[str, float],
    title: str,
    place: str,
    table: bool,
) -> Figure:
    spec = indicators()[indicator]
    within = unit.code if unit else ""
    data = f"{data_version()} {Boundary.objects.count()}"
    text, note = _drawn(level, within, indicator, language(), data, tuple(figures.items()))
    name = short_name(unit) if unit else gettext("Poland")
    return Figure(
        key=store(json.loads(text.replace(PLACE, place))),
        title=title % {"name": name[:1].upper() + name[1:], "indicator": spec.name},
        source=sources()[spec.source].name,
        date=str(spec.years[-1]) if spec.years else spec.vintage,
        kind="map",
        interactive=True,
        table=map_table(level, within, spec, figures) if table else None,
        note=note,
    )


@lru_cache(maxsize=128)
def _drawn(
    level: Level, within: str, indicator: str, lang: str, data: str, figures: tuple[Any, ...]
) -> tuple[str, str]:
    """Text of the specification and note, kept on disk; `data` names the data: new ones make a new map."""
    spec, drawn = indicators()[indicator], shapes(level, within)

    def make() -> str:
        values = {code: None if value != value else value for code, value in figures}
        look: dict[str, Any] = {
            "decimals": spec.decimals,
            "place": PLACE,
            "lang": lang,
            "planar": drawn.planar,
        }
        return json.dumps(choropleth(drawn.features, values, legend=spec.name, unit=spec.unit, **look))

    facts = (level, within, indicator, lang, data, spec.name, spec.unit, __version__)
    digest = sha256(repr(facts).encode()).hexdigest()[:24]
    return on_disk(f"{digest}.json", make), schematic_note(drawn)


def map_table(level: Level, within: str, spec: IndicatorSpec, figures: Mapping[str, float]) -> Table:
    units = queries.units().filter(level=level, code__startswith=within)
    columns = [Column("name", gettext("Name")), Column("value", spec.name, "number")]
    absent = gettext("no data")
    rows = []
    for unit in units:
        value = figures.get(unit.code)
        there = value is not None and value == value
        rows.append([short_name(unit), Cell(written(spec, value)) if there else Cell(None, missing=absent)])
    return Table(spec.name, columns, rows)


def schematic_note(drawn: Shapes) -> str:
    if not drawn.schematic:
        return ""
    return gettext("Schematic map: areas are computed from one point in each gmina, borders are not exact.")


def draw_maps() -> None:
    """Draw the map of the front page in every language, so that no visitor waits for it."""
    for code, _name in settings.LANGUAGES:
        with override(code):
            powiat_map(None, MAIN_FIGURE, table=False)
    for level in (Level.GMINA, Level.VOIVODESHIP):
        shapes(level)
