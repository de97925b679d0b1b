"""A better plan: round the relaxation, then free a few hundred pairs at a time and let HiGHS arrange them anew.

Large neighbourhood search (Shaw 1998; Pisinger and Ropke 2010). Each round frees two sets of pairs that do not
overlap, divides the slack of the envelopes that both touch, and solves the two parts wherever the executor
runs. The answers depend on the seed and the round, not on how many workers there are.
"""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import replace
from typing import Any

import numpy as np

from ..record import FloatArray, IntArray
from ..work import Work, spread
from .greedy import fill, shares
from .instance import Instance
from .milp import Part, solve_part
from .neighbourhoods import Neighbourhoods
from .relax import Relaxed

LANES = 2
"""Parts solved side by side; a fixed number, so that the number of workers changes nothing."""
PART_GAP = 1e-3
NODES, CORE_NODES = 50, 80
"""Nodes of a part without a time limit: work that does not depend on the clock."""
CORE_LONGER = 2.5
"""The core has so many times the seconds of another part."""
THRESHOLDS = (0.9, 0.7, 0.5, 0.3)


def rounded(instance: Instance, relaxed: Relaxed) -> IntArray:
    """The best of a few schedules that take over the clear starts of the relaxation and fill up greedily."""
    jump = relaxed.share.copy()
    jump[:, 1:] -= relaxed.share[:, :-1]
    price = shares(instance, 0.1)
    plans = [fill(instance, _clear(instance, jump, at_least), price) for at_least in THRESHOLDS]
    return max(plans, key=instance.value)


def _clear(instance: Instance, jump: FloatArray, at_least: float) -> IntArray:
    """Starts of at least this share, the clearest first, as far as they fit."""
    start = np.full(instance.pairs, instance.years)
    left, use = instance.room.copy(), instance.use
    equity = instance.rows.equity
    left[equity] = np.inf  # weak places may come later; the excess is dropped below
    for q in np.argsort(-jump, axis=None, kind="stable"):
        p, t = divmod(int(q), instance.years)
        if jump[p, t] < at_least:
            break
        rows, amounts = (part[use.indptr[q] : use.indptr[q + 1]] for part in (use.indices, use.data))
        if start[p] == instance.years and (amounts <= left[rows]).all():
            start[p] = t
            left[rows] -= amounts
    return _fair(instance, start, jump)


def _fair(instance: Instance, start: IntArray, jump: FloatArray) -> IntArray:
    """Drop the least clear starts outside the weak places until the weak have their share."""
    elsewhere = np.flatnonzero((start < instance.years) & ~instance.weak)
    doubtful = elsewhere[np.argsort(jump[elsewhere, start[elsewhere]], kind="stable")]
    for p in doubtful:
        if (instance.used(start)[instance.rows.equity] <= instance.room[instance.rows.equity]).all():
            break
        start[p] = instance.years
    return start


def part_of(instance: Instance, start: IntArray, free: IntArray, share: FloatArray | float = 1.0) -> Part:
    """The part in which the pairs `free` may change and the others stay; `share` (rows,) of what is left."""
    years = instance.years
    fixed = start.copy()
    fixed[free] = years
    unserved = np.arange(years) < instance.first_years(fixed)[:, None]
    columns = (free[:, None] * years + np.arange(years)).ravel()
    use = instance.use[:, columns].tocsr()
    rows = np.flatnonzero((np.diff(use.indptr) > 0) & np.isfinite(instance.limit))
    used = instance.used(start)
    left = np.maximum(instance.room - used, 0.0) * share
    limit = used - instance.used(fixed) + left
    worth = instance.people[:, None] * instance.weights * unserved
    return Part(free, instance.covers[free], worth, use[rows], limit[rows], start[free])


def divided(instance: Instance, start: IntArray, sets: list[IntArray]) -> list[FloatArray]:
    """Shares of the slack for each set: whole where one set alone uses an envelope, else in equal parts,
    by whole starts where starts are counted."""
    touched = []
    for free in sets:
        columns = (free[:, None] * instance.years + np.arange(instance.years)).ravel()
        rows = np.zeros(len(instance.limit), bool)
        rows[np.unique(instance.use[:, columns].indices)] = True
        touched.append(rows)
    count = np.maximum(np.sum(touched, axis=0), 1)
    left = np.maximum(instance.room - instance.used(start), 0.0)
    whole = np.zeros(len(left), bool)
    whole[instance.rows.capacity] = whole[instance.rows.place] = True
    units = np.floor(np.where(np.isfinite(left) & whole, left, 0.0))
    result: list[FloatArray] = []
    for turn, mine in enumerate(touched):
        before = np.sum(touched[:turn], axis=0) if turn else np.zeros(len(left))
        own = np.floor((units + count - 1 - before) / count)  # the first sets get the odd units
        counted = np.divide(own, left, out=np.ones(len(left)), where=left > 0)
        shared = np.where(whole, np.minimum(counted, 1.0), 1.0 / count)
        result.append(np.where(mine & (count > 1), shared, 1.0))
    return result


class Search:
    """A schedule that gets better round by round."""

    def __init__(
        self,
        instance: Instance,
        start: IntArray,
        near: Neighbourhoods,
        executor: Executor | None,
        part_seconds: float | None,
    ) -> None:
        self.instance, self.start, self.near = instance, start, near
        self.executor, self.part_seconds = executor, part_seconds
        self.value = instance.value(start)
        self.rounds = self.stalled = 0

    def round(self, work: Work) -> str:
        """One round; says what was freed."""
        kind, sets = self.near.draw(self.start, LANES)
        before, base = self.value, self.start
        parts = self._parts(kind, sets, work)  # all of them before the first answer changes the schedule
        for answer in spread(solve_part, parts, self.executor):
            self.near.resize(kind, answer.proved)
            tried = (base if kind == "core" else self.start).copy()  # cores overlap: the better one counts
            tried[answer.pairs] = answer.start
            value = self.instance.value(tried)
            if value > self.value:
                self.start, self.value = tried, value
        self.rounds += 1
        self.stalled = 0 if self.value > before * (1 + 1e-6) else self.stalled + 1
        if self.stalled:
            self.near.widen()
        return kind

    def _parts(self, kind: str, sets: list[IntArray], work: Work) -> list[Part]:
        core = kind == "core"
        nodes: int | None = CORE_NODES if core else NODES
        seconds = None
        if self.part_seconds is not None:
            nodes = None
            longer = CORE_LONGER if core else 1.0
            # one after the other, the parts share what is left
            left = work.left / (len(sets) if self.executor is None else 1)
            seconds = min(longer * self.part_seconds, left)
        slack = [np.ones(1)] * len(sets) if core else divided(self.instance, self.start, sets)
        limits: dict[str, Any] = {"gap": PART_GAP, "nodes": nodes, "seconds": seconds, "seed": self.rounds}
        return [
            replace(part_of(self.instance, self.start, free, share), **limits)
            for free, share in zip(sets, slack, strict=True)
        ]
