"""What the time-line says about the library's acts."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from krzew.library.states import VersionState

PHRASES = {
    "library.draft_opened": _("Began a draft"),
    "library.draft_saved": _("Changed the draft"),
    "library.sent_to_review": _("Sent the version to review"),
    "library.returned": _("Returned the version with a comment"),
    "library.published": _("Published the version"),
    "library.draft_discarded": _("Threw the draft away"),
    "library.withdrawn": _("Withdrew the solution"),
    "library.brought_back": _("Put the solution back into the library"),
    "library.subscribed": _("Asked for letters about new versions"),
    "library.unsubscribed": _("Stopped the letters about new versions"),
    "library.origin_set": _("Way from an idea to the library told"),
    "library.told": _("Told the library something about the solution"),
    "library.answer_settled": _("Dealt with what a reader told"),
}

STATES = {
    "library.solutionversion": {state.value: state.label for state in VersionState},
    "library.solution": {"public": _("in the library"), "withdrawn": _("withdrawn")},
}

OBJECTS = {
    "library.solutionversion": pgettext_lazy("object", "version of a solution"),
    "library.solution": pgettext_lazy("object", "solution"),
}
