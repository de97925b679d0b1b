"""Deferred acceptance for arrays and for lists of names: many persons, workplaces with several slots."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from ..record import FloatArray, IntArray, MethodError, Provenance, data_hash, stamp
from .kernels import blocking, propose
from .lottery import Lottery
from .sentences import explain_stable

SIDES = ("person", "workplace")


@dataclass(frozen=True, eq=False)
class Stable:
    """A stable matching. `assignment` (n,) is each person's workplace, -1 for none; `person_worth` (n, m) and
    `workplace_worth` (m, n) are the preferences as numbers, -inf for not acceptable."""

    assignment: IntArray
    persons: tuple[Hashable, ...]
    workplaces: tuple[Hashable, ...]
    capacities: IntArray
    person_worth: FloatArray
    workplace_worth: FloatArray
    proposals: int
    proposing: str
    lottery: Lottery
    provenance: Provenance

    @property
    def pairs(self) -> tuple[tuple[Hashable, Hashable], ...]:
        return tuple(
            (self.persons[i], self.workplaces[self.assignment[i]]) for i in np.flatnonzero(self.placed)
        )

    @property
    def placed(self) -> npt.NDArray[np.bool_]:
        return self.assignment >= 0

    @property
    def unmatched(self) -> tuple[Hashable, ...]:
        return tuple(self.persons[i] for i in np.flatnonzero(~self.placed))

    @cached_property
    def matching(self) -> dict[Hashable, tuple[Hashable, ...]]:
        """Persons of each workplace, those it wants most first."""
        out: dict[Hashable, tuple[Hashable, ...]] = {}
        for j, name in enumerate(self.workplaces):
            own = np.flatnonzero(self.assignment == j)
            own = own[np.argsort(-self.workplace_worth[j, own], kind="stable")]
            out[name] = tuple(self.persons[i] for i in own)
        return out

    @cached_property
    def blocking_pairs(self) -> IntArray:
        """Row numbers (k, 2) of persons and workplaces that would rather have each other; none when stable."""
        return np.asarray(blocking(self.person_worth, self.workplace_worth, self.assignment, self.capacities))

    def check(self) -> tuple[str, ...]:
        """What is wrong with the matching, found without the solver: empty when nothing is."""
        filled = np.bincount(self.assignment[self.placed], minlength=len(self.workplaces))
        said = [f"{self.workplaces[j]}: over capacity" for j in np.flatnonzero(filled > self.capacities)]
        for i in np.flatnonzero(self.placed):
            j = self.assignment[i]
            if not (np.isfinite(self.person_worth[i, j]) and np.isfinite(self.workplace_worth[j, i])):
                said.append(f"{self.persons[i]} at {self.workplaces[j]}: not acceptable")
        blocked = [f"{self.persons[i]} and {self.workplaces[j]}: blocking" for i, j in self.blocking_pairs]
        return (*said, *blocked)

    def explain(self, lang: str = "pl") -> tuple[str, ...]:
        return explain_stable(self, lang)


def deferred_acceptance(
    person_prefs: npt.ArrayLike | Mapping[Hashable, Sequence[Hashable]] | Sequence[Sequence[int]],
    workplace_prefs: npt.ArrayLike | Mapping[Hashable, Sequence[Hashable]] | Sequence[Sequence[int]],
    capacities: npt.ArrayLike | Mapping[Hashable, int],
    *,
    proposing: str = "person",
    lottery: Lottery | None = None,
) -> Stable:
    """The stable matching that is best for all persons at once (or, proposed by workplaces, for those).

    Preferences come in one of three forms, the same on both sides:
    - whole numbers: rows are lists of row numbers of the other side, best first, padded with -1 (or shorter);
    - floats: (n, m) for persons and (m, n) for workplaces, higher is better, NaN or -inf not acceptable;
    - mappings of names to lists of names, best first, with `capacities` by name.
    A pair can meet only if each lists the other. Equal floats are decided by the lottery (`Lottery`), by row
    number as text or by name. No person can gain by stating other preferences. Source: Gale and Shapley,
    American Mathematical Monthly 69 (1962) 9-15; Roth, Econometrica 50 (1982).
    """
    if proposing not in SIDES:
        raise MethodError("proposing", "must be person or workplace", str(proposing))
    draw = lottery or Lottery()
    persons, workplaces, wants, accepts, capacity = _read(person_prefs, workplace_prefs, capacities)
    held, proposals = solve_stable(wants, accepts, capacity, persons, workplaces, draw, proposing)
    parameters = {"proposing": proposing, "commitment": draw.commitment, "public": draw.public}
    origin = stamp("placement.deferred_acceptance", None, data_hash(wants, accepts, capacity), parameters)
    return Stable(held, persons, workplaces, capacity, wants, accepts, proposals, proposing, draw, origin)


def solve_stable(
    wants: FloatArray,
    accepts: FloatArray,
    capacity: IntArray,
    persons: Sequence[Hashable],
    workplaces: Sequence[Hashable],
    draw: Lottery,
    proposing: str = "person",
) -> tuple[IntArray, int]:
    """Each person's workplace (or -1) and the number of proposals."""
    person_ticket = draw.places([str(p) for p in persons])
    place_ticket = draw.places([str(w) for w in workplaces])
    n, one = len(persons), np.ones(len(persons), dtype=np.int64)
    if proposing == "person":
        held, count = propose(
            wants, accepts, np.arange(n), person_ticket, place_ticket, np.minimum(capacity, n)
        )
        return held, int(count)
    slot = np.repeat(np.arange(len(workplaces)), np.minimum(capacity, n))
    order = np.empty(len(slot), dtype=np.int64)
    order[np.argsort(place_ticket[slot], kind="stable")] = np.arange(len(slot))
    taken, count = propose(accepts, wants, slot, order, person_ticket, one)
    held = np.full(n, -1)
    held[taken[taken >= 0]] = slot[taken >= 0]
    return held, int(count)


