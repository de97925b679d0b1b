"""What the engine says of real places, and that it says it for honest reasons."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from krzew.diagnosis import engine, everywhere, reference
from krzew.diagnosis.engine import Answer, Figure, Inputs
from krzew.diagnosis.models import Diagnosis
from krzew.diagnosis.result import dump, load
from krzew.library.queries import published_for_matching
from krzew.methods import MethodError
from tests.diagnosis.conftest import CZARNKOW, WTZ

NEW_GMINA = "120713"


def test_czarnkow_from_statistics_alone(library_loaded: None) -> None:
    """Commuting is what statistics see; of disability they say nothing, and the result says so."""
    result = engine.compute_place(CZARNKOW)
    assert result.known_needs[0].code == "local_jobs"
    assert result.need("disability_work").severity is None
    assert result.first
    assert result.first.slug != WTZ
    assert any("16" in note.en for note in result.notes)
    assert len(result.group.neighbours) == 30


def test_czarnkow_after_the_meeting(after_meeting: Diagnosis) -> None:
    result = engine.compute(after_meeting)
    assert result.known_needs[0].code == "disability_work"
    first = result.first
    assert first
    assert first.slug == WTZ
    assert first.top3
    assert first.top3 > 0.7
    assert {c.code for c in first.conditions if c.outcome == "pass"} == {
        "wtz",
        "gmina_or_powiat_willing",
        "anchor_buyer",
    }
    assert "families_agree" in first.questions


def test_the_winner_wins_by_its_card_not_by_its_name(
    after_meeting: Diagnosis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With another need on its card the same solution is no longer first."""
    real = published_for_matching()
    changed = tuple(replace(m, needs={"tourism_culture": 3}) if m.slug == WTZ else m for m in real)
    shelf = reference.shelf()
    monkeypatch.setattr(reference, "shelf", lambda: replace(shelf, items=changed))
    result = engine.compute(after_meeting)
    assert result.first
    assert result.first.slug != WTZ


def test_a_no_excludes_with_the_reason(after_meeting: Diagnosis) -> None:
    given = engine.inputs_of(after_meeting)
    refused = replace(given, answers={**given.answers, "wtz_in_reach": Answer(False, "PCPR", "2026-09-01")})
    solution = engine.compute_place(CZARNKOW, refused).solution(WTZ)
    assert solution
    assert solution.rank is None
    assert [c.code for c in solution.failed] == ["wtz"]
    assert "PCPR" in solution.failed[0].answer.pl


def test_points_add_up_to_the_score(library_loaded: None) -> None:
    for solution in engine.compute_place(CZARNKOW).solutions:
        assert sum(p.points for p in solution.parts) == pytest.approx(solution.score)
        assert sum(p.of for p in solution.parts) == pytest.approx(100)


def test_contributions_add_up_to_the_severity(library_loaded: None) -> None:
    for need in engine.compute_place(CZARNKOW).known_needs:
        assert sum(e.contribution or 0 for e in need.evidence) == pytest.approx(need.severity)


def test_the_same_input_gives_the_same_result(library_loaded: None) -> None:
    assert dump(engine.compute_place(CZARNKOW)) == dump(engine.compute_place(CZARNKOW))


def test_a_result_survives_json(after_meeting: Diagnosis) -> None:
    result = engine.compute(after_meeting)
    assert load(json.loads(json.dumps(dump(result)))) == result


def test_a_result_of_another_schema_is_refused(library_loaded: None) -> None:
    content = dump(engine.compute_place(CZARNKOW)) | {"schema": 99}
    with pytest.raises(ValueError, match="schema 99"):
        load(content)


def test_every_gmina_agrees_with_one_gmina(library_loaded: None) -> None:
    """The vectorised way gives the same severities and the same scores."""
    found = everywhere.compute_all(draws=200)
    for code in (CZARNKOW, "302807", NEW_GMINA):
        row, result = found.units.index(code), engine.compute_place(code)
        scores = {s.slug: s.score for s in result.solutions}
        expected = [scores[slug] for slug in found.slugs]
        assert found.score[row] == pytest.approx(expected, abs=1e-6)
        feasibility = {s.slug: s.feasibility for s in result.solutions}
        assert found.feasibility[row] == pytest.approx([feasibility[s] for s in found.slugs], abs=1e-6)
    sums = found.acceptability.sum(axis=1)
    assert np.allclose(sums, 1.0, atol=1e-3)


