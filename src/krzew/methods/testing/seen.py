"""What was seen, with its uncertainty: shares from few people, and problems that nobody met."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.stats import beta, binomtest, norm

from ..record import MethodError
from .check import choice, share, whole


@dataclass(frozen=True)
class Interval:
    """A share with its confidence interval."""

    share: float
    low: float
    high: float
    level: float


def interval(
    successes: float, people: float, *, level: float = 0.95, method: str = "clopper-pearson"
) -> Interval:
    """Interval of a share seen in `people`: "clopper-pearson" never covers less than `level`, "wilson"
    covers it on average. Sources: Clopper and Pearson (1934), Wilson (1927)."""
    n = whole("people", people, 1)
    x = whole("successes", successes, 0, n)
    tail = (1 - share("level", level)) / 2
    if choice("method", method, ("clopper-pearson", "wilson")) == "wilson":
        z = float(norm.isf(tail))
        middle = (x + z * z / 2) / (n + z * z)
        half = z / (n + z * z) * math.sqrt(x * (n - x) / n + z * z / 4)
        return Interval(x / n, max(middle - half, 0.0), min(middle + half, 1.0), level)
    low = float(beta.ppf(tail, x, n - x + 1)) if x else 0.0
    high = float(beta.isf(tail, x + 1, n - x)) if x < n else 1.0
    return Interval(x / n, low, high, level)


def none_seen(people: float, *, level: float = 0.95) -> float:
    """The largest share that is compatible with seeing nothing in `people`; about 3 / people at 95 %."""
    n = whole("people", people, 1)
    return float(1.0 - (1.0 - share("level", level)) ** (1.0 / n))


def rule_of_three(people: float) -> float:
    """3 / people, the bound for the head: what may still happen when nobody was harmed (Hanley and
    Lippman-Hand 1983). `none_seen` is exact."""
    return min(3.0 / whole("people", people, 1), 1.0)


def chance_to_see(affected: float, people: float) -> float:
    """Probability that a problem which a share `affected` of people meets shows up among `people` testers.

    1 - (1 - p)^n; five testers find 84 % of the problems that 31 % of people meet (Nielsen and Landauer
    1993), and only 41 % of those that 10 % meet.
    """
    p = share("affected", affected, open_ends=False)
    return float(1.0 - (1.0 - p) ** whole("people", people, 0))


def people_to_see(affected: float, chance: float = 0.8) -> int:
    """The least number of testers that meet a problem of a share `affected` with this chance."""
    p, wanted = share("affected", affected), share("chance", chance)
    return math.ceil(math.log(1 - wanted) / math.log(1 - p) - 1e-9)


@dataclass(frozen=True)
class PairedChange:
    """People who changed for the better and for the worse; `p_value` of the exact test of McNemar, which
    looks only at those who changed, and the difference in share with its interval (Agresti and Min 2005)."""

    better: int
    worse: int
    people: int
    difference: float
    low: float
    high: float
    p_value: float


def paired_change(
    better: float, worse: float, people: float, *, alternative: str = "greater", level: float = 0.95
) -> PairedChange:
    """The same people before and after: did more change for the better than for the worse?"""
    n = whole("people", people, 1)
    up, down = whole("better", better, 0, n), whole("worse", worse, 0, n)
    if up + down > n:
        raise MethodError("worse", f"better and worse together are more than the {n} people", str(up + down))
    choice("alternative", alternative, ("greater", "less", "two-sided"))
    p_value = float(binomtest(up, up + down, 0.5, alternative=alternative).pvalue) if up + down else 1.0
    z, m = float(norm.isf((1 - share("level", level)) / 2)), n + 2.0
    middle = (up - down) / m
    half = z * math.sqrt(max((up + down + 1.0) - (up - down) ** 2 / m, 0.0)) / m
    return PairedChange(
        up, down, n, (up - down) / n, max(middle - half, -1.0), min(middle + half, 1.0), p_value
    )
