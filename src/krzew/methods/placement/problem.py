"""The problem of a match: all pairs measured once: fit, coach hours, travel, and what rules a pair out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from ..record import BoolArray, FloatArray, IntArray, MethodError, data_hash, finite_matrix
from .kernels import gap_tables
from .profiles import KINDS, Person, Support, Workplace, bounds

UNITS = ("min", "km")
ANSWERS = ("middle", "low", "high")


@dataclass(frozen=True)
class Gap:
    """One dimension of a pair: what is needed, what is there (ranges), steps made up for and left over (at
    worst), and the coach hours a week that this takes."""

    dimension: str
    requirement: tuple[float, float]
    ability: tuple[float, float]
    supported: float
    gap: float
    hours: float
    known: bool


@dataclass(frozen=True)
class PairFit:
    """How a workplace suits a person: `fit` from 0 to 1 with its range while something is not known."""

    fit: float
    low: float
    high: float
    hours: float
    gaps: tuple[Gap, ...]

    @property
    def unknown(self) -> tuple[str, ...]:
        return tuple(g.dimension for g in self.gaps if not g.known)


@dataclass(frozen=True)
class Exclusion:
    """Why a pair is out of the question: kind (medical, legal, personal, commuting, requirement), what."""

    kind: str
    what: str
    value: float | None = None
    limit: float | None = None


@dataclass(frozen=True)
class Question:
    """Something to ask before deciding; nothing is assumed in its place. `about` is the person's or the
    workplace's code, `kind` ability, requirement, permit or travel, `what` the dimension, paper or workplace."""

    about: str
    kind: str
    what: str


