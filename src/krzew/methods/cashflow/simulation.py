"""Will the cooperative live: thousands of futures of one plan, and what they say."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..record import DEFAULT_SEED, FloatArray, IntArray, Provenance, data_hash, stamp, streams
from ..work import Progress, Stop, Work, spread
from .book import Cliff, Ledger, from_draft
from .draft import draft
from .kernel import LANES, YEAR, draw_demand, run_lanes
from .law import Unverified, fingerprint
from .levers import NEUTRAL, Levers
from .model import Model, bare, model
from .plan import Plan
from .sentences import explain_simulation
from .units import whole

BLOCK = 20_000
TRACKED_BLOCKS = 2
"""Cash by month is kept for the paths of the first blocks only: 40,000 give every quantile within ±0.3 points."""

Z = 1.959963984540054
END_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
WORST = 0.05


class Block(NamedTuple):
    """One block of work: the model, its own random stream, how many paths, whether their cash is tracked."""

    model: Model
    random: np.random.Generator
    size: int
    tracked: bool


@dataclass(frozen=True, eq=False)
class Paths:
    """Raw outcome of each path, in grosze: lowest and last cash (n,), first month under the floor and of
    break-even (n,), T for none; cash by month (T, k) of the first k paths."""

    lowest: FloatArray
    end: FloatArray
    first: IntArray
    break_even: IntArray
    tracked: FloatArray
    stopped: bool = False


@dataclass(frozen=True, eq=False)
class Insolvency:
    """Probability of having run out of money by the end of each month (T,), with 95 % Wilson limits."""

    probability: FloatArray
    low: FloatArray
    high: FloatArray


@dataclass(frozen=True, eq=False)
class Simulation:
    """What the futures say; amounts in PLN, arrays (T,) by month, (n,) by path.

    `insolvency` (with `insolvency_low` and `insolvency_high`, 95 % Wilson) is the probability that cash has
    been under the credit line at some month's end so far. `expected_shortfall`: debt at the lowest point, mean
    of the worst 5 % of paths. `shortfall_when_insolvent`: mean amount missing beyond the credit line on the
    paths that run out. `liquidity_gap`: the credit that is enough on 95 % of paths. `break_even_month`: the
    month by which half of the paths have reached a lasting break-even (None: fewer do), `break_even_share`
    those that reach it within the plan. Quantiles by month are of the first 40,000 paths.
    """

    plan: Plan
    ledger: Ledger
    paths: int
    insolvency: FloatArray
    insolvency_low: FloatArray
    insolvency_high: FloatArray
    cash_p5: FloatArray
    cash_median: FloatArray
    cash_p95: FloatArray
    end_cash: dict[float, float]
    expected_shortfall: float
    shortfall_when_insolvent: float
    liquidity_gap: float
    liquidity_gap_median: float
    break_even_month: str | None
    break_even_share: float
    lowest: FloatArray
    end: FloatArray
    first_breach: IntArray
    stopped: bool
    provenance: Provenance

    @property
    def months(self) -> tuple[str, ...]:
        return self.plan.labels

    @property
    def probability(self) -> float:
        """Probability of running out of money within the plan."""
        return float(self.insolvency[-1])

    @property
    def interval(self) -> tuple[float, float]:
        """Its 95 % Wilson interval."""
        return float(self.insolvency_low[-1]), float(self.insolvency_high[-1])

    @property
    def cliffs(self) -> tuple[Cliff, ...]:
        return self.ledger.cliffs

    @property
    def unverified(self) -> tuple[Unverified, ...]:
        """Law values used without verification."""
        return self.ledger.unverified

    @cached_property
    def critical_month(self) -> str | None:
        """The month in which most of the failing paths first run out."""
        if self.probability == 0:
            return None
        return self.months[int(np.argmax(np.diff(self.insolvency, prepend=0.0)))]

    def explain(self, lang: str = "pl") -> tuple[str, ...]:
        """The result in plain Polish or English. Raises `MethodError` for another language."""
        return explain_simulation(self, lang)


def simulate(
    plan: Plan,
    paths: int = 20_000,
    seed: int = DEFAULT_SEED,
    threads: int = 1,
    *,
    levers: Levers = NEUTRAL,
    executor: Executor | None = None,
    time_limit: float | None = None,
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> Simulation:
    """Simulate a plan on `paths` futures; the same seed gives the same bits on any number of threads.

    Demand is log-normal around the plan with mean 1 (corrected by -sigma²/2) and AR(1) in time; buyers may
    be lost. Ended early by `time_limit` or `stop`, the result rests on the paths done so far (`paths`,
    `stopped`). Raises `MethodError` as `ledger` does.
    """
    work = draft(plan, levers)
    found = run(
        model(work),
        paths,
        seed,
        threads,
        executor=executor,
        work=Work(time_limit, progress, stop),
    )
    parameters = {"paths": len(found.end), "levers": asdict(levers)}
    stamped = stamp("cashflow", seed, data_hash(plan, fingerprint()), parameters)
    return _summed_up(plan, from_draft(work), found, stamped)


def run(
    arrays: Model,
    paths: int,
    seed: int = DEFAULT_SEED,
    threads: int = 1,
    *,
    executor: Executor | None = None,
    work: Work | None = None,
) -> Paths:
    """Paths of a model, in blocks of 20,000 with a random stream each. At least the first block is done."""
    count, threads = whole("paths", paths, 1, 1_000_000_000), whole("threads", threads, 1, 1024)
    clock = work or Work()
    sizes = [min(BLOCK, count - start) for start in range(0, count, BLOCK)]
    blocks = [
        Block(arrays, random, size, i < TRACKED_BLOCKS)
        for i, (random, size) in enumerate(zip(streams(seed, len(sizes)), sizes, strict=True))
    ]
    done = []
    with _pool(executor, min(threads, len(blocks))) as pool:
        for result in spread(run_block, blocks, pool):
            done.append(result)
            clock.report(len(done) / len(blocks), "paths")
            if clock.over:
                break
    return _joined(done, stopped=len(done) < len(blocks))


@contextmanager
def _pool(executor: Executor | None, threads: int) -> Iterator[Executor | None]:
    if executor is not None or threads == 1:
        yield executor
        return
    with ThreadPoolExecutor(threads) as own:
        yield own
        own.shutdown(cancel_futures=True)


def run_block(block: Block) -> tuple[FloatArray, FloatArray]:
    """One block on the kernel: summary (4, n) as `run_lanes` leaves it, tracked cash (T, k)."""
    sizes = [min(LANES, block.size - first) for first in range(0, block.size, LANES)]
    parts = [_run_lanes(block.model, block.random, size, size if block.tracked else 0) for size in sizes]
    summary, tracked = (np.concatenate(rows, axis=1) for rows in zip(*parts, strict=True))
    return summary, tracked


def _run_lanes(
    arrays: Model, random: np.random.Generator, size: int, track: int
) -> tuple[FloatArray, FloatArray]:
    levels, tracked = np.empty((len(arrays.drivers), arrays.months, size)), np.empty((arrays.months, track))
    draw_demand(random, arrays.drivers, arrays.rho, levels)
    np.exp(levels, out=levels)
    start = np.array([[np.inf], [arrays.cash], [arrays.months], [-1.0]])
    summary = np.repeat(start, size, axis=1)
    scalars = (arrays.floor, arrays.millionths, arrays.noise, arrays.vat_delay)
    fixed = (arrays.steady, arrays.flows, arrays.terms, arrays.risk, scalars)
    run_lanes(random, *fixed, levels, summary, tracked)
    return summary, tracked


def _joined(done: list[tuple[FloatArray, FloatArray]], stopped: bool) -> Paths:
    summary, tracked = (np.concatenate(parts, axis=1) for parts in zip(*done, strict=True))
    first, last = summary[2].astype(np.int64), summary[3].astype(np.int64)
    even = np.maximum(last + 1, YEAR - 1) if len(tracked) >= YEAR else np.full_like(last, len(tracked))
    return Paths(summary[0], summary[1], first, even, tracked, stopped)


def by_month(first: IntArray, months: int) -> Insolvency:
    """Shares of paths whose `first` month under the floor has come by each of `months`, with Wilson limits."""
    hits = np.bincount(first, minlength=months + 1)[:months].cumsum()
    return Insolvency(hits / len(first), *wilson(hits, len(first)))


def wilson(hits: npt.ArrayLike, count: int) -> tuple[FloatArray, FloatArray]:
    """95 % Wilson limits of a share (Wilson 1927)."""
    p, z2 = np.asarray(hits, dtype=np.float64) / count, Z * Z
    middle = (p + z2 / (2 * count)) / (1 + z2 / count)
    half = Z / (1 + z2 / count) * np.sqrt(p * (1 - p) / count + z2 / (4 * count * count))
    return np.where(p == 0, 0.0, middle - half), np.where(p == 1, 1.0, middle + half)


def ruin(
    flow: npt.ArrayLike,
    noise: float,
    cash: float = 0.0,
    credit_line: float = 0.0,
    paths: int = 100_000,
    seed: int = DEFAULT_SEED,
    threads: int = 1,
) -> Insolvency:
    """Probability that a random walk has fallen below a barrier by each month, on the kernel of `simulate`.

    `flow` (T,) is the mean net flow of each month and `noise` its normal standard deviation, in PLN. Raises
    `MethodError` for figures that are not finite.
    """
    arrays = bare(flow, noise, cash, credit_line)
    return by_month(run(arrays, paths, seed, threads).first, arrays.months)


def _summed_up(plan: Plan, book: Ledger, found: Paths, stamped: Provenance) -> Simulation:
    risk = by_month(found.first, plan.months)
    low, median, high = np.quantile(found.tracked, (0.05, 0.5, 0.95), axis=1) / 100
    end = np.quantile(found.end, END_QUANTILES) / 100
    gap_median, gap = np.maximum(0.0, -np.quantile(found.lowest, (0.5, WORST))) / 100
    month, share = _break_even(plan, found.break_even)
    return Simulation(
        plan=plan,
        ledger=book,
        paths=len(found.end),
        insolvency=risk.probability,
        insolvency_low=risk.low,
        insolvency_high=risk.high,
        cash_p5=low,
        cash_median=median,
        cash_p95=high,
        end_cash=dict(zip(END_QUANTILES, end.tolist(), strict=True)),
        expected_shortfall=_expected_shortfall(found.lowest),
        shortfall_when_insolvent=_beyond(plan, found),
        liquidity_gap=float(gap),
        liquidity_gap_median=float(gap_median),
        break_even_month=month,
        break_even_share=share,
        lowest=found.lowest / 100,
        end=found.end / 100,
        first_breach=found.first,
        stopped=found.stopped,
        provenance=stamped,
    )


def _expected_shortfall(lowest: FloatArray) -> float:
    count = max(1, int(np.ceil(WORST * len(lowest))))
    worst = np.partition(lowest, count - 1)[:count]
    return float(np.maximum(0.0, -worst).mean() / 100)


def _beyond(plan: Plan, found: Paths) -> float:
    """Mean amount missing at the lowest point beyond the credit line, on the paths that run out."""
    failed = found.lowest[found.first < plan.months] / 100
    limit = float(plan.buffer) - float(plan.credit_line)
    return float((limit - failed).mean()) if failed.size else 0.0


def _break_even(plan: Plan, months: IntArray) -> tuple[str | None, float]:
    reached = np.bincount(months, minlength=plan.months + 1)[: plan.months].cumsum() / len(months)
    half = np.flatnonzero(reached >= 0.5)
    return (plan.labels[half[0]] if half.size else None), float(reached[-1])
