"""The declared states of cases, of offers on the board and of answers to them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy

from krzew.timeline.transitions import Transition


class CaseState(models.TextChoices):
    NEW = "new", pgettext_lazy("case", "waits for a first answer")
    OFFICE = "office", pgettext_lazy("case", "the office has the next word")
    AUTHOR = "author", pgettext_lazy("case", "answered, the author has the next word")
    CLOSED = "closed", pgettext_lazy("case", "closed with an answer")
    WITHDRAWN = "withdrawn", pgettext_lazy("case", "taken back by its author")


class OfferState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("offer", "waits to be read by the office")
    PUBLISHED = "published", pgettext_lazy("offer", "on the board")
    RETURNED = "returned", pgettext_lazy("offer", "returned with a question")
    REFUSED = "refused", pgettext_lazy("offer", "not taken onto the board")
    CLOSED = "closed", pgettext_lazy("offer", "no longer needed")


class ReplyState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("reply", "waits to be read by the office")
    PASSED_ON = "passed_on", pgettext_lazy("reply", "passed on")
    REFUSED = "refused", pgettext_lazy("reply", "not passed on")


class ReachState(models.TextChoices):
    """A solution or a test that may serve somebody who waits: found by Krzew, sent by a person or not at all."""

    PROPOSED = "proposed", pgettext_lazy("reach", "found, to be looked at")
    SENT = "sent", pgettext_lazy("reach", "told")
    SET_ASIDE = "set_aside", pgettext_lazy("reach", "does not fit")


_OPEN = (CaseState.NEW, CaseState.OFFICE, CaseState.AUTHOR)

CASE = (
    Transition("open", (), CaseState.NEW, "author"),
    Transition("answer", _OPEN, CaseState.AUTHOR, "office"),
    Transition("write", _OPEN, CaseState.OFFICE, "author"),
    Transition("close", _OPEN, CaseState.CLOSED, "office"),
    Transition("reopen", (CaseState.CLOSED,), CaseState.OFFICE, "author or office"),
    Transition("withdraw", (*_OPEN, CaseState.CLOSED), CaseState.WITHDRAWN, "author"),
)

OFFER = (
    Transition("put_in", (), OfferState.WAITING, "author"),
    Transition("publish", (OfferState.WAITING,), OfferState.PUBLISHED, "office"),
    Transition("return", (OfferState.WAITING,), OfferState.RETURNED, "office"),
    Transition("mend", (OfferState.RETURNED, OfferState.PUBLISHED), OfferState.WAITING, "author"),
    Transition("refuse", (OfferState.WAITING, OfferState.PUBLISHED), OfferState.REFUSED, "office"),
    Transition(
        "close", (OfferState.WAITING, OfferState.RETURNED, OfferState.PUBLISHED), OfferState.CLOSED, "author"
    ),
)

REPLY = (
    Transition("reply", (), ReplyState.WAITING, "anyone"),
    Transition("pass_on", (ReplyState.WAITING,), ReplyState.PASSED_ON, "office"),
    Transition("refuse", (ReplyState.WAITING,), ReplyState.REFUSED, "office"),
)

REACH = (
    Transition("propose", (), ReachState.PROPOSED, "Krzew"),
    Transition("send", (ReachState.PROPOSED,), ReachState.SENT, "office"),
    Transition("set_aside", (ReachState.PROPOSED,), ReachState.SET_ASIDE, "office"),
    Transition("bring_back", (ReachState.SET_ASIDE,), ReachState.PROPOSED, "office"),
)
