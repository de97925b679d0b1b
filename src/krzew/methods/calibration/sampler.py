"""Posterior of the crossed model by Gibbs steps, each drawn exactly from its conditional distribution.

score = mean + idea - severity + noise. Per sweep: the ideas given the severities, the severities given the
ideas, each standard deviation twice (once given its effects, once given its effects divided by it: the two
views mix where the other is slow, Yu and Meng 2011), and a shift of level between ideas, severities and mean,
which no score can see. A uniform standard deviation makes the variance an inverse gamma, cut at the limit.
"""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass, replace

import numpy as np
from numba import njit

from ..record import FloatArray, IntArray, streams
from ..work import Work, spread
from .priors import FLOOR, Priors
from .scores import Scores

ROUNDS = 10
Kept = tuple[FloatArray, FloatArray, FloatArray]
"""Draws of ideas, assessors and what all share, by sweep."""

TRIES = 20
"""Attempts at a draw within the limit before the old value is kept; the kernel stays exact, since the
chance to give up does not depend on the old value."""


@dataclass(frozen=True, eq=False)
class Draws:
    """Posterior draws: `effect` (chains, draws, ideas), `leniency` (chains, draws, assessors), and by draw
    (chains, draws, 4) the mean and the standard deviations of ideas, severity and noise. Inner order."""

    effect: FloatArray
    leniency: FloatArray
    common: FloatArray
    complete: bool = True
    independent: bool = False


@dataclass(frozen=True, eq=False)
class Chain:
    """One chain where it stands, with its own random stream."""

    data: tuple[IntArray, IntArray, FloatArray]
    rules: tuple[float, float, bool, bool]
    effect: FloatArray
    leniency: FloatArray
    common: FloatArray
    stream: np.random.Generator
    keep: int
    skip: int = 0


@njit(cache=True, nogil=True)
def _variance(
    stream: np.random.Generator, squares: float, count: int, limit: float, split: bool, old: float
) -> float:
    """A variance whose standard deviation is uniform below `limit` (or the root of two such squares)."""
    shape = 0.5 * (count - 2 if split else count - 1)
    top = limit * limit
    for _ in range(TRIES):
        new: float = 0.5 * squares / stream.standard_gamma(shape)
        if new <= top:
            return new
        if split and new < 2.0 * top:  # the arc of the circle that lies within the square of both limits
            inside = 1.0 - 4.0 / np.pi * np.arccos(limit / np.sqrt(new))
            if stream.random() < inside:
                return new
    return old


@njit(cache=True, nogil=True)
def _rescale(
    stream: np.random.Generator,
    effect: FloatArray,
    sums: FloatArray,
    counts: FloatArray,
    noise: float,
    variance: float,
    limit: float,
) -> float:
    """Draw the standard deviation again with effect / sd held fixed; its sign falls to the effects."""
    sd = np.sqrt(variance)
    cross, square = 0.0, 0.0
    for i in range(len(effect)):
        unit = effect[i] / sd
        cross += unit * sums[i]
        square += counts[i] * unit * unit
    for _ in range(TRIES):
        new: float = cross / square + np.sqrt(noise / square) * stream.standard_normal()
        if FLOOR * limit <= abs(new) <= limit:
            effect *= new / sd
            return new * new
    return variance


@njit(cache=True, nogil=True)
def _effects(
    stream: np.random.Generator,
    effect: FloatArray,
    sums: FloatArray,
    counts: FloatArray,
    noise: float,
    variance: float,
) -> float:
    """Draw effects given the sums of what remains; returns their sum of squares."""
    squares = 0.0
    for i in range(len(effect)):
        precision = counts[i] / noise + 1.0 / variance
        effect[i] = sums[i] / (noise * precision) + stream.standard_normal() / np.sqrt(precision)
        squares += effect[i] * effect[i]
    return squares


@njit(cache=True, nogil=True)
def _shift(stream: np.random.Generator, effect: FloatArray, variance: float) -> float:
    """How much of the level of the effects goes to a mean with a flat prior."""
    step: float = effect.mean() + np.sqrt(variance / len(effect)) * stream.standard_normal()
    effect -= step
    return step


@njit(cache=True, nogil=True)
def _level(
    stream: np.random.Generator, effect: FloatArray, leniency: FloatArray, common: FloatArray, fixed: bool
) -> None:
    """Move the common level between ideas, severities and mean: no score sees it, the priors decide."""
    idea, other = common[1] ** 2, common[2] ** 2
    if fixed:
        precision = len(effect) / idea + len(leniency) / other
        step = (leniency.sum() / other - effect.sum() / idea) / precision
        step += stream.standard_normal() / np.sqrt(precision)
        effect += step
        leniency -= step
    else:
        common[0] += _shift(stream, effect, idea)
        common[0] += _shift(stream, leniency, other)


@njit(cache=True, nogil=True)
def _counted(start: IntArray, assessor: IntArray, assessors: int) -> tuple[FloatArray, FloatArray]:
    """Scores per idea and per assessor."""
    counts, loads = np.zeros(len(start) - 1), np.zeros(assessors)
    for i in range(len(counts)):
        counts[i] = start[i + 1] - start[i]
    for j in assessor:
        loads[j] += 1.0
    return counts, loads


@njit(cache=True, nogil=True)
def _by_idea(
    start: IntArray,
    assessor: IntArray,
    value: FloatArray,
    mean: float,
    leniency: FloatArray,
    sums: FloatArray,
) -> None:
    """Sums per idea of what the mean and the severities leave."""
    for i in range(len(sums)):
        total = 0.0
        for k in range(start[i], start[i + 1]):
            total += value[k] - mean - leniency[assessor[k]]
        sums[i] = total


