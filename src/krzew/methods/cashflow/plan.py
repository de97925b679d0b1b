"""The plan of a cooperative: who buys, who works, what is spent, what is borrowed and what is granted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

from ..framework import refuse_repeats
from ..record import MethodError
from .law import Assumption, codes
from .units import Money, Month, at_least, month_label, month_number, whole

DEGREES = ("none", "lekki", "umiarkowany", "znaczny")
ENGLISH_DEGREES = {"mild": "lekki", "moderate": "umiarkowany", "severe": "znaczny"}
GROUPS = ("", *"abcdefghijkl")
"""Letters of art. 2(6) of the social economy act of 2022; empty: not a person at risk."""
KINDS = ("public", "reserved", "firm", "retail")
CHOICES = ("best", "declared")
CONTRIBUTIONS = ("pension", "disability", "accident", "labour_fund", "fgsp")
SHORTEST, LONGEST, LONGEST_DELAY = 12, 120, 12

T = TypeVar("T")


def _exact(item: Any, low: Money, *names: str, high: Money | None = None) -> None:
    """Keep the named amounts as exact numbers within their limits; None stays None."""
    for name in names:
        value = getattr(item, name)
        if value is not None:
            number = at_least(f"{type(item).__name__}.{name}", value, low, _row(item), high)
            object.__setattr__(item, name, number)


def _whole(item: Any, low: int, high: int, *names: str) -> None:
    for name in names:
        value = getattr(item, name)
        if value is not None:
            number = whole(f"{type(item).__name__}.{name}", value, low, high, _row(item))
            object.__setattr__(item, name, number)


def _months(item: Any, *names: str) -> None:
    """Keep the named months as text like "2026-01", in their order."""
    kept = []
    for name in names:
        value = getattr(item, name)
        if value is not None:
            kept.append(month_number(f"{type(item).__name__}.{name}", value, _row(item)))
            object.__setattr__(item, name, month_label(kept[-1]))
    if kept != sorted(kept):
        raise MethodError(f"{type(item).__name__}.{names[-1]}", f"must not be before {names[0]}", _row(item))


def _one_of(item: Any, name: str, allowed: tuple[str, ...]) -> None:
    value = getattr(item, name)
    if value not in allowed:
        shown = ", ".join(x or '""' for x in allowed)
        raise MethodError(
            f"{type(item).__name__}.{name}", f"must be one of {shown}, not {value!r}", _row(item)
        )


def _row(item: Any) -> str:
    return str(getattr(item, "code", getattr(item, "rule", "")))


@dataclass(frozen=True)
class Buyer:
    """One buyer: `price` times `quantity` a month, or a `monthly` amount; both net of VAT for a VAT payer.

    `delay` months pass from invoice to money. `season` holds 12 multipliers, January first. Sales grow in
    a straight line from `ramp_start` (a share) to 1 over `ramp_months`, then by `growth` every 12 months.
    `variable_share` of net sales and `unit_cost` per unit are spent in the month of sale. `sigma` is the
    standard deviation of the logarithm of monthly demand around the plan; buyers with the same `factor`
    rise and fall together. `loss` is the probability per month of losing the buyer; `loss_left` is the
    share of sales that stays, for `loss_months` (0: for good).
    """

    code: str
    monthly: Money | None = None
    price: Money | None = None
    quantity: Money | None = None
    kind: str = "firm"
    start: Month | None = None
    end: Month | None = None
    delay: int = 1
    vat: Money = 0
    season: tuple[Money, ...] = ()
    ramp_start: Money = 1
    ramp_months: int = 0
    growth: Money = 0
    variable_share: Money = 0
    unit_cost: Money = 0
    variable_vat: Money = 0
    sigma: float = 0.0
    factor: str = "demand"
    loss: float = 0.0
    loss_left: float = 0.0
    loss_months: int = 0

    def __post_init__(self) -> None:
        _exact(self, 0, "monthly", "price", "quantity", "unit_cost")
        _exact(self, 0, "vat", "ramp_start", "variable_vat", "loss_left", high=1)
        _exact(self, 0, "variable_share", high=10)
        _exact(self, 0, "sigma", high=3)
        _exact(self, 0, "loss", high="0.999999")
        _exact(self, "-0.99", "growth", high=10)
        _whole(self, 0, LONGEST_DELAY, "delay")
        _whole(self, 0, LONGEST, "ramp_months", "loss_months")
        _months(self, "start", "end")
        _one_of(self, "kind", KINDS)
        for name in ("sigma", "loss", "loss_left"):
            object.__setattr__(self, name, float(getattr(self, name)))
        self._check_sales()

    def _check_sales(self) -> None:
        by_unit = self.price is not None and self.quantity is not None
        if (self.monthly is None) != by_unit or (self.price is None) != (self.quantity is None):
            raise MethodError("Buyer.monthly", "give either monthly, or price and quantity", self.code)
        if self.unit_cost and not by_unit:
            raise MethodError("Buyer.unit_cost", "needs price and quantity", self.code)
        season = tuple(at_least("Buyer.season", x, 0, self.code) for x in self.season)
        if len(season) not in (0, 12):
            raise MethodError("Buyer.season", f"needs 12 multipliers, not {len(season)}", self.code)
        object.__setattr__(self, "season", season)


@dataclass(frozen=True)
class Person:
    """One worker on an employment contract, in whole months from `start` to `end` (both included).

    `hours` is the share of full time; `wage` the gross monthly wage for full time (None: the minimum wage,
    which also lifts a lower wage when it rises). `degree` of disability and `special` (URZ art. 26a(1b)),
    `group` is the letter of UES art. 2(6), `pension`: has an established old-age pension, `wtz_practice`:
    had the unpaid practice of URZ art. 10a(3a) here, `assist`: hours of assistance as a share of own hours,
    `exempt`: employer's contributions that are not due, as the plan states, `replaces`: the code of the
    person whose post this one takes over.
    """

    code: str
    start: Month
    end: Month | None = None
    hours: Money = 1
    wage: Money | None = None
    degree: str = "none"
    special: bool = False
    group: str = ""
    pension: bool = False
    wtz_practice: bool = False
    assist: Money = 0
    exempt: tuple[str, ...] = ()
    replaces: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "degree", ENGLISH_DEGREES.get(self.degree, self.degree))
        object.__setattr__(self, "exempt", tuple(self.exempt))
        _exact(self, "0.01", "hours", high=1)
        _exact(self, 0, "wage")
        _exact(self, 0, "assist", high=1)
        _months(self, "start", "end")
        _one_of(self, "degree", DEGREES)
        _one_of(self, "group", GROUPS)
        for name in self.exempt:
            if name not in CONTRIBUTIONS:
                rule = f"must be among {', '.join(CONTRIBUTIONS)}, not {name!r}"
                raise MethodError("Person.exempt", rule, self.code)
        if self.special and self.degree == "none":
            raise MethodError("Person.special", "needs a degree of disability", self.code)

    @property
    def disabled(self) -> bool:
        return self.degree != "none"

    @property
    def at_risk(self) -> bool:
        """A person of UES art. 2(6); disability is its letter d."""
        return bool(self.group) or self.disabled


@dataclass(frozen=True)
class Cost:
    """A cost that does not depend on sales: `amount` net of VAT, every `every` months from `start` to `end`,
    paid `delay` months later; raised by `growth` each January."""

    code: str
    amount: Money
    vat: Money = 0
    start: Month | None = None
    end: Month | None = None
    every: int = 1
    growth: Money = 0
    delay: int = 0

    def __post_init__(self) -> None:
        _exact(self, 0, "amount")
        _exact(self, 0, "vat", high=1)
        _exact(self, "-0.99", "growth", high=10)
        _whole(self, 1, LONGEST, "every")
        _whole(self, 0, LONGEST_DELAY, "delay")
        _months(self, "start", "end")


@dataclass(frozen=True)
class Investment:
    """Equipment or works bought in one month; `amount` net of VAT."""

    code: str
    month: Month
    amount: Money
    vat: Money = 0

    def __post_init__(self) -> None:
        _exact(self, 0, "amount")
        _exact(self, 0, "vat", high=1)
        _months(self, "month")


@dataclass(frozen=True)
class Grant:
    """Money that is not sales and is not given back (grant, shares, donation); outside VAT. `basis` says by
    which agreement."""

    code: str
    month: Month
    amount: Money
    basis: str = ""

    def __post_init__(self) -> None:
        _exact(self, 0, "amount")
        _months(self, "month")


@dataclass(frozen=True)
class Loan:
    """A loan paid out in `month`, given back over `months` in equal parts after `grace` months without
    parts; interest every month on what is still owed, at a yearly `rate`."""

    code: str
    month: Month
    amount: Money
    months: int
    rate: Money = 0
    grace: int = 0

    def __post_init__(self) -> None:
        _exact(self, 0, "amount")
        _exact(self, 0, "rate", high=1)
        _whole(self, 1, 600, "months")
        _whole(self, 0, self.months - 1, "grace")
        _months(self, "month")


@dataclass(frozen=True)
class Subsidy:
    """An instrument the plan counts on: the `rule` of the law data, for `persons` (empty: all who qualify).

    `amount` is the plan's own monthly (or one-off) amount per person, `months`, `lag` and `keep` its own
    terms; a stated amount or term needs a `source`. With a `source` the plan vouches for the rule's wording.
    """

    rule: str
    persons: tuple[str, ...] = ()
    amount: Money | None = None
    months: int | None = None
    lag: int | None = None
    keep: int | None = None
    source: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "persons", tuple(self.persons))
        _one_of(self, "rule", codes())
        _exact(self, 0, "amount")
        _whole(self, 1, LONGEST, "months")
        _whole(self, 0, 24, "lag")
        _whole(self, 0, LONGEST, "keep")
        own = [self.amount, self.months, self.lag, self.keep]
        if any(x is not None for x in own) and not self.source.strip():
            raise MethodError(
                "Subsidy.source", "say where the plan's own amount or terms come from", self.rule
            )


@dataclass(frozen=True)
class Compatible:
    """Two instruments that may pay for one person in one month, as the plan states with its source."""

    first: str
    second: str
    source: str

    def __post_init__(self) -> None:
        _one_of(self, "first", codes())
        _one_of(self, "second", codes())
        if not self.source.strip():
            raise MethodError(
                "Compatible.source", "say on what the pair rests", f"{self.first}, {self.second}"
            )


@dataclass(frozen=True)
class Plan:
    """A cash plan in whole months; amounts in PLN.

    `cash` is the money at the start; running out means cash minus `buffer` (for dips inside a month) under
    minus the `credit_line`, used at a yearly `credit_rate`. `rho` is how much of a month's deviation of
    demand stays in the next. `noise` is the standard deviation of small unplanned flows a month. A VAT
    payer settles `vat_delay` months after the invoice and carries a surplus of input VAT forward; others
    bear the VAT of what they buy. `business`: the employer runs business activity (SOD cap 75 %, else 90 %).
    With `choice` "best" the best admissible set of subsidies is taken for each person and month; with
    "declared" all listed are claimed, and two that exclude each other are an error.
    """

    name: str
    start: Month
    months: int = 60
    cash: Money = 0
    credit_line: Money = 0
    credit_rate: Money = 0
    buffer: Money = 0
    rho: float = 0.0
    noise: Money = 0
    vat_payer: bool = False
    vat_delay: int = 1
    business: bool = True
    ppk: bool = False
    contribution_delay: int = 0
    choice: str = "best"
    buyers: tuple[Buyer, ...] = ()
    people: tuple[Person, ...] = ()
    costs: tuple[Cost, ...] = ()
    investments: tuple[Investment, ...] = ()
    grants: tuple[Grant, ...] = ()
    loans: tuple[Loan, ...] = ()
    subsidies: tuple[Subsidy, ...] = ()
    compatible: tuple[Compatible, ...] = ()
    assumptions: tuple[Assumption, ...] = ()

    def __post_init__(self) -> None:
        _whole(self, SHORTEST, LONGEST, "months")
        _whole(self, 0, LONGEST_DELAY, "vat_delay", "contribution_delay")
        _exact(self, -1_000_000_000, "cash")
        _exact(self, 0, "credit_line", "buffer", "noise")
        _exact(self, 0, "credit_rate", high=1)
        _exact(self, 0, "rho", high="0.999")
        object.__setattr__(self, "rho", float(self.rho))
        _months(self, "start")
        _one_of(self, "choice", CHOICES)
        for name, kind in PARTS.items():
            items = tuple(x if isinstance(x, kind) else build(kind, x) for x in getattr(self, name))
            object.__setattr__(self, name, items)
        self._check_codes()

    def _check_codes(self) -> None:
        for name in ("buyers", "people", "costs", "investments", "grants", "loans"):
            refuse_repeats(name, [item.code for item in getattr(self, name)])
        refuse_repeats("subsidies", [s.rule for s in self.subsidies])
        known = {person.code for person in self.people}
        for subsidy in self.subsidies:
            for code in subsidy.persons:
                if code not in known:
                    raise MethodError("Subsidy.persons", f"{code!r} is not among the people", subsidy.rule)
        for person in self.people:
            if person.replaces and person.replaces not in known - {person.code}:
                raise MethodError(
                    "Person.replaces", f"{person.replaces!r} is not among the others", person.code
                )

    @cached_property
    def first_month(self) -> int:
        """The first month as a number."""
        return month_number("Plan.start", self.start)

    @property
    def labels(self) -> tuple[str, ...]:
        """Every month of the plan, like "2026-01"."""
        return tuple(month_label(self.first_month + t) for t in range(self.months))

    def span(self, start: Month | None, end: Month | None) -> range:
        """Months of the plan (0 is the first) between two dates, both included."""
        low = 0 if start is None else month_number("start", start) - self.first_month
        high = self.months - 1 if end is None else month_number("end", end) - self.first_month
        return range(max(low, 0), min(high, self.months - 1) + 1)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON; amounts are text, so that nothing is rounded."""
        plain: dict[str, Any] = _plain(self)
        return plain

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Plan:
        """The plan from plain values. Raises `MethodError` for a field that a plan does not have."""
        return build(cls, values)


PARTS: dict[str, type[Any]] = {
    "buyers": Buyer,
    "people": Person,
    "costs": Cost,
    "investments": Investment,
    "grants": Grant,
    "loans": Loan,
    "subsidies": Subsidy,
    "compatible": Compatible,
    "assumptions": Assumption,
}


def build(kind: type[T], values: Mapping[str, Any]) -> T:
    """A part of the plan from plain values, with a clear word about unknown and missing fields."""
    names = [f.name for f in fields(kind)]  # type: ignore[arg-type]
    if not isinstance(values, Mapping):
        raise MethodError(kind.__name__, f"must be a mapping with {', '.join(names)}", repr(values))
    for name in values:
        if name not in names:
            raise MethodError(f"{kind.__name__}.{name}", f"is not known; there are {', '.join(names)}")
    try:
        return kind(**values)
    except TypeError as error:
        raise MethodError(
            kind.__name__, str(error).rpartition("() ")[2], str(values.get("code", ""))
        ) from None


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if hasattr(value, "__dataclass_fields__"):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    return value
