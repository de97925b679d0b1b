"""What people cost: pay, the employer's contributions, and which person-months there are."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from ..record import MethodError
from .law import Statute, Unverified
from .levers import Levers
from .plan import CONTRIBUTIONS, Person, Plan
from .units import grosze, month_label, month_number, share_of


@dataclass(frozen=True)
class Job:
    """One person in one month: `month` as a number, `since` months from hiring; money in grosze."""

    person: Person
    month: int
    since: int
    pay: int
    contributions: int

    @property
    def cost(self) -> int:
        """Wage cost: gross pay with the employer's contributions."""
        return self.pay + self.contributions


class Payroll:
    """Pay of a plan's people under the law of each month."""

    def __init__(self, plan: Plan, statute: Statute, levers: Levers) -> None:
        self.plan, self.statute, self.lever = plan, statute, levers.exact("wages")
        self.unchecked: set[int] = set()  # months whose minimum wage nobody states

    def jobs(self, person: Person) -> list[Job]:
        """The person's months within the plan."""
        hired = month_number("start", person.start)
        months = [self.plan.first_month + t for t in self.plan.span(person.start, person.end)]
        if months:
            self._check_wage(person, months[0])
        return [self._job(person, month, month - hired) for month in months]

    def _check_wage(self, person: Person, month: int) -> None:
        minimum = self.statute.find("minimum_wage", month)
        if person.wage is not None and minimum is not None and person.wage < minimum.value:  # type: ignore[operator]
            rule = f"is under the minimum wage of {minimum.value} ({month_label(month)}, full time)"
            raise MethodError("Person.wage", rule, person.code)

    def _job(self, person: Person, month: int, since: int) -> Job:
        pay = grosze(self._rate(person, month) * person.hours * self.lever)  # type: ignore[operator]
        names = [name for name in CONTRIBUTIONS if name not in person.exempt]
        names += ["ppk"] if self.plan.ppk else []
        rates = tuple(self.statute.value(f"zus_employer_{name}", month) for name in names)
        return Job(person, month, since, pay, contributions(pay, rates))

    def _rate(self, person: Person, month: int) -> Decimal:
        """Full-time gross wage: as agreed, and never under the minimum wage where that is known."""
        if person.wage is None:
            return self.statute.value("minimum_wage", month)
        agreed = Decimal(person.wage)
        if self.statute.find("minimum_wage", month) is None:
            self.unchecked.add(month)
            return agreed
        return max(agreed, self.statute.value("minimum_wage", month))

    def unverified(self) -> tuple[Unverified, ...]:
        """Months whose minimum wage nobody states, so that no wage was checked against it."""
        if not self.unchecked:
            return ()
        first, last = month_label(min(self.unchecked)), month_label(max(self.unchecked))
        return (Unverified("minimum_wage", "", first, last, "", "unknown: wages are not checked against it"),)


@lru_cache(maxsize=4096)
def contributions(pay: int, rates: tuple[Decimal, ...]) -> int:
    """Each contribution is rounded to the grosz by itself, as it is paid."""
    return sum(share_of(pay, rate) for rate in rates)


def full_time(plan: Plan) -> list[tuple[Decimal, Decimal]]:
    """Full-time equivalents by month: of all people, and of people with disabilities."""
    everyone, disabled = [Decimal(0)] * plan.months, [Decimal(0)] * plan.months
    for person in plan.people:
        for t in plan.span(person.start, person.end):
            everyone[t] += Decimal(person.hours)
            disabled[t] += Decimal(person.hours) if person.disabled else 0
    return list(zip(everyone, disabled, strict=True))
