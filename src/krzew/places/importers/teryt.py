"""The official list of territorial units (TERC of the TERYT register, GUS).

Read from the official CSV, from the ZIP in which it is published, or from the answer of the web service
(the same ZIP, base64, inside SOAP). Only gminas proper are kept: kinds 4 and 5 are parts of mixed gminas,
8 districts of Warsaw, 9 delegations.
"""

from __future__ import annotations

import base64
import binascii
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext

from krzew.places.importers.problems import Problems, refuse
from krzew.places.importers.reading import MEGABYTE, Upload, decode, open_zip

HEADER = ["WOJ", "POW", "GMI", "RODZ", "NAZWA", "NAZWA_DOD", "STAN_NA"]
GMINA_KINDS = {"1": "urban", "2": "rural", "3": "mixed"}
OTHER_KINDS = frozenset("4589")
VOIVODESHIPS = 16
MAX_NAME = 80
MAX_UNPACKED = 50 * MEGABYTE
LEVELS = {2: "voivodeship", 4: "powiat", 6: "gmina"}


@dataclass(frozen=True)
class TercUnit:
    """One unit: `code` has 2, 4 or 6 digits; `kind` is as in places.models.Kind."""

    code: str
    name: str
    kind: str
    code7: str = ""
    line: int = 0

    @property
    def level(self) -> str:
        return LEVELS[len(self.code)]

    @property
    def parent(self) -> str:
        return self.code[:-2]


@dataclass(frozen=True)
class TercState:
    """The whole country on one day."""

    day: date
    units: dict[str, TercUnit]

    def count(self, level: str) -> int:
        return sum(unit.level == level for unit in self.units.values())


@dataclass(frozen=True)
class UnitChange:
    """A difference between two states, named as in places.models.ChangeKind; the register gives no reason."""

    code: str
    change: str
    old: str = ""
    new: str = ""


def changes(old: TercState, new: TercState) -> list[UnitChange]:
    """The change table, in the order of codes. Six digits are the key: the kind digit may change."""
    table = []
    for code in sorted(old.units.keys() | new.units.keys()):
        before, after = old.units.get(code), new.units.get(code)
        if before is None and after is not None:
            table.append(UnitChange(code, "created", "", after.name))
        elif after is None and before is not None:
            table.append(UnitChange(code, "removed", before.name, ""))
        elif before is not None and after is not None:
            table += _differences(before, after)
    return table


def _differences(before: TercUnit, after: TercUnit) -> Iterator[UnitChange]:
    if before.name != after.name:
        yield UnitChange(after.code, "renamed", before.name, after.name)
    if before.kind != after.kind:
        yield UnitChange(after.code, "kind_changed", before.kind, after.kind)


# --- containers --------------------------------------------------------------------------------


def read_terc(upload: Upload) -> TercState:
    """The state of the country from CSV, ZIP or SOAP, told apart by content."""
    start = upload.data.lstrip()[:2]
    if start[:1] == b"<":
        return parse_csv(_csv_in_zip(soap_content(upload.data)))
    if start == b"PK":
        return parse_csv(_csv_in_zip(upload.data))
    return parse_csv(upload.data)


def soap_content(data: bytes) -> bytes:
    """The archive inside an answer of the TERYT web service, or the service's own words when it failed."""
    try:
        root = fromstring(data, forbid_dtd=True)
    except ParseError as error:
        line = error.position[0]
        refuse(gettext("The answer of TERYT is cut off or damaged (%(why)s).") % {"why": error}, line)
    except DefusedXmlException as error:
        refuse(
            gettext("The XML declares entities and was not read (%(why)s).") % {"why": type(error).__name__}
        )
    content = _text_of(root, "plik_zawartosc")
    if not content:
        fault = _text_of(root, "faultstring") or _text_of(root, "Text")
        refuse(gettext("The answer of TERYT holds no file. %(why)s") % {"why": fault})
    try:
        return base64.b64decode(content, validate=True)
    except binascii.Error:
        refuse(gettext("The file inside the answer of TERYT is cut off or damaged."))


def _text_of(root: Element, name: str) -> str:
    found = (node for node in root.iter() if str(node.tag).rpartition("}")[2] == name)
    return "".join((node.text or "").strip() for node in found)


def _csv_in_zip(data: bytes) -> bytes:
    archive = open_zip(data, MAX_UNPACKED)
    name = next((name for name in archive.namelist() if name.lower().endswith(".csv")), None)
    if name is None:
        refuse(gettext("The archive of TERYT holds no CSV file."))
    try:
        return archive.read(name)
    except Exception as error:  # damaged in one of many ways: CRC, deflate, header
        refuse(
            gettext("The archive is damaged or cut off. Download it again.") + f" ({type(error).__name__})"
        )


# --- the CSV -----------------------------------------------------------------------------------


