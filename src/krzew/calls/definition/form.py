"""The application form: sections of fields, conditions, declarations."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from django.utils.translation import gettext as _
from pydantic import Field, model_validator

from krzew.calls.definition.base import (
    APPLICANT_KINDS,
    ApplicantKind,
    Code,
    Described,
    Months,
    Part,
    Text,
)

FieldKind = Literal[
    "line",
    "text",
    "number",
    "money",
    "date",
    "yes_no",
    "choice",
    "choices",
    "place",
    "plan",
    "file",
    "email",
    "phone",
    "solution",
]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,59}$")]
"""A solution of the library, by the code in its address."""
FILE_KINDS = ("pdf", "docx", "odt", "xlsx", "ods", "jpg", "png")


class When(Part):
    """A question is asked only when another one was answered so."""

    field: Code
    one_of: Annotated[tuple[str | bool, ...], Field(min_length=1)]


class Option(Described):
    """One answer of a choice."""


class Phase(Described):
    """A stretch of the plan of action, with the most and the least months that it may take."""

    months: Months | None = None
    least_months: Months | None = None


class FormField(Described):
    """One question. `longest` counts characters; `redact` hides the answer from assessors of a blind stage.

    `solutions` is the closed list of a question about a solution of the library, `solutions_why` the reason that is
    shown when another one is chosen.
    """

    kind: FieldKind
    required: bool = True
    guide: Annotated[tuple[Text, ...], Field(max_length=12)] = ()
    longest: Annotated[int, Field(ge=1, le=20_000)] | None = None
    options: tuple[Option, ...] = ()
    most: Annotated[int, Field(ge=1, le=50)] | None = None
    phases: tuple[Phase, ...] = ()
    applicants: tuple[ApplicantKind, ...] = APPLICANT_KINDS
    when: When | None = None
    solutions: Annotated[tuple[Slug, ...], Field(max_length=60)] = ()
    solutions_why: Text | None = None
    redact: bool = False
    public: bool = False

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> Self:
        if self.kind in ("choice", "choices") and len(self.options) < 2:
            raise ValueError(_("a choice needs at least two options"))
        if self.options and self.kind not in ("choice", "choices"):
            raise ValueError(_("only a choice has options"))
        if self.phases and self.kind != "plan":
            raise ValueError(_("only a plan has phases"))
        if (self.solutions or self.solutions_why) and self.kind != "solution":
            raise ValueError(_("only a question about a solution has a list of solutions"))
        if self.solutions_why and not self.solutions:
            raise ValueError(_("the reason needs a list of solutions"))
        if self.longest and self.kind not in ("line", "text"):
            raise ValueError(_("only a text has a limit of characters"))
        return self


class Section(Described):
    fields: Annotated[tuple[FormField, ...], Field(min_length=1)]


class Declaration(Part):
    """One statement to be ticked by itself. A changed text is a new version: old ticks keep the old text."""

    code: Code
    version: Annotated[int, Field(ge=1)] = 1
    text: Text
    applicants: tuple[ApplicantKind, ...] = APPLICANT_KINDS
    required: bool = True
    each_member: bool = False


class ApplicationStage(Described):
    """People write and send an application. `remind_days`: so many days before the call closes, authors of drafts
    that are not sent get a letter."""

    kind: Literal["application"]
    sections: Annotated[tuple[Section, ...], Field(min_length=1)]
    declarations: tuple[Declaration, ...] = ()
    total_months: Months | None = None
    remind_days: Annotated[tuple[Annotated[int, Field(ge=1, le=30)], ...], Field(max_length=2)] = (7, 1)

    @property
    def fields(self) -> tuple[FormField, ...]:
        return tuple(field for section in self.sections for field in section.fields)
