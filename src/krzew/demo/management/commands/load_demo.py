"""Load the demonstration: invented people and what they did so far. Safe to repeat."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from krzew.demo.story import play


class Command(BaseCommand):
    help = "Load the demonstration (only with KRZEW_DEMO=1)."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.KRZEW_DEMO:
            raise CommandError("The demonstration needs KRZEW_DEMO=1.")
        self.stdout.write("Demonstration: loaded." if play() else "Demonstration: already there.")
