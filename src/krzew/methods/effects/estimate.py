"""`estimate`: one call from people's outcomes to an effect that has passed, or failed, its checks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.special import stdtr, stdtrit

from ..record import DEFAULT_SEED, BoolArray, FloatArray, MethodError, data_hash, finite_matrix, stamp
from ..work import Progress, Stop, Work
from . import estimators
from .balance import Balance, Finding, balance, effective_size, finding, gate, judge_balance, judge_overlap
from .estimators import RANDOM_METHODS, WEIGHTED_METHODS, Answer
from .linear import SE_TYPES
from .permutation import Permutation, permutation_test
from .result import Effect
from .sample import Sample, expanded, read_sample

METHODS = ("auto", *RANDOM_METHODS, *WEIGHTED_METHODS)
DESIGNS = (None, "randomised", "observational")
SMALL_ARM, FEW_CLUSTERS = 30, 20
"""Below these the permutation test gives p-value and interval."""

PLACEBO_LEVEL = 0.05


@dataclass(frozen=True)
class Options:
    """The settings of one estimate."""

    method: str
    design: str | None
    estimand: str | None
    expand: bool
    squares: bool
    se_type: str | None
    level: float
    permutations: int | None
    trim: float | None
    folds: int
    seed: int


def estimate(
    outcome: npt.ArrayLike,
    treated: npt.ArrayLike,
    covariates: npt.ArrayLike | None = None,
    *,
    method: str = "auto",
    design: str | None = None,
    estimand: str | None = None,
    expand: bool = True,
    squares: bool = False,
    names: Sequence[str] | None = None,
    clusters: npt.ArrayLike | None = None,
    placebo: npt.ArrayLike | None = None,
    se_type: str | None = None,
    level: float = 0.95,
    permutations: int | None = None,
    trim: float | None = None,
    folds: int = 0,
    seed: int = DEFAULT_SEED,
    executor: Executor | None = None,
    time_limit: float | None = None,
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> Effect:
    """The effect of taking part (`treated`, (n,) 0/1) on `outcome` (n,), given `covariates` (n, k) from
    before.

    `method`: "difference" (in means), "lin", "ols" (or "regression"), "entropy_balancing" (ATT), "aipw" (ATT
    unless `estimand` says ATE), "ipw" (ATE where nearly everyone could have been on either side, otherwise
    ATT), or "auto": the first three when `design` is "randomised", entropy balancing otherwise (AIPW where
    no weights balance). The weighted methods add a "zero or not" column for each income-like covariate
    (`expand`) and squares on request; `trim` is the highest propensity kept (0.95 for ATT, 0.99 for ATE),
    `folds` turns on cross-fitting. `placebo` (n,) is an outcome from before taking part: an effect on it
    closes the gate. `clusters` (n,) are groups drawn together. `permutations`: draws of the permutation
    test, 0 for none (exact up to 3,000,000 groupings).

    Raises `MethodError` on gaps, other lengths, an empty arm, and options unknown. An estimate whose groups
    cannot be compared comes back with `trusted` False, the reasons in `gate` and `warnings`.
    """
    method = {"regression": "ols"}.get(method, method)
    options = Options(
        method, design, estimand, expand, squares, se_type, level, permutations, trim, folds, seed
    )
    sample = read_sample(outcome, treated, covariates, names, clusters)
    _check(options, sample)
    work = Work(time_limit, progress, stop)
    options = replace(options, method=_chosen(options, sample))
    before = None if placebo is None else _placebo(sample, placebo, options)
    effect = _estimated(sample, options, work, executor, before)
    if method == "auto" and any(f.code == "infeasible_refused" for f in effect.findings):
        return _estimated(sample, replace(options, method="aipw"), work, executor, before)
    return effect


def _check(options: Options, sample: Sample) -> None:
    choices: dict[str, tuple[object, ...]] = {
        "method": METHODS,
        "design": DESIGNS,
        "estimand": (None, "ATT", "ATE"),
        "se_type": (None, *SE_TYPES),
    }
    for name, allowed in choices.items():
        if getattr(options, name) not in allowed:
            said = ", ".join(str(choice) for choice in allowed if choice is not None)
            raise MethodError(name, f"must be one of {said}", str(getattr(options, name)))
    if not 0 < options.level < 1:
        raise MethodError("level", "must be a share, such as 0.95", str(options.level))
    if options.trim is not None and not 0.5 < options.trim <= 1:
        raise MethodError("trim", "must be above 0.5 and at most 1", str(options.trim))
    if options.permutations is not None and options.permutations < 0:
        raise MethodError("permutations", "must not be negative", str(options.permutations))
    if options.method in WEIGHTED_METHODS and not sample.covariates.shape[1]:
        raise MethodError("covariates", f'are needed for the method "{options.method}"')
    if options.estimand == "ATE" and options.method in ("auto", "entropy_balancing"):
        raise MethodError("estimand", 'ATE needs the method "ipw" or "aipw"', options.method)
    if sample.clusters is not None and sample.clusters.max() < 1:
        raise MethodError("clusters", "needs at least two clusters")


def _chosen(options: Options, sample: Sample) -> str:
    if options.method != "auto":
        return options.method
    k = sample.covariates.shape[1]
    if not k:
        return "difference"
    if options.design != "randomised":
        return "entropy_balancing"
    return "lin" if min(sample.arms) >= max(SMALL_ARM, 5 * k) else "ols"


def _placebo(sample: Sample, placebo: npt.ArrayLike, options: Options) -> Effect:
    """The same method on an outcome from before; that outcome itself is no covariate there."""
    y = finite_matrix("placebo", placebo)
    if y.shape != sample.outcome.shape:
        raise MethodError("placebo", f"needs one figure for each of the {len(sample.outcome)} outcomes")
    other = [j for j in range(sample.covariates.shape[1]) if not np.array_equal(sample.covariates[:, j], y)]
    names = tuple(sample.names[j] for j in other)
    same = replace(sample, outcome=y, covariates=sample.covariates[:, other], names=names)
    if options.method in WEIGHTED_METHODS and not other:
        raise MethodError("placebo", "needs covariates other than itself")
    return _estimated(same, replace(options, permutations=0), Work(), None, None)


def _estimated(
    sample: Sample, options: Options, work: Work, executor: Executor | None, before: Effect | None
) -> Effect:
    random = options.method in RANDOM_METHODS
    answer, found = (_random if random else _weighted)(sample, options)
    test = _permuted(sample, answer, options, work, executor) if random else None
    findings = [*answer.findings, *_judged(sample, answer, found, options)]
    findings += _minor(test, before, options)
    p, ci, inference = _inference(sample, answer, test, options)
    checked = bool(sample.names) or options.design == "randomised"
    origin = data_hash(sample.outcome, sample.treated, sample.covariates, sample.names, sample.clusters)
    kept = tuple(findings)
    return Effect(
        method=options.method,
        estimand=answer.estimand,
        estimate=answer.estimate,
        se=answer.se,
        df=answer.df,
        ci=ci,
        level=options.level,
        p_value=p,
        permutation_p=None if test is None else test.p_value,
        permutations=0 if test is None else test.draws,
        inference=inference,
        n=len(sample.t),
        n_treated=sample.arms[0],
        n_untreated=sample.arms[1],
        ess=effective_size(answer.others),
        balance=found,
        overlap=answer.overlap,
        gate=gate(kept, checked=checked),
        findings=kept,
        placebo=before,
        provenance=stamp("effects.estimate", options.seed, origin, vars(options)),
    )


def _random(sample: Sample, options: Options) -> tuple[Answer, Balance]:
    call: dict[str, Callable[[Sample, str | None], Answer]]
    call = {"difference": estimators.difference, "ols": estimators.ols, "lin": estimators.lin}
    answer = call[options.method](sample, options.se_type)
    return answer, balance(sample, sample.covariates, sample.names, answer.treated, answer.others)


def _weighted(sample: Sample, options: Options) -> tuple[Answer, Balance]:
    x, names = expanded(sample.covariates, sample.names, squares=options.squares, zeros=options.expand)
    if options.method == "entropy_balancing":
        answer, aim = estimators.entropy_balancing(sample, x), sample.treated / sample.arms[0]
    else:
        answer = estimators.propensity_weighting(
            sample,
            x,
            options.estimand or ("ATT" if options.method == "aipw" else None),
            trim=options.trim,
            regress=options.method == "aipw",
            folds=options.folds,
            seed=options.seed,
        )
        aim = answer.treated
    return answer, balance(sample, x, names, aim, answer.others)


def _judged(sample: Sample, answer: Answer, found: Balance, options: Options) -> list[Finding]:
    if answer.overlap is not None:
        sizes = effective_size(answer.treated), effective_size(answer.others)
        return judge_balance(found) + judge_overlap(answer.overlap, sizes, sample.arms)
    if options.design != "randomised" and not sample.names:
        return [finding("unadjusted" if options.design else "unchecked", refuses=True)]
    # A regression always balances means, by extrapolation: what counts is how alike the groups were.
    raw = replace(found, after=found.before)
    if options.design == "observational":
        return judge_balance(raw)
    chance = 1.96 * float(np.sqrt(sum(1 / arm for arm in sample.arms)))
    if options.design is None:
        return judge_balance(raw, chance)
    # Chance decided: only a large difference that nothing adjusts for is worth a word.
    noted = options.method == "difference" and raw.worst_after > chance
    return judge_balance(raw, np.inf) if noted else []


def _permuted(
    sample: Sample, answer: Answer, options: Options, work: Work, executor: Executor | None
) -> Permutation | None:
    units = _units(sample)
    if options.permutations == 0 or units is None:
        return None
    assert answer.residual is not None
    assert answer.rest is not None
    if not answer.rest.any():
        return None
    return permutation_test(
        answer.residual,
        answer.rest,
        units,
        sample.clusters,
        draws=options.permutations,
        seed=options.seed,
        work=work,
        executor=executor,
    )


def _units(sample: Sample) -> BoolArray | None:
    """Which units took part: people, or clusters when each took part as a whole; None when they did not."""
    if sample.clusters is None:
        return sample.treated
    size = np.bincount(sample.clusters)
    share: FloatArray = np.bincount(sample.clusters, sample.t) / size
    whole = bool(np.isin(share, (0.0, 1.0)).all()) and 0 < share.sum() < len(share)
    return share == 1 if whole else None


def _minor(test: Permutation | None, before: Effect | None, options: Options) -> list[Finding]:
    found = []
    if test is not None and test.floor > 1 - options.level + 1e-12:
        found.append(finding("tiny", p=test.floor))
    if before is not None and before.p_value < PLACEBO_LEVEL:
        found.append(finding("placebo", refuses=True, value=before.estimate, p_value=before.p_value))
    return found


def _inference(
    sample: Sample, answer: Answer, test: Permutation | None, options: Options
) -> tuple[float, tuple[float, float], str]:
    """p-value and interval: by permutation in small samples, otherwise by Student's t."""
    units = None if test is None else _units(sample)
    if test is not None and units is not None and options.method != "lin":
        few = len(units) < FEW_CLUSTERS if sample.clusters is not None else min(sample.arms) < SMALL_ARM
        if few:
            return test.p_value, test.interval(options.level), "permutation"
    return (*student(answer.estimate, answer.se, answer.df, options.level), "t")


def student(value: float, se: float, df: float, level: float) -> tuple[float, tuple[float, float]]:
    """Two-sided p-value and interval of a t statistic; no error means no doubt (p 0, or 1 at zero)."""
    if not se > 0:
        return (0.0 if value else 1.0), (value, value)
    half = float(stdtrit(df, 0.5 + level / 2)) * se
    return float(2 * stdtr(df, -abs(value) / se)), (value - half, value + half)
