"""Choice between alternatives on plain arrays: matrix, weights and types in the order of pymcdm.

The additive model has fixed anchors, so taking an alternative away never reorders the rest. PROMETHEE II is
there to cross-check it. TOPSIS is not offered: dropping the worst alternative may change its winner.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit, prange

from .record import (
    DEFAULT_SEED,
    BoolArray,
    FloatArray,
    IntArray,
    MethodError,
    Provenance,
    check_weights,
    data_hash,
    finite_matrix,
    stamp,
    streams,
)

Float32Array = npt.NDArray[np.float32]
BLOCK = 128
CHUNKS = 16
CONFIDENCE_DRAWS = 1_000
"""Enough for ±0.03 on a confidence factor."""


@dataclass(frozen=True, eq=False)
class Smaa:
    """What the ranking looks like over all weights (Lahdelma and Salminen, SMAA-2).

    `rank_acceptability[i, r]` is the share of draws in which alternative i stands at rank r (ties share);
    `central_weights[i]` the mean weights that put it first (NaN: never first); `confidence[i]` the chance
    that it is first under them.
    """

    codes: tuple[str, ...]
    rank_acceptability: FloatArray
    central_weights: FloatArray
    confidence: FloatArray
    draws: int
    provenance: Provenance

    @property
    def first_rank(self) -> FloatArray:
        first: FloatArray = self.rank_acceptability[:, 0]
        return first


@dataclass(frozen=True, eq=False)
class Cells:
    """Values that are drawn anew in each repetition: cell m is (alternative, criterion), `drawn` is (draws,
    m)."""

    alternative: IntArray
    criterion: IntArray
    drawn: FloatArray


def additive(
    matrix: npt.ArrayLike,
    weights: npt.ArrayLike,
    low: npt.ArrayLike,
    high: npt.ArrayLike,
    types: npt.ArrayLike,
) -> FloatArray:
    """Weighted sum of values 0-1 between fixed anchors; `types` +1 more is better, -1 less is better. Shape
    (s,)."""
    x, share, kinds = _checked(matrix, weights, types)
    lower, upper = finite_matrix("low", low), finite_matrix("high", high)
    if lower.shape != kinds.shape or upper.shape != kinds.shape or (upper <= lower).any():
        raise MethodError(
            "anchors", "need low < high for each criterion", str(int(np.argmax(upper <= lower)))
        )
    slope = kinds * share / (upper - lower)
    start = np.where(kinds > 0, lower, upper)
    inside = np.minimum(np.maximum(x, lower), upper)
    result: FloatArray = inside @ slope - start @ slope
    return result


def spotis(
    matrix: npt.ArrayLike, weights: npt.ArrayLike, types: npt.ArrayLike, bounds: npt.ArrayLike
) -> FloatArray:
    """Distance to the ideal with fixed bounds (Dezert et al. 2020): one minus the additive model; lower is
    better."""
    limits = finite_matrix("bounds", bounds)
    if limits.ndim != 2 or limits.shape[1] != 2:
        raise MethodError("bounds", f"must have the shape (criteria, 2), not {limits.shape}")
    return 1.0 - additive(matrix, weights, limits[:, 0], limits[:, 1], types)


def promethee2_usual(matrix: npt.ArrayLike, weights: npt.ArrayLike, types: npt.ArrayLike) -> FloatArray:
    """Net flows of PROMETHEE II with the usual preference function, by ranks in O(c n log n). Shape (s,)."""
    x, share, kinds = _checked(matrix, weights, types)
    n = len(x)
    if n < 2:
        return np.zeros(n)
    better_than = np.stack([_beaten_less_beating(column) for column in (x * kinds).T], axis=1)
    flows: FloatArray = (better_than / (n - 1.0)) @ share
    return flows


def _beaten_less_beating(column: FloatArray) -> FloatArray:
    """For each entry: how many are smaller, less how many are greater."""
    n, order = len(column), np.argsort(column)
    ordered = column[order]
    starts = np.append(True, ordered[1:] != ordered[:-1])  # equal entries share one run
    first = np.flatnonzero(starts)
    last = np.append(first[1:], n)
    balance = np.empty(n)
    balance[order] = (first - (n - last))[np.cumsum(starts) - 1]
    return balance


def _checked(matrix: npt.ArrayLike, weights: npt.ArrayLike, types: npt.ArrayLike) -> tuple[FloatArray, ...]:
    x, share = finite_matrix("matrix", matrix), check_weights("weights", weights)
    kinds = finite_matrix("types", types)
    if x.ndim != 2 or share.shape != (x.shape[1],) or kinds.shape != share.shape:
        raise MethodError(
            "matrix", f"must be (alternatives, criteria) with a weight and a type each, not {x.shape}"
        )
    if not np.isin(kinds, (-1.0, 1.0)).all():
        raise MethodError("types", "must be +1 (more is better) or -1 (less is better)")
    return x, share, kinds


def draw_weights(
    criteria: int,
    draws: int,
    stream: np.random.Generator,
    weights: npt.ArrayLike | None,
    concentration: float | None,
) -> FloatArray:
    """Weights that sum to 1, shape (draws, criteria): all equally likely, or Dirichlet around the stated
    ones.

    Concentration 1 around equal weights is again the uniform distribution; larger values stay closer.
    """
    stated = np.full(criteria, 1.0 / criteria) if weights is None else check_weights("weights", weights)
    if stated.shape != (criteria,):
        raise MethodError("weights", f"needs one weight for each of {criteria} criteria, not {stated.shape}")
    if concentration is not None and not concentration > 0:
        raise MethodError("concentration", "must be above zero", str(concentration))
    shape = (stated > 0).astype(float) if concentration is None else concentration * stated * criteria
    drawn = stream.standard_gamma(shape, (draws, criteria))
    total = drawn.sum(axis=1, keepdims=True)  # vanishingly small shapes can all draw zero
    result: FloatArray = np.where(total > 0, drawn, stated) / np.where(total > 0, total, 1.0)
    return result


def smaa(
    values: npt.ArrayLike,
    draws: int = 10_000,
    seed: int = DEFAULT_SEED,
    *,
    weights: npt.ArrayLike | None = None,
    concentration: float | None = None,
    samples: npt.ArrayLike | None = None,
    codes: tuple[str, ...] = (),
) -> Smaa:
    """SMAA over `values` (s, c), higher is better; `samples` (draws, s, c) replaces them where values are
    uncertain."""
    fixed = finite_matrix("values", values)
    if samples is None:
        return smaa_cells(fixed, None, draws, seed, weights, concentration, codes)
    drawn = finite_matrix("samples", samples)
    if drawn.shape != (draws, *fixed.shape):
        raise MethodError("samples", f"must have the shape {(draws, *fixed.shape)}, not {drawn.shape}")
    rows, columns = np.divmod(np.arange(fixed.size), fixed.shape[1])
    return smaa_cells(
        fixed, Cells(rows, columns, drawn.reshape(draws, -1)), draws, seed, weights, concentration, codes
    )


def smaa_cells(
    fixed: FloatArray,
    cells: Cells | None,
    draws: int,
    seed: int,
    weights: npt.ArrayLike | None,
    concentration: float | None,
    codes: tuple[str, ...],
) -> Smaa:
    """SMAA where only some cells are uncertain."""
    if fixed.ndim != 2 or not fixed.size:
        raise MethodError("values", f"must be (alternatives, criteria) and not empty, not {fixed.shape}")
    if draws < 1:
        raise MethodError("draws", "must be at least 1", str(draws))
    sampled = draw_weights(fixed.shape[1], draws, streams(seed, 1)[0], weights, concentration)
    none = Cells(np.empty(0, np.int64), np.empty(0, np.int64), np.empty((draws, 0)))
    cells = cells or none
    base = fixed.copy()
    base[cells.alternative, cells.criterion] = 0.0
    parts, weighted = _tally(base, sampled, cells.alternative, cells.criterion, cells.drawn)
    counts, sums = parts.sum(axis=0), weighted.sum(axis=0)
    first = counts[:, 0]
    central = np.divide(sums, first[:, None], out=np.full(fixed.shape, np.nan), where=first[:, None] > 0)
    drawn = cells.drawn[: CONFIDENCE_DRAWS if len(cells.alternative) else 1]
    confidence = _confidence(base, central, cells.alternative, cells.criterion, drawn)
    parameters = {"draws": draws, "concentration": concentration}
    origin = stamp(
        "smaa",
        seed,
        data_hash(fixed, cells.alternative, cells.criterion, cells.drawn[:1], weights),
        parameters,
    )
    return Smaa(
        codes or tuple(str(i) for i in range(len(fixed))), counts / draws, central, confidence, draws, origin
    )


@njit(cache=True)
def _scores(
    base: FloatArray, weights: FloatArray, rows: IntArray, columns: IntArray, drawn: FloatArray
) -> FloatArray:
    out = np.zeros(len(base))
    for i in range(len(base)):
        for j in range(len(weights)):
            out[i] += base[i, j] * weights[j]
    for m in range(len(rows)):
        out[rows[m]] += drawn[m] * weights[columns[m]]
    return out


@njit(cache=True)
def _count_ranks(scores: FloatArray, weights: FloatArray, counts: FloatArray, sums: FloatArray) -> None:
    """Add one draw: equal scores share their ranks."""
    order = np.argsort(-scores)
    start = 0
    while start < len(scores):
        stop = start + 1
        while stop < len(scores) and scores[order[stop]] == scores[order[start]]:
            stop += 1
        share = 1.0 / (stop - start)
        for i in order[start:stop]:
            counts[i, start:stop] += share
            if start == 0:
                sums[i] += share * weights
        start = stop


@njit(parallel=True, cache=True)
def _tally(
    base: FloatArray, weights: FloatArray, rows: IntArray, columns: IntArray, drawn: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Counts of ranks and sums of winning weights, per chunk of draws: the chunks are fixed, whatever the
    threads."""
    s, c = base.shape
    counts, sums = np.zeros((CHUNKS, s, s)), np.zeros((CHUNKS, s, c))
    for chunk in prange(CHUNKS):
        for t in range(chunk, len(weights), CHUNKS):
            _count_ranks(
                _scores(base, weights[t], rows, columns, drawn[t]), weights[t], counts[chunk], sums[chunk]
            )
    return counts, sums


