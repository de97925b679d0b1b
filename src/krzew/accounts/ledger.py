"""Where the acts of this room are written down.

The time-line stands after this room and knows it, so this room cannot import it. It says what it needs of
a ledger, and the time-line plugs itself in when the program starts. Without a ledger an act
fails, so that none is lost.
"""

from __future__ import annotations

from typing import Any, Protocol

from django.db.models import Model

from krzew.accounts.actors import Actor


class Ledger(Protocol):
    def record(
        self,
        actor: Actor,
        act: str,
        obj: Model,
        *,
        old: str = "",
        new: str = "",
        data: dict[str, Any] | None = None,
    ) -> Any: ...

    def post_letter(
        self, actor: Actor, obj: Model, to_email: str, subject: str, body: str, *, language: str = "pl"
    ) -> Any: ...


_plugged: list[Ledger] = []


def plug(ledger: Ledger) -> None:
    """Use this ledger from now on."""
    _plugged[:] = [ledger]


def ledger() -> Ledger:
    if not _plugged:
        raise RuntimeError("no ledger: krzew.timeline must be among the installed apps")
    return _plugged[0]
