"""Money in whole grosze and points in decimal figures: exact, never a binary fraction."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from numbers import Integral, Real

from ..phrases import NARROW_SPACE, POINTS, number, plural
from ..record import MethodError

Amount = Decimal | int | str | float
"""Złoty as `Decimal`, whole number or text ("120000.50"); a float only when it is a whole number of złoty."""


def grosze(field: str, amount: object, row: str = "") -> int:
    """An amount in złoty as whole grosze. Raises `MethodError` when it is not exact or below zero."""
    value = _decimal(field, amount, row)
    if isinstance(amount, Real) and not isinstance(amount, Integral) and value != value.to_integral_value():
        raise MethodError(field, "has grosze: give it as Decimal or text, a float is not exact", row)
    cents = value * 100
    if cents != cents.to_integral_value():
        raise MethodError(field, "must not have parts of a grosz", row)
    if cents < 0:
        raise MethodError(field, "must not be below zero", row)
    return int(cents)


def zloty(cents: int) -> Decimal:
    """Whole grosze as złoty with two decimals."""
    return (Decimal(cents) / 100).quantize(Decimal("0.01"))


def exact_points(field: str, value: object, row: str = "") -> Decimal:
    """Points as a decimal figure; a float counts as it is written (32.5, not its binary neighbour)."""
    return _decimal(field, value, row)


def _decimal(field: str, value: object, row: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, Decimal | str | Real):
        raise MethodError(field, "must be a number", row)
    try:
        exact = Decimal(int(value)) if isinstance(value, Integral) else _written(value)
    except InvalidOperation:
        raise MethodError(field, f"must be a number, not {value!r}", row) from None
    if not exact.is_finite():
        raise MethodError(field, "must be a finite number", row)
    return exact


def _written(value: Decimal | str | Real) -> Decimal:
    return Decimal(value) if isinstance(value, Decimal | str) else Decimal(repr(float(value)))


def said_money(cents: int, lang: str) -> str:
    """ "120 000 zł" in Polish, "PLN 120,000" in English; grosze only where there are any."""
    whole, rest = divmod(abs(cents), 100)
    sign = "−" if cents < 0 else ""
    if lang == "en":
        return f"{sign}PLN {whole:,}" + (f".{rest:02}" if rest else "")
    grouped = f"{whole:,}".replace(",", NARROW_SPACE if whole >= 10_000 else "")
    return f"{sign}{grouped}{f',{rest:02}' if rest else ''}{NARROW_SPACE}zł"


def said_points(value: Decimal, lang: str) -> str:
    """ "32,5 punktu", "21 punktów"."""
    forms = POINTS[lang]
    whole = value == value.to_integral_value()
    return f"{said_number(value, lang)} {plural(int(value), forms) if whole else forms[3]}"


def said_number(value: Decimal, lang: str) -> str:
    return number(float(value), lang, 2)
