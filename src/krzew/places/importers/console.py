"""Running an import from the command line: a progress bar, the outcome in words, and the exit code.

Exit codes: 0 done (also when nothing changed), 1 refused (nothing written), 2 wrong use.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, Protocol

from django.utils.translation import gettext
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from krzew.places.importers.outcome import Outcome
from krzew.places.importers.problems import ImportRefused, Progress


class Writer(Protocol):
    """Where text goes: a stream, or the output of a management command."""

    def write(self, text: str, /) -> Any: ...


DONE, REFUSED, WRONG_USE = 0, 1, 2


def run(action: Callable[[Progress], Outcome], out: Writer, err: Writer, title: str = "") -> int:
    """Do one import, say what happened, return the exit code."""
    try:
        outcome = with_bar(action)
    except ImportRefused as refusal:
        heading = gettext("Refused, nothing was written:")
        err.write(f"{title}{heading}\n{refusal}\n")
        return REFUSED
    out.write(f"{title}{outcome}\n")
    for note in outcome.notes:
        out.write(f"  {note}\n")
    return DONE


def with_bar(action: Callable[[Progress], Outcome]) -> Outcome:
    """Labels are shown as plain text: a name in a file may look like markup."""
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    screen = Console(file=sys.stderr)
    with Bar(*columns, console=screen, transient=True, disable=not screen.is_terminal) as bar:
        task = bar.add_task("", total=None)

        def progress(done: int, total: int, label: str) -> None:
            bar.update(task, completed=done, total=total or None, description=label)

        return action(progress)
