"""The diary as moments of a time-line, and risks with their weight."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from krzew.trials.forms.diary import WEIGHTS
from krzew.trials.models import Diary, DiaryKind, Risk
from krzew.ui.components import Cell, Column, Link, Moment, Table, Tag
from krzew.ui.formats import day, number

if TYPE_CHECKING:
    from krzew.trials.views.test_base import Side

TONES = {DiaryKind.INCIDENT: "clay", DiaryKind.CHANGE: "data"}
HEAVY, MIDDLE = 6, 3


def moments(rows: Iterable[Diary]) -> list[Moment]:
    return [
        Moment(
            row.on,
            str(DiaryKind(row.kind).label),
            who=_("innovator") if row.by_innovator else str(row.by or ""),
            text=_words(row),
            tone="clay" if row.attended == 0 else TONES.get(DiaryKind(row.kind), "neutral"),
        )
        for row in rows
    ]


def _words(row: Diary) -> str:
    parts = [row.text]
    if row.why:
        parts.append(_("Why: %(why)s") % {"why": row.why})
    if row.hours:
        parts.append(_("Hours: %(hours)s.") % {"hours": number(row.hours)})
    if row.attended is not None:
        text = ngettext("%(n)d person of the team came.", "%(n)d people of the team came.", row.attended)
        parts.append(text % {"n": row.attended})
    return " ".join(parts)


def filters(side: Side, chosen: str) -> list[Link]:
    """The kinds as links; all of them first."""
    base = side.url("diary")
    everything = Link(_("everything"), base, current=not chosen)
    return [everything] + [
        Link(str(label), f"{base}?kind={kind}", kind == chosen) for kind, label in DiaryKind.choices
    ]


def risks(side: Side, rows: Sequence[Risk]) -> Table:
    columns = [
        Column("risk", _("What may go wrong")),
        Column("weight", _("Weight")),
        Column("answer", _("What we do about it")),
        Column("state", _("State")),
    ]
    return Table(_("Risks"), columns, [_risk(side, row) for row in rows], caption_hidden=True)


def _risk(side: Side, row: Risk) -> list[Any]:
    weights = {value: str(label) for value, label in WEIGHTS}
    weight = row.likelihood * row.impact
    tone = "clay" if weight >= HEAVY else "data" if weight >= MIDDLE else "neutral"
    name = _("heavy") if weight >= HEAVY else _("middling") if weight >= MIDDLE else _("light")
    words = {"likely": weights[row.likelihood], "bad": weights[row.impact]}
    note = _("how likely: %(likely)s; how bad: %(bad)s") % words
    url = side.url("risk", row.pk) if side.notes else ""
    return [
        Cell(row.text, url=url),
        Cell(None, tag=Tag(name, tone), note=note),
        row.answer or Cell(None, missing=_("nothing yet")),
        _state(row),
    ]


def _state(row: Risk) -> str:
    happened = _("happened on %(day)s") % {"day": day(row.happened_on)} if row.happened_on else ""
    closed = _("over since %(day)s") % {"day": day(row.closed_at)} if row.closed_at else _("open")
    return f"{closed}; {happened}" if happened else closed
