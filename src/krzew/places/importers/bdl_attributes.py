"""The eighteen attributes of BDL (`/attributes`, May 2025): what stands behind a number, above all a 0."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from krzew.places.models import Flag


class Kind(Enum):
    """What the attribute says that the number is."""

    VALUE = "a value"
    ZERO = "always 0"
    NOTHING = "no value, whatever number is sent"


@dataclass(frozen=True)
class Attribute:
    kind: Kind
    flag: Flag
    mark: str = ""


VALUE, ZERO, NOTHING = Kind.VALUE, Kind.ZERO, Kind.NOTHING

ATTRIBUTES: dict[int, Attribute] = {
    0: Attribute(ZERO, Flag.ZERO),
    1: Attribute(VALUE, Flag.OBSERVED),
    3: Attribute(VALUE, Flag.OBSERVED, "k"),  # the aggregate may be incomplete
    4: Attribute(NOTHING, Flag.SUPPRESSED, "x"),  # no information, secrecy, or impossible
    7: Attribute(ZERO, Flag.BELOW_UNIT, "a"),
    9: Attribute(VALUE, Flag.PRELIMINARY, "s"),
    11: Attribute(VALUE, Flag.OBSERVED, "M"),  # change of method
    13: Attribute(VALUE, Flag.OBSERVED, "K"),  # change of method, may be incomplete
    14: Attribute(NOTHING, Flag.SUPPRESSED, "X"),
    15: Attribute(NOTHING, Flag.MISSING, "-"),  # the level, the unit or the feature did not exist
    17: Attribute(ZERO, Flag.BELOW_UNIT, "A"),
    20: Attribute(VALUE, Flag.OBSERVED, "v"),  # low precision
    21: Attribute(VALUE, Flag.OBSERVED, "v"),
    50: Attribute(NOTHING, Flag.MISSING, "n"),  # not yet available
    91: Attribute(NOTHING, Flag.SUPPRESSED, "x"),
    94: Attribute(ZERO, Flag.ZERO, "z"),  # a true balance of non-zero figures
    97: Attribute(NOTHING, Flag.MISSING, "p"),  # a powiat together with its city: not the figure of this unit
    98: Attribute(ZERO, Flag.ZERO, "Z"),
}


def read_value(value: float | None, attribute_id: int) -> tuple[float | None, Flag, str]:
    """Value, flag and mark; ValueError when number and attribute contradict each other."""
    attribute = ATTRIBUTES[attribute_id]
    if attribute.kind is NOTHING:
        return None, attribute.flag, attribute.mark
    if value is None:
        return None, Flag.MISSING, attribute.mark
    if attribute.kind is ZERO:
        if value != 0:
            raise ValueError(f"{value} with attribute {attribute_id}")
        return 0.0, attribute.flag, attribute.mark
    flag = Flag.ZERO if value == 0 and attribute.flag is Flag.OBSERVED else attribute.flag
    return float(value), flag, attribute.mark
