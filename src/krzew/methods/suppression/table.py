"""Tables with totals: categories of each dimension, the cells, and the equations that tie them together."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, identity, kron, vstack

from ..record import FloatArray, IntArray, MethodError, finite_matrix

MOST_DIMENSIONS = 3
Levels = Sequence[Sequence[Hashable]]
TOTAL = "total"


@dataclass(frozen=True, eq=False)
class Axis:
    """One dimension as published: leaves, then groups from the finest level up, then the total."""

    name: str
    labels: tuple[tuple[int, str], ...]  # level (0 for leaves, -1 for the total) and the label
    members: csr_matrix  # categories x leaves, 1 where the leaf belongs
    equations: csr_matrix  # sums x categories: 1 for a part, -1 for the whole


@dataclass(frozen=True, eq=False)
class Table:
    """Inner cells of a table (no totals: they are added), up to three dimensions.

    `hierarchies` gives, for a dimension (number or name), one row of group codes for each level, the finest
    first: gminas as the dimension, powiats and then voivodeships as its levels. `largest` holds the largest
    contributions to each cell, shape (how many, *values.shape), for tables of money; `contributors` the
    number of those who contribute. `names` and `labels` name dimensions and categories: tables with dimensions of
    the same name share the totals over them.
    """

    values: npt.ArrayLike
    hierarchies: Mapping[int | str, Levels] = field(default_factory=dict)
    names: Sequence[str] = ()
    labels: Sequence[Sequence[str]] = ()
    largest: npt.ArrayLike | None = None
    contributors: npt.ArrayLike | None = None

    def __post_init__(self) -> None:
        inner = finite_matrix("values", self.values)
        if not 1 <= inner.ndim <= MOST_DIMENSIONS or not inner.size:
            raise MethodError("values", f"must have 1 to {MOST_DIMENSIONS} dimensions and no empty one")
        if (inner < 0).any():
            raise MethodError("values", "must not be negative", _at(inner < 0))
        names = tuple(self.names) or tuple(str(d) for d in range(inner.ndim))
        if len(names) != inner.ndim or len(set(names)) != inner.ndim:
            raise MethodError("names", f"needs {inner.ndim} different names", str(names))
        set_ = object.__setattr__
        set_(self, "values", inner)
        set_(self, "names", names)
        set_(self, "largest", self._sized("largest", self.largest))
        set_(self, "contributors", self._sized("contributors", self.contributors))
        set_(self, "axes", tuple(self._axis(d) for d in range(inner.ndim)))

    axes: tuple[Axis, ...] = field(init=False, repr=False)

    def _sized(self, name: str, given: npt.ArrayLike | None) -> FloatArray | None:
        if given is None:
            return None
        array, shape = finite_matrix(name, given), np.shape(self.values)
        array = array[None] if name == "largest" and array.shape == shape else array
        if (array.shape[1:] if name == "largest" else array.shape) != shape:
            raise MethodError(name, f"must fit the table of shape {shape}", str(array.shape))
        if (array < 0).any():
            raise MethodError(name, "must not be negative", _at(array < 0))
        return array

    def _axis(self, d: int) -> Axis:
        size, name = np.shape(self.values)[d], self.names[d]
        for key in self.hierarchies:
            if key not in self.names and key not in range(len(self.names)):
                raise MethodError("hierarchies", "names no dimension of the table", str(key))
        levels = self.hierarchies.get(name, self.hierarchies.get(d, ()))
        labels = tuple(str(x) for x in self.labels[d]) if self.labels else tuple(map(str, range(size)))
        if len(labels) != size or len(set(labels)) != size:
            raise MethodError("labels", f"needs {size} different labels of dimension {name}")
        return _axis(name, labels, levels)

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape with groups and totals, as published."""
        return tuple(axis.members.shape[0] for axis in self.axes)

    def full(self) -> FloatArray:
        """Every cell: inner ones, groups and totals."""
        return self.summed(np.asarray(self.values, dtype=np.float64))

    def summed(self, inner: FloatArray) -> FloatArray:
        """An array over inner cells with its groups and totals."""
        for d, axis in enumerate(self.axes):
            inner = np.moveaxis(np.tensordot(axis.members.toarray(), inner, axes=(1, d)), 0, d)
        return inner

    def equations(self) -> csr_matrix:
        """Sums that a reader can check, shape (sums, cells); cells in the order of `full().ravel()`."""
        parts = []
        for d in range(len(self.axes)):
            blocks = [
                a.equations if i == d else identity(a.members.shape[0]) for i, a in enumerate(self.axes)
            ]
            parts.append(reduce(lambda a, b: kron(a, b, format="csr"), blocks))
        return csr_matrix(vstack(parts))

    def is_counts(self) -> bool:
        """Whether the cells count something: whole figures without contributors."""
        return self.largest is None and self.contributors is None and not (np.asarray(self.values) % 1).any()

    def is_network(self) -> bool:
        """Whether the sums form a network (two dimensions, at most one with levels): whole figures then come
        of themselves."""
        deep = sum(axis.equations.shape[0] > 1 for axis in self.axes)
        return len(self.axes) == 1 or (len(self.axes) == 2 and deep < 2)

    def cell(self, at: int) -> tuple[str, ...]:
        """Labels of a cell given by its number in `full().ravel()`."""
        place = np.unravel_index(at, self.shape)
        return tuple(axis.labels[int(i)][1] for axis, i in zip(self.axes, place, strict=True))

    def identities(self) -> list[frozenset[tuple[str, int, str]]]:
        """What identifies each cell among tables: its categories, totals left out."""
        sides = [[(axis.name, *label) for label in axis.labels] for axis in self.axes]
        places = np.ndindex(*self.shape)
        return [frozenset(s[i] for s, i in zip(sides, at, strict=True) if s[i][1] >= 0) for at in places]


