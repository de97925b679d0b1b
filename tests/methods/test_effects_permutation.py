"""Permutation tests: every grouping counted, the interval by inversion against a search, threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from krzew.methods import effects
from krzew.methods.effects.permutation import permutation_test

seeds = st.integers(0, 2**32 - 1)


def by_hand(y: np.ndarray, t: np.ndarray, shift: float) -> float:
    """p-value of the effect `shift`, by listing every grouping."""
    z, n = y - shift * t, len(y)
    gaps = []
    for chosen in combinations(range(n), int(t.sum())):
        arm = np.zeros(n, dtype=bool)
        arm[list(chosen)] = True
        gaps.append(abs(z[arm].mean() - z[~arm].mean()))
    own = abs(z[t].mean() - z[~t].mean())
    return float(np.mean(np.array(gaps) >= own - 1e-9))


@given(seeds, st.integers(2, 5), st.integers(2, 4), st.booleans())
@settings(max_examples=25)
def test_exact_p_and_interval_equal_a_full_listing(seed: int, n1: int, n0: int, ties: bool) -> None:
    stream = np.random.default_rng(seed)
    y = stream.normal(size=n1 + n0)
    y = np.round(y) if ties else y
    t = stream.permutation(np.arange(n1 + n0) < n1)
    level = 0.8
    result = effects.estimate(y, t, design="randomised", level=level)
    assert result.permutation_p == pytest.approx(by_hand(y, t, 0.0))
    assert result.inference == "permutation"
    low, high = result.ci
    if np.isinf(low):
        return
    assert low <= result.estimate <= high
    step = 1e-6 * (high - low + 1)
    for end, outward in ((low, -step), (high, step)):
        assert by_hand(y, t, end + outward) <= 1 - level + 1e-9
        if high - low > 3 * step:
            assert by_hand(y, t, end - outward) > 1 - level - 1e-9


def test_twelve_and_twelve_are_counted_out() -> None:
    stream = np.random.default_rng(0)
    y, t = stream.normal(size=24) + np.repeat([1.0, 0.0], 12), np.arange(24) < 12
    result = effects.estimate(y, t, design="randomised")
    assert result.permutations == 2_704_156
    drawn = permutation_test(y, t.astype(float), t, draws=None, seed=1)
    assert drawn.exact
    assert result.ci[0] < 1 < result.ci[1]
    assert result.p_value < 0.05 or result.ci[0] <= 0  # interval and test agree


def test_drawn_test_agrees_with_the_exact_one() -> None:
    stream = np.random.default_rng(3)
    y, t = stream.exponential(size=32), np.arange(32) < 8  # 10.5 million groupings: drawn
    drawn = permutation_test(y, t.astype(float), t, draws=100_000, seed=1)
    assert not drawn.exact
    y, t = y[:24], t[:24]
    exact = permutation_test(y, t.astype(float), t, draws=None, seed=1)
    assert exact.exact
    assert drawn.p_value >= 1 / 100_001
    from scipy import stats

    peer = stats.permutation_test(
        (y[t], y[~t]), lambda a, b: abs(a.mean() - b.mean()), n_resamples=20_000, alternative="greater", rng=1
    )
    assert exact.p_value == pytest.approx(peer.pvalue, abs=0.015)


@pytest.mark.parametrize(
    ("arms", "floor"), [((3, 3), "0.1"), ((3, 2), "0.1"), ((4, 4), None), ((4, 3), None)]
)
def test_groups_too_small_to_say_anything(arms: tuple[int, int], floor: str | None) -> None:
    t = np.arange(sum(arms)) < arms[0]
    result = effects.estimate(np.arange(float(sum(arms))), t, design="randomised")
    said = [warning for warning in result.warnings if "cannot fall below" in warning]
    assert said == ([f"The groups are so small that p cannot fall below {floor}."] if floor else [])


def test_p_never_is_zero_and_counts_itself() -> None:
    y, t = np.arange(80.0), np.arange(80) >= 40
    result = permutation_test(y, t.astype(float), t, draws=999, seed=1)
    assert result.p_value == pytest.approx(1 / 1000)


def test_the_test_keeps_its_level_in_skewed_samples() -> None:
    """The setting in which a t test rejects 10 to 15 % at the nominal 5 %: 8 against 30, exponential."""
    stream = np.random.default_rng(8)
    t, rejected = np.arange(38) < 8, 0
    for _ in range(400):
        test = permutation_test(stream.exponential(size=38), t.astype(float), t, draws=199, seed=2)
        rejected += test.p_value <= 0.05
    assert rejected / 400 < 0.08


def test_threads_do_not_change_a_bit() -> None:
    stream = np.random.default_rng(5)
    y, t = stream.normal(size=200), np.arange(200) < 90
    alone = permutation_test(y, t.astype(float), t, draws=7_000, seed=4)
    with ThreadPoolExecutor(3) as pool:
        together = permutation_test(y, t.astype(float), t, draws=7_000, seed=4, executor=pool)
    np.testing.assert_array_equal(alone.first, together.first)
    assert alone.interval(0.9) == together.interval(0.9)


def test_draws_are_uniform() -> None:
    """Every unit is drawn as often as any other, and pairs too."""
    from krzew.methods.effects.kernels import drawn_subsets

    units = np.column_stack([2.0 ** np.arange(6), np.zeros(6), np.ones(6)])
    codes = drawn_subsets(units, 2, 60_000, 123)[:, 0]
    seen = np.unique(codes, return_counts=True)[1]
    assert len(seen) == 15
    assert ((seen - 4000) ** 2 / 4000).sum() < 40  # chi-squared, 14 degrees of freedom: 36 at 0.1 %
