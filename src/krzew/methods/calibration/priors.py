"""What is believed before the scores are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..record import MethodError
from .scores import Scores

SNSF_SPREAD = 2.5
"""The most that marks from 1 to 6 can spread."""
FLOOR = 1e-3
"""The least standard deviation, as a share of the largest: marks are never exact."""


@dataclass(frozen=True)
class Priors:
    """Standard deviations are uniform from 0 to `limit` (score points); the effects are normal.

    `severity_sd` fixes the spread of severity; None learns it, uniform too. With `split_noise` the residual
    is the sum of two parts that the scores cannot tell apart, each with a uniform standard deviation (noise
    and the interaction of assessor and idea, as at the Swiss National Science Foundation). `fixed_mean`
    holds the overall mean at the mean of the ideas' means; otherwise it is unknown with a flat prior.
    """

    limit: float
    severity_sd: float | None = None
    split_noise: bool = False
    fixed_mean: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.limit < np.inf:
            raise MethodError("priors", "limit must be above zero and finite", str(self.limit))
        if self.severity_sd is not None and not 0 < self.severity_sd < np.inf:
            raise MethodError("priors", "severity_sd must be above zero and finite", str(self.severity_sd))

    def as_dict(self) -> dict[str, Any]:
        return {
            "limit": self.limit,
            "severity_sd": self.severity_sd,
            "split_noise": self.split_noise,
            "fixed_mean": self.fixed_mean,
        }


SNSF = Priors(2.0, 0.5, split_noise=True, fixed_mean=True)
"""Heyard, Ott, Salanti and Egger (2022): for marks from 1 to 6."""


def choose(priors: str | Priors, scores: Scores) -> Priors:
    """Priors by name: "snsf" for marks from 1 to 6, "default" in units of the spread of these scores."""
    if isinstance(priors, Priors):
        return priors
    spread = float(scores.value.std())
    if priors == "default":
        return Priors(2.0 * spread)
    if priors != "snsf":
        raise MethodError("priors", "must be default, snsf or a Priors", str(priors))
    if spread > SNSF_SPREAD:
        rule = f"snsf is meant for marks from 1 to 6, and these spread by {spread:.3g}: use default"
        raise MethodError("priors", rule)
    return SNSF
