"""`manage.py sync_teryt FILE`: bring the units to the state of the official list TERC."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from krzew.accounts.actors import Actor
from krzew.places.importers import console
from krzew.places.importers.acts_units import sync_teryt
from krzew.places.importers.reading import open_upload


class Command(BaseCommand):
    help = (
        "Bring the units to the state of the official list TERC: the CSV or ZIP from eteryt.stat.gov.pl or a"
        " saved answer of the TERYT web service. Exit codes: 0 done, 1 refused, 2 wrong use."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--accept-removals", action="store_true", help="allow many units to disappear")
        parser.add_argument("--dry-run", action="store_true", help="show the changes, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        code = console.run(
            lambda progress: sync_teryt(
                Actor.system(),
                open_upload(options["file"]),
                accept_removals=options["accept_removals"],
                dry_run=options["dry_run"],
                progress=progress,
            ),
            self.stdout,
            self.stderr,
        )
        if code:
            raise SystemExit(code)
