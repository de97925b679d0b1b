"""Services within reach: the two-step floating catchment area method, plain (2SFCA) and by bands (E2SFCA).

Step one gives each service its places per person who can reach it; step two adds up, for each place where
people live, what it can reach. The sum of people times access is exactly the supply that somebody reaches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .record import FloatArray, IntArray, MethodError, Provenance, data_hash, finite_matrix, stamp


@dataclass(frozen=True, eq=False)
class Access:
    """`access` (n,) supply per person at each place; `ratio` (m,) supply per weighted person at each service.

    `idle` lists the services that nobody can reach: their supply is in no place's access.
    """

    access: FloatArray
    ratio: FloatArray
    reached_supply: float
    idle: IntArray
    provenance: Provenance


def two_step(
    demand: npt.ArrayLike,
    supply: npt.ArrayLike,
    origin: npt.ArrayLike,
    destination: npt.ArrayLike,
    cost: npt.ArrayLike,
    bands: Sequence[float],
    weights: Sequence[float] | None = None,
) -> Access:
    """Access of `demand` (n,) to `supply` (m,) over a list of journeys (origin row, destination row, cost).

    Band j holds previous < cost <= bands[j], the first also cost 0; farther is out of reach. One band with
    weight 1 is 2SFCA (Luo and Wang 2003), several weights are E2SFCA (Luo and Qi 2009).
    """
    people, places = finite_matrix("demand", demand), finite_matrix("supply", supply)
    costs = finite_matrix("cost", cost)
    limits, steps = _checked_bands(bands, weights)
    i = _rows("origin", origin, len(people), len(costs))
    j = _rows("destination", destination, len(places), len(costs))
    for name, array in (("demand", people), ("supply", places), ("cost", costs)):
        if (array < 0).any():
            raise MethodError(name, "must not be negative", str(int(np.argmax(array < 0))))
    band = sum((costs > limit).astype(np.int8) for limit in limits)  # few bands: faster than a search
    weight = np.append(steps, 0.0)[band]
    reach = np.bincount(j, weight * people[i], minlength=len(places))
    ratio = np.divide(places, reach, out=np.zeros(len(places)), where=reach > 0)
    access: FloatArray = np.bincount(i, weight * ratio[j], minlength=len(people)).astype(np.float64)
    idle = np.flatnonzero((reach <= 0) & (places > 0))
    parameters = {"bands": limits.tolist(), "weights": steps.tolist()}
    stamped = stamp("access", None, data_hash(people, places, i, j, costs), parameters)
    return Access(access, ratio, float(places[reach > 0].sum()), idle, stamped)


def _checked_bands(bands: Sequence[float], weights: Sequence[float] | None) -> tuple[FloatArray, FloatArray]:
    limits = finite_matrix("bands", bands)
    steps = finite_matrix("weights", np.ones(len(limits)) if weights is None else weights)
    if limits.ndim != 1 or not len(limits) or limits[0] <= 0 or (np.diff(limits) <= 0).any():
        raise MethodError(
            "bands", "must be upper limits above zero, each above the one before", str(list(bands))
        )
    if steps.shape != limits.shape or (steps < 0).any():
        raise MethodError("weights", "needs one weight not below zero for each band", str(steps.tolist()))
    return limits, steps


def _rows(name: str, rows: npt.ArrayLike, size: int, length: int) -> IntArray:
    array = np.asarray(rows)
    if array.shape != (length,) or not (np.issubdtype(array.dtype, np.integer) or not array.size):
        raise MethodError(name, f"needs one row number for each of the {length} journeys")
    if array.size and (array.min() < 0 or array.max() >= size):
        raise MethodError(name, f"must hold row numbers from 0 to {size - 1}")
    return array.astype(np.int64)
