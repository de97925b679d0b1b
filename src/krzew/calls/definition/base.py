"""What every part of a definition shares: frozen, checked, and closed against unknown words."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from django.utils.translation import get_language
from pydantic import BaseModel, ConfigDict, Field

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Amount = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=2)]
Points = Annotated[Decimal, Field(ge=0, max_digits=7, decimal_places=2)]
Count = Annotated[int, Field(ge=1, le=10_000)]
Months = Annotated[int, Field(ge=0, le=120)]
WorkingDays = Annotated[int, Field(ge=1, le=120)]

ApplicantKind = Literal["person", "group", "organisation", "partnership"]
APPLICANT_KINDS: tuple[ApplicantKind, ...] = ("person", "group", "organisation", "partnership")


class Part(BaseModel):
    """A part of a definition. An unknown word is an error: most likely it is a slip of the pen."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Text(Part):
    """A text in both languages."""

    pl: Annotated[str, Field(min_length=1, max_length=4000)]
    en: Annotated[str, Field(min_length=1, max_length=4000)]

    def __str__(self) -> str:
        return self.pl if (get_language() or "pl").startswith("pl") else self.en


class Described(Part):
    """Something with a code, unique among its kind, and a name for people."""

    code: Code
    label: Text
    hint: Text | None = None
