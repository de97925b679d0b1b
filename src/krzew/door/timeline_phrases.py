"""What the time-line says about the acts of this room."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from krzew.door.states import CaseState, OfferState, ReachState, ReplyState

PHRASES = {
    "door.case_opened": _("Case opened"),
    "door.case_written": _("The author wrote"),
    "door.case_answered": _("Answer to the author sent"),
    "door.case_noted": _("Note of the office"),
    "door.case_assigned": _("Case given to a person of the office"),
    "door.case_due": _("Day of the answer set"),
    "door.case_handed_over": _("Case handed to an expert"),
    "door.case_handed_back": _("Hand-over ended"),
    "door.case_reopened": _("Case opened again"),
    "door.case_withdrawn": _("Case taken back by its author"),
    "door.offer_put_in": _("Notice put in"),
    "door.offer_mended": _("Notice changed by its author"),
    "door.offer_published": _("Notice put on the board"),
    "door.offer_returned": _("Notice sent back with a question"),
    "door.offer_refused": _("Notice not taken onto the board"),
    "door.offer_closed": _("Notice closed"),
    "door.replied": _("Answer to a notice"),
    "door.reply_passed_on": _("Answer passed on"),
    "door.reply_refused": _("Answer not passed on"),
    "door.topic_made": _("Need made the topic of a programme"),
    "door.looked": _("Looked whom a solution could serve"),
    "door.reach_sent": _("Told of a solution"),
    "door.reach_set_aside": _("Proposal set aside"),
    "door.reach_brought_back": _("Proposal brought back"),
    "door.case_forgotten": _("Words and address of the case deleted after their time"),
    "door.offer_forgotten": _("Words and address of the notice deleted after their time"),
    "door.reply_forgotten": _("Answer to a notice deleted after its time"),
    "door.need_kept": _("Need left at the front door"),
    "door.word_added": _("Word added to the thesaurus"),
    "door.word_removed": _("Word taken out of the thesaurus"),
    "door.unknown_settled": _("Unknown word dealt with"),
    "door.canned_kept": _("Ready answer written"),
    "door.canned_put_away": _("Ready answer put away"),
    "door.case_followed": _("Moved on its own page"),
}

STATES = {
    "door.case": dict(CaseState.choices),
    "door.offer": dict(OfferState.choices),
    "door.reply": dict(ReplyState.choices),
    "door.reach": dict(ReachState.choices),
}

OBJECTS = {
    "door.case": pgettext_lazy("object", "case"),
    "door.need": pgettext_lazy("object", "need"),
    "door.offer": pgettext_lazy("object", "notice on the board"),
    "door.reply": pgettext_lazy("object", "answer to a notice"),
    "door.reach": pgettext_lazy("object", "solution that may serve somebody"),
    "door.canned": pgettext_lazy("object", "ready answer"),
    "door.unknownword": pgettext_lazy("object", "word that nobody knew"),
    "door.thesaurusword": pgettext_lazy("object", "word of the thesaurus"),
}

TOPICS = {"reach": _("Solutions that may help with a need you left")}
