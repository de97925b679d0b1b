"""When to stop for harm: a boundary after every person whose total error is exact, not looked up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import binom

from ..record import FloatArray, IntArray, MethodError, Provenance, data_hash, stamp
from .check import share, whole


@dataclass(frozen=True, eq=False)
class HarmRule:
    """`boundary[k - 1]` harmful events among the first k people stop the test; k + 1 means not yet possible.

    `error` is the exact chance to stop although harm meets only the acceptable share; `chance_to_stop` and
    `expected_people` tell the same for any other share.
    """

    boundary: IntArray
    acceptable: float
    alpha: float
    error: float
    provenance: Provenance

    @property
    def people(self) -> int:
        return len(self.boundary)

    @property
    def steps(self) -> tuple[tuple[int, int], ...]:
        """The rule as (events, up to this many people): stop when so many came among the first so many."""
        possible = [(int(b), k) for k, b in enumerate(self.boundary, 1) if b <= k]
        return tuple({b: (b, k) for b, k in possible}.values())

    def stop(self, harmed: float, people: float) -> bool:
        """Whether so many harmed among the first `people` stop the test."""
        seen = whole("people", people, 1, self.people)
        return bool(whole("harmed", harmed, 0, seen) >= self.boundary[seen - 1])

    def chance_to_stop(self, harm: float) -> float:
        """The exact chance to stop somewhere when harm meets a share of people."""
        return float(_stopping(self.boundary, share("harm", harm, open_ends=False)).sum())

    def expected_people(self, harm: float) -> float:
        """People expected to take part when harm meets a share of people."""
        at = _stopping(self.boundary, share("harm", harm, open_ends=False))
        return float(at @ np.arange(1, self.people + 1) + (1 - at.sum()) * self.people)

    def explain(self, lang: str = "pl") -> tuple[str, ...]:
        """Plain sentences, Polish or English."""
        from .words import explain_harm

        return explain_harm(self, lang)


def harm_rule(people: float, acceptable: float, *, alpha: float = 0.05) -> HarmRule:
    """A rule that stops for harm above `acceptable` and looks after each of `people`.

    After k people it stops at the least number of events whose chance at the acceptable share is below one
    level for all k (the boundary of Pocock type of Ivanova, Qaqish and Schell, Biometrics 61 (2005) 540-545);
    the level is the largest for which the exact chance ever to stop stays within `alpha`.
    """
    n, p = whole("people", people, 1, 5_000), share("acceptable", acceptable)
    share("alpha", alpha)
    best = _boundary(n, p, _level(n, p, alpha))
    if (best > np.arange(1, n + 1)).all():
        rule = f"{n} people are too few to stop for harm above {p:.3g} with an error of {alpha:.3g}"
        raise MethodError("people", rule, str(n))
    parameters = {"people": n, "acceptable": p, "alpha": alpha}
    origin = stamp("harm rule", None, data_hash(n, p, alpha), parameters)
    return HarmRule(best, p, alpha, float(_stopping(best, p).sum()), origin)


def _level(n: int, p: float, alpha: float) -> float:
    """The largest level for every look whose total error is within alpha. The error is a step function of
    the level, so halving ends just below the last step in reach."""
    low, high = 0.0, alpha
    if _stopping(_boundary(n, p, alpha), p).sum() <= alpha:
        return alpha
    for _ in range(40):
        middle = 0.5 * (low + high)
        if _stopping(_boundary(n, p, middle), p).sum() <= alpha:
            low = middle
        else:
            high = middle
    return low


def _boundary(n: int, p: float, level: float) -> IntArray:
    """Least events b with P(X >= b) <= level after each of 1 to n people; k + 1 where there is none."""
    k = np.arange(1, n + 1)
    if level <= 0:
        return k + 1
    cut: IntArray = binom.isf(level, k, p).astype(np.int64) + 1
    return cut


def _stopping(boundary: IntArray, p: float) -> FloatArray:
    """The chance to stop after exactly 1, 2, … people, by following the distribution of events."""
    at = np.zeros(len(boundary))
    alive = np.array([1.0])
    for k, edge in enumerate(boundary):
        grown = np.zeros(len(alive) + 1)
        grown[:-1] += (1 - p) * alive
        grown[1:] += p * alive
        at[k] = grown[edge:].sum()
        alive = grown[:edge] if edge < len(grown) else grown
    return at
