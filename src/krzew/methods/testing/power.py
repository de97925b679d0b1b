"""What difference can be seen with n people, and how many people a difference needs.

Designs: "one-sample" (people against a known level, exact binomial), "two-arm" (two groups of n each, arcsine
formula of Cohen, or exact for Fisher's test), "paired" (the same people before and after, exact McNemar).
Groups of people who are alike count for less (`group_size`, `icc`), and so do those who leave (`attrition`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.optimize import brentq
from scipy.stats import beta, binom, hypergeom, norm

from ..record import FloatArray, MethodError
from .check import ALTERNATIVES, choice, share, whole

DESIGNS = ("one-sample", "two-arm", "paired")
LARGEST = 20_000
LARGEST_EXACT = 1_000
"""People up to which exact powers of two arms and of pairs are looked at one by one."""


@dataclass(frozen=True)
class Setting:
    """What a small test is like; `method` is for two arms: "arcsine" or "fisher". `changing` is the share of
    people who change either way in a paired design (without it: as if before and after were independent)."""

    design: str = "one-sample"
    alternative: str = "greater"
    alpha: float = 0.05
    power: float = 0.8
    group_size: float = 1.0
    icc: float = 0.0
    attrition: float = 0.0
    method: str = "arcsine"
    changing: float | None = None

    def __post_init__(self) -> None:
        choice("design", self.design, DESIGNS)
        choice("alternative", self.alternative, ALTERNATIVES)
        choice("method", self.method, ("arcsine", "fisher"))
        share("alpha", self.alpha)
        share("power", self.power)
        share("icc", self.icc, open_ends=False)
        if self.power <= self.alpha:
            raise MethodError("power", f"must be above alpha, {self.alpha}", str(self.power))
        if not 0 <= self.attrition < 1:
            raise MethodError("attrition", "must be a share from 0 to below 1", str(self.attrition))
        if not 1 <= self.group_size < math.inf:
            raise MethodError("group_size", "must be at least 1", str(self.group_size))
        if self.changing is not None:
            share("changing", self.changing)

    @property
    def tail(self) -> float:
        """Error allowed on the side of the effect."""
        return self.alpha / 2 if self.alternative == "two-sided" else self.alpha

    @property
    def design_effect(self) -> float:
        """By how much people in groups count for less: 1 + (group size - 1) icc."""
        return 1.0 + (self.group_size - 1.0) * self.icc

    def counted(self, recruited: int) -> int:
        """Independent people that so many recruited are worth at the end."""
        return math.floor(recruited * (1.0 - self.attrition) / self.design_effect + 1e-9)

    def recruited(self, counted: int) -> int:
        """People to recruit so that so many independent ones are left."""
        return math.ceil(counted * self.design_effect / (1.0 - self.attrition) - 1e-9)


@dataclass(frozen=True)
class Detectable:
    """The nearest share to the baseline that n people (per arm) show with the power wanted.

    `share` and `difference` are None when no share does. `counted` is what the people are worth after
    grouping and attrition; `threshold` the successes among them from which on (or down to which) the test
    speaks of an effect (one sample only).
    """

    share: float | None
    difference: float | None
    people: int
    counted: int
    baseline: float
    threshold: int | None
    setting: Setting


@dataclass(frozen=True)
class Needed:
    """People needed (per arm in two arms): `counted` independent ones at the end, `recruited` at the start,
    `total` over all arms; the real error and power where the method is exact."""

    counted: int
    recruited: int
    total: int
    threshold: int | None
    alpha: float | None
    power: float
    baseline: float
    target: float
    setting: Setting


def detectable(
    n: float,
    baseline: float,
    *,
    power: float = 0.8,
    alpha: float = 0.05,
    alternative: str = "greater",
    design: str = "one-sample",
    group_size: float = 1.0,
    icc: float = 0.0,
    attrition: float = 0.0,
    method: str = "arcsine",
    changing: float | None = None,
) -> Detectable:
    """What difference can be seen with `n` people (per arm in two arms) who start from `baseline`.

    Raises `MethodError` for shares outside 0 to 1, an unknown design, or people that count for nobody.
    """
    setting = Setting(design, alternative, alpha, power, group_size, icc, attrition, method, changing)
    people, start = whole("n", n, 1), share("baseline", baseline)
    counted = setting.counted(people)
    if counted < 1:
        raise MethodError("n", "grouping and attrition leave less than one independent person", str(people))
    down = alternative == "less"
    found = _detect(counted, 1.0 - start if down else start, setting)
    level = None if found is None else 1.0 - found if down else found
    threshold = None
    if design == "one-sample":
        cut = critical(counted, 1.0 - start if down else start, setting.tail)
        threshold = None if cut > counted else counted - cut if down else cut
    return Detectable(
        level, None if level is None else level - start, people, counted, start, threshold, setting
    )


def needed(
    baseline: float,
    target: float,
    *,
    power: float = 0.8,
    alpha: float = 0.05,
    alternative: str | None = None,
    design: str = "two-arm",
    group_size: float = 1.0,
    icc: float = 0.0,
    attrition: float = 0.0,
    method: str = "arcsine",
    changing: float | None = None,
) -> Needed:
    """How many people (per arm in two arms) show a change from `baseline` to `target`.

    Without `alternative` two arms are two-sided and the other designs look in the direction of the target.
    One sample: the least n whose exact test keeps alpha and reaches the power (A'Hern 2001). Two arms:
    Cohen's arcsine formula (55 against 28 % needs 51 per arm, two-sided), or the least n of Fisher's test.
    """
    start, end = share("baseline", baseline), share("target", target)
    if start == end:
        raise MethodError("target", "must differ from the baseline", str(target))
    toward = "greater" if end > start else "less"
    side = alternative or ("two-sided" if design == "two-arm" else toward)
    setting = Setting(design, side, alpha, power, group_size, icc, attrition, method, changing)
    if side not in ("two-sided", toward):
        raise MethodError("alternative", f"the target lies on the other side: {toward}", side)
    low, high = (start, end) if end > start else (1.0 - start, 1.0 - end)
    counted = _least(low, high, setting)
    threshold, real = None, None
    if design == "one-sample":
        cut = critical(counted, low, setting.tail)
        real = float(binom.sf(cut - 1, counted, low))
        threshold = cut if end > start else counted - cut
    recruited = setting.recruited(counted)
    total = recruited * (2 if design == "two-arm" else 1)
    reached = power_of(counted, low, high, setting)
    return Needed(counted, recruited, total, threshold, real, reached, start, end, setting)


def critical(n: int, baseline: float, tail: float) -> int:
    """The least number of successes that n people reach with a chance of at most `tail` at the baseline;
    n + 1 when there is none."""
    return int(binom.isf(tail * (1 + 1e-12), n, baseline)) + 1


def power_of(n: int, low: float, high: float, setting: Setting) -> float:
    """Power of n independent people (per arm) to tell `high` from `low`, upwards."""
    if setting.design == "one-sample":
        return float(binom.sf(critical(n, low, setting.tail) - 1, n, high))
    if setting.design == "paired":
        return _paired_power(n, low, high, setting)
    if setting.method == "fisher":
        return _fisher_power(n, low, high, setting.tail)
    gap = (_angle(high) - _angle(low)) * math.sqrt(n / 2.0)
    far = norm.cdf(-gap - norm.isf(setting.tail)) if setting.alternative == "two-sided" else 0.0
    return float(norm.cdf(gap - norm.isf(setting.tail)) + far)


def _angle(p: float) -> float:
    return 2.0 * math.asin(math.sqrt(p))


def _paired_power(n: int, low: float, high: float, setting: Setting) -> float:
    """Exact power of McNemar's test: over how many change, how many of these for the better."""
    changing = setting.changing or low * (1 - high) + high * (1 - low)
    if changing < high - low:
        raise MethodError("changing", "must be at least the difference to be seen", str(changing))
    better = (changing + high - low) / (2 * changing)
    won = _won(1 << max(n, 63).bit_length(), setting.tail, better)[: n + 1]
    return float(binom.pmf(np.arange(n + 1), n, changing) @ won)


@lru_cache(maxsize=64)
def _won(size: int, tail: float, better: float) -> FloatArray:
    """The chance that the exact test speaks up when 0, 1, … people change."""
    count = np.arange(size)
    cut = binom.isf(tail * (1 + 1e-12), count, 0.5)
    won: FloatArray = np.where(count > 0, binom.sf(cut, count, better), 0.0)
    return won


def _fisher_power(n: int, low: float, high: float, tail: float) -> float:
    """Exact power of Fisher's one-sided test at level `tail` with n people per arm."""
    totals = np.arange(2 * n + 1)
    cut = hypergeom.isf(tail * (1 + 1e-12), 2 * n, totals, n)  # successes in the arm with the innovation
    x = np.arange(n + 1)
    first, second = binom.pmf(x, n, high), binom.pmf(x, n, low)
    wins: FloatArray = (x[:, None] > cut[x[:, None] + x]).astype(np.float64)
    return float(first @ wins @ second)


def _least(low: float, high: float, setting: Setting) -> int:
    """The least n with the power wanted. Exact powers rise in saw-teeth, so every n is looked at."""
    if setting.design == "one-sample":
        return _least_of_one(low, high, setting)
    if setting.design == "paired":
        return _first(low, high, setting, 1, LARGEST_EXACT)
    reach = norm.isf(setting.tail) + norm.ppf(setting.power)
    formula = 2.0 * (reach / (_angle(high) - _angle(low))) ** 2
    if setting.method == "fisher":  # more careful than the formula, so it never needs much less
        return _first(low, high, setting, max(1, math.floor(0.75 * formula)), LARGEST_EXACT)
    n = max(1, math.ceil(float(formula) - 1e-9))
    while n > 1 and power_of(n - 1, low, high, setting) >= setting.power - 1e-12:
        n -= 1  # the far tail of a two-sided test can save one
    return n


def _least_of_one(low: float, high: float, setting: Setting) -> int:
    first = 1
    for last in (100, 1_000, LARGEST):
        n = np.arange(first, last + 1)
        cut = binom.isf(setting.tail * (1 + 1e-12), n, low)
        enough = np.flatnonzero(binom.sf(cut, n, high) >= setting.power - 1e-12)
        if len(enough):
            return int(n[enough[0]])
        first = last + 1
    return _too_near(LARGEST)


def _first(low: float, high: float, setting: Setting, start: int, last: int) -> int:
    for n in range(start, last + 1):
        if power_of(n, low, high, setting) >= setting.power - 1e-12:
            return n
    return _too_near(last)


def _too_near(last: int) -> int:
    raise MethodError("target", f"is too near the baseline: over {last} people would be needed")


def _detect(n: int, low: float, setting: Setting) -> float | None:
    """The least share above `low` with the power wanted, None when even 1 does not reach it."""
    if setting.design == "one-sample":
        cut = critical(n, low, setting.tail)
        return float(beta.ppf(setting.power, cut, n - cut + 1)) if cut <= n else None
    top = 1.0 - 1e-9
    if setting.changing is not None and setting.design == "paired":
        top = min(top, low + setting.changing)
    if power_of(n, low, top, setting) < setting.power:
        return None
    found: float = brentq(lambda p: power_of(n, low, p, setting) - setting.power, low + 1e-12, top)
    return found
