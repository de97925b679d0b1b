"""What was seen, question by question: honest about how few people it rests on, and loud about harm."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from krzew.methods.record import MethodError
from krzew.methods.testing import Observed, TestPlan, conclusion, interval
from krzew.methods.testing.verdict import CANNOT_TELL, HARM, NO_EFFECT, PROMISE, WORKS
from krzew.trials.models import Measurement, Test
from krzew.trials.small.learning import DESIGNS, language, rule_for
from krzew.trials.small.questions import Question, questions
from krzew.ui import figures
from krzew.ui.components import Column, Figure, Interval, Table, Tag
from krzew.ui.formats import day, number, share

VERDICTS = {
    WORKS: Tag(gettext_lazy("at least as good as planned"), "leaf"),  # type: ignore[arg-type]
    PROMISE: Tag(gettext_lazy("promising, not proven"), "data"),  # type: ignore[arg-type]
    CANNOT_TELL: Tag(gettext_lazy("cannot be told"), "neutral"),  # type: ignore[arg-type]
    NO_EFFECT: Tag(gettext_lazy("not the effect that was hoped for"), "neutral"),  # type: ignore[arg-type]
    HARM: Tag(gettext_lazy("harm: stop"), "clay"),  # type: ignore[arg-type]
}


@dataclass(frozen=True)
class Answer:
    """One value of one tester."""

    tester: int
    moment: str
    value: Decimal
    on: date


@dataclass(frozen=True)
class Result:
    """`people` answered of `planned`; `stop` says that the rule for harm has been reached."""

    question: Question
    people: int
    planned: int | None
    sentences: tuple[str, ...] = ()
    tag: Tag | None = None
    figure: Figure | None = None
    stop: bool = False

    @property
    def counted(self) -> str:
        """How many people it rests on."""
        words = {"n": self.people, "planned": self.planned or "–"}
        return _("Measured: %(n)s of %(planned)s planned people.") % words


def results(test: Test) -> list[Result]:
    """One query for all; a question without answers says so."""
    found: dict[str, list[Answer]] = defaultdict(list)
    rows = (
        Measurement.objects.filter(test=test).order_by("on", "pk") if test.pk else Measurement.objects.none()
    )
    for code, tester, moment, value, on in rows.values_list("question", "tester", "moment", "value", "on"):
        found[code].append(Answer(tester, moment, value, on))
    return [result(row, found[row.code], test.planned_testers) for row in questions(test)]


def harm_reached(rows: Sequence[Result]) -> list[Result]:
    return [row for row in rows if row.stop]


def result(question: Question, answers: Sequence[Answer], planned: int | None) -> Result:
    work = {"share": _share, "paired": _paired, "events": _events, "harm": _harm}[question.measure]
    people = {a.tester for a in answers}
    if not people:
        return Result(question, 0, planned, (_("Nobody has been measured yet."),))
    return work(question, answers, planned)


def _share(question: Question, answers: Sequence[Answer], planned: int | None) -> Result:
    values = [a.value for a in answers if a.moment == "after"]
    n, yes = len(values), sum(value >= 1 for value in values)
    return _concluded(question, Observed(n, successes=yes), planned) if n else Result(question, 0, planned)


def _paired(question: Question, answers: Sequence[Answer], planned: int | None) -> Result:
    pairs = [(v["before"], v["after"]) for v in _by_tester(answers).values() if len(v) == 2]
    if not pairs:
        return Result(question, 0, planned, (_("Nobody has been measured both before and after yet."),))
    up = sum(after > before for before, after in pairs)
    down = sum(after < before for before, after in pairs)
    better, worse = (down, up) if question.falls else (up, down)
    return _concluded(question, Observed(len(pairs), better=better, worse=worse), planned)


def _by_tester(answers: Sequence[Answer]) -> Mapping[int, dict[str, Decimal]]:
    found: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for answer in answers:
        found[answer.tester][answer.moment] = answer.value
    return found


def _concluded(question: Question, seen: Observed, planned: int | None) -> Result:
    """The verdict of the method, where the plan said how it was and what would be worth it."""
    if question.baseline is None or question.target is None:
        return Result(question, seen.people, planned, (_("The plan does not say what would be worth it."),))
    plan = TestPlan(
        seen.people, question.baseline / 100, question.target / 100, design=DESIGNS[question.measure]
    )
    try:
        found = conclusion(seen, plan)
    except MethodError:
        return Result(question, seen.people, planned, (_("From these answers nothing can be worked out."),))
    goal = question.target if question.measure == "share" else question.target - question.baseline
    effect = found.effect
    figure = _bars(question, 100 * effect.estimate, 100 * effect.low, 100 * effect.high, goal)
    return Result(question, seen.people, planned, found.explain(language()), VERDICTS[found.verdict], figure)


def _bars(question: Question, value: float, low: float, high: float, goal: float) -> Figure:
    """What was seen with its doubt, beside what was planned."""
    paired = question.measure == "paired"
    ends: Any = {"minimum": -100.0 if paired else 0.0, "maximum": 100.0, "unit": "%", "decimals": 0}
    seen = _("change that was seen") if paired else _("what was seen")
    aim = _("most that may be borne") if question.measure == "harm" else _("what would be worth it")
    rows = [Interval(seen, value, low, high, **ends), Interval(aim, goal, goal, goal, **ends)]
    spec = figures.intervals(rows, x_title=_("people in a hundred"), lang=language())
    columns = [Column("what", _("What")), Column("value", _("Value"), "number")]
    columns += [Column("low", _("From"), "number"), Column("high", _("To"), "number")]
    table = [(r.label, *(share(v / 100, 0) for v in (r.value, r.low, r.high))) for r in rows]
    words = {name: share(v / 100, 0) for name, v in (("value", value), ("low", low), ("high", high))}
    title = _("Seen: %(value)s. The truth may lie from %(low)s to %(high)s.") % words
    return Figure(
        key=figures.store(spec, public=True),
        title=title,
        source=_("answers of the testers"),
        date=day(timezone.localdate()),
        table=Table(title, columns, table),
        note=_("The bar shows where the truth may lie, with so few people."),
    )


def _events(question: Question, answers: Sequence[Answer], planned: int | None) -> Result:
    values = [a.value for a in answers]
    n, met = len(values), sum(value > 0 for value in values)
    total, seen = sum(values, Decimal(0)), interval(met, n)
    words = {
        "total": number(total, 0),
        "n": n,
        "met": met,
        "low": number(min(values), 0),
        "high": number(max(values), 0),
        "from": share(seen.low, 0),
        "to": share(seen.high, 0),
    }
    said = (
        _("It happened %(total)s times; for one person from %(low)s to %(high)s times.") % words,
        _("It met %(met)s of %(n)s people. Of all such people it may meet from %(from)s to %(to)s.") % words,
    )
    return Result(question, n, planned, said)


def _harm(question: Question, answers: Sequence[Answer], planned: int | None) -> Result:
    n, harmed = len(answers), sum(a.value > 0 for a in answers)
    seen = interval(harmed, n)
    words = {"n": n, "harmed": harmed, "high": share(seen.high, 0)}
    if harmed:
        said = (
            _("Harm met %(harmed)s of %(n)s people. Of all such people it may meet up to %(high)s.") % words
        )
    else:
        said = _("Nobody of %(n)s people was harmed. It may still meet up to %(high)s of people.") % words
    figure = None
    if question.acceptable_harm:
        bounds = (100 * seen.share, 100 * seen.low, 100 * seen.high)
        figure = _bars(question, *bounds, float(question.acceptable_harm))
    stop = _must_stop(question, answers, planned)
    return Result(question, n, planned, (said,), VERDICTS[HARM] if stop else None, figure, stop)


def _must_stop(question: Question, answers: Sequence[Answer], planned: int | None) -> bool:
    """Whether the rule was reached at the end of any day. Without a rule, any harm asks to stop."""
    harmed = [a.value > 0 for a in sorted(answers, key=lambda a: a.on)]
    if not any(harmed):
        return False
    size = max(planned or 0, len(harmed))
    rule = rule_for(size, question.acceptable_harm) if question.acceptable_harm else None
    if rule is None:
        return True
    days = [a.on for a in sorted(answers, key=lambda a: a.on)]
    looks = [k for k in range(1, len(days) + 1) if k == len(days) or days[k - 1] != days[k]]
    return any(rule.stop(sum(harmed[:k]), k) for k in looks)
