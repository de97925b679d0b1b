"""A made assignment: its pairs, how well the worst idea is served, and a check that trusts nobody."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from ..record import BoolArray, FloatArray, IntArray, Provenance
from . import sentences
from .graph import Swap, components
from .problem import Problem


@dataclass(frozen=True, eq=False)
class Assignment:
    """`matrix` (assessors, ideas) true where the assessor has the idea.

    `bound` limits the objective of any assignment: the total for "sum", the worst idea for "maxmin" and
    "leximin"; `proved` says that the answer reaches it. `changes` are pairs (assessor, idea) not in the
    assignment before; `swaps` the exchanges that joined separate groups.
    """

    problem: Problem
    matrix: BoolArray
    objective: str
    bound: float
    proved: bool
    seed: int
    provenance: Provenance
    swaps: tuple[Swap, ...] = ()
    changes: tuple[tuple[int, int], ...] = field(default=())

    @cached_property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """All (assessor, idea), ordered by idea."""
        ideas, people = np.nonzero(self.matrix.T)
        return tuple((int(a), int(p)) for p, a in zip(ideas, people, strict=True))

    @cached_property
    def by_idea(self) -> tuple[tuple[int, ...], ...]:
        """Assessors of each idea."""
        return tuple(tuple(np.flatnonzero(column).tolist()) for column in self.matrix.T)

    @cached_property
    def by_assessor(self) -> tuple[tuple[int, ...], ...]:
        """Ideas of each assessor."""
        return tuple(tuple(np.flatnonzero(row).tolist()) for row in self.matrix)

    @cached_property
    def loads(self) -> IntArray:
        """Number of ideas of each assessor."""
        counted: IntArray = self.matrix.sum(axis=1).astype(np.int64)
        return counted

    @cached_property
    def idea_affinity(self) -> FloatArray:
        """Sum of affinities of the assessors of each idea."""
        sums: FloatArray = np.where(self.matrix, self.problem.affinity, 0.0).sum(axis=0)
        return sums

    @property
    def worst(self) -> float:
        """The lowest sum of affinities that any idea has."""
        return float(self.idea_affinity.min())

    @property
    def worst_pair(self) -> float:
        """The lowest affinity of any pair."""
        return float(self.problem.affinity[self.matrix].min())

    @property
    def total(self) -> float:
        """The sum of all affinities."""
        return float(self.problem.affinity[self.matrix].sum())

    @property
    def gap(self) -> float:
        """How far the objective may be from the best possible."""
        return max(self.bound - (self.total if self.objective == "sum" else self.worst), 0.0)

    @cached_property
    def parts(self) -> int:
        """Number of groups of assessors and ideas that nothing links."""
        return components(self.matrix)[0]

    @property
    def connected(self) -> bool:
        """Whether the assessors can be calibrated against each other."""
        return self.parts == 1

    def check(self) -> tuple[str, ...]:
        """Broken conditions, counted anew from the pairs; empty when all hold."""
        return tuple(_broken(self.problem, self.by_assessor))

    def explain(self, lang: str = "pl") -> tuple[str, ...]:
        """The result as sentences in plain Polish or English."""
        return sentences.assignment(self, lang)


def _broken(problem: Problem, by_assessor: tuple[tuple[int, ...], ...]) -> list[str]:
    """Plain counting, on purpose without a word of the code that made the assignment."""
    found, of_idea = [], [[] for _ in problem.ideas]  # type: tuple[list[str], list[list[int]]]
    for a, ideas in enumerate(by_assessor):
        if not problem.min_load[a] <= len(ideas) <= problem.load[a]:
            found.append(
                f"assessor {problem.assessors[a]}: {len(ideas)} ideas are outside the bounds of load"
            )
        for p, allowed in zip(ideas, problem.admissible[a, list(ideas)], strict=True):
            of_idea[p].append(a)
            if not allowed:
                found.append(f"assessor {problem.assessors[a]}, idea {problem.ideas[p]}: conflict")
    for p, people in enumerate(of_idea):
        if len(set(people)) != problem.per_idea[p]:
            found.append(f"idea {problem.ideas[p]}: {len(people)} assessors, not {problem.per_idea[p]}")
        for r in problem.requirements:
            if sum(bool(r.mask[a, p]) for a in people) < r.count[p]:
                found.append(f"idea {problem.ideas[p]}: {r.kind} {r.name} is missing".replace("  ", " "))
    return found
