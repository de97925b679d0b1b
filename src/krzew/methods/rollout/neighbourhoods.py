"""Which pairs to free together: a region, places around one place, a few models, a mixture, or the whole core."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import shortest_path

from ..record import BoolArray, FloatArray, IntArray
from .instance import Instance
from .problem import RolloutProblem

KINDS = ("region", "around", "models", "mixed")
FIRST_SIZE, SMALLEST, LARGEST = 80, 30, 1500
POOL = 2
"""Pairs worth freeing, as a multiple of those that run; grows when nothing is found."""
CORE, CORE_RUNNING = (1.5, 2.0, 2.5, 3.0), 130
"""The core: all pairs that run and the most promising, so many times as many. Up to so many running pairs it
is small enough to be solved as one; two sizes of it race."""


class Neighbourhoods:
    """Draws disjoint sets of pairs: those that run and those that promise most at the prices of the bound."""

    def __init__(self, problem: RolloutProblem, promise: FloatArray, stream: np.random.Generator) -> None:
        self.instance: Instance = problem.instance
        self.problem, self.promise, self.stream = problem, promise, stream
        region = problem.advisers.region if problem.advisers is not None else np.zeros(problem.shape[0], int)
        self.region: IntArray = region[self.instance.place]
        self.rank = np.empty(len(promise), dtype=np.int64)
        self.rank[np.argsort(-promise, kind="stable")] = np.arange(len(promise))
        self.sizes = dict.fromkeys(KINDS, float(FIRST_SIZE))
        self.reach = float(POOL)
        self.turn = 0

    @cached_property
    def graph(self) -> csr_matrix:
        """Places joined when a start in one serves the other."""
        return sum(self.problem.catchment.matrices[1:], self.problem.catchment.matrices[0].astype(float))

    def resize(self, kind: str, proved: bool) -> None:
        """Larger sets where the last ones were solved to the end, smaller where they were not."""
        if kind == "core":
            return
        step = 1.12 if proved else 0.8
        self.sizes[kind] = float(np.clip(self.sizes[kind] * step, SMALLEST, LARGEST))

    def widen(self) -> None:
        """Consider less promising pairs too."""
        self.reach = min(self.reach * 1.1, 1e6)

    def draw(self, start: IntArray, lanes: int) -> tuple[str, list[IntArray]]:
        """A kind and up to `lanes` sets: disjoint ones, or cores of two sizes (kind "core")."""
        running = start < self.instance.years
        self.turn += 1
        if self.turn % 2 and running.sum() <= CORE_RUNNING:
            return "core", [self._core(running, self.turn + lane) for lane in range(lanes)]
        kind = KINDS[int(self.stream.integers(len(KINDS)))]
        pool = running | (self.rank < self.reach * max(int(running.sum()), 50))
        sets: list[IntArray] = []
        for _ in range(lanes):
            candidates = np.flatnonzero(pool)
            if not len(candidates):
                break
            order = candidates[np.argsort(self._distance(kind, candidates, running), kind="stable")]
            chosen = np.sort(order[: int(self.sizes[kind])])
            pool[chosen] = False
            sets.append(chosen)
        return kind, sets

    def _core(self, running: BoolArray, turn: int) -> IntArray:
        wanted = CORE[(turn - 1) % len(CORE)] * max(int(running.sum()), 20)
        promising = self.rank < wanted
        if turn > len(CORE):  # later cores differ: each leaves out some of the promising pairs
            promising &= self.stream.random(len(running)) < 0.8
        return np.flatnonzero(running | promising)

    def _distance(self, kind: str, pairs: IntArray, running: BoolArray) -> FloatArray:
        """Smaller is freed sooner; inside a neighbourhood running pairs and promising ones come first."""
        noise = self.stream.random(len(pairs))
        within = np.where(running[pairs], 0.0, self.rank[pairs] / len(self.rank)) + 0.05 * noise
        if kind in ("models", "region"):
            label = self.instance.model[pairs] if kind == "models" else self.region[pairs]
            turn = self.stream.permutation(int(label.max()) + 1)
            return within + 10.0 * turn[label]
        if kind == "around":
            hops = self._hops(int(self.stream.choice(self.instance.place[pairs])))
            return within + hops[self.instance.place[pairs]]
        return np.where(running[pairs], noise, noise + 0.5 * (self.rank[pairs] / len(self.rank)))

    def _hops(self, place: int) -> FloatArray:
        hops = shortest_path(self.graph, method="D", directed=False, unweighted=True, indices=place)
        result: FloatArray = np.where(np.isfinite(hops), hops, 1e3)
        return result
