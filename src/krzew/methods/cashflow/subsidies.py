"""Subsidies as dated rules that exclude each other: who may claim what in a month, and which set is best."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from ..record import MethodError
from .law import Rule, Statute, Unverified, rule_in
from .levers import Levers
from .people import Job, full_time
from .plan import Person, Plan, Subsidy
from .units import grosze, month_label, month_number, share_of

EMPLOYEE_AND_EMPLOYER = (
    "zus_employee_pension",
    "zus_employee_disability",
    "zus_employee_sickness",
    "zus_employer_pension",
    "zus_employer_disability",
    "zus_employer_accident",
)
"""Contributions that are refunded: the worker's part and the employer's part (USS art. 12(3a))."""

UNIT_RATES = {"1": "full", "0.75": "three_quarters", "0.5": "half", "0.25": "quarter"}


@dataclass(frozen=True)
class Award:
    """One instrument for one person in one month; `amount` in grosze, `share` of the full rate."""

    person: str
    month: int
    rule: Rule
    subsidy: Subsidy
    amount: int
    share: Decimal

    @property
    def once(self) -> bool:
        return self.rule.formula == "once"


@dataclass(frozen=True)
class Ask:
    """One possible claim, ready for its formula."""

    rule: Rule
    subsidy: Subsidy
    job: Job
    share: Decimal
    plan: Plan
    statute: Statute
    staff: tuple[Decimal, Decimal]  # full-time equivalents: of all, of people with disabilities

    @property
    def own(self) -> int | None:
        """The plan's own amount in grosze."""
        return None if self.subsidy.amount is None else grosze(Decimal(self.subsidy.amount))

    def law(self, name: str, month: int | None = None) -> Decimal:
        return self.statute.value(name, self.job.month if month is None else month)


def sod(ask: Ask) -> int:
    """URZ art. 26a: by degree, in proportion to hours, capped at a share of wage costs."""
    person, job = ask.job.person, ask.job
    if _barred(ask):
        return 0
    if ask.own is not None:
        amount = ask.own
    else:
        rate = ask.law(f"sod_basic_{person.degree}")
        rate += ask.law(f"sod_special_{person.degree}") if person.special else 0
        amount = grosze(rate * Decimal(person.hours))
    cap = ask.law("sod_cap_business" if ask.plan.business else "sod_cap_other")
    return min(amount, share_of(job.cost, cap))


def _barred(ask: Ask) -> bool:
    """Pensioners without a severe degree, and employers of 25 and more below the rate of 6 %."""
    person, month = ask.job.person, ask.job.month
    if person.pension and person.degree != "znaczny":
        return True
    limit = ask.statute.find("sod_employer_fte", month)
    everyone, disabled = ask.staff
    if limit is None or everyone < limit.value:
        return False
    return disabled < everyone * ask.law("sod_disabled_rate")


def refund(ask: Ask) -> int:
    """Contributions on the pay, at most those on the minimum wage; the sum of rates is rounded once."""
    if ask.own is not None:
        return share_of(ask.own, ask.share)
    base = min(ask.job.pay, grosze(ask.law("minimum_wage")))
    return share_of(base, ask.share * sum(ask.law(name) for name in EMPLOYEE_AND_EMPLOYER))


def wage(ask: Ask) -> int:
    """Gross pay, at most the minimum wage (or the plan's own amount)."""
    most = grosze(ask.law("minimum_wage")) if ask.own is None else ask.own
    return share_of(min(ask.job.pay, most), ask.share)


def unit_rate(ask: Ask) -> int:
    """A twelfth of the unit rate of the month of hiring; twelve parts add up to the rate."""
    whole = ask.own if ask.own is not None else _unit_rate(ask)
    since = ask.job.since
    return whole * (since + 1) // 12 - whole * since // 12


def _unit_rate(ask: Ask) -> int:
    person, job = ask.job.person, ask.job
    part = UNIT_RATES.get(str(Decimal(person.hours).normalize()))
    if part is None or (part == "quarter" and person.degree != "znaczny"):
        return 0
    return grosze(ask.law(f"esf_maintenance_{part}", job.month - job.since))


