"""The compiled kernel: a thousand paths side by side, month by month, all in the nearest cache.

Paths lie next to one another, so the arithmetic runs on vector registers; the exponential between the two
steps is NumPy's, which is vectorised too. Only summaries leave.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from ..record import FloatArray, IntArray

LANES = 1_000  # paths side by side: demand of 60 months fits the second-level cache
RING = 16  # rows of money to come: more than the longest delay
YEAR = 12
NEVER = 1_000_000


@njit(cache=True, nogil=True)
def draw_demand(
    random: np.random.Generator, drivers: FloatArray, rho: FloatArray, levels: FloatArray
) -> None:
    """Fill `levels` (D, T, n) with the logarithm of demand: sigma times an AR(1) with variance 1, less sigma²/2."""
    months, lanes = levels.shape[1], levels.shape[2]
    state, keep = np.zeros((len(rho), lanes)), np.sqrt(1.0 - rho * rho)
    for t in range(months):
        for f in range(len(rho)):
            fade, fresh = (rho[f], keep[f]) if t > 0 else (0.0, 1.0)
            row = state[f]
            for i in range(lanes):
                row[i] = fade * row[i] + fresh * random.standard_normal()
        for d in range(len(drivers)):
            row, log, sigma, half = state[int(drivers[d, 0])], levels[d, t], drivers[d, 1], drivers[d, 2]
            for i in range(lanes):
                log[i] = sigma * row[i] - half


@njit(cache=True, nogil=True)
def _wait(random: np.random.Generator, log_left: float) -> int:
    """Months until a loss: the geometric waiting time in one draw instead of one draw a month."""
    return int(min(math.floor(random.standard_exponential() / -log_left), 1e5))


@njit(cache=True, nogil=True)
def _first_losses(random: np.random.Generator, terms: IntArray, risk: FloatArray, change: IntArray) -> None:
    """Month of the first loss of each buyer on each path, counted from the buyer's start."""
    for b in range(len(risk)):
        if risk[b, 0] < 0.0:
            for i in range(change.shape[1]):
                change[b, i] = terms[b, 2] + _wait(random, risk[b, 0])


@njit(cache=True, nogil=True)
def _add_noise(random: np.random.Generator, flow: FloatArray, noise: float) -> None:
    for i in range(len(flow)):
        flow[i] += noise * random.standard_normal()


@njit(cache=True, nogil=True)
def _lose_and_return(
    random: np.random.Generator,
    t: int,
    risk: FloatArray,
    away: int,
    change: IntArray,
    scale: FloatArray,
    lost: IntArray,
) -> None:
    """Move one buyer's state on the paths where it changes in month t; `change` is the month of the next change."""
    for i in range(len(change)):
        if t < change[i]:
            continue
        if lost[i] == 1:  # back, and may be lost again at once
            lost[i], scale[i] = 0, 1.0
            change[i] = t + _wait(random, risk[0])
        if t >= change[i]:
            lost[i], scale[i] = 1, risk[1]
            change[i] = t + away if away > 0 else NEVER


@njit(cache=True, nogil=True)
def _fill(target: FloatArray, amount: float) -> None:
    for i in range(len(target)):
        target[i] = amount


@njit(cache=True, nogil=True)
def _copy(source: FloatArray, target: FloatArray) -> None:
    for i in range(len(target)):
        target[i] = source[i]


@njit(cache=True, nogil=True)
def _earn(before: FloatArray, result: FloatArray, total: FloatArray) -> None:
    for i in range(len(total)):
        total[i] = before[i] + result[i]


@njit(cache=True, nogil=True)
def _times(level: FloatArray, scale: FloatArray, out: FloatArray) -> FloatArray:
    for i in range(len(out)):
        out[i] = level[i] * scale[i]
    return out


@njit(cache=True, nogil=True)
def _add(target: FloatArray, amount: float, level: FloatArray) -> None:
    """Add an amount times the level of demand on each path."""
    if amount != 0.0:
        for i in range(len(level)):
            target[i] += amount * level[i]


