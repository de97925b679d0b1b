"""White spots and reaches in words and tables, for the office alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from krzew.door.models import Reach
from krzew.door.spots import Silent, Spot, by_code
from krzew.door.states import ReachState
from krzew.library.cards import said
from krzew.library.models import Solution
from krzew.places import vocabulary
from krzew.places.names import short_name
from krzew.ui.components import Cell, Column, Table, Tag
from krzew.ui.formats import day, number, percent

TONES = {ReachState.PROPOSED: "data", ReachState.SENT: "leaf", ReachState.SET_ASIDE: "neutral"}


def label(concept: str) -> str:
    """The name of a concept of the thesaurus in the reader's language."""
    found = by_code().get(concept)
    return found.label("en" if get_language() == "en" else "pl") if found else concept


def spots(rows: Iterable[Spot], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Rows with what a form beside them needs."""
    return [
        {
            "label": label(row.concept),
            "concept": row.concept,
            "where": names.get(row.powiat) or _("no place named"),
            "reports": row.reports,
            "people": row.people,
            "last": day(row.last),
            "groups": ", ".join(label(group) for group in row.groups),
            "severity": number(row.severity, 0) if row.severity is not None else "",
        }
        for row in rows
    ]


def silent(rows: Iterable[Silent], names: Mapping[str, str]) -> Table:
    columns = [
        Column("need", _("Need")),
        Column("where", _("Powiat")),
        Column("severity", _("Severity in statistics"), "number", hint=_("0 to 100, median of its gminas")),
    ]
    words = vocabulary.needs()
    body = [
        [words[row.need].name, names.get(row.powiat, row.powiat), number(row.severity, 0)] for row in rows
    ]
    return Table(_("High in the statistics, and nobody has told"), columns, body, caption_hidden=True)


def by_group(counts: Iterable[tuple[str, int, int]], title: str) -> Table:
    columns = [
        Column("label", title),
        Column("all", _("Needs told"), "number"),
        Column("open", _("Without an answer"), "number"),
    ]
    body = [[label(code), number(all_), number(open_)] for code, all_, open_ in counts]
    return Table(title, columns, body, caption_hidden=True)


def reach(row: Reach) -> dict[str, Any]:
    """Whom the proposal concerns, without their words and addresses."""
    return {
        "row": row,
        "who": _who(row),
        **_read(row),
        "why": ", ".join(_why(row, word) for word in row.why),
        "score": percent(100 * row.score, 0),
        "tag": Tag(str(ReachState(row.state).label), TONES[ReachState(row.state)]),
        "open": row.state == ReachState.PROPOSED,
        "aside": row.state == ReachState.SET_ASIDE,
    }


def _read(row: Reach) -> dict[str, str]:
    """Where the office reads more before it sends."""
    if row.need is not None and row.need.case is not None:
        number_ = _("case %(n)s") % {"n": row.need.case.label}
        return {"url": reverse("door:team_case", args=[row.need.case.pk]), "link": number_}
    if row.place is not None:
        return {"url": reverse("places:detail", args=[row.place.code]), "link": _("All figures of the gmina")}
    return {}


def _who(row: Reach) -> str:
    if row.need is not None:
        where = short_name(row.need.place) if row.need.place else ""
        return " · ".join(part for part in (label(row.need.main), where) if part)
    if row.idea is not None:
        return _("Idea: %(title)s") % {"title": row.idea}
    return str(short_name(row.place)) if row.place else ""


def _why(row: Reach, word: str) -> str:
    if row.place_id:
        need = vocabulary.needs().get(word)
        return need.name if need else word
    return word


def name(solution: Solution) -> str:
    """The name on its published card."""
    return said(solution.current.card, "name", get_language() or "pl") if solution.current else solution.slug


def solutions(rows: Iterable[Any]) -> Table:
    columns = [
        Column("name", _("Solution")),
        Column("waits", _("To be looked at"), "number"),
        Column("sent", _("Told"), "number"),
    ]
    body = [
        [
            Cell(name(row), url=reverse("door:reach_of", args=[row.slug])),
            number(row.waits),
            number(row.sent),
        ]
        for row in rows
        if row.current
    ]
    return Table(_("Solutions that may serve somebody"), columns, body, caption_hidden=True)
