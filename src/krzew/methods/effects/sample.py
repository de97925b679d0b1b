"""The data of one comparison, checked once; and the extra columns that income-like covariates need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..record import BoolArray, FloatArray, IntArray, MethodError, finite_matrix

ZERO_SHARE = (0.05, 0.95)
"""A covariate is a mixture with a mass at zero when the share of exact zeros lies between these."""


HARDLY = 0.01
"""Two columns that differ in a smaller share of rows are the same."""


@dataclass(frozen=True, eq=False)
class Sample:
    """`outcome` (n,), `treated` (n,) yes or no, `covariates` (n, k), codes of `clusters` (n,) or None."""

    outcome: FloatArray
    treated: BoolArray
    covariates: FloatArray
    names: tuple[str, ...]
    clusters: IntArray | None

    @property
    def arms(self) -> tuple[int, int]:
        """How many took part and how many did not."""
        taken = int(self.treated.sum())
        return taken, len(self.treated) - taken

    @property
    def t(self) -> FloatArray:
        """Participation as 0.0 and 1.0."""
        return self.treated.astype(np.float64)


def read_sample(
    outcome: npt.ArrayLike,
    treated: npt.ArrayLike,
    covariates: npt.ArrayLike | None,
    names: Sequence[str] | None,
    clusters: npt.ArrayLike | None,
) -> Sample:
    """Checked arrays; raises `MethodError` on other lengths, missing figures or an arm under two rows."""
    y = finite_matrix("outcome", outcome)
    if y.ndim != 1:
        raise MethodError("outcome", f"must be one row of figures, one for each person, not {y.shape}")
    t = read_treated(treated, len(y))
    for arm, wanted in (("treated", True), ("untreated", False)):
        if (t == wanted).sum() < 2:
            raise MethodError("treated", f"needs at least two {arm} rows to compare")
    x, labels = _read_covariates(covariates, names, len(y))
    return Sample(y, t, x, labels, None if clusters is None else read_codes("clusters", clusters, len(y)))


def read_treated(treated: npt.ArrayLike, size: int, name: str = "treated") -> BoolArray:
    """0/1 or true/false for each row."""
    array = np.asarray(treated)
    if array.shape != (size,):
        raise MethodError(name, f"needs one value for each of the {size} outcomes, not {array.shape}")
    if array.dtype == object and any(value is None for value in array):
        raise MethodError(name, "must be 0 or 1, without gaps")
    numbers = array.astype(np.float64)
    bad = (numbers != 0) & (numbers != 1)
    if bad.any():
        raise MethodError(name, "must be 0 or 1, without gaps", str(int(np.argmax(bad))))
    return np.asarray(numbers == 1, dtype=np.bool_)


def read_codes(name: str, labels: npt.ArrayLike, size: int) -> IntArray:
    """Labels of any kind as whole numbers from 0."""
    array = np.asarray(labels)
    if array.shape != (size,):
        raise MethodError(name, f"needs one label for each of the {size} outcomes, not {array.shape}")
    if array.dtype.kind == "f" and np.isnan(array).any():
        raise MethodError(name, "must not have gaps", str(int(np.argmax(np.isnan(array)))))
    return np.unique(array.astype(str) if array.dtype == object else array, return_inverse=True)[1].astype(
        np.int64
    )


def _read_covariates(
    covariates: npt.ArrayLike | None, names: Sequence[str] | None, size: int
) -> tuple[FloatArray, tuple[str, ...]]:
    if covariates is None:
        return np.empty((size, 0)), ()
    columns = getattr(covariates, "columns", None)  # a table that names its columns
    x = finite_matrix("covariates", covariates)
    x = x[:, None] if x.ndim == 1 else x
    if x.ndim != 2 or len(x) != size:
        raise MethodError("covariates", f"needs one row for each of the {size} outcomes, not {x.shape}")
    given = names if names is not None else columns
    labels = tuple(f"x{j + 1}" for j in range(x.shape[1])) if given is None else tuple(str(c) for c in given)
    if len(labels) != x.shape[1]:
        raise MethodError("names", f"needs {x.shape[1]} names, one for each covariate, not {len(labels)}")
    return x, labels


def expand(covariates: npt.ArrayLike, squares: bool = True, zeros: bool = True) -> FloatArray:
    """Covariates (n, k) with a yes/no column for "exactly zero" of each income-like one, and squares.

    Zero income is another situation than a small income, so a mean alone does not balance it. Squares are
    those of standardised values; a yes/no covariate has neither. Raises `MethodError` on gaps.
    """
    x = finite_matrix("covariates", covariates)
    x = x[:, None] if x.ndim == 1 else x
    return expanded(x, tuple(map(str, range(x.shape[1]))), squares=squares, zeros=zeros)[0]


def expanded(
    x: FloatArray, names: tuple[str, ...], *, squares: bool, zeros: bool
) -> tuple[FloatArray, tuple[str, ...]]:
    """The expanded matrix and the names of its columns."""
    columns, labels = [x[:, j] for j in range(x.shape[1])], list(names)
    for j, name in enumerate(names):
        column = x[:, j]
        if len(np.unique(column)) <= 2:
            continue
        extra = [(f"{name} = 0", (column == 0).astype(np.float64))] if zeros and _mixed(column) else []
        extra += [(f"{name}²", ((column - column.mean()) / column.std()) ** 2)] if squares else []
        for label, values in extra:
            if not any(_alike(values, known) for known in columns):
                columns, labels = [*columns, values], [*labels, label]
    return (np.column_stack(columns) if columns else x), tuple(labels)


def _alike(one: FloatArray, other: FloatArray) -> bool:
    """Whether two columns, or one and the contrary of the other, differ in hardly any row."""
    return bool(min((one != other).mean(), (1 - one != other).mean()) < HARDLY)


def _mixed(column: FloatArray) -> bool:
    return bool(ZERO_SHARE[0] <= (column == 0).mean() <= ZERO_SHARE[1])
