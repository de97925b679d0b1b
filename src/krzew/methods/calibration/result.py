"""What the scores say once the severity of assessors is taken out."""

from __future__ import annotations

from collections.abc import Hashable
from concurrent.futures import Executor
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ..record import DEFAULT_SEED, FloatArray, IntArray, MethodError, Provenance, stamp
from ..work import Progress, Stop, Work
from .links import refuse_disconnected
from .plugin import plug_in
from .priors import Priors, choose
from .ranks import Convergence, Ranks, interval, rank, split_r_hat
from .sampler import Draws, sample
from .scores import Labels, Scores, check_scores, read_scores

BUDGET = 4_000_000
"""Draws × ideas that are kept unless `draws` is given: a second of work and 32 MB."""

FEW_LEVELS = 4
FEW_READERS = 5


@dataclass(frozen=True)
class Spread:
    """Posterior means of the standard deviations, in score points, and the reliability of one score."""

    ideas: float
    severity: float
    noise: float
    icc: float
    """Share of the variance of a single score that is due to the ideas."""


@dataclass(frozen=True, eq=False)
class Calibration:
    """Ranks and levels of ideas, severities of assessors; arrays follow `ideas` and `assessors`, which stand
    in order of first appearance. Rank 1 is the best.

    `effect` is an idea's level above the mean in score points (more is better whatever the scale), `score`
    the same as a mark on the scale of the scores, `sd` its posterior standard deviation. `severity` is how
    many points less favourable than average an assessor is. `rank_50` and `rank_90` are equal-tailed
    intervals of whole ranks with both ends included. `sucra` is 1 for an idea surely first and 0 for one
    surely last; `pcer` is 100 (expected rank - 0.5) / ideas. `fundable_probability` is the probability to be
    among the best `fundable`; None when no number was given.
    """

    ideas: Labels
    assessors: Labels
    expected_rank: FloatArray
    rank_sd: FloatArray
    rank_error: FloatArray
    rank_50: IntArray
    rank_90: IntArray
    sucra: FloatArray
    pcer: FloatArray
    effect: FloatArray
    score: FloatArray
    sd: FloatArray
    raw_mean: FloatArray
    counts: IntArray
    severity: FloatArray
    severity_sd: FloatArray
    loads: IntArray
    fundable: int | None
    fundable_probability: FloatArray | None
    at_most: FloatArray
    spread: Spread
    convergence: Convergence
    cautions: tuple[str, ...]
    draws: Draws
    """Draws in the order of `ideas` and `assessors`; `leniency` is minus severity."""
    scores: Scores
    provenance: Provenance

    @property
    def icc(self) -> float:
        """Reliability of a single score."""
        return self.spread.icc

    @property
    def order(self) -> IntArray:
        """Rows of `ideas` from the best expected rank to the worst."""
        return np.argsort(self.expected_rank, kind="stable")

    def probability_within(self, places: int) -> FloatArray:
        """The probability of each idea to be among the best `places`; shape (ideas,)."""
        return self.at_most[:, _places(places, len(self.ideas)) - 1].copy()

    def rank_interval(self, level: float) -> IntArray:
        """Equal-tailed interval of whole ranks that holds at least `level` of the draws; shape (ideas, 2)."""
        if not 0 < level < 1:
            raise MethodError("level", "must lie between 0 and 1", str(level))
        return interval(self.at_most, level)

    def row(self, idea: Hashable) -> int:
        """The row of an idea. Raises `MethodError` when it is not among them."""
        if idea not in self.ideas:
            raise MethodError("idea", "is not among the ideas scored", str(idea))
        return self.ideas.index(idea)

    def explain(self, lang: str = "pl") -> tuple[str, ...]:
        """The result in plain sentences, Polish or English."""
        from .words import explain

        return explain(self, lang)


