"""The quick version: variances by restricted maximum likelihood, then the effects as if these were known.

With the ideas' effects eliminated, what remains is a dense system of the size of the assessors, so the cost
hardly grows with the number of ideas (Henderson's mixed model equations and their Schur complement).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.linalg import cho_solve, cholesky, solve_triangular
from scipy.optimize import minimize
from scipy.sparse import csr_array, hstack

from ..record import FloatArray, streams
from .priors import FLOOR, Priors
from .sampler import Draws, centre
from .scores import Scores


@dataclass(frozen=True, eq=False)
class System:
    """What the likelihood needs, computed once: counts of ideas, their sums, and cross products by count.

    Column 0 is the mean (absent when it is fixed), then the assessors.
    """

    counts: FloatArray
    sums: FloatArray
    design: csr_array
    gram: FloatArray
    right: FloatArray
    squares: float
    size: int
    by_count: tuple[tuple[float, FloatArray, FloatArray, float], ...]
    mean_columns: int


@dataclass(frozen=True, eq=False)
class Given:
    """The posterior once the variances are known: `root` is the Cholesky factor of the precision of mean and
    severities, `centre` their mean, `loss` minus twice the log of the (restricted) likelihood."""

    root: FloatArray
    centre: FloatArray
    precision: FloatArray
    loss: float


def system(scores: Scores, fixed_mean: bool) -> System:
    """The normal equations of one set of scores, `value` taken from the centre."""
    n, m, y = len(scores.ideas), len(scores.assessors), scores.value - centre(scores)
    counts = scores.counts.astype(np.float64)
    sums = np.bincount(scores.idea, y, n).astype(np.float64)
    entries = (np.ones(len(y)), (scores.idea, scores.assessor))
    design = csr_array(entries, shape=(n, m))
    gram = np.diag(scores.loads.astype(np.float64))
    right = np.bincount(scores.assessor, y, m).astype(np.float64)
    if not fixed_mean:
        design = csr_array(hstack([counts[:, None], design]))
        gram = np.block([[np.array([[counts.sum()]]), scores.loads[None, :]], [scores.loads[:, None], gram]])
        right = np.append(y.sum(), right)
    groups = tuple(_group(design, sums, counts, c) for c in np.unique(counts))
    return System(counts, sums, design, gram, right, float(y @ y), len(y), groups, int(not fixed_mean))


def _group(
    design: csr_array, sums: FloatArray, counts: FloatArray, count: float
) -> tuple[float, FloatArray, FloatArray, float]:
    rows = np.flatnonzero(counts == count)
    part = design[rows]
    return float(count), (part.T @ part).toarray(), part.T @ sums[rows], float(sums[rows] @ sums[rows])


def given(sys: System, idea: float, severity: float, noise: float) -> Given:
    """The posterior and the likelihood at three variances."""
    n, m = len(sys.counts), len(sys.right) - sys.mean_columns
    matrix, right, fit = sys.gram / noise, sys.right / noise, sys.squares / noise
    for count, square, cross, power in sys.by_count:
        weight = 1.0 / (noise**2 * (count / noise + 1.0 / idea))
        matrix, right, fit = matrix - weight * square, right - weight * cross, fit - weight * power
    precision = sys.counts / noise + 1.0 / idea
    own = np.arange(sys.mean_columns, len(sys.right))
    matrix[own, own] += 1.0 / severity
    root = cholesky(matrix, lower=True)
    middle = cho_solve((root, True), right)
    log_det = float(np.log(precision).sum()) + 2.0 * float(np.log(np.diag(root)).sum())
    loss = sys.size * np.log(noise) + n * np.log(idea) + m * np.log(severity) + log_det + fit - right @ middle
    return Given(root, middle, precision, float(loss))


def variances(sys: System, priors: Priors) -> tuple[float, float, float]:
    """Variances of ideas, severity and noise that make the scores most likely (REML when the mean is free)."""
    top = 2.0 * np.log(priors.limit)
    low = top + 2.0 * np.log(FLOOR)
    known = priors.severity_sd

    def unpack(x: npt.NDArray[np.float64]) -> tuple[float, float, float]:
        idea, noise = np.exp(x[0]), np.exp(x[1])
        return float(idea), float(np.exp(x[2])) if known is None else known**2, float(noise)

    def loss(x: npt.NDArray[np.float64]) -> float:
        return given(sys, *unpack(x)).loss

    free = 2 if known is not None else 3
    start = np.log(max(sys.squares / sys.size / 3.0, np.exp(low)))
    edge = top + (np.log(2.0) if priors.split_noise else 0.0)
    bounds = [(low, top), (low, edge), (low, top)][:free]
    found = minimize(loss, np.full(free, min(start, top)), method="L-BFGS-B", bounds=bounds, tol=1e-10)
    return unpack(found.x)


def plug_in(scores: Scores, priors: Priors, draws: int, seed: int) -> Draws:
    """Independent draws of the effects at the estimated variances, shaped as one chain."""
    sys = system(scores, priors.fixed_mean)
    idea, severity, noise = variances(sys, priors)
    known = given(sys, idea, severity, noise)
    stream = streams(seed, 1)[0]
    jumps = stream.standard_normal((len(sys.right), draws))
    inner = known.centre[:, None] + solve_triangular(known.root, jumps, lower=True, trans="T")
    shape = (1.0 / known.precision)[:, None]
    effect = (sys.sums[:, None] - sys.design @ inner) / noise * shape
    effect += np.sqrt(shape) * stream.standard_normal(effect.shape)
    mean = centre(scores) + (inner[0] if sys.mean_columns else np.zeros(draws))
    sds = np.sqrt([idea, severity, noise])
    common = np.column_stack([mean, np.tile(sds, (draws, 1))])
    leniency = inner[sys.mean_columns :].T[None]
    return Draws(np.ascontiguousarray(effect.T)[None], leniency, common[None], independent=True)
