"""How applications are judged: checklist, cards with criteria, pitch, talk without points, council."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal, Self

from django.utils.translation import gettext as _
from pydantic import Field, model_validator

from krzew.calls.definition.base import Code, Count, Described, Part, Points, Text, WorkingDays


class Check(Described):
    """One yes/no question of the formal check. `automatic` names what Krzew answers by itself."""

    automatic: (
        Literal["in_time", "complete", "limit", "amount", "months", "declarations", "solution"] | None
    ) = None
    can_be_completed: bool = True


class Completion(Part):
    """The applicant is asked once to complete the application."""

    working_days: WorkingDays
    rounds: Annotated[int, Field(ge=1, le=3)] = 1
    late: Literal["left_without_consideration", "rejected"] = "left_without_consideration"


class FormalStage(Described):
    kind: Literal["formal"]
    checks: Annotated[tuple[Check, ...], Field(min_length=1)]
    completion: Completion | None = None


class Level(Part):
    """What a score means in words."""

    points: Points
    label: Text


class Criterion(Described):
    """Scored from 0 to `most` in steps; the mean of the assessors must reach `least`.

    `replaces` makes sense in a topic: this criterion stands there instead of a common one.
    """

    most: Points
    least: Points = Decimal(0)
    least_on_card: Points | None = None
    step: Points = Decimal(1)
    weight: Annotated[Decimal, Field(gt=0, le=100)] = Decimal(1)
    levels: tuple[Level, ...] = ()
    justification: Annotated[int, Field(ge=0, le=5000)] = 0
    replaces: Code | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.least > self.most or (self.least_on_card or 0) > self.most:
            raise ValueError(_("the least that is needed is more than can be given"))
        if self.step <= 0 or self.most % self.step:
            raise ValueError(_("steps must lead from 0 to the most"))
        if any(level.points > self.most for level in self.levels):
            raise ValueError(_("a level lies above the most"))
        return self


class Threshold(Part):
    """The sum over criteria (of this and earlier stages, by code) must reach `least`. Empty: all of this stage.

    `replaces` makes sense in a topic: this threshold stands there instead of a common one.
    """

    code: Code
    label: Text
    least: Points
    stages: tuple[Code, ...] = ()
    on_card: bool = False
    replaces: Code | None = None


class Topic(Part):
    """Rules for applications in which the question `field` is answered with `value`.

    They are added to the common criteria and thresholds, or stand `instead` of all of them.
    """

    code: Code
    label: Text
    field: Code
    value: Annotated[str, Field(min_length=1, max_length=60)]
    instead: bool = False
    criteria: tuple[Criterion, ...] = ()
    thresholds: tuple[Threshold, ...] = ()


class Divergence(Part):
    """When two cards differ by more than `over` points, a third assessor is asked."""

    over: Points
    third: Literal["decides", "joins_mean", "nearest_two"]


class Blindness(Part):
    """What an assessor does not see."""

    others_until_own_is_done: bool = True
    applicant: bool = False
    names_of_assessors: bool = False


class MeritStage(Described):
    """Assessors read and score, each on a card of her own."""

    kind: Literal["merit"]
    assessors: Annotated[int, Field(ge=1, le=26)]
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1)]
    thresholds: tuple[Threshold, ...] = ()
    topics: tuple[Topic, ...] = ()
    divergence: Divergence | None = None
    blind: Blindness = Blindness()
    card_justification: Annotated[int, Field(ge=0, le=5000)] = 0
    lived_experience: bool = False

    @property
    def most(self) -> Decimal:
        return sum((c.most * c.weight for c in self.criteria), Decimal(0))


class PitchStage(Described):
    """A short talk before a panel that scores. Notice and length are stated; absence has its consequence."""

    kind: Literal["pitch"]
    minutes: Annotated[int, Field(ge=1, le=240)]
    questions_minutes: Annotated[int, Field(ge=0, le=240)] = 0
    notice_days: Annotated[int, Field(ge=0, le=60)]
    panel: Count = 3
    absence: Literal["zero", "rejected", "new_date"]
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1)]
    thresholds: tuple[Threshold, ...] = ()
    topics: tuple[Topic, ...] = ()

    @property
    def most(self) -> Decimal:
        return sum((c.most * c.weight for c in self.criteria), Decimal(0))


class TalkStage(Described):
    """A commission reads, talks with the authors and recommends. No points."""

    kind: Literal["talk"]
    body: Text
    questions: tuple[Described, ...] = ()
    rounds: Annotated[tuple[Literal["initial", "discussion", "final"], ...], Field(min_length=1)] = (
        "initial",
        "discussion",
        "final",
    )


class StrategicStage(Described):
    """A council chooses among those above the threshold; its reasons are kept."""

    kind: Literal["strategic"]
    body: Text