def assistant(ask: Ask) -> int:
    """URZ art. 26d: the minimum wage times the share of hours of assistance, within its limit."""
    share = min(Decimal(ask.job.person.assist), ask.law("assistant_cap"))
    return grosze(ask.law("minimum_wage") * share) if ask.own is None else ask.own


def once(ask: Ask) -> int:
    """Money paid once at hiring: the unit rate, or what the plan states within the limit of the law."""
    if ask.own is None:
        if not ask.rule.rate:
            rule = "the law data hold no amount: state your own with its source"
            raise MethodError("Subsidy.amount", rule, ask.rule.code)
        return grosze(ask.law(ask.rule.rate))
    most = _limit(ask)
    if most is not None and ask.own > most:
        raise MethodError("Subsidy.amount", f"is over the limit of {Decimal(most) / 100}", ask.rule.code)
    return ask.own


def _limit(ask: Ask) -> int | None:
    """The published limit, or its multiple of the average or minimum wage; None where it is not known."""
    if not ask.rule.limit:
        return None
    published, multiple = ask.rule.limit
    known = ask.statute.find(published, ask.job.month)
    if known is not None:
        return grosze(known.value)
    base = "minimum_wage" if ask.rule.code == "esf_reintegration" else "average_wage"
    times, wages = ask.statute.find(multiple, ask.job.month), ask.statute.find(base, ask.job.month)
    return None if times is None or wages is None else grosze(times.value * wages.value)


FORMULAS: dict[str, Callable[[Ask], int]] = {
    "sod": sod,
    "refund": refund,
    "wage": wage,
    "unit_rate": unit_rate,
    "assistant": assistant,
    "once": once,
}

QUALIFIES: dict[str, Callable[[Person], bool]] = {
    "disabled": lambda person: person.disabled,
    "at_risk": lambda person: person.at_risk,
    "wtz": lambda person: person.wtz_practice and person.disabled,
}


class Office:
    """Finds the awards of a plan: claims of each person-month, then the set that the plan's choice asks for."""

    def __init__(self, plan: Plan, statute: Statute, levers: Levers) -> None:
        self.plan, self.statute, self.lever = plan, statute, levers.exact("subsidies")
        self.staff = full_time(plan)
        self.pairs = {frozenset((c.first, c.second)) for c in plan.compatible}

    def awards(self, job: Job) -> tuple[Award, ...]:
        """The awards of one person-month."""
        claims = [
            claim for subsidy in self.plan.subsidies if (claim := self._claim(subsidy, job)) is not None
        ]
        return self._declared(claims) if self.plan.choice == "declared" else self._best(claims)

    def open_to(self, person: Person) -> tuple[Subsidy, ...]:
        """The instruments that the plan counts on for a person."""
        return tuple(s for s in self.plan.subsidies if not s.persons or person.code in s.persons)

    def _claim(self, subsidy: Subsidy, job: Job) -> Award | None:
        rule = self._rule(subsidy, job)
        if not QUALIFIES[rule.who](job.person):
            return None
        share = self._share(rule, subsidy, job)
        if share == 0:
            return None
        staff = self.staff[job.month - self.plan.first_month]
        amount = FORMULAS[rule.formula](Ask(rule, subsidy, job, share, self.plan, self.statute, staff))
        amount = share_of(amount, self.lever)
        return Award(job.person.code, job.month, rule, subsidy, amount, share) if amount > 0 else None

    def _rule(self, subsidy: Subsidy, job: Job) -> Rule:
        """Paid for good: the wording of the month; paid for a time or once: that of the month of hiring."""
        found = rule_in(subsidy.rule, job.month)
        timed = bool(found.phases) or found.formula == "once"
        return rule_in(subsidy.rule, job.month - job.since) if timed and job.since else found

    def _share(self, rule: Rule, subsidy: Subsidy, job: Job) -> Decimal:
        if rule.formula == "once":
            return Decimal(int(job.since == 0))
        if subsidy.months is not None and job.since >= subsidy.months:
            return Decimal(0)
        return rule.share(job.since)

    def clash(self, first: Award, second: Award) -> bool:
        """Whether two instruments would pay for the same cost of the same person."""
        pair = frozenset((first.rule.code, second.rule.code))
        return bool({*first.rule.finances} & {*second.rule.finances}) and pair not in self.pairs

    def _clashing(self, claims: Iterable[Award]) -> tuple[Award, Award] | None:
        return next((pair for pair in combinations(claims, 2) if self.clash(*pair)), None)

    def _declared(self, claims: list[Award]) -> tuple[Award, ...]:
        pair = self._clashing(claims)
        if pair is not None:
            first, second = pair
            rule = f"{first.rule.code} and {second.rule.code} exclude each other ({first.rule.article})"
            raise MethodError("subsidies", rule, f"{first.person}, {month_label(first.month)}")
        return tuple(claims)

    def _best(self, claims: Sequence[Award]) -> tuple[Award, ...]:
        """The admissible set with the largest sum; the plan's own order breaks ties."""
        best: tuple[Award, ...] = ()
        for size in range(len(claims), 0, -1):
            for candidate in combinations(claims, size):
                if _total(candidate) > _total(best) and self._clashing(candidate) is None:
                    best = candidate
        return best

    def check_entity(self, awards: Iterable[Award]) -> None:
        """At most so many persons per entity where an instrument says so."""
        people: dict[Rule, set[str]] = {}
        for award in awards:
            people.setdefault(award.rule, set()).add(award.person)
        for rule, persons in people.items():
            if rule.per_entity and len(persons) > rule.per_entity:
                most = f"at most {rule.per_entity} persons per entity, the plan has {len(persons)}"
                raise MethodError("subsidies", most, rule.code)


