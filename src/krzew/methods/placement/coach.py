"""Who where, with the hours of coaches and friends who want one workplace: a generalised assignment in HiGHS.

Three aims, one after another: as many placed as possible; then the worst fit as good as possible; then the
total. A linear programme gives bounds and shows which pairs can matter; a small programme over these finds a
plan, and what the bound cannot rule out is searched with the time that is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix, vstack

from ..record import BoolArray, FloatArray, IntArray
from ..work import Work

if TYPE_CHECKING:
    from .problem import Placement

NEAR = 8
"""Pairs per person that a small programme starts with, besides those that the linear optimum uses."""
WORST_SHARE = 0.5
"""Share of the time left that the search for the best worst fit leaves to the total."""
WHOLE, SMALL = 1e-6, 1e-9
LEAN = 1e-7


@dataclass(frozen=True)
class Stage:
    """One aim: what was reached, the bound on it, and whether the two meet (within the gap asked for)."""

    name: str
    reached: float
    bound: float
    proved: bool

    @property
    def gap(self) -> float:
        """Distance to the bound, as a share of what was reached."""
        return max(0.0, self.bound - self.reached) / max(abs(self.reached), SMALL)


@dataclass(frozen=True, eq=False)
class Programme:
    """0/1 for each pair (`row`, `column`), with `table` x <= `limit` and equal pairs; `value` is maximised."""

    row: IntArray
    column: IntArray
    table: csr_matrix
    lower: FloatArray
    upper: FloatArray
    value: FloatArray

    def only(self, kept: BoolArray) -> Programme:
        return replace(
            self,
            row=self.row[kept],
            column=self.column[kept],
            table=self.table[:, kept],
            value=self.value[kept],
        )

    def at_least(self, count: float) -> Programme:
        """With as many placed at least."""
        table = vstack([self.table, csr_matrix(np.ones((1, len(self.row))))]).tocsr()
        return replace(
            self, table=table, lower=np.append(self.lower, count), upper=np.append(self.upper, np.inf)
        )

    def aiming(self, value: FloatArray) -> Programme:
        return replace(self, value=value)


@dataclass(frozen=True, eq=False)
class Answer:
    """`x` (pairs,) or None when nothing was found, an upper bound, reduced costs of a linear programme."""

    x: FloatArray | None
    value: float
    bound: float
    reduced: FloatArray
    impossible: bool = False


def programme(problem: Placement, open_: BoolArray) -> Programme:
    """Each person once, slots, hours of coaches and of single workplaces, friends at one workplace."""
    row, column = np.nonzero(open_)
    n, m, k = len(problem.persons), len(problem.workplaces), len(row)
    hours, each = problem.hours[row, column], np.arange(k)
    parts = [_rows(row, each, np.ones(k), (n, k)), _rows(column, each, np.ones(k), (m, k))]
    upper: list[FloatArray] = [np.ones(n), problem.slots.astype(np.float64)]
    coaches = list(problem.coaches)
    if coaches:
        place_coach = np.array(
            [coaches.index(w.coach) if w.coach in coaches else -1 for w in problem.workplaces]
        )
        used = np.flatnonzero(place_coach[column] >= 0)
        parts.append(_rows(place_coach[column[used]], used, hours[used], (len(coaches), k)))
        upper.append(np.array([problem.coaches[c] for c in coaches], dtype=np.float64))
    budget = np.array([np.inf if w.coach_budget is None else w.coach_budget for w in problem.workplaces])
    if np.isfinite(budget).any():
        parts.append(_rows(column, each, hours, (m, k)))
        upper.append(budget)
    table, top = vstack(parts).tocsr(), np.concatenate(upper)
    low = np.full(len(top), -np.inf)
    for first, second in problem.together:
        same = _together(problem, row, column, first, second)
        table = vstack([table, same]).tocsr()
        low, top = np.append(low, np.zeros(same.shape[0])), np.append(top, np.zeros(same.shape[0]))
    return Programme(row, column, table, low, top, problem.value[row, column])


def _rows(at: IntArray, column: IntArray, value: FloatArray, shape: tuple[int, int]) -> csr_matrix:
    return coo_matrix((value, (at, column)), shape=shape).tocsr()


def _together(problem: Placement, row: IntArray, column: IntArray, first: str, second: str) -> csr_matrix:
    """Per workplace: the first is there exactly if the second is."""
    a, b = np.flatnonzero(row == problem.row[first]), np.flatnonzero(row == problem.row[second])
    at = np.concatenate([column[a], column[b]])
    sign = np.repeat([1.0, -1.0], [len(a), len(b)])
    return _rows(at, np.concatenate([a, b]), sign, (len(problem.workplaces), len(row)))


def solve_coach(
    problem: Placement, ticket: IntArray, gap: float, work: Work
) -> tuple[IntArray, tuple[Stage, ...]]:
    """Each person's workplace (or -1), and the three aims with their bounds."""
    whole = programme(problem, problem.open)
    held = np.full(len(problem.persons), -1)
    if not len(whole.row):
        return held, (Stage("placed", 0.0, 0.0, True),)
    x, placed = _most_placed(whole, problem, work)
    work.report(0.3, "placed")
    chosen, worst = whole.at_least(placed.reached), Stage("worst_fit", 0.0, 0.0, True)
    if placed.reached > 0:
        chosen, x, worst = _best_worst(chosen, x, problem, work)
    work.report(0.6, "worst_fit")
    lean = 1 - LEAN * ticket[chosen.row] / len(held)
    found = _best_value(chosen.aiming(chosen.value * lean), x, gap, work)
    used = found.x > 0.5
    held[chosen.row[used]] = chosen.column[used]
    total = float(problem.value[chosen.row[used], chosen.column[used]].sum())
    bound = max(total, found.bound * (1 + LEAN))
    work.report(1.0, "total")
    return held, (
        placed,
        worst,
        Stage("total", total, bound, bound - total <= gap * max(total, SMALL) + 1e-6),
    )


