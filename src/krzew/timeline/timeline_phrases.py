"""The acts of this room in words."""

from django.utils.translation import gettext_lazy as _

from krzew.timeline.states import LetterState

PHRASES = {
    "timeline.letter_prepared": _("Letter written"),
    "timeline.letter_released": _("Letter released"),
    "timeline.letter_sent": _("Letter sent"),
    "timeline.letter_failed": _("Letter could not be sent"),
    "timeline.letter_cancelled": _("Letter cancelled"),
    "timeline.letter_emptied": _("Text of the letter removed"),
}

STATES = {"timeline.letter": dict(LetterState.choices)}
