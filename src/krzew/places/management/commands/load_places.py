"""`manage.py load_places`: load the shipped units and figures."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from krzew.accounts.actors import Actor
from krzew.places.acts import load_places
from krzew.places.figures import draw_maps


class Command(BaseCommand):
    help = "Load the territorial units and figures that come with Krzew. Quick when they are loaded already."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--force", action="store_true", help="load again even when nothing changed")

    def handle(self, *args: Any, **options: Any) -> None:
        report = load_places(Actor.system(), self.tell, force=options["force"])
        draw_maps()
        if report.skipped:
            self.stdout.write("Places: already loaded.")
        else:
            self.stdout.write(f"\rPlaces: {report.units} units, {report.values} figures.   ")

    def tell(self, what: str, done: int, of: int) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"\rPlaces: {what} {done} of {of}", ending="")
