"""Branch and bound over the linear programme of maximal covering, each node a few steps of the dual simplex.

Coverings have few fractional facilities, so a small tree with warm starts beats a general solver's cuts.
"""

from __future__ import annotations

import heapq
from dataclasses import replace
from itertools import count
from typing import Any

import numpy as np

from ..record import FloatArray
from .lists import Lists
from .milp import Model, program
from .search import Search

WHOLE = 1e-6
SAFE = 1e-9
"""Relative room for the rounding of an LP's value."""
Fixed = dict[int, float]


class Tree:
    """Nodes of one covering (`lists`); `beside`: weight that is lost whatever opens."""

    def __init__(self, search: Search, lists: Lists, model: Model, beside: float) -> None:
        import highspy

        self.search, self.lists, self.beside = search, lists, beside
        self.statuses = highspy.HighsModelStatus
        self.solver = highspy.Highs()
        for name, value in {"output_flag": False, "threads": 1, "presolve": "off"}.items():
            self.solver.setOptionValue(name, value)
        self.solver.passModel(program(highspy, replace(model, whole=np.zeros(len(model.cost), dtype=bool))))
        self.fixed: Fixed = {}
        self.tick = count()
        self.open: list[tuple[float, int, Fixed]] = [(-np.inf, 0, {})]

    def run(self, limit: int) -> None:
        """Down one branch until nothing better is left in it, then on from the node with the lowest bound, until
        the proof is complete or `limit` nodes are spent."""
        while self.open and not self.search.done and self.search.nodes < limit:
            bound, _, node = heapq.heappop(self.open)
            below: Fixed | None = node
            while below is not None and not self.search.work.over:
                node, below = below, self._branch(below)
            if below is not None:  # stopped on the way
                heapq.heappush(self.open, (bound, next(self.tick), below))
            lowest = self.open[0][0] if self.open else np.inf
            self.search.raise_bound(lowest + self.beside)

    def _branch(self, node: Fixed) -> Fixed | None:
        """The child to go on with; the other one is kept."""
        value, y = self._relaxed(node)
        if y is None or value + self.beside > self.search.best.cutoff:
            return None
        order = np.argsort(-y, kind="stable")
        self.search.improve(self.lists, np.sort(order[: self.lists.p]), self.beside)
        j = int(np.abs(y - 0.5).argmin())
        if min(y[j], 1 - y[j]) <= WHOLE:
            return None
        yes, no = {**node, j: 1.0}, {**node, j: 0.0}
        near, far = (yes, no) if y[j] >= 0.5 else (no, yes)
        heapq.heappush(self.open, (value, next(self.tick), far))
        return near

    def _relaxed(self, node: Fixed) -> tuple[float, FloatArray | None]:
        """Value and facilities of the LP at a node; None when nothing better than the best answer is there."""
        self._move_to(node)
        left = self.search.work.left
        if np.isfinite(left):
            self.solver.setOptionValue("time_limit", self.solver.getRunTime() + max(left, 0.01))
        self.solver.setOptionValue("objective_bound", self.search.best.cutoff - self.beside)
        self.solver.run()
        self.search.nodes += 1
        if self.solver.getModelStatus() != self.statuses.kOptimal:
            return np.inf, None
        value = float(self.solver.getInfo().objective_function_value)
        x: Any = self.solver.getSolution().col_value
        return value - SAFE * abs(value), np.asarray(x)[: self.lists.facilities]

    def _move_to(self, node: Fixed) -> None:
        for j in self.fixed.keys() - node.keys():
            self.solver.changeColBounds(j, float(self.lists.forced[j]), 1.0)
        for j, value in node.items():
            if self.fixed.get(j) != value:
                self.solver.changeColBounds(j, value, value)
        self.fixed = node
