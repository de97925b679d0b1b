"""The parts that a printed report is made of. What they say is decided once; PDF and DOCX only set them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Heading:
    text: str
    level: int = 1


@dataclass(frozen=True)
class Para:
    text: str
    quiet: bool = False


@dataclass(frozen=True)
class Bullets:
    items: Sequence[str]
    ordered: bool = False


@dataclass(frozen=True)
class Facts:
    """Pairs of name and value."""

    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Table:
    """A table whose columns named in `numeric` (from 0) are aligned to the right."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    numeric: Sequence[int] = ()
    widths: Sequence[float] = ()


@dataclass(frozen=True)
class Bar:
    """A value 0-100 with its interval, and the words beside it."""

    label: str
    value: float
    low: float
    high: float
    text: str


@dataclass(frozen=True)
class Bars:
    caption: str
    rows: Sequence[Bar]
    head: tuple[str, str, str]


@dataclass(frozen=True)
class Point:
    """A numbered point at (x, y), both 0-100."""

    number: int
    label: str
    x: float
    y: float


@dataclass(frozen=True)
class Quadrant:
    caption: str
    x_title: str
    y_title: str
    points: Sequence[Point]
    alt: str


@dataclass(frozen=True)
class NewPage:
    pass


Block = Heading | Para | Bullets | Facts | Table | Bars | Quadrant | NewPage


@dataclass(frozen=True)
class Cover:
    title: str
    place: str
    where: str
    facts: Sequence[tuple[str, str]]
    status: str


@dataclass(frozen=True)
class Document:
    language: str
    cover: Cover
    blocks: Sequence[Block]
    footer: str
    contents: str

    def as_dict(self) -> dict[str, Any]:
        """Plain values for the typesetter; every block says its kind."""
        blocks = [{"kind": type(block).__name__.lower(), **asdict(block)} for block in self.blocks]
        return {**asdict(self), "blocks": blocks}
