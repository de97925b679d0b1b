"""Controlled rounding keeps every sum and goes to neighbours; random rounding is right on average."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from krzew.methods import MethodError
from krzew.methods.suppression import Table, commitment, round_table


@settings(max_examples=40)
@given(
    arrays(int, array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=4), elements=st.integers(0, 40)),
    st.sampled_from([3, 5, 10]),
)
def test_controlled_rounding_keeps_sums(values: np.ndarray, base: int) -> None:
    found = round_table(values, base)
    table = Table(values)
    full = table.full()
    assert not (table.equations() @ found.values.ravel()).any()
    assert not (found.values % base).any()
    assert (found.values >= 0).all()
    assert not found.values[full == 0].any()
    if values.ndim < 3:  # two dimensions: neighbours are always enough (Cox and Ernst)
        assert np.abs(found.values - full).max() < base
        assert np.array_equal(found.values[full % base == 0], full[full % base == 0])
    assert found.additive
    assert found.furthest == np.abs(found.values - full).max()


@pytest.mark.parametrize("seed", range(3))
def test_nearest_of_all_additive_tables(seed: int) -> None:
    values = np.random.default_rng(seed).integers(0, 30, (2, 3))
    full = Table(values).full()
    choices = [
        (base, base + 5) if value % 5 else (value,) for value in full.ravel() for base in [value // 5 * 5]
    ]
    inner = [choices[i] for i in (0, 1, 2, 4, 5, 6)]
    tables = [Table(np.reshape(cells, (2, 3))).full() for cells in product(*inner)]
    allowed = [t for t in tables if all(v in c for v, c in zip(t.ravel(), choices, strict=True))]
    best = min(((t - full) ** 2).sum() for t in allowed)
    assert ((round_table(values, 5).values - full) ** 2).sum() == pytest.approx(best)


def test_hierarchy_and_money() -> None:
    values = np.random.default_rng(1).gamma(2, 30, (12, 4))
    table = Table(values, {0: [np.arange(12) // 3, np.arange(12) // 6]})
    found = round_table(table, 10)
    np.testing.assert_allclose(table.equations() @ found.values.ravel(), 0, atol=1e-9)
    assert np.abs(found.values - table.full()).max() < 10


def test_random_rounding_is_right_on_average_and_the_same_each_time() -> None:
    values = np.arange(1, 10).reshape(3, 3)
    drawn = np.array([round_table(values, 5, method="random", seed=s).values for s in range(1_000, 1_800)])
    full = Table(values).full()
    spread = np.sqrt((full % 5) * (5 - full % 5) / 800)
    assert (np.abs(drawn.mean(axis=0) - full) <= 4.5 * spread + 1e-9).all()
    assert np.abs(drawn - full).max() < 5
    again = round_table(values, 5, method="random", seed=1_007)
    assert np.array_equal(again.values, drawn[7])
    changed = values.copy()
    changed[0, 0] = 40
    kept = round_table(changed, 5, method="random", seed=1_007).values
    assert np.array_equal(kept[1:3, 1:3], again.values[1:3, 1:3])  # cells that stayed are rounded as before


def test_secret_and_commitment() -> None:
    found = round_table([[3, 4], [8, 9]], 5, method="random")
    assert found.secret is not None
    assert found.commitment == commitment(found.secret)
    assert found.secret not in repr(found)
    assert found.secret not in str(found.provenance)
    assert np.array_equal(
        round_table([[3, 4], [8, 9]], 5, method="random", seed=found.secret).values, found.values
    )
    assert round_table([3], 5).commitment is None


def test_bad_input_and_explained() -> None:
    for call, field in (
        (lambda: round_table([3], 0), "base"),
        (lambda: round_table([3], 5, method="no"), "method"),
        (lambda: round_table([3], 5).explain("de"), "lang"),
    ):
        with pytest.raises(MethodError) as error:
            call()
        assert error.value.field == field
    said = round_table([[3, 4], [8, 9]], 5).explain("pl")
    assert said[0].startswith("Liczby zaokrąglono do wielokrotności 5.")
    assert said[1] == "Sumy dalej się zgadzają."
    rough = round_table([[3, 4, 1], [8, 9, 2]], 5, method="random", seed=1)
    assert not rough.additive
    assert rough.explain("en")[1].startswith("Totals may fail to add up, by")
