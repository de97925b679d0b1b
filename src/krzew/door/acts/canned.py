"""Answers that an office gives often."""

from __future__ import annotations

from django.utils import timezone

from krzew.accounts.actors import Actor
from krzew.door.models import Canned
from krzew.door.rules import edit_canned, work_inbox
from krzew.timeline.acts import act, record


@act
def keep_canned(actor: Actor, row: Canned | None, *, title: str, text_pl: str, text_en: str = "") -> Canned:
    """Write a ready answer of the office, or change it."""
    if row is None:
        work_inbox.require(actor)
        row = Canned(organisation=actor.organisation, by=actor.user)
    else:
        edit_canned.require(actor, row)
    row.title, row.text_pl, row.text_en = title.strip(), text_pl.strip(), text_en.strip()
    row.save()
    record(actor, "door.canned_kept", row)
    return row


@act
def put_away(actor: Actor, row: Canned) -> Canned:
    """A ready answer that is no longer used; what was sent stays as it was sent."""
    edit_canned.require(actor, row)
    row.put_away_at = timezone.now()
    row.save(update_fields=["put_away_at"])
    record(actor, "door.canned_put_away", row)
    return row
