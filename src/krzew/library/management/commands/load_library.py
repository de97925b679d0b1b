from typing import Any

from django.core.management.base import BaseCommand, CommandError

from krzew.accounts.actors import Actor
from krzew.library.loaders import BadCard, load_library


class Command(BaseCommand):
    help = "Publish the cards that ship with Krzew. Safe to repeat: only new and changed cards are written."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = load_library(Actor.system(), progress=self._progress)
        except BadCard as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Library: {loaded.new} new, {loaded.changed} changed, {loaded.same} as before.")

    def _progress(self, done: int, total: int) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"\rcards {done}/{total}", ending="" if done < total else "\n")
            self.stdout.flush()
