"""Compiled loops: gaps of all pairs, deferred acceptance, and pairs that would rather have each other."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from ..record import BoolArray, FloatArray, IntArray

SCANS = 16
"""Places of an order that are found by looking through the row; a heap is cheaper from there on."""


@njit(cache=True)
def gap_tables(
    ability: FloatArray,
    need: FloatArray,
    support: FloatArray,
    weight: FloatArray,
    essential: BoolArray,
    scale: float,
) -> Any:
    """For all pairs: fit at its lowest and highest (0-1), coach hours at most, and whether an essential
    requirement stays unmet at best. `ability` (n, K, 2) and `need` (m, K, 2) are ranges, `support` (n, K, 2) is
    level and hours per step, `weight` (m, K) adds up to 1."""
    n, m, dimensions = len(ability), len(need), ability.shape[1]
    low, high = np.ones((n, m)), np.ones((n, m))
    hours, unmet = np.zeros((n, m)), np.zeros((n, m), dtype=np.bool_)
    for i in range(n):
        for j in range(m):
            for k in range(dimensions):
                worst = max(need[j, k, 1] - ability[i, k, 0], 0.0)
                if worst > 0.0:
                    best = max(need[j, k, 0] - ability[i, k, 1], 0.0)
                    low[i, j] -= weight[j, k] * max(worst - support[i, k, 0], 0.0) / scale
                    left = max(best - support[i, k, 0], 0.0)
                    high[i, j] -= weight[j, k] * left / scale
                    hours[i, j] += min(worst, support[i, k, 0]) * support[i, k, 1]
                    unmet[i, j] |= essential[j, k] and left > 0.0
    return low, high, hours, unmet


@njit(cache=True)
def _first(a: int, b: int, worth: FloatArray, ticket: IntArray) -> bool:
    """Whether a comes before b: more worth, then the lower ticket."""
    return bool(worth[a] > worth[b] or (worth[a] == worth[b] and ticket[a] < ticket[b]))


@njit(cache=True)
def _sink(heap: IntArray, start: int, size: int, worth: FloatArray, ticket: IntArray) -> None:
    """Restore the heap below `start`: the first in order on top."""
    i, moved = start, heap[start]
    while True:
        child = 2 * i + 1
        if child >= size:
            break
        if child + 1 < size and _first(heap[child + 1], heap[child], worth, ticket):
            child += 1
        if not _first(heap[child], moved, worth, ticket):
            break
        heap[i] = heap[child]
        i = child
    heap[i] = moved


@njit(cache=True)
def _scan(worth: FloatArray, ticket: IntArray, after: int) -> int:
    """The first in order of those behind `after` (-1: of all); -1 when nobody is left."""
    best, most = -1, -np.inf
    for j in range(len(worth)):
        if worth[j] < most or worth[j] == -np.inf:  # nearly always, so the loop hardly ever turns off
            continue
        behind = after < 0 or _first(after, j, worth, ticket)
        if behind and (best < 0 or _first(j, best, worth, ticket)):
            best, most = j, worth[j]
    return best


@njit(cache=True)
def _heap_behind(heap: IntArray, worth: FloatArray, ticket: IntArray, after: int) -> int:
    """Put those behind `after` on a heap; how many they are."""
    size = 0
    for j in range(len(worth)):
        if worth[j] > -np.inf and _first(after, j, worth, ticket):
            heap[size] = j
            size += 1
    for k in range(size // 2 - 1, -1, -1):
        _sink(heap, k, size, worth, ticket)
    return size


@njit(cache=True)
def _nth(t: int, head: IntArray, heap: IntArray, size: IntArray, worth: FloatArray, ticket: IntArray) -> int:
    """Who stands at place `t` of a row's order, which is found only as far as it is asked for; -1 past its end.

    The first few by looking through the row, since most get no further; then from a heap on the left of
    `heap`, whose tops move to the right. `size` is the heap's present and first size (-1: not yet built).
    """
    if t < len(head):
        if head[t] == -2:
            head[t] = _scan(worth, ticket, head[t - 1] if t else -1)
        return int(head[t])
    if size[1] < 0:
        size[:] = _heap_behind(heap, worth, ticket, head[-1])
    at = size[1] - 1 - (t - len(head))
    if at < 0:
        return -1
    if at == size[0] - 1:
        heap[0], heap[at] = heap[at], heap[0]
        size[0] = at
        if at > 1:
            _sink(heap, 0, at, worth, ticket)
    return int(heap[at])


@njit(cache=True)
def propose(
    wants: FloatArray,
    accepts: FloatArray,
    owner: IntArray,
    ticket: IntArray,
    receiver_ticket: IntArray,
    capacity: IntArray,
) -> Any:
    """Deferred acceptance; the receiver that holds each proposer, -1 for none, and the number of proposals.

    `wants` (rows, R) is what each row wants, `accepts` (R, rows) what each receiver does, -inf for not at all;
    `owner` (P,) is the row of each proposer (several slots share one).
    """
    rows, receivers = wants.shape
    head, heap = np.full((rows, SCANS), -2, np.int32), np.empty((rows, receivers), np.int32)
    size, seat = np.full((rows, 2), -1), np.concatenate((np.zeros(1, np.int64), np.cumsum(capacity)))
    members, filled = np.empty(seat[-1], np.int64), np.zeros(receivers, np.int64)
    held, tried = np.full(len(owner), -1), np.zeros(len(owner), np.int64)
    waiting, top = np.arange(len(owner))[::-1].copy(), len(owner)
    while top > 0:
        top -= 1
        p = waiting[top]
        i = owner[p]
        while held[p] < 0:
            j = _nth(tried[p], head[i], heap[i], size[i], wants[i], receiver_ticket)
            if j < 0:
                break
            tried[p] += 1
            if accepts[j, i] == -np.inf:
                continue
            if filled[j] < capacity[j]:
                members[seat[j] + filled[j]] = p
                filled[j] += 1
                held[p] = j
            elif capacity[j] > 0:
                last = _last(members, seat[j], seat[j + 1], accepts[j], owner, ticket)
                q = members[last]
                a, b = accepts[j, i], accepts[j, owner[q]]
                if a > b or (a == b and ticket[p] < ticket[q]):
                    members[last], held[p], held[q] = p, j, -1
                    waiting[top] = q
                    top += 1
    return held, tried.sum()


@njit(cache=True)
def _last(
    members: IntArray, start: int, stop: int, worth: FloatArray, owner: IntArray, ticket: IntArray
) -> int:
    """Where the least wanted of those held sits."""
    last = start
    for k in range(start + 1, stop):
        a, b = worth[owner[members[k]]], worth[owner[members[last]]]
        if a < b or (a == b and ticket[members[k]] > ticket[members[last]]):
            last = k
    return last


@njit(cache=True)
def blocking(wants: FloatArray, accepts: FloatArray, held: IntArray, capacity: IntArray) -> Any:
    """Pairs (person, workplace) that both strictly prefer to what the plan gives them, (k, 2)."""
    n, m = wants.shape
    filled, worst = np.zeros(m, np.int64), np.full(m, np.inf)
    for i in range(n):
        if held[i] >= 0:
            filled[held[i]] += 1
            worst[held[i]] = min(worst[held[i]], accepts[held[i], i])
    pairs = np.empty((64, 2), np.int64)
    count = 0
    for i in range(n):
        own = wants[i, held[i]] if held[i] >= 0 else -np.inf
        for j in range(m):
            wanted = wants[i, j] > own and accepts[j, i] > -np.inf and capacity[j] > 0
            if wanted and (filled[j] < capacity[j] or accepts[j, i] > worst[j]):
                if count == len(pairs):
                    pairs = np.concatenate((pairs, np.empty_like(pairs)))
                pairs[count, 0], pairs[count, 1] = i, j
                count += 1
    return pairs[:count]
