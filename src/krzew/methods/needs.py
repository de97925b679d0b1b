"""What is missing in a place, how badly, and how sure we are.

Two sentences for a mayor: *Each figure is compared twice, with limits of good and bad that were fixed in
advance for the whole country, and with places like yours; the severity is the average of both, 0 is best and
100 is worst. The range beside it shows how far the result moves when the choices that we could have made
otherwise are made otherwise.*
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import severity as core
from .framework import Framework, Indicator, Values, refuse_repeats
from .record import (
    DEFAULT_SEED,
    BoolArray,
    FloatArray,
    IntArray,
    MethodError,
    Provenance,
    data_hash,
    plain,
    stamp,
)
from .voices import Combined, Estimate, VoicesResult, combine, voices_score

__all__ = [
    "AllNeeds",
    "Combined",
    "Estimate",
    "Evidence",
    "Framework",
    "Indicator",
    "NeedSeverity",
    "NeedsResult",
    "Values",
    "VoicesResult",
    "combine",
    "diagnose",
    "diagnose_all",
    "voices_score",
]

FULL_COVERAGE = 0.8
"""A need rests on thin evidence when less than this share of its weight is observed (OECD/JRC practice:
0.8-0.9)."""


@dataclass(frozen=True)
class Evidence:
    """One figure behind a need. `contribution` of all rows add up to the severity."""

    indicator: str
    value: float | None
    flag: str
    source_flag: str
    group_median: float | None
    group_q1: float | None
    group_q3: float | None
    group_n: int
    z: float | None
    goalpost_score: float | None
    position_score: float | None
    score: float | None
    weight: float
    contribution: float | None
    basis: str


@dataclass(frozen=True)
class NeedSeverity:
    """One need of one place: severity 0-100 (100 is worst) with its 90 % range over the repetitions."""

    need: str
    severity: float | None
    low: float | None
    high: float | None
    z: float | None
    percentile_group: float | None
    percentile_country: float | None
    arithmetic: float | None
    geometric: float | None
    coverage: float
    status: str
    evidence: tuple[Evidence, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class NeedsResult:
    """Every need of one place."""

    place: str
    group: tuple[str, ...]
    needs: tuple[NeedSeverity, ...]
    notes: tuple[str, ...]
    provenance: Provenance

    def need(self, code: str) -> NeedSeverity:
        """One need by its code."""
        for need in self.needs:
            if need.need == code:
                return need
        raise MethodError("need", "is not in the framework", code)

    def ranked(self) -> tuple[NeedSeverity, ...]:
        """Worst first; what is not known stands at the end, it is not zero."""
        return tuple(
            sorted(self.needs, key=lambda n: -1.0 if n.severity is None else n.severity, reverse=True)
        )

    def estimates(self) -> dict[str, Estimate]:
        """The known needs as value and interval, to be combined with voices."""
        return {
            n.need: Estimate(n.severity, n.low, n.high)
            for n in self.needs
            if n.severity is not None and n.low is not None and n.high is not None
        }


@dataclass(frozen=True, eq=False)
class AllNeeds:
    """Severities of every place; arrays of shape (places, needs), NaN where a need is not known."""

    units: tuple[str, ...]
    needs: tuple[str, ...]
    severity: FloatArray
    low: FloatArray
    high: FloatArray
    geometric: FloatArray
    coverage: FloatArray
    provenance: Provenance


@dataclass(frozen=True, eq=False)
class _Prepared:
    """The values in the order of the framework's indicators."""

    matrix: FloatArray
    applicable: BoolArray
    errors: FloatArray
    posts: FloatArray

    @property
    def cells(self) -> tuple[FloatArray, BoolArray]:
        return self.matrix, self.applicable


def diagnose(
    framework: Framework,
    values: Values,
    place: str,
    group: Sequence[str],
    *,
    draws: int = 500,
    seed: int = DEFAULT_SEED,
    local: Mapping[str, float] | None = None,
) -> NeedsResult:
    """Severity of every need of one place against its comparison group.

    `local` brings figures of this place that the table does not have or has older. Raises `MethodError` for
    an unknown place, neighbour or indicator.
    """
    local = dict(local or {})
    row, members = values.row(place), _group_rows(values, place, group)
    prepared = _prepare(framework, values, row, local)
    table, result = core.solve_place(*prepared.cells, row, members, *_rest(framework, prepared, draws, seed))
    ranks = _percentiles(framework, prepared, row, members)
    flags = _flags(framework, values, row, local)
    needs = tuple(
        _need(framework, p, table, result[:, p], ranks[p], flags) for p in range(len(framework.needs))
    )
    parameters = {"draws": draws, "place": place, "group": tuple(group), "local": local}
    origin = stamp(
        "needs", seed, data_hash(values.data_hash, framework.fingerprint, sorted(local.items())), parameters
    )
    notes = ("small_group",) if len(members) < core.MIN_GROUP else ()
    return NeedsResult(place, tuple(group), needs, notes, origin)


