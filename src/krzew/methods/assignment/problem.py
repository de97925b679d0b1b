"""Who may assess what, how much, and with which qualities: the input of an assignment, checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ..record import BoolArray, FloatArray, IntArray, MethodError, data_hash, finite_matrix
from .conflicts import Conflicts

COMPETENCE, LIVED, LEVEL = "competence", "lived", "level"


@dataclass(frozen=True, eq=False)
class Requirement:
    """At least `count[p]` of the assessors of idea p must be marked in `mask` (assessors, ideas)."""

    kind: str
    name: str
    mask: BoolArray
    count: IntArray


@dataclass(frozen=True, eq=False)
class Problem:
    """Affinities (assessors, ideas), the pairs that may be made, and the bounds on both sides."""

    affinity: FloatArray
    admissible: BoolArray
    per_idea: IntArray
    load: IntArray
    min_load: IntArray
    requirements: tuple[Requirement, ...] = ()
    assessors: tuple[str, ...] = field(default=())
    ideas: tuple[str, ...] = field(default=())

    @property
    def total(self) -> int:
        """Number of assessments asked for."""
        return int(self.per_idea.sum())

    @property
    def data_hash(self) -> str:
        wanted = [(r.kind, r.name, r.mask.tobytes(), r.count.tobytes()) for r in self.requirements]
        return data_hash(self.affinity, self.admissible, self.per_idea, self.load, self.min_load, wanted)

    def part(self, ideas: IntArray, used: IntArray) -> Problem:
        """The same task for some of the ideas, when `used` (assessors,) of the loads are already taken."""
        kept = tuple(Requirement(r.kind, r.name, r.mask[:, ideas], r.count[ideas]) for r in self.requirements)
        return Problem(
            self.affinity[:, ideas],
            self.admissible[:, ideas],
            self.per_idea[ideas],
            self.load - used,
            np.maximum(self.min_load - used, 0),
            kept,
            self.assessors,
            tuple(self.ideas[p] for p in ideas),
        )


def pose(
    affinity: npt.ArrayLike,
    conflicts: object = None,
    *,
    per_idea: npt.ArrayLike,
    load: npt.ArrayLike,
    min_load: npt.ArrayLike = 0,
    competences: object = None,
    lived: npt.ArrayLike | None = None,
    assessors: Sequence[str] | None = None,
    ideas: Sequence[str] | None = None,
) -> Problem:
    """Check the input of `assign` (see there for the shapes) and put it in order."""
    table = finite_matrix("affinity", affinity)
    if table.ndim != 2 or not table.size:
        raise MethodError("affinity", f"must be a table (assessors, ideas), not of shape {table.shape}")
    n, m = table.shape
    most, least = _counts("load", load, n), _counts("min_load", min_load, n)
    if (least > most).any():
        raise MethodError("min_load", "must not be above load", str(int(np.argmax(least > most))))
    wanted = _counts("per_idea", per_idea, m)
    if (wanted < 1).any():
        raise MethodError("per_idea", "must be at least 1", str(int(np.argmax(wanted < 1))))
    required = (*_competences(competences, n, m), *_lived(lived, n, m))
    admissible = ~conflict_matrix(conflicts, n, m)
    names = _names("assessors", assessors, n), _names("ideas", ideas, m)
    return Problem(table, admissible, wanted, most, least, required, *names)


def conflict_matrix(conflicts: object, n: int, m: int) -> BoolArray:
    """A table (assessors, ideas), true where the two must not meet, from a table, pairs or `Conflicts`."""
    blocked = np.zeros((n, m), dtype=bool)
    if conflicts is None:
        return blocked
    if isinstance(conflicts, Conflicts):
        conflicts = conflicts.matrix
    array: npt.NDArray = np.asarray(list(conflicts) if isinstance(conflicts, set | frozenset) else conflicts)
    if not array.size:
        return blocked
    zero_one = array.shape == (n, m) and bool(np.isin(array, (0, 1)).all())
    if array.dtype == bool or (zero_one and m != 2):
        return bool_table("conflicts", array, (n, m))
    if zero_one and not isinstance(conflicts, set | frozenset):
        rule = "could be a table or pairs: give a table as booleans, or pairs as a set of (assessor, idea)"
        raise MethodError("conflicts", rule)
    pairs = _pairs("conflicts", array, n, m)
    blocked[pairs[:, 0], pairs[:, 1]] = True
    return blocked


def pairs_of(name: str, pairs: Iterable[object], n: int, m: int) -> IntArray:
    """Row numbers (pairs, 2) of (assessor, idea)."""
    array = np.asarray(list(pairs))
    return _pairs(name, array, n, m) if array.size else np.zeros((0, 2), dtype=np.int64)


def _pairs(name: str, array: npt.NDArray, n: int, m: int) -> IntArray:
    if array.ndim != 2 or array.shape[1] != 2 or not np.issubdtype(array.dtype, np.integer):
        rule = f"must be a boolean table ({n}, {m}) (assessors, ideas) or pairs of row numbers"
        raise MethodError(name, f"{rule}, not of shape {array.shape}")
    for column, size, what in ((0, n, "assessors"), (1, m, "ideas")):
        bad = (array[:, column] < 0) | (array[:, column] >= size)
        if bad.any():
            raise MethodError(name, f"holds a number outside the {size} {what}", str(int(np.argmax(bad))))
    return array.astype(np.int64)


def bool_table(name: str, table: npt.ArrayLike, shape: tuple[int, ...]) -> BoolArray:
    """A table of yes and no of the given shape."""
    array = np.asarray(table)
    if array.shape != shape:
        raise MethodError(name, f"must have the shape {shape}, not {array.shape}")
    if array.dtype != bool and not np.isin(array, (0, 1)).all():
        raise MethodError(name, "must hold only yes and no (true/false or 1/0)")
    result: BoolArray = array.astype(bool)
    return result


def _counts(name: str, counts: npt.ArrayLike, size: int) -> IntArray:
    array = finite_matrix(name, counts)
    if array.ndim and array.shape != (size,):
        raise MethodError(name, f"must be one number or {size} numbers, not of shape {array.shape}")
    whole = np.broadcast_to(array, (size,))
    bad = (whole < 0) | (whole != np.rint(whole))
    if bad.any():
        raise MethodError(name, "must be a whole number not below zero", str(int(np.argmax(bad))))
    return whole.astype(np.int64)


def _names(field: str, names: Sequence[str] | None, size: int) -> tuple[str, ...]:
    given = tuple(str(i + 1) for i in range(size)) if names is None else tuple(map(str, names))
    if len(given) != size:
        raise MethodError(field, f"needs {size} names, not {len(given)}")
    if len(set(given)) != size:
        raise MethodError(field, "must not repeat a name", next(x for x in given if given.count(x) > 1))
    return given


def _competences(competences: object, n: int, m: int) -> tuple[Requirement, ...]:
    """From a table (assessors, ideas), or from a pair: what assessors have and what ideas need."""
    if competences is None:
        return ()
    if not (isinstance(competences, tuple) and len(competences) == 2):
        table = bool_table("competences", competences, (n, m))  # type: ignore[arg-type]
        return (Requirement(COMPETENCE, "", table, np.ones(m, dtype=np.int64)),)
    has, needs, names = _have_and_need(*competences, n, m)
    made = []
    for c in np.flatnonzero(needs.any(axis=0)):
        mask = has[:, c, None] & needs[None, :, c]
        made.append(Requirement(COMPETENCE, names[c], mask, needs[:, c].astype(np.int64)))
    return tuple(made)


def _have_and_need(
    have: object, need: object, n: int, m: int
) -> tuple[BoolArray, BoolArray, tuple[str, ...]]:
    if isinstance(have, np.ndarray) and have.ndim == 2:
        columns = have.shape[1]
        has = bool_table("competences (assessors)", have, (n, columns))
        needs = bool_table("competences (ideas)", need, (m, columns))  # type: ignore[arg-type]
        return has, needs, tuple(str(c + 1) for c in range(columns))
    rows = [_row_of_names(x) for x in have], [_row_of_names(x) for x in need]  # type: ignore[attr-defined]
    for what, part, size in (("assessors", rows[0], n), ("ideas", rows[1], m)):
        if len(part) != size:
            raise MethodError("competences", f"needs one set of names for each of the {size} {what}")
    names = tuple(sorted(set().union(*rows[0], *rows[1])))
    has, needs = (np.array([[c in row for c in names] for row in part], dtype=bool) for part in rows)
    return has.reshape(n, len(names)), needs.reshape(m, len(names)), names


def _row_of_names(row: object) -> frozenset[str]:
    if isinstance(row, str):
        return frozenset((row,))
    return frozenset(str(x) for x in row)  # type: ignore[attr-defined]


def _lived(lived: npt.ArrayLike | None, n: int, m: int) -> tuple[Requirement, ...]:
    if lived is None:
        return ()
    array = np.asarray(lived)
    table = bool_table("lived", array, (n,) if array.ndim == 1 else (n, m))
    mask = np.ascontiguousarray(np.broadcast_to(table[:, None] if table.ndim == 1 else table, (n, m)))
    return (Requirement(LIVED, "", mask, np.ones(m, dtype=np.int64)),)
