"""Shapes for maps: real polygons when boundaries were imported, otherwise cells computed from points.

A schematic cell is the part of the country nearer to one gmina than to any other (Voronoi), cut by a soft
outline of the country; the cell of a powiat or voivodeship is the union of its gminas' cells.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.conf import settings
from pyproj import Transformer
from shapely.geometry import mapping

from krzew.places.models import Boundary, Level, Unit

METRES = 2180  # PUWG 1992, the national plane coordinates
OUTLINE_BUFFER, OUTLINE_RATIO = 9_000, 0.08  # metres; 0 = tight, 1 = convex
DIGITS = {Level.VOIVODESHIP.value: 2, Level.POWIAT.value: 4, Level.GMINA.value: 6}
Feature = dict[str, Any]


@dataclass(frozen=True)
class Shapes:
    """GeoJSON features with `code` and `name`; `planar`: in metres rather than degrees."""

    features: tuple[Feature, ...]
    planar: bool

    @property
    def schematic(self) -> bool:
        return self.planar


def shapes(level: str, within: str = "") -> Shapes:
    """Shapes of all units of a level, or of those whose code begins with `within`."""
    found = Unit.objects.filter(level=level, code__startswith=within).order_by("code")
    names = dict(found.values_list("code", "name"))
    drawn = dict(Boundary.objects.filter(unit__in=names).values_list("unit_id", "geometry"))
    if set(drawn) >= set(names):
        return Shapes(
            _features(names, {code: json.loads(text) for code, text in drawn.items()}), planar=False
        )
    cells = schematic(level)
    return Shapes(_features(names, {code: cells[code] for code in names}), planar=True)


def _features(names: dict[str, str], geometries: dict[str, Any]) -> tuple[Feature, ...]:
    return tuple(
        {"type": "Feature", "properties": {"code": code, "name": names[code]}, "geometry": geometry}
        for code, geometry in geometries.items()
    )


def schematic(level: str) -> dict[str, Any]:
    """Schematic GeoJSON geometries by code, kept on disk under the hash of the points they come from."""
    gminas = Unit.objects.filter(level=Level.GMINA).order_by("code")
    points = tuple(gminas.values_list("code", "lon", "lat"))
    digest = hashlib.sha256(repr((points, OUTLINE_BUFFER, OUTLINE_RATIO)).encode()).hexdigest()[:16]
    return _kept(level, digest, points)


@lru_cache(maxsize=6)
def _kept(level: str, digest: str, points: tuple[tuple[str, float, float], ...]) -> dict[str, Any]:
    cells: dict[str, Any] = json.loads(
        on_disk(f"{digest}-{level}.json", lambda: json.dumps(compute(points, DIGITS[level])))
    )
    return cells


def on_disk(name: str, make: Callable[[], str]) -> str:
    """Text of a file in the folder of maps, made when it is not there; written whole or not at all."""
    path = Path(settings.KRZEW_VAR) / "maps" / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(make())
        os.replace(part, path)
    return path.read_text(encoding="utf-8")


def compute(points: Iterable[tuple[str, float, float]], digits: int) -> dict[str, Any]:
    """Cells in metres by the first `digits` of the code."""
    codes, lon, lat = zip(*points, strict=True)
    x, y = Transformer.from_crs(4326, METRES, always_xy=True).transform(lon, lat)
    dots = shapely.points(np.asarray(x), np.asarray(y))
    cells = shapely.intersection(_cells(dots), _outline(dots))
    keys = np.array([code[:digits] for code in codes])
    return {
        str(key): mapping(shapely.set_precision(shapely.union_all(cells[keys == key]), 10))
        for key in dict.fromkeys(keys)
    }


def _outline(dots: Any) -> Any:
    """A soft outline of all points together."""
    hull = shapely.concave_hull(shapely.multipoints(dots), ratio=OUTLINE_RATIO)
    return hull.buffer(OUTLINE_BUFFER).simplify(1_000)


def _cells(dots: Any) -> Any:
    """One Voronoi cell per point, in the order of the points."""
    together = shapely.multipoints(dots)
    frame = shapely.box(*together.bounds).buffer(50_000)
    cells = shapely.get_parts(shapely.voronoi_polygons(together, extend_to=frame))
    inside, cell = shapely.STRtree(cells).query(dots, predicate="intersects")
    order = np.zeros(len(dots), dtype=int)
    order[inside] = cell
    return cells[order]
