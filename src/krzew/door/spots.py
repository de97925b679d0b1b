"""White spots: needs that nothing answered, by place, group and service, beside what statistics say there.

Small numbers stand here as they are, because only the office reads them. The public never sees trends of needs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from django.db.models import QuerySet
from django.utils import timezone

from krzew.door.finding import Library
from krzew.door.models import Need
from krzew.door.thesaurus import load
from krzew.door.thesaurus.concepts import Concept
from krzew.methods.needs import AllNeeds, diagnose_all
from krzew.places.matrix import data_version, framework, tables
from krzew.places.models import Level, Unit

__all__ = ["Library", "Silent", "Spot", "by_code", "kept", "need_codes", "silent", "spots"]
HIGH = 60.0
"""A severity from which a need counts as high in a powiat."""
MOST_SILENT = 30


@dataclass(frozen=True)
class Spot:
    """One need in one powiat (or where the author named no place) that nothing answered."""

    concept: str
    powiat: str
    reports: int
    people: int
    last: date
    groups: tuple[str, ...]
    severity: float | None


@dataclass(frozen=True)
class Silent:
    """A need that is high in the statistics of a powiat and of which nobody there has told."""

    need: str
    powiat: str
    severity: float


def kept(*, demo: bool = False) -> QuerySet[Need]:
    """Needs that count: not taken back; rows of the demonstration apart."""
    rows = Need.objects.filter(withdrawn_at=None).exclude(main="")
    return rows if demo else rows.filter(is_demo=False)


@lru_cache(maxsize=1)
def by_code() -> dict[str, Concept]:
    return {concept.code: concept for concept in load()}


def need_codes(concept: str) -> list[str]:
    """Needs of the catalogue to which a concept is tied, through its facets or those of what is broader."""
    known, seen, found = by_code(), set(), []
    queue = [concept]
    while queue:
        row = known.get(queue.pop(0))
        if row is None or row.code in seen:
            continue
        seen.add(row.code)
        found += [facet[5:] for facet in row.facets if facet.startswith("need:")]
        queue += row.broader
    return list(dict.fromkeys(found))


def spots(rows: Iterable[Need]) -> list[Spot]:
    """Unanswered needs by concept and powiat, the most reported first."""
    found: dict[tuple[str, str], list[Need]] = {}
    for row in rows:
        if not row.answered:
            found.setdefault((row.main, _powiat(row)), []).append(row)
    known = severities() if found else {}
    whole = [_spot(concept, powiat, needs, known) for (concept, powiat), needs in found.items()]
    return sorted(whole, key=lambda spot: (-spot.reports, -(spot.severity or 0), spot.concept))


def _powiat(row: Need) -> str:
    return str(row.place_id)[:4] if row.place_id else ""


def _spot(concept: str, powiat: str, needs: list[Need], known: dict[tuple[str, str], float]) -> Spot:
    groups = Counter(group for need in needs for group in need.groups)
    levels = [known[code, powiat] for code in need_codes(concept) if (code, powiat) in known]
    return Spot(
        concept,
        powiat,
        len(needs),
        sum(need.people or 1 for need in needs),
        max(timezone.localtime(need.at).date() for need in needs),
        tuple(group for group, _n in groups.most_common(3)),
        max(levels, default=None),
    )


def silent(rows: Iterable[Need], voivodeship: str = "") -> list[Silent]:
    """High needs of powiats of which nobody has told; the highest first."""
    told = {(code, _powiat(row)) for row in rows for code in need_codes(row.main)}
    found = [
        Silent(need, powiat, level)
        for (need, powiat), level in severities().items()
        if level >= HIGH and (need, powiat) not in told and powiat.startswith(voivodeship)
    ]
    return sorted(found, key=lambda row: -row.severity)[:MOST_SILENT]


def severities() -> dict[tuple[str, str], float]:
    """By need and powiat the median of its gminas, 0 to 100; where nothing is known, nothing stands."""
    return _by_powiat(data_version())


@lru_cache(maxsize=1)
def _by_powiat(_version: str) -> dict[tuple[str, str], float]:
    found: AllNeeds = diagnose_all(framework(), tables().need_values, tables().groups, draws=20)
    rows: dict[str, list[int]] = {}
    for number, code in enumerate(found.units):
        rows.setdefault(code[:4], []).append(number)
    return {
        (need, powiat): float(np.nanmedian(found.severity[members, column]))
        for powiat, members in rows.items()
        for column, need in enumerate(found.needs)
        if not np.isnan(found.severity[members, column]).all()
    }


def powiat_names(codes: Iterable[str]) -> dict[str, str]:
    """Names of powiats, for tables."""
    rows = Unit.objects.filter(level=Level.POWIAT, code__in={code for code in codes if code})
    return {row.code: str(row) for row in rows}
