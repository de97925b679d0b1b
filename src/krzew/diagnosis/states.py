"""The declared states of a diagnosis and of an enquiry, who moves them, and the diagrams for the documentation."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from krzew.timeline.transitions import Transition, WrongState, mermaid, possible, target

__all__ = ["Transition", "WrongState", "mermaid", "possible", "target"]  # the room reads them from here


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
