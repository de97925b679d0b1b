"""`manage.py sync_bdl`: read declared indicators from the Local Data Bank (BDL) of GUS."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext

from krzew.accounts.actors import Actor
from krzew.places.importers import bdl, console
from krzew.places.importers.acts import sync_bdl
from krzew.places.importers.bdl_client import BdlClient
from krzew.places.importers.problems import ImportRefused


class Command(BaseCommand):
    help = (
        "Read indicators from BDL. Limits of the service are kept over restarts; an interrupted reading"
        " goes on where it stopped. With a free client id in BDL_CLIENT_ID the limits are five times higher."
        " Exit codes: 0 done, 1 refused, 2 wrong use."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("indicators", nargs="*", help="codes of indicators; none with --all or --list")
        parser.add_argument("--all", action="store_true", help="every declared indicator")
        parser.add_argument("--list", action="store_true", help="show what is declared and ask nothing")
        parser.add_argument("--years", default="", help="for example 2019,2024 or 2010-2024 (default: all)")
        parser.add_argument("--declarations", type=Path, default=bdl.DECLARATIONS, help="another TOML file")
        parser.add_argument("--dry-run", action="store_true", help="read and compare, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            declared = bdl.declared(options["declarations"])
        except ImportRefused as refusal:
            raise CommandError(str(refusal), returncode=console.WRONG_USE) from None
        if options["list"]:
            for variable in declared.values():
                self.stdout.write(f"{variable.indicator}: {variable.id} {variable.label}")
            return
        wanted = list(declared) if options["all"] else options["indicators"]
        unknown = [code for code in wanted if code not in declared]
        if unknown or not wanted:
            problem = (
                gettext("Not declared: %(codes)s.") if unknown else gettext("Name indicators or use --all.")
            )
            known = gettext("Declared: %(codes)s.") % {"codes": ", ".join(declared)}
            message = f"{problem % {'codes': ', '.join(unknown)}} {known}"
            raise CommandError(message, returncode=console.WRONG_USE)
        self._sync([declared[code] for code in wanted], parse_years(options["years"]), options["dry_run"])

    def _sync(self, variables: list[bdl.Variable], years: list[int], dry_run: bool) -> None:
        worst = console.DONE
        with BdlClient.from_settings() as client:
            for variable in variables:
                action = partial(sync_bdl, Actor.system(), client, variable, years, dry_run)
                worst = max(worst, console.run(action, self.stdout, self.stderr, f"{variable.indicator}: "))
        if worst:
            raise SystemExit(worst)


def parse_years(text: str) -> list[int]:
    """Years from “2019,2024” or “2010-2024”."""
    years: list[int] = []
    for part in filter(None, text.split(",")):
        match = re.fullmatch(r"\s*(\d{4})(?:-(\d{4}))?\s*", part)
        if match is None:
            message = gettext("“%(text)s” is not a year or a range of years.") % {"text": part}
            raise CommandError(message, returncode=console.WRONG_USE)
        years += range(int(match[1]), int(match[2] or match[1]) + 1)
    return years
