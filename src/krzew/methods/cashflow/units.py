"""Money in whole grosze, months as numbers: the units in which a plan is reckoned."""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

from ..record import MethodError

Money = Decimal | int | float | str
"""What a caller may write for an amount or a rate; kept as `Decimal`, so that nothing is lost."""

Month = str | date
"""A month as "2026-01" (or its first day)."""

GROSZ = Decimal("0.01")
MILLION = 1_000_000
MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])(-01)?")


def decimal(field: str, value: object, row: str = "") -> Decimal:
    """An exact number; floats are read as they are printed (0.1 is one tenth)."""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("NaN")
    if isinstance(value, bool) or not number.is_finite():
        raise MethodError(field, f"must be a number, not {value!r}", row)
    return number


def at_least(field: str, value: object, low: Money, row: str = "", high: Money | None = None) -> Decimal:
    """An exact number within its limits."""
    number = decimal(field, value, row)
    if number < Decimal(str(low)) or (high is not None and number > Decimal(str(high))):
        limits = f"at least {low}" if high is None else f"from {low} to {high}"
        raise MethodError(field, f"must be {limits}, not {number}", row)
    return number


def whole(field: str, value: object, low: int, high: int, row: str = "") -> int:
    """A whole number within its limits."""
    number = at_least(field, value, low, row, high)
    if number != int(number):
        raise MethodError(field, f"must be a whole number, not {number}", row)
    return int(number)


def grosze(zloty: Decimal) -> int:
    """Whole grosze; half a grosz goes away from zero."""
    return int((zloty * 100).to_integral_value(ROUND_HALF_UP))


def zloty(grosze: int) -> Decimal:
    """An amount in zlotys with its two decimals."""
    return Decimal(grosze).scaleb(-2)


def share_of(amount: int, share: Decimal) -> int:
    """A share of an amount in grosze, rounded half away from zero."""
    return int((amount * share).to_integral_value(ROUND_HALF_UP))


def monthly_interest(balance: int, millionths: int) -> int:
    """A twelfth of the yearly interest on a balance in grosze, to the nearest grosz (half up).

    Whole numbers only: the compiled kernel takes the same steps in floating point without an error.
    """
    return (balance * millionths + 6 * MILLION) // (12 * MILLION)


def millionths(rate: Decimal) -> int:
    """A yearly rate to the nearest millionth."""
    return int((rate * MILLION).to_integral_value(ROUND_HALF_UP))


def month_number(field: str, value: object, row: str = "") -> int:
    """Months since year 0. Raises `MethodError` unless the value is a month or its first day."""
    number = _parsed(value.isoformat() if isinstance(value, date) else str(value))
    if number is None:
        raise MethodError(field, f"must be a month like 2026-01 (whole months only), not {value}", row)
    return number


@lru_cache(maxsize=4096)
def _parsed(text: str) -> int | None:
    found = MONTH.fullmatch(text)
    return int(found[1]) * 12 + int(found[2]) - 1 if found else None


def month_label(number: int) -> str:
    """The month as "2026-01"."""
    return f"{number // 12:04d}-{number % 12 + 1:02d}"
