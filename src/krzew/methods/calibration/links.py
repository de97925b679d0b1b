"""Who is linked with whom: severity and quality come apart only where ideas and assessors hang together."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ..record import IntArray, MethodError
from .scores import Labels, Scores, read_scores

SHOWN = 4


@dataclass(frozen=True)
class Component:
    """Ideas and assessors that hang together."""

    ideas: Labels
    assessors: Labels


@dataclass(frozen=True)
class Reading:
    """A reading that would link two components: `assessor` reads `idea`."""

    assessor: Hashable
    idea: Hashable


@dataclass(frozen=True)
class Links:
    """Components, largest first, and the fewest readings that would make one of them."""

    components: tuple[Component, ...]
    readings: tuple[Reading, ...]

    @property
    def connected(self) -> bool:
        return len(self.components) == 1

    def explain(self, lang: str = "pl") -> tuple[str, ...]:
        """Plain sentences, Polish or English."""
        from .words import explain_links

        return explain_links(self, lang)


def links(ideas: npt.ArrayLike, assessors: npt.ArrayLike) -> Links:
    """Components of the graph of ideas and assessors, before or after the scores are in.

    Each reading proposed goes to the assessor of the largest component with the fewest ideas, who reads the
    idea of the other component with the fewest assessors.
    """
    return find_links(read_scores(ideas, assessors, np.zeros(np.shape(np.asarray(ideas)))))


def find_links(scores: Scores) -> Links:
    n, m = len(scores.ideas), len(scores.assessors)
    edges = (np.ones(len(scores.idea)), (scores.idea, scores.assessor + n))
    _, label = connected_components(coo_array(edges, shape=(n + m, n + m)), directed=False)
    by_idea, by_assessor = label[:n][scores.idea_order], label[n:][scores.assessor_order]
    found = np.unique(label)
    sizes = np.bincount(by_idea, minlength=len(found))
    ordered = [int(c) for c in np.argsort(-sizes, kind="stable")]
    parts = tuple(
        Component(_named(scores.ideas, by_idea == c), _named(scores.assessors, by_assessor == c))
        for c in ordered
    )
    return Links(parts, _readings(scores, by_idea, by_assessor, ordered))


def _named(labels: Labels, chosen: npt.NDArray[np.bool_]) -> Labels:
    return tuple(labels[k] for k in np.flatnonzero(chosen))


def _readings(
    scores: Scores, by_idea: IntArray, by_assessor: IntArray, ordered: list[int]
) -> tuple[Reading, ...]:
    counts, loads = scores.counts[scores.idea_order], scores.loads[scores.assessor_order].copy()
    found: list[Reading] = []
    for other in ordered[1:]:
        reader = _fewest(loads, by_assessor == ordered[0])
        idea = _fewest(counts, by_idea == other)
        loads[reader] += 1
        found.append(Reading(scores.assessors[reader], scores.ideas[idea]))
    return tuple(found)


def _fewest(counts: IntArray, allowed: npt.NDArray[np.bool_]) -> int:
    rows = np.flatnonzero(allowed)
    return int(rows[np.argmin(counts[rows])])


def refuse_disconnected(scores: Scores) -> None:
    """Raises `MethodError` naming the components and the readings that would join them."""
    found = find_links(scores)
    if found.connected:
        return
    groups = "; ".join(
        f"group {k}: ideas {_few(part.ideas)}, assessors {_few(part.assessors)}"
        for k, part in enumerate(found.components[:SHOWN], 1)
    )
    more = len(found.components) - SHOWN
    rest = f"; and {more} more" if more > 0 else ""
    advice = ", ".join(f"{r.assessor} reads {r.idea}" for r in found.readings[: 2 * SHOWN])
    rule = (
        f"fall into {len(found.components)} groups that share no reader, so a strict assessor cannot be told "
        f"from weak ideas: {groups}{rest}. Link them with at least these readings (two each are safer): "
        f"{advice}{', …' if len(found.readings) > 2 * SHOWN else ''}; or calibrate each group on its own"
    )
    raise MethodError("assessors", rule)


def _few(labels: Labels) -> str:
    named = ", ".join(str(label) for label in labels[:SHOWN])
    return named + (f" and {len(labels) - SHOWN} more" if len(labels) > SHOWN else "")
