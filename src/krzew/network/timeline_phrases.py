"""What the time-line says about the acts of this room."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

PHRASES = {
    "network.meeting_entered": _("Meeting entered"),
    "network.meeting_corrected": _("Meeting corrected"),
    "network.meeting_removed": _("Meeting removed"),
    "network.need_named": _("Statement assigned to a need"),
    "network.voices_merged": _("Statements joined into one theme"),
    "network.theme_split": _("Theme taken apart"),
}

OBJECTS = {
    "network.meeting": pgettext_lazy("object", "meeting"),
}
