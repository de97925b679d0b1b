import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from krzew.library.exchange import export


class Command(BaseCommand):
    help = "Write the whole library as JSON (library.schema.json)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("-o", "--output", type=Path, help="file to write; without it, standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        text = json.dumps(export(), ensure_ascii=False, indent=1) + "\n"
        if options["output"]:
            options["output"].write_text(text, encoding="utf-8")
        else:
            sys.stdout.write(text)