def diagnose_all(
    framework: Framework, values: Values, groups: IntArray, *, draws: int = 200, seed: int = DEFAULT_SEED
) -> AllNeeds:
    """Severity of every need of every place; `groups` (places, k) are row numbers of neighbours, -1 for
    none."""
    members = _checked_groups(groups, len(values.units))
    prepared = _prepare(framework, values)
    out = core.solve_all(*prepared.cells, members, *_rest(framework, prepared, draws, seed))
    origin = stamp(
        "needs.all", seed, data_hash(values.data_hash, framework.fingerprint, members), {"draws": draws}
    )
    return AllNeeds(values.units, framework.needs, out[0], out[1], out[2], out[3], out[4], origin)


def _rest(framework: Framework, prepared: _Prepared, draws: int, seed: int) -> tuple[Any, ...]:
    """What the compiled functions want after the places: errors, the framework's arrays, the draws."""
    if draws < 1:
        raise MethodError("draws", "must be at least 1", str(draws))
    arrays = (framework.direction, prepared.posts, framework.weights, framework.membership)
    return (prepared.errors, *arrays, len(framework.needs), core.make_draws(framework, draws, seed).arrays)


def _group_rows(values: Values, place: str, group: Sequence[str]) -> IntArray:
    refuse_repeats("group", group)
    unknown = [code for code in group if code not in values.rows]
    if unknown:
        raise MethodError("group", "is not in the table of values", unknown[0])
    return np.array([values.rows[code] for code in group if code != place], dtype=np.int64)


def _checked_groups(groups: IntArray, n: int) -> IntArray:
    members = np.asarray(groups)
    if members.ndim != 2 or members.shape[0] != n:
        raise MethodError("groups", f"must have one row for each of the {n} places, not {members.shape}")
    if not np.issubdtype(members.dtype, np.integer) or (
        members.size and (members.min() < -1 or members.max() >= n)
    ):
        raise MethodError("groups", f"must hold row numbers from 0 to {n - 1}, or -1")
    return members.astype(np.int64)


def _prepare(
    framework: Framework, values: Values, row: int = 0, local: Mapping[str, float] | None = None
) -> _Prepared:
    columns = values.columns(framework.codes)
    known = columns >= 0
    n, k = len(values.units), len(columns)
    matrix, errors = np.full((n, k), np.nan), np.zeros((n, k))
    applicable = np.ones((n, k), dtype=bool)
    matrix[:, known] = values.matrix[:, columns[known]]
    applicable[:, known] = values.applicable[:, columns[known]]
    if values.errors is not None:
        errors[:, known] = np.nan_to_num(values.errors[:, columns[known]])
    _insert_local(framework, matrix, applicable, errors, row, local or {})
    return _Prepared(matrix, applicable, errors, np.stack([framework.best, framework.worst]))


def _insert_local(
    framework: Framework,
    matrix: FloatArray,
    applicable: BoolArray,
    errors: FloatArray,
    row: int,
    local: Mapping[str, float],
) -> None:
    position = {code: j for j, code in enumerate(framework.codes)}
    for code, value in local.items():
        if code not in position:
            raise MethodError("local", "is not an indicator of the framework", code)
        if not np.isfinite(value):
            raise MethodError("local", "must be a finite number", code)
        matrix[row, position[code]], errors[row, position[code]] = value, 0.0
        applicable[row, position[code]] = True


def _flags(framework: Framework, values: Values, row: int, local: Mapping[str, float]) -> list[str]:
    """The source's flag of each indicator of the place."""
    assert values.flags is not None
    columns = values.columns(framework.codes)
    own = ["missing" if c < 0 else str(values.flags[row, c]) for c in columns]
    return ["local" if code in local else flag for code, flag in zip(framework.codes, own, strict=True)]


def _percentiles(
    framework: Framework, prepared: _Prepared, row: int, members: IntArray
) -> list[tuple[float, float]]:
    """Per need: the share of the group and of the country that stands better by the goalposts alone.

    Goalposts are the one measure that is the same everywhere; a place is compared on the figures that it has
    itself.
    """
    best, worst = prepared.posts
    score = np.clip(100.0 * (prepared.matrix - best) / (worst - best), 0.0, 100.0)
    own = ~np.isnan(score[row])
    shares = []
    for p in range(len(framework.needs)):
        columns = np.flatnonzero(own & (framework.membership == p) & (framework.weights > 0))
        means = _weighted_rows(score[:, columns], framework.weights[columns])
        shares.append(
            (_share_better(means[members], means[row]), _share_better(np.delete(means, row), means[row]))
        )
    return shares


