"""Search on lists: interchange from several starts, Lagrangian bound, reduced-cost fixing, branch and bound.

The search never trusts a clock unless a time limit is given: effort is counted in passes over the lists.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

import numpy as np

from ..record import BoolArray, FloatArray, IntArray, streams
from ..work import Work
from .kernels import ascend, interchange
from .lists import Lists, reduce, restrict

STARTS = 3
ROOT_CHUNKS, NODE_CHUNKS, ROUNDS, PATIENCE = 150, 4, 20, 30
LEAST_EFFORT, EFFORT = 1e9, 1500
"""Entries of lists that branching without a wish for proof may pass (seconds), and for each entry at the root."""
FIRST_STEP, NODE_STEP, EARLY = 1.5, 1.0, 20
"""Polyak's step at the root and in nodes; so many nodes also look for better answers."""
SHRUNK = 0.8
"""Lists are copied when at most this share of them is left."""
RELATIVE = 1e-9
"""Objectives this close are the same."""


@dataclass
class Incumbent:
    """The best choice so far, by columns of the matrix, and what a better one may cost at most."""

    integral: bool
    value: float = float("inf")
    names: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    @property
    def step(self) -> float:
        """By how much a better objective must be lower."""
        slip = RELATIVE * abs(self.value) + 1e-6
        return 1.0 - slip if self.integral and slip < 0.5 else RELATIVE * abs(self.value)

    @property
    def cutoff(self) -> float:
        return self.value - self.step

    def offer(self, value: float, names: IntArray) -> bool:
        better = value < self.value - RELATIVE * abs(value)
        if better:
            self.value, self.names = value, np.sort(names)
        return better


@dataclass(frozen=True, eq=False)
class Node:
    """A part of the choices: facilities opened and closed on the way, prices, bound."""

    opened: BoolArray
    closed: BoolArray
    price: FloatArray
    bound: float


