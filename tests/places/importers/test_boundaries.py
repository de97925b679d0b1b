"""Boundaries: projections, codes, validity, size, and what a broken file says."""

from __future__ import annotations

import copy
import json
import tracemalloc
from typing import Any

import pyproj
import pytest
import shapely
from shapely.geometry import shape

from krzew.accounts.actors import Actor
from krzew.places.importers.acts_units import import_boundaries
from krzew.places.importers.boundaries import Options, read_boundaries, to_geojson
from krzew.places.importers.problems import ImportRefused
from krzew.places.importers.reading import Upload
from krzew.places.models import Boundary, Dataset, Unit
from krzew.timeline.models import Event
from tests.places.importers.support import DATA, upload

REAL = json.loads((DATA / "gminas.json").read_text(encoding="utf-8"))
SYSTEM = Actor.system()


def file(**changes: Any) -> dict[str, Any]:
    return copy.deepcopy(REAL) | changes


def geojson(content: Any) -> Upload:
    return Upload("granice.json", json.dumps(content).encode())


def projected(epsg: int) -> dict[str, Any]:
    """The same polygons in another projection, x before y, as GIS programs write them."""
    move = pyproj.Transformer.from_crs(4326, epsg, always_xy=True).transform
    content = file()
    for feature in content["features"]:
        moved = shapely.transform(shape(feature["geometry"]), lambda x, y: move(x, y), interleaved=False)
        feature["geometry"] = shapely.geometry.mapping(moved)
    return content


def square(code: str, x: float = 17.0, y: float = 52.0, size: float = 0.1) -> dict[str, Any]:
    ring = [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]
    return {
        "type": "Feature",
        "properties": {"terc": code},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def collection(*features: Any, **members: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features), **members}


# --- reading -----------------------------------------------------------------------------------


def test_seven_digits_become_six_and_the_shape_stays() -> None:
    found = read_boundaries(Upload("g.json", (DATA / "gminas.json").read_bytes()), Options(tolerance=0))
    assert found.codes == {"300201", "300202", "300203"}
    assert found.projection == "EPSG:4326"
    for item, feature in zip(found.shapes, REAL["features"], strict=True):
        assert item.geometry.equals(shape(feature["geometry"]))


@pytest.mark.parametrize("epsg", [2180, 2177, 3857, 25833])
def test_a_stated_projection_brings_the_same_place(epsg: int) -> None:
    plain = read_boundaries(geojson(file()), Options(tolerance=0))
    moved = read_boundaries(geojson(projected(epsg)), Options(projection=f"EPSG:{epsg}", tolerance=0))
    for one, two in zip(plain.shapes, moved.shapes, strict=True):
        assert one.geometry.hausdorff_distance(two.geometry) < 1e-7


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:EPSG::2180", "EPSG:2180", "urn:ogc:def:crs:EPSG:9.6:2180"])
def test_the_projection_of_the_file(name: str) -> None:
    content = projected(2180) | {"crs": {"type": "name", "properties": {"name": name}}}
    assert read_boundaries(geojson(content)).projection == "EPSG:2180"


def test_the_projection_may_stand_after_the_features() -> None:
    content = projected(2180)
    crs = {"type": "name", "properties": {"name": "EPSG:2180"}}
    text = json.dumps({"features": content["features"], "crs": crs, "type": "FeatureCollection"})
    assert read_boundaries(upload(text)).codes == {"300201", "300202", "300203"}


def test_crs84_is_wgs84() -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    assert read_boundaries(geojson(file(crs=crs))).projection == "EPSG:4326"


def test_a_projection_is_not_guessed() -> None:
    with pytest.raises(ImportRefused, match="does not say its projection"):
        read_boundaries(geojson(projected(2180)))


@pytest.mark.parametrize("name", ["EPSG:999999", "+proj=utm +zone=33", "/etc/passwd", "WKT"])
def test_an_unknown_projection(name: str) -> None:
    with pytest.raises(ImportRefused, match="is not known"):
        read_boundaries(geojson(file()), Options(projection=name))


