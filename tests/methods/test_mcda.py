"""Array-level methods: the papers' cases, pymcdm as oracle, the closed form of SMAA, and invariants."""

from __future__ import annotations

import numba
import numpy as np
import pymcdm.methods
import pytest
from hypothesis import given
from hypothesis import strategies as st

from krzew.methods import MethodError
from krzew.methods.fit import (
    additive,
    first_rank_acceptability_all,
    need_values,
    promethee2_usual,
    smaa,
    spotis,
)

DEZERT = np.array([[10.5, -3.1, 1.7], [-4.7, 0, 3.4], [8.1, 0.3, 1.3], [3.2, 7.3, -5.3]])
BOUNDS = np.array([[-5.0, 12], [-6, 10], [-8, 5]])
seeds = st.integers(0, 2**32 - 1)


def random_problem(seed: int, n: int = 30, c: int = 5) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    stream = np.random.default_rng(seed)
    matrix = np.round(stream.uniform(1, 100, (n, c)), stream.integers(0, 3))  # some ties
    return matrix, stream.dirichlet(np.ones(c)), np.where(stream.random(c) < 0.4, -1, 1)


def test_spotis_of_dezert_2020() -> None:
    scores = spotis(DEZERT, [0.2, 0.3, 0.5], [1, -1, 1], BOUNDS)
    np.testing.assert_allclose(scores, [0.1989, 0.3705, 0.3063, 0.7491], atol=5e-5)


def test_promethee_of_zhao_2013() -> None:
    flows = promethee2_usual([[4, 3, 2], [3, 2, 4], [5, 1, 3]], [0.5, 0.3, 0.2], [1, 1, 1])
    np.testing.assert_allclose(flows, [0.1, -0.3, 0.2], atol=1e-12)


def test_topsis_is_only_an_oracle_and_depends_on_its_normalisation() -> None:
    from pymcdm.normalizations import minmax_normalization, vector_normalization

    matrix, weights, types = (
        np.array([[1, 3000.0], [2, 3750], [5, 4500]]),
        np.array([0.5, 0.5]),
        np.array([-1, 1]),
    )
    by_range = pymcdm.methods.TOPSIS(minmax_normalization)(matrix, weights, types)
    by_vector = pymcdm.methods.TOPSIS(vector_normalization)(matrix, weights, types)
    np.testing.assert_allclose(by_range, [0.5, 0.617, 0.5], atol=5e-4)  # Opricovic and Tzeng 2004
    assert by_range.argmax() != by_vector.argmax()


@given(seeds)
def test_equal_to_pymcdm(seed: int) -> None:
    matrix, weights, types = random_problem(seed)
    bounds = np.tile([0.0, 101.0], (5, 1))
    np.testing.assert_allclose(
        spotis(matrix, weights, types, bounds),
        pymcdm.methods.SPOTIS(bounds)(matrix, weights, types),
        atol=1e-9,
    )
    np.testing.assert_allclose(
        promethee2_usual(matrix, weights, types),
        pymcdm.methods.PROMETHEE_II("usual")(matrix, weights, types),
        atol=1e-9,
    )


@given(seeds, st.integers(0, 29))
def test_removing_an_alternative_never_reorders_the_additive_model(seed: int, gone: int) -> None:
    matrix, weights, types = random_problem(seed)
    low, high = np.zeros(5), np.full(5, 100.0)
    whole = np.delete(additive(matrix, weights, low, high, types), gone)
    rest = additive(np.delete(matrix, gone, axis=0), weights, low, high, types)
    np.testing.assert_allclose(whole, rest, atol=1e-12)


def test_additive_stops_at_the_anchors() -> None:
    scores = additive([[-50], [0], [10], [500]], [2.0], [0.0], [10.0], [1])
    np.testing.assert_allclose(scores, [0, 0, 1, 1])


def test_smaa_closed_form() -> None:
    result = smaa([[1, 0], [0, 1], [0.6, 0.6]], 200_000, seed=1)
    np.testing.assert_allclose(result.first_rank, [0.4, 0.4, 0.2], atol=0.005)
    np.testing.assert_allclose(result.central_weights[0], [0.8, 0.2], atol=0.005)
    np.testing.assert_array_equal(result.confidence, [1, 1, 1])
    np.testing.assert_allclose(result.rank_acceptability.sum(axis=0), 1)
    np.testing.assert_allclose(result.rank_acceptability.sum(axis=1), 1)


def test_smaa_twins_share_every_rank() -> None:
    result = smaa([[1, 0], [1, 0], [0, 0.5]], 1000)
    np.testing.assert_array_equal(result.rank_acceptability[0], result.rank_acceptability[1])


