"""Comparison group: settlement type first, then the nearest by structure; the adviser may pin or drop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from krzew.methods.neighbours import Neighbour, nearest
from krzew.places.matrix import GROUP_SIZE, tables
from krzew.places.vocabulary import SettlementType, settlement_types

LIKE, UNLIKE = 0.3, 0.8  # standard deviations


@dataclass(frozen=True)
class Row:
    """One similar gmina; `like` and `unlike` are codes of structural features."""

    code: str
    distance: float
    like: tuple[str, ...]
    unlike: tuple[str, ...]
    pinned: bool = False
    borrowed: bool = False


@dataclass(frozen=True)
class ComparisonGroup:
    place: str
    type: SettlementType
    rows: tuple[Row, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(row.code for row in self.rows)


def comparison_group(
    code: str, size: int = GROUP_SIZE, pin: Sequence[str] = (), drop: Sequence[str] = ()
) -> ComparisonGroup:
    """The nearest similar gminas. A gmina without structural figures (a new one) has only pinned ones."""
    table = tables()
    place = table.rows[code]
    kind = settlement_types()[table.settlement[place]]
    is_new = table.groups[place][0] < 0
    if is_new and not pin:
        return ComparisonGroup(code, kind, ())
    found = nearest(table.structure, code, len(pin) if is_new else size, pin=pin, drop=drop)
    return ComparisonGroup(code, kind, tuple(_row(neighbour) for neighbour in found.rows))


def _row(neighbour: Neighbour) -> Row:
    gaps = {name: abs(gap) for name, gap in neighbour.gaps.items()}
    like = sorted((n for n, gap in gaps.items() if gap <= LIKE), key=gaps.__getitem__)
    unlike = sorted((n for n, gap in gaps.items() if gap >= UNLIKE), key=gaps.__getitem__, reverse=True)
    pinned, borrowed = neighbour.pinned, neighbour.borrowed
    return Row(neighbour.unit, neighbour.distance, tuple(like), tuple(unlike), pinned, borrowed)
