"""Agreement of assessors: published figures, and whether equal steps between marks matter."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from krzew.methods import MethodError
from krzew.methods.calibration import (
    calibrate,
    icc1,
    links,
    ordinal_check,
    raters_needed,
    reliability,
    spearman_brown,
)
from tests.methods.data import table

SHROUT_FLEISS = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], dtype=float
)


def aibs() -> tuple[list[str], list[str], list[float]]:
    rows = table("aibs_scores.csv")
    return [r["proposal"] for r in rows], [r["reviewer"] for r in rows], [float(r["score"]) for r in rows]


def test_icc_of_shrout_and_fleiss_1979() -> None:
    found = reliability(np.repeat(np.arange(6), 4), SHROUT_FLEISS.ravel())
    assert found.single == pytest.approx(0.17, abs=0.005)
    assert found.average == pytest.approx(0.44, abs=0.005)
    assert found.low == pytest.approx(-0.13, abs=0.005)
    assert found.high == pytest.approx(0.72, abs=0.005)


def test_icc_of_real_reviews() -> None:
    ideas, reviewers, scores = aibs()
    assert icc1(ideas, scores) == pytest.approx(0.371, abs=0.0005)
    assert links(ideas, reviewers).connected
    result = calibrate(ideas, reviewers, scores, higher_is_better=False, method="eb")
    assert result.icc == pytest.approx(0.371, abs=0.1)
    assert len(result.ideas) == 72


def test_spearman_brown() -> None:
    assert [raters_needed(0.2, target) for target in (0.5, 0.7, 0.8)] == [4, 10, 16]
    assert spearman_brown(0.2, 16) == pytest.approx(0.8)  # 16 reach it exactly
    assert raters_needed(0.9, 0.5) == 1


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_raters_needed_is_the_least_number(single: float, target: float) -> None:
    count = raters_needed(single, target)
    assert spearman_brown(single, count) >= target - 1e-9
    assert count == 1 or spearman_brown(single, count - 1) < target


def test_unequal_numbers_of_scores() -> None:
    stream = np.random.default_rng(0)
    counts = stream.integers(1, 7, 4000)
    idea = np.repeat(np.arange(4000), counts)
    score = stream.normal(0, 1, 4000)[idea] + stream.normal(0, 1.5, len(idea))
    assert icc1(idea, score) == pytest.approx(1 / 3.25, abs=0.03)


def test_full_agreement_and_none() -> None:
    assert icc1([1, 1, 2, 2], [3, 3, 5, 5]) == 1.0
    none = reliability([1, 1, 2, 2], [1, 5, 1, 5])
    assert none.single < 0
    assert "nie pomoże" in none.explain("pl")[1]
    assert "will not help" in none.explain("en")[1]


def test_steps_of_the_scale() -> None:
    ideas, reviewers, scores = aibs()
    check = ordinal_check(ideas, reviewers, scores, 15, higher_is_better=False)
    assert check.levels == len(set(scores))
    assert len(check.entering) == len(check.leaving)
    assert check.largest_move > 0
    even = ordinal_check([1, 1, 2, 2, 3, 3], list("ababab"), [1, 1.5, 5, 5.5, 9, 9.5], 1)
    assert not even.sensitive
    assert even.explain("pl") == ("Wynik nie zależy od tego, czy odstępy między ocenami są równe.",)


def test_a_stretched_top_mark_decides() -> None:
    ideas = np.repeat(np.arange(3), 3)
    scores = [9, 1, 1, 2, 2, 2, 1, 1, 2]  # one rapture among low marks, or steadily a little better
    check = ordinal_check(ideas, np.tile([1, 2, 3], 3), scores, 1)
    assert check.entering == (1,)
    assert check.leaving == (0,)
    assert "„1”" in check.explain("pl")[0]
    assert "“0”" in check.explain("en")[0]


def test_words_on_agreement_and_links() -> None:
    ideas, _, scores = aibs()
    said = reliability(ideas, scores).explain("pl")
    assert said[0].startswith("Zgodność pojedynczych ocen wynosi 0,37")
    assert said[2] == "Do rzetelności 0,7 potrzeba tylu ocen każdego pomysłu: 4."
    assert reliability(ideas, scores).explain("en")[1] == "A mean of 3 scores has the reliability 0.64."
    apart = links(["x", "y"], ["a", "b"])
    assert apart.explain("pl")[1] == "Niech „a” przeczyta pomysł „y”."
    assert apart.explain("en")[1] == "Let “a” read the idea “y”."
    assert len(links(["x", "x"], ["a", "b"]).explain("pl")) == 1


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (lambda: reliability([1, 2], [1, 2]), "ideas"),
        (lambda: reliability([1, 1], [1, 2]), "ideas"),
        (lambda: reliability([1, 1, 2, 2], [3, 3, 3, 3]), "scores"),
        (lambda: reliability([1, 1, 2], [1, 2, 3], level=1), "level"),
        (lambda: spearman_brown(2, 3), "single"),
        (lambda: spearman_brown(0.2, 0), "raters"),
        (lambda: raters_needed(0.0, 0.5), "single"),
        (lambda: raters_needed(0.2, 1.0), "target"),
        (lambda: ordinal_check([1, 1, 2, 2], [1, 2, 1, 2], [1, 2, 3, 4], 3), "fundable"),
        (lambda: reliability([1, 1, 2, 2], [1, 2, 3, 5]).explain("de"), "lang"),
    ],
)
def test_bad_input(call: Any, field: str) -> None:
    with pytest.raises(MethodError) as error:
        call()
    assert error.value.field == field
