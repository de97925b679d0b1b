"""A programme as data: who may apply, for how much, and through which stages."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from krzew.calls.definition.assessment import (
    FormalStage,
    MeritStage,
    PitchStage,
    StrategicStage,
    TalkStage,
)
from krzew.calls.definition.base import Amount, ApplicantKind, Code, Count, Described, Part, Text
from krzew.calls.definition.form import ApplicationStage
from krzew.calls.definition.selection import AppealStage, DecisionStage, RankingStage
from krzew.calls.definition.testing import (
    AgreementStage,
    CooperationStage,
    DisseminationStage,
    EvaluationStage,
    SettlementStage,
    SpecificationStage,
    TrialStage,
)
from krzew.calls.definition.vote import VoteStage

Stage = Annotated[
    ApplicationStage
    | FormalStage
    | MeritStage
    | PitchStage
    | TalkStage
    | StrategicStage
    | VoteStage
    | RankingStage
    | DecisionStage
    | AppealStage
    | CooperationStage
    | SpecificationStage
    | AgreementStage
    | TrialStage
    | SettlementStage
    | EvaluationStage
    | DisseminationStage,
    Field(discriminator="kind"),
]


class Applicants(Part):
    """Who may apply, and how often in one call. With `limit_counts_members` a member of a group counts too."""

    kinds: Annotated[tuple[ApplicantKind, ...], Field(min_length=1)]
    group_least: Annotated[int, Field(ge=2, le=50)] = 2
    group_most: Annotated[int, Field(ge=2, le=50)] | None = None
    limit: Count | None = None
    limit_counts_members: bool = True
    different_ideas: bool = False


class Grant(Part):
    """Amounts. What the rules do not say is left out, never guessed."""

    pool: Amount | None = None
    least: Amount | None = None
    most: Amount | None = None
    equals_plan: bool = False
    grants: Count | None = None


class Keeping(Part):
    """How long personal data are kept. What is not said here is never removed: Krzew invents no period.

    Days count from the closing of the call (drafts) or from the day of taking back; months from the end of the
    call, or from the last day of the year in which it ended.
    """

    drafts_days: Count | None = None
    withdrawn_days: Count | None = None
    applications_months: Annotated[int, Field(ge=1, le=600)] | None = None
    granted_months: Annotated[int, Field(ge=1, le=600)] | None = None
    from_end_of_year: bool = False


class Definition(Part):
    """A programme: the same for every call made from it, until it is changed for later ones."""

    code: Code
    name: Text
    summary: Text
    source: str = ""
    open_questions: tuple[Text, ...] = ()
    themes: tuple[Described, ...] = ()
    applicants: Applicants
    grant: Grant = Grant()
    keeping: Keeping = Keeping()
    network: bool = False
    """Ideas are looked for together: "write to us" with an idea or with only the wish to join."""
    stages: Annotated[tuple[Stage, ...], Field(min_length=1)]

    def stage(self, code: str) -> Stage:
        """The stage with this code. Raises `KeyError`."""
        return {stage.code: stage for stage in self.stages}[code]

    def of_kind(self, kind: str) -> list[Stage]:
        return [stage for stage in self.stages if stage.kind == kind]

    @property
    def form(self) -> ApplicationStage | None:
        """The first application form; a network may have none."""
        return next((s for s in self.stages if isinstance(s, ApplicationStage)), None)
