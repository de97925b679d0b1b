"""What the last gate needs: which papers are there, and how many were chosen of how many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from krzew.accounts.actors import Actor
from krzew.calls.definition.testing import DisseminationStage
from krzew.calls.models import Call
from krzew.trials.models import Innovation
from krzew.trials.queries.innovations import accompanied
from krzew.trials.rules import publish_innovation
from krzew.trials.states import InnovationState, PaperState, TestState

NEEDS = {
    "evaluation": _("the signed evaluation"),
    "final_report": _("the signed final report"),
    "mentor_opinion": _("the opinion of the mentor"),
    "presentation": _("the presentation"),
}


def _signed(innovation: Innovation, name: str) -> bool:
    paper = getattr(innovation, name, None)
    return paper is not None and paper.state == PaperState.DONE


def _shown(innovation: Innovation) -> bool:
    presentation = getattr(innovation, "presentation", None)
    return presentation is not None and presentation.took_place


_THERE: dict[str, Callable[[Innovation], bool]] = {
    "evaluation": lambda row: _signed(row, "evaluation"),
    "final_report": lambda row: _signed(row, "final_report"),
    "mentor_opinion": lambda row: bool(list(row.opinions.all())),
    "presentation": _shown,
}


def missing(innovation: Innovation, stage: DisseminationStage) -> list[str]:
    """Codes of what the stage needs and is not there."""
    return [code for code in stage.needs if not _THERE[code](innovation)]


@dataclass(frozen=True)
class Counters:
    """How many innovations of a call were tested and chosen, and how many must be."""

    tested: int
    chosen: int
    failed: int
    open: int
    least: int | None

    @property
    def short(self) -> int:
        """How many more must be chosen."""
        return max(0, (self.least or 0) - self.chosen)

    @property
    def out_of_reach(self) -> bool:
        """Even if everything that is still open were chosen, it would not be enough."""
        return self.short > self.open


def counters(call: Call, stage: DisseminationStage) -> Counters:
    """Shares count what was tested: a rule of at least 10 % of tested solutions asks for at least one in ten."""
    rows = Innovation.objects.filter(call=call).select_related("test")
    states = [(row.state, getattr(getattr(row, "test", None), "state", "")) for row in rows]
    tested = sum(test in (TestState.ENDED, TestState.STOPPED) for _state, test in states)
    number = Counter(state for state, _test in states)
    wanted = [stage.least_number] if stage.least_number else []
    if stage.least_share is not None:
        wanted.append(ceil(Decimal(tested) * stage.least_share / 100))
    return Counters(
        tested,
        number[InnovationState.CHOSEN],
        number[InnovationState.FAILED],
        number[InnovationState.RUNNING],
        max(wanted, default=None),
    )


def to_publish(actor: Actor) -> QuerySet[Innovation]:
    """Decided innovations whose package waits for an editor of the library."""
    rows = publish_innovation.filter(
        actor, Innovation.objects.filter(package__version=None, package__isnull=False)
    )
    return rows.select_related("call__programme__organisation", "package").order_by("ended_at", "pk")


def at_gate(actor: Actor, call: Call) -> QuerySet[Innovation]:
    """Innovations of a call for the body: the open ones first."""
    return accompanied(actor).filter(call=call).order_by("ended_at", "title", "pk")
