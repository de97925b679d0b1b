"""What pages of ideas show, as plain values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from krzew.calls.models import IdeaCard, Wish
from krzew.calls.states import IdeaState
from krzew.library.cards import said
from krzew.library.queries import novelty_of
from krzew.places.names import short_name
from krzew.ui.components import Cell, Column, Fact, Table, Tag, Task
from krzew.ui.formats import day

ENOUGH_TO_COMPARE = 20
TONES = {"sent": "clay", "in_talks": "data", "in_call": "leaf", "closed": "neutral", "draft": "neutral"}


@dataclass(frozen=True)
class Near:
    """A published solution that resembles the idea, with its words that met."""

    name: str
    summary: str
    url: str
    words: tuple[str, ...]


def near(card: IdeaCard) -> list[Near]:
    """The three most similar published solutions; nothing before there is something to compare."""
    texts = card.texts
    if len("".join(texts.values()).strip()) < ENOUGH_TO_COMPARE:
        return []
    found, language = [], (get_language() or "pl")[:2]
    for solution, words in novelty_of(texts):
        assert solution.current is not None
        content = solution.current.card
        url = reverse("library:card", args=[solution.slug])
        found.append(Near(said(content, "name", language), said(content, "summary", language), url, words))
    return found


def steps(card: IdeaCard | None) -> list[Task]:
    """The way of an idea, with where it stands."""
    state = card.state if card else ""
    sent = state not in ("", IdeaState.DRAFT, IdeaState.WITHDRAWN)
    talked = state in (IdeaState.IN_TALKS, IdeaState.IN_CALL, IdeaState.CLOSED)
    team = _("the team of the incubator")
    you = pgettext("who acts", "you")
    return [
        Task(_("You write down the idea"), state="done" if sent else "doing", who="" if sent else you),
        Task(
            _("The team reads it and answers"),
            state="done" if talked else "waiting" if sent else "todo",
            who=team if sent and not talked else "",
        ),
        Task(
            _("You talk it over: whom it helps, what is already there"),
            state="done" if state in (IdeaState.IN_CALL, IdeaState.CLOSED) else "doing" if talked else "todo",
        ),
        Task(
            _("When a call opens, the card grows into an application"),
            state="done" if state == IdeaState.IN_CALL else "todo",
        ),
    ]


def next_step(card: IdeaCard) -> str:
    """Who does what next, in a sentence."""
    return {
        IdeaState.DRAFT: _("Write as much as you like and press “Send”."),
        IdeaState.SENT: _("Somebody of the team reads your idea and answers you here and by e-mail.")
        if card.email
        else _("Somebody of the team reads your idea and answers you on this page."),
        IdeaState.IN_TALKS: _(
            "The team has answered. Read below, and write back if you want to add something."
        ),
        IdeaState.IN_CALL: _("Your idea has become an application in a call."),
        IdeaState.CLOSED: _("The talk is closed. The answer is below. You may begin a new idea at any time."),
        IdeaState.WITHDRAWN: _("You took this idea back. What you wrote is deleted."),
    }[IdeaState(card.state)]


def facts(card: IdeaCard) -> list[Fact]:
    rows = [
        (_("What it is"), card.what),
        (_("For whom"), card.for_whom),
        (_("How far it is"), card.get_maturity_display() if card.maturity else ""),
        (_("Where"), short_name(card.place) if card.place else ""),
        (_("Full name"), card.name),
        (_("E-mail"), card.email),
        (_("Telephone"), card.phone),
    ]
    return [Fact(label, value) for label, value in rows if value]


def tag(card: IdeaCard) -> Tag:
    return Tag(str(IdeaState(card.state).label), TONES.get(card.state, "neutral"))


def listing(rows: Iterable[IdeaCard], *, one_state: bool = False) -> Table:
    """The state is not said in every row of a list that holds one state only."""
    columns = [
        Column("number", _("No."), "number"),
        Column("idea", _("Idea")),
        Column("where", _("Where")),
        *([] if one_state else [Column("state", _("State"))]),
        Column("sent", _("Sent"), "date"),
        Column("who", _("In charge")),
    ]
    body = [
        [
            str(card.number),
            Cell(str(card), url=reverse("calls:team_idea", args=[card.pk]), note=_kind(card)),
            short_name(card.place) if card.place else Cell(None, missing=_("not said")),
            *([] if one_state else [Cell("", tag=tag(card))]),
            day(card.sent_at),
            str(card.in_charge) if card.in_charge else Cell(None, missing=_("nobody yet")),
        ]
        for card in rows
    ]
    return Table(_("Ideas, the newest first"), columns, body, caption_hidden=True)


def _kind(card: IdeaCard) -> str:
    kind = str(Wish(card.wish).label) if card.wish == Wish.JOIN else ""
    channel = card.get_channel_display() if card.keyed_by_id else ""
    return " · ".join(part for part in (kind, channel) if part)
