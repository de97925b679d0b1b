"""Which sets are contained in others: candidates and clients that need no attention."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix

from ..record import BoolArray, IntArray

SPARSE = 0.05
"""Above this share of pairs a full table is faster."""


def contained(table: BoolArray) -> BoolArray:
    """(columns,) whether another column holds all that this one holds; of equal ones the first stays."""
    one, other, equal = _inclusions(table.T)
    result = np.zeros(table.shape[1], dtype=bool)
    result[one[~equal | (other < one)]] = True
    empty = np.flatnonzero(~table.any(axis=0))
    result[empty[int(len(empty) == table.shape[1]) :]] = (
        True  # of empty ones one stays if there is nothing else
    )
    return result


def containing(table: BoolArray) -> BoolArray:
    """(rows,) whether this row holds all of another one, so that serving that one serves it too."""
    one, other, equal = _inclusions(table)
    result = np.zeros(len(table), dtype=bool)
    result[other[~equal | (one < other)]] = True
    return result


def _inclusions(sets: BoolArray) -> tuple[IntArray, IntArray, BoolArray]:
    """Pairs of rows, the first contained in the second, and whether they are equal; empty ones are left out."""
    rows = csr_matrix(sets, dtype=np.float32)
    size = np.diff(rows.indptr)
    if rows.nnz > SPARSE * sets.size:
        dense = sets.astype(np.float32)
        common = coo_matrix(dense @ dense.T)
    else:
        common = (rows @ rows.T).tocoo()
    inside = (common.data == size[common.row]) & (common.row != common.col)
    one, other = common.row[inside].astype(np.int64), common.col[inside].astype(np.int64)
    return one, other, size[one] == size[other]
