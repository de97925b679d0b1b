"""A stamp of what was set up, so that the second start need not look at everything again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, ProgrammingError, connection


@dataclass(frozen=True)
class Stamp:
    """Hash of the program's files, the database's address and what was asked for."""

    content: str
    path: Path

    def is_current(self) -> bool:
        return self.path.exists() and self.path.read_text() == self.content and _database_is_filled()

    def write(self) -> None:
        self.path.write_text(self.content)


def installed_stamp(demo: bool) -> Stamp:
    digest = hashlib.sha256(f"{settings.DATABASES['default']} {demo}".encode())
    for path in _files():
        seen = path.stat()
        digest.update(f"{path} {seen.st_mtime_ns} {seen.st_size}".encode())
    return Stamp(digest.hexdigest(), settings.KRZEW_VAR / "setup.stamp")


def _files() -> Iterator[Path]:
    """Everything that setup reads: code, templates, catalogues, data."""
    for path in sorted(settings.PACKAGE.rglob("*")):
        if path.is_file() and path.suffix not in (".pyc", ".mo", ".nbi", ".nbc"):
            yield path


def _database_is_filled() -> bool:
    """The file may have been taken away since."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM places_unit LIMIT 1")
            return cursor.fetchone() is not None and settings.STATIC_ROOT.exists()
    except (OperationalError, ProgrammingError):
        return False
