"""Time to a job and how long it lasts: curves, tests, regression and competing ends of the wait.

Time runs from intake. Who came under observation later is given with `entry`; a group that is known only later
must not count the time before (`known_at`, `split_at`).
"""

from .competing import CumulativeIncidence, cumulative_incidence, gray_test
from .cox import CoxFit, cox
from .curves import KaplanMeier, Rmst, RmstDifference, kaplan_meier, rmst, rmst_difference
from .hazards import ProportionalHazards, proportional_hazards
from .log_rank import TestResult, log_rank
from .residuals import Baseline
from .sample import Caution, Split, split_at

__all__ = [
    "Baseline",
    "Caution",
    "CoxFit",
    "CumulativeIncidence",
    "KaplanMeier",
    "ProportionalHazards",
    "Rmst",
    "RmstDifference",
    "Split",
    "TestResult",
    "cox",
    "cumulative_incidence",
    "gray_test",
    "kaplan_meier",
    "log_rank",
    "proportional_hazards",
    "rmst",
    "rmst_difference",
    "split_at",
]
