"""The index pipeline against COINr's published ASEM example."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import spearmanr

from krzew.methods import MethodError
from krzew.methods.framework import Framework, Indicator, Values
from krzew.methods.index import Aggregate, Index, start
from tests.methods.data import table

PUBLISHED = {"CHE": 68.38, "NLD": 64.82, "DNK": 64.80, "NOR": 64.47, "BEL": 63.54, "SWE": 63.00, "IND": 39.79}


def number(text: str) -> float:
    return float(text) if text else float("nan")


@pytest.fixture(scope="module")
def opened() -> Index:
    rows, tree = table("asem_values.csv"), table("asem_tree.csv")
    indicators = tuple(
        Indicator(
            t["iCode"],
            t["Parent"],
            int(number(t["Direction"])),
            number(t["Weight"]),
            denominator=t["Denominator"],
        )
        for t in tree
        if t["Type"] == "Indicator"
    )
    branches = [
        Aggregate(t["iCode"], t["Parent"], number(t["Weight"])) for t in tree if t["Type"] == "Aggregate"
    ]
    matrix = np.array([[number(r[i.code]) for i in indicators] for r in rows])
    values = Values(tuple(r["uCode"] for r in rows), tuple(i.code for i in indicators), matrix)
    return start(Framework(indicators), values, branches)


@pytest.fixture(scope="module")
def asem(opened: Index) -> Index:
    rows = table("asem_values.csv")
    by = {name: [number(r[name]) for r in rows] for name in ("Area", "Energy", "GDP", "Population")}
    groups = [r["EurAsia_group"] for r in rows]
    return opened.denominate(by).impute("group_mean", groups).treat(5).normalise().aggregate()


def test_published_scores(asem: Index) -> None:
    scores = dict(zip(asem.units, asem.scores["Index"], strict=True))
    assert {c: round(float(scores[c]), 2) for c in PUBLISHED} == PUBLISHED
    row = asem.units.index("CHE")
    assert round(float(asem.scores["Conn"][row]), 2) == 62.79
    assert round(float(asem.scores["Sust"][row]), 2) == 73.98
    assert asem.ranks()[asem.units.index("IND")] == 45


def test_regen_with_a_geometric_mean(asem: Index) -> None:
    other = asem.regen(normalise={"low": 1.0}, aggregate={"method": "geometric"})
    assert spearmanr(asem.scores["Index"], other.scores["Index"]).statistic == pytest.approx(0.958, abs=5e-4)
    shift = np.abs(asem.ranks() - other.ranks())
    assert round(float(shift.mean()), 1) == 2.9
    assert other.units[int(shift.argmax())] == "LUX"
    assert shift.max() == 18
    assert [s.name for s in other.log] == [s.name for s in asem.log]


def test_regen_without_changes_is_the_same(asem: Index) -> None:
    np.testing.assert_array_equal(asem.regen().scores["Index"], asem.scores["Index"])


def test_contributions_add_up(asem: Index) -> None:
    for unit in ("CHE", "IND"):
        total = sum(asem.contributions(unit).values())
        assert total == pytest.approx(asem.scores["Index"][asem.units.index(unit)], abs=1e-9)


def test_imputed_cells_are_flagged(asem: Index, opened: Index) -> None:
    assert (asem.flags == "imputed").sum() >= np.isnan(opened.table).sum() > 0


def test_uncertainty_is_reproducible_and_holds_an_order(asem: Index) -> None:
    first, again = asem.uncertainty(20, seed=7), asem.uncertainty(20, seed=7)
    np.testing.assert_array_equal(first.median, again.median)
    assert (first.low <= first.median).all()
    assert (first.median <= first.high).all()
    assert first.provenance.seed == 7


def test_screening_drops_and_says_so() -> None:
    framework = Framework((Indicator("a", "top"), Indicator("b", "top")))
    matrix = np.array([[1.0, 2.0], [3.0, np.nan], [4.0, 5.0]])
    index = start(framework, Values(("x", "y", "z"), ("a", "b"), matrix), [Aggregate("top")])
    screened = index.screen(0.9).normalise("rank").aggregate()
    assert screened.units == ("x", "z")
    assert screened.notes == ("screened out: y",)


def test_knn_takes_the_nearest_donor() -> None:
    framework = Framework((Indicator("a", "top"), Indicator("b", "top")))
    matrix = np.array([[0.0, 10.0], [0.1, np.nan], [9.0, 90.0], [8.0, 80.0]])
    index = start(framework, Values(tuple("wxyz"), ("a", "b"), matrix), [Aggregate("top")])
    assert index.impute("knn", k=1).table[1, 1] == 10.0


@pytest.mark.parametrize(
    ("broken", "field"),
    [
        (lambda i: i.aggregate("median"), "method"),
        (lambda i: i.normalise("goalposts"), "goalposts"),
        (lambda i: i.impute("wish"), "method"),
        (lambda i: i.regen(treat={}), "regen"),
        (lambda i: i.ranks(), "branch"),
    ],
)
def test_bad_steps_are_refused(opened: Index, broken: object, field: str) -> None:
    with pytest.raises(MethodError) as error:
        broken(opened)  # type: ignore[operator]
    assert error.value.field == field


def test_geometric_refuses_zero_scores(asem: Index) -> None:
    with pytest.raises(MethodError, match="above zero"):
        asem.regen(aggregate={"method": "geometric"})
