"""p-center: k facilities with the smallest largest cost; a bisection over radii, each a covering question."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ..record import DEFAULT_SEED, BoolArray, FloatArray, IntArray, MethodError, stamp
from ..work import Progress, Stop, Work
from .covering import cover_lists, finish
from .minimal import fewest, small_cover
from .problem import LocationProblem, nearest, problem
from .result import Location
from .search import Search


def p_center(
    cost_matrix: npt.ArrayLike,
    p_facilities: int,
    weights: npt.ArrayLike | None = None,
    *,
    predefined: npt.ArrayLike | None = None,
    time_limit: float | None = None,
    seed: int = DEFAULT_SEED,
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> Location:
    """Open `p_facilities` columns of `cost_matrix` (clients, facilities) so that the largest cost from a client to
    its nearest open one (times `weights`, if given) is least (Hakimi 1964; bisection after Minieka 1970).

    `predefined` as in `p_median`. Proved unless `time_limit` or `stop` ends the search; each client is assigned
    to its nearest facility. Raises MethodError as `p_median` does.
    """
    work = Work(time_limit, progress, stop)
    asked = problem("p_center", cost_matrix, p_facilities, None, weights, predefined)
    parameters = {"p_facilities": asked.p, "time_limit": time_limit}
    provenance = stamp("p_center", seed, asked.data_hash, parameters)
    bisection = _Bisection(asked, work, seed)
    bisection.run()
    opened = bisection.opened
    assignment = nearest(asked.weighted, asked.within, opened)
    objective = float(asked.weighted[np.arange(asked.clients), assignment].max())
    proved = bisection.lowest >= objective
    bound = objective if proved else bisection.lowest
    status = "optimal" if proved else "time_limit"
    seconds = work.seconds
    return Location(asked, objective, bound, status, opened, assignment, provenance, seconds, bisection.nodes)


@dataclass
class _Bisection:
    """Radii that are possible answers, `low` the first not excluded, `high` the first known to do."""

    asked: LocationProblem
    work: Work
    seed: int
    opened: IntArray = field(init=False)
    radii: FloatArray = field(init=False)
    low: int = field(init=False)
    high: int = field(init=False)
    nodes: int = 0

    def __post_init__(self) -> None:
        cost = self.asked.weighted
        self.opened = self._first(cost)
        worst = cost[:, self.opened].min(axis=1).max()
        own = cost.min(axis=1).max()  # everybody needs at least the nearest candidate
        self.radii = np.unique(cost[(cost >= own) & (cost <= worst)])
        self.low, self.high = 0, len(self.radii) - 1

    @property
    def lowest(self) -> float:
        return float(self.radii[self.low])

    def _first(self, cost: FloatArray) -> IntArray:
        """Facilities that reach everybody: predefined ones, then the one nearest to the worst-off client."""
        p, chosen = int(self.asked.p or 0), np.flatnonzero(self.asked.predefined).tolist()
        while len(chosen) < p:
            far = cost[:, chosen].min(axis=1) if chosen else np.full(len(cost), np.inf)
            column = np.where(np.isin(np.arange(cost.shape[1]), chosen), np.inf, cost[int(far.argmax())])
            chosen.append(int(column.argmin()) if np.isfinite(column).any() else self._unused(chosen))
        if np.isfinite(cost[:, chosen].min(axis=1)).all():
            return np.sort(np.array(chosen, dtype=np.int64))
        few = fewest(self.asked.within, self.asked.predefined)
        if len(few) > p:
            rule = f"is too few for everybody to be served; at least {len(few)} are needed"
            raise MethodError("p_facilities", rule, str(p))
        return self._filled(few)

    def _unused(self, chosen: list[int]) -> int:
        return int(np.setdiff1d(np.arange(self.asked.facilities), chosen)[0])

    def _filled(self, names: IntArray) -> IntArray:
        """Exactly p facilities: any others beside those that matter."""
        others = np.setdiff1d(np.arange(self.asked.facilities), names)
        return np.sort(np.concatenate([names, others[: int(self.asked.p or 0) - len(names)]]))

    def run(self) -> None:
        """First the radii that the search alone decides, then the doubtful ones with proof."""
        doubtful = self.low
        while doubtful < self.high and not self.work.over:
            middle = (doubtful + self.high) // 2
            verdict = self._covers(middle, prove=False)
            doubtful = middle + 1 if verdict is not True else doubtful
        while self.low < self.high and not self.work.over:
            self._covers(self.high - 1, prove=True)

    def _covers(self, at: int, prove: bool) -> bool | None:
        """Whether p facilities reach everybody within a radius; None when not decided. Moves low or high."""
        within = self.asked.weighted <= self.radii[at]
        ones = np.ones(self.asked.clients)
        lists = cover_lists(within, ones, int(self.asked.p or 0), self.asked.predefined)
        search = Search(lists, True, self.work, self.seed)
        search.goal = 0.0
        search.finish = finish if prove else None
        search.run(np.inf if prove else 0.0)
        self.nodes += search.nodes
        if search.best.value == 0:
            return self._open(search.best.names)
        if search.bound > 0:
            self.low = max(self.low, at + 1)
            return False
        return True if not prove and self._easily(within) else None

    def _easily(self, within: BoolArray) -> bool:
        """Whether local search covers everybody with p facilities."""
        fixed = np.flatnonzero(self.asked.predefined)
        rows = ~within[:, fixed].any(axis=1)
        if not rows.any():
            return self._open(fixed)
        enough = int(self.asked.p or 0) - len(fixed)
        found = small_cover(within[rows], enough, self.seed)
        return len(found) <= enough and self._open(np.union1d(fixed, found))

    def _open(self, names: IntArray) -> bool:
        """Take note of facilities that do; True."""
        self.opened = self._filled(names)
        reached = self.asked.weighted[:, self.opened].min(axis=1).max()
        self.high = int(np.searchsorted(self.radii, reached))
        return True
