"""Print who can be tried in the demonstration."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation

from krzew.demo.personas import PERSONAS


class Command(BaseCommand):
    help = "Print the invented people of the demonstration."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("Demonstration personas (one click on the front page signs you in):")
        with translation.override("en"):
            for persona in PERSONAS:
                self.stdout.write(f"  {persona.title}: {persona.does}")
