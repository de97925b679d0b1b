"""What matters most: one lever at a time (tornado), and all at once (Sobol indices)."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass
from typing import NamedTuple

import numpy as np

from ..record import DEFAULT_SEED, FloatArray, MethodError, Provenance, data_hash, stamp
from ..work import Progress, Stop, Work, spread
from .book import settle
from .draft import draft
from .law import fingerprint
from .levers import NEUTRAL, SHIFTS, Levers, check_lever
from .model import model
from .plan import Plan
from .sentences import explain_tornado
from .simulation import run
from .units import at_least, whole

TARGETS = ("end_cash", "lowest_cash", "insolvency")
RESAMPLES = 200


@dataclass(frozen=True)
class Factor:
    """A lever between a low and a high value; equally likely in between for Sobol indices."""

    lever: str
    low: float
    high: float

    def __post_init__(self) -> None:
        check_lever(self.lever)
        low, high = (float(at_least("Factor", x, -12, self.lever, 100)) for x in (self.low, self.high))
        if not low < high:
            raise MethodError("Factor", f"low must be below high, not {low} and {high}", self.lever)
        object.__setattr__(self, "low", low)
        object.__setattr__(self, "high", high)


FACTORS = (
    Factor("demand", 0.9, 1.1),
    Factor("price", 0.9, 1.1),
    Factor("variable_costs", 0.9, 1.1),
    Factor("fixed_costs", 0.9, 1.1),
    Factor("wages", 0.9, 1.1),
    Factor("subsidies", 0.9, 1.1),
    Factor("delay", -1, 1),
    Factor("subsidy_delay", -1, 1),
    Factor("sigma", 0.5, 1.5),
    Factor("loss", 0.5, 1.5),
)
"""Ten per cent either way, a month earlier or later, half more or less uncertainty: a judgement, for a start."""


@dataclass(frozen=True)
class Bar:
    """One lever of a tornado: the target at its low and high value."""

    lever: str
    low: float
    high: float
    at_low: float
    at_high: float

    @property
    def swing(self) -> float:
        return abs(self.at_high - self.at_low)


@dataclass(frozen=True, eq=False)
class Tornado:
    """`base` is the target as planned; `bars` by swing, largest first. `stopped`: not every lever was tried."""

    target: str
    base: float
    bars: tuple[Bar, ...]
    stopped: bool
    provenance: Provenance

    def explain(self, lang: str = "pl") -> tuple[str, ...]:
        """What helps and what hurts most, in plain Polish or English."""
        return explain_tornado(self, lang)


@dataclass(frozen=True, eq=False)
class Sobol:
    """`first`: share of the variance of the target due to a lever alone; `total`: with its interactions;
    95 % bootstrap limits of both; (d,) in the order of `levers`."""

    target: str
    levers: tuple[str, ...]
    first: FloatArray
    total: FloatArray
    first_low: FloatArray
    first_high: FloatArray
    total_low: FloatArray
    total_high: FloatArray
    provenance: Provenance


class Trial(NamedTuple):
    """Some settings of the levers (rows) to try on one plan."""

    plan: Plan
    names: tuple[str, ...]
    settings: FloatArray
    target: str
    paths: int
    seed: int


def try_out(trial: Trial) -> FloatArray:
    """The target for each row of settings; the same random numbers for all."""
    rows = [dict(zip(trial.names, row.tolist(), strict=True)) for row in trial.settings]
    return np.array([_outcome(trial, _levers(row)) for row in rows])


def _levers(values: dict[str, float]) -> Levers:
    return Levers(**{name: round(x) if name in SHIFTS else x for name, x in values.items()})  # type: ignore[arg-type]


def _outcome(trial: Trial, levers: Levers) -> float:
    work = draft(trial.plan, levers)
    if trial.target == "insolvency":
        found = run(model(work), trial.paths, trial.seed)
        return float((found.first < trial.plan.months).mean())
    cash = settle(work)[2]
    return (cash[-1] if trial.target == "end_cash" else min(cash)) / 100


def _checked(target: str, factors: Sequence[Factor]) -> tuple[Factor, ...]:
    if target not in TARGETS:
        raise MethodError("target", f"must be one of {', '.join(TARGETS)}", target)
    names = [factor.lever for factor in factors]
    if not names or len(set(names)) < len(names):
        raise MethodError("factors", "needs at least one lever, each once")
    return tuple(factors)


def tornado(
    plan: Plan,
    factors: Sequence[Factor] = FACTORS,
    target: str = "insolvency",
    paths: int = 10_000,
    seed: int = DEFAULT_SEED,
    *,
    executor: Executor | None = None,
    time_limit: float | None = None,
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> Tornado:
    """The target with each lever at its low and high value, the others as planned.

    `target`: end_cash or lowest_cash of the ledger in PLN, or the probability of insolvency within the plan
    (on `paths` futures, the same for every setting). Raises `MethodError` as `ledger` does.
    """
    levers = _checked(target, factors)
    clock = Work(time_limit, progress, stop)
    base = _outcome(Trial(plan, (), np.zeros((1, 0)), target, paths, seed), NEUTRAL)
    trials = [Trial(plan, (f.lever,), np.array([[f.low], [f.high]]), target, paths, seed) for f in levers]
    bars = []
    for factor, ends in zip(levers, spread(try_out, trials, executor), strict=False):
        low, high = np.asarray(ends).tolist()
        bars.append(Bar(factor.lever, factor.low, factor.high, low, high))
        clock.report(len(bars) / len(levers), factor.lever)
        if clock.over:
            break
    stamped = _stamp("cashflow.tornado", plan, levers, target, paths, seed)
    ordered = tuple(sorted(bars, key=lambda bar: -bar.swing))
    return Tornado(target, base, ordered, len(bars) < len(levers), stamped)


def sobol(
    plan: Plan,
    factors: Sequence[Factor] = FACTORS,
    target: str = "end_cash",
    n: int = 128,
    paths: int = 2_000,
    seed: int = DEFAULT_SEED,
    *,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Sobol:
    """First-order and total Sobol indices of the target, levers uniform and independent.

    `n` is a power of two; the plan is worked out n·(d+2) times. Saltelli (2010) by `scipy.stats.sobol_indices`.
    Raises `MethodError` for another n.
    """
    from scipy.stats import qmc, sobol_indices  # heavy: only where it is needed

    levers = _checked(target, factors)
    if whole("n", n, 2, 2**20) & (n - 1):
        raise MethodError("n", "must be a power of two", str(n))
    names, random = tuple(f.lever for f in levers), np.random.default_rng(seed)
    points = qmc.Sobol(2 * len(levers), rng=random).random(n)
    trials = [Trial(plan, names, part, target, paths, seed) for part in _designs(levers, points)]
    clock = Work(progress=progress)
    done: list[FloatArray] = []
    for part in spread(try_out, trials, executor):
        done.append(np.asarray(part))
        clock.report(len(done) / len(trials), "settings")
    a, b, ab = done[0], done[1], np.stack(done[2:])
    if np.ptp(np.concatenate([a, b])) == 0:
        raise MethodError(
            "factors", "none of the levers changes the target, so there is nothing to share out"
        )
    found = sobol_indices(func={"f_A": a[None], "f_B": b[None], "f_AB": ab[:, None]}, n=n)
    low, high = _bootstrap(a, b, ab, random)
    return Sobol(
        target=target,
        levers=names,
        first=np.asarray(found.first_order).reshape(-1),
        total=np.asarray(found.total_order).reshape(-1),
        first_low=low[0],
        first_high=high[0],
        total_low=low[1],
        total_high=high[1],
        provenance=_stamp("cashflow.sobol", plan, levers, target, paths, seed, n=n),
    )


def _designs(levers: tuple[Factor, ...], points: FloatArray) -> list[FloatArray]:
    """Settings of A, B and, for each lever, A with that lever's column from B; (n, d) each."""
    low, high = (np.array([getattr(f, end) for f in levers]) for end in ("low", "high"))
    a, b = (low + (high - low) * half for half in np.hsplit(points, 2))
    mixed = []
    for i in range(len(levers)):
        mixed.append(a.copy())
        mixed[-1][:, i] = b[:, i]
    return [a, b, *mixed]


def _bootstrap(
    a: FloatArray, b: FloatArray, ab: FloatArray, random: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """95 % percentile limits (2, d) of first and total indices over resampled points (Saltelli et al. 2010)."""
    rows = random.integers(0, len(a), (RESAMPLES, len(a)))
    both = np.concatenate([a, b])
    a, b, ab = a - both.mean(), b - both.mean(), ab - both.mean()
    variance = np.concatenate([a[rows], b[rows]], axis=1).var(axis=1)
    variance = np.where(variance > 0, variance, np.inf)
    first = (b[rows] * (ab[:, rows] - a[rows])).mean(axis=2) / variance
    total = 0.5 * ((a[rows] - ab[:, rows]) ** 2).mean(axis=2) / variance
    low, high = np.quantile(np.stack([first, total]), (0.025, 0.975), axis=2)
    return low, high


def _stamp(
    method: str, plan: Plan, factors: tuple[Factor, ...], target: str, paths: int, seed: int, **more: int
) -> Provenance:
    listed = [asdict(factor) for factor in factors]
    return stamp(
        method,
        seed,
        data_hash(plan, fingerprint()),
        {"target": target, "factors": listed, "paths": paths, **more},
    )