@njit(cache=True, nogil=True)
def _by_assessor(
    start: IntArray, assessor: IntArray, value: FloatArray, mean: float, effect: FloatArray, sums: FloatArray
) -> float:
    """Sums per assessor of what the mean and the ideas leave; returns the sum of their squares."""
    sums[:] = 0.0
    rest = 0.0
    for i in range(len(effect)):
        for k in range(start[i], start[i + 1]):
            left = value[k] - mean - effect[i]
            sums[assessor[k]] += left
            rest += left * left
    return rest


@njit(cache=True, nogil=True)
def _run(
    stream: np.random.Generator,
    start: IntArray,
    assessor: IntArray,
    value: FloatArray,
    limit: float,
    severity_sd: float,
    split: bool,
    fixed: bool,
    effect: FloatArray,
    leniency: FloatArray,
    common: FloatArray,
    effects: FloatArray,
    leniencies: FloatArray,
    commons: FloatArray,
    skip: int,
) -> None:
    """Sweeps of one chain; the state is changed in place, `skip` sweeps go before the ones that are kept."""
    n, m = len(effect), len(leniency)
    floor = (FLOOR * limit) ** 2  # only met when the scores fit without any noise
    counts, loads = _counted(start, assessor, m)
    sums, others = np.zeros(n), np.zeros(m)
    for sweep in range(skip + len(effects)):
        noise = common[3] ** 2
        _by_idea(start, assessor, value, common[0], leniency, sums)
        squares = _effects(stream, effect, sums, counts, noise, common[1] ** 2)
        variance = max(_variance(stream, squares, n, limit, False, common[1] ** 2), floor)
        common[1] = np.sqrt(_rescale(stream, effect, sums, counts, noise, variance, limit))
        rest = _by_assessor(start, assessor, value, common[0], effect, others)
        squares = _effects(stream, leniency, others, loads, noise, common[2] ** 2)
        if severity_sd <= 0:
            variance = max(_variance(stream, squares, m, limit, False, common[2] ** 2), floor)
            common[2] = np.sqrt(_rescale(stream, leniency, others, loads, noise, variance, limit))
        for j in range(m):
            rest += leniency[j] * (loads[j] * leniency[j] - 2.0 * others[j])
        common[3] = np.sqrt(max(_variance(stream, max(rest, 0.0), len(value), limit, split, noise), floor))
        _level(stream, effect, leniency, common, fixed)
        if sweep >= skip:
            effects[sweep - skip] = effect
            leniencies[sweep - skip] = leniency
            commons[sweep - skip] = common


def advance(chain: Chain) -> tuple[Chain, Kept]:
    """Run one chain on by `skip` and then `keep` sweeps; returns where it stands and what was kept."""
    effect, leniency, common = chain.effect.copy(), chain.leniency.copy(), chain.common.copy()
    effects, leniencies, commons = (np.empty((chain.keep, len(x))) for x in (effect, leniency, common))
    start, assessor, value = chain.data
    state, kept = (effect, leniency, common), (effects, leniencies, commons)
    _run(chain.stream, start, assessor, value, *chain.rules, *state, *kept, chain.skip)
    return replace(chain, effect=effect, leniency=leniency, common=common), kept


def sample(
    scores: Scores,
    priors: Priors,
    chains: int,
    draws: int,
    warm_up: int,
    seed: int,
    work: Work,
    executor: Executor | None = None,
) -> Draws:
    """Draws of all chains; between rounds the work may be stopped, and what is there is returned."""
    states = [_start(scores, priors, stream) for stream in streams(seed, chains)]
    sizes = [len(part) for part in np.array_split(np.arange(draws), min(ROUNDS, draws))]
    kept: list[list[FloatArray]] = []
    for turn, size in enumerate(sizes):
        todo = [replace(s, keep=size, skip=0 if turn else warm_up) for s in states]
        done: list[tuple[Chain, Kept]] = list(spread(advance, todo, executor))
        states = [state for state, _ in done]
        kept.append([np.stack(parts) for parts in zip(*(part for _, part in done), strict=True)])
        work.report((turn + 1) / len(sizes), "calibration")
        if work.over:
            break
    effect, leniency, common = (np.concatenate(parts, axis=1) for parts in zip(*kept, strict=True))
    return Draws(effect, leniency, common, len(kept) == len(sizes))


def _start(scores: Scores, priors: Priors, stream: np.random.Generator) -> Chain:
    """Each chain starts elsewhere: overdispersed around the plain means, so that R-hat can tell."""
    n, m = len(scores.ideas), len(scores.assessors)
    mean = centre(scores)
    data = (np.searchsorted(scores.idea, np.arange(n + 1)), scores.assessor, scores.value)
    rules = (priors.limit, priors.severity_sd or 0.0, priors.split_noise, priors.fixed_mean)
    spreads = stream.uniform(0.1, 0.6, 3) * priors.limit
    spreads[1] = priors.severity_sd or spreads[1]
    means = np.bincount(scores.idea, scores.value, n) / scores.counts
    effect = means - mean + spreads[2] * stream.standard_normal(n)
    leniency = spreads[1] * stream.standard_normal(m)
    return Chain(data, rules, effect, leniency, np.array([mean, *spreads]), stream, 0)


def centre(scores: Scores) -> float:
    """The mean of the ideas' means: an idea read more often does not weigh more."""
    return float((np.bincount(scores.idea, scores.value) / scores.counts).mean())
