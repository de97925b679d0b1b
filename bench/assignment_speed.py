"""Speed of `krzew.methods.assignment` beside the linear programme, on a national call.

200 assessors, 1,000 ideas, 3 assessments per idea, at most 18 per assessor, 5 % conflicts. The totals must be
equal before the times are compared.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_matrix

from bench.methods_speed import row, timed
from krzew.methods.assignment import assign, reassign

ASSESSORS, IDEAS, PER_IDEA, LOAD = 200, 1_000, 3, 18


def call(n: int, m: int) -> tuple[np.ndarray, np.ndarray]:
    """Affinities as cosines of topic mixtures, and conflicts, drawn at random."""
    stream = np.random.default_rng(0)
    left, right = stream.dirichlet(np.full(12, 0.3), n), stream.dirichlet(np.full(12, 0.3), m)
    lengths = np.sqrt((left**2).sum(axis=1)[:, None] * (right**2).sum(axis=1)[None])
    return left @ right.T / lengths, stream.random((n, m)) < 0.05


def linear(affinity: np.ndarray, conflicts: np.ndarray, per_idea: int, load: int) -> float:
    """The total of the linear programme (SciPy's HiGHS on sparse rows)."""
    n, m = affinity.shape
    a, p = np.nonzero(~conflicts)
    variables = np.arange(len(a))
    table = coo_matrix(
        (np.ones(2 * len(a)), (np.r_[p, m + a], np.r_[variables, variables])), shape=(m + n, len(a))
    ).tocsr()
    bounds = np.full(m, per_idea), np.full(n, load)
    solved = linprog(
        -affinity[a, p], A_ub=table[m:], b_ub=bounds[1], A_eq=table[:m], b_eq=bounds[0], bounds=(0, 1)
    )
    return -float(solved.fun)


def run() -> list[dict[str, Any]]:
    """Every measurement of this module."""
    affinity, conflicts = call(ASSESSORS, IDEAS)
    given = {"per_idea": PER_IDEA, "load": LOAD}
    ours, made = timed(lambda: assign(affinity, conflicts, objective="sum", **given), 9)
    theirs, total = timed(lambda: linear(affinity, conflicts, PER_IDEA, LOAD), 3)
    apart = abs(made.total - total)
    assert apart < 1e-6 * total, "the totals differ"
    assert not made.check()
    size = f"{ASSESSORS} assessors x {IDEAS} ideas"
    fair_time, fair = timed(lambda: assign(affinity, conflicts, objective="maxmin", **given), 3)
    again, _ = timed(lambda: reassign(made, refused=[made.pairs[0]], unavailable=[0]), 3)
    large, barred = call(1_000, 3_000)
    largest, _ = timed(lambda: assign(large, barred, objective="sum", per_idea=3, load=12), 1)
    ratio = theirs / ours
    facts = {"size": size, "required_ratio": 20, "met": ratio >= 20}
    peer = {"peer": "scipy linprog (HiGHS)"}
    return [
        row("assignment, largest total", ours, theirs, apart, **facts) | peer,
        row("assignment, fairest worst idea", fair_time, size=size, worst=fair.worst, bound=fair.bound),
        row("assignment after a refusal and an absence", again, size=size),
        row("assignment, largest total", largest, size="1000 assessors x 3000 ideas"),
    ]


if __name__ == "__main__":
    for line in run():
        print(line)
