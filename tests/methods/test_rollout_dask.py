"""A sweep of scenarios on a Dask cluster gives the plans of a sweep in this process."""

from __future__ import annotations

import numpy as np
import pytest

from krzew.methods.rollout import scenarios

from .rollout_cases import country

distributed = pytest.importorskip("distributed")


def test_sweep_on_two_workers() -> None:
    problem = country(4, n=20, m=3)
    variants = {f"{share:.0%}": {"equity": (problem.equity.weak, share)} for share in (0.0, 0.3, 0.6, 0.9)}
    here = scenarios(problem, variants)
    with (
        distributed.LocalCluster(n_workers=2, processes=True, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        there = scenarios(problem, variants, client.get_executor())
    assert list(there) == list(here)
    for name, plan in here.items():
        np.testing.assert_array_equal(there[name].schedule, plan.schedule)
        assert (there[name].objective, there[name].bound) == (plan.objective, plan.bound)
        assert there[name].provenance == plan.provenance
    worth = [plan.objective for plan in here.values()]
    assert worth == sorted(worth, reverse=True)  # the fairer, the dearer
