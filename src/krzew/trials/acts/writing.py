"""What saving has in common: kept as typed, two windows never overwrite each other, and who may judge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from krzew.accounts.actors import Actor
from krzew.accounts.models import Membership, Role
from krzew.calls.acts.applications import MOST_TYPED, WINDOW
from krzew.calls.applications.check import Lack
from krzew.trials.acts.steps import Conflict, save_seen
from krzew.trials.models import Innovation

Row = TypeVar("Row", bound=Model)


class NotReady(ValidationError):
    """Something is lacking; `lacks` name each thing with its place."""

    def __init__(self, lacks: list[Lack]) -> None:
        super().__init__([f"{lack.label}: {lack.text}" for lack in lacks])
        self.lacks = lacks


def held(row: Row) -> Row:
    """The row as it is kept, held until the act ends."""
    kept: Row = type(row)._default_manager.select_for_update().get(pk=row.pk)
    return kept


def keep(row: Any, answers: Mapping[str, Any], *, seen: int, window: str = "", pressed: bool = False) -> None:
    """Join what was typed with what is kept. Raises `Conflict` when another window has saved since.

    A button `pressed` while the same `window` still saves by itself is no conflict: what it sends is newer.
    """
    kept: Any = held(row)
    if kept.revision != seen and not (pressed and _own_since(kept, seen, window)):
        raise Conflict(kept)
    merged = {**kept.answers, **answers, WINDOW: _window(kept, window)}
    if sum(len(str(value)) for value in merged.values()) > MOST_TYPED:
        raise ValidationError(_("This is more text than can be kept here. Shorten it."))
    save_seen(kept, kept.revision, answers=merged, changed_at=timezone.now())
    row.answers, row.revision, row.changed_at = kept.answers, kept.revision, kept.changed_at


def _window(row: Any, window: str) -> list[Any]:
    """Which window wrote last, and from which revision on it alone has written."""
    last, since = row.answers.get(WINDOW) or ["", 0]
    return [window, since if window and window == last else row.revision + 1]


def _own_since(row: Any, seen: int, window: str) -> bool:
    last, since = row.answers.get(WINDOW) or ["", 0]
    return bool(window) and window == last and since <= seen + 1


def must_judge_others(actor: Actor, innovation: Innovation) -> None:
    """Raises when the actor would judge what she wrote or accompanies herself.

    The mentor is let through where her organisation has no other manager; pages then say so.
    """
    if actor.user is None:
        return
    if innovation.user_id == actor.user.pk:
        raise ValidationError(_("This is your own innovation; somebody else judges it."))
    if innovation.mentor_id == actor.user.pk and _others(actor, innovation).exists():
        raise ValidationError(
            _("You are the mentor of this innovation, so somebody else of the team judges it.")
        )


def _others(actor: Actor, innovation: Innovation) -> Any:
    rows = Membership.objects.filter(organisation=innovation.organisation_id, role=Role.MANAGER)
    return rows.exclude(user=actor.user)
