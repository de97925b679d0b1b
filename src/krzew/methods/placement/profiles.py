"""Who and where: profiles of persons and workplaces on common dimensions, with what must not be."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..record import MethodError

Level = float | tuple[float, float] | None
"""A step on the scale, a range where one is not sure, None where nobody knows yet."""

KINDS = ("medical", "legal", "personal")


@dataclass(frozen=True)
class Support:
    """Help on one dimension: it makes up for as many as `level` steps, at `hours` of a coach a week per step."""

    level: float
    hours: float = 0.0

    def __post_init__(self) -> None:
        for name, value in (("level", self.level), ("hours", self.hours)):
            if not np.isfinite(value) or value < 0:
                raise MethodError(f"supports.{name}", "must be a number not below zero", str(value))


@dataclass(frozen=True)
class Person:
    """A person who looks for a workplace.

    `abilities` by dimension, on the scale of the match; a dimension that is absent is not known, never zero.
    `wishes` are workplaces, best first, or weights by workplace. `limits` are conditions of work that must not
    be, with their kind (medical, legal, personal); `permits` are papers, True held, False not, None not known;
    `excluded` are workplaces out of the question, with the reason in words. `travel` is known travel (minutes
    or km, as in the match) by workplace, `place` the home in km; `max_travel` the limit.
    """

    code: str
    name: str = ""
    abilities: Mapping[str, Level] = field(default_factory=dict)
    supports: Mapping[str, Support | float | tuple[float, float]] = field(default_factory=dict)
    wishes: Sequence[str] | Mapping[str, float] = ()
    limits: Mapping[str, str] = field(default_factory=dict)
    permits: Mapping[str, bool | None] = field(default_factory=dict)
    excluded: Mapping[str, str] = field(default_factory=dict)
    travel: Mapping[str, float | None] = field(default_factory=dict)
    place: tuple[float, float] | None = None
    max_travel: float | None = None

    def __post_init__(self) -> None:
        given = {k: s if isinstance(s, Support) else _support(s) for k, s in self.supports.items()}
        object.__setattr__(self, "supports", given)
        for condition, kind in self.limits.items():
            if kind not in KINDS:
                raise MethodError(
                    "limits", f"the kind of {condition} must be one of {', '.join(KINDS)}", self.code
                )
        if self.max_travel is not None and not self.max_travel >= 0:
            raise MethodError("max_travel", "must not be negative", self.code)
        _check_wishes(self.wishes, self.code)

    @property
    def label(self) -> str:
        return self.name or self.code


@dataclass(frozen=True)
class Workplace:
    """A workplace, or several alike (`slots`).

    `requirements` by dimension (absent: none; None: not known yet), `importance` their weights (1 unless
    given), `essential` those that cannot stay unmet. `conditions` of work meet the persons' `limits`, `permits`
    are papers needed. `wishes` are persons, best first, or weights by person. `coach` names who supports here,
    `coach_hours` are a week per person placed, on top of supports; `coach_budget` bounds this workplace alone.
    """

    code: str
    name: str = ""
    requirements: Mapping[str, Level] = field(default_factory=dict)
    slots: int = 1
    importance: Mapping[str, float] = field(default_factory=dict)
    essential: Collection[str] = ()
    conditions: Collection[str] = ()
    permits: Collection[str] = ()
    wishes: Sequence[str] | Mapping[str, float] = ()
    place: tuple[float, float] | None = None
    coach: str = ""
    coach_hours: float = 0.0
    coach_budget: float | None = None

    def __post_init__(self) -> None:
        if int(self.slots) != self.slots or self.slots < 0:
            raise MethodError("slots", "must be a whole number not below zero", self.code)
        for name, value in (("coach_hours", self.coach_hours), ("coach_budget", self.coach_budget or 0.0)):
            if not np.isfinite(value) or value < 0:
                raise MethodError(name, "must be a number not below zero", self.code)
        for dimension, weight in self.importance.items():
            if not np.isfinite(weight) or weight < 0:
                raise MethodError("importance", f"of {dimension} must be a number not below zero", self.code)
        _check_wishes(self.wishes, self.code)

    @property
    def label(self) -> str:
        return self.name or self.code


def _support(given: Support | float | tuple[float, float]) -> Support:
    if isinstance(given, Support):
        return given
    return Support(*given) if isinstance(given, tuple) else Support(float(given))


def _check_wishes(wishes: Sequence[str] | Mapping[str, float], owner: str) -> None:
    if isinstance(wishes, Mapping):
        for code, weight in wishes.items():
            if not np.isfinite(weight) or weight < 0:
                raise MethodError("wishes", f"the weight of {code} must be a number not below zero", owner)
    elif isinstance(wishes, str) or len(set(wishes)) != len(wishes):
        raise MethodError("wishes", "must be a list without repeats, best first", owner)


def bounds(level: Level, scale: float, field_name: str, row: str) -> tuple[float, float]:
    """The least and the most that a level can be; all of the scale where it is not known."""
    if level is None or (isinstance(level, float) and np.isnan(level)):
        return 0.0, scale
    low, high = level if isinstance(level, tuple | list) else (level, level)
    if not (np.isfinite(low) and np.isfinite(high) and 0 <= low <= high <= scale):
        raise MethodError(field_name, f"must lie between 0 and {scale:g}, a range from low to high", row)
    return float(low), float(high)
