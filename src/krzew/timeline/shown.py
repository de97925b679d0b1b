"""How events and letters are put into words, moments and tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from krzew.accounts.models import User
from krzew.timeline.models import Event, Letter
from krzew.timeline.phrases import change, name_of, phrase
from krzew.timeline.queries import people_in
from krzew.timeline.states import LetterState
from krzew.ui.components import Cell, Column, Moment, Table, Tag
from krzew.ui.formats import moment

TONES = {
    LetterState.HELD: "data",
    LetterState.SENT: "leaf",
    LetterState.FAILED: "clay",
    LetterState.SENDING: "clay",
}


def moments(events: Iterable[Event]) -> list[Moment]:
    """Events as moments of a history: when, who, acting for whom, what."""
    rows = list(events)
    people = people_in(rows)
    return [Moment(e.at, phrase(e.act), who=who(e), text=what(e, people)) for e in rows]


def who(event: Event) -> str:
    """The person, and the organisation that she acted for."""
    name = str(event.user) if event.user else "Krzew"
    return f"{name} ({event.organisation})" if event.organisation else name


def what(event: Event, people: Mapping[int, User]) -> str:
    """The change of state, and whom it concerns."""
    person: Any = people.get(event.data.get("person", 0))
    parts = [str(person) if person else "", change(event.object_type, event.old, event.new)]
    return ": ".join(part for part in parts if part)


def audit_table(events: Iterable[Event]) -> Table:
    rows = list(events)
    people = people_in(rows)
    columns = [
        Column("number", _("No."), kind="number"),
        Column("at", _("When")),
        Column("who", _("Who")),
        Column("act", _("Act")),
        Column("object", _("Object")),
    ]
    return Table(_("What was done"), columns, [_audit_row(e, people) for e in rows], caption_hidden=True)


def _audit_row(event: Event, people: Mapping[int, User]) -> list[Any]:
    name = str(event.user) if event.user else "Krzew"
    act = Cell(phrase(event.act), note=what(event, people))
    return [event.number, moment(event.at), name, act, name_of(event.object_type, event.object_id)]


def title(letter: Letter) -> str:
    """Its subject; of one that was emptied, that it was."""
    return letter.subject or _("Text removed after the time of keeping")


def letter_tag(letter: Letter) -> Tag:
    return Tag(str(LetterState(letter.state).label), TONES.get(LetterState(letter.state), "neutral"))


def letter_table(letters: Iterable[Letter]) -> Table:
    columns = [
        Column("subject", _("Letter")),
        Column("to", _("Addressee")),
        Column("at", _("Written on")),
        Column("state", _("State")),
    ]
    rows = [
        [
            Cell(title(letter), url=reverse("timeline:letter", args=[letter.pk])),
            letter.to_email,
            moment(letter.created_at),
            Cell(None, tag=letter_tag(letter)),
        ]
        for letter in letters
    ]
    return Table(_("Letters"), columns, rows, caption_hidden=True)
