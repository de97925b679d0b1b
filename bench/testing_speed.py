"""Speed of the plans of small tests. No peer in Python has Simon's designs; statsmodels has the formula."""

from __future__ import annotations

from typing import Any

from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import proportion_effectsize

from bench.methods_speed import row, timed
from krzew.methods.testing import TestPlan, harm_rule, needed, plan, two_stage
from krzew.methods.testing.stages import _search


def formula() -> dict[str, Any]:
    """People per arm by the arcsine formula, beside statsmodels."""
    ours, count = timed(lambda: needed(0.25, 0.35), 50)
    size = proportion_effectsize(0.35, 0.25)
    peer, theirs = timed(lambda: NormalIndPower().solve_power(size, power=0.8, alpha=0.05), 50)
    apart = float(count.counted - theirs)
    assert 0 <= apart < 1, "the least whole number is not the one of statsmodels"
    return row("people per arm, 35 against 25 %", ours, peer, apart) | {"peer": "statsmodels", "size": "328"}


def fresh(baseline: float, target: float, kind: str) -> object:
    """A search that remembers nothing of the one before."""
    _search.cache_clear()
    return two_stage(baseline, target, kind=kind)


def run() -> list[dict[str, Any]]:
    """Every measurement of this module."""
    test = TestPlan(30, 0.28, 0.55, acceptable_harm=0.1)
    simon = [timed(lambda k=kind: fresh(0.2, 0.4, k), 5)[0] for kind in ("optimal", "minimax")]
    large, _ = timed(lambda: fresh(0.4, 0.5, "optimal"), 1)
    return [
        formula(),
        row("Simon's optimal design, proved", simon[0], size="20 to 40 %, 43 people"),
        row("Simon's minimax design, proved", simon[1], size="20 to 40 %, 33 people"),
        row("Simon's optimal design, proved", large, size="40 to 50 %, 176 people"),
        row("harm rule", timed(lambda: harm_rule(60, 0.1), 5)[0], size="60 looks"),
        row("whole plan with its rules, warm", timed(lambda: plan(test), 5)[0], size="30 people"),
    ]


if __name__ == "__main__":
    for line in run():
        print({key: round(x, 6) if isinstance(x, float) and x > 1e-6 else x for key, x in line.items()})
