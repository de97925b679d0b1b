"""The plan of the small test, and its beginning and end. A change while it runs needs a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from krzew.accounts.actors import Actor
from krzew.calls.definition.testing import TrialStage
from krzew.timeline.acts import act, record
from krzew.trials.acts.steps import move, must_be_open, must_run, save_seen, settle
from krzew.trials.journey import stages_of
from krzew.trials.models import Diary, DiaryKind, Innovation, Measurement, Test
from krzew.trials.queries.testers import PERSONAL, ready_count
from krzew.trials.rules import accompany, manage_innovation
from krzew.trials.small.phases import Phase, over_limit, span
from krzew.trials.small.questions import Question, free_code, questions
from krzew.trials.states import TEST, TESTER, TesterState, TestState

MOST_QUESTIONS = 12


def stage_of_test(innovation: Innovation) -> TrialStage:
    """The test stage of the call. Raises when its programme has none."""
    for stage in stages_of(innovation.call.rules):
        if isinstance(stage, TrialStage):
            return stage
    raise ValidationError(_("The programme of this call has no test."))


def must_write(actor: Actor, innovation: Innovation, innovator: bool) -> None:
    """Whoever holds the innovator's link writes; of the team, only managers do."""
    if not innovator:
        manage_innovation.require(actor, innovation)
    must_run(innovation)


@act
def plan_test(actor: Actor, innovation: Innovation, *, innovator: bool = False) -> Test:
    """Begin to plan. Planning is open from the first day: a plan belongs to the specification."""
    must_write(actor, innovation, innovator)
    stage_of_test(innovation)
    test, made = Test.objects.get_or_create(innovation=innovation)
    if made:
        innovation.test = test
        record(actor, "trials.test_planned", test, new=test.state)
    return test


@act
def save_question(
    actor: Actor,
    test: Test,
    question: Question,
    *,
    seen: int,
    people: int | None,
    why: str = "",
    innovator: bool = False,
) -> Question:
    """Keep a question; one without a code is new."""
    rows = questions(test)
    if not question.code:
        question = replace(question, code=free_code(question.label, {row.code for row in rows}))
        rows.append(question)
    elif question.code not in {row.code for row in rows}:
        raise ValidationError(_("This question was taken out meanwhile."))
    if len(rows) > MOST_QUESTIONS:
        raise ValidationError(_("Twelve questions are enough for a small test. Take one out first."))
    _must_be_the_same(test, question)
    kept = [question if row.code == question.code else row for row in rows]
    _keep(actor, test, seen, "questions", [row.row for row in kept], why, innovator, planned_testers=people)
    return question


def _must_be_the_same(test: Test, question: Question) -> None:
    """What was measured in one way cannot be read in another."""
    before = next((row for row in questions(test) if row.code == question.code), None)
    changed = before and (before.measure, before.answer) != (question.measure, question.answer)
    if changed and test.measurements.filter(question=question.code).exists():
        raise ValidationError({"measure": _("It has been measured already, so the way stays as it is.")})


@act
def remove_question(
    actor: Actor, test: Test, code: str, *, seen: int, why: str = "", innovator: bool = False
) -> None:
    """Take a question out of the plan, unless somebody was measured for it."""
    if Measurement.objects.filter(test=test, question=code).exists():
        raise ValidationError(_("It has been measured already, so it stays in the plan."))
    rows = [row.row for row in questions(test) if row.code != code]
    _keep(actor, test, seen, "questions", rows, why, innovator)


@act
def save_profile(
    actor: Actor,
    test: Test,
    lines: Sequence[dict[str, Any]],
    *,
    seen: int,
    why: str = "",
    innovator: bool = False,
) -> None:
    """Who should be among the testers: lines with planned numbers. A known line keeps its code."""
    codes = {row["label"]: row["code"] for row in test.plan.get("profile", [])}
    taken, kept = set(codes.values()), []
    for line in lines:
        code = codes.get(line["label"]) or free_code(line["label"], taken)
        taken.add(code)
        kept.append({"code": code, "label": line["label"], "planned": line["planned"]})
    _keep(actor, test, seen, "profile", kept, why, innovator)


@act
def save_phases(
    actor: Actor, test: Test, rows: Sequence[Phase], *, seen: int, why: str = "", innovator: bool = False
) -> None:
    """When what happens. Refused over the limits of the programme; the dates of the test follow from it."""
    wrong = [_("“%(label)s” ends before it begins.") % {"label": r.label} for r in rows if r.ends < r.begins]
    wrong += over_limit(rows, stage_of_test(test.innovation))
    if wrong:
        raise ValidationError(wrong)
    taken: set[str] = set()
    kept = []
    for row in rows:
        code = free_code(row.label, taken)
        taken.add(code)
        kept.append(replace(row, code=code).row)
    found = span(rows, "test") or (None, None)
    _keep(actor, test, seen, "phases", kept, why, innovator, starts_on=found[0], ends_on=found[1])


@act
def save_basics(
    actor: Actor,
    test: Test,
    *,
    seen: int,
    where: str,
    planned_testers: int | None,
    under_age: bool,
    keep_until: date | None,
    why: str = "",
    innovator: bool = False,
) -> None:
    """Where it takes place, with how many people, and until when their names are kept."""
    if keep_until and keep_until < timezone.localdate():
        raise ValidationError({"keep_until": _("Choose a day that is still to come.")})
    _keep(
        actor,
        test,
        seen,
        "where",
        where,
        why,
        innovator,
        planned_testers=planned_testers,
        under_age=under_age,
        keep_until=keep_until,
    )


