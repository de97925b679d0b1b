"""Figures of all gminas and the whole library as arrays, kept in the process until either changes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from krzew.diagnosis.criteria import INVESTMENT, Array, Column, evidence, ranged
from krzew.library.models import SolutionVersion
from krzew.library.preconditions import contradictions
from krzew.library.queries import Matchable, Range, published_for_matching
from krzew.methods.needs import Framework
from krzew.methods.record import data_hash
from krzew.places import matrix, vocabulary


@dataclass(frozen=True, eq=False)
class Shelf:
    """Published solutions by slug, with what every place has in common about them.

    `broken` are left out: their necessary conditions exclude each other, an error of the card and no "no" to a place.
    """

    items: tuple[Matchable, ...]
    needs: tuple[str, ...]
    hashes: dict[int, str]
    broken: tuple[str, ...] = ()

    @cached_property
    def version(self) -> str:
        """Names the state of the library in a published result."""
        return data_hash(tuple((m.slug, self.hashes[m.version_id]) for m in self.items))[:16]

    @cached_property
    def serves(self) -> Array:
        """(solutions, needs): 1 made for it, 2/3 helps, 1/3 helps a little."""
        return np.array([[m.needs.get(need, 0) / 3 for need in self.needs] for m in self.items])

    @cached_property
    def evidence(self) -> Column:
        return evidence(np.array([float(m.evidence_level) for m in self.items]))

    @cached_property
    def jobs(self) -> Column:
        """A solution that brings no jobs says so by leaving the number out; null is "nobody knows"."""
        return _ranges([m.numbers.get("jobs_at_risk", NO_JOBS) for m in self.items])

    @cached_property
    def months(self) -> Column:
        return _ranges([m.months for m in self.items])

    @cached_property
    def investment(self) -> Column:
        classes = np.array([INVESTMENT.get(m.investment_class, np.nan) for m in self.items])
        return Column(classes, np.zeros(len(classes)))

    @cached_property
    def reach(self) -> Array:
        """(solutions, 2): people per 10 thousand residents from which it starts, and at which it is fully used."""
        bounds = [(m.reach_per_10k_min, m.reach_per_10k_full) for m in self.items]
        return np.array([[np.nan if x is None else x for x in pair] for pair in bounds]).reshape(-1, 2)


NO_JOBS = Range(0.0, 0.0, "jobs", "", "stated", True)


def _ranges(rows: list[Range | None]) -> Column:
    low = np.array([np.nan if r is None else r.low for r in rows])
    high = np.array([np.nan if r is None else r.high for r in rows])
    return ranged(low, high)


@lru_cache(maxsize=2)
def _shelf(items: tuple[int, ...]) -> Shelf:
    found = published_for_matching()
    hashes = dict(SolutionVersion.objects.filter(pk__in=items).values_list("pk", "content_hash"))
    sound = tuple(m for m in found if not contradictions(m.preconditions))
    broken = tuple(m.slug for m in found if contradictions(m.preconditions))
    return Shelf(sound, tuple(vocabulary.needs()), hashes, broken)


def shelf() -> Shelf:
    return _shelf(tuple(m.version_id for m in published_for_matching()))


@lru_cache(maxsize=1)
def framework() -> Framework:
    return matrix.framework()


@lru_cache(maxsize=1)
def leading_indicators() -> dict[str, str]:
    """For each need the indicator of greatest weight, whose numerator counts the people concerned."""
    best: dict[str, str] = {}
    specs = [
        s for s in vocabulary.indicators().values() if s.role == "diagnostic" and s.small_count and s.years
    ]
    for spec in sorted(specs, key=lambda s: s.weight):
        best[spec.need] = spec.code
    return best


def affected(tables: matrix.Tables) -> Array:
    """(gminas, needs): people concerned per 10 thousand residents, where a count of them is known."""
    return _affected(tables.version)


@lru_cache(maxsize=2)
def _affected(_version: str) -> Array:
    tables = matrix.tables()
    needs = tuple(vocabulary.needs())
    found = np.full((len(tables.units), len(needs)), np.nan)
    population = tables.column("population")
    for need, indicator in leading_indicators().items():
        found[:, needs.index(need)] = 1e4 * tables.numerators[:, tables.columns[indicator]] / population
    return found
