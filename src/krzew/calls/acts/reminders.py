"""Reminders to those who began an application and have not sent it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from krzew.accounts.actors import Actor
from krzew.calls.acts.links import ticket_address
from krzew.calls.applications.check import lacks
from krzew.calls.models import Application
from krzew.calls.queries.applications import filled
from krzew.calls.queries.reminders import TOPIC, Due, due
from krzew.timeline.acts import act, record
from krzew.timeline.notices import notify
from krzew.ui.formats import moment


def remind(now: datetime | None = None) -> int:
    """Remind everybody whose day has come, each in a transaction of her own; gives the number of letters."""
    return sum(remind_one(Actor.system(), one) for one in list(due(now)))


@act
def remind_one(actor: Actor, one: Due) -> bool:
    """One letter; False when another worker was faster."""
    row = one.application
    subject, body = _words(row)
    letter = notify(actor, row, row.email, subject, body, topic=TOPIC, key=one.key, language=row.language)
    if letter is None:
        return False
    record(actor, "calls.application_reminded", row, data={"days": one.days})
    return True


def _words(row: Application) -> tuple[str, str]:
    with override(row.language):
        words = {
            "call": row.call.name,
            "title": row,
            "closes": moment(row.call.closes_at),
            "todo": _todo(row),
            "link": ticket_address(row),
        }
        subject = _("Your application is not sent yet: %(call)s") % words
        body = (
            _(
                "Good morning,\n\nthe application “%(title)s” in the call “%(call)s” is begun and not sent. The call "
                "closes on %(closes)s (Warsaw time).\n\n%(todo)s\n\nOpen it with the link that you have. If you lost "
                "it, you get a new one here:\n%(link)s"
            )
            % words
        )
    return subject, body


def _todo(row: Application) -> str:
    """How far it is, without what was written in it."""
    if count := len(lacks(filled(row))):
        text = ngettext("%(count)d thing is still to do.", "%(count)d things are still to do.", count)
        return text % {"count": count}
    return _("Nothing is missing: press “Send the application”.")
