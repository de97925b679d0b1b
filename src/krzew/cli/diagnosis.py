"""`krzew diagnose` and `krzew report`: the main job from the terminal.

The calculation is imported where it is used: other commands should not wait for compilers and typesetters.
"""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from django.utils import translation
from rich.progress import Progress
from rich.table import Table

from krzew.cli.main import console, errors, fail
from krzew.diagnosis.outline import outline
from krzew.diagnosis.result import Result
from krzew.places.models import Unit
from krzew.places.names import full_name
from krzew.places.search import resolve
from krzew.ui.formats import number

TOP = 10


class Language(StrEnum):
    pl = "pl"
    en = "en"


class TableFormat(StrEnum):
    csv = "csv"
    parquet = "parquet"


Place = Annotated[
    str | None,
    typer.Argument(help="Code (300202) or name (Czarnków); a name that repeats lists the candidates."),
]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="File to write.")]
Lang = Annotated[Language, typer.Option(help="Language of the result.")]


def diagnose(
    place: Place = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    every: Annotated[bool, typer.Option("--all", help="Every gmina; needs --output.")] = False,
    format: Annotated[TableFormat, typer.Option(help="Format for --all.")] = TableFormat.csv,
    output: Output = None,
    lang: Lang = Language.pl,
) -> None:
    """Say what a gmina needs by public statistics, and which solutions fit, with reasons."""
    from krzew.diagnosis import engine

    with translation.override(lang):
        if every:
            _everywhere(format, output)
            return
        result = engine.compute_place(find(place).code)
        if as_json:
            text = json.dumps(outline(result), ensure_ascii=False, indent=1)
            _write(output, text + "\n")
        else:
            _print(result)


def report(
    place: Place = None,
    output: Output = None,
    lang: Lang = Language.pl,
    format: Annotated[str, typer.Option(help="pdf, docx or csv; default: by the file's ending.")] = "",
) -> None:
    """Write the report of a gmina: PDF to send, DOCX to edit, CSV to calculate with."""
    from krzew.diagnosis import engine
    from krzew.diagnosis import report as printed

    kind = format or (output.suffix[1:].lower() if output else "pdf")
    if kind not in printed.MEDIA_TYPES:
        raise fail(f"Unknown format {kind!r}: use pdf, docx or csv.", 2)
    result = engine.compute_place(find(place).code)
    with Progress(console=errors, transient=True) as bar:
        task = bar.add_task("report", total=100)
        made = printed.render(
            result,
            format=kind,
            language=str(lang),
            progress=lambda percent: bar.update(task, completed=percent),
        )
    path = output or Path(printed.file_name(result, str(lang), kind))
    _save(path, made)
    console.print(f"written: {path}", highlight=False, soft_wrap=True)


def find(text: str | None) -> Unit:
    """The one gmina that is meant; otherwise says which ones could be and ends with code 2."""
    if not text:
        raise fail("Name a gmina or its code, for example: krzew diagnose 300202", 2)
    if not Unit.objects.exists():
        raise fail("No places are loaded yet. Run: krzew setup")
    found = resolve(text)
    if isinstance(found, Unit):
        if found.is_gmina:
            return found
        raise fail(f"{full_name(found)} is not a gmina; a diagnosis is made for one gmina.", 2)
    if not found:
        raise fail(f"No gmina is called {text!r}. Check the spelling or give the code.", 2)
    lines = "\n".join(f"  {unit.code}  {full_name(unit)}" for unit in found)
    raise fail(f"{text!r} may be one of {len(found)} gminas; give the code:\n{lines}", 2)


def _everywhere(format: TableFormat, output: Path | None) -> None:
    if output is None:
        raise fail("--all needs a file: krzew diagnose --all --format csv -o FILE", 2)
    from krzew.diagnosis import engine

    with console.status("All gminas …"):
        table = engine.table_of_all()
    if format is TableFormat.parquet:
        from pyarrow import parquet

        parquet.write_table(table, output)
    else:
        from pyarrow import csv

        csv.write_csv(table, output)
    console.print(f"written: {output} ({table.num_rows} rows)", highlight=False, soft_wrap=True)


def _write(path: Path | None, text: str) -> None:
    if path is None:
        sys.stdout.write(text)
    else:
        _save(path, text.encode())


def _save(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise fail(f"Cannot write {path}: {error.strerror}") from error


def _print(result: Result) -> None:
    """A table for people."""
    place = result.place
    console.print(f"[bold]{place.name}[/bold] ({place.kind}, {place.where}) {place.code}", highlight=False)
    console.print(str(result.headline), highlight=False)
    needs = Table("need", "severity", "interval", box=None, title_justify="left")
    for need in result.known_needs:
        needs.add_row(
            str(need.name), number(need.severity, 0), f"{number(need.low, 0)}–{number(need.high, 0)}"
        )
    console.print(needs)
    solutions = Table("no.", "solution", "score", "feasible", "first in 100", box=None)
    for s in result.ranked[:TOP]:
        first = number((s.acceptability or 0) * 100, 0)
        solutions.add_row(str(s.rank), str(s.name), number(s.score, 0), number(s.feasibility, 0), first)
    console.print(solutions)
    for line in (*result.decided, *result.change):
        console.print(f"· {line}", highlight=False)
