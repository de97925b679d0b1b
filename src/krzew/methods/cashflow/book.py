"""The deterministic cash ledger, month by month and to the grosz, with everything a reader must be told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from functools import cached_property

from ..record import MethodError, Provenance, data_hash, stamp
from .draft import CASH, Draft, Entry, draft
from .law import Rule, Unverified, fingerprint
from .levers import NEUTRAL, Levers
from .plan import Plan
from .sentences import explain_ledger
from .subsidies import Award
from .units import grosze, millionths, month_label, month_number, monthly_interest, zloty

YEAR = 12
COLUMNS = (*CASH, "cash_flow", "cash", "sales", "operating_result", "subsidies_due", "result")


@dataclass(frozen=True)
class Cliff:
    """The monthly result falls when a subsidy ends, or steps down (`ends` is False): `fall` PLN from `month`
    on, for so many `people`; the monthly `before` and `after` are results with subsidies."""

    rule: str
    label_pl: str
    label_en: str
    month: str
    fall: Decimal
    people: int
    before: Decimal
    after: Decimal
    ends: bool


@dataclass(frozen=True)
class OpenDuty:
    """A job that must last beyond the plan, or is given up too early; `amount` is what would be, or is, returned."""

    person: str
    rule: str
    article: str
    until: str
    amount: Decimal


@dataclass(frozen=True, eq=False)
class Ledger:
    """`columns` by name, one exact amount a month; `journal` has every event with its legal basis.

    `unverified` lists the law values that were used without verification. `break_even` is the first month
    from which the operating result of 12 months, without subsidies, stays at or above zero until the end of
    the plan; None when it never does. `liquidity_gap` is the largest debt at a month's end: the credit that
    the plan needs. `insolvent` is the first month below the credit line.
    """

    plan: Plan
    months: tuple[str, ...]
    columns: dict[str, tuple[Decimal, ...]]
    journal: tuple[Entry, ...]
    cliffs: tuple[Cliff, ...]
    duties: tuple[OpenDuty, ...]
    unverified: tuple[Unverified, ...]
    break_even: str | None
    insolvent: str | None
    provenance: Provenance

    @property
    def cash(self) -> tuple[Decimal, ...]:
        """Cash at the end of each month."""
        return self.columns["cash"]

    @property
    def lowest(self) -> tuple[str, Decimal]:
        """The month with the least cash, and that cash."""
        low = min(self.cash)
        return self.months[self.cash.index(low)], low

    @property
    def liquidity_gap(self) -> Decimal:
        return max(Decimal("0.00"), -self.lowest[1])

    def column(self, name: str) -> tuple[Decimal, ...]:
        """One column. Raises `MethodError` for a name that is not in `columns`."""
        if name not in self.columns:
            raise MethodError("column", f"must be one of {', '.join(self.columns)}", name)
        return self.columns[name]

    @cached_property
    def table(self) -> tuple[dict[str, object], ...]:
        """One row a month, as a spreadsheet would have it."""
        return tuple(
            {"month": month, **{name: column[t] for name, column in self.columns.items()}}
            for t, month in enumerate(self.months)
        )

    def by_rule(self) -> dict[str, tuple[Decimal, ...]]:
        """Money from subsidies by instrument and month of payment."""
        sums: dict[str, list[int]] = defaultdict(lambda: [0] * len(self.months))
        for entry in self.journal:
            if entry.account == "subsidies":
                sums[entry.basis.partition(":")[0]][entry.month] += entry.amount
        return {rule: tuple(map(zloty, months)) for rule, months in sums.items()}

    def explain(self, lang: str = "pl") -> tuple[str, ...]:
        """The plan without uncertainty, in plain Polish or English."""
        return explain_ledger(self, lang)


def ledger(plan: Plan, levers: Levers = NEUTRAL) -> Ledger:
    """The cash ledger of a plan as if everything went as planned: all in whole grosze.

    Rounding: every invoice, cost, pay, contribution, subsidy and interest by itself, half a grosz away from
    zero. Raises `MethodError` when an amount of law is unknown or declared subsidies exclude each other.
    """
    return from_draft(draft(plan, levers))


def from_draft(work: Draft) -> Ledger:
    """The ledger of a plan already worked out."""
    plan = work.plan
    accounts, journal, cash = settle(work)
    flow = [b - a for a, b in zip([grosze(Decimal(plan.cash)), *cash], cash, strict=False)]
    operating = operating_result(accounts)
    due = accounts["subsidies_due"]
    result = [a + b for a, b in zip(operating, due, strict=True)]
    rows = {name: accounts[name] for name in CASH}
    rows |= {"cash_flow": flow, "cash": cash, "sales": accounts["sales"]}
    rows |= {"operating_result": operating, "subsidies_due": due, "result": result}
    return Ledger(
        plan,
        plan.labels,
        {name: tuple(map(zloty, rows[name])) for name in COLUMNS},
        tuple(sorted(journal, key=lambda e: e.month)),
        _cliffs(work, result),
        _open_duties(work),
        work.unverified,
        _label(plan, sustained(operating)),
        _label(plan, next((t for t, x in enumerate(cash) if x < floor(plan)), None)),
        stamp("cashflow", None, data_hash(plan, fingerprint()), {"levers": asdict(work.levers)}),
    )


def settle(work: Draft) -> tuple[dict[str, list[int]], list[Entry], list[int]]:
    """Accounts, journal and cash by month with sales, VAT and the credit line, in grosze."""
    accounts = {name: list(row) for name, row in work.accounts.items()}
    more = [*_sales_entries(work), *_vat_entries(work)]
    for entry in more:
        accounts[entry.account][entry.month] += entry.amount
    overdraft, cash = roll(work.plan, accounts)
    return accounts, [*work.entries, *more, *overdraft], cash


def floor(plan: Plan) -> int:
    """Cash in grosze under which the plan has run out of money."""
    return grosze(Decimal(plan.buffer)) - grosze(Decimal(plan.credit_line))


def _label(plan: Plan, month: int | None) -> str | None:
    return None if month is None else plan.labels[month]


def _sales_entries(work: Draft) -> list[Entry]:
    found = []
    for sale in work.sales:
        for t, invoiced in enumerate(sale.invoiced):
            row = [(t + sale.delay, "receipts", invoiced), (t, "variable_costs", -sale.spent[t])]
            row += [(t, "sales", sale.net[t]), (t, "sales_costs", -sale.cost[t])]
            found += [Entry(m, a, x, sale.buyer.code) for m, a, x in row if x and m < work.plan.months]
    return found


def _vat_entries(work: Draft) -> list[Entry]:
    """VAT due on a month's invoices less VAT on its purchases; a surplus is carried forward."""
    found, carried = [], 0
    for t in range(work.plan.months):
        carried += sum(sale.vat[t] for sale in work.sales) - work.input_vat.get(t, 0)
        if carried > 0:
            if t + work.plan.vat_delay < work.plan.months:
                found.append(Entry(t + work.plan.vat_delay, "vat", -carried, "VAT"))
            carried = 0
    return found


