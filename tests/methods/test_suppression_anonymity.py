"""k-anonymity and l-diversity: the published table of patients, and properties on random records."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from krzew.methods import MethodError
from krzew.methods.suppression import k_anonymity

# Figure 2 of Machanavajjhala et al. (2007): twelve patients, 4-anonymous; the last four all have cancer.
PATIENTS = {
    "zip": ["130**"] * 4 + ["1485*"] * 4 + ["130**"] * 4,
    "age": ["<30"] * 4 + [">=40"] * 4 + ["3*"] * 4,
    "condition": [
        *("heart", "heart", "viral", "viral"),
        *("cancer", "heart", "viral", "viral"),
        *("cancer", "cancer", "cancer", "cancer"),
    ],
}


def test_published_table_of_patients() -> None:
    found = k_anonymity(PATIENTS, ["zip", "age"], 4, sensitive="condition", l=2)
    assert found.sizes.tolist() == [4, 4, 4]
    assert found.smallest == 4
    assert not len(found.at_risk)
    assert found.diversity is not None
    assert found.diversity.tolist() == [2, 3, 1]
    assert found.entropy is not None
    assert found.entropy.tolist() == pytest.approx([2, 2**1.5, 1])
    assert found.undiverse.tolist() == [8, 9, 10, 11]
    assert not found.satisfied
    assert found.explain("pl")[-1].startswith(
        "W grupach, w których cecha wrażliwa ma mniej niż 2 różne wartości: 4 rekordy"
    )
    assert "fewer than 2 different values: 4 records" in found.explain("en")[-1]
    assert found.expected_risk == pytest.approx(3 / 12)
    assert found.highest_risk == pytest.approx(1 / 4)
    assert k_anonymity(PATIENTS, ["zip", "age"], 4).satisfied


def test_who_is_at_risk_and_what_to_coarsen() -> None:
    rows = [{"gmina": g, "sex": s} for g, s in [("a", "k")] * 3 + [("a", "m")] * 3 + [("b", "k"), ("c", "k")]]
    found = k_anonymity(rows, ["gmina", "sex"], 2)
    assert found.at_risk.tolist() == [6, 7]
    assert found.unique == 2
    assert [c.name for c in found.coarsen] == ["gmina", "sex"]
    assert (found.coarsen[0].at_risk_without, found.coarsen[1].at_risk_without) == (0, 2)
    assert found.coarsen[0].values == (("b", 1), ("c", 1))
    assert found.drop == ("gmina",)
    assert found.explain("pl") == (
        "Za łatwe do rozpoznania: 2 rekordy na 8 (grupy mniejsze niż 2).",
        "Jedyne w swoim rodzaju: 2 rekordy.",
        "Najwięcej pomoże uogólnienie kolumny „gmina”: bez niej liczba zagrożonych rekordów wyniosłaby 0.",
    )
    assert "Making the column “gmina” coarser" in found.explain("en")[-1]


def test_shapes_of_input_agree() -> None:
    matrix = np.array([[1, 0, 3], [1, 0, 3], [2, 1, 4]])
    frame = pd.DataFrame(matrix, columns=["a", "b", "c"])
    records = frame.to_dict("records")
    sizes = [
        k_anonymity(rows, names, 2).sizes.tolist()
        for rows, names in (
            (matrix, [0, 1]),
            (matrix.tolist(), [0, 1]),
            (frame, ["a", "b"]),
            (records, ["a", "b"]),
            ({"a": [1, 1, 2], "b": (0, 0, 1)}, ["a", "b"]),
        )
    ]
    assert all(s == [2, 1] for s in sizes)


def test_missing_is_a_value() -> None:
    found = k_anonymity({"a": [None, None, "x"], "b": [np.nan, np.nan, 1.0]}, ["a", "b"], 2)
    assert found.sizes.tolist() == [2, 1]


@given(st.integers(0, 2**32 - 1), st.integers(1, 6))
def test_classes_are_those_of_equal_rows(seed: int, k: int) -> None:
    rows = np.random.default_rng(seed).integers(0, 3, (40, 3))
    found = k_anonymity(rows, [0, 1, 2], k)
    alike = (rows[:, None] == rows[None]).all(axis=2)
    assert np.array_equal(found.sizes[found.class_of], alike.sum(axis=1))
    assert np.array_equal(found.class_of[:, None] == found.class_of[None], alike)
    assert found.at_risk.tolist() == np.flatnonzero(alike.sum(axis=1) < k).tolist()
    rest = [c for c in range(3) if c not in found.drop]
    if rest:
        assert k_anonymity(rows, rest, k).satisfied
    without = {c.name: c.at_risk_without for c in found.coarsen}
    for column in range(3):
        others = [c for c in range(3) if c != column]
        assert without[column] == len(k_anonymity(rows, others, k).at_risk)


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (lambda: k_anonymity(PATIENTS, [], 2), "quasi_identifiers"),
        (lambda: k_anonymity(PATIENTS, ["zip", "zip"], 2), "quasi_identifiers"),
        (lambda: k_anonymity(PATIENTS, ["zip"], 0), "k"),
        (lambda: k_anonymity(PATIENTS, ["name"], 2), "rows"),
        (lambda: k_anonymity({"a": [1], "b": [1, 2]}, ["a", "b"], 2), "rows"),
        (lambda: k_anonymity(PATIENTS, ["zip"], 2, sensitive="zip"), "sensitive"),
        (lambda: k_anonymity({"a": [1, 2], "s": [1]}, ["a"], 2, sensitive="s"), "sensitive"),
        (lambda: k_anonymity(PATIENTS, ["zip"], 2).explain("de"), "lang"),
    ],
)
def test_bad_input(call, field: str) -> None:
    with pytest.raises(MethodError) as error:
        call()
    assert error.value.field == field


def test_explained_when_fine() -> None:
    said = k_anonymity(PATIENTS, ["zip"], 4, sensitive="condition").explain("pl")
    assert said == (
        "Każda osoba wygląda w danych tak samo jak co najmniej 3 inne (k = 4).",
        "Cecha wrażliwa ma w każdej grupie co najmniej 2 różne wartości.",
    )
