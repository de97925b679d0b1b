"""Compiled loops over sorted lists of neighbours: nearest open facilities, interchange, dual ascent.

A list is CSR: client i can use facility `fac[k]` at cost `cost[k]`, ptr[i] <= k < ptr[i + 1], nearest first;
with none of them open it costs `outside[i]`. All loops are serial, so threads cannot change a result.
"""

from __future__ import annotations

import numpy as np
from numba import njit

DEFLECT, SHRINK, MEMORY = 0.5, 0.6, 0.9
"""Share of the last direction kept; factor of the step without progress; how slowly `share` forgets."""


@njit(cache=True, nogil=True)
def _two_nearest(i, ptr, fac, slot):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Positions in the list of the nearest and the second nearest open facility; -1 for none."""
    first = -1
    for k in range(ptr[i], ptr[i + 1]):
        if slot[fac[k]] >= 0:
            if first >= 0:
                return first, k
            first = k
    return first, -1


@njit(cache=True, nogil=True)
def _count(i, sign, first, second, ptr, fac, cost, outside, slot, gain, loss, extra):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Add (or take back, sign -1) what client i says for and against every swap (Resende and Werneck 2007)."""
    d1 = cost[first] if first >= 0 else outside[i]
    d2 = cost[second] if second >= 0 else outside[i]
    end = second if second >= 0 else ptr[i + 1]
    mine = -1
    if first >= 0:
        mine = slot[fac[first]]
        loss[mine] += sign * (d2 - d1)
    for k in range(ptr[i], end):
        if k == first:
            continue
        j = fac[k]
        if cost[k] < d1:
            gain[j] += sign * (d1 - cost[k])
        if mine >= 0:
            extra[mine, j] += sign * (d2 - max(d1, cost[k]))


@njit(cache=True, nogil=True)
def _best_swap(gain, loss, extra, slot, fixed, tolerance):  # type: ignore[no-untyped-def]  # pragma: no cover
    """The slot that leaves and the facility that enters, -1 when no swap gains more than `tolerance`."""
    best, leaves, enters = tolerance, -1, -1
    for s in range(len(loss)):
        if fixed[s]:
            continue
        for j in range(len(gain)):
            better = gain[j] - loss[s] + extra[s, j]
            if better > best and slot[j] < 0:
                best, leaves, enters = better, s, j
    return leaves, enters


@njit(cache=True, nogil=True)
def _minds(i, one, other, second, ptr, fac):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Whether one of two facilities is in the list of client i up to its second nearest open facility."""
    end, found = second + 1 if second >= 0 else ptr[i + 1], False
    for k in range(ptr[i], end):
        found |= fac[k] == one or fac[k] == other
    return found


@njit(cache=True, nogil=True)
def interchange(ptr, fac, cost, outside, chosen, slot, fixed, tolerance, rounds):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Swap one open facility for a closed one, always the best swap, until none gains; `chosen` (p,) and `slot`
    (m,) change in place. Returns the number of swaps. `fixed` (p,) slots stay."""
    n, p, m = len(ptr) - 1, len(chosen), len(slot)
    gain, loss, extra = np.zeros(m), np.zeros(p), np.zeros((p, m))
    first, second = np.empty(n, np.int64), np.empty(n, np.int64)
    for i in range(n):
        first[i], second[i] = _two_nearest(i, ptr, fac, slot)
        _count(i, 1.0, first[i], second[i], ptr, fac, cost, outside, slot, gain, loss, extra)
    touched = np.zeros(n, np.bool_)
    for swaps in range(rounds):
        leaves, enters = _best_swap(gain, loss, extra, slot, fixed, tolerance)
        if leaves < 0:
            return swaps
        gone = chosen[leaves]
        for i in range(n):
            touched[i] = _minds(i, enters, gone, second[i], ptr, fac)
            if touched[i]:
                _count(i, -1.0, first[i], second[i], ptr, fac, cost, outside, slot, gain, loss, extra)
        slot[gone], slot[enters], chosen[leaves] = -1, leaves, enters
        for i in range(n):
            if touched[i]:
                first[i], second[i] = _two_nearest(i, ptr, fac, slot)
                _count(i, 1.0, first[i], second[i], ptr, fac, cost, outside, slot, gain, loss, extra)
    return rounds