def roll(plan: Plan, accounts: dict[str, list[int]]) -> tuple[list[Entry], list[int]]:
    """Cash by month; the credit line costs interest on last month's debt."""
    rate, cash, months, overdraft = millionths(Decimal(plan.credit_rate)), grosze(Decimal(plan.cash)), [], []
    for t in range(plan.months):
        interest = monthly_interest(-cash, rate) if cash < 0 else 0
        if interest:
            accounts["interest"][t] -= interest
            overdraft.append(Entry(t, "interest", -interest, "credit line"))
        cash += sum(accounts[name][t] for name in CASH)
        months.append(cash)
    return overdraft, months


def operating_result(accounts: dict[str, list[int]]) -> list[int]:
    """What sales leave after all running costs, without subsidies, interest and investments."""
    names = ("sales", "sales_costs", "labour", "running_costs")
    return [sum(month) for month in zip(*(accounts[name] for name in names), strict=True)]


def sustained(operating: Sequence[int]) -> int | None:
    """The first month from which every sum of 12 months is at or above zero."""
    sums = [sum(operating[t - YEAR + 1 : t + 1]) for t in range(YEAR - 1, len(operating))]
    last = max((t for t, x in enumerate(sums) if x < 0), default=-1)
    return None if last == len(sums) - 1 else last + YEAR


def _open_duties(work: Draft) -> tuple[OpenDuty, ...]:
    """Duties that the plan does not show as met: those that last beyond it and those given up."""
    people = {person.code: person for person in work.plan.people}
    end = work.plan.first_month + work.plan.months - 1
    found = []
    for duty in work.duties:
        last = people[duty.person].end
        if duty.until > (end if last is None else min(end, month_number("end", last))):
            until = month_label(duty.until)
            row = OpenDuty(duty.person, duty.rule.code, duty.rule.article, until, zloty(duty.amount))
            found.append(row)
    return tuple(found)


def _cliffs(work: Draft, result: Sequence[int]) -> tuple[Cliff, ...]:
    """Falls by instrument and month, summed over the people who stay at work."""
    months: dict[tuple[str, int], dict[str, Award]] = defaultdict(dict)
    for award in work.awards:
        if not award.once:
            months[award.person, award.month][award.rule.code] = award
    falls: dict[tuple[Rule, int, bool], list[int]] = defaultdict(list)
    for person in work.plan.people:
        span = work.plan.span(person.start, person.end)
        for t in span[1:]:
            m = work.plan.first_month + t
            _fall(months.get((person.code, m - 1), {}), months.get((person.code, m), {}), t, falls)
    rows = sorted(falls.items(), key=lambda item: (item[0][1], item[0][0].code))
    return tuple(_cliff(work.plan, *key, found, result) for key, found in rows)


def _fall(
    before: dict[str, Award],
    after: dict[str, Award],
    t: int,
    falls: dict[tuple[Rule, int, bool], list[int]],
) -> None:
    """One person's loss between two months, laid to the largest instrument that ended or stepped down."""
    down = [a for code, a in before.items() if code not in after or after[code].share < a.share]
    lost = sum(a.amount for a in before.values()) - sum(a.amount for a in after.values())
    if down and lost > 0:
        first = max(down, key=lambda a: a.amount)
        falls[first.rule, t, first.rule.code not in after].append(lost)


def _cliff(plan: Plan, rule: Rule, t: int, ends: bool, found: list[int], result: Sequence[int]) -> Cliff:
    before, after = zloty(result[t - 1]), zloty(result[t])
    names = (rule.code, rule.label_pl, rule.label_en)
    return Cliff(*names, plan.labels[t], zloty(sum(found)), len(found), before, after, ends)
