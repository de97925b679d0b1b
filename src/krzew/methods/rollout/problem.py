"""The question of a roll-out: places, models and years; what a start costs and whom it reaches; the envelopes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from scipy.spatial import cKDTree

from ..record import BoolArray, FloatArray, IntArray, MethodError, data_hash, finite_matrix

if TYPE_CHECKING:
    from .instance import Instance

EARTH_KM = 6371.0088
"""Mean radius of the Earth (IUGG)."""


@dataclass(frozen=True, eq=False)
class Advisers:
    """Hours of advisers: `region` (places,) row of `hours`; `hours` (regions, years) at hand; `effort`
    (models, k) hours of one start in its first, second, ... year. Years beyond the horizon are not counted.
    `names` of the regions, for explanations."""

    region: npt.ArrayLike
    hours: npt.ArrayLike
    effort: npt.ArrayLike
    names: Sequence[str] | None = None


@dataclass(frozen=True, eq=False)
class Equity:
    """At least `share` of all spending goes to the places marked in `weak` (places,)."""

    weak: npt.ArrayLike
    share: float


@dataclass(frozen=True, eq=False)
class Catchment:
    """Which places a start serves: `matrices` holds a sparse (places, places) table for each of its kinds,
    `kind` (models,) says which one a model uses; entry (i, j): a start in i serves j."""

    matrices: tuple[csr_matrix, ...]
    kind: IntArray

    @classmethod
    def within(cls, xy: npt.ArrayLike, radius: npt.ArrayLike) -> Catchment:
        """Places within a straight line of `radius` (models,) from points `xy` (places, 2), both in km."""
        points = finite_matrix("catchment", xy)
        if points.ndim != 2:
            raise MethodError("catchment", f"points must be a table (places, 2), not {points.shape}")
        return cls._balls(points, np.atleast_1d(finite_matrix("radius", radius)))

    @classmethod
    def of_lonlat(cls, lon: npt.ArrayLike, lat: npt.ArrayLike, radius: npt.ArrayLike) -> Catchment:
        """Places within `radius` (models,) km along the great circle; degrees of longitude and latitude."""
        east, north = np.radians(finite_matrix("lon", lon)), np.radians(finite_matrix("lat", lat))
        if east.shape != north.shape or east.ndim != 1:
            raise MethodError("lat", "needs one latitude for each longitude")
        sphere = np.column_stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)])
        limit = np.atleast_1d(finite_matrix("radius", radius))
        half = np.minimum(limit / (2 * EARTH_KM), np.pi / 2)
        return cls._balls(sphere, 2 * np.sin(half) * np.where(limit < 0, -1, 1))

    @classmethod
    def of_links(cls, links: npt.ArrayLike | Sequence[Any], models: int) -> Catchment:
        """From (places, places) for every model alike, or (models, places, places); true where i serves j."""
        table = np.asarray(links)
        tables = [table] if table.ndim == 2 else list(table)
        if table.ndim not in (2, 3) or table.shape[-1] != table.shape[-2] or len(tables) not in (1, models):
            raise MethodError(
                "catchment",
                f"must be (places, places) or (models, places, places) with {models} models, not {table.shape}",
            )
        kind = np.zeros(models, np.int64) if len(tables) == 1 else np.arange(models)
        return cls(tuple(csr_matrix(np.asarray(one, dtype=bool)) for one in tables), kind)

    @classmethod
    def _balls(cls, points: FloatArray, radius: FloatArray) -> Catchment:
        if (radius < 0).any():
            raise MethodError("radius", "must not be negative", str(int(np.argmax(radius < 0))))
        limits, kind = np.unique(radius, return_inverse=True)
        pairs = cKDTree(points).query_pairs(float(limits[-1]), output_type="ndarray")
        far = np.linalg.norm(points[pairs[:, 0]] - points[pairs[:, 1]], axis=1)
        own = np.arange(len(points))
        tables = []
        for limit in limits:
            a, b = pairs[far <= limit].T
            i, j = np.r_[a, b, own], np.r_[b, a, own]
            shape = (len(points), len(points))
            tables.append(csr_matrix((np.ones(len(i), dtype=bool), (i, j)), shape=shape))
        return cls(tuple(tables), kind.astype(np.int64).ravel())

    def of(self, model: int) -> csr_matrix:
        """The table of one model."""
        return self.matrices[int(self.kind[model])]


@dataclass(frozen=True, eq=False)
class RolloutProblem:
    """Where to start which model in which year.

    `places`, `models`, `years`: names (or how many). `need` (places, models): people whom the model would
    serve in a place. `cost` (places, models) or (models,): money of one start, paid in its year. `budget`
    (years,) or one number. `advisers`: hours by region and year, or None. `catchment`: a `Catchment`, a table
    (places, places) or (models, places, places), or None (a start serves its own place). `equity`: an
    `Equity`, a pair (weak, share), or None. `eligible`: a table (places, models), or several named ones
    {rule: table}; a pair must pass all. `capacity` (models, years), (models,) or a number: starts that the
    franchisor can serve in a year. `per_place`: models at most in one place. `discount`: rate per year; a
    person reached in year t counts 1 / (1 + discount)^t, in that year and every later one.
    """

    places: Any
    models: Any
    years: Any
    need: Any
    cost: Any
    advisers: Any = None
    catchment: Any = None
    equity: Any = None
    eligible: Any = None
    budget: Any = None
    capacity: Any = None
    per_place: int = 2
    discount: float = 0.05

    def __post_init__(self) -> None:
        for name in ("places", "models", "years"):
            self._set(name, _names(name, getattr(self, name)))
        n, m, t = self.shape
        self._set("need", _table("need", self.need, (n, m)))
        self._set("cost", _table("cost", self.cost, (n, m), ((m,),)))
        self._set("budget", _limits("budget", self.budget, (t,)))
        self._set("capacity", np.floor(_limits("capacity", _by_model(self.capacity, m), (m, t))))
        self._set("eligible", _rules(self.eligible, (n, m)))
        self._set("advisers", _advisers(self.advisers, self.shape))
        self._set("equity", _equity(self.equity, n))
        self._set("catchment", _catchment(self.catchment, n, m))
        if not (isinstance(self.per_place, int | np.integer) and self.per_place >= 1):
            raise MethodError("per_place", "must be a whole number of at least 1", str(self.per_place))
        if not (np.isfinite(self.discount) and self.discount >= 0):
            raise MethodError("discount", "must be a rate of at least 0", str(self.discount))

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Number of places, models and years."""
        return len(self.places), len(self.models), len(self.years)

    @cached_property
    def allowed(self) -> BoolArray:
        """(places, models): pairs that every rule lets through."""
        result: BoolArray = np.logical_and.reduce([*self.eligible.values(), np.ones(self.shape[:2], bool)])
        return result

    @cached_property
    def weights(self) -> FloatArray:
        """(years,) what one person reached in that year counts."""
        result: FloatArray = (1.0 + self.discount) ** -np.arange(self.shape[2], dtype=float)
        return result

    @cached_property
    def instance(self) -> Instance:
        """The same as arrays for the solvers."""
        from .instance import build

        return build(self)

    @cached_property
    def data_hash(self) -> str:
        advisers, equity, catchment = self.advisers, self.equity, self.catchment
        parts: list[object] = [self.need, self.cost, self.budget, self.capacity, self.allowed, self.weights]
        parts += [self.per_place, catchment.kind]
        parts += [array for table in catchment.matrices for array in (table.indptr, table.indices)]
        parts += [] if advisers is None else [advisers.region, advisers.hours, advisers.effort]
        parts += [] if equity is None else [equity.weak, equity.share]
        return data_hash(*parts)

    def but(self, **changes: Any) -> RolloutProblem:
        """The same problem with some fields changed. Raises `MethodError` for an unknown field."""
        known = {f.name for f in fields(self)}
        for name in changes:
            if name not in known:
                raise MethodError(name, f"is not a field of the problem; fields: {', '.join(sorted(known))}")
        return replace(self, **changes)

    def row_of(self, place: str | int) -> int:
        """The row of a place given by its name or row number."""
        if isinstance(place, int | np.integer) and 0 <= place < self.shape[0]:
            return int(place)
        if place in self.places:
            return int(self.places.index(place))
        raise MethodError("place", "is not in the problem", str(place))

    def __getstate__(self) -> dict[str, Any]:
        """Without what can be computed again: cheap to send to another process."""
        return {f.name: getattr(self, f.name) for f in fields(self)}


