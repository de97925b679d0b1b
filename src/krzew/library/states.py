"""States of one version of a solution, and who-may-go-where between them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class VersionState(models.TextChoices):
    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("waits for review")
    RETURNED = "returned", _("returned with a comment")
    PUBLISHED = "published", _("published")


OPEN = (VersionState.DRAFT, VersionState.IN_REVIEW, VersionState.RETURNED)
EDITABLE = (VersionState.DRAFT, VersionState.RETURNED)


class NotNow(Exception):
    """The version is in a state from which this step does not lead on."""


@dataclass(frozen=True)
class Transition:
    name: str
    sources: tuple[VersionState, ...]
    target: VersionState


# Published is final: a published version never changes. "Superseded" follows from a newer version.
TRANSITIONS = (
    Transition("send", EDITABLE, VersionState.IN_REVIEW),
    Transition("return", (VersionState.IN_REVIEW,), VersionState.RETURNED),
    Transition("publish", (VersionState.IN_REVIEW,), VersionState.PUBLISHED),
)


def step(name: str, state: str) -> VersionState:
    """The state to which step `name` leads from `state`."""
    transition = next(t for t in TRANSITIONS if t.name == name)
    if state not in transition.sources:
        label = VersionState(state).label
        raise NotNow(_("This version is now in the state “%(state)s”. Reload the page.") % {"state": label})
    return transition.target
