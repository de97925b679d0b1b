"""Safe opening of what people upload: by size, by content (never by name alone), with the encoding said."""

from __future__ import annotations

import csv
import hashlib
import io
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

import openpyxl
from django.conf import settings
from django.utils.translation import gettext

from krzew.places.importers.problems import refuse

MEGABYTE = 1024 * 1024
MAX_ROWS = 200_000
MAX_COLUMNS = 200
MAX_ZIP_ENTRIES = 1_000
MAX_UNPACKED = 200 * MEGABYTE

Cell = str | int | float | bool | datetime | date | None


class Readable(Protocol):
    """Anything with `read`, such as an open file or an uploaded one."""

    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True)
class Upload:
    """The whole content of one file, within the size limit."""

    name: str
    data: bytes

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True)
class Row:
    line: int
    cells: tuple[Cell, ...]

    def text(self, column: int) -> str:
        return cell_text(self.cells[column]) if column < len(self.cells) else ""

    def cell(self, column: int) -> Cell:
        return self.cells[column] if column < len(self.cells) else None


@dataclass(frozen=True)
class Table:
    """Rows of a spreadsheet or a text table; `how` tells the reader how they were understood."""

    rows: Iterator[Row]
    how: str


# --- files -------------------------------------------------------------------------------------


def limit_bytes() -> int:
    """The largest file that an importer opens (setting KRZEW_IMPORT_LIMIT_MB)."""
    return int(getattr(settings, "KRZEW_IMPORT_LIMIT_MB", 30)) * MEGABYTE


def open_upload(source: Path | str | bytes | Readable, name: str = "") -> Upload:
    """Read a file, a stream or bytes; refuse what is missing, empty or over the limit."""
    if isinstance(source, str | Path):
        return _open_path(Path(source))
    data = source if isinstance(source, bytes) else source.read(limit_bytes() + 1)
    name = Path(name or str(getattr(source, "name", ""))).name
    _check_size(name, len(data))
    return Upload(name, data)


def _open_path(path: Path) -> Upload:
    if not path.is_file():
        refuse(gettext("There is no file %(name)s.") % {"name": path})
    _check_size(path.name, path.stat().st_size)
    return Upload(path.name, path.read_bytes())


