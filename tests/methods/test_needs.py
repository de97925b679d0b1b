"""Severity: the rule as documented, what must hold for any data, and every kind of gap."""

from __future__ import annotations

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from krzew.methods import METHOD_VERSION, MethodError
from krzew.methods.needs import Framework, Indicator, Values, diagnose, diagnose_all


def one(
    column: list[float], goalposts: tuple[float, float] | None = (0.0, 10.0), direction: int = 1
) -> tuple:
    """One indicator; the first unit is the place, the others its group."""
    framework = Framework((Indicator("x", "work", direction, goalposts=goalposts),))
    units = tuple(f"u{i}" for i in range(len(column)))
    return framework, Values(units, ("x",), np.array(column, dtype=float)[:, None]), "u0", units[1:]


def test_the_documented_rule_by_hand() -> None:
    # group 1..5: median 3, MAD 1, spread 1.4826; place 4.4826 is one spread worse; goalposts 0 and 10
    need = diagnose(*one([4.4826, 1, 2, 3, 4, 5])).needs[0]
    assert need.z == pytest.approx(1.0)
    assert need.evidence[0].goalpost_score == pytest.approx(44.826)
    assert need.evidence[0].position_score == pytest.approx(50 + 50 / 3)
    assert need.severity == pytest.approx((44.826 + 50 + 50 / 3) / 2)
    assert (need.evidence[0].group_q1, need.evidence[0].group_median, need.evidence[0].group_q3) == (2, 3, 4)
    assert need.percentile_group == 80.0


def test_direction_turns_the_score_round() -> None:
    worse = diagnose(*one([8, 1, 2, 3, 4, 5])).needs[0]
    better = diagnose(*one([8, 1, 2, 3, 4, 5], (10.0, 0.0), -1)).needs[0]
    assert worse.severity is not None
    assert better.severity == pytest.approx(100 - worse.severity)


def test_z_is_clipped_at_three() -> None:
    assert diagnose(*one([1000, 1, 2, 3, 4, 5])).needs[0].z == 3.0


def test_need_without_indicator_is_unknown(framework: Framework, values: Values, group: list[str]) -> None:
    need = diagnose(framework, values, "000000", group).need("loneliness")
    assert (need.severity, need.low, need.high, need.status) == (None, None, None, "unknown")
    assert need.notes == ("no_indicator",)


def test_all_missing_is_unknown_not_middle() -> None:
    need = diagnose(*one([np.nan] * 8)).needs[0]
    assert (need.severity, need.status, need.notes) == (None, "unknown", ("no_value",))


def test_place_without_own_figure_is_unknown_though_the_group_has_them() -> None:
    need = diagnose(*one([np.nan, 1, 2, 3, 4, 5])).needs[0]
    assert need.severity is None
    assert need.evidence[0].flag == "imputed"
    assert need.evidence[0].contribution is None


def test_imputed_figure_is_flagged_and_widens(framework: Framework, values: Values, group: list[str]) -> None:
    need = diagnose(framework, values, "000003", group).need("work")
    row = next(e for e in need.evidence if e.indicator == "trend")
    assert (row.flag, row.source_flag, row.value) == ("imputed", "missing", row.group_median)
    assert need.coverage == pytest.approx(1 / 3)
    assert need.status == "thin"
    assert {"imputed", "low_coverage"} <= set(need.notes)
    full = values.matrix.copy()
    full[3, 1] = row.value
    sure = diagnose(framework, Values(values.units, values.codes, full), "000003", group).need("work")
    assert sure.severity == pytest.approx(need.severity)
    assert need.high - need.low > sure.high - sure.low  # type: ignore[operator]


def test_not_applicable_is_never_imputed(framework: Framework, values: Values, group: list[str]) -> None:
    flags = np.where(np.isnan(values.matrix), "missing", "observed").astype("U16")
    flags[3, 1] = "not_applicable"
    marked = Values(values.units, values.codes, values.matrix, flags)
    row = diagnose(framework, marked, "000003", group).need("work").evidence[1]
    assert (row.flag, row.value, row.contribution) == ("not_applicable", None, None)


def test_one_place_group_leaves_the_goalposts(framework: Framework, values: Values) -> None:
    result = diagnose(framework, values, "000000", ["000001"])
    assert result.notes == ("small_group",)
    need = result.need("childcare")
    assert need.evidence[0].basis == "goalposts"
    assert need.severity == pytest.approx(need.evidence[0].goalpost_score)
    assert {"goalposts_only", "small_group"} <= set(need.notes)
    assert result.need("civic").severity is None  # no goalposts, no group: nothing speaks


