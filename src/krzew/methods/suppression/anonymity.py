"""Records about people: k-anonymity and l-diversity, who is at risk, and what to make coarser.

k-anonymity: P. Samarati and L. Sweeney (1998); l-diversity: A. Machanavajjhala et al., ACM TKDD 1 (2007).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..record import BoolArray, FloatArray, IntArray, MethodError, Provenance, data_hash, stamp

Column = str | int


@dataclass(frozen=True)
class Coarsening:
    """One quasi-identifier: how many records would still be at risk without it, and which of its values hold
    the most records at risk (value, records)."""

    name: Column
    at_risk_without: int
    values: tuple[tuple[Any, int], ...]


@dataclass(frozen=True, eq=False)
class Anonymity:
    """Classes of records that look alike. `class_of` (records,) numbers the class of each record, `sizes`
    (classes,) counts them; `at_risk` are rows of records in classes smaller than k.

    `expected_risk` is the chance to single out a record picked at random, classes / records; `highest_risk`
    that of the record easiest to find. With a sensitive column: `diversity` (classes,) counts its different
    values in each class, `entropy` (classes,) is the effective number of them, `undiverse` are rows of records
    in classes with fewer than l. `coarsen` ranks quasi-identifiers, the one whose coarsening helps most first;
    `drop` is the shortest greedy list after whose removal k holds.
    """

    k: int
    satisfied: bool
    sizes: IntArray
    class_of: IntArray
    at_risk: IntArray
    smallest: int
    unique: int
    expected_risk: float
    highest_risk: float
    l: int | None  # noqa: E741 - the field's own letter
    diversity: IntArray | None
    entropy: FloatArray | None
    undiverse: IntArray
    coarsen: tuple[Coarsening, ...]
    drop: tuple[Column, ...]
    provenance: Provenance

    def explain(self, lang: str = "pl") -> tuple[str, ...]:
        """Plain sentences; raises `MethodError` for a language other than pl and en."""
        from .sentences import anonymous

        return anonymous(self, lang)


def k_anonymity(
    rows: Mapping[str, npt.ArrayLike] | Sequence[Mapping[str, Any]] | npt.ArrayLike,
    quasi_identifiers: Sequence[Column],
    k: int = 5,
    *,
    sensitive: Column | None = None,
    l: int | None = None,  # noqa: E741 - the field's own letter
) -> Anonymity:
    """Report on records. `rows` is `{column: values}` (or a data frame), a list of records, or an array
    (records, columns) with columns by number.

    `quasi_identifiers` are what an outsider may know of a person (age, sex, gmina). A missing value is a value
    of its own. `l` (2 unless given) is asked of the column `sensitive`.
    """
    names = list(quasi_identifiers)
    if not names or len(set(names)) != len(names):
        raise MethodError("quasi_identifiers", "needs at least one column, each once", str(names))
    if k < 1:
        raise MethodError("k", "must be at least 1", str(k))
    if sensitive in names:
        raise MethodError("sensitive", "must not be among the quasi-identifiers", str(sensitive))
    columns = [_column(rows, name) for name in names]
    if len({len(c) for c in columns}) > 1:
        raise MethodError("rows", "columns must have the same length", str(names))
    coded = [_codes(c) for c in columns]
    class_of, sizes = _classes([codes for codes, _ in coded])
    risky = sizes[class_of] < k
    several = None if sensitive is None else _diversity(class_of, len(sizes), _column(rows, sensitive))
    wanted = None if sensitive is None else (2 if l is None else l)
    poor = np.zeros(len(class_of), dtype=bool) if several is None else several[0][class_of] < (wanted or 0)
    coarsen = _ranked(names, coded, risky, k)
    records = len(class_of)
    least = int(sizes.min()) if records else 0
    origin = stamp(
        "suppression.k_anonymity",
        None,
        data_hash(*(codes for codes, _ in coded)),
        {"k": k, "l": wanted, "quasi_identifiers": [str(n) for n in names]},
    )
    return Anonymity(
        k,
        not risky.any() and not poor.any(),
        sizes,
        class_of,
        np.flatnonzero(risky),
        least,
        int((sizes == 1).sum()),
        len(sizes) / records if records else 0.0,
        1 / least if least else 0.0,
        wanted,
        None if several is None else several[0],
        None if several is None else several[1],
        np.flatnonzero(poor),
        coarsen,
        _dropped(names, [codes for codes, _ in coded], k),
        origin,
    )


def _column(rows: Any, name: Any) -> npt.NDArray[Any]:
    try:
        if isinstance(rows, Mapping) or hasattr(rows, "columns"):
            found = rows[name]
        elif isinstance(rows, np.ndarray) and rows.ndim == 2:
            found = rows[:, name]
        elif len(rows) and isinstance(rows[0], Mapping):
            found = [record[name] for record in rows]
        else:
            found = np.asarray(rows)[:, name]
    except (KeyError, IndexError, TypeError) as error:
        raise MethodError("rows", "has no such column in every record", str(name)) from error
    array = np.asarray(found)
    return array if array.ndim == 1 else np.asarray([str(x) for x in found])


def _codes(column: npt.NDArray[Any]) -> tuple[IntArray, list[Any]]:
    """A number for each value, and the values; whatever is missing (None, NaN) is one value."""
    number: dict[Any, int] = {}
    listed = [None if x is None or x != x else x for x in column.tolist()]
    codes = np.array([number.setdefault(x, len(number)) for x in listed], dtype=np.int64)
    return codes, list(number)


def _classes(columns: list[IntArray]) -> tuple[IntArray, IntArray]:
    """The class of each record and the size of each class, numbered by first record."""
    label = np.zeros(len(columns[0]) if columns else 0, dtype=np.int64)
    for column in columns:
        _, label = np.unique(label * (column.max(initial=0) + 1) + column, return_inverse=True)
    _, first, label, sizes = np.unique(label, return_index=True, return_inverse=True, return_counts=True)
    order = np.argsort(first)
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return place[label], sizes[order]


def _diversity(class_of: IntArray, classes: int, column: npt.NDArray[Any]) -> tuple[IntArray, FloatArray]:
    """Different values of a column in each class, and their effective number (exponent of the entropy)."""
    codes, values = _codes(column)
    if len(codes) != len(class_of):
        raise MethodError("sensitive", "needs one value for each record", str(len(codes)))
    width = max(len(values), 1)
    pairs, counts = np.unique(class_of * width + codes, return_counts=True)
    owner = pairs // width
    different = np.bincount(owner, minlength=classes)
    share = counts / np.bincount(class_of, minlength=classes)[owner]
    effective: FloatArray = np.exp(np.bincount(owner, -share * np.log(share), minlength=classes))
    return different, effective


def _risky(columns: list[IntArray], records: int, k: int) -> BoolArray:
    class_of, sizes = (
        _classes(columns) if columns else (np.zeros(records, dtype=np.int64), np.array([records]))
    )
    return np.asarray(sizes[class_of] < k)


def _ranked(
    names: list[Column], coded: list[tuple[IntArray, list[Any]]], risky: BoolArray, k: int
) -> tuple[Coarsening, ...]:
    found = []
    for i, (name, (codes, values)) in enumerate(zip(names, coded, strict=True)):
        without = _risky([c for j, (c, _) in enumerate(coded) if j != i], len(risky), k)
        counts = np.bincount(codes[risky], minlength=len(values))
        worst = [v for v in np.argsort(-counts, kind="stable").tolist() if counts[v]][:5]
        found.append(Coarsening(name, int(without.sum()), tuple((values[v], int(counts[v])) for v in worst)))
    return tuple(sorted(found, key=lambda c: c.at_risk_without))


def _dropped(names: list[Column], columns: list[IntArray], k: int) -> tuple[Column, ...]:
    """Quasi-identifiers to drop, the most helpful first, until k holds."""
    left, gone, records = dict(zip(names, columns, strict=True)), [], len(columns[0])
    while left and _risky(list(left.values()), records, k).any():
        rest = {n: int(_risky([c for m, c in left.items() if m != n], records, k).sum()) for n in left}
        best = min(rest, key=rest.__getitem__)
        gone.append(best)
        del left[best]
    return tuple(gone)