@dataclass(frozen=True, eq=False)
class Placement:
    """Persons and workplaces with everything that a match needs.

    `scale` is the top of the scale of abilities and requirements (0 to `scale`). `travel` (n, m) replaces the
    persons' own travel, in `travel_unit` (min or km). `coaches` are hours a week by coach. `together` are pairs
    of persons who want one workplace. `wish_share` (0-1) is how much wishes weigh against fit in totals.
    `unknown` says which end of a range counts for the fit; the range itself is always shown.
    """

    persons: tuple[Person, ...]
    workplaces: tuple[Workplace, ...]
    scale: float = 4.0
    travel: FloatArray | None = None
    travel_unit: str = "min"
    coaches: Mapping[str, float] = field(default_factory=dict)
    together: tuple[tuple[str, str], ...] = ()
    wish_share: float = 0.3
    unknown: str = "middle"
    labels: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, rows in (("persons", self.persons), ("workplaces", self.workplaces)):
            codes = [row.code for row in rows]
            if not rows or len(set(codes)) != len(codes):
                repeated = next((c for c in codes if codes.count(c) > 1), "")
                raise MethodError(name, "needs at least one, each with a code of its own", repeated)
        if not 0 < self.scale < np.inf:
            raise MethodError("scale", "must be above zero", str(self.scale))
        if not 0 <= self.wish_share <= 1:
            raise MethodError("wish_share", "must lie between 0 and 1", str(self.wish_share))
        for name, value, allowed in (
            ("travel_unit", self.travel_unit, UNITS),
            ("unknown", self.unknown, ANSWERS),
        ):
            if value not in allowed:
                raise MethodError(name, f"must be one of {', '.join(allowed)}", str(value))
        self._check_names()

    def _check_names(self) -> None:
        for pair in self.together:
            if len(pair) != 2 or pair[0] == pair[1] or any(p not in self.row for p in pair):
                raise MethodError(
                    "together", "must be pairs of two different persons of the match", str(pair)
                )
        for coach, hours in self.coaches.items():
            if not np.isfinite(hours) or hours < 0:
                raise MethodError("coaches", "must be hours a week, not below zero", coach)
        for side, others in ((self.persons, self.column), (self.workplaces, self.row)):
            for one in side:
                named = [*one.wishes, *(getattr(one, "excluded", ())), *(getattr(one, "travel", ()))]
                stray = next((name for name in named if name not in others), None)
                if stray is not None:
                    raise MethodError("wishes", f"{stray} is not in this match", one.code)

    @cached_property
    def row(self) -> dict[str, int]:
        return {p.code: i for i, p in enumerate(self.persons)}

    @cached_property
    def column(self) -> dict[str, int]:
        return {w.code: j for j, w in enumerate(self.workplaces)}

    @cached_property
    def dimensions(self) -> tuple[str, ...]:
        found = dict.fromkeys(d for w in self.workplaces for d in w.requirements)
        return tuple(found | dict.fromkeys(d for p in self.persons for d in p.abilities))

    @cached_property
    def slots(self) -> IntArray:
        return np.array([int(w.slots) for w in self.workplaces], dtype=np.int64)

    @cached_property
    def _gaps(self) -> tuple[FloatArray, FloatArray, FloatArray, BoolArray]:
        n, m, k = len(self.persons), len(self.workplaces), len(self.dimensions)
        ability, need = np.zeros((n, k, 2)), np.zeros((m, k, 2))
        support, weight = np.zeros((n, k, 2)), np.zeros((m, k))
        for i, person in enumerate(self.persons):
            for d, name in enumerate(self.dimensions):
                ability[i, d] = bounds(person.abilities.get(name), self.scale, "abilities", person.code)
                helped = person.supports.get(name)
                if isinstance(helped, Support):
                    support[i, d] = helped.level, helped.hours
        for j, place in enumerate(self.workplaces):
            for d, name in enumerate(self.dimensions):
                need[j, d] = bounds(place.requirements.get(name, 0.0), self.scale, "requirements", place.code)
                weight[j, d] = place.importance.get(name, 1.0) if need[j, d, 1] > 0 else 0.0
        total = weight.sum(axis=1, keepdims=True)
        weight = np.divide(weight, total, out=np.zeros_like(weight), where=total > 0)
        essential = np.array(
            [[d in w.essential for d in self.dimensions] for w in self.workplaces], dtype=bool
        )
        low, high, hours, unmet = gap_tables(
            ability, need, support, weight, essential.reshape(m, k), float(self.scale)
        )
        return low, high, hours + np.array([w.coach_hours for w in self.workplaces]), unmet

    @property
    def low(self) -> FloatArray:
        return self._gaps[0]

    @property
    def high(self) -> FloatArray:
        return self._gaps[1]

    @property
    def hours(self) -> FloatArray:
        """Coach hours a week of each pair (n, m), at most."""
        return self._gaps[2]

    @cached_property
    def fit(self) -> FloatArray:
        """Fit of each pair (n, m), 0 to 1, at the chosen end of what is not known."""
        if self.unknown == "middle":
            return (self.low + self.high) / 2
        return self.low if self.unknown == "low" else self.high

    @cached_property
    def distance(self) -> FloatArray:
        """Travel of each pair (n, m); NaN where not known."""
        n, m = len(self.persons), len(self.workplaces)
        if self.travel is not None:
            table = finite_matrix("travel", self.travel, missing=True)
            if table.shape != (n, m) or (table < 0).any():
                raise MethodError("travel", f"must be ({n}, {m}) and not negative, NaN where not known")
            return table
        out = np.full((n, m), np.nan)
        if self.travel_unit == "km":
            at = np.array([p.place or (np.nan, np.nan) for p in self.persons], dtype=float)
            to = np.array([w.place or (np.nan, np.nan) for w in self.workplaces], dtype=float)
            out = np.hypot(at[:, None, 0] - to[None, :, 0], at[:, None, 1] - to[None, :, 1])
        for i, person in enumerate(self.persons):
            for code, value in person.travel.items():
                out[i, self.column[code]] = np.nan if value is None else float(value)
        if (out < 0).any():
            raise MethodError(
                "travel", "must not be negative", self.persons[int(np.argwhere(out < 0)[0, 0])].code
            )
        return out

    @cached_property
    def limits(self) -> FloatArray:
        return np.array([np.inf if p.max_travel is None else p.max_travel for p in self.persons])

    @cached_property
    def open(self) -> BoolArray:
        """Pairs (n, m) that nothing rules out. What is not known rules nothing out: it is asked."""
        with np.errstate(invalid="ignore"):
            far = self.distance > self.limits[:, None]
        out = ~(self._gaps[3] | far | self._clash)
        for i, person in enumerate(self.persons):
            for code in person.excluded:
                out[i, self.column[code]] = False
        return out

    @cached_property
    def _clash(self) -> BoolArray:
        """Conditions of work that a person must not meet, and papers that a person does not hold."""
        conditions = sorted({c for w in self.workplaces for c in w.conditions})
        papers = sorted({c for w in self.workplaces for c in w.permits})
        shut = [[c in p.limits for c in conditions] for p in self.persons]
        lacks = [[p.permits.get(c) is False for c in papers] for p in self.persons]
        has = [[c in w.conditions for c in conditions] for w in self.workplaces]
        asks = [[c in w.permits for c in papers] for w in self.workplaces]
        n, m = len(self.persons), len(self.workplaces)
        ours = np.hstack([np.array(part, dtype=float).reshape(n, -1) for part in (shut, lacks)])
        theirs = np.hstack([np.array(part, dtype=float).reshape(m, -1) for part in (has, asks)])
        return np.asarray(ours @ theirs.T > 0)

    @cached_property
    def wish(self) -> FloatArray:
        """How much each person wishes each workplace (n, m), 0 to 1; the first of a list is 1."""
        return _wishes([p.wishes for p in self.persons], self.column)

    @cached_property
    def person_worth(self) -> FloatArray:
        """The persons' order (n, m): their wishes first, then fit less travel; -inf where ruled out."""
        with np.errstate(invalid="ignore"):
            way = np.nan_to_num(self.distance / np.where(self.limits > 0, self.limits, 1.0)[:, None], nan=0.5)
        comfort = (self.fit + 1 - np.clip(way, 0, 1)) * 0.4999  # below one step of a wish
        return np.where(self.open, _steps(self.wish) + comfort, -np.inf)

    @cached_property
    def workplace_worth(self) -> FloatArray:
        """The workplaces' order (m, n): their wishes first, then fit with supports; -inf where ruled out."""
        own = _steps(_wishes([w.wishes for w in self.workplaces], self.row))
        return np.ascontiguousarray(np.where(self.open.T, own + self.fit.T * 0.4999, -np.inf))

    @cached_property
    def value(self) -> FloatArray:
        """What a pair adds to the total (n, m), 0 to 1: fit and wish, mixed by `wish_share`."""
        return (1 - self.wish_share) * self.fit + self.wish_share * self.wish

    @cached_property
    def hash(self) -> str:
        told = (self.scale, self.wish_share, self.unknown, sorted(self.coaches.items()), self.together)
        tables = (self.low, self.high, self.hours, self.distance, self.open, self.wish, self.workplace_worth)
        return data_hash(*tables, self.slots, *told)

    def pair(self, person: str, workplace: str) -> PairFit:
        """Fit of one pair, dimension by dimension; the same figures as in the tables."""
        i, j = self.index(person, workplace)
        gaps = [self._gap(self.persons[i], self.workplaces[j], d) for d in self.dimensions]
        told = tuple(g for g in gaps if g.requirement[1] > 0)
        return PairFit(
            float(self.fit[i, j]),
            float(self.low[i, j]),
            float(self.high[i, j]),
            float(self.hours[i, j]),
            told,
        )

    def _gap(self, person: Person, place: Workplace, name: str) -> Gap:
        level, wanted = person.abilities.get(name), place.requirements.get(name, 0.0)
        ability = bounds(level, self.scale, "abilities", person.code)
        need = bounds(wanted, self.scale, "requirements", place.code)
        lack, helped = max(need[1] - ability[0], 0.0), person.supports.get(name)
        support = helped if isinstance(helped, Support) else Support(0.0)
        used = min(lack, support.level)
        known = ability[0] == ability[1] and need[0] == need[1]
        return Gap(name, need, ability, used, lack - used, used * support.hours, known)

    def index(self, person: str, workplace: str) -> tuple[int, int]:
        if person not in self.row:
            raise MethodError("person", "is not in this match", person)
        if workplace not in self.column:
            raise MethodError("workplace", "is not in this match", workplace)
        return self.row[person], self.column[workplace]

    def exclusions(self, person: str, workplace: str) -> tuple[Exclusion, ...]:
        """Everything that rules a pair out, from the profiles themselves."""
        i, j = self.index(person, workplace)
        who, place = self.persons[i], self.workplaces[j]
        found = [Exclusion(who.limits[c], c) for c in place.conditions if c in who.limits]
        found += [Exclusion("legal", c) for c in place.permits if who.permits.get(c) is False]
        if self.distance[i, j] > self.limits[i]:
            found.append(Exclusion("commuting", workplace, float(self.distance[i, j]), float(self.limits[i])))
        for name in place.essential:
            gap = self._gap(who, place, name)
            left = max(gap.requirement[0] - gap.ability[1], 0.0)
            helped = who.supports.get(name)
            if left > (helped.level if isinstance(helped, Support) else 0.0):
                found.append(Exclusion("requirement", name, gap.ability[1], gap.requirement[0]))
        if workplace in who.excluded:
            found.append(Exclusion("personal", who.excluded[workplace]))
        return tuple(sorted(found, key=lambda e: (*KINDS, "commuting", "requirement").index(e.kind)))

    def questions(self, person: str) -> tuple[Question, ...]:
        """What to ask about a person, where some open workplace needs the answer."""
        i = self.row[person]
        who, found = self.persons[i], []
        for j in np.flatnonzero(self.open[i]):
            place = self.workplaces[j]
            for name in place.requirements:
                gap = self._gap(who, place, name)
                if gap.requirement[0] != gap.requirement[1]:
                    found.append(Question(place.code, "requirement", name))
                if gap.requirement[1] > gap.ability[0] and gap.ability[0] != gap.ability[1]:
                    found.append(Question(who.code, "ability", name))
            found += [Question(who.code, "permit", c) for c in place.permits if who.permits.get(c) is None]
            if np.isnan(self.distance[i, j]) and np.isfinite(self.limits[i]):
                found.append(Question(who.code, "travel", place.code))
        return tuple(dict.fromkeys(found))


