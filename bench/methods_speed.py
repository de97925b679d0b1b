"""Speed of `krzew.methods` beside its peers, in the same run, on inputs of the size of Poland.

The inputs are drawn at random (2,477 places, 25 indicators, 70 solutions), since time does not depend on
whose figures they are. A peer's result must be equal before its time is compared.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np
import pandas as pd
import pymcdm.methods

from krzew.methods import fit, needs, neighbours
from krzew.methods.access import two_step
from krzew.methods.rates import smooth

PLACES, INDICATORS, NEEDS, SOLUTIONS, CRITERIA = 2_477, 25, 20, 70, 12


def timed(call: Callable[[], Any], repeats: int) -> tuple[float, Any]:
    """Median seconds over the repeats, after one call to warm up, and the last result."""
    result = call()
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        result = call()
        seconds.append(time.perf_counter() - start)
    return median(seconds), result


def row(
    name: str, ours: float, peer: float | None = None, equal_to: float | None = None, **more: Any
) -> dict[str, Any]:
    ratio = peer / ours if peer is not None else None
    return {"name": name, "ours_s": ours, "peer_s": peer, "ratio": ratio, "equal_to": equal_to, **more}


def choice() -> list[dict[str, Any]]:
    """Value model and PROMETHEE II against pymcdm at n = 2,477."""
    stream = np.random.default_rng(1)
    matrix, weights = stream.uniform(1, 99, (PLACES, CRITERIA)), stream.dirichlet(np.ones(CRITERIA))
    types, bounds = np.where(stream.random(CRITERIA) < 0.3, -1, 1), np.tile([0.0, 100.0], (CRITERIA, 1))
    value, score = timed(lambda: fit.spotis(matrix, weights, types, bounds), 50)
    peer_value, peer_score = timed(lambda: pymcdm.methods.SPOTIS(bounds)(matrix, weights, types), 50)
    flow, flows = timed(lambda: fit.promethee2_usual(matrix, weights, types), 20)
    peer_flow, peer_flows = timed(lambda: pymcdm.methods.PROMETHEE_II("usual")(matrix, weights, types), 3)
    apart = [float(np.abs(score - peer_score).max()), float(np.abs(flows - peer_flows).max())]
    return [
        row("value model alone vs pymcdm SPOTIS", value, peer_value, apart[0]),
        row("PROMETHEE II net flows vs pymcdm", flow, peer_flow, apart[1], required_ratio=100),
        row(
            "value model with its PROMETHEE cross-check vs pymcdm",
            value + flow,
            peer_value + peer_flow,
            max(apart),
            required_ratio=100,
        ),
    ]


def accessibility() -> list[dict[str, Any]]:
    """E2SFCA with three bands, 2,477 places and 600 services within 45 km, against PySAL access."""
    from access import Access
    from access import weights as steps

    stream = np.random.default_rng(0)
    places, services = stream.uniform(0, 558, (PLACES, 2)), stream.uniform(0, 558, (600, 2))
    people, supply = stream.lognormal(9, 0.8, PLACES).round(), stream.integers(10, 80, 600).astype(float)
    distance = np.hypot(*(places[:, None] - services[None]).transpose(2, 0, 1))
    i, j = np.nonzero(distance <= 45)
    cost = distance[i, j]
    ours, result = timed(lambda: two_step(people, supply, i, j, cost, [15, 30, 45], [1.0, 0.68, 0.22]), 30)
    demand = {
        "demand_df": pd.DataFrame({"id": np.arange(PLACES), "v": people}),
        "demand_index": "id",
        "demand_value": "v",
    }
    offer = {
        "supply_df": pd.DataFrame({"id": np.arange(600), "v": supply}),
        "supply_index": "id",
        "supply_value": "v",
    }
    names = {"cost_origin": "origin", "cost_dest": "dest", "cost_name": "cost", "neighbor_cost_df": None}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        journeys = pd.DataFrame({"origin": i, "dest": j, "cost": cost})
        peer = Access(**demand, **offer, cost_df=journeys, **names)
        step = steps.step_fn({15: 1, 30: 0.68, 45: 0.22})
        theirs, table = timed(lambda: peer.enhanced_two_stage_fca(name="e", weight_fn=step), 5)
    expected = table.reindex(np.arange(PLACES)).iloc[:, 0].fillna(0).to_numpy()
    apart = float(np.abs(result.access - expected).max() / expected.max())
    return [
        row("accessibility (E2SFCA) vs PySAL access", ours, theirs, apart, required_ratio=30, links=len(i))
    ]


def country() -> tuple[needs.Framework, needs.Values, neighbours.Structure]:
    """A random country of the size of Poland."""
    stream = np.random.default_rng(2)
    indicators = tuple(
        needs.Indicator(f"i{j}", f"n{j % NEEDS}", goalposts=(0.0, 4.0)) for j in range(INDICATORS)
    )
    framework = needs.Framework(indicators)
    matrix = stream.lognormal(0, 0.5, (PLACES, INDICATORS))
    matrix[stream.random(matrix.shape) < 0.05] = np.nan
    units = tuple(f"{i:06d}" for i in range(PLACES))
    types = tuple(str(t) for t in stream.integers(0, 8, PLACES))
    names = tuple(f"f{j}" for j in range(8))
    structure = neighbours.Structure(units, types, stream.lognormal(size=(PLACES, 8)), names, names[:3])
    return framework, needs.Values(units, framework.codes, matrix), structure


def catalogue(
    stream: np.random.Generator,
) -> tuple[tuple[fit.Alternative, ...], tuple[fit.Criterion, ...], np.ndarray]:
    """Seventy solutions with one rule each; how far each serves every need."""
    rule = fit.Rule("residents", "residents", ">=", 3000)
    alternatives = tuple(fit.Alternative(f"s{i}", rules=(rule,)) for i in range(SOLUTIONS))
    criteria = [fit.Criterion(f"n{j}", "need", (0, 100), shared_error=True) for j in range(NEEDS)]
    criteria += [fit.Criterion(f"f{j}", "feasibility", (0, 10)) for j in range(3)]
    serves = np.where(stream.random((SOLUTIONS, NEEDS)) < 0.15, stream.random((SOLUTIONS, NEEDS)), 0.0)
    return alternatives, tuple(criteria), serves


def diagnosis() -> list[dict[str, Any]]:
    """One place from loaded data (group, needs, choice with reasons), and every place with every solution."""
    framework, values, structure = country()
    stream = np.random.default_rng(3)
    alternatives, criteria, serves = catalogue(stream)
    feasible = stream.uniform(0, 10, (SOLUTIONS, 3))

    def severities() -> needs.NeedsResult:
        return needs.diagnose(framework, values, "000007", neighbours.nearest(structure, "000007").codes)

    def whole() -> fit.Explanation:
        found = severities()
        level = np.array([np.nan if n.severity is None else n.severity for n in found.needs])
        spread = (
            np.array([0.0 if n.severity is None else (n.high or 0) - (n.low or 0) for n in found.needs])
            / 3.29
        )
        figures = np.hstack([fit.need_values(level, serves), feasible])
        errors = np.hstack([serves * spread, np.zeros_like(feasible)])
        problem = fit.Problem(alternatives, criteria, figures, errors, {"residents": 11_500})
        return problem.solve(draws=2_000).explain("pl")

    def everything() -> np.ndarray:
        level = needs.diagnose_all(framework, values, groups).severity
        figures = np.nan_to_num(fit.need_values(level, serves), nan=50.0)
        return fit.first_rank_acceptability_all(figures, eligible, draws=2_000)

    group_time, groups = timed(lambda: neighbours.all_groups(structure), 3)
    eligible = stream.random((PLACES, SOLUTIONS)) < 0.8
    return [
        row("needs of one gmina, warm", timed(severities, 20)[0], required_s=0.05),
        row(
            "diagnosis of one gmina with 70 solutions and reasons, warm", timed(whole, 20)[0], required_s=0.1
        ),
        row("comparison groups of all gminas", group_time),
        row("all gminas x 70 solutions, 2,000 weight draws", timed(everything, 3)[0], required_s=3.0),
    ]


def small_counts() -> list[dict[str, Any]]:
    stream = np.random.default_rng(4)
    exposed = stream.lognormal(9, 0.8, PLACES)
    events = stream.poisson(exposed * 0.003)
    return [row("Empirical Bayes, all gminas", timed(lambda: smooth(events, exposed), 50)[0])]


def run() -> list[dict[str, Any]]:
    """Every measurement of this module."""
    return [*choice(), *accessibility(), *diagnosis(), *small_counts()]


if __name__ == "__main__":
    for line in run():
        print({key: round(x, 6) if isinstance(x, float) and x > 1e-6 else x for key, x in line.items()})
