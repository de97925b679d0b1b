"""`manage.py import_ozps FILE`: a sheet like the assessment of social-assistance resources (OZPS)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from krzew.accounts.actors import Actor
from krzew.places.importers import console, ozps
from krzew.places.importers.acts import import_ozps
from krzew.places.importers.problems import ImportRefused
from krzew.places.importers.reading import open_upload


class Command(BaseCommand):
    help = (
        "Import a sheet like the OZPS (XLSX or CSV), with rows of indicators and columns of years. The signs"
        " 0, . and x stay apart. Exit codes: 0 done, 1 refused, 2 wrong use."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--mapping", type=Path, help="TOML with [labels]; default: FILE ending in .toml")
        parser.add_argument(
            "--place", default="", help="code of the gmina, when the sheet has no such column"
        )
        parser.add_argument("--source", default="", help="what the sheet is; default: its name")
        parser.add_argument("--dry-run", action="store_true", help="read and compare, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            labels = ozps.read_mapping(options["mapping"] or ozps.mapping_beside(options["file"]))
        except ImportRefused as refusal:
            raise CommandError(str(refusal), returncode=console.WRONG_USE) from None
        code = console.run(
            lambda progress: import_ozps(
                Actor.system(),
                open_upload(options["file"]),
                ozps.Options(labels, options["place"]),
                source=options["source"],
                dry_run=options["dry_run"],
                progress=progress,
            ),
            self.stdout,
            self.stderr,
        )
        if code:
            raise SystemExit(code)
