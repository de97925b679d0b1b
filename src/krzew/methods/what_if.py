"""What would change the choice: the nearest weights, and the smallest change of one figure, that make it a
tie."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linprog

from .record import FloatArray, MethodError

if TYPE_CHECKING:
    from .fit import Fit, Problem

TOLERANCE = 1e-7


@dataclass(frozen=True)
class DatumChange:
    """One figure that would have to be another; `share` of the range between the criterion's anchors."""

    alternative: str
    criterion: str
    before: float
    after: float
    share: float


@dataclass(frozen=True)
class Change:
    """The nearest point at which the second alternative draws level with the first; a hair further it
    wins."""

    first: str | None
    second: str | None
    possible: bool
    weights: dict[str, float] = field(default_factory=dict)
    distance: float = 0.0
    moved_from: tuple[str, ...] = ()
    moved_to: tuple[str, ...] = ()
    datum: DatumChange | None = None
    reason: str = ""


def what_would_change(fit: Fit) -> Change:
    """Both smallest changes for a solved problem."""
    eligible = [row for row in fit.scored if row.eligible]
    if len(eligible) < 2:
        only = eligible[0].code if eligible else None
        return Change(only, None, False, reason="one_alternative" if eligible else "none_eligible")
    first, second = eligible[0].code, eligible[1].code
    problem = fit.problem
    columns, rows = problem.columns("need"), {a.code: i for i, a in enumerate(problem.alternatives)}
    lead = problem.scores[rows[first], columns] - problem.scores[rows[second], columns]
    weights = problem.weights("need")
    codes = [problem.criteria[j].code for j in columns]
    datum = _datum(problem, rows[first], rows[second], float(lead @ weights))
    if abs(lead @ weights) <= TOLERANCE:
        return Change(
            first, second, True, dict(zip(codes, weights.tolist(), strict=True)), datum=None, reason="tie"
        )
    if lead.min() >= 0:
        return Change(first, second, False, datum=datum, reason="dominated")
    moved = nearest_weights(lead, weights)
    step = moved - weights
    return Change(
        first,
        second,
        True,
        dict(zip(codes, moved.tolist(), strict=True)),
        float(np.abs(step).sum()),
        tuple(c for c, s in zip(codes, step, strict=True) if s < -TOLERANCE),
        tuple(c for c, s in zip(codes, step, strict=True) if s > TOLERANCE),
        datum,
    )


def nearest_weights(lead: FloatArray, weights: FloatArray) -> FloatArray:
    """The weights nearest in L1 at which `lead @ weights` is not above zero: a linear programme (HiGHS).

    The answer is checked here, not taken on the solver's word. Raises `MethodError` when no weights can do
    it.
    """
    n = len(weights)
    if lead.min() > 0:
        raise MethodError("lead", "the first is better on every criterion, no weights can change that")
    move = np.concatenate([lead, -lead])  # what is added, then what is taken away
    solved = linprog(
        np.ones(2 * n),
        A_ub=move[None, :],
        b_ub=[-float(lead @ weights)],
        A_eq=np.concatenate([np.ones(n), -np.ones(n)])[None, :],
        b_eq=[0.0],
        bounds=[(0, None)] * n + [(0, float(w)) for w in weights],
        method="highs",
    )
    result: FloatArray = weights + solved.x[:n] - solved.x[n:]
    scale = max(1.0, float(np.abs(lead).max()))
    if result.min() < -TOLERANCE or abs(result.sum() - 1) > TOLERANCE or lead @ result > TOLERANCE * scale:
        raise MethodError("weights", f"the solver's answer fails the check: {result.tolist()}")
    return np.maximum(result, 0.0)


def _datum(problem: Problem, first: int, second: int, gap: float) -> DatumChange | None:
    """The single known figure whose smallest move (in shares of its range) closes the gap."""
    options = []
    for weight, j in zip(problem.weights("need"), problem.columns("need"), strict=True):
        if weight > 0:
            options += [
                _moved(problem, first, int(j), -gap / weight),
                _moved(problem, second, int(j), gap / weight),
            ]
    found = [option for option in options if option is not None]
    return min(found, key=lambda option: option.share, default=None)


def _moved(problem: Problem, row: int, j: int, by: float) -> DatumChange | None:
    criterion, before = problem.criteria[j], float(problem.values[row, j])
    if np.isnan(before):
        return None
    after = criterion.figure_for(float(problem.scores[row, j]) + by)
    if after is None:
        return None
    at = [x for x, _ in criterion.line]
    share = abs(after - before) / (at[-1] - at[0])
    return DatumChange(problem.alternatives[row].code, criterion.code, before, after, share)