Read = tuple[tuple[Hashable, ...], tuple[Hashable, ...], FloatArray, FloatArray, IntArray]


def _read(person_prefs: Any, workplace_prefs: Any, capacities: Any) -> Read:
    named = [isinstance(part, Mapping) for part in (person_prefs, workplace_prefs, capacities)]
    if all(named):
        return _read_names(person_prefs, workplace_prefs, capacities)
    if any(named):
        raise MethodError("person_prefs", "give mappings for both sides and the capacities, or for none")
    capacity = _capacities(capacities)
    first, second = _as_table("person_prefs", person_prefs), _as_table("workplace_prefs", workplace_prefs)
    if (first.dtype.kind == "f") != (second.dtype.kind == "f"):
        raise MethodError("workplace_prefs", "give lists of row numbers on both sides, or floats on both")
    n, m = len(first), len(second)
    if len(capacity) != m:
        raise MethodError(
            "capacities", f"needs one number for each of the {m} workplaces, not {len(capacity)}"
        )
    if first.dtype.kind == "f":
        wants, accepts = _worth("person_prefs", first, m), _worth("workplace_prefs", second, n)
    else:
        wants, accepts = _listed("person_prefs", first, m), _listed("workplace_prefs", second, n)
    return tuple(range(n)), tuple(range(m)), wants, accepts, capacity


def _capacities(capacities: npt.ArrayLike) -> IntArray:
    array = np.asarray(capacities)
    if (
        array.ndim != 1
        or array.dtype.kind not in "iuf"
        or (array != np.floor(array)).any()
        or (array < 0).any()
    ):
        raise MethodError("capacities", "must be whole numbers not below zero, one for each workplace")
    return array.astype(np.int64)


def _as_table(name: str, prefs: Any) -> npt.NDArray[Any]:
    """Lists of any length become rows padded with -1."""
    if not isinstance(prefs, np.ndarray) and not hasattr(prefs, "to_numpy"):
        rows = [np.asarray(row) for row in prefs]
        if all(row.ndim == 1 and (row.dtype.kind in "iu" or not row.size) for row in rows):
            table = np.full((len(rows), max((len(row) for row in rows), default=0)), -1)
            for i, row in enumerate(rows):
                table[i, : len(row)] = row
            return table
    array = np.asarray(prefs)
    if array.ndim != 2 or array.dtype.kind not in "iuf":
        raise MethodError(name, "must be a table of numbers, one row for each who states preferences")
    return array


def _worth(name: str, table: npt.NDArray[Any], others: int) -> FloatArray:
    if table.shape[1] != others:
        raise MethodError(
            name, f"needs {others} columns, one for each of the other side, not {table.shape[1]}"
        )
    worth = np.array(table, dtype=np.float64, order="C")
    worth[np.isnan(worth)] = -np.inf
    if worth.size and worth.max() == np.inf:
        raise MethodError(name, "must be finite, or NaN or -inf for not acceptable")
    return worth


def _listed(name: str, table: npt.NDArray[Any], others: int) -> FloatArray:
    """Lists as worth: the first is worth most. Row numbers must exist and not repeat."""
    if table.size and (table.min() < -1 or table.max() >= others):
        stray = int(np.argwhere((table < -1) | (table >= others))[0, 0])
        raise MethodError(
            name, f"must hold row numbers from 0 to {others - 1}, or -1; worths must be floats", str(stray)
        )
    row, rank = np.nonzero(table >= 0)
    out = np.full((len(table), others), -np.inf)
    out[row, table[row, rank]] = -rank.astype(np.float64)
    if np.isfinite(out).sum() != len(row):
        counts = (table >= 0).sum(axis=1) - np.isfinite(out).sum(axis=1)
        raise MethodError(name, "must not name anyone twice", str(int(np.argmax(counts))))
    return out


def _read_names(
    person_prefs: Mapping[Hashable, Sequence[Hashable]],
    workplace_prefs: Mapping[Hashable, Sequence[Hashable]],
    capacities: Mapping[Hashable, int],
) -> Read:
    persons, workplaces = tuple(person_prefs), tuple(workplace_prefs)
    missing = [w for w in workplaces if w not in capacities]
    if missing:
        raise MethodError("capacities", "needs a number for each workplace", str(missing[0]))
    first = _numbered("person_prefs", person_prefs, {w: j for j, w in enumerate(workplaces)})
    second = _numbered("workplace_prefs", workplace_prefs, {p: i for i, p in enumerate(persons)})
    wants = _listed("person_prefs", first, len(workplaces))
    accepts = _listed("workplace_prefs", second, len(persons))
    return persons, workplaces, wants, accepts, _capacities([capacities[w] for w in workplaces])


def _numbered(
    name: str, prefs: Mapping[Hashable, Sequence[Hashable]], rows: Mapping[Hashable, int]
) -> npt.NDArray[Any]:
    table = np.full((len(prefs), max((len(own) for own in prefs.values()), default=0)), -1)
    for i, (owner, own) in enumerate(prefs.items()):
        try:
            table[i, : len(own)] = [rows[other] for other in own]
        except KeyError as unknown:
            raise MethodError(
                name, f"names {unknown.args[0]}, who has no preferences of their own", str(owner)
            ) from None
    return table
