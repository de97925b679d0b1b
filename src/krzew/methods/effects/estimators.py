"""The estimators themselves: each turns a checked sample into an estimate, its error and its weights."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from ..record import BoolArray, FloatArray, IntArray, MethodError, streams
from .balance import Finding, Overlap, effective_size, finding
from .linear import cluster_sums, least_squares, orthogonal, standard_error
from .sample import Sample
from .weighting import Propensity, entropy_weights, propensity

RANDOM_METHODS = ("difference", "lin", "ols")
WEIGHTED_METHODS = ("entropy_balancing", "ipw", "aipw")
TRIM = {"ATT": 0.95, "ATE": 0.99}
OUTSIDE = 0.1
"""Share of people with a propensity outside 0.01 to 0.99 above which the ATE is not asked for."""


@dataclass(frozen=True, eq=False)
class Answer:
    """Estimate, standard error, degrees of freedom, and the weights (n,) of both sides of the comparison.

    `residual` and `rest` (n,) are outcome and participation beside the covariates, for the permutation test.
    """

    estimate: float
    se: float
    df: float
    estimand: str
    treated: FloatArray
    others: FloatArray
    overlap: Overlap | None = None
    findings: list[Finding] = field(default_factory=list)
    residual: FloatArray | None = None
    rest: FloatArray | None = None


def difference(sample: Sample, se_type: str | None) -> Answer:
    """Difference in means; Welch's error (equal to HC2) and degrees of freedom unless another is asked for."""
    if se_type in (None, "HC2") and sample.clusters is None:
        return _welch(sample)
    none = np.empty((len(sample.t), 0))
    return replace(_regression(sample, none, none, se_type), estimand="difference in means")


def _welch(sample: Sample) -> Answer:
    y, t, arms = sample.outcome, sample.treated, sample.arms
    means = y[t].mean(), y[~t].mean()
    shares = [y[arm].var(ddof=1) / n for arm, n in zip((t, ~t), arms, strict=True)]
    total = sum(shares)
    parts = sum(share**2 / (n - 1) for share, n in zip(shares, arms, strict=True))
    df = float(total**2 / parts) if total > 0 else min(arms) - 1.0
    return Answer(
        float(means[0] - means[1]),
        float(np.sqrt(total)),
        df,
        "difference in means",
        t / arms[0],
        ~t / arms[1],
        residual=y - y.mean(),
        rest=sample.t - arms[0] / len(y),
    )


def ols(sample: Sample, se_type: str | None) -> Answer:
    """Least squares of the outcome on participation and covariates; the classical error by default."""
    return _regression(sample, sample.covariates, sample.covariates[:, :0], se_type or "classical")


def lin(sample: Sample, se_type: str | None) -> Answer:
    """Covariates centred and crossed with participation (Lin 2013): never less precise than the difference
    in large samples; HC2 error by default."""
    centred = sample.covariates - sample.covariates.mean(axis=0)
    return _regression(sample, centred, centred * sample.t[:, None], se_type)


def _regression(sample: Sample, x: FloatArray, crossed: FloatArray, se_type: str | None) -> Answer:
    ones, place = np.ones((len(sample.t), 1)), 1 + x.shape[1]
    fit = least_squares(sample.outcome, np.column_stack([ones, x, sample.t, crossed]))
    if place not in fit.kept:
        raise MethodError("covariates", "decide who took part: nothing is left to compare")
    default = "HC2" if sample.clusters is None else "CR2"
    wanted = default if se_type is None or (sample.clusters is not None and se_type[:2] != "CR") else se_type
    se, df = standard_error(fit, place, wanted, sample.clusters)
    pull = fit.score(place)
    residual, rest = _beside(np.column_stack([ones, x]), sample)
    dropped = 2 + x.shape[1] + crossed.shape[1] - len(fit.kept)
    notes = [finding("dependent", count=str(dropped))] if dropped else []
    sides = np.where(sample.treated, pull, 0.0), np.where(sample.treated, 0.0, -pull)
    value = float(fit.coefficients[place])
    return Answer(value, se, df, "ATE", *sides, findings=notes, residual=residual, rest=rest)


def _beside(x: FloatArray, sample: Sample) -> tuple[FloatArray, FloatArray]:
    """What is left of outcome and participation beside x."""
    q, both = orthogonal(x)[0], np.column_stack([sample.outcome, sample.t])
    left = both - q @ (q.T @ both)
    return left[:, 0], left[:, 1]