@njit(parallel=True, cache=True)
def _confidence(
    base: FloatArray, central: FloatArray, rows: IntArray, columns: IntArray, drawn: FloatArray
) -> FloatArray:
    """The share of draws of the values in which each alternative is first under its own central weights."""
    out = np.full(len(base), np.nan)
    for i in prange(len(base)):
        if not np.isnan(central[i, 0]):
            fixed = _scores(base, central[i], rows, columns, np.zeros(len(rows)))
            first = 0.0
            for t in range(len(drawn)):
                scores = fixed.copy()
                for m in range(len(rows)):
                    scores[rows[m]] += drawn[t, m] * central[i, columns[m]]
                best = scores.max()
                if scores[i] == best:
                    first += 1.0 / (scores == best).sum()
            out[i] = first / len(drawn)
    return out


def first_rank_acceptability_all(
    values: npt.ArrayLike,
    eligible: npt.ArrayLike,
    draws: int = 2_000,
    seed: int = DEFAULT_SEED,
    *,
    weights: npt.ArrayLike | None = None,
    concentration: float | None = None,
) -> Float32Array:
    """Share of weight draws in which each alternative is first, for every place at once; shape (places,
    alternatives).

    `values` is (places, alternatives, criteria), higher is better. Ties share; a row without an eligible
    alternative is 0.
    """
    x, open_ = np.ascontiguousarray(values, dtype=np.float32), np.asarray(eligible, dtype=bool)
    if x.ndim != 3 or open_.shape != x.shape[:2]:
        raise MethodError(
            "eligible", f"must have the shape of values without criteria {x.shape[:2]}, not {open_.shape}"
        )
    if not np.isfinite(x).all():
        place, alternative, criterion = np.argwhere(~np.isfinite(x))[0]
        raise MethodError("values", "must be a finite number", f"{place}, {alternative}, {criterion}")
    if draws < 1:
        raise MethodError("draws", "must be at least 1", str(draws))
    sampled = draw_weights(x.shape[2], draws, streams(seed, 1)[0], weights, concentration)
    padded = np.zeros((x.shape[2], -(-draws // BLOCK) * BLOCK), dtype=np.float32)
    padded[:, :draws] = sampled.T
    result: Float32Array = _first_ranks(x, open_, padded, draws)
    return result


@njit(parallel=True, cache=True)
def _first_ranks(values: Float32Array, eligible: BoolArray, weights: Float32Array, draws: int) -> Any:
    places, alternatives, _ = values.shape
    out = np.zeros((places, alternatives), dtype=np.float32)
    for p in prange(places):
        rows = np.flatnonzero(eligible[p])
        wins = np.zeros(len(rows))
        for start in range(0, weights.shape[1], BLOCK):
            if len(rows):
                scores = _block_scores(values[p], rows, weights, start)
                _share_first(scores, min(BLOCK, draws - start), wins)
        for i in range(len(rows)):
            out[p, rows[i]] = wins[i] / draws
    return out


@njit(cache=True, fastmath={"contract"})
def _block_scores(values: Float32Array, rows: IntArray, weights: Float32Array, start: int) -> Float32Array:
    """Scores of the eligible alternatives under one block of weights; zeros (a need not served) cost
    nothing."""
    scores = np.zeros((len(rows), BLOCK), dtype=np.float32)
    for i in range(len(rows)):
        line = scores[i]
        for j in range(values.shape[1]):
            value = values[rows[i], j]
            if value != 0:
                weight = weights[j, start : start + BLOCK]
                for t in range(BLOCK):
                    line[t] += value * weight[t]
    return scores


@njit(cache=True)
def _share_first(scores: Float32Array, used: int, wins: FloatArray) -> None:
    """Add the first ranks of one block; equal scores share the rank."""
    best = scores[0].copy()
    for i in range(1, len(scores)):
        for t in range(BLOCK):
            best[t] = max(best[t], scores[i, t])
    tied = np.zeros(BLOCK, dtype=np.float32)
    for i in range(len(scores)):
        for t in range(BLOCK):
            tied[t] += np.float32(scores[i, t] == best[t])
    for i in range(len(scores)):
        share = 0.0
        for t in range(used):
            if scores[i, t] == best[t]:
                share += 1.0 / tied[t]
        wins[i] += share


def need_values(severity: npt.ArrayLike, serves: npt.ArrayLike) -> FloatArray:
    """One criterion per need: severity (q,) or (p, q) times how far each solution serves it (s, q), 0-1.

    A need that is not known stays NaN for the solutions that serve it and is 0 for the others.
    """
    served = finite_matrix("serves", serves)
    level = finite_matrix("severity", severity, missing=True)
    if served.ndim != 2 or level.shape[-1] != served.shape[1]:
        raise MethodError("serves", f"must be (solutions, {level.shape[-1]} needs), not {served.shape}")
    if (served < 0).any() or (served > 1).any():
        raise MethodError("serves", "must lie between 0 and 1")
    product: FloatArray = np.where(served == 0, 0.0, level[..., None, :] * served)
    return product
