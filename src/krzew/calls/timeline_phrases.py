"""What the time-line says about the acts of this room."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from krzew.calls.states import AppealState, ApplicationState, CallState, IdeaState, Outcome, ReadingState

PHRASES = {
    "calls.programme_made": _("Programme made"),
    "calls.programme_changed": _("Programme changed"),
    "calls.programme_archived": _("Programme put away"),
    "calls.call_prepared": _("Call being prepared"),
    "calls.call_changed": _("Preparation of the call changed"),
    "calls.call_published": _("Call announced"),
    "calls.call_amended": _("Announcement changed"),
    "calls.call_cancelled": _("Call cancelled"),
    "calls.idea_started": _("Idea begun"),
    "calls.idea_sent": _("Idea sent"),
    "calls.idea_keyed_in": _("Idea taken down by the team"),
    "calls.idea_answered": _("Answer to the author"),
    "calls.idea_asked": _("Question or addition by the author"),
    "calls.idea_closed": _("Talk about the idea closed"),
    "calls.idea_withdrawn": _("Idea taken back"),
    "calls.idea_link_renewed": _("New link to the idea sent"),
}

STATES = {
    "calls.call": dict(CallState.choices),
    "calls.ideacard": dict(IdeaState.choices),
    "calls.application": {**dict(ApplicationState.choices), **dict(Outcome.choices)},
    "calls.reading": dict(ReadingState.choices),
    "calls.appeal": dict(AppealState.choices),
}

OBJECTS = {
    "calls.programme": pgettext_lazy("object", "programme"),
    "calls.call": pgettext_lazy("object", "call"),
    "calls.ideacard": pgettext_lazy("object", "idea"),
    "calls.application": pgettext_lazy("object", "application"),
    "calls.reading": pgettext_lazy("object", "reading"),
    "calls.appeal": pgettext_lazy("object", "appeal"),
}
