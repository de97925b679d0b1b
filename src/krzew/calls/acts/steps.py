"""What the acts of this room share: moving by the table of states, and saving when two people write at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models

from krzew.accounts.actors import Actor
from krzew.calls.applications.begin import stage_after
from krzew.calls.models import Application, Call
from krzew.timeline.acts import record
from krzew.timeline.transitions import Transition, target


class Conflict(Exception):
    """Somebody else has saved in the meantime. `now` is what is kept; nothing that was typed is lost."""

    def __init__(self, now: models.Model) -> None:
        super().__init__("changed meanwhile")
        self.now = now


def move(
    actor: Actor,
    row: Any,
    table: Sequence[Transition],
    act_name: str,
    event: str,
    data: dict[str, Any] | None = None,
    **fields: Any,
) -> str:
    """Change the state by the table, keep the fields, write the event; gives the old state."""
    kept = type(row)._default_manager.select_for_update().get(pk=row.pk)
    old, new = kept.state, target(table, act_name, kept.state)
    row.state = new
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=["state", *fields])
    record(actor, event, row, old=old, new=new, data=data)
    return str(old)


def save_seen(row: Any, seen: int, **fields: Any) -> None:
    """Save if nobody else has since revision `seen`. Raises `Conflict` with what is kept."""
    changed = type(row)._default_manager.filter(pk=row.pk, revision=seen).update(revision=seen + 1, **fields)
    if not changed:
        raise Conflict(type(row)._default_manager.get(pk=row.pk))
    row.revision = seen + 1
    for name, value in fields.items():
        setattr(row, name, value)


def on_to_next(actor: Actor, call: Call, code: str, applications: Sequence[int], event: str) -> int:
    """Let applications go on from a stage to the one after it; gives their number."""
    onward = stage_after(call.rules, code)
    Application.objects.filter(pk__in=applications).update(stage=onward)
    facts = {"stage": code, "next": onward, "applications": len(applications)}
    record(actor, event, call, data=facts)
    return len(applications)
