"""Scores as they come from a call, one row per reading, checked and put in an order of their own.

Rows are sorted by label, so the order in which they arrive changes nothing in a result, not even a bit.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..record import FloatArray, IntArray, MethodError, data_hash, finite_matrix

Labels = tuple[Hashable, ...]


@dataclass(frozen=True, eq=False)
class Scores:
    """Readings sorted by idea, then assessor; `value` is turned so that more is better.

    `idea_order` and `assessor_order` lead from the inner (sorted) order to the order of first appearance.
    """

    ideas: Labels
    assessors: Labels
    idea: IntArray
    assessor: IntArray
    value: FloatArray
    idea_order: IntArray
    assessor_order: IntArray
    higher_is_better: bool
    fingerprint: str

    @property
    def counts(self) -> IntArray:
        """Scores per idea, inner order."""
        return np.bincount(self.idea, minlength=len(self.ideas))

    @property
    def loads(self) -> IntArray:
        """Scores per assessor, inner order."""
        return np.bincount(self.assessor, minlength=len(self.assessors))

    @property
    def idea_names(self) -> list[str]:
        """Names of the ideas in the inner order, for messages."""
        return _inner(self.ideas, self.idea_order)

    @property
    def assessor_names(self) -> list[str]:
        return _inner(self.assessors, self.assessor_order)


def _inner(labels: Labels, order: IntArray) -> list[str]:
    names = [""] * len(labels)
    for label, row in zip(labels, order, strict=True):
        names[row] = str(label)
    return names


def read_scores(
    ideas: npt.ArrayLike, assessors: npt.ArrayLike, scores: npt.ArrayLike, higher_is_better: bool = True
) -> Scores:
    """Check three parallel columns. Raises `MethodError` for unequal lengths, figures that are not finite and
    an idea scored twice by one assessor."""
    value = finite_matrix("scores", _numbers(scores))
    if value.ndim != 1 or not len(value):
        raise MethodError("scores", f"must be one row of at least one number, not of shape {value.shape}")
    i, names_i, order_i = _coded("ideas", ideas, len(value))
    j, names_j, order_j = _coded("assessors", assessors, len(value))
    _refuse_repeats(i, j, names_i, names_j, order_i, order_j)
    sort = np.lexsort((j, i))
    i, j, value = i[sort], j[sort], value[sort] * (1.0 if higher_is_better else -1.0)
    inner = (_inner(names_i, order_i), _inner(names_j, order_j))
    fingerprint = data_hash(i, j, value, *inner, higher_is_better)
    return Scores(names_i, names_j, i, j, value, order_i, order_j, higher_is_better, fingerprint)


def _numbers(scores: npt.ArrayLike) -> npt.ArrayLike:
    try:
        return np.asarray(scores, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise MethodError("scores", f"must be numbers: {error}") from error


def _coded(name: str, labels: npt.ArrayLike, length: int) -> tuple[IntArray, Labels, IntArray]:
    """Rows of the sorted labels, the labels in order of first appearance, and where these are in the sorted."""
    array = np.asarray(labels)
    if array.shape != (length,):
        raise MethodError(name, f"needs one label for each of the {length} scores, not {array.shape}")
    missing = [x is None or x != x for x in array.tolist()]
    if any(missing):
        raise MethodError(name, "needs a label", str(missing.index(True)))
    keys = array.astype(str) if array.dtype == object else array
    _, first, codes = np.unique(keys, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    return codes.ravel().astype(np.int64), tuple(array[first[order]].tolist()), order.astype(np.int64)


def _refuse_repeats(
    i: IntArray, j: IntArray, ideas: Labels, assessors: Labels, order_i: IntArray, order_j: IntArray
) -> None:
    pair = i * len(assessors) + j
    _, first, counts = np.unique(pair, return_index=True, return_counts=True)
    if (counts > 1).any():
        row = int(first[np.argmax(counts > 1)])
        idea, assessor = _inner(ideas, order_i)[i[row]], _inner(assessors, order_j)[j[row]]
        rule = f"assessor {assessor} scored idea {idea} more than once: give one score, such as the mean"
        raise MethodError("scores", rule, str(row))


def check_scores(scores: Scores) -> None:
    """What no calibration can do without: two ideas, two assessors and scores that differ."""
    if len(scores.ideas) < 2:
        raise MethodError("ideas", "needs at least two ideas: there is nothing to rank")
    if len(scores.assessors) < 2:
        raise MethodError(
            "assessors", "needs at least two assessors: one alone cannot be told from the ideas' own level"
        )
    if np.ptp(scores.value) == 0:
        raise MethodError("scores", "are all equal: they say nothing on which idea is better")
