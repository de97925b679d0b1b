"""The way of an innovation as everybody may read it: dates and results, never a person, a diary or a draft."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from krzew.trials.journey import current, in_force, is_done, stages_of
from krzew.trials.models import Conclusion, Innovation, PolicyInclusion
from krzew.trials.states import InnovationState, PaperState, TesterState, TestState, VersionState
from krzew.ui.components import Fact, Moment, Task
from krzew.ui.formats import day, money

LEAST_SHOWN = 5
"""Fewer testers than this are not counted in public: in a small place everybody would know who they are."""
TOOK_PART = (TesterState.AGREED, TesterState.FINISHED, TesterState.LEFT)
TONES = {
    Conclusion.WORKS: "leaf",
    Conclusion.PARTLY: "data",
    Conclusion.NOT: "clay",
    Conclusion.UNCLEAR: "neutral",
}


def _day(moment: datetime | date) -> date:
    """The public reads days, not minutes."""
    return timezone.localtime(moment).date() if isinstance(moment, datetime) else moment


def moments(row: Innovation, policy: list[PolicyInclusion]) -> list[Moment]:
    """Everything that happened, in the order in which it happened."""
    found = [*_before(row), *_papers(row), *_test(row), *_evaluation(row), *_library(row, policy)]
    return sorted(found, key=lambda moment: _day(moment.when))


def _before(row: Innovation) -> Iterator[Moment]:
    """From the idea to the decision."""
    idea, application = row.idea, row.application
    if idea is not None and idea.sent_at:
        yield Moment(_day(idea.sent_at), _("Somebody wrote an idea"))
    call = reverse("calls:call", args=[row.call.slug])
    if application is not None and application.submitted_at:
        yield Moment(
            _day(application.submitted_at), _("An application in the call"), text=row.call.name, url=call
        )
    if row.call.results_released_at and application is not None:
        yield Moment(_day(row.call.results_released_at), _("Selected"), tone="leaf")
    if application is None:
        yield Moment(_day(row.begun_at), _("Taken up by the network"), text=row.call.name, url=call)


def _papers(row: Innovation) -> Iterator[Moment]:
    """Agreements and gates, by their names in the programme."""
    for stage in stages_of(row.call.rules):
        agreement = in_force(row, stage.code)
        if agreement is not None and agreement.signed_at:
            yield Moment(_day(agreement.signed_at), _("Signed: %(paper)s") % {"paper": stage.label})
        for version in row.specifications.all():
            gate = getattr(version, "gate", None)
            if version.stage == stage.code and version.state == VersionState.ACCEPTED and gate is not None:
                yield Moment(_day(gate.at), _("Accepted: %(paper)s") % {"paper": stage.label})


def _test(row: Innovation) -> Iterator[Moment]:
    test = getattr(row, "test", None)
    if test is None:
        return
    if test.starts_on and test.state != TestState.PLANNED:
        yield Moment(test.starts_on, _("The test began"))
    if test.ended_on:
        title = _("The test ended") if test.state == TestState.ENDED else _("The test was stopped early")
        yield Moment(test.ended_on, title, text=_took_part(row))


def _took_part(row: Innovation) -> str:
    count = sum(tester.state in TOOK_PART for tester in row.test.testers.all())
    if count < LEAST_SHOWN:
        return _("Fewer than five people took part; so small a number is not shown.")
    return ngettext("%(n)d person took part.", "%(n)d people took part.", count) % {"n": count}


def _evaluation(row: Innovation) -> Iterator[Moment]:
    """What was learned, good or bad."""
    evaluation = getattr(row, "evaluation", None)
    if evaluation is None or evaluation.state != PaperState.DONE or evaluation.signed_at is None:
        return
    conclusion = Conclusion(evaluation.conclusion)
    title = _("Evaluation: %(conclusion)s") % {"conclusion": conclusion.label}
    yield Moment(_day(evaluation.signed_at), title, text=_said(evaluation), tone=TONES[conclusion])


def _said(evaluation: object) -> str:
    pl = str(getattr(evaluation, "summary_pl", ""))
    en = str(getattr(evaluation, "summary_en", ""))
    return (pl or en) if (get_language() or "pl").startswith("pl") else (en or pl)


def _library(row: Innovation, policy: list[PolicyInclusion]) -> Iterator[Moment]:
    choice = getattr(row, "choice", None)
    if choice is not None and choice.final and choice.decided_on:
        tone = "leaf" if choice.final == InnovationState.CHOSEN else "neutral"
        yield Moment(choice.decided_on, str(InnovationState(choice.final).label).capitalize(), tone=tone)
    solution = row.solution
    if solution is not None and solution.current is not None and solution.current.published_at:
        first = min(v.published_at for v in solution.versions.all() if v.published_at)
        url = reverse("library:card", args=[solution.slug])
        yield Moment(_day(first), _("In the library"), url=url, tone="leaf")
    for entry in policy:
        yield Moment(
            entry.on,
            str(entry.get_kind_display()).capitalize(),
            text=f"{entry.title}. {entry.source}",
            tone="leaf",
        )


def steps(row: Innovation) -> list[Task]:
    """The stages as steps, without addresses: the public reads how far it is."""
    now = current(row) if row.state == InnovationState.RUNNING else None
    return [
        Task(
            str(stage.label),
            state="done" if is_done(row, stage) else "doing" if now and stage.code == now.code else "waiting",
        )
        for stage in stages_of(row.call.rules)
    ]


def facts(row: Innovation) -> list[Fact]:
    rows = [
        Fact(_("Call"), row.call.name, url=reverse("calls:call", args=[row.call.slug])),
        Fact(_("Who runs it"), str(row.call.programme.organisation)),
    ]
    if row.shows_innovator and row.innovator:
        rows.append(Fact(_("Innovator"), row.innovator))
    if row.granted is not None:
        rows.append(Fact(_("Grant"), money(row.granted)))
    rows.append(Fact(_("On its way since"), day(row.begun_at)))
    return rows
