"""What the pages about the figures themselves show."""

from __future__ import annotations

from typing import Any

import numpy as np
from django.urls import reverse
from django.utils.translation import gettext

from krzew.places.figures import language, powiat_map, region_map
from krzew.places.findings import written
from krzew.places.matrix import tables
from krzew.places.models import Level, Unit
from krzew.places.names import short_name
from krzew.places.pages import crumbs, url
from krzew.places.vocabulary import IndicatorSpec, holders, indicators, needs, settlement_types, sources
from krzew.ui.components import Column, Crumb, Fact, Table, Tag
from krzew.ui.formats import number


def indicator_list() -> list[tuple[str, list[IndicatorSpec]]]:
    """The catalogue by need (or by section of the place page for the rest)."""
    grouped: dict[str, list[IndicatorSpec]] = {}
    for spec in indicators().values():
        title = needs()[spec.need].name if spec.need in needs() else gettext("conditions and background")
        grouped.setdefault(title, []).append(spec)
    return list(grouped.items())


def indicator_page(spec: IndicatorSpec) -> dict[str, Any]:
    has_map = has_powiat_map(spec)
    return {
        "spec": spec,
        "crumbs": [
            Crumb(gettext("Places"), reverse("places:home")),
            Crumb(gettext("Figures"), reverse("places:indicators")),
            Crumb(spec.name),
        ],
        "tags": [Tag(needs()[spec.need].name, "data")] if spec.need in needs() else [],
        "facts": indicator_facts(spec),
        "map": powiat_map(None, spec.code) if has_map else None,
        "spread": spread_table(spec) if has_map and spec.level == Level.GMINA else None,
    }


def indicator_facts(spec: IndicatorSpec) -> list[Fact]:
    facts = [Fact(gettext("Unit"), spec.unit or gettext("count"))]
    if spec.numerator_pl:
        parts = [getattr(spec, f"{part}_{language()}") for part in ("numerator", "denominator")]
        facts.append(Fact(gettext("Computed from"), f"{number(spec.scale, 0)} × {parts[0]} / {parts[1]}"))
    facts.append(Fact(gettext("Direction"), direction_text(spec)))
    if spec.goalposts:
        facts.append(goalposts_fact(spec))
    if spec.is_local:
        holder = holders()[spec.holder]
        facts.append(Fact(gettext("Who has it"), holder.name))
        return facts
    source = sources()[spec.source]
    return [
        *facts,
        Fact(gettext("Source"), source.name),
        Fact(gettext("Licence"), source.licence if source.licence != "not stated" else gettext("not stated")),
        Fact(gettext("Years"), years_text(spec.years)),
    ]


def years_text(years: tuple[int, ...]) -> str:
    """2019, 2024; a long row as 2003–2024."""
    return ", ".join(str(year) for year in years) if len(years) < 4 else f"{years[0]}–{years[-1]}"


def region_page(unit: Unit, spec: IndicatorSpec) -> dict[str, Any]:
    """One figure of all gminas of a powiat or voivodeship: map and table."""
    return {
        "spec": spec,
        "crumbs": [*crumbs(unit)[:-1], Crumb(short_name(unit), url(unit)), Crumb(spec.name)],
        "title": f"{short_name(unit)}: {spec.name}",
        "map": region_map(unit, spec.code),
    }


def has_powiat_map(spec: IndicatorSpec) -> bool:
    """There are figures all over the country, for gminas or for powiats."""
    return not spec.is_local and spec.level != Level.VOIVODESHIP and spec.source != "ioss_malopolska"


def direction_text(spec: IndicatorSpec) -> str:
    return {
        1: gettext("a higher value means a bigger problem"),
        -1: gettext("a lower value means a bigger problem"),
        0: gettext("neither: it helps to read other figures"),
    }[spec.direction]


def goalposts_fact(spec: IndicatorSpec) -> Fact:
    best, worst = spec.goalposts or (0.0, 0.0)
    text = gettext("from %(best)s (no problem) to %(worst)s (a serious one)")
    basis = {
        "p5-p95": gettext("Fixed; near the 5th and 95th percentile of all gminas."),
        "judgement": gettext("Fixed by our own judgement; there is no national distribution."),
    }[spec.goalposts_basis]
    return Fact(
        gettext("Scale of severity"),
        text % {"best": written(spec, best), "worst": written(spec, worst)},
        note=basis,
    )


def spread_table(spec: IndicatorSpec) -> Table:
    """How the figure is spread within each settlement type. Not a ranking: no gmina is named."""
    table = tables()
    column, types = table.column(spec.code), np.array(table.settlement)
    columns = [Column("type", gettext("Settlement type")), Column("n", gettext("Gminas"), "number")]
    columns += [Column(f"q{q}", name, "number") for q, name in quantile_names()]
    rows: list[list[Any]] = []
    for kind in settlement_types().values():
        values = column[(types == kind.code) & np.isfinite(column)]
        if len(values) >= 5:
            quantiles = np.quantile(values, [q / 100 for q, _name in quantile_names()])
            rows.append([kind.name, len(values), *(written(spec, float(x)) for x in quantiles)])
    return Table(gettext("Spread by settlement type"), columns, rows)


def quantile_names() -> list[tuple[int, str]]:
    names = [gettext("5% have less"), gettext("a quarter has less"), gettext("median")]
    names += [gettext("a quarter has more"), gettext("5% have more")]
    return list(zip((5, 25, 50, 75, 95), names, strict=True))
