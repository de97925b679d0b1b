"""Tests of accounts read the pages in Polish unless the address says otherwise."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.utils.translation import override


@pytest.fixture(autouse=True)
def in_polish() -> Iterator[None]:
    with override("pl"):
        yield


@pytest.fixture(autouse=True)
def no_earlier_attempts() -> Iterator[None]:
    """Attempts of other tests do not count towards the limits."""
    cache.clear()
    yield
    cache.clear()
