"""Dated amounts and rules of law, each with its article, source and mark; what is not verified is never silent."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_CEILING, Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from ..record import MethodError, data_hash
from .units import Money, Month, at_least, decimal, month_label, month_number

DATA = Path(__file__).parent / "data"
MARKS = {"P": "read in the act", "S": "read in a secondary source", "D": "derived", "U": "unverified"}
OPEN_START, OPEN_END = "0001-01-01", "9999-12-31"


@dataclass(frozen=True)
class Amount:
    """One value of law between two dates (both included); `mark` U means not verified for these dates."""

    name: str
    value: Decimal
    unit: str
    start: date
    end: date
    mark: str
    article: str
    source: str
    note: str = ""

    @property
    def verified(self) -> bool:
        return self.mark != "U"


@dataclass(frozen=True)
class Rule:
    """One instrument of support as the law has it between two dates.

    `formula` says how the amount is found, `phases` for how many months from hiring and at what share,
    `finances` which costs it pays: two rules that pay the same cost of one person in one month exclude each
    other. `every` 3 is a quarterly settlement; `lag` counts months from its last month to the money. When
    the job ends before `keep` months, the money is given back within `returns_within` months (`returns`: all, or in proportion).
    """

    code: str
    label_pl: str
    label_en: str
    formula: str
    who: str
    finances: tuple[str, ...]
    start: date
    end: date
    mark: str
    article: str
    source: str
    note: str = ""
    phases: tuple[tuple[int, Decimal], ...] = ()
    every: int = 1
    lag: int = 0
    keep: int = 0
    returns: str = ""
    returns_within: int = 1
    rate: str = ""
    limit: tuple[str, ...] = ()
    per_entity: int = 0
    read_to: date = date.max

    def label(self, lang: str) -> str:
        return self.label_pl if lang == "pl" else self.label_en

    def share(self, month: int) -> Decimal:
        """The share paid in a month counted from hiring (0 is the first); without phases always whole."""
        for length, share in self.phases:
            if month < length:
                return share
            month -= length
        return Decimal(0 if self.phases else 1)


@dataclass(frozen=True)
class Assumption:
    """The plan's own value for an amount of law: from a month on, with the source it rests on.

    Give `value`, or `yearly`: growth every January on the last verified value, rounded up to whole zlotys.
    """

    name: str
    start: Month
    source: str
    value: Money | None = None
    yearly: Money | None = None
    end: Month | None = None

    def __post_init__(self) -> None:
        if self.name not in names():
            raise MethodError("assumptions.name", f"must be one of {', '.join(names())}", self.name)
        if not self.source.strip():
            raise MethodError("assumptions.source", "say where the value comes from", self.name)
        if (self.value is None) == (self.yearly is None):
            raise MethodError("assumptions", "give either value or yearly", self.name)
        first = month_number("assumptions.start", self.start, self.name)
        last = first if self.end is None else month_number("assumptions.end", self.end, self.name)
        if last < first:
            raise MethodError("assumptions.end", "must not be before its start", self.name)
        self._keep_exact()

    def _keep_exact(self) -> None:
        if self.value is not None:
            object.__setattr__(self, "value", at_least("assumptions.value", self.value, 0, self.name))
        if self.yearly is not None:
            object.__setattr__(self, "yearly", at_least("assumptions.yearly", self.yearly, -1, self.name, 10))
        object.__setattr__(self, "start", month_label(month_number("assumptions.start", self.start)))
        if self.end is not None:
            object.__setattr__(self, "end", month_label(month_number("assumptions.end", self.end)))

    def holds(self, month: int) -> bool:
        """Whether the assumption speaks of this month."""
        last = month if self.end is None else month_number("end", self.end)
        return month_number("start", self.start) <= month <= last


@cache
def amounts() -> tuple[Amount, ...]:
    """Every dated amount of the package."""
    lines = (DATA / "amounts.csv").read_text(encoding="utf-8").splitlines()
    return tuple(_amount(row) for row in csv.DictReader(x for x in lines if not x.startswith("#")))


def _amount(row: dict[str, str]) -> Amount:
    start, end = _interval(row.pop("from"), row.pop("to"))
    return Amount(**{**row, "value": Decimal(row["value"]), "start": start, "end": end})  # type: ignore[arg-type]


def _interval(start: str, end: str) -> tuple[date, date]:
    return date.fromisoformat(start or OPEN_START), date.fromisoformat(end or OPEN_END)


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule of the package; one code may have several, one after another in time."""
    found = tomllib.loads((DATA / "rules.toml").read_text(encoding="utf-8"))
    return tuple(_rule(row) for row in found["rule"])


def _rule(row: dict[str, Any]) -> Rule:
    start, end = _interval(row.pop("from"), row.pop("to", ""))
    row["read_to"] = _interval("", row.get("read_to", ""))[1]
    phases = tuple((length, Decimal(share)) for length, share in row.pop("phases", ()))
    row |= {name: tuple(row.get(name, ())) for name in ("finances", "limit")}
    return Rule(**row, phases=phases, start=start, end=end)


