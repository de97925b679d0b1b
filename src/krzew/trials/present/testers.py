"""Testers in plain values: codes, states, whose consent holds; a name only where it was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from krzew.trials.models import ConsentText, Test, Tester
from krzew.trials.queries.testers import IN_TEST, given, is_ready, needed
from krzew.trials.states import TesterState
from krzew.ui.components import Cell, Column, Fact, Table, Tag
from krzew.ui.formats import day, moment

if TYPE_CHECKING:
    from krzew.trials.views.test_base import Side

TONES = {
    TesterState.AGREED: "leaf",
    TesterState.FINISHED: "leaf",
    TesterState.SIGNED_UP: "clay",
    TesterState.INVITED: "data",
}


def tag(tester: Tester, text: ConsentText | None) -> Tag:
    """Her state; one who must agree again is said so."""
    if tester.state in IN_TEST and not is_ready(tester, text):
        return Tag(_("must agree again"), "clay")
    return Tag(str(TesterState(tester.state).label), TONES.get(TesterState(tester.state), "neutral"))


def table(side: Side, people: Sequence[Tester], text: ConsentText | None, opened: bool) -> Table:
    columns = [
        Column("code", _("Code")),
        Column("state", _("State")),
        Column("consent", _("Consent")),
        Column("profile", _("By the plan")),
    ]
    if opened:
        columns[1:1] = [
            Column("name", pgettext("person", "Name")),
            Column("contact", _("Contact")),
            Column("needs", _("Needs")),
        ]
    labels = {row["code"]: row["label"] for row in side.planned().plan.get("profile", [])}
    return Table(
        _("Testers"), columns, [_row(side, t, text, opened, labels) for t in people], caption_hidden=True
    )


def _row(
    side: Side, tester: Tester, text: ConsentText | None, opened: bool, labels: dict[str, str]
) -> list[Any]:
    who = ", ".join(labels[code] for code in tester.profile if code in labels)
    row: list[Any] = [
        Cell(tester.code, url=side.url("tester_one", tester.code)),
        Cell(None, tag=tag(tester, text)),
        consent(tester, text),
        who or Cell(None, missing=_("not said")),
    ]
    if opened:
        gone = Cell(None, missing=_("name deleted"))
        contact = " · ".join(part for part in (tester.email, tester.phone) if part)
        row[1:1] = [tester.name or gone, contact or "–", tester.needs or "–"]
    return row


def consent(tester: Tester, text: ConsentText | None) -> str:
    """Whose consent holds, and whose is lacking."""
    if text is None:
        return _("there is no text yet")
    has, wants = given(tester, text), needed(tester)
    names = {False: _("the tester"), True: _("the guardian")}
    if wants <= has:
        return _("version %(n)s") % {"n": text.number}
    return _("lacks: %(who)s") % {"who": ", ".join(names[who] for who in sorted(wants - has))}


def facts(tester: Tester, text: ConsentText | None, *, personal: bool) -> list[Fact]:
    rows = [Fact(_("On the list since"), day(tester.at)), Fact(_("Consent"), consent(tester, text))]
    rows += [
        Fact(_("Consent given"), _given(row)) for row in tester.consents.all() if row.withdrawn_at is None
    ]
    if tester.has_guardian:
        both = _("the person and the guardian") if tester.decides_herself else _("the guardian")
        rows.append(Fact(_("Who agrees"), both))
    if tester.left_on:
        rows.append(Fact(_("Left on"), day(tester.left_on), note=tester.left_why))
    return rows + (personal_facts(tester) if personal else [])


def _given(row: Any) -> str:
    who = _("the guardian") if row.by_guardian else _("the tester")
    way = _("on paper") if row.on_paper else _("on the page")
    words = {"who": who, "n": row.text.number, "way": way, "at": moment(row.given_at)}
    return _("%(who)s, version %(n)s, %(way)s, %(at)s") % words


def personal_facts(tester: Tester) -> list[Fact]:
    """What is kept about her that says who she is."""
    if tester.forgotten_at:
        return [Fact(_("Name and contact"), _("removed on %(day)s") % {"day": day(tester.forgotten_at)})]
    rows = (
        (pgettext("person", "Name"), tester.name),
        (_("E-mail"), tester.email),
        (_("Telephone"), tester.phone),
        (_("What is needed to take part"), tester.needs),
        (_("Guardian"), tester.guardian),
    )
    return [Fact(label, value) for label, value in rows if value]


def does(side: Side, tester: Tester, text: ConsentText | None) -> list[dict[str, Any]]:
    """Buttons that fit her state: what they post, and what they say."""
    if not side.writes:
        return []
    rows: list[dict[str, Any]] = []
    if tester.state == TesterState.SIGNED_UP:
        rows += [_does("take", _("There is a place"), "primary"), _does("not_take", _("No place"), "danger")]
    if tester.state in (TesterState.INVITED, TesterState.AGREED) and text:
        for guardian in sorted(needed(tester) - given(tester, text)):
            label = _("The guardian signed on paper") if guardian else _("The tester signed on paper")
            rows.append(_does("paper", label, "secondary", "guardian" if guardian else "tester"))
    if tester.state == TesterState.AGREED:
        rows.append(_does("finish", _("Took part to the end"), "secondary"))
    if not tester.forgotten_at:
        rows.append(_does("link", _("Make a new link"), "quiet"))
    return rows


def _does(what: str, label: str, kind: str, who: str = "") -> dict[str, Any]:
    return {"do": what, "label": label, "kind": kind, "who": who}


def beginning() -> str:
    """A first sketch of the text, to be made one's own. Nothing in it is a fact about this test."""
    return _(
        "We are trying out …\n\nYou will …\nIt takes …\nIt may be tiring or unpleasant: …\n\nWe write down … Your name "
        "stands nowhere beside it: only a code does.\nYou may stop at any time. Nobody asks why.\nTaking part costs "
        "nothing.\nQuestions: …"
    )


# --- the tester's own page --------------------------------------------------------------------------


def kept_about(tester: Tester, answers: int) -> list[Fact]:
    """What is kept about her, told to herself."""
    rows = personal_facts(tester)
    rows.append(Fact(_("Your code"), tester.code))
    rows.append(Fact(_("Your answers"), str(answers), note=_("They stand beside your code, not your name.")))
    return rows


def until(test: Test) -> str:
    if test.keep_until is None:
        return ""
    return _("We remove your name and contact after %(day)s. If you leave, at once.") % {
        "day": day(test.keep_until)
    }
