"""Money of an agreement to the grosz: tranches, shortfall, lines of the plan. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

GROSZ = Decimal("0.01")
ZERO = Decimal("0.00")
WHOLE = Decimal(100)
STEM = 5


def split(
    amount: Decimal, shares: Sequence[Decimal], paid: Mapping[int, Decimal] | None = None
) -> list[Decimal]:
    """Tranches that sum exactly to `amount`: each is cut to the grosz, the last one gets the rest.

    What is `paid` already (by place) does not change; the rest is divided among the others by their shares.
    Raises `ValueError` when more is paid than agreed, or nothing is left to take the rest.
    """
    fixed = dict(paid or {})
    rest = amount - sum(fixed.values(), ZERO)
    free = [n for n in range(len(shares)) if n not in fixed]
    if rest < 0 or (not free and rest):
        raise ValueError(rest)
    weight = sum((shares[n] for n in free), ZERO)
    for n in free[:-1]:
        fixed[n] = (rest * shares[n] / weight).quantize(GROSZ, ROUND_DOWN)
    for n in free[-1:]:
        fixed[n] = amount - sum(fixed.values(), ZERO)
    return [fixed[n] for n in range(len(shares))]


def shortfall(
    amount: Decimal, achieved: Decimal, full_from: Decimal | None, none_below: Decimal | None
) -> Decimal:
    """How much goes back when `achieved` per cent of the result is there.

    From `full_from` on nothing; below `none_below` everything; between them the share that is not achieved.
    Where the programme has no such rule, nothing is computed.
    """
    if full_from is None and none_below is None:
        return ZERO
    if achieved >= (WHOLE if full_from is None else full_from):
        return ZERO
    if none_below is not None and achieved < none_below:
        return amount
    return (amount * (WHOLE - achieved) / WHOLE).quantize(GROSZ, ROUND_HALF_UP)


def most_without_consent(planned: Decimal, percent: Decimal | None) -> Decimal:
    """How much may be spent on a line before an annex is needed."""
    return (planned * (WHOLE + (percent or ZERO)) / WHOLE).quantize(GROSZ, ROUND_DOWN)


def speaks_of(line: str, thing: str) -> bool:
    """Whether a line of the plan names this thing: every longer word of it occurs, whatever its ending."""
    words = [word for word in thing.casefold().split() if len(word) > 3]
    said = line.casefold()
    return bool(words) and all(word[:STEM] in said for word in words)
