"""Which solution in which place in which year, within budget, adviser hours, capacity and fairness."""

from .check import Broken, Checked, check_schedule
from .comparison import Comparison, compare
from .plan import LogLine, Plan, Start
from .problem import Advisers, Catchment, Equity, RolloutProblem
from .solver import first_plan, solve
from .studies import Alternatives, Price, Prices, alternatives, price_of, scenarios

__all__ = [
    "Advisers",
    "Alternatives",
    "Broken",
    "Catchment",
    "Checked",
    "Comparison",
    "Equity",
    "LogLine",
    "Plan",
    "Price",
    "Prices",
    "RolloutProblem",
    "Start",
    "alternatives",
    "check_schedule",
    "compare",
    "first_plan",
    "price_of",
    "scenarios",
    "solve",
]