def calibrate(
    ideas: npt.ArrayLike,
    assessors: npt.ArrayLike,
    scores: npt.ArrayLike,
    *,
    fundable: int | None = None,
    places: int | None = None,
    priors: str | Priors = "default",
    method: str = "gibbs",
    higher_is_better: bool = True,
    chains: int = 4,
    draws: int | None = None,
    warm_up: int | None = None,
    seed: int = DEFAULT_SEED,
    executor: Executor | None = None,
    time_limit: float | None = None,
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> Calibration:
    """Calibrate scores given as three parallel columns: labels of ideas and of assessors, and numbers.

    Model: score = mean + idea - severity + noise, all effects normal (crossed random effects; Heyard, Ott,
    Salanti and Egger, Statistics and Public Policy 9 (2022) 110-121). `priors`: "default" suits any scale,
    "snsf" is the published choice for marks from 1 to 6, or a `Priors`. `method`: "gibbs" for the posterior,
    "eb" for the quick version with variances estimated and taken as known. `fundable` (or `places`) is how
    many ideas can be funded. `draws` and `warm_up` are per chain; without them 5,000 and fewer for more than
    200 ideas. Labels decide, not rows: another order of the same rows gives the same bits, and so does any
    number of threads or any `executor`. A limit of time or a `stop` ends with the draws so far
    (`convergence.complete` is False, `rank_error` says what that costs).

    Raises `MethodError` for fewer than two ideas or assessors, scores that are all equal, not finite or
    doubled, and for ideas and assessors that fall into groups without a common reader: it names the groups
    and the readings that would link them.
    """
    work = Work(time_limit, progress, stop)
    table = read_scores(ideas, assessors, scores, higher_is_better)
    check_scores(table)
    refuse_disconnected(table)
    wanted = fundable if fundable is not None else places
    if wanted is not None:
        wanted = _places(wanted, len(table.ideas))
    chosen = choose(priors, table)
    budget = BUDGET // 2 if method == "eb" else BUDGET  # independent draws: half are worth as much
    sizes = _sizes(len(table.ideas), budget, chains, draws, warm_up)
    drawn = _draw(table, chosen, method, sizes, seed, work, executor)
    parameters = {
        "method": method,
        "priors": chosen.as_dict(),
        "chains": sizes[0],
        "draws": sizes[1],
        "warm_up": sizes[2],
        "fundable": wanted,
        "interval": "equal-tailed, whole ranks, both ends included",
    }
    return _result(table, drawn, wanted, stamp("calibration", seed, table.fingerprint, parameters))


def _places(places: int, ideas: int) -> int:
    if not isinstance(places, int | np.integer) or not 1 <= places <= ideas:
        raise MethodError(
            "fundable", f"must be a whole number from 1 to {ideas}, the number of ideas", str(places)
        )
    return int(places)


def _sizes(
    ideas: int, budget: int, chains: int, draws: int | None, warm_up: int | None
) -> tuple[int, int, int]:
    """Chains, draws and warm-up per chain."""
    if chains < 1:
        raise MethodError("chains", "must be at least 1", str(chains))
    if draws is None:
        draws = int(np.clip(budget // (chains * ideas), 500, 5_000))
    if draws < 4:
        raise MethodError("draws", "must be at least 4 per chain", str(draws))
    if warm_up is None:
        warm_up = max(500, draws // 5)
    if warm_up < 0:
        raise MethodError("warm_up", "must not be negative", str(warm_up))
    return chains, draws, warm_up


def _draw(
    table: Scores,
    priors: Priors,
    method: str,
    sizes: tuple[int, int, int],
    seed: int,
    work: Work,
    executor: Executor | None,
) -> Draws:
    """Draws in the order of first appearance."""
    chains, draws, warm_up = sizes
    if method == "eb":
        drawn = plug_in(table, priors, chains * draws, seed)
    elif method == "gibbs":
        drawn = sample(table, priors, chains, draws, warm_up, seed, work, executor)
    else:
        raise MethodError("method", "must be gibbs or eb", str(method))
    effect, leniency = drawn.effect[..., table.idea_order], drawn.leniency[..., table.assessor_order]
    return replace(drawn, effect=effect, leniency=leniency)


def _result(table: Scores, drawn: Draws, fundable: int | None, provenance: Provenance) -> Calibration:
    ranks = rank(drawn.effect, drawn.independent)
    n = len(table.ideas)
    sign = 1.0 if table.higher_is_better else -1.0
    effect, leniency = drawn.effect.mean(axis=(0, 1)), drawn.leniency.mean(axis=(0, 1))
    raw = np.bincount(table.idea, table.value, n) / table.counts
    convergence = _convergence(drawn, ranks)
    return Calibration(
        ideas=table.ideas,
        assessors=table.assessors,
        expected_rank=ranks.expected,
        rank_sd=ranks.sd,
        rank_error=ranks.error,
        rank_50=interval(ranks.at_most, 0.5),
        rank_90=interval(ranks.at_most, 0.9),
        sucra=(n - ranks.expected) / (n - 1),
        pcer=100.0 * (ranks.expected - 0.5) / n,
        effect=effect,
        score=sign * (drawn.common[..., 0].mean() + effect),
        sd=drawn.effect.std(axis=(0, 1)),
        raw_mean=sign * raw[table.idea_order],
        counts=table.counts[table.idea_order],
        severity=-leniency,
        severity_sd=drawn.leniency.std(axis=(0, 1)),
        loads=table.loads[table.assessor_order],
        fundable=fundable,
        fundable_probability=None if fundable is None else ranks.at_most[:, fundable - 1].copy(),
        at_most=ranks.at_most,
        spread=_spread(drawn),
        convergence=convergence,
        cautions=_cautions(table, convergence),
        draws=drawn,
        scores=table,
        provenance=provenance,
    )


def _spread(drawn: Draws) -> Spread:
    squares = drawn.common[..., 1:] ** 2
    ideas, severity, noise = drawn.common[..., 1:].mean(axis=(0, 1))
    icc = (squares[..., 0] / squares.sum(axis=-1)).mean()
    return Spread(float(ideas), float(severity), float(noise), float(icc))


def _convergence(drawn: Draws, ranks: Ranks) -> Convergence:
    chains, draws, _ = drawn.effect.shape
    total = chains * draws
    noise = float(ranks.error @ ranks.error)
    worth = float(ranks.sd @ ranks.sd) / noise if noise > 0 else total
    r_hat = np.nan
    if chains > 1:
        watched = (drawn.effect, drawn.leniency, drawn.common)
        found = np.concatenate([split_r_hat(x) for x in watched])
        r_hat = float(np.nanmax(found)) if np.isfinite(found).any() else np.nan
    return Convergence(
        r_hat, float(min(worth, total)), float(ranks.error.max()), chains, draws, drawn.complete
    )


def _cautions(table: Scores, convergence: Convergence) -> tuple[str, ...]:
    """What a reader of the result should know: codes with sentences in `words`."""
    found = []
    if not convergence.complete:
        found.append("stopped")
    if not convergence.converged:
        found.append("not_converged")
    if len(np.unique(table.value)) <= FEW_LEVELS:
        found.append("few_levels")
    if len(table.assessors) < FEW_READERS:
        found.append("few_assessors")
    if table.counts.min() == 1:
        found.append("single_score")
    if len(table.value) < len(table.ideas) + len(table.assessors):
        found.append("thin_links")
    return tuple(found)
