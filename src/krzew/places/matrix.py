"""The latest figures of all gminas as arrays, kept in the process as long as the data stay the same.

`tables()` is the door: it compares the data version (one short query) and rebuilds only when figures changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any

import numpy as np

from krzew.methods.needs import Framework, Values
from krzew.methods.needs import Indicator as NeedIndicator
from krzew.methods.neighbours import Structure, all_groups
from krzew.methods.rates import smooth
from krzew.places.models import Dataset, Flag, Level, Unit, Value
from krzew.places.vocabulary import IndicatorSpec, feasibility, features, indicators, needs

GROUP_SIZE = 30
# Standard deviations (robust, of all gminas) by which a gmina's position moves in a year; it grows with the square root
# of the years. Measured on the longest series there is, unemployment 2003-2024 (`python tools/ageing.py`).
AGEING = 0.18
Array = np.ndarray[Any, Any]


def data_version() -> str:
    """Hash of the content of every dataset: names the data in each published result."""
    digest = hashlib.sha256()
    for row in Dataset.objects.order_by("code").values_list("code", "sha256"):
        digest.update(":".join(row).encode())
    return digest.hexdigest()[:16]


@dataclass(frozen=True)
class Tables:
    """Arrays of shape (gminas, indicators); NaN where there is no figure, `flags` and `notes` say why."""

    version: str
    units: tuple[str, ...]
    codes: tuple[str, ...]
    values: Array
    numerators: Array
    denominators: Array
    years: Array
    flags: Array
    notes: Array
    settlement: tuple[str, ...]
    features: Array

    @cached_property
    def rows(self) -> dict[str, int]:
        return {code: n for n, code in enumerate(self.units)}

    @cached_property
    def columns(self) -> dict[str, int]:
        return {code: n for n, code in enumerate(self.codes)}

    def column(self, indicator: str) -> Array:
        return self.values[:, self.columns[indicator]]

    @cached_property
    def medians(self) -> dict[str, float]:
        """Median over all gminas that have a figure."""
        return {
            code: float(np.nanmedian(self.column(code)))
            for code in self.codes
            if np.isfinite(self.column(code)).any()
        }

    @cached_property
    def structure(self) -> Structure:
        return Structure(self.units, self.settlement, self.features, tuple(features()))

    @cached_property
    def groups(self) -> Array:
        """Row numbers of the nearest similar gminas, nearest first, padded with -1; a new gmina has none."""
        found = all_groups(self.structure, GROUP_SIZE).copy()
        without = np.isnan(self.features).any(axis=1)
        found[without] = -1
        return found

    @cached_property
    def scored(self) -> tuple[str, ...]:
        return tuple(code for code in self.codes if indicators()[code].is_scored)

    @cached_property
    def need_values(self) -> Values:
        """Input of `krzew.methods.needs`: scored indicators, small counts smoothed towards the group."""
        wanted = [self.columns[code] for code in self.scored]
        matrix, errors = self.values[:, wanted].copy(), np.zeros((len(self.units), len(wanted)))
        for n, code in enumerate(self.scored):
            self._smooth(indicators()[code], matrix[:, n], errors[:, n])
        errors = np.hypot(errors, self._aged(wanted))
        return Values(self.units, self.scored, matrix, self.flags[:, wanted], errors)

    def _aged(self, wanted: Sequence[int]) -> Array:
        """How far a figure may have moved since its year, as a standard error; 0 for the newest and for gaps."""
        values = self.values[:, wanted]
        age = np.clip(self.years.max() - self.years[:, wanted].astype(float), 0, None)
        spread = np.array([_spread(column[np.isfinite(column)]) for column in values.T])
        return np.where(np.isfinite(values), AGEING * np.sqrt(age) * spread, 0.0)

    def _smooth(self, spec: IndicatorSpec, values: Array, errors: Array) -> None:
        column = self.columns[spec.code]
        events, exposed = self.numerators[:, column], self.denominators[:, column]
        if not (spec.small_count and np.isfinite(events).any()):
            return
        result = smooth(events, exposed, towards=self.groups)
        known = np.isfinite(values) & np.isfinite(result.smoothed)
        values[known] = spec.scale * result.smoothed[known]
        errors[known] = spec.scale * np.nan_to_num(result.sd[known])


def _spread(known: Array) -> float:
    """Robust standard deviation; 0 where nobody has a figure."""
    return float(1.4826 * np.median(np.abs(known - np.median(known)))) if known.size else 0.0


_lock = Lock()
_kept: Tables | None = None


def tables() -> Tables:
    """Arrays of the data as they are now."""
    global _kept
    version = data_version()
    if _kept is None or _kept.version != version:
        with _lock:
            _kept = build(version)
    return _kept


def framework() -> Framework:
    """Diagnostic indicators by need; needs without an indicator come out as unknown."""
    return _framework("diagnostic", tuple(needs()))


def feasibility_framework() -> Framework:
    """Conditions for acting (money, partners, scale); a high severity means little room."""
    return _framework("feasibility", tuple(feasibility()))


def _framework(role: str, codes: tuple[str, ...]) -> Framework:
    chosen = [spec for spec in indicators().values() if spec.role == role and spec.level == Level.GMINA]
    return Framework(tuple(_need_indicator(spec) for spec in chosen), codes)


def _need_indicator(spec: IndicatorSpec) -> NeedIndicator:
    return NeedIndicator(
        spec.code,
        spec.need,
        spec.direction,
        spec.weight,
        spec.goalposts,
        unit=spec.unit_en,
        denominator=spec.denominator_en,
        name=spec.name_en,
    )


# --- building ---------------------------------------------------------------------------------------------


def build(version: str) -> Tables:
    codes = tuple(code for code, spec in indicators().items() if spec.level == Level.GMINA)
    gminas = (
        Unit.objects.filter(level=Level.GMINA).order_by("code").values_list("code", "settlement", "features")
    )
    units = tuple(code for code, _type, _features in gminas)
    shape = (len(units), len(codes))
    arrays = {name: np.full(shape, np.nan) for name in ("values", "numerators", "denominators")}
    arrays |= {"years": np.zeros(shape, dtype=np.int16)}
    arrays |= {
        "flags": np.full(shape, Flag.MISSING.value, dtype=object),
        "notes": np.full(shape, "", dtype=object),
    }
    fill(arrays, {code: n for n, code in enumerate(units)}, {code: n for n, code in enumerate(codes)})
    return Tables(
        version=version,
        units=units,
        codes=codes,
        settlement=tuple(settlement for _code, settlement, _features in gminas),
        features=feature_array([row for _code, _type, row in gminas]),
        **arrays,
    )


def feature_array(rows: Sequence[dict[str, float]]) -> Array:
    return np.array([[row.get(name, np.nan) for name in features()] for row in rows], dtype=float)


FIELDS = (
    "unit_id",
    "indicator_id",
    "dataset_id",
    "year",
    "value",
    "numerator",
    "denominator",
    "flag",
    "note",
)


def fill(arrays: dict[str, Array], rows: dict[str, int], columns: dict[str, int]) -> None:
    """A figure beats a gap, a later year an earlier one, and a dataset of higher priority the other."""
    priority = {dataset.pk: dataset.priority for dataset in Dataset.objects.all()}
    found = Value.objects.filter(unit__level=Level.GMINA, indicator__in=columns).order_by()
    best = sorted(found.values_list(*FIELDS), key=lambda row: (row[4] is not None, row[3], priority[row[2]]))
    for unit, indicator, _dataset, year, value, numerator, denominator, flag, note in best:
        place = rows[unit], columns[indicator]
        arrays["values"][place] = np.nan if value is None else value
        arrays["numerators"][place] = np.nan if numerator is None else numerator
        arrays["denominators"][place] = np.nan if denominator is None else denominator
        arrays["years"][place] = year
        arrays["flags"][place] = flag
        arrays["notes"][place] = note
