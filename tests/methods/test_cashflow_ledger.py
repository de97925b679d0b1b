"""The ledger to the grosz: a case worked by hand, published figures of law, rules that exclude each other."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from decimal import Decimal
from io import StringIO
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from krzew.methods import MethodError, cashflow
from krzew.methods.cashflow import (
    Assumption,
    Buyer,
    Compatible,
    Cost,
    Grant,
    Investment,
    Levers,
    Loan,
    Person,
    Plan,
    Subsidy,
    ledger,
)

D = Decimal

# Worked by hand. Pay 4,666 in 2025 and 4,806 in 2026 with contributions 955.60 and 984.28, half-time pay 3,000
# with 614.40; SOD 2,585 two months later; refund 0.3164 x 3,000 = 949.20 a month, quarterly, a month after the
# quarter; VAT due 2,300 - 575 - 276 (+240 from October), in August less 1,840; debt costs 1 % a month; the loan
# of 9,000 in nine parts at 8 % a year. Overdraft interest stands together with that of the loan.
BY_HAND = """
month,receipts,variable_costs,wages,contributions,fixed_costs,vat,investments,grants,subsidies,loans,loan_repayments,interest,cash,operating_result
2025-07,0,-3075,-7666,-1570,-1476,0,0,10000,0,0,0,0,1213.00,-2936.00
2025-08,12300,-3075,-7666,-1570,-1476,-1449,-9840,0,0,9000,0,0,-2563.00,-2936.00
2025-09,12300,-3075,-7666,-1570,-1476,0,0,0,2585,0,-1000,-85.63,-2550.63,-2936.00
2025-10,15540,-3075,-7666,-1570,-1476,-1058,0,0,5432.60,0,-1000,-78.84,2498.13,64.00
2025-11,15540,-3075,-7666,-1570,-1476,-1689,0,0,2585,0,-1000,-46.67,4100.46,64.00
2025-12,15540,-3075,-7666,-1570,-1476,-1689,0,0,2585,0,-1000,-40.00,5709.46,64.00
2026-01,15540,-3075,-7806,-1598.68,-1476,-1689,0,0,5432.60,0,-1000,-33.33,10004.05,-104.68
2026-02,15540,-3075,-7806,-1598.68,-1476,-1689,0,0,2585,0,-1000,-26.67,11457.70,-104.68
2026-03,15540,-3075,-7806,-1598.68,-1476,-1689,0,0,2585,0,-1000,-20.00,12918.02,-104.68
2026-04,15540,-3075,-7806,-1598.68,-1476,-1689,0,0,5432.60,0,-1000,-13.33,17232.61,-104.68
2026-05,15540,-3075,-7806,-1598.68,-1476,-1689,0,0,2585,0,-1000,-6.67,18706.26,-104.68
2026-06,15540,-3075,-7806,-1598.68,-1476,-1689,0,0,2585,0,0,0,21186.58,-104.68
"""


def plan_by_hand(**more: Any) -> Plan:
    parts: dict[str, Any] = {
        "name": "by hand",
        "start": "2025-07",
        "months": 12,
        "cash": 5000,
        "credit_line": 2560,
        "credit_rate": "0.12",
        "vat_payer": True,
        "buyers": (
            Buyer(
                "firm", price="12.50", quantity=800, vat="0.23", variable_share="0.25", variable_vat="0.23"
            ),
            Buyer("gmina", monthly=3000, kind="public", start="2025-10", delay=0, vat="0.08"),
        ),
        "people": (
            Person("a", "2025-07", degree="umiarkowany", special=True),
            Person("b", "2025-07", hours="0.5", wage=6000, group="a"),
        ),
        "costs": (Cost("rent", 1200, "0.23"),),
        "investments": (Investment("kiln", "2025-08", 8000, "0.23"),),
        "grants": (Grant("start", "2025-07", 10000, "agreement 1/2025"),),
        "loans": (Loan("loan", "2025-08", 9000, 9, "0.08"),),
        "subsidies": (Subsidy("sod"), Subsidy("contribution_refund")),
    }
    return Plan(**{**parts, **more})


def test_equal_to_the_case_worked_by_hand() -> None:
    book = ledger(plan_by_hand())
    rows = list(csv.DictReader(StringIO(BY_HAND.strip())))
    assert [row["month"] for row in book.table] == [row["month"] for row in rows]
    for ours, theirs in zip(book.table, rows, strict=True):
        assert {name: ours[name] for name in theirs} == {
            name: value if name == "month" else D(value) for name, value in theirs.items()
        }
    assert set(book.column("subsidies_due")) == {D("3534.20")}
    assert book.insolvent == "2025-08"
    assert book.lowest == ("2025-08", D("-2563.00"))
    assert book.liquidity_gap == D("2563.00")
    assert book.break_even is None


def test_every_event_of_the_journal_has_its_account_and_a_subsidy_its_basis() -> None:
    book = ledger(plan_by_hand())
    cash = sum(e.amount for e in book.journal if e.account in cashflow.book.CASH)
    assert D(cash) / 100 + 5000 == book.cash[-1]
    paid = [e for e in book.journal if e.account == "subsidies"]
    assert {e.basis for e in paid} == {
        "sod: URZ art. 26a, 26b(7)",
        "contribution_refund: USS art. 12(3a)-(3c), UES art. 21",
    }
    assert sum(book.by_rule()["contribution_refund"]) == 3 * D("2847.60")


def test_a_cooperative_outside_vat_bears_it() -> None:
    book = ledger(plan_by_hand(vat_payer=False))
    assert set(book.column("vat")) == {D("0.00")}
    assert book.column("receipts")[1] == 10000
    assert book.column("operating_result")[0] == D("10000") - 3075 - 1476 - D("9236.00")


@pytest.mark.parametrize(
    ("month", "wage"),
    [
        ("2020-01", 2600),
        ("2023-06", 3490),
        ("2023-07", 3600),
        ("2024-07", 4300),
        ("2025-12", 4666),
        ("2026-12", 4806),
    ],
)
def test_minimum_wage_by_date(month: str, wage: int) -> None:
    found = cashflow.amount("minimum_wage", month)
    assert (found.value, found.verified) == (wage, True)


def one_job(year: int, half: int = 1, **more: Any) -> Plan:
    start = f"{year}-{1 if half == 1 else 7:02d}"
    parts: dict[str, Any] = {"people": (Person("p", start, degree="lekki"),)}
    future = Assumption("minimum_wage", "2027-01", "for the test", 5000)
    return Plan("one job", start, 12, assumptions=(future,), **{**parts, **more})


def test_labour_cost_of_2026_as_published() -> None:
    assert ledger(one_job(2026)).column("operating_result")[0] == D("-5790.28")
    assert ledger(one_job(2026, ppk=True)).column("operating_result")[0] == D("-5862.37")
    five = tuple(Person(f"p{i}", "2026-01") for i in range(5))
    year = sum(ledger(one_job(2026, people=five)).column("operating_result"))
    assert round(-year) == 347_417


@pytest.mark.parametrize(
    ("year", "half", "refund"), [(2024, 2, "1360.52"), (2025, 1, "1476.32"), (2026, 1, "1520.62")]
)
def test_refund_of_contributions_as_published(year: int, half: int, refund: str) -> None:
    book = ledger(one_job(year, half, subsidies=(Subsidy("contribution_refund"),)))
    assert book.column("subsidies_due")[0] == D(refund)


def test_refund_halves_after_24_months_and_ends_after_36() -> None:
    plan = one_job(2024, subsidies=(Subsidy("contribution_refund"),))
    longer = Plan.from_dict({**plan.to_dict(), "months": 48})
    due = ledger(longer).column("subsidies_due")
    assert due[23] == D("1476.32")
    assert due[24] == D("760.31")  # half of 1,520.62 of 2026, by its own rounding
    assert due[35] > 0
    assert due[36] == 0
    cliffs = ledger(longer).cliffs
    assert [(c.month, c.ends, c.fall) for c in cliffs] == [
        ("2026-01", False, D("716.01")),
        ("2027-01", True, D("760.31")),
    ]


@pytest.mark.parametrize(
    ("degree", "special", "hours", "due"),
    [
        ("znaczny", True, 1, "4140.00"),
        ("umiarkowany", True, 1, "2585.00"),
        ("lekki", True, 1, "1265.00"),
        ("moderate", False, "0.5", "775.00"),
        ("none", False, 1, "0.00"),
    ],
)
def test_sod_by_degree(degree: str, special: bool, hours: str, due: str) -> None:
    person = Person("p", "2025-01", degree=degree, special=special, hours=hours)
    book = ledger(one_job(2025, people=(person,), subsidies=(Subsidy("sod"),)))
    assert book.column("subsidies_due")[0] == D(due)
    assert book.column("subsidies")[1] == 0  # paid two months later
    assert book.column("subsidies")[2] == D(due)


def test_sod_is_capped_at_a_share_of_wage_costs() -> None:
    person = Person("p", "2024-01", degree="znaczny", special=True)
    plan = one_job(2024, people=(person,), subsidies=(Subsidy("sod", amount=5000, source="test"),))
    cost = -ledger(plan).column("operating_result")[0]
    assert ledger(plan).column("subsidies_due")[0] == (cost * D("0.75")).quantize(D("0.01"))
    other = Plan.from_dict({**plan.to_dict(), "business": False})
    assert ledger(other).column("subsidies_due")[0] == (cost * D("0.90")).quantize(D("0.01"))


def test_sod_is_not_due_to_pensioners_and_to_large_employers_below_the_rate() -> None:
    retired = Person("p", "2025-01", degree="lekki", pension=True)
    assert (
        sum(ledger(one_job(2025, people=(retired,), subsidies=(Subsidy("sod"),))).column("subsidies_due"))
        == 0
    )
    crowd = tuple(Person(f"p{i}", "2025-01", degree="lekki" if i == 0 else "none") for i in range(25))
    assert sum(ledger(one_job(2025, people=crowd, subsidies=(Subsidy("sod"),))).column("subsidies_due")) == 0
    assert (
        ledger(one_job(2025, people=crowd[:24], subsidies=(Subsidy("sod"),))).column("subsidies_due")[0]
        == 575
    )


def test_unknown_law_is_an_error_and_unverified_law_is_listed() -> None:
    with pytest.raises(MethodError, match="minimum_wage") as error:
        ledger(Plan("p", "2026-06", 12, people=(Person("p", "2026-06"),)))
    assert error.value.row == "2027-01"
    with pytest.raises(MethodError, match="not verified"):
        cashflow.amount("sod_basic_lekki", "2026-01")
    book = ledger(one_job(2026, subsidies=(Subsidy("sod"),)))
    assert {row.name for row in book.unverified} == {"sod", "sod_basic_lekki", "sod_cap_business"}
    assert cashflow.rule("sod", "2025-12").mark == "P"
    assert cashflow.rule("sod", "2026-01").mark == "U"
    assert "kwoty dofinansowania SOD (od 2026-01 do 2026-12)" in " ".join(book.explain("pl"))
    assert {(row.first, row.last) for row in book.unverified} == {("2026-01", "2026-12")}
    assert ledger(one_job(2025, subsidies=(Subsidy("sod"),))).unverified == ()


def test_a_plan_states_its_own_value_with_its_source() -> None:
    own = (
        Assumption("sod_basic_lekki", "2026-01", "letter of the office", 600),
        Assumption("sod_basic_lekki", "2026-07", "letter of the office", 610),
        Assumption("sod_cap_business", "2026-01", "act read on 1 March", "0.75"),
    )
    book = ledger(one_job(2026, subsidies=(Subsidy("sod", source="act read on 1 March"),)))
    with_own = ledger(Plan.from_dict({**book.plan.to_dict(), "assumptions": [*own]}))
    assert with_own.unverified == ()
    assert with_own.column("subsidies_due")[5:7] == (600, 610)


def test_minimum_wage_grown_by_a_yearly_rate_in_whole_zlotys() -> None:
    grown = (Assumption("minimum_wage", "2027-01", "own forecast", yearly="0.04"),)
    found = [cashflow.amount("minimum_wage", f"{year}-01", grown).value for year in (2026, 2027, 2028)]
    assert found == [4806, 4999, 5199]  # 4,998.24 and 5,198.17, up to whole zlotys


def test_wages_are_lifted_to_the_minimum_and_never_start_below_it() -> None:
    person = Person("p", "2025-07", wage=4700)
    pay = ledger(Plan("p", "2025-07", 12, people=(person,))).column("wages")
    assert (pay[5], pay[6]) == (-4700, -4806)
    with pytest.raises(MethodError, match="under the minimum wage"):
        ledger(Plan("p", "2025-07", 12, people=(Person("p", "2025-07", wage=4600),)))


def worker(**more: Any) -> Person:
    return Person("p", "2024-01", **{"degree": "umiarkowany", "special": True, "wtz_practice": True, **more})


WAGE_RULES = (
    "sod",
    "contribution_refund",
    "labour_fund_wage",
    "pfron_wage",
    "pfron_wage_wtz",
    "esf_maintenance",
)


@given(st.sets(st.sampled_from((*WAGE_RULES, "assistant", "esf_job"))), st.sampled_from(["1", "0.75", "0.5"]))
def test_the_best_admissible_set_is_taken(rules: set[str], hours: str) -> None:
    person = worker(hours=hours, assist="0.2")
    plan = Plan("p", "2024-01", 24, people=(person,), subsidies=tuple(Subsidy(r) for r in sorted(rules)))
    chosen = cashflow.draft.draft(plan).awards
    alone = [
        award
        for rule in rules
        for award in cashflow.draft.draft(replace(plan, subsidies=(Subsidy(rule),))).awards
    ]
    for month in range(plan.first_month, plan.first_month + 24):
        here = [a for a in chosen if a.month == month]
        assert all(not {*a.rule.finances} & {*b.rule.finances} for a, b in combinations(here, 2))
        offers = [a for a in alone if a.month == month]
        by_cost: dict[tuple[str, ...], int] = {}
        for a in offers:  # here every clash is about wages, so the best set is the best of each kind
            kind = ("wages",) if "contributions" in a.rule.finances else a.rule.finances
            by_cost[kind] = max(by_cost.get(kind, 0), a.amount)
        assert sum(a.amount for a in here) == sum(by_cost.values())


def test_declared_subsidies_that_exclude_each_other_are_an_error() -> None:
    two = (Subsidy("sod"), Subsidy("contribution_refund"))
    plan = Plan("p", "2024-01", 12, choice="declared", people=(worker(),), subsidies=two)
    with pytest.raises(MethodError, match="sod and contribution_refund exclude each other") as error:
        ledger(plan)
    assert error.value.row == "p, 2024-01"
    allowed = (Compatible("contribution_refund", "labour_fund_wage", "opinion of the office"),)
    both = (Subsidy("contribution_refund"), Subsidy("labour_fund_wage"))
    stacked = Plan(
        "p", "2024-01", 12, choice="declared", people=(worker(),), subsidies=both, compatible=allowed
    )
    assert ledger(stacked).column("subsidies_due")[0] == 4242 + D("1342.17")


def test_bridge_support_adds_up_to_the_unit_rate() -> None:
    people = (worker(), Person("q", "2024-04", hours="0.75", group="b"))
    book = ledger(Plan("p", "2024-01", 24, people=people, subsidies=(Subsidy("esf_maintenance"),)))
    assert sum(book.column("subsidies_due")) == 32_400 + 28_634


def test_the_unit_rate_of_a_later_call_is_unknown_until_stated() -> None:
    people = (Person("q", "2025-01", group="b"),)
    with pytest.raises(MethodError, match="esf_job"):
        ledger(Plan("p", "2025-01", 12, people=people, subsidies=(Subsidy("esf_job"),)))
    own = (Subsidy("esf_job", amount=40_000, source="call 3/2025"),)
    assert ledger(Plan("p", "2025-01", 12, people=people, subsidies=own)).column("subsidies")[1] == 40_000


def test_ten_unit_rates_per_entity() -> None:
    people = tuple(Person(f"q{i}", "2024-01", group="b") for i in range(11))
    with pytest.raises(MethodError, match="at most 10"):
        ledger(Plan("p", "2024-01", 12, people=people, subsidies=(Subsidy("esf_job"),)))


@pytest.mark.parametrize(
    ("end", "returned"),
    [
        ("2024-12", "15000.00"),  # 12 of 24 months kept
        ("2025-11", "5000.00"),  # one month short: at least one sixth
        ("2025-12", "0.00"),
    ],
)
def test_pfron_money_for_a_post_is_given_back_in_proportion(end: str, returned: str) -> None:
    subsidy = Subsidy("pfron_post", amount=30_000, source="agreement")
    plan = Plan("p", "2024-01", 36, people=(worker(end=end),), subsidies=(subsidy,))
    book = ledger(plan)
    assert -sum(book.column("clawbacks")) == D(returned)
    if D(returned):
        month = book.plan.span(end, None).start + 3
        assert book.column("clawbacks")[month] == -D(returned)


def test_nothing_is_given_back_when_somebody_takes_the_post_over() -> None:
    subsidy = Subsidy("pfron_post", persons=("p",), amount=30_000, source="agreement")
    for start, returned in (("2025-03", 0), ("2025-04", -15_000)):
        people = (worker(end="2024-12"), Person("next", start, replaces="p"))
        plan = Plan("p", "2024-01", 24, people=people, subsidies=(subsidy,))
        assert sum(ledger(plan).column("clawbacks")) == returned


def test_duties_beyond_the_plan_are_told() -> None:
    book = ledger(Plan("p", "2024-01", 12, people=(worker(),), subsidies=(Subsidy("esf_job"),)))
    (duty,) = book.duties
    assert (duty.person, duty.until, duty.amount) == ("p", "2025-06", D("31229.00"))
    assert "31" in " ".join(book.explain("pl"))


def test_a_cliff_is_the_net_fall_when_another_subsidy_steps_in() -> None:
    rules = (Subsidy("sod"), Subsidy("pfron_wage_wtz"))
    people = (worker(), Person("q", "2024-01", degree="umiarkowany", special=True, wtz_practice=True))
    book = ledger(Plan("p", "2024-01", 24, people=people, subsidies=rules))
    (cliff,) = book.cliffs
    assert (cliff.rule, cliff.month, cliff.people, cliff.ends) == ("pfron_wage_wtz", "2025-01", 2, True)
    assert cliff.fall == 2 * (4300 - D("2585"))
    # the result falls by the subsidy and by the higher wages of January
    assert cliff.before - cliff.after == cliff.fall + 2 * (D("5621.60") - D("5180.64"))


def test_sales_follow_season_run_up_growth_and_end() -> None:
    season = ("0.5",) + (1,) * 11
    ramp: dict[str, Any] = {"season": season, "ramp_start": "0.5", "ramp_months": 4, "growth": "0.1"}
    buyer = Buyer("b", monthly=1000, delay=0, start="2025-03", end="2026-04", **ramp)
    sales = ledger(Plan("p", "2025-01", 24, buyers=(buyer,))).column("sales")
    assert [float(x) for x in sales] == [
        0,
        0,
        500,
        625,
        750,
        875,
        *[1000] * 6,
        500,
        1000,
        1100,
        1100,
        *[0] * 8,
    ]


def test_costs_rise_in_january_and_recur() -> None:
    cost = Cost("c", 100, start="2025-11", every=2, growth="0.05", delay=1)
    paid = ledger(Plan("p", "2025-10", 12, costs=(cost,))).column("fixed_costs")
    assert [float(x) for x in paid] == [0, 0, -100, 0, -105, 0, -105, 0, -105, 0, -105, 0]


def test_break_even_lasts_and_leaves_subsidies_out() -> None:
    buyer = Buyer("b", monthly=1000, delay=0, ramp_start=0, ramp_months=10)
    base = Plan("p", "2025-01", 36, buyers=(buyer,), costs=(Cost("c", 900),))
    # results -900, -800, ..., 0, then 100 a month: the 12 months to May 2026 sum to -300, those to June to 200
    assert ledger(base).break_even == "2026-06"
    late = Cost("x", 9000, start="2027-12")
    spoilt = Plan("p", "2025-01", 36, buyers=(buyer,), costs=(*base.costs, late))
    assert ledger(spoilt).break_even is None


def test_contributions_may_be_paid_later_and_loans_have_a_grace() -> None:
    book = ledger(plan_by_hand(contribution_delay=1, loans=(Loan("l", "2025-07", 1000, 5, "0.12", grace=2),)))
    assert book.column("contributions")[:2] == (0, -1570)
    assert book.column("loan_repayments")[:7] == (0, 0, 0, D("-333.33"), D("-333.33"), D("-333.34"), 0)


def test_levers_move_what_they_say() -> None:
    plan = plan_by_hand()
    base, dear = ledger(plan), ledger(plan, Levers(price=1.1))
    assert dear.column("sales")[0] == D("11000.00")
    assert dear.column("variable_costs") == base.column("variable_costs")
    more = ledger(plan, Levers(demand=1.1))
    assert more.column("variable_costs")[0] == D("-3382.50")
    assert ledger(plan, Levers(delay=1)).column("receipts")[1] == 0
    assert ledger(plan, Levers(wages=1.1)).column("wages")[0] == D("-8432.60")
    assert ledger(plan, Levers(subsidies=0.5)).column("subsidies_due")[0] == D("1767.10")
    assert ledger(plan, Levers(subsidy_delay=1)).column("subsidies")[2] == 0


def test_plan_survives_json() -> None:
    plan = plan_by_hand(
        assumptions=(Assumption("minimum_wage", "2027-01", "own", yearly="0.05"),),
        compatible=(Compatible("sod", "assistant", "test"),),
    )
    again = Plan.from_dict(json.loads(json.dumps(plan.to_dict())))
    assert again == plan
    assert ledger(again).cash == ledger(plan).cash


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"months": 11}, "Plan.months"),
        ({"months": 121}, "Plan.months"),
        ({"start": "2025-13"}, "Plan.start"),
        ({"start": "2025-07-15"}, "Plan.start"),
        ({"cash": "much"}, "Plan.cash"),
        ({"cash": float("nan")}, "Plan.cash"),
        ({"choice": "any"}, "Plan.choice"),
        ({"colour": 1}, "Plan.colour"),
        ({"buyers": [{"code": "b"}]}, "Buyer.monthly"),
        ({"buyers": [{"code": "b", "price": 3}]}, "Buyer.monthly"),
        ({"buyers": [{"code": "b", "monthly": 1, "unit_cost": 1}]}, "Buyer.unit_cost"),
        ({"buyers": [{"code": "b", "monthly": -1}]}, "Buyer.monthly"),
        ({"buyers": [{"code": "b", "monthly": 1, "season": [1, 2]}]}, "Buyer.season"),
        ({"buyers": [{"code": "b", "monthly": 1, "kind": "friend"}]}, "Buyer.kind"),
        ({"buyers": [{"code": "b", "monthly": 1}] * 2}, "buyers"),
        ({"buyers": [{"monthly": 1}]}, "Buyer"),
        ({"buyers": [{"code": "b", "monthly": 1, "start": "2026-01", "end": "2025-01"}]}, "Buyer.end"),
        ({"people": [{"code": "p", "start": "2025-07", "degree": "heavy"}]}, "Person.degree"),
        ({"people": [{"code": "p", "start": "2025-07", "group": "z"}]}, "Person.group"),
        ({"people": [{"code": "p", "start": "2025-07", "special": True}]}, "Person.special"),
        ({"people": [{"code": "p", "start": "2025-07", "hours": 2}]}, "Person.hours"),
        ({"people": [{"code": "p", "start": "2025-07", "exempt": ["tax"]}]}, "Person.exempt"),
        ({"people": [{"code": "p", "start": "2025-07", "replaces": "x"}]}, "Person.replaces"),
        ({"subsidies": [{"rule": "gift"}]}, "Subsidy.rule"),
        ({"subsidies": [{"rule": "sod", "amount": 1}]}, "Subsidy.source"),
        ({"subsidies": [{"rule": "sod", "persons": ["nobody"]}]}, "Subsidy.persons"),
        ({"loans": [{"code": "l", "month": "2025-07", "amount": 1, "months": 3, "grace": 3}]}, "Loan.grace"),
        (
            {"assumptions": [{"name": "luck", "start": "2026-01", "source": "x", "value": 1}]},
            "assumptions.name",
        ),
        (
            {"assumptions": [{"name": "minimum_wage", "start": "2026-01", "source": "", "value": 1}]},
            "assumptions.source",
        ),
        ({"assumptions": [{"name": "minimum_wage", "start": "2026-01", "source": "x"}]}, "assumptions"),
    ],
)
def test_bad_input(change: dict[str, Any], field: str) -> None:
    with pytest.raises(MethodError) as error:
        Plan.from_dict({"name": "p", "start": "2025-07", **change})
    assert error.value.field == field


def test_money_without_an_amount_in_law_needs_the_plans_own_within_the_limit() -> None:
    with pytest.raises(MethodError, match="hold no amount"):
        ledger(Plan("p", "2024-01", 12, people=(worker(),), subsidies=(Subsidy("labour_fund_post"),)))
    average = (Assumption("average_wage", "2024-01", "for the test", 8000),)
    post = (Subsidy("labour_fund_post", amount=48_001, source="x"),)
    over = Plan("p", "2024-01", 12, people=(worker(),), subsidies=post, assumptions=average)
    with pytest.raises(MethodError, match="over the limit of 48000"):
        ledger(over)
    with pytest.raises(MethodError, match="must be one of"):
        ledger(plan_by_hand()).column("luck")


def test_every_amount_of_law_names_its_article_and_source_and_none_overlap() -> None:
    for amount in cashflow.amounts():
        assert amount.article
        assert amount.source
        assert amount.mark in "PSDU"
        assert amount.verified or amount.note
        others = [a for a in cashflow.amounts() if a.name == amount.name and a is not amount]
        assert all(a.end < amount.start or amount.end < a.start for a in others)
    for rule in cashflow.rules():
        assert rule.article
        assert rule.source
        assert rule.formula in cashflow.subsidies.FORMULAS
