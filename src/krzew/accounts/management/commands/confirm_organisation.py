"""Confirm that an organisation is what it says, or list those that wait."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from krzew.accounts.actors import Actor
from krzew.accounts.acts import confirm_organisation
from krzew.accounts.models import Organisation


class Command(BaseCommand):
    help = "Confirm an organisation by its name; without a name list those that wait."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", default="")

    def handle(self, *args: Any, name: str = "", **options: Any) -> None:
        if not name:
            for waiting in Organisation.objects.filter(confirmed_at=None):
                self.stdout.write(f"{waiting.name} ({waiting.get_kind_display()})")
            return
        organisation = Organisation.objects.filter(name=name).first()
        if organisation is None:
            raise CommandError(
                f"No organisation is called {name!r}. Without a name the command lists those that wait."
            )
        confirm_organisation(Actor.system(), organisation)
        self.stdout.write(f"Confirmed: {organisation.name}")
