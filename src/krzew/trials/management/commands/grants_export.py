import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from jsonschema import Draft202012Validator, FormatChecker

from krzew.calls.models import Call
from krzew.trials.grants import granted, package


class Command(BaseCommand):
    help = "Write every announced grant as 360Giving JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("-o", "--output", type=Path, help="file to write; without it, standard output")
        parser.add_argument("--call", help="only the grants of the call with this address part")
        parser.add_argument(
            "--schema", type=Path, help="360-giving-schema.json, to check every grant before writing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        rows = granted(_call(options["call"]))
        content = package(rows)
        if not content["grants"]:
            raise CommandError("No grant has been announced yet, so there is nothing to write.")
        if options["schema"]:
            _check(options["schema"], content["grants"])
        text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        if options["output"]:
            options["output"].write_text(text, encoding="utf-8")
            self.stderr.write(f"{len(content['grants'])} grants: {options['output']}")
        else:
            sys.stdout.write(text)


def _call(slug: str | None) -> Call | None:
    if not slug:
        return None
    call = Call.objects.filter(slug=slug).first()
    if call is None:
        raise CommandError(f"No call has the address part {slug}.")
    return call


def _check(path: Path, grants: list[dict[str, Any]]) -> None:
    """Refuse to write what the schema of the standard does not accept; formats are checked too."""
    try:
        schema = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} cannot be read as a schema: {error}") from error
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    faults = [f"{g['id']}: {e.message}" for g in grants for e in validator.iter_errors(g)]
    if faults:
        raise CommandError("Not valid:\n" + "\n".join(faults[:20]))
