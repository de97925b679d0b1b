"""A small test of a social innovation: what n people can show, when to stop, what may be said at the end.

Two sentences for the people who try an idea: *Before we start we work out which change so few people can
show, how many failures or harms end the test, and what we will be allowed to say. Afterwards the answer is one
of five, and "we cannot tell" is an honest one.*
"""

from .harm import HarmRule, harm_rule
from .plan import Plan, TestPlan, plan
from .power import Detectable, Needed, Setting, detectable, needed
from .seen import (
    Interval,
    PairedChange,
    chance_to_see,
    interval,
    none_seen,
    paired_change,
    people_to_see,
    rule_of_three,
)
from .stages import TwoStage, two_stage
from .verdict import VERDICTS, Conclusion, Effect, Observed, conclusion

__all__ = [
    "VERDICTS",
    "Conclusion",
    "Detectable",
    "Effect",
    "HarmRule",
    "Interval",
    "Needed",
    "Observed",
    "PairedChange",
    "Plan",
    "Setting",
    "TestPlan",
    "TwoStage",
    "chance_to_see",
    "conclusion",
    "detectable",
    "harm_rule",
    "interval",
    "needed",
    "none_seen",
    "paired_change",
    "people_to_see",
    "plan",
    "rule_of_three",
    "two_stage",
]
