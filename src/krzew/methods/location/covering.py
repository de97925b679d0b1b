"""Covering: the most people within a radius of k facilities, and the fewest facilities for everybody."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, eye, hstack, vstack

from ..record import DEFAULT_SEED, BoolArray, FloatArray, IntArray, stamp
from ..work import Progress, Stop, Work
from .capacity import capacitated
from .lists import Lists, merged
from .milp import Answer, Model, solve
from .problem import LocationProblem, nearest, problem
from .result import Location
from .search import EFFORT, NODE_STEP, Climb, Search

DENSE = 4_000
"""Up to so many facilities inclusion is looked up in a full table of pairs."""
POLISH_CHUNKS = 8


def max_covering(
    cost_matrix: npt.ArrayLike,
    service_radius: float,
    p_facilities: int,
    weights: npt.ArrayLike | None = None,
    *,
    predefined: npt.ArrayLike | None = None,
    capacities: npt.ArrayLike | None = None,
    demand: npt.ArrayLike | None = None,
    split: bool = False,
    prove: bool = True,
    gap: float = 0.0,
    time_limit: float | None = None,
    seed: int = DEFAULT_SEED,
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> Location:
    """Open `p_facilities` columns of `cost_matrix` (clients, facilities) so that the clients at a cost of at
    most `service_radius` from one of them weigh most (Church and ReVelle 1974).

    `weights` (clients,), one each without them; `predefined` as in `p_median`. With `capacities` (facilities,) a
    client counts when a facility within the radius holds its whole `demand` (weights by default); with `split`
    also the part that is held. Proved unless `time_limit` ends the search or `prove` is off.
    Raises MethodError as `p_median` does; clients out of everybody's reach are no error here.
    """
    work = Work(time_limit, progress, stop)
    asked = problem(
        "max_covering",
        cost_matrix,
        p_facilities,
        service_radius,
        weights,
        predefined,
        capacities,
        demand,
        split,
    )
    parameters = {"p_facilities": asked.p, "service_radius": asked.radius, "prove": prove, "gap": gap}
    provenance = stamp("max_covering", seed, asked.data_hash, parameters | {"time_limit": time_limit})
    if asked.capacities is not None:
        return capacitated(asked, work, gap, provenance)
    lists = cover_lists(asked.within, asked.weights, int(asked.p or 0), asked.predefined)
    search = Search(lists, bool((asked.weights == np.rint(asked.weights)).all()), work, seed)
    search.finish = finish if prove else None
    search.run(np.inf if prove else EFFORT, gap)
    return _answer(asked, search, provenance)


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
    opened, answer = _fewest(asked.within, asked.predefined, work)
    assignment = nearest(asked.cost, asked.within, opened)
    proved = answer is None or answer.bound > len(opened) - 1 + 1e-6
    bound = float(len(opened)) if proved or answer is None else max(1.0, float(np.ceil(answer.bound - 1e-6)))
    status = "optimal" if proved else "time_limit"
    return Location(asked, float(len(opened)), bound, status, opened, assignment, provenance, work.seconds)


def cover_lists(within: BoolArray, weights: FloatArray, p: int, predefined: BoolArray) -> Lists:
    """Lists of maximal covering, without facilities that another one contains (see `Lists`)."""
    table = csr_matrix(within)
    ends, fac = table.indptr.astype(np.int64), table.indices.astype(np.int32)
    names = np.arange(within.shape[1])
    lists = Lists(ends, fac, np.zeros(len(fac)), weights.copy(), names, predefined, p)
    useful = ~contained(within) | predefined
    everything = np.ones(len(fac), dtype=bool)
    if useful.sum() < p:  # then all useful ones open, and any others
        useful[np.flatnonzero(~useful)[: p - int(useful.sum())]] = True
    return lists.keep(everything, useful, predefined)


def contained(table: BoolArray) -> BoolArray:
    """(columns,) whether another column holds all that this one holds; of equal ones the first stays."""
    numbers = table.astype(np.float32)
    size = numbers.sum(axis=0)
    result = np.zeros(table.shape[1], dtype=bool)
    for start in range(0, table.shape[1], DENSE):
        block = slice(start, start + DENSE)
        common = numbers[:, block].T @ numbers
        inside = common == size[block, None]
        later = np.arange(table.shape[1])[None, :] < np.arange(table.shape[1])[block, None]
        inside &= (size[None, :] > size[block, None]) | later
        result[block] = inside.any(axis=1)
    return result


def finish(search: Search, climbed: Climb) -> None:
    """Prove a maximal covering: exact prices from the LP, fixing by reduced costs, then HiGHS on the rest."""
    lists = climbed.lists
    relaxed = solve(_model(lists, whole=False), search.work.left)
    if relaxed.x is None or relaxed.duals is None:
        return
    search.raise_bound(relaxed.value - 1e-9 * abs(relaxed.value))
    order = np.argsort(np.where(lists.forced, -np.inf, -relaxed.x[: lists.facilities]), kind="stable")
    search.improve(lists, order[: lists.p])
    price = np.clip(relaxed.duals[:-1], 0.0, lists.outside)
    again = search.climb(lists, price, POLISH_CHUNKS, NODE_STEP, POLISH_CHUNKS)
    search.raise_bound(again.bound)
    if search.proved or search.work.over:
        return
    rest = again.lists
    hopeless = float(rest.outside[np.diff(rest.ptr) == 0].sum())
    small = merged(rest)
    answer = solve(_model(small, whole=True), search.work.left)
    if answer.x is not None:
        search.improve(small, np.flatnonzero(answer.x[: small.facilities] > 0.5), hopeless)
    search.raise_bound(answer.bound + hopeless)
    search.nodes += answer.nodes


def _model(lists: Lists, whole: bool) -> Model:
    """Columns: facility open (m), client not covered (n); rows: clients, then the number of facilities."""
    n, m = lists.clients, lists.facilities
    covers = csr_matrix((np.ones(len(lists.fac)), lists.fac, lists.ptr), shape=(n, m))
    count = csr_matrix(np.concatenate([np.ones(m), np.zeros(n)]))
    rows = vstack([hstack([covers, eye(n)]), count]).tocsr()
    low = np.concatenate([np.ones(n), [lists.p]])
    high = np.concatenate([np.full(n, np.inf), [lists.p]])
    none = np.zeros(n, dtype=bool)
    integer, fixed = np.concatenate([np.full(m, whole), none]), np.concatenate([lists.forced, none])
    return Model(np.concatenate([np.zeros(m), lists.outside]), rows, low, high, integer, fixed)


def fewest(within: BoolArray, predefined: BoolArray) -> IntArray:
    """The smallest set of columns that covers every row, predefined ones included."""
    return _fewest(within, predefined, Work())[0]


def _fewest(within: BoolArray, predefined: BoolArray, work: Work) -> tuple[IntArray, Answer | None]:
    """Columns, and HiGHS's answer where the rest after the obvious steps needed one."""
    opened = np.flatnonzero(predefined)
    rows = np.flatnonzero(~within[:, opened].any(axis=1))
    table, names = within[rows], np.arange(within.shape[1])
    table, names = _smaller(table, names)
    if not table.size:
        return opened, None
    greedy = _greedy(table)
    model = Model(
        np.ones(table.shape[1]),
        csr_matrix(table.astype(np.float64)),
        np.ones(len(table)),
        np.full(len(table), np.inf),
        np.ones(table.shape[1], dtype=bool),
        np.zeros(table.shape[1], dtype=bool),
    )
    answer = solve(model, work.left, start=greedy)
    x = answer.x if answer.x is not None and answer.value <= greedy.sum() else greedy
    lowest = max(answer.bound, 1.0) + len(opened)
    answer = replace(answer, bound=lowest)
    return np.sort(np.concatenate([opened, names[x > 0.5]])), answer


def _smaller(table: BoolArray, names: IntArray) -> tuple[BoolArray, IntArray]:
    """Drop columns that others contain and rows that contain others, until nothing changes."""
    while table.size:
        columns = ~contained(table)
        rows = ~contained(~table[:, columns].T)
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


def _answer(asked: LocationProblem, search: Search, provenance: Any) -> Location:
    opened = search.best.names
    assignment = nearest(asked.cost, asked.within, opened)
    total = float(asked.weights.sum())
    objective = float(asked.weights[assignment >= 0].sum())
    status = "optimal" if search.proved else "time_limit" if search.work.over else "feasible"
    bound = objective if search.proved else max(total - search.bound, objective)
    seconds = search.work.seconds
    return Location(asked, objective, bound, status, opened, assignment, provenance, seconds, search.nodes)
