"""The arrays of latest figures, the framework of the diagnosis, comparison groups, shapes of maps."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely
from shapely.geometry import shape

from krzew.methods.needs import diagnose
from krzew.places.groups import comparison_group
from krzew.places.maps import compute, shapes
from krzew.places.matrix import data_version, feasibility_framework, framework, tables
from krzew.places.models import Boundary, Dataset, Unit, Value
from krzew.places.vocabulary import features, indicators, needs

pytestmark = pytest.mark.usefixtures("places_loaded")
CZARNKOW, SZCZAWA = "300202", "120713"


def test_latest_figures_with_their_year() -> None:
    table = tables()
    place = table.rows[CZARNKOW]
    column = table.columns["unemployment_share"]
    assert table.values[place, column] == pytest.approx(1.9608, abs=1e-3)
    assert table.years[place, column] == 2024
    assert table.values[place, table.columns["unemployed"]] == 136
    assert np.isnan(table.values[table.rows["022101"], table.columns["own_revenue"]])
    assert table.notes[table.rows["022101"], table.columns["own_revenue"]] == "source_zero"


def test_arrays_are_kept_until_the_data_change() -> None:
    first = tables()
    assert tables() is first
    dataset = Dataset.objects.create(code="ops-2025", kind="local", name="OPS", source="OPS", sha256="1")
    Value.objects.create(unit_id=CZARNKOW, indicator_id="blue_cards", dataset=dataset, year=2025, value=9.0)
    assert data_version() != first.version
    assert tables().column("blue_cards")[tables().rows[CZARNKOW]] == 9.0


def test_of_two_figures_the_later_and_then_the_better_dataset_wins() -> None:
    for code, kind, year, value in (
        ("a", "local", 2023, 1.0),
        ("b", "bdl", 2024, 2.0),
        ("c", "local", 2024, 3.0),
        ("d", "ozps", 2024, 4.0),
    ):
        dataset = Dataset.objects.create(code=code, kind=kind, name=code, source=code, sha256=code)
        Value.objects.create(
            unit_id=CZARNKOW, indicator_id="blue_cards", dataset=dataset, year=year, value=value
        )
    gap = Dataset.objects.create(code="e", kind="local", name="e", source="e", sha256="e")
    Value.objects.create(
        unit_id=CZARNKOW, indicator_id="blue_cards", dataset=gap, year=2025, value=None, flag="missing"
    )
    assert tables().column("blue_cards")[tables().rows[CZARNKOW]] == 3.0


def test_small_counts_are_smoothed_with_an_error_and_others_are_not() -> None:
    table, values = tables(), tables().need_values
    place = table.rows["142002"]
    assert values.errors is not None
    share, nursery = values.codes.index("unemployment_share"), values.codes.index("nursery_places")
    raw = table.column("unemployment_share")[place]
    assert values.matrix[place, share] != raw
    assert values.matrix[place, share] == pytest.approx(raw, rel=0.2)
    assert values.errors[place, share] > 0
    assert values.matrix[place, nursery] == table.column("nursery_places")[place]
    assert table.years[place, table.columns["nursery_places"]] == table.years.max()  # age adds no error
    assert values.errors[place, nursery] == 0


def test_frameworks_hold_every_need_and_no_context() -> None:
    assert framework().needs == tuple(needs())
    assert {i.need for i in feasibility_framework().indicators} == {"money", "partners", "scale"}
    assert {indicators()[i.code].role for i in framework().indicators} == {"diagnostic"}


def test_a_real_diagnosis_runs_on_the_arrays() -> None:
    group = comparison_group(CZARNKOW)
    result = diagnose(framework(), tables().need_values, CZARNKOW, group.codes, local={"blue_cards": 40.0})
    assert result.need("local_jobs").severity is not None
    assert result.need("violence").status != "unknown"
    assert result.need("homelessness").status == "unknown"


# --- comparison groups ------------------------------------------------------------------------------------


def test_group_is_of_one_type_and_without_the_place() -> None:
    group = comparison_group(CZARNKOW)
    types = set(Unit.objects.filter(code__in=group.codes).values_list("settlement", flat=True))
    assert len(group.codes) == 30
    assert CZARNKOW not in group.codes
    assert types == {"rural"}
    assert list(group.codes) == [tables().units[n] for n in tables().groups[tables().rows[CZARNKOW]]]


def test_features_are_not_diagnosed() -> None:
    assert not set(features()) & {i.code for i in framework().indicators}


def test_pin_and_drop() -> None:
    first = comparison_group(CZARNKOW)
    changed = comparison_group(CZARNKOW, pin=["300201"], drop=[first.codes[0]])
    assert changed.codes[0] == "300201"
    assert changed.rows[0].pinned
    assert first.codes[0] not in changed.codes
    assert len(changed.codes) == 30


def test_new_gmina_has_no_group_and_is_in_none() -> None:
    assert comparison_group(SZCZAWA).codes == ()
    assert comparison_group(SZCZAWA, pin=["120705"]).codes == ("120705",)
    assert not np.isin(tables().rows[SZCZAWA], tables().groups)


def test_unknown_place_is_refused() -> None:
    with pytest.raises(KeyError):
        comparison_group("999999")


# --- shapes -----------------------------------------------------------------------------------------------


def test_cells_cover_the_outline_once() -> None:
    """Cells do not overlap, and powiats are exactly the union of their gminas."""
    gminas = {f["properties"]["code"]: shape(f["geometry"]) for f in shapes("gmina", "3002").features}
    powiat = shape(shapes("powiat", "3002").features[0]["geometry"])
    assert len(gminas) == 8
    together = shapely.union_all(list(gminas.values()))
    assert together.area == pytest.approx(sum(g.area for g in gminas.values()), rel=1e-3)
    assert together.symmetric_difference(powiat).area < 0.01 * powiat.area


def test_each_point_lies_in_its_own_cell() -> None:
    points = [
        ("020101", 15.55, 51.26),
        ("020102", 15.80, 51.32),
        ("020103", 15.60, 51.50),
        ("020104", 15.9, 51.6),
    ]
    cells = compute(points, 6)
    assert set(cells) == {code for code, _lon, _lat in points}
    assert all(shape(cell).is_valid and shape(cell).area > 0 for cell in cells.values())


def test_real_polygons_replace_the_schematic_ones_only_when_complete() -> None:
    dataset = Dataset.objects.create(code="borders", kind="boundaries", name="b", source="b", sha256="b")
    square = json.dumps(
        {"type": "Polygon", "coordinates": [[[16, 52], [17, 52], [17, 53], [16, 53], [16, 52]]]}
    )
    codes = list(Unit.objects.filter(level="gmina", code__startswith="3002").values_list("code", flat=True))
    Boundary.objects.create(unit_id=codes[0], dataset=dataset, geometry=square)
    assert shapes("gmina", "3002").schematic
    for code in codes[1:]:
        Boundary.objects.create(unit_id=code, dataset=dataset, geometry=square)
    assert not shapes("gmina", "3002").schematic


def test_old_figures_are_less_certain(places_loaded: None) -> None:
    """Commuting of 2011 carries a wider error than migration of 2024, and a gap carries none."""
    values = tables().need_values
    old, new = values.codes.index("commuting_balance"), values.codes.index("net_migration")
    row = values.units.index("300202")
    spread = [np.nanstd(values.matrix[:, n]) for n in (old, new)]
    assert values.errors is not None
    assert values.errors[row, old] / spread[0] > 2 * values.errors[row, new] / spread[1] > 0
    assert values.errors[values.units.index("120713"), old] == 0
