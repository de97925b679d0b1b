"""A composite index step by step, after the OECD/JRC handbook and COINr: every step is logged and can be
redone.

`start(...)` opens an index; each step gives a new one; `regen` repeats all steps with some choices changed.
Here a higher score always means more of what the index is called after; `direction` -1 turns an indicator
round.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from . import normalise as steps
from .framework import Framework, Values, refuse_repeats
from .record import (
    DEFAULT_SEED,
    FloatArray,
    MethodError,
    Provenance,
    data_hash,
    finite_matrix,
    stamp,
    streams,
)


@dataclass(frozen=True)
class Aggregate:
    """A branch of the tree: a pillar, a dimension or (without parent) the index itself."""

    code: str
    parent: str = ""
    weight: float = 1.0


@dataclass(frozen=True)
class Step:
    """One step as it was taken."""

    name: str
    parameters: dict[str, Any]


@dataclass(frozen=True, eq=False)
class Intervals:
    """Ranks over all repetitions: (units,) the stated rank, median and the 90 % interval; 1 is the highest
    score."""

    rank: FloatArray
    median: FloatArray
    low: FloatArray
    high: FloatArray
    provenance: Provenance


@dataclass(frozen=True, eq=False)
class Index:
    """An index under way: `table` (units, indicators) after the last step, `scores` by branch after
    `aggregate`."""

    framework: Framework
    source: Values
    tree: tuple[Aggregate, ...]
    table: FloatArray
    flags: npt.NDArray[Any]
    kept: npt.NDArray[np.bool_]
    log: tuple[Step, ...] = ()
    scores: dict[str, FloatArray] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def units(self) -> tuple[str, ...]:
        return tuple(u for u, keep in zip(self.source.units, self.kept, strict=True) if keep)

    @property
    def provenance(self) -> Provenance:
        data = data_hash(self.source.data_hash, self.framework.fingerprint, self.tree)
        return stamp("index", None, data, {"steps": [(s.name, s.parameters) for s in self.log]})

    def denominate(self, denominators: Mapping[str, npt.ArrayLike]) -> Index:
        """Divide each indicator that names a denominator by it."""
        table = self.table.copy()
        for j, indicator in enumerate(self.framework.indicators):
            if indicator.denominator:
                if indicator.denominator not in denominators:
                    raise MethodError("denominator", "is not among the denominators given", indicator.code)
                given = denominators[indicator.denominator]
                by = finite_matrix(indicator.denominator, given, missing=True)[self.kept]
                if (by == 0).any():
                    raise MethodError(
                        indicator.denominator, "must not be zero", self.units[int(np.argmax(by == 0))]
                    )
                table[:, j] /= by
        return self._after("denominate", {"denominators": dict(denominators)}, table=table)

    def screen(self, least: float = 0.9) -> Index:
        """Leave out units with less than this share of the weight observed."""
        weights = self.framework.weights / self.framework.weights.sum()
        enough = (~np.isnan(self.table) @ weights) >= least
        kept = self.kept.copy()
        kept[np.flatnonzero(kept)[~enough]] = False
        dropped = tuple(f"screened out: {u}" for u, keep in zip(self.units, enough, strict=True) if not keep)
        table, flags = self.table[enough], self.flags[enough]
        return replace(
            self._after("screen", {"least": least}, table=table),
            flags=flags,
            kept=kept,
            notes=self.notes + dropped,
        )

    def impute(self, method: str = "group_median", groups: Sequence[str] | None = None, k: int = 5) -> Index:
        """Fill what is missing by the group's median or mean, or by the k most similar units; each is
        flagged."""
        missing = np.isnan(self.table)
        if missing.all(axis=0).any():
            code = self.framework.codes[int(np.argmax(missing.all(axis=0)))]
            raise MethodError("values", "no unit has a value, so none can be imputed", code)
        if method == "knn":
            table = _impute_knn(self.table, k)
        elif method in ("group_median", "group_mean"):
            labels = np.array(groups if groups is not None else [""] * len(self.source.units))
            if len(labels) != len(self.source.units):
                raise MethodError("groups", f"needs one group for each of {len(self.source.units)} units")
            table = _impute_group(
                self.table, labels[self.kept], np.nanmedian if method == "group_median" else np.nanmean
            )
        else:
            raise MethodError("method", "must be group_median, group_mean or knn", method)
        after = self._after("impute", {"method": method, "groups": groups, "k": k}, table=table)
        return replace(after, flags=np.where(missing, "imputed", self.flags))

    def treat(self, most: int = 5) -> Index:
        """Tame outliers column by column (COINr's rule); what was done is in the notes."""
        done = [steps.treat_column(column, most) for column in self.table.T]
        notes = tuple(
            f"{c}: {how}" for c, (_, how) in zip(self.framework.codes, done, strict=True) if how != "none"
        )
        after = self._after("treat", {"most": most}, table=np.stack([column for column, _ in done], axis=1))
        return replace(after, notes=self.notes + notes)

    def normalise(self, method: str = "minmax", low: float = 0.0, high: float = 100.0) -> Index:
        """Bring every indicator to one scale: minmax, zscore, rank or goalposts."""
        if method == "goalposts":
            table = steps.goalposts(self.table, self.framework.best, self.framework.worst, low, high)
        elif method in steps.NORMALISERS:
            table = steps.NORMALISERS[method](self.table * self.framework.direction, low, high)
        else:
            raise MethodError("method", f"must be goalposts, {', '.join(steps.NORMALISERS)}", method)
        return self._after("normalise", {"method": method, "low": low, "high": high}, table=table)

    def aggregate(self, method: str = "arithmetic") -> Index:
        """Weighted mean of the branches up the tree, arithmetic or geometric (which needs scores above
        zero)."""
        if method not in ("arithmetic", "geometric"):
            raise MethodError("method", "must be arithmetic or geometric", method)
        if method == "geometric" and not (self.table > 0).all():
            raise MethodError(
                "normalise", "the geometric mean needs scores above zero: use a scale from 1 to 100"
            )
        codes = (*self.framework.codes, *(a.code for a in self.tree))
        columns = {code: self.table[:, j] for j, code in enumerate(self.framework.codes)}
        for branch in self.tree:
            rows = self._children(branch.code)
            weights = np.array([w for _, w in rows])
            columns[branch.code] = _mean(np.stack([columns[c] for c, _ in rows], axis=1), weights, method)
        after = self._after("aggregate", {"method": method}, table=self.table)
        return replace(after, scores={code: columns[code] for code in codes if code in columns})

    def regen(self, **changes: Mapping[str, Any]) -> Index:
        """All steps again from the source, with the parameters of some steps changed:
        `regen(normalise={"method": "rank"})`."""
        unknown = set(changes) - {step.name for step in self.log}
        if unknown:
            raise MethodError("regen", "is not a step of this index", sorted(unknown)[0])
        index = start(self.framework, self.source, self.tree)
        for step in self.log:
            index = getattr(index, step.name)(**{**step.parameters, **changes.get(step.name, {})})
        return index

    def ranks(self, branch: str = "") -> FloatArray:
        """Ranks by a branch (the index itself unless named); 1 is the highest score, ties share the better
        rank."""
        score = self._score(branch)
        return np.array([1.0 + (score > own).sum() for own in score])

    def contributions(self, unit: str) -> dict[str, float]:
        """How much each indicator adds to the unit's arithmetic index; they add up to it."""
        row = self.units.index(unit) if unit in self.units else -1
        if row < 0:
            raise MethodError("unit", "is not in the index", unit)
        effective = self.effective_weights()
        return {c: float(effective[c] * self.table[row, j]) for j, c in enumerate(self.framework.codes)}

    def effective_weights(self) -> dict[str, float]:
        """The weight with which each indicator reaches the top."""
        share = {self.tree[-1].code: 1.0}
        for branch in reversed(self.tree):
            rows = self._children(branch.code)
            total = sum(weight for _, weight in rows)
            share.update({code: share[branch.code] * weight / total for code, weight in rows})
        return {code: share[code] for code in self.framework.codes}

    def uncertainty(
        self, draws: int = 200, seed: int = DEFAULT_SEED, concentration: float = 20.0
    ) -> Intervals:
        """Ranks when normalisation, aggregation, weights and (bootstrap of the group) imputation are drawn
        anew."""
        choice, weights, hot = streams(seed, 3)
        ranks = np.empty((draws, len(self.units)))
        for t in range(draws):
            index = self._redrawn(hot)
            method, mean = choice.choice(list(steps.NORMALISERS)), choice.choice(["arithmetic", "geometric"])
            tree = tuple(replace(a, weight=_jitter(a.weight, concentration, weights)) for a in self.tree)
            jittered = [
                replace(i, weight=_jitter(i.weight, concentration, weights))
                for i in self.framework.indicators
            ]
            index = replace(index, tree=tree, framework=replace(self.framework, indicators=tuple(jittered)))
            ranks[t] = index.normalise(str(method), 1.0, 100.0).aggregate(str(mean)).ranks()
        low, median, high = np.quantile(ranks, [0.05, 0.5, 0.95], axis=0)
        origin = replace(
            self.provenance, seed=seed, parameters={"draws": draws, "concentration": concentration}
        )
        return Intervals(self.ranks(), median, low, high, origin)

    def _redrawn(self, stream: np.random.Generator) -> Index:
        """The index before normalisation, its imputed cells replaced by the figures of units drawn at
        random."""
        index = start(self.framework, self.source, self.tree)
        for step in self.log:
            if step.name == "normalise":
                break
            index = getattr(index, step.name)(**step.parameters)
        table = index.table.copy()
        for i, j in np.argwhere(index.flags == "imputed"):
            table[i, j] = stream.choice(table[index.flags[:, j] != "imputed", j])
        return replace(index, table=table)

    def _children(self, code: str) -> list[tuple[str, float]]:
        own = [(i.code, i.weight) for i in self.framework.indicators if i.need == code]
        return own + [(a.code, a.weight) for a in self.tree if a.parent == code]

    def _score(self, branch: str) -> FloatArray:
        code = branch or self.tree[-1].code
        if code not in self.scores:
            raise MethodError("branch", "has no score; aggregate first", code)
        return self.scores[code]

    def _after(self, name: str, parameters: dict[str, Any], table: FloatArray) -> Index:
        return replace(self, table=table, log=(*self.log, Step(name, parameters)))


def start(framework: Framework, values: Values, tree: Sequence[Aggregate]) -> Index:
    """An index before its first step. `tree` lists the branches from the leaves to the top; the last is the
    index."""
    branches = tuple(tree)
    refuse_repeats("tree", [a.code for a in branches])
    seen: set[str] = set()
    for branch in branches:
        if branch.parent in seen:
            raise MethodError("tree", "a branch must stand before its parent", branch.code)
        seen.add(branch.code)
    parents = {a.parent for a in branches} | set(framework.needs)
    for code in parents - {""} - seen:
        raise MethodError("tree", "is named as a parent but is not in the tree", code)
    columns = values.columns(framework.codes)
    if (columns < 0).any():
        raise MethodError(
            "values", "has no column for the indicator", framework.codes[int(np.argmax(columns < 0))]
        )
    assert values.flags is not None
    kept = np.ones(len(values.units), dtype=bool)
    return Index(framework, values, branches, values.matrix[:, columns], values.flags[:, columns], kept)


def _mean(scores: FloatArray, weights: FloatArray, method: str) -> FloatArray:
    if weights.sum() <= 0:
        raise MethodError("weights", "at least one weight of a branch must be above zero")
    share = weights / weights.sum()
    result: FloatArray = np.exp(np.log(scores) @ share) if method == "geometric" else scores @ share
    return result


def _jitter(weight: float, concentration: float, stream: np.random.Generator) -> float:
    """A gamma draw around a weight; within a branch they make a Dirichlet draw."""
    return float(stream.standard_gamma(concentration * weight)) if weight > 0 else 0.0


def _impute_group(table: FloatArray, labels: npt.NDArray[Any], centre: Any) -> FloatArray:
    """The centre of the group; of all units where the group has no figure."""
    filled = table.copy()
    everyone = centre(table, axis=0)
    for label in np.unique(labels):
        rows = np.flatnonzero(labels == label)
        empty = np.isnan(table[rows]).all(axis=0)
        own = everyone.copy()
        own[~empty] = centre(table[rows][:, ~empty], axis=0)
        filled[rows] = np.where(np.isnan(table[rows]), own, table[rows])
    return filled


def _impute_knn(table: FloatArray, k: int) -> FloatArray:
    """The mean of the k units nearest over the standardised figures that both have."""
    if k < 1:
        raise MethodError("k", "must be at least 1", str(k))
    deviation = np.nanstd(table, axis=0)
    standard = (table - np.nanmean(table, axis=0)) / np.where(deviation > 0, deviation, 1.0)
    filled = table.copy()
    for i in np.flatnonzero(np.isnan(table).any(axis=1)):
        shared = ~np.isnan(standard) & ~np.isnan(standard[i])
        squares = np.where(shared, (standard - np.nan_to_num(standard[i])) ** 2, 0.0).sum(axis=1)
        distance = np.where(shared.any(axis=1), squares / np.maximum(shared.sum(axis=1), 1), np.inf)
        order = np.argsort(distance, kind="stable")
        for j in np.flatnonzero(np.isnan(table[i])):
            donors = [m for m in order if m != i and not np.isnan(table[m, j])][:k]
            filled[i, j] = table[donors, j].mean()
    return filled