def _check_size(name: str, size: int) -> None:
    if size > limit_bytes():
        refuse(
            gettext(
                "The file %(name)s is larger than %(limit)d MB. Split it, or have the limit raised"
                " (setting KRZEW_IMPORT_LIMIT_MB)."
            )
            % {"name": name, "limit": limit_bytes() // MEGABYTE}
        )
    if size == 0:
        refuse(gettext("The file %(name)s is empty.") % {"name": name})


def open_zip(data: bytes, limit: int = MAX_UNPACKED) -> zipfile.ZipFile:
    """Open an archive that cannot flood the memory (Python never unpacks more than is declared)."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError):
        refuse(gettext("The archive is damaged or cut off. Download it again."))
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ZIP_ENTRIES or unpacked > limit:
        refuse(
            gettext("The archive would unpack to %(size)d MB in %(n)d files, which is too much to be opened.")
            % {"size": unpacked // MEGABYTE, "n": len(entries)}
        )
    if any(entry.flag_bits & 1 for entry in entries):
        refuse(gettext("The archive is protected by a password. Save it without one."))
    return archive


# --- text --------------------------------------------------------------------------------------

MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# The same Polish letters lie on different bytes: ą ś ź Ą Ś Ź in Windows-1250 and in ISO 8859-2.
ONLY_CP1250, ONLY_LATIN2 = frozenset(b"\xb9\x9c\x9f\xa5\x8c\x8f"), frozenset(b"\xb1\xb6\xbc\xa1\xa6\xac")


def detect_encoding(data: bytes) -> str:
    """UTF-8 or UTF-16 by its mark, UTF-8 when valid, else the Polish single-byte page that fits."""
    for mark, name in MARKS:
        if data.startswith(mark):
            return name
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        seen = frozenset(data)
        return "iso8859-2" if len(seen & ONLY_LATIN2) > len(seen & ONLY_CP1250) else "cp1250"
    return "utf-8"


def decode(data: bytes) -> tuple[str, str]:
    """Text and the encoding it was read in; control bytes mean that this is not a text file."""
    encoding = detect_encoding(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        refuse(gettext("This is not readable text. Save the file as CSV in UTF-8."), line)
    if (position := text.find("\0")) >= 0:
        line = text.count("\n", 0, position) + 1
        refuse(gettext("This is not a text file: it holds binary data."), line)
    return text, encoding


# --- tables ------------------------------------------------------------------------------------


def read_table(upload: Upload) -> Table:
    """Rows of an XLSX workbook (its first sheet) or of a CSV file, told apart by content."""
    if upload.data.startswith(b"PK\x03\x04"):
        return _workbook(upload.data)
    if upload.data.startswith(b"\xd0\xcf\x11\xe0"):
        refuse(
            gettext(
                "This is an old Excel file (.xls) or one with a password."
                " Save it as .xlsx without a password."
            )
        )
    if upload.data.startswith(b"%PDF"):
        refuse(gettext("This is a PDF. Ask for the figures as a spreadsheet (XLSX or CSV)."))
    return _text_table(upload.data)


def _text_table(data: bytes) -> Table:
    text, encoding = decode(data)
    head = next((line for line in text[:65536].splitlines() if line.strip()), "")
    delimiter = max(";\t,", key=head.count)
    shown = {"\t": "Tab"}.get(delimiter, delimiter)
    how = gettext("CSV, encoding %(encoding)s, separator %(separator)s")
    return Table(_csv_rows(text, delimiter), how % {"encoding": encoding, "separator": shown})


def _csv_rows(text: str, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    return _kept(_csv_records(reader))


def _csv_records(reader: Iterator[list[str]]) -> Iterator[Row]:
    line = 0
    try:
        for cells in reader:
            yield Row(line + 1, tuple(cells))
            line = reader.line_num  # type: ignore[attr-defined]
    except csv.Error as error:
        refuse(
            gettext("The row cannot be read, a quotation mark is probably not closed (%(why)s).")
            % {"why": error},
            line + 1,
        )


def _workbook(data: bytes) -> Table:
    archive = open_zip(data)
    if "xl/workbook.xml" not in archive.namelist():
        refuse(gettext("This is an archive, not a spreadsheet. Save the table as .xlsx or .csv."))
    sheet = _first_sheet(data)
    how = gettext("spreadsheet, sheet “%(sheet)s”") % {"sheet": sheet.title}
    return Table(_kept(_sheet_rows(sheet)), how)


def _first_sheet(data: bytes):  # type: ignore[no-untyped-def]  # openpyxl's read-only sheet has no public type
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # missing styles and extensions do not concern us
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # the declared size may be a lie
    except Exception as error:  # a broken workbook fails in as many ways as it has parts
        message = gettext("The spreadsheet is damaged (%(why)s). Save it again as .xlsx.")
        refuse(message % {"why": _short(error)})
    return sheet


def _sheet_rows(sheet) -> Iterator[Row]:  # type: ignore[no-untyped-def]
    line = 0
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for line, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
                yield Row(line, tuple(cells))
    except Exception as error:
        message = gettext("The spreadsheet is damaged after this row (%(why)s).")
        refuse(message % {"why": _short(error)}, line or None)


def _kept(rows: Iterator[Row]) -> Iterator[Row]:
    """Rows that hold something, within the limits of what a person can have meant."""
    count = 0
    for row in rows:
        if not any(cell_text(cell) for cell in row.cells):
            continue
        count += 1
        if count > MAX_ROWS:
            refuse(gettext("The table has more than %(n)d rows. Split it.") % {"n": MAX_ROWS}, row.line)
        if len(row.cells) > MAX_COLUMNS and any(cell_text(cell) for cell in row.cells[MAX_COLUMNS:]):
            refuse(gettext("The table has more than %(n)d columns.") % {"n": MAX_COLUMNS}, row.line)
        yield row


def _short(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:120]


# --- cells -------------------------------------------------------------------------------------

SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f\u200b\ufeff"), " ")
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def cell_text(cell: Cell) -> str:
    """A cell as a person reads it: no surrounding or special spaces, 2023.0 as 2023, dates as 2024-12-31."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return " ".join(str(cell).translate(SPACES).split())


def number(cell: Cell) -> float:
    """A finite number, decimal comma or dot, spaces between thousands; ValueError says what is wrong."""
    if isinstance(cell, bool | date):
        raise ValueError(gettext("“%(text)s” is not a number.") % {"text": cell_text(cell)})
    if isinstance(cell, int | float):
        return _finite(float(cell), cell_text(cell))
    text = cell_text(cell).replace(" ", "").replace("−", "-")
    if "," in text and "." in text:
        raise ValueError(
            gettext(
                "“%(text)s” has both a comma and a dot."
                " Use one of them for decimals and spaces for thousands."
            )
            % {"text": text}
        )
    if not text.isascii() or text.strip("0123456789.,+-eE"):
        raise ValueError(gettext("“%(text)s” is not a number. Write the number alone.") % {"text": text[:40]})
    try:
        return _finite(float(text.replace(",", ".")), text)
    except ValueError:
        raise ValueError(gettext("“%(text)s” is not a number.") % {"text": text[:40]}) from None


def _finite(value: float, text: str) -> float:
    if value - value != 0:  # infinite or not a number
        raise ValueError(gettext("“%(text)s” is not a number.") % {"text": text[:40]})
    return value


def safe_cell(value: str) -> str:
    """Text that a spreadsheet will not run as a formula when the figures leave as CSV."""
    return f"'{value}" if value.startswith(DANGEROUS) else value


def plain_cell(value: str) -> str:
    """The other way round: text that `safe_cell` protected comes back as it was."""
    return value[1:] if value.startswith("'") and value[1:].startswith(DANGEROUS) else value
