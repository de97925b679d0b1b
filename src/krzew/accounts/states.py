"""States of an invitation. They follow from its dates, so that none can contradict them."""

from django.db import models
from django.utils.translation import pgettext_lazy


class InvitationState(models.TextChoices):
    OPEN = "open", pgettext_lazy("invitation", "waiting for an answer")
    ACCEPTED = "accepted", pgettext_lazy("invitation", "accepted")
    WITHDRAWN = "withdrawn", pgettext_lazy("invitation", "withdrawn")
    EXPIRED = "expired", pgettext_lazy("invitation", "expired")


TRANSITIONS = {
    InvitationState.OPEN: (InvitationState.ACCEPTED, InvitationState.WITHDRAWN, InvitationState.EXPIRED),
    InvitationState.ACCEPTED: (),
    InvitationState.WITHDRAWN: (),
    InvitationState.EXPIRED: (),
}
