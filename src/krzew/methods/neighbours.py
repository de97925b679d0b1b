"""Places like this one: settlement type first, then the nearest by structure alone.

Structural features describe what a place is (size, density, position), never the outcomes that are diagnosed;
otherwise the deficit is matched away. The relation is not mutual: A may be near B while B has nearer places.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from .framework import refuse_repeats
from .record import FloatArray, IntArray, MethodError, Provenance, data_hash, finite_matrix, stamp


@dataclass(frozen=True, eq=False)
class Structure:
    """Settlement type and structural features of every place; `log` names the skewed features, used as log(1
    + x)."""

    units: tuple[str, ...]
    types: tuple[str, ...]
    features: FloatArray
    names: tuple[str, ...]
    log: tuple[str, ...] = ()
    fallback: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        refuse_repeats("units", self.units)
        refuse_repeats("names", self.names)
        features = finite_matrix("features", self.features, missing=True)
        if features.shape != (len(self.units), len(self.names)):
            expected = (len(self.units), len(self.names))
            raise MethodError(
                "features", f"must have the shape {expected} (places, features), not {features.shape}"
            )
        if len(self.types) != len(self.units):
            raise MethodError("types", f"needs one settlement type for each of {len(self.units)} places")
        for name in self.log:
            if name not in self.names:
                raise MethodError("log", "is not a feature", name)
        object.__setattr__(self, "features", features)
        object.__setattr__(self, "types", tuple(str(t) for t in self.types))
        self._check_logged()

    def _check_logged(self) -> None:
        for name in self.log:
            column = self.features[:, self.names.index(name)]
            if np.nanmin(column, initial=0.0) < 0:
                raise MethodError(
                    name, "a logged feature must not be negative", self.units[int(np.nanargmin(column))]
                )

    @cached_property
    def rows(self) -> dict[str, int]:
        return {unit: i for i, unit in enumerate(self.units)}

    @cached_property
    def data_hash(self) -> str:
        return data_hash(self.units, self.types, self.features)

    @cached_property
    def standard(self) -> FloatArray:
        """Features with mean 0 and standard deviation 1 over all places; one that never varies counts
        nothing."""
        x = self.features.copy()
        logged = [self.names.index(name) for name in self.log]
        x[:, logged] = np.log1p(x[:, logged])
        known = ~np.isnan(x)
        count = np.maximum(known.sum(axis=0), 1)
        mean = np.where(known, x, 0.0).sum(axis=0) / count
        deviation = np.sqrt((np.where(known, x - mean, 0.0) ** 2).sum(axis=0) / count)
        result: FloatArray = (x - mean) / np.where(deviation > 0, deviation, 1.0)
        return result

    @cached_property
    def type_codes(self) -> tuple[str, ...]:
        return tuple(sorted(set(self.types)))

    @cached_property
    def type_of(self) -> IntArray:
        return np.array([self.type_codes.index(t) for t in self.types], dtype=np.int64)

    @cached_property
    def centres(self) -> FloatArray:
        """Mean of the standardised features of each settlement type."""
        known = np.nan_to_num(self.standard)
        return np.stack([known[self.type_of == t].mean(axis=0) for t in range(len(self.type_codes))])

    def type_order(self, code: str) -> tuple[str, ...]:
        """The type itself, then the types that may lend places, nearest first."""
        if code in self.fallback:
            return (code, *self.fallback[code])
        own = self.centres[self.type_codes.index(code)]
        away = np.sqrt(((self.centres - own) ** 2).sum(axis=1))
        return tuple(self.type_codes[t] for t in np.argsort(away, kind="stable"))

    def row(self, unit: str, name: str = "place") -> int:
        if unit not in self.rows:
            raise MethodError(name, "is not among the places", unit)
        return self.rows[unit]


@dataclass(frozen=True)
class Neighbour:
    """One place of a comparison group; `gaps` say in which feature it differs, in standard deviations."""

    unit: str
    type: str
    distance: float
    gaps: dict[str, float]
    pinned: bool
    borrowed: bool


@dataclass(frozen=True)
class Neighbours:
    """An ordered comparison group: pinned first, then nearest first, the own type before any other."""

    place: str
    type: str
    rows: tuple[Neighbour, ...]
    borrowed: tuple[str, ...]
    missing: tuple[str, ...]
    provenance: Provenance

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(row.unit for row in self.rows)


def nearest(
    structure: Structure, place: str, k: int = 30, *, pin: Sequence[str] = (), drop: Sequence[str] = ()
) -> Neighbours:
    """The comparison group of one place: k places, of its own settlement type while there are enough of
    them."""
    _check_k(k)
    row = structure.row(place)
    pinned = [structure.row(code, "pin") for code in pin]
    dropped = [structure.row(code, "drop") for code in drop]
    _check_choices(place, pin, drop)
    distance = _distances(structure.standard, np.array([row]))[0]
    free = np.ones(len(structure.units), dtype=bool)
    free[[row, *pinned, *dropped]] = False
    chosen = [*pinned, *_fill(structure, structure.types[row], distance, free, max(k - len(pinned), 0))]
    rows = tuple(_neighbour(structure, row, i, float(distance[i]), i in pinned) for i in chosen)
    lent = tuple(dict.fromkeys(r.type for r in rows if r.borrowed and not r.pinned))
    lacking = tuple(n for n, x in zip(structure.names, structure.standard[row], strict=True) if np.isnan(x))
    parameters = {"place": place, "k": k, "pin": list(pin), "drop": list(drop), "features": structure.names}
    origin = stamp("neighbours", None, structure.data_hash, parameters)
    return Neighbours(place, structure.types[row], rows, lent, lacking, origin)


def all_groups(structure: Structure, k: int = 30) -> npt.NDArray[np.int32]:
    """The group of every place as row numbers, nearest first, -1 where there are not enough places; shape
    (places, k)."""
    _check_k(k)
    n = len(structure.units)
    groups = np.full((n, k), -1, dtype=np.int32)
    for code, kind in ((c, t) for t, c in enumerate(structure.type_codes)):
        members = np.flatnonzero(structure.type_of == kind)
        order = structure.type_order(code)
        lenders = _lenders(structure, order, len(members) - 1, k)
        groups[members] = _groups_of_type(structure, members, lenders, k)
    return groups


def _lenders(structure: Structure, order: tuple[str, ...], own: int, k: int) -> list[IntArray]:
    """The own type, then as many others as are needed to reach k."""
    lenders, found = [], 0
    for step, code in enumerate(order):
        if found >= k:
            break
        rows = np.flatnonzero([t == code for t in structure.types])
        lenders.append(rows)
        found += own if step == 0 else len(rows)
    return lenders


def _groups_of_type(
    structure: Structure, members: IntArray, lenders: list[IntArray], k: int
) -> npt.NDArray[np.int32]:
    out = np.full((len(members), k), -1, dtype=np.int32)
    filled = 0
    for rows in lenders:
        away = _distances(structure.standard, members, rows)
        away[members[:, None] == rows[None, :]] = np.inf
        spare = len(rows) - (1 if np.isin(members, rows).any() else 0)
        take = min(k - filled, spare)
        order = np.argsort(away, axis=1, kind="stable")[:, :take]
        out[:, filled : filled + take] = rows[order]
        filled += take
    return out


def _distances(standard: FloatArray, rows: IntArray, others: IntArray | None = None) -> FloatArray:
    """Euclidean distance over the features that both places have, scaled up to all features."""
    a, b = standard[rows], standard if others is None else standard[others]
    known_a, known_b = ~np.isnan(a), ~np.isnan(b)
    shared = known_a.astype(float) @ known_b.T.astype(float)
    squares = np.zeros(shared.shape)
    for j in range(
        standard.shape[1]
    ):  # exact differences: equal places are at distance 0, not at rounding error
        gap = np.nan_to_num(a[:, j])[:, None] - np.nan_to_num(b[:, j])[None, :]
        squares += np.where(known_a[:, j][:, None] & known_b[:, j][None, :], gap * gap, 0.0)
    scale = np.divide(standard.shape[1], shared, out=np.full(shared.shape, np.inf), where=shared > 0)
    distance: FloatArray = np.sqrt(np.where(shared > 0, squares, 1.0) * scale)
    return distance


def _fill(
    structure: Structure, code: str, distance: FloatArray, free: npt.NDArray[np.bool_], wanted: int
) -> list[int]:
    """The nearest free places, type after type."""
    chosen: list[int] = []
    types = np.array(structure.types)
    for lender in structure.type_order(code):
        rows = np.flatnonzero(free & (types == lender))
        order = rows[np.argsort(distance[rows], kind="stable")]
        chosen += order[: wanted - len(chosen)].tolist()
        if len(chosen) >= wanted:
            break
    return chosen


def _neighbour(structure: Structure, row: int, other: int, distance: float, pinned: bool) -> Neighbour:
    gaps = structure.standard[other] - structure.standard[row]
    known = {name: float(g) for name, g in zip(structure.names, gaps, strict=True) if not np.isnan(g)}
    borrowed = structure.types[other] != structure.types[row]
    return Neighbour(structure.units[other], structure.types[other], distance, known, pinned, borrowed)


def _check_k(k: int) -> None:
    if k < 1:
        raise MethodError("k", "must be at least 1", str(k))


def _check_choices(place: str, pin: Sequence[str], drop: Sequence[str]) -> None:
    refuse_repeats("pin", pin)
    for code in pin:
        if code == place or code in drop:
            raise MethodError("pin", "cannot be the place itself nor a dropped place", code)
