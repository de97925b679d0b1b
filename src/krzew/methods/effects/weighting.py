"""Weights that make the others like the participants: entropy balancing, and the propensity score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..record import BoolArray, FloatArray, IntArray
from .linear import orthogonal

BALANCED, SETTLED = 1e-8, 1e-7
STEPS, MOST_STEPS = 200, 35


@dataclass(frozen=True, eq=False)
class Entropy:
    """Weights (n0,) that sum to 1, the largest gap left (in standard deviations) and the Newton steps."""

    weights: FloatArray
    imbalance: float
    steps: int

    @property
    def balanced(self) -> bool:
        return self.imbalance < 1e-6


def entropy_weights(others: FloatArray, target: FloatArray) -> Entropy:
    """Weights nearest to even ones under which the means of `others` (n0, k) equal `target` (k,).

    Newton's method on the dual, with backtracking (Hainmueller 2012). When no weights can do it, the best
    so far comes back with its imbalance.
    """
    z = np.concatenate([np.ones((1, len(others))), others.T])  # one row per covariate: fast to go through
    spread = z[1:].std(axis=1)
    z[1:] -= target[:, None]
    z[1:] /= np.where(spread > 0, spread, 1.0)[:, None]
    exponent, steps, weighted = np.zeros(len(others)), 0, np.empty_like(z)
    value, weights = _dual(exponent)
    while True:
        moments = np.multiply(z, weights, out=weighted) @ z.T
        mean = moments[0].copy()
        gap = np.append(0.0, mean[1:])
        if steps == STEPS or np.abs(gap).max() < BALANCED:
            break
        move = np.linalg.solve(moments - np.outer(mean, mean) + 1e-10 * np.eye(len(gap)), gap)
        along, wanted, length = move @ z, gap @ move, 1.0
        while True:
            trial, tried = _dual(exponent - length * along)
            if trial <= value - 1e-4 * length * wanted or length < 1e-8:
                break
            length /= 2
        if not trial < value:
            break
        exponent, value, weights, steps = exponent - length * along, trial, tried, steps + 1
    return Entropy(weights, float(np.abs(gap).max()), steps)


def _dual(exponent: FloatArray) -> tuple[float, FloatArray]:
    top = exponent.max()
    raw = np.exp(exponent - top)
    total = raw.sum()
    return float(top + np.log(total)), raw / total


@dataclass(frozen=True, eq=False)
class Propensity:
    """Probability (n,) of taking part, the design matrix used and the inverse information of its
    coefficients."""

    probability: FloatArray
    design: FloatArray
    inverse: FloatArray
    converged: bool
    scale: tuple[FloatArray, FloatArray, IntArray, FloatArray]

    @property
    def odds(self) -> FloatArray:
        return self.probability / (1 - self.probability)

    def predict(self, x: FloatArray) -> FloatArray:
        """The probability of taking part of other rows (m, k)."""
        middle, spread, kept, beta = self.scale
        return _logistic(_standardised(x, middle, spread)[:, kept] @ beta)


def propensity(treated: BoolArray, x: FloatArray) -> Propensity:
    """Logistic regression of participation on `x` (n, k) with a constant, by Newton's method.

    Where a covariate divides some people off completely the fit has no end: `converged` is then False, and
    their propensity all but 0 or 1, as it should be.
    """
    t = treated.astype(np.float64)
    middle, spread = x.mean(axis=0), x.std(axis=0)
    z = _standardised(x, middle, spread)
    kept = orthogonal(z)[2]
    z = z[:, kept]
    beta, converged = _likeliest(t, z)
    small = 1e-10 * np.eye(z.shape[1])
    p = np.clip(_logistic(z @ beta), 1e-9, 1 - 1e-9)
    information = (z * (p * (1 - p))[:, None]).T @ z
    inverse = np.linalg.inv(information + small * len(t)).astype(np.float64)
    return Propensity(p, z, inverse, converged, (middle, spread, kept, beta))


def _standardised(x: FloatArray, middle: FloatArray, spread: FloatArray) -> FloatArray:
    return np.column_stack([np.ones(len(x)), (x - middle) / np.where(spread > 0, spread, 1.0)])


def _likeliest(t: FloatArray, z: FloatArray) -> tuple[FloatArray, bool]:
    """Coefficients of greatest likelihood and whether they were reached."""
    rows, beta, score = np.ascontiguousarray(z.T), np.zeros(z.shape[1]), np.zeros(len(t))
    small, fit = 1e-10 * np.eye(len(beta)), _likelihood(t, score)
    weighted = np.empty_like(rows)
    for _ in range(MOST_STEPS):
        p = _logistic(score)
        information = np.multiply(rows, p * (1 - p), out=weighted) @ z / len(t)
        move = np.linalg.solve(information + small, rows @ (t - p) / len(t))
        step = z @ move
        while (trial := _likelihood(t, score + step)) < fit - 1e-9 * abs(fit):
            move, step = move / 2, step / 2  # a full Newton step may overshoot where few take part
        beta, score, fit = beta + move, score + step, trial
        if np.abs(step).max() < SETTLED:  # never so where a covariate divides the groups
            return beta, True
    return beta, False


def _likelihood(t: FloatArray, score: FloatArray) -> float:
    return float(t @ score - (np.maximum(score, 0) + np.log1p(np.exp(-np.abs(score)))).sum())


def _logistic(score: FloatArray) -> FloatArray:
    chance: FloatArray = 1 / (1 + np.exp(-np.clip(score, -500, 500)))
    return chance
