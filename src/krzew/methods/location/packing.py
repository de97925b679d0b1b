"""Compiled loops of the capacitated p-median: filling facilities, shifting and swapping clients, dual ascent."""

from __future__ import annotations

import numpy as np
from numba import njit

from .kernels import _pick

SHRINK, DEFLECT, MEMORY = 0.7, 0.3, 0.9


@njit(cache=True, nogil=True)
def assign(cost, demand, room, order, where):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Clients in `order`, each to the cheapest column of `cost` (n, p) with room; -1 and False where none has."""
    complete = True
    for i in order:
        best, at = np.inf, -1
        for j in range(len(room)):
            if cost[i, j] < best and demand[i] <= room[j]:
                best, at = cost[i, j], j
        where[i] = at
        if at >= 0:
            room[at] -= demand[i]
        else:
            complete = False
    return complete


@njit(cache=True, nogil=True)
def rearrange(cost, demand, room, where, tolerance):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Shift one client or swap two while that lowers the cost; `room` and `where` change in place."""
    n, better = len(where), True
    while better:
        better = False
        for i in range(n):
            a = where[i]
            for b in range(len(room)):
                if cost[i, b] < cost[i, a] - tolerance and demand[i] <= room[b]:
                    room[a] += demand[i]
                    room[b] -= demand[i]
                    where[i], a, better = b, b, True
            for k in range(i):
                b = where[k]
                gain = cost[i, a] + cost[k, b] - cost[i, b] - cost[k, a]
                apart = demand[i] - demand[k]
                if a != b and gain > tolerance and apart <= room[b] and -apart <= room[a]:
                    room[a] += apart
                    room[b] -= apart
                    where[i], where[k], a, better = b, a, b, True


@njit(cache=True, nogil=True)
def _by_rate(gain, demand, items, count):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Shell's sort of the first `count` items, most gain per demand first."""
    step = count // 2
    while step > 0:
        for a in range(step, count):
            i, b = items[a], a
            while b >= step and gain[items[b - step]] * demand[i] < gain[i] * demand[items[b - step]]:
                items[b] = items[b - step]
                b -= step
            items[b] = i
        step //= 2


@njit(cache=True, nogil=True)
def _fill_parts(j, gain, demand, size, items, count, used):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Parts of clients by gain per demand: never less than whole clients could give."""
    _by_rate(gain, demand, items, count)
    left, total = size, 0.0
    for k in range(count):
        i = items[k]
        part = min(1.0, left / demand[i]) if demand[i] > 0.0 else 1.0
        if part > 0.0:
            used[i, j] = part
            total -= part * gain[i]
            left -= part * demand[i]
    return total


@njit(cache=True, nogil=True)
def _fill_whole(j, gain, demand, size, items, count, used, table, best):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Whole clients by dynamic programming over the capacity, a whole number like every demand."""
    capacity = int(size)
    best[: capacity + 1] = 0.0
    for k in range(count):
        d, g = int(demand[items[k]]), gain[items[k]]
        for q in range(capacity, -1, -1):
            table[k, q] = q >= d and best[q - d] + g > best[q]
            if table[k, q]:
                best[q] = best[q - d] + g
    q = capacity
    for k in range(count - 1, -1, -1):
        if table[k, q]:
            used[items[k], j] = 1.0
            q -= int(demand[items[k]])
    return -best[capacity]


@njit(cache=True, nogil=True)
def fill_all(cost, price, demand, size, whole, rho, used):  # type: ignore[no-untyped-def]  # pragma: no cover
    """`rho` (m,) what each facility takes off the bound, `used` (n, m) with which clients; the sum of prices."""
    n, widest = len(price), 0
    for j in range(len(rho)):
        widest = max(widest, int(size[j]) if whole else 0)
    table, best = np.empty((n if whole else 1, widest + 1), np.bool_), np.empty(widest + 1)
    gain, items, total = np.empty(n), np.empty(n, np.int64), 0.0
    for j in range(len(rho)):
        count = 0
        for i in range(n):
            used[i, j], gain[i] = 0.0, price[i] - cost[i, j]
            if gain[i] > 0.0:
                items[count] = i
                count += 1
        if whole:
            rho[j] = _fill_whole(j, gain, demand, size[j], items, count, used, table, best)
        else:
            rho[j] = _fill_parts(j, gain, demand, size[j], items, count, used)
    for i in range(n):
        total += price[i]
    return total


@njit(cache=True, nogil=True)
def _turn(picked, used, direction):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Deflected subgradient: how much of each client is not served; its square."""
    norm = 0.0
    for i in range(len(direction)):
        g = 1.0
        for j in range(len(picked)):
            if picked[j]:
                g -= used[i, j]
        direction[i] = g + DEFLECT * direction[i]
        norm += direction[i] * direction[i]
    return norm


@njit(cache=True, nogil=True)
def ascend(cost, demand, size, whole, forced, p, target, goal, price, state, share, rounds, patience):  # type: ignore[no-untyped-def]  # pragma: no cover
    """As `kernels.ascend`, each facility being a knapsack; `price` becomes the best prices."""
    n, m = cost.shape
    rho, picked, direction, used = np.empty(m), np.zeros(m, np.bool_), np.zeros(n), np.zeros((n, m))
    at = price.copy()
    for done in range(rounds):
        total = fill_all(cost, at, demand, size, whole, rho, used) + _pick(rho, forced, p, picked)
        for j in range(m):
            share[j] = MEMORY * share[j] + (1.0 - MEMORY if picked[j] else 0.0)
        if total > state[0]:
            if total > state[0] + 1e-7 * abs(total):
                state[2] = 0.0
            state[0] = total
            price[:] = at
        state[2] += 1.0
        if total > goal or state[1] < 1e-3:
            return done + 1
        if state[2] > patience:
            state[1] *= SHRINK
            state[2] = 0.0
        norm = _turn(picked, used, direction)
        if norm <= 1e-12:
            return done + 1
        for i in range(n):
            at[i] += state[1] * (target - total) / norm * direction[i]
    return rounds
