"""A plan at once: always the start that adds most per share of the envelopes (lazy greedy; Minoux 1978)."""

from __future__ import annotations

import heapq

import numpy as np
from numba import njit

from ..record import BoolArray, FloatArray, IntArray
from .instance import Instance

HOURS_WEIGHTS = (0.1, 0.5)
"""How much adviser hours weigh beside money in the score; the better plan counts."""
NO, YES, ONLY_WEAK = 0, 1, 2


Table = tuple[IntArray, IntArray]
"""Compressed rows: where each begins, and its columns."""


@njit(cache=True, nogil=True)
def _verdict(
    q: int, left: FloatArray, equity: int, use: Table, amount: FloatArray
) -> int:  # pragma: no cover - compiled
    """Whether column q fits into what is left; ONLY_WEAK when nothing but the share of the weak forbids it."""
    verdict = YES
    for k in range(use[0][q], use[0][q + 1]):
        if amount[k] > left[use[1][k]]:
            if use[1][k] != equity:
                return NO
            verdict = ONLY_WEAK
    return verdict


@njit(cache=True, nogil=True)
def _take(
    p: int, t: int, q: int, left: FloatArray, served: IntArray, covers: Table, use: Table, amount: FloatArray
) -> None:  # pragma: no cover - compiled
    for k in range(use[0][q], use[0][q + 1]):
        left[use[1][k]] -= amount[k]
    for k in range(covers[0][p], covers[0][p + 1]):
        served[covers[1][k]] = min(served[covers[1][k]], t)


@njit(cache=True, nogil=True)
def _gain(
    p: int, t: int, served: IntArray, people: FloatArray, worth: FloatArray, covers: Table
) -> float:  # pragma: no cover - compiled
    gain = 0.0
    for k in range(covers[0][p], covers[0][p + 1]):
        v = covers[1][k]
        if t < served[v]:
            gain += people[v] * (worth[t] - worth[served[v]])
    return gain


@njit(cache=True, nogil=True)
def _line_up(
    start: IntArray,
    served: IntArray,
    covers: Table,
    people: FloatArray,
    worth: FloatArray,
    weak: BoolArray,
    price: FloatArray,
) -> list[list[tuple[float, int]]]:  # pragma: no cover - compiled
    """Two queues of possible starts, other places and weak ones, the best score on top; (0, -1) ends each."""
    years = len(worth) - 1
    queues = [[(0.0, -1)], [(0.0, -1)]]
    for p in range(len(start)):
        if start[p] == years:
            for t in range(years):
                gain = _gain(p, t, served, people, worth, covers)
                if gain > 0 and price[p * years + t] < np.inf:
                    queues[int(weak[p])].append((-gain / price[p * years + t], p * years + t))
    heapq.heapify(queues[0])
    heapq.heapify(queues[1])
    return queues


@njit(cache=True, nogil=True)
def _fill(
    start: IntArray,
    covers: Table,
    people: FloatArray,
    worth: FloatArray,
    use: Table,
    amount: FloatArray,
    room: FloatArray,
    equity: int,
    weak: BoolArray,
    price: FloatArray,
) -> None:  # pragma: no cover - compiled
    """Add starts to `start` in place until nothing fits. When a start elsewhere would break the share of the
    weak places, the best start in a weak place comes first."""
    years = len(worth) - 1
    left, served = room.copy(), np.full(len(people), years)
    for p in range(len(start)):
        if start[p] < years:
            _take(p, start[p], p * years + start[p], left, served, covers, use, amount)
    queues = _line_up(start, served, covers, people, worth, weak, price)
    while queues[0][0][1] >= 0 or queues[1][0][1] >= 0:
        side = 0 if queues[0][0][0] < queues[1][0][0] else 1
        q = queues[side][0][1]
        verdict = _verdict(q, left, equity, use, amount)
        if verdict == ONLY_WEAK and queues[1][0][1] >= 0:
            side, q = 1, queues[1][0][1]
            verdict = _verdict(q, left, equity, use, amount)
        heapq.heappop(queues[side])
        p, t = q // years, q % years
        gain = _gain(p, t, served, people, worth, covers)
        if verdict != YES or start[p] < years or gain <= 0:
            continue
        if -gain / price[q] > queues[side][0][0]:  # others have a better score by now
            heapq.heappush(queues[side], (-gain / price[q], q))
        else:
            start[p] = t
            _take(p, t, q, left, served, covers, use, amount)


def fill(instance: Instance, start: IntArray, price: FloatArray) -> IntArray:
    """The schedule `start` (P,) with further starts, by gain per `price` (P * T,), until nothing fits;
    an infinite price bars a start."""
    filled, use = start.copy(), instance.use
    rows = instance.rows.equity
    equity = rows.start if rows.stop > rows.start else -1
    covers = (instance.covers.indptr, instance.covers.indices)
    reach = (covers, instance.people, instance.worth)
    envelopes = ((use.indptr, use.indices), use.data, instance.room)
    _fill(filled, *reach, *envelopes, equity, instance.weak, price)
    return filled


def shares(instance: Instance, hours_weight: float) -> FloatArray:
    """(P * T,) what a start takes: its share of a year's money plus a little for hours and capacity."""
    rows, by_kind = instance.rows, np.zeros(len(instance.limit))
    for span, weight in ((rows.budget, 1.0), (rows.hours, hours_weight), (rows.capacity, 0.1)):
        limit = instance.limit[span]
        known = np.isfinite(limit) & (limit > 0)
        if known.any():
            by_kind[span] = np.where(known, weight / (limit[known].mean() * known.mean()), 0.0)
    if rows.hours.stop > rows.hours.start:  # as many regions as rows, only one of them used by a start
        by_kind[rows.hours] /= max((rows.hours.stop - rows.hours.start) / instance.years, 1.0)
    taken: FloatArray = instance.use.T @ by_kind
    return np.maximum(taken, 1e-9)


def greedy(instance: Instance) -> IntArray:
    """The first schedule: the best of a few greedy ones."""
    empty = np.full(instance.pairs, instance.years)
    plans = [fill(instance, empty, shares(instance, weight)) for weight in HOURS_WEIGHTS]
    return max(plans, key=instance.value)
