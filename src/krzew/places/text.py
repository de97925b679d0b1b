"""Folding of names for search: lower case, no diacritics, plain spaces."""

from __future__ import annotations

import re
import unicodedata

_STROKE = str.maketrans("łŁ", "lL")  # the only Polish letter that Unicode does not decompose
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")


def fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.translate(_STROKE))
    letters = _BEYOND_ASCII.sub(_without_marks, plain).casefold()
    return " ".join(letters.replace("-", " ").split())


def _without_marks(found: re.Match[str]) -> str:
    return "".join(c for c in found.group() if not unicodedata.combining(c))
