"""The plan of a small test: limits of the programme, what n people can show, its beginning and its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from krzew.accounts.actors import Actor
from krzew.accounts.permissions import Denied
from krzew.timeline.transitions import mermaid
from krzew.trials.acts import innovations, measurements, testers
from krzew.trials.acts import test as acts
from krzew.trials.acts.steps import Conflict, fresh
from krzew.trials.models import Agreement, AgreementKind, Diary, DiaryKind, Innovation, Test, Tester
from krzew.trials.small.learning import learn
from krzew.trials.small.phases import Phase
from krzew.trials.small.questions import question, questions
from krzew.trials.small.results import harm_reached, results
from krzew.trials.states import TEST, TESTER, AgreementState, TesterState, TestState
from tests.trials import small
from tests.trials.small import ANYONE

pytestmark = pytest.mark.django_db
Make = Callable[..., tuple[Innovation, str]]
DOCS = Path(__file__).parents[2] / "docs" / "flows"


@pytest.fixture
def innovation(make_innovation: Make) -> Innovation:
    return make_innovation("iws2")[0]


def opened(innovation: Innovation) -> Innovation:
    """Its agreement on the grant is in force."""
    Agreement.objects.create(
        innovation=innovation,
        kind=AgreementKind.GRANT,
        stage=next(s.code for s in innovation.call.rules.stages if s.kind == "agreement"),
        state=AgreementState.SIGNED,
    )
    return fresh(innovation.pk)


# --- the plan ---------------------------------------------------------------------------------------


def test_a_question_gets_a_code_of_its_own_and_keeps_it(innovation: Innovation) -> None:
    test = small.planned(innovation, small.SHARE, small.SHARE)
    first, second = questions(test)
    assert first.code != second.code
    changed = replace(first, label="Inaczej?")
    acts.save_question(ANYONE, test, changed, seen=test.revision, people=8, innovator=True)
    assert question(test, first.code) == changed


def test_two_who_plan_at_once_lose_nothing(innovation: Innovation) -> None:
    test = small.planned(innovation)
    with pytest.raises(Conflict):
        acts.save_question(ANYONE, test, small.PAIRED, seen=test.revision - 1, people=8, innovator=True)


def test_the_team_needs_the_role_and_the_mentor_only_reads(
    innovation: Innovation, manager: Actor, mentor: Actor, stranger: Actor
) -> None:
    innovations.name_mentor(manager, innovation, mentor.user)
    for actor in (mentor, stranger, ANYONE):
        with pytest.raises(Denied):
            acts.plan_test(actor, innovation)
    assert acts.plan_test(manager, innovation).state == TestState.PLANNED


@pytest.mark.parametrize(
    ("kind", "days", "fits"),
    [("preparation", 90, True), ("preparation", 93, False), ("test", 270, True), ("test", 277, False)],
)
def test_phases_over_the_limit_are_refused(innovation: Innovation, kind: str, days: int, fits: bool) -> None:
    test = small.planned(innovation)
    start = date(2026, 1, 1)
    rows = [Phase("", "Faza", kind, start, start + timedelta(days=days))]
    if fits:
        acts.save_phases(ANYONE, test, rows, seen=test.revision, innovator=True)
    else:
        with pytest.raises(ValidationError, match=r"[39]"):
            acts.save_phases(ANYONE, test, rows, seen=test.revision, innovator=True)


def test_preparation_and_test_together_have_a_limit_too(innovation: Innovation) -> None:
    test = small.planned(innovation)
    rows = [
        Phase("", "Przygotowanie", "preparation", date(2026, 1, 1), date(2026, 3, 1)),
        Phase("", "Próba", "test", date(2026, 6, 1), date(2027, 2, 1)),
    ]
    with pytest.raises(ValidationError, match="12"):
        acts.save_phases(ANYONE, test, rows, seen=test.revision, innovator=True)


def test_the_dates_of_the_test_follow_from_its_phases(innovation: Innovation) -> None:
    test = small.planned(innovation)
    assert (test.starts_on, test.ends_on) == (small.today(), small.today() + timedelta(days=60))


# --- what can be learned ----------------------------------------------------------------------------


@pytest.mark.parametrize(("lang", "words"), [("en", "only if it grows from 30% to 80%"), ("pl", "30%")])
def test_it_says_at_once_what_eight_people_can_show(lang: str, words: str) -> None:
    with translation.override(lang):
        found = learn(small.SHARE, 8)
    assert words.replace("%", "") in found.headline.replace("%", "").replace("\u00a0", "")
    assert found.figure is not None
    assert found.figure.table is not None
    assert found.cannot


def test_too_few_people_are_told_so() -> None:
    with translation.override("en"):
        assert "too few" in learn(replace(small.PAIRED, baseline=60, target=20), 3).headline
        assert "no rule" in learn(replace(small.HARM, acceptable_harm=40), 2).headline
        assert learn(small.HARM, 8).figure is not None
        assert "100" not in learn(small.EVENTS, 5).headline


# --- beginning and end ------------------------------------------------------------------------------


def test_it_begins_only_when_the_agreement_is_in_force(innovation: Innovation) -> None:
    test = small.planned(innovation)
    small.agreed(test, 4)
    with pytest.raises(ValidationError):
        acts.begin_test(ANYONE, test, innovator=True)
    test = opened(innovation).test
    acts.begin_test(ANYONE, test, innovator=True)
    assert test.state == TestState.RUNNING


def test_what_is_lacking_is_named(innovation: Innovation) -> None:
    test = acts.plan_test(ANYONE, innovation, innovator=True)
    opened(innovation)
    with translation.override("en"), pytest.raises(ValidationError, match="one question at least"):
        acts.begin_test(ANYONE, test, innovator=True)


def test_fewer_testers_than_the_programme_wants_need_a_reason(innovation: Innovation) -> None:
    small.agreed(small.planned(innovation), 3)
    test = opened(innovation).test
    with pytest.raises(ValidationError) as caught:
        acts.begin_test(ANYONE, test, innovator=True)
    assert "why" in caught.value.message_dict
    acts.begin_test(ANYONE, test, why_fewer="Dwie osoby zachorowały.", innovator=True)
    entry = Diary.objects.get(innovation=innovation)
    assert (entry.kind, entry.why) == (DiaryKind.CHANGE, "Dwie osoby zachorowały.")


def test_a_change_while_it_runs_needs_a_reason(innovation: Innovation) -> None:
    test = small.begun(innovation, people=2)
    with pytest.raises(ValidationError):
        acts.save_question(ANYONE, test, small.PAIRED, seen=test.revision, people=2, innovator=True)
    acts.save_question(
        ANYONE,
        test,
        small.PAIRED,
        seen=test.revision,
        people=2,
        why="Chcemy wiedzieć więcej.",
        innovator=True,
    )
    assert Diary.objects.filter(innovation=innovation, why="Chcemy wiedzieć więcej.").exists()


def test_its_end_closes_the_stage_and_the_way_of_its_testers(innovation: Innovation) -> None:
    test = small.begun(innovation, people=2)
    acts.end_test(ANYONE, test, innovator=True)
    assert set(Tester.objects.values_list("state", flat=True)) == {TesterState.FINISHED}
    with pytest.raises(ValidationError):
        acts.save_question(ANYONE, test, small.PAIRED, seen=test.revision, people=2, innovator=True)


def test_a_mentor_may_stop_it_and_says_why(innovation: Innovation, manager: Actor, mentor: Actor) -> None:
    innovations.name_mentor(manager, innovation, mentor.user)
    test = small.begun(innovation, people=2)
    with pytest.raises(Denied):
        acts.stop_test(ANYONE, test, "Boli.")
    with pytest.raises(ValidationError):
        acts.stop_test(mentor, test, " ")
    acts.stop_test(mentor, test, "Dwie osoby bolała głowa.")
    assert (test.state, test.ended_on) == (TestState.STOPPED, small.today())


# --- what was seen ----------------------------------------------------------------------------------


def note(test: Test, asked: str, moment: str, *values: int, on: date | None = None) -> None:
    code = next(row.code for row in questions(test) if row.label == asked)
    typed = {f"T{n:02d}": Decimal(value) for n, value in enumerate(values, 1)}
    measurements.measure(ANYONE, test, code, moment, typed, on=on or small.today(), innovator=True)


def test_results_say_how_sure_they_are(innovation: Innovation) -> None:
    test = small.begun(innovation, small.SHARE, small.PAIRED, small.EVENTS, small.HARM)
    note(test, small.SHARE.label, "after", 1, 1, 1, 1, 1, 1, 1, 0)
    note(test, small.PAIRED.label, "before", 0, 0, 0, 0, 1, 0, 0, 0)
    note(test, small.PAIRED.label, "after", 1, 1, 1, 1, 0, 1)
    note(test, small.EVENTS.label, "during", 0, 2, 5)
    note(test, small.HARM.label, "during", 0, 0, 0, 0, 0, 0, 0, 0)
    with translation.override("en"):
        share, paired, events, harm = results(test)
        assert share.tag is not None
        assert str(share.tag.label) == "at least as good as planned"
        assert "7 of 8" in " ".join(share.sentences)
        assert "6" in paired.counted
        assert "7 times" in events.sentences[0]
        assert "may still meet" in harm.sentences[0]
    assert not harm_reached([share, paired, events, harm])


def test_the_rule_for_harm_is_seen_when_it_is_reached(innovation: Innovation) -> None:
    test = small.begun(innovation, small.HARM)
    note(test, small.HARM.label, "during", 1)
    assert not harm_reached(results(test))
    note(test, small.HARM.label, "during", 1, 1)
    assert [row.people for row in harm_reached(results(test))] == [2]


def test_harm_that_came_early_stays_seen(innovation: Innovation) -> None:
    """Two of the first three reach the rule, though two of eight would not."""
    test = small.begun(innovation, small.HARM)
    note(test, small.HARM.label, "during", 1, 1, 0, on=small.today() - timedelta(days=1))
    code = questions(test)[0].code
    rest = {f"T{n:02d}": Decimal(0) for n in range(4, 9)}
    measurements.measure(ANYONE, test, code, "during", rest, on=small.today(), innovator=True)
    assert harm_reached(results(test))


def test_nothing_but_what_was_planned_is_measured(innovation: Innovation) -> None:
    test = small.begun(innovation, small.SHARE, people=2)
    code = questions(test)[0].code
    for moment, value in (("before", 1), ("after", 2)):
        values = {"T01": Decimal(value)}
        with pytest.raises(ValidationError):
            measurements.measure(ANYONE, test, code, moment, values, on=small.today(), innovator=True)
    note(test, small.SHARE.label, "after", 1)
    with pytest.raises(ValidationError):
        acts.remove_question(ANYONE, test, code, seen=test.revision, why="Zbędne.", innovator=True)


def test_after_the_test_only_what_comes_before_may_be_noted_early(innovation: Innovation) -> None:
    test = small.planned(innovation, small.PAIRED)
    small.agreed(test, 2)
    note(test, small.PAIRED.label, "before", 0, 1)
    with pytest.raises(ValidationError):
        note(test, small.PAIRED.label, "after", 1, 1)


def test_nobody_new_comes_in_after_the_end(innovation: Innovation) -> None:
    test = small.begun(innovation, people=2)
    acts.end_test(ANYONE, test, innovator=True)
    with pytest.raises(ValidationError):
        testers.invite(ANYONE, test, {"name": "Ktoś"}, innovator=True)


@pytest.mark.parametrize("table", [TEST, TESTER])
def test_the_documentation_shows_the_declared_states(table: tuple[object, ...]) -> None:
    text = (DOCS / "trials-test.md").read_text(encoding="utf-8")
    assert mermaid(table) in text  # type: ignore[arg-type]