def test_latitude_before_longitude_is_noticed() -> None:
    content = file()
    for feature in content["features"]:
        swapped = shapely.transform(shape(feature["geometry"]), lambda x, y: (y, x), interleaved=False)
        feature["geometry"] = shapely.geometry.mapping(swapped)
    with pytest.raises(ImportRefused, match=r"outside Poland.*longitude before latitude"):
        read_boundaries(geojson(content))


def test_a_wrong_projection_is_noticed() -> None:
    with pytest.raises(ImportRefused, match="outside Poland"):
        read_boundaries(geojson(projected(2180)), Options(projection="EPSG:3857"))


# --- codes and shapes --------------------------------------------------------------------------


def test_other_names_of_the_code() -> None:
    feature = square("x")
    feature["properties"] = {"JPT_KOD_JE": "3002022"}
    own = square("x", 18)
    own["properties"] = {"moj_kod": "3002032"}
    assert read_boundaries(geojson(collection(feature))).codes == {"300202"}
    assert read_boundaries(geojson(collection(own)), Options(code_names=("moj_kod",))).codes == {"300203"}
    with pytest.raises(ImportRefused, match="Found: moj_kod"):
        read_boundaries(geojson(collection(own)))


def test_parts_of_gminas_are_left_out() -> None:
    found = read_boundaries(
        geojson(collection(square("3002022"), square("0201034", 18), square("1465028", 19)))
    )
    assert (found.codes, found.parts) == ({"300202"}, 2)


@pytest.mark.parametrize("code", ["", "30020", "abc", "<b>1</b>", 20102, None])
def test_a_code_that_is_none(code: Any) -> None:
    with pytest.raises(ImportRefused, match="TERYT code"):
        read_boundaries(geojson(collection(square(code))))


def test_a_code_twice() -> None:
    with pytest.raises(ImportRefused, match="300202 occurs 2 times"):
        read_boundaries(geojson(collection(square("3002022"), square("3002023", 18))))


def test_an_invalid_polygon_is_repaired_and_said() -> None:
    bow = square("300202")
    bow["geometry"]["coordinates"] = [[[17, 52], [17.2, 52.2], [17.2, 52], [17, 52.2], [17, 52]]]
    found = read_boundaries(geojson(collection(bow)))
    assert [(code, "Self-intersection" in why) for code, why in found.repaired] == [("300202", True)]
    assert found.shapes[0].geometry.is_valid
    assert found.shapes[0].geometry.geom_type == "MultiPolygon"


def test_neighbours_keep_a_common_border_when_simplified() -> None:
    whole = read_boundaries(geojson(file()), Options(tolerance=0))
    simple = read_boundaries(geojson(file()), Options(tolerance=400))
    count = [sum(shapely.get_num_coordinates(s.geometry) for s in found.shapes) for found in (whole, simple)]
    assert count[1] < count[0]
    assert shapely.coverage_is_valid([s.geometry for s in simple.shapes])
    assert all(shape(to_geojson(s.geometry)).is_valid for s in simple.shapes)


@pytest.mark.parametrize(
    ("geometry", "words"),
    [
        (None, "Polygon"),
        ({"type": "Point", "coordinates": [17, 52]}, "Polygon"),
        ({"type": "Polygon", "coordinates": []}, "empty"),
        ({"type": "Polygon", "coordinates": [[[17, 52], [18, 53]]]}, "cannot be read"),
        ({"type": "Polygon", "coordinates": [[["a", "b"], [1, 2], [3, 4], ["a", "b"]]]}, "cannot be read"),
        ({"type": "Polygon", "coordinates": "x"}, "cannot be read"),
        ({"type": "MultiPolygon", "coordinates": [[1]]}, "cannot be read"),
    ],
)
def test_a_broken_geometry_names_its_line(geometry: Any, words: str) -> None:
    broken = square("300203") | {"geometry": geometry}
    text = (
        '{"type":"FeatureCollection","features":[\n'
        + json.dumps(square("300202"))
        + ",\n"
        + json.dumps(broken)
        + "\n]}"
    )
    with pytest.raises(ImportRefused, match=words) as refused:
        read_boundaries(upload(text))
    assert refused.value.problems[0].line == 3


# --- files -------------------------------------------------------------------------------------


