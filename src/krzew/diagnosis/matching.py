"""Solutions against one place: preconditions, points on both axes, and what the page shows of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from krzew.diagnosis import criteria, reference, wording
from krzew.diagnosis.criteria import BY_CODE, DEFINITIONS, Array, Column, Definition
from krzew.diagnosis.reference import Shelf
from krzew.diagnosis.result import NONE, Condition, Criterion, Need, Part, Question, Served, Solution, Text
from krzew.library import catalogue
from krzew.library.preconditions import RuleResult, atoms, check
from krzew.library.queries import Matchable
from krzew.methods import fit, needs
from krzew.places import matrix, vocabulary

if TYPE_CHECKING:
    from krzew.diagnosis.engine import Inputs

MUST_WEIGHT, SHOULD_WEIGHT = 2, 1
NOT_KNOWN = Text(
    "Nie wiadomo o żadnym rozwiązaniu ani miejscu.", "Not known of any solution or of the place."
)


# --- points on the axis of need --------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Burden:
    """Severities (places, needs) with standard errors; unknown ones are in the middle."""

    severity: Array
    spread: Array


def burden_of(combined: Mapping[str, needs.Combined], codes: Sequence[str]) -> Burden:
    """The needs of one place, statistics and voices together."""
    unknown = (np.nan, np.nan, np.nan)
    rows = [(c.severity, c.low, c.high) if (c := combined.get(code)) else unknown for code in codes]
    severity, low, high = np.array(rows, dtype=float).T
    return Burden(*criteria.known(severity[None, :], low[None, :], high[None, :]))


def need_columns(shelf: Shelf, burden: Burden, affected: Array) -> dict[str, Column]:
    """Criteria on the axis of need for places (p) and solutions (s): columns of shape (p, s)."""
    places = burden.severity.shape[0]
    return {
        "pressing": criteria.strongest(burden.severity, burden.spread, shelf.serves),
        "breadth": criteria.breadth(burden.severity, burden.spread, shelf.serves),
        "evidence": _every_place(shelf.evidence, places),
        "jobs": _every_place(shelf.jobs, places),
        "reach": reach(shelf, affected),
    }


def _every_place(column: Column, places: int) -> Column:
    shape = (places, len(column.values))
    return Column(np.broadcast_to(column.values, shape), np.broadcast_to(column.errors, shape))


def reach(shelf: Shelf, affected: Array) -> Column:
    """Part of full use: people concerned per 10 thousand, between the card's two numbers."""
    low, full = shelf.reach.T
    if np.isnan(full).all():
        empty = np.full((affected.shape[0], len(shelf.items)), np.nan)
        return Column(empty, empty)
    made_for = shelf.serves.argmax(axis=1)
    people = affected[:, made_for]
    start = np.nan_to_num(low)
    values = np.clip((people - start) / np.maximum(full - start, 1e-9), 0.0, 1.0)
    return Column(values, np.zeros_like(values))


# --- points on the axis of feasibility ------------------------------------------------------------


def outcomes_share(results: Sequence[RuleResult]) -> tuple[float, float]:
    counts: Counter[str] = Counter()
    for result in results:
        counts[result.outcome] += MUST_WEIGHT if result.effect == "must" else SHOULD_WEIGHT
    return criteria.share_met(counts)


def position(values: Array, indicator: str) -> Array:
    """Where values lie between the worst (0) and the best (1) goalpost of an indicator."""
    best, worst = vocabulary.indicators()[indicator].goalposts or (1.0, 0.0)
    return np.clip((values - worst) / (best - worst), 0.0, 1.0)


def money(values: Array, shelf: Shelf) -> Array:
    """(places,) own revenue -> (places, solutions); where the gmina plays no part, money is no obstacle."""
    free = np.array([m.gmina_role == "none" for m in shelf.items])
    return np.where(free[None, :], 1.0, position(values, "own_revenue")[:, None])


PARTNERS = ("ngos_partners", "firms_gmina")


