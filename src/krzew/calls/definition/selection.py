"""From scores to a decision: ranking under the cap, reserve, quotas, publication, appeal."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from krzew.calls.definition.base import Amount, Code, Described, Part, Text, WorkingDays

Outcome = Literal["granted", "reserve", "rejected_merit", "rejected_formal", "left_without_consideration"]


class Quota(Part):
    """At most or at least so much (money or number) for applications whose answer to `field` is `value`."""

    code: Code
    label: Text
    field: Code
    value: str
    at_least: Annotated[int, Field(ge=0)] | None = None
    at_most: Annotated[int, Field(ge=0)] | None = None
    money_at_least: Amount | None = None
    money_at_most: Amount | None = None


class RankingStage(Described):
    """Applications in the order of their points, funded under the cap, the rest in reserve.

    `separate_by` names a field whose values have lists of their own (subregions); `pools` are their caps.
    """

    kind: Literal["ranking"]
    rule: Literal["strict", "skip", "partial"] = "strict"
    ties: tuple[Code, ...] = ()
    then_lottery: bool = False
    separate_by: Code | None = None
    pools: dict[str, Amount] = {}
    quotas: tuple[Quota, ...] = ()
    places: Annotated[int, Field(ge=1)] | None = None
    reserve: bool = True
    accept_working_days: WorkingDays | None = None


class DecisionStage(Described):
    """A person or body decides; a difference from the ranking is kept with its reason."""

    kind: Literal["decision"]
    body: Text
    publish: tuple[
        Literal["number", "title", "applicant", "points", "result", "reason", "amount", "place"], ...
    ] = (
        "number",
        "title",
        "result",
    )
    letters: dict[Outcome, Text] = {}


class AppealStage(Described):
    """Which decisions may be appealed, in how many working days, and who looks again."""

    kind: Literal["appeal"]
    against: Annotated[tuple[Outcome, ...], Field(min_length=1)]
    working_days: WorkingDays
    decide_working_days: WorkingDays | None = None
    another_assessor: bool = True
    final: bool = True
