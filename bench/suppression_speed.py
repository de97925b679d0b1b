"""Protection of a table of the size of Poland: 380 powiats by 8 groups, with voivodeships and totals.

No peer: the programs of the field (tau-Argus, sdcTable) are not Python packages. The figures are drawn at
random.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from bench.methods_speed import row, timed
from krzew.methods.suppression import Protected, Table, audit, k_anonymity, protect, round_table

POWIATS, GROUPS, VOIVODESHIPS = 380, 8, 16


def country() -> Table:
    """Small counts in a third of the cells, as in real tables by powiat."""
    stream = np.random.default_rng(0)
    size, mix = stream.lognormal(4.5, 0.9, (POWIATS, 1)), stream.dirichlet(np.full(GROUPS, 2.0), POWIATS)
    codes = np.sort(stream.integers(0, VOIVODESHIPS, POWIATS))
    return Table(stream.poisson(2 * size * mix), {0: [codes]})


def tables() -> list[dict[str, Any]]:
    table = country()
    seconds, found = timed(lambda: protect(table), 1)
    check, opened = timed(lambda: audit(found), 3)
    assert opened.ok
    rounding, rounded = timed(lambda: round_table(table, 5), 3)
    assert rounded.additive
    size = f"{POWIATS} x {GROUPS} with {VOIVODESHIPS} groups and totals: {found.published.size} cells"
    return [
        row("table protected, secondary suppression and check", seconds, size=size, **_lost(found)),
        row("attack on every hidden cell of it", check, size=size, hidden=opened.hidden),
        row("controlled rounding of it", rounding, size=size, furthest=rounded.furthest),
    ]


def _lost(found: Protected) -> dict[str, Any]:
    return {name: found.lost[name] for name in ("primary", "complementary", "inner_sum")}


def small() -> dict[str, Any]:
    """The proved optimum beside the fast pattern, on twenty tables of 10 x 6."""
    stream = np.random.default_rng(1)
    drawn = [stream.poisson(stream.gamma(1, 30, (10, 6))) for _ in range(20)]
    seconds, best = timed(lambda: [protect(t, method="optimal", time_limit=10) for t in drawn], 1)
    quick = [protect(t, method="fast") for t in drawn]
    over = float(np.mean([q.objective / b.objective - 1 for q, b in zip(quick, best, strict=True)]))
    proved = sum(b.proved for b in best)
    return row(
        "optimal pattern of one table", seconds / 20, size="10 x 6", proved_of_20=proved, fast_costs_more=over
    )


def records() -> dict[str, Any]:
    stream = np.random.default_rng(2)
    people = np.column_stack([stream.integers(0, n, 100_000) for n in (380, 18, 2, 5)])
    seconds, found = timed(lambda: k_anonymity(people, [0, 1, 2, 3], 5), 3)
    return row("k-anonymity with advice on coarsening", seconds, size=len(people), at_risk=len(found.at_risk))


def run() -> list[dict[str, Any]]:
    """Every measurement of this module."""
    return [*tables(), small(), records()]


if __name__ == "__main__":
    for line in run():
        print(line)
