"""What a solution is judged by: rules that must hold, and criteria with fixed anchors."""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .record import FloatArray, MethodError

AXES = ("need", "feasibility")
ORDERED: dict[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    **ORDERED,
    "==": operator.eq,
    "!=": operator.ne,
    "in": lambda value, allowed: value in allowed,
    "not_in": lambda value, refused: value not in refused,
}


@dataclass(frozen=True)
class Criterion:
    """One criterion, on the axis of need (it ranks) or of feasibility (it gates).

    Value 0 stands at one anchor ("would not start") and 100 at the other ("as where it worked"), in the
    criterion's own unit and fixed in advance. `points` replace the straight line by a broken one.
    `shared_error` says that the error belongs to the place and moves all alternatives together.
    """

    code: str
    axis: str
    anchors: tuple[float, float]
    direction: int = 1
    weight: float = 1.0
    points: tuple[tuple[float, float], ...] = ()
    label_pl: str = ""
    label_en: str = ""
    unit: str = ""
    shared_error: bool = False

    def __post_init__(self) -> None:
        low, high = self.anchors
        if self.axis not in AXES:
            raise MethodError("axis", "must be need or feasibility", self.code)
        if self.direction not in (-1, 1):
            raise MethodError("direction", "must be +1 (more is better) or -1 (less is better)", self.code)
        if not (np.isfinite(low) and np.isfinite(high) and low < high):
            raise MethodError("anchors", "must be two finite numbers, the lower first", self.code)
        if not np.isfinite(self.weight) or self.weight < 0:
            raise MethodError("weight", "must be a number not below zero", self.code)
        if self.points:
            self._check_points()

    def _check_points(self) -> None:
        x, value = (np.array(side, dtype=float) for side in zip(*self.points, strict=True))
        if len(x) < 2 or (np.diff(x) <= 0).any():
            raise MethodError("points", "needs two or more points from left to right", self.code)
        if (np.diff(value) * self.direction < 0).any() or value.min() < 0 or value.max() > 100:
            raise MethodError("points", "values must lie in 0-100 and follow the direction", self.code)

    @property
    def line(self) -> tuple[tuple[float, float], ...]:
        """The value function as points (x, value 0-100), from left to right."""
        low, high = self.anchors
        return self.points or ((low, 50.0 - 50.0 * self.direction), (high, 50.0 + 50.0 * self.direction))

    def value(self, x: npt.ArrayLike) -> FloatArray:
        """Value 0-100 of figures in the criterion's unit; outside the anchors it stays at the end."""
        at, value = zip(*self.line, strict=True)
        return np.asarray(np.interp(np.asarray(x, dtype=float), at, value), dtype=float)

    def figure_for(self, value: float) -> float | None:
        """A figure that has this value, in the criterion's unit; None when no figure has it."""
        at, values = (np.array(side, dtype=float)[:: self.direction] for side in zip(*self.line, strict=True))
        return float(np.interp(value, values, at)) if values[0] <= value <= values[-1] else None

    def label(self, lang: str) -> str:
        return (self.label_pl if lang == "pl" else self.label_en) or self.code


@dataclass(frozen=True)
class Fact:
    """Something known (or, with None, not yet known) of the place."""

    value: float | str | bool | None
    source: str = ""
    year: int | None = None


@dataclass(frozen=True)
class Rule:
    """A precondition that a machine can check: `fact` `op` `value`."""

    code: str
    fact: str
    op: str
    value: Any
    label_pl: str = ""
    label_en: str = ""
    question_pl: str = ""
    question_en: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        if self.op not in COMPARISONS:
            raise MethodError("op", f'must be one of {", ".join(COMPARISONS)}, not "{self.op}"', self.code)
        if self.op in ORDERED and not _is_number(self.value):
            raise MethodError("value", f"must be a number for {self.op}", self.code)
        listed = isinstance(self.value, Collection) and not isinstance(self.value, str)
        if self.op in ("in", "not_in") and not listed:
            raise MethodError("value", f"must be a list for {self.op}", self.code)

    def holds(self, value: Any) -> bool:
        """Whether a known value meets the rule; a number is needed where the rule compares sizes."""
        if self.op in ORDERED and not _is_number(value):
            raise MethodError("facts", f'"{self.fact}" must be a number for this rule', self.code)
        return bool(COMPARISONS[self.op](value, self.value))

    def label(self, lang: str) -> str:
        return (self.label_pl if lang == "pl" else self.label_en) or self.code


@dataclass(frozen=True)
class Verdict:
    """One rule for one alternative, with the evidence; "unknown" stays visible as a question."""

    rule: Rule
    outcome: str
    value: Any
    source: str
    year: int | None

    def question(self, lang: str) -> str:
        """The question to ask when the fact is not known."""
        return (self.rule.question_pl if lang == "pl" else self.rule.question_en) or self.rule.label(lang)


@dataclass(frozen=True)
class Alternative:
    """One solution with its own rules."""

    code: str
    label_pl: str = ""
    label_en: str = ""
    rules: tuple[Rule, ...] = ()

    def label(self, lang: str) -> str:
        return (self.label_pl if lang == "pl" else self.label_en) or self.code


def check_rules(rules: Sequence[Rule], facts: Mapping[str, Fact]) -> tuple[Verdict, ...]:
    """The verdict on each rule."""
    return tuple(_verdict(rule, facts.get(rule.fact, Fact(None))) for rule in rules)


def _verdict(rule: Rule, fact: Fact) -> Verdict:
    unknown = fact.value is None or (isinstance(fact.value, float) and np.isnan(fact.value))
    outcome = "unknown" if unknown else "pass" if rule.holds(fact.value) else "fail"
    return Verdict(rule, outcome, None if unknown else fact.value, fact.source, fact.year)


def refuse_contradictions(owner: str, rules: Iterable[Rule]) -> None:
    """Rules on one fact that no value can meet are an error of the catalogue, not a "no" to the place."""
    by_fact: dict[str, list[Rule]] = {}
    for rule in rules:
        by_fact.setdefault(rule.fact, []).append(rule)
    for fact, group in by_fact.items():
        if len(group) > 1 and not _can_hold(group):
            names = ", ".join(f"{r.code} ({r.op} {r.value})" for r in group)
            raise MethodError("rules", f'no value of "{fact}" can meet all of: {names}', owner)


def _can_hold(rules: list[Rule]) -> bool:
    listed = [[r.value] if r.op == "==" else list(r.value) for r in rules if r.op in ("==", "in")]
    if listed:
        return any(all(_holds_quietly(r, value) for r in rules) for value in listed[0])
    low = max(((r.value, r.op == ">") for r in rules if r.op in (">=", ">")), default=(-np.inf, False))
    high = min(((r.value, r.op != "<") for r in rules if r.op in ("<=", "<")), default=(np.inf, True))
    if low[0] == high[0]:
        return not low[1] and high[1] and all(_holds_quietly(r, low[0]) for r in rules)
    return bool(low[0] < high[0])


def _holds_quietly(rule: Rule, value: Any) -> bool:
    return (rule.op not in ORDERED or _is_number(value)) and rule.holds(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.number) and not (isinstance(value, float) and np.isnan(value))
