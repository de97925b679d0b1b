"""What may be published: small or revealing cells hidden, and enough others that sums do not give them away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..record import BoolArray, FloatArray, MethodError, Provenance, data_hash, stamp
from ..work import Progress, Stop, Work
from .audit import Audit, audit_system
from .exact import Best, exact
from .pattern import Task, fast
from .rules import Rules, Sensitive
from .table import System, Table, as_table, system_of

SMALL = 200
"""So many cells at most are solved to the proved optimum when no method is asked for."""

SECONDS = 10.0
"""How long the proof may take when no method and no time limit are given."""

METHODS = ("auto", "optimal", "fast")
LOSSES = ("log", "cells", "values")


@dataclass(frozen=True, eq=False)
class Protected:
    """One table ready to be published; arrays have the shape of the table with its groups and totals.

    `published` is NaN where hidden; `reason` is "", "primary" or "complementary" (for the office alone: who
    knows which cells were small knows more). `low` and `high` are what a reader can work out, at most
    `required_low` and at least `required_high` for primary cells. `objective` is the cost of everything hidden
    in all tables protected together, `bound` lies under the cost of every safe pattern.
    """

    table: Table
    published: FloatArray
    suppressed: BoolArray
    reason: npt.NDArray[np.str_]
    low: FloatArray
    high: FloatArray
    required_low: FloatArray
    required_high: FloatArray
    objective: float
    bound: float
    proved: bool
    method: str
    rules: Rules
    system: System
    everything: FloatArray
    required: tuple[FloatArray, FloatArray]
    provenance: Provenance

    @property
    def primary(self) -> BoolArray:
        """Cells hidden for their own sake."""
        return np.asarray(self.reason == "primary")

    @property
    def complementary(self) -> BoolArray:
        """Cells hidden so that others cannot be worked out."""
        return np.asarray(self.reason == "complementary")

    @property
    def intervals(self) -> FloatArray:
        """Least and greatest possible value of each cell, shape (*table, 2)."""
        return np.stack([self.low, self.high], axis=-1)

    @property
    def gap(self) -> float:
        """How far the cost may be from the least possible, as a share; 0 when proved."""
        return 0.0 if self.proved or not self.objective else 1 - self.bound / self.objective

    @property
    def lost(self) -> dict[str, float]:
        """Information lost: numbers of cells hidden, and the share of inner cells and of their sum."""
        inner = self.suppressed[tuple(slice(n) for n in np.shape(self.table.values))]
        values = np.asarray(self.table.values)
        total = float(values.sum())
        return {
            "primary": int(self.primary.sum()),
            "complementary": int(self.complementary.sum()),
            "cells": float(self.suppressed.mean()),
            "inner_cells": float(inner.mean()),
            "inner_sum": float(values[inner].sum()) / total if total else 0.0,
        }

    def masked(self) -> list[object]:
        """The published figures as nested lists with None where hidden, ready for JSON."""
        return np.where(self.suppressed, None, self.published).tolist()  # type: ignore[no-any-return, call-overload]

    def explain(self, lang: str = "pl") -> tuple[str, ...]:
        """Plain sentences; raises `MethodError` for a language other than pl and en."""
        from .sentences import protected

        return protected(self, lang)


def protect(
    table: Table | npt.ArrayLike,
    threshold: float | None = 10,
    *,
    p_percent: float | None = None,
    dominance: tuple[int, float] | None = None,
    zeros: str = "safe",
    protection: float | None = None,
    margins: str = "add",
    loss: str = "log",
    hide: npt.ArrayLike | None = None,
    keep: npt.ArrayLike | None = None,
    method: str = "auto",
    time_limit: float | None = None,
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> Protected:
    """Hide the sensitive cells of a table and as little else as keeps them from being worked out.

    `table` holds inner cells, up to three dimensions; groups and totals are added (with margins "included" an
    array ends with its totals). Counts above zero and below `threshold` are sensitive; a reader must not be
    able to tell a sensitive count from 1 nor from `threshold`. For money see `Rules`. `hide` (shape as
    published) are cells hidden in any case, such as those of an earlier release; `keep` cells published in any
    case. `loss` is what hiding a cell costs: 1 + ln(1 + value) ("log"), 1 ("cells") or its value. `method` is
    "optimal" (proved, by Fischetti and Salazar), "fast", or "auto": proved up to 200 cells.

    Raises `MethodError` for bad input and when `keep` leaves no way to protect a cell.
    """
    given = as_table(table, margins)
    rules = Rules(threshold, p_percent, dominance, zeros, protection)
    masks = [_mask(name, mask, given.shape) for name, mask in (("hide", hide), ("keep", keep))]
    work = Work(_limit(method, time_limit), progress, stop)
    return _solved([given], rules, loss, masks[0], masks[1], method, work)[0]


def protect_linked(
    tables: Sequence[Table],
    threshold: float | None = 10,
    *,
    p_percent: float | None = None,
    dominance: tuple[int, float] | None = None,
    zeros: str = "safe",
    protection: float | None = None,
    loss: str = "log",
    method: str = "auto",
    time_limit: float | None = None,
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> tuple[Protected, ...]:
    """Protect several tables that share totals, together: a total hidden in one is hidden in all.

    Cells with the same categories of the same named dimensions are one cell. Else as `protect`. Raises
    `MethodError` when shared cells differ.
    """
    if not tables:
        raise MethodError("tables", "needs at least one table")
    rules = Rules(threshold, p_percent, dominance, zeros, protection)
    work = Work(_limit(method, time_limit), progress, stop)
    return _solved(list(tables), rules, loss, None, None, method, work)


def _limit(method: str, time_limit: float | None) -> float | None:
    if method not in METHODS:
        raise MethodError("method", "must be auto, optimal or fast", method)
    return SECONDS if method == "auto" and time_limit is None else time_limit


def _mask(name: str, mask: npt.ArrayLike | None, shape: tuple[int, ...]) -> BoolArray | None:
    if mask is None:
        return None
    array = np.asarray(mask)
    if array.shape != shape or array.dtype != bool:
        raise MethodError(name, f"must be true or false for each cell as published, shape {shape}")
    return array.ravel()


def _solved(
    tables: list[Table],
    rules: Rules,
    loss: str,
    hide: BoolArray | None,
    keep: BoolArray | None,
    method: str,
    work: Work,
) -> tuple[Protected, ...]:
    system = system_of(tables)
    sensitive = _together(system, [rules.sensitive(table) for table in tables])
    task = _task(system, sensitive, rules, _weights(system.values, loss), hide, keep)
    best, used = _best(task, method, work)
    published = np.where(best.hidden, np.nan, system.values)
    required = (sensitive.low, sensitive.high)
    checked = audit_system(system, published, required, Work())
    if not checked.ok:
        raise MethodError("table", "could not be protected: the check found a cell that can be worked out")
    needless = best.hidden & ~task.must & (checked.low == checked.high)
    published[needless] = system.values[needless]  # whoever can work it out may as well read it
    parameters = {"loss": loss, "method": used, **{k: v for k, v in vars(rules).items() if v is not None}}
    hashed = data_hash(
        *(np.asarray(t.values) for t in tables), *(repr(t.hierarchies) for t in tables), hide, keep
    )
    origin = stamp("suppression", None, hashed, parameters)
    objective = float(task.weights[np.isnan(published)].sum())
    shared: dict[str, Any] = {
        "objective": objective,
        "bound": min(best.bound, objective),
        "proved": best.proved,
        "method": used,
        "rules": rules,
        "system": system,
        "everything": published,
        "required": required,
        "provenance": origin,
    }
    return tuple(
        Protected(table, **_shown(table.shape, view, sensitive, published, checked), **shared)
        for table, view in zip(tables, system.views, strict=True)
    )


def _shown(
    shape: tuple[int, ...],
    view: npt.NDArray[np.int64],
    sensitive: Sensitive,
    published: FloatArray,
    checked: Audit,
) -> dict[str, Any]:
    """What concerns the cells of one table, in its shape."""
    hidden = np.isnan(published)
    reason = np.where(hidden & sensitive.mask, "primary", np.where(hidden, "complementary", ""))
    cells: dict[str, npt.NDArray[Any]] = {
        "published": published,
        "suppressed": hidden,
        "reason": reason,
        "low": checked.low,
        "high": checked.high,
        "required_low": sensitive.low,
        "required_high": sensitive.high,
    }
    return {name: array[view].reshape(shape) for name, array in cells.items()}


def _together(system: System, found: list[Sensitive]) -> Sensitive:
    """Rules of all tables on the cells of the system; the stricter where two differ."""
    size = len(system.values)
    mask, low, high = np.zeros(size, dtype=bool), np.full(size, np.inf), np.full(size, -np.inf)
    for own, view in zip(found, system.views, strict=True):
        mask[view] |= own.mask
        low[view], high[view] = np.minimum(low[view], own.low), np.maximum(high[view], own.high)
    return Sensitive(mask, low, high)


def _weights(values: FloatArray, loss: str) -> FloatArray:
    if loss not in LOSSES:
        raise MethodError("loss", "must be log, cells or values", loss)
    if loss == "cells":
        return np.ones(len(values))
    return 1 + np.log1p(values) if loss == "log" else np.maximum(values, 1e-6 * max(values.max(), 1.0))


def _task(
    system: System,
    sensitive: Sensitive,
    rules: Rules,
    weights: FloatArray,
    hide: BoolArray | None,
    keep: BoolArray | None,
) -> Task:
    must = sensitive.mask | (False if hide is None else hide)
    never = (system.values == 0) & ~must if rules.zeros == "safe" else np.zeros(len(must), dtype=bool)
    if keep is not None:
        if (keep & must).any():
            raise MethodError("keep", "asks for a cell that must be hidden", str(int(np.argmax(keep & must))))
        never = never | keep
    cells = np.flatnonzero(sensitive.mask)
    amounts = np.concatenate(
        [sensitive.high[cells] - system.values[cells], system.values[cells] - sensitive.low[cells]]
    )
    both, sign = np.tile(cells, 2), np.repeat([1.0, -1.0], len(cells))
    real = amounts > 1e-9
    values, equations = system.values, system.equations
    return Task(
        values,
        equations,
        weights,
        must,
        never,
        both[real],
        sign[real],
        amounts[real],
        system.whole,
        system.network,
    )


def _best(task: Task, method: str, work: Work) -> tuple[Best, str]:
    hidden = fast(task, work)
    floor = float(task.weights[task.must].sum())
    objective = float(task.weights[hidden].sum())
    if method == "fast" or (method == "auto" and len(task.values) > SMALL):
        return Best(hidden, objective, floor, objective <= floor + 1e-9), "fast"
    return exact(task, hidden, work), "optimal"
