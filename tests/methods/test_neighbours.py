"""Comparison groups: type first, then distance; borrowed places are said to be so."""

from __future__ import annotations

import numpy as np
import pytest

from krzew.methods import MethodError
from krzew.methods.neighbours import Structure, all_groups, nearest


@pytest.fixture
def country() -> Structure:
    stream = np.random.default_rng(4)
    types = ["rural"] * 30 + ["mixed"] * 12 + ["city"] * 3
    features = np.column_stack(
        [stream.lognormal(8, 1, 45), stream.normal(0, 1, 45), stream.uniform(0, 9, 45)]
    )
    features[42:, 1] += 5
    features[7, 2] = np.nan
    units = tuple(f"{i:06d}" for i in range(45))
    return Structure(units, tuple(types), features, ("residents", "west", "density"), log=("residents",))


def test_type_comes_before_distance(country: Structure) -> None:
    group = nearest(country, "000000", 10)
    assert {row.type for row in group.rows} == {"rural"}
    assert group.borrowed == ()
    distances = [row.distance for row in group.rows]
    assert distances == sorted(distances)


def test_distance_by_hand(country: Structure) -> None:
    x = country.features.copy()
    x[:, 0] = np.log1p(x[:, 0])
    z = (x - np.nanmean(x, axis=0)) / np.nanstd(x, axis=0)
    row = nearest(country, "000000", 3).rows[0]
    other = country.rows[row.unit]
    assert row.distance == pytest.approx(float(np.sqrt(((z[0] - z[other]) ** 2).sum())))
    assert row.gaps["west"] == pytest.approx(z[other, 1] - z[0, 1])


def test_too_small_a_type_borrows_and_says_so(country: Structure) -> None:
    group = nearest(country, "000044", 10)
    assert [row.borrowed for row in group.rows] == [False] * 2 + [True] * 8
    assert len(group.borrowed) == 1
    named = Structure(
        country.units,
        country.types,
        country.features,
        country.names,
        country.log,
        {"city": ("mixed", "rural")},
    )
    assert nearest(named, "000044", 10).borrowed == ("mixed",)


def test_pin_and_drop(country: Structure) -> None:
    plain = nearest(country, "000000", 5).codes
    group = nearest(country, "000000", 5, pin=["000040"], drop=[plain[0]])
    assert group.codes[0] == "000040"
    assert group.rows[0].pinned
    assert plain[0] not in group.codes
    assert len(group.codes) == 5


def test_missing_feature_is_named_and_the_place_still_compared(country: Structure) -> None:
    group = nearest(country, "000007", 5)
    assert group.missing == ("density",)
    assert len(group.rows) == 5
    assert "density" not in group.rows[0].gaps


@pytest.mark.parametrize("k", [1, 5, 29, 35, 44, 60])
def test_all_groups_equal_one_by_one(country: Structure, k: int) -> None:
    groups = all_groups(country, k)
    assert groups.shape == (45, k)
    for i in (0, 7, 31, 44):
        expected = [country.rows[code] for code in nearest(country, country.units[i], k).codes]
        assert [int(g) for g in groups[i] if g >= 0] == expected
        assert i not in groups[i]


def test_lonely_country() -> None:
    alone = Structure(("a",), ("rural",), np.zeros((1, 2)), ("x", "y"))
    assert nearest(alone, "a").rows == ()
    assert (all_groups(alone, 3) == -1).all()


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"place": "x"}, "place"),
        ({"k": 0}, "k"),
        ({"pin": ["x"]}, "pin"),
        ({"pin": ["000000"]}, "pin"),
        ({"pin": ["000001"], "drop": ["000001"]}, "pin"),
        ({"pin": ["000001", "000001"]}, "pin"),
        ({"drop": ["x"]}, "drop"),
    ],
)
def test_bad_choices(country: Structure, options: dict, field: str) -> None:
    with pytest.raises(MethodError) as error:
        nearest(country, **{"place": "000000", **options})
    assert error.value.field == field


@pytest.mark.parametrize(
    ("features", "options", "field"),
    [
        ([[1.0], [np.inf]], {}, "features"),
        ([[1.0, 2.0], [1.0, 2.0]], {}, "features"),
        ([[1.0], [-2.0]], {"log": ("x",)}, "x"),
        ([[1.0], [2.0]], {"log": ("y",)}, "log"),
    ],
)
def test_bad_structures(features: list, options: dict, field: str) -> None:
    with pytest.raises(MethodError) as error:
        Structure(("a", "b"), ("t", "t"), np.array(features), ("x",), **options)
    assert error.value.field == field
