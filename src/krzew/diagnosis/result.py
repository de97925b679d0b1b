"""What a diagnosis says, as plain frozen values: pages, report, command line and API read only this.

`dump` turns a result into JSON and `load` turns it back, so that a signed diagnosis is shown from what was frozen.
Every sentence exists in both languages; `Text` prints the one of the reader.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from django.utils.translation import get_language

SCHEMA = 1
T = TypeVar("T")


@dataclass(frozen=True)
class Text:
    pl: str
    en: str

    def __str__(self) -> str:
        return self.pl if (get_language() or "pl").startswith("pl") else self.en

    def __bool__(self) -> bool:
        return bool(self.pl or self.en)


NONE = Text("", "")


def named(name: str, kind: Text) -> Text:
    return Text(f"{name} ({kind.pl})", f"{name} ({kind.en})")


@dataclass(frozen=True)
class Place:
    code: str
    name: str
    kind: Text
    where: Text
    settlement: Text
    population: float | None
    population_year: int | None

    @property
    def full(self) -> Text:
        """Name with its kind: many towns share theirs with the gmina around them."""
        return named(self.name, self.kind)


@dataclass(frozen=True)
class Vintage:
    """From when and from whom one indicator is."""

    indicator: str
    name: Text
    year: str
    source: str


@dataclass(frozen=True)
class Data:
    """Which data and which method made the result: enough to compute it again."""

    version: str
    library: str
    method: str
    seed: int
    draws: int
    made_on: str
    vintages: tuple[Vintage, ...]
    versions: dict[str, str]


@dataclass(frozen=True)
class Neighbour:
    code: str
    name: str
    kind: Text
    where: Text
    distance: float
    pinned: bool
    borrowed: bool
    reason: str

    @property
    def full(self) -> Text:
        return named(self.name, self.kind)


@dataclass(frozen=True)
class Dropped:
    code: str
    name: str
    kind: Text
    reason: str

    @property
    def full(self) -> Text:
        return named(self.name, self.kind)


@dataclass(frozen=True)
class Group:
    """The places that this one is compared with."""

    neighbours: tuple[Neighbour, ...]
    dropped: tuple[Dropped, ...]
    notes: tuple[Text, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(n.code for n in self.neighbours)


@dataclass(frozen=True)
class Estimate:
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Evidence:
    """One figure behind a need."""

    indicator: str
    name: Text
    value: float | None
    unit: Text
    decimals: int
    year: str
    source: str
    flag: str
    missing: Text
    group_median: float | None
    group_q1: float | None
    group_q3: float | None
    group_n: int
    score: float | None
    weight: float
    contribution: float | None
    is_local: bool


@dataclass(frozen=True)
class Said:
    """What meetings said about one need."""

    share: float
    statements: int
    sectors: tuple[str, ...]
    quotes: tuple[str, ...]


@dataclass(frozen=True)
class Need:
    """One problem: severity 0-100 with the interval that holds it in nine of ten repetitions, and why."""

    code: str
    name: Text
    description: Text
    severity: float | None
    low: float | None
    high: float | None
    statistics: Estimate | None
    voices: Estimate | None
    disagreement: bool
    higher: str
    status: str
    coverage: float
    better_in_group: float | None
    better_in_country: float | None
    arithmetic: float | None
    geometric: float | None
    sentence: Text
    said: Said | None
    evidence: tuple[Evidence, ...]
    notes: tuple[Text, ...]
    holders: Text

    @property
    def is_known(self) -> bool:
        """Statistics or somebody at a meeting speak of it. That nobody raised it is weighed, but is no finding."""
        return self.severity is not None and (self.statistics is not None or self.said is not None)


@dataclass(frozen=True)
class Voices:
    """Who was heard, and how much weight it has against statistics (0-1)."""

    weight: float
    meetings: int
    people: int
    statements: int
    unsorted: int
    heard: dict[str, int]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Criterion:
    code: str
    axis: str
    label: Text
    explanation: Text
    basis: Text
    weight: float
    low: float
    high: float
    unit: Text
    left_out: Text


@dataclass(frozen=True)
class Part:
    """Points that one criterion gives to one solution. `value` is what was measured, in the criterion's unit."""

    criterion: str
    label: Text
    points: float
    of: float
    value: float | None