def _keep(
    actor: Actor, test: Test, seen: int, part: str, value: Any, why: str, innovator: bool, **fields: Any
) -> None:
    must_write(actor, test.innovation, innovator)
    _must_not_be_over(test)
    if test.state == TestState.RUNNING:
        _note_change(actor, test, why, innovator)
    save_seen(test, seen, plan=test.plan | {part: value}, **fields)
    record(actor, "trials.test_plan_saved", test, data={"part": part})


def _must_not_be_over(test: Test) -> None:
    if test.state not in (TestState.PLANNED, TestState.RUNNING):
        raise ValidationError(_("The test is over, so its plan stays as it was."))


def _note_change(actor: Actor, test: Test, why: str, innovator: bool) -> None:
    if not why.strip():
        raise ValidationError({"why": _("The test is under way: say why the plan changes.")})
    _diary(actor, test.innovation, _("The plan of the test was changed."), why, innovator)


def _diary(actor: Actor, innovation: Innovation, text: str, why: str, innovator: bool) -> None:
    Diary.objects.create(
        innovation=innovation,
        kind=DiaryKind.CHANGE,
        on=timezone.localdate(),
        text=text,
        why=why.strip(),
        by=actor.user,
        by_innovator=innovator,
    )


@act
def save_call(
    actor: Actor,
    test: Test,
    *,
    seen: int,
    is_open: bool,
    call_pl: str,
    call_en: str,
    accessible: str,
    innovator: bool = False,
) -> None:
    """The open invitation: everybody reads it while it is open."""
    must_write(actor, test.innovation, innovator)
    _must_not_be_over(test)
    if is_open and not call_pl.strip():
        raise ValidationError({"call_pl": _("Write the invitation before it is shown.")})
    if is_open and not accessible.strip():
        raise ValidationError({"accessible": _("Say how accessible it is: people decide by it.")})
    fields = {"call_pl": call_pl.strip(), "call_en": call_en.strip(), "accessible": accessible.strip()}
    save_seen(test, seen, is_open=is_open, **fields)
    record(actor, "trials.test_call_saved", test, data={"open": is_open})


def lacks(test: Test) -> list[str]:
    """What the plan still lacks before the test may begin; the page shows the same."""
    wanted = (
        (bool(questions(test)), _("one question at least")),
        (bool(test.starts_on), _("the dates: one phase of testing at least")),
        (bool(test.plan.get("where")), _("the place")),
        (test.consent_texts.exists(), _("the text to which testers agree")),
        (test.keep_until is not None, _("until when names of testers are kept")),
        (ready_count(test) > 0, _("one tester with a consent")),
    )
    return [name for there, name in wanted if not there]


@act
def begin_test(actor: Actor, test: Test, *, why_fewer: str = "", innovator: bool = False) -> Test:
    """Begin. Refused before the gates are passed and the agreement is in force, and without what it needs."""
    must_write(actor, test.innovation, innovator)
    stage = stage_of_test(test.innovation)
    must_be_open(test.innovation, stage)
    missing = lacks(test)
    if missing:
        raise ValidationError(_("Before it begins it needs: %(list)s.") % {"list": "; ".join(missing)})
    ready, least = ready_count(test), stage.least_testers or 0
    if ready < least:
        _fewer(actor, test, ready, least, why_fewer, innovator)
    move(actor, test, TEST, "begin", "trials.test_begun", {"testers": ready})
    settle(test.innovation)
    return test


def _fewer(actor: Actor, test: Test, ready: int, least: int, why: str, innovator: bool) -> None:
    numbers = {"ready": ready, "least": least}
    if not why.strip():
        text = _(
            "The programme wants at least %(least)d testers, and %(ready)d have agreed. Say why it begins with fewer."
        )
        raise ValidationError({"why": text % numbers})
    text = _("The test began with %(ready)d testers; the programme wants at least %(least)d.") % numbers
    _diary(actor, test.innovation, text, why, innovator)


@act
def end_test(actor: Actor, test: Test, *, innovator: bool = False) -> Test:
    """It is done as planned."""
    must_write(actor, test.innovation, innovator)
    move(actor, test, TEST, "end", "trials.test_ended", ended_on=timezone.localdate(), is_open=False)
    _finish_testers(actor, test)
    settle(test.innovation)
    return test


@act
def stop_test(actor: Actor, test: Test, why: str, *, innovator: bool = False) -> Test:
    """Stop early. Whoever sees harm may: the innovator, her mentor, the team."""
    if not innovator:
        accompany.require(actor, test.innovation)
    must_run(test.innovation)
    if not why.strip():
        raise ValidationError({"why": _("Say why it is stopped, in a sentence or two.")})
    fields: dict[str, Any] = {"stopped_why": why.strip(), "ended_on": timezone.localdate(), "is_open": False}
    move(actor, test, TEST, "stop", "trials.test_stopped", **fields)
    _finish_testers(actor, test)
    settle(test.innovation)
    return test


def _finish_testers(actor: Actor, test: Test) -> None:
    """With the test, its testers have taken part to the end."""
    for tester in test.testers.filter(state=TesterState.AGREED).defer(*PERSONAL):
        move(actor, tester, TESTER, "finish", "trials.tester_finished")
