"""Which cells must not be published, and how wide the guess about each must stay."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..record import BoolArray, FloatArray, MethodError
from .table import Table

COUNT_SHARE = 0.1
"""How far, as a share of its value, a cell of money with too few contributors must stay open each way."""


@dataclass(frozen=True, eq=False)
class Sensitive:
    """Cells that must be hidden; a reader's lowest guess must be at most `low`, the highest at least `high`."""

    mask: BoolArray
    low: FloatArray
    high: FloatArray


@dataclass(frozen=True)
class Rules:
    """Rules of disclosure control.

    `threshold`: a count above zero and below it is sensitive (for money: the number of contributors).
    `p_percent`: sensitive when the second largest contributor can estimate the largest to within p percent.
    `dominance` (n, k): sensitive when the n largest hold more than k percent. `zeros` "safe" publishes zeros,
    "disclosive" hides them as small counts. `protection`: how far each side must stay open (counted from the
    figure), instead of the default of the rule.
    """

    threshold: float | None = 10
    p_percent: float | None = None
    dominance: tuple[int, float] | None = None
    zeros: str = "safe"
    protection: float | None = None

    def __post_init__(self) -> None:
        if self.threshold is not None and not self.threshold > 0:
            raise MethodError("threshold", "must be above 0", str(self.threshold))
        if self.p_percent is not None and not self.p_percent > 0:
            raise MethodError("p_percent", "must be above 0", str(self.p_percent))
        if self.dominance is not None:
            n, k = self.dominance
            if n < 1 or not 0 < k < 100:
                raise MethodError("dominance", "must be (n of at least 1, k between 0 and 100)", f"{n}, {k}")
        if self.zeros not in ("safe", "disclosive"):
            raise MethodError("zeros", "must be safe or disclosive", self.zeros)
        if self.protection is not None and not self.protection > 0:
            raise MethodError("protection", "must be above 0", str(self.protection))

    def sensitive(self, table: Table) -> Sensitive:
        """Sensitive cells of one table, totals among them; flat, in the order of `full().ravel()`."""
        values = table.full().ravel()
        if table.largest is None and table.contributors is None:
            if self.p_percent is not None or self.dominance is not None:
                raise MethodError("largest", "these rules need the largest contributions to each cell")
            mask, low, high = self._counts(values)
        else:
            mask, low, high = self._money(table, values)
        if self.protection is not None:
            low, high = np.maximum(values - self.protection, 0.0), values + self.protection
        return Sensitive(mask, np.where(mask, low, np.inf), np.where(mask, high, -np.inf))

    def _counts(self, values: FloatArray) -> tuple[BoolArray, FloatArray, FloatArray]:
        """Whoever sees the table must not be able to tell one person from enough to be published."""
        limit = self.threshold or 0.0
        least = -1.0 if self.zeros == "disclosive" else 0.0
        mask = (values > least) & (values < limit)
        return mask, np.minimum(values, 1.0), np.full(len(values), limit)

    def _money(self, table: Table, values: FloatArray) -> tuple[BoolArray, FloatArray, FloatArray]:
        reach = np.zeros(len(values))
        if self.threshold is not None and table.contributors is not None:
            count = table.summed(np.asarray(table.contributors, dtype=np.float64)).ravel()
            few = (count > 0) & (count < self.threshold)
            reach = np.where(few, COUNT_SHARE * values, reach)
        if self.p_percent is not None:
            top = _top(table, 2)
            rest = values - top[0] - top[1]
            reach = np.maximum(reach, self.p_percent / 100 * top[0] - rest)
        if self.dominance is not None:
            n, k = self.dominance
            reach = np.maximum(reach, 100 / k * _top(table, n)[:n].sum(axis=0) - values)
        mask = reach > 1e-9 * np.maximum(values, 1.0)
        if self.zeros == "disclosive":
            positive = values[values > 0]
            mask |= values == 0
            reach = np.where(values == 0, COUNT_SHARE * (positive.min() if positive.size else 1.0), reach)
        return mask, np.maximum(values - reach, 0.0), values + reach


def _top(table: Table, count: int) -> FloatArray:
    """The largest contributions to every cell, totals among them, shape (at least count, cells); every
    contributor is taken to be in one inner cell."""
    if table.largest is None:
        raise MethodError("largest", "the rule needs the largest contributions to each cell")
    top = np.asarray(table.largest, dtype=np.float64)
    if len(top) < count:
        raise MethodError("largest", f"the rule needs the {count} largest contributions", str(len(top)))
    if (top.sum(axis=0) > np.asarray(table.values) * (1 + 1e-9)).any():
        raise MethodError("largest", "must not add up to more than the cell holds")
    top = -np.sort(-top, axis=0)[:count]
    for d, axis in enumerate(table.axes):
        moved = np.moveaxis(top, d + 1, 1)
        rows = np.split(axis.members.indices, axis.members.indptr[1:-1])
        merged = [_merged(moved[:, inside]) for inside in rows]
        top = np.moveaxis(np.stack(merged, axis=1), 1, d + 1)
    flat: FloatArray = top.reshape(count, -1)
    return flat


def _merged(parts: FloatArray) -> FloatArray:
    """The largest of several cells' largest, shape (count, cells, …) to (count, …)."""
    count = len(parts)
    together = parts.reshape(-1, *parts.shape[2:])
    largest: FloatArray = -np.sort(-together, axis=0)[:count]
    return largest