def _weighted_rows(scores: FloatArray, weights: FloatArray) -> FloatArray:
    known = ~np.isnan(scores)
    total = known @ weights
    sums = np.where(known, scores, 0.0) @ weights
    means: FloatArray = np.divide(sums, total, out=np.full(len(total), np.nan), where=total > 0)
    return means


def _share_better(others: FloatArray, own: float) -> float:
    others = others[~np.isnan(others)]
    if np.isnan(own) or not len(others):
        return float("nan")
    return float(100.0 * ((others < own).mean() + 0.5 * (others == own).mean()))


def _need(
    framework: Framework,
    p: int,
    table: FloatArray,
    result: FloatArray,
    ranks: tuple[float, float],
    flags: list[str],
) -> NeedSeverity:
    rows = np.flatnonzero(framework.membership == p)
    known = not np.isnan(result[0])
    evidence = _evidence(framework, rows, table, flags, known)
    status, notes = _status(framework, rows, table, result[4], evidence)
    z = _mean_z(table[rows], framework.weights[rows]) if known else float("nan")
    severity, low, high, geometric = (plain(x) for x in result[:4])
    in_group, in_country = (plain(r) if known else None for r in ranks)
    return NeedSeverity(
        framework.needs[p], severity, low, high, plain(z), in_group, in_country, severity, geometric,
        float(result[4]), status, evidence, notes,
    )  # fmt: skip


def _mean_z(table: FloatArray, weights: FloatArray) -> float:
    own = (table[:, core.STATE] == core.OBSERVED) & ~np.isnan(table[:, core.Z])
    return (
        float(np.average(table[own, core.Z], weights=weights[own]))
        if weights[own].sum() > 0
        else float("nan")
    )


def _evidence(
    framework: Framework, rows: IntArray, table: FloatArray, flags: list[str], known: bool
) -> tuple[Evidence, ...]:
    scored = ~np.isnan(table[rows, core.SCORE]) & known
    weights = np.where(scored, framework.weights[rows], 0.0)
    weights = weights / weights.sum() if weights.sum() > 0 else weights
    return tuple(
        _evidence_row(framework.indicators[j], table[j], flags[j], float(w), bool(s))
        for j, w, s in zip(rows, weights, scored, strict=True)
    )


def _evidence_row(
    indicator: Indicator, row: FloatArray, source_flag: str, weight: float, scored: bool
) -> Evidence:
    imputed = row[core.STATE] == core.IMPUTED
    return Evidence(
        indicator=indicator.code,
        value=plain(row[core.VALUE]),
        flag="imputed" if imputed else source_flag,
        source_flag=source_flag,
        group_median=plain(row[core.MEDIAN]),
        group_q1=plain(row[core.Q1]),
        group_q3=plain(row[core.Q3]),
        group_n=int(row[core.COUNT]),
        z=plain(row[core.Z]),
        goalpost_score=plain(row[core.GOAL]),
        position_score=plain(row[core.POSITION]),
        score=plain(row[core.SCORE]),
        weight=weight,
        contribution=weight * float(row[core.SCORE]) if scored else None,
        basis=_basis(row),
    )


def _basis(row: FloatArray) -> str:
    by_goal, by_group = not np.isnan(row[core.GOAL]), not np.isnan(row[core.POSITION])
    return {(True, True): "both", (True, False): "goalposts", (False, True): "group"}.get(
        (by_goal, by_group), "none"
    )


def _status(
    framework: Framework, rows: IntArray, table: FloatArray, coverage: float, evidence: tuple[Evidence, ...]
) -> tuple[str, tuple[str, ...]]:
    """How firmly the need stands, and the reasons as codes."""
    if coverage <= 0:
        return "unknown", (_why_unknown(framework, rows),)
    own = table[rows, core.STATE] == core.OBSERVED
    conditions = {
        "low_coverage": coverage < FULL_COVERAGE,
        "single_indicator": int((own & (framework.weights[rows] > 0)).sum()) == 1,
        "imputed": any(e.flag == "imputed" for e in evidence),
        "local": any(e.flag == "local" for e in evidence),
        "goalposts_only": any(e.basis == "goalposts" for e in evidence),
        "group_only": any(e.basis == "group" for e in evidence),
        "small_group": any(e.group_n < core.MIN_GROUP for e in evidence),
        "no_spread": any(e.group_n >= core.MIN_GROUP and e.basis == "goalposts" for e in evidence),
    }
    notes = tuple(code for code, holds in conditions.items() if holds)
    thin = {"low_coverage", "single_indicator"} & set(notes)
    return ("thin" if thin else "ok"), notes


def _why_unknown(framework: Framework, rows: IntArray) -> str:
    if not len(rows):
        return "no_indicator"
    return "no_value" if framework.weights[rows].sum() > 0 else "zero_weight"
