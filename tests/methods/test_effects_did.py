"""Differences in differences: organ donations, statsmodels as oracle, staggered adoption, placebo tests."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from krzew.methods import MethodError, effects
from krzew.methods.effects.panel import read_panel
from krzew.methods.effects.staggered import group_time
from tests.methods.effects_data import organs

seeds = st.integers(0, 2**32 - 1)


def panel(
    seed: int, waves: list[float], times: int = 6, growth: float = 0.0, noise: float = 0.3
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """One row per unit and time; the effect is 1 at first and grows by `growth` a period."""
    stream = np.random.default_rng(seed)
    units = len(waves)
    unit, time = np.repeat(np.arange(units), times), np.tile(np.arange(1, times + 1), units)
    wave = np.array(waves)[unit]
    since = time - np.where(np.isfinite(wave), wave, np.inf)
    effect = np.where(since >= 0, 1 + growth * np.maximum(since, 0), 0.0)
    effect = np.nan_to_num(effect, nan=0.0, neginf=0.0, posinf=0.0)
    y = stream.normal(size=units)[unit] + stream.normal(size=times)[time - 1] + effect
    return y + noise * stream.normal(size=len(y)), unit, time, wave


def test_organ_donations() -> None:
    result = effects.did(*organs())
    assert result.estimate == pytest.approx(-0.02246, abs=5e-6)
    assert result.se == pytest.approx(0.006131, abs=5e-7)
    assert result.randomisation_p == pytest.approx(5 / 27)
    assert (result.permutations, result.units, result.clusters) == (27, 27, 27)


def test_one_treated_cluster_is_never_judged_by_its_standard_error() -> None:
    result = effects.did(*organs())
    assert abs(result.estimate / result.se) > 3.5
    assert result.inference == "randomisation"
    assert result.p_value == result.randomisation_p
    assert result.ci[0] < 0 < result.ci[1]
    assert any("Too few to trust the standard error" in warning for warning in result.warnings)


def test_labels_of_time_and_the_treated_column_say_the_same() -> None:
    rate, state, quarter, first = organs()
    labels = np.array(["2010Q4", "2011Q1", "2011Q2", "2011Q3", "2011Q4", "2012Q1"])[quarter - 1]
    on = (state == "California") & (quarter >= 4)
    start = np.where(state == "California", "2011Q3", "")
    results = [
        effects.did(rate, state, quarter, first),
        effects.did(rate, state, labels, start),
        effects.did(rate, state, labels, treated=on),
        effects.did(rate, state, quarter, [None if np.isnan(x) else int(x) for x in first]),
        effects.did(rate, state, quarter, np.nan_to_num(first)),
        effects.did(rate[::-1], state[::-1], quarter[::-1], first[::-1]),
    ]
    assert len({round(result.estimate, 12) for result in results}) == 1
    assert len({result.randomisation_p for result in results}) == 1


@given(seeds)
@settings(max_examples=20)
def test_within_equals_statsmodels_with_dummies(seed: int) -> None:
    y, unit, time, wave = panel(seed, [3.0] * 12 + [np.nan] * 13)
    result = effects.did(y, unit, time, wave, permutations=0)
    on = (time >= np.where(np.isnan(wave), 99, wave)).astype(float)
    dummies = [unit == u for u in range(1, 25)] + [time == s for s in range(2, 7)]
    design = np.column_stack([np.ones(len(y)), on, *dummies]).astype(float)
    peer = sm.OLS(y, design).fit(cov_type="cluster", cov_kwds={"groups": unit})
    assert result.estimate == pytest.approx(peer.params[1], rel=1e-9)
    n, everything, nested = len(y), design.shape[1], 1 + 6
    assert result.se == pytest.approx(peer.bse[1] * np.sqrt((n - everything) / (n - nested)), rel=1e-9)


def test_clusters_above_units() -> None:
    y, unit, time, wave = panel(1, [3.0] * 20 + [np.nan] * 20)
    result = effects.did(y, unit, time, wave, clusters=unit // 4)
    assert (result.clusters, result.treated_clusters) == (10, 5)
    assert result.permutations == 252
    assert result.inference == "randomisation"
    mixed = effects.did(y, unit, time, wave, clusters=unit % 5)
    assert mixed.randomisation_p is None
    assert not mixed.trusted


def test_group_time_by_hand() -> None:
    y, unit, time, wave = panel(2, [3.0, 3.0, 5.0, np.nan, np.nan])
    table = y.reshape(5, 6)
    found = group_time(read_panel(y, unit, time, wave, None, None), "not_yet")
    cell = {(int(w) + 1, int(s) + 1): e for w, s, e in zip(found.wave, found.time, found.effect, strict=True)}
    change = table[:, 3] - table[:, 1]  # period 4 against 2: wave 5 has not adopted yet
    assert cell[3, 4] == pytest.approx(change[:2].mean() - change[2:].mean())
    change = table[:, 4] - table[:, 1]  # period 5: only those who never do are left
    assert cell[3, 5] == pytest.approx(change[:2].mean() - change[3:].mean())
    change = table[:, 0] - table[:, 3]  # wave 5, three periods before the base
    assert cell[5, 1] == pytest.approx(change[2] - change[3:].mean())
    never = group_time(read_panel(y, unit, time, wave, None, None), "never")
    assert len(never.effect) == len(found.effect) == 10


@pytest.mark.parametrize("control", ["not_yet", "never"])
def test_growing_effects_are_averaged_right_where_two_way_effects_go_wrong(control: str) -> None:
    waves = [2.0] * 15 + [4.0] * 15 + [np.nan] * 5
    y, unit, time, wave = panel(0, waves, growth=1.0, noise=0.01)
    result = effects.did(y, unit, time, wave, control=control, permutations=0)
    since = [s - w for w in waves if np.isfinite(w) for s in range(1, 7) if s >= w]
    truth = np.mean([1 + e for e in since])
    assert result.method == "group_time"
    assert result.estimate == pytest.approx(truth, abs=0.02)
    on = (time >= np.where(np.isnan(wave), 99, wave)).astype(float)
    dummies = [unit == u for u in range(1, 35)] + [time == s for s in range(2, 7)]
    two_way = sm.OLS(y, np.column_stack([np.ones(len(y)), on, *dummies]).astype(float)).fit().params[1]
    assert abs(two_way - truth) > 0.3
    with pytest.raises(MethodError, match="group_time"):
        effects.did(y, unit, time, wave, method="within")


def test_everyone_adopts_in_the_end() -> None:
    y, unit, time, wave = panel(3, [3.0] * 10 + [5.0] * 10, noise=0.05)
    result = effects.did(y, unit, time, wave)
    assert result.estimate == pytest.approx(1, abs=0.1)
    assert any("without a comparison" in warning for warning in result.warnings)


def test_interval_covers_as_often_as_it_says() -> None:
    waves = [3.0] * 12 + [5.0] * 12 + [np.nan] * 16
    results = [effects.did(*panel(seed, waves), permutations=0) for seed in range(150)]
    estimates = np.array([r.estimate for r in results])
    assert estimates.mean() == pytest.approx(1, abs=0.02)
    assert np.mean([r.ci[0] <= 1 <= r.ci[1] for r in results]) == pytest.approx(0.95, abs=0.05)
    assert np.mean([r.se for r in results]) == pytest.approx(estimates.std(), rel=0.15)
    assert np.mean([not r.trusted for r in results]) < 0.12  # the check of trends errs 1 time in 20


def test_places_moving_apart_before_are_refused() -> None:
    y, unit, time, wave = panel(4, [5.0] * 10 + [np.nan] * 14)
    drifting = y + 0.4 * time * (unit < 10)
    result = effects.did(drifting, unit, time, wave)
    assert not result.trusted
    assert "trend_refused" in {f.code for f in result.findings}
    assert effects.did(y, unit, time, wave).trusted
    few = effects.did(
        drifting[: 9 * 6], unit[: 9 * 6], time[: 9 * 6], np.where(unit < 3, 5.0, np.nan)[: 9 * 6]
    )
    assert few.event_study.pretrend_p is not None  # three places: by the placebo test


def test_staggered_placebo_test_keeps_its_level_and_finds_effects() -> None:
    waves = [3.0] * 4 + [5.0] * 4 + [np.nan] * 8
    quiet, loud = [], []
    for seed in range(40):
        y, unit, time, wave = panel(seed, waves)
        loud.append(effects.did(y, unit, time, wave, permutations=199).p_value)
        nothing = y - (time >= np.where(np.isnan(wave), 99, wave))
        quiet.append(effects.did(nothing, unit, time, wave, permutations=199).p_value)
    assert np.mean(np.array(quiet) <= 0.05) < 0.15
    assert np.mean(np.array(loud) <= 0.05) > 0.8


def test_gaps_and_early_units_are_left_out_and_said() -> None:
    y, unit, time, wave = panel(5, [1.0] + [3.0] * 8 + [np.nan] * 9)
    keep = ~((unit == 4) & (time == 2))
    result = effects.did(y[keep], unit[keep], time[keep], wave[keep])
    assert result.units == 16
    assert {f.code for f in result.findings} >= {"gaps_caution", "always_caution"}


def test_two_periods_cannot_show_trends() -> None:
    y, unit, time, wave = panel(6, [2.0] * 10 + [np.nan] * 10, times=2)
    result = effects.did(y, unit, time, wave)
    assert result.event_study.pretrend_p is None
    assert "trend_unknown_caution" in {f.code for f in result.findings}


def test_executor_does_not_change_a_bit() -> None:
    data = panel(7, [3.0] * 3 + [5.0] * 3 + [np.nan] * 6)
    alone = effects.did(*data)
    with ThreadPoolExecutor(2) as pool:
        together = effects.did(*data, executor=pool)
    assert (alone.p_value, alone.ci) == (together.p_value, together.ci)


def test_too_few_places_are_refused() -> None:
    result = effects.did(*panel(8, [3.0] * 2 + [np.nan] * 3))
    assert "few_clusters_refused" in {f.code for f in result.findings}
    assert not result.trusted


def test_explain() -> None:
    result = effects.did(*organs())
    assert result.explain("pl")[0] == (
        "Nie widać wyraźnego skutku. Szacunek to −0,0225, a przedział ufności 95% obejmuje zero: od −0,142 do "
        "0,106. To nie dowód, że skutku nie ma."
    )
    assert "Miejsca ze zmianą: 1. Miejsca do porównania: 26." in result.explain("pl")
    assert "comes up in 19 of 100 cases" in " ".join(result.explain("en"))
    clear = effects.did(*panel(1, [3.0] * 12 + [np.nan] * 13))
    assert clear.explain("pl", unit="zł")[0].startswith("Zmiana podniosła wynik średnio o ")
    with pytest.raises(MethodError, match="pl or en"):
        result.explain("cs")


U, S, Y = [0, 0, 1, 1], [1, 2, 1, 2], [1.0, 2.0, 3.0, 4.0]


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (lambda: effects.did([1.0, np.nan, 3, 4], U, S, [2, 2, 0, 0]), "outcome"),
        (lambda: effects.did([], [], [], []), "outcome"),
        (lambda: effects.did(Y, U[:3], S, [2, 2, 0, 0]), "unit"),
        (lambda: effects.did(Y, U, [1, 1, 1, 2], [2, 2, 0, 0]), "unit"),
        (lambda: effects.did(Y, U, S), "first_treated"),
        (lambda: effects.did(Y, U, S, [2, 2, 0, 0], treated=[0, 1, 0, 0]), "first_treated"),
        (lambda: effects.did(Y, U, S, [2, 2, 0]), "first_treated"),
        (lambda: effects.did(Y, U, S, [2, 1, 0, 0]), "first_treated"),
        (lambda: effects.did(Y, U, S, [0, 0, 0, 0]), "first_treated"),
        (lambda: effects.did(Y, U, S, [2, 2, 2, 2]), "first_treated"),
        (lambda: effects.did(Y, U, ["a", "b", "a", "b"], ["c", "c", "", ""]), "first_treated"),
        (lambda: effects.did(Y, U, S, treated=[1, 0, 0, 0]), "treated"),
        (lambda: effects.did(Y, U, S, treated=[0, 2, 0, 0]), "treated"),
        (lambda: effects.did(Y, U, S, [2, 2, 0, 0], method="twfe"), "method"),
        (lambda: effects.did(Y, U, S, [2, 2, 0, 0], control="all"), "control"),
        (lambda: effects.did(Y, U, S, [2, 2, 0, 0], clusters=[1, 1, 1, 1]), "clusters"),
        (lambda: effects.did(Y, U, S, [2, 2, 0, 0], clusters=[1, 2, 1, 1]), "clusters"),
        (lambda: effects.did(Y, U, S, [2, 2, 0, 0], level=2), "level"),
        (lambda: effects.did(Y, U, S, [2, 2, 0, 0], permutations=-1), "permutations"),
    ],
)
def test_bad_input(call: object, field: str) -> None:
    with pytest.raises(MethodError) as error:
        call()  # type: ignore[operator]
    assert error.value.field == field
