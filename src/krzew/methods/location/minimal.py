"""Set covering: the fewest facilities with everybody within a radius."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from ..record import DEFAULT_SEED, BoolArray, FloatArray, IntArray, stamp, streams
from ..work import Progress, Stop, Work
from .capacity import capacitated
from .inclusion import contained, containing
from .milp import Model, solve
from .problem import nearest, problem
from .result import Location
from .reweighing import reweigh

WHOLE = 1e-6
STEPS, MOST_STEPS, MOST_TOUCHED = 200, 200_000, 1e8
"""Steps of local search: for each column, at most, and at most so many entries in all."""


def set_covering(
    cost_matrix: npt.ArrayLike,
    service_radius: float,
    *,
    predefined: npt.ArrayLike | None = None,
    capacities: npt.ArrayLike | None = None,
    demand: npt.ArrayLike | None = None,
    split: bool = False,
    time_limit: float | None = None,
    seed: int = DEFAULT_SEED,
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> Location:
    """The fewest columns of `cost_matrix` (clients, facilities) with every client at a cost of at most
    `service_radius` from one of them (Toregas et al. 1971).

    `predefined` columns open and count. With `capacities` (facilities,) every client goes whole to one facility
    that holds its `demand` (one each by default); with `split` its demand may be shared out, as spopt does.
    Raises MethodError: negative or missing costs, clients that no facility can cover (named by their rows),
    capacity below demand.
    """
    work = Work(time_limit, progress, stop)
    asked = problem(
        "set_covering", cost_matrix, None, service_radius, None, predefined, capacities, demand, split
    )
    parameters = {"service_radius": asked.radius, "split": split, "time_limit": time_limit}
    provenance = stamp("set_covering", seed, asked.data_hash, parameters)
    if asked.capacities is not None:
        return capacitated(asked, work, 0.0, provenance)
    found = _fewest(asked.within, asked.predefined, work, seed)
    assignment = nearest(asked.cost, asked.within, found.columns)
    count = float(len(found.columns))
    status = "optimal" if found.bound >= count else "time_limit"
    return Location(asked, count, found.bound, status, found.columns, assignment, provenance, work.seconds)


@dataclass(frozen=True, eq=False)
class Cover:
    """Columns that cover every row, and a lower bound on how many any cover needs."""

    columns: IntArray
    bound: float


def fewest(within: BoolArray, predefined: BoolArray) -> IntArray:
    """The smallest set of columns that covers every row, predefined ones included."""
    return _fewest(within, predefined, Work(), DEFAULT_SEED).columns


def _fewest(within: BoolArray, predefined: BoolArray, work: Work, seed: int) -> Cover:
    """Predefined columns, then the fewest others for the rows that these leave."""
    opened = np.flatnonzero(predefined)
    rows = ~within[:, opened].any(axis=1)
    table, names = _smaller(within[rows], np.arange(within.shape[1]))
    if not table.size:
        return Cover(opened, float(len(opened)))
    rest = _cover(table, work, seed)
    columns = np.sort(np.concatenate([opened, names[rest.columns]]))
    return Cover(columns, rest.bound + len(opened))


def _cover(table: BoolArray, work: Work, seed: int) -> Cover:
    """Bound of the LP, local search down to it, then HiGHS."""
    relaxed = solve(_model(table, whole=False), work.left)
    bound = max(1.0, float(np.ceil(relaxed.bound - WHOLE))) if np.isfinite(relaxed.bound) else 1.0
    best = small_cover(table, int(bound), seed)
    if len(best) <= bound or work.over:
        return Cover(best, bound)
    start = np.zeros(table.shape[1])
    start[best] = 1.0
    answer = solve(_model(table, whole=True), work.left, start)
    if answer.x is not None and np.rint(answer.value) < len(best):
        best = np.flatnonzero(answer.x > 0.5)
    return Cover(best, min(max(bound, float(np.ceil(answer.bound - WHOLE))), float(len(best))))


def small_cover(table: BoolArray, enough: int, seed: int) -> IntArray:
    """Columns that cover every row, few of them: greedy, then local search until there are `enough`."""
    chosen = _greedy(table) > 0
    rows, columns = csr_matrix(table), csr_matrix(table.T)
    lists = [part.astype(np.int64) for part in (rows.indptr, rows.indices, columns.indptr, columns.indices)]
    touched = 2 * rows.nnz * rows.nnz / table.size  # entries that one step looks at
    steps = int(min(STEPS * table.shape[1], MOST_STEPS, MOST_TOUCHED / touched))
    reweigh(lists[0], lists[1], lists[2], lists[3], chosen, enough, streams(seed, 1)[0].random(steps))
    return np.flatnonzero(chosen)


def _model(table: BoolArray, whole: bool) -> Model:
    rows, columns = table.shape
    whole_numbers, none = np.full(columns, whole), np.zeros(columns, dtype=bool)
    covers = csr_matrix(table, dtype=np.float64)
    return Model(np.ones(columns), covers, np.ones(rows), np.full(rows, np.inf), whole_numbers, none)


def _smaller(table: BoolArray, names: IntArray) -> tuple[BoolArray, IntArray]:
    """Drop columns that others contain and rows that contain others, until nothing changes."""
    while table.size:
        columns = ~contained(table)
        rows = ~containing(table[:, columns])
        if columns.all() and rows.all():
            break
        table, names = table[np.ix_(rows, columns)], names[columns]
    return table, names


def _greedy(table: BoolArray) -> FloatArray:
    """Columns as zeros and ones: always the one that covers most of what is left."""
    chosen, left = np.zeros(table.shape[1]), table.astype(np.float32)
    while len(left):
        best = int(left.sum(axis=0).argmax())
        chosen[best] = 1.0
        left = left[left[:, best] == 0]
    return chosen
