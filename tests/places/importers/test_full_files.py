"""The importers on the whole public files.

Where `../shared/data` is absent each test checks the small excerpt of the same source: none is skipped.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from krzew.accounts.actors import Actor
from krzew.places.importers.acts_units import import_boundaries, sync_teryt
from krzew.places.importers.bdl import Variable, read_rows, unit_code
from krzew.places.importers.bdl_attributes import ATTRIBUTES
from krzew.places.importers.boundaries import Options, read_boundaries
from krzew.places.importers.reading import open_upload
from krzew.places.importers.teryt import changes, read_terc
from krzew.places.models import Boundary
from tests.places.importers.support import DATA, RECORDED, terc_file, terc_lines

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"
WHOLE = SHARED.is_dir()
LISTS = [
    *(
        [(SHARED / "teryt/TERC_2020-01-01.csv", 2020, 2477, 380)]
        if WHOLE
        else [(DATA / "terc_2020.csv", 2020, 40, 16)]
    ),
    *([(SHARED / "teryt/TERC_Urzedowy_2026-01-08.csv", 2026, 2479, 380)] if WHOLE else []),
    *([(SHARED / "teryt/terc_api_response_sample.xml", 2026, 2479, 380)] if WHOLE else []),
]
MAPS = (
    [
        (SHARED / f"boundaries/{name}.json", n)
        for name, n in (("municipalities", 2477), ("counties", 380), ("voivodeships", 16))
    ]
    if WHOLE
    else [(DATA / "gminas.json", 3)]
)


def recorded(name: str) -> Any:
    path = SHARED / f"bdl/pybdl_samples_raw_{name}.json"
    return (
        json.loads(path.read_text(encoding="utf-8"))
        if WHOLE
        else {
            "list_attributes": RECORDED["attributes"],
            "get_data_by_variable": RECORDED["data"],
            "list_units": RECORDED["units"],
        }
    )


@pytest.mark.parametrize(("path", "year", "gminas", "powiats"), LISTS)
def test_official_lists(path: Path, year: int, gminas: int, powiats: int) -> None:
    state = read_terc(open_upload(path))
    assert state.day == date(year, 1, 1)
    assert (state.count("voivodeship"), state.count("powiat")) == (16, powiats)
    assert state.count("gmina") >= gminas
    assert state.count("gmina") == gminas or not WHOLE


def test_changes_between_the_official_lists() -> None:
    folder, old, new = (
        (SHARED / "teryt", "TERC_2020-01-01.csv", "TERC_Urzedowy_2026-01-08.csv")
        if WHOLE
        else (DATA, "terc_2020.csv", "terc_2026.csv")
    )
    table = changes(read_terc(open_upload(folder / old)), read_terc(open_upload(folder / new)))
    assert [row.code for row in table if row.change == "created"] == ["120713", "200216"]
    assert [row.code for row in table if row.change == "removed"] == []
    assert "221208" in [row.code for row in table if row.change == "renamed"]
    assert len([row for row in table if row.change == "kind_changed"]) == 82 or not WHOLE


@pytest.mark.parametrize(("path", "count"), MAPS)
def test_boundaries_of_the_whole_country(path: Path, count: int) -> None:
    found = read_boundaries(open_upload(path), Options(tolerance=200))
    assert (len(found.codes), found.repaired, found.parts) == (count, [], 0)
    assert all(shape.geometry.is_valid for shape in found.shapes)


@pytest.mark.usefixtures("places_loaded")
def test_the_whole_is_loaded_and_the_new_gminas_are_named() -> None:
    path, count = MAPS[0]
    outcome = import_boundaries(Actor.system(), open_upload(path), source="granice")
    assert (outcome.added, Boundary.objects.filter(dataset__source="granice").count()) == (count, count)
    assert any(
        ("120713, 200216" in note) or not WHOLE for note in outcome.notes if "without a boundary" in note
    )
    assert import_boundaries(Actor.system(), open_upload(path), source="granice").nothing_new


@pytest.mark.usefixtures("places_loaded")
@pytest.mark.parametrize("path", [path for path, year, *_ in LISTS if year == 2026] or [None])
def test_the_shipped_units_are_those_of_the_official_list(path: Path | None) -> None:
    listed = open_upload(path) if path else terc_file(terc_lines("2026-01-01"))
    outcome = sync_teryt(Actor.system(), listed)
    assert (outcome.nothing_new, outcome.same) == (True, 2875)


def test_recorded_answers_of_bdl() -> None:
    assert {row["id"] for row in recorded("attributes")["list_attributes"]} == set(ATTRIBUTES)
    figures = read_rows(recorded("data")["get_data_by_variable"], Variable("population", 9, "x", level=2))
    assert {figure.place for figure in figures} == {"12"}
    codes = {unit_code(unit["id"], 6) for unit in recorded("units")["list_units"] if unit["level"] == 6}
    assert codes == {"120101", "120102", "120103", "120104"}