def _wishes(wishes: Sequence[Sequence[str] | Mapping[str, float]], columns: Mapping[str, int]) -> FloatArray:
    out = np.zeros((len(wishes), len(columns)))
    for i, own in enumerate(wishes):
        if isinstance(own, Mapping):
            top = max(own.values(), default=0.0)
            for code, weight in own.items():
                out[i, columns[code]] = weight / top if top > 0 else 0.0
        else:
            for rank, code in enumerate(own):
                out[i, columns[code]] = 1 - rank / len(own)
    return out


def _steps(wish: FloatArray) -> FloatArray:
    """Different wishes of a row as whole steps, so that nothing else can outweigh them."""
    out = np.zeros_like(wish)
    for i in np.flatnonzero(wish.any(axis=1)):
        wished = np.flatnonzero(wish[i])
        out[i, wished] = np.unique(wish[i, wished], return_inverse=True)[1] + 1
    return out


def fit(person: Person, workplace: Workplace, scale: float = 4.0) -> PairFit:
    """How one workplace suits one person: gaps, supports and coach hours by dimension.

    gap = max(0, requirement - ability - support), each weighted by importance and divided by `scale`; fit is one
    less their sum.
    """
    alone = Placement((_bare(person),), (_bare(workplace),), scale)
    return alone.pair(person.code, workplace.code)


def _bare(one: Any) -> Any:
    """The profile alone, without names of others."""
    return replace(one, wishes=(), **({"excluded": {}, "travel": {}} if isinstance(one, Person) else {}))