def test_no_spread_falls_back_to_mean_deviation_then_to_goalposts() -> None:
    mostly = diagnose(*one([4, 0, 0, 0, 0, 2])).needs[0]
    assert mostly.evidence[0].z == pytest.approx(3.0)  # mean deviation 0.4, spread 0.5013
    equal = diagnose(*one([4, 1, 1, 1, 1, 1])).needs[0]
    assert equal.evidence[0].basis == "goalposts"
    assert "no_spread" in equal.notes


def test_local_figure_replaces_and_is_marked(framework: Framework, values: Values, group: list[str]) -> None:
    need = diagnose(framework, values, "000003", group, local={"trend": 5.0}).need("work")
    row = need.evidence[1]
    assert (row.flag, row.value, row.goalpost_score) == ("local", 5.0, 100.0)
    assert "local" in need.notes
    assert need.coverage == 1.0


def test_local_figure_that_nobody_else_has() -> None:
    framework = Framework((Indicator("lonely", "loneliness", goalposts=(0.0, 50.0)),))
    values = Values(("a", "b"), ("other",), np.zeros((2, 1)))
    need = diagnose(framework, values, "a", ["b"], local={"lonely": 40.0}).needs[0]
    assert need.severity == 80.0
    assert need.evidence[0].basis == "goalposts"
    assert {"goalposts_only", "local", "single_indicator"} <= set(need.notes)


def test_zero_weights_of_a_need_make_it_unknown() -> None:
    framework = Framework((Indicator("x", "work", weight=0.0, goalposts=(0.0, 1.0)),))
    values = Values(tuple("abcdef"), ("x",), np.arange(6.0)[:, None])
    assert diagnose(framework, values, "a", list("bcdef")).needs[0].notes == ("zero_weight",)


def test_weight_zero_counts_nothing(framework: Framework, values: Values, group: list[str]) -> None:
    less = Framework(
        (*framework.indicators[:1], Indicator("trend", "work", 1, 0.0, (-5.0, 5.0))), framework.needs
    )
    need = diagnose(less, values, "000000", group).need("work")
    assert need.severity == pytest.approx(need.evidence[0].score)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"place": "999999"}, "place"),
        ({"group": ["000001", "999999"]}, "group"),
        ({"group": ["000001", "000001"]}, "group"),
        ({"local": {"nonsense": 1.0}}, "local"),
        ({"local": {"trend": float("nan")}}, "local"),
        ({"draws": 0}, "draws"),
    ],
)
def test_bad_input(framework: Framework, values: Values, change: dict, field: str) -> None:
    arguments = {"place": "000000", "group": ["000001"], **change}
    with pytest.raises(MethodError) as error:
        diagnose(framework, values, **arguments)
    assert error.value.field == field


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: Indicator("x", "n", 2), "direction"),
        (lambda: Indicator("", "n"), "code"),
        (lambda: Indicator("x", "n", weight=-1), "weight"),
        (lambda: Indicator("x", "n", weight=float("nan")), "weight"),
        (lambda: Indicator("x", "n", 1, goalposts=(5.0, 1.0)), "goalposts"),
        (lambda: Indicator("x", "n", -1, goalposts=(1.0, 5.0)), "goalposts"),
        (lambda: Indicator("x", "n", goalposts=(0.0, float("inf"))), "goalposts"),
        (lambda: Framework((Indicator("x", "n"), Indicator("x", "n"))), "indicators"),
        (lambda: Framework((Indicator("x", "n"),), ("other",)), "need"),
        (lambda: Values(("a",), ("x",), np.array([[np.inf]])), "matrix"),
        (lambda: Values(("a",), ("x",), np.zeros((2, 1))), "matrix"),
        (lambda: Values(("a", "a"), ("x",), np.zeros((2, 1))), "units"),
        (lambda: Values(("a",), ("x",), np.zeros((1, 1)), np.array([["lost"]])), "flags"),
        (lambda: Values(("a",), ("x",), np.zeros((1, 1)), np.array([["missing"]])), "flags"),
        (lambda: Values(("a",), ("x",), np.zeros((1, 1)), errors=np.array([[-1.0]])), "errors"),
    ],
)
def test_broken_tables_are_refused(make: object, field: str) -> None:
    with pytest.raises(MethodError) as error:
        make()  # type: ignore[operator]
    assert error.value.field == field


def test_error_names_field_row_and_rule() -> None:
    with pytest.raises(MethodError, match=r"^matrix \[300202, x\]: must be a finite number"):
        Values(("300202",), ("x",), np.array([[np.inf]]))


def test_same_seed_same_result_other_seed_other_interval(
    framework: Framework, values: Values, group: list[str]
) -> None:
    first, again = (diagnose(framework, values, "000000", group, seed=5) for _ in range(2))
    assert first == again
    other = diagnose(framework, values, "000000", group, seed=6).need("work")
    assert other.severity == first.need("work").severity
    assert other.low != first.need("work").low


