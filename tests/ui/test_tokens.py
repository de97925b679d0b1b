"""Contrast and the equality of the two places where colours are written."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from krzew.ui import tokens

CSS = (Path(tokens.__file__).parent / "static/ui/krzew.css").read_text(encoding="utf-8")


def declared(selector: str) -> list[dict[str, str]]:
    """Custom properties of every block with this selector."""
    blocks = re.findall(re.escape(selector) + r"\s*\{([^}]*)\}", CSS)
    return [dict(re.findall(r"--([\w-]+): (#\w{6});", block)) for block in blocks]


def test_known_contrast() -> None:
    assert tokens.contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert tokens.contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("pair", tokens.contrasts(), ids=lambda p: f"{p.scheme}-{p.front}-on-{p.ground}")
def test_contrast_is_enough(pair: tokens.Contrast) -> None:
    assert pair.enough, f"{pair.ratio:.2f} < {pair.needed}"


def test_css_repeats_the_tokens() -> None:
    assert declared(":root")[0] == tokens.LIGHT
    assert declared(':root:not([data-theme="light"])')[0] == tokens.DARK
    assert declared(':root[data-theme="dark"]')[0] == tokens.DARK


def test_css_uses_only_declared_properties() -> None:
    used = set(re.findall(r"var\(--([\w-]+)\)", CSS))
    known = set(tokens.LIGHT) | {"serif", "sans", "leafy", "gap", "page", "measure"}
    assert used <= known


def test_classes_of_a_map_differ() -> None:
    """Neighbouring steps must be told apart, and the strongest must stand out from paper."""
    for scheme, ramp in tokens.RAMPS.items():
        assert all(tokens.contrast(a, b) > 1.25 for a, b in pairwise(ramp))
        assert tokens.contrast(ramp[-1], tokens.SCHEMES[scheme]["paper"]) > 7
