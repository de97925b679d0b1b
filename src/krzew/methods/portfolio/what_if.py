"""What the rules cost: other caps, a quota left out, another way to walk, and a knapsack beside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from math import gcd
from typing import TYPE_CHECKING, Any

import numpy as np

from ..record import MethodError
from .money import Amount, zloty
from .rules import Idea, Rules, checked_ideas

if TYPE_CHECKING:
    from .decision import Decision

Fund = Callable[[Iterable[Idea], Rules], "Decision"]


@dataclass(frozen=True, eq=False)
class Change:
    """Another decision beside the first: who `gained` and `lost` money, and what changed in all.

    `amounts` (before, after) of every idea whose money differs; `money` and `points` (of funded ideas) are
    after minus before.
    """

    decision: Decision
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    amounts: dict[str, tuple[Decimal, Decimal]]
    money: Decimal
    points: Decimal


@dataclass(frozen=True)
class QuotaPrice:
    """What one quota does: `gained` are funded because of it, `lost` would be without it; `points` and
    `money` of the funded with it minus without."""

    name: str
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    points: Decimal
    money: Decimal


@dataclass(frozen=True)
class LineAt:
    """The list under one cap: how many are funded, the last of them and its points."""

    cap: Decimal
    funded: int
    last: str | None
    points: Decimal | None
    spent: Decimal


@dataclass(frozen=True)
class Knapsack:
    """The set with the largest sum of value, for information. `bound` limits any set; `proved` says that
    this one reaches it. `passed_over`: chosen ideas that stand below somebody left out."""

    codes: tuple[str, ...]
    value: float
    decided_value: float
    bound: float
    proved: bool
    spent: Decimal
    passed_over: int


def change(
    decision: Decision, without: Iterable[str] | str, changes: Mapping[str, Any], fund: Fund
) -> Change:
    """Decide again under changed rules or ideas, and compare."""
    ideas = checked_ideas(changes["ideas"]) if "ideas" in changes else decision.ideas
    given = {name: value for name, value in changes.items() if name != "ideas"}
    unknown = set(given) - {f.name for f in fields(Rules)}
    if unknown:
        raise MethodError("what_if", "is neither a rule nor ideas", min(unknown))
    dropped = {without} if isinstance(without, str) else set(without)
    missing = dropped - {q.name for q in decision.rules.quotas}
    if missing:
        raise MethodError("without", "is not the name of a quota", min(missing))
    quotas = given.pop("quotas", tuple(q for q in decision.rules.quotas if q.name not in dropped))
    if "rule" in given and "order" not in given:
        given["order"] = "rank" if given["rule"] == "snsf50" else decision.rules.order
    base = _without_events(decision)
    return compare(base, fund(ideas, replace(decision.rules, quotas=quotas, **given)))


def _without_events(decision: Decision) -> Decision:
    while decision.previous is not None:
        decision = decision.previous
    return decision


def compare(before: Decision, after: Decision) -> Change:
    """Who has money in one decision and not in the other."""
    old, new = before.amounts, after.amounts
    order = [e.code for e in (*after.entries, *before.entries)]
    codes = [c for c in dict.fromkeys(order) if old.get(c, Decimal(0)) != new.get(c, Decimal(0))]
    moved = {c: (old.get(c, Decimal(0)), new.get(c, Decimal(0))) for c in codes}
    gained = tuple(c for c in codes if c not in old)
    lost = tuple(c for c in codes if c not in new)
    points = _points(after) - _points(before)
    return Change(after, gained, lost, moved, after.spent - before.spent, points)


def _points(decision: Decision) -> Decimal:
    return sum((e.points for e in decision.entries if e.amount), Decimal(0))


def quota_prices(decision: Decision, fund: Fund) -> tuple[QuotaPrice, ...]:
    made = []
    for quota in decision.rules.quotas:
        free = change(decision, quota.name, {}, fund)
        made.append(QuotaPrice(quota.name, free.lost, free.gained, -free.points, -free.money))
    return tuple(made)


def line_by_cap(decision: Decision, caps: Iterable[Amount] | None, fund: Fund) -> tuple[LineAt, ...]:
    whole = decision.rules.money
    chosen = caps if caps is not None else [zloty(whole * share // 100) for share in range(50, 151, 10)]
    return tuple(_line_at(fund(decision.ideas, replace(decision.rules, cap=cap))) for cap in chosen)


def _line_at(decision: Decision) -> LineAt:
    paid = [e for e in decision.entries if e.amount]
    last = max(paid, key=lambda e: e.place or 0) if paid else None
    code, points = (last.code, last.points) if last else (None, None)
    return LineAt(Decimal(decision.rules.cap), len(paid), code, points, decision.spent)


def knapsack(decision: Decision, value: Mapping[str, float] | None, time_limit: float | None) -> Knapsack:
    """Maximise the value within cap and quotas (SciPy's HiGHS); the answer is added up again in grosze."""
    by_code = {idea.code: idea for idea in decision.ideas}
    ideas = [by_code[e.code] for e in decision.entries if e.place is not None]
    worth = np.array([float(i.score) if value is None else _value(value, i.code) for i in ideas])
    decided = {e.code for e in decision.entries if e.amount}
    held = float(sum(w for w, i in zip(worth, ideas, strict=True) if i.code in decided))
    chosen, bound = _best_set(decision.rules, ideas, worth, time_limit)
    codes = tuple(i.code for i, x in zip(ideas, chosen, strict=True) if x)
    total = float(worth[chosen].sum())
    outside = [k for k, x in enumerate(chosen) if not x]
    passed = int(chosen[outside[0] :].sum()) if outside else 0
    spent = zloty(sum(i.grosze for i, x in zip(ideas, chosen, strict=True) if x))
    proved = bound - total <= 1e-6 * max(abs(bound), 1.0)
    return Knapsack(codes, total, held, max(bound, total), proved, spent, passed)


def _value(value: Mapping[str, float], code: str) -> float:
    if code not in value:
        raise MethodError("value", "has no figure for an eligible idea", code)
    return float(value[code])


def _best_set(
    rules: Rules, ideas: list[Idea], worth: np.ndarray, time_limit: float | None
) -> tuple[np.ndarray, float]:
    from scipy.optimize import Bounds, LinearConstraint, milp

    if not ideas:
        return np.zeros(0, dtype=bool), 0.0
    rows, low, high = _conditions(rules, ideas)
    options = {"mip_rel_gap": 0.0} | ({} if time_limit is None else {"time_limit": time_limit})
    solved = milp(
        -worth,
        constraints=LinearConstraint(rows, low, high),
        integrality=np.ones(len(ideas)),
        bounds=Bounds(0, 1),
        options=options,
    )
    if solved.x is None:
        raise MethodError("knapsack", "no set of eligible ideas meets every quota within the cap")
    chosen = np.asarray(solved.x) > 0.5
    counted = rows.astype(object) @ chosen.astype(int)  # whole numbers, without rounding
    if any(not lower <= x <= upper for x, lower, upper in zip(counted, low, high, strict=True)):
        raise ArithmeticError("the solver's set breaks the cap or a quota")
    return chosen, -float(solved.mip_dual_bound)


def _conditions(rules: Rules, ideas: list[Idea]) -> tuple[np.ndarray, list[Any], list[Any]]:
    """One row for the cap and one for each quota, in the largest unit that divides all money."""
    unit = gcd(*(i.grosze for i in ideas))
    cost = [i.grosze // unit for i in ideas]
    rows, low, high = [cost], [0], [rules.money // unit]
    for quota in rules.quotas:
        least, most = quota.limits
        scale = unit if quota.unit == "money" else 1
        inside = [quota.group in i.groups for i in ideas]
        rows.append([(c if quota.unit == "money" else 1) * x for c, x in zip(cost, inside, strict=True)])
        low.append(0 if least is None else -(-least // scale))
        high.append(sum(cost) + len(cost) if most is None else most // scale)
    return np.array(rows, dtype=np.int64), low, high
