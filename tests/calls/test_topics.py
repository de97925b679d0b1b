"""Criteria per topic: cards, sums, thresholds, lists, letters and files follow; without topics nothing changes."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from krzew.accounts.actors import Actor
from krzew.calls import decisions_protocol
from krzew.calls.acts import assessment, programmes, selection
from krzew.calls.acts import readings as reading_acts
from krzew.calls.assessment_cards import Draft, lacks
from krzew.calls.decisions_words import feedback
from krzew.calls.definition import BadDefinition, parse, plain, read, templates, worth_asking, written
from krzew.calls.definition.topics import is_said, of_topic, rules_of_topic
from krzew.calls.models import Application, Assessor, Call, Reading
from krzew.calls.programmes.dry_run import dry_run
from krzew.calls.queries.assessment import standings
from krzew.calls.queries.decisions import basis, points_row
from krzew.calls.scoring import Card, result
from tests.calls.selection_factory import card, niw_points, pool
from tests.calls.vote_factory import vote_call

ClientOf = Callable[[Actor], Client]
NAME = {"pl": "Miejsca pracy", "en": "Jobs"}
JOBS = {"code": "jobs", "label": NAME, "most": "20", "least": "12", "justification": 0}
TOPIC = {
    "code": "two",
    "label": {"pl": "Zatrudnienie", "en": "Employment"},
    "field": "subregion",
    "value": "two",
    "criteria": [JOBS],
    "thresholds": [{"code": "own", "label": {"pl": "Suma tematu", "en": "Sum of the topic"}, "least": "45"}],
}


def rules(**topic: Any) -> dict[str, Any]:
    data = plain(templates()["niw"]) | {"open_questions": []}
    data["stages"][2]["topics"] = [TOPIC | topic]
    return data


def said(data: dict[str, Any]) -> str:
    with override("en"), pytest.raises(BadDefinition) as caught:
        read(data)
    return str(caught.value)


# --- the file -----------------------------------------------------------------------------------------


def test_topics_come_back_whole_from_a_file() -> None:
    found = read(rules(criteria=[JOBS | {"replaces": "second"}]))
    assert parse(written(found)) == found


@pytest.mark.parametrize("code", sorted(templates()))
def test_rules_without_topics_are_the_very_same_for_everybody(code: str) -> None:
    definition = templates()[code]
    assert rules_of_topic(definition, {"subregion": "two", "theme": "one"}) is definition
    for stage in definition.stages:
        assert of_topic(stage, {"subregion": "two"}) is stage


def test_a_topic_adds_replaces_or_stands_instead() -> None:
    def codes(data: dict[str, Any], answer: str = "two") -> list[str]:
        stage: Any = rules_of_topic(read(data), {"subregion": answer}).stage("merit")
        return [c.code for c in stage.criteria]

    common = ["first", "second", "third", "fourth", "fifth"]
    assert codes(rules()) == [*common, "jobs"]
    assert codes(rules(), "one") == common
    assert codes(rules(criteria=[JOBS | {"replaces": "second"}])) == ["first", "jobs", *common[2:]]
    data = rules(instead=True, thresholds=[])
    data["stages"][3]["ties"] = []
    assert codes(data) == ["jobs"]


@pytest.mark.parametrize(
    ("topic", "text"),
    [
        ({"value": "nine"}, "no question “subregion” with the answer “nine”"),
        ({"field": "nothing"}, "no question “nothing”"),
        ({"criteria": [], "thresholds": [], "instead": True}, "nothing stands instead"),
        ({"criteria": [JOBS | {"replaces": "sixth"}]}, "no common rule “sixth”"),
        ({"thresholds": [TOPIC["thresholds"][0] | {"least": "99"}]}, "nobody can reach 99"),
        ({"criteria": [JOBS | {"code": "first"}]}, "used twice"),
        ({"instead": True}, "cannot tell equals apart"),
    ],
)
def test_a_topic_that_makes_no_sense_is_told(topic: dict[str, Any], text: str) -> None:
    assert text in said(rules(**topic))


def test_outside_a_topic_nothing_is_replaced_and_topics_do_not_repeat() -> None:
    data = rules()
    data["stages"][2]["criteria"][0]["replaces"] = "second"
    data["stages"][2]["topics"].append(TOPIC | {"code": "again"})
    text = said(data)
    assert "only a rule of a topic" in text
    assert "same answer" in text


def test_uneven_sums_on_one_list_are_worth_asking() -> None:
    data = rules()
    with override("en"):
        assert not any("one list" in text for text in worth_asking(read(data)))  # lists are separate here
        data["stages"][3] |= {"separate_by": None, "pools": {}}
        assert any("at most 70 points" in text for text in worth_asking(read(data)))


@pytest.mark.parametrize(
    ("given", "value", "same"),
    [
        ("two", "two", True),
        (["one", "two"], "two", True),
        (True, "yes", True),
        (False, "no", True),
        (True, "no", False),
        (None, "two", False),
        ([], "two", False),
        (True, "true", True),
    ],
)
def test_an_answer_belongs_to_its_topic(given: Any, value: str, same: bool) -> None:
    assert is_said(given, value) is same


# --- points -------------------------------------------------------------------------------------------


def test_minima_and_thresholds_of_the_topic_are_told() -> None:
    given = {code: Decimal(n) for code, n in niw_points(30)["merit"].items()}
    cards = {"merit": [Card(name, given | {"jobs": Decimal(8)}) for name in "ab"]}
    definition = read(rules())
    found = result(rules_of_topic(definition, {"subregion": "two"}), cards)
    assert found.total == 38
    assert {miss.code for miss in found.misses} == {"jobs", "own"}
    assert result(rules_of_topic(definition, {"subregion": "one"}), cards).passed


# --- a call -------------------------------------------------------------------------------------------


@pytest.fixture
def call(manager: Actor, dates: dict[str, Any]) -> Call:
    return vote_call(manager, dates, rules())


@pytest.fixture
def rows(call: Call, make_application: Callable[..., Any]) -> list[Application]:
    """One application of the common rules, one of the topic that passes, one that misses its minimum."""
    found = []
    for region, jobs in (("one", None), ("two", 15), ("two", 8)):
        row = make_application(call, answers={"amount": "100000", "subregion": region})
        points = niw_points(40)["merit"] | ({"jobs": jobs} if jobs is not None else {})
        for assessor in pool(call, 2):
            card(row, assessor, "merit", points)
        Application.objects.filter(pk=row.pk).update(stage="merit")
        found.append(row)
    return found


def test_the_list_the_letter_and_the_protocol_follow(
    manager: Actor, call: Call, rows: list[Application], client_of: ClientOf
) -> None:
    known = standings(call, "merit")
    assert [known[row.pk].verdict for row in rows] == ["passed", "passed", "missed"]
    assert [known[row.pk].total for row in rows] == [40, 55, 48]
    assessment.close_stage(manager, call, "merit")
    made = selection.rank(manager, call, "ranking")
    kept = made.content["rows"]
    assert [kept[f"1/00{n}"]["total"] for n in (1, 2, 3)] == ["40.00", "55.00", "48.00"]
    assert [miss["code"] for miss in kept["1/003"]["misses"]] == ["jobs"]
    third = Application.objects.get(pk=rows[2].pk)
    text = feedback(call, third, points_row(call, third), "rejected_merit")
    assert "Miejsca pracy: 8" in text
    assert "48 z 70" in text or "48 of 70" in text
    second = Application.objects.get(pk=rows[1].pk)
    assert (
        "40 z 50" in (words := feedback(call, rows[0], points_row(call, rows[0]), "reserve")) or "50" in words
    )
    selection.adopt(manager, made)
    page = client_of(manager).get(reverse("calls:decision", args=[call.slug, second.number]))
    assert "Miejsca pracy" in page.content.decode() or "Jobs" in page.content.decode()
    assert basis(call).places[second.pk] == 1
    missed = decisions_protocol.document(call)["sections"][-1]["text"]
    assert any("1/003" in line for line in missed)


def test_the_card_of_an_assessor_asks_for_the_topic(
    call: Call, rows: list[Application], client_of: ClientOf
) -> None:
    assessor = Assessor.objects.first()
    assert assessor is not None
    for row, asked in ((rows[0], False), (rows[1], True)):
        reading = Reading.objects.get(application=row, assessor=assessor)
        Reading.objects.filter(pk=reading.pk).update(state="open")
        stage = reading_acts.stage_of_reading(reading)
        assert ("points_jobs" in lacks(stage, Draft())) is asked
        address = reverse("calls:assessment_card", args=[reading.pk])
        page = client_of(Actor.of(assessor.user)).get(address).content.decode()
        assert ("points_jobs" in page) is asked
        assert ("Zatrudnienie" in page or "Employment" in page) is asked


def test_pages_of_the_team_show_each_by_its_own_criteria(
    manager: Actor, call: Call, rows: list[Application], client_of: ClientOf
) -> None:
    team = client_of(manager)
    for row, asked in ((rows[0], False), (rows[1], True)):
        address = reverse("calls:assessment_application", args=[call.slug, "merit", row.pk])
        page = team.get(address, headers={"accept-language": "pl"}).content.decode()
        assert ("Miejsca pracy" in page) is asked
    assert team.get(reverse("calls:assessment", args=[call.slug, "merit"])).status_code == 200
    everybody = Client(headers={"accept-language": "pl"}).get(reverse("calls:call", args=[call.slug]))
    assert "Zatrudnienie" in everybody.content.decode()


# --- the programme by page ------------------------------------------------------------------------------


def test_a_topic_is_built_by_page(manager: Actor, client_of: ClientOf) -> None:
    data = plain(templates()["niw"]) | {"open_questions": []}
    programme = programmes.make_programme(manager, read(data))
    team = client_of(manager)

    def send(name: str, path: str, **typed: str) -> int:
        programme.refresh_from_db()
        address = reverse(f"calls:programme_{name}", args=[programme.pk, path])
        return team.post(address, typed | {"seen": str(programme.revision)}).status_code

    topic = {"label_pl": "Zatrudnienie", "label_en": "Employment", "answer": "subregion=two"}
    assert send("add", "stages/merit/topics", **topic) == 302
    assert send("part", "stages/merit/topics/zatrudnienie", **topic, instead="on") == 422
    jobs = {"label_pl": "Miejsca pracy", "label_en": "Jobs", "most": "20", "replaces": "second"}
    assert send("add", "stages/merit/topics/zatrudnienie/criteria", **jobs) == 302
    programme = type(programme).objects.get(pk=programme.pk)
    stage: Any = rules_of_topic(programme.rules, {"subregion": "two"}).stage("merit")
    assert [c.code for c in stage.criteria] == ["first", "miejsca_pracy", "third", "fourth", "fifth"]
    common = reverse("calls:programme_part", args=[programme.pk, "stages/merit/criteria/first"])
    assert 'name="replaces"' not in team.get(common).content.decode()
    for name in ("programme_preview", "programme_trial", "programme"):
        assert team.get(reverse(f"calls:{name}", args=[programme.pk]), {"as": "assessor"}).status_code == 200


def test_a_trial_judges_each_by_its_topic() -> None:
    run = dry_run(read(rules()), seed=3)
    came = {str(gate.rule.en): gate.came for gate in run.gates}
    assert 0 < came["Jobs"] < came["Criterion 1"]
