"""Does a place meet what a solution needs? Pass, fail or unknown. Pure functions over plain values.

A rule is a tree as in card.schema.json: a comparison of one fact or indicator, or all, any, not over rules.
Logic is Kleene's (1952, strong three-valued): what nobody has answered stays unknown unless the rest decides.
Source of outcomes' names: `krzew.methods.fit.Verdict`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isnan
from typing import Any, Literal, Protocol

Outcome = Literal["pass", "fail", "unknown"]
Answer = bool | float | None
Rule = Mapping[str, Any]

OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "is": operator.eq,
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}


class HasPreconditions(Protocol):
    @property
    def preconditions(self) -> Sequence[Mapping[str, Any]]: ...


@dataclass(frozen=True)
class Finding:
    """One comparison inside a rule and what was found for it."""

    source: Literal["fact", "indicator"]
    code: str
    op: str
    wanted: bool | float
    found: Answer
    outcome: Outcome


@dataclass(frozen=True)
class RuleResult:
    """One precondition for one place. `effect` "must" excludes when it fails, "should" only weakens."""

    code: str
    basis: str
    effect: str
    outcome: Outcome
    text_pl: str
    text_en: str
    question_pl: str
    question_en: str
    findings: tuple[Finding, ...]
    source: str
    verified: bool

    @property
    def excludes(self) -> bool:
        return self.effect == "must" and self.outcome == "fail"

    @property
    def unanswered(self) -> tuple[Finding, ...]:
        """What somebody would have to answer for this rule to be decided."""
        return tuple(f for f in self.findings if f.outcome == "unknown") if self.outcome == "unknown" else ()


def check(
    version: HasPreconditions, facts: Mapping[str, Answer], values: Mapping[str, float | None]
) -> list[RuleResult]:
    """Every precondition of a version against the facts and indicator values of one place."""
    return [check_one(condition, facts, values) for condition in version.preconditions]


def check_one(
    condition: Mapping[str, Any], facts: Mapping[str, Answer], values: Mapping[str, float | None]
) -> RuleResult:
    findings = tuple(_find(atom, facts, values) for atom in atoms(condition["rule"]))
    copied = (
        "code",
        "basis",
        "effect",
        "text_pl",
        "text_en",
        "question_pl",
        "question_en",
        "source",
        "verified",
    )
    return RuleResult(
        outcome=outcome(condition["rule"], facts, values),
        findings=findings,
        **{name: condition[name] for name in copied},
    )


def atoms(rule: Rule) -> Iterator[Rule]:
    """The comparisons of a rule, in reading order."""
    inner = rule.get("all") or rule.get("any") or ([rule["not"]] if "not" in rule else [])
    if not inner:
        yield rule
    for part in inner:
        yield from atoms(part)


def outcome(rule: Rule, facts: Mapping[str, Answer], values: Mapping[str, float | None]) -> Outcome:
    if "not" in rule:
        return _opposite(outcome(rule["not"], facts, values))
    if "all" in rule:
        return _all([outcome(part, facts, values) for part in rule["all"]])
    if "any" in rule:
        # De Morgan: one fails only when every part fails.
        return _opposite(_all([_opposite(outcome(part, facts, values)) for part in rule["any"]]))
    return _find(rule, facts, values).outcome


def _opposite(value: Outcome) -> Outcome:
    opposites: dict[Outcome, Outcome] = {"pass": "fail", "fail": "pass", "unknown": "unknown"}
    return opposites[value]


def _all(outcomes: Sequence[Outcome]) -> Outcome:
    if "fail" in outcomes:
        return "fail"
    return "unknown" if "unknown" in outcomes else "pass"


def _find(atom: Rule, facts: Mapping[str, Answer], values: Mapping[str, float | None]) -> Finding:
    source: Literal["fact", "indicator"] = "fact" if "fact" in atom else "indicator"
    answers: Mapping[str, Answer] = facts if source == "fact" else values
    found = answers.get(atom[source])
    if found is None or (isinstance(found, float) and isnan(found)):
        return Finding(source, atom[source], atom["op"], atom["value"], None, "unknown")
    result: Outcome = "pass" if OPERATORS[atom["op"]](found, atom["value"]) else "fail"
    return Finding(source, atom[source], atom["op"], atom["value"], found, result)


@dataclass(frozen=True)
class Contradiction:
    """Two comparisons that no place can meet together, with the preconditions that ask for them."""

    first: str
    second: str
    source: str
    code: str


def contradictions(conditions: Sequence[Mapping[str, Any]]) -> list[Contradiction]:
    """Pairs of "must" rules that exclude each other for certain; only unconditional ones are compared."""
    required = [
        (condition["code"], atom)
        for condition in conditions
        if condition["effect"] == "must"
        for atom in _required(condition["rule"])
    ]
    found = []
    for i, (first, one) in enumerate(required):
        for second, two in required[i + 1 :]:
            if _same_subject(one, two) and not _meet(one, two):
                source = "fact" if "fact" in one else "indicator"
                found.append(Contradiction(first, second, source, one[source]))
    return found


def _required(rule: Rule) -> Iterator[Rule]:
    if "all" in rule:
        for part in rule["all"]:
            yield from _required(part)
    elif not ("any" in rule or "not" in rule):
        yield rule


def _same_subject(one: Rule, two: Rule) -> bool:
    return one.get("fact") == two.get("fact") and one.get("indicator") == two.get("indicator")


def _meet(one: Rule, two: Rule) -> bool:
    """Some number meets both comparisons. Bounds are (value, open); yes and no count as 1 and 0."""
    lows, highs = zip(_bounds(one), _bounds(two), strict=True)
    low, low_open = max(lows)
    high, closed = min((value, not is_open) for value, is_open in highs)
    return low < high or (low == high and closed and not low_open)


def _bounds(atom: Rule) -> tuple[tuple[float, bool], tuple[float, bool]]:
    value, op = float(atom["value"]), atom["op"]
    low = (value, op == ">") if op in (">", ">=", "is") else (-inf, True)
    high = (value, op == "<") if op in ("<", "<=", "is") else (inf, True)
    return low, high
