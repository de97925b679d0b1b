"""The decision: a protocol with the outcome, reason and running money of every idea."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from ..record import MethodError, Provenance, data_hash, stamp
from . import archive, sentences
from .audit import broken
from .money import Amount, zloty
from .order import Line, Order, ranked, split
from .rules import Idea, Rules, as_rules, checked_ideas
from .walk import Grant, Ledger, walk
from .what_if import Change, Knapsack, LineAt, QuotaPrice, change, knapsack, line_by_cap, quota_prices


@dataclass(frozen=True)
class Entry:
    """One line of the protocol.

    `place` in legal order (None: not eligible); `turn` in which it was decided (reserved places come first);
    `outcome`: funded, partial, reserve, rejected or resigned; `reason` its code, with `details` (money there
    in grosze); `amount` granted and money `left` after the turn, in złoty; `tied` with whom only a draw put
    it apart.
    """

    code: str
    title: str
    place: int | None
    outcome: str
    reason: str
    points: Decimal
    cost: Decimal
    amount: Decimal
    left: Decimal
    turn: int
    details: dict[str, Any] = field(default_factory=dict)
    tied: tuple[str, ...] = ()

    def sentence(self, lang: str = "pl") -> str:
        """The outcome and its reason in plain Polish or English."""
        return sentences.entry(self, lang)


@dataclass(frozen=True)
class QuotaState:
    """How a quota ended: `used` ideas or złoty; `met` says that its least was reached."""

    name: str
    group: str
    unit: str
    at_least: Any
    at_most: Any
    used: Any
    met: bool


@dataclass(frozen=True, eq=False)
class Decision:
    """The outcome of a call. Computed again from `to_dict` alone, it is the same to the grosz."""

    ideas: tuple[Idea, ...]
    rules: Rules
    entries: tuple[Entry, ...]
    quotas: tuple[QuotaState, ...]
    line: Line | None
    provenance: Provenance
    events: tuple[tuple[str, ...], ...] = ()
    previous: Decision | None = None

    def _codes(self, *outcomes: str) -> tuple[str, ...]:
        return tuple(e.code for e in self.entries if e.outcome in outcomes)

    @property
    def funded(self) -> tuple[str, ...]:
        """Codes that get money, in full or in part, in legal order."""
        return self._codes("funded", "partial")

    @property
    def reserve(self) -> tuple[str, ...]:
        """The reserve list, in order."""
        return self._codes("reserve")

    @property
    def rejected(self) -> tuple[str, ...]:
        return self._codes("rejected")

    @cached_property
    def amounts(self) -> dict[str, Decimal]:
        """Money of each funded idea, in złoty."""
        return {e.code: e.amount for e in self.entries if e.amount}

    @property
    def spent(self) -> Decimal:
        return sum(self.amounts.values(), Decimal(0))

    @property
    def left(self) -> Decimal:
        """Money that nobody gets."""
        return Decimal(self.rules.cap) - self.spent

    @cached_property
    def _by_code(self) -> dict[str, Entry]:
        return {e.code: e for e in self.entries}

    def entry(self, code: str) -> Entry:
        """The line of one idea. Raises `MethodError` for a code that is not in the call."""
        if code not in self._by_code:
            raise MethodError("code", "is not in the call", str(code))
        return self._by_code[code]

    def check(self) -> tuple[str, ...]:
        """Everything that does not hold, found anew from protocol, ideas and rules; empty when all does."""
        return tuple(broken(self))

    def explain(self, lang: str = "pl") -> tuple[str, ...]:
        """The decision in a handful of sentences; each entry has its own `sentence`."""
        return sentences.decision(self, lang)

    def after_resignation(self, *codes: str) -> Decision:
        """The decision after funded or listed ideas resign: nobody else loses anything.

        Money that came back goes first to reserved places left empty, then to complete part grants, in legal
        order, and then down the reserve list by the rule of the call.
        """
        return _resigned(self, codes)

    def what_if(self, *, without: Iterable[str] | str = (), **changes: Any) -> Change:
        """The decision under other rules: any field of `Rules`, `without` named quotas, or other `ideas`.

        Says who gains and who loses, and the difference in money and points. Resignations are left out.
        """
        return change(self, without, changes, fund)

    def quota_prices(self) -> tuple[QuotaPrice, ...]:
        """For each quota: who is funded because of it, instead of whom, and the points and money it moves."""
        return quota_prices(self, _in_order(self))

    def line_by_cap(self, caps: Iterable[Amount] | None = None) -> tuple[LineAt, ...]:
        """Where the list ends for other caps (by default 50 to 150 % of this one)."""
        return line_by_cap(self, caps, _in_order(self))

    def knapsack(self, value: Mapping[str, float] | None = None, time_limit: float | None = 10.0) -> Knapsack:
        """For information only: the set of eligible ideas with the largest sum of points (or of `value`)."""
        return knapsack(self, value, time_limit)

    def to_dict(self) -> dict[str, Any]:
        """A plain dictionary, ready for JSON: ideas, rules, events and the protocol."""
        return archive.to_dict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Decision:
        """Compute the decision again; `MethodError` when the protocol in `data` does not follow from it."""
        made = fund(*archive.inputs(data))
        for codes in data.get("events", ()):
            made = made.after_resignation(*codes)
        archive.compare(made, data)
        return made


def fund(ideas: Iterable[Idea | Mapping[str, Any]], rules: Rules | Mapping[str, Any]) -> Decision:
    """Decide whom the money goes to, in legal order. See `Idea` and `Rules` for the fields.

    1. Ideas under a threshold are out. 2. The rest is ordered by points (or rank), declared tie-breaks, and a
    draw. 3. Reserved places (`at_least`) go to the first of their groups in that order. 4. The rest of the
    money goes down the list by the rule. An idea counts in each of its groups.

    Raises `MethodError` on bad input, and when a draw is needed but no seed is given.
    """
    rules, made = as_rules(rules), checked_ideas(ideas)
    return _decided(made, rules, ranked(made, rules))


def _in_order(decision: Decision) -> Callable[[Iterable[Idea], Rules], Decision]:
    """`fund` for the same ideas under another cap or other quotas, which leave the legal order as it is."""
    order = ranked(decision.ideas, decision.rules)
    return lambda _, rules: _decided(decision.ideas, rules, order)


def _decided(made: tuple[Idea, ...], rules: Rules, order: Order) -> Decision:
    ledger, line = Ledger(rules), None
    walk(ledger, order.eligible, lambda idea: "in_order")
    if rules.rule == "snsf50" and any(g.outcome == "reserve" for g in ledger.grants.values()):
        granted = {code for code, g in ledger.grants.items() if g.amount}
        line, ledger = split(order.eligible, granted, rules), Ledger(rules)
        crossing = {idea.code for idea in line.crossing}
        walk(
            ledger,
            (*line.above, *line.crossing),
            lambda idea: "drawn" if idea.code in crossing else "in_order",
        )
    return _written(made, rules, order, ledger, line)


def _written(
    ideas: tuple[Idea, ...], rules: Rules, order: Order, ledger: Ledger, line: Line | None
) -> Decision:
    """The protocol out of the ledger: eligible ideas in legal order, then the others as they came."""
    places = {idea.code: i for i, idea in enumerate(order.eligible, start=1)}
    for idea in line.below if line else ():
        ledger.record(idea, "rejected", "below_line", line=line.rank if line else None)
    for idea in ideas:
        if idea.code not in places:
            reason, details = _why_out(idea, order)
            ledger.record(idea, "rejected", reason, **details)
    sequence = order.eligible if line is None else (*line.above, *line.crossing, *line.below)
    _shorten(ledger, [idea.code for idea in sequence], rules)
    listed = (*sequence, *(idea for idea in ideas if idea.code not in places))
    titles = _titles(ideas)
    entries = tuple(_entry(i, places.get(i.code), ledger.grants[i.code], order.tied, titles) for i in listed)
    return Decision(ideas, rules, entries, _quota_states(ledger), line, _origin(order, rules))


def _why_out(idea: Idea, order: Order) -> tuple[str, dict[str, Any]]:
    if idea.excluded:
        return "excluded", {"text": idea.excluded}
    failed = order.failed[idea.code]
    return f"below_{failed[0]['kind']}", {"failed": list(failed)}


def _shorten(ledger: Ledger, codes: list[str], rules: Rules) -> None:
    """Only the first on the reserve list stay on it, where the call limits its length."""
    waiting = [code for code in codes if ledger.grants[code].outcome == "reserve"]
    for code in waiting[rules.reserve :] if rules.reserve is not None else ():
        grant = ledger.grants[code]
        details = grant.details | {"because": grant.reason, "reserve": rules.reserve}
        ledger.grants[code] = replace(grant, outcome="rejected", reason="reserve_full", details=details)


def _titles(ideas: tuple[Idea, ...]) -> dict[str, str]:
    return {idea.code: idea.title for idea in ideas if idea.title}


def _entry(
    idea: Idea,
    place: int | None,
    grant: Grant,
    tied: Mapping[str, tuple[str, ...]],
    titles: Mapping[str, str],
) -> Entry:
    details = dict(grant.details)
    if "available" in details and idea.minimum is not None:
        details["minimum"] = idea.least
    named = (*tied.get(idea.code, ()), details.get("at", ""), *details.get("overtaken", ()))
    if any(titles.get(code) for code in named):
        details["titles"] = {code: titles[code] for code in named if titles.get(code)}
    return Entry(
        code=idea.code,
        title=idea.title,
        place=place,
        outcome=grant.outcome,
        reason=grant.reason,
        points=Decimal(idea.score),
        cost=Decimal(idea.cost),
        amount=zloty(grant.amount),
        left=zloty(grant.left),
        turn=grant.turn,
        details=details,
        tied=tied.get(idea.code, ()),
    )


def _quota_states(ledger: Ledger) -> tuple[QuotaState, ...]:
    made = []
    for quota, (low, _), used in zip(ledger.quotas, ledger.limits, ledger.used, strict=True):
        shown = zloty(used) if quota.unit == "money" else used
        states = quota.at_least, quota.at_most, shown, low is None or used >= low
        made.append(QuotaState(quota.name, quota.group, quota.unit, *states))
    return tuple(made)


def _origin(order: Order, rules: Rules) -> Provenance:
    parameters = {"rule": rules.rule, "seed": rules.seed, "commitment": rules.commitment}
    return stamp("portfolio", None, data_hash(order.data_hash, repr(rules)), parameters)


def _resigned(decision: Decision, codes: Iterable[str]) -> Decision:
    gone = tuple(dict.fromkeys(map(str, codes)))
    for code in gone:
        if decision.entry(code).outcome not in ("funded", "partial", "reserve"):
            raise MethodError("resignation", "only a funded or listed idea can resign", code)
    rules, by_code = decision.rules, {idea.code: idea for idea in decision.ideas}
    ledger = Ledger(rules)
    for entry in decision.entries:
        if entry.amount and entry.code not in gone:
            ledger.take(by_code[entry.code], int(entry.amount * 100))
    ledger.turn = max((entry.turn for entry in decision.entries), default=0)
    waiting = [by_code[e.code] for e in decision.entries if e.outcome == "reserve" and e.code not in gone]
    for code in gone:
        ledger.record(by_code[code], "resigned", "resigned", before=int(decision.entry(code).amount * 100))
    kept = [e for e in decision.entries if e.outcome == "partial" and e.code not in gone]
    for entry in kept:
        amount, left = int(entry.amount * 100), int(entry.left * 100)
        ledger.grants[entry.code] = Grant("partial", entry.reason, amount, left, entry.turn, entry.details)
    walk(ledger, waiting, lambda idea: "from_reserve", [by_code[e.code] for e in kept])
    titles = _titles(decision.ideas)
    entries = tuple(_after(entry, by_code[entry.code], ledger, titles) for entry in decision.entries)
    states, events = _quota_states(ledger), (*decision.events, gone)
    return replace(decision, entries=entries, quotas=states, events=events, previous=decision)


def _after(entry: Entry, idea: Idea, ledger: Ledger, titles: Mapping[str, str]) -> Entry:
    """The line of the protocol as it is now; unchanged for those whom the resignation does not touch."""
    grant = ledger.grants.get(entry.code)
    if grant is None or grant.turn == entry.turn:
        return entry
    return _entry(idea, entry.place, grant, {entry.code: entry.tied}, titles)
