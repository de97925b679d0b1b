"""What the rules of a call say about decisions: who may be decided, what is proposed, and appeals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from krzew.calls.definition.assessment import FormalStage, MeritStage, PitchStage, TalkStage
from krzew.calls.definition.selection import AppealStage, DecisionStage, RankingStage
from krzew.calls.definition.vote import VoteStage
from krzew.calls.models import Application, Call, Decision
from krzew.calls.states import Outcome
from krzew.timeline.working_days import add_working_days

BEFORE = (FormalStage, MeritStage, PitchStage, TalkStage, VoteStage, RankingStage)
OUTCOMES = (Outcome.GRANTED, Outcome.RESERVE, Outcome.REJECTED_MERIT)


def end_of(day: date) -> datetime:
    """The last second of the day by the clock of Warsaw; later is too late."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min)) - timedelta(seconds=1)


def in_working_days(count: int, start: datetime | None = None) -> datetime:
    """The last second of the n-th working day from now (or from `start`)."""
    return end_of(add_working_days(timezone.localdate(start or timezone.now()), count))


# --- appeals ----------------------------------------------------------------------------------------


def appeal_stage(call: Call, outcome: str) -> AppealStage | None:
    """The rule of appeal for such a decision: each kind of decision may have days of its own."""
    found = [s for s in call.rules.stages if isinstance(s, AppealStage)]
    own = [s for s in found if outcome in s.against]
    return next(iter(own or found), None)


def appeals_against(stage: AppealStage | None, outcome: str) -> bool:
    return stage is not None and outcome in stage.against


def last_moment(stage: AppealStage, decision: Decision) -> datetime | None:
    """The last second in which this decision may be appealed; None before anybody was told."""
    if decision.released_at is None:
        return None
    return in_working_days(stage.working_days, decision.released_at)


# --- decisions --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Proposal:
    """What the ranking, or the recommendations of a commission, propose for one application."""

    outcome: str = ""
    amount: Decimal | None = None


def decision_codes(call: Call) -> list[str]:
    """Stages in which an application waits for the decision: after the last assessment or ranking."""
    stages = list(call.rules.stages)
    last = max((n for n, s in enumerate(stages) if isinstance(s, BEFORE)), default=-1)
    ends = [n for n, s in enumerate(stages) if isinstance(s, DecisionStage) and n > last]
    end = ends[0] if ends else last + 1
    return [s.code for s in stages[last + 1 : end + 1]]


def deciding_code(call: Call) -> str:
    """The stage under which decisions are kept."""
    found = [s.code for s in call.rules.stages if isinstance(s, DecisionStage)]
    return found[0] if found else decision_codes(call)[-1]


def deciding_body(call: Call) -> str:
    bodies = [s.body for s in call.rules.stages if isinstance(s, DecisionStage | TalkStage)]
    return str(bodies[-1]) if bodies else ""


def accept_days(call: Call) -> int | None:
    found = [s.accept_working_days for s in call.rules.stages if isinstance(s, RankingStage)]
    return found[0] if found else None


def proposed_by(entry: Any, asked: Decimal | None, *, places: bool) -> Proposal:
    """What a line of the ranking proposes."""
    if entry.outcome == "funded":
        return Proposal(Outcome.GRANTED, asked if places else entry.amount)
    if entry.outcome == "partial":
        return Proposal(Outcome.GRANTED, entry.amount)
    return Proposal(Outcome.RESERVE if entry.outcome == "reserve" else Outcome.REJECTED_MERIT)


def is_partial(decision: Decision, application: Application) -> bool:
    """Less money than was asked for: it is an offer, which the applicant takes or leaves."""
    asked, amount = application.amount, decision.amount
    return decision.outcome == Outcome.GRANTED and None not in (asked, amount) and amount < asked  # type: ignore[operator]
