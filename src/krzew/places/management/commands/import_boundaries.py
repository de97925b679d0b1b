"""`manage.py import_boundaries FILE`: polygons of units from GeoJSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from krzew.accounts.actors import Actor
from krzew.places.importers import boundaries, console
from krzew.places.importers.acts_units import import_boundaries
from krzew.places.importers.reading import open_upload


class Command(BaseCommand):
    help = (
        "Import boundaries from GeoJSON with a TERYT code on every feature."
        " Exit codes: 0 done, 1 refused, 2 wrong use."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--projection", default="", help="such as EPSG:2180, when the file does not say it"
        )
        parser.add_argument(
            "--code-property", action="append", default=[], help="name of the property with the code"
        )
        parser.add_argument(
            "--tolerance", type=float, default=100.0, help="simplification in metres; 0: none"
        )
        parser.add_argument("--source", default="", help="who made the file; default: its name")
        parser.add_argument("--licence", default="")
        parser.add_argument("--dry-run", action="store_true", help="read and compare, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        names = (*options["code_property"], *boundaries.CODE_NAMES)
        chosen = boundaries.Options(options["projection"], names, options["tolerance"])
        code = console.run(
            lambda progress: import_boundaries(
                Actor.system(),
                open_upload(options["file"]),
                chosen,
                source=options["source"],
                licence=options["licence"],
                dry_run=options["dry_run"],
                progress=progress,
            ),
            self.stdout,
            self.stderr,
        )
        if code:
            raise SystemExit(code)
