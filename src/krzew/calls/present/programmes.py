"""What the team's pages of programmes and calls show, as plain values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from krzew.calls.definition import Definition
from krzew.calls.models import Call, Programme
from krzew.calls.present import programmes_words as words
from krzew.calls.present.programmes_base import KINDS, sum_of
from krzew.calls.programmes.readiness import Need
from krzew.calls.states import CallState
from krzew.ui.components import Cell, Column, Fact, Link, Tab, Table, Tag, Task
from krzew.ui.formats import day, moment

TONES = {
    "draft": "neutral",
    "published": "leaf",
    "decided": "data",
    "finished": "neutral",
    "cancelled": "clay",
}


@dataclass(frozen=True)
class Template:
    """A template as one chooses it."""

    code: str
    name: str
    summary: str
    source: str
    chain: list[str]
    questions: list[str]


def template(definition: Definition) -> Template:
    return Template(
        definition.code,
        str(definition.name),
        str(definition.summary),
        definition.source,
        [str(stage.label) for stage in definition.stages],
        [str(question) for question in definition.open_questions],
    )


def listing(rows: Iterable[Programme]) -> Table:
    columns = [
        Column("name", _("Programme")),
        Column("rounds", _("Calls"), "number"),
        Column("made", _("Made"), "date"),
    ]
    body = [
        [
            Cell(str(row), url=reverse("calls:programme", args=[row.pk])),
            row.rounds,  # type: ignore[attr-defined]
            day(row.made_at),
        ]
        for row in rows
    ]
    return Table(_("Programmes, the newest first"), columns, body, caption_hidden=True)


def rounds(rows: Iterable[Call]) -> Table:
    """Calls of one programme for its team."""
    columns = [
        Column("name", _("Call")),
        Column("state", _("State")),
        Column("closes", _("Closes"), "date"),
        Column("sent", _("Sent applications"), "number"),
    ]
    body = [
        [
            Cell(
                row.name,
                url=reverse("calls:call_team", args=[row.slug]),
                note=_("round %(n)d") % {"n": row.round},
            ),
            Cell(None, tag=tag(row)),
            moment(row.closes_at),
            row.sent,  # type: ignore[attr-defined]
        ]
        for row in rows
    ]
    return Table(_("Calls of this programme"), columns, body, caption_hidden=True)


def tag(call: Call) -> Tag:
    return Tag(str(CallState(call.state).label), TONES[call.state])


def tabs(programme: Programme, here: str) -> list[Tab]:
    """The parts of a programme's pages."""
    names = [
        ("programme", _("Programme")),
        ("programme_edit", _("Change it")),
        ("programme_preview", _("See it as others")),
        ("programme_trial", _("Try it out")),
        ("programme_file", _("File")),
        ("programme_history", _("History")),
    ]
    return [
        Tab(label, reverse(f"calls:{name}", args=[programme.pk]), current=name == here)
        for name, label in names
    ]


def facts(definition: Definition) -> list[Fact]:
    """The frame of a programme in a few rows."""
    rows = [
        Fact(_("Who may apply"), words.applicants(definition)),
        Fact(_("Money"), words.grant(definition)),
    ]
    if definition.themes:
        rows.append(Fact(_("Themes"), [str(theme.label) for theme in definition.themes]))
    if definition.network:
        rows.append(
            Fact(_("A network"), _("Ideas are looked for together; even only the wish to join is enough."))
        )
    if words.keeps(definition):
        rows.append(Fact(_("How long data are kept"), words.keeping(definition)))
    if definition.source:
        rows.append(Fact(_("Source"), definition.source))
    return rows


def chain(definition: Definition) -> list[tuple[str, str]]:
    """Stages as a chain: name and kind."""
    return [(str(stage.label), str(KINDS[stage.kind])) for stage in definition.stages]


# --- a call for its team ----------------------------------------------------------------------------


def call_facts(call: Call) -> list[Fact]:
    rows = [
        Fact(_("Name in Polish"), call.name_pl),
        Fact(_("Name in English"), call.name_en),
        Fact(_("Writing opens"), moment(call.opens_at)),
        Fact(_("Sending opens"), moment(call.submit_from)),
        Fact(_("The call closes"), moment(call.closes_at), note=_("Warsaw time, to the second.")),
        Fact(_("Results by"), day(call.results_on) if call.results_on else _("not given yet")),
        Fact(_("Pool"), sum_of(call.pool) if call.pool is not None else _("not given")),
    ]
    if call.published_at:
        rows.append(Fact(_("Announced"), moment(call.published_at)))
    return rows


def ready(needs: Iterable[Need], call: Call) -> list[Task]:
    """The list of what is missing, each with the page where it is mended."""
    pages = {
        "call": reverse("calls:call_change", args=[call.slug]),
        "programme": reverse("calls:programme", args=[call.programme_id]),
    }
    return [
        Task(
            need.label,
            "" if need.done else pages[need.where],
            "done" if need.done else "blocked" if need.blocks else "todo",
            "" if need.done else need.note,
        )
        for need in needs
    ]


def work(call: Call) -> list[Link]:
    """Where the team works on this call, in the order in which a call lives; no page of a stage it does not have."""
    pages = [
        ("team_applications", _("The applications"), True),
        ("formal", _("Formal check"), _has(call, "formal")),
        ("assessment_start", _("Assessment"), _has(call, "merit", "pitch", "talk")),
        ("vote_team", _("Public vote"), _has(call, "vote")),
        ("ranking", _("Ranking"), _has(call, "ranking")),
        ("council", _("The council"), _has(call, "strategic")),
        ("decisions", _("Decision and letters"), True),
        ("after", _("Offers and resignations"), True),
        ("appeals", _("Appeals"), True),
    ]
    return [Link(label, reverse(f"calls:{name}", args=[call.slug])) for name, label, there in pages if there]


def _has(call: Call, *kinds: str) -> bool:
    return any(call.rules.of_kind(kind) for kind in kinds)


def letters_note(held: int, leaving: int) -> str:
    """What happens to the letters that an act writes."""
    if not held and not leaving:
        return _("There is nobody to write to yet.")
    waits = ngettext(
        "%(n)d letter is prepared and held; it leaves when somebody of your organisation releases it.",
        "%(n)d letters are prepared and held; they leave when somebody of your organisation releases them.",
        held,
    )
    leaves = ngettext(
        "%(n)d letter to the author of a draft leaves at once; you do not see whose.",
        "%(n)d letters to authors of drafts leave at once; you do not see whose.",
        leaving,
    )
    said = [text % {"n": number} for text, number in ((waits, held), (leaves, leaving)) if number]
    return " ".join(said)


def frozen(definition: Definition) -> list[str]:
    """What an announcement fixes for good."""
    names = [str(stage.label) for stage in definition.stages]
    return [
        _("who may apply, how often, and for how much"),
        _("the form with its questions, limits and statements"),
        _("criteria, minima, thresholds and the way in which the list is made"),
        _("the stages and their order: %(stages)s") % {"stages": ", ".join(names)},
    ]
