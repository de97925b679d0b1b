"""The declared states of calls, ideas, applications, readings, votes and appeals, and who moves them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy

from krzew.timeline.transitions import Transition, WrongState, mermaid, possible, target

__all__ = ["Transition", "WrongState", "mermaid", "possible", "target"]  # the room reads them from here


class CallState(models.TextChoices):
    """Open and closed are not states: the clock says so from the dates of a published call."""

    DRAFT = "draft", pgettext_lazy("call", "being prepared")
    PUBLISHED = "published", pgettext_lazy("call", "announced")
    DECIDED = "decided", pgettext_lazy("call", "decided")
    FINISHED = "finished", pgettext_lazy("call", "finished")
    CANCELLED = "cancelled", pgettext_lazy("call", "cancelled")


class IdeaState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("idea", "being written")
    SENT = "sent", pgettext_lazy("idea", "sent, waits for an answer")
    IN_TALKS = "in_talks", pgettext_lazy("idea", "in talks")
    IN_CALL = "in_call", pgettext_lazy("idea", "grown into an application")
    CLOSED = "closed", pgettext_lazy("idea", "closed with an answer")
    WITHDRAWN = "withdrawn", pgettext_lazy("idea", "taken back")


class ApplicationState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("application", "being written, not sent")
    SUBMITTED = "submitted", pgettext_lazy("application", "sent")
    RETURNED = "returned", pgettext_lazy("application", "to be completed")
    OUT = "out", pgettext_lazy("application", "not selected")
    RESERVE = "reserve", pgettext_lazy("application", "on the reserve list")
    OFFERED = "offered", pgettext_lazy("application", "part of the grant offered")
    SELECTED = "selected", pgettext_lazy("application", "selected")
    WITHDRAWN = "withdrawn", pgettext_lazy("application", "taken back")
    RESIGNED = "resigned", pgettext_lazy("application", "grant given up")


class ReadingState(models.TextChoices):
    """A reading is one application given to one assessor in one stage."""

    ASSIGNED = "assigned", pgettext_lazy("reading", "waits for the statement of impartiality")
    OPEN = "open", pgettext_lazy("reading", "being assessed")
    DONE = "done", pgettext_lazy("reading", "card signed")
    REFUSED = "refused", pgettext_lazy("reading", "refused by the assessor")
    TAKEN_BACK = "taken_back", pgettext_lazy("reading", "taken back by the team")


class AppealState(models.TextChoices):
    FILED = "filed", pgettext_lazy("appeal", "filed")
    UPHELD = "upheld", pgettext_lazy("appeal", "upheld")
    DISMISSED = "dismissed", pgettext_lazy("appeal", "dismissed")
    INADMISSIBLE = "inadmissible", pgettext_lazy("appeal", "not admissible")


class VoteState(models.TextChoices):
    """Open and over are not states: the clock says so from the dates of an announced vote."""

    ANNOUNCED = "announced", pgettext_lazy("vote", "announced")
    COUNTED = "counted", pgettext_lazy("vote", "counted")
    CALLED_OFF = "called_off", pgettext_lazy("vote", "called off")


class Outcome(models.TextChoices):
    """Why an application ended where it did; words of the rules of calls."""

    GRANTED = "granted", pgettext_lazy("outcome", "grant awarded")
    RESERVE = "reserve", pgettext_lazy("outcome", "reserve list")
    REJECTED_MERIT = "rejected_merit", pgettext_lazy("outcome", "rejected on merit")
    REJECTED_FORMAL = "rejected_formal", pgettext_lazy("outcome", "rejected formally")
    LEFT = "left_without_consideration", pgettext_lazy("outcome", "left without consideration")


CALL = (
    Transition("prepare", (), CallState.DRAFT, "team"),
    Transition("publish", (CallState.DRAFT,), CallState.PUBLISHED, "team"),
    Transition("decide", (CallState.PUBLISHED,), CallState.DECIDED, "committee"),
    Transition("finish", (CallState.DECIDED,), CallState.FINISHED, "team"),
    Transition("cancel", (CallState.DRAFT, CallState.PUBLISHED), CallState.CANCELLED, "team"),
)

IDEA = (
    Transition("start", (), IdeaState.DRAFT, "anyone"),
    Transition("send", (IdeaState.DRAFT,), IdeaState.SENT, "author"),
    Transition("answer", (IdeaState.SENT, IdeaState.IN_TALKS), IdeaState.IN_TALKS, "team"),
    Transition("grow", (IdeaState.SENT, IdeaState.IN_TALKS), IdeaState.IN_CALL, "author"),
    Transition("close", (IdeaState.SENT, IdeaState.IN_TALKS), IdeaState.CLOSED, "team"),
    Transition(
        "withdraw", (IdeaState.DRAFT, IdeaState.SENT, IdeaState.IN_TALKS), IdeaState.WITHDRAWN, "author"
    ),
)

_SENT = (ApplicationState.SUBMITTED, ApplicationState.RETURNED)
_LISTED = (ApplicationState.SUBMITTED, ApplicationState.RESERVE, ApplicationState.OFFERED)

APPLICATION = (
    Transition("start", (), ApplicationState.DRAFT, "applicant"),
    Transition("submit", (ApplicationState.DRAFT,), ApplicationState.SUBMITTED, "applicant"),
    Transition("return", (ApplicationState.SUBMITTED,), ApplicationState.RETURNED, "team"),
    Transition("complete", (ApplicationState.RETURNED,), ApplicationState.SUBMITTED, "applicant"),
    Transition("reject", _SENT, ApplicationState.OUT, "team"),
    Transition("undo", (ApplicationState.RETURNED, ApplicationState.OUT), ApplicationState.SUBMITTED, "team"),
    Transition("select", _LISTED, ApplicationState.SELECTED, "committee"),
    Transition("reserve", (ApplicationState.SUBMITTED,), ApplicationState.RESERVE, "committee"),
    Transition(
        "offer", (ApplicationState.SUBMITTED, ApplicationState.RESERVE), ApplicationState.OFFERED, "committee"
    ),
    Transition("not_select", _LISTED, ApplicationState.OUT, "committee"),
    Transition("reinstate", (ApplicationState.OUT,), ApplicationState.SUBMITTED, "appeal"),
    Transition("withdraw", (ApplicationState.DRAFT, *_SENT), ApplicationState.WITHDRAWN, "applicant"),
    Transition(
        "resign",
        (ApplicationState.SELECTED, ApplicationState.RESERVE, ApplicationState.OFFERED),
        ApplicationState.RESIGNED,
        "applicant",
    ),
)

READING = (
    Transition("assign", (), ReadingState.ASSIGNED, "team"),
    Transition("state", (ReadingState.ASSIGNED,), ReadingState.OPEN, "assessor"),
    Transition("refuse", (ReadingState.ASSIGNED, ReadingState.OPEN), ReadingState.REFUSED, "assessor"),
    Transition("sign", (ReadingState.OPEN,), ReadingState.DONE, "assessor"),
    Transition("reopen", (ReadingState.DONE,), ReadingState.OPEN, "team"),
    Transition("take_back", (ReadingState.ASSIGNED, ReadingState.OPEN), ReadingState.TAKEN_BACK, "team"),
)

APPEAL = (
    Transition("file", (), AppealState.FILED, "applicant"),
    Transition("uphold", (AppealState.FILED,), AppealState.UPHELD, "team"),
    Transition("dismiss", (AppealState.FILED,), AppealState.DISMISSED, "team"),
    Transition("set_aside", (AppealState.FILED,), AppealState.INADMISSIBLE, "team"),
)

VOTE = (
    Transition("announce", (), VoteState.ANNOUNCED, "team"),
    Transition("count", (VoteState.ANNOUNCED,), VoteState.COUNTED, "clock"),
    Transition("call_off", (VoteState.ANNOUNCED,), VoteState.CALLED_OFF, "team"),
)
