"""Ideas, applications and sign-ups are cases too: opened and moved by what happens on their own pages.

It hears of every act inside the act itself, so an idea without its case, or half of either, cannot be.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction

from krzew.accounts.actors import Actor
from krzew.calls.models import Application, IdeaCard
from krzew.door.acts import cases
from krzew.door.models import Case, CaseKind
from krzew.door.tasks import look
from krzew.timeline.models import Event
from krzew.trials.models import Tester

OPENS = {
    "calls.idea_sent": CaseKind.IDEA,
    "calls.application_submitted": CaseKind.APPLICATION,
    "trials.tester_signed_up": CaseKind.SIGN_UP,
}
MOVES = {
    "calls.idea_answered": "answer",
    "calls.idea_asked": "write",
    "calls.idea_closed": "close",
    "calls.idea_grown": "close",
    "calls.idea_withdrawn": "withdraw",
    "calls.application_completed": "write",
    "calls.result_given": "close",
    "calls.formal_announced": "answer",
    "calls.application_withdrawn": "withdraw",
    "calls.application_resigned": "close",
    "trials.tester_taken": "answer",
    "trials.tester_agreed": "close",
    "trials.tester_not_taken": "close",
    "trials.tester_refused": "close",
    "trials.tester_left": "close",
}


FORGETS = frozenset(
    {"calls.application_anonymised", "calls.idea_anonymised", "calls.draft_removed", "calls.idea_removed"}
)
"""Acts after which the case, too, no longer knows whose it was."""


def follow(*, actor: Actor, event: Event, obj: Any, **_kwargs: object) -> None:
    """Open a case for what was sent, or move it on."""
    if event.act in OPENS:
        _open(actor, OPENS[event.act], obj)
    elif event.act in MOVES:
        cases.follow(actor, obj, MOVES[event.act])
    elif event.act in FORGETS:
        keys = {"object_type": event.object_type, "object_id": event.object_id}
        Case.objects.filter(**keys).update(user=None, keyed_by=None)
    elif event.act == "library.published" and not actor.is_system:  # reference data wakes nobody
        key = obj.solution_id
        transaction.on_commit(lambda: look.enqueue(key))


def _open(actor: Actor, kind: CaseKind, obj: Any) -> None:
    """What the author left is read on its own page; the case keeps no copy of it."""
    cases.open_case(actor, kind, about=obj, **_FIELDS[type(obj)](obj))


def _idea(card: IdeaCard) -> dict[str, Any]:
    return {
        "place": card.place,
        "language": card.language,
        "user": card.user,
        "keyed_by": card.keyed_by,
        "organisation": card.organisation,
    }


def _application(row: Application) -> dict[str, Any]:
    return {
        "place": row.place,
        "language": row.language,
        "user": row.user,
        "keyed_by": row.keyed_by,
        "organisation": row.call.programme.organisation,
    }


def _tester(row: Tester) -> dict[str, Any]:
    home = row.test.innovation.call.programme.organisation
    return {"language": row.language, "organisation": home}


_FIELDS: dict[type, Callable[[Any], dict[str, Any]]] = {
    IdeaCard: _idea,
    Application: _application,
    Tester: _tester,
}
