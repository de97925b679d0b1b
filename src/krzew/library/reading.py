"""Opening of files that come from outside: size, encoding, depth and shape are checked first."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from django.utils.translation import gettext as _

MEGABYTE = 1024 * 1024
MOST_BYTES = 20 * MEGABYTE
MOST_DEPTH = 30
MOST_ENTRIES = 20_000


class BadFile(Exception):
    """The file as a whole cannot be read; nothing was taken in."""


@dataclass(frozen=True)
class Entry:
    """One entry and where it stands in the file, in words."""

    where: str
    value: Any


def parsed(content: bytes, name: str) -> Any:
    """The content of a JSON or TOML file."""
    text = _decoded(content)
    try:
        value = tomllib.loads(text) if name.endswith(".toml") else _json(text)
    except tomllib.TOMLDecodeError as error:
        raise BadFile(_("%(name)s is not valid TOML: %(why)s") % {"name": name, "why": error}) from error
    except json.JSONDecodeError as error:
        text = _("%(name)s is not valid JSON: line %(line)s, column %(column)s: %(why)s")
        values = {"name": name, "line": error.lineno, "column": error.colno, "why": error.msg}
        raise BadFile(text % values) from error
    except RecursionError as error:
        raise BadFile(_too_deep()) from error
    _check_depth(value)
    return value


def _decoded(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        values = {"size": len(content) // MEGABYTE, "most": MOST_BYTES // MEGABYTE}
        raise BadFile(_("The file has %(size)s MB; the most that is read is %(most)s MB.") % values)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFile(
            _("The file is not in UTF-8 (byte %(n)s). Save it in UTF-8.") % {"n": error.start}
        ) from error


def _json(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise BadFile(_("An object names “%(name)s” twice.") % {"name": twice[:60]})
    return value


def _no_constant(name: str) -> NoReturn:
    raise BadFile(_("“%(name)s” is not a number in JSON.") % {"name": name})


def _too_deep() -> str:
    return _("The file is nested deeper than %(n)s levels.") % {"n": MOST_DEPTH}


def _check_depth(value: Any) -> None:
    level = [value]
    for _depth in range(MOST_DEPTH + 1):
        level = [part for item in level for part in _parts(item)]
        if not level:
            return
    raise BadFile(_too_deep())


def _parts(item: Any) -> list[Any]:
    if isinstance(item, dict):
        return list(item.values())
    return item if isinstance(item, list) else []


def entries_of(content: bytes, name: str, path: str) -> list[Entry]:
    """The entries of a JSON, JSON Lines or CSV file; `path` leads to the list inside a JSON file."""
    readers = {"jsonl": _json_lines, "csv": _csv_rows}
    reader = readers.get(name.rsplit(".", 1)[-1].lower())
    entries = list(reader(content)) if reader else list(_json_entries(content, name, path))
    if len(entries) > MOST_ENTRIES:
        raise BadFile(_("The file has more than %(n)s entries.") % {"n": MOST_ENTRIES})
    return entries


def _json_entries(content: bytes, name: str, path: str) -> Iterator[Entry]:
    value = parsed(content, name)
    for part in filter(None, path.split(".")):
        value = value.get(part) if isinstance(value, dict) else None
    if not isinstance(value, list):
        raise BadFile(_("There is no list of entries at “%(path)s”.") % {"path": path or "."})
    for index, item in enumerate(value, start=1):
        yield Entry(_("entry %(n)s") % {"n": index}, item)


def _json_lines(content: bytes) -> Iterator[Entry]:
    for number, line in enumerate(_decoded(content).splitlines(), start=1):
        if line.strip():
            where = _("line %(n)s") % {"n": number}
            yield Entry(where, parsed(line.encode(), where))


def _csv_rows(content: bytes) -> Iterator[Entry]:
    text = _decoded(content)
    separator = max(";,\t", key=text.partition("\n")[0].count)
    reader = csv.DictReader(io.StringIO(text), delimiter=separator, strict=True)
    try:
        for row in reader:
            yield Entry(_("line %(n)s") % {"n": reader.line_num}, _whole(row, reader.line_num))
    except csv.Error as error:
        raise BadFile(_("line %(n)s: %(why)s") % {"n": reader.line_num, "why": error}) from error


def _whole(row: dict[Any, Any], line: int) -> dict[str, Any]:
    if None in row:
        raise BadFile(_("line %(n)s has more columns than the first line") % {"n": line})
    return {name: value or None for name, value in row.items()}
