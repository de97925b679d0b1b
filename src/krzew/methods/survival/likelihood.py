"""Cox's partial likelihood with late entry, strata and ties: one pass over the rows per evaluation.

Rows are sorted by stratum and from the longest follow-up to the shortest, so that risk sets only grow; those
who had not yet entered are taken out again by a second pointer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit

from ..record import BoolArray, FloatArray, IntArray
from .sample import Sample


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows in the order of the kernel. `order` maps them back; `late` lists them by stratum and entry, last
    entry first (empty without entry); a cell is one event time of one stratum."""

    order: IntArray
    x: FloatArray
    time: FloatArray
    event: BoolArray
    entry: FloatArray
    late: IntArray
    stratum: IntArray
    cell_time: FloatArray
    cell_stratum: IntArray
    deaths: FloatArray


def sort_rows(x: FloatArray, sample: Sample, stratum: IntArray) -> Rows:
    order = np.lexsort((-sample.time, stratum))
    time, event, block = sample.time[order], sample.event[order], stratum[order]
    entry = sample.entry[order]
    late = np.lexsort((-entry, block)) if sample.delayed else np.zeros(0, dtype=np.int64)
    at, of = time[event], block[event]
    first = np.ones(len(at), dtype=bool)
    first[1:] = (at[1:] != at[:-1]) | (of[1:] != of[:-1])
    deaths = np.diff(np.append(np.flatnonzero(first), len(at))).astype(np.float64)
    table = np.ascontiguousarray(x[order])
    return Rows(order, table, time, event, entry, late, block, at[first], of[first], deaths)


@dataclass(frozen=True, eq=False)
class Pass:
    """One evaluation: log-likelihood, score (p,), information (3, p, p) weighted by g^0, g^1, g^2; per cell the
    hazard (with the part `tied` that those with the event do not carry), its product with the mean, the mean."""

    value: float
    score: FloatArray
    information: FloatArray
    hazard: FloatArray
    hazard_mean: FloatArray
    tied: FloatArray
    tied_mean: FloatArray
    mean: FloatArray


def evaluate(rows: Rows, beta: FloatArray, efron: bool, g: FloatArray | None = None) -> Pass:
    """Everything that one pass yields, at `beta` (in the units of `rows.x`)."""
    eta = rows.x @ beta
    with np.errstate(over="ignore"):
        risk = np.exp(eta)
    y = np.column_stack([np.ones(len(eta)), rows.x])
    by = np.zeros(0) if g is None else g
    times = (rows.time, rows.event, rows.entry, rows.late, rows.stratum)
    value, score, lower, cells = _pass(y, eta, risk, *times, len(rows.deaths), efron, by)
    whole = (lower + np.tril(lower, -1).transpose(0, 2, 1))[:, 1:, 1:]
    plain, tied, mean = cells
    return Pass(value, score[1:], whole, plain[:, 0], plain[:, 1:], tied[:, 0], tied[:, 1:], mean[:, 1:])


@njit(cache=True)
def _move(y: FloatArray, weight: float, sums: FloatArray) -> None:
    """Put a row (1, x) into the moments of a risk set, or with a negative weight take it out."""
    for a in range(len(y)):
        u = weight * y[a]
        for b in range(a + 1):
            sums[a, b] += u * y[b]


@njit(cache=True, error_model="numpy")
def _step(
    sums: FloatArray,
    own: FloatArray,
    f: float,
    times: float,
    g: float,
    score: FloatArray,
    info: FloatArray,
    cell: FloatArray,
) -> float:
    """One event among d that share a time, with the share `f` of them already gone; its log-likelihood."""
    s0 = sums[0, 0] - f * own[0, 0]
    h = times / s0
    for a in range(len(score)):
        m = (sums[a, 0] - f * own[a, 0]) / s0
        cell[0, a] += m * h
        cell[1, a] += m * h * f
        cell[2, a] += m
        score[a] -= times * m
        for b in range(1, a + 1):
            v = (sums[a, b] - f * own[a, b]) / s0 - m * (sums[b, 0] - f * own[b, 0]) / s0
            info[0, a, b] += times * v
            info[1, a, b] += times * v * g
            info[2, a, b] += times * v * g * g
    return float(-times * np.log(s0))


@njit(cache=True, error_model="numpy")
def _pass(
    y: FloatArray,
    eta: FloatArray,
    risk: FloatArray,
    time: FloatArray,
    event: BoolArray,
    entry: FloatArray,
    late: IntArray,
    stratum: IntArray,
    cells: int,
    efron: bool,
    g: FloatArray,
) -> Any:
    n, p = y.shape
    value, score, info = 0.0, np.zeros(p), np.zeros((3, p, p))
    per_cell, cell = np.zeros((cells, 3, p)), 0
    sums, own = np.zeros((p, p)), np.zeros((p, p))
    i, out, held = 0, 0, 0
    while i < n:
        if i == 0 or stratum[i] != stratum[i - 1]:
            sums[:] = 0.0
            out, held = i, 0
        own[:] = 0.0
        j, d = i, 0
        while j < n and time[j] == time[i] and stratum[j] == stratum[i]:
            _move(y[j], risk[j], sums)
            if event[j]:
                _move(y[j], risk[j], own)
                value += eta[j]
                score += y[j]
                d += 1
            j += 1
        held += j - i
        while out < len(late) and stratum[late[out]] == stratum[i] and entry[late[out]] >= time[i]:
            _move(y[late[out]], -risk[late[out]], sums)
            out += 1
            held -= 1
        if held == 0:  # nobody at risk: leave no rounding behind
            sums[:] = 0.0
        steps, times = (d, 1.0) if efron else (min(d, 1), float(d))
        for step in range(steps):
            weight = g[cell] if len(g) else 0.0
            value += _step(sums, own, step / d, times, weight, score, info, per_cell[cell])
        if d:
            per_cell[cell, 2] /= steps
            cell += 1
        i = j
    return value, score, info, per_cell.transpose(1, 0, 2)


@njit(cache=True)
def concordant(
    eta_rank: IntArray, time: FloatArray, event: BoolArray, entry: FloatArray, late: IntArray, ranks: int
) -> Any:
    """Pairs that a model orders rightly, ties in its order, and all that can be compared.

    Rows from the longest follow-up to the shortest, one stratum; a Fenwick tree counts those at risk by rank.
    """
    tree = np.zeros(ranks + 1, dtype=np.int64)
    right, equal, pairs, held = 0, 0, 0, 0
    i, out, n = 0, 0, len(time)
    while i < n:
        j = i
        while j < n and time[j] == time[i]:
            if not event[j]:  # censored at the same time: still waiting a moment later
                held += _count(tree, eta_rank[j], 1)
            j += 1
        while out < len(late) and entry[late[out]] >= time[i]:
            if time[late[out]] > time[i]:
                held += _count(tree, eta_rank[late[out]], -1)
            out += 1
        for k in range(i, j):
            if event[k]:
                below, upto = _below(tree, eta_rank[k]), _below(tree, eta_rank[k] + 1)
                right += below
                equal += upto - below
                pairs += held
        for k in range(i, j):
            if event[k]:
                held += _count(tree, eta_rank[k], 1)
        i = j
    return right, equal, pairs


@njit(cache=True)
def _count(tree: IntArray, rank: int, sign: int) -> int:
    k = rank + 1
    while k < len(tree):
        tree[k] += sign
        k += k & -k
    return sign


@njit(cache=True)
def _below(tree: IntArray, rank: int) -> int:
    total, k = 0, rank
    while k > 0:
        total += tree[k]
        k -= k & -k
    return total
