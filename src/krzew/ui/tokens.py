"""Colours of the design system and the contrast between them.

`krzew.css` repeats these values as custom properties and a test keeps the two equal; figures, which are drawn
outside the page, take them from here.
"""

from __future__ import annotations

from dataclasses import dataclass

LIGHT: dict[str, str] = {
    "paper": "#FBF6EC",
    "sunk": "#F3EBDC",
    "ink": "#231C15",
    "soft": "#4C4338",
    "line": "#857763",
    "rule": "#DCCFB8",
    "leaf": "#1C5530",
    "leaf-wash": "#E6EEDC",
    "on-leaf": "#FFFDF7",
    "clay": "#7E2E12",
    "clay-wash": "#F8E4D6",
    "data": "#3B3585",
    "data-mid": "#6F69B5",
    "data-pale": "#C9C4E4",
    "data-wash": "#E7E4F2",
}
DARK: dict[str, str] = {
    "paper": "#1A1613",
    "sunk": "#241F1A",
    "ink": "#F2EADD",
    "soft": "#CDC1AF",
    "line": "#8A7D6C",
    "rule": "#40372E",
    "leaf": "#A3D6A0",
    "leaf-wash": "#23301F",
    "on-leaf": "#142012",
    "clay": "#F3AD8F",
    "clay-wash": "#3B241A",
    "data": "#C0BAF5",
    "data-mid": "#938CD6",
    "data-pale": "#4A4573",
    "data-wash": "#2A2740",
}
SCHEMES: dict[str, dict[str, str]] = {"light": LIGHT, "dark": DARK}
# Five steps of a map, from little to much: against paper the strongest step is the one that stands out.
RAMPS: dict[str, list[str]] = {
    "light": ["#E2DFF0", "#BBB5DD", "#8F88C6", "#625BA9", "#332D78"],
    "dark": ["#332F52", "#524C85", "#766FB4", "#A19AD9", "#D3CEFA"],
}
SERIF = (
    "'Iowan Old Style', 'Palatino Linotype', Palatino, 'URW Palladio L', P052, Charter, "
    "Georgia, 'Liberation Serif', serif"
)
SANS = (
    "Seravek, 'Gill Sans Nova', 'Segoe UI', Candara, Ubuntu, Carlito, 'Noto Sans', "
    "'DejaVu Sans Condensed', 'DejaVu Sans', sans-serif"
)

GROUNDS = ("paper", "sunk", "leaf-wash", "clay-wash", "data-wash")
TEXT_PAIRS = [(text, ground) for text in ("ink", "soft", "leaf", "clay", "data") for ground in GROUNDS] + [
    ("on-leaf", "leaf"),
    ("on-leaf", "clay"),
]
SHAPE_PAIRS = [("line", ground) for ground in GROUNDS] + [("data-mid", "paper"), ("data-mid", "sunk")]


@dataclass(frozen=True)
class Contrast:
    """How far one colour stands from another in one scheme, and how far it must."""

    scheme: str
    front: str
    ground: str
    ratio: float
    needed: float

    @property
    def enough(self) -> bool:
        return self.ratio >= self.needed


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb` (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(front: str, ground: str) -> float:
    """Contrast ratio of two colours, from 1 to 21."""
    low, high = sorted((luminance(front), luminance(ground)))
    return (high + 0.05) / (low + 0.05)


def contrasts() -> list[Contrast]:
    """Every pair that the design system puts on top of each other, in both schemes."""
    pairs = [(*pair, 7.0) for pair in TEXT_PAIRS] + [(*pair, 3.0) for pair in SHAPE_PAIRS]
    return [
        Contrast(scheme, front, ground, contrast(colours[front], colours[ground]), needed)
        for scheme, colours in SCHEMES.items()
        for front, ground, needed in pairs
    ]
