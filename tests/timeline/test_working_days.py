"""Deadlines in working days, with the free days of the Polish calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from krzew.timeline.working_days import add_working_days, is_working_day, working_days_between


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2024, 12, 24), True),  # Christmas Eve became free only in 2025
        (date(2025, 12, 24), False),
        (date(2026, 12, 24), False),
        (date(2025, 6, 19), False),  # Corpus Christi
        (date(2026, 6, 4), False),
        (date(2026, 6, 5), True),  # the Friday after it is an ordinary day
        (date(2025, 4, 21), False),  # Easter Monday
        (date(2026, 4, 6), False),
        (date(2026, 1, 6), False),
        (date(2026, 5, 1), False),
        (date(2025, 11, 11), False),
        (date(2026, 11, 2), True),
        (date(2026, 11, 28), False),  # a Saturday
        (date(2026, 11, 29), False),  # a Sunday
    ],
)
def test_free_days(day: date, working: bool) -> None:
    assert is_working_day(day) is working


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2025, 12, 23), 1, date(2025, 12, 29)),  # over Christmas Eve, both feasts and a week-end
        (date(2024, 12, 23), 1, date(2024, 12, 24)),
        (date(2026, 12, 23), 3, date(2026, 12, 30)),
        (date(2025, 6, 18), 1, date(2025, 6, 20)),  # Corpus Christi on Thursday
        (date(2026, 6, 3), 3, date(2026, 6, 9)),
        (date(2025, 4, 30), 1, date(2025, 5, 2)),  # between two free days
        (date(2025, 12, 31), 4, date(2026, 1, 8)),  # over the New Year and Epiphany
        (date(2026, 11, 21), 1, date(2026, 11, 23)),  # given on a Saturday
        (date(2026, 11, 25), 0, date(2026, 11, 25)),
        (date(2025, 12, 29), -1, date(2025, 12, 23)),
    ],
)
def test_a_deadline(day: date, count: int, expected: date) -> None:
    assert add_working_days(day, count) == expected


def test_the_count_between_two_days() -> None:
    assert working_days_between(date(2025, 12, 22), date(2025, 12, 29)) == 2  # the 23rd and the 29th
    assert working_days_between(date(2025, 12, 29), date(2025, 12, 22)) == -2  # the 22nd and the 23rd
    assert working_days_between(date(2026, 6, 3), date(2026, 6, 4)) == 0
    assert working_days_between(date(2026, 6, 3), date(2026, 6, 3)) == 0


@given(st.dates(date(2024, 1, 1), date(2030, 12, 31)), st.integers(1, 120))
def test_counting_turns_adding_round(day: date, count: int) -> None:
    later = add_working_days(day, count)
    assert is_working_day(later)
    assert working_days_between(day, later) == count
    assert working_days_between(day, later - timedelta(days=1)) == count - 1


def test_a_moment_and_a_slip_are_refused() -> None:
    with pytest.raises(TypeError, match="localdate"):
        add_working_days(datetime(2026, 1, 1, 23, 30, tzinfo=UTC), 1)
    with pytest.raises(ValueError, match="at most"):
        add_working_days(date(2026, 1, 1), 10_000)
