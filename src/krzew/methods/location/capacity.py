"""Facilities with capacities: a client goes whole to one facility that holds it, unless demand may be split.

p-median: Lagrangian bound with a knapsack at each facility (Ceselli and Righini 2005 price the same way),
greedy filling with shifts and swaps, fixing by reduced costs, and HiGHS on what is left. Covering: HiGHS.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix

from ..record import BoolArray, FloatArray, IntArray, MethodError, Provenance
from ..work import Work
from .milp import Answer, Model, solve
from .packing import ascend, assign, fill_all, rearrange
from .problem import LocationProblem
from .result import Location
from .search import Incumbent

CHUNKS, ROUNDS, PATIENCE, FIRST_STEP = 40, 25, 15, 1.5
TABLE = 2_000_000
"""Cells of the dynamic programme for one facility, above which parts of clients bound instead."""
WHOLE = 0.5


def capacitated(asked: LocationProblem, work: Work, gap: float, provenance: Provenance) -> Location:
    """The answer to a question with capacities."""
    filling = Filling(asked, work)
    if asked.kind == "p_median":
        filling.median()
    if not filling.done(gap):
        filling.exact()
    return filling.answer(provenance)


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs (client, facility) that may be used."""

    client: IntArray
    facility: IntArray


class Filling:
    """The best filling so far (`names`, `where`, `shares`), a bound, and the pairs a better one may use."""

    def __init__(self, asked: LocationProblem, work: Work) -> None:
        assert asked.capacities is not None
        assert asked.demand is not None
        self.asked, self.work = asked, work
        self.cost, self.demand, self.sign = asked.weighted, asked.demand, 1.0
        self.size = np.minimum(asked.capacities, max(float(self.demand.sum()), 1.0))
        self.allowed = asked.within.copy()
        if not asked.split:
            self.allowed &= self.demand[:, None] <= self.size * (1 + 1e-9)
        self.best = Incumbent(self._whole_objective())
        self.where: IntArray | None = None
        self.shares: csr_matrix | None = None
        self.bound, self.nodes, self.proved = -np.inf, 0, False
        self.open = np.ones(asked.facilities, dtype=bool)

    def _whole_objective(self) -> bool:
        from .median import integral

        made = self.asked
        if made.kind == "set_covering":
            return True
        if made.split:
            return False
        return integral(self.cost if made.kind == "p_median" else made.weights[:, None])

    def done(self, gap: float) -> bool:
        near = gap > 0 and self.best.value - self.bound <= gap * abs(self.best.value)
        self.proved = self.proved or self.bound > self.best.cutoff
        return self.proved or near or (self.work.over and np.isfinite(self.best.value))

    # the p-median: bound and first fillings

    def median(self) -> None:
        """Raise the bound by dual ascent, fill the facilities it favours, fix what cannot be better."""
        worst = np.where(self.allowed, self.cost, 0.0).max(axis=1)
        cost = np.where(self.allowed, self.cost, np.inf)
        whole = self._by_table()
        k = min(self.cost.shape[1] - 1, 1 + self.cost.shape[1] // int(self.asked.p or 1))
        price = np.minimum(np.partition(cost, k, axis=1)[:, k], worst)
        state, share = np.array([-np.inf, FIRST_STEP, 0.0]), np.full(self.asked.facilities, 0.5)
        self._fill(np.flatnonzero(self._favoured(share)))
        for _ in range(CHUNKS):
            target = (
                self.best.value if np.isfinite(self.best.value) else 1.05 * max(state[0], worst.sum() / 2)
            )
            arrays = (cost, self.demand, self.size, whole, self.asked.predefined, int(self.asked.p or 0))
            done = ascend(*arrays, target, self.best.cutoff, price, state, share, ROUNDS, PATIENCE)
            self._raise(float(state[0]))
            self._fill(np.flatnonzero(self._favoured(share)))
            if done < ROUNDS or self.done(0.0) or self.work.over:
                break
        if not self.proved and np.isfinite(self.best.value):
            self._fix(cost, price, whole)

    def _by_table(self) -> bool:
        if self.asked.split:
            return False
        whole = (self.demand == np.rint(self.demand)).all()
        return bool(whole and self.size.max() * self.asked.clients <= TABLE)

    def _favoured(self, share: FloatArray) -> BoolArray:
        """The p facilities chosen most often, predefined ones first."""
        order = np.argsort(np.where(self.asked.predefined, -np.inf, -share), kind="stable")
        chosen = np.zeros(self.asked.facilities, dtype=bool)
        chosen[order[: int(self.asked.p or 0)]] = True
        return chosen

    def _raise(self, bound: float) -> None:
        if self.best.integral and np.isfinite(bound) and np.isfinite(self.best.value):
            bound = float(np.ceil(bound - (1.0 - self.best.step)))
        self.bound = max(self.bound, min(bound, self.best.value))
        if np.isfinite(self.best.value):
            self.work.report(
                self.bound / self.best.value if self.best.value else 1.0, f"bound {self.bound:g}"
            )

    def _fill(self, chosen: IntArray) -> None:
        """Fill the chosen facilities, move each to the best place for its clients, and fill again."""
        seen = set()
        while chosen.tobytes() not in seen:
            seen.add(chosen.tobytes())
            where = self._filled(chosen)
            if where is None:
                return
            value = float(self.cost[np.arange(len(where)), where].sum())
            if self.best.offer(value, chosen):
                self.where, self.shares = where, None
            chosen = self._recentred(chosen, where)

    def _filled(self, chosen: IntArray) -> IntArray | None:
        """Each client's facility: those with most to lose first, then shifts and swaps; None if they don't fit."""
        cost = np.where(self.allowed[:, chosen], self.cost[:, chosen], np.inf)
        ranked = np.sort(cost, axis=1)
        regret = (ranked[:, min(1, len(chosen) - 1)] - ranked[:, 0]) if len(chosen) > 1 else ranked[:, 0]
        tolerance = 1e-9 * max(1.0, float(ranked[:, 0].sum()) if np.isfinite(ranked[:, 0]).all() else 1.0)
        for order in (
            np.argsort(-np.nan_to_num(regret, posinf=1e300), kind="stable"),
            np.argsort(-self.demand, kind="stable"),
        ):
            room, where = self.size[chosen].copy(), np.zeros(len(cost), dtype=np.int64)
            if assign(cost, self.demand, room, order, where):
                rearrange(cost, self.demand, room, where, tolerance)
                return chosen[where]
        return None

    def _recentred(self, chosen: IntArray, where: IntArray) -> IntArray:
        """Each cluster's best free column that holds it, one after another."""
        taken = set(chosen.tolist())
        for old in chosen:
            if self.asked.predefined[old]:
                continue
            members = np.flatnonzero(where == old)
            total = np.where(self.allowed[members], self.cost[members], np.inf).sum(axis=0)
            total[self.size < self.demand[members].sum()] = np.inf
            total[[j for j in taken if j != old]] = np.inf
            new = int(total.argmin())
            if total[new] < total[old]:
                taken.remove(int(old))
                taken.add(new)
        return np.sort(np.array(list(taken), dtype=np.int64))

    def _fix(self, cost: FloatArray, price: FloatArray, whole: bool) -> None:
        """Close facilities and forbid pairs that no better filling can use."""
        rho, used = np.empty(cost.shape[1]), np.zeros(cost.shape)
        total = fill_all(cost, price, self.demand, self.size, whole, rho, used)
        p, forced = int(self.asked.p or 0), self.asked.predefined
        key = np.where(forced, -np.inf, rho)
        order = np.argsort(key, kind="stable")
        bound = total + rho[order[:p]].sum()
        over = np.maximum(np.where(forced, 0.0, rho - key[order[p - 1]]), 0.0)
        slack = self.best.cutoff - bound
        self.open = over <= slack
        excess = np.maximum(cost - price[:, None], 0.0) + over
        self.allowed &= self.open & (excess <= slack)

    # HiGHS on the rest

    def exact(self) -> None:
        """The model with every pair that is left; the answer found so far is its start."""
        client, facility = np.nonzero(self.allowed)
        pairs = Pairs(client, facility)
        answer = solve(self._model(pairs), self.work.left, self._start(pairs))
        self.nodes += answer.nodes
        if answer.infeasible:
            self._raise(np.inf)
            self.proved = np.isfinite(self.best.value)
            return
        self._take(answer, pairs)
        self._raise(answer.bound)
        self.proved = self.proved or answer.optimal

    def _model(self, pairs: Pairs) -> Model:
        """Columns: facilities open, then pairs; rows: clients, capacities, pairs under open, the count."""
        made, m, k = self.asked, self.asked.facilities, len(pairs.client)
        cost = np.zeros(m + k)
        if made.kind == "p_median":
            cost[m:] = self.cost[pairs.client, pairs.facility]
        elif made.kind == "max_covering":
            cost[m:] = -made.weights[pairs.client]
        else:
            cost[:m] = 1.0
        rows, low, high = self._rows(pairs)
        whole = np.full(m + k, not made.split)
        whole[:m] = True
        fixed = np.concatenate([made.predefined, np.zeros(k, dtype=bool)])
        return Model(cost, rows, low, high, whole, fixed)

    def _rows(self, pairs: Pairs) -> tuple[csr_matrix, FloatArray, FloatArray]:
        made, n, m, k = self.asked, self.asked.clients, self.asked.facilities, len(pairs.client)
        at, count = m + np.arange(k), 1 if self.asked.p is not None else 0
        total = n + m + k + count
        link = n + m + np.arange(k)
        row = [pairs.client, n + pairs.facility, n + np.arange(m), link, link]
        column = [at, at, np.arange(m), at, pairs.facility]
        value = [np.ones(k), self.demand[pairs.client], -self.size, np.ones(k), -np.ones(k)]
        low, high = np.full(total, -np.inf), np.zeros(total)
        low[:n], high[:n] = (0.0 if made.kind == "max_covering" else 1.0), 1.0
        if made.p is not None:
            row.append(np.full(m, total - 1))
            column.append(np.arange(m))
            value.append(np.ones(m))
            low[-1] = high[-1] = made.p
        parts = (np.concatenate(value), (np.concatenate(row), np.concatenate(column)))
        return coo_matrix(parts, shape=(total, m + k)).tocsr(), low, high

    def _start(self, pairs: Pairs) -> FloatArray | None:
        if self.where is None:
            return None
        m = self.asked.facilities
        x = np.zeros(m + len(pairs.client))
        x[self.best.names] = 1.0
        x[m:] = self.where[pairs.client] == pairs.facility
        served = np.bincount(pairs.client, x[m:], minlength=self.asked.clients)
        return x if (served == 1).all() and self.open[self.best.names].all() else None

    def _take(self, answer: Answer, pairs: Pairs) -> None:
        """Note the model's answer if it is better."""
        if answer.x is None:
            return
        m = self.asked.facilities
        opened = np.flatnonzero(answer.x[:m] > WHOLE)
        parts = answer.x[m:] if self.asked.split else (answer.x[m:] > WHOLE).astype(np.float64)
        value = float(self._model(pairs).cost @ np.concatenate([answer.x[:m].round(), parts]))
        if self.best.offer(value, opened):
            shape, at = self.asked.cost.shape, parts > 1e-9
            table = csr_matrix((parts[at], (pairs.client[at], pairs.facility[at])), shape=shape)
            self.shares = table if self.asked.split else None
            dense = np.asarray(table.todense())
            self.where = np.where(dense.max(axis=1) > 0, dense.argmax(axis=1), -1)

    def answer(self, provenance: Provenance) -> Location:
        if self.where is None:
            self._refuse()
        assert self.where is not None
        sign = -1.0 if self.asked.kind == "max_covering" else 1.0
        self.proved = self.proved or self.bound > self.best.cutoff
        bound = self.best.value if self.proved else self.bound
        status = "optimal" if self.proved else "time_limit" if self.work.over else "feasible"
        return Location(
            self.asked,
            sign * self.best.value,
            sign * bound,
            status,
            self.best.names,
            self.where,
            provenance,
            self.work.seconds,
            self.nodes,
            self.shares,
        )

    def _refuse(self) -> Any:
        if self.work.over:
            raise MethodError("time_limit", "no answer was found in this time; allow more")
        rule = (
            "no choice of facilities holds everybody's demand within reach; allow `split` or more facilities"
        )
        raise MethodError("capacities", rule)
