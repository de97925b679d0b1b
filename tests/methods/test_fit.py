"""The choice for one place: rules, two axes, what would change it, and the sentences."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from krzew.methods import MethodError
from krzew.methods.fit import Alternative, Criterion, Fact, Problem, Rule
from krzew.methods.phrases import number, points, share_of_100
from krzew.methods.what_if import nearest_weights

CRITERIA = (
    Criterion("work", "need", (0, 100), label_pl="praca", label_en="work"),
    Criterion("care", "need", (0, 100), label_pl="opieka nad dziećmi", label_en="childcare"),
    Criterion("reach", "feasibility", (0, 5000), label_pl="osoby w zasięgu", label_en="people in reach"),
)
PEOPLE = Rule("people", "residents", ">=", 5000, "liczba mieszkańców", "residents")
WORKSHOP = Rule(
    "wtz", "wtz", "==", True, "warsztat w powiecie", "a workshop nearby", "Czy działa WTZ?", "Is there a WTZ?"
)
LAUNDRY = Alternative("laundry", "Pralnia", "Laundry", (WORKSHOP,))
NURSERY = Alternative("nursery", "Żłobek", "Nursery")
CAFE = Alternative("cafe", "Kawiarnia", "Café", (Rule("town", "town", "==", True, "miasto", "a town"),))
VALUES = np.array([[80.0, 20, 3000], [30, 60, 1000], [90, 90, 5000]])
FACTS = {"residents": Fact(11500, "GUS", 2024), "town": False}


def problem(**change: object) -> Problem:
    arguments = {
        "alternatives": (LAUNDRY, NURSERY, CAFE),
        "criteria": CRITERIA,
        "values": VALUES,
        "facts": FACTS,
    }
    return Problem(**{**arguments, "rules": (PEOPLE,), **change})  # type: ignore[arg-type]


def test_rules_come_first() -> None:
    fit = problem().solve(2000)
    assert [row.code for row in fit.scored] == ["laundry", "nursery", "cafe"]
    assert [row.state for row in fit.scored] == ["questions", "eligible", "not_eligible"]
    assert fit.score("cafe").rank is None
    assert fit.score("cafe").acceptability is None
    assert {v.outcome for v in fit.score("laundry").verdicts} == {"pass", "unknown"}
    assert list(problem().eligible()) == ["laundry", "nursery"]


def test_need_and_feasibility_are_two_axes() -> None:
    fit = problem().solve(2000)
    laundry = fit.score("laundry")
    assert laundry.need_score == pytest.approx(50.0)
    assert laundry.feasibility == pytest.approx(60.0)
    assert laundry.contributions == pytest.approx({"work": 40.0, "care": 10.0})
    assert laundry.feasibility_contributions == pytest.approx({"reach": 60.0})
    assert laundry.quadrant == "do"
    assert fit.score("nursery").quadrant == "later"


def test_feasibility_gates_but_never_ranks() -> None:
    low = VALUES.copy()
    low[0, 2] = 0
    assert problem(values=low).solve(500).scored[0].code == "laundry"
    gated = problem(values=low, feasibility_gate=10.0).solve(500)
    assert gated.score("laundry").state == "not_eligible"
    assert "10 punktów" in gated.explain("pl").reasons["laundry"][0]


def test_unknown_figure_is_wide_not_low() -> None:
    unknown = VALUES.copy()
    unknown[1, 1] = np.nan
    row = problem(values=unknown).solve(4000).score("nursery")
    assert row.unknown == ("care",)
    assert row.contributions["care"] == 25.0
    assert 0.2 < row.acceptability < 0.6  # type: ignore[operator]


def test_errors_make_the_result_less_sure() -> None:
    sure = problem().solve(4000).score("laundry")
    errors = np.zeros((3, 3))
    errors[:, :2] = 30
    unsure = problem(errors=errors).solve(4000).score("laundry")
    assert sure.confidence == 1.0
    assert unsure.confidence < 1.0  # type: ignore[operator]


def test_shared_error_moves_all_alternatives_together() -> None:
    values, errors = np.array([[50.0], [49.0]]), np.full((2, 1), 20.0)
    two = (LAUNDRY, NURSERY)
    apart = Problem(two, (Criterion("work", "need", (-1000, 1000)),), values, errors).solve(4000)
    together = Problem(
        two, (Criterion("work", "need", (-1000, 1000), shared_error=True),), values, errors
    ).solve(4000)
    assert together.score("laundry").acceptability == 1.0
    assert apart.score("laundry").acceptability == pytest.approx(0.514, abs=0.03)


def test_contradictory_rules_name_both() -> None:
    least, most = Rule("least", "residents", ">=", 5000), Rule("most", "residents", "<=", 2000)
    with pytest.raises(MethodError, match=r"rules \[laundry\].*least .*most"):
        problem(alternatives=(Alternative("laundry", rules=(least, most)), NURSERY, CAFE), rules=())


@pytest.mark.parametrize(
    ("ops", "possible"),
    [
        ([(">=", 5), ("<=", 5)], True),
        ([(">", 5), ("<=", 5)], False),
        ([(">=", 5), ("<=", 5), ("!=", 5)], False),
        ([("==", 5), ("!=", 5)], False),
        ([("==", 5), ("==", 6)], False),
        ([("in", [1, 2]), ("in", [2, 3])], True),
        ([("in", [1, 2]), ("not_in", [1, 2])], False),
        ([("in", [1, 9]), (">", 5)], True),
        ([("in", ["a"]), (">", 5)], False),
        ([("<", 3), (">", 5)], False),
    ],
)
def test_which_rules_contradict(ops: list[tuple[str, object]], possible: bool) -> None:
    rules = tuple(Rule(f"r{i}", "x", op, value) for i, (op, value) in enumerate(ops))
    make = lambda: problem(alternatives=(Alternative("a", rules=rules), NURSERY, CAFE))  # noqa: E731
    if possible:
        make()
    else:
        with pytest.raises(MethodError, match="rules"):
            make()


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: Criterion("x", "other", (0, 1)), "axis"),
        (lambda: Criterion("x", "need", (1, 1)), "anchors"),
        (lambda: Criterion("x", "need", (0, 1), 0), "direction"),
        (lambda: Criterion("x", "need", (0, 1), weight=-1), "weight"),
        (lambda: Criterion("x", "need", (0, 1), points=((0, 0), (1, 50), (2, 20))), "points"),
        (lambda: Criterion("x", "need", (0, 1), points=((1, 0), (0, 50))), "points"),
        (lambda: Rule("r", "x", "~", 1), "op"),
        (lambda: Rule("r", "x", ">=", "many"), "value"),
        (lambda: Rule("r", "x", "in", "abc"), "value"),
        (lambda: problem(values=VALUES[:2]), "values"),
        (lambda: problem(errors=-np.ones((3, 3))), "errors"),
        (lambda: problem(alternatives=(LAUNDRY, LAUNDRY, CAFE)), "alternatives"),
        (lambda: problem(criteria=CRITERIA[2:], values=VALUES[:, 2:]), "criteria"),
        (
            lambda: problem(criteria=(Criterion("x", "need", (0, 1), weight=0.0),), values=VALUES[:, :1]),
            "weights of need",
        ),
        (lambda: problem(facts={"residents": "many"}).solve(10), "facts"),
        (lambda: problem().solve(0), "draws"),
        (lambda: problem().solve(10).explain("de"), "lang"),
        (lambda: problem().solve(10).score("x"), "alternative"),
    ],
)
def test_bad_input(make: object, field: str) -> None:
    with pytest.raises(MethodError) as error:
        make()  # type: ignore[operator]
    assert error.value.field == field


def test_broken_line_and_its_inverse() -> None:
    criterion = Criterion("x", "need", (0, 10), points=((0, 0), (5, 80), (10, 100)))
    np.testing.assert_allclose(criterion.value([-1, 2.5, 5, 7.5, 99]), [0, 40, 80, 90, 100])
    assert criterion.figure_for(90.0) == pytest.approx(7.5)
    assert criterion.figure_for(101.0) is None
    less = Criterion("x", "need", (0, 10), -1)
    np.testing.assert_allclose(less.value([0, 2, 10]), [100, 80, 0])
    assert less.figure_for(80.0) == pytest.approx(2.0)


def test_what_would_change_by_hand() -> None:
    change = problem().solve(100).what_would_change()
    # 80w + 20(1-w) = 30w + 60(1-w) at w = 4/9
    assert (change.first, change.second, change.possible) == ("laundry", "nursery", True)
    assert change.weights == pytest.approx({"work": 4 / 9, "care": 5 / 9})
    assert change.distance == pytest.approx(2 * (0.5 - 4 / 9))
    assert (change.moved_from, change.moved_to) == (("work",), ("care",))
    datum = change.datum
    assert datum is not None
    assert abs(datum.after - datum.before) == pytest.approx(10.0)  # gap 5 at weight 1/2
    again = VALUES.copy()
    rows, columns = [a.code for a in problem().alternatives], [c.code for c in CRITERIA]
    again[rows.index(datum.alternative), columns.index(datum.criterion)] = datum.after
    level = problem(values=again).solve(100)
    assert level.scored[0].need_score == pytest.approx(level.scored[1].need_score)
    assert level.what_would_change().reason == "tie"


def test_dominated_cannot_be_turned_round() -> None:
    values = VALUES.copy()
    values[1, :2] = 10
    change = problem(values=values).solve(100).what_would_change()
    assert (change.possible, change.reason) == (False, "dominated")
    values[1, 1] = 20  # equal there, behind elsewhere: it can draw level, but never win
    level = problem(values=values).solve(100)
    assert level.what_would_change().reason == "dominated"
    assert "nie ustępuje rozwiązaniu „Żłobek”" in level.explain("pl").change[0]


@given(st.integers(0, 2**32 - 1))
def test_nearest_weights_equal_the_closed_form(seed: int) -> None:
    """Greedy: weight goes from the criteria where the first leads most to the one where it trails most."""
    stream = np.random.default_rng(seed)
    lead, weights = stream.normal(0, 30, 6), stream.dirichlet(np.ones(6))
    if lead @ weights < 0:
        lead = -lead
    if lead.min() > 0:
        with pytest.raises(MethodError):
            nearest_weights(lead, weights)
        return
    gap, moved, target = lead @ weights, 0.0, lead.min()
    for j in np.argsort(-lead):
        step = min(weights[j], gap / (lead[j] - target)) if lead[j] > target else 0.0
        moved, gap = moved + step, gap - step * (lead[j] - target)
    assert np.abs(nearest_weights(lead, weights) - weights).sum() == pytest.approx(2 * moved, abs=1e-6)


def test_one_eligible() -> None:
    fit = problem(facts={**FACTS, "wtz": False}).solve(500)
    first = fit.first
    assert first is not None
    assert (first.code, first.acceptability, first.net_flow, first.robust) == ("nursery", 1.0, 0.0, True)
    assert fit.what_would_change().reason == "one_alternative"
    assert fit.explain("pl").headline == "Warunki spełnia jedno rozwiązanie: „Żłobek” (45 punktów na 100)."


def test_none_eligible() -> None:
    fit = problem(facts={"residents": 100}).solve(500)
    assert fit.first is None
    assert fit.smaa is None
    assert fit.what_would_change().reason == "none_eligible"
    said = fit.explain("en")
    assert said.headline.startswith("No solution meets the conditions")
    assert said.reasons["nursery"] == ("Condition not met: residents. It is 100; it must be at least 5,000.",)


def test_no_alternatives_at_all() -> None:
    assert problem(alternatives=(), values=np.empty((0, 3))).solve(10).first is None


def test_sentences_in_polish() -> None:
    said = problem().solve(2000).explain("pl")
    assert said.headline == "Na pierwszym miejscu jest rozwiązanie „Pralnia” (50 punktów na 100)."
    assert (
        said.decided[0]
        == "Rozwiązanie „Pralnia” wyprzedza rozwiązanie „Żłobek”. Decyduje o tym: „praca” (25 punktów)."
    )
    assert said.decided[1] == "Za rozwiązaniem „Żłobek” przemawia: „opieka nad dziećmi” (20 punktów)."
    assert "o ponad 5,6 punktu procentowego" in said.change[0]
    assert said.questions["laundry"] == ("Czy działa WTZ?",)
    assert said.reasons["cafe"][0] == "Warunek niespełniony: miasto. Jest: nie; potrzeba: tak."
    assert "11\u00a0500 (GUS, 2024)" in " ".join(said.reasons["nursery"])


@pytest.mark.parametrize("lang", ["pl", "en"])
def test_every_sentence_is_whole(lang: str) -> None:
    unknown = VALUES.copy()
    unknown[1, 1] = np.nan
    for fit in (
        problem().solve(200),
        problem(values=unknown).solve(200),
        problem(facts={"residents": 1}).solve(200),
    ):
        said = fit.explain(lang)
        lines = [
            said.headline,
            *said.decided,
            *said.change,
            *(r for rows in said.reasons.values() for r in rows),
        ]
        for line in lines:
            assert line.endswith((".", "?"))
            assert not re.search(r"[{}]|  |None|nan", line)
            assert lang == "en" or not re.search(r"\d\.\d", line)


def test_labels_are_not_read_as_templates() -> None:
    odd = Alternative("odd", "Klub {0} <b>", "Club {0} <b>")
    said = problem(alternatives=(odd, NURSERY, CAFE)).solve(100).explain("pl")
    assert "„Klub {0} <b>”" in said.headline


def test_same_seed_same_fit() -> None:
    a, b, c = (problem().solve(500, seed=s) for s in (1, 1, 2))
    assert a.scored == b.scored
    assert a.score("laundry").acceptability != c.score("laundry").acceptability
    assert (a.provenance.seed, a.provenance.data_hash) == (1, c.provenance.data_hash)


@pytest.mark.parametrize(
    ("value", "pl", "en"),
    [
        (1, "1 punkt", "1 point"),
        (3, "3 punkty", "3 points"),
        (5, "5 punktów", "5 points"),
        (12, "12 punktów", "12 points"),
        (22, "22 punkty", "22 points"),
        (2.5, "2,5 punktu", "2.5 points"),
        (0.04, "0 punktów", "0 points"),
    ],
)
def test_numbers_agree_with_words(value: float, pl: str, en: str) -> None:
    assert (points(value, "pl"), points(value, "en")) == (pl, en)


def test_number_formats() -> None:
    assert number(1234567.89, "pl") == "1\u00a0234\u00a0567,9"
    assert number(1234.5, "pl") == "1234,5"
    assert number(-2.5, "pl") == "−2,5"
    assert number(1234.5, "en") == "1,234.5"
    assert share_of_100(0.001, "pl") == "w mniej niż 1 przypadku na 100"
    assert share_of_100(0.999, "en") == "in more than 99 of 100 cases"
    assert share_of_100(1.0, "pl") == "w 100 przypadkach na 100"
