"""Group-time effects of staggered adoption (Callaway and Sant'Anna 2021), without covariates.

Every wave is compared, from the period before it adopts, only with units that never adopt or have not adopted
yet. Two-way fixed effects would also use units that adopted earlier, and goes wrong when effects grow.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..record import BoolArray, FloatArray, IntArray
from .panel import NEVER, Panel


@dataclass(frozen=True, eq=False)
class GroupTime:
    """`effect` (m,) of wave `wave` (m,) in period `time` (m,), columns of the panel; `influence` (m, units);
    `weight` (m,) is the number of units of the wave. `dropped` pairs had nobody to compare with."""

    wave: IntArray
    time: IntArray
    effect: FloatArray
    influence: FloatArray
    weight: FloatArray
    dropped: int

    @property
    def event(self) -> IntArray:
        """Periods since adoption; negative before."""
        return self.time - self.wave


def group_time(panel: Panel, control: str) -> GroupTime:
    """All pairs of wave and period but the base period of each wave (the one before it adopts)."""
    y, units = panel.outcome, len(panel.wave)
    found, influences, dropped = [], [], 0
    for wave in panel.waves:
        own = panel.wave == wave
        for time in range(y.shape[1]):
            if time == wave - 1:
                continue
            others = panel.wave == NEVER
            if control == "not_yet":
                others |= panel.wave > max(time, wave)
            if not others.any():
                dropped += 1
                continue
            change = y[:, time] - y[:, wave - 1]
            means = change[own].mean(), change[others].mean()
            influence = np.zeros(units)
            influence[own] = (change[own] - means[0]) / own.sum()
            influence[others] -= (change[others] - means[1]) / others.sum()
            found.append((wave, time, means[0] - means[1], own.sum()))
            influences.append(influence)
    table = np.array(found, dtype=np.float64).reshape(-1, 4)
    wave_, time_ = table[:, 0].astype(np.int64), table[:, 1].astype(np.int64)
    influence_ = np.array(influences).reshape(-1, units)
    return GroupTime(wave_, time_, table[:, 2], influence_, table[:, 3], dropped)


def average(pairs: GroupTime, chosen: BoolArray) -> tuple[float, FloatArray]:
    """Mean effect of the chosen pairs, weighted by units, and its influence (units,)."""
    share = pairs.weight[chosen] / pairs.weight[chosen].sum()
    return float(share @ pairs.effect[chosen]), share @ pairs.influence[chosen]


def loads(panel: Panel, values: FloatArray, pairs: GroupTime, chosen: BoolArray, control: str) -> FloatArray:
    """Load (units, roles) with average = sum over units of load[unit, its role]; one role for each wave.

    The average of `values` (units, times) is linear in them, so regrouping units needs only such sums.
    """
    roles, sizes = np.unique(panel.wave, return_counts=True)
    table = np.zeros((len(roles), values.shape[1]))
    share = pairs.weight[chosen] / pairs.weight[chosen].sum()
    for part, wave, time in zip(share, pairs.wave[chosen], pairs.time[chosen], strict=True):
        others = (roles == NEVER) if control == "never" else (roles > max(time, wave))
        for rows, sign in ((roles == wave, part), (others, -part)):
            people = sizes[rows].sum()
            table[rows, time] += sign / people
            table[rows, wave - 1] -= sign / people
    return values @ table.T