def _names(field: str, given: Any) -> tuple[Any, ...]:
    names = tuple(range(given)) if isinstance(given, int | np.integer) else tuple(given)
    plain = tuple(name.item() if isinstance(name, np.generic) else name for name in names)
    if not plain:
        raise MethodError(field, "at least one is needed")
    if len(set(plain)) < len(plain):
        twice = next(name for k, name in enumerate(plain) if name in plain[:k])
        raise MethodError(field, "is there twice; each needs its own name", str(twice))
    return plain


def _table(
    field: str, given: Any, shape: tuple[int, ...], wider: tuple[tuple[int, ...], ...] = ()
) -> FloatArray:
    """A table of the shape, widened from a number or from one of the `wider` shapes; not negative."""
    array = finite_matrix(field, given)
    if array.shape != shape and array.shape not in ((), *wider):
        raise MethodError(field, f"must have the shape {shape}, not {array.shape}")
    if (array < 0).any():
        raise MethodError(
            field, "must not be negative", ", ".join(str(int(k)) for k in np.argwhere(array < 0)[0])
        )
    return np.ascontiguousarray(np.broadcast_to(array, shape), dtype=np.float64)


def _limits(field: str, given: Any, shape: tuple[int, ...]) -> FloatArray:
    """Limits of the shape; None and infinity mean no limit."""
    if given is None:
        return np.full(shape, np.inf)
    array = np.asarray(given, dtype=np.float64)
    table = _table(field, np.where(np.isposinf(array), 0.0, array), shape, ((shape[0], 1),))
    return np.where(np.broadcast_to(np.isposinf(array), shape), np.inf, table)