def _most_placed(whole: Programme, problem: Placement, work: Work) -> tuple[FloatArray, Stage]:
    counting = whole.aiming(np.ones(len(whole.row)))
    hours = problem.hours[whole.row, whole.column]
    top = float(np.floor(_solve(counting, work, relaxed=True).bound + WHOLE))
    got = _feasible(whole.at_least(top), hours, work) if top > 0 else None
    if got is not None and got.x is not None:
        return got.x, Stage("placed", top, top, True)
    answer = _solve(counting, work, share=0.4, start=_greedy(whole, problem))
    x = answer.x if answer.x is not None else np.zeros(len(whole.row))
    reached = float(np.round(x).sum())
    bound = max(reached, min(top, float(np.floor(answer.bound + WHOLE))))
    return x, Stage("placed", reached, bound, bound <= reached)


def _greedy(whole: Programme, problem: Placement) -> FloatArray:
    """A first plan: the fewest hours first, while limits hold; friends are left to the solver."""
    x, left = np.zeros(len(whole.row)), whole.upper.copy()
    friends = {problem.row[p] for pair in problem.together for p in pair}
    by_column = whole.table.tocsc()
    done = np.zeros(len(problem.persons), dtype=bool)
    for k in np.lexsort((-whole.value, problem.hours[whole.row, whole.column])):
        if done[whole.row[k]] or whole.row[k] in friends:
            continue
        part = slice(by_column.indptr[k], by_column.indptr[k + 1])
        at, use = by_column.indices[part], by_column.data[part]
        if (use <= left[at] + SMALL).all():
            left[at] -= use
            x[k], done[whole.row[k]] = 1.0, True
    return x


