"""The story is told once for the tests that only read it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from krzew.demo.story import play


@pytest.fixture(scope="package")
def told(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Everything that is told; taken back after the last test of this folder."""
    with django_db_blocker.unblock(), transaction.atomic():
        assert play()
        with django_db_blocker.block():
            yield
        transaction.set_rollback(True)


@pytest.fixture
def story(told: None, db: None) -> None:
    """The told story; what a test changes is undone after it."""
