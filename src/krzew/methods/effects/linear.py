"""Least squares by QR with the standard errors that fit each design: classical, HC0 to HC3, CR1, CR2."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..record import FloatArray, IntArray, MethodError

SE_TYPES = ("classical", "HC0", "HC1", "HC2", "HC3", "CR1", "CR2")
DEPENDENT = 1e-9
"""A column is dropped when this little of it is left beside the columns before it."""


SAFE = 1e-5
"""With less than this left of a column the Cholesky way loses digits."""


@dataclass(frozen=True, eq=False)
class LeastSquares:
    """y = x @ coefficients + residuals; `kept` are the columns that do not depend on earlier ones."""

    coefficients: FloatArray
    residuals: FloatArray
    q: FloatArray
    r: FloatArray
    kept: IntArray

    @property
    def leverage(self) -> FloatArray:
        hat: FloatArray = (self.q**2).sum(axis=1)
        return hat

    def score(self, column: int) -> FloatArray:
        """u with coefficient[column] = u @ y: what each row pulls."""
        unit = np.zeros(len(self.coefficients))
        unit[column] = 1.0
        return self.pull(unit)

    def pull(self, load: FloatArray) -> FloatArray:
        """u (n,) with load @ coefficients = u @ y."""
        rows: FloatArray = self.q @ np.linalg.solve(self.r.T, load[self.kept])
        return rows


def least_squares(y: FloatArray, x: FloatArray) -> LeastSquares:
    """Fit y (n,) on x (n, k); columns that depend on earlier ones get coefficient 0 and are not in `kept`."""
    q, r, kept = orthogonal(x)
    coefficients = np.zeros(x.shape[1])
    coefficients[kept] = np.linalg.solve(r, q.T @ y)
    return LeastSquares(coefficients, y - q @ (q.T @ y), q, r, kept)


def orthogonal(x: FloatArray) -> tuple[FloatArray, FloatArray, IntArray]:
    """Q, R and the columns kept.

    Tall matrices go through two passes of Cholesky (as exact as Householder's reflections when columns are
    not nearly dependent, and free of its many small steps); the rest, and dependent columns, through QR.
    """
    length = np.sqrt(np.einsum("ij,ij->j", x, x))
    kept = np.flatnonzero(length > 0)
    quick = _cholesky_qr(x[:, kept] / length[kept])
    if quick is not None:
        return quick[0], quick[1] * length[kept], kept
    q, r = np.linalg.qr(x[:, kept])
    independent = np.abs(np.diag(r)) > DEPENDENT * length[kept][: r.shape[0]]
    if not independent.all() or len(independent) < len(kept):
        kept = kept[: len(independent)][independent]
        q, r = np.linalg.qr(x[:, kept])
    return q, r, kept


def _cholesky_qr(x: FloatArray) -> tuple[FloatArray, FloatArray] | None:
    """Q and R of unit columns; None where they are too few rows or too nearly dependent for this way."""
    total = np.eye(x.shape[1])
    for _ in range(2):
        try:
            r = np.linalg.cholesky(x.T @ x).T
        except np.linalg.LinAlgError:
            return None
        if np.diag(r).min(initial=1.0) < SAFE:
            return None
        x = x @ np.linalg.inv(r)
        total = r @ total
    return x, total


def standard_error(
    fit: LeastSquares, column: int, se_type: str, clusters: IntArray | None = None
) -> tuple[float, float]:
    """Standard error and degrees of freedom of one coefficient.

    HC2 divides by the leverage (MacKinnon and White 1985); CR1 carries G/(G-1) · (N-1)/(N-K) and G-1 degrees
    of freedom; CR2 and its degrees of freedom are those of Bell and McCaffrey (2002).
    """
    if se_type not in SE_TYPES:
        raise MethodError("se_type", f"must be one of {', '.join(SE_TYPES)}", se_type)
    if se_type.startswith("CR"):
        if clusters is None:
            raise MethodError("clusters", f"are needed for {se_type}")
        return (_cr1 if se_type == "CR1" else _cr2)(fit, fit.score(column), clusters)
    n, k = fit.q.shape
    free = n - k
    if free < 1:
        raise MethodError("covariates", f"are too many: {k} coefficients from {n} rows")
    pull, squared = fit.score(column), fit.residuals**2
    if se_type == "classical":
        return float(np.sqrt(squared.sum() / free * (pull @ pull))), float(free)
    power = {"HC0": 0, "HC1": 0, "HC2": 1, "HC3": 2}[se_type]
    room = 1 - fit.leverage if power else np.ones(n)
    safe = np.where(room > 1e-10, room, np.inf)  # a row that fits itself exactly has no residual
    variance = (pull**2 * squared / safe**power).sum() * (n / free if se_type == "HC1" else 1.0)
    return float(np.sqrt(variance)), float(free)


def cluster_sums(values: FloatArray, clusters: IntArray) -> FloatArray:
    """Sums (G,) of values (n,) by cluster."""
    return np.bincount(clusters, weights=values, minlength=int(clusters.max()) + 1).astype(np.float64)


def _cr1(fit: LeastSquares, pull: FloatArray, clusters: IntArray) -> tuple[float, float]:
    n, k = fit.q.shape
    sums = cluster_sums(pull * fit.residuals, clusters)
    groups = len(sums)
    factor = groups / (groups - 1) * (n - 1) / (n - k)
    return float(np.sqrt(factor * (sums @ sums))), groups - 1.0


def _cr2(fit: LeastSquares, pull: FloatArray, clusters: IntArray) -> tuple[float, float]:
    """Adjusted residuals (I - H_gg)^(-1/2) e_g, and (tr P'P)² / tr (P'P)² degrees of freedom."""
    direction = fit.q.T @ pull
    order = np.argsort(clusters, kind="stable")
    rows_of = np.split(order, np.flatnonzero(np.diff(clusters[order])) + 1)
    sums, lengths, loads = [], [], []
    for rows in rows_of:
        adjusted = _half_inverse(fit.q[rows], fit.q[rows] @ direction)
        sums.append(adjusted @ fit.residuals[rows])
        lengths.append(adjusted @ adjusted)
        loads.append(fit.q[rows].T @ adjusted)
    load = np.array(loads)
    spread = np.diag(lengths) - load @ load.T
    df = np.trace(spread) ** 2 / (spread**2).sum()
    return float(np.sqrt(np.square(sums).sum())), float(df)


def _half_inverse(q: FloatArray, values: FloatArray) -> FloatArray:
    """(I - q q')^(-1/2) @ values, by the generalised inverse where a cluster decides a coefficient alone."""
    left, lengths, _ = np.linalg.svd(q, full_matrices=False)
    room = 1 - lengths**2
    scale = np.where(room > 1e-10, 1 / np.sqrt(np.maximum(room, 1e-300)), 0.0) - 1
    adjusted: FloatArray = values + left @ (scale * (left.T @ values))
    return adjusted
