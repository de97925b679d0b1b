"""Shared inputs: a small country of our own making, with exact figures."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import settings

from krzew.methods.needs import Framework, Indicator, Values

settings.register_profile("methods", deadline=None, max_examples=60, derandomize=True)
settings.load_profile("methods")


@pytest.fixture
def framework() -> Framework:
    return Framework(
        (
            Indicator("unemployed", "work", 1, goalposts=(0.0, 10.0), unit="%"),
            Indicator("trend", "work", 1, weight=2.0, goalposts=(-5.0, 5.0), unit="pp"),
            Indicator("nursery", "childcare", -1, goalposts=(60.0, 0.0), unit="places per 100"),
            Indicator("turnout", "civic", -1, unit="%"),
        ),
        ("work", "childcare", "civic", "loneliness"),
    )


@pytest.fixture
def values(framework: Framework) -> Values:
    stream = np.random.default_rng(1)
    matrix = np.column_stack(
        [
            stream.uniform(1, 9, 40),
            stream.normal(0, 2, 40),
            stream.uniform(0, 50, 40),
            stream.uniform(50, 80, 40),
        ]
    )
    matrix[3, 1] = np.nan
    return Values(tuple(f"{i:06d}" for i in range(40)), framework.codes, matrix)


@pytest.fixture
def group() -> list[str]:
    return [f"{i:06d}" for i in range(10, 30)]