@pytest.mark.parametrize("cut", [0.05, 0.4, 0.7, 0.99])
def test_a_truncated_file_names_the_line(cut: float) -> None:
    data = (DATA / "gminas.json").read_bytes().rstrip()
    with pytest.raises(ImportRefused, match="damaged or cut off") as refused:
        read_boundaries(upload(data[: int(len(data) * cut)]))
    assert refused.value.problems[0].line is not None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[]", "must start with"),
        ("<html>", "must start with"),
        ('{"type": "Topology", "features": []}', "FeatureCollection"),
        ('{"type": "FeatureCollection", "features": []}', "no boundary"),
        ('{"type": "FeatureCollection", "features": {}}', "must be a list"),
        ('{"type": "FeatureCollection"} x', "damaged"),
        ('{"type": "FeatureCollection", "features": [1]}', "not a feature"),
        ('{"features": [{"a": NaN}]}', "finite"),
        ('{"features": [' + "[" * 50_000, "nested too deeply"),
    ],
)
def test_what_is_no_map(text: str, words: str) -> None:
    with pytest.raises(ImportRefused, match=words):
        read_boundaries(upload(text))


def test_a_file_does_not_fill_the_memory() -> None:
    """Polygons are kept compactly and features are read one by one: a small multiple of the file."""
    ring = ",".join(f"[{17 + n * 1e-7:.12f},52.{n:012d}]" for n in range(6_000))
    features = []
    for n in range(24):
        code = f"{30_0201 + n}"
        features.append(
            f'{{"type":"Feature","properties":{{"terc":"{code}"}},"geometry":{{"type":"Polygon",'
            f'"coordinates":[[{ring},[17.5,52.9],[17.000000000000,52.000000000000]]]}}}}'
        )
    data = ('{"type":"FeatureCollection","features":[' + ",".join(features) + "]}").encode()
    tracemalloc.start()
    try:
        assert len(read_boundaries(upload(data), Options(tolerance=0)).shapes) == 24
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 5 * len(data)


# --- loading -----------------------------------------------------------------------------------


@pytest.mark.usefixtures("places_loaded")
def test_boundaries_are_written_once() -> None:
    events = Event.objects.count()
    outcome = import_boundaries(SYSTEM, geojson(file()), source="PRG")
    assert outcome.added == 3
    assert Boundary.objects.filter(dataset__source="PRG").count() == 3
    stored = shape(json.loads(Boundary.objects.get(pk="300202").geometry))
    assert stored.is_valid
    assert stored.contains(
        shapely.Point(Unit.objects.get(pk="300202").lon, Unit.objects.get(pk="300202").lat)
    )
    assert import_boundaries(SYSTEM, geojson(file()), source="PRG").nothing_new
    assert Event.objects.count() == events + 1


@pytest.mark.usefixtures("places_loaded")
def test_unknown_and_missing_codes_are_listed() -> None:
    outcome = import_boundaries(SYSTEM, geojson(collection(square("300202"), square("309901", 18))))
    notes = "\n".join(outcome.notes)
    assert "not written: 309901" in notes
    assert "without a boundary" in notes
    assert not Boundary.objects.filter(pk="309901").exists()


@pytest.mark.usefixtures("places_loaded")
def test_a_file_of_another_country() -> None:
    with pytest.raises(ImportRefused, match="None of the codes"):
        import_boundaries(SYSTEM, geojson(collection(square("309901"))))
    assert not Dataset.objects.filter(kind=Dataset.Kind.BOUNDARIES).exists()


@pytest.mark.usefixtures("places_loaded")
def test_a_new_gmina_gets_its_own_point() -> None:
    Unit.objects.filter(pk="300202").update(settlement="new", lon=15, lat=50)
    import_boundaries(SYSTEM, geojson(collection(square("300202"))))
    moved = Unit.objects.get(pk="300202")
    assert 17 < moved.lon < 17.1
    assert 52 < moved.lat < 52.1


@pytest.mark.usefixtures("places_loaded")
def test_a_dry_run_writes_nothing() -> None:
    outcome = import_boundaries(SYSTEM, geojson(file()), dry_run=True)
    assert (outcome.added, Boundary.objects.filter(pk="300202").count()) == (3, 0)
