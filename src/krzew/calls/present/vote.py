"""What the pages of a public vote show, as plain values."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from krzew.calls.applications.answers import shown
from krzew.calls.assessment_words import points
from krzew.calls.definition.form import FormField
from krzew.calls.definition.vote import VoteStage
from krzew.calls.models import Application, Call, Vote, VoteEntry
from krzew.calls.present.calls_pages import left
from krzew.calls.present.programmes_vote import VOTERS, meaning
from krzew.calls.queries import vote as queries
from krzew.calls.states import VoteState
from krzew.ui.components import Cell, Column, Fact, Table, Tag
from krzew.ui.formats import moment, number


@dataclass(frozen=True)
class Option:
    """One application that can be voted for, with what voters read about it."""

    number: int
    title: str
    facts: list[Fact]
    marked: bool = False


def phase(vote: Vote, now: datetime | None = None) -> str:
    """coming, open, counting, counted or off: by the clock, as with a call."""
    now = now or timezone.now()
    if vote.state != VoteState.ANNOUNCED:
        return "counted" if vote.state == VoteState.COUNTED else "off"
    if vote.is_over(now):
        return "counting"
    return "open" if vote.opens_at <= now else "coming"


def tag(vote: Vote) -> Tag:
    words = {
        "coming": (pgettext("vote", "coming"), "data"),
        "open": (pgettext("vote", "open now"), "leaf"),
        "counting": (pgettext("vote", "over, being counted"), "neutral"),
        "counted": (pgettext("vote", "counted"), "neutral"),
        "off": (pgettext("vote", "called off"), "clay"),
    }
    return Tag(*words[phase(vote)])


def dates(vote: Vote) -> list[Fact]:
    now = timezone.now()
    rows = [
        Fact(_("The vote opens"), moment(vote.opens_at), note=left(now, vote.opens_at)),
        Fact(_("The vote ends"), moment(vote.closes_at), note=left(now, vote.closes_at)),
    ]
    return rows[1:] if vote.opens_at <= now < vote.closes_at else rows


def dates_of(call: Call) -> list[Fact]:
    """The dates of an announced vote among those of its call."""
    vote = queries.current(call) if call.is_public and queries.vote_stage(call) else None
    return dates(vote) if vote is not None and vote.state != VoteState.CALLED_OFF else []


def rules(stage: VoteStage) -> list[str]:
    text = ngettext(
        "One person votes for at most %(n)d application.",
        "One person votes for at most %(n)d applications.",
        stage.choices,
    )
    who = _("May vote: %(who)s.") % {"who": VOTERS[stage.who]}
    return [who, text % {"n": stage.choices}, meaning(stage)]


def options(
    stage: VoteStage,
    rows: Iterable[VoteEntry],
    sent: Mapping[int, Mapping[str, Any]],
    fields: Mapping[str, FormField],
    names: Mapping[str, str],
    marked: set[str],
) -> list[Option]:
    """What can be voted for. The order changes every hour, so that nobody stands first all the time."""
    asked = [fields[code] for code in stage.shows if code in fields]
    found = [
        Option(
            row.application.number or 0,
            str(row.application),
            _facts(asked, sent.get(row.application_id, {}), names),
            str(row.application.number) in marked,
        )
        for row in rows
    ]
    return sorted(found, key=_place_of_the_hour)


def _place_of_the_hour(option: Option) -> str:
    hour = timezone.now().strftime("%Y-%m-%d %H")
    return hashlib.sha256(f"{hour} {option.number}".encode()).hexdigest()


def _facts(asked: Iterable[FormField], answers: Mapping[str, Any], names: Mapping[str, str]) -> list[Fact]:
    pairs = [(field, _words(field, answers.get(field.code), names)) for field in asked]
    return [Fact(str(field.label), text.splitlines()) for field, text in pairs if text]


def _words(field: FormField, kept: Any, names: Mapping[str, str]) -> str:
    return names.get(str(kept), "") if field.kind in queries.NAMED else shown(field, kept)


# --- the count ---------------------------------------------------------------------------------------


def results(vote: Vote, rows: Iterable[VoteEntry], votes: Mapping[int, int]) -> Table:
    """The published count, most votes first."""
    columns = [
        Column("number", _("No.")),
        Column("title", _("Title")),
        Column("votes", _("Votes"), "number"),
    ]
    order = sorted(rows, key=lambda r: (-votes.get(r.application_id, 0), r.application.number or 0))
    body = [
        [_label(vote.call, row.application), str(row.application), number(votes.get(row.application_id, 0))]
        for row in order
    ]
    return Table(_("Votes after the count"), columns, body, caption_hidden=True)


def _label(call: Call, row: Application) -> str:
    row.call = call
    return row.label


def turnout(vote: Vote) -> str:
    count = vote.voters or 0
    return ngettext("%(n)s person voted.", "%(n)s persons voted.", count) % {"n": number(count)}


def team_list(call: Call, rows: Iterable[Application]) -> Table:
    """Applications that stand at the vote; no count before the end, for the team neither."""
    columns = [Column("number", _("No.")), Column("title", _("Application"))]
    body = [
        [_label(call, row), Cell(str(row), url=reverse("calls:team_application", args=[call.slug, row.pk]))]
        for row in rows
    ]
    return Table(_("Applications at the vote"), columns, body, caption_hidden=True)


# --- beside the ranking and the decision ----------------------------------------------------------------


def fact(call: Call, row: Application) -> list[Fact]:
    """For the page of a decision: the count, its place, and what it means. Nothing before the count."""
    stage, votes = queries.vote_stage(call), queries.tally_of(call)
    if stage is None or row.pk not in votes:
        return []
    words = {
        "votes": _votes(votes[row.pk]),
        "place": 1 + sum(n > votes[row.pk] for n in votes.values()),
        "all": len(votes),
    }
    said = [_("%(votes)s, place %(place)d of %(all)d.") % words]
    if gained := queries.points(call, votes).get(row.pk):
        said.append(_("Points in the ranking: %(points)s.") % {"points": points(gained)})
    elif stage.weight is None:
        said.append(meaning(stage))
    return [Fact(str(stage.label), said)]


def _votes(count: int) -> str:
    return ngettext("%(n)s vote", "%(n)s votes", count) % {"n": number(count)}


def protocol(call: Call) -> tuple[str, list[str], list[list[str]]] | None:
    """Name, sentences and lines of the counted vote for the protocol."""
    stage, vote = queries.vote_stage(call), queries.current(call)
    if stage is None or vote is None or vote.state != VoteState.COUNTED:
        return None
    table = results(vote, queries.entries(vote), queries.tally(vote))
    return str(stage.label), [turnout(vote), meaning(stage)], [list(row) for row in table.rows]


def told(call: Call, row: Application) -> str:
    """For the letter with the result: everybody may know it by then."""
    votes = queries.tally_of(call)
    if row.pk not in votes:
        return ""
    return _("In the public vote: %(votes)s.") % {"votes": _votes(votes[row.pk])}


def invitation(call: Call) -> dict[str, str]:
    """For the page of the call: where one votes, or reads the count."""
    vote = queries.current(call) if queries.vote_stage(call) else None
    if vote is None:
        return {}
    labels = {
        "coming": _("When the public vote opens"),
        "open": _("Vote"),
        "counting": _("The public vote is over"),
        "counted": _("See how people voted"),
        "off": _("The public vote was called off"),
    }
    now = phase(vote)
    return {"label": labels[now], "phase": now, "url": reverse("calls:vote", args=[call.slug])}
