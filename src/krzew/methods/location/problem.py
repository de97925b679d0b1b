"""What is asked: costs from clients to candidate facilities, how many, how far, with what capacity."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ..record import BoolArray, FloatArray, IntArray, MethodError, data_hash

KINDS = ("p_median", "max_covering", "set_covering", "p_center")
NAMED = 5
"""How many clients an error names at most."""
ROUNDING = 1e-9
"""Relative room when a capacity is filled to the brim."""


@dataclass(frozen=True, eq=False)
class LocationProblem:
    """One question of location. Made by the functions of this package, or by hand for `check`.

    `cost` (clients, facilities), infinite where a facility cannot serve a client; `weights` (clients,);
    `predefined` (facilities,) those that must open; `capacities` (facilities,) and `demand` (clients,) or None;
    `split`: may a client be served by several facilities (only with capacities).
    """

    kind: str
    cost: FloatArray
    weights: FloatArray
    p: int | None
    radius: float | None
    predefined: BoolArray
    capacities: FloatArray | None = None
    demand: FloatArray | None = None
    split: bool = False

    @property
    def clients(self) -> int:
        return int(self.cost.shape[0])

    @property
    def facilities(self) -> int:
        return int(self.cost.shape[1])

    @cached_property
    def weighted(self) -> FloatArray:
        """`cost` times `weights`; unreachable stays infinite, also for weight 0."""
        if (self.weights == 1).all():
            return self.cost
        with np.errstate(invalid="ignore"):
            product = self.cost * self.weights[:, None]
        result: FloatArray = np.where(np.isinf(self.cost), np.inf, product)
        return result

    @cached_property
    def within(self) -> BoolArray:
        """(clients, facilities) whether a facility may serve a client: near enough, and reachable."""
        limit = np.inf if self.radius is None else self.radius
        result: BoolArray = np.isfinite(self.cost) & (self.cost <= limit)
        return result

    @cached_property
    def data_hash(self) -> str:
        parts = (self.cost, self.weights, self.predefined, self.capacities, self.demand)
        return data_hash(*parts, self.kind, self.p, self.radius, self.split)


def problem(
    kind: str,
    cost_matrix: npt.ArrayLike,
    p_facilities: int | None = None,
    service_radius: float | None = None,
    weights: npt.ArrayLike | None = None,
    predefined: npt.ArrayLike | None = None,
    capacities: npt.ArrayLike | None = None,
    demand: npt.ArrayLike | None = None,
    split: bool = False,
) -> LocationProblem:
    """The checked question; every fault is a `MethodError` that names the field and the row."""
    cost = _cost(cost_matrix)
    clients, facilities = cost.shape
    fixed = _predefined(predefined, facilities)
    p = _count(p_facilities, facilities, int(fixed.sum()))
    weight = np.ones(clients) if weights is None else _vector("weights", weights, clients, "client")
    limits = (
        None if capacities is None else _vector("capacities", capacities, facilities, "facility", inf=True)
    )
    wanted = _demand(demand, weight if weights is not None else None, limits, clients)
    if split and limits is None:
        raise MethodError("split", "has a meaning only with capacities")
    made = LocationProblem(kind, cost, weight, p, _radius(service_radius), fixed, limits, wanted, split)
    if kind != "max_covering":
        _refuse_unreachable(made)
        _refuse_small_capacity(made)
    return made


def _cost(cost_matrix: npt.ArrayLike) -> FloatArray:
    try:
        cost = np.asarray(cost_matrix, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise MethodError("cost_matrix", "must be a table of numbers, one row for each client") from error
    if cost.ndim != 2 or not cost.size:
        raise MethodError("cost_matrix", f"must have two dimensions (clients, facilities), not {cost.shape}")
    bad = np.isnan(cost) | (cost < 0)
    if bad.any():
        i, j = np.argwhere(bad)[0]
        rule = "must not be negative" if cost[i, j] < 0 else "must be a number; infinite means out of reach"
        raise MethodError("cost_matrix", rule, f"{i}, {j}")
    return np.ascontiguousarray(cost)


def _vector(name: str, given: npt.ArrayLike, size: int, of: str, inf: bool = False) -> FloatArray:
    vector = np.asarray(given, dtype=np.float64)
    if vector.size == size and vector.ndim == 2:
        vector = vector.ravel()  # a column, as spopt takes them
    if vector.shape != (size,):
        raise MethodError(name, f"needs one number for each {of} ({size}), not the shape {vector.shape}")
    bad = np.isnan(vector) | (vector < 0) | (np.isinf(vector) & (not inf))
    if bad.any():
        raise MethodError(name, "must be a number not below zero", str(int(np.argmax(bad))))
    return vector


def _predefined(given: npt.ArrayLike | None, facilities: int) -> BoolArray:
    fixed = np.zeros(facilities, dtype=bool)
    if given is None:
        return fixed
    array = np.asarray(given).ravel()
    if len(array) == facilities and np.isin(array, (0, 1)).all():
        return array.astype(bool)
    if array.size and not np.issubdtype(array.dtype, np.integer):
        raise MethodError("predefined", f"must be column numbers, or {facilities} zeros and ones")
    if array.size and (array.min() < 0 or array.max() >= facilities):
        wrong = array[(array < 0) | (array >= facilities)][0]
        raise MethodError("predefined", f"must hold column numbers from 0 to {facilities - 1}", str(wrong))
    fixed[array.astype(np.int64)] = True
    return fixed


def _count(p: int | None, facilities: int, fixed: int) -> int | None:
    if p is None:
        return None
    if isinstance(p, bool) or int(p) != p or p < 1:
        raise MethodError("p_facilities", "must be a whole number above zero", str(p))
    if p > facilities:
        raise MethodError(
            "p_facilities", f"is above the number of candidate facilities ({facilities})", str(p)
        )
    if p < fixed:
        raise MethodError("p_facilities", f"is below the number of predefined facilities ({fixed})", str(p))
    return int(p)


def _radius(radius: float | None) -> float | None:
    if radius is None:
        return None
    if np.isnan(radius) or radius < 0:
        raise MethodError("service_radius", "must be a number not below zero", str(radius))
    return float(radius)


def _demand(
    demand: npt.ArrayLike | None, weights: FloatArray | None, capacities: FloatArray | None, clients: int
) -> FloatArray | None:
    """Demand as given, else the weights, else one for each client; only with capacities."""
    if capacities is None:
        if demand is not None:
            raise MethodError("demand", "has a meaning only with capacities; give weights instead")
        return None
    if demand is not None:
        return _vector("demand", demand, clients, "client")
    return np.ones(clients) if weights is None else weights


def _refuse_unreachable(made: LocationProblem) -> None:
    alone = np.flatnonzero(~made.within.any(axis=1))
    if len(alone):
        named = ", ".join(map(str, alone[:NAMED])) + (", …" if len(alone) > NAMED else "")
        rule = "no facility is within reach of these clients; widen the radius, add candidates or drop them"
        raise MethodError("cost_matrix" if made.radius is None else "service_radius", rule, named)


def _refuse_small_capacity(made: LocationProblem) -> None:
    if made.capacities is None or made.demand is None:
        return
    p = made.facilities if made.p is None else made.p
    ranked = np.sort(np.where(made.predefined, -np.inf, -made.capacities))
    fixed = int(made.predefined.sum())
    most = float(made.capacities[made.predefined].sum() - ranked[fixed:p].sum())
    total = float(made.demand.sum())
    if most < total * (1 - ROUNDING):
        raise MethodError("capacities", f"the {p} facilities hold {most:g} at most, the demand is {total:g}")
    if not made.split:
        room = np.where(made.within, made.capacities, -1.0).max(axis=1)
        large = np.flatnonzero(made.demand > room * (1 + ROUNDING))
        if len(large):
            rule = "is above every capacity within reach; allow `split` or add capacity"
            raise MethodError("demand", rule, ", ".join(map(str, large[:NAMED])))


def nearest(cost: FloatArray, within: BoolArray, facilities: IntArray) -> IntArray:
    """(clients,) the open facility of lowest cost among those allowed; -1 for none."""
    allowed = np.where(within[:, facilities], cost[:, facilities], np.inf)
    best = allowed.argmin(axis=1)
    return np.where(np.isfinite(allowed[np.arange(len(cost)), best]), facilities[best], -1)
