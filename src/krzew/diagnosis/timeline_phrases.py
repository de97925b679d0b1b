"""What the time-line says about the acts of this room."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from krzew.diagnosis.states import EnquiryState, ReportState, State

PHRASES = {
    "diagnosis.opened": _("Diagnosis opened"),
    "diagnosis.repeated": _("Diagnosis opened again, with the earlier one attached"),
    "diagnosis.weights_set": _("Weights changed"),
    "diagnosis.meetings_chosen": _("Dates of meetings chosen"),
    "diagnosis.neighbour_pin": _("Place added to the comparison group"),
    "diagnosis.neighbour_drop": _("Place left out of the comparison group"),
    "diagnosis.neighbour_undone": _("Choice about a compared place taken back"),
    "diagnosis.figure_entered": _("Local figure entered"),
    "diagnosis.figure_removed": _("Local figure removed"),
    "diagnosis.question_answered": _("Question answered"),
    "diagnosis.decided": _("Solution chosen"),
    "diagnosis.signed": _("Diagnosis signed"),
    "diagnosis.cancelled": _("Diagnosis cancelled"),
    "diagnosis.published": _("Diagnosis published"),
    "diagnosis.unpublished": _("Publication taken back"),
    "diagnosis.report_asked": _("Report asked for"),
    "diagnosis.report_retried": _("Report asked for once more"),
    "diagnosis.report_made": _("Report ready"),
    "diagnosis.report_failed": _("Report could not be made"),
    "diagnosis.enquiry_sent": _("Enquiry sent"),
    "diagnosis.enquiry_taken_up": _("Enquiry taken up"),
    "diagnosis.enquiry_diagnosed": _("Diagnosis attached to the enquiry"),
    "diagnosis.enquiry_accepted": _("Enquiry accepted for preparation"),
    "diagnosis.enquiry_declined": _("Enquiry declined"),
    "diagnosis.enquiry_withdrawn": _("Enquiry withdrawn"),
}

STATES = {
    "diagnosis.diagnosis": {**dict(State.choices), **dict(ReportState.choices)},
    "diagnosis.enquiry": dict(EnquiryState.choices),
}

OBJECTS = {
    "diagnosis.diagnosis": pgettext_lazy("object", "diagnosis"),
    "diagnosis.enquiry": pgettext_lazy("object", "enquiry"),
}
