"""Figures from plain data: each function returns a Vega-Lite specification without colours or width.

Colours and width are added when a figure is drawn (`figure_store.dressed`), so one specification
serves the light and the dark scheme, a wide page and a phone, paper and the interactive version.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

import altair as alt
import numpy as np
import shapely
from django.utils.translation import gettext, override
from shapely.geometry import mapping, shape

from krzew.ui import formats
from krzew.ui.components import Column, Interval, Position, QuadrantPoint, Table
from krzew.ui.figure_store import Spec, store, svg

__all__ = [
    "Spec",
    "choropleth",
    "dot_range",
    "intervals",
    "quadrant",
    "quadrant_table",
    "store",
    "svg",
    "trend",
]

DASHES = [[1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [1, 3]]
ROW = 44  # height of one row in charts with one row per thing


def _finished(chart: Any, lang: str, **meta: Any) -> Spec:
    spec: Spec = chart.to_dict(validate=False)
    spec.pop("config", None)
    spec["usermeta"] = {"lang": lang, **meta}
    return spec


def _values(rows: Iterable[Mapping[str, Any]]) -> Any:
    return alt.InlineData(values=list(rows))


def _series_rows(
    series: Mapping[str, Sequence[tuple[int | str, float | None]]], names: Sequence[str], unit: str, lang: str
) -> list[dict[str, Any]]:
    return [
        {"name": name, "when": when, "value": value, "text": _written(value, unit, lang)}
        for name in names
        for when, value in series[name]
    ]


def _years_axis(whole: bool) -> Any:
    """Whole years are a scale; "2019/20" and the like are names."""
    axis = {"format": "d", "tickMinStep": 1, "grid": False} if whole else {"labelAngle": 0}
    scale = alt.Scale(nice=False, zero=False)
    return alt.X("when:Q" if whole else "when:O", axis=alt.Axis(title=None, **axis), scale=scale)


def _above(title: str) -> Any:
    """A vertical axis whose title stands above it, to be read without turning the head."""
    return alt.Axis(
        title=title, titleAngle=0, titleAlign="left", titleAnchor="end", titleY=-12, tickCount=5, format="~f"
    )


def trend(
    series: Mapping[str, Sequence[tuple[int | str, float | None]]],
    *,
    unit: str,
    y_title: str = "",
    place: str = "",
    lang: str = "pl",
    zero: bool = False,
) -> Spec:
    """Lines over years, `place` first and strongest. A missing year is a gap, never a line across it."""
    names = sorted(series, key=lambda name: name != place)
    rows = _series_rows(series, names, unit, lang)
    # One legend for colour and dashes: Vega-Lite joins two that are declared alike.
    key = alt.Legend(title=None, symbolType="stroke", symbolSize=500)
    dashes = alt.Scale(domain=names, range=DASHES[: len(names)])
    base = alt.Chart(_values(rows), height=280).encode(
        x=_years_axis(all(isinstance(row["when"], int) for row in rows)),
        y=alt.Y("value:Q", axis=_above(y_title or unit), scale=alt.Scale(zero=zero)),
        color=alt.Color("name:N", scale=alt.Scale(domain=names), legend=key),
    )
    lines = base.mark_line(invalid="break-paths-show-domains").encode(
        strokeDash=alt.StrokeDash("name:N", scale=dashes, legend=key),
        strokeWidth=alt.condition(alt.datum.name == place, alt.value(3), alt.value(2)),
    )
    points = base.mark_circle(size=44, opacity=1).encode(tooltip=_tips("name", "when", "text"))
    return _finished(alt.layer(lines, points), lang)


def _tips(*fields: str) -> list[Any]:
    """What is shown under the pointer; the texts are written in Python, so they need no headings."""
    return [alt.Tooltip(f"{name}:N", title="\u00a0") for name in fields]


def _written(value: float | None, unit: str, lang: str, decimals: int = 1) -> str:
    with override(lang):
        return formats.percent(value, decimals) if unit == "%" else formats.quantity(value, unit, decimals)


def dot_range(rows: Sequence[Position], *, lang: str = "pl") -> Spec:
    """One strip per indicator. Units differ, so every row has its own scale."""
    with override(lang):
        data = [_strip(row) for row in rows if row.value is not None]
    order = [row["label"] for row in data]
    base = alt.Chart(_values(data), height=ROW * len(data)).encode(
        y=alt.Y(
            "label:N",
            sort=order,
            title=None,
            axis=alt.Axis(domain=False, ticks=False, labelExpr="split(datum.label, '\\n')"),
        ),
        tooltip=_tips("text"),
    )
    x: dict[str, Any] = {"axis": None, "scale": alt.Scale(domain=[0, 100])}
    chart = alt.layer(
        base.mark_rule(style="range").encode(x=alt.X("low:Q", **x), x2="high:Q"),
        base.mark_bar(style="box", height=14).encode(x=alt.X("q1:Q", **x), x2="q3:Q"),
        base.mark_tick(style="country", thickness=2, size=30, opacity=1).encode(x=alt.X("country:Q", **x)),
        base.mark_circle(style="here", size=190, opacity=1).encode(x=alt.X("value:Q", **x)),
    )
    return _finished(chart, lang)


def _strip(row: Position) -> dict[str, Any]:
    """A row on its own scale from 0 to 100, with the value in its label."""
    at: dict[str, Any] = {name: float(mark[:-1]) if mark else None for name, mark in row.marks.items()}
    return at | {"label": f"{row.label}\n{row.text}", "text": row.description}


def intervals(rows: Sequence[Interval], *, x_title: str = "", lang: str = "pl") -> Spec:
    """Bars from low to high with a dot at the value, in the order given."""
    with override(lang):
        data = [
            {"label": r.label, "low": r.low, "high": r.high, "value": r.value, "text": r.description}
            for r in rows
        ]
    domain = [min(r.minimum for r in rows), max(r.maximum for r in rows)]
    x = alt.X(
        "low:Q", scale=alt.Scale(domain=domain, clamp=True), axis=alt.Axis(title=x_title or None, tickCount=5)
    )
    base = alt.Chart(_values(data), height=36 * len(data)).encode(
        y=alt.Y(
            "label:N", sort=[r.label for r in rows], title=None, axis=alt.Axis(domain=False, ticks=False)
        ),
        tooltip=_tips("label", "text"),
    )
    dots = base.mark_circle(style="here", size=150, opacity=1).encode(x=alt.X("value:Q"))
    return _finished(
        alt.layer(base.mark_bar(style="bar", height=12, cornerRadius=6).encode(x=x, x2="high:Q"), dots), lang
    )


PLANE = (230.0, 320.0)  # drawn size of the quadrant on a phone: what is apart there is apart everywhere
APART = 29.0
HALF = 50.0


def _ends(values: Iterable[float]) -> list[float]:
    """A stretch of 0–100 in steps of ten that holds all values, the middle, and some room at both ends."""
    known = [*values, HALF]
    return [max(0.0, 10 * ((min(known) - 3) // 10)), min(100.0, 10 * -((-max(known) - 3) // 10))]


def _numbered(
    points: Sequence[QuadrantPoint], x: Sequence[float], y: Sequence[float]
) -> list[dict[str, Any]]:
    """Points on 0–100, each with the place of its number (`nx`, `ny`) beside those of the others."""
    step = np.array([(x[1] - x[0]) / PLANE[0], (y[1] - y[0]) / PLANE[1]])
    true = np.array([(100 * p.need, 100 * p.feasibility) for p in points]) / step
    numbers = _beside(true, np.array([x[0], y[0]]) / step) * step
    return [
        {"n": str(i), "text": f"{i}. {p.label}", "chosen": p.chosen}
        | {"need": 100 * p.need, "feasibility": 100 * p.feasibility}
        | {"low": p.low and 100 * p.low, "high": p.high and 100 * p.high}
        | {"nx": round(float(at[0]), 2), "ny": round(float(at[1]), 2)}
        for i, (p, at) in enumerate(zip(points, numbers, strict=True), 1)
    ]


def _beside(true: Any, origin: Any) -> Any:
    """Where the numbers go: on their points, or, where one is taken, the nearest free spot around it."""
    corners = origin + np.array([APART / 2, APART / 2]), origin + np.array(PLANE) - APART / 2
    turns = np.linspace(0.4, 0.4 + 2 * np.pi, 16, endpoint=False)
    ring = np.column_stack([np.cos(turns), np.sin(turns)])
    rings = np.vstack([np.zeros((1, 2)), *(ring * APART * k for k in np.arange(1, 6, 0.5))])
    placed: list[Any] = []
    for point in true:
        spots = np.clip(point + rings, *corners)
        free = [s for s in spots if _clear(s, placed, APART)]
        others = [t for t in true if (t != point).any()]
        best = [s for s in free if _clear(s, others, APART * 0.6)]
        placed.append([*best, *free, point][0])
    return np.array(placed)


def _clear(spot: Any, others: Sequence[Any], distance: float) -> bool:
    return all(np.hypot(*(spot - other)) >= distance for other in others)


def _range_axis(title: str, ends: Sequence[float]) -> str:
    """A cut axis says that it is cut."""
    return title if list(ends) == [0, 100] else f"{title} ({ends[0]:.0f}–{ends[1]:.0f} / 100)"


def quadrant(points: Sequence[QuadrantPoint], *, x_title: str, y_title: str, lang: str = "pl") -> Spec:
    """Need × feasibility, never averaged. Points carry numbers; `quadrant_table` says which is which.

    The axes are cut to where the points lie, in steps of ten, never without their middle; numbers that would
    cover one another are moved aside and tied to their point by a line.
    """
    return _quadrant(tuple(points), x_title, y_title, lang)


@lru_cache(maxsize=128)
def _quadrant(points: tuple[QuadrantPoint, ...], x_title: str, y_title: str, lang: str) -> Spec:
    ends_x = _ends(100 * v for p in points for v in (p.need, p.low, p.high) if v is not None)
    ends_y = _ends(100 * p.feasibility for p in points)
    across, up = alt.Scale(domain=ends_x, nice=False), alt.Scale(domain=ends_y, nice=False)
    axis = alt.Axis(title=_range_axis(x_title, ends_x), tickCount=5, grid=False, format="d")
    base = alt.Chart(_values(_numbered(points, ends_x, ends_y)), height=400).encode(
        x=alt.X("need:Q", scale=across, axis=axis),
        y=alt.Y("feasibility:Q", scale=up, axis=_above(_range_axis(y_title, ends_y))),
        tooltip=_tips("text"),
    )
    middle = alt.Chart(_values([{"half": HALF}])).mark_rule(style="middle")
    doubt = base.transform_filter("isValid(datum.low)").mark_rule(style="range")
    layers = [
        middle.encode(x=alt.X("half:Q", scale=across)),
        middle.encode(y=alt.Y("half:Q", scale=up)),
        doubt.encode(x=alt.X("low:Q", scale=across), x2="high:Q"),
        base.mark_rule(style="tie").encode(x2="nx:Q", y2="ny:Q"),
        base.mark_circle(style="here", size=60, opacity=1),
    ]
    return _finished(alt.layer(*layers, *_number_marks(base, across, up)), lang)


def _number_marks(base: Any, across: Any, up: Any) -> Iterable[Any]:
    for style, test in (("option", "!datum.chosen"), ("chosen", "datum.chosen")):
        some = base.transform_filter(test).encode(x=alt.X("nx:Q", scale=across), y=alt.Y("ny:Q", scale=up))
        yield some.mark_circle(style=style, size=560, opacity=1)
        yield some.mark_text(style=f"{style}-text", baseline="middle").encode(text="n:N")


def quadrant_table(points: Sequence[QuadrantPoint], caption: str, x_title: str, y_title: str) -> Table:
    """The numbers of a quadrant with what they stand for."""
    columns = [
        Column("n", gettext("No."), "number"),
        Column("label", gettext("Solution")),
        Column("need", x_title, "number", unit="0–100"),
        Column("feasibility", y_title, "number", unit="0–100"),
    ]
    rows = [
        (i, p.label, formats.number(100 * p.need, 0), formats.number(100 * p.feasibility, 0))
        for i, p in enumerate(points, 1)
    ]
    return Table(caption, columns, rows, row_header=False)


def choropleth(
    features: Sequence[Mapping[str, Any]],
    values: Mapping[str, float | None],
    *,
    legend: str,
    unit: str = "",
    decimals: int = 1,
    place: str = "",
    lang: str = "pl",
    planar: bool = False,
    classes: int = 5,
) -> Spec:
    """A map in at most five classes of equal size. Areas without a value are dashed and empty, not pale."""
    shapes = _planar(features, planar)
    breaks = _breaks([v for v in values.values() if v is not None], classes)
    labels = [
        f"{_written(low, unit, lang, decimals)} – {_written(high, unit, lang, decimals)}"
        for low, high in pairwise(breaks)
    ]
    areas = [
        _area(feature, geometry, values, breaks, labels, unit, lang, decimals)
        for feature, geometry in zip(features, shapes, strict=True)
    ]
    chart = _map_layers(areas, labels, legend, place, lang)
    return _finished(
        chart, lang, aspect=_aspect(shapes), items=[{"code": a["code"], "text": a["text"]} for a in areas]
    )


def _planar(features: Sequence[Mapping[str, Any]], planar: bool) -> list[Any]:
    """Shapes in metres (PUWG 1992); neighbours are simplified together so that no gaps open between them."""
    shapes = np.array([shape(feature["geometry"]) for feature in features], dtype=object)
    if not planar:
        from pyproj import Transformer

        project = Transformer.from_crs(4326, 2180, always_xy=True).transform
        shapes = shapely.transform(shapes, lambda xy: np.column_stack(project(xy[:, 0], xy[:, 1])))
    left, bottom, right, top = shapely.total_bounds(shapes)
    detail = max(right - left, top - bottom) / 900
    return list(shapely.coverage_simplify(shapes, detail))


def _aspect(shapes: Sequence[Any]) -> float:
    left, bottom, right, top = shapely.total_bounds(shapes)
    return float(np.clip((top - bottom) / max(right - left, 1e-9), 0.3, 1.2)) * 0.92


def _breaks(known: Sequence[float], classes: int) -> list[float]:
    """Limits of classes with about the same number of places in each; equal limits fall together."""
    if not known:
        return []
    limits = sorted({float(x) for x in np.quantile(known, np.linspace(0, 1, min(classes, 5) + 1))})
    return limits if len(limits) > 1 else limits * 2


def _class_of(value: float, breaks: Sequence[float]) -> int:
    """Number of the class that holds `value`; the highest value belongs to the last class."""
    return int(np.clip(np.searchsorted(breaks, value, "right") - 1, 0, len(breaks) - 2))


def _area(
    feature: Mapping[str, Any],
    geometry: Any,
    values: Mapping[str, float | None],
    breaks: Sequence[float],
    labels: Sequence[str],
    unit: str,
    lang: str,
    decimals: int,
) -> dict[str, Any]:
    """One area of the map: outline, class and the text that is read out."""
    properties = feature["properties"]
    code = str(properties.get("code") or properties["terc"])
    value = values.get(code)
    group = None if value is None else labels[_class_of(value, breaks)]
    rounded = shapely.transform(geometry, lambda xy: np.round(xy, -1 if np.abs(xy).max() > 1e4 else 3))
    text = f"{properties['name']}: {_written(value, unit, lang, decimals)}"
    return {"type": "Feature", "geometry": mapping(rounded), "code": code, "group": group, "text": text}


def _map_layers(
    areas: Sequence[Mapping[str, Any]], labels: list[str], legend: str, place: str, lang: str
) -> Any:
    base = alt.Chart(_values(areas)).project(type="identity", reflectY=True).encode(tooltip=_tips("text"))
    unknown = any(area["group"] is None for area in areas)
    with override(lang):
        missing = gettext("dotted outline: no data")
    title = f"{legend} ({missing})" if unknown else legend
    key = alt.Legend(title=title, symbolType="square", symbolSize=260)
    colour = alt.Color("group:O", legend=key, scale=alt.Scale(domain=labels), sort=labels)
    focus = alt.param(name="focus", value="")
    layers = [base.transform_filter("isValid(datum.group)").mark_geoshape(style="area").encode(color=colour)]
    if unknown:
        layers.append(base.transform_filter("!isValid(datum.group)").mark_geoshape(style="empty"))
    if place:
        here = alt.FieldEqualPredicate(field="code", equal=place)
        layers.append(_outlined(base, here, "outline"))
    layers.append(_outlined(base, "datum.code == focus", "focus"))
    return alt.layer(*layers).add_params(focus)


def _outlined(base: Any, test: Any, style: str) -> Any:
    return base.transform_filter(test).mark_geoshape(style=style, filled=False, aria=False)
