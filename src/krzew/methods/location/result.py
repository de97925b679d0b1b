"""The answer: where to open, who goes where, how good it is at best, and an independent check of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from ..record import FloatArray, IntArray, MethodError, Provenance
from .problem import ROUNDING, LocationProblem, nearest

CLOSE = 1e-6
"""Relative room for the rounding of sums in another order."""


@dataclass(frozen=True)
class Check:
    """What the checker found: `objective` computed anew, and every rule that the answer breaks."""

    objective: float
    broken: tuple[str, ...]

    @property
    def feasible(self) -> bool:
        return not self.broken


@dataclass(frozen=True, eq=False)
class Location:
    """A solved question of location.

    `objective`: weighted cost (p_median), weight covered (max_covering), facilities opened (set_covering) or the
    largest cost (p_center). `bound`: no answer can be better than this; `gap`: how far the objective is from it,
    as a share. `status`: "optimal" (then `proved`), "feasible" (effort spent) or "time_limit" (time over or
    stopped). `facilities`: columns opened, ascending. `assignment` (clients,): the column that serves each
    client, -1 for none. `shares` (clients, facilities): only where demand may be split.
    """

    problem: LocationProblem
    objective: float
    bound: float
    status: str
    facilities: IntArray
    assignment: IntArray
    provenance: Provenance
    seconds: float
    nodes: int = 0
    shares: csr_matrix | None = None

    @property
    def kind(self) -> str:
        return self.problem.kind

    @property
    def proved(self) -> bool:
        return self.status == "optimal"

    @property
    def gap(self) -> float:
        """|objective - bound| as a share of the objective; 0 when they are equal."""
        apart = abs(self.objective - self.bound)
        if apart == 0:
            return 0.0
        return apart / abs(self.objective) if self.objective else float("inf")

    @property
    def service_cost(self) -> FloatArray:
        """(clients,) unweighted cost from each client to the facility that serves it; NaN for none."""
        rows = np.arange(self.problem.clients)
        cost = self.problem.cost[rows, np.maximum(self.assignment, 0)]
        return np.where(self.assignment >= 0, cost, np.nan)

    @property
    def mean_dist(self) -> float:
        """Mean cost per unit of weight, over the clients that are served."""
        served = self.assignment >= 0
        weight = self.problem.weights[served]
        return float(self.service_cost[served] @ weight / weight.sum()) if weight.sum() > 0 else 0.0

    @property
    def fac2cli(self) -> list[list[int]]:
        """For each facility its clients, as spopt gives it: those assigned, or all within the radius."""
        return [np.flatnonzero(column).tolist() for column in self._pairs().T]

    @property
    def cli2fac(self) -> list[list[int]]:
        """For each client its facilities: the inverse of `fac2cli`."""
        return [np.flatnonzero(row).tolist() for row in self._pairs()]

    @property
    def n_cli_uncov(self) -> int:
        """How many clients nobody serves."""
        return int((self.assignment < 0).sum())

    @property
    def perc_cov(self) -> float:
        """Share of clients served, in per cent."""
        return 100.0 * (1 - self.n_cli_uncov / self.problem.clients)

    @property
    def load(self) -> FloatArray:
        """(facilities,) demand served by each facility (weights, where no demand was given)."""
        made = self.problem
        demand = made.weights if made.demand is None else made.demand
        if self.shares is not None:
            return np.asarray(self.shares.T @ demand)
        served = self.assignment >= 0
        load = np.bincount(self.assignment[served], demand[served], minlength=made.facilities)
        return load.astype(np.float64)

    def _pairs(self) -> npt.NDArray[np.bool_]:
        made = self.problem
        pairs = np.zeros(made.cost.shape, dtype=bool)
        if made.radius is not None and made.capacities is None:
            pairs[:, self.facilities] = made.within[:, self.facilities]
        elif self.shares is not None:
            pairs[self.shares.nonzero()] = True
        else:
            rows = np.flatnonzero(self.assignment >= 0)
            pairs[rows, self.assignment[rows]] = True
        return pairs

    def check(self) -> Check:
        """Every rule of the question and the objective, computed anew from the input alone."""
        return check(self)

    def objective_of(self, facilities: npt.ArrayLike) -> float:
        """What the same question gives with other facilities: the price of somebody's own choice."""
        return objective_of(self, facilities)

    def explain(
        self,
        lang: str = "pl",
        facility_names: Sequence[str] | None = None,
        client_names: Sequence[str] | None = None,
        unit: str = "",
    ) -> tuple[str, ...]:
        """The answer in plain sentences; without names, columns and rows are called by their numbers."""
        from .words import explain

        return explain(self, lang, facility_names, client_names, unit)


