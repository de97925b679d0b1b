"""Placebo tests of a panel: the same change given to other places, over and over."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np

from ..record import BoolArray, FloatArray, IntArray, streams
from ..work import Work, spread
from .panel import Panel
from .permutation import Permutation, permutation_test
from .staggered import GroupTime, loads

BLOCK, MOST_DRAWS, LOOKUPS = 500, 9_999, 20_000_000

Part = tuple[FloatArray, IntArray, int, int]


@dataclass(frozen=True, eq=False)
class Draws:
    """How many regroupings (None: by size, 0: none), from which seed, watched and spread how."""

    count: int | None
    seed: int
    work: Work
    executor: Executor | None


def placebo_of_effect(
    panel: Panel, pairs: GroupTime, method: str, control: str, draws: Draws
) -> Permutation | None:
    """The placebo test of the average effect; None when it cannot be made.

    Whole clusters change places. With one wave and unit and time effects every grouping is tried where that
    is possible; several waves are dealt out at random, which needs units that are clusters themselves.
    """
    if draws.count == 0:
        return None
    if method == "within":
        return _one_wave(panel, draws)
    if int(panel.clusters.max()) + 1 != len(panel.wave):
        return None
    times = np.arange(panel.outcome.shape[1])
    on = (times[None] >= panel.wave[:, None]).astype(np.float64)
    chosen = pairs.event >= 0
    both = [loads(panel, values, pairs, chosen, control) for values in (panel.outcome, on)]
    drawn, own = _regrouped(panel, np.array(both), draws)
    first, slope = np.concatenate([own[None], drawn]).T
    tolerance = 1e-10 * float(np.abs(panel.outcome).max())
    p = float((np.abs(first) >= abs(own[0]) - tolerance).mean())
    return Permutation(p, 1 / len(first), len(drawn), False, first, slope, (float(own[0]), float(own[1])))


def placebo_of_trend(panel: Panel, pairs: GroupTime, control: str, draws: Draws) -> float | None:
    """p-value of the largest effect before the change; None when units are not clusters themselves."""
    if draws.count == 0 or int(panel.clusters.max()) + 1 != len(panel.wave):
        return None
    events = [event for event in np.unique(pairs.event) if event < -1]
    parts = [loads(panel, panel.outcome, pairs, pairs.event == event, control) for event in events]
    drawn, own = _regrouped(panel, np.array(parts), draws)
    tolerance = 1e-10 * float(np.abs(panel.outcome).max())
    hits = (np.abs(drawn).max(axis=1) >= np.abs(own).max() - tolerance).sum()
    return float((1 + hits) / (1 + len(drawn)))


def _one_wave(panel: Panel, draws: Draws) -> Permutation | None:
    """With unit and time effects the effect is the difference of mean changes, after less before."""
    wave = panel.waves[0]
    change = panel.outcome[:, wave:].mean(axis=1) - panel.outcome[:, :wave].mean(axis=1)
    groups = int(panel.clusters.max()) + 1
    changed: BoolArray = np.bincount(panel.clusters, panel.ever, groups) == np.bincount(panel.clusters)
    mixed = np.bincount(panel.clusters, panel.ever, groups)[~changed].any()
    if mixed or changed.all():
        return None
    alone = groups == len(panel.wave)
    return permutation_test(
        change,
        panel.ever.astype(np.float64),
        panel.ever if alone else changed,
        None if alone else panel.clusters,
        draws=draws.count,
        seed=draws.seed,
        work=draws.work,
        executor=draws.executor,
    )


def _regrouped(panel: Panel, load: FloatArray, draws: Draws) -> tuple[FloatArray, FloatArray]:
    """Averages (draws, m) under random regrouping, and the real ones (m,)."""
    role = np.unique(panel.wave, return_inverse=True)[1]
    units = len(role)
    count = draws.count or int(np.clip(LOOKUPS // units, 999, MOST_DRAWS))
    sizes = [min(BLOCK, count - done) for done in range(0, count, BLOCK)]
    states = [int(stream.integers(2**63)) for stream in streams(draws.seed, len(sizes))]
    parts: list[Part] = [(load, role, size, state) for size, state in zip(sizes, states, strict=True)]
    done: list[FloatArray] = []
    for block in spread(regroup_block, parts, draws.executor):
        done.append(block)
        draws.work.report(len(done) / len(parts), "placebo")
        if draws.work.over:
            break
    return np.concatenate(done), load[:, np.arange(units), role].sum(axis=1)


def regroup_block(part: Part) -> FloatArray:
    """One block: averages (draws, m) of loads (m, units, roles) with units dealt out to the roles anew."""
    load, role, count, state = part
    order = np.random.default_rng(state).permuted(np.tile(np.arange(len(role)), (count, 1)), axis=1)
    return np.stack([one[order, role[None]].sum(axis=1) for one in load], axis=1)
