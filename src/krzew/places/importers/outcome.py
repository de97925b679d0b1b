"""What an import did, for the command line, the page and the event."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import ParamSpec

from django.db import transaction
from django.utils.translation import gettext, ngettext

P = ParamSpec("P")
MAX_LISTED = 20


@dataclass
class Outcome:
    """Counts of rows, and notes that a person should read."""

    added: int = 0
    changed: int = 0
    same: int = 0
    notes: list[str] = field(default_factory=list)
    dry_run: bool = False

    @property
    def nothing_new(self) -> bool:
        return self.added + self.changed == 0

    def include(self, part: Outcome) -> None:
        self.added += part.added
        self.changed += part.changed
        self.same += part.same

    def __str__(self) -> str:
        if self.nothing_new:
            text = gettext("Nothing changed: all %(same)d rows were already there.")
        elif self.dry_run:
            text = gettext("Would add %(added)d, change %(changed)d, leave %(same)d. Nothing was written.")
        else:
            text = gettext("Added %(added)d, changed %(changed)d, left %(same)d.")
        return text % {"added": self.added, "changed": self.changed, "same": self.same}

    @property
    def counts(self) -> dict[str, int]:
        return {"added": self.added, "changed": self.changed, "same": self.same}


def whole(write: Callable[P, Outcome]) -> Callable[P, Outcome]:
    """One transaction for the whole write; a dry run does everything and takes it back."""

    @wraps(write)
    def in_one(*args: P.args, **kwargs: P.kwargs) -> Outcome:
        with transaction.atomic():
            outcome = write(*args, **kwargs)
            if outcome.dry_run:
                transaction.set_rollback(True)
        return outcome

    return in_one


def listed(title: str, items: list[str]) -> list[str]:
    """A note that names the first items and counts the rest; no items, no note."""
    if not items:
        return []
    shown = ", ".join(items[:MAX_LISTED])
    hidden = len(items) - MAX_LISTED
    if hidden > 0:
        shown += " " + ngettext("and %(n)d more", "and %(n)d more", hidden) % {"n": hidden}
    return [f"{title}: {shown}"]
