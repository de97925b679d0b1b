"""The way back for somebody who lost the link: a letter with a ticket, and a new link in exchange for it.

Only the hash of a link's secret is kept, so it cannot be sent again. The ticket is signed, ends after
`TICKET_DAYS`, and works once: it names the secret that it replaces. Nothing changes before it is used, so nobody
can break a stranger's link by typing her address.
"""

from __future__ import annotations

from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from krzew.accounts.actors import Actor
from krzew.calls.acts import applications, ideas
from krzew.calls.models import Application, IdeaCard
from krzew.calls.queries.links import behind
from krzew.timeline.acts import act, post_letter
from krzew.ui.addresses import page_address

SALT = "krzew.calls.links"
TICKET_DAYS = 14
MARK = 16
"""Characters of the secret's hash in a ticket."""

Row = Application | IdeaCard


class Spent(Exception):
    """The ticket is too old, was used, or is no ticket."""


def ticket(row: Row) -> str:
    kind = "idea" if isinstance(row, IdeaCard) else "application"
    return signing.dumps([kind, row.pk, row.token_hash[:MARK]], salt=SALT)


def ticket_address(row: Row) -> str:
    """The page on which the ticket is exchanged, for a letter."""
    return page_address("calls:new_link", ticket(row), language=row.language)


def of_ticket(signed: str) -> Row:
    """What the ticket is for. Raises `Spent`."""
    try:
        kind, pk, mark = signing.loads(signed, salt=SALT, max_age=TICKET_DAYS * 86400)
    except signing.BadSignature as error:
        raise Spent from error
    rows = IdeaCard.objects.all() if kind == "idea" else Application.objects.select_related("call__programme")
    row = rows.filter(pk=pk, token_hash__startswith=mark).first()
    if row is None:
        raise Spent
    return row


@act
def exchange(signed: str) -> str:
    """A new link for a ticket: the path of the page. The old link and the ticket stop working."""
    row = of_ticket(signed)
    if isinstance(row, IdeaCard):
        return ideas.link_of(ideas.renew_link(row))
    return reverse("calls:application", args=[applications.renew_link(row)])


@act
def send_tickets(email: str) -> int:
    """To an address: a ticket for each idea and application that was left with it."""
    rows = behind(email)
    for row in rows:
        _send(row)
    return len(rows)


def _send(row: Row) -> None:
    with override(row.language):
        words = {"title": row, "link": ticket_address(row), "days": TICKET_DAYS}
        subject = _("The way back to what you wrote")
        body = (
            _(
                "Good morning,\n\nsomebody, most likely you, asked for the way back to “%(title)s”:\n%(link)s\n\n"
                "There you get a new link; the old one stops working then. This letter is good for %(days)s days and "
                "works once. If you did not ask, do nothing: all stays as it is."
            )
            % words
        )
    post_letter(Actor.system(), row, row.email, subject, body, language=row.language)
