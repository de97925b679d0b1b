"""Letters to the innovator, held until a person lets them go. The page shows everything at once."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import override

from krzew.accounts.actors import Actor
from krzew.timeline.acts import prepare_letter
from krzew.trials.models import Agreement, Innovation, Protocol


def agreement_waits(actor: Actor, agreement: Agreement) -> None:
    """An agreement is there to be read and signed."""
    with override(agreement.innovation.language):
        what = _("An agreement to sign: %(title)s") % {"title": agreement.innovation.title}
        body = _(
            "Good morning,\n\nthe agreement about “%(title)s” is ready. Read it on the page of your innovation and sign "
            "it there, or on paper. You open the page by the same link as your application."
        ) % {"title": agreement.innovation.title}
    _hold(actor, agreement, agreement.innovation, what, body)


def protocol_waits(actor: Actor, protocol: Protocol) -> None:
    """A result is accepted; the protocol counts when both sides have signed."""
    innovation = protocol.report.agreement.innovation
    with override(innovation.language):
        what = _("A protocol to sign: %(title)s") % {"title": innovation.title}
        body = _(
            "Good morning,\n\nthe report on a result of “%(title)s” is accepted. Read the protocol on the page of your "
            "innovation and sign it; the money follows when both sides have signed."
        ) % {"title": innovation.title}
    _hold(actor, protocol.report, innovation, what, body)


def _hold(actor: Actor, obj: models.Model, innovation: Innovation, subject: str, body: str) -> None:
    if innovation.email:
        prepare_letter(actor, obj, innovation.email, subject, body, language=innovation.language)
