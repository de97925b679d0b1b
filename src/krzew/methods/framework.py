"""What is measured: indicators that evidence needs, and the table of their values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from .record import BoolArray, FloatArray, MethodError, data_hash

OBSERVED = frozenset({"observed", "zero", "preliminary", "below_unit", "local"})
ABSENT = frozenset({"missing", "suppressed", "not_applicable"})


@dataclass(frozen=True)
class Indicator:
    """One figure that evidences a need.

    `direction` is +1 when higher is worse and -1 when higher is better. `goalposts` are (best, worst) in the
    indicator's own unit, fixed in advance; without them only the comparison group can say whether a value is
    bad.
    """

    code: str
    need: str
    direction: int = 1
    weight: float = 1.0
    goalposts: tuple[float, float] | None = None
    unit: str = ""
    denominator: str = ""
    name: str = ""

    def __post_init__(self) -> None:
        if not self.code:
            raise MethodError("code", "must not be empty", self.name)
        if self.direction not in (-1, 1):
            raise MethodError("direction", "must be +1 (higher is worse) or -1 (higher is better)", self.code)
        if not np.isfinite(self.weight) or self.weight < 0:
            raise MethodError("weight", "must be a number not below zero", self.code)
        self._check_goalposts()

    def _check_goalposts(self) -> None:
        if self.goalposts is None:
            return
        best, worst = self.goalposts
        if not (np.isfinite(best) and np.isfinite(worst)):
            raise MethodError("goalposts", "must be two finite numbers (best, worst)", self.code)
        if (worst - best) * self.direction <= 0:
            order = "below" if self.direction > 0 else "above"
            raise MethodError(
                "goalposts", f"best must lie {order} worst for direction {self.direction:+d}", self.code
            )


@dataclass(frozen=True)
class Framework:
    """The indicators in order, and the whole list of needs (also those that no indicator evidences yet)."""

    indicators: tuple[Indicator, ...]
    needs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        refuse_repeats("indicators", self.codes)
        listed = self.needs or tuple(dict.fromkeys(i.need for i in self.indicators))
        refuse_repeats("needs", listed)
        for indicator in self.indicators:
            if indicator.need not in listed:
                raise MethodError("need", f'"{indicator.need}" is not in the list of needs', indicator.code)
        object.__setattr__(self, "needs", listed)

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(i.code for i in self.indicators)

    @cached_property
    def best(self) -> FloatArray:
        return np.array([i.goalposts[0] if i.goalposts else np.nan for i in self.indicators], dtype=float)

    @cached_property
    def worst(self) -> FloatArray:
        return np.array([i.goalposts[1] if i.goalposts else np.nan for i in self.indicators], dtype=float)

    @cached_property
    def direction(self) -> FloatArray:
        return np.array([i.direction for i in self.indicators], dtype=float)

    @cached_property
    def weights(self) -> FloatArray:
        return np.array([i.weight for i in self.indicators], dtype=float)

    @cached_property
    def membership(self) -> npt.NDArray[np.int64]:
        """For each indicator, the position of its need in `needs`."""
        position = {need: j for j, need in enumerate(self.needs)}
        return np.array([position[i.need] for i in self.indicators], dtype=np.int64)

    @cached_property
    def fingerprint(self) -> str:
        return data_hash(self.indicators, self.needs)


@dataclass(frozen=True, eq=False)
class Values:
    """A table of figures: one row per place, one column per indicator, NaN where there is no figure.

    `flags` keeps the source's reason for each cell; `errors` the standard error of a value, if known.
    """

    units: tuple[str, ...]
    codes: tuple[str, ...]
    matrix: FloatArray
    flags: npt.NDArray[Any] | None = None
    errors: FloatArray | None = None

    def __post_init__(self) -> None:
        refuse_repeats("units", self.units)
        refuse_repeats("codes", self.codes)
        shape = (len(self.units), len(self.codes))
        object.__setattr__(self, "matrix", self._array("matrix", self.matrix, shape))
        if self.errors is not None:
            object.__setattr__(self, "errors", self._array("errors", self.errors, shape))
            self._refuse("errors", self.errors < 0, "must not be negative")
        self._check_flags(shape)

    def _array(self, name: str, array: npt.ArrayLike, shape: tuple[int, int]) -> FloatArray:
        result = np.asarray(array, dtype=np.float64)
        if result.shape != shape:
            raise MethodError(name, f"must have the shape {shape} (places, indicators), not {result.shape}")
        self._refuse(name, np.isinf(result), "must be a finite number, or NaN where there is none")
        return result

    def _check_flags(self, shape: tuple[int, int]) -> None:
        flags = np.asarray(self.flags, dtype=np.str_) if self.flags is not None else self._plain_flags()
        if flags.shape != shape:
            raise MethodError("flags", f"must have the shape {shape} (places, indicators), not {flags.shape}")
        self._refuse("flags", ~np.isin(flags, list(OBSERVED | ABSENT)), "is not a known flag")
        absent = np.isin(flags, list(ABSENT))
        self._refuse(
            "flags", absent & ~np.isnan(self.matrix), "says that there is no value, but there is one"
        )
        empty = (
            ~absent & (flags != "below_unit") & np.isnan(self.matrix)
        )  # a source may print nothing below its unit
        self._refuse("flags", empty, "says that there is a value, but there is none")
        object.__setattr__(self, "flags", flags)

    def _plain_flags(self) -> npt.NDArray[np.str_]:
        return np.where(np.isnan(self.matrix), "missing", "observed")

    def _refuse(self, name: str, bad: npt.ArrayLike, rule: str) -> None:
        cells = np.argwhere(bad)
        if len(cells):
            i, j = cells[0]
            raise MethodError(name, rule, f"{self.units[i]}, {self.codes[j]}")

    @cached_property
    def data_hash(self) -> str:
        return data_hash(self.units, self.codes, self.matrix, self.flags, self.errors)

    @cached_property
    def rows(self) -> dict[str, int]:
        return {unit: i for i, unit in enumerate(self.units)}

    @cached_property
    def applicable(self) -> BoolArray:
        """Cells where a figure exists or could exist; "not applicable" is never imputed."""
        assert self.flags is not None
        return np.asarray(self.flags != "not_applicable", dtype=np.bool_)

    def row(self, unit: str) -> int:
        """The row of a place, or a clear error."""
        if unit not in self.rows:
            raise MethodError("place", "is not in the table of values", unit)
        return self.rows[unit]

    def columns(self, codes: Sequence[str]) -> npt.NDArray[np.int64]:
        """Column of each code; -1 where the table has none."""
        position = {code: j for j, code in enumerate(self.codes)}
        return np.array([position.get(code, -1) for code in codes], dtype=np.int64)


def refuse_repeats(name: str, codes: Sequence[str]) -> None:
    """Codes must be there once each."""
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            raise MethodError(name, "stands there twice", code)
        seen.add(code)
