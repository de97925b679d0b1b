"""Boundaries of units from GeoJSON, brought to WGS84, made valid and simplified.

The projection is stated by the user or by the file (`crs`); what cannot be degrees is not guessed.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyproj
import shapely
from django.utils.translation import gettext
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from krzew.places.importers.geojson import Reader
from krzew.places.importers.problems import Problems, Progress, refuse, silent
from krzew.places.importers.reading import Upload, cell_text, decode

WGS84 = "EPSG:4326"
METRES_PER_DEGREE = 111_320.0
POLAND = (13.5, 48.5, 24.7, 55.5)  # lon/lat box with a margin and the territorial sea
DECIMALS = 5  # about one metre
CODE_NAMES = ("terc", "teryt", "TERYT", "TERC", "JPT_KOD_JE")
MAX_FEATURES = 10_000  # all gminas with their parts are 4,000
KEPT_LENGTHS = (2, 4, 6)
GMINA_KINDS = frozenset("123")
EPSG = re.compile(r"(?:urn:ogc:def:crs:)?(EPSG)(?::[\d.]*:|:)(\d{4,6})", re.I)
CRS84 = re.compile(r"urn:ogc:def:crs:OGC:[\d.]*:CRS84|OGC:CRS84|WGS ?84", re.I)


@dataclass(frozen=True)
class Options:
    """`projection` such as EPSG:2180; `code_names`: properties that may hold the code; tolerance in m."""

    projection: str = ""
    code_names: tuple[str, ...] = CODE_NAMES
    tolerance: float = 100.0


@dataclass(frozen=True)
class Shape:
    code: str
    geometry: BaseGeometry  # Polygon or MultiPolygon, WGS84
    line: int = 0


@dataclass
class BoundaryFile:
    """Everything that was read; `repaired` holds code and what was wrong with the polygon."""

    shapes: list[Shape]
    projection: str
    repaired: list[tuple[str, str]] = field(default_factory=list)
    parts: int = 0

    @property
    def codes(self) -> set[str]:
        return {shape.code for shape in self.shapes}


def read_boundaries(
    upload: Upload, options: Options | None = None, progress: Progress = silent
) -> BoundaryFile:
    """Read and check a whole file of boundaries; refuses with every feature that is wrong."""
    options = options or Options()
    problems = Problems()
    text, _encoding = decode(upload.data)
    reader = Reader(text, {})
    found = BoundaryFile([], "")
    for number, (line, feature) in enumerate(reader.features(), start=1):
        if number > MAX_FEATURES:
            refuse(gettext("The file has more than %(n)d features.") % {"n": MAX_FEATURES}, line)
        if (read := _feature(line, feature, options, problems)) is not None:
            found.shapes.append(read)
        progress(reader.at, len(text), gettext("feature %(n)d") % {"n": number})
    _check_collection(reader.members, found, problems)
    problems.refuse_if_any()
    _project(found, options, reader.members, problems)
    problems.refuse_if_any()
    return found


def _check_collection(members: dict[str, Any], found: BoundaryFile, problems: Problems) -> None:
    if members.get("type") != "FeatureCollection":
        problems.add(None, "type", gettext("A GeoJSON FeatureCollection was expected."))
    elif not found.shapes and not problems.found:
        problems.add(None, "features", gettext("The file holds no boundary of a unit."))
    found.parts = sum(not item.code for item in found.shapes)
    found.shapes = [item for item in found.shapes if item.code]
    for code, n in Counter(item.code for item in found.shapes).items():
        if n > 1:
            lines = ", ".join(str(s.line) for s in found.shapes if s.code == code)
            message = gettext(
                "Unit %(code)s occurs %(n)d times (lines %(lines)s). Join its polygons into one."
            )
            problems.add(None, "", message % {"code": code, "n": n, "lines": lines})


# --- one feature -------------------------------------------------------------------------------


def _feature(line: int, feature: Any, options: Options, problems: Problems) -> Shape | None:
    try:
        code = _code(feature, options.code_names)
        return Shape(code, _geometry(feature.get("geometry")), line)
    except ValueError as error:
        problems.add(line, "", str(error))
        return None


def _code(feature: Any, names: Sequence[str]) -> str:
    """Two, four or six digits; empty for a part of a gmina or a district."""
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        raise ValueError(gettext("This is not a feature with properties."))
    name = next((name for name in names if name in properties), None)
    if name is None:
        message = gettext("No property with the code of the unit. Looked for: %(names)s. Found: %(found)s.")
        found = ", ".join(map(str, properties))[:120] or "–"
        raise ValueError(message % {"names": ", ".join(names), "found": found})
    code = cell_text(properties[name])
    if not (code.isascii() and code.isdigit() and len(code) in (*KEPT_LENGTHS, 7)):
        message = gettext("“%(code)s” is not a TERYT code of 2, 4, 6 or 7 digits. Is the leading zero lost?")
        raise ValueError(message % {"code": code[:20]})
    if len(code) == 7:
        return code[:6] if code[6] in GMINA_KINDS else ""
    return code


def _geometry(value: Any) -> BaseGeometry:
    if not isinstance(value, dict) or value.get("type") not in ("Polygon", "MultiPolygon"):
        raise ValueError(gettext("The geometry must be a Polygon or a MultiPolygon."))
    try:
        geometry = shapely.force_2d(shape(value))
    except Exception as error:  # rings of a wrong shape fail in many ways
        raise ValueError(
            gettext("The polygon cannot be read (%(why)s).") % {"why": str(error)[:100]}
        ) from error
    if geometry.is_empty or not all(math.isfinite(edge) for edge in geometry.bounds):
        raise ValueError(gettext("The polygon is empty or has coordinates without end."))
    return geometry


# --- projection --------------------------------------------------------------------------------


def _project(found: BoundaryFile, options: Options, members: dict[str, Any], problems: Problems) -> None:
    source = _stated(options.projection, members) or _degrees(found)
    found.projection = source.to_string()
    geometries = [_to_wgs84(shape.geometry, source) for shape in found.shapes]
    for item, geometry in zip(found.shapes, geometries, strict=True):
        _check_in_poland(item, geometry, problems)
    problems.refuse_if_any()
    geometries = [
        _valid(item, geometry, found) for item, geometry in zip(found.shapes, geometries, strict=True)
    ]
    geometries = _simplified(geometries, options.tolerance)
    found.shapes = [
        Shape(item.code, geometry, item.line) for item, geometry in zip(found.shapes, geometries, strict=True)
    ]


def _stated(projection: str, members: dict[str, Any]) -> pyproj.CRS | None:
    """What the user says comes first, then the `crs` member of the file."""
    crs = members.get("crs")
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = projection or (str(properties.get("name", "")) if isinstance(properties, dict) else "")
    if not name:
        return None
    if CRS84.fullmatch(name.strip()):
        return pyproj.CRS(WGS84)
    try:
        match = EPSG.fullmatch(name.strip())
        return pyproj.CRS.from_epsg(int(match[2]) if match else 0)
    except pyproj.exceptions.CRSError:
        refuse(
            gettext("The projection “%(name)s” is not known. State it as EPSG:2180.") % {"name": name[:60]}
        )


def _degrees(found: BoundaryFile) -> pyproj.CRS:
    """Without a stated projection GeoJSON means WGS84; coordinates that cannot be degrees are not guessed."""
    west, south, east, north = shapely.total_bounds([shape.geometry for shape in found.shapes])
    if west < -180 or east > 180 or south < -90 or north > 90:
        refuse(
            gettext(
                "The coordinates (for example %(x).0f, %(y).0f) are not degrees and the file does not say its"
                " projection. State it, for example EPSG:2180 (PL-1992)."
            )
            % {"x": west, "y": south}
        )
    return pyproj.CRS(WGS84)


def _to_wgs84(geometry: BaseGeometry, source: pyproj.CRS) -> BaseGeometry:
    if source == pyproj.CRS(WGS84):
        return geometry
    transformer = pyproj.Transformer.from_crs(source, WGS84, always_xy=True)

    def move(points: np.ndarray) -> np.ndarray:
        return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))

    return shapely.transform(geometry, move)


def _check_in_poland(item: Shape, geometry: BaseGeometry, problems: Problems) -> None:
    west, south, east, north = geometry.bounds
    inside = west >= POLAND[0] and south >= POLAND[1] and east <= POLAND[2] and north <= POLAND[3]
    if not inside:  # also when the transformation gave infinity
        message = gettext(
            "Unit %(code)s would lie outside Poland (%(lon).2f, %(lat).2f)."
            " Is the projection right, and is longitude before latitude?"
        )
        problems.add(item.line, "", message % {"code": item.code, "lon": west, "lat": south})


# --- shape -------------------------------------------------------------------------------------


def _valid(item: Shape, geometry: BaseGeometry, found: BoundaryFile) -> BaseGeometry:
    if geometry.is_valid:
        return geometry
    found.repaired.append((item.code, shapely.is_valid_reason(geometry)))
    return _polygons(shapely.make_valid(geometry))


def _polygons(geometry: BaseGeometry) -> BaseGeometry:
    """The areas of a repaired geometry, without the lines and points that a repair may leave."""
    parts = shapely.get_parts(shapely.get_parts(geometry))
    areas = [part for part in parts if part.geom_type in ("Polygon", "MultiPolygon")]
    return shapely.union_all(areas)


def _simplified(geometries: list[BaseGeometry], tolerance: float) -> list[BaseGeometry]:
    """Neighbours keep a common border where the file is a clean coverage; else each is simplified alone."""
    if tolerance <= 0:
        return geometries
    degrees = tolerance / METRES_PER_DEGREE
    if shapely.coverage_is_valid(geometries):
        return list(shapely.coverage_simplify(geometries, degrees))
    return list(shapely.simplify(geometries, degrees, preserve_topology=True))


def to_geojson(geometry: BaseGeometry) -> dict[str, Any]:
    """A GeoJSON geometry with five decimals, as it is stored."""
    rounded = shapely.transform(geometry, lambda points: np.round(points, DECIMALS))
    return dict(shapely.geometry.mapping(rounded))
