"""Clauses, statutory contents and legal bases, read from `clauses.toml`. Always asked for a date."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

FILE = Path(__file__).with_name("clauses.toml")


@dataclass(frozen=True)
class Basis:
    """The act by which an agreement is made, with the article that lists what must stand in it."""

    code: str
    label: dict[str, str]
    article: str
    verified: bool
    start: date
    end: date | None = None


@dataclass(frozen=True)
class Content:
    """Something that the agreement must say, and the fillings without which it does not say it."""

    code: str
    label: dict[str, str]
    needs: tuple[str, ...]


@dataclass(frozen=True)
class Clause:
    """A clause of the template in both languages, with its source and the time in which it is offered."""

    code: str
    kinds: tuple[str, ...]
    title: dict[str, str]
    text: dict[str, str]
    start: date
    end: date | None = None
    content: str = ""
    when: str = ""
    source: dict[str, str] | None = None
    verified: bool = True
    editable: bool = True
    order: int = 0


@cache
def _read() -> tuple[tuple[Basis, ...], tuple[Content, ...], tuple[Clause, ...]]:
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    bases = [_undated(Basis, row) for row in data["bases"]]
    contents = [Content(row["code"], row["label"], tuple(row["needs"])) for row in data["contents"]]
    clauses = [_undated(Clause, row | {"kinds": tuple(row["kinds"])}) for row in data["clauses"]]
    return tuple(bases), tuple(contents), tuple(sorted(clauses, key=lambda c: c.order))


def _undated(made: Any, row: dict[str, Any]) -> Any:
    """The row with its dates under the names that Python allows."""
    kept = {key: value for key, value in row.items() if key not in ("from", "to")}
    return made(**kept, start=row["from"], end=row.get("to"))


def _valid(row: Basis | Clause, on: date) -> bool:
    return row.start <= on and (row.end is None or on <= row.end)


def bases(on: date) -> list[Basis]:
    return [row for row in _read()[0] if _valid(row, on)]


def basis(code: str) -> Basis | None:
    return next((row for row in _read()[0] if row.code == code), None)


def contents(kind: str) -> tuple[Content, ...]:
    """What must stand in an agreement of this kind."""
    return _read()[1] if kind == "grant" else ()


def clauses(kind: str, on: date) -> list[Clause]:
    """Clauses of the template on this day, in their order."""
    return [row for row in _read()[2] if kind in row.kinds and _valid(row, on)]


def drafted(kind: str, on: date, language: str) -> list[dict[str, Any]]:
    """The clauses as an agreement keeps them: in one language, still with their fillings open."""
    return [
        {
            "code": row.code,
            "title": row.title[language],
            "template": row.text[language],
            "content": row.content,
            "when": row.when,
            "editable": row.editable,
            "source": row.source[language] if row.source else "",
            "verified": row.verified,
        }
        for row in clauses(kind, on)
    ]


def source(clause: dict[str, Any], chosen: Basis | None, language: str) -> tuple[str, bool]:
    """Where a clause comes from, and whether its text was compared with the act."""
    if not clause["content"]:
        return str(clause["source"]), bool(clause["verified"])
    if chosen is None:
        return _("the legal basis is not chosen yet"), False
    article = f"{chosen.article}, " if chosen.article else ""
    return article + chosen.label[language], chosen.verified