def test_provenance(framework: Framework, values: Values, group: list[str]) -> None:
    origin = diagnose(framework, values, "000000", group, seed=5).provenance
    assert (origin.seed, origin.method_version) == (5, METHOD_VERSION)
    assert set(origin.versions) >= {"python", "numpy", "scipy", "numba"}
    changed = values.matrix.copy()
    changed[39, 0] += 1
    other = diagnose(
        framework, Values(values.units, values.codes, changed), "000000", group, seed=5
    ).provenance
    assert other.data_hash != origin.data_hash


def groups_of(n: int) -> np.ndarray:
    return np.array([[(i + step) % n for step in range(1, 11)] for i in range(n)])


def test_all_equals_one_by_one(framework: Framework, values: Values) -> None:
    groups = groups_of(40)
    groups[5, 6:] = -1
    everything = diagnose_all(framework, values, groups, draws=60)
    for i in (0, 3, 5, 39):
        members = [values.units[g] for g in groups[i] if g >= 0]
        result = diagnose(framework, values, values.units[i], members, draws=60)
        for name in ("severity", "low", "high", "geometric"):
            own = [getattr(need, name) for need in result.needs]
            expected = [np.nan if x is None else x for x in own]
            np.testing.assert_array_equal(getattr(everything, name)[i], expected)


def test_threads_do_not_change_a_bit(framework: Framework, values: Values) -> None:
    before = numba.get_num_threads()
    try:
        results = []
        for threads in (1, before):
            numba.set_num_threads(threads)
            results.append(diagnose_all(framework, values, groups_of(40), draws=40))
    finally:
        numba.set_num_threads(before)
    np.testing.assert_array_equal(results[0].low, results[1].low)
    np.testing.assert_array_equal(results[0].high, results[1].high)


@pytest.mark.parametrize("groups", [np.zeros((3, 2), int), np.full((40, 2), 40), np.zeros((40, 2))])
def test_bad_groups(framework: Framework, values: Values, groups: np.ndarray) -> None:
    with pytest.raises(MethodError, match="groups"):
        diagnose_all(framework, values, groups)


cells = st.one_of(st.just(np.nan), st.floats(-1e6, 1e6), st.integers(0, 3).map(float))


@given(st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=14))
def test_anything_goes_within_bounds(rows: list[tuple[float, float, float]]) -> None:
    framework = Framework(
        (
            Indicator("a", "one", goalposts=(0.0, 3.0)),
            Indicator("b", "one", -1, 2.0, (100.0, -100.0)),
            Indicator("c", "two", -1),
        )
    )
    units = tuple(f"u{i}" for i in range(len(rows)))
    result = diagnose(framework, Values(units, ("a", "b", "c"), np.array(rows)), "u0", units[1:], draws=40)
    for need in result.needs:
        if need.severity is None:
            assert need.status == "unknown"
            continue
        assert 0 <= need.low <= need.severity <= need.high <= 100  # type: ignore[operator]
        assert need.geometric >= need.severity - 1e-9  # type: ignore[operator]
        assert sum(e.contribution or 0.0 for e in need.evidence) == pytest.approx(need.severity, abs=1e-9)
        assert sum(e.weight for e in need.evidence) == pytest.approx(1.0)


@given(st.integers(0, 2**32 - 1))
def test_worse_figure_is_never_less_severe(seed: int) -> None:
    stream = np.random.default_rng(seed)
    column = stream.normal(5, 2, 12)
    low = diagnose(*one(column.tolist()), draws=10).needs[0].severity
    column[0] += abs(stream.normal())
    high = diagnose(*one(column.tolist()), draws=10).needs[0].severity
    assert high >= low  # type: ignore[operator]


def test_units_do_not_matter() -> None:
    percent = diagnose(*one([4, 1, 2, 3, 4, 5], (0.0, 10.0))).needs[0]
    share = diagnose(*one([0.04, 0.01, 0.02, 0.03, 0.04, 0.05], (0.0, 0.1))).needs[0]
    assert share.severity == pytest.approx(percent.severity)
    assert share.low == pytest.approx(percent.low)


def test_error_of_measurement_widens() -> None:
    framework, exact, place, group = one([4, 1, 2, 3, 4, 5])
    noisy = Values(exact.units, exact.codes, exact.matrix, errors=np.full((6, 1), 2.0))
    a, b = (diagnose(framework, v, place, group).needs[0] for v in (exact, noisy))
    assert a.severity == b.severity
    assert b.high - b.low > a.high - a.low  # type: ignore[operator]


def test_ranked_puts_unknown_last(framework: Framework, values: Values, group: list[str]) -> None:
    ranked = diagnose(framework, values, "000000", group).ranked()
    known = [n.severity for n in ranked if n.severity is not None]
    assert known == sorted(known, reverse=True)
    assert ranked[-1].need == "loneliness"
