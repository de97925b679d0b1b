"""Where a gmina stands on each theme against its comparison group and the country, from the arrays alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from django.urls import reverse
from django.utils.translation import gettext

from krzew.places.findings import finding
from krzew.places.matrix import Tables, tables
from krzew.places.vocabulary import Entry, IndicatorSpec, indicators, reasons, themes
from krzew.ui.components import Position

DIRECTIONS = {1: "higher_worse", -1: "higher_better", 0: ""}


@dataclass(frozen=True)
class Spread:
    """How an indicator is spread over a comparison group."""

    low: float
    q1: float
    median: float
    q3: float
    high: float
    below: float  # share of the group that has a lower value than the place, 0..1


@dataclass(frozen=True)
class Standing:
    """One indicator of one place. `value` is None with the reason in `missing`."""

    spec: IndicatorSpec
    value: float | None
    year: int
    missing: str = ""
    spread: Spread | None = None
    country: float | None = None

    @cached_property
    def finding(self) -> str:
        return finding(self) if self.spec.sentence else ""

    @property
    def extremity(self) -> float:
        """How far from the middle of the group, 0..0.5."""
        return abs(self.spread.below - 0.5) if self.spread else 0.0


@dataclass(frozen=True)
class ThemeStanding:
    theme: Entry
    standings: tuple[Standing, ...]
    positions: tuple[Position, ...]
    findings: tuple[str, ...] = field(default=())

    @property
    def finding(self) -> str:
        return self.findings[0] if self.findings else ""


def standing(code: str, group: Sequence[str]) -> list[ThemeStanding]:
    """Themes in the order of the catalogue, each with the indicators that have public figures."""
    table = tables()
    rows = [table.rows[c] for c in group]
    found = [
        _standing(table, spec, code, rows) for spec in indicators().values() if _is_shown(spec, table, code)
    ]
    result = []
    for theme in themes().values():
        own = tuple(s for s in found if s.spec.place_theme == theme.code)
        if own:
            result.append(_theme(theme, own))
    return result


def _theme(theme: Entry, own: tuple[Standing, ...]) -> ThemeStanding:
    """Scored indicators are shown as strips, the most telling one as a sentence."""
    told = sorted((s for s in own if s.finding), key=lambda s: s.extremity, reverse=True)
    return ThemeStanding(theme, own, tuple(position(s) for s in own), tuple(s.finding for s in told))


def _is_shown(spec: IndicatorSpec, table: Tables, code: str) -> bool:
    """Every public gmina indicator, and a local one as soon as a figure for the place was imported."""
    if spec.code not in table.columns or spec.code == "unemployed":
        return False
    return not spec.is_local or bool(np.isfinite(table.column(spec.code)[table.rows[code]]))


def _standing(table: Tables, spec: IndicatorSpec, code: str, rows: Sequence[int]) -> Standing:
    place = table.rows[code], table.columns[spec.code]
    value = table.values[place]
    known = bool(np.isfinite(value))
    return Standing(
        spec,
        float(value) if known else None,
        int(table.years[place]) or (spec.years[-1] if spec.years else 0),
        missing="" if known else reason_text(str(table.notes[place])),
        spread=_spread(table.column(spec.code)[list(rows)], float(value)) if known else None,
        country=table.medians.get(spec.code),
    )


def _spread(values: np.ndarray, own: float) -> Spread | None:
    known = values[np.isfinite(values)]
    if len(known) < 5:
        return None
    low, q1, median, q3, high = (float(x) for x in np.quantile(known, [0, 0.25, 0.5, 0.75, 1]))
    below = float((known < own).mean() + (known == own).mean() / 2)
    return Spread(low, q1, median, q3, high, below)


def reason_text(code: str) -> str:
    return reasons()[code].text if code in reasons() else gettext("no data")


def position(standing: Standing) -> Position:
    """The strip of the design system."""
    spec, spread = standing.spec, standing.spread
    return Position(
        label=spec.name,
        value=standing.value,
        unit=spec.unit,
        year=str(standing.year),
        **({n: getattr(spread, n) for n in ("low", "q1", "median", "q3", "high")} if spread else {}),
        country=standing.country,
        decimals=spec.decimals,
        direction=DIRECTIONS[spec.direction],
        missing=standing.missing,
        url=reverse("places:indicator", args=[spec.code]),
    )