@dataclass(frozen=True)
class Question:
    """What somebody on the spot must answer before a condition is decided."""

    fact: str
    text: Text
    who: Text
    why: Text
    is_number: bool
    unit: Text
    conditions: int
    decisive: bool


@dataclass(frozen=True)
class Condition:
    code: str
    effect: str
    basis: str
    outcome: str
    text: Text
    question: Text
    facts: tuple[str, ...]
    answer: Text


@dataclass(frozen=True)
class Served:
    need: str
    name: Text
    relevance: int


@dataclass(frozen=True)
class Solution:
    slug: str
    version: int
    version_id: int
    content_hash: str
    name: Text
    summary: Text
    kind: str
    door: str
    rank: int | None
    eligible: bool
    state: str
    score: float
    feasibility: float | None
    quadrant: str
    acceptability: float | None
    top3: float | None
    robust: bool
    parts: tuple[Part, ...]
    feasibility_parts: tuple[Part, ...]
    unknown: tuple[Text, ...]
    reasons: tuple[Text, ...]
    serves: tuple[Served, ...]
    conditions: tuple[Condition, ...]
    questions: tuple[str, ...]
    answers: Text

    @property
    def failed(self) -> tuple[Condition, ...]:
        return tuple(c for c in self.conditions if c.effect == "must" and c.outcome == "fail")

    @property
    def open_conditions(self) -> tuple[Condition, ...]:
        return tuple(c for c in self.conditions if c.outcome == "unknown")


@dataclass(frozen=True)
class Choice:
    """What the adviser decided; filled when the diagnosis is signed."""

    slugs: tuple[str, ...]
    departs: bool
    reason: str
    by: str
    on: str


@dataclass(frozen=True)
class Result:
    schema: int
    place: Place
    data: Data
    group: Group
    voices: Voices
    needs: tuple[Need, ...]
    criteria: tuple[Criterion, ...]
    solutions: tuple[Solution, ...]
    questions: tuple[Question, ...]
    headline: Text
    decided: tuple[Text, ...]
    change: tuple[Text, ...]
    notes: tuple[Text, ...]
    decision: Choice | None = None

    def need(self, code: str) -> Need:
        return next(n for n in self.needs if n.code == code)

    def solution(self, slug: str) -> Solution | None:
        return next((s for s in self.solutions if s.slug == slug), None)

    @property
    def first(self) -> Solution | None:
        return next((s for s in self.solutions if s.rank == 1), None)

    @property
    def ranked(self) -> tuple[Solution, ...]:
        return tuple(s for s in self.solutions if s.rank is not None)

    @property
    def known_needs(self) -> tuple[Need, ...]:
        return tuple(n for n in self.needs if n.is_known)

    @property
    def unknown_needs(self) -> tuple[Need, ...]:
        return tuple(n for n in self.needs if not n.is_known)

    @property
    def disagreements(self) -> tuple[Need, ...]:
        return tuple(n for n in self.needs if n.disagreement)


def dump(result: Result) -> dict[str, Any]:
    """A plain dictionary, ready for JSON."""
    return dataclasses.asdict(result)


def load(content: Mapping[str, Any]) -> Result:
    """The result that `dump` wrote."""
    if content.get("schema") != SCHEMA:
        raise ValueError(f"a result of schema {content.get('schema')} cannot be read by schema {SCHEMA}")
    return _build(Result, content)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _build(kind: type[T], content: Mapping[str, Any]) -> T:
    hints: dict[str, Any] = _hints(kind)  # type: ignore[arg-type]
    return kind(**{name: _value(hints[name], value) for name, value in content.items()})


def _value(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(hint, types.UnionType):
        hint = next(part for part in get_args(hint) if part is not types.NoneType)
    if dataclasses.is_dataclass(hint):
        return _build(hint, value)  # type: ignore[arg-type]
    if get_origin(hint) is tuple:
        return tuple(_value(get_args(hint)[0], item) for item in value)
    return value
