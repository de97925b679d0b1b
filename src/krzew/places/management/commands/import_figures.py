"""`manage.py import_figures FILE`: a plain table of local figures (CSV or XLSX)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from krzew.accounts.actors import Actor
from krzew.places.importers import console
from krzew.places.importers.acts import import_figures
from krzew.places.importers.reading import open_upload


class Command(BaseCommand):
    help = (
        "Import local figures. Columns: place code, indicator, year or date, value, source (kod, wskaźnik,"
        " rok, wartość, źródło). Exit codes: 0 done, 1 refused, 2 wrong use."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="read and compare, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        code = console.run(
            lambda progress: import_figures(
                Actor.system(), open_upload(options["file"]), dry_run=options["dry_run"], progress=progress
            ),
            self.stdout,
            self.stderr,
        )
        if code:
            raise SystemExit(code)