def _best_worst(
    chosen: Programme, x: FloatArray, problem: Placement, work: Work
) -> tuple[Programme, FloatArray, Stage]:
    """The highest fit that everybody placed can have. Linear programmes find how high it could be at all, by
    halving the fits that occur; plans are sought from there down."""
    fit, hours = problem.fit[chosen.row, chosen.column], problem.hours[chosen.row, chosen.column]
    levels = np.unique(fit)
    low = int(np.searchsorted(levels, fit[x > 0.5].min() - SMALL))
    tried = high = top = _highest(chosen, fit, hours, levels, low, work)
    until = WORST_SHARE * work.left if np.isfinite(work.left) else -1.0
    while low < high and work.left > until and not work.over:
        kept = fit >= levels[tried] - SMALL
        got = _feasible(chosen.only(kept), hours[kept], work)
        if got is not None and got.x is not None:
            x = np.zeros(len(fit))
            x[kept] = got.x
            low = tried
        else:
            top = min(top, tried - 1) if got is not None else top
            high = tried - 1
        tried = (low + high + 1) // 2
    kept = fit >= levels[low] - SMALL
    reached, bound = float(fit[x > 0.5].min()), float(levels[max(low, top)])
    return chosen.only(kept), x[kept], Stage("worst_fit", reached, bound, top <= low)


def _highest(
    chosen: Programme, fit: FloatArray, hours: FloatArray, levels: FloatArray, low: int, work: Work
) -> int:
    """The highest level at which a linear programme still places as many."""
    high = len(levels) - 1
    while low < high and not work.over:
        middle = (low + high + 1) // 2
        kept = fit >= levels[middle] - SMALL
        if _solve(chosen.only(kept).aiming(-hours[kept]), work, relaxed=True).impossible:
            high = middle - 1
        else:
            low = middle
    return high


def _feasible(part: Programme, hours: FloatArray, work: Work) -> Answer | None:
    """A plan with enough placed (the last row); an answer without a plan when there is none, None when time was
    too short. Few pairs that a linear programme of the fewest hours points to are tried first."""
    relaxed = _solve(part.aiming(-hours), work, relaxed=True)
    if relaxed.impossible:
        return relaxed
    count = part.lower[-1]
    free = replace(part, table=part.table[:-1], lower=part.lower[:-1], upper=part.upper[:-1])
    free = free.aiming(np.ones(len(part.row)))
    if len(relaxed.reduced):
        core = _nearest(part.row, relaxed)
        found = _solve(free.only(core), work, share=0.1, enough=count)
        if found.x is not None and found.value >= count - WHOLE:
            x = np.zeros(len(core))
            x[core] = found.x
            return replace(found, x=x)
    found = _solve(free, work, share=0.15, enough=count)
    if found.x is not None and found.value >= count - WHOLE:
        return found
    return replace(found, x=None) if found.impossible or found.bound < count - WHOLE else None


@dataclass(frozen=True, eq=False)
class _Total:
    x: FloatArray
    bound: float


def _best_value(chosen: Programme, x: FloatArray, gap: float, work: Work) -> _Total:
    """A plan over the pairs nearest to the linear optimum, then over all that its bound cannot rule out."""
    relaxed = _solve(chosen, work, relaxed=True)
    best, value, bound = x, float(chosen.value @ x), relaxed.bound
    if len(relaxed.reduced) and not work.over:
        core = _nearest(chosen.row, relaxed) | (x > 0.5)
        found = _solve(chosen.only(core), work, share=0.6, start=x[core], gap=gap / 2)
        if found.x is not None and found.value > value:
            best, value = np.zeros(len(x)), found.value
            best[core] = found.x
    if bound - value > gap * max(abs(value), SMALL) and not work.over:
        kept = (bound - relaxed.reduced >= value - SMALL) | (best > 0.5)
        found = _solve(chosen.only(kept), work, share=1.0, start=best[kept], gap=gap)
        bound = min(bound, max(found.bound, value))
        if found.x is not None and found.value > value:
            best, value = np.zeros(len(x)), found.value
            best[kept] = found.x
    return _Total(best, max(bound, value))


def _nearest(row: IntArray, relaxed: Answer) -> BoolArray:
    """The pairs of each person that the linear optimum uses or that would cost it least; of equal ones any, so
    that not all persons are led to the same places."""
    assert relaxed.x is not None
    mixed = np.random.default_rng(0).random(len(row))
    order = np.lexsort((mixed, relaxed.reduced, row))
    start = np.searchsorted(row[order], row[order], side="left")
    out = relaxed.x > SMALL
    out[order[np.arange(len(row)) - start < NEAR]] = True
    return out


