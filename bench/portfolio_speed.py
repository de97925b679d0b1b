"""Speed of `krzew.methods.portfolio` on a call of 1,000 ideas with 20 quotas; the knapsack beside CP-SAT."""

from __future__ import annotations

from typing import Any

import numpy as np

from bench.methods_speed import row, timed
from krzew.methods.portfolio import Decision, Idea, Quota, Rules, fund

IDEAS, QUOTAS = 1_000, 20


def call() -> tuple[list[Idea], Rules]:
    """Ideas in overlapping groups, half of the quotas reserved places and half limits."""
    stream = np.random.default_rng(0)
    groups = [f"g{k}" for k in range(QUOTAS)]
    ideas = []
    for i in range(IDEAS):
        points = {c: float(stream.integers(0, 21)) / 2 for c in ("new", "needs", "cost", "reach")}
        inside = [g for g in groups if stream.random() < 0.15]
        ideas.append(Idea(f"i{i}", int(stream.integers(20, 120)) * 1_000, criteria=points, groups=inside))
    quotas = [Quota(g, at_least=25) if k % 2 else Quota(g, at_most=30) for k, g in enumerate(groups)]
    least = {"new": 2, "needs": 2}
    return ideas, Rules(15_000_000, minimum_total=16, minimum_criteria=least, quotas=quotas, seed=7)


def peer_knapsack(decision: Decision) -> float:
    """The same set by OR-tools CP-SAT."""
    from ortools.sat.python import cp_model

    by_code = {idea.code: idea for idea in decision.ideas}
    ideas = [by_code[e.code] for e in decision.entries if e.place is not None]
    model = cp_model.CpModel()
    x = [model.NewBoolVar("") for _ in ideas]
    model.Add(sum(i.grosze * v for i, v in zip(ideas, x, strict=True)) <= decision.rules.money)
    for quota in decision.rules.quotas:
        inside = sum(v for i, v in zip(ideas, x, strict=True) if quota.group in i.groups)
        low, high = quota.limits
        model.AddLinearConstraint(inside, low or 0, high or len(ideas))
    model.Maximize(sum(int(i.score * 2) * v for i, v in zip(ideas, x, strict=True)))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.max_time_in_seconds = 1, 60
    assert solver.Solve(model) == cp_model.OPTIMAL
    return solver.ObjectiveValue() / 2


def run() -> list[dict[str, Any]]:
    """Every measurement of this module."""
    ideas, rules = call()
    size = f"{IDEAS} ideas, {QUOTAS} quotas"

    def whole() -> Decision:
        decision = fund(ideas, rules)
        decision.quota_prices()
        return decision

    deciding, decision = timed(lambda: fund(ideas, rules), 5)
    pricing, _ = timed(whole, 3)
    assert not decision.check()
    stored = decision.to_dict()
    rebuilt, again = timed(lambda: Decision.from_dict(stored), 3)
    assert again.to_dict() == stored
    line, _ = timed(decision.line_by_cap, 3)
    best, shown = timed(decision.knapsack, 1)
    peer, value = timed(lambda: peer_knapsack(decision), 1)
    apart = abs(shown.value - value)
    assert apart < 1e-6, "the knapsacks differ"
    return [
        row("decision in legal order", deciding, size=size, funded=len(decision.funded)),
        row("decision with the price of every quota", pricing, required_s=1.0, met=pricing < 1.0, size=size),
        row("decision rebuilt from its file", rebuilt, size=size),
        row("funding line for 11 caps", line, size=size),
        row("knapsack beside", best, peer, apart, size=size) | {"peer": "ortools CP-SAT"},
    ]


if __name__ == "__main__":
    for line in run():
        print(line)
