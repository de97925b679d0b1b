"""What to fund under a cap: thresholds, quotas, ties, part offers and a reserve list, in legal order.

Money is exact to the grosz. A decision can be computed again from its file alone.
"""

from .decision import Decision, Entry, QuotaState, fund
from .draw import commit, draw_order, new_nonce, verify
from .order import Line
from .rules import Idea, Quota, Rules, Threshold
from .what_if import Change, Knapsack, LineAt, QuotaPrice, compare

__all__ = [
    "Change",
    "Decision",
    "Entry",
    "Idea",
    "Knapsack",
    "Line",
    "LineAt",
    "Quota",
    "QuotaPrice",
    "QuotaState",
    "Rules",
    "Threshold",
    "commit",
    "compare",
    "draw_order",
    "fund",
    "new_nonce",
    "verify",
]
