"""The legal order: thresholds, points, declared tie-breaks, and a draw among those who are still equal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from ..record import MethodError, data_hash
from .draw import draw_key
from .rules import Idea, Rules

Key = tuple[Decimal, ...]


@dataclass(frozen=True)
class Order:
    """`eligible` in legal order; `tied` codes that only a draw put apart; `failed` thresholds of the rest;
    `data_hash` of all ideas."""

    eligible: tuple[Idea, ...]
    tied: dict[str, tuple[str, ...]]
    failed: dict[str, tuple[dict[str, str], ...]]
    data_hash: str


def ranked(ideas: Iterable[Idea], rules: Rules) -> Order:
    """Put the eligible ideas in legal order. A draw without a seed raises `MethodError`."""
    thresholds = rules.all_thresholds()
    failed = {idea.code: failures(idea, rules, thresholds) for idea in ideas if not idea.excluded}
    passing = [idea for idea in ideas if not failed.get(idea.code, True)]
    keys = {idea.code: sort_key(idea, rules) for idea in passing}
    eligible: list[Idea] = []
    tied: dict[str, tuple[str, ...]] = {}
    for _, equal in groupby(sorted(passing, key=lambda i: keys[i.code]), key=lambda i: keys[i.code]):
        drawn = drawn_order(list(equal), rules)
        codes = tuple(idea.code for idea in drawn)
        if len(drawn) > 1:
            tied |= {code: tuple(other for other in codes if other != code) for code in codes}
        eligible += drawn
    out = {code: found for code, found in failed.items() if found}
    return Order(tuple(eligible), tied, out, _fingerprint(ideas))


def _fingerprint(ideas: Iterable[Idea]) -> str:
    facts = [
        (i.code, i.cost, i.score, sorted(i.criteria.items()), sorted(i.groups), i.minimum) for i in ideas
    ]
    return data_hash(facts, [(i.rank, i.interval, i.excluded) for i in ideas])


def failures(idea: Idea, rules: Rules, thresholds: Iterable[Any] | None = None) -> tuple[dict[str, str], ...]:
    """The thresholds an idea does not reach."""
    wanted = rules.all_thresholds() if thresholds is None else thresholds
    found = []
    for t in wanted:
        value = t.value(idea)
        if value < t.minimum:
            name = t.name or " + ".join(t.criteria)
            found.append({"kind": t.kind, "name": name, "value": str(value), "minimum": str(t.minimum)})
    return tuple(found)


def sort_key(idea: Idea, rules: Rules) -> Key:
    """Ascending: the first in this key is the first in law."""
    if rules.order == "rank":
        if idea.rank is None:
            raise MethodError("rank", "is needed by this order", idea.code)
        head = Decimal(repr(float(idea.rank)))
    else:
        head = -Decimal(idea.score)
    return (head, *(_tie(idea, name) for name in rules.tie_break))


def _tie(idea: Idea, name: str) -> Decimal:
    sign, plain = (1, name[1:]) if name.startswith("-") else (-1, name)
    if plain in ("cost", "score"):
        return sign * Decimal(getattr(idea, plain))
    if plain not in idea.criteria:
        raise MethodError("criteria", f"has no points in {plain}, which breaks ties", idea.code)
    return Decimal(sign * idea.criteria[plain])


def drawn_order(ideas: list[Idea], rules: Rules) -> list[Idea]:
    """The ideas in the order of the draw."""
    if len(ideas) < 2:
        return ideas
    if rules.seed is None:
        codes = ", ".join(idea.code for idea in ideas[:5])
        raise MethodError("seed", "a draw is needed: publish a commitment, then give seed and nonce", codes)
    return sorted(ideas, key=lambda idea: draw_key(rules.seed, idea.code, rules.public))


@dataclass(frozen=True)
class Line:
    """The funding line, and who stands above it, across it (in drawn order) and below."""

    rank: float
    above: tuple[Idea, ...]
    crossing: tuple[Idea, ...]
    below: tuple[Idea, ...]


def split(eligible: tuple[Idea, ...], funded: set[str], rules: Rules) -> Line:
    """Divide ideas at the line that the money draws, by their intervals."""
    ranks = [_interval(idea)[0] for idea in eligible]
    reached = [r for r, idea in zip(ranks, eligible, strict=True) if idea.code in funded]
    line = max(reached) if reached else min(ranks)
    later = [r for r in ranks if r > line]
    if rules.line == "between" and later and reached:
        line = (line + min(later)) / 2
    sides: dict[str, list[Idea]] = {"above": [], "crossing": [], "below": []}
    for idea in eligible:
        sides[side(idea, line, rules)].append(idea)
    drawn = drawn_order(sides["crossing"], rules)
    return Line(line, tuple(sides["above"]), tuple(drawn), tuple(sides["below"]))


def side(idea: Idea, line: float, rules: Rules) -> str:
    """Above when the whole interval is better (smaller) than the line, below when it is worse, else
    crossing."""
    _, low, high = _interval(idea)
    touching = rules.interval_type == "open"
    if high < line or (touching and high == line):
        return "above"
    if low > line or (touching and low == line):
        return "below"
    return "crossing"


def _interval(idea: Idea) -> tuple[float, float, float]:
    if idea.rank is None or idea.interval is None:
        raise MethodError("interval", "rank and interval are needed by snsf50", idea.code)
    return float(idea.rank), *idea.interval
