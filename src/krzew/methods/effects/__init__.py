"""What difference did it make: effects with the checks that decide whether they may be believed."""

from .balance import Balance, Finding, Gate, Overlap
from .bounds import Bounds, lee_bounds, manski_bounds
from .cost import CostPerJob, cost_per_job, cost_per_job_of
from .did import did
from .did_result import DidEffect, EventStudy
from .estimate import METHODS, estimate
from .result import Effect
from .sample import expand
from .shares import Power, RiskDifference, power, risk_difference
from .sroi import Deductions, SocialReturn, social_return

__all__ = [
    "METHODS",
    "Balance",
    "Bounds",
    "CostPerJob",
    "Deductions",
    "DidEffect",
    "Effect",
    "EventStudy",
    "Finding",
    "Gate",
    "Overlap",
    "Power",
    "RiskDifference",
    "SocialReturn",
    "cost_per_job",
    "cost_per_job_of",
    "did",
    "estimate",
    "expand",
    "lee_bounds",
    "manski_bounds",
    "power",
    "risk_difference",
    "social_return",
]
