"""Figures on disk: written once under the hash of what they say, drawn when first asked for.

The page itself never waits for a drawing: it names the picture, and the browser fetches it.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings

from krzew.ui.tokens import RAMPS, SANS, SCHEMES

Spec = dict[str, Any]

VARIANTS = ("light", "dark", "light-narrow", "dark-narrow")
WIDTHS = {False: 680, True: 340}
KEY = re.compile(r"[0-9a-f]{64}")
NUMBERS = {
    "pl": {"decimal": ",", "thousands": "\u00a0", "grouping": [3], "currency": ["", "\u00a0zł"]},
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["PLN\u00a0", ""]},
}


class UnknownFigure(LookupError):
    """There is no figure under this key."""


@dataclass(frozen=True)
class Stored:
    """A specification as kept on disk."""

    spec: Spec
    public: bool


def folder() -> Path:
    return Path(settings.KRZEW_VAR) / "figures"


def _path(key: str, name: str) -> Path:
    """A path below the folder of figures. The key is checked here, whoever calls."""
    if not KEY.fullmatch(key):
        raise UnknownFigure(key)
    return folder() / name.format(key=key)


def _write(path: Path, text: str) -> None:
    """Write whole or not at all: another worker may be reading."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(temporary, path)


def store(spec: Spec, public: bool = True) -> str:
    """Keep a specification and return its key; the same specification always has the same key."""
    envelope = {"public": public, "theme": theme_version(), "spec": spec}
    text = json.dumps(envelope, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    key = sha256(text.encode()).hexdigest()
    path = _path(key, "{key}.json")
    if not path.exists():
        _write(path, text)
    return key


def load(key: str) -> Stored:
    """The stored specification; raises `UnknownFigure`."""
    try:
        envelope = json.loads(_path(key, "{key}.json").read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise UnknownFigure(key) from error
    return Stored(envelope["spec"], envelope["public"])


def dressed(spec: Spec, variant: str) -> Spec:
    """The specification in one scheme and width, ready to be drawn."""
    scheme, _dash, size = variant.partition("-")
    narrow = size == "narrow"
    full = deepcopy(spec)
    meta = full.setdefault("usermeta", {})
    full["config"] = theme(scheme, narrow)
    full["width"] = WIDTHS[narrow]
    full["autosize"] = {"type": "fit-x", "contains": "padding"}
    if "aspect" in meta:
        full["height"] = round(WIDTHS[narrow] * meta["aspect"])
    lang = meta.get("lang", "pl")
    meta["embedOptions"] = {
        "ast": True,
        "actions": False,
        "renderer": "svg",
        "defaultStyle": False,
        "tooltip": {"disableDefaultStyle": True},
        "formatLocale": NUMBERS[lang],
    }
    return full


def svg(key: str, variant: str) -> str:
    """The picture; drawn on the first call, read from disk afterwards."""
    if variant not in VARIANTS:
        raise UnknownFigure(variant)
    path = _path(key, "svg/{key}." + variant + ".svg")
    if path.exists():
        return path.read_text(encoding="utf-8")
    drawing = draw(load(key).spec, variant)
    _write(path, drawing)
    return drawing


def draw(spec: Spec, variant: str) -> str:
    """Draw without keeping. No address outside is ever read, whatever the specification says."""
    import vl_convert  # loads a JavaScript engine: only processes that draw pay for it

    lang = spec.get("usermeta", {}).get("lang", "pl")
    return vl_convert.vegalite_to_svg(
        dressed(spec, variant), format_locale=NUMBERS[lang], allowed_base_urls=["https://none.invalid/"]
    )


@lru_cache(maxsize=1)
def theme_version() -> str:
    """Part of every key: pictures are cached for ever, so a change of the look must change their address."""
    looks = [dressed({}, variant) for variant in VARIANTS]
    return sha256(json.dumps(looks, sort_keys=True).encode()).hexdigest()[:12]


def theme(scheme: str, narrow: bool = False) -> Spec:
    """Vega-Lite configuration from the tokens of a scheme."""
    c = SCHEMES[scheme]
    text = {"labelColor": c["soft"], "titleColor": c["ink"], "labelFont": SANS, "titleFont": SANS}
    sizes = {"labelFontSize": 14, "titleFontSize": 14, "titleFontWeight": "normal"}
    return {
        "background": "transparent",
        "font": SANS,
        "padding": 4,
        "view": {"stroke": "transparent"},
        "axis": text
        | sizes
        | {
            "domainColor": c["line"],
            "tickColor": c["line"],
            "gridColor": c["rule"],
            "gridDash": [1, 3],
            "labelLimit": 165 if narrow else 260,
            "labelPadding": 6,
            "titlePadding": 10,
        },
        "legend": text
        | sizes
        | {
            "orient": "bottom",
            "direction": "vertical" if narrow else "horizontal",
            "columns": 1 if narrow else 3,
            "labelLimit": 300 if narrow else 230,
            "symbolStrokeWidth": 3,
            "titleLimit": 320 if narrow else 640,
        },
        "text": {"font": SANS, "fontSize": 14, "color": c["ink"]},
        "range": {
            "category": [c["data"], c["clay"], c["data-mid"], c["leaf"], c["line"]],
            "ordinal": RAMPS[scheme],
        },
        "style": _styles(c),
    }


def _styles(c: dict[str, str]) -> Spec:
    """Named styles that the figures use instead of colours, so that one specification serves both schemes."""
    return {
        "range": {"color": c["data-mid"], "strokeWidth": 2},
        "box": {"color": c["data-pale"]},
        "bar": {"color": c["data-pale"]},
        "here": {"color": c["data"], "fill": c["data"], "stroke": c["paper"], "strokeWidth": 2},
        "country": {"color": c["clay"], "strokeDash": [3, 2], "strokeWidth": 2},
        "middle": {"color": c["line"], "strokeDash": [4, 4]},
        "tie": {"color": c["line"], "strokeWidth": 1},
        "option": {"color": c["data-wash"], "fill": c["data-wash"], "stroke": c["data"], "strokeWidth": 1.5},
        "chosen": {"color": c["leaf"], "fill": c["leaf"], "stroke": c["leaf"], "strokeWidth": 1.5},
        "option-text": {"color": c["ink"]},
        "chosen-text": {"color": c["on-leaf"], "fontWeight": "bold"},
        "area": {"stroke": c["paper"], "strokeWidth": 0.7},
        "empty": {
            "color": c["sunk"],
            "fill": c["sunk"],
            "stroke": c["line"],
            "strokeWidth": 0.7,
            "strokeDash": [2, 2],
        },
        "outline": {"color": c["clay"], "stroke": c["clay"], "strokeWidth": 3},
        "focus": {"color": c["ink"], "stroke": c["ink"], "strokeWidth": 3},
    }
