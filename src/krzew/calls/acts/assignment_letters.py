"""Letters to assessors about what waits for them, held until a person lets them leave."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from krzew.accounts.actors import Actor
from krzew.calls.models import Assessor, Call
from krzew.timeline.acts import prepare_letter


def letter_of_work(
    actor: Actor, call: Call, assessor: Assessor, count: int, due_on: date | None, desk: str
) -> None:
    """Tell an assessor how much waits and by when: held until a person lets it leave."""
    with override(assessor.user.language):
        facts = {"call": call.name, "count": count, "desk": desk}
        facts["day"] = due_on.strftime("%d.%m.%Y") if due_on else ""
        subject = _("Applications to assess: %(call)s") % facts
        body = _work_said(facts, count)
    prepare_letter(
        actor, call, assessor.user.email, subject, body, language=assessor.user.language, user=assessor.user
    )


def _work_said(facts: dict[str, Any], count: int) -> str:
    first = ngettext(
        "Good morning,\n\n%(count)s application in “%(call)s” waits for your assessment.",
        "Good morning,\n\n%(count)s applications in “%(call)s” wait for your assessment.",
        count,
    )
    due = _("Please sign the cards by %(day)s.") if facts["day"] else ""
    rest = _(
        "You find them here:\n%(desk)s\n\nBefore an application opens, you state that nothing links you with it. "
        "If something does, refuse: somebody else will read it."
    )
    return "\n\n".join(part for part in (first, due, rest) if part) % facts
