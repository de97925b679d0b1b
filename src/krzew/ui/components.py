"""What the partials of the design system are given. Plain frozen values: no queries, no request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from krzew.ui.formats import percent, quantity


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    current: bool = False
    note: str = ""


@dataclass(frozen=True)
class Crumb:
    label: str
    url: str = ""


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True)
class Tag:
    label: str
    tone: str = "neutral"
    hint: str = ""


@dataclass(frozen=True)
class Button:
    """With `url` it is a link, otherwise it submits. `reason` says why not now, and replaces it."""

    label: str
    url: str = ""
    kind: str = "primary"
    name: str = ""
    value: str = ""
    reason: str = ""
    form: str = ""


TASK_STATES = {
    "todo": _("to do"),
    "doing": _("in progress"),
    "waiting": _("waiting"),
    "done": _("done"),
    "blocked": _("blocked"),
}


@dataclass(frozen=True)
class Task:
    """One step: what, who is waited for, by when."""

    label: str
    url: str = ""
    state: str = "todo"
    note: str = ""
    due: date | None = None
    who: str = ""

    @property
    def state_label(self) -> str:
        return str(TASK_STATES[self.state])

    @property
    def tone(self) -> str:
        return {"done": "leaf", "blocked": "clay", "doing": "data"}.get(self.state, "neutral")


@dataclass(frozen=True)
class Fact:
    """A row of a summary list. `value` may be text, marked-up text or a list of texts."""

    label: str
    value: str | SafeString | Sequence[str]
    url: str = ""
    note: str = ""
    change_url: str = ""
    change_label: str = ""

    @property
    def values(self) -> list[str]:
        return [self.value] if isinstance(self.value, str) else list(self.value)


@dataclass(frozen=True)
class Moment:
    """An event on a time-line."""

    when: datetime | date
    title: str
    who: str = ""
    text: str = ""
    url: str = ""
    tone: str = "neutral"

    @property
    def has_hour(self) -> bool:
        return isinstance(self.when, datetime)


@dataclass(frozen=True)
class Column:
    """`kind` decides alignment: text, number, date or action."""

    key: str
    label: str
    kind: str = "text"
    sortable: bool = False
    hint: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Cell:
    """`missing` is the reason why there is no value; it is shown in its place."""

    value: Any
    url: str = ""
    note: str = ""
    tag: Tag | None = None
    missing: str = ""


@dataclass(frozen=True)
class Table:
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    sort: str = ""
    sort_param: str = "sort"
    caption_hidden: bool = False
    row_header: bool = True
    empty: str = ""
    note: str = ""

    def body(self) -> Iterator[list[tuple[Column, Cell]]]:
        """Rows with each value beside its column; a plain value becomes a cell."""
        for row in self.rows:
            cells = (value if isinstance(value, Cell) else Cell(value) for value in row)
            yield list(zip(self.columns, cells, strict=True))

    def head(self) -> Iterator[tuple[Column, str]]:
        """Columns with their `aria-sort`, empty where the table is not sorted by them."""
        for column in self.columns:
            direction = {column.key: "ascending", f"-{column.key}": "descending"}.get(self.sort, "")
            yield column, direction if column.sortable else ""


@dataclass(frozen=True)
class Figure:
    """A stored picture with everything a reader needs to trust it. The title says what was found."""

    key: str
    title: str
    source: str
    date: str
    table: Table | None = None
    alt: str = ""
    note: str = ""
    kind: str = "chart"
    interactive: bool = False
    wide: bool = False

    @property
    def alternative(self) -> str:
        return self.alt or self.title


@dataclass(frozen=True)
class Position:
    """Where a place stands: its value on the range of its comparison group, beside the country's median."""

    label: str
    value: float | None
    unit: str = ""
    year: str = ""
    low: float | None = None
    q1: float | None = None
    median: float | None = None
    q3: float | None = None
    high: float | None = None
    country: float | None = None
    decimals: int = 1
    group: str = ""
    place: str = ""
    url: str = ""
    direction: str = ""
    missing: str = ""
    note: str = ""
    source: str = ""

    def written(self, value: float | None) -> str:
        return (
            percent(value, self.decimals) if self.unit == "%" else quantity(value, self.unit, self.decimals)
        )

    @property
    def text(self) -> str:
        return self.written(self.value)

    def _scale(self) -> tuple[float, float]:
        known = [
            v for v in (self.value, self.low, self.q1, self.q3, self.high, self.country) if v is not None
        ]
        low, high = (min(known), max(known)) if known else (0.0, 1.0)
        return low, (high - low) or 1.0

    def _at(self, value: float | None) -> str:
        """Place on the strip in per cent of its width; a margin keeps the dot inside."""
        if value is None:
            return ""
        low, span = self._scale()
        return f"{4 + 92 * (value - low) / span:.2f}%"

    @cached_property
    def marks(self) -> dict[str, str]:
        """Where on the strip each known number lies."""
        names = ("value", "low", "q1", "median", "q3", "high", "country")
        marks = {name: self._at(getattr(self, name)) for name in names}
        marks["box"] = self._wide(self.q1, self.q3)
        return marks

    def _wide(self, low: float | None, high: float | None) -> str:
        if low is None or high is None:
            return ""
        return f"{92 * (high - low) / self._scale()[1]:.2f}%"

    @cached_property
    def bounds(self) -> dict[str, str]:
        return {
            name: self.written(getattr(self, name))
            for name in ("low", "q1", "median", "q3", "high", "country")
        }

    @cached_property
    def description(self) -> str:
        """The strip in words, for those who do not see it and for print."""
        if self.value is None:
            return self.missing or gettext("no data")
        here = self.place or gettext("this place")
        parts = [f"{here}: {self.text}"]
        if self.low is not None and self.high is not None:
            parts.append(gettext("places like it: from %(low)s to %(high)s") % self.bounds)
        if self.q1 is not None and self.q3 is not None:
            parts.append(gettext("the middle half: from %(q1)s to %(q3)s") % self.bounds)
        if self.country is not None:
            parts.append(gettext("median of the country: %(country)s") % self.bounds)
        return "; ".join(parts)


