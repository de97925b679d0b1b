"""The declared states of a diagnosis and of an enquiry, who moves them, and the diagrams for the documentation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    OPEN = "open", _("open")
    SIGNED = "signed", _("signed")
    CANCELLED = "cancelled", _("cancelled")


class EnquiryState(models.TextChoices):
    RECEIVED = "received", _("received")
    IN_TALKS = "in_talks", _("in talks")
    DIAGNOSED = "diagnosed", _("place diagnosed")
    ACCEPTED = "accepted_for_preparation", _("accepted for preparation")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")


class ReportState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("being made")
    DONE = "done", _("ready")
    FAILED = "failed", _("failed")


@dataclass(frozen=True)
class Transition:
    """`act` takes an object from one of `sources` to `target`; `who` may do it."""

    act: str
    sources: tuple[str, ...]
    target: str
    who: str


class WrongState(Exception):
    """The act does not lead out of the state in which the object is."""

    def __init__(self, act: str, state: str) -> None:
        super().__init__(f"{act} is not possible in state {state}")
        self.act, self.state = act, state


DIAGNOSIS = (
    Transition("open", (), State.OPEN, "adviser"),
    Transition("sign", (State.OPEN,), State.SIGNED, "adviser"),
    Transition("cancel", (State.OPEN,), State.CANCELLED, "adviser"),
)

_TALKING = (EnquiryState.RECEIVED, EnquiryState.IN_TALKS, EnquiryState.DIAGNOSED)

ENQUIRY = (
    Transition("enquire", (), EnquiryState.RECEIVED, "asker"),
    Transition("take_up", (EnquiryState.RECEIVED,), EnquiryState.IN_TALKS, "adviser"),
    Transition("attach_diagnosis", (EnquiryState.IN_TALKS,), EnquiryState.DIAGNOSED, "adviser"),
    Transition("accept", (EnquiryState.DIAGNOSED,), EnquiryState.ACCEPTED, "adviser"),
    Transition("decline", _TALKING, EnquiryState.DECLINED, "adviser"),
    Transition("withdraw", _TALKING, EnquiryState.WITHDRAWN, "asker"),
)

REPORT = (
    Transition("ask_for_report", (), ReportState.WAITING, "adviser"),
    Transition(
        "start", (ReportState.WAITING, ReportState.FAILED, ReportState.RUNNING), ReportState.RUNNING, "system"
    ),
    Transition("finish", (ReportState.RUNNING,), ReportState.DONE, "system"),
    Transition("fail", (ReportState.WAITING, ReportState.RUNNING), ReportState.FAILED, "system"),
)


def target(table: Sequence[Transition], act: str, state: str) -> str:
    """Where `act` leads from `state`; refuses when it leads nowhere."""
    for transition in table:
        if transition.act == act and state in transition.sources:
            return transition.target
    raise WrongState(act, state)


def possible(table: Sequence[Transition], state: str) -> list[Transition]:
    """What may happen next."""
    return [t for t in table if state in t.sources]


def mermaid(table: Sequence[Transition]) -> str:
    """The table as a Mermaid state diagram; the documentation is checked against it."""
    lines = ["stateDiagram-v2"]
    for t in table:
        for source in t.sources or ("[*]",):
            lines.append(f"    {source} --> {t.target}: {t.act} ({t.who})")
    ends = {t.target for t in table} - {s for t in table for s in t.sources}
    return "\n".join(lines + [f"    {end} --> [*]" for end in sorted(ends)])