def test_smaa_never_first_has_no_central_weights() -> None:
    result = smaa([[1, 1], [0, 0]], 100)
    assert np.isnan(result.central_weights[1]).all()
    assert np.isnan(result.confidence[1])


def test_smaa_around_stated_weights_approaches_the_additive_model() -> None:
    values = [[1, 0], [0, 1], [0.6, 0.6]]
    result = smaa(values, 2000, weights=[0.9, 0.1], concentration=1000)
    assert result.first_rank[0] == 1.0


def test_smaa_with_uncertain_values() -> None:
    stream = np.random.default_rng(0)
    samples = np.stack([stream.normal(0.5, 0.1, 4000), np.full(4000, 0.5)], axis=1)[:, :, None]
    result = smaa([[0.5], [0.5]], 4000, samples=samples)
    np.testing.assert_allclose(result.first_rank, [0.5, 0.5], atol=0.03)
    np.testing.assert_allclose(result.confidence, [0.5, 0.5], atol=0.05)  # 1,000 draws


def test_all_places_equal_one_by_one() -> None:
    stream = np.random.default_rng(2)
    values = np.round(stream.random((6, 9, 4)), 1).astype(np.float32)  # ties happen
    eligible = stream.random((6, 9)) < 0.7
    eligible[4] = False
    together = first_rank_acceptability_all(values, eligible, 1000, seed=3)
    for p in range(6):
        rows = np.flatnonzero(eligible[p])
        if not len(rows):
            assert (together[p] == 0).all()
            continue
        alone = first_rank_acceptability_all(values[p : p + 1], eligible[p : p + 1], 1000, seed=3)[0]
        np.testing.assert_array_equal(together[p], alone)
        np.testing.assert_allclose(
            together[p, rows], smaa(values[p, rows], 1000, seed=3).first_rank, atol=0.004
        )
        assert together[p].sum() == pytest.approx(1.0, abs=1e-5)
        assert (together[p, ~eligible[p]] == 0).all()


def test_twins_share_in_every_place() -> None:
    result = first_rank_acceptability_all(np.ones((1, 4, 3)), np.ones((1, 4), bool), 100)
    np.testing.assert_allclose(result, 0.25)


def test_threads_do_not_change_a_bit() -> None:
    stream = np.random.default_rng(5)
    values, eligible = stream.random((50, 12, 6)), stream.random((50, 12)) < 0.8
    before = numba.get_num_threads()
    try:
        results = []
        for threads in (1, before):
            numba.set_num_threads(threads)
            ranks = smaa(values[0], 500, seed=1).rank_acceptability
            results.append((first_rank_acceptability_all(values, eligible, 300), ranks))
    finally:
        numba.set_num_threads(before)
    np.testing.assert_array_equal(results[0][0], results[1][0])
    np.testing.assert_array_equal(results[0][1], results[1][1])


def test_need_values() -> None:
    serves = [[1.0, 0.0], [0.5, 0.5]]
    np.testing.assert_array_equal(need_values([80.0, 40.0], serves), [[80, 0], [40, 20]])
    unknown = need_values([[80.0, np.nan]], serves)
    assert unknown[0, 0, 1] == 0
    assert np.isnan(unknown[0, 1, 1])


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (lambda: additive([[1.0]], [0.0], [0.0], [1.0], [1]), "weights"),
        (lambda: additive([[1.0]], [-1.0], [0.0], [1.0], [1]), "weights"),
        (lambda: additive([[1.0]], [1.0], [1.0], [1.0], [1]), "anchors"),
        (lambda: additive([[np.nan]], [1.0], [0.0], [1.0], [1]), "matrix"),
        (lambda: additive([[1.0, 2.0]], [1.0], [0.0], [1.0], [1]), "matrix"),
        (lambda: promethee2_usual([[1.0]], [1.0], [2]), "types"),
        (lambda: spotis([[1.0]], [1.0], [1], [0.0, 1.0]), "bounds"),
        (lambda: smaa([[1.0]], 0), "draws"),
        (lambda: smaa(np.empty((0, 2))), "values"),
        (lambda: smaa([[1.0]], concentration=0), "concentration"),
        (lambda: smaa([[1.0]], weights=[0.0]), "weights"),
        (lambda: first_rank_acceptability_all(np.full((1, 1, 1), np.nan), [[True]]), "values"),
        (lambda: first_rank_acceptability_all(np.ones((1, 1, 1)), [[True, False]]), "eligible"),
        (lambda: need_values([1.0], [[2.0]]), "serves"),
        (lambda: need_values([1.0, 2.0], [[1.0]]), "serves"),
    ],
)
def test_bad_input(call: object, field: str) -> None:
    with pytest.raises(MethodError) as error:
        call()  # type: ignore[operator]
    assert error.value.field == field
