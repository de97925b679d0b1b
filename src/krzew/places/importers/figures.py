"""Local figures from a plain table: place code, indicator, year or date, value, source."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext

from krzew.places.importers.figure import (
    Figure,
    Known,
    Limits,
    check_level,
    check_limits,
    check_place,
    refuse_repeats,
)
from krzew.places.importers.headers import find_columns, mixed_lengths, place_code
from krzew.places.importers.problems import Problems, Progress, refuse, silent
from krzew.places.importers.reading import (
    Cell,
    Row,
    Table,
    Upload,
    cell_text,
    number,
    plain_cell,
    read_table,
    safe_cell,
)
from krzew.places.models import Flag

NAMES = {
    "place": ("kod", "kod TERYT", "TERYT", "TERC", "kod gminy", "kod miejsca", "place", "place code", "code"),
    "indicator": ("wskaźnik", "kod wskaźnika", "indicator", "indicator code"),
    "when": ("rok", "data", "rok lub data", "year", "date", "year or date"),
    "value": ("wartość", "liczba", "value"),
    "source": ("źródło", "source"),
}
FIRST_YEAR = 1990
MAX_SOURCE = 300
MARKS = {".": Flag.MISSING, "x": Flag.NOT_APPLICABLE}
POLISH_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


@dataclass
class FigureFile:
    figures: list[Figure]
    how: str


def read_figures(upload: Upload, known: Known, progress: Progress = silent) -> FigureFile:
    """Read and check a whole table; refuses with every cell that is wrong, the first fifty shown."""
    problems = Problems()
    table = read_table(upload)
    columns = _columns(table)
    figures: list[Figure] = []
    codes: set[str] = set()
    for count, row in enumerate(table.rows, start=1):
        codes.add(row.text(columns["place"]))
        if (figure := _figure(row, columns, known, problems)) is not None:
            figures.append(figure)
        progress(count, 0, gettext("rows"))
    if mixed_lengths(codes):
        message = gettext(
            "Codes of six and of seven digits in one file: a leading zero may be lost. Use one kind."
        )
        problems.add(None, "", message)
    refuse_repeats(figures, problems)
    problems.refuse_if_any()
    if not figures:
        refuse(gettext("The table has a header and no figures."))
    return FigureFile(figures, table.how)


def _columns(table: Table) -> dict[str, int]:
    header = next(table.rows, None)
    if header is None:
        refuse(gettext("The table is empty."))
    columns = find_columns(header, NAMES)
    absent = [names[0] for key, names in NAMES.items() if key not in columns]
    if absent:
        refuse(
            gettext(
                "The first row must name the columns. Missing: %(absent)s. Found: %(found)s."
                " Read as: %(how)s."
            )
            % {
                "absent": ", ".join(absent),
                "found": ", ".join(cell_text(cell)[:30] for cell in header.cells[:10]),
                "how": table.how,
            },
            header.line,
        )
    return columns


def _figure(row: Row, columns: dict[str, int], known: Known, problems: Problems) -> Figure | None:
    """The figure of one row, or None after every wrong cell of the row has been noted."""
    before = problems.total

    def read(key: str, reader, *context):  # type: ignore[no-untyped-def]
        try:
            return reader(row.cell(columns[key]), *context)
        except ValueError as error:
            problems.add(row.line, NAMES[key][0], str(error))
            return None

    indicator = read("indicator", _indicator, known)
    limits = known.indicators.get(indicator or "", Limits())
    place = read("place", _place, known, limits)
    year, day = read("when", _when, known) or (0, None)
    value, flag, mark = read("value", _value, limits) or (
        None,
        Flag.MISSING,
        "",
    )
    source = read("source", _source)
    if problems.total > before:
        return None
    return Figure(place, indicator, year, value, flag, mark, source, day, row.line)


# --- cells -------------------------------------------------------------------------------------


def _place(cell: Cell, known: Known, limits: Limits) -> str:
    code = check_place(place_code(cell), known)
    check_level(code, limits)
    return code


def _indicator(cell: Cell, known: Known) -> str:
    code = plain_cell(cell_text(cell))
    if code not in known.indicators:
        raise ValueError(
            gettext("There is no indicator “%(code)s”. Use a code from the list of indicators.")
            % {"code": code[:60]}
        )
    return code


def _when(cell: Cell, known: Known) -> tuple[int, date | None]:
    """Year, and the day when the cell holds a whole date (2024-12-31 or 31.12.2024)."""
    text = cell_text(cell)
    if text.isascii() and text.isdigit() and len(text) == 4:
        year, day = int(text), None
    else:
        day = _day(cell, text)
        year = day.year
    if not FIRST_YEAR <= year <= known.today.year or (day and day > known.today):
        raise ValueError(
            gettext("%(text)s lies outside %(first)d–%(last)s.")
            % {"text": text, "first": FIRST_YEAR, "last": known.today.isoformat()}
        )
    return year, day


def _day(cell: Cell, text: str) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    try:
        if match := POLISH_DATE.fullmatch(text):
            return date(int(match[3]), int(match[2]), int(match[1]))
        return date.fromisoformat(text)
    except ValueError:
        message = gettext("“%(text)s” is not a year or a date. Write 2024, 2024-12-31 or 31.12.2024.")
        raise ValueError(message % {"text": text[:40]}) from None


def _value(cell: Cell, limits: Limits) -> tuple[float | None, Flag, str]:
    """A number (0 is a true zero here), “.” for no reliable data or “x” for not applicable."""
    text = cell_text(cell).lower()
    if not text:
        raise ValueError(
            gettext("The value is empty. Write a number, “.” (no reliable data) or “x” (does not apply).")
        )
    if text in MARKS:
        return None, MARKS[text], text
    value = number(plain_cell(cell) if isinstance(cell, str) else cell)
    check_limits(value, limits)
    return value, Flag.ZERO if value == 0 else Flag.OBSERVED, ""


def _source(cell: Cell) -> str:
    """Where the figure comes from: kept as plain text, whatever signs it holds."""
    text = plain_cell(cell_text(cell))
    if not text:
        raise ValueError(
            gettext("Say where the figure comes from, for example: OPS, sprawozdanie za 2024 r.")
        )
    if len(text) > MAX_SOURCE:
        raise ValueError(gettext("The source is longer than %(n)d characters.") % {"n": MAX_SOURCE})
    return text


# --- the way out -------------------------------------------------------------------------------


def to_csv(figures: Iterable[Figure]) -> bytes:
    """The same table again (UTF-8 with mark, semicolons), with texts that no spreadsheet runs as formulas."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(["kod", "wskaźnik", "rok lub data", "wartość", "źródło"])
    for figure in figures:
        when = figure.measured_on.isoformat() if figure.measured_on else str(figure.year)
        value = figure.mark if figure.value is None else f"{figure.value:.15g}".replace(".", ",")
        writer.writerow([figure.place, figure.indicator, when, value, safe_cell(figure.source)])
    return out.getvalue().encode("utf-8-sig")
