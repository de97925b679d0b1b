"""What each page shows, ready for its template. No request, no markup."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext, ngettext

from krzew.places import figures, queries
from krzew.places.figures import MAIN_FIGURE
from krzew.places.findings import written
from krzew.places.groups import ComparisonGroup, comparison_group
from krzew.places.models import Change, ChangeKind, Kind, Level, Unit, Value
from krzew.places.names import ancestors, full_name, kind_name, place_line, short_name
from krzew.places.standings import Standing, ThemeStanding, reason_text, standing
from krzew.places.vocabulary import IndicatorSpec, features, indicators, sources
from krzew.ui.components import Button, Cell, Column, Crumb, Fact, Table
from krzew.ui.formats import day, number, quantity

TOP_FINDINGS = 4
LIST_COLUMNS = ("population", "unemployment_share", "nursery_places")


def url(unit: Unit) -> str:
    return reverse("places:detail", args=[unit.code])


def crumbs(unit: Unit | None, last: str = "") -> list[Crumb]:
    path = [Crumb(gettext("Places"), reverse("places:home"))]
    if unit is not None:
        path += [Crumb(short_name(above), url(above)) for above in reversed(ancestors(unit))]
    return [*path, Crumb(last or (short_name(unit) if unit else ""))]


def diagnosis_button(unit: Unit) -> list[Button]:
    """The main button; absent while the diagnosis room is not installed."""
    try:
        return [Button(gettext("Open a diagnosis"), reverse("diagnosis:open", args=[unit.code]))]
    except NoReverseMatch:
        return []


# --- a gmina ----------------------------------------------------------------------------------------------


def gmina_page(unit: Unit) -> dict[str, Any]:
    group = comparison_group(unit.code)
    themes = standing(unit.code, group.codes) if has_statistics(unit) else []
    voivodeship = ancestors(unit)[-1]
    return {
        "unit": unit,
        "crumbs": crumbs(unit),
        "title": unit.name,
        "kicker": f"{kind_name(unit)}, {place_line(unit)}",
        "lead": population_line(themes),
        "meta": gettext("TERYT code %(code)s") % {"code": unit.code7},
        "actions": diagnosis_button(unit),
        "changes": [change_notice(change) for change in queries.changes_of(unit)],
        "namesakes": [(full_name(other), url(other)) for other in queries.namesakes(unit)],
        "findings": top_findings(themes),
        "themes": [theme for theme in themes if theme.theme.code != "background"],
        "background": next((theme for theme in themes if theme.theme.code == "background"), None),
        "trend": figures.unemployment_trend(unit, group.codes),
        "map": figures.region_map(voivodeship, MAIN_FIGURE, unit.code, table=False),
        "map_region": voivodeship,
        "map_figure": MAIN_FIGURE,
        "group": group,
        "group_line": group_line(group),
        "group_table": group_table(group),
        "group_map": figures.group_map(group.codes, unit.code) if group.rows else None,
        "around": around_table(unit),
        "missing": queries.missing_figures(unit),
        "facts": gmina_facts(unit, group),
        "sources": used_sources(themes),
    }


def has_statistics(unit: Unit) -> bool:
    """A gmina created lately has none; twenty rows that say so would help nobody."""
    return bool(unit.features)


def population_line(themes: Sequence[ThemeStanding]) -> str:
    found = next((s for t in themes for s in t.standings if s.spec.code == "population"), None)
    if found is None or found.value is None:
        return gettext("A new gmina. Public statistics begin with figures for 2025.")
    count = int(found.value)
    text = ngettext(
        "%(count)s resident on 31 December %(year)s.", "%(count)s residents on 31 December %(year)s.", count
    )
    return text % {"count": number(count, 0), "year": found.year}


def top_findings(themes: Sequence[ThemeStanding]) -> list[str]:
    """The sentences that tell most, at most one from each theme."""
    best = [max((s for s in t.standings if s.finding), key=_extremity, default=None) for t in themes]
    told = sorted((s for s in best if s is not None and s.spec.role == "diagnostic"), key=_extremity)
    return [s.finding for s in reversed(told[-TOP_FINDINGS:])]


def _extremity(standing: Standing) -> float:
    return standing.extremity


def gmina_facts(unit: Unit, group: ComparisonGroup) -> list[Fact]:
    facts = [Fact(gettext("Settlement type"), group.type.name, note=group.type.rule)]
    if unit.large_city:
        city = queries.get_unit(unit.large_city)
        facts.append(Fact(gettext("Most people commute to"), str(city), url=url(city) if city else ""))
    facts.append(Fact(gettext("Surface"), quantity(unit.area_km2, "km²", 1), note="2025"))
    return facts


def group_line(group: ComparisonGroup) -> str:
    if not group.rows:
        return gettext("There is no comparison group yet: without statistics similar gminas cannot be found.")
    text = ngettext(
        "%(count)s gmina of the same settlement type (%(type)s), the nearest by structure.",
        "%(count)s gminas of the same settlement type (%(type)s), the nearest by structure.",
        len(group.rows),
    )
    return text % {"count": len(group.rows), "type": group.type.name}


def group_table(group: ComparisonGroup) -> Table:
    units = queries.units_by_code(group.codes)
    columns = [
        Column("name", gettext("Gmina")),
        Column("like", gettext("Alike in")),
        Column("unlike", gettext("Differs in")),
    ]
    rows = [
        [
            Cell(short_name(units[row.code]), url=url(units[row.code]), note=place_line(units[row.code])),
            _features(row.like) or gettext("on the whole"),
            _features(row.unlike) or gettext("nothing much"),
        ]
        for row in group.rows
    ]
    return Table(gettext("Similar gminas, the nearest first"), columns, rows)


def _features(codes: Sequence[str]) -> str:
    return ", ".join(features()[code].name for code in codes)


def around_table(unit: Unit) -> Table | None:
    """Figures that exist only for the powiat or the voivodeship around the gmina."""
    specs = [spec for spec in indicators().values() if spec.level != Level.GMINA]
    rows: list[list[Any]] = []
    for above in ancestors(unit):
        values = queries.latest_values(above, [s.code for s in specs if s.level == above.level])
        rows += [
            [spec.name, short_name(above), value_cell(spec, values[spec.code]), str(values[spec.code].year)]
            for spec in specs
            if spec.code in values
        ]
    columns = [
        Column("name", gettext("Figure")),
        Column("area", gettext("Area")),
        Column("value", gettext("Value"), "number"),
        Column("year", gettext("Year"), "number"),
    ]
    return Table(gettext("Figures known only for a larger area"), columns, rows) if rows else None


def value_cell(spec: IndicatorSpec, value: Value) -> Cell:
    if value.value is None:
        return Cell(None, missing=reason_text(value.note))
    return Cell(written(spec, value.value))


def used_sources(themes: Sequence[ThemeStanding]) -> list[tuple[str, str]]:
    """Sources of the figures on the page with the day or year they describe."""
    used = dict.fromkeys(s.spec.source for theme in themes for s in theme.standings)
    return [(sources()[code].name, sources()[code].vintage) for code in used]


def change_notice(change: Change) -> tuple[str, Button | None]:
    """What happened, and the way to the other unit that it concerns."""
    if change.other is None:
        return change_line(change), None
    return change_line(change), Button(short_name(change.other), url(change.other), kind="secondary")


def change_line(change: Change) -> str:
    """What happened, in words. Only bounds of the day are known for most changes."""
    other = str(change.other or "")
    texts = {
        ChangeKind.CREATED: gettext(
            "Part of gmina %(old)s until 31 December 2024; a gmina of its own since then."
        ),
        ChangeKind.SPLIT: gettext(
            "Gmina %(new)s was part of it until 31 December 2024; earlier figures describe both together."
        ),
        ChangeKind.RENAMED: gettext("Renamed between %(from)s and %(to)s; before: %(old)s."),
        ChangeKind.KIND_CHANGED: gettext(
            "Between %(from)s and %(to)s the kind changed from %(old_kind)s to %(new_kind)s "
            "(code %(old_code)s became %(new_code)s). Its figures stay comparable."
        ),
        ChangeKind.REMOVED: gettext("Ceased to exist; see %(other)s."),
        ChangeKind.MOVED: gettext("Moved from %(old)s to %(new)s."),
    }
    kinds = dict(Kind.choices)
    return str(texts[ChangeKind(change.change)]) % {
        "old": change.old,
        "new": change.new,
        "other": other,
        "from": day(change.date_from),
        "to": day(change.date_to),
        "old_kind": kinds.get(change.old, change.old),
        "new_kind": kinds.get(change.new, change.new),
        "old_code": change.old_code7,
        "new_code": change.new_code7,
    }


# --- a powiat, a voivodeship, the country -----------------------------------------------------------------


def area_page(unit: Unit) -> dict[str, Any]:
    below = queries.children(unit)
    is_powiat = unit.level == Level.POWIAT
    region = figures.region_map(unit, MAIN_FIGURE) if is_powiat else figures.powiat_map(unit, MAIN_FIGURE)
    values = queries.latest_values(unit)
    return {
        "unit": unit,
        "crumbs": crumbs(unit),
        "title": short_name(unit),
        "kicker": place_line(unit) or gettext("voivodeship"),
        "lead": area_line(unit, values, len(below)),
        "meta": gettext("TERYT code %(code)s") % {"code": unit.code},
        "changes": [change_notice(change) for change in queries.changes_of(unit)],
        "below": below_table(unit, below),
        "figures": figures_table(values),
        "map": region if len(below) > 1 else None,
    }


def area_line(unit: Unit, values: dict[str, Value], below: int) -> str:
    people = values.get("population")
    if unit.level == Level.POWIAT:
        parts = ngettext("%(count)s gmina", "%(count)s gminas", below) % {"count": below}
    else:
        parts = ngettext("%(count)s powiat", "%(count)s powiats", below) % {"count": below}
    if people is None or people.value is None:
        return parts
    count = int(people.value)
    text = ngettext(
        "%(count)s resident on 31 December %(year)s.", "%(count)s residents on 31 December %(year)s.", count
    )
    return text % {"count": number(count, 0), "year": people.year} + f" {parts}."


def below_table(unit: Unit, below: Sequence[Unit]) -> Table:
    specs = [indicators()[code] for code in LIST_COLUMNS]
    codes = [b.code for b in below]
    values = {spec.code: queries.latest_by_unit(codes, spec.code) for spec in specs}
    columns = [Column("name", gettext("Name"))]
    columns += [Column(spec.code, spec.name, "number", unit=str(spec.years[-1])) for spec in specs]
    rows = [
        [
            Cell(short_name(b), url=url(b)),
            *(value_cell(spec, v) if (v := values[spec.code].get(b.code)) else None for spec in specs),
        ]
        for b in below
    ]
    caption = gettext("Gminas") if unit.level == Level.POWIAT else gettext("Powiats")
    return Table(caption, columns, rows)


def figures_table(values: dict[str, Value]) -> Table:
    """All latest figures of a powiat or voivodeship, in the order of the catalogue."""
    columns = [
        Column("name", gettext("Figure")),
        Column("value", gettext("Value"), "number"),
        Column("year", gettext("Year"), "number"),
        Column("source", gettext("Source")),
    ]
    rows = [
        [
            Cell(spec.name, url=reverse("places:indicator", args=[code])),
            value_cell(spec, values[code]),
            str(values[code].year),
            values[code].dataset.source,
        ]
        for code, spec in indicators().items()
        if code in values
    ]
    return Table(gettext("Figures"), columns, rows)


def home_page(text: str) -> dict[str, Any]:
    return {
        "query": text,
        "crumbs": crumbs(None, gettext("Results")) if text else [],
        "voivodeships": queries.voivodeships(),
        "map": None if text else figures.powiat_map(None, MAIN_FIGURE, table=False),
        "map_figure": MAIN_FIGURE,
        "counts": {"gminas": number(queries.gminas().count(), 0)},
    }
