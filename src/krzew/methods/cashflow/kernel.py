"""The compiled kernel: one path after another, state in registers, only summaries leave the loop."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from ..record import FloatArray, IntArray

SLACK = 16  # longest delay of a payment, with room
YEAR = 12
NEVER = 1_000_000


@njit(cache=True, nogil=True)
def _loss(random: np.random.Generator, log_left: float, start: int) -> int:
    """Month of the next loss: the geometric waiting time in one draw instead of one draw a month."""
    if log_left == 0.0:
        return NEVER
    return start + int(min(math.floor(random.standard_exponential() / -log_left), 1e5))


@njit(cache=True, nogil=True)
def run_paths(  # noqa: C901 - one loop, so that a path stays in registers
    random: np.random.Generator,
    steady: FloatArray,
    flows: FloatArray,
    terms: IntArray,
    risk: FloatArray,
    drivers: FloatArray,
    rho: FloatArray,
    scalars: tuple[float, float, float, float, int],
    summary: FloatArray,
    months: IntArray,
    tracked: FloatArray,
) -> None:
    """Simulate `len(summary)` paths of T months.

    Writes `summary` (n, 2): lowest and last month-end cash in grosze; `months` (n, 2): first month under the
    floor (T: none) and first month of a sustained break-even (T: none); `tracked` (k, T): the first k paths.
    """
    cash0, floor, millionths, noise, vat_delay = scalars
    T, B, D, F = len(steady), len(flows), len(drivers), len(rho)
    keep = np.sqrt(1.0 - rho * rho)
    a, level, lost, back = np.zeros(F), np.ones(D), np.zeros(B, np.int64), np.zeros(B, np.int64)
    due, earned = np.zeros(T + SLACK), np.zeros(T + 1)
    for p in range(len(summary)):
        for b in range(B):
            lost[b] = _loss(random, risk[b, 0], terms[b, 2])
            back[b] = lost[b] + terms[b, 3] if terms[b, 3] > 0 else NEVER
        due[:] = 0.0
        cash, lowest, first, below, carried = cash0, np.inf, T, -1, 0.0
        for t in range(T):
            for f in range(F):
                drawn = random.standard_normal()
                a[f] = drawn if t == 0 else rho[f] * a[f] + keep[f] * drawn
            for d in range(D):
                level[d] = math.exp(drivers[d, 1] * a[int(drivers[d, 0])] - drivers[d, 2])
            flow, result, tax = steady[t, 0], steady[t, 1], steady[t, 2]
            for b in range(B):
                x = level[terms[b, 1]]
                if t >= lost[b]:
                    if t >= back[b]:  # the buyer is back and may be lost again, at the earliest now
                        lost[b] = _loss(random, risk[b, 0], t)
                        back[b] = lost[b] + terms[b, 3]
                    if t >= lost[b]:
                        x *= risk[b, 1]
                flow += flows[b, t, 0] * x
                due[t + terms[b, 0]] += flows[b, t, 1] * x
                result += flows[b, t, 2] * x
                tax += flows[b, t, 3] * x
            carried += tax
            if carried > 0.0:
                due[t + vat_delay] -= carried
                carried = 0.0
            if cash < 0.0 and millionths > 0.0:
                flow -= math.floor((-cash * millionths + 6e6) / 1.2e7)
            if noise > 0.0:
                flow += noise * random.standard_normal()
            cash += flow + due[t]
            lowest = min(lowest, cash)
            if cash < floor and first == T:
                first = t
            earned[t + 1] = earned[t] + result
            if t >= YEAR - 1 and earned[t + 1] < earned[t + 1 - YEAR]:
                below = t
            if p < len(tracked):
                tracked[p, t] = cash
        summary[p, 0], summary[p, 1] = lowest, cash
        months[p, 0] = first
        months[p, 1] = max(below + 1, YEAR - 1) if T >= YEAR else T
