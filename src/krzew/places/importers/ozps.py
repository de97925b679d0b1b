"""Figures from a spreadsheet like the OZPS (assessment of social-assistance resources): indicators by year.

OZPS tells three things apart that look like nothing: “.” no reliable data, “0” below the unit, “x” not
applicable. They stay apart here. Columns of a forecast are not read: a forecast is not an observation.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.utils.translation import gettext

from krzew.places.importers.figure import (
    Figure,
    Known,
    check_level,
    check_limits,
    check_place,
    refuse_repeats,
)
from krzew.places.importers.headers import find_columns, mixed_lengths, normal, place_code
from krzew.places.importers.problems import Problems, Progress, refuse, silent
from krzew.places.importers.reading import Cell, Row, Upload, cell_text, number, read_table
from krzew.places.models import Flag

MAX_HEADER_LINE = 40
NAMES = {
    "place": ("kod TERYT", "TERYT", "TERC", "kod gminy", "kod jednostki", "kod", "code", "place code"),
    "label": ("wskaźnik", "wyszczególnienie", "nazwa wskaźnika", "nazwa", "indicator", "label"),
}
YEAR = re.compile(r"(?:rok )?((?:19|20)\d\d)(?: ?r\.?| rok)?", re.I)
FORECAST = re.compile(r"prognoz|forecast|plan", re.I)
EMPTY_MARKS = {".": Flag.MISSING, "x": Flag.NOT_APPLICABLE}


@dataclass(frozen=True)
class Options:
    """`labels`: row label → indicator code. `place`: the gmina, when the sheet describes only one."""

    labels: Mapping[str, str]
    place: str = ""


@dataclass
class OzpsFile:
    figures: list[Figure]
    how: str
    forecasts: list[str] = field(default_factory=list)
    unmapped: list[str] = field(default_factory=list)
    empty: int = 0


@dataclass(frozen=True)
class Layout:
    """Where things are: columns of place and label, year by column."""

    columns: dict[str, int]
    years: dict[int, int]
    forecasts: list[str]


def mapping_beside(sheet: Path) -> Path:
    """Where the mapping of a sheet lies unless another file is named: the same name, ending in .toml."""
    return sheet.with_suffix(".toml")


def read_mapping(path: Path) -> dict[str, str]:
    """Row label → indicator code, from the table [labels] of a small TOML file."""
    try:
        labels = tomllib.loads(path.read_text(encoding="utf-8"))["labels"]
        if not isinstance(labels, dict) or not all(isinstance(code, str) for code in labels.values()):
            raise TypeError("labels")
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        refuse(
            gettext("The mapping %(name)s cannot be read: it needs a table [labels] of texts (%(why)s).")
            % {"name": path.name, "why": error}
        )
    return labels


def read_ozps(upload: Upload, options: Options, known: Known, progress: Progress = silent) -> OzpsFile:
    """Read and check a whole sheet; refuses with every cell that is wrong."""
    table = read_table(upload)
    sheet = Sheet(_layout(table.rows, options), options, known)
    sheet.check_mapping()
    for count, row in enumerate(table.rows, start=1):
        sheet.read(row)
        progress(count, 0, gettext("rows"))
    return sheet.finish(table.how)


def _layout(rows: Iterator[Row], options: Options) -> Layout:
    """The header is the first line with a label column and a year; titles may stand above it."""
    for row in rows:
        columns = find_columns(row, NAMES)
        years, forecasts = _years(row)
        if "label" in columns and (years or forecasts):
            if "place" not in columns and not options.place:
                message = gettext("No column with the code of the gmina. State the gmina as an option.")
                refuse(message, row.line)
            return Layout(columns, years, forecasts)
        if row.line > MAX_HEADER_LINE:
            break
    message = gettext("No header found: it needs a column “Wskaźnik” and columns with years, such as 2024.")
    return refuse(message)


def _years(row: Row) -> tuple[dict[int, int], list[str]]:
    """Year by column. A column that says it is a forecast is named but not read."""
    years, forecasts = {}, []
    for position, cell in enumerate(row.cells):
        text = cell_text(cell)
        if FORECAST.search(text):
            forecasts.append(text)
        elif match := YEAR.fullmatch(text):
            years[position] = int(match[1])
    return years, forecasts


@dataclass
class Sheet:
    """The reading of one sheet: what was found so far and what is wrong with it."""

    layout: Layout
    options: Options
    known: Known
    figures: list[Figure] = field(default_factory=list)
    unmapped: dict[str, None] = field(default_factory=dict)  # an ordered set
    codes: set[str] = field(default_factory=set)
    empty: int = 0
    problems: Problems = field(default_factory=Problems)

    def __post_init__(self) -> None:
        self.labels = {normal(label): code for label, code in self.options.labels.items()}

    def check_mapping(self) -> None:
        for label, code in self.options.labels.items():
            if code not in self.known.indicators:
                message = gettext("The mapping sends “%(label)s” to %(code)s, which is not an indicator.")
                self.problems.add(None, "", message % {"label": label[:60], "code": code})
        self.problems.refuse_if_any()

    def read(self, row: Row) -> None:
        label = row.text(self.layout.columns["label"])
        indicator = self.labels.get(normal(label))
        if indicator is None:
            self.unmapped.setdefault(label)
            return
        try:
            place = self._place(row, indicator)
        except ValueError as error:
            self.problems.add(row.line, "", str(error))
            return
        for position, year in self.layout.years.items():
            self._cell(row, position, Figure(place, indicator, year, None, Flag.MISSING, line=row.line))

    def _place(self, row: Row, indicator: str) -> str:
        column = self.layout.columns.get("place")
        raw = self.options.place if column is None else row.text(column)
        self.codes.add(raw)
        code = check_place(place_code(raw), self.known)
        check_level(code, self.known.indicators[indicator])
        return code

    def _cell(self, row: Row, position: int, figure: Figure) -> None:
        if not row.text(position):
            self.empty += 1
            return
        try:
            value, flag, mark = read_cell(row.cell(position))
            check_limits(value, self.known.indicators[figure.indicator])
            check_year(figure.year, self.known)
        except ValueError as error:
            self.problems.add(row.line, str(figure.year), str(error))
            return
        self.figures.append(replace(figure, value=value, flag=flag, mark=mark))

    def finish(self, how: str) -> OzpsFile:
        """The figures, or a refusal with everything that is wrong."""
        if mixed_lengths(self.codes):
            self.problems.add(
                None, "", gettext("Codes of six and of seven digits in one file. Use one kind.")
            )
        refuse_repeats(self.figures, self.problems)
        self.problems.refuse_if_any()
        unmapped = [label for label in self.unmapped if label]
        if not self.figures:
            message = gettext("No figure was found in rows of the mapping. First other labels: %(labels)s")
            refuse(message % {"labels": "; ".join(label[:60] for label in unmapped[:5]) or "–"})
        return OzpsFile(self.figures, how, self.layout.forecasts, unmapped, self.empty)


def check_year(year: int, known: Known) -> None:
    """A later year can only be a forecast, even when the header does not say so."""
    if year > known.today.year:
        raise ValueError(
            gettext("%(year)d is in the future. Mark the column as a forecast.") % {"year": year}
        )


def read_cell(cell: Cell) -> tuple[float | None, Flag, str]:
    """Value, flag and the sign itself. “0” is a number below the unit, not an absence."""
    text = cell_text(cell).lower()
    if text in EMPTY_MARKS:
        return None, EMPTY_MARKS[text], text
    value = number(cell)
    if value == 0:
        return 0.0, Flag.BELOW_UNIT, "0"
    return value, Flag.OBSERVED, ""
