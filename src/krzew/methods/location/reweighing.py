"""Compiled local search for set covering: rows that stay uncovered gain weight (RWLS: Gao, Weise and Li 2015)."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def _flip(j, enters, row_ptr, row_of, col_ptr, col_of, inside, covered, weight, score, free):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Put column j in or out; keep the scores (weight won by a flip, negative for lost) of all it touches."""
    inside[j] = enters
    score[j] = -score[j]
    free[j] = enters
    for k in range(col_ptr[j], col_ptr[j + 1]):
        i = col_of[k]
        covered[i] += 1 if enters else -1
        for t in range(row_ptr[i], row_ptr[i + 1]):
            other = row_of[t]
            if other == j:
                continue
            free[other] = True
            if enters and covered[i] == 1:
                score[other] -= weight[i]
            elif (enters and covered[i] == 2 and inside[other]) or (not enters and covered[i] == 0):
                score[other] += weight[i]
            elif not enters and covered[i] == 1 and inside[other]:
                score[other] -= weight[i]


@njit(cache=True, nogil=True)
def _ahead(j, best, score, since):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Whether column j goes before `best`: more weight, then the longer unmoved."""
    return score[j] > score[best] or (score[j] == score[best] and since[j] < since[best])


@njit(cache=True, nogil=True)
def _worst(inside, score, since, banned):  # type: ignore[no-untyped-def]  # pragma: no cover
    """The column inside whose leaving costs least, of equal ones the oldest; -1 for none."""
    best = -1
    for j in range(len(inside)):
        if inside[j] and j != banned and (best < 0 or _ahead(j, best, score, since)):
            best = j
    return best


@njit(cache=True, nogil=True)
def _remedy(i, row_ptr, row_of, score, since, free):  # type: ignore[no-untyped-def]  # pragma: no cover
    """The column that wins most weight among those that cover row i, if possible one with changed neighbours."""
    best = row_of[row_ptr[i]]
    for t in range(row_ptr[i] + 1, row_ptr[i + 1]):
        j = row_of[t]
        if (free[j] and not free[best]) or (free[j] == free[best] and _ahead(j, best, score, since)):
            best = j
    return best


@njit(cache=True, nogil=True)
def _missing(covered, missing):  # type: ignore[no-untyped-def]  # pragma: no cover
    """How many rows are not covered; `missing` begins with them."""
    count = 0
    for i in range(len(covered)):
        if covered[i] == 0:
            missing[count] = i
            count += 1
    return count


@njit(cache=True, nogil=True)
def _blame(count, missing, covered, row_ptr, row_of, weight, score):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Rows that are still not covered weigh one more."""
    for k in range(count):
        i = missing[k]
        if covered[i] == 0:
            weight[i] += 1
            for t in range(row_ptr[i], row_ptr[i + 1]):
                score[row_of[t]] += 1


@njit(cache=True, nogil=True)
def reweigh(row_ptr, row_of, col_ptr, col_of, best, enough, draws):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Improve the cover `best` (columns,) in place until it has `enough` columns or the random numbers `draws`
    (steps,) in [0, 1) are used up."""
    rows, columns = len(row_ptr) - 1, len(col_ptr) - 1
    covered, weight, missing = np.zeros(rows, np.int64), np.ones(rows, np.int64), np.empty(rows, np.int64)
    score, since = np.zeros(columns, np.int64), np.zeros(columns, np.int64)
    inside, free = np.zeros(columns, np.bool_), np.ones(columns, np.bool_)
    for j in range(columns):
        score[j] = col_ptr[j + 1] - col_ptr[j]
    for j in range(columns):
        if best[j]:
            _flip(j, True, row_ptr, row_of, col_ptr, col_of, inside, covered, weight, score, free)
    added = -1
    for step in range(len(draws)):
        while _missing(covered, missing) == 0:
            best[:] = inside
            j = _worst(inside, score, since, -1)
            if best.sum() <= enough or j < 0:
                return
            _flip(j, False, row_ptr, row_of, col_ptr, col_of, inside, covered, weight, score, free)
            since[j] = step
        j = _worst(inside, score, since, added)
        if j >= 0:
            _flip(j, False, row_ptr, row_of, col_ptr, col_of, inside, covered, weight, score, free)
            since[j] = step
        count = _missing(covered, missing)
        added = _remedy(missing[int(draws[step] * count)], row_ptr, row_of, score, since, free)
        _flip(added, True, row_ptr, row_of, col_ptr, col_of, inside, covered, weight, score, free)
        since[added] = step
        _blame(count, missing, covered, row_ptr, row_of, weight, score)