def unverified(awards: Iterable[Award]) -> tuple[Unverified, ...]:
    """Rules awarded although their wording for these dates was not read, here or by the plan (`source`)."""
    months: dict[Rule, list[int]] = {}
    for award in awards:
        if award.rule.mark == "U" and not award.subsidy.source:
            months.setdefault(award.rule, []).append(award.month)
    return tuple(
        Unverified(r.code, "", month_label(min(m)), month_label(max(m)), r.article, r.note)
        for r, m in months.items()
    )


def _total(awards: Iterable[Award]) -> int:
    return sum(award.amount for award in awards)


def paid_in(award: Award, levers: Levers) -> int:
    """The month when the money comes: the end of the settlement period plus the lag."""
    every = award.rule.every
    end = award.month + (every - 1 - award.month % every)
    lag = award.rule.lag if award.subsidy.lag is None else award.subsidy.lag
    return max(award.month, end + max(0, lag + levers.subsidy_delay))


@dataclass(frozen=True)
class Duty:
    """A job that must last until a month (included); `amount` in grosze is given back when it does not."""

    person: str
    rule: Rule
    until: int
    amount: int


def duties(plan: Plan, awards: Sequence[Award]) -> list[Duty]:
    """Every duty to keep a job that the awards bring."""
    sums: dict[tuple[str, str], list[Award]] = {}
    for award in awards:
        sums.setdefault((award.person, award.rule.code), []).append(award)
    people = {person.code: person for person in plan.people}
    found = []
    for (code, _), row in sums.items():
        keep = row[0].rule.keep if row[0].subsidy.keep is None else row[0].subsidy.keep
        if keep:
            until = month_number("start", people[code].start) + keep - 1
            found.append(Duty(code, row[0].rule, until, _total(row)))
    return found


def clawback(plan: Plan, duty: Duty) -> tuple[int, int] | None:
    """Month and amount given back when the job ends too early and nobody takes it over within 3 months."""
    people = {person.code: person for person in plan.people}
    person = people[duty.person]
    if person.end is None or month_number("end", person.end) >= duty.until:
        return None
    end, start = month_number("end", person.end), month_number("start", person.start)
    if any(p.replaces == person.code and _soon(p, end) for p in plan.people):
        return None
    amount = duty.amount
    if duty.rule.returns == "proportional":  # URZ art. 26g(3): at least one sixth
        left = Decimal(duty.until - end) / (duty.until - start + 1)
        amount = share_of(duty.amount, max(left, Decimal(1) / 6))
    return end + duty.rule.returns_within, amount


def _soon(person: Person, end: int) -> bool:
    return end < month_number("start", person.start) <= end + 3