def entropy_balancing(sample: Sample, x: FloatArray) -> Answer:
    """Effect on the participants: the others are weighted until their means equal the participants'.

    The error counts that weights were fitted: residuals of the regression on `x` that the weights imply
    (Zhao and Percival 2017), each over its leverage as in HC2.
    """
    t, y = sample.treated, sample.outcome
    target = x[t].mean(axis=0)
    found = entropy_weights(x[~t], target)
    others, even = np.zeros(len(y)), t / t.sum()
    others[~t] = found.weights
    root = np.sqrt(found.weights)
    design = np.column_stack([np.ones(len(y)), x])
    fit = least_squares(root * y[~t], root[:, None] * design[~t])
    residual = y - design @ fit.coefficients
    room = np.maximum(1 - fit.leverage, 1e-6)
    influence = np.zeros(len(y))
    influence[t] = (residual[t] - residual[t].mean()) / np.sqrt(t.sum() * (t.sum() - 1.0))
    influence[~t] = -found.weights * residual[~t] / np.sqrt(room)
    ess = effective_size(found.weights)
    se, df = _influence_error(influence, sample.clusters, t.sum() + ess - 2)
    notes = [] if found.balanced else [finding("infeasible", refuses=True)]
    score = propensity(t, x)
    overlap = _overlap(score, t, others, _beyond(score, t), 0)
    estimate = float(y[t].mean() - others @ y)
    return Answer(estimate, se, df, "ATT", even, others, overlap, notes)


def _influence_error(influence: FloatArray, clusters: IntArray | None, df: float) -> tuple[float, float]:
    if clusters is None:
        return float(np.sqrt(influence @ influence)), max(float(df), 1.0)
    sums = cluster_sums(influence, clusters)
    groups = int((np.bincount(clusters) > 0).sum())
    return float(np.sqrt(groups / (groups - 1) * (sums @ sums))), groups - 1.0


def _beyond(score: Propensity, t: BoolArray) -> BoolArray:
    """Participants whose propensity nobody else reaches."""
    beyond: BoolArray = t & (score.probability > score.probability[~t].max() + 1e-12)
    return beyond


def _overlap(score: Propensity, t: BoolArray, others: FloatArray, off: BoolArray, trimmed: int) -> Overlap:
    p = score.probability
    share = float(off.sum() + trimmed) / float(t.sum() + trimmed)
    ranges = [(float(p[arm].min()), float(p[arm].max())) for arm in (t, ~t)]
    return Overlap(share, trimmed, float(others.max()), ranges[0], ranges[1])


def propensity_weighting(
    sample: Sample,
    x: FloatArray,
    estimand: str | None,
    *,
    trim: float | None,
    regress: bool,
    folds: int,
    seed: int,
) -> Answer:
    """IPW (Hájek), or AIPW with `regress`, for ATT or ATE, on the people who overlap.

    For ATT participants with a propensity above `trim` (0.95) are left out: a limit drawn from the sample,
    such as the highest of the others, would bias. For ATE it is everyone outside 1 - `trim` to `trim`, and
    0.99, since leaving people out changes whom the answer is about. The propensity is then fitted again.
    With `folds` the models are fitted on other people than those they are used for.
    """
    first = propensity(sample.treated, x)
    estimand = estimand or _answerable(first.probability)
    limit = TRIM[estimand] if trim is None else trim
    keep = _overlapping(first.probability, sample.treated, estimand, limit)
    for arm in (sample.treated, ~sample.treated):
        if (keep & arm).sum() < 2:
            raise MethodError("covariates", "divide the groups completely: nobody is left to compare")
    y, t, x = sample.outcome[keep], sample.treated[keep], x[keep]
    trimmed = int((sample.treated & ~keep).sum())
    whole = first if keep.all() else propensity(t, x)
    models = _crossed(y, t, whole, x, folds, seed) if folds > 1 else _whole(y, t, whole)
    score, means = models.score, models.means if regress else np.zeros((2, len(y)))
    treated, others = _hajek(score, t, estimand)
    aim = t / t.sum() if estimand == "ATT" else np.full(len(t), 1.0 / len(t))
    gaps = (y - means[1]) * t, (y - means[0]) * ~t
    estimate = float(aim @ (means[1] - means[0]) + treated @ gaps[0] - others @ gaps[1])
    influence = _aipw_influence(means, gaps, aim, treated, others, t)
    if folds <= 1:
        influence = influence + _fitted_influence(models, gaps, aim, treated, others, t, estimand, regress)
    ess = effective_size(others)
    clusters = None if sample.clusters is None else sample.clusters[keep]
    se, df = _influence_error(influence, clusters, effective_size(treated) + ess - 2)
    sides = [np.zeros(len(keep)) for _ in range(2)]
    sides[0][keep], sides[1][keep] = treated, others
    overlap = _overlap(score, t, others, _beyond(score, t), trimmed)
    return Answer(estimate, se, df, estimand, sides[0], sides[1], overlap)