def parse_csv(data: bytes) -> TercState:
    """Validate the whole official CSV; refuses with every line that is wrong."""
    text, _encoding = decode(data)
    problems = Problems()
    rows = list(_rows(text, problems))
    days = {row["STAN_NA"] for _line, row in rows}
    day = _day(days, problems)
    units = _units(rows, problems)
    _check_whole(units, problems)
    problems.refuse_if_any()
    return TercState(day, units)


def _rows(text: str, problems: Problems) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";", quoting=csv.QUOTE_NONE)
    try:
        header = next(reader, [])
        if header != HEADER:
            refuse(
                gettext("This is not the official TERC list: the first line must be %(header)s.")
                % {"header": ";".join(HEADER)},
                1,
            )
        for cells in reader:
            if len(cells) == len(HEADER):
                yield reader.line_num, dict(zip(HEADER, (cell.strip() for cell in cells), strict=True))
            elif cells:
                message = gettext("The line has %(n)d fields instead of %(wanted)d. Is the file cut off?")
                problems.add(reader.line_num, "", message % {"n": len(cells), "wanted": len(HEADER)})
    except csv.Error as error:
        refuse(gettext("The line cannot be read (%(why)s).") % {"why": error}, reader.line_num)


def _day(days: set[str], problems: Problems) -> date:
    found = sorted(days)
    try:
        if len(found) == 1:
            return date.fromisoformat(found[0])
    except ValueError:
        pass
    shown = ", ".join(found[:3]) or "–"
    problems.add(
        None,
        "STAN_NA",
        gettext("One date for the whole file was expected, found: %(days)s.") % {"days": shown},
    )
    return date.min


def _units(rows: list[tuple[int, dict[str, str]]], problems: Problems) -> dict[str, TercUnit]:
    units: dict[str, TercUnit] = {}
    for line, row in rows:
        try:
            unit = _unit(line, row)
        except ValueError as error:
            problems.add(line, "", str(error))
            continue
        if unit is None:
            continue
        if unit.code in units:
            message = gettext("Unit %(code)s is already in line %(line)d.")
            problems.add(line, "", message % {"code": unit.code, "line": units[unit.code].line})
        units.setdefault(unit.code, unit)
    return units


def _unit(line: int, row: dict[str, str]) -> TercUnit | None:
    """A unit, None for a part of a gmina, ValueError with the reason for what is neither."""
    code, kind, name = row["WOJ"] + row["POW"] + row["GMI"], row["RODZ"], row["NAZWA"]
    if not (code.isascii() and code.isdigit() and all(len(row[k]) in (0, 2) for k in HEADER[:3])):
        raise ValueError(gettext("“%(code)s” is not a code of a unit.") % {"code": code[:20]})
    if len(code) not in LEVELS or not row["WOJ"] or (row["GMI"] and not row["POW"]):
        raise ValueError(gettext("“%(code)s” is not a code of a unit.") % {"code": code[:20]})
    if not name or len(name) > MAX_NAME:
        raise ValueError(gettext("Unit %(code)s has no usable name.") % {"code": code})
    if bool(row["GMI"]) != bool(kind) or (kind and kind not in GMINA_KINDS.keys() | OTHER_KINDS):
        raise ValueError(
            gettext("Unit %(code)s has an unknown kind “%(kind)s”.") % {"code": code, "kind": kind[:5]}
        )
    if kind in OTHER_KINDS:
        return None
    if len(code) == 2:
        name = name.lower()  # the register writes voivodeships in capitals
    return TercUnit(code, name, _kind(row), code + kind if kind else "", line)


def _kind(row: dict[str, str]) -> str:
    if row["RODZ"]:
        return GMINA_KINDS[row["RODZ"]]
    if not row["POW"]:
        return "voivodeship"
    return "city_powiat" if "na prawach powiatu" in row["NAZWA_DOD"] else "powiat"


def _check_whole(units: dict[str, TercUnit], problems: Problems) -> None:
    """A file cut off between two lines is still well formed; the hierarchy shows it."""
    for unit in units.values():
        if unit.parent and unit.parent not in units:
            message = gettext("Unit %(code)s lies in %(parent)s, which is not in the file.")
            problems.add(unit.line, "", message % {"code": unit.code, "parent": unit.parent})
    parents = {unit.parent for unit in units.values()}
    for unit in units.values():
        if len(unit.code) < 6 and unit.code not in parents:
            message = gettext("Unit %(code)s is there without the units inside it. Is the file cut off?")
            problems.add(unit.line, "", message % {"code": unit.code})
    found = sum(len(code) == 2 for code in units)
    if found != VOIVODESHIPS:
        message = gettext("The file has %(n)d voivodeships instead of %(wanted)d. Is it cut off?")
        problems.add(None, "", message % {"n": found, "wanted": VOIVODESHIPS})
