"""A panel of places over time, checked once, as a matrix; and the wave in which each place adopted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..record import FloatArray, IntArray, MethodError, finite_matrix
from .balance import Finding, finding
from .sample import read_codes, read_treated

NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, eq=False)
class Panel:
    """`outcome` (units, times); `wave` (units,) is the column of the first treated time, or NEVER;
    `clusters` (units,) codes; `labels` the times in order."""

    outcome: FloatArray
    wave: IntArray
    clusters: IntArray
    labels: tuple[Any, ...]
    findings: tuple[Finding, ...]

    @property
    def waves(self) -> list[int]:
        """Columns at which some unit adopts, in order."""
        return [int(w) for w in np.unique(self.wave) if w != NEVER]

    @property
    def ever(self) -> npt.NDArray[np.bool_]:
        """Which units adopt at all."""
        adopts: npt.NDArray[np.bool_] = self.wave != NEVER
        return adopts


def read_panel(
    outcome: npt.ArrayLike,
    unit: npt.ArrayLike,
    time: npt.ArrayLike,
    first_treated: npt.ArrayLike | None,
    treated: npt.ArrayLike | None,
    clusters: npt.ArrayLike | None,
) -> Panel:
    """A checked panel. Units with gaps and units treated from the start are left out, with a finding."""
    y = finite_matrix("outcome", outcome)
    if y.ndim != 1 or not len(y):
        raise MethodError("outcome", f"must be one row of figures, one for each unit and time, not {y.shape}")
    units = read_codes("unit", unit, len(y))
    times, labels = _read_times(time, len(y))
    _no_repeats(units, times, unit, time)
    size = int(units.max()) + 1, len(labels)
    matrix = np.full(size, np.nan)
    matrix[units, times] = y
    wave = _read_waves(first_treated, treated, units, times, labels, size)
    code = units if clusters is None else read_codes("clusters", clusters, len(y))
    cluster = _constant("clusters", code, units, size[0])
    gaps, always = np.isnan(matrix).any(axis=1), wave == 0
    keep = ~gaps & ~always
    counts = {"gaps": int(gaps.sum()), "always": int((always & ~gaps).sum())}
    found = tuple(finding(name, count=str(count)) for name, count in counts.items() if count)
    if not (keep & (wave != NEVER)).any() or len(labels) < 2:
        raise MethodError("first_treated", "needs a unit with figures for every time, before and after")
    matrix, wave = matrix[keep], wave[keep]
    return Panel(matrix, wave, np.unique(cluster[keep], return_inverse=True)[1], labels, found)


def _read_times(time: npt.ArrayLike, size: int) -> tuple[IntArray, tuple[Any, ...]]:
    codes = read_codes("time", time, size)
    array = np.asarray(time)
    labels = np.unique(array.astype(str) if array.dtype == object else array)
    return codes, tuple(labels.tolist())


def _no_repeats(units: IntArray, times: IntArray, unit: npt.ArrayLike, time: npt.ArrayLike) -> None:
    cells, first, counts = np.unique(np.stack([units, times]), axis=1, return_index=True, return_counts=True)
    if (counts > 1).any():
        row = int(first[np.argmax(counts > 1)])
        where = f"{np.asarray(unit)[row]}, {np.asarray(time)[row]}"
        raise MethodError("unit", "needs one row for each unit and time: take the mean first", where)
    assert cells.shape[1] == len(units)


def _read_waves(
    first_treated: npt.ArrayLike | None,
    treated: npt.ArrayLike | None,
    units: IntArray,
    times: IntArray,
    labels: tuple[Any, ...],
    size: tuple[int, int],
) -> IntArray:
    if (first_treated is None) == (treated is None):
        raise MethodError("first_treated", "give either this or treated (0/1 for each row)")
    if treated is not None:
        return _first_on(read_treated(treated, len(units)), units, times, size)
    array = np.asarray(first_treated)
    if array.shape != units.shape:
        raise MethodError("first_treated", f"needs one value for each of the {len(units)} rows")
    columns = np.array([_column(value, labels) for value in array.tolist()], dtype=np.int64)
    return _constant("first_treated", columns, units, size[0])


def _first_on(on: npt.NDArray[np.bool_], units: IntArray, times: IntArray, size: tuple[int, int]) -> IntArray:
    """The first time with treatment; it must not be switched off again."""
    wave = np.full(size[0], NEVER, dtype=np.int64)
    np.minimum.at(wave, units[on], times[on])
    off_again = ~on & (times > wave[units])
    if off_again.any():
        raise MethodError("treated", "must stay 1 once it is 1", str(int(np.argmax(off_again))))
    return wave


def _column(value: Any, labels: tuple[Any, ...]) -> int:
    """The column of a first treated time. None, NaN, infinity, an empty text or 0 before all times: never."""
    if value is None or value == "" or str(value).lower() in {"nan", "nat", "inf", "never"}:
        return NEVER
    if isinstance(value, str) or isinstance(labels[0], str):
        if str(value) not in labels:
            raise MethodError("first_treated", "must be one of the times, or empty for never", str(value))
        return labels.index(str(value))
    if value == 0 and labels[0] > 0:
        return NEVER
    column = int(np.searchsorted(labels, value))
    return column if column < len(labels) else NEVER


def _constant(name: str, values: IntArray, units: IntArray, count: int) -> IntArray:
    """The one value of each unit."""
    found = np.zeros(count, dtype=np.int64)
    found[units] = values
    differs = found[units] != values
    if differs.any():
        raise MethodError(name, "must be the same in all rows of a unit", str(int(np.argmax(differs))))
    return found
