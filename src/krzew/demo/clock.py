"""The clock of the demonstration: what is told of earlier months happens in earlier months."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, tzinfo
from unittest.mock import patch

from django.utils import timezone


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Every act inside happens at this moment, in the order in which it is told.

    Defaults of columns keep a reference to `timezone.now`, so the class that it asks is replaced, not the function.
    """

    class Told(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return moment.astimezone(tz)

    with patch.object(timezone, "datetime", Told):
        yield
