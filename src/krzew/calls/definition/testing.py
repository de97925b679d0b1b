"""What follows a grant: agreement, specification, test, settlement, evaluation, dissemination."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from krzew.calls.definition.base import Amount, Code, Count, Described, Months, Part, Text
from krzew.calls.definition.form import FormField


class CooperationStage(Described):
    """An agreement on support, before any money."""

    kind: Literal["cooperation"]
    text: Text | None = None


class SpecificationStage(Described):
    """A gate of the one living specification: what must be written in it to pass."""

    kind: Literal["specification"]
    fields: Annotated[tuple[FormField, ...], Field(min_length=1)]
    criteria: tuple[Described, ...] = ()
    decided_by: Text


class Tranche(Part):
    code: Code
    label: Text
    share: Annotated[Decimal, Field(gt=0, le=100)]
    after: Code | None = None
    """The result (partial or final) whose acceptance lets this tranche go."""


class Result(Described):
    """A unit of settlement by results: a declaration and an acceptance protocol, no invoices."""

    final: bool = False


class AgreementStage(Described):
    """The agreement that entrusts the grant, with its results and tranches.

    `remind_days`: so many days before a report on a result is due, its author gets a letter. `de_minimis`: the
    grantee declares aid of that kind before the agreement is offered.
    """

    kind: Literal["agreement"]
    results: Annotated[tuple[Result, ...], Field(min_length=1)]
    tranches: Annotated[tuple[Tranche, ...], Field(min_length=1)]
    licence: str = ""
    own_contribution: bool = False
    shift_without_consent: Annotated[Decimal, Field(ge=0, le=100)] | None = None
    de_minimis: bool = False
    remind_days: Annotated[tuple[Annotated[int, Field(ge=1, le=60)], ...], Field(max_length=2)] = (14, 3)


class TrialStage(Described):
    """The small-scale test."""

    kind: Literal["test"]
    preparation_months: Months | None = None
    test_months: Months | None = None
    total_months: Months | None = None
    least_testers: Count | None = None
    fee_from_testers: Literal[False] = False


class SettlementStage(Described):
    """Results are accepted by protocol; money follows."""

    kind: Literal["settlement"]
    price_ceilings: dict[str, Amount] = {}
    not_eligible: tuple[Text, ...] = ()
    full_from: Annotated[Decimal, Field(ge=0, le=100)] | None = None
    none_below: Annotated[Decimal, Field(ge=0, le=100)] | None = None
    return_days: Count | None = None


class EvaluationStage(Described):
    """Questions of the final report and criteria of the evaluation."""

    kind: Literal["evaluation"]
    report: Annotated[tuple[FormField, ...], Field(min_length=1)]
    criteria: tuple[Described, ...] = ()


class DisseminationStage(Described):
    """The last gate: what is needed, who decides, and how many must pass."""

    kind: Literal["dissemination"]
    body: Text
    needs: Annotated[
        tuple[Literal["evaluation", "final_report", "mentor_opinion", "presentation"], ...],
        Field(min_length=1),
    ]
    criteria: tuple[Described, ...] = ()
    least_share: Annotated[Decimal, Field(gt=0, le=100)] | None = None
    least_number: Count | None = None
