"""The sparse form of p-median and covering: for each client its facilities, nearest first.

A client without an open facility in its list costs `outside` (infinite where it must be served). Maximal
covering is the same problem: cost 0 within the radius, `outside` the client's weight.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from ..record import BoolArray, FloatArray, IntArray

RADIX = 65_535
Int32Array = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Lists:
    """CSR lists `ptr` (n + 1,), `fac`, `cost`; `outside` (n,); `names` (m,) columns of the matrix that the
    facilities stand for; `forced` (m,) those that must open; `p` how many open."""

    ptr: IntArray
    fac: Int32Array
    cost: FloatArray
    outside: FloatArray
    names: IntArray
    forced: BoolArray
    p: int

    @property
    def clients(self) -> int:
        return len(self.outside)

    @property
    def facilities(self) -> int:
        return len(self.names)

    @cached_property
    def owner(self) -> IntArray:
        """The client of each entry."""
        return np.repeat(np.arange(self.clients), np.diff(self.ptr))

    @cached_property
    def penalty(self) -> FloatArray:
        """(n,) `outside`, with a finite price above every possible objective instead of infinity."""
        worst = np.zeros(self.clients)
        np.maximum.at(worst, self.owner, self.cost)
        finite = np.where(np.isfinite(self.outside), self.outside, worst)
        return np.where(np.isfinite(self.outside), self.outside, 1.0 + float(finite.sum()))

    def value(self, chosen: IntArray) -> float:
        """Objective of a choice of facilities, penalties included."""
        is_open = np.zeros(self.facilities, dtype=bool)
        is_open[chosen] = True
        best = self.penalty.copy()
        at = is_open[self.fac]
        np.minimum.at(best, self.owner[at], self.cost[at])
        return float(best.sum())

    def keep(self, entries: BoolArray, facilities: BoolArray, forced: BoolArray) -> Lists:
        """The lists with only some entries and facilities; entries of dropped facilities go too."""
        entries = entries & facilities[self.fac]
        new = np.cumsum(facilities) - 1
        ends = np.concatenate([[0], np.cumsum(entries)])[self.ptr]
        return replace(
            self,
            ptr=ends,
            fac=new[self.fac[entries]].astype(np.int32),
            cost=self.cost[entries],
            names=self.names[facilities],
            forced=forced[facilities],
        )

    def possible(self) -> bool:
        """Whether enough facilities are left, and one for every client that must be served."""
        empty = np.diff(self.ptr) == 0
        fits = int(self.forced.sum()) <= self.p <= self.facilities
        return fits and not bool((empty & np.isinf(self.outside)).any())


def from_matrix(cost: FloatArray, p: int, forced: BoolArray) -> Lists:
    """Full lists of a cost matrix (n, m); infinite entries are left out."""
    n, m = cost.shape
    order = _sorted(cost)
    values = np.take_along_axis(cost, order, axis=1)
    finite = np.isfinite(values)
    ends = np.concatenate([[0], np.cumsum(finite.sum(axis=1))])
    fac, flat = order.astype(np.int32)[finite], values[finite]
    return Lists(ends, fac, flat, np.full(n, np.inf), np.arange(m), forced, p)


def _sorted(cost: FloatArray) -> npt.NDArray[Any]:
    """Row order of a matrix; small whole numbers by radix sort, several times faster."""
    if cost.size and np.isfinite(cost).all() and cost.max() < RADIX and (cost == np.rint(cost)).all():
        return np.argsort(cost.astype(np.uint16), axis=1, kind="stable")
    return np.argsort(cost, axis=1, kind="stable")


def restrict(lists: Lists, opened: BoolArray, closed: BoolArray) -> Lists:
    """Lists with some facilities forced open and others gone; nobody passes by an open one."""
    forced = lists.forced | opened
    limit = lists.outside.copy()
    at = forced[lists.fac]
    np.minimum.at(limit, lists.owner[at], lists.cost[at])
    near = at | (lists.cost < limit[lists.owner])
    near &= lists.cost <= limit[lists.owner]
    return lists.keep(near, ~closed, forced)


def reduce(lists: Lists, price: FloatArray, bound: float, cutoff: float) -> Lists | None:
    """What a solution no worse than `cutoff` may still use, by reduced costs; None when there is none."""
    slack = cutoff - bound
    if slack < 0:
        return None
    excess = lists.cost - price[lists.owner]
    rho = np.bincount(lists.fac, np.minimum(excess, 0.0), minlength=lists.facilities)
    key = np.where(lists.forced, -np.inf, rho)
    ranked = np.sort(key)
    last = ranked[lists.p - 1]
    next_ = ranked[lists.p] if lists.p < lists.facilities else np.inf
    over = np.maximum(np.where(lists.forced, 0.0, rho - last), 0.0)
    closed = over > slack
    opened = (key < next_) & (next_ - rho > slack)
    fine = np.maximum(excess, 0.0) + over[lists.fac] <= slack
    kept = restrict(lists.keep(fine, np.ones(lists.facilities, dtype=bool), lists.forced), opened, closed)
    return kept if kept.possible() else None


def merged(lists: Lists) -> Lists:
    """Covering lists with clients of the same facilities as one; clients without any are left out with their
    weight put on nobody, so the value falls by the weight that cannot be covered."""
    seen: dict[bytes, int] = {}
    first: list[int] = []
    weight: list[float] = []
    fac, ptr = _by_number(lists), lists.ptr
    for i in np.flatnonzero(np.diff(ptr) > 0):
        key = fac[ptr[i] : ptr[i + 1]].tobytes()
        at = seen.setdefault(key, len(seen))
        if at == len(first):
            first.append(int(i))
            weight.append(0.0)
        weight[at] += lists.outside[i]
    counts = np.diff(ptr)[first]
    ends = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    entries = (
        np.concatenate([np.arange(ptr[i], ptr[i + 1]) for i in first]) if first else np.zeros(0, np.int64)
    )
    return replace(lists, ptr=ends, fac=fac[entries], cost=lists.cost[entries], outside=np.array(weight))


def _by_number(lists: Lists) -> Int32Array:
    """Facilities of each client in ascending order: a key that equal sets share."""
    order = np.lexsort((lists.fac, lists.owner))
    return lists.fac[order]
