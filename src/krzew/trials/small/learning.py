"""What so many people can show, said before anybody is asked: in sentences, in a picture, with what it cannot show."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from krzew.methods.record import MethodError
from krzew.methods.testing import HarmRule, Plan, TestPlan, chance_to_see, detectable, harm_rule, none_seen
from krzew.trials.small.questions import Question
from krzew.ui import figures
from krzew.ui.components import Column, Figure, Table
from krzew.ui.formats import day, share

DESIGNS = {"share": "one-sample", "paired": "paired"}
LARGEST = 200
OFTEN, SELDOM = 0.3, 0.1
"""Difficulties that every third and every tenth person meets."""


@dataclass(frozen=True)
class Learned:
    """`headline` is the one thing to know; `enough` says whether the people are enough for what is hoped."""

    headline: str
    sentences: tuple[str, ...] = ()
    cannot: tuple[str, ...] = ()
    figure: Figure | None = None
    enough: bool | None = None


def language() -> str:
    return (get_language() or "pl")[:2]


def learn(question: Question, people: int | None) -> Learned:
    """What this question can bring with so many people."""
    if not people:
        return Learned(_("Say how many people will take part, and it will stand here what can be learned."))
    if people > LARGEST:
        return Learned(_("A small test has at most %(n)s people.") % {"n": LARGEST})
    return {"share": _change, "paired": _change, "events": _events, "harm": _harm}[question.measure](
        question, people
    )


# --- a share, or a change in the same people --------------------------------------------------------


@lru_cache(maxsize=256)
def solved(people: int, baseline: int, target: int, design: str) -> Plan:
    """The plan without the stages of a large test, where the people are not enough for them anyway."""
    plan = TestPlan(people, baseline / 100, target / 100, design=design).solve()
    return plan if plan.enough else replace(plan, two_stage=None)


def _change(question: Question, people: int) -> Learned:
    baseline, target = question.baseline, question.target
    if baseline is None or target is None or baseline == target:
        return Learned(_("Say how it is today and what would be worth it, and the answer will stand here."))
    try:
        plan = solved(people, baseline, target, DESIGNS[question.measure])
    except MethodError:
        return Learned(_("With these numbers nothing can be worked out. Choose numbers from 1 to 99."))
    *rest, last = plan.explain(language())
    cannot = [last, _("It cannot tell whether it will be so elsewhere, with other people.")]
    return Learned(
        _headline(plan, question.falls, people),
        tuple(rest),
        tuple(cannot),
        _curve(question, people),
        plan.enough,
    )


def _headline(plan: Plan, falls: bool, people: int) -> str:
    seen = plan.detectable.share
    if seen is None:
        return _("%(n)s testers are too few to tell any change from chance.") % {"n": people}
    words = {"n": people, "from": share(plan.test.baseline, 0), "to": share(seen, 0)}
    if falls:
        return (
            _("With %(n)s testers you will see a change only if it falls from %(from)s to %(to)s or less.")
            % words
        )
    return (
        _("With %(n)s testers you will see a change only if it grows from %(from)s to %(to)s or more.")
        % words
    )


def _curve(question: Question, people: int) -> Figure | None:
    """The smallest change that n people show, beside what is hoped for."""
    rows = [(n, _seen_by(question, n)) for n in _sizes(people)]
    if all(value is None for _n, value in rows):
        return None
    seen, hoped = _("what the test will see"), _("what would be worth it")
    assert question.target is not None
    series: dict[str, list[tuple[int | str, float | None]]] = {
        seen: [(n, value) for n, value in rows],
        hoped: [(n, float(question.target)) for n, _v in rows],
    }
    spec = figures.trend(
        series, unit="%", y_title=_("people in a hundred"), place=seen, lang=language(), zero=True
    )
    title = _("The more testers, the smaller the change that shows")
    return _figure(spec, title, seen, [(n, value) for n, value in rows], percent=True)


def _seen_by(question: Question, people: int) -> float | None:
    assert question.baseline is not None
    side = "less" if question.falls else "greater"
    design = DESIGNS[question.measure]
    found = detectable(people, question.baseline / 100, alternative=side, design=design).share
    return None if found is None else 100 * found


def _sizes(people: int) -> list[int]:
    """About twenty sizes from very few to twice as many, with the planned one among them."""
    last = max(2 * people, 30)
    step = max(last // 20, 1)
    return sorted({*range(3, last + 1, step), people})


def _figure(
    spec: figures.Spec, title: str, label: str, rows: list[tuple[int, float | None]], *, percent: bool
) -> Figure:
    columns = [Column("n", _("Testers"), "number"), Column("value", label, "number")]
    shown = [(n, "–" if v is None else share(v / 100, 0) if percent else f"{v:.0f}") for n, v in rows]
    return Figure(
        key=figures.store(spec),
        title=title,
        source=_("worked out from this plan"),
        date=day(timezone.localdate()),
        table=Table(title, columns, shown),
        note=_("From left to right: the number of testers."),
    )


# --- events and harm --------------------------------------------------------------------------------


def _events(question: Question, people: int) -> Learned:
    words = {
        "n": people,
        "often": share(chance_to_see(OFTEN, people), 0),
        "seldom": share(chance_to_see(SELDOM, people), 0),
        "hidden": share(none_seen(people), 0),
    }
    head = _(
        "With %(n)s testers something that every third person meets will show with a chance of %(often)s."
    )
    rest = (
        _("Something that every tenth person meets will show with a chance of %(seldom)s.") % words,
        _("If it happens to nobody, it may still happen to %(hidden)s of people.") % words,
    )
    cannot = (_("It cannot tell exactly how often it happens: so few people give only a rough number."),)
    return Learned(head % words, rest, cannot, _shown_curve(people))


def _shown_curve(people: int) -> Figure:
    often, seldom = _("what every third person meets"), _("what every tenth person meets")
    sizes = _sizes(people)
    series: dict[str, list[tuple[int | str, float | None]]] = {
        often: [(n, 100 * chance_to_see(OFTEN, n)) for n in sizes],
        seldom: [(n, 100 * chance_to_see(SELDOM, n)) for n in sizes],
    }
    spec = figures.trend(
        series, unit="%", y_title=_("chance that it shows"), place=often, lang=language(), zero=True
    )
    rows: list[tuple[int, float | None]] = [(n, 100 * chance_to_see(SELDOM, n)) for n in sizes]
    return _figure(spec, _("With more testers rare difficulties show too"), seldom, rows, percent=True)


@lru_cache(maxsize=256)
def rule_for(people: int, acceptable: int) -> HarmRule | None:
    """The rule to stop; none where so few people can never tell harm from chance."""
    try:
        return harm_rule(people, acceptable / 100)
    except MethodError:
        return None


def _harm(question: Question, people: int) -> Learned:
    if not question.acceptable_harm:
        return Learned(
            _("Say how much harm is the most that may be borne, and the rule to stop will stand here.")
        )
    rule = rule_for(people, question.acceptable_harm)
    hidden = _("If nobody is harmed among %(n)s people, harm may still meet %(share)s of people.")
    cannot = (hidden % {"n": people, "share": share(none_seen(people), 0)},)
    if rule is None:
        head = _(
            "With %(n)s testers no rule tells harm from chance: stop at the first harm and talk it over."
        )
        return Learned(head % {"n": people}, (), cannot)
    head = _(
        "The first moment to stop: harmed people %(events)s, among the first %(people)s. The rest is in the table."
    )
    events, first = rule.steps[0]
    return Learned(
        head % {"events": events, "people": first}, rule.explain(language()), cannot, _boundary(rule)
    )


def _boundary(rule: HarmRule) -> Figure:
    label = _("harmed people at which the test stops")
    rows: list[tuple[int, float | None]] = [
        (k, float(b) if b <= k else None) for k, b in enumerate(rule.boundary.tolist(), 1)
    ]
    spec = figures.trend(
        {label: [(k, value) for k, value in rows]},
        unit="",
        y_title=label,
        place=label,
        lang=language(),
        zero=True,
    )
    return _figure(spec, _("When harm stops the test"), label, rows, percent=False)
