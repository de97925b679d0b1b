"""The same table published twice: what two releases tell together that neither tells alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import bmat, csr_matrix, identity

from ..record import FloatArray, IntArray, MethodError, Provenance, data_hash, stamp
from ..work import Progress, Stop, Work
from .attack import reach
from .protect import Protected


@dataclass(frozen=True, eq=False)
class Difference:
    """What an attacker works out from two releases, who knows by how much in all they can differ.

    `low` and `high` (2, *table) bound the cells of the first and the second release; `exposed` lists (release,
    cell number) of primary cells whose bounds are narrower than required; `small_changes` are numbers of cells
    published in both whose change is above zero and below the threshold: so few came or went.
    """

    ok: bool
    low: FloatArray
    high: FloatArray
    exposed: tuple[tuple[int, int], ...]
    small_changes: IntArray
    change: float
    cells: tuple[tuple[str, ...], ...]
    provenance: Provenance

    def explain(self, lang: str = "pl") -> tuple[str, ...]:
        """Plain sentences; raises `MethodError` for a language other than pl and en."""
        from .sentences import differenced

        return differenced(self, lang)


def difference(
    first: Protected,
    second: Protected,
    change: float | None = None,
    *,
    time_limit: float | None = None,
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> Difference:
    """Attack two releases of one table together.

    `change` is what the attacker knows: inner cells differ by at most so much in all (sum of absolute changes);
    the true sum unless given, which is the most that anyone can know of it. Protect the next release with
    `hide=first.suppressed` where this fails. Raises `MethodError` when the tables have other categories or
    differ by more than `change`.
    """
    if first.table.shape != second.table.shape or _labels(first) != _labels(second):
        raise MethodError("second", "must be a table with the same categories as the first")
    inner = [np.asarray(p.table.values, dtype=np.float64).ravel() for p in (first, second)]
    true = float(np.abs(inner[1] - inner[0]).sum())
    budget = true if change is None else float(change)
    if budget < true - 1e-9:
        raise MethodError("change", f"the tables differ by {true:g} in all", f"{budget:g}")
    whole = first.system.whole and second.system.whole
    leaves = np.arange(first.published.size).reshape(first.table.shape)
    leaves = leaves[tuple(slice(n) for n in np.shape(first.table.values))].ravel()
    equations, published = _joined(first, second, leaves, budget)
    found = reach(equations, published, whole, work=Work(time_limit, progress, stop))
    size = first.published.size
    low, high = (a[: 2 * size].reshape(2, *first.table.shape) for a in (found.low, found.high))
    exposed = tuple(
        (r, int(c)) for r, p in enumerate((first, second)) for c in _tight(p, low[r].ravel(), high[r].ravel())
    )
    apart = np.abs(second.published - first.published).ravel()
    few = np.flatnonzero((apart > 0) & (apart < (first.rules.threshold or 0)))
    origin = stamp("suppression.difference", None, data_hash(published), {"change": budget, "whole": whole})
    named = tuple(first.table.cell(c) for _, c in exposed)
    return Difference(not exposed, low, high, exposed, few, budget, named, origin)


def _labels(protected: Protected) -> list[tuple[tuple[int, str], ...]]:
    return [axis.labels for axis in protected.table.axes]


def _joined(
    first: Protected, second: Protected, leaves: IntArray, budget: float
) -> tuple[csr_matrix, FloatArray]:
    """Both tables' sums, and: what came and what went, inner cell by inner cell, is at most the budget."""
    one, two = first.published.ravel(), second.published.ravel()
    open_ = leaves[np.isnan(one[leaves]) | np.isnan(two[leaves])]
    both = np.setdiff1d(leaves, open_)
    left = max(budget - float(np.abs(two[both] - one[both]).sum()), 0.0)
    n, m = len(one), len(open_)
    pick = csr_matrix((np.ones(m), (np.arange(m), open_)), shape=(m, n))
    same, ones = identity(m), np.ones((1, m))
    sums = first.table.equations(), second.table.equations()
    rows = [
        [sums[0], None, None, None, None],
        [None, sums[1], None, None, None],
        [-pick, pick, -same, same, None],
        [csr_matrix((1, n)), csr_matrix((1, n)), ones, ones, np.array([[1.0, -1.0]])],
    ]
    unknown = np.full(2 * m + 1, np.nan)
    return csr_matrix(bmat(rows)), np.concatenate([one, two, unknown, [left]])


def _tight(protected: Protected, low: FloatArray, high: FloatArray) -> IntArray:
    """Primary cells that lie within narrower bounds than required."""
    required_low, required_high = protected.required_low.ravel(), protected.required_high.ravel()
    primary = protected.primary.ravel()
    slack = 1e-6 * np.maximum(np.abs(np.where(primary, required_high, 0.0)), 1.0)
    return np.flatnonzero(primary & ((low > required_low + slack) | (high < required_high - slack)))