def check(answer: Location) -> Check:
    """See `Location.check`; uses nothing that the solvers computed but the choice itself."""
    opened = np.asarray(answer.facilities)
    shares = _share_table(answer)
    objective = _objective(answer, shares)
    broken = [rule for rule, fine in _rules(answer, opened, shares, objective) if not fine]
    return Check(objective, tuple(broken))


def _share_table(answer: Location) -> FloatArray:
    if answer.shares is not None:
        return np.asarray(answer.shares.todense())
    table = np.zeros(answer.problem.cost.shape)
    served = np.flatnonzero(answer.assignment >= 0)
    table[served, answer.assignment[served]] = 1.0
    return table


def _objective(answer: Location, shares: FloatArray) -> float:
    made, used = answer.problem, shares > 0
    if made.kind == "max_covering":
        return float(made.weights @ shares.sum(axis=1))
    if made.kind == "set_covering":
        return float(len(answer.facilities))
    if np.isinf(made.cost[used]).any():
        return float("inf")
    finite = np.where(used, made.cost, 0.0) * made.weights[:, None]
    return float(finite.max()) if made.kind == "p_center" else float((finite * shares).sum())


def _rules(
    answer: Location, opened: IntArray, shares: FloatArray, objective: float
) -> list[tuple[str, bool]]:
    made, served = answer.problem, shares.sum(axis=1)
    closed = np.setdiff1d(np.arange(made.facilities), opened)
    sign = -1.0 if made.kind == "max_covering" else 1.0
    room = CLOSE * max(abs(objective), 1.0)
    rules = [
        ("facilities are sorted, each once", bool((np.diff(opened) > 0).all())),
        ("as many facilities as asked", made.p is None or len(opened) == made.p),
        ("predefined facilities open", set(np.flatnonzero(made.predefined)) <= set(opened.tolist())),
        ("nobody is served by a closed facility", not shares[:, closed].any()),
        ("nobody is served beyond reach", not (shares > 0)[~made.within].any()),
        ("nobody is served twice", bool((served <= 1 + CLOSE).all())),
        ("everybody is served", made.kind == "max_covering" or bool((served >= 1 - CLOSE).all())),
        ("the objective is as said", abs(objective - answer.objective) <= room),
        ("the bound is not beaten", sign * answer.bound <= sign * objective + room),
    ]
    if made.capacities is not None and made.demand is not None:
        load = made.demand @ shares
        slack = max(CLOSE if made.split else ROUNDING, ROUNDING)
        fits = load <= made.capacities * (1 + slack) + slack
        rules.append(("no facility is filled above its capacity", bool(fits.all())))
    return rules


def objective_of(answer: Location, facilities: npt.ArrayLike) -> float:
    """What the same question would give with other facilities, each client going to the nearest one."""
    made, chosen = answer.problem, np.unique(np.asarray(facilities, dtype=np.int64))
    if made.capacities is not None:
        raise MethodError("capacities", "another choice can be priced only without capacities")
    assigned = nearest(made.weighted, made.within, chosen)
    if made.kind == "max_covering":
        return float(made.weights[assigned >= 0].sum())
    if (assigned < 0).any():
        return float("inf")
    cost = made.weighted[np.arange(made.clients), assigned]
    totals = {"p_median": cost.sum(), "p_center": cost.max(), "set_covering": len(chosen)}
    return float(totals[made.kind])