def _by_model(capacity: Any, models: int) -> Any:
    """One figure per model holds for every year."""
    if capacity is None or np.ndim(capacity) != 1:
        return capacity
    if len(capacity) != models:
        raise MethodError("capacity", f"needs one figure for each of {models} models, not {len(capacity)}")
    return np.asarray(capacity, dtype=np.float64)[:, None]


def _rules(given: Any, shape: tuple[int, int]) -> dict[str, BoolArray]:
    if given is None:
        return {}
    rules = dict(given) if isinstance(given, Mapping) else {"": given}
    for name, table in rules.items():
        array = np.asarray(table)
        if array.shape != shape or not (array.dtype == bool or np.isin(array, (0, 1)).all()):
            raise MethodError("eligible", f"must be true or false for each of {shape} (places, models)", name)
        rules[name] = array.astype(bool)
    return rules


def _advisers(given: Any, shape: tuple[int, int, int]) -> Advisers | None:
    if given is None:
        return None
    if not isinstance(given, Advisers):
        given = Advisers(**given) if isinstance(given, Mapping) else Advisers(*given)
    n, m, t = shape
    hours = np.asarray(given.hours, dtype=np.float64)
    hours = _limits("advisers.hours", hours[:, None] if hours.ndim == 1 else hours, (len(hours), t))
    effort = finite_matrix("advisers.effort", given.effort)
    effort = effort[:, None] if effort.ndim == 1 else effort
    effort = _table("advisers.effort", effort, (m, max(effort.shape[-1], 1)))
    region = np.asarray(given.region)
    if region.shape != (n,) or not np.issubdtype(region.dtype, np.integer):
        raise MethodError("advisers.region", f"needs one row number of `hours` for each of {n} places")
    if region.min() < 0 or region.max() >= len(hours):
        bad = int(np.argmax((region < 0) | (region >= len(hours))))
        raise MethodError("advisers.region", f"must be from 0 to {len(hours) - 1}", str(bad))
    names = None if given.names is None else tuple(map(str, given.names))
    if names is not None and len(names) != len(hours):
        raise MethodError(
            "advisers.names", f"needs one name for each of {len(hours)} regions, not {len(names)}"
        )
    return Advisers(region.astype(np.int64), hours, effort, names)


def _equity(given: Any, places: int) -> Equity | None:
    if given is None:
        return None
    if not isinstance(given, Equity):
        given = Equity(**given) if isinstance(given, Mapping) else Equity(*given)
    weak = np.asarray(given.weak)
    if weak.shape != (places,) or not (weak.dtype == bool or np.isin(weak, (0, 1)).all()):
        raise MethodError("equity.weak", f"must be true or false for each of {places} places")
    share = float(given.share)
    if not 0 <= share <= 1:
        raise MethodError("equity.share", "must be a share from 0 to 1", str(share))
    return Equity(weak.astype(bool), share)


def _catchment(given: Any, places: int, models: int) -> Catchment:
    if given is None:
        given = np.eye(places, dtype=bool)
    if not isinstance(given, Catchment):
        given = Catchment.of_links(given, models)
    if given.matrices[0].shape != (places, places):
        raise MethodError("catchment", f"must be for {places} places, not for {given.matrices[0].shape[0]}")
    kind = np.full(models, given.kind[0]) if len(given.kind) == 1 else given.kind
    if len(kind) != models:
        raise MethodError("catchment", f"needs one radius for each of {models} models, not {len(kind)}")
    return Catchment(given.matrices, kind)
