"""The sampler of the crossed model as a text book has it, in plain NumPy: slow, short, and nothing clever.

Random-walk Metropolis for the standard deviations, uniform up to a limit; no shifts, no second views. It
serves as the oracle of `krzew.methods.calibration` and as the peer in its benchmark.
"""

from __future__ import annotations

import numpy as np

SNSF = {"limit": 2.0, "severity_sd": 0.5}


def step(stream: np.random.Generator, sd: float, limit: float, size: float, log_density) -> float:
    """Three random-walk steps for one standard deviation."""
    for _ in range(3):
        new = sd + size * stream.standard_normal()
        if 1e-6 < new < limit and np.log(stream.random()) < log_density(new) - log_density(sd):
            sd = new
    return sd


def plain_gibbs(
    idea: np.ndarray,
    assessor: np.ndarray,
    score: np.ndarray,
    draws: int,
    warm_up: int,
    seed: int,
    limit: float,
    severity_sd: float | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Draws of the ideas' effects (draws, ideas), and of the sds of ideas and noise (draws, 2).

    With `severity_sd` the model of the SNSF: mean fixed, noise and interaction two sds that add up. Without
    it the mean is flat, the severity's sd learned, and there is one noise.
    """
    stream = np.random.default_rng(seed)
    n, m, size = idea.max() + 1, assessor.max() + 1, len(score)
    counts, loads = np.bincount(idea), np.bincount(assessor)
    mean, nu, snsf = score.mean(), np.zeros(m), severity_sd is not None
    noise, extra, sd_idea, sd_nu = 0.4 * limit, 0.2 * limit * snsf, 0.3 * limit, severity_sd or 0.3 * limit
    effects, sds = np.empty((draws, n)), np.empty((draws, 2))
    for t in range(-warm_up, draws):
        s2 = noise**2 + extra**2
        v = 1 / (counts / s2 + 1 / sd_idea**2)
        theta = v * np.bincount(idea, score - mean - nu[assessor], n) / s2
        theta += np.sqrt(v) * stream.standard_normal(n)
        v = 1 / (loads / s2 + 1 / sd_nu**2)
        nu = v * np.bincount(assessor, score - mean - theta[idea], m) / s2
        nu += np.sqrt(v) * stream.standard_normal(m)
        if not snsf:
            mean = (score - theta[idea] - nu[assessor]).mean() + np.sqrt(s2 / size) * stream.standard_normal()
            squares_nu = nu @ nu
            sd_nu = step(stream, sd_nu, limit, 0.3 * limit, lambda x, s=squares_nu: normal(m, s, x * x))
        e, squares = score - mean - theta[idea] - nu[assessor], theta @ theta
        ss = e @ e
        noise = step(
            stream, noise, limit, 0.15 * limit, lambda x, s=ss, o=extra: normal(size, s, x * x + o * o)
        )
        if snsf:
            extra = step(
                stream, extra, limit, 0.15 * limit, lambda x, s=ss, o=noise: normal(size, s, x * x + o * o)
            )
        sd_idea = step(stream, sd_idea, limit, 0.15 * limit, lambda x, s=squares: normal(n, s, x * x))
        if t >= 0:
            effects[t], sds[t] = theta, (sd_idea, np.hypot(noise, extra))
    return effects, sds


def normal(count: int, squares: float, variance: float) -> float:
    """Log density of `count` normal values with this sum of squares."""
    return -0.5 * (count * np.log(variance) + squares / variance)
