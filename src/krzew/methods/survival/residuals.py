"""What a fitted Cox model leaves: baseline hazard, martingale and score residuals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..record import FloatArray, IntArray, MethodError
from .likelihood import Pass, Rows


@dataclass(frozen=True, eq=False)
class Baseline:
    """Hazard of a person with average covariates: event times (k,), with `stratum` (k,) where there are strata;
    increments, their sum within the stratum, and the share without the event."""

    time: FloatArray
    stratum: IntArray
    hazard: FloatArray
    cumulative_hazard: FloatArray

    @property
    def survival(self) -> FloatArray:
        return np.exp(-self.cumulative_hazard)

    def at(self, times: npt.ArrayLike) -> FloatArray:
        """Cumulative hazard at given times."""
        if len(self.stratum) and self.stratum.min() != self.stratum.max():
            raise MethodError("times", "each stratum has a baseline of its own: read it from the arrays")
        before = np.append(0.0, self.cumulative_hazard)
        return np.asarray(before[np.searchsorted(self.time, np.asarray(times, dtype=float), side="right")])


def baseline(rows: Rows, final: Pass) -> Baseline:
    """Efron's (or Breslow's) estimate, as the ties were treated in the model."""
    order = np.lexsort((rows.cell_time, rows.cell_stratum))
    block, hazard = rows.cell_stratum[order], final.hazard[order]
    total = np.cumsum(hazard)
    first = np.flatnonzero(np.append(True, block[1:] != block[:-1]))
    offset = np.repeat(np.append(0.0, total)[first], np.diff(np.append(first, len(block))))
    return Baseline(rows.cell_time[order], block, hazard, total - offset)


def _cells_upto(rows: Rows, times: FloatArray) -> IntArray:
    """Index into sums over the cells in order of (stratum, time): how many lie at or before each row's time."""
    order = np.lexsort((rows.cell_time, rows.cell_stratum))
    time, block = rows.cell_time[order], rows.cell_stratum[order]
    found = np.zeros(len(times), dtype=np.int64)
    for stratum in np.unique(rows.stratum):
        own = rows.stratum == stratum
        low, high = np.searchsorted(block, stratum, "left"), np.searchsorted(block, stratum, "right")
        found[own] = low + np.searchsorted(time[low:high], times[own], "right")
    return found


def _carried(rows: Rows, per_cell: FloatArray) -> FloatArray:
    """The sum over the event times that each row was at risk for: entry < t <= time."""
    order = np.lexsort((rows.cell_time, rows.cell_stratum))
    total = np.concatenate([np.zeros((1, per_cell.shape[1])), np.cumsum(per_cell[order], axis=0)])
    return np.asarray(total[_cells_upto(rows, rows.time)] - total[_cells_upto(rows, rows.entry)])


def _cell_of_events(rows: Rows) -> IntArray:
    return np.repeat(np.arange(len(rows.deaths)), rows.deaths.astype(np.int64))


def martingale(rows: Rows, final: Pass, beta: FloatArray) -> FloatArray:
    carried = _carried(rows, final.hazard[:, None])[:, 0]
    carried[rows.event] -= final.tied[_cell_of_events(rows)]
    left = rows.event - np.exp(rows.x @ beta) * carried
    out = np.empty(len(left))
    out[rows.order] = left
    return out


def score_residuals(rows: Rows, final: Pass, beta: FloatArray) -> FloatArray:
    """What each row adds to the score (n, p), in the order of `rows`; they add up to the score, zero.

    With Efron's ties those who have the event together carry only a part of each step of the hazard.
    """
    both = _carried(rows, np.column_stack([final.hazard, final.hazard_mean]))
    cell, event = _cell_of_events(rows), rows.event
    both[event] -= np.column_stack([final.tied, final.tied_mean])[cell]
    out = -np.exp(rows.x @ beta)[:, None] * (rows.x * both[:, :1] - both[:, 1:])
    out[event] += rows.x[event] - final.mean[cell]
    return np.asarray(out)
