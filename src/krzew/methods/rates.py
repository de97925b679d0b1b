"""Rates of small places: Empirical Bayes after Marshall (1991).

A rate from few people jumps by chance, so without this the extremes of every list are the smallest places.
Each rate is drawn towards the rate of the country (or of the comparison group); the fewer the people, the
further.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .record import BoolArray, FloatArray, MethodError, Provenance, data_hash, finite_matrix, stamp


@dataclass(frozen=True, eq=False)
class Smoothed:
    """Raw and smoothed rates, shape (places,). `weight` is the share of the own rate; NaN where nobody is
    exposed."""

    raw: FloatArray
    smoothed: FloatArray
    sd: FloatArray
    weight: FloatArray
    mean: FloatArray
    provenance: Provenance


def smooth(
    events: npt.ArrayLike, exposed: npt.ArrayLike, *, towards: npt.ArrayLike | None = None
) -> Smoothed:
    """Smooth `events / exposed` towards the national rate, or towards the rate of each place's group.

    `towards` is (places, k): row numbers of the group, -1 where there is none; the place itself always
    counts in its own group. Source: R. J. Marshall, Applied Statistics 40 (1991) 283-294, global and local
    moment estimators.
    """
    e, b = finite_matrix("events", events, missing=True), finite_matrix("exposed", exposed, missing=True)
    if e.ndim != 1 or e.shape != b.shape:
        raise MethodError("exposed", f"must be one row of the same length as events: {e.shape}, {b.shape}")
    if (e < 0).any():
        raise MethodError("events", "must not be negative", str(int(np.argmax(e < 0))))
    known: BoolArray = ~np.isnan(e) & (b > 0)
    e0, b0 = np.where(known, e, 0.0), np.where(known, b, 0.0)
    mean, spread = _global(e0, b0, known) if towards is None else _local(e0, b0, known, towards)
    raw = np.divide(e0, b0, out=np.full(len(e), np.nan), where=known)
    noise = np.divide(mean, b0, out=np.full(len(e), np.nan), where=known)
    weight = _share(spread, noise)
    smoothed = weight * raw + (1 - weight) * mean
    sd = np.sqrt(weight * noise)
    origin = stamp(
        "rates", None, data_hash(e, b, towards), {"towards": "national" if towards is None else "groups"}
    )
    return Smoothed(raw, smoothed, sd, weight, np.where(known, mean, np.nan), origin)


def _share(spread: FloatArray, noise: FloatArray) -> FloatArray:
    """True variance over all variance; 0 where there is neither (nothing has happened anywhere)."""
    total = spread + noise
    share = np.divide(spread, total, out=np.zeros_like(total), where=total > 0)
    return np.where(np.isnan(noise), np.nan, share)


def _global(e: FloatArray, b: FloatArray, known: BoolArray) -> tuple[FloatArray, FloatArray]:
    if not known.any():
        return np.full(len(e), np.nan), np.full(len(e), np.nan)
    mean = e.sum() / b.sum()
    rate = np.divide(e, b, out=np.full(len(e), mean), where=known)
    spread = max((b * (rate - mean) ** 2).sum() / b.sum() - mean / b[known].mean(), 0.0)
    return np.full(len(e), mean), np.full(len(e), spread)


def _local(
    e: FloatArray, b: FloatArray, known: BoolArray, towards: npt.ArrayLike
) -> tuple[FloatArray, FloatArray]:
    n = len(e)
    groups = np.asarray(towards)
    if groups.ndim != 2 or len(groups) != n or not np.issubdtype(groups.dtype, np.integer):
        raise MethodError(
            "towards", f"must be whole numbers with one row for each of {n} places, not {groups.shape}"
        )
    if groups.size and (groups.min() < -1 or groups.max() >= n):
        raise MethodError("towards", f"must hold row numbers from 0 to {n - 1}, or -1")
    own = np.arange(n)[:, None]
    members = np.concatenate([own, np.where(groups == own, -1, groups)], axis=1)
    counts = (members >= 0) & known[members]
    ge, gb = np.where(counts, e[members], 0.0), np.where(counts, b[members], 0.0)
    people = gb.sum(axis=1)
    mean = np.divide(ge.sum(axis=1), people, out=np.full(n, np.nan), where=people > 0)
    rate = np.divide(ge, gb, out=np.zeros_like(ge), where=counts)
    squares = np.where(counts, gb * (rate - mean[:, None]) ** 2, 0.0).sum(axis=1)
    average = people / np.maximum(counts.sum(axis=1), 1)
    safe = np.maximum(people, 1e-300)
    spread: FloatArray = np.maximum(squares / safe - mean / np.maximum(average, 1e-300), 0.0)
    return mean, spread
