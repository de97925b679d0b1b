"""What the test already knows, in plain sentences: shown beside the questions of the report and the criteria.

Numbers are counts and simple shares with their interval; a person is never named, not even by her code.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from krzew.methods.testing import interval, paired_change
from krzew.trials.journey import reports_of
from krzew.trials.models import DiaryKind, Innovation, Measurement, Test
from krzew.trials.states import ReportState, TesterState
from krzew.ui.formats import day, money, number, share

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
    """A sentence on each question of the plan."""
    by_question: dict[str, dict[int, dict[str, Decimal]]] = defaultdict(lambda: defaultdict(dict))
    rows = Measurement.objects.filter(test=test).values_list("question", "tester", "moment", "value")
    for question, tester, moment, value in rows:
        by_question[question][tester][moment] = value
    for question in test.plan.get("questions") or []:
        measured = by_question.get(question.get("code", ""), {})
        text = _result(question, measured)
        yield Known(
            "results", _("%(question)s – %(result)s") % {"question": _label(question), "result": text}
        )


def _label(question: Mapping[str, Any]) -> str:
    label = question.get("label") or question.get("code", "")
    if isinstance(label, Mapping):
        language = (get_language() or "pl")[:2]
        label = label.get(language) or label.get("pl") or ""
    return str(label).strip().rstrip(":")


def _result(question: Mapping[str, Any], measured: Mapping[int, Mapping[str, Decimal]]) -> str:
    if not measured:
        return _("not measured.")
    measure = question.get("measure")
    if measure in ("before_after", "paired"):
        return _pairs(question, measured)
    last = [values.get("after", values.get("during", values.get("before"))) for values in measured.values()]
    values = [value for value in last if value is not None]
    if measure == "events" or any(value not in (0, 1) for value in values):
        return _counted(measured)
    return _share(values)


def _share(values: list[Decimal]) -> str:
    yes, people = int(sum(values)), len(values)
    seen = interval(yes, people)
    words: dict[str, Any] = {"yes": yes, "people": people, "share": share(seen.share, 0)}
    words |= {"low": share(seen.low, 0), "high": share(seen.high, 0)}
    said = _(
        "yes in %(yes)s of %(people)s, that is %(share)s. With so few people the true share may lie anywhere from "
        "%(low)s to %(high)s."
    )
    return said % words


def _pairs(question: Mapping[str, Any], measured: Mapping[int, Mapping[str, Decimal]]) -> str:
    pairs = [(v["before"], v["after"]) for v in measured.values() if "before" in v and "after" in v]
    if not pairs:
        return _("nobody was measured both before and after.")
    falls = _number(question.get("target")) < _number(question.get("baseline"))
    steps = [(after - before) * (-1 if falls else 1) for before, after in pairs]
    better, worse = sum(step > 0 for step in steps), sum(step < 0 for step in steps)
    change = paired_change(better, worse, len(pairs), alternative="two-sided")
    words = {
        "people": len(pairs),
        "before": number(_mean(before for before, _after in pairs), 1),
        "after": number(_mean(after for _before, after in pairs), 1),
        "better": better,
        "worse": worse,
        "same": len(pairs) - better - worse,
    }
    said = _(
        "on average %(before)s before and %(after)s after (%(people)s measured both times); better for %(better)s, "
        "worse for %(worse)s, the same for %(same)s."
    )
    chance = _("That may be chance.") if change.p_value > 0.05 else _("That is hardly chance.")
    return f"{said % words} {chance}"


def _counted(measured: Mapping[int, Mapping[str, Decimal]]) -> str:
    values = [value for row in measured.values() for value in row.values()]
    words = {"sum": number(sum(values)), "people": len(measured)}
    return _("%(sum)s in all, measured with %(people)s people.") % words


def _number(value: Any) -> Decimal:
    try:
        return Decimal(str(value).replace(",", "."))
    except ArithmeticError:
        return Decimal(0)


def _mean(values: Iterable[Decimal]) -> Decimal:
    rows = list(values)
    return sum(rows, Decimal(0)) / len(rows)


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
