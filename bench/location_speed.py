"""Location beside spopt with HiGHS in the same run, and p-medians of the size of Poland.

p-medians are the OR-Library's where `tests/methods/data` holds them, else graphs of the same family (Beasley
1985: n² / 50 edges of cost 1 to 100). Places and people are the gminas of Poland (GUS BDL 2024).
"""

from __future__ import annotations

import csv
import gzip
import warnings
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import shortest_path

from bench.methods_speed import row, timed
from krzew.methods import location

ROOT = Path(__file__).parents[1]
PLACES = ROOT / "src" / "krzew" / "places" / "data"
Case = tuple[np.ndarray, int]
PEER = "spopt + HiGHS"


def orlib(number: int) -> Case:
    with (ROOT / "tests" / "methods" / "data" / "pmedian.csv").open(encoding="utf-8") as file:
        line = list(csv.DictReader(text for text in file if not text.startswith("#")))[number - 1]
    edges = np.array(
        [edge.replace("-", " ").replace(":", " ").split() for edge in line["edges"].split()], dtype=int
    )
    return _paths(int(line["vertices"]), edges), int(line["p"])


def graph(n: int, p: int, seed: int) -> Case:
    """A connected random graph of the OR-Library's family."""
    stream = np.random.default_rng(seed)
    edges = np.column_stack(
        [stream.integers(1, n + 1, (n * n // 50, 2)), stream.integers(1, 101, n * n // 50)]
    )
    edges[: n - 1, :2] = np.column_stack([np.arange(1, n), np.arange(2, n + 1)])
    return _paths(n, edges[edges[:, 0] != edges[:, 1]]), p


def _paths(n: int, edges: np.ndarray) -> np.ndarray:
    table = np.zeros((n, n))
    for i, j, cost in edges:  # the last of repeated edges counts
        table[i - 1, j - 1] = table[j - 1, i - 1] = cost
    return shortest_path(csr_matrix(table), directed=False)


def gminas() -> tuple[np.ndarray, np.ndarray]:
    """Straight-line kilometres between gminas, and their residents in 2024."""
    with gzip.open(PLACES / "values.csv.gz", "rt", encoding="utf-8") as file:
        figures = {
            x["code"]: x["value"]
            for x in csv.DictReader(file)
            if (x["indicator"], x["year"]) == ("population", "2024")
        }
    with gzip.open(PLACES / "units.csv.gz", "rt", encoding="utf-8") as file:
        latest = {
            x["code"]: x for x in csv.DictReader(file) if x["level"] == "gmina" and figures.get(x["code"])
        }
    lon, lat = (np.array([float(x[name]) for x in latest.values()]) for name in ("lon", "lat"))
    x, y = 111.32 * np.cos(np.radians(52.0)) * lon, 111.25 * lat
    return np.hypot(x[:, None] - x, y[:, None] - y), np.array([float(figures[code]) for code in latest])


def beside_spopt(name: str, case: Case, required: float) -> dict[str, Any]:
    from pulp import HiGHS
    from spopt.locate import PMedian

    cost, p = case
    ones = np.ones(len(cost))
    ours, answer = timed(lambda: location.p_median(cost, p), 3)
    theirs, peer = once(lambda: PMedian.from_cost_matrix(cost, ones, p).solve(HiGHS(msg=False, threads=1)))
    apart = abs(answer.objective - peer.problem.objective.value()) / answer.objective
    size = f"n={len(cost)}, p={p}"
    return judged(
        row(
            name,
            ours,
            theirs,
            rounded(apart),
            size=size,
            proved=answer.proved,
            required_ratio=required,
        )
    )


def once(call: Any) -> tuple[float, Any]:
    """Seconds of one call of a slow peer, and its result."""
    import time

    start = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = call()
    return time.perf_counter() - start, result


def rounded(apart: float) -> float:
    """0 where two objectives differ by the rounding of a solver only."""
    return 0.0 if apart < 1e-6 else apart


def judged(line: dict[str, Any]) -> dict[str, Any]:
    equal = line["equal_to"] == 0.0
    return line | {"peer": PEER, "met": equal and line["proved"] and line["ratio"] >= line["required_ratio"]}


def coverings(km: np.ndarray, people: np.ndarray) -> list[dict[str, Any]]:
    """Maximal covering within 25 km, exact on both sides up to 1,200 places."""
    from pulp import HiGHS
    from spopt.locate import MCLP

    stream, lines = np.random.default_rng(0), []
    for n in (600, 1200):
        q, p = stream.choice(len(km), n, replace=False), n // 25
        cost, weights = km[np.ix_(q, q)], people[q]
        ours, answer = timed(lambda c=cost, k=p, w=weights: location.max_covering(c, 25, k, w), 3)
        theirs, peer = once(
            lambda c=cost, k=p, w=weights: MCLP.from_cost_matrix(c, w, 25, k).solve(
                HiGHS(msg=False, threads=1)
            )
        )
        apart = rounded(abs(answer.objective - peer.problem.objective.value()) / answer.objective)
        more = {"size": f"n={n}, p={p}", "proved": answer.proved, "required_ratio": 30}
        lines.append(judged(row("maximal covering, 25 km", ours, theirs, apart, **more)))
    return lines


def national(km: np.ndarray, people: np.ndarray) -> list[dict[str, Any]]:
    """Weighted p-medians of all gminas; the largest covering, with its gap when the time is over."""
    lines = []
    for p in (50, 380):
        seconds, answer = once(lambda k=p: location.p_median(km, k, people))
        met = answer.gap <= 0.002 and seconds < 164 and answer.check().feasible
        more = {"size": f"n={len(km)}, p={p}", "gap": answer.gap, "required_gap": 0.002, "met": met}
        lines.append(row("p-median of all gminas", seconds, **more))
    seconds, answer = once(lambda: location.max_covering(km, 25, len(km) // 25, people, time_limit=30.0))
    size = f"n={len(km)}, p={len(km) // 25}, gap {100 * answer.gap:.2f} %"
    return [*lines, row("maximal covering of all gminas, 30 s", seconds, size=size, gap=answer.gap)]


def family() -> list[dict[str, Any]]:
    """The largest p-medians of the OR-Library's family: none may take 5 s."""
    lines = []
    for n, p in ((700, 140), (800, 5), (900, 5), (900, 10), (900, 90)):
        cost, _ = graph(n, p, n + p)
        seconds, answer = once(lambda c=cost, k=p: location.p_median(c, k))
        size = f"n={n}, p={p}, {'proved' if answer.proved else f'gap {100 * answer.gap:.2f} %'}"
        lines.append(
            row("p-median, OR-Library family", seconds, size=size, proved=answer.proved, required_s=5.0)
        )
    return lines


def run() -> list[dict[str, Any]]:
    """Every measurement of this module."""
    km, people = gminas()
    location.max_covering(km[:60, :60], 25, 3, people[:60])  # compiled before anything is timed
    lines = [*family(), *national(km, people)]
    try:
        import pulp  # noqa: F401
        import spopt  # noqa: F401
    except ImportError as missing:
        return [
            *lines,
            {"name": "p-median and covering vs spopt", "skipped": f"{missing.name} is not installed"},
        ]
    for number in (1, 5, 6, 10):
        lines.append(beside_spopt(f"p-median pmed{number}", orlib(number), 40))
    lines.append(beside_spopt("p-median, as pmed15", graph(300, 100, 15), 40))
    return [*lines, *coverings(km, people)]


if __name__ == "__main__":
    for line in run():
        print({key: round(x, 6) if isinstance(x, float) and x > 1e-6 else x for key, x in line.items()})
