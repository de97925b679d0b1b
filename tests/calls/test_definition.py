"""Programmes as data: the templates hold what their sources say, files come back whole, faults are named."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override

from krzew.calls.definition import BadDefinition, parse, plain, read, templates, worth_asking, written
from krzew.calls.definition.assessment import MeritStage, PitchStage
from krzew.calls.definition.files import TEMPLATES
from krzew.calls.definition.selection import AppealStage, RankingStage
from krzew.calls.definition.testing import DisseminationStage, TrialStage


def data(code: str) -> dict[str, Any]:
    return tomllib.loads((TEMPLATES / f"{code}.toml").read_text(encoding="utf-8"), parse_float=str)


def said(change: dict[str, Any]) -> list[str]:
    with override("en"), pytest.raises(BadDefinition) as caught:
        read(change)
    return [str(problem) for problem in caught.value.problems]


def test_the_five_programmes_are_there() -> None:
    assert set(templates()) == {"wlacznik", "iws2", "stocznia", "niw", "male_wielkie_zmiany"}


@pytest.mark.parametrize("code", sorted(p.stem for p in TEMPLATES.glob("*.toml")))
def test_a_file_comes_back_whole(code: str) -> None:
    definition = templates()[code]
    assert definition.code == code
    assert parse(written(definition)) == definition
    assert read(plain(definition)) == definition


def test_wlacznik() -> None:
    found = templates()["wlacznik"]
    assert (found.grant.pool, found.grant.least, found.grant.most) == (1_649_170, 5_000, None)
    assert (found.applicants.limit, found.applicants.group_least) == (3, 2)
    (last,) = found.of_kind("dissemination")
    assert isinstance(last, DisseminationStage)
    assert last.least_number == 5
    assert any("Najwyższa kwota" in q.pl for q in found.open_questions)  # unverified: asked, not guessed


def test_iws2() -> None:
    found = templates()["iws2"]
    merit, pitch = found.stage("merit_a"), found.stage("pitch_b")
    assert isinstance(merit, MeritStage)
    assert isinstance(pitch, PitchStage)
    assert [c.least for c in merit.criteria] == [5, 4, 4, 4, 4]
    assert (merit.most, pitch.most) == (50, 15)
    assert [t.least for t in (*merit.thresholds, *pitch.thresholds)] == [21, Decimal("32.5")]
    assert found.grant.most == 120_000
    assert found.grant.equals_plan
    test = found.stage("test")
    assert isinstance(test, TrialStage)
    assert (test.preparation_months, test.test_months, test.total_months, test.least_testers) == (3, 9, 12, 4)


def test_stocznia_works_without_points() -> None:
    found = templates()["stocznia"]
    kinds = [s.kind for s in found.stages]
    assert not {"merit", "pitch", "ranking"} & set(kinds)
    assert kinds.index("cooperation") < kinds.index("specification") < kinds.index("agreement")
    assert kinds.count("specification") == 2


def test_the_comparator() -> None:
    found = templates()["niw"]
    merit, ranking, appeal = found.stage("merit"), found.stage("ranking"), found.stage("appeal")
    assert isinstance(merit, MeritStage)
    assert isinstance(ranking, RankingStage)
    assert isinstance(appeal, AppealStage)
    assert merit.divergence is not None
    assert (merit.assessors, merit.most, merit.divergence.over, merit.divergence.third) == (
        2,
        50,
        25,
        "decides",
    )
    assert (merit.criteria[0].justification, merit.card_justification) == (100, 500)
    assert ranking.ties == ("first", "third")
    assert set(ranking.pools.values()) == {213_500}
    assert (appeal.working_days, appeal.final) == (5, True)


def test_a_network_needs_no_form() -> None:
    found = templates()["male_wielkie_zmiany"]
    assert found.network
    assert found.form is None


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (("stages", 2, "thresholds", 0, "least"), "51", "nobody can reach 51"),
        (("stages", 3, "thresholds", 0, "stages"), ["merit_a", "merit_c"], "“merit_c” gives no points"),
        (("stages", 4, "ties"), ["beauty"], "no criterion “beauty”"),
        (("stages", 7, "colour"), "green", "not known here"),
        (("stages", 0, "kind"), "dance", "kind of stage is not known"),
        (("grant", "most"), "-1", "at least 0"),
        (("stages", 2, "criteria", 0, "least"), "11", "more than can be given"),
        (("stages", 7, "tranches", 0, "share"), "70", "do not add up to 100"),
        (("name", "en"), "", "empty"),
        (("code",), "IWS 2", "small letters"),
    ],
)
def test_a_fault_is_named_with_its_place(path: tuple[Any, ...], value: Any, expected: str) -> None:
    broken = data("iws2")
    part: Any = broken
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    assert any(expected in line for line in said(broken)), said(broken)


def test_a_condition_on_a_later_question_is_refused() -> None:
    broken = data("niw")
    fields = broken["stages"][0]["sections"][0]["fields"]
    fields.reverse()
    assert any("is not asked before this question" in line for line in said(broken))


def test_a_plan_is_needed_where_the_amount_equals_it() -> None:
    broken = data("wlacznik")
    broken["grant"]["equals_plan"] = True
    assert any("no plan to fill in" in line for line in said(broken))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"\xff\xfe", "not UTF-8"),
        (b"code = ", "not TOML"),
        (b"x" * 1_000_001, "larger than a programme"),
        (b"", "missing"),
    ],
)
def test_a_broken_file_is_refused(content: bytes, expected: str) -> None:
    with override("en"), pytest.raises(BadDefinition, match=expected):
        parse(content)


def test_a_slip_is_asked_about() -> None:
    loose = data("iws2")
    loose["stages"][2]["thresholds"][0]["least"] = "20"
    with override("en"):
        assert any("never decides" in line for line in worth_asking(read(loose)))
        assert not any("never decides" in line for line in worth_asking(templates()["iws2"]))
