"""Reminders of reports on results: before the day of the agreement, and once when it has passed."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import override

from krzew.accounts.actors import Actor
from krzew.calls.acts.links import ticket_address
from krzew.timeline.acts import act, record
from krzew.timeline.notices import notify
from krzew.trials.agreements import known
from krzew.trials.queries.reminders import LATE, TOPIC, Due, due
from krzew.ui.formats import day


def remind(today: date | None = None) -> int:
    """Remind every innovator whose day has come, each in a transaction of her own; gives the number of letters."""
    return sum(remind_one(Actor.system(), one) for one in due(today))


@act
def remind_one(actor: Actor, one: Due) -> bool:
    """One letter; False when another worker was faster."""
    innovation = one.agreement.innovation
    subject, body = _words(one)
    to, language = innovation.email, innovation.language
    if notify(actor, innovation, to, subject, body, topic=TOPIC, key=one.key, language=language) is None:
        return False
    record(actor, "trials.report_reminded", innovation, data={"result": one.result, "days": one.days})
    return True


def _words(one: Due) -> tuple[str, str]:
    innovation = one.agreement.innovation
    behind = innovation.application or innovation.idea
    assert behind is not None, "an innovation begins with an application or an idea"
    with override(innovation.language):
        words = {
            "title": innovation.title,
            "result": known.result_label(one.agreement, one.result),
            "day": day(one.on),
            "link": ticket_address(behind),
        }
        body = _late() if one.days == LATE else _coming()
        return _("Report on a result: %(title)s") % words, body % words


def _coming() -> str:
    return _(
        "Good morning,\n\nthe report on “%(result)s” of the innovation “%(title)s” is due by %(day)s.\n\nYou write it on "
        "the page of your innovation, which you open with the link that you have. If you lost it, you get a new one "
        "here:\n%(link)s"
    )


def _late() -> str:
    return _(
        "Good morning,\n\nthe report on “%(result)s” of the innovation “%(title)s” was due on %(day)s and is not here "
        "yet. If something stands in the way, write to the team: a new day can be agreed in an annex.\n\nYou write the "
        "report on the page of your innovation, which you open with the link that you have. If you lost it, you get a "
        "new one here:\n%(link)s"
    )
