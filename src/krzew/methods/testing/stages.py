"""Simon's two-stage designs: stop after a few people when there is nothing to be seen.

The best design is found by looking at every one, with bounds that end the search only when nothing better can
follow, so the answer is the optimum and not the best within a limit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.stats import binom

from ..record import FloatArray, IntArray, MethodError, Provenance, data_hash, stamp
from .check import choice, share, whole
from .power import needed

LARGEST = 400


@dataclass(frozen=True)
class TwoStage:
    """Try `n1` people first; with `r1` successes or fewer stop. Else go on to `n`; with more than `r`
    successes the idea is worth going on with. Errors, and what holds at the baseline: expected people and the
    chance to stop early."""

    r1: int
    n1: int
    r: int
    n: int
    alpha: float
    power: float
    expected_people: float
    stop_early: float
    baseline: float
    target: float
    kind: str
    provenance: Provenance

    def decide(self, successes: float, people: float) -> str:
        """What the rule says after stage one or at the end: "stop", "go on", "worth it" or "not worth it"."""
        seen = whole("people", people, 1)
        if seen not in (self.n1, self.n):
            raise MethodError("people", f"the rule speaks after {self.n1} and after {self.n}", str(people))
        won = whole("successes", successes, 0, seen)
        if seen == self.n1:
            return "go on" if won > self.r1 else "stop"
        return "worth it" if won > self.r else "not worth it"

    def explain(self, lang: str = "pl") -> tuple[str, ...]:
        """Plain sentences, Polish or English."""
        from .words import explain_stages

        return explain_stages(self, lang)


def two_stage(
    baseline: float, target: float, *, alpha: float = 0.05, power: float = 0.8, kind: str = "optimal"
) -> TwoStage:
    """Simon's design (Controlled Clinical Trials 10 (1989) 1-10) for a share that should rise from
    `baseline` to `target`: "optimal" has the fewest expected people when there is no effect, "minimax" the
    fewest people at most (and among these the fewest expected)."""
    p0, p1 = share("baseline", baseline), share("target", target)
    share("alpha", alpha)
    share("power", power)
    choice("kind", kind, ("optimal", "minimax"))
    if p1 <= p0:
        raise MethodError("target", "must be above the baseline", str(target))
    single = needed(p0, p1, alpha=alpha, power=power, design="one-sample").counted
    if single > LARGEST:
        raise MethodError("target", f"is too near the baseline: a single stage alone needs {single} people")
    r1, n1, r, n = _search(p0, p1, alpha, power, kind == "minimax", single)
    error, reached = (chance_to_win(r1, n1, r, n, p) for p in (p0, p1))
    early = float(binom.cdf(r1, n1, p0))
    parameters = {"baseline": p0, "target": p1, "alpha": alpha, "power": power, "kind": kind}
    origin = stamp("two-stage design", None, data_hash(p0, p1, alpha, power, kind), parameters)
    return TwoStage(r1, n1, r, n, error, reached, n1 + (1 - early) * (n - n1), early, p0, p1, kind, origin)


def chance_to_win(r1: int, n1: int, r: int, n: int, p: float) -> float:
    """Probability that a share p passes both stages."""
    x = np.arange(r1 + 1, n1 + 1)
    return float(binom.pmf(x, n1, p) @ binom.sf(r - x, n - n1, p))


@lru_cache(maxsize=256)
def _search(
    p0: float, p1: float, alpha: float, power: float, minimax: bool, single: int
) -> tuple[int, int, int, int]:
    best, found = np.inf, (0, 0, 0, 0)
    for n in range(2, 4 * single + 2):
        top = _limits(n, p1, power)
        early = binom.cdf(top, np.arange(1, n), p0)
        least = np.arange(1, n) + (1 - early) * (n - np.arange(1, n))  # expected people at the best r1
        if found[3] and (minimax or (n >= single and least.min() >= best)):
            break  # later n can only expect more people
        for n1 in np.flatnonzero((top >= 0) & (least < best)) + 1:
            for expected, design in _designs(int(n1), n, int(top[n1 - 1]), best, (p0, p1, alpha, power)):
                if expected < best:
                    best, found = expected, design
    return found


def _limits(n: int, p: float, power: float) -> IntArray:
    """The largest r1 of each n1 < n that leaves the power, -1 where even 0 is too much."""
    n1 = np.arange(1, n)
    r1 = binom.isf(power, n1, p).astype(np.int64)  # at least one too large, by the definition of a quantile
    short = binom.sf(r1, n1, p) < power
    limits: IntArray = np.where(short, r1 - 1, r1)
    return limits


def _designs(
    n1: int, n: int, top: int, best: float, goal: tuple[float, float, float, float]
) -> Iterator[tuple[float, tuple[int, int, int, int]]]:
    """Designs of these sizes that keep both errors and expect fewer people than `best`: for each r1, from
    the largest down, the least r that keeps alpha has the most power."""
    p0, p1, alpha, power = goal
    r_top = int((_tails(n, p1) >= power).sum()) - 2
    x, r = np.arange(n1 + 1), np.arange(r_top + 1)
    index = np.clip(r - x[:, None], -1, n - n1) + 1
    first, rest = _mass(n1, p0), _tails(n - n1, p0)[index]
    if r_top < 0 or first[top + 1 :] @ rest[top + 1 :, r_top] > alpha + 1e-12:
        return  # even the hardest rule that leaves the power is too easy at the baseline
    for r1 in range(top, -1, -1):
        expected = n1 + float(first[r1 + 1 :].sum()) * (n - n1)
        if expected >= best:
            return
        keeps = np.flatnonzero(first[r1 + 1 :] @ rest[r1 + 1 :] <= alpha + 1e-12)
        if len(keeps):
            last = int(keeps[0])
            reached = _mass(n1, p1)[r1 + 1 :] @ _tails(n - n1, p1)[index[r1 + 1 :, last]]
            if reached >= power - 1e-12:
                yield expected, (r1, n1, last, n)


@lru_cache(maxsize=4096)
def _mass(n: int, p: float) -> FloatArray:
    """P(X = k) for k = 0, …, n."""
    mass: FloatArray = binom.pmf(np.arange(n + 1), n, p)
    return mass


@lru_cache(maxsize=4096)
def _tails(n: int, p: float) -> FloatArray:
    """P(X > k) for k = -1, 0, …, n."""
    tails: FloatArray = binom.sf(np.arange(-1, n + 1), n, p)
    return tails
