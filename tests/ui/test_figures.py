"""Figures: keys that cannot be abused, pictures in both schemes, numbers in the reader's language."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, reverse

from krzew.ui import figure_store, figures, tokens, views
from krzew.ui.components import Interval, Position, QuadrantPoint

BAD_KEYS = [
    "",
    "../../secret_key",
    "..%2f" * 4,
    "A" * 64,
    "a" * 63,
    "a" * 65,
    "a" * 63 + "/",
    "a" * 64 + "\n",
    "é" * 64,
]


def square(x: float, y: float, code: str) -> dict[str, Any]:
    ring = [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1), (x, y)]
    return {
        "type": "Feature",
        "properties": {"code": code, "name": f"Place {code}"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def sample_trend(lang: str = "pl") -> figures.Spec:
    lines = {
        "Brzezina": [(2020, 8.5), (2021, None), (2022, 9.5)],
        "kraj": [(2020, 5.25), (2021, 5.5), (2022, 5.75)],
    }
    return figures.trend(lines, unit="%", place="Brzezina", lang=lang)


def every_figure() -> dict[str, figures.Spec]:
    position = Position("Work", 8.1, "%", low=2, q1=4, median=5, q3=6, high=9, country=5)
    areas = [square(x, 0, str(x)) for x in range(6)]
    return {
        "trend": sample_trend(),
        "dot_range": figures.dot_range([position]),
        "intervals": figures.intervals([Interval("Work", 0.5, 0.2, 0.7)]),
        "quadrant": figures.quadrant(
            [QuadrantPoint("A", 0.5, 0.6, True, 0.2, 0.7)], x_title="x", y_title="y"
        ),
        "choropleth": figures.choropleth(
            areas, {"0": 1.0, "1": None, "2": 3.0}, legend="Work", place="0", planar=True
        ),
    }


def texts(svg: str) -> list[str]:
    return [node.text or "" for node in ET.fromstring(svg).iter() if node.tag.endswith(("text", "tspan"))]


@pytest.mark.parametrize("key", BAD_KEYS)
@pytest.mark.parametrize("variant", figure_store.VARIANTS)
def test_a_key_is_never_a_path(figure_folder: Path, key: str, variant: str) -> None:
    with pytest.raises(figure_store.UnknownFigure):
        figure_store.svg(key, variant)
    with pytest.raises(figure_store.UnknownFigure):
        figure_store.load(key)
    with pytest.raises(NoReverseMatch):
        reverse("ui:figure_svg", args=[key, variant])


@pytest.mark.parametrize("variant", ["", "../light", "print", "light.svg/../../x"])
def test_a_variant_is_never_a_path(figure_folder: Path, variant: str) -> None:
    key = figures.store(sample_trend())
    with pytest.raises(figure_store.UnknownFigure):
        figure_store.svg(key, variant)


def test_same_figure_same_key_and_one_file(figure_folder: Path) -> None:
    assert figures.store(sample_trend()) == figures.store(sample_trend())
    assert figures.store(sample_trend("en")) != figures.store(sample_trend())
    assert len(list(figure_folder.glob("*.json"))) == 2


def test_private_and_public_do_not_share_a_key(figure_folder: Path) -> None:
    assert figures.store(sample_trend(), public=False) != figures.store(sample_trend())


@pytest.mark.parametrize("name", ["trend", "dot_range", "intervals", "quadrant", "choropleth"])
@pytest.mark.parametrize("variant", figure_store.VARIANTS)
def test_every_figure_is_drawn_in_every_variant(name: str, variant: str) -> None:
    drawing = figure_store.draw(every_figure()[name], variant)
    width = float(ET.fromstring(drawing).attrib["width"])
    assert width == pytest.approx(340 if variant.endswith("narrow") else 680, abs=2)
    assert "#4c78a8" not in drawing, "Vega's own colour has come through"
    sizes = [
        float(node.attrib["font-size"][:-2])
        for node in ET.fromstring(drawing).iter()
        if "font-size" in node.attrib
    ]
    assert all(size >= 12 for size in sizes)


def test_schemes_differ_by_colour_only(figure_folder: Path) -> None:
    key = figures.store(sample_trend())
    light, dark = figure_store.svg(key, "light"), figure_store.svg(key, "dark")
    assert tokens.LIGHT["data"].lower() in light.lower()
    assert tokens.DARK["data"].lower() in dark.lower()
    assert tokens.LIGHT["data"].lower() not in dark.lower()
    assert texts(light) == texts(dark)


@pytest.mark.parametrize(("lang", "written"), [("pl", "8,5"), ("en", "8.5")])
def test_axis_speaks_the_language(lang: str, written: str) -> None:
    lines: dict[str, Any] = {"a": [(2020, 8.5), (2021, 9.0)]}
    drawing = figure_store.draw(figures.trend(lines, unit="%", lang=lang), "light")
    assert written in texts(drawing)


def test_a_missing_year_is_a_gap() -> None:
    """Two pieces of line, not one across the year without a figure."""
    drawing = figure_store.draw(sample_trend(), "light")
    paths = [
        n.attrib for n in ET.fromstring(drawing).iter() if n.attrib.get("aria-roledescription") == "line mark"
    ]
    assert any(path["d"].count("M") == 2 for path in paths)


def test_markup_in_names_is_only_text() -> None:
    lines: dict[str, Any] = {"<script>alert(1)</script>": [(2020, 1.0), (2021, 2.0)]}
    drawing = figure_store.draw(figures.trend(lines, unit=""), "light")
    assert "<script" not in drawing


def test_map_does_not_colour_what_is_not_known() -> None:
    spec = every_figure()["choropleth"]
    drawing = figure_store.draw(spec, "light")
    empty = [n for n in ET.fromstring(drawing).iter() if n.attrib.get("stroke-dasharray") == "2,2"]
    assert len(empty) == 4
    assert {item["code"]: item["text"] for item in spec["usermeta"]["items"]}["1"].endswith("brak danych")


def test_map_with_one_value_for_all() -> None:
    areas = [square(0, 0, "a"), square(1, 0, "b")]
    drawing = figure_store.draw(
        figures.choropleth(areas, {"a": 5.0, "b": 5.0}, legend="x", planar=True), "light"
    )
    assert "5,0 – 5,0" in texts(drawing)


def test_map_without_any_value_is_still_a_map() -> None:
    drawing = figure_store.draw(figures.choropleth([square(0, 0, "a")], {}, legend="x", planar=True), "light")
    assert "2,2" in drawing


def test_degrees_become_metres() -> None:
    """A degree of longitude in Poland is much shorter than one of latitude."""
    spec = figures.choropleth([square(17, 52, "a")], {"a": 1.0}, legend="x")
    assert spec["usermeta"]["aspect"] > 1.05


def test_drawing_never_reads_other_addresses() -> None:
    spec = {"data": {"url": "http://127.0.0.1:1/x.json"}, "mark": "point", "encoding": {}}
    drawing = None
    try:
        drawing = figure_store.draw(spec, "light")
    except ValueError as error:
        assert "127.0.0.1" in str(error) or "denied" in str(error).lower()  # noqa: PT017
    assert drawing is None or "symbol" not in drawing


def test_public_figure_is_kept_for_ever(figure_folder: Path, client: Client) -> None:
    key = figures.store(sample_trend())
    answer = client.get(reverse("ui:figure_svg", args=[key, "dark"]))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert (figure_folder / "svg" / f"{key}.dark.svg").exists()
    spec = json.loads(client.get(reverse("ui:figure_json", args=[key, "light"])).content)
    assert spec["usermeta"]["embedOptions"]["ast"] is True


@pytest.mark.parametrize("view", [views.figure_svg, views.figure_json])
def test_private_figure_needs_a_signed_in_person(
    figure_folder: Path, view: Any, django_user_model: Any
) -> None:
    key = figures.store(sample_trend(), public=False)
    request = RequestFactory().get("/figure")
    request.user = AnonymousUser()
    refused = view(request, key, "light")
    assert refused.status_code == 302
    assert b"8,5" not in refused.content
    request.user = django_user_model()
    shown = view(request, key, "light")
    assert shown.status_code == 200
    assert shown["Cache-Control"].startswith("private")


def test_private_stays_private_after_it_was_drawn(figure_folder: Path) -> None:
    key = figures.store(sample_trend(), public=False)
    figure_store.svg(key, "light")
    request = RequestFactory().get("/figure")
    request.user = AnonymousUser()
    assert views.figure_svg(request, key, "light").status_code == 302


def test_unknown_figure_is_not_found(figure_folder: Path) -> None:
    request = RequestFactory().get("/figure")
    with pytest.raises(Http404):
        views.figure_svg(request, "0" * 64, "light")


def test_numbers_of_points_that_fall_together_stay_apart_and_tied_to_their_point() -> None:
    """Ten solutions with almost the same feasibility, as a real place gave them."""
    needs = (0.77, 0.68, 0.62, 0.59, 0.51, 0.51, 0.49, 0.49, 0.48, 0.45)
    points = [QuadrantPoint(str(n), need, 0.46 + 0.001 * n) for n, need in enumerate(needs)]
    spec = figures.quadrant(points, x_title="Need", y_title="Feasibility")
    rows = next(table for table in spec["datasets"].values() if "nx" in table[0])
    width, height = figures.PLANE
    at = [((r["nx"] - 40) / 40 * width, (r["ny"] - 40) / 20 * height) for r in rows]
    gaps = [((a - c) ** 2 + (b - d) ** 2) ** 0.5 for i, (a, b) in enumerate(at) for c, d in at[:i]]
    assert min(gaps) >= figures.APART - 0.5
    assert [r["need"] for r in rows] == pytest.approx([100 * need for need in needs])


@pytest.mark.parametrize(
    ("feasibility", "said"), [((0.44, 0.56), "Feasibility (40–60 / 100)"), ((0.02, 0.99), "Feasibility")]
)
def test_a_cut_axis_says_its_range(feasibility: tuple[float, float], said: str) -> None:
    points = [QuadrantPoint("A", 0.5, value) for value in feasibility]
    drawing = figure_store.draw(figures.quadrant(points, x_title="Need", y_title="Feasibility"), "light")
    assert said in texts(drawing)
