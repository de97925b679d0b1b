"""The mark: a shrub whose ten stems are the links of the chain, from the first idea to what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import atan2, cos, radians, sin

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

STAGES = {
    "idea": _("idea"),
    "call": pgettext_lazy("stage", "call"),
    "assessment": _("assessment"),
    "test": pgettext_lazy("stage", "test"),
    "solution": _("solution"),
    "diagnosis": _("diagnosis"),
    "replica": _("replica"),
    "cooperative": _("cooperative"),
    "placement": _("work placement"),
    "outcomes": _("outcomes"),
}
ROOT = (60.0, 92.0)
# Angle from the vertical and length of every stem, drawn by eye: the crown is full but not symmetrical.
STEMS = [
    (-64, 48),
    (-51, 60),
    (-37, 66),
    (-23, 75),
    (-9, 69),
    (5, 79),
    (18, 70),
    (33, 73),
    (48, 60),
    (63, 53),
]
LEAF = (17.0, 6.0)
SIDE_LEAF = (10.5, 4.0)


@dataclass(frozen=True)
class Stem:
    """One link of the chain as drawn: the stem and the leaf at its end are SVG paths in a 120 × 96 box."""

    key: str
    label: str
    number: int
    stem: str
    leaf: str


def _drawn(angle: float, length: float) -> tuple[str, str]:
    """Paths of a stem that first rises and then leans out, and of a leaf that goes on in its direction."""
    x, y = ROOT
    turn = radians(angle)
    tip = (x + length * sin(turn), y - length * cos(turn) * 0.98)
    bend = (x + (tip[0] - x) * 0.22, y - (y - tip[1]) * 0.72 - 4)
    stem = f"M{x:.1f} {y:.1f}Q{bend[0]:.1f} {bend[1]:.1f} {tip[0]:.1f} {tip[1]:.1f}"
    side = tuple(0.16 * a + 0.48 * b + 0.36 * c for a, b, c in zip(ROOT, bend, tip, strict=True))
    ahead = atan2(tip[1] - bend[1], tip[0] - bend[0])
    outward = 0.75 if angle > 0 else -0.75
    return stem, _leaf(tip, ahead, LEAF) + _leaf((side[0], side[1]), ahead + outward, SIDE_LEAF)


def _leaf(base: tuple[float, float], direction: float, size: tuple[float, float]) -> str:
    length, width = size
    along, across = (cos(direction), sin(direction)), (-sin(direction), cos(direction))
    start = (base[0] - along[0] * length * 0.25, base[1] - along[1] * length * 0.25)
    end = (start[0] + along[0] * length, start[1] + along[1] * length)
    belly = (start[0] + along[0] * length * 0.45, start[1] + along[1] * length * 0.45)
    sides = [(belly[0] + s * across[0] * width, belly[1] + s * across[1] * width) for s in (1.0, -1.0)]
    return (
        f"M{start[0]:.1f} {start[1]:.1f}Q{sides[0][0]:.1f} {sides[0][1]:.1f} {end[0]:.1f} {end[1]:.1f}"
        f"Q{sides[1][0]:.1f} {sides[1][1]:.1f} {start[0]:.1f} {start[1]:.1f}Z"
    )


@lru_cache(maxsize=1)
def shrub() -> tuple[Stem, ...]:
    """All ten stems in the order of the chain."""
    paths = [_drawn(*stem) for stem in STEMS]
    stages = enumerate(STAGES.items())
    return tuple(Stem(key, label, i + 1, *paths[i]) for i, (key, label) in stages)  # type: ignore[arg-type]
