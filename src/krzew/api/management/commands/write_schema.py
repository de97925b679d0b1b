"""Write the API's schema file, or check that the one in the project is current."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from krzew.api.routes import api


def schema_file() -> Path:
    return Path(settings.CHECKOUT) / "docs" / "api" / "openapi.json"


def schema_text() -> str:
    return json.dumps(api.get_openapi_schema(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


class Command(BaseCommand):
    help = "Write docs/api/openapi.json; with --check only compare."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        path = schema_file()
        if options["check"]:
            if not path.exists() or path.read_text(encoding="utf-8") != schema_text():
                raise CommandError("The API has changed. If that is meant, run `krzew manage write_schema`.")
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(schema_text(), encoding="utf-8")
        self.stdout.write(f"written: {path.name}")
