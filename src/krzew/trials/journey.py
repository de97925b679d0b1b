"""Where an innovation stands: which stages of its call are done. Said by what is signed and sent, not by a flag."""

from __future__ import annotations

from collections.abc import Callable

from krzew.calls.definition import Definition
from krzew.calls.definition.testing import (
    AgreementStage,
    CooperationStage,
    DisseminationStage,
    EvaluationStage,
    SettlementStage,
    SpecificationStage,
    TrialStage,
)
from krzew.trials.models import Agreement, Innovation, ResultReport
from krzew.trials.states import (
    AgreementState,
    InnovationState,
    PaperState,
    ReportState,
    TestState,
    VersionState,
)

AnyStage = (
    CooperationStage
    | SpecificationStage
    | AgreementStage
    | TrialStage
    | SettlementStage
    | EvaluationStage
    | DisseminationStage
)
KINDS = ("cooperation", "specification", "agreement", "test", "settlement", "evaluation", "dissemination")
READS = (
    "agreements__tranches",
    "agreements__reports__protocol",
    "specifications__gate",
    "opinions",
)
"""What `is_done` reads of many innovations at once; give it to `prefetch_related`."""
JOINS = ("test", "final_report", "evaluation", "presentation", "choice", "package")
"""The same for `select_related`."""


def stages_of(rules: Definition) -> list[AnyStage]:
    """The stages that follow a decision, in the order of the programme."""
    return [stage for stage in rules.stages if stage.kind in KINDS]  # type: ignore[misc]


def in_force(innovation: Innovation, stage: str) -> Agreement | None:
    """The agreement of this stage that both sides have signed; the newest annex."""
    signed = [a for a in innovation.agreements.all() if a.stage == stage and a.state == AgreementState.SIGNED]
    return signed[-1] if signed else None


def grant_in_force(innovation: Innovation) -> Agreement | None:
    """The agreement that entrusts the grant, wherever the programme has it."""
    stage = next((s for s in stages_of(innovation.call.rules) if s.kind == "agreement"), None)
    return in_force(innovation, stage.code) if stage else None


def _agreed(innovation: Innovation, stage: AnyStage) -> bool:
    return in_force(innovation, stage.code) is not None


def _through_gate(innovation: Innovation, stage: AnyStage) -> bool:
    versions = innovation.specifications.all()
    return any(v.stage == stage.code and v.state == VersionState.ACCEPTED for v in versions)


def _tested(innovation: Innovation, _stage: AnyStage) -> bool:
    test = getattr(innovation, "test", None)
    return test is not None and test.state in (TestState.ENDED, TestState.STOPPED)


def _settled(innovation: Innovation, _stage: AnyStage) -> bool:
    """Every result of the agreement is accepted by a protocol that both sides signed."""
    agreement = grant_in_force(innovation)
    if agreement is None:
        return False
    wanted = {result["code"] for result in agreement.content.get("results", [])}
    return wanted <= {r.result for r in reports_of(innovation) if r.state == ReportState.SIGNED}


def reports_of(innovation: Innovation) -> list[ResultReport]:
    """Reports on results: an annex does not undo what was reported under the agreement before it."""
    return [report for agreement in innovation.agreements.all() for report in agreement.reports.all()]


def _evaluated(innovation: Innovation, _stage: AnyStage) -> bool:
    papers = (getattr(innovation, "final_report", None), getattr(innovation, "evaluation", None))
    return all(paper is not None and paper.state == PaperState.DONE for paper in papers)


def _decided(innovation: Innovation, _stage: AnyStage) -> bool:
    return innovation.state in (InnovationState.CHOSEN, InnovationState.NOT_CHOSEN, InnovationState.FAILED)


_DONE: dict[str, Callable[[Innovation, AnyStage], bool]] = {
    "cooperation": _agreed,
    "specification": _through_gate,
    "agreement": _agreed,
    "test": _tested,
    "settlement": _settled,
    "evaluation": _evaluated,
    "dissemination": _decided,
}


def is_done(innovation: Innovation, stage: AnyStage) -> bool:
    """Whether this stage is behind the innovation. Reads what `READS` and `JOINS` name."""
    return _DONE[stage.kind](innovation, stage)


def current(innovation: Innovation) -> AnyStage | None:
    """The first stage that is not done; none when all are."""
    return next((s for s in stages_of(innovation.call.rules) if not is_done(innovation, s)), None)


def missing_before(innovation: Innovation, stage: AnyStage) -> list[AnyStage]:
    """Stages before this one that are not done and must be: gates and agreements open the way to what follows.

    The test, its settlement and its evaluation overlap in life, so they do not wait for each other.
    """
    rows = stages_of(innovation.call.rules)
    before = rows[: [row.code for row in rows].index(stage.code)]
    opening = ("cooperation", "specification", "agreement")
    return [row for row in before if row.kind in opening and not is_done(innovation, row)]