def _overlapping(p: FloatArray, t: BoolArray, estimand: str, trim: float) -> BoolArray:
    att: BoolArray = ~t | (p <= trim)
    ate: BoolArray = (p >= 1 - trim) & (p <= trim)
    return att if estimand == "ATT" else ate


def _answerable(p: FloatArray) -> str:
    """ATE where nearly everyone could have been on either side, otherwise ATT."""
    outside = (p < 1 - TRIM["ATE"]) | (p > TRIM["ATE"])
    return "ATT" if outside.mean() > OUTSIDE else "ATE"


@dataclass(frozen=True, eq=False)
class Models:
    """The propensity and the outcome means (2, n) without and with taking part."""

    score: Propensity
    means: FloatArray
    design: FloatArray


def _whole(y: FloatArray, t: BoolArray, score: Propensity) -> Models:
    z = score.design
    means = [z @ least_squares(y[arm], z[arm]).coefficients for arm in (~t, t)]
    return Models(score, np.array(means), z)


def _crossed(y: FloatArray, t: BoolArray, whole: Propensity, x: FloatArray, folds: int, seed: int) -> Models:
    """Each fold is predicted from the others; folds are drawn within the groups."""
    (stream,) = streams(seed, 1)
    fold = np.empty(len(y), dtype=np.int64)
    for arm in (t, ~t):
        fold[arm] = stream.permutation(np.arange(arm.sum()) % folds)
    p, means = np.empty(len(y)), np.empty((2, len(y)))
    z = whole.design
    for k in range(folds):
        out = fold == k
        if min((t & ~out).sum(), (~t & ~out).sum()) < 2:
            raise MethodError("folds", f"leave too few people to fit on: {folds}")
        part = propensity(t[~out], x[~out])
        means[:, out] = [z[out] @ least_squares(y[a & ~out], z[a & ~out]).coefficients for a in (~t, t)]
        p[out] = part.predict(x[out])
    return Models(
        Propensity(np.clip(p, 1e-9, 1 - 1e-9), z, whole.inverse, whole.converged, whole.scale), means, z
    )


def _hajek(score: Propensity, t: BoolArray, estimand: str) -> tuple[FloatArray, FloatArray]:
    if estimand == "ATT":
        treated, others = t.astype(np.float64), score.odds * ~t
    else:
        treated, others = t / score.probability, ~t / (1 - score.probability)
    return treated / treated.sum(), others / others.sum()


def _aipw_influence(
    means: FloatArray,
    gaps: tuple[FloatArray, FloatArray],
    aim: FloatArray,
    treated: FloatArray,
    others: FloatArray,
    t: BoolArray,
) -> FloatArray:
    """What each row adds to the estimate when the models are taken as given."""
    lift = means[1] - means[0]
    own = aim * (lift - aim @ lift)
    up, down = (gaps[0] - treated @ gaps[0]) * treated, (gaps[1] - others @ gaps[1]) * others
    influence: FloatArray = own + up * t - down * ~t
    return influence


def _fitted_influence(
    models: Models,
    gaps: tuple[FloatArray, FloatArray],
    aim: FloatArray,
    treated: FloatArray,
    others: FloatArray,
    t: BoolArray,
    estimand: str,
    regress: bool,
) -> FloatArray:
    """What each row adds through the fitted models (stacked estimating equations)."""
    z, p = models.design, models.score.probability
    low, high = (gaps[1] - others @ gaps[1]) * others, (gaps[0] - treated @ gaps[0]) * treated
    tilt = -low if estimand == "ATT" else -high * (1 - p) - low * p
    influence: FloatArray = (z * (t - p)[:, None]) @ (models.score.inverse @ (tilt @ z))
    if not regress:
        return influence
    for arm, gap, load in ((~t, gaps[1], (others - aim) @ z), (t, gaps[0], (aim - treated) @ z)):
        fit = least_squares(gap[arm], z[arm])
        influence[arm] += fit.pull(load) * gap[arm]
    return influence