@njit(cache=True, nogil=True)
def _settle_vat(carried: FloatArray, tax: FloatArray, due: FloatArray) -> None:
    """What VAT a month leaves to pay; a surplus of input VAT is carried forward."""
    for i in range(len(tax)):
        balance = carried[i] + tax[i]
        owed = balance if balance > 0.0 else 0.0
        carried[i] = balance - owed
        due[i] -= owed


@njit(cache=True, nogil=True)
def _pay_interest(cash: FloatArray, flow: FloatArray, millionths: float) -> None:
    """A twelfth of the yearly interest on the debt, to the nearest grosz."""
    for i in range(len(cash)):
        debt = -cash[i] if cash[i] < 0.0 else 0.0
        flow[i] -= np.floor((debt * millionths + 6e6) / 1.2e7)


@njit(cache=True, nogil=True)
def _close_month(flow: FloatArray, due: FloatArray, cash: FloatArray, lowest: FloatArray) -> None:
    for i in range(len(cash)):
        cash[i] += flow[i] + due[i]
        due[i] = 0.0
        lowest[i] = cash[i] if cash[i] < lowest[i] else lowest[i]


@njit(cache=True, nogil=True)
def _first_below(value: FloatArray, limit: float, t: float, first: FloatArray) -> None:
    """Note month t where the value is under the limit for the first time."""
    for i in range(len(value)):
        at = t if value[i] < limit else NEVER
        first[i] = at if at < first[i] else first[i]


@njit(cache=True, nogil=True)
def _last_loss(total: FloatArray, year_ago: FloatArray, t: float, last: FloatArray) -> None:
    """Note month t where 12 months together bring less than nothing."""
    for i in range(len(total)):
        last[i] = t if total[i] < year_ago[i] else last[i]


@njit(cache=True, nogil=True)
def run_lanes(
    random: np.random.Generator,
    steady: FloatArray,
    flows: FloatArray,
    terms: IntArray,
    risk: FloatArray,
    scalars: tuple[float, float, float, int],
    levels: FloatArray,
    summary: FloatArray,
    tracked: FloatArray,
) -> None:
    """Simulate n paths of T months whose demand `levels` (D, T, n) are drawn.

    `scalars`: floor, interest in millionths a year, noise, delay of VAT. `summary` (4, n) comes as infinity,
    cash at the start, T and -1, and leaves as lowest and last month-end cash in grosze, first month under the
    floor, last month whose 12 months bring less than nothing. `tracked` (T, n or 0): cash of each month.
    """
    floor, millionths, noise, vat_delay = scalars
    T, n, buyers = len(steady), summary.shape[1], len(flows)
    flow, result, tax, carried, reduced = np.empty(n), np.empty(n), np.empty(n), np.zeros(n), np.empty(n)
    due, earned, scale = np.zeros((RING, n)), np.zeros((RING, n)), np.ones((buyers, n))
    change, lost = np.full((buyers, n), NEVER), np.zeros((buyers, n), np.int64)
    lowest, cash, first, last = summary[0], summary[1], summary[2], summary[3]
    _first_losses(random, terms, risk, change)
    for t in range(T):
        _fill(flow, steady[t, 0])
        _fill(result, steady[t, 1])
        _fill(tax, steady[t, 2])
        for b in range(buyers):
            level = levels[terms[b, 1], t]
            if risk[b, 0] < 0.0:
                _lose_and_return(random, t, risk[b], terms[b, 3], change[b], scale[b], lost[b])
                level = _times(level, scale[b], reduced)
            _add(flow, flows[b, t, 0], level)
            _add(due[(t + terms[b, 0]) % RING], flows[b, t, 1], level)
            _add(result, flows[b, t, 2], level)
            _add(tax, flows[b, t, 3], level)
        _settle_vat(carried, tax, due[(t + vat_delay) % RING])
        if millionths > 0.0:
            _pay_interest(cash, flow, millionths)
        if noise > 0.0:
            _add_noise(random, flow, noise)
        _close_month(flow, due[t % RING], cash, lowest)
        _first_below(cash, floor, 1.0 * t, first)
        _earn(earned[(t - 1) % RING], result, earned[t % RING])
        if t >= YEAR - 1:
            _last_loss(earned[t % RING], earned[(t - YEAR) % RING], 1.0 * t, last)
        if tracked.shape[1] > 0:
            _copy(cash, tracked[t])
