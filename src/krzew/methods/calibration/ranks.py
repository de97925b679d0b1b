"""From posterior draws to ranks, 1 is best: expected rank, SUCRA, percentile, intervals, and how exact they
are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..record import FloatArray, IntArray

BATCHES = 25
"""Batches per chain for Monte Carlo errors."""


@dataclass(frozen=True, eq=False)
class Ranks:
    """`at_most` (ideas, ideas): the probability that an idea's rank is at most 1, 2, …; the error of the
    expected rank is Monte Carlo alone."""

    expected: FloatArray
    sd: FloatArray
    at_most: FloatArray
    error: FloatArray


def orders(effect: FloatArray) -> IntArray:
    """Ideas from best to worst in each draw; `effect` (draws, ideas)."""
    return np.argsort(-effect, axis=1)


def rank(effect: FloatArray, independent: bool = False) -> Ranks:
    """Ranks over draws `effect` (chains, draws, ideas); their error by batch means unless the draws are
    independent."""
    chains, draws, n = effect.shape
    batch = np.arange(draws) * min(BATCHES, draws) // draws
    place = np.arange(n)
    counts = np.zeros(n * n)
    means: list[FloatArray] = []
    for chain in effect:
        order = orders(chain)
        counts += np.bincount((order * n + place).ravel(), minlength=n * n)
        totals = np.bincount((batch[:, None] * n + order).ravel(), np.tile(place + 1.0, draws))
        means.extend(totals.reshape(-1, n) / np.bincount(batch)[:, None])
    share = counts.reshape(n, n) / (chains * draws)
    expected = share @ (place + 1.0)
    sd = np.sqrt(np.maximum(share @ (place + 1.0) ** 2 - expected**2, 0.0))
    error = sd / np.sqrt(chains * draws)
    if not independent:  # a single batch says nothing: the error may be as large as the spread
        error = np.std(means, axis=0, ddof=1) / np.sqrt(len(means)) if len(means) > 1 else sd
    at_most = np.minimum(np.cumsum(share, axis=1), 1.0)
    return Ranks(expected, sd, at_most, error)


def interval(at_most: FloatArray, level: float) -> IntArray:
    """Equal-tailed interval of whole ranks, both ends included; shape (ideas, 2).

    The low end is the least rank r with P(rank <= r) >= (1 - level) / 2, the high end the least with
    P(rank <= r) >= (1 + level) / 2, so that at least `level` of the draws lie in it.
    """
    tail = (1.0 - level) / 2.0
    ends = [(at_most < limit - 1e-12).sum(axis=1) + 1 for limit in (tail, 1.0 - tail)]
    found: IntArray = np.minimum(np.column_stack(ends), at_most.shape[1]).astype(np.int64)
    return found


@dataclass(frozen=True)
class Convergence:
    """How far the chains agree: the largest split R-hat over ideas, assessors and spreads (1 is agreement,
    NaN where draws are independent), how many independent draws the expected ranks are worth on average,
    their largest Monte Carlo error in ranks, and whether all draws wanted were made."""

    r_hat: float
    effective_draws: float
    rank_error: float
    chains: int
    draws: int
    complete: bool

    @property
    def converged(self) -> bool:
        return not self.r_hat > 1.05


def split_r_hat(draws: FloatArray) -> FloatArray:
    """Split R-hat (Gelman et al., Bayesian Data Analysis, 3rd edition) of (chains, draws, quantities)."""
    half = draws.shape[1] // 2
    if half < 2:
        return np.full(draws.shape[2], np.nan)
    parts = np.concatenate([draws[:, :half], draws[:, -half:]])
    within = parts.var(axis=1, ddof=1).mean(axis=0)
    between = half * parts.mean(axis=1).var(axis=0, ddof=1)
    ratio = np.divide(between, within, out=np.full(len(within), np.nan), where=within > 0)
    result: FloatArray = np.sqrt((half - 1.0) / half + ratio / half)
    return result
