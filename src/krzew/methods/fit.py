"""Which solution suits a place, and why: rules first, then an additive value model, then all weights at
once.

Need and feasibility are two axes and are never averaged: need ranks, feasibility gates. A solution that
fails a rule is out with the reason; one with an unanswered rule stays in with the question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from .criteria import Alternative, Criterion, Fact, Rule, Verdict, check_rules, refuse_contradictions
from .explain import Explanation, explain
from .framework import refuse_repeats
from .mcda import (
    Cells,
    Smaa,
    additive,
    first_rank_acceptability_all,
    need_values,
    promethee2_usual,
    smaa,
    smaa_cells,
    spotis,
)
from .record import (
    DEFAULT_SEED,
    BoolArray,
    FloatArray,
    IntArray,
    MethodError,
    Provenance,
    check_weights,
    data_hash,
    finite_matrix,
    plain,
    stamp,
    streams,
)
from .what_if import Change, DatumChange, what_would_change

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "Alternative",
    "Change",
    "Criterion",
    "DatumChange",
    "Explanation",
    "Fact",
    "Fit",
    "Problem",
    "Rule",
    "Scored",
    "Smaa",
    "Verdict",
    "additive",
    "first_rank_acceptability_all",
    "need_values",
    "promethee2_usual",
    "smaa",
    "spotis",
]

UNKNOWN_VALUE = 50.0
ROBUST_FIRST, ROBUST_TOP3 = 0.6, 0.9
MIDDLE = 50.0


@dataclass(frozen=True)
class Scored:
    """One alternative after solving; `contributions` add up to `need_score`."""

    code: str
    rank: int | None
    eligible: bool
    state: str
    need_score: float
    feasibility: float | None
    contributions: dict[str, float]
    feasibility_contributions: dict[str, float]
    unknown: tuple[str, ...]
    verdicts: tuple[Verdict, ...]
    quadrant: str
    acceptability: float | None = None
    top3: float | None = None
    confidence: float | None = None
    central_weights: dict[str, float] | None = None
    net_flow: float | None = None
    robust: bool = False


@dataclass(frozen=True, eq=False)
class Problem:
    """Alternatives, criteria and their figures for one place.

    `values` is (alternatives, criteria) in natural units, NaN where not known: counted as 50 and drawn over
    the whole range, since no evidence is not a low figure. `errors` are standard errors in the same units.
    Below `feasibility_gate` (0-100) an alternative is not eligible.
    """

    alternatives: tuple[Alternative, ...]
    criteria: tuple[Criterion, ...]
    values: FloatArray
    errors: FloatArray | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    feasibility_gate: float = 0.0

    def __post_init__(self) -> None:
        refuse_repeats("alternatives", [a.code for a in self.alternatives])
        refuse_repeats("criteria", [c.code for c in self.criteria])
        if not self.columns("need").size:
            raise MethodError("criteria", "at least one must be on the axis of need")
        self._check_tables()
        for axis in ("need", "feasibility"):
            if self.columns(axis).size:
                self.weights(axis)
        known = {name: f if isinstance(f, Fact) else Fact(f) for name, f in self.facts.items()}
        object.__setattr__(self, "facts", known)
        for alternative in self.alternatives:
            refuse_contradictions(alternative.code, (*self.rules, *alternative.rules))

    def _check_tables(self) -> None:
        shape = (len(self.alternatives), len(self.criteria))
        errors = np.zeros(shape) if self.errors is None else finite_matrix("errors", self.errors)
        values = finite_matrix("values", self.values, missing=True).reshape(-1, shape[1])
        for name, table in (("values", values), ("errors", errors)):
            if table.shape != shape:
                rule = f"must have the shape {shape} (alternatives, criteria), not {table.shape}"
                raise MethodError(name, rule)
        if (errors < 0).any():
            row = int(np.argwhere(errors < 0)[0, 0])
            raise MethodError("errors", "must not be negative", self.alternatives[row].code)
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "errors", errors)

    def columns(self, axis: str) -> IntArray:
        """Columns of the criteria on one axis."""
        return np.array([j for j, c in enumerate(self.criteria) if c.axis == axis], dtype=np.int64)

    def weights(self, axis: str) -> FloatArray:
        """Weights of one axis, summing to 1."""
        return check_weights(f"weights of {axis}", [self.criteria[j].weight for j in self.columns(axis)])

    @cached_property
    def scores(self) -> FloatArray:
        """Values 0-100 of every alternative on every criterion; 50 where not known."""
        table = np.empty(self.values.shape)
        for j, criterion in enumerate(self.criteria):
            table[:, j] = criterion.value(self.values[:, j])
        return np.where(np.isnan(self.values), UNKNOWN_VALUE, table)

    @cached_property
    def verdicts(self) -> dict[str, tuple[Verdict, ...]]:
        return {a.code: check_rules((*self.rules, *a.rules), self.facts) for a in self.alternatives}

    def eligible(self) -> dict[str, tuple[Verdict, ...]]:
        """The verdicts on the alternatives that no rule excludes."""
        return {code: v for code, v in self.verdicts.items() if all(x.outcome != "fail" for x in v)}

    @cached_property
    def feasibility(self) -> FloatArray:
        """Feasibility 0-100 of every alternative; NaN without a criterion of feasibility."""
        columns = self.columns("feasibility")
        if not columns.size:
            return np.full(len(self.alternatives), np.nan)
        result: FloatArray = self.scores[:, columns] @ self.weights("feasibility")
        return result

    @cached_property
    def open(self) -> BoolArray:
        """Alternatives that pass the rules and the gate."""
        passing = self.eligible()
        ruled = np.array([a.code in passing for a in self.alternatives], dtype=bool)
        result: BoolArray = ruled & ~(self.feasibility < self.feasibility_gate)
        return result

    @cached_property
    def data_hash(self) -> str:
        verdicts = [(code, [v.outcome for v in row]) for code, row in self.verdicts.items()]
        return data_hash(self.values, self.errors, self.criteria, verdicts, self.feasibility_gate)

    def solve(self, draws: int = 10_000, seed: int = DEFAULT_SEED, concentration: float | None = None) -> Fit:
        """Rank the eligible alternatives by need and say how firm the ranking is."""
        rows = np.flatnonzero(self.open)
        ranking = _acceptability(self, rows, draws, seed, concentration) if len(rows) else None
        scored = _scored(self, rows, ranking)
        parameters = {
            "draws": draws,
            "concentration": concentration,
            "feasibility_gate": self.feasibility_gate,
        }
        return Fit(self, scored, ranking, stamp("fit", seed, self.data_hash, parameters))


@dataclass(frozen=True, eq=False)
class Fit:
    """A solved problem: eligible alternatives by need, then the others with the reason."""

    problem: Problem
    scored: tuple[Scored, ...]
    smaa: Smaa | None
    provenance: Provenance

    @property
    def first(self) -> Scored | None:
        return self.scored[0] if self.scored and self.scored[0].eligible else None

    def score(self, code: str) -> Scored:
        for row in self.scored:
            if row.code == code:
                return row
        raise MethodError("alternative", "is not in the problem", code)

    def what_would_change(self) -> Change:
        """The smallest change of weights, and of one figure, that makes the second as good as the first."""
        return what_would_change(self)

    def explain(self, lang: str = "pl") -> Explanation:
        """The result as sentences in plain Polish or English."""
        return explain(self, lang)


def _acceptability(
    problem: Problem, rows: IntArray, draws: int, seed: int, concentration: float | None
) -> Smaa:
    columns = problem.columns("need")
    fixed = problem.scores[np.ix_(rows, columns)]
    cells = _uncertain_cells(problem, rows, columns, draws, streams(seed, 3)[1:])
    codes = tuple(problem.alternatives[i].code for i in rows)
    return smaa_cells(fixed, cells, draws, seed, problem.weights("need"), concentration, codes)


def _uncertain_cells(
    problem: Problem, rows: IntArray, columns: IntArray, draws: int, random: Sequence[np.random.Generator]
) -> Cells:
    """Drawn values of the cells that are uncertain (an error) or not known (the whole range)."""
    assert problem.errors is not None
    values, errors = problem.values[np.ix_(rows, columns)], problem.errors[np.ix_(rows, columns)]
    unknown = np.isnan(values)
    at = np.argwhere(unknown | (errors > 0))
    common = random[0].standard_normal((len(columns), draws))
    drawn = np.empty((len(at), draws))
    for m, (i, j) in enumerate(at):
        criterion = problem.criteria[columns[j]]
        if unknown[i, j]:
            drawn[m] = random[1].uniform(0.0, 100.0, draws)
        else:
            noise = common[j] if criterion.shared_error else random[1].standard_normal(draws)
            drawn[m] = criterion.value(values[i, j] + errors[i, j] * noise)
    return Cells(at[:, 0].copy(), at[:, 1].copy(), np.ascontiguousarray(drawn.T))


def _scored(problem: Problem, rows: IntArray, ranking: Smaa | None) -> tuple[Scored, ...]:
    columns = problem.columns("need")
    need = problem.scores[:, columns] @ problem.weights("need")
    order = sorted(range(len(need)), key=lambda i: (not problem.open[i], -need[i]))
    flows = _net_flows(problem, rows, columns)
    middle = float(np.median(need[rows])) if len(rows) else MIDDLE
    place = {int(i): k for k, i in enumerate(rows)}
    return tuple(
        _score_row(problem, i, rank, float(need[i]), middle, ranking, place.get(i), flows)
        for rank, i in enumerate(order, start=1)
    )


def _net_flows(problem: Problem, rows: IntArray, columns: IntArray) -> FloatArray:
    if not len(rows):
        return np.zeros(0)
    table = problem.scores[np.ix_(rows, columns)]
    return promethee2_usual(table, problem.weights("need"), np.ones(len(columns)))


def _score_row(
    problem: Problem,
    i: int,
    rank: int,
    need: float,
    middle: float,
    ranking: Smaa | None,
    k: int | None,
    flows: FloatArray,
) -> Scored:
    alternative, eligible = problem.alternatives[i], bool(problem.open[i])
    verdicts = problem.verdicts[alternative.code]
    open_questions = any(v.outcome == "unknown" for v in verdicts)
    feasibility = plain(problem.feasibility[i])
    firm = _firmness(problem, ranking, k, flows) if ranking is not None and k is not None else {}
    return Scored(
        code=alternative.code,
        rank=rank if eligible else None,
        eligible=eligible,
        state="not_eligible" if not eligible else "questions" if open_questions else "eligible",
        need_score=need,
        feasibility=feasibility,
        contributions=_contributions(problem, i, "need"),
        feasibility_contributions=_contributions(problem, i, "feasibility"),
        unknown=tuple(
            c.code for c, x in zip(problem.criteria, problem.values[i], strict=True) if np.isnan(x)
        ),
        verdicts=verdicts,
        quadrant=_quadrant(need >= middle, feasibility is None or feasibility >= MIDDLE),
        **firm,
    )


def _contributions(problem: Problem, i: int, axis: str) -> dict[str, float]:
    columns = problem.columns(axis)
    if not columns.size:
        return {}
    parts = problem.scores[i, columns] * problem.weights(axis)
    return {problem.criteria[j].code: float(x) for j, x in zip(columns, parts, strict=True)}


def _quadrant(needed: bool, feasible: bool) -> str:
    """Needed here (against the middle of the eligible ones)? Feasible here (50 or more)?"""
    return {(True, True): "do", (True, False): "prepare", (False, True): "easy"}.get(
        (needed, feasible), "later"
    )


def _firmness(problem: Problem, ranking: Smaa, k: int, flows: FloatArray) -> dict[str, Any]:
    first, top3 = float(ranking.first_rank[k]), float(ranking.rank_acceptability[k, :3].sum())
    central = ranking.central_weights[k]
    codes = [problem.criteria[j].code for j in problem.columns("need")]
    return {
        "acceptability": first,
        "top3": top3,
        "confidence": plain(ranking.confidence[k]),
        "central_weights": None if np.isnan(central[0]) else dict(zip(codes, central.tolist(), strict=True)),
        "net_flow": float(flows[k]),
        "robust": first >= ROBUST_FIRST and top3 >= ROBUST_TOP3,
    }