@njit(cache=True, nogil=True)
def _total(ptr, fac, cost, price, rho):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Sum of prices; `rho` (m,) is filled with what each facility, once open, takes off the bound."""
    rho[:] = 0.0
    total = 0.0
    for i in range(len(price)):
        total += price[i]
        for k in range(ptr[i], ptr[i + 1]):
            if cost[k] >= price[i]:
                break
            rho[fac[k]] += cost[k] - price[i]
    return total


@njit(cache=True, nogil=True)
def _kth(values, k):  # type: ignore[no-untyped-def]  # pragma: no cover
    """The k-th smallest (from 0) by Hoare's selection; `values` is reordered. Compiles faster than a sort."""
    low, high = 0, len(values) - 1
    while low < high:
        pivot, i, j = values[(low + high) // 2], low, high
        while i <= j:
            while values[i] < pivot:
                i += 1
            while pivot < values[j]:
                j -= 1
            if i <= j:
                values[i], values[j] = values[j], values[i]
                i += 1
                j -= 1
        if k <= j:
            high = j
        elif k >= i:
            low = i
        else:
            break
    return values[k]


@njit(cache=True, nogil=True)
def _pick(rho, forced, p, picked):  # type: ignore[no-untyped-def]  # pragma: no cover
    """The p facilities with the lowest rho, forced ones first; returns the sum of their rho."""
    key = rho.copy()
    for j in range(len(rho)):
        if forced[j]:
            key[j] = -np.inf
    limit = _kth(key.copy(), p - 1)
    left, total = p, 0.0
    for j in range(len(rho)):
        picked[j] = key[j] < limit
        if picked[j]:
            left -= 1
            total += rho[j]
    for j in range(len(rho)):
        if left > 0 and key[j] == limit:
            picked[j] = True
            left -= 1
            total += rho[j]
    return total


@njit(cache=True, nogil=True)
def _turn(ptr, fac, cost, price, picked, direction):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Deflected subgradient: up for clients that nobody serves, down for those served twice; its square."""
    norm = 0.0
    for i in range(len(price)):
        g = 1.0
        for k in range(ptr[i], ptr[i + 1]):
            if cost[k] >= price[i]:
                break
            if picked[fac[k]]:
                g -= 1.0
        direction[i] = g + DEFLECT * direction[i]
        norm += direction[i] * direction[i]
    return norm


@njit(cache=True, nogil=True)
def ascend(ptr, fac, cost, cap, forced, p, target, goal, price, state, share, rounds, patience):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Raise the Lagrangian bound of "every client once" (Cornuejols, Fisher, Nemhauser 1977) until `goal`.

    `price` (n,) becomes the best prices, at most `cap`; `state` = (best bound, step, rounds without progress);
    `share` (m,) a running mean of the choices, near the LP's y. Returns the rounds done."""
    n, m = len(price), len(forced)
    rho, picked, direction = np.empty(m), np.zeros(m, np.bool_), np.zeros(n)
    at = price.copy()
    for done in range(rounds):
        total = _total(ptr, fac, cost, at, rho)
        total += _pick(rho, forced, p, picked)
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
            at[:] = price
            direction[:] = 0.0
            total = _total(ptr, fac, cost, at, rho) + _pick(rho, forced, p, picked)
        norm = _turn(ptr, fac, cost, at, picked, direction)
        if norm <= 0.0:
            return done + 1
        step = state[1] * (target - total) / norm
        for i in range(n):
            at[i] = min(at[i] + step * direction[i], cap[i])
    return rounds
