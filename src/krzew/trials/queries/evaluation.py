"""Reading what the test taught: the papers of the last stages, and what the last gate waits for."""

from __future__ import annotations

from krzew.calls.applications.check import Filled
from krzew.calls.definition.base import Described
from krzew.calls.definition.testing import DisseminationStage, EvaluationStage
from krzew.trials.journey import is_done, stages_of
from krzew.trials.models import Evaluation, FinalReport, Innovation
from krzew.trials.states import InnovationState, PaperState
from krzew.trials.written.questions import asked_fields, filled

PAPERS = ("final_report", "evaluation", "mentor_opinion", "presentation")


def evaluation_stage(innovation: Innovation) -> EvaluationStage | None:
    rows = stages_of(innovation.call.rules)
    return next((stage for stage in rows if isinstance(stage, EvaluationStage)), None)


def last_gate(innovation: Innovation) -> DisseminationStage | None:
    rows = stages_of(innovation.call.rules)
    return next((stage for stage in rows if isinstance(stage, DisseminationStage)), None)


def needed(innovation: Innovation) -> tuple[str, ...]:
    """Papers of this innovation, in the order in which they come: those of the stage, and what the gate needs."""
    gate = last_gate(innovation)
    asked = {"final_report", "evaluation", *(gate.needs if gate else ())}
    return tuple(name for name in PAPERS if name in asked)


def criteria(innovation: Innovation) -> tuple[Described, ...]:
    """The criteria of the evaluation; where the programme names none, those by which the last gate will choose."""
    stage, gate = evaluation_stage(innovation), last_gate(innovation)
    own = stage.criteria if stage else ()
    return own or (gate.criteria if gate else ())


def report(innovation: Innovation) -> FinalReport:
    """The report as it is now; an unsaved one before the first word."""
    return FinalReport.objects.filter(innovation=innovation).first() or FinalReport(innovation=innovation)


def evaluation(innovation: Innovation) -> Evaluation:
    rows = Evaluation.objects.filter(innovation=innovation).select_related("by")
    return rows.first() or Evaluation(innovation=innovation)


def document(innovation: Innovation, stage: EvaluationStage, row: FinalReport) -> Filled:
    return filled(innovation, stage, asked_fields(stage), row.answers)


def writable(innovation: Innovation, paper: FinalReport | Evaluation) -> bool:
    return innovation.state == InnovationState.RUNNING and paper.state == PaperState.DRAFT


def trial_is_over(innovation: Innovation) -> bool:
    """Whether every test of the programme has ended; true where it has none."""
    tests = [stage for stage in stages_of(innovation.call.rules) if stage.kind == "test"]
    return all(is_done(innovation, stage) for stage in tests)
