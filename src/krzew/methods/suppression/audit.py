"""The check before publication: an attacker who has only the published figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..record import BoolArray, FloatArray, IntArray, MethodError, Provenance, data_hash, stamp
from ..work import Progress, Stop, Work
from .attack import reach
from .table import System

if TYPE_CHECKING:
    from .protect import Protected

KNOWS = ("figures", "rule", "reasons")


@dataclass(frozen=True, eq=False)
class Audit:
    """What an attacker works out. `low` and `high` (cells as in the table audited; of all cells of the system
    inside the library) bound each hidden cell; `exposed` are the numbers of cells whose bounds are narrower
    than required, `recovered` those of hidden cells known exactly. `ok` when none is exposed."""

    ok: bool
    low: FloatArray
    high: FloatArray
    exposed: IntArray
    recovered: IntArray
    hidden: int
    knows: str
    provenance: Provenance
    cells: tuple[tuple[str, ...], ...] = ()

    def explain(self, lang: str = "pl") -> tuple[str, ...]:
        """Plain sentences; raises `MethodError` for a language other than pl and en."""
        from .sentences import audited

        return audited(self, lang)


def audit(
    protected: Protected,
    *,
    knows: str = "figures",
    time_limit: float | None = None,
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> Audit:
    """Attack a protected table (and those linked with it) with what was published.

    The attacker knows the published figures, that counts are whole and nothing is negative. Who `knows` the
    "rule" knows too that a hidden count is not zero (zeros are published); who knows the "reasons" knows which
    hidden counts are below the threshold. The first is what `protect` guards against; the others show what
    more such knowledge gives away: there only cells known exactly count as exposed.
    """
    if knows not in KNOWS:
        raise MethodError("knows", "must be figures, rule or reasons", knows)
    view = _view(protected)
    if knows != "figures" and not protected.system.whole:
        raise MethodError("knows", "only counts have a rule that tells more", knows)
    low, high = _knowledge(protected, knows)
    work = Work(time_limit, progress, stop)
    found = audit_system(protected.system, protected.everything, protected.required, work, (low, high), knows)
    shape = protected.table.shape
    inside = {int(cell): i for i, cell in enumerate(view.tolist())}
    exposed = np.array([inside[c] for c in found.exposed.tolist() if c in inside], dtype=np.int64)
    recovered = np.array([inside[c] for c in found.recovered.tolist() if c in inside], dtype=np.int64)
    named = tuple(protected.table.cell(i) for i in exposed.tolist())
    bounds = (found.low[view].reshape(shape), found.high[view].reshape(shape))
    hidden = int(np.isnan(protected.published).sum())
    return Audit(not len(exposed), *bounds, exposed, recovered, hidden, knows, found.provenance, named)


def audit_system(
    system: System,
    published: FloatArray,
    required: tuple[FloatArray, FloatArray],
    work: Work,
    known: tuple[FloatArray | None, FloatArray | None] = (None, None),
    knows: str = "figures",
) -> Audit:
    """The attack on all cells of a system, flat."""
    found = reach(system.equations, published, system.whole, *known, work)
    hidden = np.isnan(published)
    exact = hidden & (found.high - found.low < 1e-6)
    slack = 1e-6 * np.maximum(np.abs(np.nan_to_num(required[1], neginf=0.0)), 1.0)
    tight = np.isfinite(required[0]) & (
        (found.low > required[0] + slack) | (found.high < required[1] - slack)
    )
    tight |= np.isfinite(required[0]) & ~hidden
    exposed = np.flatnonzero(tight if knows == "figures" else exact & np.isfinite(required[0]))
    origin = stamp("suppression.audit", None, data_hash(published), {"knows": knows, "whole": system.whole})
    return Audit(
        not len(exposed),
        found.low,
        found.high,
        exposed,
        np.flatnonzero(exact),
        int(hidden.sum()),
        knows,
        origin,
    )


def _view(protected: Protected) -> IntArray:
    for view in protected.system.views:
        if len(view) == protected.published.size:
            figures = protected.everything[view].reshape(protected.published.shape)
            if np.array_equal(figures, protected.published, equal_nan=True):
                return view
    raise MethodError("protected", "does not hold the figures that were protected together")


def _knowledge(protected: Protected, knows: str) -> tuple[FloatArray | None, FloatArray | None]:
    if knows == "figures":
        return None, None
    rules, size = protected.rules, len(protected.everything)
    low = np.full(size, 1.0 if rules.zeros == "safe" else 0.0)
    high = np.full(size, np.inf)
    if knows == "reasons" and rules.threshold is not None:
        sensitive: BoolArray = np.isfinite(protected.required[0])
        hidden = np.isnan(protected.everything)
        high[sensitive] = np.ceil(rules.threshold) - 1
        low[hidden & ~sensitive] = rules.threshold
    return low, high
