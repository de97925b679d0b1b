"""Rounding instead of hiding: every figure to a multiple of a base, so that single people leave no trace."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix, hstack

from ..record import FloatArray, MethodError, Provenance, data_hash, stamp
from .table import Table, as_table

MOST_STEPS = 3
"""So many bases further than the nearest multiples a figure may go when a table cannot be rounded otherwise."""


@dataclass(frozen=True, eq=False)
class Rounded:
    """A rounded table with its groups and totals. `furthest` is the greatest change of a figure, `apart` the
    greatest gap between a total and the sum of its rounded parts (0 when additive).

    Random rounding: `secret` makes it again and must stay with the office; `commitment` may be published, and
    shows later that the secret was not chosen to please.
    """

    values: FloatArray
    base: float
    method: str
    additive: bool
    apart: float
    furthest: float
    changed: int
    commitment: str | None
    secret: str | None = field(repr=False)
    provenance: Provenance

    def explain(self, lang: str = "pl") -> tuple[str, ...]:
        """Plain sentences; raises `MethodError` for a language other than pl and en."""
        from .sentences import rounded

        return rounded(self, lang)


def round_table(
    table: Table | npt.ArrayLike,
    base: float = 5,
    *,
    method: str = "controlled",
    seed: str | int | None = None,
    margins: str = "add",
    time_limit: float | None = None,
) -> Rounded:
    """Round every cell, group and total to a multiple of `base`.

    "controlled": sums stay exact and every figure goes to one of its two nearest multiples, in all as near as
    possible (L. H. Cox and L. R. Ernst, INFOR 20 (1982) 423-432); where that cannot be (three dimensions,
    several hierarchies), a few go one base further. "random": each figure by itself up or down, on average
    right; sums no longer agree. A figure is rounded by a keyed hash of its cell and value: the same in every
    release, so averaging releases gains nothing. Without `seed` a secret is drawn; a short seed can be guessed.
    """
    if not base > 0:
        raise MethodError("base", "must be above 0", str(base))
    given = as_table(table, margins)
    full = given.full()
    if method == "controlled":
        values, secret = _controlled(given, full, base, time_limit), None
    elif method == "random":
        secret = secrets.token_hex(16) if seed is None else str(seed)
        values = _random(given, full, base, secret)
    else:
        raise MethodError("method", "must be controlled or random", method)
    apart = float(np.abs(given.equations() @ values.ravel()).max())
    sealed = None if secret is None else commitment(secret)
    parameters = {"base": base, "method": method, "commitment": sealed}
    origin = stamp("suppression.rounding", None, data_hash(full), parameters)
    moved = np.abs(values - full)
    additive, changed = apart < 1e-6 * base, int((moved > 1e-9 * base).sum())
    found = (additive, 0.0 if additive else apart, float(moved.max()), changed)
    return Rounded(values, base, method, *found, sealed, secret, origin)


def commitment(seed: str | int) -> str:
    """What to publish beforehand, so that anybody shown the seed later can see that it is the same."""
    return hashlib.sha256(f"krzew rounding {seed}".encode()).hexdigest()


def _random(table: Table, full: FloatArray, base: float, secret: str) -> FloatArray:
    """Unbiased: up with the chance that the rest is of the base."""
    key = hashlib.sha256(secret.encode()).digest()
    flat = full.ravel()
    labels = ("\x1f".join(table.cell(i)) for i in range(len(flat)))
    texts = (f"{label}\x1e{value!r}\x1e{base!r}" for label, value in zip(labels, flat.tolist(), strict=True))
    drawn = np.array(
        [int.from_bytes(hashlib.blake2b(t.encode(), key=key, digest_size=7).digest()) for t in texts]
    )
    below = np.floor(flat / base)
    up = drawn / 2.0**56 < flat / base - below
    result: FloatArray = (base * (below + up)).reshape(full.shape)
    return result


def _controlled(table: Table, full: FloatArray, base: float, time_limit: float | None) -> FloatArray:
    ratio = full.ravel() / base
    ratio = np.where(np.abs(ratio - np.round(ratio)) < 1e-9, np.round(ratio), ratio)
    for further in range(MOST_STEPS + 1):
        found = _nearest(table.equations(), ratio, further, time_limit)
        if found is not None:
            return (base * found).reshape(full.shape)
    raise MethodError("base", "the table cannot be rounded so that its sums stay exact", str(base))


def _nearest(
    equations: csr_matrix, ratio: FloatArray, further: int, time_limit: float | None
) -> FloatArray | None:
    """The additive whole numbers nearest to `ratio` (least squares), each at most `further` beyond its two
    neighbours. Every step up costs more than the one before it, so steps are taken in order."""
    below, ceiling = np.floor(ratio), np.ceil(ratio)
    start = np.where(ratio > 0, np.maximum(below - further, 0.0), 0.0)
    end = np.where(ratio > 0, ceiling + further, 0.0)
    steps = np.arange(int((end - start).max(initial=0.0)))
    open_ = start + steps[:, None] < end  # (steps, cells)
    cost = 2 * (start + steps[:, None] - ratio) + 1
    result: Any = (
        milp(
            cost.ravel(),
            constraints=LinearConstraint(
                csr_matrix(hstack([equations] * len(steps))), *[-(equations @ start)] * 2
            ),
            bounds=Bounds(0.0, open_.astype(float).ravel()),
            integrality=np.ones(cost.size),
            options={} if time_limit is None else {"time_limit": time_limit},
        )
        if len(steps)
        else None
    )
    if result is None:
        return start
    return None if result.x is None else start + np.round(result.x).reshape(cost.shape).sum(axis=0)
