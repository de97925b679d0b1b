"""The same simulation in plain NumPy, month by month over a block of paths: slow, short, easy to check.

It draws a loss every month instead of the waiting time, so it agrees with the kernel in distribution, and to
the grosz where nothing is random.
"""

from __future__ import annotations

import numpy as np

from ..record import FloatArray, IntArray
from .kernel import RING, YEAR
from .model import EARNED, LATE, NOW, TAX, Model


def paths(model: Model, count: int, seed: int) -> tuple[FloatArray, FloatArray, IntArray]:
    """Cash (count, T) in grosze, operating result (count, T), first month under the floor (T: none)."""
    random, months = np.random.default_rng(seed), model.months
    cash, carried = np.full(count, model.cash), np.zeros(count)
    due = np.zeros((months + RING, count))
    demand = np.zeros((len(model.rho), count))
    away = np.zeros((len(model.flows), count))  # months still lost
    all_cash, results = np.empty((months, count)), np.empty((months, count))
    for t in range(months):
        noise = random.standard_normal(demand.shape)
        fade = model.rho[:, None]
        demand = noise if t == 0 else fade * demand + np.sqrt(1 - fade**2) * noise
        flow, result, tax = (np.full(count, x) for x in model.steady[t])
        for b, (delay, driver, start, lost_months) in enumerate(model.terms):
            factor, sigma, half = model.drivers[driver]
            level = np.exp(sigma * demand[int(factor)] - half)
            hit = (random.random(count) < -np.expm1(model.risk[b, 0])) & (away[b] <= 0) & (t >= start)
            away[b] = np.where(hit, lost_months or np.inf, away[b])
            level[away[b] > 0] *= model.risk[b, 1]
            away[b] -= 1
            flow += model.flows[b, t, NOW] * level
            due[t + delay] += model.flows[b, t, LATE] * level
            result += model.flows[b, t, EARNED] * level
            tax += model.flows[b, t, TAX] * level
        carried += tax
        due[t + model.vat_delay] -= np.maximum(carried, 0)
        carried = np.minimum(carried, 0)
        flow -= np.floor((np.maximum(-cash, 0) * model.millionths + 6e6) / 12e6)
        cash = cash + flow + due[t] + model.noise * random.standard_normal(count)
        all_cash[t], results[t] = cash, result
    under = all_cash < model.floor
    first = np.where(under.any(axis=0), under.argmax(axis=0), months)
    return all_cash.T, results.T, first.astype(np.int64)


def break_even(results: FloatArray) -> IntArray:
    """First month of a sustained break-even on each path (T: none) from results (count, T)."""
    months = results.shape[1]
    sums = np.lib.stride_tricks.sliding_window_view(results, YEAR, axis=1).sum(axis=2)
    under = sums < 0
    last = np.where(under.any(axis=1), under.shape[1] - 1 - under[:, ::-1].argmax(axis=1), -1)
    return np.where(last == under.shape[1] - 1, months, last + YEAR).astype(np.int64)
