"""Follow-up of persons as checked arrays: when each came under observation, how long, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.stats import norm

from ..record import BoolArray, FloatArray, IntArray, MethodError, data_hash, finite_matrix

UNITS = ("day", "week", "month", "year")


@dataclass(frozen=True)
class Caution:
    """Something that the reader of a result must know: a code, and the figures that its sentence needs."""

    code: str
    figures: Mapping[str, float | str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Sample:
    """`time` (n,) end of follow-up, `entry` (n,) its start (-inf: from the very beginning), `cause` (n,) how it
    ended, 0 = the event has not happened."""

    time: FloatArray
    cause: IntArray
    entry: FloatArray
    delayed: bool

    def __len__(self) -> int:
        return len(self.time)

    @property
    def event(self) -> BoolArray:
        return self.cause > 0

    @property
    def hash(self) -> str:
        return data_hash(self.time, self.cause, self.entry)

    def rows(self, which: BoolArray) -> Sample:
        return Sample(self.time[which], self.cause[which], self.entry[which], self.delayed)

    def at_risk(self, times: FloatArray) -> IntArray:
        """Persons under observation just before each time: entry < t <= time."""
        left = len(self) - np.searchsorted(np.sort(self.time), times, side="left")
        if not self.delayed:
            return np.asarray(left)
        return np.asarray(left - (len(self) - np.searchsorted(np.sort(self.entry), times, side="left")))

    def counts(self, times: FloatArray, cause: int | None = None) -> IntArray:
        """Events (of one cause) at each of some sorted times."""
        happened = np.sort(self.time[self.event if cause is None else self.cause == cause])
        return np.asarray(
            np.searchsorted(happened, times, "right") - np.searchsorted(happened, times, "left")
        )


def check_sample(
    durations: npt.ArrayLike,
    events: npt.ArrayLike | None,
    entry: npt.ArrayLike | None = None,
    *,
    known_at: npt.ArrayLike | None = None,
    causes: bool = False,
) -> Sample:
    """Checked follow-up. `events` is 0/1 (or whole numbers from 0 with `causes`), None means all happened.

    `known_at` (n,) is when each row's group became known; a row that counts time before that is refused,
    since nobody could have had the event in it and still be in the group (immortal time).
    """
    time = _column("durations", durations)
    if not len(time):
        raise MethodError("durations", "needs at least one person")
    _refuse("durations", time < 0, "must not be negative")
    start = np.full(len(time), -np.inf) if entry is None else _column("entry", entry, len(time))
    _refuse("entry", start >= time, "must come before the end of follow-up (durations)")
    sample = Sample(time, _outcomes(events, len(time), causes), start, entry is not None)
    if known_at is not None:
        known = _column("known_at", known_at, len(time))
        late = known > np.maximum(start, 0.0)
        _refuse(
            "known_at", late, "time before the group was known cannot count: entry=known_at, or split_at()"
        )
    return sample


def _column(name: str, values: npt.ArrayLike, length: int | None = None) -> FloatArray:
    array = finite_matrix(name, values)
    if array.ndim != 1 or (length is not None and len(array) != length):
        wanted = "one row of numbers" if length is None else f"one number for each of the {length} persons"
        raise MethodError(name, f"needs {wanted}, not the shape {array.shape}")
    return array


def _refuse(name: str, bad: BoolArray, rule: str) -> None:
    if bad.any():
        raise MethodError(name, rule, str(int(np.argmax(bad))))


def _outcomes(events: npt.ArrayLike | None, length: int, causes: bool) -> IntArray:
    name = "causes" if causes else "events"
    if events is None:
        return np.ones(length, dtype=np.int64)
    array = _column(name, np.asarray(events), length)
    _refuse(name, (array < 0) | (array != np.floor(array)), "must be whole numbers, 0 = has not happened")
    if not causes:
        _refuse(name, array > 1, "must be 0 or 1; several causes belong in cumulative_incidence()")
    return array.astype(np.int64)


def group_codes(
    groups: npt.ArrayLike, length: int, name: str = "groups"
) -> tuple[tuple[object, ...], IntArray]:
    """Sorted labels and the number of each row's label."""
    array = np.asarray(groups)
    if array.shape != (length,):
        raise MethodError(
            name, f"needs one label for each of the {length} persons, not the shape {array.shape}"
        )
    if array.dtype.kind == "f" and np.isnan(array).any():
        raise MethodError(name, "must be known", str(int(np.argmax(np.isnan(array)))))
    labels, codes = np.unique(array, return_inverse=True)
    return tuple(labels.tolist()), codes.astype(np.int64)


def normal_quantile(level: float) -> float:
    """Half-width of a two-sided interval in standard errors."""
    if not 0 < level < 1:
        raise MethodError("level", "must lie between 0 and 1", str(level))
    return float(norm.ppf(0.5 + level / 2))


def check_words(unit: str, outcome: str) -> None:
    if unit not in UNITS:
        raise MethodError("unit", f"must be one of {', '.join(UNITS)}", str(unit))
    if not isinstance(outcome, str):
        raise MethodError("outcome", "must be the name of the event, as text")


@dataclass(frozen=True, eq=False)
class Split:
    """Spells of persons before and after a change: row number of the person, entry, end, event, state 0/1."""

    person: IntArray
    entry: FloatArray
    duration: FloatArray
    event: IntArray
    state: IntArray


def split_at(
    durations: npt.ArrayLike,
    events: npt.ArrayLike | None,
    at: npt.ArrayLike,
    entry: npt.ArrayLike | None = None,
) -> Split:
    """Follow-up cut where a person's state changes (a placement, a course), so that no time is immortal.

    `at` (n,) is the time of the change, infinite or NaN for never. Give the spells to `cox(duration, event,
    state, cluster=person, entry=entry)`. Source: Andersen and Gill, Annals of Statistics 10 (1982) 1100-1120.
    """
    sample = check_sample(durations, events, entry)
    change = np.asarray(at, dtype=np.float64)
    if change.shape != sample.time.shape:
        raise MethodError("at", f"needs one time for each of the {len(sample)} persons, inf for never")
    change = np.where(np.isnan(change), np.inf, change)
    start = np.maximum(sample.entry, 0.0) if not sample.delayed else sample.entry
    _refuse("durations", sample.time <= start, "must be above zero")
    before, after = change > start, change < sample.time
    person = np.concatenate([np.flatnonzero(before), np.flatnonzero(after)])
    state = np.repeat([0, 1], [before.sum(), after.sum()])
    begin = np.where(state == 1, np.maximum(start, change)[person], start[person])
    end = np.where(state == 1, sample.time[person], np.minimum(sample.time, change)[person])
    event = np.where(end == sample.time[person], sample.cause[person], 0)
    order = np.lexsort((state, person))
    return Split(person[order], begin[order], end[order], event[order], state[order])
