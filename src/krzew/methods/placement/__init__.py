"""Which person where: proposals for a job coach, with reasons, alternatives and questions; never a decision.

`match` takes profiles of persons and workplaces; `deferred_acceptance` takes preferences as arrays or names.
"""

from .coach import Stage
from .lottery import Lottery
from .matching import Alternative, Matching, Pair, Unmatched, match
from .problem import Exclusion, Gap, PairFit, Placement, Question, fit
from .profiles import Person, Support, Workplace
from .stable import Stable, deferred_acceptance

__all__ = [
    "Alternative",
    "Exclusion",
    "Gap",
    "Lottery",
    "Matching",
    "Pair",
    "PairFit",
    "Person",
    "Placement",
    "Question",
    "Stable",
    "Stage",
    "Support",
    "Unmatched",
    "Workplace",
    "deferred_acceptance",
    "fit",
    "match",
]
