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
    "calls.assessor_added": _("Assessor added to the pool"),
    "calls.assessor_changed": _("Assessor's data changed"),
    "calls.links_declared": _("Links declared by the assessor"),
    "calls.conflict_noted": _("Conflict of interest noted"),
    "calls.conflict_lifted": _("Conflict of interest lifted"),
    "calls.assignment_proposed": _("Assignment of assessors proposed"),
    "calls.assignment_changed": _("Proposal of assignment changed by hand"),
    "calls.assignment_adopted": _("Assignment of assessors adopted"),
    "calls.third_asked": _("A third assessor asked"),
    "calls.impartiality_stated": _("Statement of impartiality and confidentiality made"),
    "calls.reading_refused": _("Assessment refused"),
    "calls.card_signed": _("Assessment card signed"),
    "calls.card_reopened": _("Assessment card opened again"),
    "calls.reading_taken_back": _("Assessment taken back"),
    "calls.assessors_reminded": _("Reminders prepared"),
    "calls.meetings_planned": _("Meetings planned"),
    "calls.meeting_moved": _("Meeting moved"),
    "calls.attendance_noted": _("Attendance noted"),
    "calls.final_round_opened": _("Final recommendations asked for"),
    "calls.stage_closed": _("Assessment in this stage closed"),
    "calls.application_rejected_on_merit": _("Rejected on merit, not announced yet"),
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
    "calls.assessor": pgettext_lazy("object", "assessor"),
    "calls.assignmentplan": pgettext_lazy("object", "proposal of assignment"),
    "calls.meeting": pgettext_lazy("object", "meeting"),
}
