"""Working days in Poland: not Saturdays, not Sundays, not the days that the law makes free in that year.

The day of a letter or a decision is not counted; a deadline of three working days ends with the third working
day after it. Days are calendar days in Warsaw: turn a moment into one with `timezone.localdate` first.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache

from holidays import country_holidays

MOST = 2000
"""Days counted at most: eight years of working days. More is a slip of the pen."""


@lru_cache(maxsize=64)
def free_days(year: int) -> frozenset[date]:
    """Days free by law in that year; Christmas Eve is one since 2025."""
    return frozenset(country_holidays("PL", years=year))


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in free_days(day.year)


def add_working_days(day: date, count: int) -> date:
    """The `count`-th working day after `day`; before it, when `count` is negative. Zero gives the day itself."""
    if abs(count) > MOST:
        raise ValueError(f"at most {MOST} working days can be counted")
    found, step = _plain(day), timedelta(days=1 if count > 0 else -1)
    for _n in range(abs(count)):
        found += step
        while not is_working_day(found):
            found += step
    return found


def working_days_between(first: date, last: date) -> int:
    """Working days after `first`, up to and with `last`; negative when `last` comes earlier.

    It turns `add_working_days` round: between a day and `add_working_days(day, n)` there are n.
    """
    first, last = _plain(first), _plain(last)
    if last < first:
        return -sum(is_working_day(last + timedelta(days=n)) for n in range((first - last).days))
    return sum(is_working_day(first + timedelta(days=n + 1)) for n in range((last - first).days))


def _plain(day: date) -> date:
    """A moment has an hour and a zone; counting days with it hides mistakes."""
    if isinstance(day, datetime):
        raise TypeError("give a date: timezone.localdate(moment)")
    return day
