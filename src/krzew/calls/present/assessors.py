"""The pool of assessors as tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from krzew.calls.definition.base import Described
from krzew.calls.models import Assessor, Conflict
from krzew.ui.components import Cell, Column, Fact, Table, Tag
from krzew.ui.formats import day


def listing(rows: Iterable[Assessor], themes: Mapping[str, Described]) -> Table:
    columns = [
        Column("who", _("Assessor")),
        Column("themes", _("Themes")),
        Column("most", _("The most"), "number"),
        Column("waiting", _("Waits"), "number"),
        Column("signed", _("Signed"), "number"),
        Column("state", _("State")),
    ]
    return Table(_("Assessors"), columns, [_row(row, themes) for row in rows], caption_hidden=True)


def _row(row: Any, themes: Mapping[str, Described]) -> list[Any]:
    known = [str(themes[code].label) for code in row.competences if code in themes]
    lived = _("lived experience") if row.lived_experience else ""
    state = Tag(_("takes applications"), "leaf") if row.active else Tag(_("not now"))
    return [
        Cell(str(row), url=reverse("calls:assessor", args=[row.pk]), note=lived),
        ", ".join(known) or Cell(None, missing=_("none said")),
        row.most,
        row.waiting,
        row.signed,
        Cell(None, tag=state),
    ]


def links(assessor: Assessor) -> list[Fact]:
    """What she said about herself."""
    nothing = _("nothing said yet")
    return [
        Fact(_("Gminas"), list(assessor.gminas) or nothing),
        Fact(_("Organisations"), list(assessor.linked_organisations) or nothing),
        Fact(_("In the pool since"), day(assessor.since)),
    ]


def conflicts(rows: Iterable[Conflict]) -> Table:
    columns = [
        Column("application", _("Application")),
        Column("kind", _("What links them")),
        Column("since", _("Known since"), "date"),
        Column("lift", "", "action"),
    ]
    body = [
        [
            Cell(f"{row.application.label} {row.application}", note=row.application.call.name),
            Cell(str(Conflict.Kind(row.kind).label), note=row.note),
            day(row.at),
            Cell(_("It is a mistake"), url=reverse("calls:conflict_lift", args=[row.pk])),
        ]
        for row in rows
    ]
    return Table(_("Applications that stay closed"), columns, body, caption_hidden=True)
