"""How long testers can be named: until the day that they were told before they agreed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from krzew.accounts.actors import Actor
from krzew.timeline.keeping import Due, Kind, Trace
from krzew.trials.acts import testers as acts
from krzew.trials.models import Test, Tester
from krzew.trials.queries import testers as queries


def _testers(day: date) -> Iterator[Due]:
    for tester in queries.overdue(day):
        until = tester.test.keep_until
        assert until is not None
        yield Due("testers", f"{tester.test.innovation.slug}: tester {tester.code}", until, tester)


def _unset() -> list[str]:
    rows = Test.objects.filter(keep_until=None, testers__forgotten_at=None, testers__isnull=False)
    slugs = rows.order_by("innovation__slug").values_list("innovation__slug", flat=True).distinct()
    return [f"testers: no day in the plan of the test of {slug}" for slug in slugs]


def _forget(actor: Actor, tester: Any) -> None:
    acts.forget(actor, tester)


KINDS = [Kind("testers", "Names and contacts of testers", _testers, _forget, _unset)]


def _traces(email: str) -> Iterator[Trace]:
    """Addresses are encrypted, so every one that is kept is opened and compared."""
    rows = Tester.objects.filter(forgotten_at=None).select_related("test__innovation__call__programme")
    for tester in rows.iterator():
        if (tester.email or "").lower() == email.lower():
            name = f"{tester.test.innovation.slug}: tester {tester.code}"
            yield Trace(name, lambda actor, tester=tester: acts.forget(actor, tester))  # type: ignore[misc]


TRACES = [_traces]