def _axis(name: str, leaves: tuple[str, ...], levels: Levels) -> Axis:
    rows: list[IntArray] = [np.array([i]) for i in range(len(leaves))]
    labels = [(0, label) for label in leaves]
    below, sums = list(range(len(leaves))), []
    parent_of = np.arange(len(leaves))  # the category of the level below to which each leaf belongs
    for level, codes in enumerate([*levels, [TOTAL] * len(leaves)], start=1):
        if len(codes) != len(leaves):
            raise MethodError("hierarchies", f"needs one code for each of {len(leaves)} categories", name)
        groups = list(dict.fromkeys(codes))
        number = {code: len(rows) + g for g, code in enumerate(groups)}
        above = np.array([number[code] for code in codes])
        for child in below:
            if len(set(above[parent_of == child].tolist())) > 1:
                raise MethodError(
                    "hierarchies", "a group lies in two groups of the next level", labels[child][1]
                )
        for code in groups:
            inside = np.flatnonzero(above == number[code])
            sums.append((number[code], np.unique(parent_of[inside])))
            rows.append(inside)
            labels.append((-1 if level > len(levels) else level, str(code)))
        below, parent_of = list(number.values()), above
    return Axis(name, tuple(labels), _members(rows, len(leaves)), _sums(sums, len(rows)))


def _members(rows: list[IntArray], leaves: int) -> csr_matrix:
    ends = np.cumsum([0, *(len(r) for r in rows)])
    return csr_matrix((np.ones(ends[-1]), np.concatenate(rows), ends), shape=(len(rows), leaves))


def _sums(sums: list[tuple[int, IntArray]], categories: int) -> csr_matrix:
    matrix = np.zeros((len(sums), categories))
    for row, (whole, parts) in enumerate(sums):
        matrix[row, parts] = 1.0
        matrix[row, whole] = -1.0
    return csr_matrix(matrix)


def as_table(table: Table | npt.ArrayLike, margins: str = "add") -> Table:
    """A table from inner cells; with margins "included", from one that ends with its totals already."""
    if margins not in ("add", "included"):
        raise MethodError("margins", "must be add or included", margins)
    if isinstance(table, Table):
        return table
    if margins == "add":
        return Table(table)
    given = finite_matrix("table", table)
    inner = Table(given[tuple(slice(-1) for _ in range(given.ndim))])
    apart = ~np.isclose(inner.full(), given, rtol=1e-9, atol=1e-9)
    if apart.any():
        raise MethodError("table", "does not add up to its totals", _at(apart))
    return inner


def _at(bad: npt.NDArray[np.bool_]) -> str:
    return ", ".join(str(int(i)) for i in np.argwhere(bad)[0])


@dataclass(frozen=True, eq=False)
class System:
    """Cells of one or more tables, each once, and all sums between them. `views[t]` gives, for each cell of
    table t, its number here."""

    values: FloatArray
    equations: csr_matrix
    views: tuple[IntArray, ...]
    network: bool
    whole: bool


def system_of(tables: Sequence[Table]) -> System:
    """One system of all tables; cells that mean the same are the same cell."""
    if len(tables) == 1:
        table = tables[0]
        values = table.full().ravel()
        return System(
            values, table.equations(), (np.arange(len(values)),), table.is_network(), table.is_counts()
        )
    number: dict[frozenset[tuple[str, int, str]], int] = {}
    views = tuple(
        np.array([number.setdefault(key, len(number)) for key in table.identities()]) for table in tables
    )
    values = np.full(len(number), np.nan)
    parts = []
    for t, (table, view) in enumerate(zip(tables, views, strict=True)):
        full = table.full().ravel()
        apart = ~np.isnan(values[view]) & ~np.isclose(values[view], full, rtol=1e-9, atol=1e-9)
        if apart.any():
            cell = " / ".join(table.cell(int(np.argmax(apart))))
            raise MethodError(
                "tables", "linked tables give different figures for the same cell", f"{t}: {cell}"
            )
        values[view] = full
        own = table.equations().tocoo()
        shape = (own.shape[0], len(number))
        parts.append(csr_matrix((own.data, (own.row, view[own.col])), shape=shape))
    return System(values, csr_matrix(vstack(parts)), views, False, all(t.is_counts() for t in tables))
