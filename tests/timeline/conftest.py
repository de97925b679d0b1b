"""Tests of the time-line read the pages in Polish unless the address says otherwise."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils.translation import override


@pytest.fixture(autouse=True)
def in_polish() -> Iterator[None]:
    with override("pl"):
        yield