@dataclass(frozen=True)
class Interval:
    """A value that is not known exactly: a bar from `low` to `high` with a dot at `value`."""

    label: str
    value: float
    low: float
    high: float
    minimum: float = 0.0
    maximum: float = 1.0
    decimals: int = 2
    unit: str = ""
    url: str = ""
    note: str = ""
    shade: str = ""

    def _at(self, value: float) -> float:
        span = (self.maximum - self.minimum) or 1.0
        return 2 + 96 * min(max((value - self.minimum) / span, 0.0), 1.0)

    @cached_property
    def marks(self) -> dict[str, str]:
        low, value, high = (self._at(v) for v in (self.low, self.value, self.high))
        return {"low": f"{low:.2f}%", "value": f"{value:.2f}%", "width": f"{high - low:.2f}%"}

    @property
    def text(self) -> str:
        return quantity(self.value, self.unit, self.decimals)

    @property
    def description(self) -> str:
        numbers = {
            "value": self.text,
            "low": quantity(self.low, self.unit, self.decimals),
            "high": quantity(self.high, self.unit, self.decimals),
        }
        return gettext("%(value)s, probably between %(low)s and %(high)s") % numbers


@dataclass(frozen=True)
class Progress:
    """Longer work. `value` is None while its size is unknown."""

    label: str
    value: float | None = None
    maximum: float = 100
    text: str = ""
    state: str = "running"
    poll_url: str = ""
    done_url: str = ""
    seconds: int = 2

    @property
    def running(self) -> bool:
        return self.state == "running"


@dataclass(frozen=True)
class QuadrantPoint:
    """A solution in the plane need × feasibility, both from 0 to 1; `low` and `high` bound the need."""

    label: str
    need: float
    feasibility: float
    chosen: bool = False
    low: float | None = None
    high: float | None = None
