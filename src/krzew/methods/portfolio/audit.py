"""The check of a decision: plain counting over the protocol, without the code that walked the list."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from .order import failures, side, sort_key
from .rules import Idea, Quota

if TYPE_CHECKING:
    from .decision import Decision, Entry


def broken(decision: Decision) -> Iterator[str]:
    """Sentences on what does not hold."""
    yield from _money(decision)
    yield from _eligibility(decision)
    yield from _quotas(decision)
    yield from _legal_order(decision)
    if decision.previous is None:
        yield from _turns(decision)
    else:
        yield from _kept(decision, decision.previous)


def _ideas(decision: Decision) -> dict[str, Idea]:
    return {idea.code: idea for idea in decision.ideas}


def _money(decision: Decision) -> Iterator[str]:
    ideas = _ideas(decision)
    if sum((e.amount for e in decision.entries), Decimal(0)) > Decimal(decision.rules.cap):
        yield "the grants are above the cap"
    if sorted(e.code for e in decision.entries) != sorted(ideas):
        yield "the protocol and the call do not hold the same ideas"
    for e in decision.entries:
        cost, least = Decimal(ideas[e.code].cost), Decimal(ideas[e.code].least) / 100
        right = {"funded": e.amount == cost, "partial": least <= e.amount < cost}.get(e.outcome, not e.amount)
        if not right:
            yield f"{e.code}: {e.amount} does not belong to the outcome {e.outcome}"


def _eligibility(decision: Decision) -> Iterator[str]:
    ideas = _ideas(decision)
    for e in decision.entries:
        idea = ideas[e.code]
        out = bool(idea.excluded) or bool(failures(idea, decision.rules))
        if out == (e.place is not None):
            yield f"{e.code}: eligible or not, against the thresholds"
        if out != (e.reason == "excluded" or e.reason.startswith(("below_total", "below_c"))):
            yield f"{e.code}: the reason {e.reason} does not hold"
        if e.reason == "below_line" and (
            decision.line is None or side(idea, decision.line.rank, decision.rules) != "below"
        ):
            yield f"{e.code}: is not below the line"


def _uses(quota: Quota, idea: Idea, amount: Decimal) -> Decimal:
    if quota.group not in idea.groups or not amount:
        return Decimal(0)
    return amount if quota.unit == "money" else Decimal(1)


def _quotas(decision: Decision) -> Iterator[str]:
    ideas = _ideas(decision)
    for quota, state in zip(decision.rules.quotas, decision.quotas, strict=True):
        used = sum((_uses(quota, ideas[e.code], e.amount) for e in decision.entries), Decimal(0))
        if quota.at_most is not None and used > quota.at_most:
            yield f"quota {quota.name}: more than at most"
        if used != state.used:
            yield f"quota {quota.name}: {state.used} stated, {used} counted"


def _legal_order(decision: Decision) -> Iterator[str]:
    ideas = _ideas(decision)
    listed = sorted((e for e in decision.entries if e.place is not None), key=lambda e: e.place or 0)
    for one, other in pairwise(listed):
        first, second = (sort_key(ideas[e.code], decision.rules) for e in (one, other))
        if first > second or (first == second and other.code not in one.tied):
            yield f"{one.code}, {other.code}: not in legal order"


def _turns(decision: Decision) -> Iterator[str]:
    """Replay by turns: each refusal must have been true when it was made."""
    ideas, left = _ideas(decision), Decimal(decision.rules.cap)
    used = [Decimal(0) for _ in decision.rules.quotas]
    stopped: set[str] = set()
    for e in sorted(decision.entries, key=lambda e: e.turn):
        idea = ideas[e.code]
        if e.place is not None and not e.amount and not _just(decision, e, idea, left, used, stopped):
            yield f"{e.code}: the reason {e.reason} was not true at its turn"
        left -= e.amount
        used = [u + _uses(q, idea, e.amount) for u, q in zip(used, decision.rules.quotas, strict=True)]
        stopped |= {e.code} if not e.amount and "available" in e.details else set()
        if left != e.left:
            yield f"{e.code}: {e.left} stated as left, {left} counted"


def _just(
    decision: Decision, e: Entry, idea: Idea, left: Decimal, used: list[Decimal], stopped: set[str]
) -> bool:
    reason = e.details.get("because", e.reason)
    if reason in ("cap", "not_drawn"):
        least = Decimal(idea.least) / 100 if decision.rules.walk == "partial" else Decimal(idea.cost)
        return least > left
    if reason == "quota_full":
        return any(
            q.at_most is not None and u + _uses(q, idea, Decimal(idea.cost)) > q.at_most
            for q, u in zip(decision.rules.quotas, used, strict=True)
            if q.group in idea.groups
        )
    if reason == "stopped":
        return decision.rules.walk == "strict" and e.details["at"] in stopped
    return bool(reason == "below_line")


def _kept(decision: Decision, before: Decision) -> Iterator[str]:
    """After a resignation nobody else has less than before."""
    yield from broken(before)
    gone = set(decision.events[-1])
    for e in before.entries:
        if e.code not in gone and decision.entry(e.code).amount < e.amount:
            yield f"{e.code}: lost money through the resignation of others"
