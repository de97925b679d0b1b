"""What the API answers, in the words of the field. Texts come in Polish and English side by side."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Field, Schema
from pydantic import AfterValidator


def _plain(text: str) -> str:
    """A zero byte can be stored by no database, so it matches nothing."""
    return text.replace("\x00", "")


Words = Annotated[str, Field(max_length=100), AfterValidator(_plain)]
Code = Annotated[str, Field(pattern=r"^(\d{2}|\d{4}|\d{6})$", examples=["300202"])]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,60}$", examples=["spoldzielnia-przy-wtz"])]
Name = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,40}$", examples=["unemployment_share"])]

Year = Annotated[int | None, Field(ge=1900, le=2100)]


class Message(Schema):
    """Why there is no answer."""

    detail: str


class Text(Schema):
    pl: str
    en: str


class Place(Schema):
    code: str
    level: str
    kind: str
    name: str
    parent: str | None
    code7: str = Field(
        description="Seven-digit TERYT code as it is today; empty for powiats and voivodeships."
    )
    valid_from: date
    valid_to: date | None
    lon: float
    lat: float
    area_km2: float | None
    settlement: str = Field(description="Settlement type of the comparison group; empty above gminas.")


class Version(Schema):
    """Name, kind and seven-digit code between two dates."""

    valid_from: date
    valid_to: date | None
    name: str
    kind: str
    code7: str


class Change(Schema):
    change: str
    other: str | None
    old: str
    new: str
    date_from: date
    date_to: date


class PlaceDetail(Place):
    versions: list[Version]
    changes: list[Change]


class Indicator(Schema):
    code: str
    name: Text
    definition: Text
    unit: Text
    decimals: int
    direction: int = Field(description="1: higher is worse; -1: higher is better; 0: neither.")
    role: str
    level: str
    need: str
    goalposts: tuple[float, float] | None = Field(description="Best and worst value, fixed.")
    source: str
    licence: str
    vintage: str
    years: list[int]
    holder: str = Field(description="Who has the figures when they are not public.")


class Value(Schema):
    place: str
    indicator: str
    year: int
    value: float | None
    flag: str = Field(
        description="observed, zero, missing, suppressed, not_applicable, below_unit, preliminary"
    )
    numerator: float | None
    denominator: float | None
    source: str


class Neighbour(Schema):
    code: str
    name: str
    distance: float
    borrowed: bool = Field(
        description="Taken from a neighbouring settlement type because the own one is too small."
    )


class ComparisonGroup(Schema):
    place: str
    settlement: str
    data_version: str
    method_version: str
    neighbours: list[Neighbour]


class Entry(Schema):
    code: str
    name: Text


class Vocabulary(Schema):
    needs: list[Entry]
    groups: list[Entry]
    domains: list[Entry]


class Solution(Schema):
    slug: str
    kind: str
    version: int
    published_at: datetime
    name: Text
    summary: Text
    evidence_level: int
    needs: list[str]
    groups: list[str]
    domains: list[str]


class SolutionDetail(Solution):
    content_hash: str
    withdrawn: bool
    withdrawn_reason: str
    card: dict[str, Any] = Field(description="The whole card, valid against card.schema.json.")


class DiagnosisSummary(Schema):
    id: int
    place: str
    place_name: str
    organisation: str
    signed_at: datetime


class Diagnosis(Schema):
    """A diagnosis: what was computed, from which data, and what was decided."""

    id: int | None
    signed_at: datetime | None
    organisation: str
    place: dict[str, Any]
    data: dict[str, Any]
    comparison_group: list[dict[str, Any]]
    problems: list[dict[str, Any]]
    solutions: list[dict[str, Any]]
    decision: dict[str, Any] | None