def test_the_table_of_all(library_loaded: None) -> None:
    table = everywhere.table_of_all(draws=50)
    assert table.num_rows == 2479
    row = table.column("code").to_pylist().index(CZARNKOW)
    first = engine.compute_place(CZARNKOW).first
    assert first
    assert table.column("solution_1")[row].as_py() == first.slug
    assert table.column("score_1")[row].as_py() == pytest.approx(first.score)


def test_a_gmina_without_figures(library_loaded: None) -> None:
    result = engine.compute_place(NEW_GMINA)
    assert result.known_needs == ()
    assert result.group.neighbours == ()
    assert "Zacznij od spotkania" in result.headline.pl
    assert any("nie ma danych statystycznych" in note.pl for note in result.notes)


def test_an_unknown_code(library_loaded: None) -> None:
    with pytest.raises(engine.UnknownPlace):
        engine.compute_place("999999")


def test_a_group_of_one(library_loaded: None) -> None:
    """Only one place to compare with: the figure is judged by national limits, and the result says so."""
    figures = {"unemployment_share": Figure(7.0, "2026-06-30", "PUP")}
    alone = engine.compute_place(NEW_GMINA, Inputs(pins={"120705": "z niej powstała"}, figures=figures))
    assert [n.code for n in alone.group.neighbours] == ["120705"]
    assert alone.group.neighbours[0].reason == "z niej powstała"
    need = alone.need("work")
    assert need.low < need.severity < need.high  # type: ignore[operator]
    said = " ".join(note.pl for note in need.notes)
    assert "według granic krajowych" in said
    assert "mniej niż dziesięć" in said


def test_zero_weights_are_an_error(library_loaded: None) -> None:
    zero = dict.fromkeys(("pressing", "breadth", "evidence", "jobs", "reach"), 0.0)
    with pytest.raises(MethodError, match="weight"):
        engine.compute_place(CZARNKOW, Inputs(weights=zero))


def test_a_local_figure_makes_a_need_known(library_loaded: None) -> None:
    figure = Figure(9.0, "2026-06-30", "PCPR, sprawozdanie")
    need = engine.compute_place(CZARNKOW, Inputs(figures={"wtz_waiting": figure})).need("disability_work")
    assert need.is_known
    row = next(e for e in need.evidence if e.indicator == "wtz_waiting")
    assert (row.value, row.source, row.year) == (9.0, "PCPR, sprawozdanie", "2026-06-30")


def test_pins_and_drops_change_the_group(library_loaded: None) -> None:
    first = engine.compute_place(CZARNKOW)
    dropped = first.group.neighbours[0].code
    result = engine.compute_place(
        CZARNKOW, Inputs(pins={"302807": "podobny rynek"}, drops={dropped: "uzdrowisko"})
    )
    assert dropped not in result.group.codes
    assert "302807" in result.group.codes
    assert [d.reason for d in result.group.dropped] == ["uzdrowisko"]


def test_contradictory_conditions_leave_the_solution_out(
    library_loaded: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = published_for_matching()
    rule = {"fact": "wtz_candidates", "op": "<", "value": 2}
    broken = tuple(
        replace(m, preconditions=(*m.preconditions, {**m.preconditions[0], "code": "few", "rule": rule}))
        if m.slug == WTZ
        else m
        for m in real
    )
    monkeypatch.setattr(reference, "published_for_matching", lambda: broken)
    reference._shelf.cache_clear()
    try:
        result = engine.compute_place(CZARNKOW)
    finally:
        reference._shelf.cache_clear()
    assert result.solution(WTZ) is None
    assert any(WTZ in note.pl for note in result.notes)


def test_yes_without_the_number_is_not_known(adviser: object, after_meeting: Diagnosis) -> None:
    after_meeting.answers.create(fact="legal_founders", answer="yes")
    solution = engine.compute(after_meeting).solution(WTZ)
    assert solution
    assert next(c for c in solution.conditions if c.code == "legal_founders").outcome == "unknown"