def _solve(
    part: Programme,
    work: Work,
    *,
    share: float = 1.0,
    start: FloatArray | None = None,
    gap: float = 0.0,
    relaxed: bool = False,
    enough: float | None = None,
) -> Answer:
    """One programme in HiGHS, on one thread so that the machine does not change the answer."""
    import highspy

    if not len(part.row):
        lost = bool((part.lower > WHOLE).any())
        return Answer(None if lost else np.zeros(0), 0.0, 0.0, np.zeros(0), lost)
    solver = highspy.Highs()
    solver.silent()
    options: dict[str, Any] = {"threads": 1, "mip_rel_gap": gap, "mip_abs_gap": 1e-7}
    if np.isfinite(work.left):
        options["time_limit"] = max(0.05, share * work.left)
    if enough is not None:
        options["objective_target"] = -(enough - 0.5)
    for name, option in options.items():
        solver.setOptionValue(name, option)
    solver.passModel(_model(part, relaxed))
    if start is not None and not relaxed:
        given = highspy.HighsSolution()
        given.col_value = start.tolist()
        solver.setSolution(given)
    if not relaxed:
        solver.cbMipInterrupt += lambda event: event.interrupt(work.over)
    solver.run()
    return _answer(solver, part, relaxed)


def _model(part: Programme, relaxed: bool) -> Any:
    import highspy

    columns = part.table.tocsc()
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(part.row), len(part.lower)
    lp.col_cost_ = -part.value
    lp.col_lower_, lp.col_upper_ = np.zeros(len(part.row)), np.ones(len(part.row))
    lp.row_lower_ = np.where(np.isneginf(part.lower), -highspy.kHighsInf, part.lower)
    lp.row_upper_ = np.where(np.isposinf(part.upper), highspy.kHighsInf, part.upper)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = columns.indptr, columns.indices
    lp.a_matrix_.value_ = columns.data
    if not relaxed:
        lp.integrality_ = [highspy.HighsVarType.kInteger] * len(part.row)
    return lp


def _answer(solver: Any, part: Programme, relaxed: bool) -> Answer:
    import highspy

    status, info = solver.getModelStatus(), solver.getInfo()
    none = np.zeros(0)
    if status == highspy.HighsModelStatus.kInfeasible:
        return Answer(None, -np.inf, -np.inf, none, True)
    x = np.array(solver.getSolution().col_value, dtype=np.float64)
    if relaxed:
        if status != highspy.HighsModelStatus.kOptimal:  # no time: every value is a bound
            return Answer(None, -np.inf, float(np.maximum(part.value, 0).sum()), none)
        reduced = np.abs(np.array(solver.getSolution().col_dual, dtype=np.float64)) * (x < 0.5)
        return Answer(x, -info.objective_function_value, -info.objective_function_value, reduced)
    bound = -float(info.mip_dual_bound) if np.isfinite(info.mip_dual_bound) else float("inf")
    if not len(x) or not _holds(part, x):
        return Answer(None, -np.inf, bound, none)
    x = np.round(x)
    return Answer(x, float(part.value @ x), bound, none)


def _holds(part: Programme, x: FloatArray) -> bool:
    """The solver's plan is checked, not believed."""
    used = part.table @ np.round(x)
    return bool(
        (np.abs(x - np.round(x)) < 1e-4).all()
        and (used <= part.upper + WHOLE).all()
        and (used >= part.lower - WHOLE).all()
    )


def spent(problem: Placement, held: IntArray) -> dict[str, float]:
    """Hours a week that a plan takes of each coach."""
    out = dict.fromkeys(problem.coaches, 0.0)
    for i in np.flatnonzero(held >= 0):
        coach = problem.workplaces[held[i]].coach
        if coach in out:
            out[coach] += float(problem.hours[i, held[i]])
    return out


def stage(stages: Sequence[Stage], name: str) -> Stage | None:
    return next((s for s in stages if s.name == name), None)
