"""Cox regression: how covariates speed up or slow down an event, with ties, late entry, strata and clusters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.linalg import cho_factor, cho_solve, qr
from scipy.stats import chi2, norm

from ..record import FloatArray, IntArray, MethodError, Provenance, data_hash, finite_matrix, stamp
from .hazards import ProportionalHazards, proportional_hazards
from .likelihood import Pass, Rows, concordant, evaluate, sort_rows
from .log_rank import immortal
from .residuals import Baseline, baseline, martingale, score_residuals
from .sample import Caution, Sample, check_sample, check_words, group_codes, normal_quantile
from .sentences import explain_cox
from .separation import separating

TIES = ("efron", "breslow")
EVENTS_PER_COVARIATE, FEW_CLUSTERS = 10, 20
STEPS, HALVINGS, PRECISE = 60, 30, 1e-13
FAR = 10.0
"""A covariate that moves the log hazard by more than this over its range is looked into: there may be no maximum."""
COLLINEAR = 1e-9


@dataclass(frozen=True, eq=False)
class CoxFit:
    """A fitted model; arrays run over the covariates (p,), intervals are (p, 2).

    `se` is the robust (clustered) error when `cluster` was given, else the model's own (`model_se`). Hazard
    ratios are per unit of the covariate. `baseline` belongs to a person with all covariates at their `means`.
    """

    names: tuple[str, ...]
    coef: FloatArray
    covariance: FloatArray
    model_covariance: FloatArray
    log_likelihood: float
    null_log_likelihood: float
    score_test: float
    n: int
    n_events: int
    n_clusters: int | None
    ties: str
    iterations: int
    level: float
    means: FloatArray
    baseline: Baseline
    outcome: str
    warnings: tuple[Caution, ...]
    provenance: Provenance
    rows: Rows
    final: Pass
    sample: Sample

    @property
    def se(self) -> FloatArray:
        return np.sqrt(np.diag(self.covariance))

    @property
    def model_se(self) -> FloatArray:
        return np.sqrt(np.diag(self.model_covariance))

    @property
    def hazard_ratio(self) -> FloatArray:
        return np.exp(self.coef)

    @property
    def z(self) -> FloatArray:
        return self.coef / self.se

    @property
    def p_value(self) -> FloatArray:
        return np.asarray(2 * norm.sf(np.abs(self.z)))

    @property
    def ci(self) -> FloatArray:
        """Limits of the coefficients, (p, 2)."""
        width = normal_quantile(self.level) * self.se
        return np.column_stack([self.coef - width, self.coef + width])

    @property
    def hazard_ratio_ci(self) -> FloatArray:
        return np.exp(self.ci)

    @property
    def likelihood_ratio(self) -> tuple[float, int, float]:
        """Statistic, degrees of freedom and p-value against the model without covariates."""
        statistic, p = 2 * (self.log_likelihood - self.null_log_likelihood), len(self.coef)
        return statistic, p, float(chi2.sf(statistic, p))

    @property
    def aic(self) -> float:
        return 2 * len(self.coef) - 2 * self.log_likelihood

    @cached_property
    def concordance(self) -> float:
        """Share of comparable pairs in which the person with the higher risk has the event first; ties in risk
        count one half, pairs are compared within strata. Source: Harrell, Lee and Mark (1996)."""
        return _concordance(self.rows, self.rows.x @ self.coef)

    @cached_property
    def schoenfeld(self) -> FloatArray:
        """Residuals of Schoenfeld (events, p), events by stratum and from the last to the first."""
        cell = np.repeat(np.arange(len(self.rows.deaths)), self.rows.deaths.astype(np.int64))
        return np.asarray(self.rows.x[self.rows.event] - self.final.mean[cell])

    @cached_property
    def martingale(self) -> FloatArray:
        """Events seen less events expected, (n,), in the order of the input; they add up to zero."""
        return martingale(self.rows, self.final, self.coef)

    def predict_survival(self, covariates: npt.ArrayLike, times: npt.ArrayLike) -> FloatArray:
        """The share without the event for persons (k, p) at times (t,), shape (k, t); one stratum only."""
        x = np.atleast_2d(finite_matrix("covariates", covariates))
        if x.shape[1] != len(self.coef):
            raise MethodError("covariates", f"needs {len(self.coef)} columns, not {x.shape[1]}")
        risk = np.exp((x - self.means) @ self.coef)
        return np.asarray(np.exp(-np.outer(risk, self.baseline.at(times))))

    def check_proportional_hazards(self, transform: str = "km", method: str = "score") -> ProportionalHazards:
        """Does the effect of each covariate stay the same over time? See `proportional_hazards`."""
        return proportional_hazards(self, transform, method)

    def explain(self, lang: str = "pl") -> tuple[str, ...]:
        """Each covariate in a plain sentence, then what the reader must beware of."""
        return explain_cox(self, lang)


def cox(
    durations: npt.ArrayLike,
    events: npt.ArrayLike | None,
    covariates: npt.ArrayLike | Mapping[str, npt.ArrayLike],
    cluster: npt.ArrayLike | None = None,
    ties: str = "efron",
    entry: npt.ArrayLike | None = None,
    *,
    strata: npt.ArrayLike | None = None,
    names: Sequence[str] | None = None,
    level: float = 0.95,
    known_at: npt.ArrayLike | None = None,
    outcome: str = "",
) -> CoxFit:
    """Fit Cox's proportional hazards model by Newton's method with step halving.

    `covariates` is (n, p), or columns by name (a mapping or a data frame). `cluster` (n,) asks for the robust
    variance of Lin and Wei, summed within clusters; with spells of one person give the person. `entry` (n,) is
    left truncation (time 0 is the intake); `strata` (n,) have baselines of their own. A likelihood without a
    maximum raises `MethodError` with the covariates that separate the events. Sources: Cox (1972); Efron, JASA
    72 (1977) 557-565; Lin and Wei, JASA 84 (1989) 1074-1078.
    """
    check_words("month", outcome)
    if ties not in TIES:
        raise MethodError("ties", "must be efron or breslow", str(ties))
    normal_quantile(level)
    sample = check_sample(durations, events, entry, known_at=known_at)
    x, labels = design(covariates, len(sample), names)
    if not sample.event.any():
        raise MethodError("events", "needs at least one event")
    scale = x.std(axis=0)
    _refuse_constant(scale, x, labels)
    blocks = None if strata is None else group_codes(strata, len(sample), "strata")[1]
    clusters = None if cluster is None else group_codes(cluster, len(sample), "cluster")[1]
    block = np.zeros(len(sample), dtype=np.int64) if blocks is None else blocks
    rows = sort_rows((x - x.mean(axis=0)) / scale, sample, block)
    parameters = {"ties": ties, "level": level, "delayed_entry": sample.delayed}
    parameters |= {"stratified": strata is not None, "clustered": cluster is not None}
    origin = stamp("survival.cox", None, data_hash(sample.hash, x, blocks, clusters), parameters)
    return _fitted(rows, _Asked(sample, x, labels, clusters, ties, level, outcome, origin))


@dataclass(frozen=True, eq=False)
class _Asked:
    """What was asked of the model, checked."""

    sample: Sample
    x: FloatArray
    names: tuple[str, ...]
    clusters: IntArray | None
    ties: str
    level: float
    outcome: str
    provenance: Provenance


def _fitted(rows: Rows, asked: _Asked) -> CoxFit:
    efron, scale = asked.ties == "efron", asked.x.std(axis=0)
    null = evaluate(rows, np.zeros(len(scale)), efron)
    _refuse_collinear(null.information[0], asked.names)
    scaled, final, steps = newton(rows, null, efron, asked.names)
    model = _inverse(final.information[0])
    robust, clusters = _robust(rows, final, scaled, model, asked.clusters)
    own_rows, own_final = _natural(rows, final, scale)
    return CoxFit(
        names=asked.names,
        coef=scaled / scale,
        covariance=robust / np.outer(scale, scale),
        model_covariance=model / np.outer(scale, scale),
        log_likelihood=final.value,
        null_log_likelihood=null.value,
        score_test=float(null.score @ _inverse(null.information[0]) @ null.score),
        n=len(asked.sample),
        n_events=int(asked.sample.event.sum()),
        n_clusters=clusters,
        ties=asked.ties,
        iterations=steps,
        level=asked.level,
        means=asked.x.mean(axis=0),
        baseline=baseline(rows, final),
        outcome=asked.outcome,
        warnings=_cautions(asked, clusters),
        provenance=asked.provenance,
        rows=own_rows,
        final=own_final,
        sample=asked.sample,
    )


def design(
    covariates: npt.ArrayLike | Mapping[str, npt.ArrayLike], n: int, names: Sequence[str] | None
) -> tuple[FloatArray, tuple[str, ...]]:
    """Covariates as (n, p), and their names: given, taken from the columns, or x0, x1, ..."""
    columns = getattr(covariates, "columns", None)  # a data frame, without asking for pandas
    if isinstance(covariates, Mapping):
        columns = list(covariates)
        covariates = np.column_stack([np.asarray(covariates[c], dtype=np.float64) for c in columns])
    x = finite_matrix("covariates", covariates)
    x = x[:, None] if x.ndim == 1 else x
    if x.ndim != 2 or x.shape[0] != n or not x.shape[1]:
        raise MethodError("covariates", f"needs one row for each of the {n} persons, not the shape {x.shape}")
    given = names if names is not None else columns
    labels = tuple(f"x{k}" for k in range(x.shape[1])) if given is None else tuple(str(c) for c in given)
    if len(labels) != x.shape[1]:
        raise MethodError("names", f"needs one name for each of the {x.shape[1]} covariates")
    return x, labels


def _refuse_constant(scale: FloatArray, x: FloatArray, labels: tuple[str, ...]) -> None:
    flat = scale <= 1e-12 * np.maximum(np.abs(x).max(axis=0), 1e-300)
    if flat.any():
        raise MethodError(
            "covariates", "is the same for everybody: leave it out", labels[int(np.argmax(flat))]
        )


def _refuse_collinear(information: FloatArray, labels: tuple[str, ...]) -> None:
    size = np.sqrt(np.maximum(np.diag(information), 0.0))
    if (size == 0).any():
        rule = "does not vary among those at risk at any event: leave it out"
        raise MethodError("covariates", rule, labels[int(np.argmin(size))])
    _, r, pivot = qr(information / np.outer(size, size), pivoting=True)
    loose = np.abs(np.diag(r)) < COLLINEAR
    if loose.any():
        name = labels[int(pivot[np.argmax(loose)])]
        raise MethodError("covariates", "is a combination of the others: leave one of them out", name)


def newton(rows: Rows, start: Pass, efron: bool, labels: tuple[str, ...]) -> tuple[FloatArray, Pass, int]:
    """Coefficients per standard deviation, the last pass, and the number of steps."""
    beta, now = np.zeros(rows.x.shape[1]), start
    for step in range(1, STEPS + 1):
        try:
            move = cho_solve(cho_factor(now.information[0]), now.score)
        except np.linalg.LinAlgError:
            break
        if float(now.score @ move) < PRECISE * (1 + abs(now.value)) * 1e-3:
            _refuse_far(rows, beta, labels)
            return beta, now, step
        moved = _halved(rows, beta, move, now, efron)
        if moved is None:
            _refuse_far(rows, beta, labels)
            return beta, now, step
        beta, now = moved
    _refuse_far(rows, np.full(len(beta), np.inf), labels)
    raise MethodError("covariates", "the likelihood could not be maximised; check for extreme values")


def _halved(
    rows: Rows, beta: FloatArray, move: FloatArray, now: Pass, efron: bool
) -> tuple[FloatArray, Pass] | None:
    """The step, halved until the likelihood does not fall; None when only rounding is left to gain."""
    for _ in range(HALVINGS):
        tried = evaluate(rows, beta + move, efron)
        if np.isfinite(tried.value) and tried.value >= now.value - 1e-12 * abs(now.value):
            return beta + move, tried
        move = move / 2
    return None


def _refuse_far(rows: Rows, beta: FloatArray, labels: tuple[str, ...]) -> None:
    if (np.abs(beta) * np.ptp(rows.x, axis=0)).max() < FAR:
        return
    direction = separating(rows)
    if direction is not None:
        named = ", ".join(c for c, b in zip(labels, direction, strict=True) if abs(b) > 1e-6)
        rule = "separates the events perfectly (monotone likelihood), so no estimate exists: join or drop"
        raise MethodError("covariates", rule, named)


def _inverse(information: FloatArray) -> FloatArray:
    return np.asarray(cho_solve(cho_factor(information), np.eye(len(information))))


def _robust(
    rows: Rows, final: Pass, beta: FloatArray, model: FloatArray, clusters: IntArray | None
) -> tuple[FloatArray, int | None]:
    """Sandwich variance with influence summed within clusters."""
    if clusters is None:
        return model, None
    count = int(clusters.max()) + 1
    if count < 2:
        raise MethodError("cluster", "needs at least two clusters")
    influence = score_residuals(rows, final, beta) @ model
    summed = np.zeros((count, influence.shape[1]))
    np.add.at(summed, clusters[rows.order], influence)
    return summed.T @ summed, count


def _natural(rows: Rows, final: Pass, scale: FloatArray) -> tuple[Rows, Pass]:
    """Rows and last pass with centred covariates in their own units."""
    moved = replace(
        final,
        score=final.score * scale,
        information=final.information * np.outer(scale, scale),
        hazard_mean=final.hazard_mean * scale,
        tied_mean=final.tied_mean * scale,
        mean=final.mean * scale,
    )
    return replace(rows, x=rows.x * scale), moved


def _cautions(asked: _Asked, clusters: int | None) -> tuple[Caution, ...]:
    events, found = float(asked.sample.event.sum()), []
    if events < EVENTS_PER_COVARIATE * len(asked.names):
        found.append(Caution("few_events", {"events": events, "covariates": float(len(asked.names))}))
    if clusters is not None and clusters < FEW_CLUSTERS:
        found.append(Caution("few_clusters", {"clusters": float(clusters)}))
    for name, column in zip(asked.names, asked.x.T, strict=True):
        low, high = column.min(), column.max()
        if ((column == low) | (column == high)).all():
            text = (f"{name} = {low:g}", f"{name} = {high:g}")
            found.extend(immortal(asked.sample, text, (column == high).astype(np.int64)))
    return tuple(found)


def _concordance(rows: Rows, eta: FloatArray) -> float:
    ranks = np.unique(eta, return_inverse=True)[1].astype(np.int64)
    totals = np.zeros(3)
    for block in np.unique(rows.stratum):
        own = np.flatnonzero(rows.stratum == block)
        late: IntArray = rows.late[rows.stratum[rows.late] == block] - own[0] if len(rows.late) else rows.late
        part = (ranks[own], rows.time[own], rows.event[own], rows.entry[own])
        totals += concordant(*part, late, int(ranks.max()) + 1)
    right, equal, pairs = totals
    return float((right + equal / 2) / pairs) if pairs else float("nan")
