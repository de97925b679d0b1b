"""What every result carries: who computed it, from which data, with which seed and versions."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.metadata import version
from typing import Any

import numpy as np
import numpy.typing as npt

METHOD_VERSION = "2026.1"
"""Changes whenever the same data would give another number."""

DEFAULT_SEED = 20250101

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]


class MethodError(ValueError):
    """Input that cannot be computed with; names the field, the row and the rule that it breaks."""

    def __init__(self, field: str, rule: str, row: str = "") -> None:
        self.field, self.row, self.rule = field, row, rule
        super().__init__(f"{field}{f' [{row}]' if row else ''}: {rule}")


@dataclass(frozen=True)
class Provenance:
    """The origin of a result: enough to compute it again and to see that it is the same."""

    method: str
    method_version: str
    seed: int | None
    versions: dict[str, str]
    data_hash: str
    parameters: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """A plain dictionary, ready for JSON."""
        return asdict(self)


@cache
def library_versions() -> tuple[tuple[str, str], ...]:
    """Versions of everything that can change a number."""
    packages = tuple((name, version(name)) for name in ("numpy", "scipy", "numba", "highspy", "ortools"))
    return (("python", platform.python_version()), *packages)


def data_hash(*parts: object) -> str:
    """A short fingerprint of arrays and plain values; equal data give equal text."""
    digest = hashlib.sha256()  # in hardware on most machines
    for part in parts:
        if isinstance(part, np.ndarray) and part.dtype != object:
            digest.update(str(part.dtype).encode() + str(part.shape).encode())
            digest.update(np.ascontiguousarray(part).tobytes())
        else:
            digest.update(repr(part).encode())
    return digest.hexdigest()[:32]


def stamp(method: str, seed: int | None, data: str, parameters: Mapping[str, Any]) -> Provenance:
    """Provenance for one result."""
    return Provenance(method, METHOD_VERSION, seed, dict(library_versions()), data, dict(parameters))


def streams(seed: int, count: int) -> list[np.random.Generator]:
    """Independent random streams, one per block of work, so that threads cannot change a result."""
    return [np.random.default_rng(child) for child in np.random.SeedSequence(seed).spawn(count)]


def plain(number: float | np.floating[Any]) -> float | None:
    """A Python number, or None where the array says "not known"."""
    return None if np.isnan(number) else float(number)


def finite_matrix(name: str, matrix: npt.ArrayLike, *, missing: bool = False) -> FloatArray:
    """A float array without infinities (and without NaN unless `missing` is allowed)."""
    array = np.asarray(matrix, dtype=np.float64)
    bad = np.isinf(array) if missing else ~np.isfinite(array)
    if bad.any():
        where = ", ".join(str(int(i)) for i in np.argwhere(bad)[0])
        raise MethodError(name, "must be a finite number", where)
    return array


def check_weights(name: str, weights: npt.ArrayLike) -> FloatArray:
    """Weights scaled to sum to 1; not negative and not all zero."""
    array = finite_matrix(name, weights)
    if (array < 0).any():
        raise MethodError(name, "must not be negative", str(int(np.argmax(array < 0))))
    if array.sum() <= 0:
        raise MethodError(name, "at least one weight must be above zero")
    scaled: FloatArray = array / array.sum()
    return scaled
