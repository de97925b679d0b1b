"""Who assesses what: assessors with the right competence, no conflict of interest and a fair share of work.

Rows are assessors and columns ideas. Conflicts are pairs that do not exist, never low scores.
"""

from .conflicts import Conflicts, Party, conflicts_from
from .graph import Swap
from .problem import Problem
from .result import Assignment
from .shortage import Infeasible, Shortage
from .solve import assign, reassign

__all__ = [
    "Assignment",
    "Conflicts",
    "Infeasible",
    "Party",
    "Problem",
    "Shortage",
    "Swap",
    "assign",
    "conflicts_from",
    "reassign",
]
