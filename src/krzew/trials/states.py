"""The declared states of an innovation and of the papers, tests and reports that it goes through."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy

from krzew.timeline.transitions import Transition


class InnovationState(models.TextChoices):
    """Where it stands among the stages of its call is not a state: that follows from what is done."""

    RUNNING = "running", pgettext_lazy("innovation", "under way")
    CHOSEN = "chosen", pgettext_lazy("innovation", "chosen for dissemination")
    NOT_CHOSEN = "not_chosen", pgettext_lazy("innovation", "tested, not chosen for dissemination")
    FAILED = "failed", pgettext_lazy("innovation", "tested: it does not work this way")
    RESIGNED = "resigned", pgettext_lazy("innovation", "given up by the innovator")
    TERMINATED = "terminated", pgettext_lazy("innovation", "agreement ended by the incubator")


class AgreementState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("agreement", "being written")
    OFFERED = "offered", pgettext_lazy("agreement", "waits for signatures")
    SIGNED = "signed", pgettext_lazy("agreement", "in force")
    REPLACED = "replaced", pgettext_lazy("agreement", "replaced by an annex")
    ENDED = "ended", pgettext_lazy("agreement", "ended")
    DROPPED = "dropped", pgettext_lazy("agreement", "not concluded")


class VersionState(models.TextChoices):
    """A version of the specification at a gate."""

    SENT = "sent", pgettext_lazy("specification", "waits for the decision of the gate")
    ACCEPTED = "accepted", pgettext_lazy("specification", "accepted")
    RETURNED = "returned", pgettext_lazy("specification", "to be corrected")
    REJECTED = "rejected", pgettext_lazy("specification", "not accepted")


class TestState(models.TextChoices):
    __test__ = False

    PLANNED = "planned", pgettext_lazy("test", "being planned")
    RUNNING = "running", pgettext_lazy("test", "under way")
    ENDED = "ended", pgettext_lazy("test", "ended")
    STOPPED = "stopped", pgettext_lazy("test", "stopped early")


class TesterState(models.TextChoices):
    __test__ = False

    INVITED = "invited", pgettext_lazy("tester", "invited, has not agreed yet")
    SIGNED_UP = "signed_up", pgettext_lazy("tester", "signed up, waits for an answer")
    AGREED = "agreed", pgettext_lazy("tester", "takes part")
    FINISHED = "finished", pgettext_lazy("tester", "took part to the end")
    REFUSED = "refused", pgettext_lazy("tester", "did not agree")
    NOT_TAKEN = "not_taken", pgettext_lazy("tester", "no place in this test")
    LEFT = "left", pgettext_lazy("tester", "left the test")


class ReportState(models.TextChoices):
    """A declaration that a result is there."""

    DRAFT = "draft", pgettext_lazy("result report", "being written")
    SENT = "sent", pgettext_lazy("result report", "waits for acceptance")
    RETURNED = "returned", pgettext_lazy("result report", "to be completed")
    ACCEPTED = "accepted", pgettext_lazy("result report", "protocol written, waits for signatures")
    SIGNED = "signed", pgettext_lazy("result report", "accepted and signed by both sides")


class PaperState(models.TextChoices):
    """A final report or an evaluation: written, then given out of hand."""

    DRAFT = "draft", pgettext_lazy("report", "being written")
    DONE = "done", pgettext_lazy("report", "signed")


INNOVATION = (
    Transition("begin", (), InnovationState.RUNNING, "team"),
    Transition("choose", (InnovationState.RUNNING,), InnovationState.CHOSEN, "committee"),
    Transition("not_choose", (InnovationState.RUNNING,), InnovationState.NOT_CHOSEN, "committee"),
    Transition("fail", (InnovationState.RUNNING,), InnovationState.FAILED, "committee"),
    Transition("resign", (InnovationState.RUNNING,), InnovationState.RESIGNED, "innovator"),
    Transition("terminate", (InnovationState.RUNNING,), InnovationState.TERMINATED, "team"),
)

AGREEMENT = (
    Transition("write", (), AgreementState.DRAFT, "team"),
    Transition("offer", (AgreementState.DRAFT,), AgreementState.OFFERED, "team"),
    Transition("take_back", (AgreementState.OFFERED,), AgreementState.DRAFT, "team"),
    Transition("conclude", (AgreementState.OFFERED,), AgreementState.SIGNED, "both sides"),
    Transition("replace", (AgreementState.SIGNED,), AgreementState.REPLACED, "annex"),
    Transition("end", (AgreementState.SIGNED,), AgreementState.ENDED, "team"),
    Transition("drop", (AgreementState.DRAFT, AgreementState.OFFERED), AgreementState.DROPPED, "team"),
)

SPECIFICATION = (
    Transition("send", (), VersionState.SENT, "innovator"),
    Transition("accept", (VersionState.SENT,), VersionState.ACCEPTED, "committee"),
    Transition("return", (VersionState.SENT,), VersionState.RETURNED, "committee"),
    Transition("reject", (VersionState.SENT,), VersionState.REJECTED, "committee"),
)

TEST = (
    Transition("plan", (), TestState.PLANNED, "innovator"),
    Transition("begin", (TestState.PLANNED,), TestState.RUNNING, "innovator"),
    Transition("end", (TestState.RUNNING,), TestState.ENDED, "innovator"),
    Transition("stop", (TestState.PLANNED, TestState.RUNNING), TestState.STOPPED, "innovator or team"),
)

TESTER = (
    Transition("invite", (), TesterState.INVITED, "innovator"),
    Transition("sign_up", (), TesterState.SIGNED_UP, "tester"),
    Transition("take", (TesterState.SIGNED_UP,), TesterState.INVITED, "innovator"),
    Transition("agree", (TesterState.INVITED,), TesterState.AGREED, "tester"),
    Transition("refuse", (TesterState.INVITED, TesterState.SIGNED_UP), TesterState.REFUSED, "tester"),
    Transition("not_take", (TesterState.SIGNED_UP,), TesterState.NOT_TAKEN, "innovator"),
    Transition("leave", (TesterState.AGREED,), TesterState.LEFT, "tester"),
    Transition("finish", (TesterState.AGREED,), TesterState.FINISHED, "innovator"),
)

REPORT = (
    Transition("begin", (), ReportState.DRAFT, "innovator"),
    Transition("send", (ReportState.DRAFT, ReportState.RETURNED), ReportState.SENT, "innovator"),
    Transition("return", (ReportState.SENT,), ReportState.RETURNED, "team"),
    Transition("accept", (ReportState.SENT,), ReportState.ACCEPTED, "team"),
    Transition("sign", (ReportState.ACCEPTED,), ReportState.SIGNED, "both sides"),
)

PAPER = (
    Transition("write", (), PaperState.DRAFT, "author"),
    Transition("sign", (PaperState.DRAFT,), PaperState.DONE, "author"),
    Transition("reopen", (PaperState.DONE,), PaperState.DRAFT, "team"),
)
