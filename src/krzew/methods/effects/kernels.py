"""Compiled loops of the permutation test: sums over subsets of units, drawn or counted out in full."""

from __future__ import annotations

import numpy as np
from numba import njit

from ..record import FloatArray


@njit(cache=True, nogil=True)
def drawn_subsets(units: FloatArray, size: int, count: int, state: int) -> FloatArray:  # pragma: no cover
    """Sums (count, 3) of `units` (n, 3) over random subsets of `size` rows.

    Each draw goes on shuffling the same row numbers (partial Fisher-Yates), by SplitMix64 (Steele, Lea and
    Flood 2014) from `state`.
    """
    n = units.shape[0]
    order = np.arange(n)
    sums = np.zeros((count, 3))
    seed = np.uint64(state)
    for row in range(count):
        for i in range(size):
            seed += np.uint64(0x9E3779B97F4A7C15)
            z = seed
            z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            z = z ^ (z >> np.uint64(31))
            j = i + int(float(z >> np.uint64(11)) * 1.1102230246251565e-16 * (n - i))
            order[i], order[j] = order[j], order[i]
            for part in range(3):
                sums[row, part] += units[order[i], part]
    return sums


@njit(cache=True, nogil=True)
def all_subsets(units: FloatArray, size: int, count: int) -> FloatArray:  # pragma: no cover
    """Sums (count, 3) of `units` (n, 3) over every subset of `size` rows, in lexicographic order."""
    n = units.shape[0]
    chosen = np.arange(size)
    running = np.zeros((size + 1, 3))
    for j in range(size):
        for part in range(3):
            running[j + 1, part] = running[j, part] + units[j, part]
    sums = np.empty((count, 3))
    for row in range(count):
        for part in range(3):
            sums[row, part] = running[size, part]
        i = size - 1
        while i >= 0 and chosen[i] == n - size + i:
            i -= 1
        if i < 0:
            break
        chosen[i] += 1
        for j in range(i + 1, size):
            chosen[j] = chosen[j - 1] + 1
        for j in range(i, size):
            for part in range(3):
                running[j + 1, part] = running[j, part] + units[chosen[j], part]
    return sums
