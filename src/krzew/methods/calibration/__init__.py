"""What the scores say once the severity of assessors is taken out.

Two sentences for an applicant: *Some assessors give low marks and some give high ones, so we work out how
strict each is from the ideas that they share with others, and take that out. What remains uncertain is
shown: the place of an idea is a range, and ideas whose ranges cross the funding line are too close to call.*
"""

from .links import Component, Links, Reading, links
from .opinion import Opinion, ThirdOpinion, third_opinion
from .ordinal import OrdinalCheck, ordinal_check
from .priors import SNSF, Priors
from .ranks import Convergence
from .reliability import Reliability, icc1, raters_needed, reliability, spearman_brown
from .result import Calibration, Spread, calibrate
from .sampler import Draws
from .scores import Scores

__all__ = [
    "SNSF",
    "Calibration",
    "Component",
    "Convergence",
    "Draws",
    "Links",
    "Opinion",
    "OrdinalCheck",
    "Priors",
    "Reading",
    "Reliability",
    "Scores",
    "Spread",
    "ThirdOpinion",
    "calibrate",
    "icc1",
    "links",
    "ordinal_check",
    "raters_needed",
    "reliability",
    "spearman_brown",
    "third_opinion",
]
