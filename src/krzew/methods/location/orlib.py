"""Readers of the OR-Library's location files (Beasley 1990): pmed and pmedcap."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import shortest_path

from ..record import FloatArray, MethodError


@dataclass(frozen=True, eq=False)
class OrLib:
    """`cost_matrix` (n, n) and `p_facilities`; demand, capacities and the best known value where given."""

    cost_matrix: FloatArray
    p_facilities: int
    demand: FloatArray | None = None
    capacities: FloatArray | None = None
    best_known: float | None = None


def read_orlib(path: str | Path) -> OrLib:
    """A p-median file of the OR-Library: `n edges p`, then `i j cost` for each edge.

    Costs between vertices are shortest paths; where an edge repeats, the last line counts (pmed1: 5819; with
    the smallest it would be 5718). Raises MethodError with the line that cannot be read.
    """
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    table = [_numbers(line, at) for at, line in enumerate(lines, start=1) if line.strip()]
    if not table or len(table[0]) != 3:
        raise MethodError("path", "the first line must hold vertices, edges and p", "line 1")
    n, edges, p = (int(x) for x in table[0])
    if len(table) - 1 != edges:
        raise MethodError("path", f"the first line announces {edges} edges, the file has {len(table) - 1}")
    return OrLib(_shortest(n, table[1:]), p)


def read_pmedcap(text: str) -> list[OrLib]:
    """Capacitated p-medians of the OR-Library: a count, then for each `number best`, `n p capacity` and n lines
    `customer x y demand`; costs are Euclidean, rounded down."""
    numbers = iter([x for at, line in enumerate(text.splitlines(), start=1) for x in _numbers(line, at)])
    try:
        return [_one_pmedcap(numbers) for _ in range(int(next(numbers)))]
    except StopIteration:
        raise MethodError("text", "ends before the last problem is complete") from None


def _one_pmedcap(numbers) -> OrLib:  # type: ignore[no-untyped-def]
    _, best, n, p, capacity = (float(next(numbers)) for _ in range(5))
    rows = np.array([[float(next(numbers)) for _ in range(4)] for _ in range(int(n))])
    apart = rows[:, None, 1:3] - rows[None, :, 1:3]
    cost = np.floor(np.hypot(apart[..., 0], apart[..., 1]))
    return OrLib(cost, int(p), rows[:, 3], np.full(int(n), capacity), best)


def _numbers(line: str, at: int) -> list[float]:
    try:
        return [float(part) for part in line.split()]
    except ValueError:
        raise MethodError("path", "must hold numbers", f"line {at}: {line.strip()[:40]}") from None


def _shortest(n: int, edges: list[list[float]]) -> FloatArray:
    """All-pairs shortest paths; an edge of cost 0 stays an edge."""
    last: dict[tuple[int, int], float] = {}
    for i, j, cost in edges:
        last[min(int(i), int(j)) - 1, max(int(i), int(j)) - 1] = cost
    ends = np.array(list(last), dtype=np.int64).reshape(-1, 2)
    if ends.size and (ends.min() < 0 or ends.max() >= n):
        raise MethodError("path", f"vertices must be numbers from 1 to {n}")
    costs = np.array(list(last.values()), dtype=np.float64)
    graph = csr_matrix((costs, (ends[:, 0], ends[:, 1])), shape=(n, n))
    return np.asarray(shortest_path(graph, directed=False))
