"""Walking the list: who takes the money, in which turn, and why the others do not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from .rules import Idea, Rules


@dataclass(frozen=True)
class Grant:
    """What one idea got at its turn: `amount` and money `left` afterwards, in grosze."""

    outcome: str
    reason: str
    amount: int
    left: int
    turn: int
    details: dict[str, Any] = field(default_factory=dict)


class Ledger:
    """Money left and places used while the list is walked; remembers what every idea got."""

    def __init__(self, rules: Rules, left: int | None = None) -> None:
        self.rules, self.left = rules, rules.money if left is None else left
        self.quotas = tuple(rules.quotas)
        self.limits = tuple(q.limits for q in self.quotas)
        self.used = [0] * len(self.quotas)
        self.grants: dict[str, Grant] = {}
        self.turn, self.stopper = 0, ""
        self.position: dict[str, int] = {}
        self.reserved: list[str] = []
        self._of_group: dict[str, list[int]] = {}
        for k, quota in enumerate(self.quotas):
            self._of_group.setdefault(quota.group, []).append(k)
        self._of_idea: dict[str, tuple[int, ...]] = {}

    def quotas_of(self, idea: Idea) -> tuple[int, ...]:
        if idea.code not in self._of_idea:
            found = [k for group in idea.groups for k in self._of_group.get(group, ())]
            self._of_idea[idea.code] = tuple(sorted(found))
        return self._of_idea[idea.code]

    def take(self, idea: Idea, amount: int, sign: int = 1) -> None:
        """Enter a grant (or, with sign -1, take it back) into money and quotas."""
        self.left -= sign * amount
        for k in self.quotas_of(idea):
            self.used[k] += sign * self.quotas[k].weight(amount)

    def record(self, idea: Idea, outcome: str, reason: str, amount: int = 0, **details: Any) -> None:
        self.turn += 1
        self.grants[idea.code] = Grant(outcome, reason, amount, self.left, self.turn, details)

    def wanted(self, idea: Idea) -> list[int]:
        """At-least quotas of the idea that are not yet filled."""
        return [
            k for k in self.quotas_of(idea) if (low := self.limits[k][0]) is not None and self.used[k] < low
        ]

    def full(self, idea: Idea, amount: int) -> int | None:
        """The first at-most quota that a grant of this amount would break."""
        for k in self.quotas_of(idea):
            high = self.limits[k][1]
            if high is not None and self.used[k] + self.quotas[k].weight(amount) > high:
                return k
        return None


def walk(ledger: Ledger, sequence: Sequence[Idea], reason: Any, top_up: Iterable[Idea] = ()) -> None:
    """Reserved places first, in order; then (after `top_up` of part grants) everybody else, in order.

    `reason` gives the word for an idea that gets its money in the open part.
    """
    ledger.position = {idea.code: k for k, idea in enumerate(sequence)}
    _reserved(ledger, sequence)
    for idea in top_up:
        _top_up(ledger, idea)
    for idea in sequence:
        if idea.code not in ledger.grants:
            _open(ledger, idea, reason(idea))


def _reserved(ledger: Ledger, sequence: Sequence[Idea]) -> None:
    for idea in sequence if any(low is not None for low, _ in ledger.limits) else ():
        places = ledger.wanted(idea) if idea.code not in ledger.grants else []
        if not places or ledger.full(idea, idea.grosze) is not None:
            continue
        names = [ledger.quotas[k].name for k in places]
        if idea.grosze <= ledger.left or ledger.rules.walk == "partial":
            if _pay(ledger, idea, "reserved", {"quotas": names}):
                ledger.reserved.append(idea.code)
        elif ledger.rules.walk == "strict":
            _refuse(ledger, idea, "cap")
            return


def _open(ledger: Ledger, idea: Idea, reason: str) -> None:
    full = ledger.full(idea, idea.grosze)
    if full is not None:
        quota, used = ledger.quotas[full], ledger.used[full]
        details: dict[str, Any] = {
            "quota": quota.name,
            "limit": ledger.limits[full][1],
            "used": used,
            "unit": quota.unit,
        }
        ledger.record(idea, "reserve", "quota_full", **details)
    elif ledger.stopper:
        ledger.record(idea, "reserve", "stopped", at=ledger.stopper)
    elif not _pay(ledger, idea, reason, {}):
        _refuse(ledger, idea, "not_drawn" if reason == "drawn" else "cap")


def _pay(ledger: Ledger, idea: Idea, reason: str, details: dict[str, Any]) -> bool:
    """Pay in full, or what is left where the rule and the idea allow it."""
    if idea.grosze <= ledger.left:
        ledger.take(idea, idea.grosze)
        ledger.record(idea, "funded", reason, idea.grosze, **details)
    elif ledger.rules.walk == "partial" and idea.least <= ledger.left:
        amount = ledger.left
        ledger.take(idea, amount)
        ledger.record(idea, "partial", "remainder", amount, **details)
    else:
        return False
    return True


def _refuse(ledger: Ledger, idea: Idea, reason: str) -> None:
    """Not enough money; `overtaken` names ideas further down that had a reserved place."""
    here = ledger.position[idea.code]
    overtaken = [code for code in ledger.reserved if ledger.position[code] > here]
    ledger.record(idea, "reserve", reason, available=ledger.left, overtaken=overtaken)
    if ledger.rules.walk == "strict":
        ledger.stopper = idea.code


def _top_up(ledger: Ledger, idea: Idea) -> None:
    """Raise a part grant towards the full cost with money that came back."""
    before = ledger.grants[idea.code].amount
    more = min(idea.grosze - before, ledger.left)
    if more <= 0 or _over(ledger, idea, more):
        return
    for k in ledger.quotas_of(idea):
        ledger.used[k] += more if ledger.quotas[k].unit == "money" else 0
    ledger.left -= more
    whole = before + more == idea.grosze
    outcome, reason = ("funded", "topped_up") if whole else ("partial", "raised")
    ledger.record(idea, outcome, reason, before + more, before=before)


def _over(ledger: Ledger, idea: Idea, more: int) -> bool:
    """Whether more money would break a quota of money."""
    return any(
        ledger.quotas[k].unit == "money"
        and (high := ledger.limits[k][1]) is not None
        and ledger.used[k] + more > high
        for k in ledger.quotas_of(idea)
    )
