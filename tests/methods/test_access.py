"""2SFCA and E2SFCA: the toy with a known answer, what is conserved, and PySAL's `access` as the peer."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from krzew.methods import MethodError
from krzew.methods.access import two_step


def test_toy() -> None:
    a = two_step([1000, 2000, 3000], [10, 20], [0, 1, 1, 2], [0, 0, 1, 1], [5, 5, 5, 5], [10])
    np.testing.assert_allclose(a.ratio, [1 / 300, 1 / 250])
    np.testing.assert_allclose(a.access, [1 / 300, 1 / 300 + 1 / 250, 1 / 250])
    assert a.reached_supply == 30


@pytest.mark.parametrize(
    ("cost", "weight"), [(0.0, 1.0), (15.0, 1.0), (15.001, 0.5), (30.0, 0.5), (30.001, 0.0)]
)
def test_bands_are_open_below_and_closed_above(cost: float, weight: float) -> None:
    a = two_step([10.0, 10.0], [100.0], [0, 1], [0, 0], [1.0, cost], [15, 30], [1.0, 0.5])
    assert a.access[1] == pytest.approx(weight * 100 / (10 + 10 * weight))


@given(st.integers(0, 2**32 - 1))
def test_people_times_access_is_the_supply_reached(seed: int) -> None:
    stream = np.random.default_rng(seed)
    n, m, e = 12, 6, 30
    people, supply = stream.integers(0, 50, n).astype(float), stream.integers(0, 9, m).astype(float)
    pairs = stream.choice(n * m, e, replace=False)
    a = two_step(
        people, supply, pairs // m, pairs % m, stream.uniform(0, 60, e), [15, 30, 45], [1, 0.68, 0.22]
    )
    assert people @ a.access == pytest.approx(a.reached_supply)
    assert a.reached_supply + supply[a.idle].sum() == pytest.approx(supply.sum())


@pytest.mark.filterwarnings("ignore:The inplace keyword")  # inside PySAL
def test_equal_to_pysal_access() -> None:
    from access import Access, weights

    stream = np.random.default_rng(3)
    n, m = 200, 60
    places, services = stream.uniform(0, 100, (n, 2)), stream.uniform(0, 100, (m, 2))
    people, supply = stream.lognormal(8, 1, n).round(), stream.integers(5, 80, m).astype(float)
    distance = np.hypot(*(places[:, None] - services[None]).transpose(2, 0, 1))
    i, j = np.nonzero(distance <= 45)
    cost = distance[i, j]
    ours = two_step(people, supply, i, j, cost, [15, 30, 45], [1.0, 0.68, 0.22])
    demand = {"demand_df": pd.DataFrame({"id": np.arange(n), "people": people}), "demand_value": "people"}
    offer = {"supply_df": pd.DataFrame({"id": np.arange(m), "supply": supply}), "supply_value": "supply"}
    journeys = {"cost_df": pd.DataFrame({"origin": i, "dest": j, "cost": cost}), "cost_name": "cost"}
    columns = {"demand_index": "id", "supply_index": "id", "cost_origin": "origin", "cost_dest": "dest"}
    peer = Access(**demand, **offer, **journeys, **columns, neighbor_cost_df=None)
    result = peer.enhanced_two_stage_fca(name="e", weight_fn=weights.step_fn({15: 1, 30: 0.68, 45: 0.22}))
    theirs = result.reindex(np.arange(n)).iloc[:, 0].fillna(0).to_numpy()
    np.testing.assert_allclose(ours.access, theirs, rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"bands": [30, 15]}, "bands"),
        ({"bands": []}, "bands"),
        ({"weights": [1.0, 0.5]}, "weights"),
        ({"demand": [-1.0]}, "demand"),
        ({"origin": [4]}, "origin"),
        ({"cost": [np.nan]}, "cost"),
    ],
)
def test_bad_input(change: dict, field: str) -> None:
    given_ = {
        "demand": [1.0],
        "supply": [1.0],
        "origin": [0],
        "destination": [0],
        "cost": [1.0],
        "bands": [10],
    }
    with pytest.raises(MethodError) as error:
        two_step(**{**given_, **change})
    assert error.value.field == field


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"origin": [0, 0], "destination": [0, 0], "cost": [1.0, 2.0]}, "origin"),
        ({"demand": [[1.0]]}, "demand"),
        ({"cost": [[1.0]]}, "cost"),
        ({"supply": [np.inf]}, "supply"),
    ],
)
def test_more_bad_input(change: dict, field: str) -> None:
    test_bad_input(change, field)


def test_who_has_nothing() -> None:
    a = two_step([100, 50, 0, 30], [10, 5], [0, 1], [0, 0], [1, 99], [10])
    assert a.unserved.tolist() == [1, 3]
    assert a.unserved_people == 80
    assert a.idle.tolist() == [1]
    assert a.average == pytest.approx(10 / 180)
    assert a.access[:1] == pytest.approx(0.1)


def test_explained() -> None:
    a = two_step([100, 50, 40], [10, 5], [0, 1], [0, 0], [1, 8], [5, 10], [1, 0.5])
    said = a.explain("pl", ["Bór", "Las", "Gaj"], ["żłobek", "klub"])
    assert said[0] == "Na 1000 osób przypada średnio tyle miejsc w zasięgu: 52,6."
    assert (
        said[1] == "Najwięcej: „Bór” (80 na 1000). Najmniej spośród tych, które coś mają: „Las” (40 na 1000)."
    )
    assert said[2] == "Osoby, które nie mają w zasięgu niczego: 40 („Gaj”)."
    assert said[3] == "Poza zasięgiem wszystkich: 1 usługa („klub”)."
    assert a.explain("en")[1] == "People with nothing within reach: 40."
    assert two_step([10], [5], [0], [0], [9], [5]).explain("pl") == (
        "Żadna usługa nie jest w zasięgu żadnego miejsca.",
    )
    for call, field in (
        (lambda: a.explain("de"), "lang"),
        (lambda: a.explain("pl", ["Bór"]), "names"),
        (lambda: a.explain("pl", None, ["klub"]), "services"),
    ):
        with pytest.raises(MethodError) as error:
            call()
        assert error.value.field == field