def partners(local: Mapping[str, float]) -> float:
    known = [float(position(np.array(local[code]), code)) for code in PARTNERS if code in local]
    return float(np.mean(known)) if known else float("nan")


def _feasibility_columns(
    shelf: Shelf, checks: Sequence[Sequence[RuleResult]], revenue: Array, local: Any
) -> Any:
    shares = np.array([outcomes_share(results) for results in checks]).reshape(-1, 2)
    zero = np.zeros(len(shelf.items))
    return {
        "conditions": Column(shares[None, :, 0], shares[None, :, 1]),
        "money": Column(money(revenue, shelf), zero[None, :]),
        "investment": _every_place(shelf.investment, 1),
        "months": _every_place(shelf.months, 1),
        "partners": Column(np.full((1, len(zero)), partners(local)), zero[None, :]),
    }


# --- the problem of one place ------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Problem:
    """Everything about one place and the library that the result shows."""

    shelf: Shelf
    checks: tuple[tuple[RuleResult, ...], ...]
    shown: tuple[Criterion, ...]
    fit: fit.Problem
    given: Inputs

    @classmethod
    def of(
        cls,
        code: str,
        tables: matrix.Tables,
        shelf: Shelf,
        given: Inputs,
        combined: Mapping[str, needs.Combined],
    ) -> Problem:
        row = tables.rows[code]
        values = _values(tables, row, given)
        answers = {fact: answer.value for fact, answer in given.answers.items()}
        checks = tuple(tuple(check(m, answers, values)) for m in shelf.items)
        columns = need_columns(
            shelf, burden_of(combined, shelf.needs), reference.affected(tables)[row : row + 1]
        )
        revenue = np.array([np.nan if (x := values["own_revenue"]) is None else x])
        columns |= _feasibility_columns(
            shelf, checks, revenue, {k: f.value for k, f in given.figures.items()}
        )
        shown = _shown(columns, given)
        return cls(shelf, checks, shown, _fit_problem(shelf, checks, columns, shown, given), given)

    @property
    def used(self) -> dict[str, Criterion]:
        return {c.code: c for c in self.shown if not c.left_out}


def _values(tables: matrix.Tables, row: int, given: Inputs) -> dict[str, float | None]:
    figures = (None if np.isnan(x) else float(x) for x in tables.values[row])
    return dict(zip(tables.codes, figures, strict=True)) | {k: f.value for k, f in given.figures.items()}


def _shown(columns: Mapping[str, Column], given: Inputs) -> tuple[Criterion, ...]:
    """Every criterion with its weight. One of which nothing is known for any solution is left out, and says so."""
    weights = criteria.weights_with(given.weights)
    return tuple(_shown_row(d, columns[d.code], weights[d.code]) for d in DEFINITIONS)


def _shown_row(d: Definition, column: Column, weight: float) -> Criterion:
    # The money of one gmina may be missing while all others have it: then it counts half, as in the table of all.
    why = NOT_KNOWN if np.isnan(column.values).all() and d.code != "money" else NONE
    return Criterion(d.code, d.axis, d.label, d.explanation, d.basis, weight, *d.anchors, d.unit, why)


def _fit_problem(
    shelf: Shelf,
    checks: Sequence[Sequence[RuleResult]],
    columns: Mapping[str, Column],
    shown: Sequence[Criterion],
    given: Inputs,
) -> fit.Problem:
    used = [c for c in shown if not c.left_out]
    pairs = list(zip(shelf.items, checks, strict=True))
    return fit.Problem(
        alternatives=tuple(
            fit.Alternative(
                m.slug, m.name_pl, m.name_en, tuple(_rule(m, r) for r in results if r.effect == "must")
            )
            for m, results in pairs
        ),
        criteria=tuple(_criterion(c) for c in used),
        values=np.column_stack([columns[c.code].values[0] for c in used]),
        errors=np.nan_to_num(np.column_stack([columns[c.code].errors[0] for c in used])),
        facts={f"{m.slug}.{r.code}": _fact(r, given) for m, results in pairs for r in results},
    )


