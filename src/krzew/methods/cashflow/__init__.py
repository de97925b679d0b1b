"""Will the cooperative live: an exact ledger of its plan, thousands of its futures, and what would help.

`ledger` works the plan out month by month to the grosz, `simulate` gives the probability of running out of
money, `tornado` and `sobol` say what it depends on. Amounts of law are dated data with their source.
"""

from .book import Cliff, Ledger, OpenDuty, ledger
from .law import Amount, Assumption, Rule, Unverified, amount, amounts, rule, rules
from .levers import Levers
from .plan import Buyer, Compatible, Cost, Grant, Investment, Loan, Person, Plan, Subsidy
from .sensitivity import FACTORS, Bar, Factor, Sobol, Tornado, sobol, tornado
from .simulation import Insolvency, Paths, Simulation, ruin, simulate, wilson

__all__ = [
    "FACTORS",
    "Amount",
    "Assumption",
    "Bar",
    "Buyer",
    "Cliff",
    "Compatible",
    "Cost",
    "Factor",
    "Grant",
    "Insolvency",
    "Investment",
    "Ledger",
    "Levers",
    "Loan",
    "OpenDuty",
    "Paths",
    "Person",
    "Plan",
    "Rule",
    "Simulation",
    "Sobol",
    "Subsidy",
    "Tornado",
    "Unverified",
    "amount",
    "amounts",
    "ledger",
    "ruin",
    "rule",
    "rules",
    "simulate",
    "sobol",
    "tornado",
    "wilson",
]
