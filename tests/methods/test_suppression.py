"""Hidden cells stay hidden: an attacker of the test's own, every pattern tried, rules worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from krzew.methods import MethodError
from krzew.methods.suppression import Protected, Table, audit, difference, protect, protect_linked

COUNTS = st.one_of(st.integers(0, 12), st.integers(0, 60))
INVESTMENT = [[20, 50, 10], [8, 19, 22], [17, 32, 12]]  # activity x region, Fischetti and Salazar (2000)


def attacked(published: np.ndarray, sums: np.ndarray, cell: int, sign: int) -> float:
    """The least (sign 1) or greatest (sign -1) value of one cell that fits the published figures."""
    fixed = ~np.isnan(published)
    low = np.where(fixed, published, 0.0)
    high = np.where(fixed, published, np.inf)
    cost = np.zeros(len(published))
    cost[cell] = sign
    found = linprog(cost, A_eq=sums, b_eq=np.zeros(len(sums)), bounds=np.column_stack([low, high]))
    return float(found.x[cell]) if found.status == 0 else -sign * np.inf


def sums_of(shape: tuple[int, ...]) -> np.ndarray:
    """Every sum of a table that ends with its totals, written out cell by cell."""
    number = np.arange(np.prod(shape)).reshape(shape)
    rows = []
    for axis in range(len(shape)):
        for line in np.moveaxis(number, axis, -1).reshape(-1, shape[axis]):
            row = np.zeros(number.size)
            row[line[:-1]], row[line[-1]] = 1, -1
            rows.append(row)
    return np.array(rows)


def assert_safe(found: Protected, sums: np.ndarray) -> None:
    published = found.published.ravel()
    required = zip(found.required_low.ravel(), found.required_high.ravel(), strict=True)
    for cell, (low, high) in enumerate(required):
        if found.primary.ravel()[cell]:
            assert np.isnan(published[cell])
            assert attacked(published, sums, cell, 1) <= low + 1e-6
            assert attacked(published, sums, cell, -1) >= high - 1e-6


@settings(max_examples=25)
@given(arrays(int, array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=4), elements=COUNTS))
def test_no_attacker_gets_closer_than_allowed(values: np.ndarray) -> None:
    found = protect(values, method="fast")
    full = found.table.full()
    assert np.array_equal(found.primary, (full > 0) & (full < 10))
    assert np.array_equal(np.isnan(found.published), found.suppressed)
    assert np.array_equal(found.published[~found.suppressed], full[~found.suppressed])
    assert not found.suppressed[full == 0].any()
    assert_safe(found, sums_of(full.shape))
    hidden = found.suppressed
    assert (found.low[hidden] <= full[hidden]).all()
    assert (found.high[hidden] >= full[hidden]).all()
    assert (found.high > found.low)[hidden].all()
    assert audit(found).ok


@settings(max_examples=8)
@given(arrays(int, (2, 3, 2), elements=st.integers(0, 14)))
def test_bounds_are_those_of_whole_figures(values: np.ndarray) -> None:
    found = protect(values, method="fast")
    published, sums = found.published.ravel(), sums_of(found.published.shape)
    fixed = ~np.isnan(published)
    bounds = Bounds(np.where(fixed, published, 0), np.where(fixed, published, 1e4))
    for cell in np.flatnonzero(~fixed)[:4]:
        for sign, ours in ((1, found.low), (-1, found.high)):
            cost = np.zeros(len(published))
            cost[cell] = sign
            best = milp(
                cost, constraints=LinearConstraint(sums, 0, 0), bounds=bounds, integrality=np.ones(len(cost))
            )
            expected = best.x[cell] if best.x[cell] < 5000 else np.inf
            assert ours.ravel()[cell] == pytest.approx(expected)


@pytest.mark.parametrize("loss", ["log", "cells", "values"])
@pytest.mark.parametrize("seed", range(4))
def test_optimal_equal_to_trying_every_pattern(seed: int, loss: str) -> None:
    stream = np.random.default_rng(seed)
    values = stream.poisson(stream.gamma(2, 12, (2, 3)))
    found = protect(values, loss=loss, method="optimal")
    full = found.table.full()
    cost = {"log": 1 + np.log1p(full), "cells": np.ones(full.shape), "values": full}[loss].ravel()
    primary = np.flatnonzero(found.primary)
    free = [c for c in range(full.size) if c not in primary and full.ravel()[c] > 0]
    patterns = [(*primary, *extra) for r in range(len(free) + 1) for extra in combinations(free, r)]
    patterns.sort(key=lambda cells: cost[list(cells)].sum())
    sums = sums_of(full.shape)

    def safe(cells: tuple[int, ...]) -> bool:
        published = full.ravel().astype(float)
        published[list(cells)] = np.nan
        if any(np.isnan(published[row != 0]).sum() == 1 for row in sums):
            return False  # a cell hidden alone in a sum
        return all(
            attacked(published, sums, c, 1) <= 1 + 1e-6 and attacked(published, sums, c, -1) >= 10 - 1e-6
            for c in primary
        )

    best = next(cells for cells in patterns if safe(cells))
    assert found.proved
    assert found.objective == pytest.approx(cost[list(best)].sum())
    assert found.bound == pytest.approx(found.objective)
    assert protect(values, loss=loss, method="fast").objective >= found.objective - 1e-9


def test_two_dimensions_by_hand() -> None:
    """One cell alone is asked for; four corners hide it, and its bounds follow from two equations each."""
    hide = np.zeros((4, 4), dtype=bool)
    hide[[1, 1, 2, 2], [0, 2, 0, 2]] = True
    found = protect(INVESTMENT, threshold=None, hide=hide)
    assert np.array_equal(found.suppressed, hide)
    assert (found.low[1, 2], found.high[1, 2]) == (5, 30)
    assert (found.low[1, 0], found.high[1, 0]) == (0, 25)
    assert found.published[3, 3] == 190


def test_audit_sees_through_a_naive_table() -> None:
    """Hiding the small cells alone: the totals give every one of them away."""
    found = protect([[20, 3, 40], [15, 30, 8], [50, 60, 70]])
    naive = np.where(found.primary, np.nan, found.table.full())
    opened = audit(replace(found, published=naive, everything=naive.ravel()))
    assert not opened.ok
    assert opened.cells == (("0", "1"), ("1", "2"))
    assert len(opened.recovered) == 2
    assert (opened.low[0, 1], opened.high[0, 1]) == (3, 3)
    assert "„0, 1”; „1, 2”" in opened.explain("pl")[0]
    assert "2 cells can be guessed" in opened.explain("en")[0]


def test_attacker_who_knows_more() -> None:
    found = protect([[20, 3, 40], [15, 30, 8], [50, 60, 70]])
    plain, rule, reasons = (audit(found, knows=k) for k in ("figures", "rule", "reasons"))
    assert plain.ok
    assert (rule.low >= plain.low).all()
    assert (rule.low[found.suppressed] >= 1).all()
    small = found.primary
    assert (reasons.high[small] <= 9).all()
    assert (reasons.low[found.complementary] >= 10).all()
    assert "zna powody" in reasons.explain("pl")[0]


def test_zeros_are_published_unless_they_tell_something() -> None:
    values = [[0, 30, 20], [12, 15, 0], [40, 22, 18]]
    assert not protect(values).suppressed.any()
    found = protect(values, zeros="disclosive")
    assert found.primary[0, 0]
    assert found.primary[1, 2]
    assert_safe(found, sums_of((4, 4)))
    assert (found.high[found.primary] >= 10).all()


def test_nothing_but_small_cells() -> None:
    found = protect([[1, 2], [0, 3]])
    assert found.suppressed.tolist() == [[True, True, True], [False, True, True], [True, True, True]]
    assert np.isinf(found.high[2, 2])
    assert found.lost["inner_cells"] == 0.75
    assert found.masked()[1] == [0.0, None, None]
    single = protect([7])
    assert single.suppressed.tolist() == [True, True]


@pytest.mark.parametrize("seed", range(3))
def test_hierarchy(seed: int) -> None:
    """Gminas in powiats in voivodeships; a powiat of one gmina must be hidden with it."""
    stream = np.random.default_rng(seed)
    powiat = ["a", "a", "a", "b", "c", "c", "d", "d"]
    voivodeship = ["x"] * 4 + ["y"] * 4
    values = stream.poisson(14, (8, 3))
    values[3, 1] = 4
    table = Table(values, {"gmina": [powiat, voivodeship]}, names=("gmina", "sex"))
    found = protect(table, method="fast")
    full = found.table.full()
    assert full.shape == (8 + 4 + 2 + 1, 4)
    np.testing.assert_array_equal(
        full[8:12, :3], [values[:3].sum(0), values[3], values[4:6].sum(0), values[6:].sum(0)]
    )
    np.testing.assert_array_equal(full[12:14, :3], [values[:4].sum(0), values[4:].sum(0)])
    assert full[14, 3] == values.sum()
    assert np.isnan(found.published[[3, 9], 1]).all()
    sums = table.equations().toarray()
    assert len(sums) == 15 + (4 + 2 + 1) * 4
    assert not (sums @ full.ravel()).any()
    assert_safe(found, sums)
    assert protect(table, method="optimal", time_limit=5).objective <= found.objective + 1e-9


def test_linked_tables_hide_the_same_totals() -> None:
    stream = np.random.default_rng(2)
    by_sex = stream.poisson(9, (5, 2)) + 2
    by_age = np.array([stream.multinomial(n, [0.5, 0.3, 0.2]) for n in by_sex.sum(1)])
    one, two = protect_linked([Table(by_sex, names=("gmina", "sex")), Table(by_age, names=("gmina", "age"))])
    np.testing.assert_array_equal(one.published[:, -1], two.published[:, -1])
    assert audit(one).ok
    assert audit(two).ok
    size = len(one.system.values)
    assert size == 6 * 3 + 6 * 4 - 6
    joint = one.system.equations.toarray()
    for cell in np.flatnonzero(np.isfinite(one.required[0])):
        assert attacked(one.everything, joint, cell, 1) <= one.required[0][cell] + 1e-6
        assert attacked(one.everything, joint, cell, -1) >= one.required[1][cell] - 1e-6
    with pytest.raises(MethodError, match="different figures"):
        protect_linked([Table(by_sex, names=("gmina", "sex")), Table(by_age + 1, names=("gmina", "age"))])


def test_p_percent_by_hand() -> None:
    """80 + 15 + 5: the second takes the total less its own 15 for the first: 85, nearer than 10 % to 80."""
    largest = [[[80.0, 40.0]], [[15.0, 35.0]]]
    table = Table([[100.0, 110.0]], largest=largest)
    found = protect(table, None, p_percent=10)
    assert found.primary.tolist() == [[True, False, False], [True, False, False]]
    assert found.required_high[0, 0] == pytest.approx(100 + 0.1 * 80 - 5)
    assert found.required_low[0, 0] == pytest.approx(100 - (0.1 * 80 - 5))
    assert not protect(table, None, p_percent=6).suppressed.any()


def test_dominance_by_hand_and_in_totals() -> None:
    """The largest of a total are the largest of its cells: 60 and 50 of 150 are 73 %."""
    largest = [[60.0, 50.0], [10.0, 20.0]]
    table = Table([70.0, 80.0], largest=largest)
    found = protect(table, None, dominance=(2, 70))
    assert found.primary.tolist() == [True, True, True]
    assert found.required_high[2] == pytest.approx(100 / 70 * 110)
    assert not protect(
        Table([70.0, 80.0, 900.0], largest=[[6, 5, 4], [1, 2, 3]]), None, dominance=(1, 90)
    ).suppressed.any()


def test_few_contributors() -> None:
    table = Table([[500.0, 300.0, 200.0], [100.0, 250.0, 50.0]], contributors=[[3, 20, 30], [40, 50, 60]])
    found = protect(table, threshold=5)
    assert found.primary.sum() == 1
    assert found.required_low[0, 0] == pytest.approx(450)
    assert audit(found).ok
    with pytest.raises(MethodError, match="knows"):
        audit(found, knows="rule")


def test_hide_and_keep() -> None:
    values = [[20, 3, 40, 25], [15, 30, 80, 33], [50, 60, 70, 44]]
    keep = np.zeros((4, 5), dtype=bool)
    keep[:, 4] = keep[3] = keep[0, 0] = True
    found = protect(values, keep=keep)
    assert not found.suppressed[keep].any()
    assert_safe(found, sums_of((4, 5)))
    everything = ~found.primary
    with pytest.raises(MethodError) as error:
        protect(values, keep=everything)
    assert error.value.field == "keep"


def test_margins_included() -> None:
    values = np.array([[20, 3, 40], [15, 30, 8]])
    with_totals = np.pad(values, ((0, 1), (0, 1)))
    with_totals[:2, 3], with_totals[2, :3], with_totals[2, 3] = values.sum(1), values.sum(0), values.sum()
    one, two = protect(values), protect(with_totals, margins="included")
    np.testing.assert_array_equal(one.published, two.published)
    with_totals[0, 3] += 1
    with pytest.raises(MethodError, match="add up"):
        protect(with_totals, margins="included")


def test_second_release_gives_the_first_away() -> None:
    first_values = np.array([[20, 3, 40], [15, 30, 8], [50, 60, 70]])
    second_values = first_values.copy()
    second_values[0, 1] = 12
    first, second = protect(first_values), protect(second_values)
    opened = difference(first, second)
    assert not opened.ok
    assert opened.exposed == ((0, 1),)
    assert (opened.low[0][0, 1], opened.high[0][0, 1]) == (3, 3)
    assert "zdradzają za dużo" in opened.explain("pl")[0]
    assert first.table.cell(3) in [first.table.cell(c) for c in opened.small_changes]
    same = protect(second_values, hide=first.suppressed)
    closed = difference(first, same)
    assert closed.ok
    assert "do not give hidden" in closed.explain("en")[0]
    assert difference(first, second, change=500).low[0][0, 1] <= 3
    with pytest.raises(MethodError) as error:
        difference(first, second, change=1)
    assert error.value.field == "change"
    with pytest.raises(MethodError, match="same categories"):
        difference(first, protect(first_values[:2]))


def test_large_table_is_quick_and_the_same_each_time() -> None:
    stream = np.random.default_rng(5)
    table = Table(stream.poisson(25, (60, 8)), {0: [np.arange(60) // 10]})
    one, two = protect(table), protect(table)
    assert one.method == "fast"
    assert np.array_equal(one.suppressed, two.suppressed)
    assert one.provenance == two.provenance
    assert one.bound <= one.objective
    assert 0 <= one.gap < 1
    assert audit(one).ok


def test_watched_and_stopped() -> None:
    heard: list[float] = []
    stream = np.random.default_rng(3)
    values = stream.poisson(12, (6, 6))
    whole = protect(values, method="fast", progress=lambda share, _: heard.append(share))
    assert heard[-1] == 1.0
    assert all(0 <= share <= 1 for share in heard)
    stopped = protect(values, method="fast", stop=lambda: True)
    assert audit(stopped).ok
    assert stopped.objective >= whole.objective


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (lambda: protect([[1, -2]]), "values"),
        (lambda: protect([[1, np.nan]]), "values"),
        (lambda: protect(np.ones((2, 2, 2, 2))), "values"),
        (lambda: protect([]), "values"),
        (lambda: protect([5], threshold=0), "threshold"),
        (lambda: protect([5], p_percent=10), "largest"),
        (lambda: protect([5], zeros="no"), "zeros"),
        (lambda: protect([5], loss="no"), "loss"),
        (lambda: protect([5], method="no"), "method"),
        (lambda: protect([5], margins="no"), "margins"),
        (lambda: protect([5], protection=-1), "protection"),
        (lambda: protect([5], hide=[True]), "hide"),
        (lambda: protect([5, 20], keep=[True, False, False]), "keep"),
        (lambda: protect(Table([5.0], largest=[[9.0]]), dominance=(1, 50)), "largest"),
        (lambda: protect(Table([5.0], largest=[[4.0]]), p_percent=5), "largest"),
        (lambda: protect(Table([5.0], largest=[[4.0]]), dominance=(1, 150)), "dominance"),
        (lambda: Table([5, 6], {"x": [["a", "b"]]}), "hierarchies"),
        (lambda: Table([5, 6], {0: [["a"]]}), "hierarchies"),
        (lambda: Table([5, 6, 7], {0: [["a", "a", "b"], ["x", "y", "y"]]}), "hierarchies"),
        (lambda: Table([5, 6], names=("a", "b")), "names"),
        (lambda: Table([5, 6], labels=[("a", "a")]), "labels"),
        (lambda: Table([5, 6], largest=[[1, 2, 3]]), "largest"),
        (lambda: protect_linked([]), "tables"),
        (lambda: audit(protect([5, 20]), knows="all"), "knows"),
        (lambda: protect([5, 20]).explain("de"), "lang"),
    ],
)
def test_bad_input(call, field: str) -> None:
    with pytest.raises(MethodError) as error:
        call()
    assert error.value.field == field


def test_explained() -> None:
    found = protect([[20, 3, 40], [15, 30, 8], [50, 60, 70]])
    said = found.explain("pl")
    assert said[0].startswith("Ukryte ze względu na próg: 2 pola. Próg wynosi 10")
    assert said[1].startswith("Ukryte dodatkowo: 4 pola")
    assert "jest na to dowód" in said[3]
    assert found.explain("en")[1].startswith("Hidden besides: 4 cells")
    assert protect([20, 30]).explain("pl")[0] == "W tabeli nie trzeba niczego ukrywać."
    money = protect(Table([[100.0, 110.0]], largest=[[[80.0, 40.0]], [[15.0, 35.0]]]), None, p_percent=10)
    assert money.explain("pl")[0].startswith("Ukryte, bo zdradzałyby dane pojedynczych podmiotów: 2 pola")
