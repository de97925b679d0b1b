"""Differences of two programmes in the words of the pages on which they are changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from krzew.calls.definition import Definition, plain
from krzew.calls.forms.programmes_entries import Entry, Inner, Rows
from krzew.calls.forms.programmes_kinds import STAGES
from krzew.calls.forms.programmes_kinds_parts import NAME, PARTS, ROOT
from krzew.calls.forms.programmes_special import said
from krzew.calls.programmes.changes import Difference
from krzew.ui.components import Cell, Column, Table

LONGEST = 400


def table(found: Iterable[Difference], old: Definition, new: Definition) -> Table:
    columns = [
        Column("where", _("Where")),
        Column("before", _("It was")),
        Column("after", _("It will be")),
    ]
    names = _Names(plain(old), plain(new))
    body = [[names.of(one.where), _shown(one.before), _shown(one.after)] for one in found]
    return Table(_("What changes"), columns, body)


def _shown(value: Any) -> Any:
    if value is None:
        return Cell(None, missing=_("nothing"))
    text = _words(value)
    return text if len(text) <= LONGEST else text[:LONGEST] + " …"


def _words(value: Any) -> str:
    """A value in one line: a part by its name, a text in both languages."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(_words(one) for one in value)
    if not isinstance(value, dict):
        return str(value)
    if set(value) == {"pl", "en"}:
        return f"{value['pl']} / {value['en']}"
    if "label" in value or "text" in value:
        return said(value.get("label") or value.get("text"))
    return "; ".join(f"{key}: {_words(inner)}" for key, inner in value.items())


class _Names:
    """Places told by the names of parts and the labels of their fields."""

    def __init__(self, *documents: dict[str, Any]) -> None:
        self.documents = documents
        self.labels = {"order": _("order"), "stages": _("stages")} | _labels()

    def of(self, where: tuple[str, ...]) -> str:
        """“Merit assessment › Needs › Minimum of the mean”."""
        steps = [self._step(where[: n + 1]) for n in range(len(where))]
        return " › ".join(step for step in steps if step)

    def _step(self, where: tuple[str, ...]) -> str:
        for document in reversed(self.documents):
            part = _part(document, where)
            if isinstance(part, dict) and ("label" in part or "text" in part) and "code" in part:
                return said(part.get("label") or part.get("text"))
        if where[-1] in ("stages", "sections", "fields", "criteria", "checks") and len(where) % 2:
            return ""
        return self.labels.get(where[-1], where[-1])


def _part(document: Any, where: tuple[str, ...]) -> Any:
    here = document
    for step in where:
        if isinstance(here, list):
            here = next((row for row in here if isinstance(row, dict) and row.get("code") == step), None)
        else:
            here = here.get(step) if isinstance(here, dict) else None
    return here


def _labels() -> dict[str, str]:
    """The label of every field on the pages of parts, by its name in the file."""
    found: dict[str, str] = {}
    for kind in (*ROOT.values(), *PARTS.values(), *STAGES.values()):
        for entry in kind.entries:
            _collect(entry, found)
        found |= {listed.name: str(listed.title) for listed in kind.lists if listed.name not in found}
    return found | {"label": str(NAME), "hint": _("Explanation"), "version": _("version"), "code": _("code")}


def _collect(entry: Entry, found: dict[str, str]) -> None:
    found.setdefault(entry.name, str(entry.label))
    if isinstance(entry, Inner | Rows):
        for inner in entry.entries:
            _collect(inner, found)
