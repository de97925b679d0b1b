"""Conflicts of interest, declared or inferred: pairs that must never meet, with the reason for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..record import BoolArray, MethodError
from . import sentences

ROUTES = ("organisation", "family", "gmina", "funding")


@dataclass(frozen=True)
class Party:
    """An assessor or the team of an idea, as far as conflicts go.

    `organisations`: where they work, belong or sit on the board. `family`: any key shared by relatives.
    `gminas`: codes of the municipalities they live in or act for.
    """

    organisations: frozenset[str] = frozenset()
    family: frozenset[str] = frozenset()
    gminas: frozenset[str] = frozenset()

    @classmethod
    def of(cls, given: Party | Mapping[str, Any]) -> Party:
        """From a mapping with the same keys; one text stands for a set of one."""
        if isinstance(given, Party):
            return given
        unknown = set(given) - {"organisations", "organisation", "family", "gminas", "gmina"}
        if unknown:
            raise MethodError("party", "has only organisations, family and gminas", min(map(str, unknown)))
        return cls(
            _set(given.get("organisations", ())) | _set(given.get("organisation", ())),
            _set(given.get("family", ())),
            _set(given.get("gminas", ())) | _set(given.get("gmina", ())),
        )


@dataclass(frozen=True, eq=False)
class Conflicts:
    """`matrix` (assessors, ideas) true where the two must not meet; `reasons` says by which routes."""

    matrix: BoolArray
    reasons: dict[tuple[int, int], tuple[str, ...]] = field(default_factory=dict)

    def explain(self, lang: str = "pl") -> tuple[str, ...]:
        """How many pairs are excluded, by route."""
        return sentences.conflicts(self.matrix, self.reasons, lang)


def conflicts_from(
    assessors: Sequence[Party | Mapping[str, Any]],
    ideas: Sequence[Party | Mapping[str, Any]],
    *,
    funding: Iterable[tuple[str, str]] = (),
    declared: Iterable[tuple[int, int]] = (),
    routes: Sequence[str] = ROUTES,
) -> Conflicts:
    """Pairs that share an organisation, a family or a gmina, or whose organisations funded one another.

    `funding` holds past grants as (giver, receiver); either direction excludes. `declared` adds pairs of row
    numbers (assessor, idea). `routes` chooses among organisation, family, gmina, funding. An empty or absent
    fact excludes nobody.
    """
    unknown = set(routes) - set(ROUTES)
    if unknown:
        raise MethodError("routes", f"must be among {', '.join(ROUTES)}", min(unknown))
    left, right = [Party.of(x) for x in assessors], [Party.of(x) for x in ideas]
    partners = _partners(funding) if "funding" in routes else {}
    found: dict[tuple[int, int], list[str]] = {}
    for route in routes:
        for pair in sorted(_meeting(route, left, right, partners)):
            found.setdefault(pair, []).append(route)
    for a, p in declared:
        if not (0 <= a < len(left) and 0 <= p < len(right)):
            raise MethodError("declared", "holds a number outside the assessors or ideas", f"{a}, {p}")
        found.setdefault((int(a), int(p)), []).append("declared")
    matrix = np.zeros((len(left), len(right)), dtype=bool)
    for pair in found:
        matrix[pair] = True
    return Conflicts(matrix, {pair: tuple(dict.fromkeys(found[pair])) for pair in sorted(found)})


def _set(value: object) -> frozenset[str]:
    if value is None or value == "":
        return frozenset()
    if isinstance(value, str) or not isinstance(value, Iterable):
        return frozenset((str(value),))
    return frozenset(str(x) for x in value)


def _partners(funding: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """For each organisation, those it funded or was funded by."""
    found: dict[str, set[str]] = {}
    for giver, receiver in funding:
        found.setdefault(str(giver), set()).add(str(receiver))
        found.setdefault(str(receiver), set()).add(str(giver))
    return found


def _meeting(
    route: str, left: list[Party], right: list[Party], partners: dict[str, set[str]]
) -> set[tuple[int, int]]:
    """Pairs that have a key of this route in common."""
    holders: dict[str, list[int]] = {}
    for p, party in enumerate(right):
        for key in _keys(route, party):
            holders.setdefault(key, []).append(p)
    pairs: set[tuple[int, int]] = set()
    for a, party in enumerate(left):
        for key in _keys(route, party):
            reached = partners.get(key, ()) if route == "funding" else (key,)
            pairs.update((a, p) for other in reached for p in holders.get(other, ()))
    return pairs


def _keys(route: str, party: Party) -> frozenset[str]:
    return {"family": party.family, "gmina": party.gminas}.get(route, party.organisations)
