"""Speed of `krzew.methods.cashflow` beside the usual way: NumPy arrays of (paths, months), in the same run.

One buyer with AR(1) log-normal demand, a month of half the sales with probability 1 %, payment after two
months. Both must tell the same story (within the error of their paths) before their time is compared.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from bench.methods_speed import row, timed
from krzew.methods import cashflow
from krzew.methods.cashflow.draft import draft
from krzew.methods.cashflow.model import EARNED, LATE, NOW, Model, model
from krzew.methods.cashflow.simulation import run as run_paths

MONTHS, MANY, FEW = 60, 1_000_000, 10_000
SEASON = ("0.92", "0.94", 1, "1.03", "1.06", "1.08", "1.02", "0.96", "1.05", "1.06", 1, "0.9")


def plan() -> cashflow.Plan:
    buyer = cashflow.Buyer(
        "firm",
        monthly=46_000,
        season=SEASON,
        ramp_start="0.45",
        ramp_months=24,
        delay=2,
        variable_share="0.18",
        sigma=0.18,
        loss=0.01,
        loss_left=0.5,
        loss_months=1,
    )
    return cashflow.Plan(
        "bench",
        "2025-01",
        MONTHS,
        cash=120_000,
        credit_line=30_000,
        rho=0.6,
        buyers=(buyer,),
        costs=(cashflow.Cost("all", 30_000),),
        grants=(cashflow.Grant("start", "2025-04", 90_000),),
    )


def naive(arrays: Model, paths: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Lowest and last cash, first month of breach and of a lasting break-even of each path, with whole
    (paths, months) arrays; in grosze."""
    random, (_, sigma, half) = np.random.default_rng(seed), arrays.drivers[0]
    rho, delay, flows = arrays.rho[0], int(arrays.terms[0, 0]), arrays.flows[0]
    noise, shock = random.standard_normal((paths, MONTHS)), random.random((paths, MONTHS))
    mood = np.empty((paths, MONTHS))
    mood[:, 0] = noise[:, 0]
    for t in range(1, MONTHS):
        mood[:, t] = rho * mood[:, t - 1] + np.sqrt(1 - rho**2) * noise[:, t]
    level = np.exp(sigma * mood - half) * np.where(
        shock < -np.expm1(arrays.risk[0, 0]), arrays.risk[0, 1], 1.0
    )
    income = np.zeros((paths, MONTHS))
    income[:, delay:] = (level * flows[:, LATE])[:, :-delay]
    cash = arrays.cash + np.cumsum(arrays.steady[:, 0] + income + level * flows[:, NOW], axis=1)
    under = cash < arrays.floor
    first = np.where(under.any(axis=1), under.argmax(axis=1), MONTHS)
    result = np.cumsum(arrays.steady[:, 1] + level * flows[:, EARNED], axis=1)
    year = result[:, 11:].copy()
    year[:, 1:] -= result[:, :-12]
    loss = year < 0
    last = np.where(loss.any(axis=1), MONTHS - 12 - loss[:, ::-1].argmax(axis=1), -1)
    return cash.min(axis=1), cash[:, -1], first, np.where(last == MONTHS - 12, MONTHS, last + 12)


def apart(arrays: Model, ours: cashflow.Paths, peer: tuple[np.ndarray, ...]) -> float:
    """The largest gap between the two, in standard errors; over 5 they do not tell the same story."""
    lowest, end, first, even = peer
    n, gaps = len(end), []
    pairs = [
        (ours.first < MONTHS, first < MONTHS),
        (ours.first < 24, first < 24),
        (ours.break_even < MONTHS, even < MONTHS),
    ]
    for a, b in pairs:
        share = (a.mean() + b.mean()) / 2
        gaps.append(abs(a.mean() - b.mean()) / np.sqrt(2 * share * (1 - share) / n))
    for a, b in ((ours.end, end), (ours.lowest, lowest)):
        gaps.append(abs(a.mean() - b.mean()) / np.sqrt((a.var() + b.var()) / n))
        gaps.append(abs(a.std() - b.std()) / np.sqrt((a.var() + b.var()) / n))
    worst = float(max(gaps))
    if worst > 5:
        raise AssertionError(f"the simulations differ by {worst:.1f} standard errors")
    return worst


def many() -> list[dict[str, Any]]:
    """A million futures of 60 months: the kernel alone and with its summary, on one thread and two."""
    whole = plan()
    arrays = model(draft(whole))
    peer_time, peer = timed(lambda: naive(arrays, MANY, 2), 1)
    gap = apart(arrays, run_paths(arrays, MANY, 1, 2), peer)
    del peer
    rows = []
    for threads, required in ((1, None), (2, 15)):
        ours, _ = timed(lambda threads=threads: run_paths(arrays, MANY, 1, threads), 5)
        target = {} if required is None else {"required_ratio": required, "met": peer_time / ours >= required}
        name = f"cash futures, {threads} thread{'s' * (threads > 1)}"
        rows.append(_row(name, ours, peer_time, gap, MANY, **target))
    full, _ = timed(lambda: cashflow.simulate(whole, MANY, 1, 2), 5)
    rows.append(_row("cash futures with ledger and summary, 2 threads", full, peer_time, gap, MANY))
    return rows


def few() -> list[dict[str, Any]]:
    """What one question of an adviser takes."""
    whole = plan()
    arrays = model(draft(whole))
    peer_time, peer = timed(lambda: naive(arrays, FEW, 2), 20)
    ours, found = timed(lambda: run_paths(arrays, FEW, 1), 50)
    return [_row("cash futures, 1 thread", ours, peer_time, apart(arrays, found, peer), FEW)]


def _row(name: str, ours: float, peer_time: float, gap: float, paths: int, **more: Any) -> dict[str, Any]:
    size = f"{paths} paths x {MONTHS} months"
    found = row(name, ours, peer_time, **more)
    return {**found, "peer": "NumPy (paths, months)", "size": size, "standard_errors_apart": gap}


def run() -> list[dict[str, Any]]:
    """Every measurement of this module."""
    return [*few(), *many()]


if __name__ == "__main__":
    for line in run():
        print(line)
