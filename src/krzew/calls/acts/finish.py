"""The end of a call: nothing waits in it any more, and the time of keeping begins to run."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import ngettext

from krzew.accounts.actors import Actor
from krzew.calls.acts.steps import move
from krzew.calls.models import Appeal, Call
from krzew.calls.rules import manage_call
from krzew.calls.states import CALL, AppealState, ApplicationState
from krzew.timeline.acts import act

WAITING = (ApplicationState.SUBMITTED, ApplicationState.RETURNED, ApplicationState.OFFERED)


def waits(call: Call) -> list[str]:
    """What must end before the call can."""
    found = []
    if count := call.applications.filter(state__in=WAITING).count():
        text = ngettext(
            "%(count)d application still waits for a decision or for its author's answer.",
            "%(count)d applications still wait for a decision or for their authors' answers.",
            count,
        )
        found.append(text % {"count": count})
    if count := Appeal.objects.filter(application__call=call, state=AppealState.FILED).count():
        text = ngettext(
            "%(count)d appeal waits for an answer.", "%(count)d appeals wait for an answer.", count
        )
        found.append(text % {"count": count})
    return found


@act
def finish_call(actor: Actor, call: Call) -> Call:
    """End a decided call. The reserve list ends with it."""
    manage_call.require(actor, call)
    if found := waits(call):
        raise ValidationError(found)
    move(actor, call, CALL, "finish", "calls.call_finished")
    return call


__all__ = ["finish_call", "waits"]