@cache
def fingerprint() -> str:
    """Of the law data: part of the origin of every result."""
    return data_hash(amounts(), rules())


@cache
def names() -> tuple[str, ...]:
    """Names of amounts: those with dated values and `average_wage`, which only a plan can state."""
    return (*dict.fromkeys(amount.name for amount in amounts()), "average_wage")


@cache
def codes() -> tuple[str, ...]:
    """Codes of the instruments."""
    return tuple(dict.fromkeys(rule.code for rule in rules()))


def first_day(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def rule(code: str, month: Month) -> Rule:
    """The wording of an instrument in force in a month. Raises `MethodError` where there is none."""
    return rule_in(code, month_number("month", month))


@cache
def rule_in(code: str, month: int) -> Rule:
    """As `rule`, with the month as a number."""
    if code not in codes():
        raise MethodError("rule", f"must be one of {', '.join(codes())}", code)
    for candidate in rules():
        if candidate.code == code and candidate.start <= first_day(month) <= candidate.end:
            read = first_day(month) <= candidate.read_to
            note = f"wording after {candidate.read_to} not read; {candidate.note}"
            return candidate if read else replace(candidate, mark="U", note=note)
    raise MethodError("rule", "is not known to be in force", f"{code}, {month_label(month)}")


def amount(
    name: str, month: Month, assumptions: Iterable[Assumption] = (), *, unverified: bool = False
) -> Amount:
    """The amount in force on the first day of a month: the plan's own, or that of the law data.

    Raises `MethodError` when it is unknown, or not verified for that date (unless `unverified` is allowed).
    """
    found = Statute(tuple(assumptions)).amount(name, month_number("month", month))
    if not found.verified and not unverified:
        raise MethodError(
            name, f"is not verified ({found.note}); state your own value and source", str(month)
        )
    return found


class Unverified(NamedTuple):
    """A value or a rule of law used without verification, from a month to a month."""

    name: str
    value: str
    first: str
    last: str
    article: str
    note: str


@dataclass
class Statute:
    """The law as one plan sees it: dated amounts under its assumptions, and which of them were used."""

    assumptions: tuple[Assumption, ...] = ()
    used: dict[tuple[str, int], Amount] = field(default_factory=dict)
    known: dict[tuple[str, int], Amount | None] = field(default_factory=dict)

    def value(self, name: str, month: int) -> Decimal:
        return self.amount(name, month).value

    def amount(self, name: str, month: int) -> Amount:
        """The amount for a month; remembers it as used. Raises `MethodError` when nobody states it."""
        found = self.find(name, month)
        if found is None:
            rule = "is unknown for this month: state your own value and its source in assumptions"
            raise MethodError(name, rule, month_label(month))
        self.used[name, month] = found
        return found

    def find(self, name: str, month: int) -> Amount | None:
        """The plan's own value (the latest that has begun), else that of the law data, else nothing."""
        if (name, month) not in self.known:
            own = [a for a in self.assumptions if a.name == name and a.holds(month)]
            latest = max(own, key=lambda a: str(a.start), default=None)
            self.known[name, month] = _published(name, month) if latest is None else self._own(latest, month)
        return self.known[name, month]

    def _own(self, own: Assumption, month: int) -> Amount:
        day = first_day(month)
        if own.value is not None:
            value, note = decimal(own.name, own.value), ""
        else:
            value, note = self._grown(own, month)
        return Amount(own.name, value, "", day, day, "A", "assumption of the plan", own.source, note)

    def _grown(self, own: Assumption, month: int) -> tuple[Decimal, str]:
        base = _last_verified(own.name, month)
        if base is None or not base.unit.startswith("PLN"):
            raise MethodError(
                "assumptions.yearly", "there is no verified amount in PLN to grow from", own.name
            )
        years = max(0, month // 12 - base.end.year)
        factor = (1 + decimal(own.name, own.yearly)) ** years
        value = (base.value * factor).quantize(Decimal(1), ROUND_CEILING) if years else base.value
        return value, f"grown from {base.value} by {own.yearly} a year"

    def unverified(self) -> tuple[Unverified, ...]:
        """What was used without verification."""
        months: dict[Amount, list[int]] = {}
        for (_, month), found in self.used.items():
            if not found.verified:
                months.setdefault(found, []).append(month)
        rows = [
            Unverified(a.name, str(a.value), month_label(min(m)), month_label(max(m)), a.article, a.note)
            for a, m in months.items()
        ]
        return tuple(sorted(rows))


@cache
def _published(name: str, month: int) -> Amount | None:
    day = first_day(month)
    return next((a for a in amounts() if a.name == name and a.start <= day <= a.end), None)


@cache
def _last_verified(name: str, month: int) -> Amount | None:
    day = first_day(month)
    found = [a for a in amounts() if a.name == name and a.verified and a.start <= day]
    return max(found, key=lambda a: a.end, default=None)
