import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from krzew.accounts.actors import Actor
from krzew.library.exchange import ImportReport, import_library, read_mapping
from krzew.library.reading import BadFile


class Command(BaseCommand):
    help = "Take in an export of Krzew, or a foreign catalogue (JSON, JSON Lines, CSV) with a mapping file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--mapping", type=Path, help="JSON or TOML (mapping.schema.json); entries become drafts"
        )
        parser.add_argument(
            "--partial", action="store_true", help="take in what can be read, report the rest"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = self._import(options["file"], options["mapping"], options["partial"])
        except (BadFile, OSError) as error:
            raise CommandError(str(error)) from error
        for refusal in report.refused:
            self.stderr.write(str(refusal))
        if not report.written:
            raise CommandError(
                f"{len(report.refused)} entries could not be read; nothing was written (see --partial)."
            )
        counts = (
            f"{len(report.published)} published, {len(report.drafts)} drafts, {len(report.same)} as before"
        )
        self.stdout.write(f"Library: {counts}, {len(report.refused)} refused.")
        if report.refused:
            sys.exit(1)

    def _import(self, file: Path, mapping: Path | None, partial: bool) -> ImportReport:
        read = read_mapping(mapping.read_bytes(), mapping.name) if mapping else None
        return import_library(Actor.system(), file.read_bytes(), file.name, mapping=read, partial=partial)
