"""The plan with the best total: everybody placed who can be, then the highest sum of values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linear_sum_assignment

from ..record import BoolArray, FloatArray, IntArray

if TYPE_CHECKING:
    from .problem import Placement

TIE = 1e-9
"""Within this much of a total the lottery decides between equal plans."""


def best_total(value: FloatArray, open_: BoolArray, slots: IntArray, ticket: IntArray) -> IntArray:
    """Each person's workplace, -1 for none; slots are duplicated and the assignment solved (Crouse 2016).

    Placing one more person counts more than any gain in value; of equal plans the one is taken that gives
    earlier tickets (n,) the higher value.
    """
    n, m = value.shape
    slot = np.repeat(np.arange(m), np.minimum(slots, open_.sum(axis=0)))
    span = float(np.abs(value).max(initial=1.0))
    lean = value * (1 + TIE * (1 - ticket / max(n, 1)))[:, None]
    worth = np.where(open_, lean + 2 * span * (n + 1), 0.0)[:, slot]
    row, column = linear_sum_assignment(worth, maximize=True)
    held = np.full(n, -1)
    kept = open_[row, slot[column]]
    held[row[kept]] = slot[column][kept]
    return held


def by_lottery(problem: Placement, held: IntArray, ticket: IntArray) -> IntArray:
    """The same plan with persons of exactly equal claims in the order of their tickets (n,): the total and the
    hours stay, and only the draw says who of them has which place. Friends keep theirs."""
    claims = np.hstack([problem.value, problem.hours, problem.fit, problem.open])
    group = np.unique(claims, axis=0, return_inverse=True)[1].reshape(-1)
    for pair in problem.together:
        for code in pair:
            group[problem.row[code]] = -1 - problem.row[code]
    out = held.copy()
    for same in np.unique(group):
        members = np.flatnonzero(group == same)
        if len(members) > 1:
            members = members[np.argsort(ticket[members])]
            worth = [problem.value[i, held[i]] if held[i] >= 0 else -1.0 for i in members]
            out[members] = held[members[np.argsort(-np.array(worth), kind="stable")]]
    return out
