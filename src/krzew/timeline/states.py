"""States of a letter, and which may follow which. Nothing leaves before somebody releases it."""

from django.db import models
from django.utils.translation import pgettext_lazy


class LetterState(models.TextChoices):
    HELD = "held", pgettext_lazy("letter", "held until released")
    RELEASED = "released", pgettext_lazy("letter", "released, waiting to be sent")
    SENDING = "sending", pgettext_lazy("letter", "being sent")
    SENT = "sent", pgettext_lazy("letter", "sent")
    FAILED = "failed", pgettext_lazy("letter", "could not be sent")
    CANCELLED = "cancelled", pgettext_lazy("letter", "cancelled")


# A letter stays in "being sent" only when the program died just then. Nobody knows whether it left, so a
# person decides: the program itself never sends it again.
TRANSITIONS: dict[LetterState, tuple[LetterState, ...]] = {
    LetterState.HELD: (LetterState.RELEASED, LetterState.CANCELLED),
    LetterState.RELEASED: (LetterState.SENDING,),
    LetterState.SENDING: (LetterState.SENT, LetterState.FAILED, LetterState.RELEASED, LetterState.CANCELLED),
    LetterState.SENT: (),
    LetterState.FAILED: (LetterState.RELEASED, LetterState.CANCELLED),
    LetterState.CANCELLED: (),
}
