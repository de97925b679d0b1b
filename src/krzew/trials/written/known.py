"""What the test already knows, in plain sentences: shown beside the questions of the report and the criteria.

Numbers are counts and simple shares with their interval; a person is never named, not even by her code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from krzew.trials.journey import reports_of
from krzew.trials.models import DiaryKind, Innovation, Test
from krzew.trials.small.results import results
from krzew.trials.states import ReportState, TesterState
from krzew.ui.formats import day, money, number

ABOUT = {
    "results": {"works", "does_it_work", "effect", "effects", "effectiveness", "usefulness", "relevance"},
    "testers": {"works", "does_it_work", "group", "recipients", "who_can_use", "testers", "relevance"},
    "changes": {"changes", "change"},
    "incidents": {"enablers", "barriers", "risks", "harm"},
    "cost": {"cost", "costs", "resources", "efficiency"},
}
"""Which known things stand beside which question or criterion."""
TOOK_PART = (TesterState.AGREED, TesterState.FINISHED, TesterState.LEFT)
DECLARED = (ReportState.SENT, ReportState.ACCEPTED, ReportState.SIGNED)
SHOWN = 20


@dataclass(frozen=True)
class Known:
    """One sentence and what it is about. `value` is its number, where one can begin an answer."""

    about: str
    text: str
    value: Decimal | None = None


def known(innovation: Innovation) -> list[Known]:
    """Everything that the test, its diary and the settlement say so far."""
    test = getattr(innovation, "test", None)
    found = [*_testers(test), *_results(test)] if test is not None else []
    return [*found, *_diary(innovation), *_cost(innovation)]


def beside(rows: Iterable[Known], code: str) -> list[Known]:
    """Those that belong to one question or criterion."""
    return [row for row in rows if code in ABOUT[row.about]]


def harm_was_seen(rows: Iterable[Known]) -> bool:
    return any(row.about == "incidents" for row in rows)


def _testers(test: Test) -> Iterator[Known]:
    states = Counter(test.testers.values_list("state", flat=True))
    came = sum(states[state] for state in TOOK_PART)
    words = {"n": came, "planned": number(test.planned_testers) if test.planned_testers else "–"}
    text = ngettext(
        "%(n)d person took part (planned: %(planned)s).",
        "%(n)d people took part (planned: %(planned)s).",
        came,
    )
    yield Known("testers", text % words, Decimal(came))
    if left := states[TesterState.LEFT]:
        text = ngettext("%(n)d person left before the end.", "%(n)d people left before the end.", left)
        yield Known("testers", text % {"n": left})
    if test.starts_on and test.ended_on:
        words = {"from": day(test.starts_on), "to": day(test.ended_on)}
        yield Known("testers", _("The test took from %(from)s to %(to)s.") % words)
    if test.stopped_why:
        yield Known("testers", _("The test was stopped early: %(why)s") % {"why": test.stopped_why})


def _results(test: Test) -> Iterator[Known]:
    """What the test says about each question of its plan, in the words of its own page."""
    for result in results(test):
        said = " ".join(result.sentences) or _("Nobody has been measured yet.")
        words = {"question": result.question.label.strip().rstrip(":"), "result": said}
        yield Known("results", _("%(question)s – %(result)s") % words)
        if result.stop:
            yield Known("incidents", _("The rule for harm was reached: %(question)s") % words)


def _diary(innovation: Innovation) -> Iterator[Known]:
    wanted = {DiaryKind.CHANGE: "changes", DiaryKind.INCIDENT: "incidents"}
    rows = innovation.diary.filter(kind__in=wanted).order_by("on", "pk")[:SHOWN]
    for row in rows:
        words = {"day": day(row.on), "what": row.text, "why": row.why}
        said = _("%(day)s: %(what)s (because: %(why)s)") if row.why else _("%(day)s: %(what)s")
        yield Known(wanted[DiaryKind(row.kind)], said % words)


def _cost(innovation: Innovation) -> Iterator[Known]:
    spent = [r.amount for r in reports_of(innovation) if r.state in DECLARED and r.amount is not None]
    if not spent:
        return
    whole = sum(spent, Decimal(0))
    yield Known("cost", _("Spent on the test, as declared: %(sum)s.") % {"sum": money(whole, 2)}, whole)
    test = getattr(innovation, "test", None)
    came = test.testers.filter(state__in=TOOK_PART).count() if test is not None else 0
    if came:
        text = _("That is %(each)s for each person who took part.")
        yield Known("cost", text % {"each": money((whole / came).quantize(Decimal("0.01")), 2)})
