"""How long things are kept: each room names its kinds in `retention.py`, KINDS = [Kind, …], and how a person is found in its
things, TRACES = [function, …].

Nothing is removed by itself: a person looks at what is due and decides. A period that nobody has set is no period:
then nothing is due, and `unset` says where it could be set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.module_loading import module_has_submodule

from krzew.accounts.actors import Actor
from krzew.timeline.models import Letter
from krzew.timeline.states import LetterState


@dataclass(frozen=True)
class Due:
    """One thing whose time is over since `since`. `name` finds it again and names no person."""

    kind: str
    name: str
    since: date
    thing: Any


@dataclass(frozen=True)
class Kind:
    """A kind of things that are not kept for ever.

    `due` gives those whose time is over on a day; `remove` removes one, for good, with its event; `unset` says in
    sentences for what no period is set.
    """

    code: str
    label: str
    due: Callable[[date], Iterable[Due]]
    remove: Callable[[Actor, Any], None]
    unset: Callable[[], Iterable[str]] = tuple


@dataclass(frozen=True)
class Trace:
    """One thing in which a person can be found by her e-mail. `remove` takes her out of it; `stays` says why not yet."""

    name: str
    remove: Callable[[Actor], object] | None = None
    stays: str = ""


def traces(email: str) -> list[Trace]:
    """All that rooms know of an address, in the order of the rooms: `retention.TRACES = [function, …]`."""
    rooms = [module for module in _rooms() if hasattr(module, "TRACES")]
    return [trace for module in rooms for find in module.TRACES for trace in find(email.strip())]


def _rooms() -> Iterator[Any]:
    for room in apps.get_app_configs():
        if room.module and module_has_submodule(room.module, "retention"):
            yield import_module(f"{room.name}.retention")


def kinds() -> dict[str, Kind]:
    """Of all rooms, by code."""
    return {kind.code: kind for module in _rooms() for kind in module.KINDS}


def due(chosen: Iterable[Kind], day: date | None = None) -> Iterator[Due]:
    for kind in chosen:
        yield from kind.due(day or timezone.localdate())


def letters_period() -> int | None:
    """Days after which letters are emptied, where the installation says so (`KRZEW_LETTERS_DAYS`)."""
    days: int | None = settings.KRZEW_LETTERS_DAYS
    return days


def empty(letters: QuerySet[Letter]) -> int:
    """Take address and words out of letters; that one was written, about what and when, stays.

    One that has not left yet will not leave any more.
    """
    keys = list(letters.exclude(to_email="", body="").values_list("pk", flat=True))
    rows = Letter.objects.filter(pk__in=keys)
    waiting = (LetterState.HELD, LetterState.RELEASED, LetterState.FAILED)
    rows.filter(state__in=waiting).update(state=LetterState.CANCELLED)
    return rows.update(to_email="", to_user=None, subject="", body="", error="")


def forget_pages() -> None:
    """SQLite leaves what was deleted in free pages of its file; writing the file anew takes it out of there."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
