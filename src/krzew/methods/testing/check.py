"""Checks that every function of this package shares."""

from __future__ import annotations

import numpy as np

from ..record import MethodError

ALTERNATIVES = ("greater", "less", "two-sided")


def whole(name: str, number: float, low: int, high: int | None = None) -> int:
    """A whole number between two limits."""
    if isinstance(number, bool) or not np.isfinite(number) or number != int(number):
        raise MethodError(name, "must be a whole number", str(number))
    if number < low or (high is not None and number > high):
        rule = f"must be at least {low}" if high is None else f"must lie between {low} and {high}"
        raise MethodError(name, rule, str(number))
    return int(number)


def share(name: str, number: float, *, open_ends: bool = True) -> float:
    """A share between 0 and 1, the ends excluded unless `open_ends` is False."""
    inside = 0 < number < 1 if open_ends else 0 <= number <= 1
    if not inside:
        raise MethodError(name, "must lie between 0 and 1 (28 % is 0.28)", str(number))
    return float(number)


def choice(name: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise MethodError(name, f"must be one of {', '.join(allowed)}", str(value))
    return value
