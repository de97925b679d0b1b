"""Where to place k facilities: p-median, maximal and set covering, p-center, also with capacities.

Every answer carries a bound that no other choice can beat, and an independent `check()`. p-median and maximal
covering share one search: interchange, a Lagrangian bound, fixing by reduced costs, then branch and bound or
HiGHS on what is left.
"""

from .center import p_center
from .covering import max_covering
from .median import p_median
from .minimal import set_covering
from .orlib import OrLib, read_orlib, read_pmedcap
from .problem import LocationProblem
from .result import Check, Location

__all__ = [
    "Check",
    "Location",
    "LocationProblem",
    "OrLib",
    "max_covering",
    "p_center",
    "p_median",
    "read_orlib",
    "read_pmedcap",
    "set_covering",
]
