"""The plan worked out in whole grosze: sales of each buyer by month, and every other event with its basis."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from .law import Statute, Unverified
from .levers import NEUTRAL, Levers
from .people import Job, Payroll
from .plan import Buyer, Cost, Loan, Person, Plan
from .subsidies import Award, Duty, Office, clawback, duties, paid_in, unverified
from .units import grosze, millionths, month_number, monthly_interest, share_of

CASH = (
    "receipts",
    "variable_costs",
    "wages",
    "contributions",
    "fixed_costs",
    "vat",
    "investments",
    "grants",
    "subsidies",
    "clawbacks",
    "loans",
    "loan_repayments",
    "interest",
)
"""Accounts of money; each month they add up to the change of cash."""

DUE = ("sales", "sales_costs", "labour", "running_costs", "subsidies_due")
"""Accounts of what was earned and used up, whenever it is paid; without one-off support."""

ONE = Decimal(1)


class Entry(NamedTuple):
    """One event: month of the plan (0 is the first), account, grosze (minus is out), for whom, on what basis."""

    month: int
    account: str
    amount: int
    item: str
    basis: str = ""


@dataclass(frozen=True)
class Sales:
    """One buyer by month, in grosze: invoiced and net sales, cost of sales paid and net, VAT due on both."""

    buyer: Buyer
    delay: int
    invoiced: tuple[int, ...]
    net: tuple[int, ...]
    spent: tuple[int, ...]
    cost: tuple[int, ...]
    vat: tuple[int, ...]


@dataclass
class Draft:
    """Sales, events other than sales, awards and duties of one plan under one set of levers."""

    plan: Plan
    levers: Levers
    statute: Statute
    sales: tuple[Sales, ...] = ()
    entries: list[Entry] = field(default_factory=list)
    input_vat: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    awards: list[Award] = field(default_factory=list)
    duties: list[Duty] = field(default_factory=list)
    unverified: tuple[Unverified, ...] = ()

    def post(self, month: int, account: str, amount: int, item: str, basis: str = "") -> None:
        """Note an event, unless it is nothing or lies after the plan."""
        if amount and 0 <= month < self.plan.months:
            self.entries.append(Entry(month, account, amount, item, basis))

    @cached_property
    def accounts(self) -> dict[str, list[int]]:
        """Sums by account and month, without sales."""
        sums = {account: [0] * self.plan.months for account in (*CASH, *DUE)}
        for entry in self.entries:
            sums[entry.account][entry.month] += entry.amount
        return sums

    def total(self, accounts: Iterable[str]) -> list[int]:
        """The sum of some accounts by month."""
        return [sum(month) for month in zip(*(self.accounts[a] for a in accounts), strict=True)]


def draft(plan: Plan, levers: Levers = NEUTRAL) -> Draft:
    """Work the plan out. Raises `MethodError` for an unknown amount of law or subsidies that clash."""
    work = Draft(plan, levers, Statute(plan.assumptions))
    work.sales = tuple(_sales(plan, buyer, levers) for buyer in plan.buyers)
    for cost in plan.costs:
        _post_cost(work, cost)
    _post_people(work)
    for loan in plan.loans:
        _post_loan(work, loan)
    for bought in plan.investments:
        net = grosze(Decimal(bought.amount))
        _post_bought(work, _at(plan, bought.month), 0, "investments", bought.code, net, Decimal(bought.vat))
    for grant in plan.grants:
        work.post(_at(plan, grant.month), "grants", grosze(Decimal(grant.amount)), grant.code, grant.basis)
    return work


def _at(plan: Plan, month: object) -> int:
    return month_number("month", month) - plan.first_month


def _sales(plan: Plan, buyer: Buyer, levers: Levers) -> Sales:
    net, cost, months = [0] * plan.months, [0] * plan.months, plan.span(buyer.start, buyer.end)
    first = 0 if buyer.start is None else _at(plan, buyer.start)
    per_unit = Decimal(buyer.monthly if buyer.monthly is not None else buyer.price)  # type: ignore[arg-type]
    units = ONE if buyer.quantity is None else Decimal(buyer.quantity)
    price, spending = levers.exact("price"), levers.exact("variable_costs")
    each = per_unit * Decimal(buyer.variable_share) + Decimal(buyer.unit_cost)
    for t in months:
        sold = units * _level(buyer, t - first, (plan.first_month + t) % 12) * levers.exact("demand")
        net[t], cost[t] = grosze(sold * per_unit * price), grosze(sold * each * spending)
    return _with_vat(plan, buyer, max(0, buyer.delay + levers.delay), net, cost)


def _level(buyer: Buyer, since: int, calendar: int) -> Decimal:
    """Season, growth and run-up of one month counted from the buyer's start."""
    level = (1 + Decimal(buyer.growth)) ** (since // 12)
    if buyer.season:
        level *= Decimal(buyer.season[calendar])
    if since < buyer.ramp_months:
        start = Decimal(buyer.ramp_start)
        level *= start + (1 - start) * since / buyer.ramp_months
    return level


def _with_vat(plan: Plan, buyer: Buyer, delay: int, net: list[int], cost: list[int]) -> Sales:
    """A VAT payer adds VAT to the price and deducts it from costs; others bear the VAT of costs."""
    charged = [share_of(x, Decimal(buyer.vat)) if plan.vat_payer else 0 for x in net]
    paid = [share_of(x, Decimal(buyer.variable_vat)) for x in cost]
    spent = [x + tax for x, tax in zip(cost, paid, strict=True)]
    due = [a - b if plan.vat_payer else 0 for a, b in zip(charged, paid, strict=True)]
    invoiced = [x + tax for x, tax in zip(net, charged, strict=True)]
    borne = cost if plan.vat_payer else spent
    return Sales(buyer, delay, tuple(invoiced), tuple(net), tuple(spent), tuple(borne), tuple(due))


def _post_cost(work: Draft, cost: Cost) -> None:
    plan = work.plan
    first = 0 if cost.start is None else _at(plan, cost.start)
    year = (plan.first_month + first) // 12
    for t in plan.span(cost.start, cost.end):
        if (t - first) % cost.every == 0:
            risen = (1 + Decimal(cost.growth)) ** ((plan.first_month + t) // 12 - year)
            net = grosze(Decimal(cost.amount) * risen * work.levers.exact("fixed_costs"))
            paid = _post_bought(work, t, cost.delay, "fixed_costs", cost.code, net, Decimal(cost.vat))
            work.post(t, "running_costs", -paid, cost.code)


def _post_bought(work: Draft, t: int, delay: int, account: str, code: str, net: int, rate: Decimal) -> int:
    """Pay for a purchase with its VAT; gives back what it costs after deduction."""
    tax = share_of(net, rate)
    work.post(t + delay, account, -net - tax, code)
    if work.plan.vat_payer:
        work.input_vat[t] += tax
    return net if work.plan.vat_payer else net + tax


def _post_people(work: Draft) -> None:
    plan, first, late = work.plan, work.plan.first_month, work.plan.contribution_delay
    payroll, office = Payroll(plan, work.statute, work.levers), Office(plan, work.statute, work.levers)
    for person, job, awards in _person_months(plan, payroll, office):
        t = job.month - first
        work.post(t, "wages", -job.pay, person.code)
        work.post(t + late, "contributions", -job.contributions, person.code)
        work.post(t, "labour", -job.cost, person.code)
        work.awards.extend(awards)
    office.check_entity(work.awards)
    for award in work.awards:
        _post_award(work, award)
    _post_duties(work)
    work.unverified = (*work.statute.unverified(), *unverified(work.awards), *payroll.unverified())


def _person_months(
    plan: Plan, payroll: Payroll, office: Office
) -> Iterator[tuple[Person, Job, tuple[Award, ...]]]:
    """Every person-month with its awards; people who differ only in name are worked out once."""
    seen: dict[object, list[tuple[Job, tuple[Award, ...]]]] = {}
    for person in plan.people:
        twin = (replace(person, code="", replaces=""), office.open_to(person))
        if twin not in seen:
            seen[twin] = [(job, office.awards(job)) for job in payroll.jobs(person)]
        for job, awards in seen[twin]:
            yield person, job, tuple(replace(award, person=person.code) for award in awards)


def _post_duties(work: Draft) -> None:
    work.duties = duties(work.plan, work.awards)
    for duty in work.duties:
        returned = clawback(work.plan, duty)
        if returned is not None:
            month, amount = returned
            work.post(month - work.plan.first_month, "clawbacks", -amount, duty.person, duty.rule.article)


def _post_award(work: Draft, award: Award) -> None:
    first, basis = work.plan.first_month, f"{award.rule.code}: {award.rule.article}"
    work.post(paid_in(award, work.levers) - first, "subsidies", award.amount, award.person, basis)
    if not award.once:
        work.post(award.month - first, "subsidies_due", award.amount, award.person, basis)


def _post_loan(work: Draft, loan: Loan) -> None:
    """Equal parts of capital after the grace; the last part takes the rest of the rounding."""
    start, owed, rate = (
        _at(work.plan, loan.month),
        grosze(Decimal(loan.amount)),
        millionths(Decimal(loan.rate)),
    )
    work.post(start, "loans", owed, loan.code)
    parts = loan.months - loan.grace
    part = owed // parts
    for k in range(1, loan.months + 1):
        work.post(start + k, "interest", -monthly_interest(owed, rate), loan.code)
        paid = 0 if k <= loan.grace else owed if k == loan.months else part
        work.post(start + k, "loan_repayments", -paid, loan.code)
        owed -= paid