class Search:
    """One search: `best` (an Incumbent) and `bound` hold the answer at any time."""

    def __init__(self, lists: Lists, integral: bool, work: Work, seed: int) -> None:
        self.root, self.work = lists, work
        self.best = Incumbent(integral)
        self.bound, self.nodes, self.passes = 0.0, 0, 0
        self.random = streams(seed, STARTS)
        self.first = np.zeros(0, dtype=np.int64)
        self.finish: Callable[[Search, Climb], None] | None = None
        self.gap, self.effort = 0.0, np.inf
        self.goal: float | None = None
        self.chunks = ROOT_CHUNKS

    @property
    def proved(self) -> bool:
        return self.bound > self.best.cutoff

    @property
    def usual_effort(self) -> float:
        """Enough for most questions: seconds at 1,000 places, half a minute at 2,500."""
        return max(LEAST_EFFORT, float(EFFORT * len(self.root.fac)))

    def improve(self, lists: Lists, chosen: IntArray, besides: float = 0.0) -> None:
        """Interchange from `chosen` (facilities of `lists`), forced ones kept; the result is offered, with the
        cost `besides` that is not in the lists."""
        chosen = chosen.astype(np.int64)
        slot = np.full(lists.facilities, -1)
        slot[chosen] = np.arange(len(chosen))
        tolerance = RELATIVE * (self.best.value if np.isfinite(self.best.value) else 1.0)
        arrays = (lists.ptr, lists.fac, lists.cost, lists.penalty)
        interchange(*arrays, chosen, slot, lists.forced[chosen], tolerance, 100 * len(chosen) + 1000)
        self.best.offer(lists.value(chosen) + besides, lists.names[chosen])

    def start(self) -> None:
        """First answers: random choices improved by interchange."""
        lists = self.root
        free = np.flatnonzero(~lists.forced)
        must = np.flatnonzero(lists.forced)
        for random in self.random:
            drawn = random.choice(free, lists.p - len(must), replace=False)
            self.improve(lists, np.concatenate([must, drawn]))
            if self.work.over:
                return

    def first_price(self, lists: Lists) -> FloatArray:
        """Between the nearest and the second nearest facility of the best answer."""
        is_open = np.isin(lists.names, self.best.names)
        at = np.flatnonzero(is_open[lists.fac])
        first, second = lists.penalty.copy(), lists.penalty.copy()
        owner, start = np.unique(lists.owner[at], return_index=True)
        first[owner] = lists.cost[at[start]]
        follows = np.minimum(start + 1, len(at) - 1)
        has = lists.owner[at[follows]] == owner
        has &= follows > start
        second[owner[has]] = lists.cost[at[follows[has]]]
        second = np.where(second >= lists.penalty, first, second)
        price: FloatArray = np.minimum(0.5 * (first + second), lists.outside)
        return price

    def climb(self, lists: Lists, price: FloatArray, chunks: int, step: float, heuristics: int) -> Climb:
        """Raise the bound of `lists` in chunks, fixing by reduced costs between them."""
        state, bound = np.array([-np.inf, step, 0.0]), -np.inf
        share = np.full(lists.facilities, lists.p / lists.facilities)
        for chunk in range(1, chunks + 1):
            target = self.best.value + 0.02 * max(self.best.value - max(bound, 0.0), 0.0)
            arrays = (lists.ptr, lists.fac, lists.cost, lists.outside, lists.forced, lists.p)
            done = ascend(*arrays, target, self.best.cutoff, price, state, share, ROUNDS, PATIENCE)
            self.passes += done * len(lists.fac)
            bound = float(state[0])
            if chunk <= heuristics:
                self.improve(lists, _favoured(lists, share))
            smaller = reduce(lists, price, bound, self.best.cutoff)
            if smaller is None:
                return Climb(lists, price, np.inf, share)
            last = done < ROUNDS or chunk == chunks or self.work.over
            shrunk = len(smaller.fac) < SHRUNK * len(lists.fac) or smaller.forced.sum() > lists.forced.sum()
            if last or shrunk:  # copying lists has its price too
                share, lists = share[np.isin(lists.names, smaller.names)], smaller
                state[0] = -np.inf
            if last:
                break
        return Climb(lists, price, bound, share)

    def run(self, effort: float, gap: float = 0.0) -> None:
        """Answer and bound; branching ends after `effort` entries passed, or at a relative `gap`."""
        self.gap, self.effort = gap, effort
        if len(self.first):
            self.improve(self.root, self.first)
        self.start()
        if self.best.value <= self.bound:
            return
        climbed = self.climb(self.root, self.first_price(self.root), self.chunks, FIRST_STEP, self.chunks)
        self.raise_bound(climbed.bound)
        if self.done:
            return
        if self.finish is None:
            self.branch(climbed)
        else:
            self.finish(self, climbed)

    @property
    def done(self) -> bool:
        if self.goal is not None and self.bound > self.goal:
            return True
        near = self.gap > 0 and self.best.value - self.bound <= self.gap * abs(self.best.value)
        return self.proved or near or self.work.over

    def raise_bound(self, bound: float) -> None:
        """Take note of a lower bound on everything better than the best answer."""
        if self.best.integral and np.isfinite(bound):
            bound = float(np.ceil(bound - (1.0 - self.best.step)))
        self.bound = max(self.bound, min(bound, self.best.value))
        self.work.report(self.bound / self.best.value if self.best.value else 1.0, f"bound {self.bound:g}")

    def branch(self, climbed: Climb) -> None:
        """Best first: the node with the lowest bound is split at its most doubtful facility."""
        base, tick = climbed.lists, count()
        limit = self.passes + self.effort
        none = np.zeros(base.facilities, dtype=bool)
        heap = [(climbed.bound, next(tick), Node(none, none, climbed.price, climbed.bound))]
        while heap:
            bound, _, node = heap[0]
            self.raise_bound(bound)
            if self.done or self.passes >= limit:
                return
            heapq.heappop(heap)
            self.nodes += 1
            for child in self._children(base, node):
                if child.bound <= self.best.cutoff:
                    heapq.heappush(heap, (child.bound, next(tick), child))
        self.raise_bound(self.best.value)

    def _children(self, base: Lists, node: Node) -> list[Node]:
        """Both ways to go on from a node, or none when nothing better is left in it."""
        lists = restrict(base, node.opened, node.closed)
        if not lists.possible():
            return []
        early = 1 if self.nodes < EARLY else 0
        climbed = self.climb(lists, node.price.copy(), NODE_CHUNKS, NODE_STEP, early)
        rest = climbed.lists
        if np.isinf(climbed.bound):
            return []
        if rest.forced.sum() == rest.p or rest.facilities == rest.p:
            self.improve(rest, _favoured(rest, climbed.share))
            return []
        opened = np.isin(base.names, rest.names[rest.forced])
        closed = ~np.isin(base.names, rest.names)
        doubt = np.where(rest.forced, 2.0, np.abs(climbed.share - 0.5))
        at = int(np.searchsorted(base.names, rest.names[int(doubt.argmin())]))
        yes, no = opened.copy(), closed.copy()
        yes[at], no[at] = True, True
        bound = max(node.bound, climbed.bound)
        return [Node(yes, closed, climbed.price, bound), Node(opened, no, climbed.price, bound)]


def _favoured(lists: Lists, share: FloatArray) -> IntArray:
    """The p facilities chosen most often in the ascent, forced ones first."""
    return np.argsort(np.where(lists.forced, -np.inf, -share), kind="stable")[: lists.p]


@dataclass(frozen=True, eq=False)
class Climb:
    """Lists after fixing, best prices, bound (infinite: nothing better is left), running mean of choices."""

    lists: Lists
    price: FloatArray
    bound: float
    share: FloatArray