def _criterion(shown: Criterion) -> fit.Criterion:
    d = BY_CODE[shown.code]
    return fit.Criterion(
        code=d.code,
        axis=d.axis,
        anchors=d.anchors,
        direction=d.direction,
        weight=shown.weight,
        label_pl=d.label.pl,
        label_en=d.label.en,
        shared_error=d.shared,
    )


def _rule(item: Matchable, result: RuleResult) -> fit.Rule:
    names = {n: getattr(result, f"text_{n}").rstrip(".") for n in ("pl", "en")}
    questions = {"question_pl": result.question_pl, "question_en": result.question_en}
    fact = f"{item.slug}.{result.code}"
    return fit.Rule(result.code, fact, "==", True, names["pl"], names["en"], **questions)


def _fact(result: RuleResult, given: Inputs) -> fit.Fact:
    value = {"pass": True, "fail": False, "unknown": None}[result.outcome]
    who = [given.answers[f.code].who for f in result.findings if f.code in given.answers]
    return fit.Fact(value, ", ".join(dict.fromkeys(w for w in who if w)))


# --- what is shown -----------------------------------------------------------------------------------


def solutions(
    problem: Problem,
    solved: fit.Fit,
    polish: fit.Explanation,
    english: fit.Explanation,
    found: Sequence[Need],
) -> tuple[Solution, ...]:
    """Ranked first, then those that a rule excludes."""
    rows = {m.slug: n for n, m in enumerate(problem.shelf.items)}
    names = {need.code: need for need in found}
    return tuple(
        _solution(
            problem,
            rows[s.code],
            s,
            wording.paired_all(polish.reasons[s.code], english.reasons[s.code]),
            names,
        )
        for s in solved.scored
    )


def _solution(
    problem: Problem, n: int, scored: fit.Scored, reasons: tuple[Text, ...], found: Mapping[str, Need]
) -> Solution:
    item = problem.shelf.items[n]
    conditions = tuple(_condition(r, problem.given) for r in problem.checks[n])
    return Solution(
        slug=item.slug,
        version=item.number,
        version_id=item.version_id,
        content_hash=problem.shelf.hashes[item.version_id],
        name=Text(item.name_pl, item.name_en),
        summary=Text(item.summary_pl, item.summary_en),
        kind=item.kind,
        door=item.door or "",
        rank=scored.rank,
        eligible=scored.eligible,
        state=scored.state,
        score=scored.need_score,
        feasibility=scored.feasibility,
        quadrant=scored.quadrant,
        acceptability=scored.acceptability,
        top3=scored.top3,
        robust=scored.robust,
        parts=_parts(problem, n, scored.contributions),
        feasibility_parts=_parts(problem, n, scored.feasibility_contributions),
        unknown=tuple(BY_CODE[code].label for code in scored.unknown),
        reasons=reasons,
        serves=_served(item),
        conditions=conditions,
        questions=tuple(dict.fromkeys(f for c in conditions if c.outcome == "unknown" for f in c.facts)),
        answers=wording.answers(item.needs, found),
    )


def _parts(problem: Problem, n: int, points: Mapping[str, float]) -> tuple[Part, ...]:
    total = sum(problem.used[code].weight for code in points) or 1.0
    columns = {c.code: j for j, c in enumerate(problem.fit.criteria)}
    rows = []
    for code, given in points.items():
        value = float(problem.fit.values[n, columns[code]])
        full = 100 * problem.used[code].weight / total
        rows.append(Part(code, BY_CODE[code].label, given, full, None if np.isnan(value) else value))
    return tuple(rows)


def _served(item: Matchable) -> tuple[Served, ...]:
    rows = sorted(item.needs.items(), key=lambda pair: -pair[1])
    return tuple(Served(code, wording.entry(vocabulary.needs()[code]), level) for code, level in rows)


