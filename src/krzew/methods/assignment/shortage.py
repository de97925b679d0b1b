"""Why an assignment cannot be made: the smallest set of ideas and people that shows it.

A bottleneck is found by a maximum flow. Ideas left short, the assessors they may have, the other ideas that
those serve, and so on, close a set whose demand is above everything it may draw on (a minimum cut).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..record import BoolArray, IntArray, MethodError
from . import flow, sentences
from .graph import components
from .optimum import optimum
from .problem import COMPETENCE, Problem, Requirement

TRIED = 60
"""Sets larger than this are not made smaller one idea at a time."""


@dataclass(frozen=True)
class Shortage:
    """One cause. `kind`: idea, competence, lived, qualities, load, min_load, assessor, set, competence_set,
    lived_set, min_load_set, together. `short` = `needed` - `available`, in assessors or assessments. With
    "together", `helps` names conditions of which any one, dropped, opens the way."""

    kind: str
    needed: int
    available: int
    ideas: tuple[str, ...] = ()
    assessors: tuple[str, ...] = ()
    competence: str = ""
    helps: tuple[str, ...] = ()

    @property
    def short(self) -> int:
        return self.needed - self.available


class Infeasible(MethodError):
    """No assignment meets every bound; `shortages` say why."""

    def __init__(self, shortages: tuple[Shortage, ...]) -> None:
        self.shortages = shortages
        super().__init__("assignment", " ".join(sentences.shortages(shortages, "en")))

    def explain(self, lang: str = "pl") -> tuple[str, ...]:
        """The causes as sentences."""
        return sentences.shortages(self.shortages, lang)


def shortages(problem: Problem) -> tuple[Shortage, ...]:
    """Causes that no assignment meets every bound; empty when one does. The simplest kind that applies."""
    for causes in (_single(problem), _sets(problem)):
        if causes:
            return causes
    return _together(problem)


def _single(problem: Problem) -> tuple[Shortage, ...]:
    """What can be seen idea by idea and in the totals."""
    found = [*_few_assessors(problem), *_few_qualified(problem), *_totals(problem)]
    possible = problem.admissible.sum(axis=1)
    for a in np.flatnonzero(possible < problem.min_load):
        counts = int(problem.min_load[a]), int(possible[a])
        found.append(Shortage("assessor", *counts, assessors=(problem.assessors[a],)))
    return tuple(found)


def _few_assessors(problem: Problem) -> list[Shortage]:
    possible = (problem.admissible & (problem.load > 0)[:, None]).sum(axis=0)
    short = np.flatnonzero(possible < problem.per_idea)
    return [Shortage("idea", int(problem.per_idea[p]), int(possible[p]), (problem.ideas[p],)) for p in short]


def _few_qualified(problem: Problem) -> list[Shortage]:
    found = []
    able = problem.admissible & (problem.load > 0)[:, None]
    for r in problem.requirements:
        possible = (able & r.mask).sum(axis=0)
        for p in np.flatnonzero(possible < r.count):
            counts = int(r.count[p]), int(possible[p])
            found.append(Shortage(r.kind, *counts, (problem.ideas[p],), competence=r.name))
    return found or _too_many_qualities(problem, able)


def _too_many_qualities(problem: Problem, able: BoolArray) -> list[Shortage]:
    """Ideas whose requirements cannot be covered by so few people."""
    found = []
    for p in range(len(problem.ideas)):
        masks = [r.mask[:, p] & able[:, p] for r in problem.requirements if r.count[p] > 0]
        fewest = _fewest_to_cover(masks)
        if fewest > problem.per_idea[p]:
            found.append(Shortage("qualities", fewest, int(problem.per_idea[p]), (problem.ideas[p],)))
    return found


def _fewest_to_cover(masks: list[BoolArray]) -> int:
    """The smallest number of people who have all the qualities between them (search by sets of qualities)."""
    if not masks:
        return 0
    kinds = {sum(1 << g for g, mask in enumerate(masks) if mask[a]) for a in np.flatnonzero(np.any(masks, 0))}
    whole, reached, people = (1 << len(masks)) - 1, {0}, 0
    while whole not in reached:
        reached, people = {have | kind for have in reached for kind in kinds} | reached, people + 1
    return people


def _totals(problem: Problem) -> list[Shortage]:
    asked, offered, least = problem.total, int(problem.load.sum()), int(problem.min_load.sum())
    found = [Shortage("load", asked, offered)] if offered < asked else []
    return [*found, Shortage("min_load", least, asked)] if least > asked else found


def _sets(problem: Problem) -> tuple[Shortage, ...]:
    """Ideas (or assessors) that are short together, one kind of need at a time."""
    found = _bottlenecks(problem, problem.admissible, problem.per_idea, "set", "")
    for r in problem.requirements if not found else ():
        kind = "competence_set" if r.kind == COMPETENCE else "lived_set"
        found += _bottlenecks(problem, problem.admissible & r.mask, r.count, kind, r.name)
    return tuple(found or _idle(problem))


def _bottlenecks(
    problem: Problem, arcs: BoolArray, demand: IntArray, kind: str, competence: str
) -> list[Shortage]:
    """Separate sets of ideas whose `demand` over `arcs` is above what their assessors may take."""
    found = []
    made = flow.most(arcs, problem.load, demand)
    for ideas in _short_sets(arcs, made, demand):
        ideas = _smaller(arcs, problem.load, demand, ideas)
        served = int(flow.most(arcs[:, ideas], problem.load, demand[ideas]).sum())
        people = np.flatnonzero(arcs[:, ideas].any(axis=1) & (problem.load > 0))
        names = tuple(problem.ideas[i] for i in ideas), tuple(problem.assessors[a] for a in people)
        found.append(Shortage(kind, int(demand[ideas].sum()), served, *names, competence))
    return found


def _short_sets(arcs: BoolArray, made: BoolArray, demand: IntArray) -> list[IntArray]:
    """The ideas reached from those left short, apart where no assessor links them."""
    fresh = np.flatnonzero(made.sum(axis=0) < demand)
    ideas, people = np.zeros(arcs.shape[1], dtype=bool), np.zeros(arcs.shape[0], dtype=bool)
    while len(fresh):  # who could serve them, whom those serve, and so on
        ideas[fresh] = True
        people |= (arcs[:, fresh] & ~made[:, fresh]).any(axis=1)
        fresh = np.flatnonzero(made[people].any(axis=0) & ~ideas)
    inside = np.flatnonzero(ideas)
    part = components(arcs[:, inside])[2] if len(inside) else inside
    return [inside[part == k] for k in np.unique(part)]


def _smaller(arcs: BoolArray, load: IntArray, demand: IntArray, ideas: IntArray) -> IntArray:
    """Leave out every idea without which the set is as short as with it."""

    def short(chosen: IntArray) -> int:
        return int(demand[chosen].sum() - flow.most(arcs[:, chosen], load, demand[chosen]).sum())

    missing = short(ideas)
    for p in ideas if len(ideas) <= TRIED else ():
        rest = ideas[ideas != p]
        if len(rest) and short(rest) == missing:
            ideas = rest
    return ideas


def _idle(problem: Problem) -> list[Shortage]:
    """Assessors who cannot all have their minimum, seen from their side."""
    made = flow.most(problem.admissible.T, problem.per_idea, problem.min_load).T
    found = []
    for people in _short_sets(problem.admissible.T, made.T, problem.min_load):
        people = _smaller(problem.admissible.T, problem.per_idea, problem.min_load, people)
        served = flow.most(problem.admissible[people].T, problem.per_idea, problem.min_load[people])
        names = tuple(problem.assessors[a] for a in people)
        needed = int(problem.min_load[people].sum())
        found.append(Shortage("min_load_set", needed, int(served.sum()), assessors=names))
    return found


def _together(problem: Problem) -> tuple[Shortage, ...]:
    """Each need alone can be met, not all at once: name the needs of which one given up is enough."""
    if _possible(problem, problem.requirements):
        return ()
    helps = []
    for r in problem.requirements:
        if _possible(problem, tuple(other for other in problem.requirements if other is not r)):
            helps.append(f"{r.kind}:{r.name}")
    if problem.min_load.any() and _possible(
        replace(problem, min_load=0 * problem.min_load), problem.requirements
    ):
        helps.append("min_load:")
    return (Shortage("together", 1, 0, helps=tuple(helps)),)


def _possible(problem: Problem, required: tuple[Requirement, ...]) -> bool:
    values = np.zeros(problem.affinity.shape)
    return optimum(problem, values, problem.admissible, required, 0) is not None
