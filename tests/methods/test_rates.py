"""Empirical Bayes against the published St Louis values, and what must hold for any counts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from krzew.methods import MethodError
from krzew.methods.rates import smooth
from tests.methods.data import table

# esda, docstring of Empirical_Bayes: HC7984 / PO7984 of 78 counties, first ten values.
PUBLISHED = [
    2.36718950e-05, 4.54539167e-05, 4.78114019e-05, 2.76907146e-05, 6.58989323e-05,
    3.66494122e-05, 5.79952721e-05, 2.03064590e-05, 3.31152999e-05, 3.02748380e-05,
]  # fmt: skip


def stl() -> tuple[np.ndarray, np.ndarray]:
    rows = table("stl_homicides.csv")
    return np.array([float(r["events"]) for r in rows]), np.array([float(r["exposed"]) for r in rows])


def test_published_values() -> None:
    np.testing.assert_allclose(smooth(*stl()).smoothed[:10], PUBLISHED, rtol=2e-9)


def test_group_of_everyone_is_the_national_rate() -> None:
    events, exposed = stl()
    everyone = np.tile(np.arange(78), (78, 1))
    local, national = smooth(events, exposed, towards=everyone), smooth(events, exposed)
    np.testing.assert_allclose(local.smoothed, national.smoothed, rtol=1e-12)
    np.testing.assert_allclose(local.sd, national.sd, rtol=1e-9)


counts = st.lists(st.tuples(st.integers(0, 50), st.integers(50, 100_000)), min_size=2, max_size=30)


@given(counts)
def test_smoothed_lies_between_own_and_mean(rows: list[tuple[int, int]]) -> None:
    events, exposed = np.array(rows, dtype=float).T
    s = smooth(events, exposed)
    low, high = np.minimum(s.raw, s.mean), np.maximum(s.raw, s.mean)
    assert (s.smoothed >= low - 1e-15).all()
    assert (s.smoothed <= high + 1e-15).all()
    assert (s.weight >= 0).all()
    assert (s.weight <= 1).all()


@given(counts)
def test_more_people_more_own_weight(rows: list[tuple[int, int]]) -> None:
    events, exposed = np.array(rows, dtype=float).T
    weight = smooth(events, exposed).weight[np.argsort(exposed, kind="stable")]
    assert (np.diff(weight) >= -1e-12).all()


def test_nobody_exposed_is_not_a_rate() -> None:
    s = smooth([0, 3, 2], [0, 100, 100])
    assert np.isnan(s.smoothed[0])
    assert np.isfinite(s.smoothed[1:]).all()


def test_nothing_happened_anywhere() -> None:
    s = smooth([0, 0], [100, 200])
    np.testing.assert_array_equal(s.smoothed, [0, 0])


@pytest.mark.parametrize(
    ("events", "exposed", "towards", "field"),
    [
        ([-1, 2], [10, 10], None, "events"),
        ([1], [10, 10], None, "exposed"),
        ([1, np.inf], [10, 10], None, "events"),
        ([1, 2], [10, 10], [[0], [5]], "towards"),
    ],
)
def test_bad_input(events: list, exposed: list, towards: object, field: str) -> None:
    with pytest.raises(MethodError) as error:
        smooth(events, exposed, towards=towards)
    assert error.value.field == field
