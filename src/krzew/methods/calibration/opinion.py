"""Where one more score could change the decision, and where it would make no difference.

For each idea near the line, a further score is imagined over the whole range that the posterior expects;
each imagined score weighs the posterior draws anew, and the ranking is done again. Nothing is fitted twice.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from ..record import BoolArray, FloatArray, IntArray, MethodError
from .result import Calibration, _places

GRID = 31
USED = 2_000
"""Draws that are weighed anew; thinned evenly."""
WINDOW = 50
"""Ideas on both sides of the line that could cross it; the others stay where they are."""
NO_DIFFERENCE = 0.05


@dataclass(frozen=True)
class Opinion:
    """One more score for one idea: the probability that it moves the idea across the line, and the expected
    gain in the summed quality of the funded ideas, in score points."""

    idea: Hashable
    funded_now: bool
    probability: float
    gain: float


@dataclass(frozen=True)
class ThirdOpinion:
    """Ideas by the chance that one more score changes the decision, the most likely first.

    `ask` are those above the threshold; for the rest one more score makes no difference.
    """

    fundable: int
    threshold: float
    opinions: tuple[Opinion, ...]

    @property
    def ask(self) -> tuple[Opinion, ...]:
        return tuple(o for o in self.opinions if o.probability >= self.threshold)

    def explain(self, lang: str = "pl") -> tuple[str, ...]:
        from .words import explain_opinions

        return explain_opinions(self, lang)


def third_opinion(
    result: Calibration,
    fundable: int | None = None,
    *,
    assessor: Hashable | None = None,
    threshold: float = NO_DIFFERENCE,
) -> ThirdOpinion:
    """For which ideas one more score could change who is among the best `fundable` by expected rank.

    The score comes from somebody new whose severity is not known, or from `assessor`, whose severity the
    result knows; ideas that this assessor has read are left out. Raises `MethodError` when no number is given
    here or in `calibrate`, or when all ideas can be funded.
    """
    places = result.fundable if fundable is None else fundable
    n = len(result.ideas)
    if places is None:
        raise MethodError("fundable", "say how many ideas can be funded")
    places = _places(places, n)
    if places == n:
        raise MethodError("fundable", "all ideas can be funded, so there is no line to cross", str(places))
    if not 0 <= threshold <= 1:
        raise MethodError("threshold", "must lie between 0 and 1", str(threshold))
    race = _race(result, places)
    level, spread = _expected_score(result, assessor, race.rows)
    found = [_one(result, race, k, level, spread) for k in _askable(result, race, assessor)]
    found += _settled(result, race, assessor)
    return ThirdOpinion(places, threshold, tuple(sorted(found, key=lambda o: (-o.probability, -o.gain))))


@dataclass(frozen=True, eq=False)
class _Race:
    """The ideas near the line (`ideas`), in the draws used (`rows`) their ranks and effects, one below the
    other (`both`), and who is above the line with how many places."""

    ideas: IntArray
    both: FloatArray
    rows: IntArray
    above: BoolArray
    slots: int


def _race(result: Calibration, places: int) -> _Race:
    flat = result.draws.effect.reshape(-1, len(result.ideas))
    rows = np.unique(np.linspace(0, len(flat) - 1, min(USED, len(flat))).astype(np.int64))
    near = result.order[max(places - WINDOW // 2, 0) : places + WINDOW // 2]
    funded = np.zeros(len(result.ideas), dtype=bool)
    funded[result.order[:places]] = True
    effects = flat[rows]
    place = np.argsort(np.argsort(-effects, axis=1), axis=1).astype(np.float64) + 1.0
    return _Race(
        near, np.vstack([place.T[near], effects.T[near]]), rows, funded[near], int(funded[near].sum())
    )


def _askable(result: Calibration, race: _Race, assessor: Hashable | None) -> list[int]:
    """Columns of the race whose idea the assessor has not read."""
    read = _read_by(result, assessor)
    return [k for k, idea in enumerate(race.ideas) if idea not in read]


def _read_by(result: Calibration, assessor: Hashable | None) -> set[int]:
    if assessor is None:
        return set()
    table = result.scores
    inner = table.idea[table.assessor == table.assessor_order[result.assessors.index(assessor)]]
    position = np.argsort(table.idea_order)
    return {int(position[i]) for i in inner}


def _settled(result: Calibration, race: _Race, assessor: Hashable | None) -> list[Opinion]:
    """Ideas too far from the line for a single score."""
    outside = set(range(len(result.ideas))) - {int(i) for i in race.ideas} - _read_by(result, assessor)
    line = result.expected_rank[race.ideas[race.above]].max()
    return [
        Opinion(result.ideas[i], bool(result.expected_rank[i] <= line), 0.0, 0.0) for i in sorted(outside)
    ]


def _expected_score(
    result: Calibration, assessor: Hashable | None, rows: IntArray
) -> tuple[FloatArray, FloatArray]:
    """By draw: what is added to an idea's effect, and the standard deviation of the score around it."""
    common = result.draws.common.reshape(-1, 4)[rows]
    if assessor is None:
        return np.zeros(len(rows)), np.hypot(common[:, 2], common[:, 3])
    if assessor not in result.assessors:
        raise MethodError("assessor", "is not among the assessors of these scores", str(assessor))
    leniency = result.draws.leniency.reshape(-1, len(result.assessors))[rows]
    return leniency[:, result.assessors.index(assessor)], common[:, 3]


def _one(result: Calibration, race: _Race, k: int, level: FloatArray, spread: FloatArray) -> Opinion:
    middle = race.both[len(race.ideas) + k] + level
    grid = np.linspace((middle - 4 * spread).min(), (middle + 4 * spread).max(), GRID)
    z = (grid[:, None] - middle) / spread
    weights = np.exp(-0.5 * z**2) / spread
    weights /= weights.sum(axis=1, keepdims=True)
    means = np.einsum("gt,nt->gn", weights, race.both)  # no BLAS: the same bits with any number of threads
    ranks, effects = np.split(means, 2, axis=1)
    others = np.sort(np.delete(ranks, k, axis=1), axis=1)
    margin = others[:, race.slots - 1] - ranks[:, k]  # above zero: the idea is funded after this score
    above = bool(race.above[k])
    moved = _mass(grid, -margin if above else margin, middle, spread)
    cells = ndtr((np.append(0.5 * (grid[1:] + grid[:-1]), np.inf)[:, None] - middle) / spread).mean(axis=1)
    order = np.argsort(ranks, axis=1)[:, : race.slots]
    gain = np.take_along_axis(effects, order, axis=1).sum(axis=1) - effects[:, race.above].sum(axis=1)
    worth = float(np.diff(cells, prepend=0.0) @ gain)
    return Opinion(result.ideas[race.ideas[k]], above, moved, max(worth, 0.0))


def _mass(grid: FloatArray, sign: FloatArray, middle: FloatArray, spread: FloatArray) -> float:
    """Probability that the score falls where `sign`, linear between the points of the grid, is above zero."""
    up = sign > 0
    turn = np.flatnonzero(up[1:] != up[:-1])
    cross = grid[turn] - sign[turn] * (grid[turn + 1] - grid[turn]) / (sign[turn + 1] - sign[turn])
    edges = np.concatenate([[-np.inf], cross, [np.inf]])
    mass = np.diff(ndtr((edges[:, None] - middle) / spread).mean(axis=1))
    return float(mass[(0 if up[0] else 1) :: 2].sum())
