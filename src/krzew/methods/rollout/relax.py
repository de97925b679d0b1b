"""The bound: the linear relaxation by a primal-dual first-order method, one sparse pass per iteration.

With prices l[v, t] of serving a group and m[k] of the envelopes the relaxation is the saddle point

    max over z, min over l, m of   sum (w - l) + sum l (C z) + m (b - U D z),   0 <= z[p, 1] <= ... <= z[p, T] <= 1

where z[p, t] is the share of pair p running in year t, C the catchments and U D the envelopes. Any prices
0 <= l <= w, m >= 0 give a valid upper bound (`_upper`), so the work may end at any time. The iterations are
PDHG with diagonal steps (Pock and Chambolle 2011), reflected Halpern averaging and restarts (Applegate et
al. 2021; Lu and Yang 2024).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from ..record import FloatArray, IntArray
from ..work import Work
from .instance import Instance

CHECK = 20
"""Iterations between two looks at the residual."""
LOOK = 100
"""Iterations between two bounds."""
Point = tuple[FloatArray, ...]
"""z (P, T), prices of serving (V, T), prices of envelopes (rows,)."""
PATIENCE, PROGRESS = 300, 2e-5
"""The work ends when the bound has fallen by less than this share over so many iterations."""


@dataclass(frozen=True, eq=False)
class Relaxed:
    """`bound` no plan can exceed; `prices` (rows,) of one unit of each envelope; `served` (V, T) price of
    serving a group in a year; `gain` (P, T) worth of a start at these prices less what it takes (reduced
    cost, below zero: does not pay); `share` (P, T) how far the relaxation has started each pair by a year."""

    bound: float
    prices: FloatArray
    served: FloatArray
    gain: FloatArray
    share: FloatArray
    iterations: int


@njit(cache=True, nogil=True)
def _project(z: FloatArray, mean: FloatArray, size: FloatArray) -> None:  # pragma: no cover - compiled
    """The nearest rising sequence between 0 and 1 (pool adjacent violators), in place."""
    blocks = 0
    for t in range(len(z)):
        mean[blocks], size[blocks] = z[t], 1.0
        blocks += 1
        while blocks > 1 and mean[blocks - 2] > mean[blocks - 1]:
            both = size[blocks - 2] + size[blocks - 1]
            total = mean[blocks - 2] * size[blocks - 2] + mean[blocks - 1] * size[blocks - 1]
            blocks -= 1
            mean[blocks - 1], size[blocks - 1] = total / both, both
    t = 0
    for block in range(blocks):
        for _ in range(int(size[block])):
            z[t] = min(max(mean[block], 0.0), 1.0)
            t += 1


@njit(cache=True, nogil=True)
def _move_pairs(
    z: FloatArray,
    ahead: FloatArray,
    z2: FloatArray,
    net: FloatArray,
    tau: FloatArray,
    cover_ptr: IntArray,
    cover_at: IntArray,
    served: FloatArray,
) -> None:  # pragma: no cover - compiled
    """Pairs step along what they gain less the price of what they take; `ahead` extrapolates the step."""
    pairs, years = z.shape
    mean, size = np.empty(years), np.empty(years)
    for p in range(pairs):
        gain = net[p]
        for k in range(cover_ptr[p], cover_ptr[p + 1]):
            for t in range(years):
                gain[t] += served[cover_at[k], t]
        for t in range(years):
            z2[p, t] = z[p, t] + tau[p] * gain[t]
        _project(z2[p], mean, size)
        for t in range(years):
            ahead[p, t] = 2.0 * z2[p, t] - z[p, t]


@njit(cache=True, nogil=True)
def _move_served(
    served: FloatArray,
    served2: FloatArray,
    sigma: FloatArray,
    worth: FloatArray,
    ptr: IntArray,
    at: IntArray,
    ahead: FloatArray,
) -> None:  # pragma: no cover - compiled
    """Prices of serving a group rise where nobody serves it and fall where it is served twice."""
    years = served.shape[1]
    excess = np.empty(years)
    for v in range(len(served)):
        excess[:] = -1.0
        for k in range(ptr[v], ptr[v + 1]):
            for t in range(years):
                excess[t] += ahead[at[k], t]
        for t in range(years):
            served2[v, t] = min(max(served[v, t] - sigma[v, t] * excess[t], 0.0), worth[v, t])


class _Table:
    """The arrays that the kernel reads, and its step sizes."""

    def __init__(self, instance: Instance) -> None:
        self.instance, self.years = instance, instance.years
        self.finite = np.isfinite(instance.limit)
        self.limit = np.where(self.finite, instance.limit, 0.0)
        self.worth = instance.people[:, None] * instance.weights
        self.by_group, self.by_row = instance.covers.T.tocsr(), instance.use.tocsr()
        self.by_column = instance.use.T.tocsr()
        self.scale = self._scale()
        self.tau = 1.0 / np.maximum(self._column_sums().max(axis=1), 1e-300)
        self.sigma_served = self.worth / np.diff(self.by_group.indptr)[:, None]
        sums = 2.0 * np.asarray(abs(self.by_row).sum(axis=1)).ravel()
        self.sigma_rows = np.where(self.finite & (sums > 0), self.scale / np.maximum(sums, 1e-300), 0.0)

    def _scale(self) -> FloatArray:
        """The price at which the usual start would cost its usual worth, for each envelope."""
        entries = np.diff(self.by_row.indptr)
        mean = np.asarray(abs(self.by_row).sum(axis=1)).ravel() / np.maximum(entries, 1)
        worth = self.instance.covers @ self.worth.sum(axis=1)
        usual = float(worth.mean()) if len(worth) else 0.0
        return np.where(mean > 0, usual / np.maximum(mean, 1e-300), 0.0)

    def _column_sums(self) -> FloatArray:
        own = np.asarray(abs(self.instance.use).T @ self.scale).reshape(-1, self.years)
        later = np.zeros_like(own)
        later[:, :-1] = own[:, 1:]
        sums: FloatArray = self.instance.covers @ self.worth + own + later
        return sums

    def step(self, old: Point, new: Point, balance: float) -> None:
        """One iteration from `old` into `new`: pairs first, then the prices of what they would lack or exceed."""
        z, served, prices = old
        covers, groups = self.instance.covers, self.by_group
        price = (self.by_column @ prices).reshape(z.shape)
        net = -price
        net[:, :-1] += price[:, 1:]
        ahead = np.empty_like(z)
        _move_pairs(z, ahead, new[0], net, self.tau / balance, covers.indptr, covers.indices, served)
        sigma = self.sigma_served * balance
        _move_served(served, new[1], sigma, self.worth, groups.indptr, groups.indices, ahead)
        starts = ahead.copy()
        starts[:, 1:] -= ahead[:, :-1]
        excess = self.by_row @ starts.ravel() - self.limit
        np.maximum(prices + self.sigma_rows * balance * excess, 0.0, out=new[2])

    def gains(self, served: FloatArray, prices: FloatArray) -> FloatArray:
        """(P, T) worth of a start in each year at these prices, less the price of what it takes."""
        worth = np.cumsum((self.instance.covers @ served)[:, ::-1], axis=1)[:, ::-1]
        result: FloatArray = worth - (self.by_column @ prices).reshape(worth.shape)
        return result

    def upper(self, served: FloatArray, prices: FloatArray) -> float:
        """The bound that these prices prove; places keep their limit exactly, without a price."""
        rows = self.instance.rows.place
        free = prices.copy()
        free[rows] = 0.0
        best = np.maximum(self.gains(served, free).max(axis=1, initial=0.0), 0.0)
        order = np.lexsort((-best, self.instance.place))
        place, best = self.instance.place[order], best[order]
        first = np.searchsorted(place, place)
        counted = np.arange(len(place)) - first < self.limit[rows][place]
        return float((self.worth - served).sum() + free @ self.limit + best[counted].sum())


class _State:
    """Where the iterations are: the point, its image, the anchor of the averaging and the balance of steps."""

    def __init__(self, table: _Table, instance: Instance) -> None:
        self.table = table
        z = np.zeros((instance.pairs, table.years))
        self.point: Point = (z, 0.5 * table.worth, np.zeros(len(table.limit)))
        self.image: Point = tuple(np.empty_like(part) for part in self.point)
        self.anchor: Point = self.point
        self.balance = 1.0
        self.since = self.total = 0
        self.first = self.last = np.inf

    def advance(self) -> None:
        """One reflected step, averaged with the anchor; now and then a look whether to restart."""
        self.table.step(self.point, self.image, self.balance)
        self.total += 1
        self.since += 1
        if (self.since == 1 or self.since % CHECK == 0) and self._restarts():
            return
        share = self.since / (self.since + 1)
        self.point = tuple(
            share * (2 * new - old) + (1 - share) * anchor
            for old, new, anchor in zip(self.point, self.image, self.anchor, strict=True)
        )

    def _apart(self, a: Point, b: Point) -> tuple[float, float]:
        table = self.table
        dual = ((a[1] - b[1]) ** 2 / np.maximum(table.sigma_served, 1e-300)).sum()
        dual += ((a[2] - b[2]) ** 2 / np.maximum(table.sigma_rows, 1e-300)).sum()
        return float(((a[0] - b[0]) ** 2 / table.tau[:, None]).sum()), float(dual)

    def _restarts(self) -> bool:
        primal, dual = self._apart(self.point, self.image)
        residual = float(np.sqrt(primal * self.balance + dual / self.balance))
        if self.since == 1:
            self.first, self.last = residual, np.inf
            return False
        enough = residual <= 0.2 * self.first or (residual <= 0.8 * self.first and residual > self.last)
        if not (enough or (self.since > 100 and self.since > 0.36 * self.total)):
            self.last = residual
            return False
        primal, dual = self._apart(self.anchor, self.image)
        if primal > 0 and dual > 0:  # steps in proportion to the ways still gone, smoothed
            self.balance = float(np.sqrt(self.balance * np.sqrt(dual / primal)))
        self.point = self.anchor = tuple(part.copy() for part in self.image)
        self.since = 0
        return True


def relax(instance: Instance, iterations: int, work: Work, floor: float = 0.0) -> Relaxed:
    """Best bound and prices within so many iterations, or until they hardly move, or until the work is over.

    `floor` is the value of a known plan: a bound that meets it ends the work.
    """
    table = _Table(instance)
    state = _State(table, instance)
    kept = (0.0 * table.limit, table.worth.copy())
    best = table.upper(kept[1], kept[0])
    trail = [best]
    while state.total < iterations and not work.over and best > floor * (1 + 1e-9):
        state.advance()
        if state.total % LOOK == 0:
            bound = table.upper(state.image[1], state.image[2])
            if bound < best:
                best, kept = bound, (state.image[2].copy(), state.image[1].copy())
            trail.append(best)
            back = PATIENCE // LOOK
            if len(trail) > 2 * back and trail[-back - 1] - best < PROGRESS * best:
                break
    prices, served = kept
    share = state.image[0] if state.total else state.point[0]
    return Relaxed(best, prices, served, table.gains(served, prices), share.copy(), state.total)
