"""What the test taught: the final report, the evaluation by criteria, the mentor's opinion, the presentation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from krzew.accounts.actors import Actor
from krzew.accounts.models import Membership, Role
from krzew.accounts.permissions import Denied
from krzew.timeline.models import Event, Letter
from krzew.timeline.states import LetterState
from krzew.timeline.transitions import WrongState, mermaid
from krzew.trials.acts import evaluation as acts
from krzew.trials.acts import innovations, reports
from krzew.trials.acts.evaluation import Draft
from krzew.trials.acts.steps import Conflict, fresh
from krzew.trials.acts.writing import NotReady
from krzew.trials.journey import is_done, stages_of
from krzew.trials.models import (
    Agreement,
    AgreementKind,
    Conclusion,
    Diary,
    DiaryKind,
    Innovation,
    Measurement,
    ResultReport,
    SpecificationVersion,
    Test,
    Tester,
)
from krzew.trials.queries import evaluation as queries
from krzew.trials.states import (
    PAPER,
    AgreementState,
    PaperState,
    ReportState,
    TesterState,
    TestState,
    VersionState,
)
from krzew.trials.written.known import beside, known

pytestmark = pytest.mark.django_db
Make = Callable[..., tuple[Innovation, str]]
As = Callable[[Actor], Client]
ANYONE = Actor.anonymous()
ANSWERS = {code: f"Odpowiedź {code}." for code in ("works", "changes", "enablers", "competences", "cost")}
CRITERIA = ("effectiveness", "efficiency", "durability", "innovator")


def with_test(row: Innovation, people: int = 8, state: str = TestState.ENDED) -> Innovation:
    """Agreements signed, gates passed, a test with `people`, of whom two did not succeed."""
    for stage in stages_of(row.call.rules):
        if stage.kind in ("cooperation", "agreement"):
            kind = AgreementKind.GRANT if stage.kind == "agreement" else AgreementKind.COOPERATION
            Agreement.objects.create(innovation=row, kind=kind, stage=stage.code, state=AgreementState.SIGNED)
        if stage.kind == "specification":
            number = row.specifications.count() + 1
            SpecificationVersion.objects.create(
                innovation=row, stage=stage.code, number=number, state=VersionState.ACCEPTED, content={}
            )
    test = Test.objects.create(innovation=row, state=state, planned_testers=10, plan={"questions": QUESTIONS})
    for n in range(people):
        tester = Tester.objects.create(
            test=test, code=f"T{n:02}", state=TesterState.FINISHED, token_hash=f"{row.pk}-{n}"
        )
        measure(test, tester, "helps", "after", 0 if n < 2 else 1)
        measure(test, tester, "calls", "before", 1)
        measure(test, tester, "calls", "after", 1 if n == 0 else 3)
    return fresh(row.pk)


QUESTIONS = [
    {"code": "helps", "label": "Czy pomogło", "measure": "share", "baseline": 30, "target": 60},
    {"code": "calls", "label": "Rozmów w tygodniu", "measure": "paired", "baseline": 20, "target": 60},
    {"code": "falls", "label": "Upadki", "measure": "events"},
    {"code": "hurt", "label": "Ból", "measure": "harm"},
]


def measure(test: Test, tester: Tester, question: str, moment: str, value: int) -> None:
    Measurement.objects.create(
        test=test, tester=tester, question=question, moment=moment, value=value, on=timezone.localdate()
    )


@pytest.fixture
def linked(make_innovation: Make) -> tuple[Innovation, str]:
    row, token = make_innovation("stocznia")
    return with_test(row), token


@pytest.fixture
def innovation(linked: tuple[Innovation, str]) -> Innovation:
    return linked[0]


def reported(row: Innovation) -> None:
    reports.save(ANYONE, row, ANSWERS, seen=queries.report(row).revision)
    reports.sign(ANYONE, row, seen=queries.report(row).revision, name="Osoba Zmyślona", is_true=True)


def draft(**changes: Any) -> Draft:
    ratings = {code: {"rating": "no", "text": "Widać to w pomiarach."} for code in CRITERIA}
    words = {"conclusion": Conclusion.NOT, "summary_pl": "Nie działa w ten sposób.", "level": 2, "harm": ""}
    return Draft(**({"ratings": ratings} | words | changes))


def evaluated(manager: Actor, row: Innovation, **changes: Any) -> Any:
    acts.save(manager, row, draft(**changes), seen=queries.evaluation(row).revision)
    return acts.sign(manager, row)


# --- what the test knows ----------------------------------------------------------------------------


def test_numbers_of_the_test_stand_in_plain_sentences(innovation: Innovation) -> None:
    with translation.override("en"):
        said = {
            about: [row.text for row in known(innovation) if row.about == about]
            for about in ("testers", "results")
        }
    assert said["testers"][0].startswith("8 people took part (planned: 10)")
    helps, calls, falls, hurt = said["results"]
    assert "75%" in helps
    assert "Rozmów w tygodniu – " in calls
    assert "yet" in falls
    assert "yet" in hurt


def test_harm_that_was_measured_has_to_be_answered(innovation: Innovation, manager: Actor) -> None:
    tester = innovation.test.testers.first()
    assert tester is not None
    measure(innovation.test, tester, "hurt", "during", 1)
    with pytest.raises(ValidationError) as wrong:
        evaluated(manager, innovation)
    assert set(wrong.value.message_dict) == {"harm"}


def test_changes_incidents_and_cost_stand_beside_their_questions(innovation: Innovation) -> None:
    today = timezone.localdate()
    Diary.objects.create(innovation=innovation, kind=DiaryKind.CHANGE, on=today, text="Krócej.", why="Hałas.")
    Diary.objects.create(innovation=innovation, kind=DiaryKind.INCIDENT, on=today, text="Upadek ławki.")
    agreement = Agreement.objects.get(innovation=innovation, kind=AgreementKind.GRANT)
    ResultReport.objects.create(
        agreement=agreement, result="midway", state=ReportState.SENT, amount=Decimal("4000.40")
    )
    rows = known(fresh(innovation.pk))
    assert ["Krócej" in row.text for row in beside(rows, "changes")] == [True]
    costs = beside(rows, "cost")
    assert [row.value for row in costs] == [Decimal("4000.40"), None]
    assert "500,05" in costs[1].text
    assert not any("T0" in row.text for row in rows)


# --- the final report -------------------------------------------------------------------------------


def test_the_report_is_kept_as_typed_and_signed_once(innovation: Innovation) -> None:
    reports.save(ANYONE, innovation, {"works": "Tak."}, seen=0)
    with pytest.raises(Conflict):
        reports.save(ANYONE, innovation, {"works": "Nie."}, seen=0)
    with pytest.raises(NotReady) as refused:
        reports.sign(ANYONE, innovation, seen=1, name="Osoba", is_true=True)
    assert "works" not in [lack.field for lack in refused.value.lacks]
    reports.save(ANYONE, innovation, ANSWERS, seen=1)
    with pytest.raises(ValidationError) as wrong:
        reports.sign(ANYONE, innovation, seen=2, name=" ", is_true=False)
    assert set(wrong.value.message_dict) == {"name", "is_true"}
    row = reports.sign(ANYONE, innovation, seen=2, name="Osoba Zmyślona", is_true=True)
    assert row.sent[0]["answers"]["works"] == "Odpowiedź works."
    with pytest.raises(ValidationError):
        reports.save(ANYONE, innovation, {"works": "Inaczej."}, seen=2)
    assert "Osoba" not in str(list(Event.objects.values_list("data", flat=True)))


def test_it_is_not_signed_before_the_test_has_ended(make_innovation: Make) -> None:
    row = with_test(make_innovation("stocznia")[0], state=TestState.RUNNING)
    reports.save(ANYONE, row, ANSWERS, seen=0)
    with pytest.raises(ValidationError):
        reports.sign(ANYONE, row, seen=1, name="Osoba", is_true=True)


def test_the_team_opens_it_again_with_a_reason_and_the_first_words_stay(
    innovation: Innovation, manager: Actor, mentor: Actor
) -> None:
    reported(innovation)
    with pytest.raises(ValidationError):
        reports.reopen(manager, innovation, " ")
    with pytest.raises(Denied):
        reports.reopen(mentor, innovation, "Brak kosztów.")
    reports.reopen(manager, innovation, "Brak kosztów.")
    reports.save(ANYONE, innovation, {"cost": "Sto złotych."}, seen=1)
    row = reports.sign(ANYONE, innovation, seen=2, name="Osoba Zmyślona", is_true=True)
    assert [copy["answers"]["cost"] for copy in row.sent] == ["Odpowiedź cost.", "Sto złotych."]


def test_what_is_known_begins_the_report(innovation: Innovation) -> None:
    reports.save(ANYONE, innovation, {"works": "Moje słowa."}, seen=0)
    assert reports.begin_with_known(ANYONE, innovation) == []
    reports.save(ANYONE, innovation, {"works": ""}, seen=1)
    assert reports.begin_with_known(ANYONE, innovation) == ["works"]
    assert "Czy pomogło" in queries.report(innovation).answers["works"]


# --- the evaluation ---------------------------------------------------------------------------------


def test_every_criterion_needs_a_word_and_a_reason(innovation: Innovation, manager: Actor) -> None:
    acts.save(manager, innovation, Draft(ratings={"innovator": {"rating": "yes", "text": ""}}), seen=0)
    with pytest.raises(ValidationError) as wrong:
        acts.sign(manager, innovation)
    named = set(wrong.value.message_dict)
    assert {"reason_innovator", "rating_effectiveness", "conclusion", "summary_pl", "level"} <= named
    assert "rating_innovator" not in named


def test_a_failure_is_a_result_like_the_others(innovation: Innovation, manager: Actor) -> None:
    row = evaluated(manager, innovation)
    assert (row.state, row.conclusion, row.by) == (PaperState.DONE, Conclusion.NOT, manager.user)
    stage = next(stage for stage in stages_of(innovation.call.rules) if stage.kind == "evaluation")
    assert not is_done(fresh(innovation.pk), stage)
    reported(innovation)
    assert is_done(fresh(innovation.pk), stage)


def test_no_effect_proves_no_high_level_and_harm_is_not_passed_over(
    innovation: Innovation, manager: Actor
) -> None:
    Diary.objects.create(
        innovation=innovation, kind=DiaryKind.INCIDENT, on=timezone.localdate(), text="Upadek."
    )
    with pytest.raises(ValidationError) as wrong:
        evaluated(manager, innovation, level=4)
    assert set(wrong.value.message_dict) == {"level", "harm"}
    evaluated(manager, innovation, level=2, harm="Jedna osoba się przewróciła.")


def test_two_evaluators_do_not_overwrite_each_other(innovation: Innovation, manager: Actor) -> None:
    acts.save(manager, innovation, draft(), seen=0)
    assert acts.save(manager, innovation, draft(), seen=0).revision == 1  # the same words came twice
    with pytest.raises(Conflict):
        acts.save(manager, innovation, draft(harm="Inne."), seen=0)


def test_the_mentor_does_not_evaluate_unless_nobody_else_can(
    innovation: Innovation, manager: Actor, mentor: Actor, stranger: Actor
) -> None:
    for actor in (mentor, stranger, ANYONE):
        with pytest.raises(Denied):
            acts.save(actor, innovation, draft(), seen=0)
    Membership.objects.create(user=mentor.user, organisation=manager.organisation, role=Role.MANAGER)
    both = Actor.of(mentor.user, manager.organisation)
    innovations.name_mentor(manager, innovation, mentor.user)
    with pytest.raises(ValidationError, match="mentor"):
        evaluated(both, innovation)
    Membership.objects.filter(user=manager.user, role=Role.MANAGER).delete()
    assert acts.sign(both, innovation).by == mentor.user


def test_a_signed_evaluation_is_opened_again_with_a_reason(innovation: Innovation, manager: Actor) -> None:
    with pytest.raises(WrongState):
        acts.reopen(manager, innovation, "Za wcześnie.")
    evaluated(manager, innovation)
    with pytest.raises(ValidationError):
        acts.save(manager, innovation, draft(), seen=1)
    assert acts.reopen(manager, innovation, "Doszły pomiary.").state == PaperState.DRAFT


# --- opinion and presentation -----------------------------------------------------------------------


def test_only_the_mentor_gives_the_opinion_and_earlier_ones_stay(
    innovation: Innovation, manager: Actor, mentor: Actor
) -> None:
    with pytest.raises(Denied):
        acts.give(mentor, innovation, recommends=True, text="Tak.")
    innovations.name_mentor(manager, innovation, mentor.user)
    with pytest.raises(Denied):
        acts.give(manager, innovation, recommends=True, text="Tak.")
    acts.give(mentor, innovation, recommends=True, text="Tak.")
    acts.give(mentor, innovation, recommends=False, text="Po rozmowie: nie.")
    assert [row.recommends for row in fresh(innovation.pk).opinions.all()] == [False, True]


def test_the_presentation_has_a_day_and_is_noted_afterwards(innovation: Innovation, manager: Actor) -> None:
    today = timezone.localdate()
    with pytest.raises(ValidationError):
        acts.present(manager, innovation, on=today + timedelta(3), note="", took_place=True, seen="")
    first = acts.present(manager, innovation, on=today + timedelta(3), note="", took_place=False, seen="")
    assert Letter.objects.get().state == LetterState.HELD
    with pytest.raises(Conflict):
        acts.present(manager, innovation, on=today, note="Inaczej.", took_place=True, seen="")
    mark = acts.mark_of(first)
    row = acts.present(manager, innovation, on=today, note="Pytano o koszty.", took_place=True, seen=mark)
    assert (row.took_place, Letter.objects.count()) == (True, 1)


def test_papers_follow_what_the_last_gate_needs(innovation: Innovation, make_innovation: Make) -> None:
    assert queries.needed(innovation) == ("final_report", "evaluation", "mentor_opinion", "presentation")
    assert queries.needed(make_innovation("wlacznik")[0]) == ("final_report", "evaluation")
    assert [one.code for one in queries.criteria(innovation)] == list(CRITERIA)


def test_the_documentation_shows_the_declared_states() -> None:
    text = (Path(__file__).parents[2] / "docs" / "flows" / "trials-evaluation.md").read_text(encoding="utf-8")
    assert mermaid(PAPER) in text


# --- pages ------------------------------------------------------------------------------------------


def url(name: str, *args: Any) -> str:
    return reverse(f"trials:{name}", args=args)


def test_the_innovator_writes_and_signs_by_the_link(
    client: Client, linked: tuple[Innovation, str], client_of: As, manager: Actor
) -> None:
    row, token = linked
    page, check = url("final_report", token), url("final_report_check", token)
    text = client.get(page).content.decode()
    assert "75%" in text.replace("\xa0", "")
    assert client.post(url("final_report_begin", token)).status_code == 302
    assert "Czy pomogło" in client.get(page).content.decode()
    shown = " ".join(ANSWERS)
    assert client.post(page, ANSWERS | {"revision": "1", "shown": shown, "cost": ""}).status_code == 302
    assert f"{page}?check=1#id_cost" in client.get(check).content.decode()
    client.post(page, {"revision": "2", "shown": "cost", "cost": "Sto."})
    data = {"revision": "3", "name": "Osoba Zmyślona"}
    assert client.post(check, data).status_code == 422
    assert client.post(check, data | {"is_true": "on"}).status_code == 302
    text = client.get(page).content.decode()
    assert "Odpowiedź works." in text
    assert "Osoba Zmyślona" in text
    team = client_of(manager)
    assert team.post(url("team_report_reopen", row.pk), {"why": "Brak kosztów."}).status_code == 302
    assert "Brak kosztów." in client.get(page).content.decode()


def evaluation_data(**changes: str) -> dict[str, str]:
    data = {f"rating_{code}": "partly" for code in CRITERIA} | {
        f"reason_{code}": "Bo tak." for code in CRITERIA
    }
    words = {"conclusion": "partly", "summary_pl": "Działa dla części.", "level": "2", "revision": "0"}
    return data | words | changes


def test_the_team_evaluates_saves_and_signs(
    client: Client, client_of: As, linked: tuple[Innovation, str], manager: Actor
) -> None:
    row, token = linked
    team, page = client_of(manager), url("team_evaluation_write", row.pk)
    assert "Skuteczność" in team.get(page).content.decode()
    answer = team.post(page, evaluation_data(level=""), headers={"hx-request": "true"}).content.decode()
    assert 'name="revision" value="1"' in answer
    assert team.post(page, evaluation_data(level="", revision="1", sign="1")).status_code == 422
    second = team.post(page, evaluation_data(summary_pl="Inne słowa.", revision="0"))
    assert second.status_code == 409
    assert "Działa dla części." in second.content.decode()
    assert "Inne słowa." in second.content.decode()
    assert team.post(page, evaluation_data(revision="2", sign="1")).status_code == 302
    assert "Działa dla części." in team.get(url("team_evaluation", row.pk)).content.decode()
    reported(row)
    assert "Działa dla części." in client.get(url("final_report", token)).content.decode()
    assert team.post(url("team_evaluation_reopen", row.pk), {"why": "Nowe pomiary."}).status_code == 302


def test_opinion_and_presentation_pages(
    client: Client, client_of: As, linked: tuple[Innovation, str], manager: Actor, mentor: Actor
) -> None:
    row, token = linked
    innovations.name_mentor(manager, row, mentor.user)
    said = {"recommends": "no", "text": "Zbyt drogie w małej gminie."}
    assert client_of(mentor).post(url("team_opinion", row.pk), said).status_code == 302
    assert client_of(manager).get(url("team_opinion", row.pk)).status_code == 403
    assert client_of(mentor).get(url("team_presentation", row.pk)).status_code == 403
    day = timezone.localdate().isoformat()
    shown = {"on": day, "took_place": "on", "note": "Pytano o koszty."}
    assert client_of(manager).post(url("team_presentation", row.pk), shown).status_code == 302
    second = client_of(manager).post(url("team_presentation", row.pk), shown | {"note": "Inne słowa."})
    assert second.status_code == 409
    assert "Pytano o koszty." in second.content.decode()
    assert "Inne słowa." in second.content.decode()
    text = client_of(mentor).get(url("team_evaluation", row.pk)).content.decode()
    assert "Zbyt drogie" in text
    assert "Pytano o koszty." in text
    assert "Zbyt drogie" not in client.get(url("final_report", token)).content.decode()


def test_outsiders_find_nothing(
    client_of: As, linked: tuple[Innovation, str], stranger: Actor, mentor: Actor
) -> None:
    row, _token = linked
    names = (
        "evaluation",
        "evaluation_write",
        "evaluation_reopen",
        "report_reopen",
        "opinion",
        "presentation",
    )
    for name in names:
        page = url(f"team_{name}", row.pk)
        assert client_of(stranger).get(page).status_code == 404, name
        assert client_of(mentor).get(page).status_code == 404, name
        assert Client().get(page).status_code == 302, name
    for name in ("final_report", "final_report_check"):
        assert Client().get(url(name, "nonsense")).status_code == 404
        assert Client().get(url(name, f"own-{row.pk}")).status_code == 404


def test_pages_ask_as_much_for_many_testers(
    client: Client, client_of: As, make_innovation: Make, manager: Actor, django_assert_max_num_queries: Any
) -> None:
    row, token = make_innovation("stocznia")
    row = with_test(row, people=20)
    for n in range(8):
        Diary.objects.create(
            innovation=row, kind=DiaryKind.CHANGE, on=timezone.localdate(), text=f"Zmiana {n}."
        )
    team = client_of(manager)
    for who, page in (
        (team, url("team_evaluation", row.pk)),
        (team, url("team_evaluation_write", row.pk)),
        (client, url("final_report", token)),
        (client, url("final_report_check", token)),
    ):
        with django_assert_max_num_queries(28):
            assert who.get(page).status_code == 200
