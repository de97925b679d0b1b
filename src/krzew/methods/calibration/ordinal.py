"""Marks are ordered, not measured: does the conclusion hold when the steps between marks are not equal?"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri
from scipy.stats import rankdata

from ..record import DEFAULT_SEED, FloatArray
from .result import Calibration, _places, calibrate


@dataclass(frozen=True)
class OrdinalCheck:
    """The same scores with steps as they are and with other steps: `levels` different marks, the largest move
    of an expected rank, and the ideas that come or go among the best `fundable`."""

    levels: int
    largest_move: float
    entering: tuple[Hashable, ...]
    leaving: tuple[Hashable, ...]

    @property
    def sensitive(self) -> bool:
        """Whether the decision depends on taking the steps between marks as equal."""
        return bool(self.entering or self.leaving)

    def explain(self, lang: str = "pl") -> tuple[str, ...]:
        """Plain sentences, Polish or English."""
        from .words import explain_ordinal

        return explain_ordinal(self, lang)


def ordinal_check(
    ideas: npt.ArrayLike,
    assessors: npt.ArrayLike,
    scores: npt.ArrayLike,
    fundable: int,
    *,
    higher_is_better: bool = True,
    seed: int = DEFAULT_SEED,
) -> OrdinalCheck:
    """Calibrate (quick version) the marks, and their normal scores (van der Waerden), which keep the order of
    marks alone; compare who is among the best `fundable` by expected rank. Errors are those of `calibrate`."""
    value = np.asarray(scores, dtype=np.float64)
    fit = partial(calibrate, ideas, assessors, method="eb", higher_is_better=higher_is_better, seed=seed)
    plain, turned = fit(value), fit(normal_scores(value))
    places = _places(fundable, len(plain.ideas))
    now, then = _best(plain, places), _best(turned, places)
    move = float(np.abs(plain.expected_rank - turned.expected_rank).max())
    return OrdinalCheck(
        len(np.unique(value)),
        move,
        tuple(plain.ideas[i] for i in sorted(then - now)),
        tuple(plain.ideas[i] for i in sorted(now - then)),
    )


def normal_scores(value: FloatArray) -> FloatArray:
    """Marks replaced by the normal quantile of their mean rank."""
    result: FloatArray = ndtri(rankdata(value) / (len(value) + 1.0))
    return result


def _best(result: Calibration, places: int) -> set[int]:
    return {int(i) for i in result.order[:places]}
