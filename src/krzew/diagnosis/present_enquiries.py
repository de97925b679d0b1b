"""Enquiries on the page: where one stands, who acts, what comes next."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from krzew.accounts.actors import Actor
from krzew.diagnosis.models import Enquiry
from krzew.diagnosis.present import formats_name
from krzew.diagnosis.states import ENQUIRY, EnquiryState, possible
from krzew.places.names import short_name
from krzew.ui import formats
from krzew.ui.components import Cell, Column, Fact, Table, Tag, Task

WAY = {
    EnquiryState.RECEIVED: (gettext_lazy("Enquiry received"), gettext_lazy("support centre")),
    EnquiryState.IN_TALKS: (gettext_lazy("First talks"), gettext_lazy("support centre and asker")),
    EnquiryState.DIAGNOSED: (
        gettext_lazy("Diagnosis of the place"),
        gettext_lazy("support centre and asker"),
    ),
    EnquiryState.ACCEPTED: (gettext_lazy("Accepted for preparation"), gettext_lazy("support centre")),
}
NEXT = {
    EnquiryState.RECEIVED: gettext_lazy("A support centre (OWES) takes the enquiry up and gets in touch."),
    EnquiryState.IN_TALKS: gettext_lazy(
        "The adviser makes a diagnosis of the place together with the asker and signs it."
    ),
    EnquiryState.DIAGNOSED: gettext_lazy(
        "Both sides read the diagnosis; the support centre accepts or declines."
    ),
    EnquiryState.ACCEPTED: gettext_lazy(
        "Preparation: partners, premises, founders and the first steps are agreed."
    ),
    EnquiryState.DECLINED: gettext_lazy(
        "The asker may choose another solution or ask again when things have changed."
    ),
    EnquiryState.WITHDRAWN: gettext_lazy("Nothing more happens. The asker may ask again at any time."),
}
TONES = {EnquiryState.ACCEPTED: "leaf", EnquiryState.DECLINED: "clay", EnquiryState.WITHDRAWN: "neutral"}


def is_open(enquiry: Enquiry) -> bool:
    return bool(possible(ENQUIRY, enquiry.state))


def tag(enquiry: Enquiry) -> Tag:
    state = EnquiryState(enquiry.state)
    return Tag(str(state.label), TONES.get(state, "data"))


def next_step(enquiry: Enquiry) -> str:
    return str(NEXT[EnquiryState(enquiry.state)])


def way(enquiry: Enquiry | None) -> list[Task]:
    """The four stations; before an enquiry is sent all of them lie ahead."""
    states = list(WAY)
    reached = states.index(EnquiryState(enquiry.state)) if enquiry and enquiry.state in WAY else -1
    return [_station(state, n, reached, enquiry) for n, state in enumerate(states)]


def _station(state: EnquiryState, number: int, reached: int, enquiry: Enquiry | None) -> Task:
    label, who = WAY[state]
    if number <= reached:
        return Task(str(label), state="done")
    is_next = enquiry is not None and number == reached + 1 and is_open(enquiry)
    return Task(str(label), state="waiting" if is_next else "todo", who=str(who))


def solution_name(enquiry: Enquiry) -> str:
    version = enquiry.solution.current
    return formats_name(version) if version else str(enquiry.solution)


def table(rows: Iterable[Enquiry], actor: Actor) -> Table:
    columns = [
        Column("solution", _("Solution")),
        Column("place", _("Place")),
        Column("asker", _("Who asks")),
        Column("state", _("State")),
        Column("asked", _("Asked"), kind="date"),
        Column("waits", _("Who acts next")),
    ]
    body = [_row(e, actor) for e in rows]
    return Table(_("Enquiries, latest first"), columns, body, caption_hidden=True)


def _row(enquiry: Enquiry, actor: Actor) -> list[Any]:
    return [
        Cell(solution_name(enquiry), url=reverse("diagnosis:enquiry", args=[enquiry.pk])),
        short_name(enquiry.place),
        str(enquiry.asker),
        Cell(None, tag=tag(enquiry)),
        formats.day(enquiry.asked_at),
        _waits(enquiry, actor),
    ]


def _waits(enquiry: Enquiry, actor: Actor) -> str:
    if not is_open(enquiry):
        return "–"
    if enquiry.centre_id is None:
        return _("any support centre")
    return _("your organisation") if actor.acts_for(enquiry.centre_id) else str(enquiry.centre)


def facts(enquiry: Enquiry) -> list[Fact]:
    """What was asked, by whom, for where."""
    card = reverse("library:card", args=[enquiry.solution.slug])
    rows = [
        Fact(_("Solution"), solution_name(enquiry), url=card),
        Fact(_("Place"), short_name(enquiry.place), url=reverse("places:detail", args=[enquiry.place_id])),
        Fact(_("Who asks"), str(enquiry.asker), note=str(enquiry.get_contact_role_display())),
        Fact(_("Asked"), formats.day(enquiry.asked_at)),
        Fact(_("Why"), enquiry.why or _("not said")),
        Fact(_("What is there already"), enquiry.has_already or _("not said")),
        Fact(_("Support centre"), str(enquiry.centre or _("not taken up yet"))),
    ]
    if enquiry.reason:
        rows.append(Fact(_("Reason"), enquiry.reason))
    return rows
