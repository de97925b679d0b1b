"""p-median: k facilities with the lowest total (weighted) cost of reaching them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ..record import DEFAULT_SEED, FloatArray, IntArray, MethodError, stamp
from ..work import Progress, Stop, Work
from .capacity import capacitated
from .lists import Lists, from_matrix
from .minimal import fewest
from .problem import LocationProblem, nearest, problem
from .result import Location
from .search import Search

LARGEST_WHOLE = 2.0**52


def p_median(
    cost_matrix: npt.ArrayLike,
    p_facilities: int,
    weights: npt.ArrayLike | None = None,
    *,
    predefined: npt.ArrayLike | None = None,
    capacities: npt.ArrayLike | None = None,
    demand: npt.ArrayLike | None = None,
    split: bool = False,
    prove: bool = False,
    gap: float = 0.0,
    time_limit: float | None = None,
    seed: int = DEFAULT_SEED,
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> Location:
    """Open `p_facilities` columns of `cost_matrix` (clients, facilities) so that the sum of weight times cost
    to the nearest open one is least (Hakimi 1964; ReVelle and Swain 1970).

    `cost_matrix` may be rectangular; infinite means "cannot be served from there". `weights` (clients,), one
    each without them. `predefined`: columns that must open, as numbers or zeros and ones. With `capacities`
    (facilities,) each client goes whole to one facility whose capacity holds its `demand` (weights by default);
    with `split` its demand may be shared out.

    Without `prove` the search ends after a fixed effort (seconds at 1,000 places, up to a minute at 2,500), with
    it when the answer is proved, or at `time_limit` seconds; both end at a relative `gap`. The bound is
    valid whenever the work ends.
    Raises MethodError: more facilities than columns, negative or missing costs, clients without a facility,
    capacity below demand, too few facilities for everybody to be served.
    """
    work = Work(time_limit, progress, stop)
    asked = problem(
        "p_median", cost_matrix, p_facilities, None, weights, predefined, capacities, demand, split
    )
    parameters = {"p_facilities": asked.p, "prove": prove, "gap": gap, "split": split}
    provenance = stamp("p_median", seed, asked.data_hash, parameters | {"time_limit": time_limit})
    if asked.capacities is not None:
        return capacitated(asked, work, gap, provenance)
    search = median_search(asked, work, seed)
    search.run(np.inf if prove else search.usual_effort, gap)
    return _answer(asked, search, provenance)


def median_search(asked: LocationProblem, work: Work, seed: int) -> Search:
    """A search on the lists of a p-median, with a first answer that serves everybody."""
    cost = asked.weighted
    lists = from_matrix(cost, int(asked.p or 0), asked.predefined)
    search = Search(lists, integral(cost), work, seed)
    if not asked.within.all():
        search.first = _serving(asked, lists)
    return search


def integral(cost: FloatArray) -> bool:
    """Whether every sum of one cost for each client is a whole number that a float holds exactly."""
    finite = cost[np.isfinite(cost)]
    small = finite.max(initial=0.0) * len(cost) < LARGEST_WHOLE
    return bool(small and (finite == np.rint(finite)).all())


def _serving(asked: LocationProblem, lists: Lists) -> IntArray:
    """Facilities from which everybody can be served; an error when there are too few."""
    few = fewest(asked.within, asked.predefined)
    if len(few) > lists.p:
        rule = f"is too few for everybody to be served; at least {len(few)} are needed"
        raise MethodError("p_facilities", rule, str(lists.p))
    others = np.setdiff1d(np.arange(asked.facilities), few)[: lists.p - len(few)]
    return np.sort(np.concatenate([few, others]))


def _answer(asked: LocationProblem, search: Search, provenance: Any) -> Location:
    opened = search.best.names
    assignment = nearest(asked.weighted, asked.within, opened)
    objective = float(asked.weighted[np.arange(asked.clients), assignment].sum())
    status = "optimal" if search.proved else "time_limit" if search.work.over else "feasible"
    bound = objective if search.proved else min(search.bound, objective)
    seconds = search.work.seconds
    return Location(asked, objective, bound, status, opened, assignment, provenance, seconds, search.nodes)
