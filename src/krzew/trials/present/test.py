"""The test in plain values: where it stands, what is next, planned and real people side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from krzew.trials.acts.test import lacks, stage_of_test
from krzew.trials.models import ConsentText, Innovation, Test, Tester
from krzew.trials.queries.testers import is_ready
from krzew.trials.small.questions import questions
from krzew.trials.states import TesterState, TestState
from krzew.ui.components import Button, Cell, Column, Fact, Table, Tag, Task
from krzew.ui.formats import day

if TYPE_CHECKING:
    from krzew.trials.views.test_base import Side

TONES = {
    TestState.PLANNED: "neutral",
    TestState.RUNNING: "data",
    TestState.ENDED: "leaf",
    TestState.STOPPED: "clay",
}


def tag(state: str) -> Tag:
    return Tag(str(TestState(state).label), TONES[TestState(state)])


def _ready(people: Sequence[Tester], text: ConsentText | None) -> list[Tester]:
    return [row for row in people if is_ready(row, text)]


def tasks(side: Side, test: Test, people: Sequence[Tester], text: ConsentText | None) -> list[Task]:
    """Every part of the test with its state."""
    plan, writes = test.plan, side.writes
    is_over = test.state not in (TestState.PLANNED, TestState.RUNNING)
    open_ = writes and not is_over
    asked, came = questions(test), _ready(people, text)
    waiting = sum(row.state == TesterState.SIGNED_UP for row in people)

    def step(label: str, name: str, done: bool, note: str = "", editable: bool = True) -> Task:
        url = side.url(name) if not editable or open_ else ""
        return Task(label, url, "done" if done else "todo", note=note)

    def going(label: str, name: str) -> Task:
        """What goes on as long as the test does."""
        state = {TestState.PLANNED: "todo", TestState.RUNNING: "doing"}.get(TestState(test.state), "done")
        return Task(label, side.url(name), state)

    return [
        step(_("What is to be learned"), "test_questions", bool(asked), _count(len(asked)), editable=False),
        step(_("Place and people"), "test_basics", bool(plan.get("where") and test.keep_until)),
        step(_("When what happens"), "test_phases", bool(test.starts_on), _dates(test)),
        step(_("Who should be among the testers"), "test_profile", bool(plan.get("profile"))),
        step(_("To what testers agree"), "consent_text", text is not None, _version(text)),
        step(_("Invitation for everybody"), "test_call", test.is_open or is_over, _shown(test)),
        step(_("Testers"), "testers", bool(came), _came(came, test, waiting), editable=False),
        going(_("Measurements"), "measurements"),
        going(_("Diary"), "diary"),
        going(_("Risks"), "risks"),
    ]


def _count(number: int) -> str:
    return ngettext("%(n)d question", "%(n)d questions", number) % {"n": number} if number else ""


def _dates(test: Test) -> str:
    if not test.starts_on or not test.ends_on:
        return ""
    return _("from %(from)s to %(to)s") % {"from": day(test.starts_on), "to": day(test.ends_on)}


def _version(text: ConsentText | None) -> str:
    return _("version %(n)s") % {"n": text.number} if text else ""


def _shown(test: Test) -> str:
    return _("shown to everybody") if test.is_open else _("not shown")


def _came(came: Sequence[Tester], test: Test, waiting: int) -> str:
    words = {"n": len(came), "planned": test.planned_testers or "–"}
    said = _("%(n)s with a consent that holds, of %(planned)s planned") % words
    if not waiting:
        return said
    text = ngettext("%(n)d waits for your answer", "%(n)d wait for your answer", waiting)
    return f"{said}; {text % {'n': waiting}}"


def next_step(side: Side, test: Test, people: Sequence[Tester], text: ConsentText | None) -> dict[str, Any]:
    """The one thing to do now, and who does it."""
    if test.state in (TestState.ENDED, TestState.STOPPED):
        if not side.runs:
            return {"text": _("The test is over.")}
        return {"text": _("The test is over. Type the answers from after it, then write the final report.")}
    if test.state == TestState.RUNNING:
        button = Button(_("Write in the diary"), side.url("diary")) if side.notes else None
        until = _("It takes until %(day)s.") % {"day": day(test.ends_on)} if test.ends_on else ""
        said = _("The test is under way.")
        return {"text": f"{said} {until}".strip(), "button": button}
    missing = lacks(test)
    if missing:
        return {"text": _("Before it begins it needs: %(list)s.") % {"list": "; ".join(missing)}}
    button = Button(_("Begin the test"), side.url("test_begin")) if side.writes else None
    return {"text": _("The plan is complete: the test may begin."), "button": button}


def buttons(side: Side, test: Test) -> list[Button]:
    """What ends it; quiet, under the page."""
    rows = []
    if test.state == TestState.RUNNING and side.writes:
        rows.append(Button(_("End the test"), side.url("test_end"), "secondary"))
    if test.state in (TestState.PLANNED, TestState.RUNNING) and side.notes:
        rows.append(Button(_("Stop the test"), side.url("test_stop"), "danger"))
    return rows


def facts(
    innovation: Innovation, test: Test, people: Sequence[Tester], text: ConsentText | None
) -> list[Fact]:
    least = stage_of_test(innovation).least_testers
    came = len(_ready(people, text))
    rows = [
        Fact(_("Where"), test.plan.get("where") or _("not said yet")),
        Fact(_("When"), _dates(test) or _("not said yet")),
        Fact(_("Testers planned"), str(test.planned_testers or _("not said yet"))),
        Fact(_("With a consent that holds"), str(came), note=_least(least, came)),
        Fact(_("Names are kept until"), day(test.keep_until) if test.keep_until else _("not said yet")),
        Fact(_("Fee from testers"), _("none: taking part is free")),
    ]
    if test.stopped_why:
        rows.append(Fact(_("Why it was stopped"), test.stopped_why))
    return rows


def _least(least: int | None, came: int) -> str:
    if not least:
        return ""
    said = _("the programme wants at least %(n)s") % {"n": least}
    if came >= least:
        return said
    missing = _("not reached yet")
    return f"{said} – {missing}"


def profile(test: Test, people: Sequence[Tester], text: ConsentText | None) -> Table | None:
    """Planned and real by line, shown from the first day, while something can still be done about it."""
    lines = test.plan.get("profile", [])
    if not lines:
        return None
    came = _ready(people, text)
    columns = [
        Column("who", _("Who")),
        Column("planned", _("Planned"), "number"),
        Column("real", _("Agreed so far"), "number"),
        Column("gap", _("What follows from it")),
    ]
    rows = [_line(row, sum(row["code"] in t.profile for t in came)) for row in lines]
    return Table(_("Planned and real group"), columns, rows)


def _line(row: dict[str, Any], real: int) -> list[Any]:
    gap = real - row["planned"]
    if gap < 0:
        said = Tag(_("%(n)s too few") % {"n": -gap}, "clay")
    elif gap > 0:
        said = Tag(_("%(n)s more") % {"n": gap}, "neutral")
    else:
        said = Tag(_("as planned"), "leaf")
    return [row["label"], row["planned"], real, Cell(None, tag=said)]
