"""What came on paper, by telephone or at a meeting: the team says when, and how it knows.

For what is sent on the internet the clock of the server decides, and nothing here can touch it. What reached the
office in time may be typed and sent after the closing, until the results are announced.
"""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from krzew.accounts.actors import Actor
from krzew.calls.models import Application, Call
from krzew.calls.rules import manage_call
from krzew.calls.states import ApplicationState, CallState
from krzew.timeline.acts import act, record
from krzew.ui.formats import moment

SHORTEST_REASON = 10


def takes_paper(call: Call, now: datetime | None = None) -> bool:
    """Whether something that came in time may still be taken down."""
    return call.state == CallState.PUBLISHED and call.opens_at <= (now or timezone.now())


def came_in_time(application: Application) -> bool:
    """Whether the team has said that it reached the office before the closing."""
    at, call = application.received_at, application.call
    return application.keyed_by_id is not None and at is not None and call.opens_at <= at < call.closes_at


def must_be_right(call: Call, received_at: datetime | None, why: str) -> None:
    """The moment lies between the opening and the closing, and not ahead; the reason is a sentence."""
    wrong: dict[str, str] = {}
    if received_at is None:
        if not call.is_writable():
            wrong["received_at"] = _("The call is closed: say when it reached the office.")
    elif received_at > timezone.now():
        wrong["received_at"] = _("This has not come yet.")
    elif not call.opens_at <= received_at < call.closes_at:
        words = {"opens": moment(call.opens_at), "closes": moment(call.closes_at)}
        wrong["received_at"] = (
            _(
                "This call took applications from %(opens)s to %(closes)s, Warsaw time. What came later is late."
            )
            % words
        )
    if received_at is not None and len(why.strip()) < SHORTEST_REASON:
        wrong["received_why"] = _(
            "Write how this is known: the stamp of the office, the postmark, the e-mail."
        )
    if wrong:
        raise ValidationError(wrong)


@act
def state_received(actor: Actor, application: Application, *, received_at: datetime, why: str) -> Application:
    """Say when something that the team takes down reached the office; the reason is kept and shown."""
    rows = Application.objects.select_for_update(of=("self",)).select_related("call__programme")
    kept = rows.get(pk=application.pk)
    manage_call.require(actor, kept.call)
    if kept.keyed_by_id is None or kept.state != ApplicationState.DRAFT or not takes_paper(kept.call):
        raise ValidationError(_("Only of an application that you are taking down can this be said."))
    must_be_right(kept.call, received_at, why)
    before = kept.received_at
    kept.received_at, kept.received_why = received_at, " ".join(why.split())[:500]
    kept.save(update_fields=["received_at", "received_why"])
    record(actor, "calls.application_received", kept, data={"before": before, "received_at": received_at})
    application.__dict__.update(kept.__dict__)
    return application


__all__ = ["came_in_time", "must_be_right", "state_received", "takes_paper"]
