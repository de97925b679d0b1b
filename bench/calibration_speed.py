"""Speed of the calibration of scores: the compiled sampler beside a text-book one in plain NumPy.

Ranks must be equal within Monte Carlo error (given in ranks as `equal_to`) before time is compared.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from tests.methods.data import table
from tests.methods.plain_gibbs import plain_gibbs

from bench.methods_speed import row, timed
from krzew.methods.calibration import calibrate, third_opinion
from krzew.methods.calibration.priors import SNSF, Priors
from krzew.methods.calibration.ranks import rank
from krzew.methods.calibration.sampler import sample
from krzew.methods.calibration.scores import read_scores
from krzew.methods.work import Work

PEER = "plain NumPy Gibbs with random-walk steps"


def panel() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The mock panel of the Swiss National Science Foundation."""
    grades = np.array([[float(r[f"v_{k}"]) for k in range(1, 6)] for r in table("snsf_panel.csv")])
    return np.repeat(np.arange(15), 5), np.tile(np.arange(5), 15), 7.0 - grades.ravel()


def call(ideas: int, assessors: int, readings: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A call drawn at random: quality sd 0.6, severity sd 0.5, noise sd 0.8."""
    stream = np.random.default_rng(1)
    idea = np.repeat(np.arange(ideas), readings)
    assessor = np.concatenate([stream.choice(assessors, readings, replace=False) for _ in range(ideas)])
    severity = stream.normal(0, 0.5, assessors)[assessor]
    score = 3.5 + stream.normal(0, 0.6, ideas)[idea] - severity + stream.normal(0, 0.8, len(idea))
    return idea, assessor, score


def samplers(
    name: str, data: tuple[np.ndarray, ...], chains: int, draws: int, priors: Priors, **more: Any
) -> dict[str, Any]:
    """The same posterior by both samplers, all chains one after another."""
    read = read_scores(*data)
    ours, drawn = timed(lambda: sample(read, priors, chains, draws, draws // 5, 1, Work()), 3)
    peer, effects = timed(
        lambda: np.stack(
            [
                plain_gibbs(*data, draws, draws // 5, seed, priors.limit, priors.severity_sd)[0]
                for seed in range(chains)
            ]
        ),
        1,
    )
    mine, theirs = rank(drawn.effect), rank(effects)
    apart = np.abs(mine.expected - theirs.expected)
    noise = 5 * np.hypot(mine.error, theirs.error)
    assert (apart < noise).all(), f"{name}: expected ranks differ by more than chance"
    met = {"met": ours <= more["required_s"]} if "required_s" in more else {}
    sizes = {"peer": PEER, "chains": chains, "draws": draws}
    return row(name, ours, peer, float(apart.max()), **more, **met) | sizes


def whole() -> list[dict[str, Any]]:
    """What a person waits for: calibration with ranks, intervals and errors, and the further opinions."""
    data = call(1_000, 100, 3)
    size = "1,000 ideas x 3 scores"
    gibbs, result = timed(lambda: calibrate(*data, fundable=200), 5)
    quick, _ = timed(lambda: calibrate(*data, fundable=200, method="eb"), 5)
    third, _ = timed(lambda: third_opinion(result), 5)
    snsf, _ = timed(lambda: calibrate(*panel(), fundable=4, priors="snsf"), 10)
    return [
        row("calibrate, Gibbs, warm", gibbs, size=size, required_s=1.0, met=gibbs <= 1.0),
        row("calibrate, plug-in EB, warm", quick, size=size, required_s=1.0, met=quick <= 1.0),
        row("third opinion", third, size=size),
        row("calibrate, Gibbs, warm", snsf, size="15 ideas x 5 scores, 4 x 5,000 draws"),
    ]


def run() -> list[dict[str, Any]]:
    """Every measurement of this module."""
    big = call(500, 60, 4)
    default = Priors(2.0 * float(big[2].std()))
    return [
        samplers("Gibbs, SNSF panel", panel(), 4, 20_000, SNSF, size="15 ideas x 5 scores", required_s=0.22),
        samplers("Gibbs, large panel", big, 1, 5_000, default, size="500 ideas x 4 scores, 60 assessors"),
        *whole(),
    ]


if __name__ == "__main__":
    for line in run():
        print({key: round(x, 6) if isinstance(x, float) and x > 1e-6 else x for key, x in line.items()})
