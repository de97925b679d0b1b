"""Monotone likelihood: some mix of covariates puts every event above all who outlast it, so its coefficient would
run away to infinity. Found exactly, by a linear programme over the directions."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, hstack, vstack

from ..record import FloatArray, IntArray
from .likelihood import Rows, evaluate

LARGEST = 4_000_000
"""Entries of the programme beyond which late entry makes it too large to write down."""
TOLERANCE = 1e-5


def separating(rows: Rows) -> FloatArray | None:
    """A direction b (p,), largest entry 1, in which each event is at or above everybody then at risk and once
    strictly above; None where there is none (or where the programme would be too large).

    The programme has b and, per event time, the top m of b'x in the risk set: b'x <= m for all at risk,
    b'x >= m for the events. It maximises the score at zero along b, which is positive only if something is
    strict. Source: Bryson and Johnson, Technometrics 23 (1981) 381-383, on when the maximum exists.
    """
    p, cells = rows.x.shape[1], len(rows.deaths)
    x = rows.x / np.maximum(np.abs(rows.x).max(axis=0), 1e-300)
    cell, row, chain = _members(rows)
    if len(row) * (p + 1) > LARGEST:
        return None
    happened, at = np.flatnonzero(rows.event), np.repeat(np.arange(cells), rows.deaths.astype(np.int64))
    parts = [
        hstack([csr_matrix(x[row]), -_pick(cell, cells)]),
        hstack([csr_matrix(-x[happened]), _pick(at, cells)]),
        hstack([csr_matrix((len(chain), p)), _pick(chain - 1, cells) - _pick(chain, cells)]),
    ]
    table = vstack(parts).tocsr()
    score = evaluate(rows, np.zeros(p), efron=False).score / np.maximum(np.abs(rows.x).max(axis=0), 1e-300)
    bounds = [(-1, 1)] * p + [(None, None)] * cells
    solved = linprog(np.append(-score, np.zeros(cells)), table, np.zeros(table.shape[0]), bounds=bounds)
    if solved.x is None or -solved.fun < TOLERANCE:
        return None
    found: FloatArray = solved.x[:p]
    found /= np.abs(found).max()
    return found


def _members(rows: Rows) -> tuple[IntArray, IntArray, IntArray]:
    """Pairs (cell, row at risk), and the cells whose risk set holds that of the cell before.

    Without late entry risk sets are nested, so each row is written once; with it, all pairs are.
    """
    cells = np.arange(len(rows.deaths))
    if len(rows.late):
        inside = [
            np.flatnonzero((rows.stratum == s) & (rows.time >= t) & (rows.entry < t))
            for s, t in zip(rows.cell_stratum, rows.cell_time, strict=True)
        ]
        return np.repeat(cells, [len(i) for i in inside]), np.concatenate(inside), cells[:0]
    cell = np.full(len(rows.time), -1)
    for c in cells[::-1]:  # the earliest cell of each row is overwritten by its latest
        cell[(rows.stratum == rows.cell_stratum[c]) & (rows.time >= rows.cell_time[c])] = c
    row = np.flatnonzero(cell >= 0)
    chain = cells[1:][rows.cell_stratum[1:] == rows.cell_stratum[:-1]]
    return cell[row], row, chain


def _pick(column: IntArray, width: int) -> csr_matrix:
    return csr_matrix((np.ones(len(column)), (np.arange(len(column)), column)), shape=(len(column), width))
