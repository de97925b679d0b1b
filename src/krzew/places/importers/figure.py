"""The common shape into which every importer of figures turns its source, before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from krzew.places.importers.problems import Problems
from krzew.places.models import Flag


@dataclass(frozen=True)
class Limits:
    """What an indicator accepts: a range, and the lowest level of units that has it (6 digits: gmina)."""

    minimum: float | None = None
    maximum: float | None = None
    digits: int = 6


@dataclass(frozen=True)
class Known:
    """What may occur in a table: codes of units and indicators with their limits."""

    places: Set[str]
    indicators: Mapping[str, Limits]
    today: date


@dataclass(frozen=True)
class Figure:
    """One figure of one place in one year. `mark` is the source's own sign beside it ("x", "k", ".")."""

    place: str
    indicator: str
    year: int
    value: float | None
    flag: Flag
    mark: str = ""
    source: str = ""
    measured_on: date | None = None
    line: int | None = None

    @property
    def key(self) -> tuple[str, str, int]:
        return self.place, self.indicator, self.year


def refuse_repeats(figures: Iterable[Figure], problems: Problems) -> None:
    """The same place, indicator and year twice: the file must say which one is meant."""
    first: dict[tuple[str, str, int], Figure] = {}
    for figure in figures:
        earlier = first.setdefault(figure.key, figure)
        if earlier is not figure:
            problems.add(figure.line, "", _repeated(figure, earlier))


def _repeated(figure: Figure, earlier: Figure) -> str:
    message = gettext("%(place)s, %(indicator)s, %(year)d is already in line %(line)s. Keep one of the two.")
    place, indicator, year = figure.key
    return message % {"place": place, "indicator": indicator, "year": year, "line": earlier.line}


def check_place(code: str, known: Known) -> str:
    """The code of a unit that exists; ValueError says what to do."""
    if code not in known.places:
        message = gettext("There is no unit %(code)s. Look the code up on the page of the place.")
        raise ValueError(message % {"code": code})
    return code


def check_limits(value: float | None, limits: Limits) -> None:
    """ValueError when the value cannot be right for its indicator: a wrong unit, or a slip of the pen."""
    low, high = limits.minimum, limits.maximum
    if value is not None and ((low is not None and value < low) or (high is not None and value > high)):
        message = gettext(
            "%(value)s is outside the range of this indicator (%(low)s to %(high)s). Check the unit."
        )
        raise ValueError(message % {"value": f"{value:g}", "low": _edge(low), "high": _edge(high)})


def _edge(limit: float | None) -> str:
    return "…" if limit is None else f"{limit:g}"


def check_level(code: str, limits: Limits) -> None:
    if len(code) > limits.digits:
        message = gettext("This indicator exists only for larger units than %(code)s.")
        raise ValueError(message % {"code": code})
