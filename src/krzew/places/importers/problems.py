"""What is wrong with a file, said so that it can be put right: where, what, and what to do.

Every importer collects problems and refuses once with all of them; nothing is written before that point.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from django.utils.translation import gettext, ngettext

MAX_SHOWN = 50

Progress = Callable[[int, int, str], None]


def silent(done: int, total: int, label: str) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True)
class ImportProblem:
    """One thing to put right. `line` counts from 1 as an editor or a spreadsheet shows it."""

    line: int | None
    column: str
    message: str

    def __str__(self) -> str:
        place = []
        if self.line is not None:
            place.append(gettext("line %(number)d") % {"number": self.line})
        if self.column:
            place.append(gettext("column “%(name)s”") % {"name": self.column})
        return f"{', '.join(place)}: {self.message}" if place else self.message


class ImportRefused(Exception):
    """The file or answer was refused as a whole; nothing has been written."""

    def __init__(self, problems: Sequence[ImportProblem], total: int | None = None) -> None:
        self.problems = list(problems)
        self.total = total or len(self.problems)
        super().__init__(self.problems)

    @property
    def hidden(self) -> int:
        """How many problems were found beside those listed."""
        return self.total - len(self.problems)

    def __str__(self) -> str:
        lines = [str(problem) for problem in self.problems]
        if self.hidden:
            more = ngettext("…and %(n)d more problem.", "…and %(n)d more problems.", self.hidden)
            lines.append(more % {"n": self.hidden})
        return "\n".join(lines)


@dataclass
class Problems:
    """Collects the first fifty problems and counts the rest."""

    found: list[ImportProblem] = field(default_factory=list)
    total: int = 0

    def add(self, line: int | None, column: str, message: str) -> None:
        self.total += 1
        if len(self.found) < MAX_SHOWN:
            self.found.append(ImportProblem(line, column, message))

    def refuse_if_any(self) -> None:
        if self.found:
            raise ImportRefused(self.found, self.total)


def refuse(message: str, line: int | None = None, column: str = "") -> NoReturn:
    raise ImportRefused([ImportProblem(line, column, message)])
