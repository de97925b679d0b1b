"""Maximal covering: the most people within a radius of k facilities."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, eye, hstack, vstack

from ..record import DEFAULT_SEED, BoolArray, FloatArray, stamp
from ..work import Progress, Stop, Work
from .capacity import capacitated
from .inclusion import contained
from .lists import Lists, merged
from .milp import Model, solve
from .problem import LocationProblem, nearest, problem
from .result import Location
from .search import NODE_STEP, Climb, Search
from .tree import Tree

COVER_CHUNKS, POLISH_CHUNKS, TREE_NODES = 24, 12, 1000


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
    if prove:
        search.finish, search.chunks = finish, COVER_CHUNKS
    search.run(np.inf if prove else search.usual_effort, gap)
    return _answer(asked, search, provenance)


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


def finish(search: Search, climbed: Climb) -> None:
    """Prove a maximal covering: exact prices from the LP, fixing by reduced costs, then a tree of LPs."""
    lists = climbed.lists
    relaxed = solve(_model(lists, whole=False), search.work.left)
    if relaxed.x is None or relaxed.duals is None:
        return
    search.raise_bound(relaxed.value - 1e-9 * abs(relaxed.value))
    order = np.argsort(np.where(lists.forced, -np.inf, -relaxed.x[: lists.facilities]), kind="stable")
    search.improve(lists, order[: lists.p])
    price = np.clip(relaxed.duals[:-1], 0.0, lists.outside)
    for step in (_tree, _cuts):
        again = search.climb(lists, price.copy(), POLISH_CHUNKS, NODE_STEP, POLISH_CHUNKS)
        search.raise_bound(again.bound)
        if search.done:
            return
        lost = float(again.lists.outside[np.diff(again.lists.ptr) == 0].sum())
        step(search, merged(again.lists), lost)


def _tree(search: Search, lists: Lists, lost: float) -> None:
    """A tree of LPs, enough for most questions."""
    Tree(search, lists, _model(lists, whole=False), lost).run(TREE_NODES)


def _cuts(search: Search, lists: Lists, lost: float) -> None:
    """HiGHS with its cuts, for what the tree could not end; `lost` is the weight that nobody can cover."""
    is_open = np.isin(lists.names, search.best.names)
    missed = np.bincount(lists.owner, is_open[lists.fac], minlength=lists.clients) == 0
    start = np.concatenate([is_open, missed]).astype(np.float64) if is_open.sum() == lists.p else None
    answer = solve(_model(lists, whole=True), search.work.left, start)
    if answer.x is not None:
        order = np.argsort(-answer.x[: lists.facilities], kind="stable")
        search.improve(lists, np.sort(order[: lists.p]), lost)
    search.nodes += answer.nodes
    search.raise_bound(answer.bound + lost)


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


def _answer(asked: LocationProblem, search: Search, provenance: Any) -> Location:
    opened = search.best.names
    assignment = nearest(asked.cost, asked.within, opened)
    total = float(asked.weights.sum())
    objective = float(asked.weights[assignment >= 0].sum())
    status = "optimal" if search.proved else "time_limit" if search.work.over else "feasible"
    bound = objective if search.proved else max(total - search.bound, objective)
    seconds = search.work.seconds
    return Location(asked, objective, bound, status, opened, assignment, provenance, seconds, search.nodes)