def _condition(result: RuleResult, given: Inputs) -> Condition:
    facts = tuple(f.code for f in result.findings if f.source == "fact")
    return Condition(
        code=result.code,
        effect=result.effect,
        basis=result.basis,
        outcome=result.outcome,
        text=Text(result.text_pl, result.text_en),
        question=Text(result.question_pl, result.question_en),
        facts=facts,
        answer=wording.answer([given.answers[f] for f in facts if f in given.answers]),
    )


def questions(problem: Problem) -> tuple[Question, ...]:
    """What is asked of the place, the question on which most conditions wait first."""
    waiting: Counter[str] = Counter()
    decisive: set[str] = set()
    for results in problem.checks:
        if any(r.excludes for r in results):
            continue
        for result in results:
            asked = {f.code for f in result.unanswered if f.source == "fact"}
            waiting.update(asked)
            decisive |= asked if result.effect == "must" else set()
    facts = catalogue.facts()
    return tuple(
        question(facts[code], n, code in decisive) for code, n in waiting.most_common() if code in facts
    )


def question(fact: catalogue.Fact, conditions: int = 0, decisive: bool = False) -> Question:
    return Question(
        fact=fact.code,
        text=Text(fact.question_pl, fact.question_en),
        who=Text(fact.who_pl, fact.who_en),
        why=Text(fact.explanation_pl, fact.explanation_en),
        is_number=fact.is_number,
        unit=Text(fact.unit_pl, fact.unit_en),
        conditions=conditions,
        decisive=decisive,
    )


# --- every gmina -------------------------------------------------------------------------------------


def need_points(severity: Array, spread: Array, tables: matrix.Tables, shelf: Shelf) -> tuple[Array, Array]:
    """Points 0-100 (places, solutions, criteria) from public statistics alone, and the weights of the criteria."""
    columns = need_columns(shelf, Burden(severity, spread), reference.affected(tables))
    weights = criteria.weights_with({})
    used = [code for code in criteria.AXES["need"] if not np.isnan(columns[code].values).all()]
    return _points(columns, used), np.array([weights[code] for code in used])


def _points(columns: Mapping[str, Column], used: Sequence[str]) -> Array:
    layers = [BY_CODE[code].points(columns[code].values) for code in used]
    return np.stack(layers, axis=-1)


def eligible(tables: matrix.Tables, shelf: Shelf) -> npt.NDArray[np.bool_]:
    """(places, solutions): no precondition on public figures fails. Answers are not known, so they exclude nothing."""
    open_ = np.ones((len(tables.units), len(shelf.items)), dtype=bool)
    for n, item in enumerate(shelf.items):
        if not any("indicator" in atom for c in item.preconditions for atom in atoms(c["rule"])):
            continue
        for row in range(len(tables.units)):
            open_[row, n] = not any(r.excludes for r in check(item, {}, _figures(tables, row)))
    return open_


def _figures(tables: matrix.Tables, row: int) -> dict[str, float | None]:
    return {
        code: None if np.isnan(x) else float(x)
        for code, x in zip(tables.codes, tables.values[row], strict=True)
    }


def feasibility_all(tables: matrix.Tables, shelf: Shelf) -> Array:
    """(places, solutions): feasibility 0-100 as far as public figures tell it."""
    nobody: Mapping[str, Any] = {}
    checks = [check(m, nobody, nobody) for m in shelf.items]
    columns = _feasibility_columns(shelf, checks, tables.column("own_revenue"), {})
    used = [code for code in criteria.AXES["feasibility"] if not np.isnan(columns[code].values).all()]
    weights = np.array([BY_CODE[code].weight for code in used])
    places = len(tables.units)
    wide = {
        c: Column(np.broadcast_to(columns[c].values, (places, len(shelf.items))), columns[c].errors)
        for c in used
    }
    result: Array = _points(wide, used) @ (weights / weights.sum())
    return result
